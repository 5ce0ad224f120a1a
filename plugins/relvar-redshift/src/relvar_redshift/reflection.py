"""
What Redshift's catalogs tell about tables.

Names, columns and keys come from the catalogs that Redshift has of PostgreSQL 8.0; distribution, sorting and
encoding from views of its own; late-binding views from a function, external tables from views of
their own.

Sources: https://docs.aws.amazon.com/redshift/latest/dg/c_intro_catalog_views.html,
https://docs.aws.amazon.com/redshift/latest/dg/svv_views.html
"""

from __future__ import annotations

import re
from typing import Any

from relvar import exc, text
from relvar.dialect.reflect import DialectReflection
from relvar.dialects.postgresql.catalog_types import Lazy
from relvar.dialects.postgresql.reflection import PGReflection
from relvar.engine.reflection import ReflectionDefaults, cache
from relvar.types import Integer
from relvar_redshift import queries

__all__ = ["RedshiftReflection"]

# https://docs.aws.amazon.com/redshift/latest/dg/r_PG_CLASS_INFO.html: releffectivediststyle
_STYLES = {0: "EVEN", 1: "KEY", 8: "ALL", 10: "AUTO", 11: "AUTO", 12: "AUTO"}
_IDENTITY = re.compile(r"\"?(default_)?identity\"?\(\d+, \d+, '(?:[(]?)(-?\d+),(-?\d+)", re.I)
# there are no types of the database's own
_NOTHING = Lazy(dict)
_NAME = r'(?:"(?:[^"]|"")*"|[\w$]+)'
_NAMES = re.compile(_NAME)
_KEY = re.compile(r"^(?:PRIMARY KEY|UNIQUE) \((?P<columns>.*)\)")
_FOREIGN = re.compile(
    r"^FOREIGN KEY \((?P<columns>.*?)\) REFERENCES "
    rf"(?:(?P<schema>{_NAME})\.)?(?P<table>{_NAME})\((?P<others>.*?)\)"
)


def _plain(name: str) -> str:
    """Return a name without the quotes it is shown with."""
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def _column_names(shown: str) -> list[str]:
    return [_plain(name) for name in _NAMES.findall(shown)]


def identity_of(default: str | None) -> dict[str, Any] | None:
    """
    Return what IDENTITY a column has, which the catalogs show as its default.

    >>> identity_of("\\"identity\\"(100, 0, '1,2'::text)")
    {'always': True, 'start': 1, 'increment': 2}
    """
    found = None if default is None else _IDENTITY.match(default)
    if found is None:
        return None
    return {"always": found[1] is None, "start": int(found[2]), "increment": int(found[3])}


