"""
Names for annotations of columns and what stands for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, Union

from relvar.expr.element import ColumnElement
from relvar.expr.operate import ColumnOperators
from relvar.util.generics import subscriptable

__all__ = ["ColumnExpressionArgument", "SQLColumnExpression", "SQLCoreOperations", "accept"]

_T = TypeVar("_T", bound=Any)
_T_co = TypeVar("_T_co", bound=Any, covariant=True)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from relvar.expr.typed import TypedOperators as _Operators
    from relvar.expr.typed import Untyped
else:
    _Operators = subscriptable(ColumnOperators)


class _HasOperators(type):
    """
    ``isinstance(x, SQLColumnExpression)`` is true for elements and attributes, which do not derive from it.

    To derive from them would cost every element a longer way to its methods.
    """

    _accepted: tuple[type[Any], ...] = ()

    def __subclasscheck__(cls, subclass: type) -> bool:
        if "_accepted" in cls.__dict__ and issubclass(subclass, cls._accepted):
            return True
        return super().__subclasscheck__(subclass)

    def __instancecheck__(cls, instance: Any) -> bool:
        return cls.__subclasscheck__(type(instance))


class SQLCoreOperations(_Operators[_T_co], Generic[_T_co], metaclass=_HasOperators):
    """
    Anything with the operators of a column: elements, ORM attributes, comparators.
    """

    __slots__: tuple[str, ...] = ()


class SQLColumnExpression(SQLCoreOperations[_T_co]):
    """
    A column element or an ORM attribute, for annotations.

    >>> from relvar import SQLColumnExpression, column
    >>> def doubled(number: SQLColumnExpression[int]) -> SQLColumnExpression[int]:
    ...     return number * 2
    >>> print(doubled(column("x")))
    x * :x_1
    >>> isinstance(column("x"), SQLColumnExpression)
    True
    """

    __slots__: tuple[str, ...] = ()


def accept(cls: type[Any]) -> None:
    """
    Let instances of *cls* count as column expressions.
    """
    SQLCoreOperations._accepted = SQLColumnExpression._accepted = (*SQLColumnExpression._accepted, cls)


accept(ColumnElement)


if TYPE_CHECKING:
    ColumnExpressionArgument: TypeAlias = SQLCoreOperations[_T] | Untyped | Callable[[], ColumnElement[_T]]
else:
    ColumnExpressionArgument = Union[ColumnElement[_T], SQLCoreOperations[_T]]  # noqa: UP007  # subscriptable later
"What a function takes where it takes a column expression."
