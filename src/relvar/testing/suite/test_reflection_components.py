"""Reflection of tables, views and temporary tables: one by one and many at once."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar

from relvar import (
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    exc,
    inspect,
    select,
    testing,
)
from relvar.engine.reflection import ObjectKind, ObjectScope
from relvar.schema import CreateView, DropView
from relvar.testing import (
    config,
    engines,
    eq_,
    expect_raises,
    expect_warnings,
    in_,
    is_false,
    is_true,
    mock,
    not_in,
    requires,
)
from relvar.testing.schema import Column, Table
from relvar.testing.suite.reflected_tables import ReflectedTables


def _multi_combination(fn: Any) -> Any:
    """Decorate a test of a ``get_multi_`` method: kinds and scopes of objects, some of them by name."""
    return testing.combinations(
        (False, ObjectScope.DEFAULT, ObjectKind.TABLE, False),
        (False, ObjectScope.DEFAULT, ObjectKind.TABLE, True),
        (False, ObjectScope.DEFAULT, ObjectKind.VIEW, False, requires.views),
        (False, ObjectScope.DEFAULT, ObjectKind.MATERIALIZED_VIEW, False, requires.materialized_views),
        (False, ObjectScope.DEFAULT, ObjectKind.ANY, True, requires.views),
        (False, ObjectScope.TEMPORARY, ObjectKind.TABLE, False, requires.temp_table_names),
        (False, ObjectScope.ANY, ObjectKind.ANY, False, requires.views, requires.temp_table_names),
        (True, ObjectScope.DEFAULT, ObjectKind.TABLE, False, requires.schemas),
        (True, ObjectScope.ANY, ObjectKind.ANY, True, requires.schemas, requires.views),
        argnames="schema, scope, kind, use_filter",
    )(fn)


def _quoted_names(argname: str) -> Any:
    """Decorate a test of constraints: names that need quotes."""
    return testing.combinations(
        ("plain",),
        ("Mixed Case",),
        ("it's",),
        ("dot.ted",),
        ("(parens)",),
        ("with % sign", requires.percent_schema_names),
        ("méil", requires.unicode_ddl),
        argnames=argname,
    )


class ComponentReflectionTest(ReflectedTables):
    """
    Columns, keys, constraints, indexes, views, comments and options.
    """

    __backend__ = True
    __requires__: ClassVar[tuple[str, ...]] = ("table_reflection",)
    run_inserts: ClassVar[str | None] = None
    run_deletes: ClassVar[str | None] = None

    # One by one ------------------------------------------------------------------------------------------

    def _schema(self, use_schema: Any) -> str | None:
        return config.current_config().test_schema if use_schema else None

    def _one_by_one(
        self,
        connection: Any,
        method: str,
        expected: Callable[..., Any],
        read: Callable[..., Any],
        use_schema: Any = False,
        names: Iterable[str] = ("users", "dingalings", "email_addresses", "no_constraints"),
    ) -> None:
        schema = self._schema(use_schema)
        inspector = inspect(connection)
        for key, value in expected(schema=schema, filter_names=list(names)).items():
            eq_(read(key, getattr(inspector, method)(key[1], schema=schema)), value, f"{method} of {key}")

    @requires.schema_reflection
    def test_get_schema_names(self, connection: Any) -> None:
        inspector = inspect(connection)
        names = inspector.get_schema_names()
        in_(inspector.default_schema_name or names[0], names)
        if config.requirements_in_use().schemas.enabled:
            in_(config.current_config().test_schema, names)

    @requires.schema_reflection
    @requires.schemas
    def test_get_schema_names_w_translate_map(self, connection: Any) -> None:
        """Names of the catalogue are not translated."""
        schema = config.current_config().test_schema
        connection = connection.execution_options(schema_translate_map={"foo": "bar", schema: "other"})
        in_(schema, inspect(connection).get_schema_names())

    @requires.schema_reflection
    @requires.schemas
    def test_has_schema(self, connection: Any) -> None:
        inspector = inspect(connection)
        is_true(inspector.has_schema(config.current_config().test_schema))
        is_false(inspector.has_schema("sa_fake_schema_123"))

    @requires.schema_reflection
    @requires.schemas
    def test_has_schema_w_translate_map(self, connection: Any) -> None:
        schema = config.current_config().test_schema
        connection = connection.execution_options(schema_translate_map={"foo": "bar"})
        is_true(inspect(connection).has_schema(schema))
        is_false(inspect(connection).has_schema("foo"))

    @requires.schema_reflection
    @requires.schemas
    def test_schema_cache(self, connection: Any) -> None:
        """An inspector keeps its answer until its cache is cleared."""
        inspector = inspect(connection)
        names = inspector.get_schema_names()
        eq_(inspector.get_schema_names(), names)
        is_false(inspector.has_schema("foo_bar"))
        inspector.clear_cache()
        eq_(inspector.get_schema_names(), names)

    @requires.schema_reflection
    def test_dialect_initialize(self) -> None:
        engine = engines.testing_engine()
        inspect(engine)
        assert hasattr(engine.dialect, "default_schema_name")

    @requires.schema_reflection
    @requires.implicit_default_schema
    def test_get_default_schema_name(self, connection: Any) -> None:
        inspector = inspect(connection)
        eq_(inspector.default_schema_name, connection.dialect.default_schema_name)
        in_(inspector.default_schema_name, inspector.get_schema_names())

    @testing.combinations(None, "foreign_key", argnames="order_by")
    @testing.combinations((True, requires.schemas), (False,), argnames="use_schema")
    def test_get_table_names(self, connection: Any, order_by: str | None, use_schema: bool) -> None:
        schema = self._schema(use_schema)
        wanted = {
            name for _, name in self._objects(schema=schema, scope=ObjectScope.DEFAULT, kind=ObjectKind.TABLE)
        }
        inspector = inspect(connection)
        if order_by is None:
            eq_(wanted & set(inspector.get_table_names(schema)), wanted)
            return
        names = [name for name, _ in inspector.get_sorted_table_and_fkc_names(schema)]
        eq_(wanted & set(names), wanted)
        assert names.index("users") < names.index("email_addresses")

    @requires.temp_table_names
    def test_get_temp_table_names(self, connection: Any) -> None:
        in_(self.temp_table_name(), inspect(connection).get_temp_table_names())

    @requires.temporary_views
    @requires.temp_table_names
    def test_get_temp_view_names(self, connection: Any) -> None:
        with self._temporary_view(connection):
            in_("tmp_v", inspect(connection).get_temp_view_names())

    @requires.temporary_views
    @requires.view_column_reflection
    def test_get_temp_view_columns(self, connection: Any) -> None:
        with self._temporary_view(connection):
            eq_([each["name"] for each in inspect(connection).get_columns("tmp_v")], ["user_id"])

    @contextlib.contextmanager
    def _temporary_view(self, connection: Any) -> Iterator[None]:
        t = self.tables.users
        made = CreateView(select(t.c.user_id), "tmp_v", temporary=True)
        connection.execute(made)
        yield
        connection.execute(DropView(made.table))

    @requires.temp_table_reflection
    def test_get_temp_table_columns(self, connection: Any) -> None:
        self._one_by_one(
            connection, "get_columns", self.exp_columns, self._columns, names=[self.temp_table_name()]
        )

    @requires.temp_table_reflection
    def test_reflect_table_temp_table(self, connection: Any) -> None:
        t = Table(self.temp_table_name(), MetaData(), autoload_with=connection)
        eq_([c.name for c in t.c], ["id", "name", "foo"])
        eq_([c.name for c in t.primary_key], ["id"])

    @requires.temp_table_reflection
    @requires.unique_constraint_reflection
    def test_get_temp_table_unique_constraints(self, connection: Any) -> None:
        self._one_by_one(
            connection, "get_unique_constraints", self.exp_ucs, self._ucs, names=[self.temp_table_name()]
        )

    @requires.temp_table_reflect_indexes
    @requires.temp_table_reflection
    def test_get_temp_table_indexes(self, connection: Any) -> None:
        self._one_by_one(
            connection, "get_indexes", self.exp_indexes, self._indexes, names=[self.temp_table_name()]
        )

    @testing.combinations(
        (False, False),
        (False, True, requires.schemas),
        (True, False, requires.view_column_reflection),
        (True, True, requires.schemas, requires.view_column_reflection),
        argnames="use_views, use_schema",
    )
    def test_get_columns(self, connection: Any, use_views: bool, use_schema: bool) -> None:
        names = ["users", "email_addresses", "dingalings"]
        if use_views:
            names = ["users_v", "email_addresses_v"]
        self._one_by_one(connection, "get_columns", self.exp_columns, self._columns, use_schema, names)
        if not use_views:
            found = {c["name"]: c["type"] for c in inspect(connection).get_columns("users")}
            eq_(found["email"].length, 50)
            eq_((found["amount"].precision, found["amount"].scale), (10, 2))

    @testing.combinations((True, requires.schemas), (False,), argnames="use_schema")
    @requires.primary_key_constraint_reflection
    def test_get_pk_constraint(self, connection: Any, use_schema: bool) -> None:
        self._one_by_one(connection, "get_pk_constraint", self.exp_pks, self._pk, use_schema)

    @testing.combinations((True, requires.schemas), (False,), argnames="use_schema")
    @requires.foreign_key_constraint_reflection
    def test_get_foreign_keys(self, connection: Any, use_schema: bool) -> None:
        self._one_by_one(connection, "get_foreign_keys", self.exp_fks, self._fks, use_schema)

    @requires.cross_schema_fk_reflection
    @requires.schemas
    def test_get_inter_schema_foreign_keys(self, connection: Any) -> None:
        self._one_by_one(connection, "get_foreign_keys", self.exp_fks, self._fks, names=["local_table"])

    @testing.combinations((True, requires.schemas), (False,), argnames="use_schema")
    @requires.index_reflection
    def test_get_indexes(self, connection: Any, use_schema: bool) -> None:
        self._one_by_one(connection, "get_indexes", self.exp_indexes, self._indexes, use_schema)

    @testing.combinations((True, requires.schemas), (False,), argnames="use_schema")
    @requires.unique_constraint_reflection
    def test_get_unique_constraints(self, metadata: Any, connection: Any, use_schema: bool) -> None:
        self._one_by_one(connection, "get_unique_constraints", self.exp_ucs, self._ucs, use_schema)
        schema = self._schema(use_schema)
        constraints = {"unique_a": ["a"], "unique_a_b_c": ["a", "b", "c"], "unique_c_b": ["c", "b"]}
        Table(
            "testtbl",
            metadata,
            *(Column(name, String(20)) for name in "abc"),
            *(UniqueConstraint(*columns, name=name) for name, columns in constraints.items()),
            schema=schema,
        ).create(connection)
        found = inspect(connection).get_unique_constraints("testtbl", schema=schema)
        eq_({each["name"]: each["column_names"] for each in found}, constraints)

    @testing.combinations(("users", "users_amount_since"), argnames="tname, ixname")
    @requires.index_reflection
    @requires.indexes_with_ascdesc
    @requires.reflect_indexes_with_ascdesc
    def test_get_noncol_index(self, connection: Any, tname: str, ixname: str, metadata: Any) -> None:
        """An index that goes down is an index of its column."""
        t = Table("noncol", metadata, Column("id", Integer, primary_key=True), Column("q", String(5)))
        Index("noncol_idx", t.c.q.desc())
        t.create(connection)
        (found,) = inspect(connection).get_indexes("noncol")
        eq_((found["name"], found["column_names"]), ("noncol_idx", ["q"]))
        in_(ixname, [each["name"] for each in inspect(connection).get_indexes(tname)])

    @testing.combinations((True, requires.schemas), (False,), argnames="use_schema")
    @requires.view_reflection
    def test_get_view_names(self, connection: Any, use_schema: bool) -> None:
        inspector, schema = inspect(connection), self._schema(use_schema)
        names = inspector.get_view_names(schema=schema)
        for name in ("users_v", "email_addresses_v"):
            in_(name, names)
            not_in(name, inspector.get_table_names(schema=schema))

    @testing.combinations((True, requires.schemas), (False,), argnames="use_schema")
    @requires.view_reflection
    def test_get_view_definition(self, connection: Any, use_schema: bool) -> None:
        inspector = inspect(connection)
        for name in ("users_v", "email_addresses_v"):
            in_("email", inspector.get_view_definition(name, schema=self._schema(use_schema)))

    @requires.view_reflection
    def test_get_view_definition_does_not_exist(self, connection: Any) -> None:
        with expect_raises(exc.NoSuchTableError):
            inspect(connection).get_view_definition("view_does_not_exist")
        with expect_raises(exc.NoSuchTableError):
            # a table is no view
            inspect(connection).get_view_definition("users")

    @requires.table_reflection
    def test_autoincrement_col(self, connection: Any) -> None:
        """A column that may be numbered by the database is not said not to be."""
        column = inspect(connection).get_columns("comment_test")[0]
        in_(column.get("autoincrement", "auto"), (True, "auto"))

    @testing.combinations((True, requires.schemas), (False,), argnames="use_schema")
    @requires.reflect_table_options
    def test_get_table_options(self, use_schema: bool) -> None:
        with self.bind.connect() as connection:
            options = inspect(connection).get_table_options("users", schema=self._schema(use_schema))
            assert isinstance(options, dict)
            assert options

    @testing.combinations((True, requires.schemas), (False,), argnames="use_schema")
    def test_multi_get_table_options(self, use_schema: bool) -> None:
        """What is said of one table is said of it among others; nothing, where there are no options."""
        with self.bind.connect() as connection:
            schema = self._schema(use_schema)
            inspector = inspect(connection)
            try:
                found = inspector.get_multi_table_options(schema=schema)
            except NotImplementedError:
                # the dialect knows of no options
                eq_(inspector.get_table_options("users", schema=schema), {})
                return
            eq_(found[schema, "users"], inspector.get_table_options("users", schema=schema))

    @testing.combinations(
        ("get_columns",),
        ("get_table_options", requires.reflect_table_options),
        ("get_pk_constraint", requires.primary_key_constraint_reflection),
        ("get_foreign_keys", requires.foreign_key_constraint_reflection),
        ("get_indexes", requires.index_reflection),
        ("get_unique_constraints", requires.unique_constraint_reflection),
        ("get_table_comment", requires.comment_reflection),
        ("get_check_constraints", requires.check_constraint_reflection),
        argnames="method",
    )
    def test_not_existing_table(self, method: str, connection: Any) -> None:
        with expect_raises(exc.NoSuchTableError):
            getattr(inspect(connection), method)("table_does_not_exist")

    def test_unreflectable(self, connection: Any) -> None:
        """A table that cannot be described is passed over, with a warning, where many are asked for."""
        cls = type(connection.dialect)
        ask = cls.get_multi_columns

        def fail(dialect: Any, connection: Any, **kw: Any) -> Any:
            kw["unreflectable"][None, "users"] = exc.UnreflectableTableError("broken table")
            return [each for each in dict(ask(dialect, connection, **kw)).items() if each[0][1] != "users"]

        metadata = MetaData()
        with (
            mock.patch.object(cls, "get_multi_columns", fail),
            expect_warnings("Skipping table users: broken table"),
        ):
            metadata.reflect(connection, only=["users", "no_constraints"], resolve_fks=False)
        eq_(sorted(metadata.tables), ["no_constraints"])

    @testing.combinations(
        (False, False),
        (False, True, requires.views),
        (True, False, requires.schemas),
        (True, True, requires.views, requires.schemas),
        argnames="use_schema, views",
    )
    def test_metadata(self, connection: Any, use_schema: bool, views: bool) -> None:
        """Whole tables come back as they were made."""
        schema = self._schema(use_schema)
        metadata = MetaData()
        metadata.reflect(connection, schema=schema, views=views, resolve_fks=False)
        prefix = f"{schema}." if schema else ""
        for name in ("users", "email_addresses", "dingalings", "no_constraints"):
            self.assert_tables_equal(
                self._tables_metadata.tables[prefix + name], metadata.tables[prefix + name]
            )
        eq_(f"{prefix}users_v" in metadata.tables, views)

    # Comments --------------------------------------------------------------------------------------------

    def _test_get_comments(self, connection: Any, schema: str | None = None) -> None:
        inspector = inspect(connection)
        t = self._tables_metadata.tables[f"{schema}.comment_test" if schema else "comment_test"]
        eq_(inspector.get_table_comment("comment_test", schema=schema), {"text": t.comment})
        eq_(inspector.get_table_comment("users", schema=schema), {"text": None})
        found = inspector.get_columns("comment_test", schema=schema)
        eq_([each["comment"] for each in found], [c.comment for c in t.c])

    @requires.comment_reflection
    def test_get_comments(self, connection: Any) -> None:
        self._test_get_comments(connection)

    @requires.comment_reflection
    @requires.schemas
    def test_get_comments_with_schema(self, connection: Any) -> None:
        self._test_get_comments(connection, config.current_config().test_schema)

    def _comments(self, connection: Any, metadata: Any, text: str) -> None:
        t = Table("unicode_comments", metadata, Column("id", Integer, comment=text), comment=text * 2)
        metadata.create_all(connection)
        inspector = inspect(connection)
        eq_(inspector.get_table_comment(t.name), {"text": text * 2})
        eq_(inspector.get_columns(t.name)[0]["comment"], text)

    @requires.comment_reflection
    @requires.unicode_data
    def test_comments_unicode(self, connection: Any, metadata: Any) -> None:
        self._comments(connection, metadata, "méil 数据 it's")

    @requires.comment_reflection_full_unicode
    def test_comments_unicode_full(self, connection: Any, metadata: Any) -> None:
        self._comments(connection, metadata, "🐍🧙🝝🧙‍♂️")

    @requires.column_collation_reflection
    @requires.order_by_collation
    def test_column_collation_reflection(self, connection: Any, metadata: Any) -> None:
        collation = config.requirements_in_use().get_order_by_collation(config.current_config())
        Table(
            "t",
            metadata,
            Column("collated", String(30, collation=collation)),
            Column("not_collated", String(30)),
        ).create(connection)
        found = inspect(connection).get_columns("t")
        eq_([each["type"].collation == collation for each in found], [True, False])

    # Names that need quotes ------------------------------------------------------------------------------

    @_quoted_names("pk_name")
    @requires.primary_key_constraint_reflection
    @requires.reflects_pk_names
    def test_get_pk_constraint_quoted_name(self, connection: Any, metadata: Any, pk_name: str) -> None:
        columns = [Column("id", Integer), Column("data", String(5))]
        Table("t", metadata, *columns, PrimaryKeyConstraint("id", name=pk_name)).create(connection)
        eq_(inspect(connection).get_pk_constraint("t")["name"], pk_name)

    @_quoted_names("fk_name")
    @requires.foreign_key_constraint_name_reflection
    def test_get_foreign_keys_quoted_name(self, connection: Any, metadata: Any, fk_name: str) -> None:
        Table("parent", metadata, Column("id", Integer, primary_key=True), test_needs_fk=True)
        Table(
            "child",
            metadata,
            Column("pid", Integer, ForeignKey("parent.id", name=fk_name)),
            test_needs_fk=True,
        )
        metadata.create_all(connection)
        (found,) = inspect(connection).get_foreign_keys("child")
        eq_(found["name"], fk_name)

    @_quoted_names("idx_name")
    @requires.index_reflection
    def test_get_indexes_quoted_name(self, connection: Any, metadata: Any, idx_name: str) -> None:
        t = Table("t", metadata, Column("id", Integer), Column("data", String(5)))
        Index(idx_name, t.c.data)
        t.create(connection)
        eq_([each["name"] for each in inspect(connection).get_indexes("t")], [idx_name])

    @_quoted_names("uq_name")
    @requires.unique_constraint_reflection
    def test_get_unique_constraints_quoted_name(self, connection: Any, metadata: Any, uq_name: str) -> None:
        t = Table("t", metadata, Column("id", Integer), UniqueConstraint("id", name=uq_name))
        t.create(connection)
        eq_([each["name"] for each in inspect(connection).get_unique_constraints("t")], [uq_name])

    # Many at once ----------------------------------------------------------------------------------------

    @config.fixture()
    def get_multi_exp(self, connection: Any) -> Any:
        """A function that asks for many objects and compares what comes with what is expected."""

        def check(
            schema: bool,
            scope: ObjectScope,
            kind: ObjectKind,
            use_filter: bool,
            method: Callable[..., Any],
            expected: Callable[..., Any],
            read: Callable[..., Any],
        ) -> None:
            about: dict[str, Any] = {"schema": self._schema(schema), "scope": scope, "kind": kind}
            about["filter_names"] = ["users", "users_v", "no_such_table"] if use_filter else None
            wanted = expected(**about)
            found = method(inspect(connection), **about)
            # what else is in the database is no business of this test
            ours = {key: value for key, value in found.items() if tuple(key) in self._scopes}
            eq_(set(ours), set(wanted))
            for key, value in wanted.items():
                eq_(read(key, ours[key]), value, f"{method.__name__} of {key}")

        return check

    @_multi_combination
    def test_get_multi_columns(
        self, get_multi_exp: Any, schema: bool, scope: Any, kind: Any, use_filter: bool
    ) -> None:
        get_multi_exp(schema, scope, kind, use_filter, _asking("columns"), self.exp_columns, self._columns)

    @_multi_combination
    @requires.primary_key_constraint_reflection
    def test_get_multi_pk_constraint(
        self, get_multi_exp: Any, schema: bool, scope: Any, kind: Any, use_filter: bool
    ) -> None:
        get_multi_exp(schema, scope, kind, use_filter, _asking("pk_constraint"), self.exp_pks, self._pk)

    @_multi_combination
    @requires.foreign_key_constraint_reflection
    def test_get_multi_foreign_keys(
        self, get_multi_exp: Any, schema: bool, scope: Any, kind: Any, use_filter: bool
    ) -> None:
        get_multi_exp(schema, scope, kind, use_filter, _asking("foreign_keys"), self.exp_fks, self._fks)

    @_multi_combination
    @requires.index_reflection
    def test_get_multi_indexes(
        self, get_multi_exp: Any, schema: bool, scope: Any, kind: Any, use_filter: bool
    ) -> None:
        get_multi_exp(schema, scope, kind, use_filter, _asking("indexes"), self.exp_indexes, self._indexes)

    @_multi_combination
    @requires.unique_constraint_reflection
    def test_get_multi_unique_constraints(
        self, get_multi_exp: Any, schema: bool, scope: Any, kind: Any, use_filter: bool
    ) -> None:
        get_multi_exp(schema, scope, kind, use_filter, _asking("unique_constraints"), self.exp_ucs, self._ucs)

    @_multi_combination
    @requires.check_constraint_reflection
    def test_get_multi_check_constraints(
        self, get_multi_exp: Any, schema: bool, scope: Any, kind: Any, use_filter: bool
    ) -> None:
        get_multi_exp(schema, scope, kind, use_filter, _asking("check_constraints"), self.exp_ccs, self._ccs)

    @_multi_combination
    @requires.comment_reflection
    def test_get_multi_table_comment(
        self, get_multi_exp: Any, schema: bool, scope: Any, kind: Any, use_filter: bool
    ) -> None:
        get_multi_exp(
            schema,
            scope,
            kind,
            use_filter,
            _asking("table_comment"),
            self.exp_comments,
            lambda key, found: found["text"],
        )

    @_multi_combination
    @requires.reflect_table_options
    def test_multi_get_table_options_tables(
        self, get_multi_exp: Any, schema: bool, scope: Any, kind: Any, use_filter: bool
    ) -> None:
        get_multi_exp(
            schema,
            scope,
            kind,
            use_filter,
            _asking("table_options"),
            self.exp_options,
            lambda key, found: None if isinstance(found, dict) else found,
        )


def _asking(what: str) -> Callable[..., Any]:
    """Return the inspector's method for many."""

    def ask(inspector: Any, **about: Any) -> Any:
        return getattr(inspector, f"get_multi_{what}")(**about)

    ask.__name__ = f"get_multi_{what}"
    return ask


__all__ = ["ComponentReflectionTest", "_multi_combination"]
