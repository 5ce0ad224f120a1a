"""Reflection: what is there is found and described as it was made."""

from __future__ import annotations

from typing import Any, ClassVar

from relvar import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    exc,
    func,
    inspect,
    text,
)
from relvar.testing import (
    ComparesIndexes,
    ComparesTables,
    config,
    eq_,
    expect_raises,
    fixtures,
    in_,
    is_false,
    is_none,
    is_true,
    not_in,
    provision,
    requires,
)
from relvar.testing.schema import Column, Table


class _ReflectionTest(fixtures.TablesTest):
    """Tables that are only looked at."""

    __backend__ = True
    __requires__: ClassVar[tuple[str, ...]] = ("table_reflection",)
    run_inserts = run_deletes = None


class HasTableTest(_ReflectionTest):
    """Whether a table is there."""

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table("test_table", metadata, Column("id", Integer, primary_key=True), Column("data", String(50)))
        if config.requirements_in_use().schemas.enabled:
            schema = config.current_config().test_schema
            Table("test_table_s", metadata, Column("id", Integer, primary_key=True), schema=schema)

    def test_has_table(self, connection: Any) -> None:
        is_true(inspect(connection).has_table("test_table"))
        is_false(inspect(connection).has_table("test_table_s"))
        is_false(inspect(connection).has_table("nonexistent_table"))

    def test_has_table_cache(self, metadata: Any, connection: Any) -> None:
        inspector = inspect(connection)
        is_true(inspector.has_table("test_table"))
        t = Table("new_table", metadata, Column("x", Integer))
        is_false(inspector.has_table("new_table"))
        t.create(connection)
        inspector.clear_cache()
        is_true(inspector.has_table("new_table"))

    @requires.schemas
    def test_has_table_schema(self, connection: Any) -> None:
        schema = config.current_config().test_schema
        is_true(inspect(connection).has_table("test_table_s", schema=schema))
        is_false(inspect(connection).has_table("test_table", schema=schema))

    @requires.schemas
    def test_has_table_nonexistent_schema(self, connection: Any) -> None:
        is_false(inspect(connection).has_table("test_table", schema="nonexistent_schema"))

    @requires.views
    def test_has_table_view(self, connection: Any) -> None:
        connection.execute(text("CREATE VIEW vv AS SELECT id FROM test_table"))
        try:
            is_true(inspect(connection).has_table("vv"))
        finally:
            connection.execute(text("DROP VIEW vv"))

    @requires.has_temp_table
    def test_has_table_temp_table(self, connection: Any) -> None:
        name = provision.get_temp_table_name(config.current_config(), config.db, "user_tmp")
        options = provision.temp_table_keyword_args(config.current_config(), config.db)
        t = Table(name, MetaData(), Column("id", Integer, primary_key=True), **options)
        t.create(connection)
        is_true(inspect(connection).has_table(name))
        t.drop(connection)


class HasIndexTest(_ReflectionTest):
    """Whether an index is there."""

    __requires__ = ("index_reflection",)

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        t = Table("test_table", metadata, Column("id", Integer, primary_key=True), Column("data", String(50)))
        Index("my_idx", t.c.data)

    def test_has_index(self, connection: Any) -> None:
        is_true(inspect(connection).has_index("test_table", "my_idx"))
        is_false(inspect(connection).has_index("test_table", "my_idx_s"))
        is_false(inspect(connection).has_index("nonexistent_table", "my_idx"))


