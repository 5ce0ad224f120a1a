"""Schemas created in, used in and dropped from real databases."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from relvar import (
    DDL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Enum,
    FetchedValue,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    create_mock_engine,
    event,
    exc,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from relvar.schema import CheckFirst, CreateSchema, CreateTableAs, CreateView, DropSchema


def names(engine: Any) -> list[str]:
    return sorted(inspect(engine).get_table_names())


def tree(metadata: MetaData) -> tuple[Table, Table]:
    """Return a parent and a child table."""
    child = Table(
        "child",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("parent_id", ForeignKey("parent.id"), index=True),
    )
    parent = Table("parent", metadata, Column("id", Integer, primary_key=True), Column("name", String(20)))
    return parent, child


# -- create_all, drop_all ---------------------------------------------


@pytest.mark.feature("C002")
def test_create_and_drop_all(engine: Any, metadata: MetaData, sql_log: Any) -> None:
    parent, child = tree(metadata)
    log = sql_log(engine)
    metadata.create_all(engine)
    made = [line for line in log.texts() if line.startswith("CREATE TABLE")]
    assert [line.split()[2] for line in made] == ["parent", "child"]
    assert names(engine) == ["child", "parent"]
    log.clear()
    metadata.create_all(engine)
    assert not [line for line in log.texts() if line.startswith("CREATE")]
    with pytest.raises(exc.DBAPIError):
        metadata.create_all(engine, checkfirst=False)
    log.clear()
    metadata.drop_all(engine)
    assert [line.split()[2] for line in log.texts() if line.startswith("DROP TABLE")] == ["child", "parent"]
    assert names(engine) == []
    metadata.drop_all(engine)
    with pytest.raises(exc.DBAPIError):
        metadata.drop_all(engine, checkfirst=CheckFirst.NONE)
    metadata.create_all(engine, tables=[parent], checkfirst=CheckFirst.TABLES)
    assert names(engine) == ["parent"]
    with engine.begin() as connection:
        metadata.create_all(connection)
    assert names(engine) == ["child", "parent"]
    assert child.c.parent_id.references(parent.c.id)


def test_create_and_drop_one_table(engine: Any, metadata: MetaData) -> None:
    parent, _ = tree(metadata)
    parent.create(engine)
    assert names(engine) == ["parent"]
    parent.create(engine, checkfirst=True)
    with pytest.raises(exc.DBAPIError):
        parent.create(engine)
    parent.drop(engine)
    parent.drop(engine, checkfirst=True)
    assert names(engine) == []


@pytest.mark.parametrize("named", [True, False])
def test_circular_foreign_keys(engine: Any, metadata: MetaData, named: bool, sql_log: Any) -> None:
    names_of_keys = {"a": "fk_a", "b": "fk_b"} if named else {"a": None, "b": None}
    a = Table(
        "a",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("b_id", Integer, ForeignKey("b.id", name=names_of_keys["a"])),
    )
    b = Table(
        "b",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("a_id", Integer, ForeignKey("a.id", name=names_of_keys["b"])),
    )
    log = sql_log(engine)
    metadata.create_all(engine)
    altered = [line for line in log.texts() if line.startswith("ALTER TABLE")]
    assert len(altered) == (0 if engine.dialect.name == "sqlite" else 2)
    inspector = inspect(engine)
    assert len(inspector.get_foreign_keys("a")) == len(inspector.get_foreign_keys("b")) == 1
    with engine.begin() as connection:
        connection.execute(insert(a), {"id": 1})
        connection.execute(insert(b), {"id": 1, "a_id": 1})
        connection.execute(update(a).values(b_id=1))
    if engine.dialect.name == "sqlite":
        with pytest.warns(exc.SAWarning, match="Can't sort tables for DROP"):
            metadata.drop_all(engine)
    elif named:
        metadata.drop_all(engine)
    else:
        with pytest.raises(exc.CircularDependencyError, match="have names so that they can be dropped"):
            metadata.drop_all(engine)
        return
    assert names(engine) == []


def test_use_alter(engine: Any, metadata: MetaData, sql_log: Any) -> None:
    Table(
        "a",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("b_id", Integer, ForeignKey("b.id", name="fk_a", use_alter=True)),
    )
    Table("b", metadata, Column("id", Integer, primary_key=True), Column("a_id", Integer, ForeignKey("a.id")))
    log = sql_log(engine)
    metadata.create_all(engine)
    assert len(inspect(engine).get_foreign_keys("a")) == 1
    metadata.drop_all(engine)
    altered = [line for line in log.texts() if line.startswith("ALTER TABLE")]
    assert len(altered) == (0 if engine.dialect.name == "sqlite" else 2)
    assert names(engine) == []


def test_self_referential(engine: Any, metadata: MetaData) -> None:
    node = Table(
        "node",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("parent_id", Integer, ForeignKey("node.id")),
    )
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(node), {"id": 1})
        connection.execute(insert(node), {"id": 2, "parent_id": 1})
        child = node.alias("c")
        rows = connection.execute(
            select(node.c.id, child.c.id).join(child, child.c.parent_id == node.c.id)
        ).all()
    assert rows == [(1, 2)]
    metadata.drop_all(engine)


def test_reserved_words(engine: Any, metadata: MetaData) -> None:
    table = Table(
        "order",
        metadata,
        Column("select", Integer, primary_key=True),
        Column("From", Integer, index=True),
        Column("a b", String(10), unique=True),
        Column('quo"te', Integer),
        Column("percent%", Integer),
        UniqueConstraint("From", "a b", name="Weird name"),
    )
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(table), {"select": 1, "From": 2, "a b": "x", 'quo"te': 3, "percent%": 4})
        assert connection.execute(select(table)).all() == [(1, 2, "x", 3, 4)]
        assert connection.execute(select(table.c["percent%"]).where(table.c.From == 2)).scalar() == 4
    reflected = Table("order", MetaData(), autoload_with=engine)
    assert reflected.c.keys() == table.c.keys()
    metadata.drop_all(engine)


@pytest.mark.backends("postgresql", "mariadb")
def test_schema_qualified(engine: Any) -> None:
    with engine.begin() as connection:
        connection.execute(
            DropSchema("other_place", if_exists=True, cascade=engine.dialect.name == "postgresql")
        )
        connection.execute(CreateSchema("other_place"))
    metadata = MetaData(schema="other_place")
    parent = Table("parent", metadata, Column("id", Integer, primary_key=True))
    child = Table("child", metadata, Column("parent_id", ForeignKey("other_place.parent.id"), index=True))
    try:
        metadata.create_all(engine)
        inspector = inspect(engine)
        assert inspector.has_schema("other_place")
        assert inspector.has_table("parent", schema="other_place")
        assert not inspector.has_table("parent")
        (key,) = inspector.get_foreign_keys("child", schema="other_place")
        assert (key["referred_schema"], key["referred_table"]) == ("other_place", "parent")
        with engine.begin() as connection:
            connection.execute(insert(parent), {"id": 1})
            connection.execute(insert(child), {"parent_id": 1})
            assert connection.execute(select(parent).join(child)).all() == [(1,)]
        found = MetaData()
        reflected = Table("child", found, schema="other_place", autoload_with=engine)
        assert sorted(found.tables) == ["other_place.child", "other_place.parent"]
        assert reflected.c.parent_id.references(found.tables["other_place.parent"].c.id)
        metadata.drop_all(engine)
        assert inspect(engine).get_table_names("other_place") == []
    finally:
        with engine.begin() as connection:
            connection.execute(DropSchema("other_place", cascade=engine.dialect.name == "postgresql"))


# -- constraints and indexes ---------------------------------------------


@pytest.mark.feature("C010")
def test_primary_keys(engine: Any, metadata: MetaData) -> None:
    single = Table("single", metadata, Column("a", Integer, primary_key=True), Column("b", Integer))
    composite = Table(
        "composite",
        metadata,
        Column("a", Integer),
        Column("b", String(5)),
        PrimaryKeyConstraint("a", "b", name="pk_both"),
    )
    metadata.create_all(engine)
    inspector = inspect(engine)
    assert inspector.get_pk_constraint("single")["constrained_columns"] == ["a"]
    assert inspector.get_pk_constraint("composite")["constrained_columns"] == ["a", "b"]
    with engine.begin() as connection:
        connection.execute(insert(composite), [{"a": 1, "b": "x"}, {"a": 1, "b": "y"}])
        connection.execute(insert(single), {"a": 1})
    for table, row in ((composite, {"a": 1, "b": "x"}), (single, {"a": 1})):
        with pytest.raises(exc.IntegrityError), engine.begin() as connection:
            connection.execute(insert(table), row)


@pytest.mark.feature("C011")
def test_unique_constraints(engine: Any, metadata: MetaData) -> None:
    table = Table(
        "t",
        metadata,
        Column("a", Integer, unique=True),
        Column("b", Integer),
        Column("c", Integer),
        UniqueConstraint("b", "c", name="uq_bc"),
    )
    metadata.create_all(engine)
    found = {tuple(u["column_names"]): u["name"] for u in inspect(engine).get_unique_constraints("t")}
    assert set(found) == {("a",), ("b", "c")}
    assert found["b", "c"] == "uq_bc"
    with engine.begin() as connection:
        connection.execute(insert(table), {"a": 1, "b": 1, "c": 1})
        connection.execute(insert(table), {"a": 2, "b": 1, "c": 2})
    for row in ({"a": 1, "b": 5, "c": 5}, {"a": 5, "b": 1, "c": 1}):
        with pytest.raises(exc.IntegrityError), engine.begin() as connection:
            connection.execute(insert(table), row)


def test_check_constraints(engine: Any, metadata: MetaData) -> None:
    table = Table(
        "t",
        metadata,
        Column("a", Integer, CheckConstraint("a > 0")),
        Column("b", Integer),
    )
    table.append_constraint(CheckConstraint(table.c.b < 10, name="ck_b"))
    metadata.create_all(engine)
    assert {check["name"] for check in inspect(engine).get_check_constraints("t")} >= {"ck_b"}
    with engine.begin() as connection:
        connection.execute(insert(table), {"a": 1, "b": 1})
    for row in ({"a": 0, "b": 1}, {"a": 1, "b": 10}):
        with pytest.raises(exc.DBAPIError), engine.begin() as connection:
            connection.execute(insert(table), row)


@pytest.mark.feature("C013")
def test_indexes(engine: Any, metadata: MetaData) -> None:
    table = Table(
        "t",
        metadata,
        Column("a", Integer, index=True),
        Column("b", String(20)),
        Column("c", Integer, index=True, unique=True),
        Index("ix_ba", "b", "a"),
    )
    if engine.dialect.name == "mariadb":
        # it has no functional indexes
        Index("ix_more", table.c.b, mariadb_length=5)
    else:
        Index("ix_more", func.lower(table.c.b))
    metadata.create_all(engine)
    found = {
        index["name"]: index
        for index in inspect(engine).get_indexes("t")
        if None not in index["column_names"] and index["name"] != "ix_more"
    }
    assert {name: index["column_names"] for name, index in found.items()} == {
        "ix_t_a": ["a"],
        "ix_t_c": ["c"],
        "ix_ba": ["b", "a"],
    }
    assert bool(found["ix_t_c"]["unique"])
    assert not found["ix_t_a"]["unique"]
    extra = Index("ix_extra", table.c.b, table.c.c)
    assert not inspect(engine).has_index("t", "ix_extra")
    extra.create(engine)
    extra.create(engine, checkfirst=True)
    assert inspect(engine).has_index("t", "ix_extra")
    extra.drop(engine)
    extra.drop(engine, checkfirst=True)
    assert not inspect(engine).has_index("t", "ix_extra")


test_indexes = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")(
    test_indexes
)


def test_referential_actions(engine: Any, metadata: MetaData) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda dbapi, record: dbapi.execute("PRAGMA foreign_keys=ON"))
        engine.dispose()
    parent = Table("parent", metadata, Column("id", Integer, primary_key=True))
    child = Table(
        "child",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("a", Integer, ForeignKey("parent.id", ondelete="CASCADE")),
        Column("b", Integer, ForeignKey("parent.id", ondelete="SET NULL", onupdate="CASCADE")),
    )
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(parent), [{"id": 1}, {"id": 2}])
        connection.execute(insert(child), [{"id": 1, "a": 1, "b": 2}, {"id": 2, "a": 2, "b": 1}])
        connection.execute(parent.delete().where(parent.c.id == 1))
        assert connection.execute(select(child)).all() == [(2, 2, None)]


# -- values that are not given ---------------------------------------------


@pytest.mark.feature("C015")
def test_autoincrement(engine: Any, metadata: MetaData) -> None:
    plain = Table("plain", metadata, Column("id", Integer, primary_key=True), Column("x", Integer))
    small = Table("small", metadata, Column("id", SmallInteger, primary_key=True), Column("x", Integer))
    off = Table(
        "off_", metadata, Column("id", Integer, primary_key=True, autoincrement=False), Column("x", Integer)
    )
    big = Table("big", metadata, Column("id", BigInteger, primary_key=True), Column("x", Integer))
    through_key = Table(
        "through_key",
        metadata,
        Column("id", Integer, ForeignKey("plain.id"), primary_key=True, autoincrement="ignore_fk"),
        Column("x", Integer),
    )
    metadata.create_all(engine)
    numbered = [plain, through_key]
    if engine.dialect.name != "sqlite":
        # only INTEGER PRIMARY KEY numbers itself there
        numbered += [small, big]
    with engine.begin() as connection:
        for table in numbered:
            assert connection.execute(insert(table), {"x": 5}).inserted_primary_key == (1,)
            assert connection.execute(insert(table), {"x": 6}).inserted_primary_key == (2,)
        assert connection.execute(insert(off), {"id": 7, "x": 5}).inserted_primary_key == (7,)
    assert off.autoincrement_column is None
    assert plain.autoincrement_column is plain.c.id


@pytest.mark.backends("postgresql")
def test_identity_and_sequences(engine: Any, metadata: MetaData) -> None:
    sequence = Sequence("numbers", start=10, increment=5, metadata=metadata)
    identity = Table(
        "ident",
        metadata,
        Column("id", Integer, Identity(always=True, start=3), primary_key=True),
        Column("n", Integer, sequence),
        Column("x", Integer),
    )
    serial = Table("serial", metadata, Column("id", Integer, Sequence("ids"), primary_key=True))
    metadata.create_all(engine)
    assert set(inspect(engine).get_sequence_names()) >= {"numbers", "ids"}
    with engine.begin() as connection:
        assert connection.execute(insert(identity), {"x": 1}).inserted_primary_key == (3,)
        assert connection.execute(select(identity.c.id, identity.c.n)).all() == [(3, 10)]
        assert connection.scalar(sequence.next_value()) == 15
        assert connection.scalar(select(sequence.next_value())) == 20
        assert connection.execute(insert(serial)).inserted_primary_key == (1,)
    metadata.drop_all(engine)
    assert inspect(engine).get_sequence_names() == []


@pytest.mark.backends("mariadb")
def test_sequences_of_mariadb(engine: Any, metadata: MetaData) -> None:
    sequence = Sequence("numbers", start=10, metadata=metadata)
    metadata.create_all(engine)
    assert inspect(engine).get_sequence_names() == ["numbers"]
    with engine.begin() as connection:
        assert connection.scalar(sequence) == 10
    metadata.drop_all(engine)
    assert inspect(engine).get_sequence_names() == []


@pytest.mark.feature("C019")
def test_defaults_of_the_client(engine: Any, metadata: MetaData) -> None:
    counter = iter(range(100, 200))

    def double(context: Any) -> int:
        return int(context.get_current_parameters()["given"]) * 2

    table = Table(
        "t",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("given", Integer),
        Column("scalar", Integer, default=5, onupdate=6),
        Column("function", Integer, default=lambda: next(counter), onupdate=lambda: next(counter)),
        Column("context", Integer, default=double, onupdate=double),
        Column("sql", String(10), default=func.lower("ABC"), onupdate=func.upper("abc")),
    )
    metadata.create_all(engine)
    columns = [table.c.scalar, table.c.function, table.c.context, table.c.sql]
    with engine.begin() as connection:
        connection.execute(insert(table), {"id": 1, "given": 7})
        assert connection.execute(select(*columns)).all() == [(5, 100, 14, "abc")]
        connection.execute(insert(table), [{"id": 2, "given": 1}, {"id": 3, "given": 2}])
        assert connection.execute(select(*columns).where(table.c.id > 1).order_by(table.c.id)).all() == [
            (5, 101, 2, "abc"),
            (5, 102, 4, "abc"),
        ]
        connection.execute(update(table).where(table.c.id == 1).values(given=8))
        assert connection.execute(select(*columns).where(table.c.id == 1)).all() == [(6, 103, 16, "ABC")]
        connection.execute(
            insert(table), {"id": 4, "given": 1, "scalar": 9, "function": 9, "context": 9, "sql": "x"}
        )
        assert connection.execute(select(*columns).where(table.c.id == 4)).all() == [(9, 9, 9, "x")]


@pytest.mark.feature("C020")
def test_defaults_of_the_server(engine: Any, metadata: MetaData) -> None:
    table = Table(
        "t",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("a", Integer, server_default="5"),
        Column("b", String(10), server_default="it's"),
        Column("c", DateTime, server_default=func.now()),
        Column("d", Integer, server_default=text("7")),
        Column("e", Integer, server_default=FetchedValue(), server_onupdate=FetchedValue()),
    )
    metadata.create_all(engine)
    with engine.begin() as connection:
        result = connection.execute(insert(table), {"id": 1})
        assert set(result.lastrow_has_defaults() and ["yes"]) == {"yes"}
        (row,) = connection.execute(select(table)).all()
        assert (row.a, row.b, row.d, row.e) == (5, "it's", 7, None)
        assert isinstance(row.c, datetime.datetime)
    defaults = {c["name"]: c["default"] for c in inspect(engine).get_columns("t")}
    assert all(defaults[name] is not None for name in "abcd")
    assert defaults["e"] is None


# -- types that come with the table ---------------------------------------------


@pytest.mark.backends("postgresql")
def test_enum_lives_and_dies_with_its_tables(engine: Any) -> None:
    metadata = MetaData()
    Table("a", metadata, Column("x", Enum("one", "two", name="numbers")))
    Table("b", metadata, Column("x", Enum("one", "two", name="numbers")))
    shared = Enum("red", "green", name="colors", metadata=metadata)
    Table("c", metadata, Column("x", shared))
    metadata.create_all(engine)
    assert [e["name"] for e in inspect(engine).get_enums()] == ["colors", "numbers"]
    metadata.create_all(engine)
    metadata.drop_all(engine)
    assert inspect(engine).get_enums() == []
    assert names(engine) == []


def test_ddl_of_named_types() -> None:
    sent: list[str] = []

    def note(statement: Any, *args: Any, **kw: Any) -> None:
        sent.append(" ".join(str(statement.compile(dialect=engine.dialect)).split()))

    engine = create_mock_engine("postgresql://", note)
    metadata = MetaData(schema="s")
    numbers, other = Enum("one", name="numbers"), Enum("q", name="n", schema="o")
    table = Table("a", metadata, Column("x", numbers), Column("y", other))
    Table("b", metadata, Column("x", Enum("one", name="numbers")))
    metadata.create_all(engine, checkfirst=False)
    assert sent == [
        "CREATE TYPE s.numbers AS ENUM ('one')",
        "CREATE TYPE o.n AS ENUM ('q')",
        "CREATE TABLE s.a ( x s.numbers, y o.n )",
        "CREATE TABLE s.b ( x s.numbers )",
    ]
    sent.clear()
    table.drop(engine, checkfirst=False)
    assert sent == ["DROP TABLE s.a"]
    sent.clear()
    metadata.drop_all(engine, checkfirst=False)
    assert sent == ["DROP TABLE s.b", "DROP TABLE s.a", "DROP TYPE s.numbers", "DROP TYPE o.n"]
    sent.clear()
    table.to_metadata(MetaData(), schema="z").create(engine, checkfirst=False)
    assert sent[-1] == "CREATE TABLE z.a ( x z.numbers, y z.n )"


def test_check_of_emulated_types(engine: Any, metadata: MetaData) -> None:
    table = Table(
        "t",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("kind", Enum("a", "b", native_enum=False, create_constraint=True, name="kinds")),
        Column("flag", Boolean(create_constraint=True, name="flags")),
    )
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(table), {"id": 1, "kind": "a", "flag": True})
    with pytest.raises(exc.DBAPIError), engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO t (id, kind) VALUES (2, 'z')")


# -- DDL, events, views ---------------------------------------------


def test_ddl_events(engine: Any, metadata: MetaData) -> None:
    parent, child = tree(metadata)
    seen: list[tuple[str, str]] = []
    for name in ("before_create", "after_create", "before_drop", "after_drop"):
        for target in (metadata, parent):
            event.listen(
                target,
                name,
                lambda target, connection, name=name, **kw: seen.append((name, type(target).__name__)),
            )
    dialect = engine.dialect.name
    event.listen(parent, "after_create", DDL("CREATE TABLE extra (x INTEGER)").execute_if(dialect=dialect))
    event.listen(parent, "after_create", DDL("CREATE TABLE wrong (x INTEGER)").execute_if(dialect="oracle"))
    event.listen(parent, "before_drop", DDL("DROP TABLE extra"))
    event.listen(
        parent,
        "after_create",
        DDL("CREATE TABLE never (x INTEGER)").execute_if(callable_=lambda ddl, target, bind, **kw: False),
    )
    metadata.create_all(engine)
    assert names(engine) == ["child", "extra", "parent"]
    metadata.drop_all(engine)
    assert names(engine) == []
    assert seen == [
        ("before_create", "MetaData"),
        ("before_create", "Table"),
        ("after_create", "Table"),
        ("after_create", "MetaData"),
        ("before_drop", "MetaData"),
        ("before_drop", "Table"),
        ("after_drop", "Table"),
        ("after_drop", "MetaData"),
    ]
    assert child is not None


def test_conditional_constraint(engine: Any, metadata: MetaData) -> None:
    table = Table(
        "t",
        metadata,
        Column("a", Integer),
        UniqueConstraint("a", name="uq_here").ddl_if(dialect=engine.dialect.name),
        CheckConstraint("a > 5", name="ck_elsewhere").ddl_if(dialect="oracle"),
        Index("ix_elsewhere", "a").ddl_if(dialect="oracle"),
    )
    metadata.create_all(engine)
    inspector = inspect(engine)
    assert [u["name"] for u in inspector.get_unique_constraints("t")] == ["uq_here"]
    assert inspector.get_check_constraints("t") == []
    assert not inspector.has_index("t", "ix_elsewhere")
    assert len(table.constraints) == 3


def test_views(engine: Any, metadata: MetaData) -> None:
    parent, _ = tree(metadata)
    view = CreateView(select(parent.c.name).where(parent.c.id > 1), "big", metadata=metadata)
    assert view.table.is_view
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(parent), [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}])
        assert connection.execute(select(view.table)).all() == [("b",)]
        copy = CreateTableAs(select(parent), "copy_of_parent")
        connection.execute(copy)
        assert len(connection.execute(select(copy.table)).all()) == 2
        connection.execute(DDL("DROP TABLE copy_of_parent"))
    assert inspect(engine).get_view_names() == ["big"]
    metadata.create_all(engine)
    metadata.drop_all(engine)
    assert inspect(engine).get_view_names() == []


def test_views_of_texts_come_after_the_tables_that_are_there(engine: Any, metadata: MetaData) -> None:
    tree(metadata)
    first = text("SELECT name FROM parent").columns(Column("name", String(9)))
    view = CreateView(first, "b", metadata=metadata).table
    second = text("SELECT name FROM b").columns(Column("name", String(9)))
    CreateView(second, "a", metadata=metadata)
    copy = MetaData()
    for table in metadata.sorted_tables:
        table.to_metadata(copy)
    for made in (metadata, copy):
        made.create_all(engine)
        assert sorted(inspect(engine).get_view_names()) == ["a", "b"]
        with engine.connect() as connection:
            assert connection.execute(select(view)).all() == []
        made.drop_all(engine)
        assert inspect(engine).get_table_names() == []


def test_comments(engine: Any, metadata: MetaData) -> None:
    Table("t", metadata, Column("a", Integer, comment="it's 5%"), comment="a 'table' 100%")
    metadata.create_all(engine)
    inspector = inspect(engine)
    if engine.dialect.name == "sqlite":
        with pytest.raises(NotImplementedError):
            inspector.get_table_comment("t")
        return
    assert inspector.get_table_comment("t") == {"text": "a 'table' 100%"}
    assert [c["comment"] for c in inspector.get_columns("t")] == ["it's 5%"]


def test_composite_foreign_key(engine: Any, metadata: MetaData) -> None:
    parent = Table(
        "parent", metadata, Column("a", Integer, primary_key=True), Column("b", Integer, primary_key=True)
    )
    child = Table(
        "child",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("x", Integer),
        Column("y", Integer),
        ForeignKeyConstraint(["x", "y"], ["parent.a", "parent.b"], name="fk_both"),
    )
    metadata.create_all(engine)
    (key,) = inspect(engine).get_foreign_keys("child")
    assert (key["constrained_columns"], key["referred_columns"]) == (["x", "y"], ["a", "b"])
    with engine.begin() as connection:
        connection.execute(insert(parent), {"a": 1, "b": 2})
        connection.execute(insert(child), {"id": 1, "x": 1, "y": 2})
        assert connection.execute(select(child.c.id).join(parent)).all() == [(1,)]


@pytest.mark.feature("C003")
def test_everything_of_a_table(engine: Any, metadata: MetaData) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE there (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER)")
    attached: list[Any] = []
    options: dict[str, Any] = {
        "sqlite": {"sqlite_strict": True},
        "postgresql": {"postgresql_with": {"fillfactor": 50}},
        "mariadb": {"mariadb_engine": "InnoDB"},
    }[engine.dialect.name]
    table = Table(
        "mine",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("there_id", Integer, ForeignKey("there.id", name="fk_there"), index=True),
        UniqueConstraint("there_id", name="uq_there"),
        quote=True,
        implicit_returning=False,
        comment="mine",
        info={"k": 1},
        listeners=[("after_parent_attach", lambda target, parent: attached.append(target))],
        prefixes=[],
        **options,
    )
    there = Table(
        "there",
        metadata,
        autoload_with=engine,
        include_columns=["id", "a"],
        resolve_fks=False,
    )
    assert attached == [table]
    assert there.c.keys() == ["id", "a"]
    assert Table("there", metadata, Column("x", Integer), keep_existing=True) is there
    Table("there", metadata, autoload_with=engine, extend_existing=True, autoload_replace=False)
    assert there.c.keys() == ["id", "a", "b"]
    assert (table.comment, table.info, table.implicit_returning) == ("mine", {"k": 1}, False)
    assert table.c is table.columns
    assert list(table.primary_key.columns) == [table.c.id]
    assert {key.column for key in table.foreign_keys} == {there.c.id}
    assert {c.name for c in table.foreign_key_constraints} == {"fk_there"}
    assert {i.name for i in table.indexes} == {"ix_mine_there_id"}
    assert {c.name for c in table.constraints} >= {"fk_there", "uq_there"}
    table.append_column(Column("last", Integer))
    table.insert_column(Column("first", Integer), 0)
    table.append_constraint(CheckConstraint("last > 0", name="ck_last"))
    assert table.c.keys() == ["first", "id", "there_id", "last"]
    copy = table.to_metadata(MetaData(), name="copy")
    assert copy.c.keys() == table.c.keys()
    early = Table("zz", metadata, Column("x", Integer))
    table.add_is_dependent_on(early)
    assert metadata.sorted_tables.index(early) < metadata.sorted_tables.index(table)
    assert not table.is_view
    table.create(engine)
    table.create(engine, checkfirst=True)
    assert inspect(engine).has_table("mine")
    with engine.begin() as connection:
        connection.execute(there.insert(), {"id": 1, "a": 2})
        connection.execute(insert(table), {"there_id": 1})
        assert connection.execute(select(table.c.id, there.c.a).join(there)).all() == [(1, 2)]
    table.drop(engine)
    assert not inspect(engine).has_table("mine")
    special = Table("special", metadata, Column("x", Integer))
    special.set_creator_ddl(DDL("CREATE TABLE special (y INTEGER)"))
    special.set_dropper_ddl(DDL("DROP TABLE special"))
    special.create(engine)
    assert [c["name"] for c in inspect(engine).get_columns("special")] == ["y"]
    special.drop(engine)
    assert not inspect(engine).has_table("special")
