"""
What PostgreSQL's catalogs tell about tables.

Each question is one query for many tables; the question for one table is the same with its name
as filter.

Source: https://www.postgresql.org/docs/current/catalogs.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any

from relvar import types as sqltypes
from relvar.dialect.answers import ObjectKind, ObjectScope, ReflectionDefaults, cache
from relvar.dialect.inspector import Inspector
from relvar.dialects.postgresql.catalog_names import CatalogNames, no_such_table
from relvar.dialects.postgresql.catalog_types import CatalogTypes, Lazy, type_key
from relvar.dialects.postgresql.exclusion import ExclusionReflection
from relvar.dialects.postgresql.named_types import DOMAIN
from relvar.expr.text import text
from relvar.util import warn

__all__ = ["PGInspector", "PGReflection"]

_Key = tuple[str | None, str]

_ACTIONS = {"r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}


_NAME = r"""(?:"(?:[^"]|"")*"|[^".']+)"""
_NEXTVAL = re.compile(rf"nextval\('(?P<schema>{_NAME}\.)?(?P<name>{_NAME})'")
"A default that is the next number of a sequence; names are quoted as identifiers within a literal."


class PGInspector(Inspector):
    """
    The inspector of PostgreSQL, with what only it has.
    """

    def get_table_oid(self, table_name: str, schema: str | None = None) -> int:
        """
        Return the OID of a table.
        """
        return int(self._ask("get_table_oid", table_name, schema))

    def get_domains(self, schema: str | None = None) -> list[dict[str, Any]]:
        """
        Return the domains of a schema; "*" for all schemas.
        """
        with self._operation_context() as connection:
            return self.dialect._load_domains(  # type: ignore[no-any-return]  # of the dialect
                connection, schema, info_cache=self.info_cache
            )

    def get_enums(self, schema: str | None = None) -> list[dict[str, Any]]:
        """
        Return the ENUM types of a schema; "*" for all schemas.
        """
        with self._operation_context() as connection:
            return self.dialect._load_enums(  # type: ignore[no-any-return]  # of the dialect
                connection, schema, info_cache=self.info_cache
            )

    def get_exclude_constraints(
        self, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[dict[str, Any]]:
        """
        Return the EXCLUDE constraints of a table; columns, expressions and operators are in one order.
        """
        return self._ask("get_exclude_constraints", table_name, schema, **kw)  # type: ignore[no-any-return]  # of the dialect

    def get_multi_exclude_constraints(
        self,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        kind: ObjectKind = ObjectKind.TABLE,
        scope: ObjectScope = ObjectScope.DEFAULT,
        **kw: Any,
    ) -> dict[_Key, list[dict[str, Any]]]:
        """
        Return the EXCLUDE constraints of many tables, by ``(schema, table name)``.
        """
        return self._ask_multi("get_multi_exclude_constraints", schema, filter_names, kind, scope, kw)

    def get_foreign_table_names(self, schema: str | None = None) -> list[str]:
        """
        Return the names of the foreign tables.
        """
        with self._operation_context() as connection:
            return self.dialect._get_foreign_table_names(  # type: ignore[no-any-return]  # of the dialect
                connection, schema, info_cache=self.info_cache
            )

    def has_type(self, type_name: str, schema: str | None = None, **kw: Any) -> bool:
        """
        Tell whether there is a type of that name.
        """
        return bool(self._ask("has_type", type_name, schema, **kw))


class PGReflection(CatalogNames, CatalogTypes, ExclusionReflection):
    """
    The reflection methods of PostgreSQL's dialect.
    """

    inspector = PGInspector
    ischema_names: Any
    server_version_info: Any
    default_schema_name: str | None

    def _version(self) -> tuple[int, ...]:
        return self.server_version_info or (9, 6)

    # -- one question for many tables

    def _of_one(
        self,
        of_many: Callable[..., Any],
        connection: Any,
        table_name: str,
        schema: str | None,
        **kw: Any,
    ) -> Any:
        """
        Return what a question for many tables answers for one.

        Raises:
            NoSuchTableError: There is none.
        """
        answers = of_many(
            connection,
            schema=schema,
            filter_names=[table_name],
            scope=ObjectScope.ANY,
            kind=ObjectKind.ANY,
            **kw,
        )
        try:
            return dict(answers)[(schema, table_name)]
        except KeyError:
            raise no_such_table(table_name, schema) from None

    def _answers(
        self,
        connection: Any,
        schema: str | None,
        filter_names: Collection[str] | None,
        scope: ObjectScope,
        kind: ObjectKind,
        columns: str,
        joins: str,
        order: str,
    ) -> Iterator[tuple[str, list[Any]]]:
        """
        Yield each relation's name with the rows about it; a relation without any has none.

        Args:
            columns: What to select; the first column is NULL where the joins found nothing.
        """
        where, parameters = self._relations(schema, filter_names, scope, kind)
        query = (
            f"SELECT c.relname, {columns} FROM {self._FROM} {joins} WHERE {where} ORDER BY c.relname{order}"
        )
        rows_of: dict[str, list[Any]] = {}
        for row in connection.execute(text(query), parameters):
            rows = rows_of.setdefault(row[0], [])
            if row[1] is not None:
                rows.append(row)
        return iter(rows_of.items())

    @cache
    def get_columns(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        """
        Return the columns of a table.
        """
        return self._of_one(self.get_multi_columns, connection, table_name, schema, **kw)

    def get_multi_columns(
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
        Return the columns of many tables.
        """
        version = self._version()
        generated = "CAST(a.attgenerated AS TEXT)" if version >= (12,) else "CAST('' AS TEXT)"
        identity = "CAST(a.attidentity AS TEXT)" if version >= (10,) else "CAST('' AS TEXT)"
        sequence, sequence_columns = "", ", ".join(["NULL"] * 6)
        if version >= (10,):
            sequence_columns = "s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle"
            sequence = (
                " LEFT JOIN pg_catalog.pg_sequence s ON s.seqrelid = CASE WHEN a.attidentity != '' "
                "THEN CAST(CAST(pg_catalog.pg_get_serial_sequence(pg_catalog.quote_ident(n.nspname)"
                " || '.' || pg_catalog.quote_ident(c.relname), a.attname) AS regclass) AS oid) END"
            )
        rows = self._answers(
            connection,
            schema,
            filter_names,
            scope,
            kind,
            "a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), "
            "pg_catalog.pg_get_expr(d.adbin, d.adrelid), a.attnotnull, "
            f"pg_catalog.col_description(c.oid, a.attnum), {generated}, {identity}, "
            f"{sequence_columns}, co.collname, CASE WHEN cn.nspname != 'pg_catalog' THEN "
            "cn.nspname END",
            "LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT "
            "a.attisdropped LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = "
            f"a.attnum AND a.atthasdef{sequence} LEFT JOIN pg_catalog.pg_type ty ON ty.oid = "
            "a.atttypid LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation AND "
            "a.attcollation != ty.typcollation LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = "
            "co.collnamespace",
            ", a.attnum",
        )
        domains = Lazy(
            lambda: {
                type_key(d): d
                for d in self._load_domains(connection, schema="*", info_cache=kw.get("info_cache"))
            }
        )
        enums = Lazy(
            lambda: {
                type_key(e): e
                for e in self._load_enums(connection, schema="*", info_cache=kw.get("info_cache"))
            }
        )
        return [
            ((schema, name), [self._column(row, domains, enums, schema) for row in found])
            for name, found in rows
        ]

    def _column(self, row: Any, domains: Lazy, enums: Lazy, schema: str | None) -> dict[str, Any]:
        (_, name, type_text, default, not_null, comment, generated, identity, *rest) = row
        *sequence, collation_name, collation_schema = rest
        collation = None
        if collation_name is not None:
            collation = {"collation": collation_name, "collation_schema": collation_schema}
        type_ = self._reflect_type(type_text, domains, enums, f"column '{name}'", collation)
        nullable = not not_null
        computed = None
        if default is not None and generated not in (None, "", b"\x00"):
            computed = {"sqltext": default, "persisted": generated in ("s", b"s")}
            default = None
        autoincrement = False
        if default is not None:
            match = _NEXTVAL.search(default)
            if match is not None:
                if issubclass(type_._type_affinity or object, sqltypes.Integer):
                    autoincrement = True
                if match["schema"] is None and schema is not None:
                    # no schema is told of what the search path finds
                    quoted = schema.replace('"', '""').replace("'", "''")
                    place = match.start("name")
                    default = f'{default[:place]}"{quoted}".{default[place:]}'
        if isinstance(type_, DOMAIN):
            if default is None and type_.default is not None:
                default = type_.default
            nullable = nullable and not type_.not_null
        described: dict[str, Any] = {
            "name": name,
            "type": type_,
            "nullable": nullable,
            "default": default,
            "autoincrement": autoincrement or bool(identity),
            "comment": comment,
        }
        if computed is not None:
            described["computed"] = computed
        if identity:
            start, increment, minimum, maximum, cached, cycle = sequence
            described["identity"] = {
                "always": identity in ("a", b"a"),
                "start": start,
                "increment": increment,
                "minvalue": minimum,
                "maxvalue": maximum,
                "cycle": cycle,
                "cache": cached,
            }
        return described

    # -- keys

    def _key_constraints(
        self,
        connection: Any,
        schema: str | None,
        filter_names: Collection[str] | None,
        scope: ObjectScope,
        kind: ObjectKind,
        letter: str,
    ) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        version = self._version()
        key_columns = "i.indnkeyatts" if version >= (11,) else "i.indnatts"
        nulls = "i.indnullsnotdistinct" if version >= (15,) else "FALSE"
        for name, rows in self._answers(
            connection,
            schema,
            filter_names,
            scope,
            kind,
            "con.conname, pg_catalog.obj_description(con.oid, 'pg_constraint'), "
            f"{key_columns}, {nulls}, CAST(ARRAY(SELECT a.attname FROM "
            "unnest(i.indkey) WITH ORDINALITY AS k(attnum, ord) JOIN pg_catalog.pg_attribute a "
            "ON a.attrelid = c.oid AND a.attnum = k.attnum ORDER BY k.ord) AS TEXT[])",
            f"LEFT JOIN pg_catalog.pg_constraint con ON con.conrelid = c.oid AND con.contype = "
            f"'{letter}' LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = con.conindid",
            ", con.conname",
        ):
            found = []
            for _, constraint, comment, count, nulls_not_distinct, columns in rows:
                options = {}
                if version >= (11,):
                    options["postgresql_include"] = columns[count:]
                if letter == "u" and version >= (15,):
                    options["postgresql_nulls_not_distinct"] = nulls_not_distinct
                found.append(
                    {
                        "name": constraint,
                        "columns": columns[:count],
                        "comment": comment,
                        "dialect_options": options,
                    }
                )
            yield name, found

    @cache
    def get_pk_constraint(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """
        Return the primary key of a table.
        """
        return self._of_one(self.get_multi_pk_constraint, connection, table_name, schema, **kw)

    def get_multi_pk_constraint(
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
        Return the primary keys of many tables.
        """
        found: list[tuple[_Key, Any]] = []
        for name, keys in self._key_constraints(connection, schema, filter_names, scope, kind, "p"):
            if not keys:
                found.append(((schema, name), ReflectionDefaults.pk_constraint()))
                continue
            key = keys[0]
            found.append(
                (
                    (schema, name),
                    {
                        "constrained_columns": key["columns"],
                        "name": key["name"],
                        "comment": key["comment"],
                        "dialect_options": key["dialect_options"],
                    },
                )
            )
        return found

    @cache
    def get_unique_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """
        Return the unique constraints of a table.
        """
        return self._of_one(self.get_multi_unique_constraints, connection, table_name, schema, **kw)

    def get_multi_unique_constraints(
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
        Return the unique constraints of many tables.
        """
        return [
            (
                (schema, name),
                [
                    {
                        "column_names": key["columns"],
                        "name": key["name"],
                        "comment": key["comment"],
                        "dialect_options": key["dialect_options"],
                    }
                    for key in keys
                ],
            )
            for name, keys in self._key_constraints(connection, schema, filter_names, scope, kind, "u")
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
        """
        Return the foreign keys of a table.

        Args:
            postgresql_ignore_search_path: Name the referred schema whenever it is not the
                default one, also if the search path shows it.
        """
        return self._of_one(
            self.get_multi_foreign_keys,
            connection,
            table_name,
            schema,
            postgresql_ignore_search_path=postgresql_ignore_search_path,
            **kw,
        )

    def get_multi_foreign_keys(
        self,
        connection: Any,
        *,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        scope: ObjectScope = ObjectScope.DEFAULT,
        kind: ObjectKind = ObjectKind.TABLE,
        postgresql_ignore_search_path: bool = False,
        **kw: Any,
    ) -> Any:
        """
        Return the foreign keys of many tables.
        """

        def names(relation: str, positions: str) -> str:
            return (
                "CAST(ARRAY(SELECT a.attname FROM "
                f"unnest({positions}) WITH ORDINALITY AS k(attnum, ord) JOIN "
                f"pg_catalog.pg_attribute a ON a.attrelid = {relation} AND a.attnum = k.attnum "
                "ORDER BY k.ord) AS TEXT[])"
            )

        set_columns = names("con.conrelid", "con.confdelsetcols") if self._version() >= (15,) else "NULL"
        rows = self._answers(
            connection,
            schema,
            filter_names,
            scope,
            kind,
            f"con.conname, {names('con.conrelid', 'con.conkey')}, "
            f"{names('con.confrelid', 'con.confkey')}, rc.relname, rn.nspname, n.nspname, "
            "pg_catalog.pg_table_is_visible(rc.oid), con.confupdtype, con.confdeltype, "
            "con.condeferrable, con.condeferred, con.confmatchtype, con.convalidated, "
            f"pg_catalog.obj_description(con.oid, 'pg_constraint'), {set_columns}",
            "LEFT JOIN pg_catalog.pg_constraint con ON con.conrelid = c.oid AND con.contype = 'f' "
            "LEFT JOIN pg_catalog.pg_class rc ON rc.oid = con.confrelid LEFT JOIN "
            "pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace",
            ", con.conname",
        )
        return [
            (
                (schema, name),
                [self._foreign_key(row, schema, postgresql_ignore_search_path) for row in found],
            )
            for name, found in rows
        ]

    def _foreign_key(self, row: Any, schema: str | None, ignore_search_path: bool) -> dict[str, Any]:
        (
            _,
            name,
            columns,
            referred_columns,
            referred_table,
            referred_schema,
            own_schema,
            visible,
            on_update,
            on_delete,
            deferrable,
            deferred,
            match,
            validated,
            comment,
            set_columns,
        ) = row
        if ignore_search_path:
            if referred_schema == self.default_schema_name:
                referred_schema = None
        elif visible and not (schema is not None and referred_schema == own_schema):
            referred_schema = None
        options: dict[str, Any] = {}
        for option, letter in (("onupdate", on_update), ("ondelete", on_delete)):
            action = _ACTIONS.get(_letter(letter))
            if action is not None:
                options[option] = action
        if set_columns:
            options["ondelete"] += f" ({', '.join(set_columns)})"
        if deferrable:
            options["deferrable"] = True
        if deferred:
            options["initially"] = "DEFERRED"
        if _letter(match) == "f":
            options["match"] = "FULL"
        if not validated:
            options["postgresql_not_valid"] = True
        return {
            "name": name,
            "constrained_columns": columns,
            "referred_schema": referred_schema,
            "referred_table": referred_table,
            "referred_columns": referred_columns,
            "options": options,
            "comment": comment,
        }

    # -- indexes

    @cache
    def get_indexes(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        """
        Return the indexes of a table, those of unique constraints among them.
        """
        return self._of_one(self.get_multi_indexes, connection, table_name, schema, **kw)

    def get_multi_indexes(
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
        Return the indexes of many tables.
        """
        version = self._version()
        key_columns = "i.indnkeyatts" if version >= (11,) else "i.indnatts"
        nulls = "i.indnullsnotdistinct" if version >= (15,) else "FALSE"
        rows = self._answers(
            connection,
            schema,
            filter_names,
            scope,
            kind,
            f"ic.relname, i.indisunique, {key_columns}, {nulls}, i.indisvalid, am.amname, ic.reloptions, "
            "pg_catalog.pg_get_expr(i.indpred, i.indrelid), CAST(ARRAY(SELECT "
            "pg_catalog.pg_get_indexdef(i.indexrelid, CAST(k.ord AS INTEGER), TRUE) FROM "
            "unnest(i.indkey) WITH ORDINALITY AS k(attnum, ord) ORDER BY k.ord) AS TEXT[]), "
            "CAST(ARRAY(SELECT a.attname FROM unnest(i.indkey) WITH ORDINALITY AS k(attnum, ord) "
            "LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = "
            "k.attnum AND k.attnum != 0 ORDER BY k.ord) AS TEXT[]), "
            "CAST(string_to_array(CAST(i.indoption AS TEXT), ' ') AS INTEGER[]), "
            "con.conname, CAST(ARRAY(SELECT CASE WHEN NOT oc.opcdefault THEN oc.opcname END FROM "
            "unnest(i.indclass) WITH ORDINALITY AS k(class, ord) JOIN pg_catalog.pg_opclass oc ON "
            "oc.oid = k.class ORDER BY k.ord) AS TEXT[])",
            "LEFT JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND NOT i.indisprimary LEFT "
            "JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid LEFT JOIN pg_catalog.pg_am am ON "
            "am.oid = ic.relam LEFT JOIN pg_catalog.pg_constraint con ON con.conindid = "
            "i.indexrelid AND con.contype IN ('p', 'u', 'x')",
            ", ic.relname",
        )
        return [((schema, name), [self._index(row, version) for row in found]) for name, found in rows]

    def _index(self, row: Any, version: tuple[int, ...]) -> dict[str, Any]:
        (
            _,
            name,
            unique,
            count,
            nulls_not_distinct,
            valid,
            method,
            storage,
            where,
            definitions,
            columns,
            orders,
            constraint,
            classes,
        ) = row
        has_expressions = any(column is None for column in columns[:count])
        index: dict[str, Any] = {
            "name": name,
            "unique": unique,
            "column_names": columns[:count],
        }
        if has_expressions:
            index["expressions"] = [
                definition if column is None else column
                for column, definition in zip(columns[:count], definitions)
            ]
        elements = index.get("expressions", index["column_names"])
        sorting = {}
        for element, order in zip(elements, orders or ()):
            words = _sorting(order)
            if words:
                sorting[element] = words
        if sorting:
            index["column_sorting"] = sorting
        if constraint:
            index["duplicates_constraint"] = constraint
        options: dict[str, Any] = {}
        if storage:
            options["postgresql_with"] = dict(option.split("=", 1) for option in storage)
        ops = {element: name for element, name in zip(elements, classes) if name}
        if ops:
            options["postgresql_ops"] = ops
        if method and method != "btree":
            options["postgresql_using"] = method
        if where:
            options["postgresql_where"] = where
        if version >= (11,):
            options["postgresql_include"] = columns[count:]
        if nulls_not_distinct:
            options["postgresql_nulls_not_distinct"] = True
        if not valid:
            options["postgresql_invalid"] = True
        index["dialect_options"] = options
        return index

    # -- the rest

    @cache
    def get_check_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """
        Return the CHECK constraints of a table.
        """
        return self._of_one(self.get_multi_check_constraints, connection, table_name, schema, **kw)

    def get_multi_check_constraints(
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
        Return the CHECK constraints of many tables.
        """
        rows = self._answers(
            connection,
            schema,
            filter_names,
            scope,
            kind,
            "con.conname, pg_catalog.pg_get_constraintdef(con.oid, TRUE), "
            "pg_catalog.obj_description(con.oid, 'pg_constraint')",
            "LEFT JOIN pg_catalog.pg_constraint con ON con.conrelid = c.oid AND con.contype = 'c'",
            ", con.conname",
        )
        found = []
        for name, constraints in rows:
            checks = []
            for _, constraint, definition, comment in constraints:
                match = re.match(r"^CHECK *\((.+)\)( NO INHERIT)?( NOT VALID)?$", definition, re.S)
                if match is None:
                    warn(f"Could not parse CHECK constraint text: {definition!r}")
                    sqltext = ""
                else:
                    sqltext = re.sub(r"^[\s\n]*\((.+)\)[\s\n]*$", r"\1", match.group(1), flags=re.S)
                check: dict[str, Any] = {
                    "name": constraint,
                    "sqltext": sqltext,
                    "comment": comment,
                }
                if match is not None and (match.group(2) or match.group(3)):
                    check["dialect_options"] = options = {}
                    if match.group(3):
                        options["not_valid"] = True
                    if match.group(2):
                        options["no_inherit"] = True
                checks.append(check)
            found.append(((schema, name), checks))
        return found

    @cache
    def get_table_comment(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """
        Return the comment of a table.
        """
        return self._of_one(self.get_multi_table_comment, connection, table_name, schema, **kw)

    def get_multi_table_comment(
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
        Return the comments of many tables.
        """
        rows = self._answers(
            connection,
            schema,
            filter_names,
            scope,
            kind,
            "pg_catalog.obj_description(c.oid, 'pg_class')",
            "",
            "",
        )
        return [((schema, name), {"text": found[0][1] if found else None}) for name, found in rows]

    @cache
    def get_table_options(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """
        Return what a table inherits, its storage parameters and its tablespace.
        """
        return self._of_one(self.get_multi_table_options, connection, table_name, schema, **kw)

    def get_multi_table_options(
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
        Return the options of many tables.
        """
        rows = self._answers(
            connection,
            schema,
            filter_names,
            scope,
            kind,
            "c.oid, CAST(ARRAY(SELECT p.relname FROM pg_catalog.pg_inherits h JOIN "
            "pg_catalog.pg_class p ON p.oid = h.inhparent WHERE h.inhrelid = c.oid ORDER BY "
            "h.inhseqno) AS TEXT[]), c.reloptions, ts.spcname",
            "LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace",
            "",
        )
        return [((schema, name), _table_options(*found[0][2:])) for name, found in rows]


def _table_options(parents: list[str], storage: list[str] | None, tablespace: str | None) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if parents:
        options["postgresql_inherits"] = tuple(parents)
    if storage:
        options["postgresql_with"] = dict(option.split("=", 1) for option in storage)
    if tablespace:
        options["postgresql_tablespace"] = tablespace
    return options


def _letter(value: Any) -> str:
    # the type "char" arrives as bytes from some drivers
    return value.decode() if isinstance(value, bytes) else str(value)


def _sorting(order: int) -> tuple[str, ...]:
    """
    Return what ``indoption`` says: bit 1 for DESC, bit 2 for NULLS FIRST.
    """
    descending, nulls_first = bool(order & 1), bool(order & 2)
    if descending:
        return ("desc",) if nulls_first else ("desc", "nulls_last")
    return ("nulls_first",) if nulls_first else ()
