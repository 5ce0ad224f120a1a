"""
SQL Server itself, where ``RELVAR_TEST_MSSQL`` has the URL of a database that may be filled and emptied.

No server was to be had where these were written: they were not run.
"""

from __future__ import annotations

import datetime as dt
import os
import threading
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from relvar import (
    JSON,
    Column,
    Computed,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    Sequence,
    String,
    Table,
    Time,
    Unicode,
    UniqueConstraint,
    Uuid,
    create_engine,
    exc,
    func,
    insert,
    inspect,
    select,
    text,
    update,
    upsert,
)
from relvar.dialects import mssql
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column

URL = os.environ.get("RELVAR_TEST_MSSQL", "")
if not URL:
    pytest.skip("RELVAR_TEST_MSSQL has no URL of a server", allow_module_level=True)

metadata = MetaData()
t = Table(
    "live_t",
    metadata,
    Column("id", Integer, Identity(start=10, increment=5), primary_key=True),
    Column("name", Unicode(30), unique=True, comment="what it's called"),
    Column("n", Integer, server_default="7"),
    Column("twice", Integer, Computed("n * 2", persisted=True)),
    Column("total", Numeric(10, 2)),
    comment="things",
)
children = Table(
    "live_child",
    metadata,
    Column("a", Integer),
    Column("b", Integer),
    Column("t_id", ForeignKey("live_t.id", name="fk_live", ondelete="CASCADE")),
    PrimaryKeyConstraint("b", "a", name="pk_live", mssql_clustered=False),
    UniqueConstraint("a", name="uq_live"),
    Index("ix_live", "t_id", mssql_include=["a"], mssql_where=text("b > 5")),
)
values = Table(
    "live_values",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("u", Unicode),
    Column("s", String(20)),
    Column("num", Numeric(12, 3)),
    Column("mny", mssql.MONEY),
    Column("d", Date),
    Column("ti", Time),
    Column("dt2", mssql.DATETIME2),
    Column("dto", mssql.DATETIMEOFFSET),
    Column("dt", DateTime),
    Column("bin", LargeBinary),
    Column("uid", Uuid),
    Column("doc", JSON),
    Column("ok", mssql.BIT),
    Column("xml", mssql.XML),
    Column("var", mssql.SQL_VARIANT),
    Column("row", mssql.ROWVERSION),
)
triggered = Table(
    "live_triggered",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("x", Integer),
    implicit_returning=False,
)


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    engine = create_engine(URL)
    metadata.drop_all(engine)
    metadata.create_all(engine)
    yield engine
    metadata.drop_all(engine)
    engine.dispose()


@pytest.fixture
def connection(server: Any) -> Iterator[Any]:
    """A connection whose transaction is rolled back."""
    with server.connect() as connection:
        yield connection
        connection.rollback()


def test_identity_and_output(connection: Any) -> None:
    assert connection.execute(insert(t), {"name": "a"}).inserted_primary_key == (10,)
    put = insert(t).returning(t.c.id, t.c.name, t.c.twice, sort_by_parameter_order=True)
    rows = connection.execute(put, [{"name": f"n{i}"} for i in range(500)]).all()
    assert [row.name for row in rows] == [f"n{i}" for i in range(500)]
    assert [row.id for row in rows] == list(range(15, 15 + 2500, 5))
    assert {row.twice for row in rows} == {14}
    connection.execute(insert(t), {"id": 7000, "name": "given"})
    assert connection.execute(insert(t), {"name": "after"}).inserted_primary_key == (7005,)
    with pytest.raises(exc.IntegrityError):
        connection.execute(insert(t), {"id": 8000, "name": "after"})
    changed = update(t).where(t.c.name == "a").values(n=8).returning(t.c.twice)
    assert connection.execute(changed).all() == [(16,)]


@pytest.mark.parametrize("fast", [False, True])
def test_many_rows(server: Any, fast: bool) -> None:
    options = {"fast_executemany": True} if fast and "odbc" in server.dialect.driver else {}
    engine = create_engine(URL, **options)
    with engine.connect() as connection:
        connection.execute(insert(t), [{"name": f"é{i}" * (i % 3 + 1), "n": None} for i in range(3000)])
        assert connection.scalar(select(func.count()).select_from(t)) == 3000
        connection.rollback()
    engine.dispose()


