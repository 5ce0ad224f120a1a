"""
What PostgreSQL's catalogs tell about tables.

Each question is one query for many tables; the question for one table is the same with its name
as filter.

Source: https://www.postgresql.org/docs/current/catalogs.html
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from relvar import exc
from relvar import types as sqltypes
from relvar.dialect.inspector import (
    Inspector,
    ObjectKind,
    ObjectScope,
    ReflectionDefaults,
    cache,
)
from relvar.dialects.postgresql.array import ARRAY
from relvar.dialects.postgresql.named_types import DOMAIN, ENUM
from relvar.expr.text import text
from relvar.util import warn

__all__ = ["PGInspector", "PGReflection"]

_Key = tuple[str | None, str]

_KINDS = {
    ObjectKind.TABLE: ("r", "p", "f"),
    ObjectKind.VIEW: ("v",),
    ObjectKind.MATERIALIZED_VIEW: ("m",),
}
_ACTIONS = {"r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
_ANY_RELATION = ("r", "p", "f", "v", "m")


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


class PGReflection:
    """
    The reflection methods of PostgreSQL's dialect.
    """

    inspector = PGInspector
    ischema_names: Any
    server_version_info: Any
    default_schema_name: str | None

    def _version(self) -> tuple[int, ...]:
        return self.server_version_info or (9, 6)

    # -- which relations

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
        where = "pg_catalog.pg_table_is_visible(c.oid)" if schema is None else "n.nspname = :schema"
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
        if schema is None:
            where = "pg_catalog.pg_type_is_visible(t.oid)"
        elif schema == "*":
            where = "TRUE"
        else:
            where = "n.nspname = :schema"
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
        return self._names(connection, schema, "'S'", "c.relpersistence != 't'")

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
            raise _no_such_table(table_name, schema)
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
            raise _no_such_table(view_name, schema)
        return str(row[0])

    # -- one question for many tables

    def _one(self, answers: Any, table_name: str, schema: str | None) -> Any:
        """
        Return the answer for one table.

        Raises:
            NoSuchTableError: there is none.
        """
        try:
            return dict(answers)[(schema, table_name)]
        except KeyError:
            raise _no_such_table(table_name, schema) from None

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
        return self._one(
            self.get_multi_columns(
                connection,
                schema=schema,
                filter_names=[table_name],
                scope=ObjectScope.ANY,
                kind=ObjectKind.ANY,
                **kw,
            ),
            table_name,
            schema,
        )

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
        generated = "a.attgenerated" if version >= (12,) else "CAST('' AS TEXT)"
        identity = "a.attidentity" if version >= (10,) else "CAST('' AS TEXT)"
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
            f"{sequence_columns}, (SELECT co.collname FROM pg_catalog.pg_collation co JOIN "
            "pg_catalog.pg_type ty ON ty.oid = a.atttypid WHERE co.oid = a.attcollation AND "
            "a.attcollation != ty.typcollation)",
            "LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT "
            "a.attisdropped LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = "
            f"a.attnum AND a.atthasdef{sequence}",
            ", a.attnum",
        )
        domains = _Lazy(
            lambda: {
                _type_key(d): d
                for d in self._load_domains(connection, schema="*", info_cache=kw.get("info_cache"))
            }
        )
        enums = _Lazy(
            lambda: {
                _type_key(e): e
                for e in self._load_enums(connection, schema="*", info_cache=kw.get("info_cache"))
            }
        )
        return [
            ((schema, name), [self._column(row, domains, enums, schema) for row in found])
            for name, found in rows
        ]

    def _column(self, row: Any, domains: _Lazy, enums: _Lazy, schema: str | None) -> dict[str, Any]:
        (_, name, type_text, default, not_null, comment, generated, identity, *rest) = row
        *sequence, collation = rest
        type_ = self._reflect_type(type_text, domains, enums, f"column '{name}'", collation)
        nullable = not not_null
        computed = None
        if default is not None and generated not in (None, "", b"\x00"):
            computed = {"sqltext": default, "persisted": generated in ("s", b"s")}
            default = None
        autoincrement = False
        if default is not None:
            match = re.search(r"""(nextval\(')([^']+)('.*$)""", default)
            if match is not None:
                if issubclass(type_._type_affinity or object, sqltypes.Integer):
                    autoincrement = True
                if "." not in match.group(2) and schema is not None:
                    default = f'{match.group(1)}"{schema}".{match.group(2)}{match.group(3)}'
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

    def _reflect_type(
        self,
        type_text: str,
        domains: _Lazy,
        enums: _Lazy,
        described: str,
        collation: str | None = None,
    ) -> sqltypes.TypeEngine[Any]:
        """
        Return the type that ``format_type`` spells *type_text*.
        """
        array = re.search(r"(\[\])+$", type_text)
        plain = type_text[: array.start()] if array else type_text
        name, arguments = _split_type(plain)
        cls: Any = self.ischema_names.get(name.lower())
        made: sqltypes.TypeEngine[Any]
        if cls is not None:
            made = _make_type(cls, name.lower(), arguments, collation)
        elif name.lower().startswith("interval"):
            fields = re.match(r"interval (.+)", name.lower(), re.I)
            made = self.ischema_names["interval"](
                precision=arguments[0] if arguments else None,
                fields=None if fields is None else fields.group(1),
            )
        else:
            key = _identifiers(plain)
            if key in enums:
                enum = enums[key]
                made = ENUM(
                    *enum["labels"],
                    name=enum["name"],
                    **({} if enum["visible"] else {"schema": enum["schema"]}),
                )
            elif key in domains:
                made = self._domain_type(domains[key], domains, enums, described)
            else:
                warn(f"Did not recognize type '{plain}' of {described}")
                made = sqltypes.NULLTYPE
        if array:
            made = ARRAY(made)
        return made

    def _domain_type(self, domain: dict[str, Any], domains: _Lazy, enums: _Lazy, described: str) -> DOMAIN:
        data_type = self._reflect_type(domain["type"], domains, enums, described)
        named = next((c for c in domain["constraints"] if c["name"]), None)
        return DOMAIN(
            domain["name"],
            data_type,
            collation=domain["collation"],
            default=domain["default"],
            constraint_name=None if named is None else named["name"],
            not_null=not domain["nullable"],
            check=None if named is None else named["check"],
            **({} if domain["visible"] else {"schema": domain["schema"]}),
        )

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
        return self._one(
            self.get_multi_pk_constraint(
                connection,
                schema=schema,
                filter_names=[table_name],
                scope=ObjectScope.ANY,
                kind=ObjectKind.ANY,
                **kw,
            ),
            table_name,
            schema,
        )

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
        return self._one(
            self.get_multi_unique_constraints(
                connection,
                schema=schema,
                filter_names=[table_name],
                scope=ObjectScope.ANY,
                kind=ObjectKind.ANY,
                **kw,
            ),
            table_name,
            schema,
        )

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
        return self._one(
            self.get_multi_foreign_keys(
                connection,
                schema=schema,
                filter_names=[table_name],
                scope=ObjectScope.ANY,
                kind=ObjectKind.ANY,
                postgresql_ignore_search_path=postgresql_ignore_search_path,
                **kw,
            ),
            table_name,
            schema,
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
        return self._one(
            self.get_multi_indexes(
                connection,
                schema=schema,
                filter_names=[table_name],
                scope=ObjectScope.ANY,
                kind=ObjectKind.ANY,
                **kw,
            ),
            table_name,
            schema,
        )

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
            f"ic.relname, i.indisunique, {key_columns}, {nulls}, am.amname, ic.reloptions, "
            "pg_catalog.pg_get_expr(i.indpred, i.indrelid), CAST(ARRAY(SELECT "
            "pg_catalog.pg_get_indexdef(i.indexrelid, CAST(k.ord AS INTEGER), TRUE) FROM "
            "unnest(i.indkey) WITH ORDINALITY AS k(attnum, ord) ORDER BY k.ord) AS TEXT[]), "
            "CAST(ARRAY(SELECT a.attname FROM unnest(i.indkey) WITH ORDINALITY AS k(attnum, ord) "
            "LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = "
            "k.attnum AND k.attnum != 0 ORDER BY k.ord) AS TEXT[]), "
            "CAST(string_to_array(CAST(i.indoption AS TEXT), ' ') AS INTEGER[]), "
            "con.conname",
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
            method,
            storage,
            where,
            definitions,
            columns,
            orders,
            constraint,
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
        if method and method != "btree":
            options["postgresql_using"] = method
        if where:
            options["postgresql_where"] = where
        if version >= (11,):
            options["postgresql_include"] = columns[count:]
        if nulls_not_distinct:
            options["postgresql_nulls_not_distinct"] = True
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
        return self._one(
            self.get_multi_check_constraints(
                connection,
                schema=schema,
                filter_names=[table_name],
                scope=ObjectScope.ANY,
                kind=ObjectKind.ANY,
                **kw,
            ),
            table_name,
            schema,
        )

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
        return self._one(
            self.get_multi_table_comment(
                connection,
                schema=schema,
                filter_names=[table_name],
                scope=ObjectScope.ANY,
                kind=ObjectKind.ANY,
                **kw,
            ),
            table_name,
            schema,
        )

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
    ) -> dict[str, Any]:
        """
        Return the options of a table that reflection knows: none.
        """
        return ReflectionDefaults.table_options()

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
        return [
            ((schema, name), ReflectionDefaults.table_options())
            for name, _ in self._answers(connection, schema, filter_names, scope, kind, "c.relname", "", "")
        ]

    # -- named types

    def _type_schema(self, schema: str | None) -> tuple[str, dict[str, Any]]:
        if schema == "*":
            return "TRUE", {}
        if schema is None:
            return "pg_catalog.pg_type_is_visible(t.oid) AND n.nspname != 'pg_catalog'", {}
        return "n.nspname = :schema", {"schema": schema}

    @cache
    def _load_enums(self, connection: Any, schema: str | None = None, **kw: Any) -> list[dict[str, Any]]:
        """
        Return the ENUM types with their labels.
        """
        where, parameters = self._type_schema(schema)
        query = (
            "SELECT t.typname, pg_catalog.pg_type_is_visible(t.oid), n.nspname, CAST(ARRAY(SELECT "
            "e.enumlabel FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid ORDER BY "
            "e.enumsortorder) AS TEXT[]) FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n "
            f"ON n.oid = t.typnamespace WHERE t.typtype = 'e' AND {where} ORDER BY n.nspname, "
            "t.typname"
        )
        return [
            {"name": name, "schema": nsp, "visible": visible, "labels": list(labels)}
            for name, visible, nsp, labels in connection.execute(text(query), parameters)
        ]

    @cache
    def _load_domains(self, connection: Any, schema: str | None = None, **kw: Any) -> list[dict[str, Any]]:
        """
        Return the domains with their constraints.
        """
        where, parameters = self._type_schema(schema)
        query = (
            "SELECT t.typname, pg_catalog.format_type(t.typbasetype, t.typtypmod), t.typnotnull, "
            "t.typdefault, pg_catalog.pg_type_is_visible(t.oid), n.nspname, co.collname, "
            "CAST(ARRAY(SELECT con.conname FROM pg_catalog.pg_constraint con WHERE con.contypid = "
            "t.oid AND con.contype = 'c' ORDER BY con.conname) AS TEXT[]), CAST(ARRAY(SELECT "
            "pg_catalog.pg_get_constraintdef(con.oid, TRUE) FROM pg_catalog.pg_constraint con "
            "WHERE con.contypid = t.oid AND con.contype = 'c' ORDER BY con.conname) AS TEXT[]) "
            "FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace "
            "LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype LEFT JOIN "
            "pg_catalog.pg_collation co ON co.oid = t.typcollation AND t.typcollation != "
            f"b.typcollation WHERE t.typtype = 'd' AND {where} ORDER BY n.nspname, t.typname"
        )
        domains = []
        for row in connection.execute(text(query), parameters):
            name, base, not_null, default, visible, nsp, collation, names, definitions = row
            constraints = []
            for constraint, definition in zip(names, definitions):
                match = re.match(r"^CHECK *\((.+)\)(?: NOT VALID)?$", definition, re.S)
                constraints.append({"name": constraint, "check": match.group(1) if match else definition})
            domains.append(
                {
                    "name": name,
                    "schema": nsp,
                    "visible": visible,
                    "type": base,
                    "nullable": not not_null,
                    "default": default,
                    "constraints": constraints,
                    "collation": None if collation == "default" else collation,
                }
            )
        return domains


class _Lazy:
    """
    A dictionary that is asked for only if a type is not one of the well known.
    """

    def __init__(self, load: Any) -> None:
        self._load = load
        self._loaded: dict[Any, Any] | None = None

    def _values(self) -> dict[Any, Any]:
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded

    def __contains__(self, key: object) -> bool:
        return key in self._values()

    def __getitem__(self, key: Any) -> Any:
        return self._values()[key]


def _type_key(described: dict[str, Any]) -> tuple[str, ...]:
    """
    Return the key of a named type: as ``format_type`` names it, unquoted.
    """
    if described["visible"]:
        return (described["name"],)
    return (described["schema"], described["name"])


def _identifiers(text_: str) -> tuple[str, ...]:
    """
    Return the parts of a name that may be qualified and quoted.
    """
    parts = re.findall(r'"((?:[^"]|"")*)"|([^."]+)', text_)
    return tuple(quoted.replace('""', '"') if quoted else plain for quoted, plain in parts)


def _split_type(spelled: str) -> tuple[str, list[int]]:
    """
    Return a type's name and its numbers: ``timestamp(3) with time zone``.
    """
    match = re.search(r"\(([\d, ]+)\)", spelled)
    if match is None:
        return spelled, []
    name = (spelled[: match.start()] + spelled[match.end() :]).strip()
    return name, [int(number) for number in match.group(1).split(",")]


def _make_type(cls: Any, name: str, arguments: list[int], collation: str | None) -> sqltypes.TypeEngine[Any]:
    made: sqltypes.TypeEngine[Any]
    if name == "double precision":
        made = cls(precision=53)
    elif name in ("timestamp with time zone", "time with time zone"):
        made = cls(timezone=True, precision=arguments[0] if arguments else None)
    elif name in ("timestamp without time zone", "time without time zone", "timestamp", "time"):
        made = cls(timezone=False, precision=arguments[0] if arguments else None)
    elif name == "bit varying":
        made = cls(arguments[0] if arguments else None, varying=True)
    elif name == "interval":
        made = cls(precision=arguments[0] if arguments else None)
    elif collation is not None and issubclass(cls, sqltypes.String):
        made = cls(*arguments, collation=collation)
    else:
        made = cls(*arguments)
    return made


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


def _no_such_table(table_name: str, schema: str | None) -> exc.NoSuchTableError:
    return exc.NoSuchTableError(f"{schema}.{table_name}" if schema else table_name)
