"""
Many rows in a text that does not grow: the values of each column are one array.

::

    INSERT INTO t (x, y) SELECT p0::INTEGER, p1::VARCHAR
    FROM unnest(%(x)s::TEXT::INTEGER[], %(y)s::TEXT::VARCHAR[]) WITH ORDINALITY AS sent(p0, p1, sen_counter)
    ORDER BY sen_counter RETURNING t.id

psycopg reads the text of each statement for its placeholders, and keeps what it found for short texts only:
of 1,000 rows with nine values in VALUES the client's time is 23 ms, as arrays 1 ms (psycopg 3.3.9).

An array travels as text, which the server reads by the function that reads a single value of the type.
That is why the parameter is TEXT first: asyncpg would ask the server for each type of array that it meets.

Rule 1: an element is what the driver would send of the value alone, or the rows go as VALUES. So there is a
list of types (`_kind_of`), and values are of exactly the classes that are named there.

Rule 2: whoever changed how the driver sends a class (`Dialect._sends_as_text`) gets VALUES, too.

Source: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
"""

from __future__ import annotations

import datetime
import decimal
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from relvar import types as sqltypes
from relvar.compile.marks import POSITION_OR_LIST

__all__ = [
    "ArrayWriter",
    "ElementKind",
    "array_text",
    "element_kind",
    "hexadecimal_elements",
    "quoted_elements",
]

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
    """
    return ['"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values]


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


class ArrayWriter:
    """
    What sends the rows of an INSERT as arrays: made once for a plan, by `make`.
    """

    def __init__(self, names: Sequence[str], kinds: Sequence[ElementKind], plan: Any) -> None:
        self.names = names
        self.kinds = kinds
        order = plan.compiled.positiontup if plan.positional else plan.names
        processors = plan.processors or (None,) * len(order)
        self.processors: dict[str, Any] = dict(zip(order, processors, strict=True))
        self.others: list[str] = [name for name in self.processors if name not in names]
        self.plan = plan
        self.embeds: bool = plan.insertmanyvalues.embed_values_counter
        self.values = ""
        self.source = ""

    @classmethod
    def make(cls, plan: Any, before: str, after: str) -> ArrayWriter | None:
        """
        Make it, None if a value of a row is not of a type that stands in arrays.

        Args:
            plan: The plan of the INSERT.
            before: Its text before the values of a row.
            after: What is behind them.
        """
        compiled, imv = plan.compiled, plan.insertmanyvalues
        if plan.positional and not compiled._numeric_binds:
            return None
        names = tuple(dict.fromkeys(name for _, _, _, names in imv.insert_crud_params for name in names))
        kinds = [element_kind(compiled.binds[name].type, compiled) for name in names]
        if not names or None in kinds or any(_is_default(text) for _, _, text, _ in imv.insert_crud_params):
            return None
        places = _Places(plan, names)
        if any(places.has_bare(text) for _, _, text, _ in imv.insert_crud_params):
            return None
        if places.stand_in(before) or places.stand_in(after):
            return None
        made = cls(names, kinds, plan)  # type: ignore[arg-type]  # no None among them
        made.values = places.replaced()
        made.source = ", ".join(
            f"{places.placeholder(name)}::TEXT::{kind.name}[]"
            for name, kind in zip(names, made.kinds, strict=True)
        )
        return made

    def text(self, before: str, after: str) -> str:
        """
        Write the statement: *before* ends with VALUES, *after* begins behind the values.
        """
        names = "".join(f"p{i}, " for i in range(len(self.names)))
        source = f"FROM unnest({self.source}) WITH ORDINALITY AS sent({names}sen_counter)"
        head = before.removesuffix("VALUES ")
        if self.embeds:
            return f"{head}SELECT {self.values}, sen_counter {source}{after}"
        return f"{head}SELECT {self.values} {source} ORDER BY sen_counter{after}"

    def parameters(self, rows: Sequence[Mapping[str, Any]], sends_as_text: Callable[[type], bool]) -> Any:
        """
        Give the driver's parameters; None if a value cannot stand in an array.
        """
        given: dict[str, Any] = {}
        for name, kind in zip(self.names, self.kinds, strict=True):
            processor = self.processors[name]
            values = [row[name] for row in rows]
            if processor is not None:
                values = [processor(value) for value in values]
            text = array_text(kind, values)
            if text is None or not all(map(sends_as_text, kind.classes)):
                return None
            given[name] = text
        for name in self.others:
            processor, value = self.processors[name], rows[0][name]
            given[name] = value if processor is None else processor(value)
        if self.plan.positional:
            return tuple([given[name] for name in self.processors])
        escaped = self.plan.compiled.escaped_bind_names or {}
        return {escaped.get(name, name): value for name, value in given.items()}


def _is_default(text: str) -> bool:
    # only VALUES has it
    return text.strip().upper() == "DEFAULT"


class _Places:
    """
    The placeholders of a row's values, in the driver's style: ``%(x)s``, or ``$1``.
    """

    def __init__(self, plan: Any, names: Sequence[str]) -> None:
        compiled = plan.compiled
        self.imv = plan.insertmanyvalues
        self.is_numbered = bool(compiled._numeric_binds)
        escaped = compiled.escaped_bind_names or {}
        self.index = {escaped.get(name, name): place for place, name in enumerate(names)}
        if self.is_numbered:
            order = list(compiled.positiontup)
            self.marks = {name: f"${order.index(name) + 1}" for name in names}
            self.pattern = re.compile(r"\$(\d+)")
            self.found = frozenset(mark[1:] for mark in self.marks.values())
        else:
            self.marks = {name: f"%({escaped.get(name, name)})s" for name in names}
            self.pattern = re.compile(r"%%|%\(([^)]*)\)s")
            self.found = frozenset(self.index)

    def placeholder(self, name: str) -> str:
        """Return what stands for a parameter in the text."""
        return self.marks[name]

    def stand_in(self, text: str) -> bool:
        """Tell whether one of the parameters stands in another part of the text, where it is one value."""
        return any(found.group(1) in self.found for found in self.pattern.finditer(text))

    def has_bare(self, text: str) -> bool:
        """
        Tell whether *text* is more than a placeholder, and one in it has no cast: SQL asks for its type then.
        """
        if self.pattern.fullmatch(text):
            return False
        return any(
            found.group(1) is not None and not text.startswith("::", found.end())
            for found in self.pattern.finditer(text)
        )

    def replaced(self) -> str:
        """Return the values of a row with the columns of the arrays for its parameters."""
        if self.is_numbered:
            return POSITION_OR_LIST.sub(self._element, self.imv.marked_values_expr)
        return self.pattern.sub(self._element, self.imv.single_values_expr)

    def _element(self, found: re.Match[str]) -> str:
        name = found.group(1)
        return found.group(0) if name is None else f"p{self.index[name]}"
