"""
What Firebird tells about tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from relvar import exc
from relvar import types as sqltypes
from relvar.dialect.answers import ReflectionDefaults, cache
from relvar.dialect.inspector import Inspector
from relvar.dialects.firebird import types as fbtypes
from relvar.dialects.firebird.catalog import Catalog, trimmed
from relvar.util.warning import warn

__all__ = ["FBInspector", "FBReflection"]

# how Firebird names the constraints that a program does not name
_UNNAMED = re.compile(r"INTEG_\d+\Z")
_DEFAULT = re.compile(r"\s*DEFAULT\s+", re.IGNORECASE)
_CHECK = re.compile(r"\s*CHECK\s*\((.*)\)\s*\Z", re.IGNORECASE | re.DOTALL)
_TABLES, _VIEW, _TEMPORARY = (0, 2), (1,), (4, 5)

_WHOLE = {7: fbtypes.FBSMALLINT, 8: fbtypes.FBINTEGER, 16: fbtypes.FBBIGINT, 26: fbtypes.FBINT128}
_EXACT = {1: fbtypes.FBNUMERIC, 2: fbtypes.FBDECIMAL}
_SIMPLE: dict[int, Callable[[], Any]] = {
    10: fbtypes.FBFLOAT,
    12: fbtypes.FBDATE,
    13: fbtypes.FBTIME,
    23: fbtypes.FBBOOLEAN,
    24: lambda: fbtypes.FBDECFLOAT(16),
    25: lambda: fbtypes.FBDECFLOAT(34),
    27: fbtypes.FBDOUBLE_PRECISION,
    28: lambda: fbtypes.FBTIME(timezone=True),
    29: lambda: fbtypes.FBTIMESTAMP(timezone=True),
    35: fbtypes.FBTIMESTAMP,
}
_TEXTS = {14: fbtypes.FBCHAR, 37: fbtypes.FBVARCHAR, 40: fbtypes.FBVARCHAR}
_BYTES = {14: fbtypes.FBBINARY, 37: fbtypes.FBVARBINARY, 40: fbtypes.FBVARBINARY}
_BLOB = 261

_DOMAINS = (
    "SELECT f.rdb$field_name, COALESCE(f.rdb$null_flag, 0), f.rdb$default_source, f.rdb$validation_source, "
    "f.rdb$description, f.rdb$field_type, f.rdb$field_sub_type, f.rdb$field_length, f.rdb$character_length, "
    "f.rdb$field_precision, f.rdb$field_scale, cs.rdb$character_set_name, IIF(cs.rdb$character_set_name = "
    "d.rdb$character_set_name, 1, 0), IIF(co.rdb$collation_name = cs.rdb$default_collate_name, NULL, "
    "co.rdb$collation_name) FROM rdb$fields f CROSS JOIN rdb$database d "
    "LEFT JOIN rdb$character_sets cs ON cs.rdb$character_set_id = f.rdb$character_set_id "
    "LEFT JOIN rdb$collations co ON co.rdb$character_set_id = f.rdb$character_set_id AND "
    "co.rdb$collation_id = f.rdb$collation_id "
    "WHERE COALESCE(f.rdb$system_flag, 0) = 0 AND f.rdb$field_name NOT STARTING WITH 'RDB$' "
    "ORDER BY f.rdb$field_name"
)


class FBInspector(Inspector):
    """
    The inspector of Firebird, with what only it has.
    """

    def get_domains(self) -> list[dict[str, Any]]:
        """
        Return the domains: name, type, nullable, default, check and comment of each.
        """
        with self._operation_context() as connection:
            return self.dialect._load_domains(  # type: ignore[no-any-return]  # of the dialect
                connection, info_cache=self.info_cache
            )


class FBReflection(Catalog):
    """
    The reflection methods of Firebird's dialect.
    """

    def _name(self, stored: Any) -> Any:
        return self.normalize_name(trimmed(stored))

    # -- names

    @cache
    def get_schema_names(self, connection: Any, **kw: Any) -> list[str]:
        """
        Return no names: there are no schemas.
        """
        return []

    @cache
    def _relations(self, connection: Any, **kw: Any) -> list[tuple[str, int]]:
        rows = connection.exec_driver_sql(
            "SELECT rdb$relation_name, COALESCE(rdb$relation_type, 0) FROM rdb$relations "
            "WHERE COALESCE(rdb$system_flag, 0) = 0 ORDER BY rdb$relation_name"
        )
        return [(self._name(name), kind) for name, kind in rows]

    def _names_of_kind(self, connection: Any, kinds: tuple[int, ...], kw: dict[str, Any]) -> list[str]:
        found = self._relations(connection, info_cache=kw.get("info_cache"))
        return [name for name, kind in found if kind in kinds]

    @cache
    def get_table_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """
        Return the names of the tables; those of temporary ones are apart.
        """
        return self._names_of_kind(connection, _TABLES, kw)

    @cache
    def get_temp_table_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """
        Return the names of the global temporary tables.
        """
        return self._names_of_kind(connection, _TEMPORARY, kw)

    @cache
    def get_view_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """
        Return the names of the views.
        """
        return self._names_of_kind(connection, _VIEW, kw)

    @cache
    def get_sequence_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """
        Return the names of the sequences, which are called generators too.
        """
        rows = connection.exec_driver_sql(
            "SELECT rdb$generator_name FROM rdb$generators WHERE COALESCE(rdb$system_flag, 0) = 0 "
            "ORDER BY rdb$generator_name"
        )
        return [self._name(row[0]) for row in rows]

    @cache
    def has_table(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> bool:
        """
        Tell whether there is a table or view of that name.
        """
        self._ensure_has_table_connection(connection)
        return schema is None and bool(self._catalog_rows("relations", connection, table_name, **kw))

    @cache
    def has_sequence(self, connection: Any, sequence_name: str, schema: str | None = None, **kw: Any) -> bool:
        """
        Tell whether there is a sequence of that name.
        """
        query = "SELECT 1 FROM rdb$generators WHERE rdb$generator_name = ?"
        stored = str(self.denormalize_name(sequence_name))
        return connection.exec_driver_sql(query, (stored,)).first() is not None

    @cache
    def get_view_definition(
        self, connection: Any, view_name: str, schema: str | None = None, **kw: Any
    ) -> str:
        """
        Return the SELECT of a view.

        Raises:
            NoSuchTableError: there is no such view.
        """
        for _, _, source in self._catalog_rows("relations", connection, view_name, **kw):
            if source is not None:
                return str(source)
        raise exc.NoSuchTableError(view_name)

    def _some_rows(self, catalog: str, connection: Any, table_name: str, kw: dict[str, Any]) -> list[Any]:
        """
        Return a catalog's rows about a table that is there.

        Raises:
            NoSuchTableError: there is no such table.
        """
        rows = self._catalog_rows(catalog, connection, table_name, **kw)
        if not rows and not self._catalog_rows("relations", connection, table_name, **kw):
            raise exc.NoSuchTableError(table_name)
        return rows

    # -- columns

    @cache
    def get_columns(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """
        Return the columns of a table; ``domain`` is the name of a column's domain.

        Raises:
            NoSuchTableError: there is no such table.
        """
        return [self._column(row) for row in self._some_rows("columns", connection, table_name, kw)]

    def _column(self, row: Any) -> dict[str, Any]:
        name, source, not_null, default, comment, computed, *rest = row
        *described, always, start, increment = rest
        name = self._name(name)
        column: dict[str, Any] = {
            "name": name,
            "type": self._reflected_type(name, *described),
            "nullable": not not_null,
            "default": None if default is None else _DEFAULT.sub("", default, count=1),
            "comment": comment,
        }
        if not source.startswith("RDB$"):
            column["domain"] = self._name(source)
        if computed is not None:
            column["computed"] = {"sqltext": computed, "persisted": False}
        if always is not None:
            # Firebird 3 adds the increment before it gives the first number
            first = start if (self.server_version_info or (5,)) >= (4,) else start + increment
            column["autoincrement"] = True
            column["identity"] = {"always": always == 0, "start": first, "increment": increment}
        return column

    def _reflected_type(
        self,
        name: str,
        number: int,
        subtype: int | None,
        size: int,
        characters: int | None,
        precision: int | None,
        scale: int | None,
        charset: str | None,
        is_default_charset: int,
        collation: str | None,
    ) -> sqltypes.TypeEngine[Any]:
        charset, collation = trimmed(charset), trimmed(collation)
        shown = None if is_default_charset else charset
        made: Any
        if number in _WHOLE:
            if scale:
                kind = _EXACT.get(subtype or 1, fbtypes.FBNUMERIC)
                made = kind(precision or 18, -scale)
            else:
                made = _EXACT[subtype](precision, 0) if subtype in _EXACT and precision else _WHOLE[number]()
        elif number in _SIMPLE:
            made = _SIMPLE[number]()
        elif number in _TEXTS:
            if charset == "OCTETS":
                made = _BYTES[number](size)
            else:
                made = _TEXTS[number](characters or size, charset=shown, collation=collation)
        elif number == _BLOB:
            if subtype == 1:
                made = fbtypes.FBTEXT(charset=shown, collation=collation)
            else:
                made = fbtypes.FBBLOB(subtype or None)
        else:
            warn(f"Did not recognize type {number} of column '{name}'")
            made = sqltypes.NULLTYPE
        return made  # type: ignore[no-any-return]  # of one of these classes

    # -- keys

    @cache
    def _keys(self, connection: Any, table_name: str, kind: str, **kw: Any) -> list[dict[str, Any]]:
        """
        Return the constraints of a kind: name, columns, and what a foreign key refers to.
        """
        found: dict[str, dict[str, Any]] = {}
        for key_kind, name, column, table, referred, on_update, on_delete in self._some_rows(
            "keys", connection, table_name, kw
        ):
            if key_kind.rstrip() != kind:
                continue
            key = found.setdefault(
                name,
                {
                    "name": None if _UNNAMED.match(name.rstrip()) else self._name(name),
                    "columns": [],
                    "table": self._name(table),
                    "referred": [],
                    "rules": {"onupdate": trimmed(on_update), "ondelete": trimmed(on_delete)},
                },
            )
            key["columns"].append(self._name(column))
            key["referred"].append(self._name(referred))
        return list(found.values())

    @cache
    def get_pk_constraint(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> dict[str, Any]:
        """
        Return the primary key of a table.
        """
        for key in self._keys(connection, table_name, "PRIMARY KEY", **kw):
            return {"constrained_columns": key["columns"], "name": key["name"]}
        return ReflectionDefaults.pk_constraint()

    @cache
    def get_unique_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """
        Return the unique constraints of a table.
        """
        return [
            {"name": key["name"], "column_names": key["columns"]}
            for key in self._keys(connection, table_name, "UNIQUE", **kw)
        ]

    @cache
    def get_foreign_keys(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """
        Return the foreign keys of a table.
        """
        return [
            {
                "name": key["name"],
                "constrained_columns": key["columns"],
                "referred_schema": None,
                "referred_table": key["table"],
                "referred_columns": key["referred"],
                "options": {
                    # what happens if nothing is said
                    option: rule
                    for option, rule in key["rules"].items()
                    if rule not in (None, "RESTRICT", "NO ACTION")
                },
            }
            for key in self._keys(connection, table_name, "FOREIGN KEY", **kw)
        ]

    # -- indexes and checks

    @cache
    def get_indexes(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """
        Return the indexes of a table, but those that constraints have.
        """
        found: dict[str, dict[str, Any]] = {}
        for name, unique, descending, expression, where, column in self._some_rows(
            "indexes", connection, table_name, kw
        ):
            index = found.get(name)
            if index is None:
                found[name] = index = {
                    "name": self._name(name),
                    "column_names": [],
                    "unique": bool(unique),
                    "dialect_options": {},
                }
                if descending:
                    index["dialect_options"]["firebird_descending"] = True
                    index["column_sorting"] = {}
                if where is not None:
                    index["dialect_options"]["firebird_where"] = re.sub(r"(?i)^\s*where\s+", "", where)
                if expression is not None:
                    index["column_names"].append(None)
                    index["expressions"] = [expression]
            if column is not None:
                index["column_names"].append(self._name(column))
            if descending and (column or expression):
                index["column_sorting"][self._name(column) or expression] = ("desc",)
        return list(found.values())

    @cache
    def get_check_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """
        Return the CHECK constraints of a table.
        """
        return [
            {
                "name": None if _UNNAMED.match(name.rstrip()) else self._name(name),
                "sqltext": _condition(source),
            }
            for name, source in self._some_rows("checks", connection, table_name, kw)
        ]

    @cache
    def get_table_comment(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> dict[str, Any]:
        """
        Return the comment of a table.
        """
        rows = self._some_rows("relations", connection, table_name, kw)
        return {"text": rows[0][1]}

    # -- domains

    @cache
    def _load_domains(self, connection: Any, **kw: Any) -> list[dict[str, Any]]:
        domains = []
        for name, not_null, default, check, comment, *described in connection.exec_driver_sql(_DOMAINS):
            shown = self._name(name)
            domains.append(
                {
                    "name": shown,
                    "type": self._reflected_type(shown, *described),
                    "nullable": not not_null,
                    "default": None if default is None else _DEFAULT.sub("", default, count=1),
                    "check": None if check is None else _condition(check),
                    "comment": comment,
                }
            )
        return domains


def _condition(source: str) -> str:
    """
    Return what stands in the parentheses of a CHECK.
    """
    found = _CHECK.match(source)
    return found.group(1).strip() if found else source.strip()
