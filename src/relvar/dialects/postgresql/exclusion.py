"""
Reflect EXCLUDE constraints.

Source: https://www.postgresql.org/docs/current/catalog-pg-constraint.html
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from relvar.dialect.answers import ObjectKind, ObjectScope, cache
from relvar.dialects.postgresql.ext import ExcludeConstraint
from relvar.expr.text import VerbatimText

__all__ = ["ExclusionReflection"]


class ExclusionReflection:
    """
    The reflection methods that answer with EXCLUDE constraints; SQLAlchemy has none.
    """

    _answers: Callable[..., Any]
    _of_one: Callable[..., Any]

    @cache
    def get_exclude_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """
        Return the EXCLUDE constraints of a table.
        """
        return self._of_one(self.get_multi_exclude_constraints, connection, table_name, schema, **kw)

    def get_multi_exclude_constraints(
        self,
        connection: Any,
        *,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        scope: ObjectScope = ObjectScope.DEFAULT,
        kind: ObjectKind = ObjectKind.TABLE,
        **kw: Any,
    ) -> Any:
        """
        Return the EXCLUDE constraints of many tables.
        """
        rows = self._answers(
            connection,
            schema,
            filter_names,
            scope,
            kind,
            "con.conname, am.amname, pg_catalog.pg_get_expr(i.indpred, i.indrelid), con.condeferrable, "
            "con.condeferred, pg_catalog.obj_description(con.oid, 'pg_constraint'), "
            "CAST(ARRAY(SELECT a.attname FROM unnest(con.conkey) WITH ORDINALITY AS k(attnum, ord) "
            "LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum AND "
            "k.attnum != 0 ORDER BY k.ord) AS TEXT[]), "
            "CAST(ARRAY(SELECT pg_catalog.pg_get_indexdef(i.indexrelid, CAST(k.ord AS INTEGER), TRUE) "
            "FROM unnest(con.conexclop) WITH ORDINALITY AS k(oper, ord) ORDER BY k.ord) AS TEXT[]), "
            "CAST(ARRAY(SELECT op.oprname FROM unnest(con.conexclop) WITH ORDINALITY AS k(oper, ord) "
            "JOIN pg_catalog.pg_operator op ON op.oid = k.oper ORDER BY k.ord) AS TEXT[]), "
            "CAST(ARRAY(SELECT CASE WHEN NOT oc.opcdefault THEN oc.opcname END FROM "
            "unnest(i.indclass) WITH ORDINALITY AS k(class, ord) JOIN pg_catalog.pg_opclass oc ON "
            "oc.oid = k.class ORDER BY k.ord) AS TEXT[])",
            "LEFT JOIN pg_catalog.pg_constraint con ON con.conrelid = c.oid AND con.contype = 'x' "
            "LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = con.conindid "
            "LEFT JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid "
            "LEFT JOIN pg_catalog.pg_am am ON am.oid = ic.relam",
            ", con.conname",
        )
        return [((schema, name), [_described(row) for row in found]) for name, found in rows]

    def _exclude_constraint(self, described: dict[str, Any], column: Callable[[str], Any]) -> Any:
        """
        Make what was described; *column* finds a column of the table by its name in the database.
        """
        elements = []
        for name, expression, operator in zip(
            described["column_names"], described["expressions"], described["operators"], strict=True
        ):
            elements.append((VerbatimText(expression) if name is None else column(name), operator))
        where = described["where"]
        options = described["options"]
        return ExcludeConstraint(
            *elements,
            name=described["name"],
            using=described["using"],
            where=None if where is None else VerbatimText(where),
            ops=described["ops"],
            comment=described["comment"],
            **options,
        )


def _described(row: Any) -> dict[str, Any]:
    _, name, method, where, deferrable, deferred, comment, columns, definitions, operators, classes = row
    options: dict[str, Any] = {}
    if deferrable:
        options = {"deferrable": True, "initially": "DEFERRED" if deferred else "IMMEDIATE"}
    return {
        "name": name,
        "column_names": columns,
        "expressions": definitions,
        "operators": operators,
        "using": method,
        "where": where,
        "ops": {
            definition if column is None else column: ops
            for column, definition, ops in zip(columns, definitions, classes)
            if ops
        },
        "options": options,
        "comment": comment,
    }