class ComponentReflectionTest(ComparesTables, _ReflectionTest):
    """Columns, keys, constraints, indexes, views and comments of two tables."""

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "users",
            metadata,
            Column("user_id", Integer, primary_key=True, autoincrement=False),
            Column("email", String(50), nullable=False),
            Column("amount", Numeric(10, 2)),
            Column("since", DateTime),
            UniqueConstraint("email", name="users_email_uq"),
            Index("users_amount_since", "amount", "since"),
        )
        Table(
            "addresses",
            metadata,
            Column("address_id", Integer, primary_key=True, autoincrement=False),
            Column("remote_user_id", Integer, ForeignKey("users.user_id", name="addresses_user_fk")),
            Column("street", String(80), server_default="main"),
        )

    def test_get_table_names(self, connection: Any) -> None:
        names = inspect(connection).get_table_names()
        eq_([name for name in sorted(names) if name in ("users", "addresses")], ["addresses", "users"])

    def test_get_columns(self, connection: Any) -> None:
        for t in (self.tables.users, self.tables.addresses):
            found = inspect(connection).get_columns(t.name)
            eq_([each["name"] for each in found], [column.name for column in t.c])
            for each, column in zip(found, t.c, strict=True):
                assert column.type._compare_type_affinity(each["type"]), each
                eq_(each["nullable"], column.nullable)
                eq_(each["default"] is None, column.server_default is None)

    def test_types_have_their_arguments(self, connection: Any) -> None:
        found = {each["name"]: each["type"] for each in inspect(connection).get_columns("users")}
        eq_(found["email"].length, 50)
        eq_((found["amount"].precision, found["amount"].scale), (10, 2))

    @requires.primary_key_constraint_reflection
    def test_get_pk_constraint(self, connection: Any) -> None:
        eq_(inspect(connection).get_pk_constraint("users")["constrained_columns"], ["user_id"])

    @requires.foreign_key_constraint_reflection
    def test_get_foreign_keys(self, connection: Any) -> None:
        (found,) = inspect(connection).get_foreign_keys("addresses")
        eq_(
            (found["constrained_columns"], found["referred_table"], found["referred_columns"]),
            (["remote_user_id"], "users", ["user_id"]),
        )
        is_none(found["referred_schema"])
        if config.requirements_in_use().foreign_key_constraint_name_reflection.enabled:
            eq_(found["name"], "addresses_user_fk")

    @requires.index_reflection
    def test_get_indexes(self, connection: Any) -> None:
        found = {each["name"]: each for each in inspect(connection).get_indexes("users")}
        eq_(found["users_amount_since"]["column_names"], ["amount", "since"])
        is_false(found["users_amount_since"]["unique"])

    @requires.unique_constraint_reflection
    def test_get_unique_constraints(self, connection: Any) -> None:
        found = inspect(connection).get_unique_constraints("users")
        eq_([(each["name"], each["column_names"]) for each in found], [("users_email_uq", ["email"])])

    def test_reflect_table(self, connection: Any) -> None:
        metadata = MetaData()
        metadata.reflect(connection, only=["users", "addresses"])
        for name in ("users", "addresses"):
            self.assert_tables_equal(self.tables[name], metadata.tables[name])

    def test_get_multi_columns(self, connection: Any) -> None:
        inspector = inspect(connection)
        found = inspector.get_multi_columns(filter_names=["users", "addresses"])
        eq_(sorted(found), [(None, "addresses"), (None, "users")])
        eq_([each["name"] for each in found[None, "users"]], [c.name for c in self.tables.users.c])

    def test_get_multi_other_kinds(self, connection: Any) -> None:
        inspector = inspect(connection)
        names = ["users", "addresses"]
        eq_(
            inspector.get_multi_pk_constraint(filter_names=names)[None, "users"]["constrained_columns"],
            ["user_id"],
        )
        eq_(len(inspector.get_multi_foreign_keys(filter_names=names)[None, "addresses"]), 1)
        in_(
            "users_amount_since",
            [i["name"] for i in inspector.get_multi_indexes(filter_names=names)[None, "users"]],
        )

    def test_get_columns_of_no_table(self, connection: Any) -> None:
        for method in ("get_columns", "get_pk_constraint", "get_foreign_keys", "get_indexes"):
            with expect_raises(exc.NoSuchTableError):
                getattr(inspect(connection), method)("no_such_table_here")

    @requires.view_reflection
    def test_get_view_names(self, connection: Any) -> None:
        connection.execute(text("CREATE VIEW users_v AS SELECT user_id, email FROM users"))
        try:
            inspector = inspect(connection)
            in_("users_v", inspector.get_view_names())
            not_in("users_v", inspector.get_table_names())
            in_("email", inspector.get_view_definition("users_v"))
            if config.requirements_in_use().view_column_reflection.enabled:
                eq_([each["name"] for each in inspector.get_columns("users_v")], ["user_id", "email"])
        finally:
            connection.execute(text("DROP VIEW users_v"))

    @requires.schema_reflection
    def test_get_schema_names(self, connection: Any) -> None:
        inspector = inspect(connection)
        in_(inspector.default_schema_name or inspector.get_schema_names()[0], inspector.get_schema_names())
        if config.requirements_in_use().schemas.enabled:
            in_(config.current_config().test_schema, inspector.get_schema_names())

    @requires.comment_reflection
    def test_get_comments(self, connection: Any, metadata: Any) -> None:
        t = Table(
            "comment_test",
            metadata,
            Column("id", Integer, primary_key=True, comment="id comment"),
            Column("data", String(20), comment="data % 'comment' \" \\ x"),
            Column("d2", String(20)),
            comment="the test % ' \" \\ table comment",
        )
        t.create(connection)
        inspector = inspect(connection)
        eq_(inspector.get_table_comment("comment_test"), {"text": t.comment})
        eq_([each["comment"] for each in inspector.get_columns("comment_test")], [c.comment for c in t.c])


