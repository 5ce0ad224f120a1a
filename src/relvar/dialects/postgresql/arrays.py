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

Rule 1: an element is what the driver would send of the value alone, or the rows go as VALUES
(``array_elements.py``).

Rule 2: whoever changed how the driver sends a class (`PGDialect._text_senders`) gets VALUES, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from relvar.compile.marks import POSITION_OR_LIST
from relvar.dialects.postgresql.array_conflicts import Check, conflict_check
from relvar.dialects.postgresql.array_elements import ElementKind, array_text, element_kind

__all__ = ["ArrayInsert", "ArrayUpdate", "ArrayWriter"]


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


class _ArrayStatement(_Arrays):
    """
    What sends all rows of a plan by one statement, which gives nothing back.
    """

    fewest = 10
    most = 1000
    text: str

    def statement(self, rows: Sequence[Sequence[Any]], dbapi_connection: Any) -> tuple[str, Any] | None:
        """
        Give text and parameters for rows of values; None if a value cannot go so.

        Args:
            rows: Values in the order of the plan's names.
            dbapi_connection: Where they will go.
        """
        sends_as_text = self.plan.dialect._text_senders(dbapi_connection)
        given = self.texts(list(zip(*rows, strict=True)), sends_as_text)
        return None if given is None else (self.text, self.arranged(given))


class ArrayInsert(_ArrayStatement):
    """
    What sends an INSERT of many rows that gives nothing back as one: made once for a plan, by `make`.

    Attributes:
        may_be_one: Tells of rows whether they may go by one statement.
    """

    def __init__(
        self,
        plan: Any,
        places: _Places,
        names: Sequence[str],
        kinds: Sequence[ElementKind],
        may_be_one: Check,
        parts: tuple[str, str, str],
    ) -> None:
        super().__init__(plan, places, names, kinds)
        self.may_be_one = may_be_one
        before, values, after = parts
        self.text: str = (
            f"{before} SELECT {places.replaced(values, '')} FROM {self.source} "
            f"WITH ORDINALITY AS sent({self.columns}, sen_counter) ORDER BY sen_counter{after}"
        )

    @classmethod
    def make(cls, plan: Any) -> ArrayInsert | None:
        """
        Make it, None if a value is an expression, or of a type that does not stand in arrays, or if the rows
        may never go by one statement.
        """
        before, _, rest = plan.text.partition(_VALUES)
        kinds = _kinds_of(plan, plan.names)
        if kinds is None or plan.expands or plan.compiled.effective_returning:
            return None
        places = _Places(plan, plan.names)
        values, after = places.split_values(rest)
        if places.count(before) or places.count(values) != len(kinds) or places.count(after):
            return None
        if after and not after.startswith(_CONFLICT):
            return None
        may_be_one = conflict_check(plan.compiled.on_conflict if after else None, plan.names)
        if may_be_one is None:
            return None
        return cls(plan, places, plan.names, kinds, may_be_one, (before, values, after))

    def statement(self, rows: Sequence[Sequence[Any]], dbapi_connection: Any) -> tuple[str, Any] | None:
        return super().statement(rows, dbapi_connection) if self.may_be_one(rows) else None


class ArrayUpdate(_ArrayStatement):
    """
    What sends an UPDATE of many rows, each found by its key, as one: made once for a plan, by `make`.

    ::

        UPDATE t SET x=sent.p0::INTEGER FROM unnest(%(x)s::TEXT::INTEGER[], %(t_id)s::TEXT::INTEGER[])
        AS sent(p0, p1) WHERE t.id = sent.p1::INTEGER
    """

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


_WHERE, _VALUES, _CONFLICT = " WHERE ", " VALUES (", " ON CONFLICT"
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

    def split_values(self, text: str) -> tuple[str, str]:
        """
        Return the values of a row and what is behind their parenthesis; no values, if they are more than
        placeholders and their casts.
        """
        cast = r"(?:::[^,()]+(?:\([^()]*\))?[^,()]*)?"
        mark = r"\$\d+" if self.is_numbered else r"%\([^)]*\)s"
        found = re.match(rf"({mark}{cast}(?:, {mark}{cast})*)\)", text)
        return ("", text) if found is None else (found[1], text[found.end() :])

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
