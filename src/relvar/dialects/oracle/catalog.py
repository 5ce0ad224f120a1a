"""
The data dictionary of Oracle Database: one query per kind of fact, for one table or for many.

Rows that were asked about several tables at once are kept in ``info_cache``; the answers for each are made
of them.
The queries are plain SQL, so they read the dictionary of another database, through a link, in the same way.

Source: https://docs.oracle.com/en/database/oracle/oracle-database/23/refrn/static-data-dictionary-views.html
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, NamedTuple

from relvar.expr.text import text

__all__ = ["Catalog", "Target"]

# An IN list may have 1000 elements.
_MAX_NAMES = 500

# The table's name comes first in each row.
_QUERIES = {
    "objects": (
        "SELECT o.object_name, o.object_type FROM all_objects{link} o WHERE o.owner = :owner AND "
        "o.object_type IN ('TABLE', 'VIEW', 'MATERIALIZED VIEW') AND o.object_name {names}"
    ),
    "columns": (
        "SELECT c.table_name, c.column_name, c.data_type, c.char_length, c.data_length, c.data_precision, "
        "c.data_scale, c.nullable, c.data_default, c.virtual_column, m.comments, {identity} "
        "FROM all_tab_cols{link} c LEFT OUTER JOIN all_col_comments{link} m ON m.owner = c.owner AND "
        "m.table_name = c.table_name AND m.column_name = c.column_name {join_identity}"
        "WHERE c.owner = :owner AND c.hidden_column = 'NO' AND c.table_name {names} "
        "ORDER BY c.table_name, c.column_id"
    ),
    "constraints": (
        "SELECT k.table_name, k.constraint_type, k.constraint_name, l.column_name, r.owner, r.table_name, "
        'r.column_name, k.search_condition, k.delete_rule, k."DEFERRABLE", k."DEFERRED", k.index_name '
        "FROM all_constraints{link} k JOIN all_cons_columns{link} l ON l.owner = k.owner AND "
        "l.constraint_name = k.constraint_name LEFT OUTER JOIN all_cons_columns{link} r ON "
        "r.owner = k.r_owner AND r.constraint_name = k.r_constraint_name AND r.position = l.position "
        "WHERE k.owner = :owner AND k.constraint_type IN ('P', 'U', 'R', 'C') AND k.table_name {names} "
        "ORDER BY k.table_name, k.constraint_name, l.position"
    ),
    "indexes": (
        "SELECT i.table_name, i.index_name, i.uniqueness, i.index_type, i.compression, i.prefix_length, "
        "c.column_name, c.descend, e.column_expression FROM all_indexes{link} i JOIN all_ind_columns{link} c "
        "ON c.index_owner = i.owner AND c.index_name = i.index_name LEFT OUTER JOIN "
        "all_ind_expressions{link} e ON e.index_owner = c.index_owner AND e.index_name = c.index_name AND "
        "e.column_position = c.column_position WHERE i.table_owner = :owner AND i.table_name {names} "
        "ORDER BY i.table_name, i.index_name, c.column_position"
    ),
    "comments": (
        "SELECT t.table_name, t.comments FROM all_tab_comments{link} t WHERE t.owner = :owner AND "
        "t.table_type IN ('TABLE', 'VIEW') AND t.table_name {names}"
    ),
    "comments of materialized views": (
        "SELECT t.mview_name, t.comments FROM all_mview_comments{link} t WHERE t.owner = :owner AND "
        "t.mview_name {names}"
    ),
    "options": (
        "SELECT t.table_name, t.compression, t.compress_for, t.tablespace_name FROM all_tables{link} t "
        "WHERE t.owner = :owner AND t.table_name {names}"
    ),
    "synonyms": (
        "SELECT s.synonym_name, s.table_owner, s.table_name, s.db_link FROM all_synonyms{link} s "
        "WHERE s.owner = :owner AND s.synonym_name {names}"
    ),
}
_IDENTITY = {
    "identity": "c.default_on_null, y.generation_type, y.identity_options",
    "join_identity": (
        "LEFT OUTER JOIN all_tab_identity_cols{link} y ON y.owner = c.owner AND y.table_name = c.table_name "
        "AND y.column_name = c.column_name "
    ),
}
# before Oracle Database 12
_NO_IDENTITY = {"identity": "'NO', NULL, NULL", "join_identity": ""}


class Target(NamedTuple):
    """
    A table as the dictionary has it.

    Attributes:
        owner: The schema.
        name: Its name there.
        link: The database link to it; empty: it is in this database.
    """

    owner: str
    name: str
    link: str = ""


class Catalog:
    """
    The rows about tables, for the reflection methods.
    """

    default_schema_name: str | None
    supports_identity_columns: bool
    normalize_name: Callable[[str | None], str | None]
    denormalize_name: Callable[[str | None], str | None]

    def _owner(self, schema: str | None) -> str:
        return self.denormalize_name(self.default_schema_name if schema is None else schema) or ""

    def _named(self, name: str) -> str:
        """
        Return a name of the dictionary as programs write it.
        """
        return self.normalize_name(name) or name

    def _run(self, connection: Any, query: str, **parameters: Any) -> list[Any]:
        return [tuple(row) for row in connection.execute(text(query), parameters)]

    def _names(self, connection: Any, query: str, schema: str | None, **parameters: Any) -> list[str]:
        """
        Return the names that a query about a schema gives.
        """
        rows = self._run(connection, query, owner=self._owner(schema), **parameters)
        return [self._named(row[0]) for row in rows]

    def _rows(self, fact: str, connection: Any, target: Target, info_cache: Any = None) -> list[Any]:
        """
        Return what the dictionary has about a table, without its name.
        """
        kept = {} if info_cache is None else info_cache
        known = kept.setdefault(("catalog", fact, target.owner, target.link), {})
        if target.name not in known:
            rows = self._ask(fact, connection, target.owner, target.link, [target.name])
            known[target.name] = [row[1:] for row in rows]
        return known[target.name]  # type: ignore[no-any-return]  # rows

    def _expect_rows(
        self, facts: Collection[str], connection: Any, targets: Sequence[Target], info_cache: Any
    ) -> None:
        """
        Ask about many tables at once, and keep the rows.
        """
        places = {(target.owner, target.link) for target in targets}
        for fact in facts:
            for owner, link in places:
                place = [target for target in targets if (target.owner, target.link) == (owner, link)]
                known = info_cache.setdefault(("catalog", fact, owner, link), {})
                new = [target.name for target in place if target.name not in known]
                if new:
                    known.update((name, []) for name in new)
                    for name, *row in self._ask(fact, connection, owner, link, new):
                        known[name].append(tuple(row))

    def _ask(
        self, fact: str, connection: Any, owner: str, link: str, names: Sequence[str]
    ) -> Iterator[tuple[Any, ...]]:
        parts = _IDENTITY if self.supports_identity_columns else _NO_IDENTITY
        for start in range(0, len(names), _MAX_NAMES):
            some = names[start : start + _MAX_NAMES]
            parameters = {f"name_{number}": name for number, name in enumerate(some)}
            listed = f"IN ({', '.join(f':{name}' for name in parameters)})"
            query = _QUERIES[fact]
            if fact == "columns":
                query = query.replace("{identity}", parts["identity"])
                query = query.replace("{join_identity}", parts["join_identity"])
            query = query.format(link=f"@{link}" if link else "", names=listed)
            yield from self._run(connection, query, owner=owner, **parameters)
