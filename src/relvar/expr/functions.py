"""
The functions whose return type, or way of being written, is known.
"""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from relvar.expr import make
from relvar.expr.bind import BindParameter
from relvar.expr.cast import Cast, Extract
from relvar.expr.coerce import function_argument
from relvar.expr.column import literal_column
from relvar.expr.function import GenericFunction, register_function
from relvar.expr.node import NODE, Field
from relvar.expr.unary import ordered_expressions
from relvar.types import ARRAY, NULLTYPE, Date, DateTime, Integer, Numeric, String, Time
from relvar.util.generics import TypeVar

if TYPE_CHECKING:
    from decimal import Decimal


__all__ = [
    "AnsiFunction",
    "CollectionAggregateFunction",
    "OrderedSetAgg",
    "ReturnTypeFromArgs",
    "ReturnTypeFromOptionalArgs",
    "aggregate_strings",
    "all_",
    "any_",
    "array_agg",
    "char_length",
    "coalesce",
    "concat",
    "count",
    "cube",
    "cume_dist",
    "current_date",
    "current_time",
    "current_timestamp",
    "current_user",
    "dense_rank",
    "grouping_sets",
    "localtime",
    "localtimestamp",
    "max",
    "min",
    "mode",
    "next_value",
    "now",
    "percent_rank",
    "percentile_cont",
    "percentile_disc",
    "pow",
    "random",
    "rank",
    "rollup",
    "session_user",
    "some",
    "sum",
    "sysdate",
    "user",
]

_T = TypeVar("_T", default=Any)


class AnsiFunction(GenericFunction[_T]):
    """
    A function of the standard that is written without parentheses if it has no arguments.
    """

    _register = False
    inherit_cache: bool = True
    _is_known = True

    def _sql_text(self, texts: Any) -> str | None:
        text = super()._sql_text(texts)
        if text is not None and self._arguments:
            return f"{text.removesuffix('()')}%(expr)s"
        return text


class ReturnTypeFromArgs(GenericFunction[_T]):
    """
    A function that has the type of its first argument with one.
    """

    _register = False
    inherit_cache: bool = True
    _is_known = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        arguments = [function_argument(c, self.name, type_=kwargs.get("type_")) for c in args]
        if "type_" not in kwargs:
            kwargs["type_"] = next((a.type for a in arguments if not a.type._isnull), None)
        super().__init__(*arguments, **kwargs)


class ReturnTypeFromOptionalArgs(ReturnTypeFromArgs[_T]):
    """
    As `ReturnTypeFromArgs`, of functions that may have no arguments.
    """

    _register = False
    inherit_cache: bool = True


class coalesce(ReturnTypeFromArgs[_T]):
    """
    The first argument that is not NULL.
    """

    _has_args = True
    inherit_cache: bool = True


class max(ReturnTypeFromArgs[_T]):
    """
    The greatest value.
    """

    inherit_cache: bool = True


class min(ReturnTypeFromArgs[_T]):
    """
    The least value.
    """

    inherit_cache: bool = True


class sum(ReturnTypeFromArgs[_T]):
    """
    The sum of all values.
    """

    inherit_cache: bool = True


class now(GenericFunction[datetime.datetime]):
    """
    Date and time of the transaction.
    """

    type: DateTime = DateTime()
    inherit_cache: bool = True


class pow(ReturnTypeFromArgs[_T]):
    """
    ``a`` to the power ``b``; also what ``a ** b`` makes.
    """

    inherit_cache: bool = True


class concat(GenericFunction[str]):
    """
    Strings joined.
    """

    type: String = String()
    inherit_cache: bool = True


class char_length(GenericFunction[int]):
    """
    Number of characters.
    """

    type: Integer = Integer()
    inherit_cache: bool = True

    def __init__(self, arg: Any, **kw: Any) -> None:
        super().__init__(arg, **kw)


class random(GenericFunction[float]):
    """
    A random number.
    """

    _has_args = True
    inherit_cache: bool = True
    _is_known = True


class count(GenericFunction[int]):
    """
    Number of rows, or of values that are not NULL.
    """

    type: Integer = Integer()
    inherit_cache: bool = True

    def __init__(self, expression: Any = None, **kwargs: Any) -> None:
        if expression is None:
            expression = _STAR
        super().__init__(expression, **kwargs)


_STAR = literal_column("*")


class current_date(AnsiFunction[datetime.date]):
    """
    The date on the server, in the time zone of the connection.
    """

    type: Date = Date()
    inherit_cache: bool = True


class current_time(AnsiFunction[datetime.time]):
    """
    The time of day on the server, when the transaction began.
    """

    type: Time = Time()
    inherit_cache: bool = True


class current_timestamp(AnsiFunction[datetime.datetime]):
    """
    The moment on the server, when the transaction or statement began.
    """

    type: DateTime = DateTime()
    inherit_cache: bool = True


class current_user(AnsiFunction[str]):
    """
    The name of the user whose rights count now.
    """

    type: String = String()
    inherit_cache: bool = True


class localtime(AnsiFunction[datetime.datetime]):
    """
    The time of day on the server, without a time zone.
    """

    type: DateTime = DateTime()
    inherit_cache: bool = True


class localtimestamp(AnsiFunction[datetime.datetime]):
    """
    The moment on the server, without a time zone.
    """

    type: DateTime = DateTime()
    inherit_cache: bool = True


