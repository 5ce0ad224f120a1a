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
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from relvar import types as sqltypes
from relvar.compile.marks import POSITION_OR_LIST

__all__ = [
    "ArrayInsert",
    "ArrayUpdate",
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


class _Arrays:
    """
    The parameters of a plan that go as arrays.
    """

    def __init__(
        self, plan: Any, places: _Places, names: Sequence[str], kinds: Sequence[ElementKind]
    ) -> None:
        self.plan = plan
        self.names = names
        self.kinds = kinds
        order = plan.compiled.positiontup if plan.positional else plan.names
        processors = plan.processors or (None,) * len(order)
        self.processors: dict[str, Any] = dict(zip(order, processors, strict=True))
        arrays = [
            f"{places.placeholder(name)}::TEXT::{kind.name}[]"
            for name, kind in zip(names, kinds, strict=True)
        ]
        self.source: str = f"unnest({', '.join(arrays)})"
        self.columns: str = ", ".join([f"p{i}" for i in range(len(names))])

    def texts(
        self, columns: Iterable[Sequence[Any]], sends_as_text: Callable[[type], bool]
    ) -> dict[str, Any] | None:
        """
        Give the arrays by name; None if a value cannot stand in one.
        """
        given: dict[str, Any] = {}
        for name, kind, values in zip(self.names, self.kinds, columns, strict=True):
            processor = self.processors[name]
            text = array_text(kind, values if processor is None else [processor(value) for value in values])
            if text is None or not all(map(sends_as_text, kind.classes)):
                return None
            given[name] = text
        return given

    def sent(self, text: str, rows: Sequence[Sequence[Any]], dbapi_connection: Any) -> tuple[str, Any] | None:
        """
        Give *text* and its parameters, for rows of values in the order of the names; None: see `texts`.
        """
        sends_as_text = self.plan.dialect._text_senders(dbapi_connection)
        given = self.texts(list(zip(*rows, strict=True)), sends_as_text)
        return None if given is None else (text, self.arranged(given))

    def arranged(self, given: Mapping[str, Any]) -> Any:
        """
        Put parameters into the form that the driver takes.
        """
        if self.plan.positional:
            return tuple([given[name] for name in self.processors])
        escaped = self.plan.compiled.escaped_bind_names or {}
        return {escaped.get(name, name): value for name, value in given.items()}


def _kinds_of(plan: Any, names: Sequence[str]) -> list[ElementKind] | None:
    """
    Return how the values of parameters stand in arrays, None if one does not.
    """
    compiled = plan.compiled
    if not names or (plan.positional and not compiled._numeric_binds):
        return None
    kinds = [element_kind(compiled.binds[name].type, compiled) for name in names]
    known = [kind for kind in kinds if kind is not None]
    return known if len(known) == len(kinds) else None


class ArrayWriter(_Arrays):
    """
    What sends the rows of an INSERT as arrays: made once for a plan, by `make`.
    """

    def __init__(
        self, plan: Any, places: _Places, names: Sequence[str], kinds: Sequence[ElementKind]
    ) -> None:
        super().__init__(plan, places, names, kinds)
        self.places: list[int] = [plan.names.index(name) for name in names]
        self.others: list[str] = [name for name in self.processors if name not in names]
        self.embeds: bool = plan.insertmanyvalues.embed_values_counter
        self.values: str = places.replaced_values(plan.insertmanyvalues)

    @classmethod
    def make(cls, plan: Any, before: str, after: str) -> ArrayWriter | None:
        """
        Make it, None if a value of a row is not of a type that stands in arrays.

        Args:
            plan: The plan of the INSERT.
            before: Its text before the values of a row.
            after: What is behind them.
        """
        values = plan.insertmanyvalues.insert_crud_params
        names = tuple(dict.fromkeys(name for _, _, _, names in values for name in names))
        kinds = _kinds_of(plan, names)
        if kinds is None or any(_is_default(text) for _, _, text, _ in values):
            return None
        places = _Places(plan, names)
        if any(places.has_bare(text) for _, _, text, _ in values):
            return None
        if places.stand_in(before) or places.stand_in(after):
            return None
        return cls(plan, places, names, kinds)

    def text(self, before: str, after: str) -> str:
        """
        Write the statement: *before* ends with VALUES, *after* begins behind the values.
        """
        source = f"FROM {self.source} WITH ORDINALITY AS sent({self.columns}, sen_counter)"
        head = before.removesuffix("VALUES ")
        if self.embeds:
            return f"{head}SELECT {self.values}, sen_counter {source}{after}"
        return f"{head}SELECT {self.values} {source} ORDER BY sen_counter{after}"

    def parameters(self, rows: Sequence[Mapping[str, Any]], sends_as_text: Callable[[type], bool]) -> Any:
        """
        Give the driver's parameters; None if a value cannot stand in an array.
        """
        given = self.texts([[row[name] for row in rows] for name in self.names], sends_as_text)
        if given is None:
            return None
        for name in self.others:
            processor, value = self.processors[name], rows[0][name]
            given[name] = value if processor is None else processor(value)
        return self.arranged(given)

    def parameters_of_tuples(
        self, rows: Sequence[Sequence[Any]], sends_as_text: Callable[[type], bool]
    ) -> Any:
        """
        Give the driver's parameters for values in the order of the plan's names, all of which are of rows.
        """
        columns = list(zip(*rows, strict=True))
        given = self.texts([columns[place] for place in self.places], sends_as_text)
        return None if given is None else self.arranged(given)


class ArrayInsert(_Arrays):
    """
    What sends an INSERT of many rows that gives nothing back as one: made once for a plan, by `make`.
    """

    fewest = 10
    most = 1000

    def __init__(
        self, plan: Any, places: _Places, names: Sequence[str], kinds: Sequence[ElementKind]
    ) -> None:
        super().__init__(plan, places, names, kinds)
        head, _, values = plan.text.partition(_VALUES)
        self.text: str = (
            f"{head} SELECT {places.replaced(values[:-1], '')} "
            f"FROM {self.source} WITH ORDINALITY AS sent({self.columns}, sen_counter) ORDER BY sen_counter"
        )

    @classmethod
    def make(cls, plan: Any) -> ArrayInsert | None:
        """
        Make it, None if a value is an expression, or of a type that does not stand in arrays.
        """
        head, _, values = plan.text.partition(_VALUES)
        kinds = _kinds_of(plan, plan.names)
        if kinds is None or plan.expands or plan.compiled.effective_returning:
            return None
        places = _Places(plan, plan.names)
        if places.count(head) or places.count(values) != len(kinds) or not places.are_all(values):
            return None
        return cls(plan, places, plan.names, kinds)

    def statement(self, rows: Sequence[Sequence[Any]], dbapi_connection: Any) -> tuple[str, Any] | None:
        """
        Give text and parameters for rows of values; None if a value cannot go so.

        Args:
            rows: Values in the order of the plan's names.
            dbapi_connection: Where they will go.
        """
        return self.sent(self.text, rows, dbapi_connection)


class ArrayUpdate(_Arrays):
    """
    What sends an UPDATE of many rows, each found by its key, as one: made once for a plan, by `make`.

    ::

        UPDATE t SET x=sent.p0::INTEGER FROM unnest(%(x)s::TEXT::INTEGER[], %(t_id)s::TEXT::INTEGER[])
        AS sent(p0, p1) WHERE t.id = sent.p1::INTEGER
    """

    fewest = 10
    most = 1000

    def __init__(
        self, plan: Any, places: _Places, names: Sequence[str], kinds: Sequence[ElementKind], name: str
    ) -> None:
        super().__init__(plan, places, names, kinds)
        head, _, condition = places.replaced(plan.text, f"{name}.").partition(_WHERE)
        self.text: str = f"{head} FROM {self.source} AS {name}({self.columns}){_WHERE}{condition}"

    @classmethod
    def make(cls, plan: Any) -> ArrayUpdate | None:
        """
        Make it, None if a parameter is not of a type that stands in arrays.
        """
        text, names = plan.text, plan.names
        kinds = _kinds_of(plan, names)
        if kinds is None or text.count(_WHERE) != 1 or plan.expands:
            return None
        places = _Places(plan, names)
        if places.count(text) != len(names) or places.has_bare_in_expression(text):
            return None
        name = "sent"
        while name in text:
            name += "_"
        return cls(plan, places, names, kinds, name)

    def statement(self, rows: Sequence[Sequence[Any]], dbapi_connection: Any) -> tuple[str, Any] | None:
        """
        Give text and parameters for rows of values; None if a value cannot go so.

        Args:
            rows: Values in the order of the plan's names.
            dbapi_connection: Where they will go.
        """
        return self.sent(self.text, rows, dbapi_connection)


_WHERE, _VALUES = " WHERE ", " VALUES ("
# what may stand behind a value that an UPDATE sets a column to, or compares one with
_ENDS = (", ", " AND ", _WHERE)


def _is_default(text: str) -> bool:
    # only VALUES has it
    return text.strip().upper() == "DEFAULT"


class _Places:
    """
    The placeholders of parameters, in the driver's style: ``%(x)s``, or ``$1``.
    """

    def __init__(self, plan: Any, names: Sequence[str]) -> None:
        compiled = plan.compiled
        escaped = compiled.escaped_bind_names or {}
        self.is_numbered: bool = bool(compiled._numeric_binds)
        if self.is_numbered:
            order = list(compiled.positiontup)
            self.marks: dict[str, str] = {name: f"${order.index(name) + 1}" for name in names}
            self.pattern: re.Pattern[str] = re.compile(r"\$(\d+)")
            self.found: dict[str, int] = {self.marks[name][1:]: i for i, name in enumerate(names)}
        else:
            self.marks = {name: f"%({escaped.get(name, name)})s" for name in names}
            self.pattern = re.compile(r"%%|%\(([^)]*)\)s")
            self.found = {escaped.get(name, name): i for i, name in enumerate(names)}
        # as they stand in the text before it has placeholders
        self.by_mark: dict[str, int] = {escaped.get(name, name): i for i, name in enumerate(names)}

    def placeholder(self, name: str) -> str:
        """Return what stands for a parameter in the text."""
        return self.marks[name]

    def stand_in(self, text: str) -> bool:
        """Tell whether one of the parameters stands in another part of the text, where it is one value."""
        return any(found.group(1) in self.found for found in self.pattern.finditer(text))

    def count(self, text: str) -> int:
        """Count the placeholders, and what looks like one."""
        return sum(found.group(1) is not None for found in self.pattern.finditer(text))

    def has_bare(self, text: str) -> bool:
        """
        Tell whether *text* is more than a placeholder, and one in it has no cast: SQL asks for its type then.
        """
        return not self.pattern.fullmatch(text) and any(
            found[1] is not None and not text.startswith("::", found.end())
            for found in self.pattern.finditer(text)
        )

    def has_bare_in_expression(self, text: str) -> bool:
        """
        Tell whether a placeholder of an UPDATE has no cast, and more than it is assigned or compared.
        """
        text += ", "
        return any(
            found[1] is not None
            and not text.startswith("::", found.end())
            and not (text.endswith(("=", "= "), 0, found.start()) and text.startswith(_ENDS, found.end()))
            for found in self.pattern.finditer(text)
        )

    def are_all(self, values: str) -> bool:
        """
        Tell whether the values of a row, up to the parenthesis behind them, are placeholders and their casts.
        """
        cast = r"(?:::[^,()]+(?:\([^()]*\))?[^,()]*)?"
        mark = r"\$\d+" if self.is_numbered else r"%\([^)]*\)s"
        return re.fullmatch(rf"{mark}{cast}(?:, {mark}{cast})*\)", values) is not None

    def replaced(self, text: str, before: str) -> str:
        """Return *text* with the columns of the arrays for its placeholders."""
        return self.pattern.sub(
            lambda found: found[0] if found[1] is None else f"{before}p{self.found[found[1]]}", text
        )

    def replaced_values(self, imv: Any) -> str:
        """Return the values of an INSERT's row with the columns of the arrays for its parameters."""
        if self.is_numbered:
            return POSITION_OR_LIST.sub(lambda found: f"p{self.by_mark[found[1]]}", imv.marked_values_expr)
        return self.replaced(imv.single_values_expr, "")
