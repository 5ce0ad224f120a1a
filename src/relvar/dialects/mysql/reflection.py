"""
What MySQL and MariaDB tell about tables.

The catalogs of ``information_schema`` answer most questions.  Where they differ between the two
servers (defaults, generated columns), the dialect's ``is_mariadb`` decides.

Source: https://mariadb.com/kb/en/information-schema-tables/,
https://dev.mysql.com/doc/refman/8.4/en/information-schema.html
"""

from __future__ import annotations

import re
from typing import Any

from relvar import exc
from relvar import types as sqltypes
from relvar.dialect.answers import ReflectionDefaults, cache
from relvar.dialects.mysql.catalog import Catalog
from relvar.dialects.mysql.options import options_in, options_of_row, unescaped
from relvar.dialects.mysql.show_create import columns_in
from relvar.expr.text import text
from relvar.util import warn

__all__ = ["MySQLReflection"]

_TYPE = re.compile(r"^(\w+)\s*(?:\((.*)\))?\s*(.*)$", re.S)
# names are in backticks, or in double quotes where the SQL mode says so
_CHECK = re.compile(
    r"^ *CONSTRAINT +([`\"])((?:(?!\1).|\1\1)+)\1 +CHECK +\((.+?)\)(?: /\*[^\n]*\*/)?,?$", re.M | re.S
)
_PERIOD = re.compile(r"`(?:[^`]|``)+` < `(?:[^`]|``)+`$")
_VIEW = re.compile(r'CREATE\b(?:[^`"(]|`(?:[^`]|``)*`|"(?:[^"]|"")*")*?\bVIEW\b')
_STRING = re.compile(r"'((?:[^']|'')*)'")