class session_user(AnsiFunction[str]):
    """
    The name of the user who connected.
    """

    type: String = String()
    inherit_cache: bool = True


class sysdate(AnsiFunction[datetime.datetime]):
    """
    The moment on the server, as Oracle Database and MySQL name it.
    """

    type: DateTime = DateTime()
    inherit_cache: bool = True


class user(AnsiFunction[str]):
    """
    The name of the user whose rights count now, as ``current_user``.
    """

    type: String = String()
    inherit_cache: bool = True


class array_agg(ReturnTypeFromArgs[Sequence[_T]]):
    """
    All values as an array.
    """

    inherit_cache: bool = True
    default_array_type: ClassVar[Any] = ARRAY

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        arguments = [function_argument(c, "param") for c in args]
        array_type = kwargs.pop("_default_array_type", self.default_array_type)
        if "type_" not in kwargs:
            first = next((a.type for a in arguments if not a.type._isnull), NULLTYPE)
            kwargs["type_"] = first if isinstance(first, ARRAY) else array_type(first, dimensions=1)
        GenericFunction.__init__(self, *arguments, **kwargs)


class OrderedSetAgg(GenericFunction[_T]):
    """
    An aggregate over an ordered set: it has the type of what it is ordered by.
    """

    _register = False
    inherit_cache: bool = True
    _is_known = True
    array_for_multi_clause = False

    def within_group_type(self, within_group: Any) -> Any:
        ordered = ordered_expressions(within_group.order_by)
        type_ = ordered[0].type if ordered else NULLTYPE
        if self.array_for_multi_clause and len(self._arguments) > 1:
            return ARRAY(type_)
        return type_


class mode(OrderedSetAgg[_T]):
    """
    The most frequent value.
    """

    inherit_cache: bool = True


class percentile_cont(OrderedSetAgg[_T]):
    """
    A percentile, interpolated.
    """

    array_for_multi_clause = True
    inherit_cache: bool = True


class percentile_disc(OrderedSetAgg[_T]):
    """
    A percentile that is one of the values.
    """

    array_for_multi_clause = True
    inherit_cache: bool = True


class rank(GenericFunction[int]):
    """
    The place of a row in its window, from 1; equals share one, and leave a gap after them.
    """

    type: Integer = Integer()
    inherit_cache: bool = True


class dense_rank(GenericFunction[int]):
    """
    The place of a row in its window, from 1; equals share one, without a gap after them.
    """

    type: Integer = Integer()
    inherit_cache: bool = True


class percent_rank(GenericFunction[decimal.Decimal]):
    """
    The relative rank of a row in its window, from 0 to 1.
    """

    type: Numeric[Decimal] = Numeric()
    inherit_cache: bool = True


class cume_dist(GenericFunction[decimal.Decimal]):
    """
    The part of the rows of the window that come before a row or equal it, up to 1.
    """

    type: Numeric[Decimal] = Numeric()
    inherit_cache: bool = True


class cube(GenericFunction[_T]):
    """
    Grouping by all subsets.
    """

    _has_args = True
    inherit_cache: bool = True
    _is_known = True


class rollup(GenericFunction[_T]):
    """
    Grouping by all prefixes.
    """

    _has_args = True
    inherit_cache: bool = True
    _is_known = True


class grouping_sets(GenericFunction[_T]):
    """
    Grouping by each of several lists.
    """

    _has_args = True
    inherit_cache: bool = True
    _is_known = True


class aggregate_strings(GenericFunction[str]):
    """
    Strings of several rows joined by a separator.
    """

    type: String = String()
    _has_args = True
    inherit_cache: bool = True

    def __init__(self, clause: Any, separator: str) -> None:
        super().__init__(clause, _separator(separator))


def _separator(given: Any) -> Any:
    """
    Return the separator; a value is rendered inline, for some databases take no parameter there.
    """
    element = function_argument(given, "aggregate_strings")
    return element.render_literal_execute() if isinstance(element, BindParameter) else element


class CollectionAggregateFunction(GenericFunction[Any]):
    """
    A function over an array or a SELECT, to be compared with.
    """

    _register = False
    inherit_cache: bool = True
    _is_collection_aggregate = True


class any_(CollectionAggregateFunction):
    """
    ``any(...)``.
    """

    name: str = "any"
    identifier = "any"
    inherit_cache: bool = True


class all_(CollectionAggregateFunction):
    """
    ``all(...)``.
    """

    name: str = "all"
    identifier = "all"
    inherit_cache: bool = True


class some(CollectionAggregateFunction):
    """
    ``some(...)``.
    """

    inherit_cache: bool = True


class next_value(GenericFunction[int]):
    """
    The next value of a sequence.
    """

    type: Any = Integer()
    name: str = "next_value"
    inherit_cache: bool = True

    _fields = (Field("sequence", NODE),)

    def __init__(self, seq: Any, **kw: Any) -> None:
        assert getattr(seq, "is_sequence", False), "next_value() accepts a Sequence object as input."
        self.sequence = seq
        self.type = seq.data_type or getattr(seq, "_default_type", None) or Integer()

    def compare(self, other: Any, **kw: Any) -> bool:
        return isinstance(other, next_value) and bool(self.sequence.name == other.sequence.name)

    @property
    def _from_objects(self) -> Any:
        return []


# Written as functions, made of the same classes as cast() and extract().
register_function("cast", Cast)
register_function("extract", Extract)

make.register(next_value=next_value, count=count)
