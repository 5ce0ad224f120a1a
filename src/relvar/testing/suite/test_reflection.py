"""Reflection: what is there is found and described as it was made."""

from __future__ import annotations

from typing import Any, ClassVar

from relvar import (
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    inspect,
    text,
)
from relvar.testing import (
    config,
    eq_,
    fixtures,
    in_,
    is_false,
    is_true,
    not_in,
    provision,
    requires,
)
from relvar.testing.schema import Column, Table
from relvar.testing.suite.test_reflection_components import *  # noqa: F403  # one face for reflection


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
