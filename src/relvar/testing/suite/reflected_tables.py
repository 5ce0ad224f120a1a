"""
The tables, views and temporary tables that tests of reflection make, and what is expected of each.
"""

from __future__ import annotations

from typing import Any, ClassVar

from relvar import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    select,
)
from relvar.engine.reflection import ObjectKind, ObjectScope
from relvar.schema import CreateView
from relvar.testing import ComparesTables, config, fixtures, provision
from relvar.testing.schema import Column, Table

__all__ = ["ReflectedTables"]


class ReflectedTables(ComparesTables, fixtures.OneConnectionTablesTest):
    """
    Objects to be reflected, in the default schema and the test schema.

    What is expected is read from the tables that were made; ``exp_...`` methods say it in the
    form that the inspector has: {(schema, name): description}.
    """

    # (schema, name) -> what it is
    _scopes: ClassVar[dict[tuple[str | None, str], tuple[ObjectKind, ObjectScope]]] = {}

    # What there is ---------------------------------------------------------------------------------------

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        cls._scopes = {}
        rules = config.requirements_in_use()
        cls.define_reflected_tables(metadata, None)
        if rules.schemas.enabled:
            cls.define_reflected_tables(metadata, config.current_config().test_schema)
        cls._note(metadata, ObjectKind.TABLE, ObjectScope.DEFAULT)
        if rules.temp_table_reflection.enabled:
            cls.define_temp_tables(metadata)
            cls._note(metadata, ObjectKind.TABLE, ObjectScope.TEMPORARY)
        if rules.views.enabled:
            cls.define_views(metadata, None)
            if rules.schemas.enabled:
                cls.define_views(metadata, config.current_config().test_schema)
            cls._note(metadata, ObjectKind.VIEW, ObjectScope.DEFAULT)
        if rules.materialized_views.enabled:
            t = metadata.tables["users"]
            CreateView(select(t.c.user_id), "users_mat_v", materialized=True, metadata=metadata)
            cls._note(metadata, ObjectKind.MATERIALIZED_VIEW, ObjectScope.DEFAULT)

    @classmethod
    def _note(cls, metadata: Any, kind: ObjectKind, scope: ObjectScope) -> None:
        for t in metadata.tables.values():
            cls._scopes.setdefault((t.schema, t.name), (kind, scope))

    @classmethod
    def temp_table_name(cls) -> str:
        """What the temporary table is called."""
        return str(provision.get_temp_table_name(config.current_config(), config.db, "user_tmp"))

    @classmethod
    def define_reflected_tables(cls, metadata: Any, schema: str | None) -> None:
        """Define the tables of a schema."""
        rules = config.requirements_in_use()
        prefix = f"{schema}." if schema else ""
        users = Table(
            "users",
            metadata,
            Column("user_id", Integer, primary_key=True, autoincrement=False),
            Column("email", String(50), nullable=False),
            Column("amount", Numeric(10, 2)),
            Column("since", DateTime),
            Column("parent_user_id", Integer),
            UniqueConstraint("email", name="users_email_uq"),
            schema=schema,
            test_needs_fk=True,
        )
        Index("users_amount_since", users.c.amount, users.c.since)
        if rules.check_constraint_reflection.enabled:
            users.append_constraint(CheckConstraint("user_id > 0", name="users_id_ck"))
        if rules.self_referential_foreign_keys.enabled:
            users.c.parent_user_id.append_foreign_key(
                ForeignKey(f"{prefix}users.user_id", name="users_parent_fk")
            )
        Table(
            "dingalings",
            metadata,
            Column("dingaling_id", Integer, nullable=False),
            Column("other_id", Integer, nullable=False),
            Column("data", String(30)),
            PrimaryKeyConstraint("dingaling_id", "other_id", name="dingalings_pk"),
            schema=schema,
            test_needs_fk=True,
        )
        Table(
            "email_addresses",
            metadata,
            Column("address_id", Integer, primary_key=True, autoincrement=False),
            Column("remote_user_id", Integer, ForeignKey(f"{prefix}users.user_id", name="addresses_user_fk")),
            Column("email_address", String(80), server_default="nobody"),
            schema=schema,
            test_needs_fk=True,
        )
        Table("no_constraints", metadata, Column("data", String(20)), schema=schema)
        comments = rules.comment_reflection.enabled
        Table(
            "comment_test",
            metadata,
            Column("id", Integer, primary_key=True, comment="id comment" if comments else None),
            Column("data", String(20), comment="data % 'comment' \" \\ x" if comments else None),
            Column("d2", String(20)),
            schema=schema,
            comment="the test % ' \" \\ table comment" if comments else None,
        )
        if schema is not None and rules.cross_schema_fk_reflection.enabled:
            Table(
                "local_table",
                metadata,
                Column("id", Integer, primary_key=True),
                Column("remote_id", Integer, ForeignKey(f"{schema}.users.user_id", name="local_remote_fk")),
                test_needs_fk=True,
            )

    @classmethod
    def define_temp_tables(cls, metadata: Any) -> None:
        """Define a temporary table."""
        t = Table(
            cls.temp_table_name(),
            metadata,
            Column("id", Integer, primary_key=True),
            Column("name", String(50)),
            Column("foo", Integer),
            UniqueConstraint("name", name="user_tmp_uq"),
            **provision.temp_table_keyword_args(config.current_config(), config.db),
        )
        if config.requirements_in_use().temp_table_reflect_indexes.enabled:
            Index("user_tmp_ix", t.c.foo)

    @classmethod
    def define_views(cls, metadata: Any, schema: str | None) -> None:
        """Define the views of a schema."""
        prefix = f"{schema}." if schema else ""
        for name in ("users", "email_addresses"):
            t = metadata.tables[prefix + name]
            CreateView(select(*t.c), f"{name}_v", metadata=metadata, schema=schema)

    # What is expected ------------------------------------------------------------------------------------

    def _objects(
        self,
        schema: Any = None,
        scope: Any = ObjectScope.ANY,
        kind: Any = ObjectKind.ANY,
        filter_names: Any = None,
    ) -> dict[tuple[str | None, str], Any]:
        """Return the tables that a question is about."""
        return {
            (t.schema, t.name): t
            for t in self._tables_metadata.tables.values()
            if t.schema == schema
            and self._scopes[t.schema, t.name][0] in kind
            and self._scopes[t.schema, t.name][1] in scope
            and (filter_names is None or t.name in filter_names)
        }

    def _is_view(self, t: Any) -> bool:
        return self._scopes[t.schema, t.name][0] is not ObjectKind.TABLE

    def exp_columns(self, **about: Any) -> Any:
        """Columns: (name, family of types, whether NULL is allowed, whether there is a default)."""
        return {
            key: [
                (
                    c.name,
                    c.type._type_affinity,
                    # what a view's columns allow is not known to every database
                    None if self._is_view(t) else c.nullable,
                    # the number of a row is a default to some databases
                    None if self._is_view(t) or c.primary_key else c.server_default is not None,
                )
                for c in t.c
            ]
            for key, t in self._objects(**about).items()
        }

    def _columns(self, key: tuple[str | None, str], found: Any) -> Any:
        t = self._tables_metadata.tables[".".join(part for part in key if part)]
        view = self._is_view(t)
        return [
            (
                each["name"],
                each["type"]._type_affinity,
                None if view else each["nullable"],
                None if view or t.c[each["name"]].primary_key else each["default"] is not None,
            )
            for each in found
        ]

    def exp_pks(self, **about: Any) -> Any:
        """Primary keys: names of columns, and the constraint's name where it is known."""
        named = config.requirements_in_use().reflects_pk_names.enabled
        return {
            key: (
                ([], None)
                if self._is_view(t)
                else (
                    [c.name for c in t.primary_key.columns],
                    t.primary_key.name if named and t.primary_key.name else None,
                )
            )
            for key, t in self._objects(**about).items()
        }

    def _pk(self, key: tuple[str | None, str], found: Any) -> Any:
        t = self._tables_metadata.tables[".".join(part for part in key if part)]
        named = config.requirements_in_use().reflects_pk_names.enabled
        return (
            list(found["constrained_columns"]),
            found["name"] if named and t.primary_key.name and not self._is_view(t) else None,
        )

    def exp_fks(self, **about: Any) -> Any:
        """Foreign keys: (columns, schema, table and columns referred to, name)."""
        named = config.requirements_in_use().foreign_key_constraint_name_reflection.enabled
        return {
            key: sorted(
                (
                    [c.parent.name for c in fk.elements],
                    fk.referred_table.schema or "",
                    fk.referred_table.name,
                    [c.column.name for c in fk.elements],
                    fk.name if named else "",
                )
                for fk in t.foreign_key_constraints
            )
            for key, t in self._objects(**about).items()
        }

    def _fks(self, key: tuple[str | None, str], found: Any) -> Any:
        named = config.requirements_in_use().foreign_key_constraint_name_reflection.enabled
        return sorted(
            (
                each["constrained_columns"],
                each["referred_schema"] or "",
                each["referred_table"],
                each["referred_columns"],
                each["name"] if named else "",
            )
            for each in found
        )

    def exp_indexes(self, **about: Any) -> Any:
        """Indexes: (name, columns, whether unique), without those that constraints bring along."""
        return {
            key: (
                []
                if self._is_view(t)
                else sorted((i.name, [c.name for c in i.columns], bool(i.unique)) for i in t.indexes)
            )
            for key, t in self._objects(**about).items()
        }

    def _indexes(self, key: tuple[str | None, str], found: Any) -> Any:
        t = self._tables_metadata.tables[".".join(part for part in key if part)]
        constraints = {each.name for each in t.constraints if each.name}
        return sorted(
            (each["name"], each["column_names"], bool(each["unique"]))
            for each in found
            if "duplicates_constraint" not in each and each["name"] not in constraints
        )

    def exp_ucs(self, **about: Any) -> Any:
        """Unique constraints: (name, columns)."""
        return {
            key: sorted(
                (each.name, [c.name for c in each.columns])
                for each in t.constraints
                if isinstance(each, UniqueConstraint) and not self._is_view(t)
            )
            for key, t in self._objects(**about).items()
        }

    def _ucs(self, key: tuple[str | None, str], found: Any) -> Any:
        return sorted((each["name"], each["column_names"]) for each in found)

    def exp_ccs(self, **about: Any) -> Any:
        """Check constraints: names."""
        return {
            key: sorted(
                each.name
                for each in t.constraints
                if isinstance(each, CheckConstraint) and each.name and not self._is_view(t)
            )
            for key, t in self._objects(**about).items()
        }

    def _ccs(self, key: tuple[str | None, str], found: Any) -> Any:
        return sorted(each["name"] for each in found)

    def exp_comments(self, **about: Any) -> Any:
        """Comments of tables."""
        return {key: t.comment for key, t in self._objects(**about).items()}

    def exp_options(self, **about: Any) -> Any:
        """Options: only for which objects there are any to tell."""
        return dict.fromkeys(self._objects(**about))
