"""
Write columns, constraints and indexes.
"""

from __future__ import annotations

import re
from typing import Any

from relvar import (
    CheckConstraint,
    Column,
    Computed,
    ForeignKeyConstraint,
    Identity,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from relvar.cli.models.keys import foreign_keys
from relvar.cli.models.text import Imports, call, listed, quoted, sql_text
from relvar.cli.models.types import TypeWriter
from relvar.expr.element import ClauseElement
from relvar.types import Integer

__all__ = ["ItemWriter"]

# what a database counts from and to unless it is told
_IDENTITY: dict[str, set[Any]] = {
    "start": {None, 1},
    "increment": {None, 1},
    "minvalue": {None, 1},
    "maxvalue": {None, 2**15 - 1, 2**31 - 1, 2**63 - 1},
    "cycle": {None, False},
    "cache": {None, 1},
    "order": {None, False},
    "nominvalue": {None, False},
    "nomaxvalue": {None, False},
    "on_null": {None, False},
}


class ItemWriter:
    """
    Writes what belongs to the tables of one database.
    """

    def __init__(self, dialect: Any, imports: Imports) -> None:
        self.dialect = dialect
        self.imports = imports
        self.types: TypeWriter = TypeWriter(dialect, imports)

    # Columns -----------------------------------------------------------------------------------------

    def arguments(self, column: Column[Any], type_source: str | None) -> list[str]:
        """
        Return the arguments of a column behind its name, but for ``nullable``.
        """
        made = [] if type_source is None else [type_source]
        made += [self.foreign_key(key) for key in foreign_keys(column.table) if self._is_inline(key, column)]
        made += self._generated(column)
        if column.primary_key and not self._has_own_key(column.table):
            made.append("primary_key=True")
        made += self._counting(column)
        if any(self._is_plain_unique(item, column) for item in column.table.constraints):
            made.append("unique=True")
        if any(self._is_plain_index(item, column) for item in column.table.indexes):
            made.append("index=True")
        made += self._server_default(column)
        if column.comment is not None:
            made.append(f"comment={quoted(column.comment)}")
        return made + self._options(column)

    def is_rowid(self, column: Column[Any]) -> bool:
        """
        Tell a key of SQLite that is never NULL, whatever is said: https://www.sqlite.org/rowidtable.html
        """
        is_single = column.primary_key and len(column.table.primary_key.columns) == 1
        return is_single and self.dialect.name == "sqlite" and type(column.type).__name__ == "INTEGER"

    def _generated(self, column: Column[Any]) -> list[str]:
        if isinstance(column.computed, Computed):
            name = self.imports.name("relvar", "Computed")
            persisted = column.computed.persisted
            more = [] if persisted is None else [f"persisted={persisted}"]
            return [call(name, [sql_text(_text(column.computed.sqltext)), *more])]
        if isinstance(column.identity, Identity):
            identity = column.identity
            made = [f"always={identity.always}"] if identity.always else []
            made += [
                f"{name}={getattr(identity, name)!r}"
                for name, usual in _IDENTITY.items()
                if getattr(identity, name, None) not in usual
            ]
            return [call(self.imports.name("relvar", "Identity"), made)]
        sequence = _sequence(column)
        if sequence is not None and not self._counts(column):
            schema, _, name = sequence.rpartition(".")
            more = [f"schema={quoted(schema)}"] if schema else []
            return [call(self.imports.name("relvar", "Sequence"), [quoted(name), *more])]
        return []

    def _counts(self, column: Column[Any]) -> bool:
        """
        Tell whether a column of this kind counts by itself when it is created.
        """
        return (
            column.primary_key
            and len(column.table.primary_key.columns) == 1
            and isinstance(column.type, Integer)
            and not column.foreign_keys
            and column.autoincrement is not False
            and _sequence(column) in (None, f"{column.table.name}_{column.name}_seq")
        )

    def _counting(self, column: Column[Any]) -> list[str]:
        if not column.primary_key or not isinstance(column.type, Integer) or column.computed is not None:
            return []
        is_usual = len(column.table.primary_key.columns) == 1 and not column.foreign_keys
        if column.autoincrement is True and not is_usual and column.identity is None:
            return ["autoincrement=True"]
        says_no = column.autoincrement is False and column.server_default is None
        return ["autoincrement=False"] if says_no and is_usual else []

    def _server_default(self, column: Column[Any]) -> list[str]:
        default: Any = column.server_default
        if default is None or column.computed is not None or column.identity is not None:
            return []
        if _sequence(column) is not None and self._counts(column):
            return []
        argument = getattr(default, "arg", None)
        if argument is None:
            return [f"server_default={self.imports.name('relvar', 'FetchedValue')}()"]
        return [f"server_default={self.imports.name('relvar', 'text')}({sql_text(_text(argument))})"]

    # Table arguments ---------------------------------------------------------------------------------

    def table_arguments(self, table: Table, is_class: bool) -> list[str]:
        """
        Return the constraints and indexes that no column says.
        """
        made = []
        if self._has_own_key(table):
            made.append(self._primary_key(table.primary_key))
        made += [self.foreign_key(key) for key in foreign_keys(table) if not self._is_inline(key)]
        order = {column: number for number, column in enumerate(table.c)}
        found = sorted(
            (k for k in table.constraints if isinstance(k, (UniqueConstraint, CheckConstraint))),
            key=lambda k: (type(k).__name__, [order[c] for c in _columns(k)], str(k.name)),
        )
        for constraint in found:
            if isinstance(constraint, CheckConstraint):
                made.append(self._check(constraint))
            elif not any(self._is_plain_unique(constraint, column) for column in table.c):
                made.append(self._unique(constraint))
        exclusions = [k for k in table.constraints if type(k).__name__ == "ExcludeConstraint"]
        made += [self._exclusion(k) for k in sorted(exclusions, key=lambda k: str(k.name))]
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            if not any(self._is_plain_index(index, column) for column in table.c):
                made.append(self._index(index))
        return made

    def table_options(self, table: Table) -> dict[str, str]:
        """
        Return what is given to a table by name.
        """
        made = {} if table.schema is None else {"schema": quoted(table.schema)}
        if table.comment is not None:
            made["comment"] = quoted(table.comment)
        for name, value in sorted(table.dialect_kwargs.items()):
            # MySQL tells the comment twice
            if not _is_nothing(name, value) and not name.endswith("_comment"):
                made[name] = self._value(value)
        return made

    def _usual_name(self, constraint: Any, names: list[str], kind: str) -> bool:
        """
        Tell whether the database would give a constraint the name that it has.
        """
        if constraint.name is None or constraint.comment:
            # a comment needs a name to be put to
            return constraint.name is None
        usual = "_".join([constraint.table.name, *names, kind])
        # names of 64 bytes and more are cut: https://www.postgresql.org/docs/current/limits.html
        return self.dialect.name == "postgresql" and constraint.name == usual and len(usual.encode()) < 64

    def _has_own_key(self, table: Table) -> bool:
        """
        Tell whether the primary key says more than its columns do.
        """
        key = table.primary_key
        if not key.columns:
            return False
        in_order = [column for column in table.c if column.primary_key] == list(key.columns)
        return not (
            in_order and self._usual_name(key, [], "pkey") and not self._options(key) and not key.comment
        )

    def _is_inline(self, key: ForeignKeyConstraint, column: Column[Any] | None = None) -> bool:
        return len(key.elements) == 1 and (column is None or key.elements[0].parent is column)

    def _is_plain_unique(self, item: Any, column: Column[Any]) -> bool:
        return (
            isinstance(item, UniqueConstraint)
            and list(item.columns) == [column]
            and self._usual_name(item, [column.name], "key")
            and not self._options(item)
            and not item.comment
        )

    def _is_plain_index(self, item: Index, column: Column[Any]) -> bool:
        return (
            list(item.expressions) == [column]
            and not item.unique
            and column.table.schema is None
            and item.name == f"ix_{column.table.name}_{column.name}"
            and not self._options(item)
        )

    def _named(self, item: Any, is_usual: bool = False) -> list[str]:
        made = [] if item.name is None or is_usual else [f"name={quoted(item.name)}"]
        for option in ("onupdate", "ondelete", "deferrable", "initially", "match", "comment"):
            value = getattr(item, option, None)
            if value is not None and value is not False:
                made.append(f"{option}={self._value(value)}")
        return made + self._options(item)

    def foreign_key(self, key: ForeignKeyConstraint) -> str:
        """
        Return a foreign key, of one column as what stands in it.
        """
        names = [column.name for column in key.columns]
        targets = [self._target(element.column) for element in key.elements]
        more = self._named(key, self._usual_name(key, names, "fkey"))
        if len(targets) == 1:
            return call(self.imports.name("relvar", "ForeignKey"), [targets[0], *more], "        ")
        listing = [f"[{', '.join(listed(names))}]", f"[{', '.join(targets)}]"]
        return call(self.imports.name("relvar", "ForeignKeyConstraint"), [*listing, *more], "        ")

    def _target(self, column: Column[Any]) -> str:
        table = column.table
        parts = [part for part in (table.schema, table.name, column.name) if part is not None]
        if not any("." in part for part in parts):
            return quoted(".".join(parts))
        schema = "None" if table.schema is None else quoted(table.schema)
        made = self.imports.name("relvar.schema", "ForeignKeyTarget")
        return f"{made}({schema}, {quoted(table.name)}, {quoted(column.name)})"

    def _primary_key(self, key: PrimaryKeyConstraint) -> str:
        names = listed([column.name for column in key.columns])
        more = self._named(key, self._usual_name(key, [], "pkey"))
        return call(self.imports.name("relvar", "PrimaryKeyConstraint"), [*names, *more], "        ")

    def _unique(self, constraint: UniqueConstraint) -> str:
        names = [column.name for column in constraint.columns]
        more = self._named(constraint, self._usual_name(constraint, names, "key"))
        return call(self.imports.name("relvar", "UniqueConstraint"), [*listed(names), *more], "        ")

    def _check(self, constraint: CheckConstraint) -> str:
        arguments = [sql_text(_text(constraint.sqltext)), *self._named(constraint)]
        return call(self.imports.name("relvar", "CheckConstraint"), arguments, "        ")

    def _exclusion(self, constraint: Any) -> str:
        name = self.imports.name("relvar.dialects.postgresql", "ExcludeConstraint")
        made = []
        for expression, _, operator in constraint._render_exprs:
            is_column = isinstance(expression, Column)
            element = quoted(expression.name) if is_column else self._sql(expression)
            made.append(f"({element}, {quoted(operator)})")
        made += [] if constraint.using is None else [f"using={quoted(constraint.using)}"]
        if constraint.where is not None:
            made.append(f"where={self._sql(constraint.where)}")
        return call(name, [*made, *self._named(constraint)], "        ")

    def _index(self, index: Index) -> str:
        elements = [
            quoted(expression.name) if isinstance(expression, Column) else self._sql(expression)
            for expression in index.expressions
        ]
        more = ["unique=True"] if index.unique else []
        arguments = [quoted(index.name or ""), *elements, *more, *self._options(index)]
        return call(self.imports.name("relvar", "Index"), arguments, "        ")

    def _sql(self, element: Any) -> str:
        """
        Return an expression as ``text()``.
        """
        text = getattr(element, "text", None)
        if text is None:
            text = str(
                element.compile(
                    dialect=self.dialect, compile_kwargs={"include_table": False, "literal_binds": True}
                )
            )
        return f"{self.imports.name('relvar', 'text')}({sql_text(text)})"

    def _options(self, item: Any) -> list[str]:
        """
        Return the options of one database, as ``postgresql_using="gin"``.
        """
        return [
            f"{name}={self._value(value)}"
            for name, value in sorted(item.dialect_kwargs.items())
            if not _is_nothing(name, value)
        ]

    def _value(self, value: Any) -> str:
        if isinstance(value, ClauseElement):
            return self._sql(value)
        return quoted(value) if isinstance(value, str) else repr(value).replace("'", '"')


def _text(element: Any) -> str:
    """
    Return the SQL of a default or condition as the database told it.
    """
    text = getattr(element, "text", None)
    return str(element if text is None else text)


def _columns(constraint: Any) -> list[Any]:
    return list(getattr(constraint, "columns", ()))


def _is_nothing(name: str, value: Any) -> bool:
    """
    Tell the value of an option that is as if it were not given.
    """
    return value is None or value == [] or value == {} or (value is False and not name.endswith("with_rowid"))


def _sequence(column: Column[Any]) -> str | None:
    """
    Return the sequence that a default of PostgreSQL takes its value of.
    """
    found = re.fullmatch(
        r"""nextval\('(?:(\w+)\.)?"?(\w+)"?'::regclass\)""", _text(getattr(column.server_default, "arg", ""))
    )
    return None if found is None else ".".join(part for part in found.groups() if part)