class ComponentReflectionTestExtra(ComparesIndexes, fixtures.TestBase):
    """Checks, options of foreign keys, indexes on expressions, numeric arguments."""

    __backend__ = True
    __requires__ = ("table_reflection",)

    @requires.check_constraint_reflection
    def test_get_check_constraints(self, metadata: Any, connection: Any) -> None:
        Table(
            "checked",
            metadata,
            Column("a", Integer),
            CheckConstraint("a > 1 AND a < 5", name="cc1"),
            CheckConstraint("a = 1 OR (a > 2 AND a < 5)", name="b_cc2"),
        )
        metadata.create_all(connection)
        found = {
            each["name"]: each["sqltext"] for each in inspect(connection).get_check_constraints("checked")
        }
        eq_(sorted(found), ["b_cc2", "cc1"])
        for name, parts in (("cc1", ("1", "5")), ("b_cc2", ("1", "2", "5"))):
            for part in parts:
                in_(part, found[name])

    @requires.foreign_key_constraint_option_reflection_ondelete
    def test_get_foreign_key_options(self, metadata: Any, connection: Any) -> None:
        Table("x", metadata, Column("id", Integer, primary_key=True))
        Table(
            "user_of_x",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("cascading", Integer, ForeignKey("x.id", ondelete="CASCADE", name="fk_cascading")),
            Column("nulling", Integer, ForeignKey("x.id", ondelete="SET NULL", name="fk_nulling")),
            Column("plain", Integer, ForeignKey("x.id", name="fk_plain")),
        )
        metadata.create_all(connection)
        found = inspect(connection).get_foreign_keys("user_of_x")
        options = {each["constrained_columns"][0]: each["options"].get("ondelete") for each in found}
        eq_(options, {"cascading": "CASCADE", "nulling": "SET NULL", "plain": None})

    @requires.indexes_with_expressions
    @requires.reflect_indexes_with_expressions
    def test_reflect_expression_based_indexes(self, metadata: Any, connection: Any) -> None:
        t = Table("t", metadata, Column("x", String(30)), Column("y", String(30)))
        Index("t_idx", func.lower(t.c.x))
        Index("t_idx_2", t.c.y)
        metadata.create_all(connection)
        found = {each["name"]: each for each in inspect(connection).get_indexes("t")}
        eq_(sorted(found), ["t_idx", "t_idx_2"])
        eq_(found["t_idx"]["column_names"], [None])
        in_("lower", found["t_idx"]["expressions"][0].lower())

    def test_nullable_reflection(self, connection: Any, metadata: Any) -> None:
        t = Table("t", metadata, Column("a", Integer, nullable=True), Column("b", Integer, nullable=False))
        t.create(connection)
        eq_({c["name"]: c["nullable"] for c in inspect(connection).get_columns("t")}, {"a": True, "b": False})

    def test_numeric_reflection(self, connection: Any, metadata: Any) -> None:
        Table("t", metadata, Column("n", Numeric(18, 5))).create(connection)
        type_ = inspect(connection).get_columns("t")[0]["type"]
        eq_((type_.precision, type_.scale), (18, 5))