def test_triggers(server: Any, connection: Any) -> None:
    connection.exec_driver_sql(
        "CREATE TRIGGER live_trigger ON live_triggered AFTER INSERT AS INSERT INTO live_t (name) VALUES ('x')"
    )
    assert connection.execute(insert(triggered), {"x": 1}).inserted_primary_key == (1,)

    class Base(DeclarativeBase): ...

    class Triggered(Base):
        __table__ = triggered
        id: Mapped[int]
        x: Mapped[int] = mapped_column()

    connection.execute(t.delete())
    with Session(connection) as session:
        thing = Triggered(x=2)
        session.add(thing)
        session.flush()
        assert thing.id == 2


def test_paging(connection: Any) -> None:
    connection.execute(insert(t), [{"name": f"{i:02}", "total": i // 2} for i in range(10)])
    names = select(t.c.name).order_by(t.c.name)
    assert connection.scalars(names.limit(2)).all() == ["00", "01"]
    assert connection.scalars(names.limit(2).offset(3)).all() == ["03", "04"]
    assert connection.scalars(names.offset(8)).all() == ["08", "09"]
    tied = select(t.c.total).order_by(t.c.total).fetch(1, with_ties=True)
    assert connection.scalars(tied).all() == [0, 0]
    assert len(connection.scalars(names.fetch(30, percent=True)).all()) == 3


def test_values(connection: Any) -> None:
    zone = dt.timezone(dt.timedelta(hours=-5, minutes=-30))
    row = {
        "id": 1,
        "u": "é€😀" * 3000,
        "s": "plain",
        "num": Decimal("123456.789"),
        "mny": Decimal("12.3400"),
        "d": dt.date(2024, 5, 17),
        "ti": dt.time(1, 2, 3, 456789),
        "dt2": dt.datetime(2024, 5, 17, 1, 2, 3, 456789),
        "dto": dt.datetime(2024, 5, 17, 1, 2, 3, 456789, zone),
        "dt": dt.datetime(2024, 5, 17, 1, 2, 3),
        "bin": bytes(range(256)),
        "uid": uuid.uuid4(),
        "doc": {"a": [1, "é"]},
        "ok": True,
        "xml": "<a>é</a>",
    }
    connection.execute(insert(values), row)
    connection.execute(insert(values), {"id": 2})
    # ODBC drivers do not give SQL_VARIANT
    columns = [column for column in values.c if column.key != "var"]
    found = connection.execute(select(*columns).order_by(values.c.id)).mappings().all()
    assert {name: found[0][name] for name in row} == row
    assert len(found[0]["row"]) == 8
    assert [found[1][name] for name in row] == [2, *[None] * (len(row) - 1)]
    assert connection.scalar(select(values.c.doc["a"][1].as_string()).where(values.c.id == 1)) == "é"
    assert connection.scalar(select(mssql.try_cast(values.c.s, Integer)).where(values.c.id == 1)) is None


def test_upsert(connection: Any) -> None:
    put = upsert(t).on_conflict(t.c.name)
    connection.execute(put, [{"name": "a", "n": 1}, {"name": "b", "n": 2}])
    assert connection.execute(put, {"name": "a", "n": 5}).rowcount == 1
    more = put.values(name="b", n=1).update(n=t.c.n + put.excluded.n).returning(t.c.n)
    assert connection.execute(more).all() == [(3,)]
    assert connection.execute(put.values(name="b", n=9).do_nothing().returning(t.c.n)).all() == []
    assert connection.execute(select(t.c.name, t.c.n).order_by(t.c.name)).all() == [("a", 5), ("b", 3)]


def test_sequences(connection: Any) -> None:
    sequence = Sequence("live_numbers", start=5, increment=2)
    sequence.create(connection)
    assert [connection.scalar(sequence) for _ in range(2)] == [5, 7]
    assert connection.scalar(select(sequence.next_value())) == 9
    assert "live_numbers" in inspect(connection).get_sequence_names()


def test_savepoints(connection: Any) -> None:
    connection.execute(insert(t), {"name": "kept"})
    with pytest.raises(RuntimeError), connection.begin_nested():
        connection.execute(insert(t), {"name": "lost"})
        raise RuntimeError
    with connection.begin_nested():
        connection.execute(insert(t), {"name": "also kept"})
    assert connection.scalars(select(t.c.name).order_by(t.c.id)).all() == ["kept", "also kept"]


@pytest.mark.parametrize(
    "level",
    ["READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE", "SNAPSHOT", "AUTOCOMMIT"],
)
def test_isolation(server: Any, level: str) -> None:
    with server.connect().execution_options(isolation_level=level) as connection:
        if level != "AUTOCOMMIT":
            assert connection.get_isolation_level() == level
    with server.connect() as connection:
        assert connection.get_isolation_level() == server.dialect.default_isolation_level


def test_a_deadlock_can_be_tried_again(server: Any) -> None:
    with server.begin() as connection:
        connection.execute(insert(t), [{"id": 1, "name": "one"}, {"id": 2, "name": "two"}])
    barrier = threading.Barrier(2, timeout=30)
    failed: list[Any] = []

    def change(first: int, second: int) -> None:
        with server.connect() as connection:
            connection.execute(update(t).where(t.c.id == first).values(n=1))
            barrier.wait()
            try:
                connection.execute(update(t).where(t.c.id == second).values(n=1))
            except exc.DBAPIError as error:
                failed.append(error.orig)

    threads = [threading.Thread(target=change, args=order) for order in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [server.dialect.is_retryable(error) for error in failed] == [True]
    with server.begin() as connection:
        connection.execute(t.delete())


def test_a_statement_that_takes_too_long(connection: Any) -> None:
    if connection.dialect.driver == "pymssql":
        pytest.skip("pymssql has one limit for a whole connection: query_timeout")
    with pytest.raises(exc.StatementTimeout):
        connection.execute(text("WAITFOR DELAY '00:00:05'"), execution_options={"timeout": 1})


def test_temporary_tables(connection: Any) -> None:
    temporary = Table("#live_temp", MetaData(), Column("id", Integer, primary_key=True), Column("x", Integer))
    temporary.create(connection)
    inspector = inspect(connection)
    assert inspector.has_table("#live_temp")
    assert "#live_temp" in inspector.get_temp_table_names()
    assert [column["name"] for column in inspector.get_columns("#live_temp")] == ["id", "x"]


def test_reflection(server: Any) -> None:
    inspector = inspect(server)
    assert {"live_t", "live_child"} <= set(inspector.get_table_names())
    assert inspector.get_table_comment("live_t") == {"text": "things"}
    columns = {column["name"]: column for column in inspector.get_columns("live_t")}
    assert columns["id"]["identity"] == {"start": 10, "increment": 5}
    assert columns["name"]["comment"] == "what it's called"
    assert columns["n"]["default"] == "((7))"
    assert columns["twice"]["computed"]["persisted"]
    assert inspector.get_pk_constraint("live_child") == {
        "name": "pk_live",
        "constrained_columns": ["b", "a"],
        "comment": None,
        "dialect_options": {"mssql_clustered": False},
    }
    (key,) = inspector.get_foreign_keys("live_child")
    assert (key["name"], key["referred_table"], key["options"]) == (
        "fk_live",
        "live_t",
        {"ondelete": "CASCADE"},
    )
    indexes = {index["name"]: index for index in inspector.get_indexes("live_child")}
    assert indexes["ix_live"]["include_columns"] == ["a"]
    assert indexes["ix_live"]["dialect_options"]["mssql_where"] == "([b]>(5))"
    assert indexes["uq_live"]["duplicates_constraint"] == "uq_live"
    reflected = MetaData()
    reflected.reflect(server, only=["live_t", "live_child", "live_values"])
    for table in (t, children, values):
        again = reflected.tables[table.name]
        assert again.c.keys() == table.c.keys()
        assert again.primary_key.columns.keys() == table.primary_key.columns.keys()
    assert isinstance(reflected.tables["live_values"].c.var.type, mssql.SQL_VARIANT)
