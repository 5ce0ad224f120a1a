"""
Arrays: the type, and ``ARRAY[...]``.
"""

from __future__ import annotations

import datetime as dt
import decimal
import json
import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from relvar import exc
from relvar import types as sqltypes
from relvar.dialects.postgresql.named_types import DOMAIN
from relvar.dialects.postgresql.operators import CONTAINED_BY, CONTAINS, OVERLAP
from relvar.expr import operators as op
from relvar.expr.coerce import operand
from relvar.expr.comparator import ARRAYComparator
from relvar.expr.element import ClauseElement
from relvar.expr.function import func
from relvar.expr.grouping import ExpressionClauseList
from relvar.types import NULLTYPE, to_instance
from relvar.types.array import convert_items
from relvar.util import warn_deprecated
from relvar.util.generics import TypeVar

__all__ = ["ARRAY", "All", "Any_", "array", "array_agg"]


class _Comparator(ARRAYComparator[Any]):
    """
    The operators of PostgreSQL's arrays.
    """

    __slots__ = ()

    def contains(self, other: Any, **kwargs: Any) -> Any:
        """
        Tell whether the array has all elements of *other*.
        """
        return self.operate(CONTAINS, other, result_type=sqltypes.BOOLEANTYPE)

    def contained_by(self, other: Any) -> Any:
        """
        Tell whether *other* has all elements of the array.
        """
        return self.operate(CONTAINED_BY, other, result_type=sqltypes.BOOLEANTYPE)

    def overlap(self, other: Any) -> Any:
        """
        Tell whether both have an element in common.
        """
        return self.operate(OVERLAP, other, result_type=sqltypes.BOOLEANTYPE)


_Comparator.__name__ = "Comparator"  # which messages show

_T = TypeVar("_T", bound=Any, default=Any)


class ARRAY(sqltypes.ARRAY[_T]):
    """
    An array of PostgreSQL.

    Args:
        item_type: The type of its elements.
        as_tuple: Return tuples, which can be hashed, in place of lists.
        dimensions: How deep the lists are nested, if fixed.
        zero_indexes: Indexes of expressions begin with 0.
    """

    render_bind_cast = True

    Comparator = _Comparator
    comparator_factory = _Comparator

    def bind_processor(self, dialect: Any) -> Callable[[Any], Any] | None:
        converted = super().bind_processor(dialect)
        if converted is not None:
            return converted

        def process(value: Any) -> Any:
            # drivers take a tuple for a row, not for an array
            return _lists(value) if isinstance(value, tuple) else value

        return process

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], Any] | None:
        item: Any = self.item_type.dialect_impl(dialect)
        while isinstance(item, sqltypes.TypeDecorator):
            item = item.impl_instance
        if not (isinstance(item, sqltypes.UserDefinedType) or getattr(item, "_is_made_in_database", False)):
            return super().result_processor(dialect, coltype)
        converted = super().result_processor(dialect, None)
        read = _text_reader(item)

        def process(value: Any) -> Any:
            # drivers do not know such types: their arrays arrive as text
            if isinstance(value, str):
                value = parse_array(value, read)
            return value if converted is None else converted(value)

        return process

    def literal_processor(self, dialect: Any) -> Callable[[Any], str] | None:
        """
        Render ``ARRAY[...]``.

        With a cast, unless the items are integers: without one the server takes
        ``ARRAY['2026-01-02']`` for an array of text, which is not equal to any array of dates.
        """
        item = self.item_type.dialect_impl(dialect).literal_processor(dialect)
        if item is None:
            return None
        convert = item
        is_integer = type(self.item_type) in (sqltypes.Integer, sqltypes.INTEGER)
        evaluates_none = self.item_type.should_evaluate_none

        def element(value: Any) -> str:
            return "NULL" if value is None and not evaluates_none else convert(value)

        def process(value: Any) -> str:
            text = _bracketed(convert_items(value, element, self.dimensions, list))
            # without any number it would be an array of text, too
            if is_integer and any(map(str.isdigit, text)):
                return text
            return f"{text}::{dialect.type_compiler_instance.process(self)}"

        return process


def _bracketed(elements: Any) -> str:
    """
    Return nested lists of SQL as ``ARRAY[...]``.
    """
    if isinstance(elements, list):
        return f"ARRAY[{', '.join(map(_bracketed, elements))}]"
    return str(elements)


_ARRAY_TOKEN = re.compile(r'[{},]|"(?:[^"\\]|\\.)*"|[^{},"]+', re.S)


def parse_array(spelled: str, read: Callable[[str], Any] = str) -> list[Any]:
    """
    Return the elements of an array in the text format of the server.

    Args:
        read: Makes an element of its text.

    >>> parse_array('{a,NULL,"b, \\\\"c\\\\""}')
    ['a', None, 'b, "c"']

    Source: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
    """
    stack: list[list[Any]] = [[]]
    for token in _ARRAY_TOKEN.findall(spelled):
        if token == "{":
            stack.append([])
        elif token == "}":
            done = stack.pop()
            stack[-1].append(done)
        elif token[0] == '"':
            stack[-1].append(read(re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.S)))
        elif token != ",":
            stack[-1].append(None if token.upper() == "NULL" else read(token))
    return stack[0][0]  # type: ignore[no-any-return]  # the outermost list


