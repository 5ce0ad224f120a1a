"""Reflection: what is there is found and described as it was made."""

from __future__ import annotations

from typing import Any, ClassVar

from relvar import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    inspect,
    quoted_name,
    select,
    testing,
)
from relvar.schema import CreateView, DropView
from relvar.testing import (
    config,
    eq_,
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
from relvar.testing.suite.test_reflection_components import *  # noqa: F403  # one face for reflection
from relvar.testing.suite.test_reflection_components import _multi_combination as _multi_combination
from relvar.testing.suite.test_reflection_details import *  # noqa: F403  # one face for reflection


class _ReflectionTest(fixtures.TablesTest):
    """Tables that are only looked at."""

    __backend__ = True
    __requires__: ClassVar[tuple[str, ...]] = ("table_reflection",)
    run_inserts: ClassVar[str | None] = None
    run_deletes: ClassVar[str | None] = None


def _test_schema() -> str | None:
    return config.current_config().test_schema


class HasTableTest(fixtures.OneConnectionTablesTest):
    """Whether a table is there."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("table_reflection",)
    run_inserts: ClassVar[str | None] = None
    run_deletes: ClassVar[str | None] = None

    @classmethod
    def temp_table_name(cls) -> str:
        """What the temporary table is called."""
        return str(provision.get_temp_table_name(config.current_config(), config.db, "user_tmp"))

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        rules = config.requirements_in_use()
        Table("test_table", metadata, Column("id", Integer, primary_key=True), Column("data", String(50)))
        if rules.schemas.enabled:
            Table("test_table_s", metadata, Column("id", Integer, primary_key=True), schema=_test_schema())
        if rules.views.enabled:
            cls.define_views(metadata)
        if rules.has_temp_table.enabled:
            cls.define_temp_tables(metadata)

    @classmethod
    def define_views(cls, metadata: Any) -> None:
        """Define a view in each schema."""
        t = metadata.tables["test_table"]
        CreateView(select(t.c.id), "vv", metadata=metadata)
        if config.requirements_in_use().schemas.enabled:
            t = metadata.tables[f"{_test_schema()}.test_table_s"]
            CreateView(select(t.c.id), "vv", metadata=metadata, schema=_test_schema())

    @classmethod
    def define_temp_tables(cls, metadata: Any) -> None:
        """Define a temporary table."""
        options = provision.temp_table_keyword_args(config.current_config(), config.db)
        Table(cls.temp_table_name(), metadata, Column("id", Integer, primary_key=True), **options)

    def test_has_table(self) -> None:
        with self.bind.connect() as connection:
            inspector = inspect(connection)
            is_true(inspector.has_table("test_table"))
            is_false(inspector.has_table("test_table_s"))
            is_false(inspector.has_table("nonexistent_table"))

    def test_has_table_cache(self, metadata: Any) -> None:
        """An inspector keeps its answer until its cache is cleared."""
        with self.bind.connect() as connection:
            inspector = inspect(connection)
            is_true(inspector.has_table("test_table"))
            t = Table("new_table", metadata, Column("x", Integer))
            is_false(inspector.has_table("new_table"))
            t.create(connection)
            connection.commit()
            is_false(inspector.has_table("new_table"))
            inspector.clear_cache()
            is_true(inspector.has_table("new_table"))

    @requires.schemas
    def test_has_table_schema(self) -> None:
        with self.bind.connect() as connection:
            is_true(inspect(connection).has_table("test_table_s", schema=_test_schema()))
            is_false(inspect(connection).has_table("test_table", schema=_test_schema()))

    @requires.schemas
    def test_has_table_nonexistent_schema(self) -> None:
        with self.bind.connect() as connection:
            is_false(inspect(connection).has_table("test_table", schema="nonexistent_schema"))

    @requires.views
    def test_has_table_view(self, connection: Any) -> None:
        is_true(inspect(connection).has_table("vv"))
        is_false(inspect(connection).has_table("vv_not_there"))

    @requires.views
    @requires.schemas
    def test_has_table_view_schema(self, connection: Any) -> None:
        is_true(inspect(connection).has_table("vv", _test_schema()))

    @requires.has_temp_table
    def test_has_table_temp_table(self, connection: Any) -> None:
        is_true(inspect(connection).has_table(self.temp_table_name()))

    @requires.has_temp_table
    @requires.temporary_views
    def test_has_table_temp_view(self, connection: Any) -> None:
        t = self.tables.test_table
        made = CreateView(select(t.c.id), "user_tmp_v", temporary=True)
        connection.execute(made)
        is_true(inspect(connection).has_table("user_tmp_v"))
        connection.execute(DropView(made.table))

    def test_has_multi_table(self) -> None:
        """Many names are asked about with one inspector."""
        names = ["test_table", "nonexistent", "test_table_s"]
        with self.bind.connect() as connection:
            inspector = inspect(connection)
            eq_([inspector.has_table(name) for name in names], [True, False, False])
            found = {name for _, name in inspector.get_multi_columns(filter_names=names)}
            eq_(found, {"test_table"})

    @requires.schemas
    def test_has_multi_table_schema(self) -> None:
        names = ["test_table", "nonexistent", "test_table_s"]
        with self.bind.connect() as connection:
            inspector = inspect(connection)
            eq_([inspector.has_table(name, _test_schema()) for name in names], [False, False, True])
            found = {name for _, name in inspector.get_multi_columns(_test_schema(), filter_names=names)}
            eq_(found, {"test_table_s"})


class HasIndexTest(_ReflectionTest):
    """Whether an index is there: asked of the inspector or of the dialect."""

    __requires__: ClassVar[tuple[str]] = ("index_reflection",)
    kind: Any = testing.combinations("dialect", "inspector", argnames="kind")

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        for schema in (None, _test_schema()):
            if schema is None or config.requirements_in_use().schemas.enabled:
                t = Table(
                    "test_table" if schema is None else "test_table_s",
                    metadata,
                    Column("id", Integer, primary_key=True),
                    Column("data", String(50)),
                    Column("data2", String(50)),
                    schema=schema,
                )
                Index("my_idx" if schema is None else "my_idx_s", t.c.data)

    def _has_index(self, kind: str, conn: Any) -> Any:
        if kind == "inspector":
            return inspect(conn).has_index
        return lambda *args, **kw: conn.dialect.has_index(conn, *args, **kw)

    @kind
    def test_has_index(self, kind: str, connection: Any, metadata: Any) -> None:
        has_index = self._has_index(kind, connection)
        is_true(has_index("test_table", "my_idx"))
        is_false(has_index("test_table", "my_idx_s"))
        is_false(has_index("nonexistent_table", "my_idx"))
        is_false(has_index("test_table", "nonexistent_idx"))

    @requires.schemas
    @kind
    def test_has_index_schema(self, kind: str, connection: Any) -> None:
        has_index = self._has_index(kind, connection)
        is_true(has_index("test_table_s", "my_idx_s", schema=_test_schema()))
        is_false(has_index("test_table_s", "my_idx", schema=_test_schema()))
        is_false(has_index("nonexistent_table", "my_idx_s", schema=_test_schema()))


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
            test_needs_fk=True,
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
            test_needs_fk=True,
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

    __requires__: ClassVar[tuple[str, str]] = ("table_reflection", "symbol_names_w_double_quote")

    quote_fixtures: Any = testing.combinations("quote ' one", 'quote " two', argnames="name")

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        rules = config.requirements_in_use()
        Table(
            "related",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            test_needs_fk=True,
        )
        for number, name in enumerate(("quote ' one", 'quote " two')):
            t = Table(
                name,
                metadata,
                Column("id", Integer, autoincrement=False),
                Column("name", String(20)),
                Column("data", String(20)),
                Column("related_id", Integer, ForeignKey("related.id", name=f"fk_{number}")),
                PrimaryKeyConstraint("id", name=f"pk quote's {number}"),
                UniqueConstraint("name", name=f"uq quote's {number}"),
                comment=f"comment of {number}" if rules.comment_reflection.enabled else None,
                test_needs_fk=True,
            )
            Index(f"ix_{number}", t.c.data)
            if rules.check_constraint_reflection.enabled:
                t.append_constraint(CheckConstraint("id > 0", name=f"ck_{number}"))
            if rules.view_reflection.enabled and rules.views.enabled:
                CreateView(select(t.c.id), f"view {name}", metadata=metadata)

    def _asked(self, method: str, name: str) -> Any:
        with config.db.connect() as connection:
            return getattr(inspect(connection), method)(name)

    def _number(self, name: str) -> int:
        return 0 if "one" in name else 1

    @quote_fixtures
    def test_get_columns(self, name: str) -> None:
        names = [each["name"] for each in self._asked("get_columns", name)]
        eq_(names, ["id", "name", "data", "related_id"])

    @quote_fixtures
    def test_get_table_options(self, name: str) -> None:
        assert isinstance(self._asked("get_table_options", name), dict)

    @quote_fixtures
    @requires.view_reflection
    @requires.views
    def test_get_view_definition(self, name: str) -> None:
        in_("id", self._asked("get_view_definition", f"view {name}"))

    @quote_fixtures
    @requires.primary_key_constraint_reflection
    def test_get_pk_constraint(self, name: str) -> None:
        eq_(self._asked("get_pk_constraint", name)["constrained_columns"], ["id"])

    @quote_fixtures
    @requires.foreign_key_constraint_reflection
    def test_get_foreign_keys(self, name: str) -> None:
        (found,) = self._asked("get_foreign_keys", name)
        eq_((found["constrained_columns"], found["referred_table"]), (["related_id"], "related"))

    @quote_fixtures
    @requires.index_reflection
    def test_get_indexes(self, name: str) -> None:
        in_(f"ix_{self._number(name)}", [each["name"] for each in self._asked("get_indexes", name)])

    @quote_fixtures
    @requires.unique_constraint_reflection
    def test_get_unique_constraints(self, name: str) -> None:
        names = [each["name"] for each in self._asked("get_unique_constraints", name)]
        eq_(names, [f"uq quote's {self._number(name)}"])

    @quote_fixtures
    @requires.comment_reflection
    def test_get_table_comment(self, name: str) -> None:
        eq_(self._asked("get_table_comment", name), {"text": f"comment of {self._number(name)}"})

    @quote_fixtures
    @requires.check_constraint_reflection
    def test_get_check_constraints(self, name: str) -> None:
        names = [each["name"] for each in self._asked("get_check_constraints", name)]
        eq_(names, [f"ck_{self._number(name)}"])


class BizarroCharacterTest(fixtures.TestBase):
    """Names with brackets, dots, blanks."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("unusual_column_name_characters",)

    @staticmethod
    def table_and_column_names() -> Any:
        """Return a decorator: odd names of tables and columns."""
        return testing.combinations(
            ("plain", "(3)"),
            ("(2)", "plainname"),
            ("(2)", "(3)"),
            ("[brackets]", "[brack]"),
            ("per % cent", "col%p", requires.percent_schema_names),
            argnames="tablename, columnname",
        )

    @testing.variation("use_composite", [True, False])
    @table_and_column_names()
    @requires.foreign_key_constraint_reflection
    def test_fk_ref(
        self, connection: Any, metadata: Any, use_composite: Any, tablename: str, columnname: str
    ) -> None:
        parent = Table(
            tablename,
            metadata,
            Column(columnname, Integer, key="id", primary_key=True, autoincrement=False),
            *([Column("id2", Integer, primary_key=True, autoincrement=False)] if use_composite else []),
            test_needs_fk=True,
        )
        columns = [Column("ref", Integer), *([Column("ref2", Integer)] if use_composite else [])]
        referred = [parent.c.id, *([parent.c.id2] if use_composite else [])]
        Table(
            "other",
            metadata,
            Column("id", Integer, primary_key=True),
            *columns,
            ForeignKeyConstraint(columns, referred),
            test_needs_fk=True,
        )
        metadata.create_all(connection)
        reflected = Table("other", MetaData(), autoload_with=connection)
        (key,) = reflected.c.ref.foreign_keys
        eq_((key.column.name, key.column.table.name), (columnname, tablename))

    @table_and_column_names()
    @requires.identity_columns
    def test_reflect_identity(self, tablename: str, columnname: str, connection: Any, metadata: Any) -> None:
        Table(tablename, metadata, Column(columnname, Integer, Identity(), primary_key=True)).create(
            connection
        )
        (found,) = inspect(connection).get_columns(tablename)
        in_("identity", found)

    @table_and_column_names()
    @requires.comment_reflection
    def test_reflect_comments(self, tablename: str, columnname: str, connection: Any, metadata: Any) -> None:
        Table(tablename, metadata, Column(columnname, Integer, comment="some comment")).create(connection)
        (found,) = inspect(connection).get_columns(tablename)
        eq_(found["comment"], "some comment")


class TempTableElementsTest(fixtures.TestBase):
    """Temporary tables are described like others."""

    __backend__ = True
    __requires__: ClassVar[tuple[str, str]] = ("temporary_tables", "temp_table_reflection")

    @config.fixture()
    def tablename(self) -> str:
        """What the temporary table is called."""
        return str(provision.get_temp_table_name(config.current_config(), config.db, "ident_tmp"))

    def _column(self, tablename: str, connection: Any, metadata: Any, column: Any) -> Any:
        options = provision.temp_table_keyword_args(config.current_config(), config.db)
        Table(tablename, metadata, column, **options).create(connection)
        (found,) = inspect(connection).get_columns(tablename)
        return found

    @requires.identity_columns
    def test_reflect_identity(self, tablename: str, connection: Any, metadata: Any) -> None:
        found = self._column(
            tablename, connection, metadata, Column("id", Integer, Identity(), primary_key=True)
        )
        in_("identity", found)

    @requires.temp_table_comment_reflection
    def test_reflect_comments(self, tablename: str, connection: Any, metadata: Any) -> None:
        found = self._column(tablename, connection, metadata, Column("id", Integer, comment="some comment"))
        eq_(found["comment"], "some comment")

    def test_reflect(self, tablename: str, connection: Any, metadata: Any) -> None:
        """The plain facts; relvar's own."""
        found = self._column(tablename, connection, metadata, Column("n", String(9), nullable=False))
        eq_((found["name"], found["type"].length, found["nullable"]), ("n", 9, False))


class ComputedReflectionTest(fixtures.ComputedReflectionFixtureTest):
    """Computed columns are described."""

    def check_column(self, data: Any, column: str, sqltext: str, persisted: bool | None) -> None:
        """Assert what is said of a computed column."""
        in_("computed", data[column])
        compares = data[column]["computed"]
        eq_(self.normalize(compares["sqltext"]), sqltext)
        if config.requirements_in_use().computed_columns_reflect_persisted.enabled:
            eq_(compares["persisted"], persisted)

    def _columns(self, connection: Any, name: str, schema: str | None = None) -> dict[str, Any]:
        return {each["name"]: each for each in inspect(connection).get_columns(name, schema=schema)}

    def test_computed_col_default_not_set(self) -> None:
        """The expression is no default."""
        with config.db.connect() as connection:
            found = self._columns(connection, "computed_default_table")
            is_none(found["computed_col"]["default"])
            in_("42", found["with_default"]["default"])
            not_in("computed", found["normal"])

    def test_get_column_returns_computed(self) -> None:
        with config.db.connect() as connection:
            found = self._columns(connection, "computed_default_table")
            default = config.requirements_in_use().computed_columns_default_persisted.enabled
            if not config.requirements_in_use().computed_columns_virtual.enabled:
                default = True
            self.check_column(found, "computed_col", "normal+42", default)
            not_in("computed", found["with_default"])

    def _persisted(self, schema: str | None) -> None:
        with config.db.connect() as connection:
            found = self._columns(connection, "computed_column_table", schema)
            if config.requirements_in_use().computed_columns_virtual.enabled:
                self.check_column(found, "computed_virtual", "normal+2", False)
            if config.requirements_in_use().computed_columns_stored.enabled:
                self.check_column(found, "computed_stored", "normal-42", True)

    @requires.computed_columns_reflect_persisted
    def test_get_column_returns_persisted(self) -> None:
        self._persisted(None)

    @requires.schemas
    @requires.computed_columns_reflect_persisted
    def test_get_column_returns_persisted_with_schema(self) -> None:
        with config.db.connect() as connection:
            found = self._columns(connection, "computed_column_table", _test_schema())
            if config.requirements_in_use().computed_columns_virtual.enabled:
                self.check_column(found, "computed_virtual", "normal/2", False)
            if config.requirements_in_use().computed_columns_stored.enabled:
                self.check_column(found, "computed_stored", "normal*42", True)


class IdentityReflectionTest(_ReflectionTest):
    """Identity columns are described."""

    __requires__: ClassVar[tuple[str, str]] = ("identity_columns", "table_reflection")
    OPTIONS: ClassVar[dict[str, Any]] = {
        "start": 2,
        "increment": 3,
        "minvalue": -2,
        "maxvalue": 42,
        "cycle": True,
        "cache": 4,
    }

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        is_standard = config.requirements_in_use().identity_columns_standard.enabled
        options = cls.OPTIONS if is_standard else {name: cls.OPTIONS[name] for name in ("start", "increment")}
        for schema in (None, _test_schema()):
            if schema is None or config.requirements_in_use().schemas.enabled:
                Table(
                    "t1",
                    metadata,
                    Column("normal", Integer),
                    Column("id1", Integer, Identity(always=schema is None, start=2, increment=3)),
                    schema=schema,
                )
                Table("t2", metadata, Column("id2", Integer, Identity(**options)), schema=schema)

    def check(self, value: Any, exp: Any, approx: bool) -> None:
        """Assert what is said of an identity; with *approx* only what was given."""
        if not config.requirements_in_use().identity_columns_standard.enabled:
            eq_((value["start"], value["increment"]), (exp["start"], exp["increment"]))
            return
        if approx:
            eq_({key: value[key] for key in exp}, exp)
        else:
            eq_(value, exp)

    def _check_tables(self, schema: str | None) -> None:
        with config.db.connect() as connection:
            inspector = inspect(connection)
            normal, id1 = inspector.get_columns("t1", schema=schema)
            not_in("identity", normal)
            is_none(id1["default"])
            self.check(id1["identity"], {"always": schema is None, "start": 2, "increment": 3}, approx=True)
            (id2,) = inspector.get_columns("t2", schema=schema)
            self.check(id2["identity"], {"always": False, **self.OPTIONS}, approx=False)

    def test_reflect_identity(self) -> None:
        self._check_tables(None)

    @requires.schemas
    def test_reflect_identity_schema(self) -> None:
        self._check_tables(_test_schema())


class TableNoColumnsTest(fixtures.TestBase):
    """Tables and views without columns."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("reflect_tables_no_columns",)

    @config.fixture()
    def table_no_columns(self, connection: Any, metadata: Any) -> None:
        """A table without columns."""
        Table("empty", metadata)
        metadata.create_all(connection)

    @config.fixture()
    def view_no_columns(self, connection: Any, metadata: Any) -> Any:
        """A view of it."""
        Table("empty", metadata)
        metadata.create_all(connection)
        connection.exec_driver_sql("CREATE VIEW empty_v AS SELECT * FROM empty")
        yield
        connection.exec_driver_sql("DROP VIEW empty_v")

    def test_reflect_table_no_columns(self, connection: Any, table_no_columns: None) -> None:
        eq_(list(Table("empty", MetaData(), autoload_with=connection).c), [])

    def test_get_columns_table_no_columns(self, connection: Any, table_no_columns: None) -> None:
        eq_(inspect(connection).get_columns("empty"), [])
        eq_(inspect(connection).get_multi_columns()[None, "empty"], [])

    def test_reflect_incl_table_no_columns(self, connection: Any, table_no_columns: None) -> None:
        metadata = MetaData()
        metadata.reflect(connection)
        in_("empty", metadata.tables)

    @requires.views
    def test_reflect_view_no_columns(self, connection: Any, view_no_columns: None) -> None:
        eq_(list(Table("empty_v", MetaData(), autoload_with=connection).c), [])

    @requires.views
    def test_get_columns_view_no_columns(self, connection: Any, view_no_columns: None) -> None:
        eq_(inspect(connection).get_columns("empty_v"), [])


class NormalizedNameTest(_ReflectionTest):
    """Names are lower case for Python where the database folds them to upper case."""

    __requires__: ClassVar[tuple[str]] = ("denormalized_names",)

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        for name in ("t1", "t2"):
            forced = quoted_name(name, quote=True)
            Table(forced, metadata, Column("id", Integer, primary_key=True), Column("t1id", Integer))

    def test_reflect_lowercase_forced_tables(self) -> None:
        metadata = MetaData()
        reflected = Table(quoted_name("t2", quote=True), metadata, autoload_with=config.db)
        eq_(reflected.name, "t2")
        eq_([c.name for c in reflected.c], ["id", "t1id"])

    def test_get_table_names(self) -> None:
        names = [name for name in inspect(config.db).get_table_names() if name.lower() in ("t1", "t2")]
        eq_(sorted(name.upper() for name in names), ["T1", "T2"])
        is_true(all(isinstance(name, quoted_name) and name.quote for name in names))


class RepeatedColumnForeignKeyTest(fixtures.TestBase):
    """A column that is in a foreign key twice, here or there."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("foreign_key_constraint_reflection",)

    def _parent(self, metadata: Any) -> None:
        Table(
            "parent",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("code", Integer, nullable=False),
            UniqueConstraint("id", "code", name="parent_uq"),
            test_needs_fk=True,
        )

    @config.fixture()
    def rep_fk_t(self, connection: Any, metadata: Any) -> None:
        """A table with a column that is in two foreign keys."""
        self._parent(metadata)
        Table(
            "other",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            test_needs_fk=True,
        )
        Table(
            "child",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("ref", Integer),
            Column("code", Integer),
            ForeignKeyConstraint(["ref", "code"], ["parent.id", "parent.code"], name="fk_parent"),
            ForeignKeyConstraint(["ref"], ["other.id"], name="fk_other"),
            test_needs_fk=True,
        )
        metadata.create_all(connection)

    @config.fixture()
    def remote_fk_t(self, connection: Any, metadata: Any) -> None:
        """A table with two foreign keys to one column."""
        self._parent(metadata)
        Table(
            "child",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("one", Integer),
            Column("two", Integer),
            ForeignKeyConstraint(["one"], ["parent.id"], name="fk_one"),
            ForeignKeyConstraint(["two"], ["parent.id"], name="fk_two"),
            test_needs_fk=True,
        )
        metadata.create_all(connection)

    def _found(self, connection: Any) -> Any:
        return sorted(
            (each["constrained_columns"], each["referred_table"], each["referred_columns"])
            for each in inspect(connection).get_foreign_keys("child")
        )

    def _targets(self, connection: Any, name: str) -> list[str]:
        t = Table("child", MetaData(), autoload_with=connection)
        return sorted(key.target_fullname for key in t.c[name].foreign_keys)

    @requires.repeated_column_foreign_keys
    def test_get_foreign_keys_local_repeated(self, connection: Any, rep_fk_t: None) -> None:
        eq_(
            self._found(connection), [(["ref"], "other", ["id"]), (["ref", "code"], "parent", ["id", "code"])]
        )

    @requires.repeated_column_foreign_keys
    def test_reflect_constraint_local_repeated(self, connection: Any, rep_fk_t: None) -> None:
        eq_(self._targets(connection, "ref"), ["other.id", "parent.id"])

    def test_get_foreign_keys_remote_repeated(self, connection: Any, remote_fk_t: None) -> None:
        eq_(self._found(connection), [(["one"], "parent", ["id"]), (["two"], "parent", ["id"])])

    def test_reflect_constraint_remote_repeated(self, connection: Any, remote_fk_t: None) -> None:
        eq_(self._targets(connection, "one") + self._targets(connection, "two"), ["parent.id", "parent.id"])
