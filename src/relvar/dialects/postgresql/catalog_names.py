"""
Which relations, schemas and types PostgreSQL's catalogs list.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from relvar import exc
from relvar.dialect.answers import ObjectKind, ObjectScope, cache
from relvar.expr.text import text

__all__ = ["CatalogNames", "no_such_table"]

_KINDS = {
    ObjectKind.TABLE: ("r", "p", "f"),
    ObjectKind.VIEW: ("v",),
    ObjectKind.MATERIALIZED_VIEW: ("m",),
}
_ANY_RELATION = ("r", "p", "f", "v", "m")


class CatalogNames:
    """
    The reflection methods that answer with names, or whether there is something.
    """

    def _in_schema(self, schema: str | None, visible: str) -> str:
        """
        Return the condition for a schema; without one, what the search path shows.
        """
        if schema is not None:
            return "n.nspname = :schema"
        return f"{visible} AND n.nspname != 'pg_catalog'"

    def _relations(
        self,
        schema: str | None,
        filter_names: Collection[str] | None,
        scope: ObjectScope,
        kind: ObjectKind,
    ) -> tuple[str, dict[str, Any]]:
        """
        Return conditions over ``c`` (pg_class) and ``n`` (pg_namespace), with parameters.
        """
        letters = [letter for flag, ls in _KINDS.items() if flag in kind for letter in ls]
        conditions = [
            f"c.relkind IN ({', '.join(repr(letter) for letter in letters)})",
            self._in_schema(schema, "pg_catalog.pg_table_is_visible(c.oid)"),
        ]
        if scope is ObjectScope.DEFAULT:
            conditions.append("c.relpersistence != 't'")
        elif scope is ObjectScope.TEMPORARY:
            conditions.append("c.relpersistence = 't'")
        parameters: dict[str, Any] = {}
        if schema is not None:
            parameters["schema"] = schema
        if filter_names is not None:
            conditions.append("c.relname = ANY (CAST(:names AS TEXT[]))")
            parameters["names"] = list(filter_names)
        return " AND ".join(conditions), parameters

    _FROM = "pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"

    def _names(self, connection: Any, schema: str | None, kinds: str, condition: str) -> list[str]:
        query = (
            f"SELECT c.relname FROM {self._FROM} WHERE c.relkind IN ({kinds}) AND {condition} AND "
            + self._in_schema(schema, "pg_catalog.pg_table_is_visible(c.oid)")
        )
        parameters = {} if schema is None else {"schema": schema}
        return [row[0] for row in connection.execute(text(query), parameters)]

    def _exists(self, connection: Any, name: str, schema: str | None, kinds: tuple[str, ...]) -> bool:
        letters = ", ".join(repr(kind) for kind in kinds)
        where = self._in_schema(schema, "pg_catalog.pg_table_is_visible(c.oid)")
        parameters = {"name": name}
        if schema is not None:
            parameters["schema"] = schema
        query = f"SELECT 1 FROM {self._FROM} WHERE c.relname = :name AND c.relkind IN ({letters}) AND {where}"
        return connection.execute(text(query), parameters).first() is not None

    @cache
    def get_schema_names(self, connection: Any, **kw: Any) -> list[str]:
        """
        Return the names of the schemas.
        """
        query = "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname NOT LIKE 'pg\\_%' ORDER BY nspname"
        return [row[0] for row in connection.execute(text(query))]

    @cache
    def has_schema(self, connection: Any, schema: str, **kw: Any) -> bool:
        """
        Tell whether there is a schema of that name.
        """
        query = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = :name"
        return connection.execute(text(query), {"name": schema}).first() is not None

    @cache
    def has_table(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> bool:
        """
        Tell whether there is a table or view of that name.
        """
        return self._exists(connection, table_name, schema, _ANY_RELATION)

    def has_multi_table(
        self, connection: Any, table_names: Collection[str], schema: str | None = None, **kw: Any
    ) -> dict[tuple[str | None, str], bool]:
        """
        Tell of each name whether there is a table or view of it.
        """
        letters = ", ".join(repr(kind) for kind in _ANY_RELATION)
        query = (
            f"SELECT c.relname FROM {self._FROM} WHERE c.relname = ANY (CAST(:names AS TEXT[])) AND "
            f"c.relkind IN ({letters}) AND "
            + self._in_schema(schema, "pg_catalog.pg_table_is_visible(c.oid)")
        )
        parameters: dict[str, Any] = {"names": list(table_names)}
        if schema is not None:
            parameters["schema"] = schema
        found = set(connection.execute(text(query), parameters).scalars())
        return {(schema, name): name in found for name in table_names}

    @cache
    def has_sequence(self, connection: Any, sequence_name: str, schema: str | None = None, **kw: Any) -> bool:
        """
        Tell whether there is a sequence of that name.
        """
        return self._exists(connection, sequence_name, schema, ("S",))

    @cache
    def has_type(self, connection: Any, type_name: str, schema: str | None = None, **kw: Any) -> bool:
        """
        Tell whether there is a type of that name; "*" looks in all schemas.
        """
        parameters = {"name": type_name}
        where = "TRUE"
        if schema != "*":
            where = self._in_schema(schema, "pg_catalog.pg_type_is_visible(t.oid)")
            if schema is not None:
                parameters["schema"] = schema
        query = (
            "SELECT 1 FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n "
            f"ON n.oid = t.typnamespace WHERE t.typname = :name AND {where}"
        )
        return connection.execute(text(query), parameters).first() is not None

    @cache
    def get_table_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """
        Return the names of the tables.
        """
        return self._names(connection, schema, "'r', 'p'", "c.relpersistence != 't'")

    @cache
    def get_temp_table_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """
        Return the names of the temporary tables.
        """
        return self._names(connection, None, "'r', 'p'", "c.relpersistence = 't'")

    @cache
    def _get_foreign_table_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        return self._names(connection, schema, "'f'", "TRUE")

    @cache
    def get_view_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """
        Return the names of the views.
        """
        return self._names(connection, schema, "'v'", "c.relpersistence != 't'")

    @cache
    def get_temp_view_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """
        Return the names of the temporary views.
        """
        return self._names(connection, None, "'v'", "c.relpersistence = 't'")

    @cache
    def get_materialized_view_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """
        Return the names of the materialized views.
        """
        return self._names(connection, schema, "'m'", "TRUE")

    @cache
    def get_sequence_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """
        Return the names of the sequences.
        """
        return self._names(connection, schema, "'S'", "TRUE")

    @cache
    def get_table_oid(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> int:
        """
        Return the OID of a table or view.

        Raises:
            NoSuchTableError: there is no such table.
        """
        where, parameters = self._relations(schema, [table_name], ObjectScope.ANY, ObjectKind.ANY)
        query = f"SELECT c.oid FROM {self._FROM} WHERE {where}"
        row = connection.execute(text(query), parameters).first()
        if row is None:
            raise no_such_table(table_name, schema)
        return int(row[0])

    @cache
    def get_view_definition(
        self, connection: Any, view_name: str, schema: str | None = None, **kw: Any
    ) -> str:
        """
        Return the SELECT of a view.

        Raises:
            NoSuchTableError: there is no such view.
        """
        where, parameters = self._relations(schema, [view_name], ObjectScope.ANY, ObjectKind.ANY_VIEW)
        query = f"SELECT pg_catalog.pg_get_viewdef(c.oid) FROM {self._FROM} WHERE {where}"
        row = connection.execute(text(query), parameters).first()
        if row is None:
            raise no_such_table(view_name, schema)
        return str(row[0])


def no_such_table(table_name: str, schema: str | None) -> exc.NoSuchTableError:
    return exc.NoSuchTableError(f"{schema}.{table_name}" if schema else table_name)