_READERS: dict[type[Any], Callable[[str], Any]] = {
    sqltypes.Integer: int,
    sqltypes.Boolean: "t".__eq__,
    sqltypes.Numeric: decimal.Decimal,
    sqltypes.Float: float,
    sqltypes.Date: dt.date.fromisoformat,
    sqltypes.Time: dt.time.fromisoformat,
    sqltypes.DateTime: dt.datetime.fromisoformat,
    sqltypes.Uuid: uuid.UUID,
    sqltypes.JSON: json.loads,
    sqltypes.LargeBinary: lambda text: bytes.fromhex(text.removeprefix("\\x")),
}
"The kind of a domain's type -> what a driver would make of the text of a value."


def _text_reader(type_: sqltypes.TypeEngine[Any]) -> Callable[[str], Any]:
    """
    Return what makes a value of its text; a label of an ENUM is its text.
    """
    if isinstance(type_, DOMAIN):
        for kind in type(type_.data_type).__mro__:
            if kind in _READERS:
                return _READERS[kind]
    return str


def _lists(value: Any) -> Any:
    return [_lists(element) for element in value] if isinstance(value, (tuple, list)) else value


class array(ExpressionClauseList[_T]):  # as SQL writes it
    """
    ``ARRAY[...]`` of expressions or values.

    Args:
        clauses: The elements.
        type_: The type of the elements; that of the first when not given.

    Raises:
        ArgumentError: *clauses* is one expression, or no sequence.
    """

    __visit_name__ = "array"

    stringify_dialect = "postgresql"
    inherit_cache: bool = True

    def __init__(self, clauses: Sequence[Any], *, type_: Any = None, **kw: Any) -> None:
        if isinstance(clauses, ClauseElement) or not isinstance(clauses, Iterable):
            raise exc.ArgumentError(
                f"array() takes a sequence of values and expressions, got {clauses!r}; "
                "func.array() makes an array of the rows of a scalar subquery"
            )
        given = None if type_ is None else to_instance(type_)
        elements = [operand(clause, op.comma_op, None) for clause in clauses]
        if given is not None:
            # values that say nothing of their type, as documents and members of Enum classes
            is_json = given._type_affinity is sqltypes.JSON
            elements = [
                element._with_binary_element_type(given)
                if element is not clause and element._is_bind_parameter and (is_json or element.type._isnull)
                else element
                for clause, element in zip(clauses, elements)
            ]
        item_type = given
        dimensions = None
        if item_type is None:
            item_type = elements[0].type if elements else NULLTYPE
        if isinstance(item_type, sqltypes.ARRAY):
            dimensions = (item_type.dimensions or 1) + 1
            item_type = item_type.item_type
        super().__init__(op.comma_op, *elements, type_=ARRAY(item_type, dimensions=dimensions))

    @property
    def _select_iterable(self) -> Sequence[Any]:
        return (self,)

    def _bind_param(
        self, operator: Any, obj: Any, type_: Any = None, expanding: bool = False, **kw: Any
    ) -> Any:
        if operator is op.getitem or not isinstance(obj, (list, tuple)):
            return super()._bind_param(operator, obj, type_=type_, expanding=expanding)
        item_type = self.type.item_type  # type: ignore[attr-defined]  # always an ARRAY
        return array(obj, type_=None if item_type._isnull else item_type)

    def self_group(self, against: Any = None) -> Any:
        if against in (op.any_op, op.all_op, op.getitem):
            return super().self_group(against=op.getitem) if against is op.getitem else _grouped(self)
        return self


def _grouped(element: array) -> Any:
    return ExpressionClauseList.self_group(element, against=op.getitem)


def array_agg(*arg: Any, **kw: Any) -> Any:
    """
    Return ``array_agg(...)`` with PostgreSQL's array type.
    """
    element = kw.pop("type_", None)
    made: Any = func.array_agg(*arg, **kw)
    item = made.type.item_type if isinstance(made.type, sqltypes.ARRAY) else made.type
    made.type = ARRAY(item, dimensions=made.type.dimensions) if element is None else element
    return made


def Any_(other: Any, arrexpr: Any, operator: Any = op.eq) -> Any:  # see `Any`
    """
    Return ``other operator ANY (arrexpr)``.
    """
    _warn_any_all()
    return arrexpr.any(other, operator)


def All(other: Any, arrexpr: Any, operator: Any = op.eq) -> Any:  # as documented
    """
    Return ``other operator ALL (arrexpr)``.
    """
    _warn_any_all()
    return arrexpr.all(other, operator)


def _warn_any_all() -> None:
    warn_deprecated(
        "The ARRAY.Comparator.any() and ARRAY.Comparator.all() methods for arrays are "
        "deprecated for removal, along with the PG-specific Any() and All() functions. See "
        "any_() and all_() functions for modern use.",
        "2.1",
    )
