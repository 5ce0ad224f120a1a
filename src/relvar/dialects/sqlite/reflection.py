"""
What a SQLite database tells about its tables.

PRAGMAs answer most questions; names of constraints, what they do on conflicts, and CHECK constraints are
only in the text of CREATE TABLE.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar import types as sqltypes
from relvar.dialect.answers import ReflectionDefaults, cache
from relvar.dialects.sqlite.catalog import Catalog
from relvar.expr.text import VerbatimText
from relvar.util import warn

if TYPE_CHECKING:
    from relvar.dialects.sqlite.create_text import ForeignKeyText, KeyText

__all__ = ["SQLiteReflection"]

# kind of type -> how many of the arguments it was declared with are its own
_ARGUMENTS: dict[Any, int] = {
    sqltypes.Boolean: 0,
    sqltypes.Date: 0,
    sqltypes.DateTime: 0,
    sqltypes.Float: 1,
    sqltypes.JSON: 0,
    sqltypes.String: 1,
    sqltypes.Time: 0,
}
_TYPE = re.compile(r"([\w ]+)(\(.*?\))?")


class SQLiteReflection(Catalog):
    """
    The reflection methods of SQLite's dialect.
    """

    ischema_names: Any

    reflects_index_expressions: bool = True
    """Whether indexes with expressions are reflected; else they are left out, with a warning."""

    @cache
    def get_schema_names(self, connection: Any, **kw: Any) -> list[str]:
        """
        Return the names of the attached databases.
        """
        rows = connection.exec_driver_sql("PRAGMA database_list")
        return [row[1] for row in rows if row[1] != "temp"]

    def _names_of_type(self, connection: Any, table: str, type_: str, internal: bool = False) -> list[str]:
        hide = "" if internal else " AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
        query = f"SELECT name FROM {table} WHERE type='{type_}'{hide} ORDER BY name"
        return [row[0] for row in connection.exec_driver_sql(query)]

    @cache
    def get_table_names(
        self,
        connection: Any,
        schema: str | None = None,
        sqlite_include_internal: bool = False,
        **kw: Any,
    ) -> list[str]:
        """
        Return the names of the tables.
        """
        return self._names_of_type(connection, self._master(schema), "table", sqlite_include_internal)

    @cache
    def get_temp_table_names(
        self, connection: Any, sqlite_include_internal: bool = False, **kw: Any
    ) -> list[str]:
        """
        Return the names of the temporary tables.
        """
        return self._names_of_type(connection, "sqlite_temp_master", "table", sqlite_include_internal)

    @cache
    def get_temp_view_names(
        self, connection: Any, sqlite_include_internal: bool = False, **kw: Any
    ) -> list[str]:
        """
        Return the names of the temporary views.
        """
        return self._names_of_type(connection, "sqlite_temp_master", "view", sqlite_include_internal)

    @cache
    def get_view_names(
        self,
        connection: Any,
        schema: str | None = None,
        sqlite_include_internal: bool = False,
        **kw: Any,
    ) -> list[str]:
        """
        Return the names of the views.
        """
        return self._names_of_type(connection, self._master(schema), "view", sqlite_include_internal)

    @cache
    def has_table(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> bool:
        """
        Tell whether there is a table or view of that name.
        """
        if self._is_known(table_name, schema, kw):
            return True
        if schema not in (None, "temp") and schema not in self.get_schema_names(connection, **kw):
            return False
        try:
            return bool(self._pragma(connection, "table_info", table_name, schema, kw))
        except exc.UnreflectableTableError:
            return True

    def _get_default_schema_name(self, connection: Any) -> str:
        return "main"

    @cache
    def get_view_definition(
        self, connection: Any, view_name: str, schema: str | None = None, **kw: Any
    ) -> str:
        """
        Return the text that created a view.

        Raises:
            NoSuchTableError: there is no such view.
        """
        found = self._sql_of(connection, "'view'", view_name, schema, kw)
        if found is None:
            raise _no_such_table(view_name, schema)
        return str(found[0])

    # -- columns

    @cache
    def get_columns(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """
        Return the columns of a table.

        Raises:
            NoSuchTableError: there is no such table.
        """
        columns = []
        rows = self._column_rows(connection, table_name, schema, kw)
        table = self._table_text(connection, table_name, schema, kw) if rows else None
        for _, name, type_, not_null, default, primary_key, hidden in rows:
            if table is None or hidden == 1:
                # a column of a virtual table that is no column
                continue
            spelled = table.column(name)
            is_generated = hidden in (2, 3)
            if is_generated:
                type_ = re.sub(r"\s*\b(?:generated|always)\b", "", type_, flags=re.I).strip()
            type_of_column = self._resolve_type_affinity(type_)
            if spelled.collation and isinstance(type_of_column, sqltypes.String):
                type_of_column.collation = spelled.collation
            column: dict[str, Any] = {
                "name": name,
                "type": type_of_column,
                "nullable": not not_null,
                "default": None if default is None else str(default),
                "primary_key": primary_key,
            }
            if is_generated:
                column["computed"] = {"sqltext": spelled.generated or "", "persisted": hidden == 3}
            options = {
                f"sqlite_on_conflict_{constraint}": conflict
                for constraint, conflict in (
                    ("not_null", spelled.not_null_conflict),
                    ("primary_key", spelled.key_conflict),
                )
                if conflict is not None
            }
            if options:
                column["dialect_options"] = options
            columns.append(column)
        if columns:
            return columns
        self._require(connection, table_name, schema, **kw)
        return ReflectionDefaults.columns()

    def _resolve_type_affinity(self, type_: str) -> sqltypes.TypeEngine[Any]:
        """
        Return the type of a column declared as *type_*, by SQLite's rules of affinity.

        Source: https://www.sqlite.org/datatype3.html#determination_of_column_affinity
        """
        match = _TYPE.match(type_.upper())
        declared, arguments = (match.group(1), match.group(2) or "") if match else ("", "")
        cls: Any
        if declared in self.ischema_names:
            cls = self.ischema_names[declared]
        elif "INT" in declared:
            cls = sqltypes.INTEGER
        elif "CHAR" in declared or "CLOB" in declared or "TEXT" in declared:
            cls = sqltypes.TEXT
        elif "BLOB" in declared or not declared:
            cls = sqltypes.NullType
        elif "REAL" in declared or "FLOA" in declared or "DOUB" in declared:
            cls = sqltypes.REAL
        else:
            cls = sqltypes.NUMERIC
        numbers = re.findall(r"\d+", arguments)
        # SQLite passes over arguments, and so over those that the class has another meaning for
        kept = next((count for kind, count in _ARGUMENTS.items() if issubclass(cls, kind)), None)
        numbers = numbers[:kept]
        try:
            made: sqltypes.TypeEngine[Any] = cls(*(int(number) for number in numbers))
        except TypeError:
            warn(f"Could not instantiate type {cls} with reflected arguments {numbers}; using no arguments.")
            made = cls()
        return made

    # -- keys and constraints

    @cache
    def get_pk_constraint(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> dict[str, Any]:
        """
        Return the primary key of a table.

        Raises:
            NoSuchTableError: there is no such table.
        """
        rows = self._column_rows(connection, table_name, schema, kw)
        keys = sorted((row[5], row[1]) for row in rows if row[5])
        if not keys:
            self._require(connection, table_name, schema, **kw)
            return ReflectionDefaults.pk_constraint()
        spelled = self._table_text(connection, table_name, schema, kw).primary_key
        key: dict[str, Any] = {
            "constrained_columns": [name for _, name in keys],
            "name": spelled.name if spelled else None,
        }
        if spelled and spelled.conflict and not spelled.is_inline:
            key["dialect_options"] = {"sqlite_on_conflict": spelled.conflict}
        return key

    @cache
    def get_foreign_keys(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """
        Return the foreign keys of a table, those with names in order of their text.
        """
        rows = self._pragma(connection, "foreign_key_list", table_name, schema, kw)
        if not rows:
            self._require(connection, table_name, schema, **kw)
            return ReflectionDefaults.foreign_keys()
        keys: dict[int, dict[str, Any]] = {}
        for number, _seq, target, local, remote, on_update, on_delete, *_ in rows:
            key = keys.get(number)
            if key is None:
                actions = {"onupdate": on_update, "ondelete": on_delete}
                keys[number] = key = {
                    "name": None,
                    "constrained_columns": [],
                    "referred_schema": schema,
                    "referred_table": target,
                    "referred_columns": [],
                    "options": {event: did for event, did in actions.items() if did != "NO ACTION"},
                }
                if remote is None:
                    key["referred_columns"] = self._implied_columns(connection, target, schema, kw)
            key["constrained_columns"].append(local)
            if remote is not None:
                key["referred_columns"].append(remote)

        # SQLite lists the last one first
        listed = list(reversed(keys.values()))
        found = []
        for spelled in self._table_text(connection, table_name, schema, kw).foreign_keys:
            described = next((key for key in listed if _is_spelled(spelled, key)), None)
            if described is None:
                columns = ", ".join(spelled.columns)
                warn(
                    f"The foreign key ({columns}) to {spelled.table!r} in the text of table "
                    f"{table_name!r} is not among those that SQLite lists for it"
                )
                continue
            described["name"], described["options"] = spelled.name, dict(spelled.options)
            if not spelled.is_inline:
                listed.remove(described)
                found.append(described)
        found.extend(reversed(listed))
        return found

    def _implied_columns(
        self, connection: Any, target: str, schema: str | None, kw: dict[str, Any]
    ) -> list[str]:
        """
        Return the primary key of *target*: what ``REFERENCES target`` refers to.
        """
        try:
            key = self.get_pk_constraint(connection, target, schema=schema, **kw)
        except exc.NoSuchTableError:
            return []
        return list(key["constrained_columns"])

    @cache
    def get_unique_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """
        Return the unique constraints of a table.
        """
        automatic: dict[tuple[str, ...], list[str]] = {}
        unspelled: dict[tuple[str, ...], list[str]] = {}
        for row in reversed(self._pragma(connection, "index_list", table_name, schema, kw)):
            name, origin = row[1], row[3]
            if origin in ("u", "pk"):
                columns = [key[2] for key in self._key_rows(connection, name, schema, kw)]
                # one index serves all constraints over the same columns, the primary key among them
                automatic[_folded(columns)] = columns
                if origin == "u":
                    unspelled[_folded(columns)] = columns
        spelled_keys = self._table_text(connection, table_name, schema, kw).uniques
        # those of the table before those of columns
        found = []
        for spelled in sorted(spelled_keys, key=lambda key: key.is_inline):
            described = automatic.get(_folded(spelled.columns))
            if described is not None:
                unspelled.pop(_folded(spelled.columns), None)
                found.append(_unique_constraint(described, spelled))
        # spelled in a way that is not understood: the index tells the columns
        found.extend(_unique_constraint(columns, None) for columns in unspelled.values())
        if found:
            return found
        self._require(connection, table_name, schema, **kw)
        return ReflectionDefaults.unique_constraints()

    @cache
    def get_check_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """
        Return the CHECK constraints of a table, unnamed ones last.
        """
        checks: list[dict[str, Any]] = []
        for spelled in self._table_text(connection, table_name, schema, kw).checks:
            check: dict[str, Any] = {"sqltext": spelled.sqltext, "name": spelled.name}
            if spelled.conflict is not None:
                check["dialect_options"] = {"sqlite_on_conflict": spelled.conflict}
            checks.append(check)
        if not checks:
            self._require(connection, table_name, schema, **kw)
            return ReflectionDefaults.check_constraints()
        checks.sort(key=lambda check: check["name"] or "~")
        return checks

    @cache
    def get_indexes(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """
        Return the indexes of a table, without those SQLite makes for constraints.
        """
        with_automatic = kw.pop("include_auto_indexes", False)
        indexes = []
        for row in self._pragma(connection, "index_list", table_name, schema, kw):
            name, unique, is_partial = row[1], row[2], row[4]
            if not with_automatic and name.startswith("sqlite_autoindex"):
                continue
            index = self._index(connection, name, schema, bool(is_partial), kw)
            if index is not None:
                index["unique"] = unique
                indexes.append(index)
        indexes.sort(key=lambda index: index["name"] or "~")
        if indexes:
            return indexes
        self._require(connection, table_name, schema, **kw)
        return ReflectionDefaults.indexes()

    def _key_rows(self, connection: Any, index: str, schema: str | None, kw: dict[str, Any]) -> list[Any]:
        """
        Return the rows about what an index is ordered by: place, column's number and name, whether DESC.
        """
        return [row for row in self._pragma(connection, "index_xinfo", index, schema, kw) if row[5]]

    def _index(
        self, connection: Any, name: str, schema: str | None, is_partial: bool, kw: dict[str, Any]
    ) -> dict[str, Any] | None:
        """
        Return the description of an index; None, with a warning, if its expressions can't be read.
        """
        rows = self._key_rows(connection, name, schema, kw)
        columns = [row[2] for row in rows]
        index: dict[str, Any] = {"name": name, "column_names": columns, "unique": 0, "dialect_options": {}}
        expressions = columns
        if is_partial or None in columns:
            spelled = self._index_text(connection, name, schema, kw)
            if None in columns:
                if len(spelled.items) != len(columns) or not self.reflects_index_expressions:
                    warn(f"Skipped unsupported reflection of expression-based index {name}")
                    return None
                pairs = zip(columns, spelled.items)
                expressions = [item if column is None else column for column, item in pairs]
                index["expressions"] = expressions
            if spelled.where is not None:
                index["dialect_options"]["sqlite_where"] = VerbatimText(spelled.where)
            elif is_partial:
                warn(f"Failed to look up filter predicate of partial index {name}")
        descending = {key: ("desc",) for key, row in zip(expressions, rows) if row[3]}
        if descending:
            index["column_sorting"] = descending
        return index

    @cache
    def get_table_options(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> dict[str, Any]:
        """
        Return whether a table is WITHOUT ROWID, STRICT and numbered by AUTOINCREMENT.
        """
        table = self._table_text(connection, table_name, schema, kw)
        options: dict[str, Any] = {}
        if not table.has_rowid:
            options["sqlite_with_rowid"] = False
        if table.is_strict:
            options["sqlite_strict"] = True
        if any(column.autoincrement for column in table.columns.values()):
            options["sqlite_autoincrement"] = True
        if not options:
            self._require(connection, table_name, schema, **kw)
        return options

    def _require(self, connection: Any, table_name: str, schema: str | None, **kw: Any) -> None:
        """
        Raise NoSuchTableError unless the table exists.
        """
        if not self.has_table(connection, table_name, schema, **kw):
            raise _no_such_table(table_name, schema)


def _no_such_table(table_name: str, schema: str | None) -> exc.NoSuchTableError:
    return exc.NoSuchTableError(f"{schema}.{table_name}" if schema else table_name)


def _folded(names: list[str]) -> tuple[str, ...]:
    """
    Return names as SQLite compares them.
    """
    return tuple(str(name).lower() for name in names)


def _is_spelled(spelled: ForeignKeyText, described: dict[str, Any]) -> bool:
    """
    Tell whether the text of a foreign key is that of one SQLite listed.
    """
    return (
        described["name"] is None
        and spelled.table.lower() == described["referred_table"].lower()
        and _folded(spelled.columns) == _folded(described["constrained_columns"])
        and (not spelled.referred or _folded(spelled.referred) == _folded(described["referred_columns"]))
    )


def _unique_constraint(columns: list[str], spelled: KeyText | None) -> dict[str, Any]:
    described: dict[str, Any] = {"name": spelled.name if spelled else None, "column_names": columns}
    if spelled and spelled.conflict:
        described["dialect_options"] = {"sqlite_on_conflict": spelled.conflict}
    return described
