"""What databases tell about themselves, and tables loaded from that."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Enum,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    Uuid,
    event,
    exc,
    func,
    inspect,
    select,
    text,
)
from relvar import types as sqltypes
from relvar.dialects import mysql, postgresql, sqlite
from relvar.engine.reflection import Inspector, ObjectKind, ObjectScope
from relvar.schema import CreateTable, SetTableComment

pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")


@pytest.fixture
def made(engine: Any) -> MetaData:
    """Tables of every kind, and a view."""
    metadata = MetaData()
    parent = Table(
        "parent",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("name", String(30), nullable=False, index=True, comment="the name"),
        Column("code", String(20), unique=True),
        Column("price", Numeric(10, 2), server_default="5"),
        Column("made", DateTime, server_default=func.now()),
        Column("label", String(5), server_default="it's"),
        Column("Odd Name", Integer),
        UniqueConstraint("name", "price", name="uq_name_price"),
        CheckConstraint("price > 0", name="ck_price"),
        comment="the parents",
    )
    child = Table(
        "child",
        metadata,
        Column("a", Integer),
        Column("b", Integer),
        Column(
            "parent_id",
            Integer,
            ForeignKey("parent.id", name="fk_parent", ondelete="CASCADE", onupdate="SET NULL"),
        ),
        PrimaryKeyConstraint("a", "b", name="pk_child"),
    )
    Index("ix_child", child.c.parent_id, child.c.b)
    Table(
        "grandchild",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("x", Integer),
        Column("y", Integer),
        ForeignKeyConstraint(["x", "y"], ["child.a", "child.b"], name="fk_child"),
    )
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE VIEW parents AS SELECT id, name FROM parent")
    assert parent is not None
    return metadata


# -- Inspector ---------------------------------------------


@pytest.mark.feature("C033")
def test_names(engine: Any, made: MetaData) -> None:
    inspector = inspect(engine)
    assert isinstance(inspector, Inspector)
    assert sorted(inspector.get_table_names()) == ["child", "grandchild", "parent"]
    assert inspector.get_view_names() == ["parents"]
    assert "select" in inspector.get_view_definition("parents").lower()
    assert inspector.has_table("parent")
    assert inspector.has_table("parents")
    assert not inspector.has_table("nobody")
    assert inspector.has_multi_table(["parent", "nobody"]) == {
        (None, "parent"): True,
        (None, "nobody"): False,
    }
    assert inspector.has_index("child", "ix_child")
    assert not inspector.has_index("child", "nobody")
    assert inspector.default_schema_name in inspector.get_schema_names()
    assert inspector.has_schema(inspector.default_schema_name)
    assert not inspector.has_schema("nobody")
    order = [name for name, _ in inspector.get_sorted_table_and_fkc_names()]
    assert order == ["parent", "child", "grandchild", None]
    pairs = inspector.sort_tables_on_foreign_key_dependency()
    assert pairs[1] == ((None, "child"), [((None, "child"), "fk_parent")])
    assert isinstance(inspector.get_table_options("parent"), dict)
    if engine.dialect.name == "postgresql":
        assert inspector.get_materialized_view_names() == []
        assert "parent_id_seq" in inspector.get_sequence_names()
        assert inspector.has_sequence("parent_id_seq")
    if engine.dialect.name != "mariadb":
        assert inspector.get_temp_table_names() == []
        assert inspector.get_temp_view_names() == []


@pytest.mark.feature("C033")
def test_answers_are_kept(engine: Any, made: MetaData, sql_log: Any) -> None:
    inspector = inspect(engine)
    inspector.get_columns("parent")
    inspector.get_table_names()
    log = sql_log(engine)
    inspector.get_columns("parent")
    assert log.texts() == []
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE late (x INTEGER)")
    assert not inspect(engine).has_table("later")
    assert "late" not in inspector.get_table_names()
    inspector.clear_cache()
    assert "late" in inspector.get_table_names()


def test_inspecting_a_connection(engine: Any, made: MetaData) -> None:
    with engine.connect() as connection:
        inspector = inspect(connection)
        assert inspector.bind is connection
        assert inspector.has_table("parent")
        connection.exec_driver_sql("CREATE TEMPORARY TABLE tmp (x INTEGER)")
        if engine.dialect.name != "mariadb":
            assert inspector.get_temp_table_names() == ["tmp"]
        assert inspector.has_table("tmp")


def test_columns(engine: Any, made: MetaData) -> None:
    columns = {c["name"]: c for c in inspect(engine).get_columns("parent")}
    assert list(columns) == ["id", "name", "code", "price", "made", "label", "Odd Name"]
    assert isinstance(columns["id"]["type"], Integer)
    assert isinstance(columns["name"]["type"], String)
    assert columns["name"]["type"].length == 30
    assert isinstance(columns["price"]["type"], Numeric)
    assert (columns["price"]["type"].precision, columns["price"]["type"].scale) == (10, 2)
    assert isinstance(columns["made"]["type"], DateTime)
    assert not columns["id"]["nullable"]
    assert not columns["name"]["nullable"]
    assert columns["code"]["nullable"]
    assert columns["code"]["default"] is None
    assert columns["price"]["default"]
    assert columns["label"]["default"].startswith("'it''s'")
    if engine.dialect.name != "sqlite":
        assert columns["name"]["comment"] == "the name"


def test_keys(engine: Any, made: MetaData) -> None:
    inspector = inspect(engine)
    key = inspector.get_pk_constraint("child")
    assert key["constrained_columns"] == ["a", "b"]
    if engine.dialect.name != "mariadb":
        assert key["name"] == "pk_child"
    assert inspector.get_pk_constraint("parents")["constrained_columns"] == []
    (foreign,) = inspector.get_foreign_keys("child")
    assert {name: foreign[name] for name in foreign if name not in ("comment",)} == {
        "name": "fk_parent",
        "constrained_columns": ["parent_id"],
        "referred_schema": None,
        "referred_table": "parent",
        "referred_columns": ["id"],
        "options": {"ondelete": "CASCADE", "onupdate": "SET NULL"},
    }
    (composite,) = inspector.get_foreign_keys("grandchild")
    assert (composite["constrained_columns"], composite["referred_columns"]) == (["x", "y"], ["a", "b"])
    assert inspector.get_foreign_keys("parent") == []
    unique = {tuple(u["column_names"]): u["name"] for u in inspector.get_unique_constraints("parent")}
    assert set(unique) == {("code",), ("name", "price")}
    assert unique["name", "price"] == "uq_name_price"
    (check,) = inspector.get_check_constraints("parent")
    assert check["name"] == "ck_price"
    assert "price" in check["sqltext"]
    indexes = {i["name"]: i for i in inspector.get_indexes("child")}
    assert indexes["ix_child"]["column_names"] == ["parent_id", "b"]


@pytest.mark.parametrize(
    "question",
    [
        "get_columns",
        "get_pk_constraint",
        "get_foreign_keys",
        "get_indexes",
        "get_unique_constraints",
        "get_check_constraints",
    ],
)
def test_a_table_that_is_not_there(engine: Any, question: str) -> None:
    with pytest.raises(exc.NoSuchTableError):
        getattr(inspect(engine), question)("nobody")


def test_many_tables(engine: Any, made: MetaData) -> None:
    inspector = inspect(engine)
    keys = inspector.get_multi_pk_constraint()
    assert {name: key["constrained_columns"] for (_, name), key in keys.items()} == {
        "parent": ["id"],
        "child": ["a", "b"],
        "grandchild": ["id"],
    }
    columns = inspector.get_multi_columns(filter_names=["child"])
    assert [c["name"] for c in columns[None, "child"]] == ["a", "b", "parent_id"]
    views = inspector.get_multi_columns(kind=ObjectKind.ANY_VIEW, scope=ObjectScope.ANY)
    assert [c["name"] for c in views[None, "parents"]] == ["id", "name"]
    assert len(inspector.get_multi_foreign_keys()[None, "child"]) == 1
    assert len(inspector.get_multi_unique_constraints()[None, "parent"]) == 2
    assert len(inspector.get_multi_check_constraints()[None, "parent"]) == 1
    assert set(inspector.get_multi_indexes()) == {(None, name) for name in ("parent", "child", "grandchild")}
    if engine.dialect.name != "sqlite":
        assert inspector.get_multi_table_comment()[None, "parent"] == {"text": "the parents"}


# -- Table(autoload_with=) ---------------------------------------------


@pytest.mark.feature("C031")
def test_autoload(engine: Any, made: MetaData) -> None:
    metadata = MetaData()
    child = Table("child", metadata, autoload_with=engine)
    assert sorted(metadata.tables) == ["child", "parent"]
    parent = metadata.tables["parent"]
    assert child.c.parent_id.references(parent.c.id)
    assert [c.name for c in child.primary_key] == ["a", "b"]
    assert parent.c.keys() == made.tables["parent"].c.keys()
    assert not parent.c.name.nullable
    (key,) = child.foreign_keys
    assert key.constraint is not None
    assert (key.constraint.name, key.constraint.ondelete, key.constraint.onupdate) == (
        "fk_parent",
        "CASCADE",
        "SET NULL",
    )
    assert {i.name for i in child.indexes} >= {"ix_child"}
    checks = [c for c in parent.constraints if isinstance(c, CheckConstraint)]
    assert [c.name for c in checks] == ["ck_price"]
    assert parent.c.price.server_default.reflected
    if engine.dialect.name != "sqlite":
        assert (parent.comment, parent.c.name.comment) == ("the parents", "the name")
    if engine.dialect.name == "mariadb":
        assert parent.dialect_options["mariadb"]["engine"] == "InnoDB"
    with engine.connect() as connection:
        assert connection.execute(select(parent).join(child)).all() == []
        view = Table("parents", MetaData(), autoload_with=connection)
    assert view.c.keys() == ["id", "name"]


def test_autoload_overrides(engine: Any, made: MetaData) -> None:
    table = Table(
        "parent",
        MetaData(),
        Column("name", Integer, key="n", nullable=True),
        Column("extra", Integer),
        autoload_with=engine,
    )
    assert isinstance(table.c.n.type, Integer)
    assert "name" not in table.c
    assert table.c.keys() == ["id", "n", "code", "price", "made", "label", "Odd Name", "extra"]
    assert all(column.table is table for index in table.indexes for column in index.columns)
    some = Table("parent", MetaData(), autoload_with=engine, include_columns=["id", "name"])
    assert some.c.keys() == ["id", "name"]
    alone = MetaData()
    Table("child", alone, autoload_with=engine, resolve_fks=False)
    assert list(alone.tables) == ["child"]
    old = MetaData()
    first = Table("parent", old, Column("name", Integer))
    assert Table("parent", old, autoload_with=engine, extend_existing=True, autoload_replace=False) is first
    assert isinstance(first.c.name.type, Integer)
    assert "code" in first.c
    with pytest.raises(exc.NoSuchTableError, match="^nobody$"):
        Table("nobody", old, autoload_with=engine)
    assert "nobody" not in old


def test_column_reflect_event(engine: Any, made: MetaData) -> None:
    metadata = MetaData()

    @event.listens_for(metadata, "column_reflect")
    def rename(inspector: Any, table: Any, info: Any) -> None:
        info["key"] = info["name"].lower().replace(" ", "_")
        info["type"] = info["type"].as_generic()

    table = Table("parent", metadata, autoload_with=engine)
    assert "odd_name" in table.c
    assert type(table.c.id.type) is Integer


def test_a_reflected_table_can_be_created_again(engine: Any, made: MetaData) -> None:
    metadata = MetaData()
    metadata.reflect(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP VIEW parents")
    metadata.drop_all(engine)
    assert inspect(engine).get_table_names() == []
    metadata.create_all(engine)
    again = MetaData()
    again.reflect(engine)
    for name, table in metadata.tables.items():
        assert str(CreateTable(table).compile(engine)) == str(CreateTable(again.tables[name]).compile(engine))


# -- MetaData.reflect ---------------------------------------------


def test_reflect(engine: Any, made: MetaData) -> None:
    metadata = MetaData()
    metadata.reflect(engine)
    assert sorted(metadata.tables) == ["child", "grandchild", "parent"]
    with_views = MetaData()
    with_views.reflect(engine, views=True)
    assert sorted(with_views.tables) == ["child", "grandchild", "parent", "parents"]
    some = MetaData()
    some.reflect(engine, only=["child"])
    assert sorted(some.tables) == ["child", "parent"]
    alone = MetaData()
    alone.reflect(engine, only=lambda name, _: name == "child", resolve_fks=False)
    assert list(alone.tables) == ["child"]
    with pytest.raises(
        exc.InvalidRequestError, match=r"requested table\(s\) not available in .*: \(nobody\)"
    ):
        alone.reflect(engine, only=["nobody"])
    extended = MetaData()
    table = Table("parent", extended, Column("mine", Integer))
    extended.reflect(engine)
    assert table.c.keys() == ["mine"]
    extended.reflect(engine, extend_existing=True)
    assert "name" in table.c


# -- types ---------------------------------------------


def test_types_of_sqlite(sqlite_engine: Any) -> None:
    with sqlite_engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE t (a INTEGER, b VARCHAR(5), c DATETIME, d BLOB, e, f UNKNOWN_INT, "
            "g MYTEXT, h DOUBLE, i NUMERIC(5, 2), j JSON, k BOOLEAN, l FOO, "
            "m FLOAT GENERATED ALWAYS AS (a * 2) VIRTUAL)"
        )
    types = {c["name"]: c["type"] for c in inspect(sqlite_engine).get_columns("t")}
    kinds = {name: type(type_) for name, type_ in types.items()}
    assert kinds == {
        "a": sqltypes.INTEGER,
        "b": sqltypes.VARCHAR,
        "c": sqltypes.DATETIME,
        "d": sqltypes.BLOB,
        "e": sqltypes.NullType,
        "f": sqltypes.INTEGER,
        "g": sqltypes.TEXT,
        "h": sqltypes.DOUBLE,
        "i": sqltypes.NUMERIC,
        "j": sqlite.JSON,
        "k": sqltypes.BOOLEAN,
        "l": sqltypes.NUMERIC,
        "m": sqltypes.FLOAT,
    }
    computed = inspect(sqlite_engine).get_columns("t")[-1]["computed"]
    assert computed == {"sqltext": "a * 2", "persisted": False}


def test_types_of_postgresql(pg_engine: Any) -> None:
    metadata = MetaData()
    columns = {
        "a": Integer,
        "b": BigInteger,
        "c": SmallInteger,
        "d": String(5),
        "e": Text,
        "f": Numeric(10, 2),
        "g": Float,
        "h": Boolean,
        "i": Date,
        "j": Time(timezone=True),
        "k": DateTime(timezone=True),
        "l": Interval,
        "m": LargeBinary,
        "n": JSON,
        "o": postgresql.JSONB,
        "p": Uuid,
        "q": postgresql.ARRAY(String(3)),
        "r": postgresql.INET,
        "s": postgresql.BIT(5, varying=True),
        "t": Enum("x", "y", name="letters"),
        "u": postgresql.TIMESTAMP(precision=3),
        "v": postgresql.INTERVAL(fields="DAY TO SECOND", precision=3),
        "w": postgresql.TSVECTOR,
        "x": postgresql.DOMAIN("positive", Integer, check="VALUE > 0", not_null=True),
        "y": postgresql.MONEY,
        "z": postgresql.MACADDR,
    }
    made = Table("t", metadata, *[Column(name, type_) for name, type_ in columns.items()])
    metadata.create_all(pg_engine)
    found = Table("t", MetaData(), autoload_with=pg_engine)
    dialect = pg_engine.dialect
    for column in made.c:
        expected = column.type.compile(dialect).replace("FLOAT", "DOUBLE PRECISION")
        spelled = found.c[column.name].type.compile(dialect)
        assert spelled.replace("day to second", "DAY TO SECOND") == expected, column.name
    assert found.c.t.type.enums == ["x", "y"]
    assert not found.c.x.nullable
    assert inspect(pg_engine).get_domains()[0]["name"] == "positive"
    assert inspect(pg_engine).has_type("letters")
    assert inspect(pg_engine).get_table_oid("t") > 0
    metadata.drop_all(pg_engine)


def test_types_of_mariadb(mariadb_engine: Any) -> None:
    metadata = MetaData()
    columns = {
        "a": mysql.INTEGER(unsigned=True),
        "b": mysql.TINYINT(1),
        "c": mysql.VARCHAR(5, charset="latin1", collation="latin1_bin"),
        "d": mysql.ENUM("x", "it's"),
        "e": mysql.SET("a", "b"),
        "f": mysql.DATETIME(fsp=3),
        "g": mysql.YEAR,
        "h": mysql.MEDIUMTEXT,
        "i": mysql.DECIMAL(10, 2, unsigned=True),
        "j": mysql.BIT(3),
        "k": mysql.LONGBLOB,
        "l": mysql.DOUBLE(8, 3),
        "m": mysql.INET6,
        "n": Uuid,
        "o": mysql.TIME(fsp=2),
        "p": mysql.BIGINT(20, zerofill=True, unsigned=True),
    }
    made = Table("t", metadata, *[Column(name, type_) for name, type_ in columns.items()])
    metadata.create_all(mariadb_engine)
    found = Table("t", MetaData(), autoload_with=mariadb_engine)
    dialect = mariadb_engine.dialect
    for column in made.c:
        expected = column.type.compile(dialect)
        spelled = found.c[column.name].type.compile(dialect)
        # the server tells display widths that nobody gave
        assert spelled.replace("INTEGER(10)", "INTEGER").replace("YEAR(4)", "YEAR") == expected, column.name
    assert found.c.d.type.enums == ["x", "it's"]
    assert found.c.e.type.values == ("a", "b")


# -- what only one database has ---------------------------------------------


def test_identity_and_computed_of_postgresql(pg_engine: Any) -> None:
    metadata = MetaData()
    Table(
        "t",
        metadata,
        Column("id", Integer, Identity(always=True, start=5, increment=2), primary_key=True),
        Column("twice", Integer, Computed("id * 2", persisted=True)),
    )
    metadata.create_all(pg_engine)
    key, computed = inspect(pg_engine).get_columns("t")
    assert key["identity"]["always"]
    assert (key["identity"]["start"], key["identity"]["increment"]) == (5, 2)
    assert computed["computed"] == {"sqltext": "(id * 2)", "persisted": True}
    table = Table("t", MetaData(), autoload_with=pg_engine)
    assert table.c.id.identity.start == 5
    assert table.c.twice.computed is not None


def test_indexes_of_postgresql(pg_engine: Any) -> None:
    metadata = MetaData()
    table = Table("t", metadata, Column("a", Integer), Column("b", String(5)), Column("c", postgresql.JSONB))
    Index("ix_expr", func.lower(table.c.b), table.c.a.desc())
    Index("ix_where", table.c.a, postgresql_where=table.c.a > 5, postgresql_include=["b"])
    Index("ix_gin", table.c.c, postgresql_using="gin")
    metadata.create_all(pg_engine)
    found = {i["name"]: i for i in inspect(pg_engine).get_indexes("t")}
    assert found["ix_expr"]["expressions"] == ["lower(b::text)", "a"]
    assert found["ix_expr"]["column_sorting"] == {"a": ("desc",)}
    assert found["ix_where"]["dialect_options"] == {
        "postgresql_where": "(a > 5)",
        "postgresql_include": ["b"],
    }
    assert found["ix_gin"]["dialect_options"]["postgresql_using"] == "gin"
    again = Table("t", MetaData(), autoload_with=pg_engine)
    assert {i.name for i in again.indexes} == {"ix_expr", "ix_where", "ix_gin"}


def test_comments_of_postgresql(pg_engine: Any) -> None:
    metadata = MetaData()
    table = Table("t", metadata, Column("a", Integer), CheckConstraint("a > 1", name="ck", info={}))
    metadata.create_all(pg_engine)
    table.comment = "new 'one'"
    with pg_engine.begin() as connection:
        connection.execute(SetTableComment(table))
        connection.execute(text("COMMENT ON CONSTRAINT ck ON t IS 'checked'"))
    inspector = inspect(pg_engine)
    assert inspector.get_table_comment("t") == {"text": "new 'one'"}
    assert inspector.get_check_constraints("t")[0]["comment"] == "checked"


def test_partial_index_of_sqlite(sqlite_engine: Any) -> None:
    metadata = MetaData()
    table = Table("t", metadata, Column("a", Integer))
    Index("ix", table.c.a, sqlite_where=table.c.a > 5)
    metadata.create_all(sqlite_engine)
    (index,) = inspect(sqlite_engine).get_indexes("t")
    assert str(index["dialect_options"]["sqlite_where"]) == "a > 5"


def test_text_of_sqlite_constraints(sqlite_engine: Any) -> None:
    with sqlite_engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE p (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql(
            'CREATE TABLE "odd table" (a INTEGER UNIQUE, "b c" INTEGER, d INTEGER REFERENCES p, '
            'CONSTRAINT "my key" PRIMARY KEY (a, "b c"), CONSTRAINT f FOREIGN KEY("b c") REFERENCES p(id) '
            "ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED, CHECK (a IN (1, 2) OR (d > 3)))"
        )
    inspector = inspect(sqlite_engine)
    assert inspector.get_pk_constraint("odd table") == {"constrained_columns": ["a", "b c"], "name": "my key"}
    named, unnamed = sorted(inspector.get_foreign_keys("odd table"), key=lambda k: k["name"] or "~")
    assert named["name"] == "f"
    assert named["options"] == {"ondelete": "SET NULL", "deferrable": True, "initially": "DEFERRED"}
    assert (unnamed["name"], unnamed["referred_columns"]) == (None, ["id"])
    assert [u["column_names"] for u in inspector.get_unique_constraints("odd table")] == [["a"]]
    assert inspector.get_check_constraints("odd table") == [
        {"name": None, "sqltext": "a IN (1, 2) OR (d > 3)"}
    ]