class CompositeKeyReflectionTest(_ReflectionTest):
    """Keys of several columns keep their order, not that of the table."""

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "tb1",
            metadata,
            Column("id", Integer),
            Column("attr", Integer),
            Column("name", String(20)),
            PrimaryKeyConstraint("name", "id", "attr", name="pk_tb1"),
        )
        Table(
            "tb2",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("pid", Integer),
            Column("pattr", Integer),
            Column("pname", String(20)),
            ForeignKeyConstraint(
                ["pname", "pid", "pattr"], ["tb1.name", "tb1.id", "tb1.attr"], name="fk_tb1"
            ),
        )

    @requires.primary_key_constraint_reflection
    def test_pk_column_order(self, connection: Any) -> None:
        eq_(inspect(connection).get_pk_constraint("tb1")["constrained_columns"], ["name", "id", "attr"])

    @requires.foreign_key_constraint_reflection
    def test_fk_column_order(self, connection: Any) -> None:
        (found,) = inspect(connection).get_foreign_keys("tb2")
        eq_(found["referred_columns"], ["name", "id", "attr"])
        eq_(found["constrained_columns"], ["pname", "pid", "pattr"])


class QuotedNameArgumentTest(_ReflectionTest):
    """Tables whose names have quotes."""

    __requires__ = ("table_reflection", "symbol_names_w_double_quote")
    NAMES = ("quote ' one", 'quote " two')

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        for name in cls.NAMES:
            t = Table(name, metadata, Column("id", Integer, primary_key=True), Column("name", String(20)))
            Index(f"ix_{cls.NAMES.index(name)}", t.c.name)

    def test_get_columns(self, connection: Any) -> None:
        for name in self.NAMES:
            eq_([each["name"] for each in inspect(connection).get_columns(name)], ["id", "name"])

    def test_get_keys_and_indexes(self, connection: Any) -> None:
        for number, name in enumerate(self.NAMES):
            inspector = inspect(connection)
            eq_(inspector.get_pk_constraint(name)["constrained_columns"], ["id"])
            eq_(inspector.get_foreign_keys(name), [])
            eq_([each["name"] for each in inspector.get_indexes(name)], [f"ix_{number}"])


class BizarroCharacterTest(fixtures.TestBase):
    """Names with brackets, dots, blanks."""

    __backend__ = True
    __requires__ = ("unusual_column_name_characters", "foreign_key_constraint_reflection")

    @config.combinations("(3)", "col%p", "[brack]", "two words", argnames="columnname")
    @config.combinations("plain", "(2)", "[brackets]", argnames="tablename")
    def test_fk_ref(self, connection: Any, metadata: Any, columnname: str, tablename: str) -> None:
        if "%" in columnname and not config.requirements_in_use().percent_schema_names.enabled:
            config.skip_test("no percent_schema_names")
        parent = Table(tablename, metadata, Column(columnname, Integer, primary_key=True))
        Table("other", metadata, Column("id", Integer, primary_key=True), Column("ref", Integer))
        child = metadata.tables["other"]
        child.append_constraint(ForeignKeyConstraint([child.c.ref], [parent.c[columnname]]))
        metadata.create_all(connection)
        reflected = Table("other", MetaData(), autoload_with=connection)
        (key,) = reflected.c.ref.foreign_keys
        eq_((key.column.name, key.column.table.name), (columnname, tablename))


