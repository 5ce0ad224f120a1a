"""
Which type comes out: of ``left op right``, and of a plain Python value.

Operators are named as in Python's `operator` module.
"""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import typing
import uuid
from typing import Any

from relvar import exc, inspection
from relvar.types.base import NULLTYPE, TypeEngine, set_type_for_value
from relvar.types.binary import LargeBinary
from relvar.types.boolean import BOOLEANTYPE
from relvar.types.enum import Enum
from relvar.types.json import JSON
from relvar.types.numeric import Double, Float, HasExpressionLookup, Integer, Numeric
from relvar.types.temporal import Date, DateTime, Interval, Time
from relvar.types.text import STRINGTYPE, Concatenable, String
from relvar.types.uuid import Uuid

INTEGERTYPE = Integer()
NUMERICTYPE: Numeric[Any] = Numeric()
INTERVALTYPE = Interval()

_INSTANCES: dict[type, TypeEngine[Any]] = {
    Integer: INTEGERTYPE,
    Numeric: NUMERICTYPE,
    Float: Float(),
    Date: Date(),
    DateTime: DateTime(),
    Time: Time(),
    Interval: INTERVALTYPE,
}

_COMMUTATIVE = frozenset({"add", "mul", "eq", "ne"})


class _Own:
    """
    In the table: the class of the left type itself.
    """


# operator -> left family -> right family -> family of the result.
# A pair that is not here has the left type.
_RESULT: dict[str, dict[type, dict[type, type]]] = {
    "add": {
        Integer: {Date: Date, Integer: _Own, Numeric: Numeric, Float: Float},
        Numeric: {Integer: _Own, Numeric: _Own, Float: _Own},
        Float: {Integer: _Own, Numeric: _Own, Float: _Own},
        Date: {Interval: DateTime, Time: DateTime},
        Time: {Date: DateTime},
        Interval: {Date: DateTime, Interval: _Own, DateTime: DateTime, Time: Time},
    },
    "sub": {
        Integer: {Integer: _Own, Numeric: Numeric, Float: Float},
        Numeric: {Integer: _Own, Numeric: _Own, Float: _Own},
        Float: {Integer: _Own, Numeric: _Own, Float: _Own},
        Date: {Date: Integer, Interval: DateTime, DateTime: Interval},
        DateTime: {DateTime: Interval},
        Time: {Time: Interval},
        Interval: {Interval: _Own},
    },
    "mul": {
        Integer: {Interval: Interval, Integer: _Own, Numeric: Numeric, Float: Float},
        Numeric: {Interval: Interval, Integer: _Own, Numeric: _Own, Float: _Own},
        Float: {Interval: Interval, Integer: _Own, Numeric: _Own, Float: _Own},
    },
    "truediv": {
        Integer: {Integer: Numeric, Numeric: Numeric, Float: Float},
        Numeric: {Integer: _Own, Numeric: _Own, Float: _Own},
        Float: {Integer: _Own, Numeric: _Own, Float: _Own},
    },
    "floordiv": {
        Integer: {Integer: _Own, Numeric: Numeric},
    },
}


def adapt(op_name: str, left: TypeEngine[Any], right: TypeEngine[Any]) -> tuple[str, TypeEngine[Any]]:
    """
    Return the operator to render and the type of ``left op right``.

    Cases:
      1. the left type is not known and the operator commutes: ask the right;
      2. ``+`` of what can be concatenated: ``"concat_op"``, the left type
         (of an `Enum`, the string it is stored as);
      3. arithmetic: the table;
      4. everything else: the left type.

    >>> adapt("add", Date(), Interval())
    ('add', DateTime())
    >>> adapt("add", String(5), String())
    ('concat_op', String(length=5))
    """
    if left._isnull:
        if right._isnull or op_name not in _COMMUTATIVE:
            return op_name, left
        return adapt(op_name, right, left)
    if isinstance(left, Enum):
        if op_name == "concat_op" or (op_name == "add" and _concatenates(right)):
            return "concat_op", String(left.length)
        return op_name, left
    if op_name == "add" and _is_concatenable(left) and _concatenates(right):
        return "concat_op", left
    table = _RESULT.get(op_name)
    if table is None or not _has_lookup(left):
        return op_name, left
    by_right = table.get(left._type_affinity)
    if by_right is None:
        return op_name, left
    right_family = right._type_affinity
    result = by_right.get(right_family)
    if result is None:
        return op_name, left
    if result is _Own:
        result = type(_inner(left))
    if result is right_family:
        return op_name, right
    if result is left._type_affinity:
        return op_name, left
    return op_name, _INSTANCES.get(result) or _made(result, left)


def result_type(op_name: str, left: TypeEngine[Any], right: TypeEngine[Any]) -> TypeEngine[Any]:
    """
    Return the type of ``left op right``; see `adapt`.
    """
    return adapt(op_name, left, right)[1]


def _made(result: type, left: TypeEngine[Any]) -> TypeEngine[Any]:
    """
    Return a type of the class *result*, and *left* for a class of a program's own that wants arguments.
    """
    try:
        return result()  # type: ignore[no-any-return]  # a type
    except Exception:
        return left


def _inner(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    while type_._is_type_decorator and not isinstance(type_, HasExpressionLookup):
        type_ = type_.impl_instance  # type: ignore[attr-defined]  # a TypeDecorator
    return type_


def _is_concatenable(type_: TypeEngine[Any]) -> bool:
    return isinstance(_inner(type_), (Concatenable, JSON))


def _concatenates(right: TypeEngine[Any]) -> bool:
    return right._isnull or _is_concatenable(right)


def _has_lookup(type_: TypeEngine[Any]) -> bool:
    return isinstance(_inner(type_), HasExpressionLookup)


type_map: dict[Any, TypeEngine[Any]] = {
    int: INTEGERTYPE,
    float: Double(),
    bool: BOOLEANTYPE,
    uuid.UUID: Uuid(),
    decimal.Decimal: NUMERICTYPE,
    dt.date: Date(),
    dt.datetime: DateTime(),
    dt.time: Time(),
    dt.timedelta: INTERVALTYPE,
    type(None): NULLTYPE,
    bytes: LargeBinary(),
    str: STRINGTYPE,
    enum.Enum: Enum(enum.Enum),
    typing.Literal: Enum(enum.Enum),
}
"Python type -> SQL type, for annotations and for plain values."

_type_map_get = type_map.get


def type_for_value(value: Any) -> TypeEngine[Any]:
    """
    Return the SQL type for a plain value, `NullType` if there is none.

    >>> type_for_value(5), type_for_value(2**40)
    (Integer(), BigInteger())

    Raises:
        ArgumentError: *value* is an object of relvar, not a value.
    """
    found = _type_map_get(type(value))
    if found is None:
        # values of a dialect, such as ranges, name their type themselves
        named: TypeEngine[Any] | None = getattr(value, "__sa_type_engine__", None)
        if named is not None:
            return named._resolve_for_literal(value)
        subject: Any = inspection.inspect(value, False)
        if subject is not None:
            raise exc.ArgumentError(f"Literal Python value expected, got {value!r}.")
        return NULLTYPE
    return found._resolve_for_literal(value)


set_type_for_value(type_for_value)