class RedshiftReflection(PGReflection):
    """
    The reflection methods of Redshift's dialect.
    """

    is_redshift: bool
    "Whether the server is Redshift itself, and not a PostgreSQL that stands in for it."

    # a question for many tables is asked for each of them
    get_multi_columns = DialectReflection.get_multi_columns
    get_multi_pk_constraint = DialectReflection.get_multi_pk_constraint
    get_multi_foreign_keys = DialectReflection.get_multi_foreign_keys
    get_multi_indexes = DialectReflection.get_multi_indexes
    get_multi_unique_constraints = DialectReflection.get_multi_unique_constraints
    get_multi_check_constraints = DialectReflection.get_multi_check_constraints
    get_multi_table_comment = DialectReflection.get_multi_table_comment
    get_multi_table_options = DialectReflection.get_multi_table_options
    has_multi_table = DialectReflection.has_multi_table

    def _ask(self, connection: Any, query: str, **parameters: Any) -> list[Any]:
        return list(connection.execute(text(query), parameters))

    def _schema(self, connection: Any, schema: str | None) -> str:
        return schema or self.default_schema_name or "public"

    # -- names

    @cache
    def get_schema_names(self, connection: Any, **kw: Any) -> list[str]:
        """Return the names of the schemas, external ones included."""
        return [row[0] for row in self._ask(connection, queries.SCHEMAS)]

    def _relations_of(self, connection: Any, schema: str | None, kinds: str) -> list[str]:
        where = self._schema(connection, schema)
        return [row[0] for row in self._ask(connection, queries.RELATIONS, schema=where, kinds=kinds)]

    @cache
    def get_table_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """Return the names of the tables; of an external schema, of its external tables."""
        names = self._relations_of(connection, schema, "r")
        return names or self._external_names(connection, schema)

    @cache
    def get_view_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """Return the names of the views, materialized and late-binding ones too."""
        return self._relations_of(connection, schema, "v")

    @cache
    def get_materialized_view_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """Return the names of the materialized views."""
        if not self.is_redshift:
            return self._relations_of(connection, schema, "m")
        where = self._schema(connection, schema)
        return [row[0] for row in self._ask(connection, queries.MATERIALIZED, schema=where)]

    @cache
    def get_temp_table_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """Return the names of the temporary tables of this session."""
        return [row[0] for row in self._ask(connection, queries.TEMPORARY)]

    @cache
    def get_temp_view_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """Return nothing: what a temporary view is, the catalogs do not tell."""
        return []

    @cache
    def get_sequence_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """Return nothing: there are no sequences."""
        return []

    def has_sequence(self, connection: Any, sequence_name: str, schema: str | None = None, **kw: Any) -> bool:
        """Tell that there is none."""
        return False

    @cache
    def has_table(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> bool:
        """Tell whether there is a table or view of that name."""
        where = self._schema(connection, schema)
        if self._ask(connection, queries.HAS_RELATION, schema=where, name=table_name):
            return True
        return table_name in self._external_names(connection, schema)

    @cache
    def get_view_definition(
        self, connection: Any, view_name: str, schema: str | None = None, **kw: Any
    ) -> str:
        """Return the query of a view."""
        where = self._schema(connection, schema)
        rows = self._ask(connection, queries.VIEW, schema=where, name=view_name)
        if not rows:
            raise exc.NoSuchTableError(view_name if schema is None else f"{schema}.{view_name}")
        return str(rows[0][0])

    # -- columns

    @cache
    def get_columns(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        """Return the columns of a table or view, with ``redshift_encode`` where it is known."""
        where = self._schema(connection, schema)
        rows = self._ask(connection, queries.COLUMNS, schema=where, name=table_name)
        if not rows and self.is_redshift:
            rows = self._ask(connection, queries.LATE_BINDING, schema=where, name=table_name)
            rows = rows or self._ask(connection, queries.EXTERNAL_COLUMNS, schema=where, name=table_name)
        if not rows:
            raise exc.NoSuchTableError(table_name if schema is None else f"{schema}.{table_name}")
        encodings = {row[0]: row[1] for row in self._stored(connection, table_name, schema, **kw)}
        return [self._described(row, encodings) for row in rows]

    def _described(self, row: Any, encodings: dict[str, str]) -> dict[str, Any]:
        name, type_text, default, not_null, comment = row
        identity = identity_of(default)
        type_ = self._reflect_type(type_text, _NOTHING, _NOTHING, f"column '{name}'", None)
        column: dict[str, Any] = {
            "name": name,
            "type": type_,
            "nullable": not not_null,
            "default": default if identity is None else None,
            "autoincrement": identity is not None and isinstance(type_, Integer),
            "comment": comment,
        }
        if identity is not None:
            column["identity"] = identity
        if encodings.get(name) not in (None, "none"):
            column["dialect_options"] = {"redshift_encode": encodings[name]}
        return column

    @cache
    def _stored(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> list[Any]:
        """Return name, encoding, distkey and sortkey of the columns of a table."""
        if not self.is_redshift:
            return []
        return self._ask(
            connection, queries.STORAGE, schema=self._schema(connection, schema), name=table_name
        )

    @cache
    def get_table_options(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """Return how a table is distributed and sorted."""
        if not self.is_redshift:
            return ReflectionDefaults.table_options()
        where = self._schema(connection, schema)
        options: dict[str, Any] = {}
        for (style,) in self._ask(connection, queries.DISTRIBUTION, schema=where, name=table_name):
            options["redshift_diststyle"] = _STYLES.get(int(style), "AUTO")
        stored = self._stored(connection, table_name, schema, **kw)
        key = [name for name, _, is_key, _ in stored if is_key]
        if key and options.get("redshift_diststyle", "KEY") == "KEY":
            options["redshift_distkey"] = key[0]
        sorted_by = sorted((row for row in stored if row[3]), key=lambda row: abs(row[3]))
        if sorted_by:
            # an interleaved key has positions of either sign
            interleaved = any(row[3] < 0 for row in sorted_by)
            word = "redshift_interleaved_sortkey" if interleaved else "redshift_sortkey"
            options[word] = [row[0] for row in sorted_by]
        return options

    # -- keys, which nobody enforces

    def _constraints(self, connection: Any, table_name: str, schema: str | None, kind: str) -> list[Any]:
        where = self._schema(connection, schema)
        return self._ask(connection, queries.CONSTRAINTS, schema=where, name=table_name, kind=kind)

    @cache
    def get_pk_constraint(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """Return the primary key of a table."""
        for name, shown in self._constraints(connection, table_name, schema, "p"):
            found = _KEY.match(shown)
            if found is not None:
                return {"name": name, "constrained_columns": _column_names(found["columns"])}
        return ReflectionDefaults.pk_constraint()

    @cache
    def get_unique_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """Return the unique constraints of a table."""
        found = [
            (name, _KEY.match(shown))
            for name, shown in self._constraints(connection, table_name, schema, "u")
        ]
        return [
            {"name": name, "column_names": _column_names(m["columns"])} for name, m in found if m is not None
        ]

    @cache
    def get_foreign_keys(
        self,
        connection: Any,
        table_name: str,
        schema: str | None = None,
        postgresql_ignore_search_path: bool = False,
        **kw: Any,
    ) -> Any:
        """Return the foreign keys of a table."""
        keys = []
        for name, shown in self._constraints(connection, table_name, schema, "f"):
            found = _FOREIGN.match(shown)
            if found is None:
                continue
            # a table that the search path shows is told without its schema
            elsewhere = None if found["schema"] is None else _plain(found["schema"])
            if elsewhere is None and schema == self.default_schema_name:
                elsewhere = schema
            keys.append(
                {
                    "name": name,
                    "constrained_columns": _column_names(found["columns"]),
                    "referred_schema": elsewhere,
                    "referred_table": _plain(found["table"]),
                    "referred_columns": _column_names(found["others"]),
                    "options": {},
                }
            )
        return keys

    @cache
    def get_indexes(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        """Return nothing: there are no indexes."""
        return []

    @cache
    def get_check_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """Return nothing: there are no CHECK constraints."""
        return []

    def get_multi_exclude_constraints(self, connection: Any, **kw: Any) -> list[Any]:
        """Return nothing: there are no EXCLUDE constraints."""
        return []

    def get_exclude_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[Any]:
        """Return nothing: there are no EXCLUDE constraints."""
        return []

    def _load_enums(self, connection: Any, schema: str | None = None, **kw: Any) -> list[dict[str, Any]]:
        return []

    def _load_domains(self, connection: Any, schema: str | None = None, **kw: Any) -> list[dict[str, Any]]:
        return []

    @cache
    def get_table_comment(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """Return the comment of a table."""
        rows = self._ask(
            connection, queries.COMMENT, schema=self._schema(connection, schema), name=table_name
        )
        return {"text": rows[0][0] if rows else None}

    # -- external tables

    @cache
    def _external_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        if not self.is_redshift or schema is None:
            return []
        return [row[0] for row in self._ask(connection, queries.EXTERNAL_TABLES, schema=schema)]
