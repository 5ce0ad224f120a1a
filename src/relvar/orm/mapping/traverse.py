"""
Change parts of expressions: exchange columns, annotate them, find them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from relvar.expr.binary import BinaryExpression

__all__ = [
    "columns_of",
    "compares_columns",
    "deannotated",
    "find_tables",
    "is_column",
    "iterate",
    "replaced",
    "with_operands",
]


def is_column(node: Any) -> bool:
    """
    Tell whether a node is a column of a selectable.
    """
    return getattr(node, "__visit_name__", None) == "column"


def replaced(expression: Any, replace: Callable[[Any], Any]) -> Any:
    """
    Return the expression with the nodes for which *replace* answers something else put in place.

    Nothing below a replaced node is looked at; parts without replacement are the same objects as before.
    """
    return _Replacing(replace).walk(expression)


class _Replacing:
    """
    The work on one expression; no functions that know themselves, which only the collector would free.
    """

    __slots__ = ("memo", "replace")

    def __init__(self, replace: Callable[[Any], Any]) -> None:
        self.replace = replace
        self.memo: dict[int, tuple[Any, Any]] = {}

    def walk(self, node: Any) -> Any:
        known = self.memo.get(id(node))
        if known is not None:
            return known[1]
        found = self.replace(node)
        if found is None:
            found = self.descend(node)
        self.memo[id(node)] = node, found  # with the node, so that no other takes its id meanwhile
        return found

    def descend(self, node: Any) -> Any:
        if node.__class__ is BinaryExpression and not node.modifiers:
            left, right = self.walk(node.left), self.walk(node.right)
            return with_operands(node, left, right)
        if (
            is_column(node)
            or getattr(node, "_is_bind_parameter", False)
            or getattr(node, "_key_serial", None) is not None
            or not hasattr(node, "_copy_internals")
        ):
            return node
        changed = False

        def clone(child: Any, **_kw: Any) -> Any:
            nonlocal changed
            new = self.walk(child)
            changed = changed or new is not child
            return new

        made = node._clone()
        made._copy_internals(clone=clone)
        return made if changed else node


def with_operands(comparison: Any, left: Any, right: Any) -> Any:
    """
    Return the same comparison of other operands.
    """
    if left is comparison.left and right is comparison.right:
        return comparison
    made = comparison._clone()
    made.left, made.right = left, right
    return made


def compares_columns(node: Any) -> bool:
    """
    Tell whether a node is a comparison of two columns and nothing else.
    """
    return (
        node.__class__ is BinaryExpression
        and not node.modifiers
        and is_column(node.left)
        and is_column(node.right)
    )


def iterate(expression: Any) -> Iterator[Any]:
    """
    Yield an expression and all nodes below it, each once.
    """
    seen: set[int] = set()
    stack = [expression]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        stack.extend(reversed(list(node.get_children())))


def columns_of(expression: Any) -> list[Any]:
    """
    Return the columns in an expression in the order they are written, annotated ones as such.
    """
    if compares_columns(expression):
        left, right = expression.left, expression.right
        return [left] if left is right else [left, right]
    found: list[Any] = []
    seen: set[int] = set()

    def walk(node: Any) -> None:
        if id(node) in seen:
            return
        seen.add(id(node))
        if is_column(node):
            found.append(node)
            return
        for child in node.get_children():
            walk(child)

    walk(expression)
    return found


def deannotated(column: Any) -> Any:
    """
    Return a column without annotations.
    """
    return column._deannotate() if column._annotations else column


def find_tables(selectable: Any) -> list[Any]:
    """
    Return the tables that a selectable is made of, from left to right.
    """
    name = selectable.__visit_name__
    if getattr(selectable, "_annotations", None):
        selectable = selectable._deannotate()
    if name == "table":
        return [selectable]
    if name == "join":
        return [*find_tables(selectable.left), *find_tables(selectable.right)]
    return []


def unique(items: Iterable[Any]) -> list[Any]:
    """
    Return items in order, each once.
    """
    return list(dict.fromkeys(items))