class MySQLReflection(Catalog):
    """
    The reflection methods of the dialect of MySQL and MariaDB.
    """

    ischema_names: Any
    identifier_preparer: Any
    supports_sequences: bool
    name: str

    def _extract_error_code(self, exception: Any) -> int | None:
        raise NotImplementedError()

    def _rows(self, connection: Any, query: str, **parameters: Any) -> list[Any]:
        return list(connection.execute(text(query), parameters))

    @cache
    def get_schema_names(self, connection: Any, **kw: Any) -> list[str]:
        """
        Return the names of the databases.
        """
        return [row[0] for row in self._rows(connection, "SHOW SCHEMAS")]

    def _names(self, connection: Any, schema: str | None, kinds: str) -> list[str]:
        query = (
            "SELECT table_name FROM information_schema.tables WHERE table_schema = :schema "
            f"AND table_type IN ({kinds}) ORDER BY table_name"
        )
        return [row[0] for row in self._rows(connection, query, schema=self._schema(schema))]

    @cache
    def get_table_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """
        Return the names of the tables.
        """
        return self._names(connection, schema, "'BASE TABLE', 'SYSTEM VERSIONED'")

    @cache
    def get_view_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """
        Return the names of the views.
        """
        return self._names(connection, schema, "'VIEW', 'SYSTEM VIEW'")

    @cache
    def get_sequence_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """
        Return the names of the sequences.

        Raises:
            NotImplementedError: the server has none.
        """
        if not self.supports_sequences:
            raise NotImplementedError("The server does not support sequences")
        return self._names(connection, schema, "'SEQUENCE'")

    @cache
    def has_table(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> bool:
        """
        Tell whether there is a table or view of that name; also finds temporary tables.
        """
        full = ".".join(
            self.identifier_preparer.quote_identifier(part)
            for part in (self._schema(schema), table_name)
            if part
        )
        try:
            with connection.exec_driver_sql(
                f"DESCRIBE {full}", execution_options={"skip_user_error_events": True}
            ) as result:
                return result.fetchone() is not None
        except exc.DBAPIError as err:
            # 1146 no such table, 1049 no such database
            if self._extract_error_code(err.orig) in (1146, 1049, 1051):
                return False
            raise

    @cache
    def has_sequence(self, connection: Any, sequence_name: str, schema: str | None = None, **kw: Any) -> bool:
        """
        Tell whether there is a sequence of that name.
        """
        if not self.supports_sequences:
            return False
        query = (
            "SELECT 1 FROM information_schema.tables WHERE table_type = 'SEQUENCE' AND "
            "table_name = :name AND table_schema = :schema"
        )
        return bool(self._rows(connection, query, name=str(sequence_name), schema=self._schema(schema)))

    @cache
    def get_view_definition(
        self, connection: Any, view_name: str, schema: str | None = None, **kw: Any
    ) -> str:
        """
        Return the statement that created a view.

        Raises:
            NoSuchTableError: there is no such view.
        """
        created = self._show_create(connection, view_name, schema, **kw)
        if _VIEW.match(created) is None:
            raise exc.NoSuchTableError(self._full_name(view_name, schema))
        return created

    @cache
    def _show_create(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> str:
        """
        Return what ``SHOW CREATE TABLE`` says.

        Raises:
            NoSuchTableError: there is no such table.
            UnreflectableTableError: a view over something that is gone.
        """
        full = self._full_name(table_name, schema)
        try:
            row = (
                connection.execution_options(skip_user_error_events=True)
                .exec_driver_sql(f"SHOW CREATE TABLE {full}")
                .first()
            )
        except exc.DBAPIError as err:
            code = self._extract_error_code(err.orig)
            if code in (1146, 1049):
                raise exc.NoSuchTableError(full) from err
            if code == 1356:
                raise _unreflectable(full, err) from err
            raise
        if row is None:
            raise exc.NoSuchTableError(full)
        return _as_text(row[1]).strip()

    def _full_name(self, table_name: str, schema: str | None) -> str:
        quote = self.identifier_preparer.quote_identifier
        return ".".join(quote(part) for part in (schema, table_name) if part)

    @cache
    def _exists_or_raise(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> bool:
        if self._is_known_table(table_name, schema, **kw):
            return True
        full = self._full_name(table_name, schema)
        try:
            found = self.has_table(connection, table_name, schema, **kw)
        except exc.DBAPIError as err:
            if self._extract_error_code(err.orig) == 1356:
                raise _unreflectable(full, err) from err
            raise
        if not found:
            raise exc.NoSuchTableError(full)
        return True

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
        rows = self._catalog_rows("columns", connection, table_name, schema, **kw)
        if not rows:
            self._exists_or_raise(connection, table_name, schema, **kw)
            created = self._show_create(connection, table_name, schema, **kw)
            return [
                # a collation is spelled there only if it is not the table's
                self._column((*row[:5], unescaped(row[5]), *row[6:]), "")
                for row in columns_in(created)
            ]
        return [self._column(row, table_collation) for table_collation, *row in rows]

    def _column(self, row: Any, table_collation: str | None) -> dict[str, Any]:
        name, type_text, nullable, default, extra, comment, expression, charset, collation = row
        type_text = _as_text(type_text)
        extra = _as_text(extra).lower()
        options: dict[str, Any] = {}
        if collation is not None and table_collation is not None and collation != table_collation:
            options = {"charset": charset, "collation": collation}
        type_ = self._reflect_type(type_text, name, options)
        default = self._column_default(default, extra, type_)
        described: dict[str, Any] = {
            "name": name,
            "type": type_,
            "nullable": nullable == "YES",
            "default": default,
            "comment": comment or None,
        }
        if isinstance(type_, sqltypes.Integer):
            described["autoincrement"] = "auto_increment" in extra
        if expression:
            described["computed"] = {
                "sqltext": f"({_as_text(expression)})",
                "persisted": "stored" in extra or "persistent" in extra,
            }
            described["default"] = None
        return described

    def _column_default(self, default: Any, extra: str, type_: Any) -> str | None:
        """
        Return a default as it is written in DDL.

        MariaDB gives it as DDL, NULL included; MySQL gives the bare value, and says in
        ``extra`` whether it is an expression.
        """
        if default is None:
            return None
        spelled = _as_text(default)
        if self.is_mariadb:
            if spelled == "NULL":
                return None
        elif "default_generated" in extra:
            if not re.match(r"^current_timestamp", spelled, re.I):
                spelled = f"({spelled})"
        elif isinstance(type_, (sqltypes.Numeric, sqltypes.Float, sqltypes.Integer)):
            spelled = f"'{spelled}'"
        elif not re.match(r"^current_timestamp", spelled, re.I):
            spelled = "'" + spelled.replace("'", "''") + "'"
        on_update = re.search(r"on update (\S+)", extra)
        if on_update is not None:
            spelled += f" ON UPDATE {on_update.group(1)}"
        return spelled

    def _reflect_type(self, spelled: str, column: str, options: dict[str, Any]) -> sqltypes.TypeEngine[Any]:
        match = _TYPE.match(spelled)
        name, arguments, rest = match.groups() if match is not None else (spelled, None, "")
        cls: Any = self.ischema_names.get(name.lower())
        if cls is None:
            warn(f"Did not recognize type '{name}' of column '{column}'")
            return sqltypes.NULLTYPE
        kw: dict[str, Any] = {}
        for word in ("unsigned", "zerofill"):
            if word in rest.lower():
                kw[word] = True
        if name.lower() in ("enum", "set"):
            values = [unescaped(value) for value in _STRING.findall(arguments or "")]
            if name.lower() == "set" and "" in values:
                kw["retrieve_as_bitwise"] = True
            made: sqltypes.TypeEngine[Any] = cls(*values, **options, **kw)
            return made
        numbers = [int(n) for n in re.findall(r"\d+", arguments or "")]
        if name.lower() in ("datetime", "timestamp", "time"):
            if numbers and numbers[0]:
                kw["fsp"] = numbers[0]
            numbers = []
        if issubclass(cls, sqltypes.String):
            kw.update(options)
        made = cls(*numbers, **kw)
        return made

    # -- keys and indexes

    @cache
    def get_pk_constraint(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> dict[str, Any]:
        """
        Return the primary key of a table; it has no name of its own.
        """
        for index in self._all_indexes(connection, table_name, schema, **kw):
            if index["name"] == "PRIMARY":
                return {"constrained_columns": index["column_names"], "name": None}
        self._exists_or_raise(connection, table_name, schema, **kw)
        return ReflectionDefaults.pk_constraint()

    @cache
    def _all_indexes(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        rows = self._catalog_rows("statistics", connection, table_name, schema, **kw)
        if not rows and not self._is_known_table(table_name, schema, **kw):
            rows = self._shown_index_rows(connection, table_name, schema)
        found: dict[str, dict[str, Any]] = {}
        for name, non_unique, column, part, kind, order, expr in rows:
            index = found.get(name)
            if index is None:
                found[name] = index = {
                    "name": name,
                    "unique": not non_unique,
                    "column_names": [],
                    "kind": kind,
                    "lengths": {},
                    "expressions": [],
                    "sorting": {},
                }
            index["column_names"].append(column)
            expression = column if expr is None else f"({_as_text(expr)})"
            index["expressions"].append(expression)
            if order == "D":
                index["sorting"][expression] = ("desc",)
            if part is not None:
                index["lengths"][column] = part
        return list(found.values())

    def _shown_index_rows(self, connection: Any, table_name: str, schema: str | None) -> list[Any]:
        """
        Return what ``SHOW INDEX`` says of a table that the catalogs do not list: a temporary one.
        """
        full = self._full_name(table_name, schema)
        try:
            shown = (
                connection.execution_options(skip_user_error_events=True)
                .exec_driver_sql(f"SHOW INDEX FROM {full}")
                .mappings()
                .all()
            )
        except exc.DBAPIError as err:
            # no such table or database, a broken view: whoever asked finds out
            if self._extract_error_code(err.orig) in (1146, 1049, 1356):
                return []
            raise
        return [
            (
                row["Key_name"],
                row["Non_unique"],
                row["Column_name"],
                row["Sub_part"],
                row["Index_type"],
                row["Collation"],
                row.get("Expression"),
            )
            for row in sorted(shown, key=lambda row: (row["Key_name"].lower(), row["Seq_in_index"]))
        ]

    @cache
    def get_indexes(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """
        Return the indexes of a table, without its primary key.
        """
        indexes = []
        for found in self._all_indexes(connection, table_name, schema, **kw):
            if found["name"] == "PRIMARY":
                continue
            index: dict[str, Any] = {
                "name": found["name"],
                "column_names": found["column_names"],
                "unique": found["unique"],
            }
            options = {}
            if found["kind"] in ("FULLTEXT", "SPATIAL"):
                options[f"{self.name}_prefix"] = found["kind"]
            elif found["lengths"]:
                options[f"{self.name}_length"] = found["lengths"]
            if options:
                index["dialect_options"] = options
            if any(column is None for column in found["column_names"]):
                index["expressions"] = found["expressions"]
            if found["sorting"]:
                index["column_sorting"] = found["sorting"]
            indexes.append(index)
        if indexes:
            return indexes
        self._exists_or_raise(connection, table_name, schema, **kw)
        return ReflectionDefaults.indexes()

    @cache
    def get_unique_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """
        Return the unique indexes of a table: constraint and index are the same here.
        """
        constraints = [
            {
                "name": found["name"],
                "column_names": found["column_names"],
                "duplicates_index": found["name"],
            }
            for found in self._all_indexes(connection, table_name, schema, **kw)
            if found["unique"] and found["name"] != "PRIMARY"
        ]
        if constraints:
            return constraints
        self._exists_or_raise(connection, table_name, schema, **kw)
        return ReflectionDefaults.unique_constraints()

    @cache
    def get_foreign_keys(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """
        Return the foreign keys of a table.
        """
        rows = self._catalog_rows("foreign keys", connection, table_name, schema, **kw)
        if not rows:
            self._exists_or_raise(connection, table_name, schema, **kw)
            return ReflectionDefaults.foreign_keys()
        default = self.default_schema_name
        keys: dict[str, dict[str, Any]] = {}
        for name, column, to_schema, to_table, to_column, on_update, on_delete in rows:
            key = keys.get(name)
            if key is None:
                options = {}
                # RESTRICT and NO ACTION are the default and mean the same
                if on_update not in ("NO ACTION", "RESTRICT"):
                    options["onupdate"] = on_update
                if on_delete not in ("NO ACTION", "RESTRICT"):
                    options["ondelete"] = on_delete
                referred_schema = to_schema
                if schema is None and to_schema == default:
                    referred_schema = None
                keys[name] = key = {
                    "name": name,
                    "constrained_columns": [],
                    "referred_schema": referred_schema,
                    "referred_table": to_table,
                    "referred_columns": [],
                    "options": options,
                }
            key["constrained_columns"].append(column)
            key["referred_columns"].append(to_column)
        return list(keys.values())

    @cache
    def get_check_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """
        Return the CHECK constraints of a table, as its ``CREATE TABLE`` has them.
        """
        checks = self._known_checks(table_name, schema, **kw)
        if checks is None:
            created = self._show_create(connection, table_name, schema, **kw)
            if self._is_view(connection, created, table_name, schema, **kw):
                return ReflectionDefaults.check_constraints()
            checks = [(name.replace(q * 2, q), clause) for q, name, clause in _CHECK.findall(created)]
        if not checks:
            return ReflectionDefaults.check_constraints()
        return [
            {
                "name": name,
                "sqltext": clause[1:-1] if clause.startswith("(") and clause.endswith(")") else clause,
            }
            for name, clause in sorted(checks)
        ]

    def _known_checks(self, table_name: str, schema: str | None, **kw: Any) -> list[tuple[str, str]] | None:
        """
        Return names and conditions if the catalogs told all of them, None if not.
        """
        rows = self._known_rows("checks", table_name, schema, **kw)
        if rows is None or not self._is_known_table(table_name, schema, **kw):
            return None
        checks = [(name, None if clause is None else _as_text(clause)) for name, clause in rows]
        # a period is listed as if its condition were a constraint
        told = [(name, clause) for name, clause in checks if clause is not None and not _PERIOD.match(clause)]
        return told if len(told) == len(checks) else None

    def _is_view(self, connection: Any, created: str, table_name: str, schema: str | None, **kw: Any) -> bool:
        """
        Tell whether what was created is a view.

        Raises:
            UnreflectableTableError: it is, and what it selects from is gone.
        """
        if _VIEW.match(created) is None:
            return False
        self._exists_or_raise(connection, table_name, schema, **kw)
        return True

    # -- the table itself

    @cache
    def get_table_options(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> dict[str, Any]:
        """
        Return the options of a table: engine, character set, comment ...
        """
        options = self._known_options(connection, table_name, schema, **kw)
        if options is None:
            created = self._show_create(connection, table_name, schema, **kw)
            if self._is_view(connection, created, table_name, schema, **kw):
                return ReflectionDefaults.table_options()
            options = options_in(created)
        return {f"{self.name}_{name}": value for name, value in options.items()}

    def _known_options(
        self, connection: Any, table_name: str, schema: str | None, **kw: Any
    ) -> dict[str, str] | None:
        """
        Return the options if the catalogs told all of them, None if not.

        Cost: one ``SHOW CREATE TABLE`` per collation, to learn whether that is spelled.
        """
        rows = self._known_rows("tables", table_name, schema, **kw)
        if not rows or not self._is_known_table(table_name, schema, **kw):
            return None
        comment, kind, engine, collation, create_options = rows[0]
        if kind == "VIEW":
            return {}
        options = options_of_row(engine, collation, create_options, _as_text(comment), True)
        if options is None:
            return None
        spelled = kw["info_cache"].setdefault("spelled collations", {})
        if collation not in spelled:
            options = options_in(self._show_create(connection, table_name, schema, **kw))
            # some SQL modes hide all of them: then each table is asked about
            spelled[collation] = "collate" in options if "engine" in options else None
            return options
        if spelled[collation] is None:
            return None
        if not spelled[collation]:
            del options["collate"]
        return options

    @cache
    def get_table_comment(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> dict[str, Any]:
        """
        Return the comment of a table.
        """
        rows = self._catalog_rows("tables", connection, table_name, schema, **kw)
        if not rows:
            self._exists_or_raise(connection, table_name, schema, **kw)
            options = self.get_table_options(connection, table_name, schema, **kw)
            return {"text": options.get(f"{self.name}_comment")}
        comment, kind, *_ = rows[0]
        if kind == "VIEW":
            self._exists_or_raise(connection, table_name, schema, **kw)
            return ReflectionDefaults.table_comment()
        if not comment:
            return ReflectionDefaults.table_comment()
        return {"text": _as_text(comment)}


def _unreflectable(full_name: str, error: exc.DBAPIError) -> exc.UnreflectableTableError:
    return exc.UnreflectableTableError(f"Table or view named {full_name} could not be reflected: {error}")


def _as_text(value: Any) -> str:
    return value.decode() if isinstance(value, (bytes, bytearray)) else str(value or "")
