"""
What a SQLite database tells about its tables.

PRAGMA functions answer most questions; names of constraints, actions of foreign keys and CHECK
constraints are only in the text of ``CREATE TABLE`` that SQLite keeps in ``sqlite_master``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from relvar import exc
from relvar import types as sqltypes
from relvar.dialect.answers import ReflectionDefaults, cache
from relvar.expr.text import text
from relvar.util import warn

__all__ = ["SQLiteReflection"]

_TYPE = re.compile(r"([\w ]+)(\(.*?\))?")
_NAME = r'(?:"(?:[^"]|"")+"|\[[^\]]+\]|`[^`]+`|[\w$]+)'
_QUOTED = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|/\*.*?\*/""",
    re.S,
)


class SQLiteReflection:
    """
    The reflection methods of SQLite's dialect.
    """

    ischema_names: Any
    identifier_preparer: Any

    def _pragma(self, connection: Any, pragma: str, name: str | None, schema: str | None = None) -> list[Any]:
        """
        Return the rows of ``PRAGMA [schema.]pragma[(name)]``.

        Without a schema, the main database is asked, then the temporary tables.
        """
        quote = self.identifier_preparer.quote_identifier
        argument = "" if name is None else f"({quote(name)})"
        prefixes = ["main.", "temp."] if schema is None else [f"{quote(schema)}."]
        for prefix in prefixes:
            cursor = connection.exec_driver_sql(f"PRAGMA {prefix}{pragma}{argument}")
            rows = cursor.fetchall()
            if rows:
                return list(rows)
        return []

    def _master(self, schema: str | None, name: str = "sqlite_master") -> str:
        if schema is None:
            return name
        return f"{self.identifier_preparer.quote_identifier(schema)}.{name}"

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
        if schema not in (None, "temp") and schema not in self.get_schema_names(connection, **kw):
            return False
        return bool(self._pragma(connection, "table_info", table_name, schema=schema))

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
        for master in (
            [self._master(schema)] if schema is not None else ["sqlite_master", "sqlite_temp_master"]
        ):
            row = connection.exec_driver_sql(
                f"SELECT sql FROM {master} WHERE name = ? AND type='view'", (view_name,)
            ).first()
            if row is not None:
                return str(row[0])
        raise exc.NoSuchTableError(f"{schema}.{view_name}" if schema else view_name)

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
        rows = self._pragma(connection, "table_xinfo", table_name, schema=schema)
        columns = []
        table_sql: str | None = None
        for _, name, type_, not_null, default, primary_key, hidden in rows:
            if hidden == 1:
                # a column of a virtual table that is no column
                continue
            generated = hidden in (2, 3)
            if generated:
                type_ = re.sub(r"generated", "", type_, flags=re.I)
                type_ = re.sub(r"always", "", type_, flags=re.I).strip()
                if table_sql is None:
                    table_sql = self._get_table_sql(connection, table_name, schema, **kw) or ""
            column: dict[str, Any] = {
                "name": name,
                "type": self._resolve_type_affinity(type_),
                "nullable": not not_null,
                "default": None if default is None else str(default),
                "primary_key": primary_key,
            }
            if generated:
                column["computed"] = {
                    "sqltext": _generated_expression(table_sql or "", name),
                    "persisted": hidden == 3,
                }
            columns.append(column)
        if columns:
            return columns
        if not self.has_table(connection, table_name, schema, **kw):
            raise _no_such_table(table_name, schema)
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
        numbers = [int(number) for number in re.findall(r"(\d+)", arguments)]
        if not numbers:
            made: sqltypes.TypeEngine[Any] = cls()
            return made
        try:
            made = cls(*numbers)
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
        columns = self.get_columns(connection, table_name, schema, **kw)
        keys = sorted((c for c in columns if c.get("primary_key")), key=lambda c: c["primary_key"])
        name = None
        if keys:
            sql = self._get_table_sql(connection, table_name, schema, **kw)
            if sql:
                pattern = re.compile(rf"\bCONSTRAINT\s+({_NAME})\s+PRIMARY\s+KEY\b", re.I)
                for _, (spelled,) in _found(pattern, sql):
                    name = _unquote(spelled)
        if not keys:
            self._require(connection, table_name, schema, **kw)
            return ReflectionDefaults.pk_constraint()
        return {"constrained_columns": [c["name"] for c in keys], "name": name}

    @cache
    def get_foreign_keys(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """
        Return the foreign keys of a table, those with names in order of their text.
        """
        rows = self._pragma(connection, "foreign_key_list", table_name, schema=schema)
        if not rows:
            self._require(connection, table_name, schema, **kw)
            return ReflectionDefaults.foreign_keys()
        keys: dict[int, dict[str, Any]] = {}
        for number, _seq, target, local, remote, *_ in rows:
            key = keys.get(number)
            if key is None:
                keys[number] = key = {
                    "name": None,
                    "constrained_columns": [],
                    "referred_schema": schema,
                    "referred_table": target,
                    "referred_columns": [],
                    "options": {},
                }
                if remote is None:
                    key["referred_columns"] = self._implied_columns(connection, target, schema, kw)
            key["constrained_columns"].append(local)
            if remote is not None:
                key["referred_columns"].append(remote)

        by_signature = {_signature(key): key for key in keys.values()}
        found = []
        sql = self._get_table_sql(connection, table_name, schema, **kw)
        for name, local, table, remote, options in _parse_foreign_keys(sql or ""):
            if not remote:
                match = next(
                    (
                        key
                        for key in by_signature.values()
                        if key["referred_table"] == table
                        and tuple(key["constrained_columns"]) == tuple(local)
                    ),
                    None,
                )
                remote = match["referred_columns"] if match else local
            key = by_signature.pop((tuple(local), table, tuple(remote)), None)
            if key is None:
                warn(
                    f"WARNING: SQL-parsed foreign key constraint '{(tuple(local), table)}' could "
                    f"not be located in PRAGMA foreign_keys for table {table_name}"
                )
                continue
            key["name"], key["options"] = name, options
            found.append(key)
        found.extend(by_signature.values())
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
        automatic: dict[tuple[str, ...], None] = {}
        for row in reversed(self._pragma(connection, "index_list", table_name, schema=schema)):
            name, origin = row[1], row[3]
            if origin == "u":
                indexed = self._pragma(connection, "index_info", name, schema=schema)
                automatic[tuple(r[2] for r in indexed)] = None
        sql = self._get_table_sql(connection, table_name, schema, **kw)
        found = []
        for name, columns in _parse_unique(sql or ""):
            if tuple(columns) in automatic:
                del automatic[tuple(columns)]
                found.append({"name": name, "column_names": columns})
        # spelled in a way that the patterns do not know: the index tells the columns
        found.extend({"name": None, "column_names": list(columns)} for columns in automatic)
        return found if found else ReflectionDefaults.unique_constraints()

    @cache
    def get_check_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """
        Return the CHECK constraints of a table, unnamed ones last.
        """
        sql = self._get_table_sql(connection, table_name, schema, **kw) or ""
        checks: list[dict[str, Any]] = []
        pattern = re.compile(rf"(?:CONSTRAINT\s+({_NAME})\s+)?\bCHECK\s*\(", re.I)
        for end, (name,) in _found(pattern, sql):
            condition = _balanced(sql, end - 1)
            checks.append({"sqltext": condition.strip(), "name": None if name is None else _unquote(name)})
        checks.sort(key=lambda check: check["name"] or "~")
        return checks if checks else ReflectionDefaults.check_constraints()

    @cache
    def get_indexes(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """
        Return the indexes of a table, without those SQLite makes for constraints.
        """
        rows = self._pragma(connection, "index_list", table_name, schema=schema)
        with_automatic = kw.pop("include_auto_indexes", False)
        indexes = []
        for row in rows:
            name, unique = row[1], row[2]
            if not with_automatic and name.startswith("sqlite_autoindex"):
                continue
            columns = [r[2] for r in self._pragma(connection, "index_info", name, schema=schema)]
            if None in columns:
                warn(f"Skipped unsupported reflection of expression-based index {name}")
                continue
            options: dict[str, Any] = {}
            if len(row) >= 5 and row[4]:
                where = self._partial_index_predicate(connection, name, schema)
                if where is not None:
                    options["sqlite_where"] = text(where)
            indexes.append(
                {
                    "name": name,
                    "column_names": columns,
                    "unique": unique,
                    "dialect_options": options,
                }
            )
        indexes.sort(key=lambda index: index["name"] or "~")
        if indexes:
            return indexes
        self._require(connection, table_name, schema, **kw)
        return ReflectionDefaults.indexes()

    @cache
    def get_table_options(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> dict[str, Any]:
        """
        Return whether a table is STRICT and WITHOUT ROWID.
        """
        sql = self._get_table_sql(connection, table_name, schema, **kw)
        words = _skeleton(sql or "").rpartition(")")[2]
        options: dict[str, Any] = {}
        if re.search(r"\bWITHOUT\s+ROWID\b", words, re.I):
            options["sqlite_with_rowid"] = False
        if re.search(r"\bSTRICT\b", words, re.I):
            options["sqlite_strict"] = True
        return options

    def _partial_index_predicate(self, connection: Any, name: str, schema: str | None) -> str | None:
        row = connection.exec_driver_sql(
            f"SELECT sql FROM {self._master(schema)} WHERE name = ? AND type = 'index'", (name,)
        ).first()
        match = re.search(r"\)\s+where\s+(.+)", row[0], re.I | re.S) if row and row[0] else None
        if match is None:
            warn(f"Failed to look up filter predicate of partial index {name}")
            return None
        return match.group(1)

    def _require(self, connection: Any, table_name: str, schema: str | None, **kw: Any) -> None:
        """
        Raise NoSuchTableError unless the table exists.
        """
        if not self.has_table(connection, table_name, schema, **kw):
            raise _no_such_table(table_name, schema)

    @cache
    def _get_table_sql(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> str | None:
        """
        Return the text that created a table; None for SQLite's own and for views.

        Raises:
            NoSuchTableError: there is no such table.
        """
        masters = [self._master(schema)] if schema is not None else ["sqlite_master", "sqlite_temp_master"]
        for master in masters:
            row = connection.exec_driver_sql(
                f"SELECT sql FROM {master} WHERE name = ? AND type in ('table', 'view')",
                (table_name,),
            ).first()
            if row is not None:
                return row[0]  # type: ignore[no-any-return]  # text or NULL
        if not table_name.startswith("sqlite_") and not self.has_table(connection, table_name, schema, **kw):
            raise _no_such_table(table_name, schema)
        return None


def _no_such_table(table_name: str, schema: str | None) -> exc.NoSuchTableError:
    return exc.NoSuchTableError(f"{schema}.{table_name}" if schema else table_name)


def _unquote(name: str) -> str:
    """
    Return an identifier without its quotes.
    """
    if name[:1] == '"':
        return name[1:-1].replace('""', '"')
    if name[:1] in ("[", "`"):
        return name[1:-1]
    return name


def _names(text: str) -> list[str]:
    """
    Return the identifiers of a list of columns.
    """
    return [_unquote(name) for name in re.findall(_NAME, text, re.I)]


def _skeleton(sql: str) -> str:
    """
    Return *sql* with other characters between quotes and in comments, as many as there were.

    Names and strings may look like clauses.
    """

    def hidden(found: re.Match[str]) -> str:
        text = found.group(0)
        if text[0] in "-/":
            return " " * len(text)
        return f"{text[0]}{'x' * (len(text) - 2)}{text[-1]}"

    return _QUOTED.sub(hidden, sql)


def _found(pattern: re.Pattern[str], sql: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """
    Yield where *pattern* ends in the structure of *sql*, and its groups as they are spelled there.
    """
    for match in pattern.finditer(_skeleton(sql)):
        spans = [match.span(group) for group in range(1, pattern.groups + 1)]
        yield match.end(), tuple(None if start < 0 else sql[start:end] for start, end in spans)


def _balanced(text: str, start: int) -> str:
    """
    Return what is inside the parentheses that open at *start*.

    Quoted text may hold parentheses of its own.
    """
    depth = 0
    skeleton = _skeleton(text)
    for position in range(start, len(text)):
        char = skeleton[position]
        if char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if depth == 0:
                return text[start + 1 : position]
    return text[start + 1 :]


def _generated_expression(table_sql: str, column: str) -> str:
    """
    Return the expression of a generated column.
    """
    names = "|".join(re.escape(spelled) for spelled in (column, f'"{column}"', f"[{column}]", f"`{column}`"))
    match = re.search(rf"(?:^|[\s,(])(?:{names})[^,]*?\s+AS\s*\(", table_sql, re.I)
    return "" if match is None else _balanced(table_sql, match.end() - 1).strip()


def _signature(key: dict[str, Any]) -> tuple[Any, ...]:
    return (
        tuple(key["constrained_columns"]),
        key["referred_table"],
        tuple(key["referred_columns"]),
    )


_FOREIGN_KEY = re.compile(
    rf"(?:CONSTRAINT\s+({_NAME})\s+)?"
    r"FOREIGN\s+KEY\s*\(\s*(.+?)\s*\)\s+"
    rf"REFERENCES\s+({_NAME})\s*(?:\(\s*((?:{_NAME}[,\s]*)+)\))?"
    r"((?:\s+ON\s+(?:UPDATE|DELETE)\s+(?:SET\s+NULL|SET\s+DEFAULT|CASCADE|RESTRICT|NO\s+ACTION))*)"
    r"((?:\s+NOT)?\s+DEFERRABLE)?"
    r"(?:\s+INITIALLY\s+(DEFERRED|IMMEDIATE))?",
    re.I,
)


def _parse_foreign_keys(
    sql: str,
) -> Iterator[tuple[str | None, list[str], str, list[str], dict[str, Any]]]:
    """
    Yield name, columns, target table, target columns and options of table level foreign keys.
    """
    for _, (name, local, table, remote, actions, deferrable, initially) in _found(_FOREIGN_KEY, sql):
        options: dict[str, Any] = {}
        for event, action in re.findall(
            r"ON\s+(UPDATE|DELETE)\s+(SET\s+NULL|SET\s+DEFAULT|CASCADE|RESTRICT|NO\s+ACTION)",
            actions or "",
            re.I,
        ):
            action = " ".join(action.upper().split())
            if action != "NO ACTION":
                options[f"on{event.lower()}"] = action
        if deferrable:
            options["deferrable"] = "NOT" not in deferrable.upper()
        if initially:
            options["initially"] = initially.upper()
        yield (
            None if name is None else _unquote(name),
            _names(local),
            _unquote(table),
            _names(remote or ""),
            options,
        )


def _parse_unique(sql: str) -> Iterator[tuple[str | None, list[str]]]:
    """
    Yield name and columns of the unique constraints, those of the table before inline ones.
    """
    table_level = re.compile(rf"(?:CONSTRAINT\s+({_NAME})\s+)?UNIQUE\s*\((.+?)\)", re.I)
    for _, (name, columns) in _found(table_level, sql):
        yield None if name is None else _unquote(name), _names(columns)
    inline = re.compile(
        rf"(?:^|[,(])\s*({_NAME})[\t ]+[a-z0-9_ ]+?(?:\([^)]*\))?[\t ][^,(]*?\bUNIQUE\b(?!\s*\()",
        re.I | re.M,
    )
    for _, (name,) in _found(inline, sql):
        yield None, [_unquote(name)]
