"""
CAST and its relatives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relvar._kernels.froms import froms_in
from relvar.expr import make
from relvar.expr.coerce import operand
from relvar.expr.element import ColumnElement
from relvar.expr.grouping import TypeClause
from relvar.expr.node import NODE, TYPE, VALUE, Field, memoized
from relvar.expr.operators import OperatorType
from relvar.types import INTEGERTYPE, to_instance
from relvar.util.generics import TypeVar

if TYPE_CHECKING:
    from relvar.expr.typed import TypeArgument
    from relvar.types.base import TypeEngine
    from relvar.types.numeric import Integer

__all__ = ["Cast", "Extract", "TryCast", "TypeCoerce", "cast", "extract", "try_cast", "type_coerce"]

_T = TypeVar("_T", default=Any)


class Cast(ColumnElement[_T]):
    """
    ``CAST(clause AS type)``.
    """

    __visit_name__ = "cast"
    _fields = (Field("clause", NODE), Field("type", TYPE))
    _never_grouped = True

    def __init__(self, expression: Any, type_: TypeArgument[_T]) -> None:
        self.type: TypeEngine[_T] = to_instance(type_)
        self.clause: Any = operand(expression, type_=self.type)
        self._propagate_attrs = self.clause._propagate_attrs

    @property
    def typeclause(self) -> TypeClause:
        """
        The type, as the element that is rendered.
        """
        return TypeClause(self.type)

    @property
    def wrapped_column_expression(self) -> Any:
        """
        The element that is cast.
        """
        return self.clause

    @property
    def _wraps(self) -> Any:
        return self.clause

    _from_objects: Any = froms_in("clause")


class TryCast(Cast[_T]):
    """
    ``TRY_CAST(clause AS type)``: NULL where the value does not fit.
    """

    __visit_name__ = "try_cast"
    inherit_cache: bool = True


class TypeCoerce(ColumnElement[_T]):
    """
    An element taken for another type in Python; SQL does not see it.
    """

    __visit_name__ = "type_coerce"
    _fields = (Field("clause", NODE), Field("type", TYPE))

    def __init__(self, expression: Any, type_: TypeArgument[_T]) -> None:
        self.type: TypeEngine[_T] = to_instance(type_)
        self.clause: Any = operand(expression, type_=self.type)
        self._propagate_attrs = self.clause._propagate_attrs

    @property
    def _wraps(self) -> Any:
        return self.clause

    @property
    def wrapped_column_expression(self) -> Any:
        """
        The element that is taken for another type.
        """
        return self.clause

    @memoized
    def typed_expression(self) -> Any:
        """
        The element; a bind parameter takes the type itself.
        """
        if self.clause._is_bind_parameter:
            made = self.clause._clone(maintain_key=True)
            made.type = self.type
            return made
        return self.clause

    _from_objects: Any = froms_in("clause")

    def self_group(self, against: OperatorType | None = None) -> Any:
        grouped = self.clause.self_group(against=against)
        if grouped is not self.clause:
            return TypeCoerce(grouped, self.type)
        return self


class Extract(ColumnElement[int]):
    """
    ``EXTRACT(field FROM expr)``.
    """

    __visit_name__ = "extract"
    _fields = (Field("expr", NODE), Field("field", VALUE))
    _never_grouped = True

    def __init__(self, field: str, expr: Any) -> None:
        self.type: Integer = INTEGERTYPE
        self.field = field
        self.expr: Any = operand(expr)

    _from_objects: Any = froms_in("expr")


def cast(expression: Any, type_: TypeArgument[_T]) -> Cast[_T]:
    """
    Return ``CAST(expression AS type_)``.

    >>> from relvar import Numeric, cast, column
    >>> print(cast(column("a"), Numeric(10, 2)))
    CAST(a AS NUMERIC(10, 2))
    """
    return Cast(expression, type_)


def try_cast(expression: Any, type_: TypeArgument[_T]) -> TryCast[_T]:
    """
    Return ``TRY_CAST(expression AS type_)``, for databases that have it.
    """
    return TryCast(expression, type_)


def type_coerce(expression: Any, type_: TypeArgument[_T]) -> TypeCoerce[_T]:
    """
    Return *expression* taken for *type_* in Python, without a CAST.

    >>> from relvar import JSON, column, type_coerce
    >>> document = type_coerce(column("document"), JSON)
    >>> document.type, str(document)
    (JSON(), 'document')
    """
    return TypeCoerce(expression, type_)


def extract(field: str, expr: Any) -> Extract:
    """
    Return ``EXTRACT(field FROM expr)``.

    >>> from relvar import column, extract
    >>> print(extract("year", column("born")))
    EXTRACT(year FROM born)
    """
    return Extract(field, expr)


make.register(Cast=Cast, TypeCoerce=TypeCoerce)
