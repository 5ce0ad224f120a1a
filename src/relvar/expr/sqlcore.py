"""
Names for annotations of columns and what stands for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, Union

from relvar.expr.element import ColumnElement
from relvar.expr.operate import ColumnOperators

__all__ = ["ColumnExpressionArgument", "SQLColumnExpression", "SQLCoreOperations"]

_T = TypeVar("_T", bound=Any)
_T_co = TypeVar("_T_co", bound=Any, covariant=True)


class SQLCoreOperations(ColumnOperators, Generic[_T_co]):
    """
    Anything with the operators of a column: elements, ORM attributes, comparators.
    """

    __slots__ = ()


class SQLColumnExpression(SQLCoreOperations[_T_co]):
    """
    A column element or an ORM attribute, for annotations.
    """

    __slots__ = ()


if TYPE_CHECKING:
    ColumnExpressionArgument = ColumnElement[_T] | SQLCoreOperations[_T] | Any
else:
    ColumnExpressionArgument = Union[ColumnElement[_T], SQLCoreOperations[_T]]  # noqa: UP007  # subscriptable later
"What a function takes where it takes a column expression."