class TempTableElementsTest(fixtures.TestBase):
    """Temporary tables are described like others."""

    __backend__ = True
    __requires__ = ("temporary_tables", "temp_table_reflection")

    def test_reflect(self, connection: Any) -> None:
        name = provision.get_temp_table_name(config.current_config(), config.db, "tmp_described")
        options = provision.temp_table_keyword_args(config.current_config(), config.db)
        t = Table(
            name, MetaData(), Column("id", Integer, primary_key=True), Column("n", String(9)), **options
        )
        t.create(connection)
        eq_([each["name"] for each in inspect(connection).get_columns(name)], ["id", "n"])
        t.drop(connection)


class ComputedReflectionTest(fixtures.ComputedReflectionFixtureTest):
    """Computed columns are described."""

    def test_computed_col_default_not_set(self, connection: Any) -> None:
        found = {each["name"]: each for each in inspect(connection).get_columns("computed_default_table")}
        in_("42", found["computed_col"]["computed"]["sqltext"])
        not_in("computed", found["normal"])

    @requires.computed_columns_reflect_persisted
    def test_get_column_returns_persisted(self, connection: Any) -> None:
        found = {each["name"]: each for each in inspect(connection).get_columns("computed_column_table")}
        for name, persisted in (("computed_virtual", False), ("computed_stored", True)):
            if name in found:
                eq_(found[name]["computed"]["persisted"], persisted)


class IdentityReflectionTest(_ReflectionTest):
    """Identity columns are described."""

    __requires__ = ("identity_columns", "table_reflection")

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "t1",
            metadata,
            Column("normal", Integer),
            Column("id1", Integer, Identity(always=True, start=2, increment=3)),
        )

    def test_reflect_identity(self, connection: Any) -> None:
        normal, id1 = inspect(connection).get_columns("t1")
        not_in("identity", normal)
        eq_((id1["identity"]["start"], id1["identity"]["increment"], id1["identity"]["always"]), (2, 3, True))


class TableNoColumnsTest(fixtures.TestBase):
    """Tables without columns."""

    __backend__ = True
    __requires__ = ("reflect_tables_no_columns",)

    def test_reflect_table_no_columns(self, connection: Any, metadata: Any) -> None:
        Table("empty", metadata).create(connection)
        eq_(list(Table("empty", MetaData(), autoload_with=connection).c), [])
        eq_(inspect(connection).get_columns("empty"), [])


class NormalizedNameTest(_ReflectionTest):
    """Names are lower case for Python where the database folds them to upper case."""

    __requires__ = ("denormalized_names",)

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table("t1", metadata, Column("id", Integer, primary_key=True))

    def test_get_table_names(self, connection: Any) -> None:
        in_("t1", [name.lower() for name in inspect(connection).get_table_names()])


class RepeatedColumnForeignKeyTest(_ReflectionTest):
    """A column that is in two foreign keys."""

    __requires__ = ("foreign_key_constraint_reflection", "repeated_column_foreign_keys")

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        for name in ("one", "two"):
            Table(name, metadata, Column("id", Integer, primary_key=True, autoincrement=False))
        Table(
            "both",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("ref", Integer),
            ForeignKeyConstraint(["ref"], ["one.id"], name="fk_one"),
            ForeignKeyConstraint(["ref"], ["two.id"], name="fk_two"),
        )

    def test_get_foreign_keys_local_repeated(self, connection: Any) -> None:
        found = inspect(connection).get_foreign_keys("both")
        eq_(
            sorted((each["referred_table"], each["constrained_columns"]) for each in found),
            [("one", ["ref"]), ("two", ["ref"])],
        )

    def test_reflect_constraint_local_repeated(self, connection: Any) -> None:
        t = Table("both", MetaData(), autoload_with=connection)
        eq_(sorted(key.target_fullname for key in t.c.ref.foreign_keys), ["one.id", "two.id"])
