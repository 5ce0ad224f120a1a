"""
Evaluate an expression that is written as text: names in ``relationship("...")``, annotations.

Rule 1: only expressions that a mapping needs: names, attributes, calls, operators, literals, containers; of
anything else nothing is run.
Rule 2: no names but those that the caller gives, so none of Python's own functions.
Rule 3: no name or attribute with two underscores at both ends: from ``x.__class__`` one gets at everything.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

__all__ = ["ExpressionError", "evaluate"]

_ALLOWED = (
    ast.Expression,
    ast.Name,
    ast.Attribute,
    ast.Call,
    ast.keyword,
    ast.Starred,
    ast.Subscript,
    ast.Slice,
    ast.Constant,
    ast.Tuple,
    ast.List,
    ast.Set,
    ast.Dict,
    ast.Compare,
    ast.BinOp,
    ast.BoolOp,
    ast.UnaryOp,
    ast.IfExp,
    ast.expr_context,
    ast.operator,
    ast.cmpop,
    ast.boolop,
    ast.unaryop,
)
# what a default or a validator within an annotation may have besides
_ALLOWED_IN_ANNOTATIONS = (ast.Lambda, ast.arguments, ast.arg)


class ExpressionError(ValueError):
    """
    Raised for text that is more than an expression that may be evaluated.
    """


def evaluate(
    text: str,
    names: Mapping[str, Any],
    builtins: Mapping[str, Any] | None = None,
    *,
    is_annotation: bool = False,
) -> Any:
    """
    Return the value of an expression.

    Args:
        names: What names stand for.
        builtins: What they stand for when they are not among *names*, in place of Python's own.
        is_annotation: It may have a ``lambda`` in it.

    Raises:
        ExpressionError: It has something in it that is not allowed.
        SyntaxError: It is no expression.
        Exception: what the expression raises, ``NameError`` among them.

    >>> evaluate("1 + sum([2, 3])", {}, {"sum": sum})
    6
    >>> evaluate("x.__class__", {"x": 1})
    Traceback (most recent call last):
    relvar.util.evaluate.ExpressionError: '__class__' is not allowed in the expression 'x.__class__'
    """
    tree = ast.parse(text.strip(), mode="eval")
    allowed = (*_ALLOWED, *_ALLOWED_IN_ANNOTATIONS) if is_annotation else _ALLOWED
    for node in ast.walk(tree):
        if not isinstance(node, allowed):
            raise ExpressionError(f"{type(node).__name__} is not allowed in the expression {text!r}")
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if name.startswith("__") and name.endswith("__"):
            raise ExpressionError(f"{name!r} is not allowed in the expression {text!r}")
    # what is called may import, as typing does for `Mapped[int]` since 3.12; Rule 3 keeps the text from it
    known = {"__import__": __import__, **(builtins or {})}
    return eval(compile(tree, "<expression>", "eval"), {"__builtins__": known}, names)
