"""
What SAP ASE and SQL Anywhere tell about tables: the answers made of the rows of `catalog`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from relvar import exc
from relvar import types as sqltypes
from relvar.dialect.answers import ReflectionDefaults, cache
from relvar.dialects.sybase.catalog import ANYWHERE, ASE, ASE_KEYS
from relvar.expr.text import text
from relvar.util.warning import warn

__all__ = ["AnywhereReflection", "AseReflection"]

# syscolumns.status
_NULLABLE, _IDENTITY = 8, 128
# sysindexes.status: unique, of the primary key; status2: of a key that is a constraint
_UNIQUE, _PRIMARY, _CONSTRAINT = 2, 2048, 2
# UTF-16: two bytes per character
_WIDE = ("unichar", "univarchar")
_DEFAULT = re.compile(r"\s*DEFAULT\s+", re.IGNORECASE)
_COMPUTED = re.compile(r"\s*AS\s+", re.IGNORECASE)
_CHECK = re.compile(r"\s*(?:CONSTRAINT\s+\S+\s+)?CHECK\s*\((.*)\)\s*$", re.IGNORECASE | re.DOTALL)
# SYSIDX.index_category, and "unique" of a constraint
_PRIMARY_KEY, _FOREIGN_KEY, _TEXT = 1, 2, 4
_UNIQUE_INDEX, _UNIQUE_CONSTRAINT, _UNIQUE_NULLS = 1, 2, 5
_ACTIONS = {"C": "CASCADE", "N": "SET NULL", "D": "SET DEFAULT"}


class _SybaseReflection:
    """
    What is asked of both in the same way.
    """

    _catalog: Mapping[str, str]
    default_schema_name: str | None
    ischema_names: Mapping[str, Any]

    def _rows(
        self, connection: Any, question: str, schema: str | None = None, name: str | None = None
    ) -> list[Any]:
        query = text(self._catalog[question])
        given = {"owner": schema or self.default_schema_name, "name": name}
        return list(connection.execute(query, {key: given[key] for key in query._bindparams}))

    def _names(self, connection: Any, question: str, schema: str | None) -> list[str]:
        return [row[0] for row in self._rows(connection, question, schema)]

    @cache
    def get_schema_names(self, connection: Any, **kw: Any) -> list[str]:
        """List the users, each of whom has a schema."""
        return self._names(connection, "schemas", None)

    @cache
    def get_table_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """List the tables."""
        return self._names(connection, "tables", schema)

    @cache
    def get_view_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """List the views."""
        return self._names(connection, "views", schema)

    @cache
    def has_table(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> bool:
        """Tell whether there is a table or view of that name."""
        return bool(self._rows(connection, "objects", schema, table_name))

    def _check_exists(self, connection: Any, table_name: str, schema: str | None, **kw: Any) -> None:
        if not self.has_table(connection, table_name, schema=schema, info_cache=kw.get("info_cache")):
            raise exc.NoSuchTableError(f"{schema}.{table_name}" if schema else table_name)

    @cache
    def get_view_definition(
        self, connection: Any, view_name: str, schema: str | None = None, **kw: Any
    ) -> str:
        """
        Return the statement that made a view.

        Raises:
            NoSuchTableError: there is no such view.
        """
        parts = [row[0] for row in self._rows(connection, "definition", schema, view_name)]
        if not parts:
            raise exc.NoSuchTableError(f"{schema}.{view_name}" if schema else view_name)
        return "".join(parts)

    def _referred_schema(self, schema: str | None, owner: str) -> str | None:
        return None if schema is None and owner == self.default_schema_name else owner

    def _unknown_type(self, name: str, column: str) -> Any:
        warn(f"Did not recognize type '{name}' of column '{column}'")
        return sqltypes.NULLTYPE


class AseReflection(_SybaseReflection):
    """
    The reflection methods of SAP ASE.
    """

    _catalog = ASE

    @cache
    def get_columns(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """
        Return the columns of a table.

        Raises:
            NoSuchTableError: there is no such table.
        """
        self._check_exists(connection, table_name, schema, **kw)
        return [self._column(*row) for row in self._rows(connection, "columns", schema, table_name)]

    def _column(
        self,
        name: str,
        type_name: str,
        length: int,
        precision: int | None,
        scale: int | None,
        status: int,
        default: str | None,
        computed: str | None,
    ) -> dict[str, Any]:
        column: dict[str, Any] = {
            "name": name,
            "type": self._type(name, type_name, length, precision, scale),
            "nullable": bool(status & _NULLABLE),
            "default": None if default is None else _DEFAULT.sub("", default, count=1).strip(),
            "autoincrement": bool(status & _IDENTITY),
        }
        if computed is not None:
            column["computed"] = {"sqltext": _COMPUTED.sub("", computed, count=1).strip()}
        return column

    def _type(self, column: str, name: str, length: int, precision: int | None, scale: int | None) -> Any:
        # types that allow NULL have names of their own for the server: intn, datetimn, ...
        found = self.ischema_names.get(name)
        if found is None:
            return self._unknown_type(name, column)
        if name in ("numeric", "decimal"):
            return found(precision, scale)
        if issubclass(found, (sqltypes.String, sqltypes._Binary)) and not issubclass(
            found, (sqltypes.Text, sqltypes.LargeBinary)
        ):
            return found(length // 2 if name in _WIDE else length)
        return found()

    def _indexes(self, connection: Any, table_name: str, schema: str | None, **kw: Any) -> list[Any]:
        """
        Return name, status, status2 and columns of each index.
        """
        self._check_exists(connection, table_name, schema, **kw)
        rows = self._rows(connection, "indexes", schema, table_name)
        return [
            (name, status, status2, [key for key in keys if key is not None])
            for name, status, status2, *keys in rows
        ]

    @cache
    def get_pk_constraint(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> dict[str, Any]:
        """Return the primary key of a table."""
        for name, status, _, columns in self._indexes(connection, table_name, schema, **kw):
            if status & _PRIMARY:
                return {"name": name, "constrained_columns": columns}
        return ReflectionDefaults.pk_constraint()

    @cache
    def get_indexes(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """Return the indexes of a table, but that of its primary key."""
        indexes = []
        for name, status, status2, columns in self._indexes(connection, table_name, schema, **kw):
            if status & _PRIMARY:
                continue
            index = {"name": name, "column_names": columns, "unique": bool(status & _UNIQUE)}
            if status2 & _CONSTRAINT:
                index["duplicates_constraint"] = name
            indexes.append(index)
        return indexes

    @cache
    def get_unique_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """Return the unique constraints of a table."""
        return [
            {"name": name, "column_names": columns, "duplicates_index": name}
            for name, status, status2, columns in self._indexes(connection, table_name, schema, **kw)
            if status2 & _CONSTRAINT and not status & _PRIMARY
        ]

    @cache
    def get_foreign_keys(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """Return the foreign keys of a table, but those to another database."""
        self._check_exists(connection, table_name, schema, **kw)
        own = dict(map(tuple, self._rows(connection, "column_names", schema, table_name)))
        keys = []
        for name, owner, referred, count, *ids in self._rows(connection, "foreign_keys", schema, table_name):
            theirs = dict(map(tuple, self._rows(connection, "column_names", owner, referred)))
            pairs = [(ids[2 * (key - 1)], ids[2 * (key - 1) + 1]) for key in ASE_KEYS if key <= count]
            keys.append(
                {
                    "name": name,
                    "constrained_columns": [own[foreign] for foreign, _ in pairs],
                    "referred_schema": self._referred_schema(schema, owner),
                    "referred_table": referred,
                    "referred_columns": [theirs[primary] for _, primary in pairs],
                    "options": {},
                }
            )
        return keys

    @cache
    def get_check_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """Return the CHECK constraints of a table."""
        self._check_exists(connection, table_name, schema, **kw)
        parts: dict[str, str] = {}
        for name, part in self._rows(connection, "checks", schema, table_name):
            parts[name] = parts.get(name, "") + part
        return [{"name": name, "sqltext": _condition(whole)} for name, whole in parts.items()]


def _condition(whole: str) -> str:
    found = _CHECK.match(whole)
    return whole.strip() if found is None else found[1].strip()


class AnywhereReflection(_SybaseReflection):
    """
    The reflection methods of SQL Anywhere.
    """

    _catalog = ANYWHERE
    denormalize_name: Callable[[str | None], str | None]

    @cache
    def get_temp_table_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """List the global temporary tables."""
        return self._names(connection, "temporary_tables", schema)

    @cache
    def get_materialized_view_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """List the materialized views."""
        return self._names(connection, "materialized_views", schema)

    @cache
    def get_sequence_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """List the sequences."""
        return self._names(connection, "sequences", schema)

    @cache
    def has_sequence(self, connection: Any, sequence_name: str, schema: str | None = None, **kw: Any) -> bool:
        """Tell whether there is a sequence of that name."""
        return sequence_name in self.get_sequence_names(connection, schema=schema)

    @cache
    def get_columns(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """
        Return the columns of a table.

        Raises:
            NoSuchTableError: there is no such table.
        """
        self._check_exists(connection, table_name, schema, **kw)
        columns = []
        for name, kind, width, scale, nulls, default, column_type, comment in self._rows(
            connection, "columns", schema, table_name
        ):
            is_numbered = default is not None and default.lower() in ("autoincrement", "identity")
            column: dict[str, Any] = {
                "name": name,
                "type": self._type(name, kind, width, scale),
                "nullable": nulls == "Y",
                "default": None if is_numbered or column_type == "C" else default,
                "autoincrement": is_numbered,
                "comment": comment,
            }
            if column_type == "C":
                column["computed"] = {"sqltext": default, "persisted": True}
            columns.append(column)
        return columns

    def _type(self, column: str, name: str, width: int, scale: int) -> Any:
        found = self.ischema_names.get(name)
        if found is None:
            return self._unknown_type(name, column)
        if name in ("numeric", "decimal"):
            return found(width, scale)
        if name.startswith("timestamp"):
            return found(timezone=name.endswith("time zone"))
        if issubclass(found, (sqltypes.String, sqltypes._Binary)) and not issubclass(
            found, (sqltypes.Text, sqltypes.LargeBinary)
        ):
            return found(width)
        return found()

    def _indexes(self, connection: Any, table_name: str, schema: str | None, **kw: Any) -> dict[str, Any]:
        """
        Return category, uniqueness and pairs of column and order of each index.
        """
        self._check_exists(connection, table_name, schema, **kw)
        found: dict[str, Any] = {}
        for name, category, unique, column, order in self._rows(connection, "indexes", schema, table_name):
            found.setdefault(name, (category, unique, []))[2].append((column, order))
        return found

    @cache
    def get_pk_constraint(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> dict[str, Any]:
        """Return the primary key of a table."""
        for name, (category, _, columns) in self._indexes(connection, table_name, schema, **kw).items():
            if category == _PRIMARY_KEY:
                return {"name": name, "constrained_columns": [column for column, _ in columns]}
        return ReflectionDefaults.pk_constraint()

    @cache
    def get_indexes(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """Return the indexes of a table, but those of keys and of full text."""
        indexes = []
        for name, (category, unique, columns) in self._indexes(connection, table_name, schema, **kw).items():
            if category in (_PRIMARY_KEY, _FOREIGN_KEY, _TEXT):
                continue
            index: dict[str, Any] = {
                "name": name,
                "column_names": [column for column, _ in columns],
                "unique": unique in (_UNIQUE_INDEX, _UNIQUE_CONSTRAINT, _UNIQUE_NULLS),
            }
            descending = {column: ("desc",) for column, order in columns if order == "D"}
            if descending:
                index["column_sorting"] = descending
            if unique == _UNIQUE_CONSTRAINT:
                index["duplicates_constraint"] = name
            indexes.append(index)
        return indexes

    @cache
    def get_unique_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """Return the unique constraints of a table."""
        return [
            {"name": name, "column_names": [column for column, _ in columns], "duplicates_index": name}
            for name, (_, unique, columns) in self._indexes(connection, table_name, schema, **kw).items()
            if unique == _UNIQUE_CONSTRAINT
        ]

    @cache
    def get_foreign_keys(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """Return the foreign keys of a table."""
        self._check_exists(connection, table_name, schema, **kw)
        keys: dict[str, dict[str, Any]] = {}
        for name, owner, referred, column, target, action in self._rows(
            connection, "foreign_keys", schema, table_name
        ):
            if name not in keys:
                keys[name] = {
                    "name": name,
                    "constrained_columns": [],
                    "referred_schema": self._referred_schema(schema, owner),
                    "referred_table": referred,
                    "referred_columns": [],
                    "options": {"ondelete": _ACTIONS[action]} if action in _ACTIONS else {},
                }
            keys[name]["constrained_columns"].append(column)
            keys[name]["referred_columns"].append(target)
        return list(keys.values())

    @cache
    def get_check_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """Return the CHECK constraints of a table."""
        self._check_exists(connection, table_name, schema, **kw)
        rows = self._rows(connection, "checks", schema, table_name)
        return [{"name": name, "sqltext": _condition(whole)} for name, whole in rows]

    @cache
    def get_table_comment(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> dict[str, Any]:
        """Return the comment of a table."""
        self._check_exists(connection, table_name, schema, **kw)
        rows = self._rows(connection, "comment", schema, table_name)
        return {"text": rows[0][0]} if rows else ReflectionDefaults.table_comment()
