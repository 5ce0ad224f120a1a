"""
Take conditions apart: pairs of columns, values that are NULL, what is ordered by.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from relvar import exc
from relvar.expr import operators as op
from relvar.expr.grouping import Null
from relvar.expr.traverse import cloned_traverse, iterate

__all__ = [
    "adapt_criterion_to_null",
    "criterion_as_pairs",
    "expand_column_list_from_order_by",
    "unwrap_label_reference",
    "unwrap_order_by",
    "visit_binary_product",
]

_ORDERING = frozenset((op.desc_op, op.asc_op, op.nulls_first_op, op.nulls_last_op))


def criterion_as_pairs(
    expression: Any,
    consider_as_foreign_keys: Collection[Any] | None = None,
    consider_as_referenced_keys: Collection[Any] | None = None,
    any_operator: bool = False,
) -> list[tuple[Any, Any]]:
    """
    Return the pairs of columns that a condition compares: first the referred one, then the one that refers.

    Args:
        consider_as_foreign_keys: Columns that refer, instead of those with foreign keys.
        consider_as_referenced_keys: Columns that are referred to.
        any_operator: Not only ``=``.

    Raises:
        ArgumentError: both collections are given.

    >>> from relvar import column, table
    >>> t, u = table("t", column("id")), table("u", column("t_id"))
    >>> pairs = criterion_as_pairs(t.c.id == u.c.t_id, consider_as_foreign_keys={u.c.t_id})
    >>> [(str(referred), str(refers)) for referred, refers in pairs]
    [('t.id', 'u.t_id')]
    """
    if consider_as_foreign_keys and consider_as_referenced_keys:
        raise exc.ArgumentError(
            "Can only specify one of 'consider_as_foreign_keys' or 'consider_as_referenced_keys'"
        )
    pairs = []
    for binary in iterate(expression):
        if binary.__visit_name__ != "binary" or not (any_operator or binary.operator is op.eq):
            continue
        left, right = binary.left, binary.right
        if not (left._is_column_element and right._is_column_element):
            continue
        refers = _which_refers(left, right, consider_as_foreign_keys, consider_as_referenced_keys)
        if refers is not None:
            pairs.append((right if refers is left else left, refers))
    return pairs


def _which_refers(left: Any, right: Any, foreign: Any, referenced: Any) -> Any:
    """
    Return the one of two columns that refers to the other, None if that is not clear.
    """
    if foreign:
        if (left in foreign) is (right in foreign):
            return None
        return left if left in foreign else right
    if referenced:
        if (left in referenced) is (right in referenced):
            return None
        return right if left in referenced else left
    if not (left._is_keyed_column_element and right._is_keyed_column_element):
        return None
    if any(fk.references(right.table) and fk.column is right for fk in left.foreign_keys):
        return left
    if any(fk.references(left.table) and fk.column is left for fk in right.foreign_keys):
        return right
    return None


def adapt_criterion_to_null(crit: Any, nulls: Collection[Any]) -> Any:
    """
    Return a condition in which comparisons with the bind parameters of these names are ``IS NULL``.
    """

    def visit(binary: Any) -> None:
        for this, other in ((binary.right, binary.left), (binary.left, binary.right)):
            if this._is_bind_parameter and this.key in nulls:
                binary.left, binary.right = other, Null._instance()
                binary.operator, binary.negate = op.is_, op.is_not
                return

    return cloned_traverse(crit, {}, {"binary": visit})


def visit_binary_product(fn: Callable[[Any, Any, Any], Any], expr: Any) -> None:
    """
    Call *fn* with each comparison and each pair of columns, one from its left and one from its right side.

    >>> from relvar import column
    >>> def show(binary, left, right):
    ...     print(left, right)
    >>> visit_binary_product(show, column("a") + column("b") == column("c"))
    a c
    b c
    """

    def pairs(element: Any) -> Iterator[Any]:
        """
        Yield the columns of an element, after calling *fn* for the comparisons in it.
        """
        if element.__visit_name__ == "binary" and op.is_comparison(element.operator):
            lefts, rights = list(pairs(element.left)), list(pairs(element.right))
            for left in lefts:
                for right in rights:
                    fn(element, left, right)
            yield from lefts
            yield from rights
            return
        if element.__visit_name__ in ("column", "scalar_select"):
            yield element
            return
        for child in element.get_children():
            yield from pairs(child)

    for _ in pairs(expr):
        pass


def unwrap_order_by(clause: Any) -> list[Any]:
    """
    Return what is ordered by, without ``ASC``, ``DESC`` and ``NULLS ...``; text is left out.
    """
    found: list[Any] = []
    waiting = [clause]
    for element in waiting:
        kind = element.__visit_name__
        if kind == "unary" and element.modifier in _ORDERING:
            waiting.append(element.element)
        elif kind == "label_reference":
            waiting.append(element.element)
        elif kind == "label":
            waiting.append(element.element)
        elif kind in ("clauselist", "order_by_list"):
            waiting.extend(element.get_children())
        elif element._is_column_element and kind != "textual_label_reference" and element not in found:
            found.append(element)
    return found


def unwrap_label_reference(element: Any) -> Any:
    """
    Return what is ordered by, with labels replaced by what they name.
    """
    if element.__visit_name__ == "label_reference":
        element = element.element

    def visit(unary: Any) -> None:
        if unary.element.__visit_name__ == "label":
            unary.element = unary.element.element

    if element.__visit_name__ == "label":
        return element.element
    return cloned_traverse(element, {}, {"unary": visit})


def expand_column_list_from_order_by(collist: Sequence[Any], order_by: Sequence[Any]) -> list[Any]:
    """
    Return what is ordered by and not in *collist*: what SELECT DISTINCT needs besides.
    """
    present = {c for column in collist for c in (column, unwrap_order_by(column)[0])}
    return [c for element in order_by for c in unwrap_order_by(element) if c not in present]
