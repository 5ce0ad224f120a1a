"""
What the text of CREATE TABLE and CREATE INDEX says.

SQLite keeps that text, and tells by it alone what constraints are named, what CHECKs and generated
columns compute, and what happens on conflicts.

Rule 1: text that SQLite accepted is read; what is not understood is passed over, never an error.
Rule 2: expressions are given as they are spelled, names without their quotes.

Source: https://www.sqlite.org/lang_createtable.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = ["CheckText", "ColumnText", "ForeignKeyText", "IndexText", "KeyText", "TableText"]

_TOKEN = re.compile(
    r"""
    (?P<skipped>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])
    |(?P<string>'(?:[^']|'')*')
    |(?P<word>[^\W\d][\w$]*)
    |(?P<number>\d[\w.]*)
    |(?P<sign>.)
    """,
    re.S | re.X,
)
_TABLE_CONSTRAINTS = frozenset(("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"))
_COLUMN_CONSTRAINTS = frozenset(
    "CONSTRAINT PRIMARY NOT NULL UNIQUE CHECK DEFAULT COLLATE REFERENCES GENERATED AS".split()
)


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


@dataclass
class ColumnText:
    """
    A column; of its constraints what is the column's own.
    """

    name: str
    collation: str | None = None
    generated: str | None = None
    autoincrement: bool = False
    key_conflict: str | None = None
    not_null_conflict: str | None = None


@dataclass
class KeyText:
    """
    A primary key or a unique constraint; ``is_inline`` if it stands with its column.
    """

    name: str | None
    columns: list[str]
    conflict: str | None
    is_inline: bool


@dataclass
class CheckText:
    """
    A CHECK constraint.
    """

    name: str | None
    sqltext: str
    conflict: str | None = None


@dataclass
class ForeignKeyText:
    """
    A foreign key; *referred* is empty if it refers to a primary key.
    """

    name: str | None
    columns: list[str]
    table: str
    referred: list[str]
    is_inline: bool
    options: dict[str, str | bool] = field(default_factory=dict)


@dataclass
class TableText:
    """
    A table; empty for views, virtual tables and what is not there.

    >>> table = TableText.read("CREATE TABLE t (a INT CONSTRAINT k PRIMARY KEY, CHECK (a > 1)) STRICT")
    >>> table.primary_key, table.checks, table.is_strict
    (KeyText(name='k', columns=['a'], conflict=None, is_inline=True), [CheckText(name=None, sqltext='a > 1', conflict=None)], True)
    """  # noqa: E501  # a value as it prints

    columns: dict[str, ColumnText] = field(default_factory=dict)
    primary_key: KeyText | None = None
    uniques: list[KeyText] = field(default_factory=list)
    checks: list[CheckText] = field(default_factory=list)
    foreign_keys: list[ForeignKeyText] = field(default_factory=list)
    has_rowid: bool = True
    is_strict: bool = False

    @classmethod
    def read(cls, sql: str | None) -> TableText:
        """
        Read the text of a CREATE TABLE.
        """
        return _TableReader(sql or "").read()

    def column(self, name: str) -> ColumnText:
        """
        Return a column by name; an empty one if the text has none.
        """
        return self.columns.get(name.lower()) or ColumnText(name)


@dataclass
class IndexText:
    """
    An index: what is indexed, without ASC and DESC, and the condition of a partial index.

    >>> IndexText.read("CREATE INDEX i ON t (lower(a) DESC, b) WHERE b > 1")
    IndexText(items=['lower(a)', 'b'], where='b > 1')
    """

    items: list[str] = field(default_factory=list)
    where: str | None = None

    @classmethod
    def read(cls, sql: str | None) -> IndexText:
        """
        Read the text of a CREATE INDEX.
        """
        reader = _Reader(sql or "")
        index = cls()
        while not reader.is_at("(") and not reader.is_done:
            reader.next()
        for item in reader.items():
            tokens = item.tokens
            if tokens and tokens[-1].text.upper() in ("ASC", "DESC"):
                tokens = tokens[:-1]
            if tokens:
                index.items.append(item.sql[tokens[0].start : tokens[-1].end])
        if reader.accept("WHERE") and not reader.is_done:
            index.where = reader.sql[reader.tokens[reader.position].start :].strip()
        return index


def _unquoted(token: _Token) -> str:
    """
    Return the name that a token spells.
    """
    quote = token.text[:1]
    if quote == "[":
        return token.text[1:-1]
    if quote in ('"', "`", "'"):
        return token.text[1:-1].replace(quote * 2, quote)
    return token.text


class _Reader:
    """
    A place in the text of a statement.
    """

    def __init__(self, sql: str, tokens: list[_Token] | None = None) -> None:
        self.sql = sql
        self.position = 0
        self.tokens = (
            tokens
            if tokens is not None
            else [
                _Token(match.lastgroup or "", match.group(), match.start(), match.end())
                for match in _TOKEN.finditer(sql)
                if match.lastgroup != "skipped"
            ]
        )

    @property
    def is_done(self) -> bool:
        return self.position >= len(self.tokens)

    def next(self) -> None:
        """Go on by one token."""
        self.position += 1

    @property
    def word(self) -> str:
        """The keyword here, in capitals; the sign, if it is none; nothing for what is quoted."""
        if self.is_done:
            return ""
        token = self.tokens[self.position]
        return token.text.upper() if token.kind in ("word", "sign") else ""

    def is_at(self, *words: str) -> bool:
        """Tell whether one of these words or signs is here."""
        return self.word in words

    def accept(self, *words: str) -> bool:
        """Go past these words if all of them are here, in that order."""
        for number, word in enumerate(words):
            place = self.position + number
            if place >= len(self.tokens):
                return False
            token = self.tokens[place]
            if token.kind not in ("word", "sign") or token.text.upper() != word:
                return False
        self.position += len(words)
        return True

    def name(self) -> str:
        """Read an identifier; nothing, at the end."""
        if self.is_done:
            return ""
        self.next()
        return _unquoted(self.tokens[self.position - 1])

    def _inside(self) -> list[_Token]:
        """Read parentheses that open here; return what is in them."""
        first = self.position + 1
        depth = 0
        while not self.is_done:
            word = self.word
            self.next()
            if word == "(":
                depth += 1
            elif word == ")":
                depth -= 1
                if depth == 0:
                    return self.tokens[first : self.position - 1]
        return self.tokens[first:]

    def expression(self) -> str | None:
        """Read an expression in parentheses, if there is one; return its text."""
        if not self.is_at("("):
            return None
        tokens = self._inside()
        return self.sql[tokens[0].start : tokens[-1].end] if tokens else ""

    def items(self) -> Iterator[_Reader]:
        """Read a list in parentheses, if there is one; yield a reader for each of its items."""
        if not self.is_at("("):
            return
        item: list[_Token] = []
        depth = 0
        for token in self._inside():
            if token.kind == "sign":
                depth += {"(": 1, ")": -1}.get(token.text, 0)
                if token.text == "," and depth == 0:
                    yield _Reader(self.sql, item)
                    item = []
                    continue
            item.append(token)
        yield _Reader(self.sql, item)

    def names(self) -> list[str]:
        """Read a list of names in parentheses; what else is said about them is left out."""
        return [item.name() for item in self.items()]

    def conflict(self) -> str | None:
        """Read ON CONFLICT, if it is here."""
        return self.name().upper() if self.accept("ON", "CONFLICT") else None


class _TableReader(_Reader):
    """
    Reads one CREATE TABLE.
    """

    def read(self) -> TableText:
        """Read all of it."""
        table = self.table = TableText()
        if not self.accept("CREATE"):
            return table
        if self.is_at("TEMP", "TEMPORARY"):
            self.next()
        if not self.accept("TABLE"):
            return table
        while not self.is_done and not self.is_at("("):
            self.next()
        for item in self.items():
            reader = _ItemReader(self.sql, item.tokens)
            reader.table = table
            reader.read()
        while not self.is_done:
            if self.accept("WITHOUT", "ROWID"):
                table.has_rowid = False
            elif self.accept("STRICT"):
                table.is_strict = True
            else:
                self.next()
        return table


class _ItemReader(_Reader):
    """
    Reads what stands between two commas: a column, or constraints of the table.
    """

    table: TableText
    column: ColumnText | None = None
    foreign_key: ForeignKeyText | None = None

    def read(self) -> None:
        """Read all of it."""
        if self.is_done:
            return
        if not self.is_at(*_TABLE_CONSTRAINTS):
            name = self.name()
            self.column = self.table.columns[name.lower()] = ColumnText(name)
            while not self.is_done and not self.is_at(*_COLUMN_CONSTRAINTS):
                # the type
                self.next()
        name_of_next: str | None = None
        while not self.is_done:
            if self.accept("CONSTRAINT"):
                name_of_next = self.name()
            elif self._constraint(name_of_next):
                name_of_next = None
            else:
                self.next()

    def _constraint(self, name: str | None) -> bool:
        """
        Read one constraint; return False if none begins here.
        """
        if self.accept("PRIMARY", "KEY"):
            self._primary_key(name)
        elif self.accept("UNIQUE"):
            columns, is_inline = self._key_columns()
            self.table.uniques.append(KeyText(name, columns, self.conflict(), is_inline))
        elif self.accept("CHECK"):
            self.table.checks.append(CheckText(name, self.expression() or "", self.conflict()))
        elif self.accept("FOREIGN", "KEY"):
            columns = self.names()
            if self.accept("REFERENCES"):
                self._foreign_key(name, columns)
        elif self.accept("REFERENCES"):
            self._foreign_key(name, None)
        elif self.accept("NOT", "NULL"):
            conflict = self.conflict()
            if self.column is not None:
                self.column.not_null_conflict = conflict
        elif self.accept("NOT", "DEFERRABLE"):
            self._deferrable(False)
        elif self.accept("DEFERRABLE"):
            self._deferrable(True)
        elif self.accept("GENERATED", "ALWAYS", "AS") or self.accept("AS"):
            if self.column is not None:
                self.column.generated = self.expression()
        elif self.accept("COLLATE"):
            collation = self.name()
            if self.column is not None:
                self.column.collation = collation
        elif self.accept("DEFAULT"):
            # a default in parentheses may hold anything
            self.expression()
        else:
            return False
        return True

    def _key_columns(self) -> tuple[list[str], bool]:
        if self.column is not None:
            return [self.column.name], True
        return self.names(), False

    def _primary_key(self, name: str | None) -> None:
        first = self.position
        columns, is_inline = self._key_columns()
        if self.is_at("ASC", "DESC"):
            self.next()
        key = self.table.primary_key = KeyText(name, columns, self.conflict(), is_inline)
        if self.column is not None:
            self.column.key_conflict = key.conflict
        # within the parentheses if it is a constraint of the table
        counts = self.accept("AUTOINCREMENT") or any(
            token.kind == "word" and token.text.upper() == "AUTOINCREMENT"
            for token in self.tokens[first : self.position]
        )
        if counts and columns:
            self.table.column(columns[0]).autoincrement = True

    def _foreign_key(self, name: str | None, columns: list[str] | None) -> None:
        """
        Read what follows REFERENCES.
        """
        is_inline = columns is None
        if columns is None:
            columns = [] if self.column is None else [self.column.name]
        key = self.foreign_key = ForeignKeyText(name, columns, self.name(), self.names(), is_inline)
        self.table.foreign_keys.append(key)
        while not self.is_done:
            if self.accept("MATCH"):
                self.next()
            elif self.accept("ON", "DELETE"):
                self._action(key, "ondelete")
            elif self.accept("ON", "UPDATE"):
                self._action(key, "onupdate")
            else:
                return

    def _action(self, key: ForeignKeyText, event: str) -> None:
        action = self.name().upper()
        if action in ("SET", "NO"):
            action = f"{action} {self.name().upper()}"
        if action != "NO ACTION":
            key.options[event] = action

    def _deferrable(self, deferrable: bool) -> None:
        if self.foreign_key is None:
            return
        self.foreign_key.options["deferrable"] = deferrable
        if self.accept("INITIALLY"):
            self.foreign_key.options["initially"] = self.name().upper()
