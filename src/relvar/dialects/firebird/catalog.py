"""
The system tables: one query for one table, or for all tables.

What was asked about several tables is kept in ``info_cache``: the answers for each are made of it.

Source: https://firebirdsql.org/file/documentation/html/en/refdocs/fblangref50/firebird-50-language-reference.html
(appendix D, system tables)
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from relvar.dialect.default import DefaultDialect

__all__ = ["Catalog", "trimmed"]

# The table's name comes first in each row, filled up with blanks like all names. Of a constraint made
# for NOT NULL nothing is told. {condition} is a comparison of that name, or what leaves out system tables.
_QUERIES = {
    "relations": (
        "SELECT r.rdb$relation_name, COALESCE(r.rdb$relation_type, 0), r.rdb$description, r.rdb$view_source "
        "FROM rdb$relations r WHERE r.rdb$relation_name {condition}"
    ),
    "columns": (
        "SELECT rf.rdb$relation_name, rf.rdb$field_name, rf.rdb$field_source, "
        "COALESCE(rf.rdb$null_flag, f.rdb$null_flag, 0), COALESCE(rf.rdb$default_source, "
        "f.rdb$default_source), rf.rdb$description, f.rdb$computed_source, f.rdb$field_type, "
        "f.rdb$field_sub_type, f.rdb$field_length, f.rdb$character_length, f.rdb$field_precision, "
        "f.rdb$field_scale, cs.rdb$character_set_name, IIF(cs.rdb$character_set_name = "
        "d.rdb$character_set_name, 1, 0), IIF(co.rdb$collation_name = cs.rdb$default_collate_name, NULL, "
        "co.rdb$collation_name), {identity} "
        "FROM rdb$relation_fields rf JOIN rdb$fields f ON f.rdb$field_name = rf.rdb$field_source "
        "CROSS JOIN rdb$database d "
        "LEFT JOIN rdb$character_sets cs ON cs.rdb$character_set_id = f.rdb$character_set_id "
        "AND f.rdb$field_type IN (14, 37, 40, 261) "
        "LEFT JOIN rdb$collations co ON co.rdb$character_set_id = f.rdb$character_set_id AND "
        "co.rdb$collation_id = COALESCE(rf.rdb$collation_id, f.rdb$collation_id) "
        "{generators}WHERE rf.rdb$relation_name {condition} "
        "ORDER BY rf.rdb$relation_name, rf.rdb$field_position"
    ),
    "keys": (
        "SELECT rc.rdb$relation_name, rc.rdb$constraint_type, rc.rdb$constraint_name, s.rdb$field_name, "
        "uq.rdb$relation_name, us.rdb$field_name, ref.rdb$update_rule, ref.rdb$delete_rule "
        "FROM rdb$relation_constraints rc "
        "JOIN rdb$index_segments s ON s.rdb$index_name = rc.rdb$index_name "
        "LEFT JOIN rdb$ref_constraints ref ON ref.rdb$constraint_name = rc.rdb$constraint_name "
        "LEFT JOIN rdb$relation_constraints uq ON uq.rdb$constraint_name = ref.rdb$const_name_uq "
        "LEFT JOIN rdb$index_segments us ON us.rdb$index_name = uq.rdb$index_name "
        "AND us.rdb$field_position = s.rdb$field_position "
        "WHERE rc.rdb$relation_name {condition} "
        "ORDER BY rc.rdb$relation_name, rc.rdb$constraint_name, s.rdb$field_position"
    ),
    "indexes": (
        "SELECT i.rdb$relation_name, i.rdb$index_name, COALESCE(i.rdb$unique_flag, 0), "
        "COALESCE(i.rdb$index_type, 0), i.rdb$expression_source, {where}, s.rdb$field_name "
        "FROM rdb$indices i LEFT JOIN rdb$index_segments s ON s.rdb$index_name = i.rdb$index_name "
        "WHERE i.rdb$relation_name {condition} AND NOT EXISTS (SELECT 1 FROM rdb$relation_constraints rc "
        "WHERE rc.rdb$index_name = i.rdb$index_name) "
        "ORDER BY i.rdb$relation_name, i.rdb$index_name, s.rdb$field_position"
    ),
    "checks": (
        "SELECT rc.rdb$relation_name, rc.rdb$constraint_name, t.rdb$trigger_source "
        "FROM rdb$relation_constraints rc "
        "JOIN rdb$check_constraints cc ON cc.rdb$constraint_name = rc.rdb$constraint_name "
        "JOIN rdb$triggers t ON t.rdb$trigger_name = cc.rdb$trigger_name AND t.rdb$trigger_type = 1 "
        "WHERE rc.rdb$constraint_type = 'CHECK' AND rc.rdb$relation_name {condition} "
        "ORDER BY rc.rdb$relation_name, rc.rdb$constraint_name"
    ),
}
_NEEDED = {
    "get_columns": "columns",
    "get_pk_constraint": "keys",
    "get_unique_constraints": "keys",
    "get_foreign_keys": "keys",
    "get_indexes": "indexes",
    "get_check_constraints": "checks",
}
_IDENTITY = "rf.rdb$identity_type, g.rdb$initial_value, g.rdb$generator_increment"
_GENERATORS = "LEFT JOIN rdb$generators g ON g.rdb$generator_name = rf.rdb$generator_name "
_NOT_OF_THE_SYSTEM = "IN (SELECT x.rdb$relation_name FROM rdb$relations x WHERE x.rdb$system_flag = 0)"


def trimmed(value: Any) -> Any:
    """
    Return a name without the blanks behind it.
    """
    return value.rstrip() if isinstance(value, str) else value


class Catalog(DefaultDialect):
    """
    The rows about tables, for the reflection methods.
    """

    def _query(self, catalog: str, condition: str) -> str:
        version = self.server_version_info or (5,)
        has_identity = version >= (3,)
        return _QUERIES[catalog].format(
            condition=condition,
            identity=_IDENTITY if has_identity else "NULL, NULL, NULL",
            generators=_GENERATORS if has_identity else "",
            where="i.rdb$condition_source" if version >= (5,) else "NULL",
        )

    def _catalog_rows(
        self, catalog: str, connection: Any, table_name: str, info_cache: Any = None, **kw: Any
    ) -> list[Any]:
        """
        Return a catalog's rows about a table, without its name.
        """
        stored = str(self.denormalize_name(table_name))
        known = None if info_cache is None else info_cache.get(("catalog", catalog))
        if known is not None and stored in info_cache["catalog", "relations"]:
            return known.get(stored, [])  # type: ignore[no-any-return]  # rows
        rows = connection.exec_driver_sql(self._query(catalog, "= ?"), (stored,))
        return [tuple(row)[1:] for row in rows]

    def _expect(
        self, question: str, connection: Any, schema: str | None, names: Collection[str], kw: dict[str, Any]
    ) -> None:
        """
        Ask the catalogs about all tables, if *question* will be asked for more than one.
        """
        info_cache = kw.get("info_cache")
        if info_cache is None or len(names) < 2:
            return
        for catalog in dict.fromkeys(("relations", _NEEDED.get(question, "relations"))):
            if ("catalog", catalog) in info_cache:
                continue
            known: dict[str, list[Any]] = {}
            for name, *row in connection.exec_driver_sql(self._query(catalog, _NOT_OF_THE_SYSTEM)):
                known.setdefault(trimmed(name), []).append(tuple(row))
            info_cache["catalog", catalog] = known
