"""
The catalogs of ``information_schema``: one query for one table, or for many.

What was asked about many tables at once is kept in ``info_cache``: the answers for each are made of it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from relvar import exc
from relvar.expr.text import text

__all__ = ["Catalog"]

# The table's name comes first in each row.  Joins name the schema twice: where two columns are set
# equal, MariaDB looks one of them up in all databases of the server (10.11: EXPLAIN EXTENDED says so).
# They cast names, as the catalogs compare without regard to case.
_QUERIES = {
    "tables": (
        "SELECT t.table_name, t.table_comment, t.table_type, t.engine, t.table_collation, "
        "t.create_options FROM information_schema.tables t "
        "WHERE t.table_schema = :schema AND t.table_name {condition}"
    ),
    "columns": (
        "SELECT c.table_name, t.table_collation, c.column_name, c.column_type, c.is_nullable, "
        "c.column_default, c.extra, c.column_comment, c.generation_expression, "
        "c.character_set_name, c.collation_name FROM information_schema.columns c JOIN "
        "information_schema.tables t ON CAST(t.table_name AS BINARY) = CAST(c.table_name AS BINARY) "
        "WHERE c.table_schema = :schema AND c.table_name {condition} AND t.table_schema = :schema "
        "AND t.table_name {condition} ORDER BY c.table_name, c.ordinal_position"
    ),
    "statistics": (
        "SELECT s.table_name, s.index_name, s.non_unique, s.column_name, s.sub_part, s.index_type, "
        "s.collation, {expression} FROM information_schema.statistics s WHERE s.table_schema = :schema AND "
        "s.table_name {condition} ORDER BY s.table_name, s.index_name, s.seq_in_index"
    ),
    "foreign keys": (
        "SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_schema, "
        "k.referenced_table_name, k.referenced_column_name, r.update_rule, r.delete_rule FROM "
        "information_schema.key_column_usage k JOIN information_schema.referential_constraints r "
        "ON r.constraint_name = k.constraint_name AND CAST(r.table_name AS BINARY) = "
        "CAST(k.table_name AS BINARY) WHERE k.table_schema = :schema AND k.table_name {condition} AND "
        "r.constraint_schema = :schema AND r.table_name {condition} AND k.referenced_table_name IS NOT "
        "NULL ORDER BY k.table_name, k.constraint_name, k.ordinal_position"
    ),
    # of a column's own CHECK nothing is told, as SHOW CREATE TABLE does not name it
    "checks": (
        "SELECT c.table_name, c.constraint_name, c.check_clause FROM "
        "information_schema.check_constraints c WHERE c.constraint_schema = :schema AND "
        "c.level = 'Table' AND c.table_name {condition} ORDER BY c.table_name, c.constraint_name"
    ),
    "names of checks": (
        "SELECT c.table_name, c.constraint_name, NULL FROM information_schema.table_constraints c "
        "WHERE c.table_schema = :schema AND c.constraint_type = 'CHECK' AND c.table_name {condition}"
    ),
}
_NEEDED = {
    "get_columns": "columns",
    "get_pk_constraint": "statistics",
    "get_indexes": "statistics",
    "get_unique_constraints": "statistics",
    "get_foreign_keys": "foreign keys",
    "get_check_constraints": "checks",
}


class Catalog:
    """
    The rows about tables, for the reflection methods.
    """

    default_schema_name: str | None
    server_version_info: tuple[Any, ...] | None
    is_mariadb: bool

    def _schema(self, schema: str | None) -> str | None:
        return self.default_schema_name if schema is None else schema

    def _catalog_rows(
        self,
        catalog: str,
        connection: Any,
        table_name: str,
        schema: str | None,
        info_cache: Any = None,
        **kw: Any,
    ) -> list[Any]:
        """
        Return a catalog's rows about a table, without its name.
        """
        known = {} if info_cache is None else info_cache.get(("catalog", catalog, schema), {})
        if table_name in known:
            return known[table_name]  # type: ignore[no-any-return]  # rows
        return [row[1:] for row in self._ask_catalog(catalog, connection, schema, [table_name])]

    def _ask_catalog(
        self, catalog: str, connection: Any, schema: str | None, names: Collection[str]
    ) -> list[Any]:
        listed = list(names)
        if len(listed) > 1 and len({name.lower() for name in listed}) == 1:
            # MariaDB 10.11 looks for the first only of names that differ in nothing but case
            listed.append("")
        parameters = {f"name_{number}": name for number, name in enumerate(listed)}
        condition = f"IN ({', '.join(f':{name}' for name in parameters)})"
        # MySQL 8.0.13 has expressions in indexes, MariaDB has not
        choices = ["NULL"] if self.is_mariadb or catalog != "statistics" else ["s.expression", "NULL"]
        for expression in choices:
            query = _QUERIES[self._spelling_of(catalog)].format(condition=condition, expression=expression)
            try:
                return list(connection.execute(text(query), {"schema": self._schema(schema), **parameters}))
            except exc.DBAPIError:
                if expression == choices[-1]:
                    raise
        return []

    def _spelling_of(self, catalog: str) -> str:
        """
        Return which query answers: those of MySQL and of older MariaDB only tell the names of checks.
        """
        if catalog == "checks" and not (self.is_mariadb and (self.server_version_info or ()) >= (10, 6)):
            return "names of checks"
        return catalog

    def _known_rows(
        self, catalog: str, table_name: str, schema: str | None, info_cache: Any = None, **kw: Any
    ) -> list[Any] | None:
        """
        Return a catalog's rows about a table if it was asked about many tables, None if not.
        """
        if info_cache is None:
            return None
        rows: list[Any] | None = info_cache.get(("catalog", catalog, schema), {}).get(table_name)
        return rows

    def _expect(
        self, question: str, connection: Any, schema: str | None, names: Collection[str], kw: dict[str, Any]
    ) -> None:
        """
        Ask the catalogs about all tables that *question* will be asked for.
        """
        info_cache = kw.get("info_cache")
        if info_cache is None or len(names) < 2:
            return
        for catalog in dict.fromkeys(("tables", _NEEDED.get(question, "tables"))):
            known = info_cache.setdefault(("catalog", catalog, schema), {})
            new = [str(name) for name in names if name not in known]
            if not new:
                continue
            if catalog != "tables":
                # of tables that exist it is known that they have no rows
                listed = info_cache["catalog", "tables", schema]
                known.update((name, []) for name in new if _is_lasting(listed.get(name)))
            for name, *row in self._ask_catalog(catalog, connection, schema, new):
                known.setdefault(name, []).append(row)

    def _is_known_table(self, table_name: str, schema: str | None, info_cache: Any = None, **kw: Any) -> bool:
        """
        Tell whether the catalogs were asked about a table or view, and have it.
        """
        known = {} if info_cache is None else info_cache.get(("catalog", "tables", schema), {})
        return _is_lasting(known.get(table_name))


def _is_lasting(rows: list[Any] | None) -> bool:
    """
    Tell whether rows of ``tables`` are about a table, or a view that works: a broken one has a comment.
    """
    if not rows:
        return False
    comment, kind, *_ = rows[0]
    return "VIEW" not in kind or (kind == comment == "VIEW")
