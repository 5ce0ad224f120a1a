"""
COLLATE and BETWEEN as functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from relvar.expr import operators as op
from relvar.expr.coerce import operand

if TYPE_CHECKING:
    from relvar.expr.binary import BinaryExpression
    from relvar.expr.typed import TypedOperators

__all__ = ["between", "collate"]

_V = TypeVar("_V")


@overload
def collate(
    expression: TypedOperators[_V], collation: str, collation_schema: str | None = None
) -> BinaryExpression[_V]: ...
@overload
def collate(
    expression: Any, collation: str, collation_schema: str | None = None
) -> BinaryExpression[str]: ...
def collate(expression: Any, collation: str, collation_schema: str | None = None) -> Any:
    """
    Return ``expression COLLATE collation``.

    >>> from relvar import collate, column
    >>> print(collate(column("name"), "NOCASE"))
    name COLLATE "NOCASE"
    """
    return operand(expression).operate(op.collate, collation, collation_schema=collation_schema)


def between(expr: Any, lower_bound: Any, upper_bound: Any, symmetric: bool = False) -> BinaryExpression[bool]:
    """
    Return ``expr BETWEEN lower_bound AND upper_bound``.

    >>> from relvar import between, column
    >>> print(between(column("a"), 1, 5).compile(compile_kwargs={"literal_binds": True}))
    a BETWEEN 1 AND 5
    """
    return operand(expr).between(lower_bound, upper_bound, symmetric=symmetric)  # type: ignore[no-any-return]  # the operator's result
