"""
Say, to type checkers, that a column may or cannot be NULL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

if TYPE_CHECKING:
    from relvar.expr.sqlcore import SQLCoreOperations
    from relvar.expr.typed import TypedOperators

__all__ = ["NotNullable", "Nullable"]

_T = TypeVar("_T")


@overload
def Nullable(val: TypedOperators[_T]) -> SQLCoreOperations[_T | None]: ...
@overload
def Nullable(val: type[_T]) -> type[_T] | type[None]: ...
def Nullable(val: Any) -> Any:
    """
    Return *val*, typed as possibly None.
    """
    return val


@overload
def NotNullable(val: TypedOperators[_T | None]) -> SQLCoreOperations[_T]: ...
@overload
def NotNullable(val: type[_T]) -> type[_T]: ...
def NotNullable(val: Any) -> Any:
    """
    Return *val*, typed as never None.
    """
    return val
