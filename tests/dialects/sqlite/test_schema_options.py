"""What the options of tables, columns and constraints do: to a real database, not only to the text."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    CheckConstraint,
    Column,
    Computed,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    exc,
    func,
    insert,
    inspect,
    select,
    text,
)
from relvar.dialects import sqlite
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
from relvar.schema import CreateTable


@pytest.fixture
def connection(sqlite_engine: Any) -> Any:
    with sqlite_engine.connect() as connection:
        yield connection


def created(connection: Any, *items: Any, **options: Any) -> Table:
    table = Table("t", MetaData(), *items, **options)
    table.create(connection)
    return table


# ON CONFLICT ------------------------------------------------------------------------------------------

DECLARED = {
    "key of a column": lambda word: [
        Column("id", Integer, primary_key=True, sqlite_on_conflict_primary_key=word),
        Column("x", String),
    ],
    "key of the table": lambda word: [
        Column("id", Integer),
        Column("x", String),
        PrimaryKeyConstraint("id", sqlite_on_conflict=word),
    ],
    "unique column": lambda word: [
        Column("id", Integer, unique=True, sqlite_on_conflict_unique=word),
        Column("x", String),
    ],
    "unique constraint": lambda word: [
        Column("id", Integer),
        Column("x", String),
        UniqueConstraint("id", sqlite_on_conflict=word),
    ],
    "unique column and constraint": lambda word: [
        Column("id", Integer, sqlite_on_conflict_unique=word),
        Column("x", String),
        UniqueConstraint("id"),
    ],
}


@pytest.mark.feature("E009")
@pytest.mark.parametrize("declared", DECLARED)
def test_conflicts_of_keys(declared: str, connection: Any) -> None:
    rows = {"REPLACE": [(1, "new")], "IGNORE": [(1, "old")]}
    for word, expected in rows.items():
        table = created(connection, *DECLARED[declared](word))
        connection.execute(insert(table), {"id": 1, "x": "old"})
        connection.execute(insert(table), {"id": 1, "x": "new"})
        assert connection.execute(select(table)).all() == expected
        # the clause is part of what reflection tells: a copy does the same
        copy = Table("t", MetaData(), autoload_with=connection)
        table.drop(connection)
        copy.create(connection)
        connection.execute(insert(table), [{"id": 1, "x": "old"}, {"id": 1, "x": "new"}])
        assert connection.execute(select(table)).all() == expected
        table.drop(connection)
    for word, kept in (("ABORT", 1), ("FAIL", 2), ("ROLLBACK", 0)):
        table = created(connection, *DECLARED[declared](word))
        connection.commit()
        connection.execute(insert(table), {"id": 1, "x": "old"})
        several = insert(table).values([{"id": 2, "x": "a"}, {"id": 1, "x": "b"}])
        with pytest.raises(exc.IntegrityError):
            connection.execute(several)
        assert connection.scalar(select(func.count()).select_from(table)) == kept
        connection.rollback()
        table.drop(connection)


@pytest.mark.feature("E009")
def test_conflicts_of_not_null_and_checks(connection: Any) -> None:
    filled = Column("a", Integer, nullable=False, server_default="7", sqlite_on_conflict_not_null="REPLACE")
    skipped = Column("b", Integer, nullable=False, sqlite_on_conflict_not_null="IGNORE")
    table = created(connection, Column("id", Integer, primary_key=True), filled, skipped)
    connection.execute(insert(table), [{"a": None, "b": 1}, {"a": 1, "b": None}])
    assert connection.execute(select(table.c.a, table.c.b)).all() == [(7, 1)]
    with pytest.raises(exc.CompileError, match="on conflict clause for column check constraint"):
        inline = Column("a", Integer, CheckConstraint("a > 1", sqlite_on_conflict="FAIL"))
        CreateTable(Table("x", MetaData(), inline)).compile(connection)
    # SQLite reads the clause of a CHECK and does nothing about it
    checked = Table(
        "c", MetaData(), Column("a", Integer), CheckConstraint("a > 1", sqlite_on_conflict="IGNORE")
    )
    checked.create(connection)
    with pytest.raises(exc.IntegrityError):
        connection.execute(insert(checked), {"a": 0})


@pytest.mark.feature("E009")
def test_conflicts_in_a_mapping(sqlite_engine: Any) -> None:
    class Base(DeclarativeBase):
        pass

    class Thing(Base):
        __tablename__ = "things"
        __table_args__ = {"sqlite_strict": True, "sqlite_autoincrement": True}
        id: Mapped[int] = mapped_column(primary_key=True, sqlite_on_conflict_primary_key="FAIL")
        name: Mapped[str] = mapped_column(sqlite.TEXT, unique=True, sqlite_on_conflict_unique="IGNORE")

    Base.metadata.create_all(sqlite_engine)
    with Session(sqlite_engine) as session:
        session.add(Thing(name="a"))
        session.commit()
        session.execute(insert(Thing), [{"name": "a"}, {"name": "b"}])
        assert session.scalars(select(Thing.name).order_by(Thing.id)).all() == ["a", "b"]


# Options of tables ------------------------------------------------------------------------------------


@pytest.mark.feature("E010")
def test_autoincrement_gives_no_number_twice(connection: Any) -> None:
    for options, expected in (({}, 1), ({"sqlite_autoincrement": True}, 2)):
        table = created(connection, Column("id", Integer, primary_key=True), Column("x", String), **options)
        assert connection.execute(insert(table), {"x": "a"}).inserted_primary_key == (1,)
        connection.execute(table.delete())
        assert connection.execute(insert(table).returning(table.c.id), {"x": "b"}).scalar() == expected
        table.drop(connection)
    keys = [
        Column("a", Integer, primary_key=True, autoincrement=True),
        Column("b", Integer, primary_key=True),
    ]
    with pytest.raises(exc.CompileError, match="does not support autoincrement for composite primary keys"):
        created(connection, *keys)


@pytest.mark.feature("E010")
def test_tables_without_rowid(connection: Any) -> None:
    columns = [Column("id", String, primary_key=True), Column("x", String)]
    table = created(connection, *columns, sqlite_with_rowid=False)
    connection.execute(insert(table), [{"id": "b", "x": "1"}, {"id": "a", "x": "2"}])
    assert connection.scalars(select(table.c.id)).all() == ["a", "b"]
    with pytest.raises(exc.OperationalError, match="no such column: rowid"):
        connection.execute(text("SELECT rowid FROM t"))
    with pytest.raises(exc.IntegrityError, match="NOT NULL"):
        connection.execute(text("INSERT INTO t VALUES (NULL, 'c')"))


@pytest.mark.feature("E010")
def test_strict_tables(connection: Any) -> None:
    columns = [Column("id", Integer, primary_key=True), Column("n", Integer), Column("x", sqlite.TEXT)]
    table = created(connection, *columns, sqlite_strict=True, sqlite_with_rowid=False)
    connection.execute(insert(table), {"id": 1, "n": 5, "x": "a"})
    with pytest.raises(exc.IntegrityError, match="cannot store TEXT value in INTEGER column"):
        connection.execute(text("INSERT INTO t VALUES (2, 'five', 'b')"))
    with pytest.raises(exc.OperationalError, match="unknown datatype"):
        Table("u", MetaData(), Column("x", String(5)), sqlite_strict=True).create(connection)


# Indexes, generated columns, DDL ----------------------------------------------------------------------


@pytest.mark.feature("E011")
def test_partial_indexes(connection: Any) -> None:
    table = created(
        connection, Column("id", Integer, primary_key=True), Column("a", Integer), Column("on", Integer)
    )
    index = Index("one_on", table.c.a, unique=True, sqlite_where=table.c.on == 1)
    index.create(connection)
    connection.execute(insert(table), [{"a": 1, "on": 0}, {"a": 1, "on": 0}, {"a": 1, "on": 1}])
    with pytest.raises(exc.IntegrityError):
        connection.execute(insert(table), {"a": 1, "on": 1})
    # an upsert names it by columns and condition
    put = sqlite.insert(table).values(a=1, on=1)
    put = put.on_conflict_do_update(index_elements=["a"], index_where=table.c.on == 1, set_={"a": 9})
    connection.execute(put)
    assert connection.scalars(select(table.c.a).where(table.c.on == 1)).all() == [9]
    (found,) = inspect(connection).get_indexes("t")
    assert str(found["dialect_options"]["sqlite_where"]) == '"on" = 1'
    index.drop(connection)
    Index("texts", table.c.a, sqlite_where=text("a > 5")).create(connection)
    assert inspect(connection).get_indexes("t")[0]["name"] == "texts"
    with pytest.raises(exc.ArgumentError, match="'sqlite_with' is not accepted by dialect 'sqlite'"):
        Index("x", table.c.a, sqlite_with=1)


def test_generated_columns(connection: Any) -> None:
    table = created(
        connection,
        Column("id", Integer, primary_key=True),
        Column("a", Integer),
        Column("twice", Integer, Computed("a * 2", persisted=True)),
        Column("thrice", Integer, Computed("a * 3")),
    )
    assert connection.execute(insert(table).returning(table), {"a": 2}).all() == [(1, 2, 4, 6)]
    with pytest.raises(exc.OperationalError, match="cannot INSERT into generated column"):
        connection.execute(insert(table), {"twice": 1})


def test_ddl_in_schemas_and_temporary_tables(connection: Any) -> None:
    connection.exec_driver_sql("ATTACH ':memory:' AS other")
    metadata = MetaData()
    parent = Table("p", metadata, Column("id", Integer, primary_key=True), schema="other")
    child = Table("c", metadata, Column("p_id", ForeignKey("other.p.id"), index=True), schema="other")
    across = Table("x", metadata, Column("p_id", ForeignKey("other.p.id")))
    fleeting = Table("f", metadata, Column("id", Integer, primary_key=True), prefixes=["TEMPORARY"])
    metadata.create_all(connection)
    inspector = inspect(connection)
    assert inspector.get_foreign_keys("c", "other")[0]["referred_table"] == "p"
    assert inspector.get_indexes("c", "other")[0]["name"] == "ix_other_c_p_id"
    # a foreign key can't leave its file
    assert inspector.get_foreign_keys("x") == []
    assert inspector.get_temp_table_names() == ["f"]
    metadata.create_all(connection)
    metadata.drop_all(connection)
    inspector.clear_cache()
    assert (
        inspector.get_table_names()
        == inspector.get_table_names("other")
        == inspector.get_temp_table_names()
        == []
    )
    assert [table.fullname for table in (parent, child, across, fleeting)] == ["other.p", "other.c", "x", "f"]
