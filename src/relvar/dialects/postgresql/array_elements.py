"""
How the values of a type stand in the text of an array.

An element is what the driver would send of the value alone. So there is a list of types (`element_kind`), and
values are of exactly the classes that are named there.

Source: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
"""

from __future__ import annotations

import datetime
import decimal
import uuid
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from relvar import types as sqltypes

__all__ = ["ElementKind", "array_text", "element_kind", "hexadecimal_elements", "quoted_elements"]

_NULL = "NULL"
# NaN has forms that Decimal writes and the server does not read
_NOT_A_NUMBER = "NaN"


class ElementKind(NamedTuple):
    """
    How the values of a type stand in the text of an array.

    Attributes:
        name: The type of an element in SQL.
        classes: The Python classes of values that go so.
        write: Makes the text of elements from values, None where a value cannot go so; there is no None among
            the values.
    """

    name: str
    classes: frozenset[type]
    write: Callable[[Sequence[Any]], list[str] | None]


def _plain(values: Sequence[Any]) -> list[str]:
    return list(map(str, values))


def _numbers(values: Sequence[Any]) -> list[str] | None:
    texts = list(map(str, values))
    return None if any(_NOT_A_NUMBER in text for text in texts) else texts


def quoted_elements(values: Sequence[str]) -> list[str]:
    """
    Put strings in quotes, as elements of an array.

    Cost: a few passes over the text of all of them; one with NUL, which driver or server refuse, has its own.
    """
    if not values:
        return []
    joined = "\0".join(values)
    if joined.count("\0") != len(values) - 1:
        return [f'"{_escaped(value)}"' for value in values]
    quoted = _escaped(joined).replace("\0", '"\0"')
    return f'"{quoted}"'.split("\0")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def hexadecimal_elements(values: Sequence[Any]) -> list[str] | None:
    """
    Write bytes, as elements of an array; None if something else is among them.
    """
    if not all(isinstance(value, (bytes, bytearray, memoryview)) for value in values):
        return None
    return [f'"\\\\x{value.hex()}"' for value in values]


def _moments(values: Sequence[Any]) -> list[str] | None:
    return None if any(value.tzinfo is not None for value in values) else list(map(str, values))


def _moments_with_zone(values: Sequence[Any]) -> list[str] | None:
    return None if any(value.tzinfo is None for value in values) else list(map(str, values))


_INT = frozenset({int})
_STR = frozenset({str})


def element_kind(type_: Any, compiled: Any) -> ElementKind | None:
    """
    Return how values of *type_* stand in an array, None if they do not.

    Args:
        type_: The type of a parameter.
        compiled: The statement that has the parameter.
    """
    dialect = compiled.dialect
    impl = type_._unwrapped_dialect_impl(dialect)
    if isinstance(impl, (sqltypes.Integer, sqltypes.Enum, sqltypes.String, sqltypes.JSON)):
        name = compiled.render_bind_cast(type_, impl, "").removeprefix("::")
        kind = _kind_by_cast(impl, name)
    else:
        found = (kind for class_, kind in _KINDS if isinstance(impl, class_))
        kind = next(found, None) or _kind_of_moment(impl)
    return kind if kind is None else dialect._element_kind(impl, kind)


def _kind_by_cast(impl: Any, name: str) -> ElementKind | None:
    """
    Return the kind of a type that has several names.
    """
    if name in ("VARCHAR", "TEXT", "JSON", "JSONB") or isinstance(impl, sqltypes.Enum):
        return ElementKind(name, _STR, quoted_elements)
    return ElementKind(name, _INT, _plain) if name in ("INTEGER", "BIGINT", "SMALLINT") else None


def _kind_of_moment(impl: Any) -> ElementKind | None:
    # a value with a zone, where the column has none, is moved to the session's zone by the driver's type
    if isinstance(impl, sqltypes.DateTime):
        zone, write = ("WITH", _moments_with_zone) if impl.timezone else ("WITHOUT", _moments)
        return ElementKind(f"TIMESTAMP {zone} TIME ZONE", frozenset({datetime.datetime}), write)
    if isinstance(impl, sqltypes.Time) and not impl.timezone:
        return ElementKind("TIME WITHOUT TIME ZONE", frozenset({datetime.time}), _moments)
    return None


_KINDS: tuple[tuple[type[Any], ElementKind], ...] = (
    (sqltypes.Boolean, ElementKind("BOOLEAN", frozenset({bool}), _plain)),
    # a subclass of Numeric: a float of a NUMERIC has 15 digits only
    (sqltypes.Float, ElementKind("DOUBLE PRECISION", frozenset({float, int}), _plain)),
    (sqltypes.Numeric, ElementKind("NUMERIC", frozenset({decimal.Decimal, int}), _numbers)),
    (sqltypes.Date, ElementKind("DATE", frozenset({datetime.date}), _plain)),
    (sqltypes.Uuid, ElementKind("UUID", frozenset({uuid.UUID}), _plain)),
    (sqltypes.LargeBinary, ElementKind("BYTEA", frozenset({bytes}), hexadecimal_elements)),
)


def array_text(kind: ElementKind, values: Sequence[Any]) -> str | None:
    """
    Write *values* as the text of an array; None if one of them cannot stand there.

    >>> array_text(ElementKind("VARCHAR", frozenset({str}), quoted_elements), ["a", None, 'b"'])
    '{"a",NULL,"b\\\\""}'
    """
    found = set(map(type, values))
    has_nulls = type(None) in found
    found.discard(type(None))
    if not found <= kind.classes:
        return None
    texts = kind.write([value for value in values if value is not None] if has_nulls else values)
    if texts is None:
        return None
    if has_nulls:
        there = iter(texts)
        texts = [_NULL if value is None else next(there) for value in values]
    return f"{{{','.join(texts)}}}"
