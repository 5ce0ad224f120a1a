"""Where a URL leads: files, memory, URIs, a shared cache; the pool of each; functions of connections."""

from __future__ import annotations

import sys
import threading
import warnings
from pathlib import Path
from typing import Any

import pytest

from relvar import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    column,
    create_engine,
    event,
    exc,
    func,
    insert,
    literal,
    select,
    text,
)
from relvar.pool import NullPool, QueuePool, SingletonThreadPool, StaticPool

t = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("x", String))


def in_thread(function: Any) -> Any:
    """Call in another thread and return what it returned or raised."""
    found: list[Any] = []

    def call() -> None:
        try:
            found.append(function())
        except Exception as error:  # handed to the caller
            found.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    return found[0]


@pytest.mark.feature("E013")
def test_files_by_uri(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with pytest.raises(exc.OperationalError, match="unable to open database file"):
        create_engine(f"sqlite:///file:{path}?mode=rw&uri=true").connect()
    writer = create_engine(f"sqlite:///file:{path}?mode=rwc&uri=true")
    with writer.begin() as connection:
        t.create(connection)
        connection.execute(insert(t), {"x": "a"})
    writer.dispose()
    for query in ("mode=ro", "immutable=1"):
        reader = create_engine(f"sqlite:///file:{path}?{query}&uri=true")
        with reader.connect() as connection:
            assert connection.scalar(select(t.c.x)) == "a"
            with pytest.raises(exc.OperationalError, match="readonly"):
                connection.execute(insert(t), {"x": "b"})
        reader.dispose()
    # what is for SQLite, and not for the driver, needs uri=true
    with pytest.warns(exc.SAWarning, match="'mode' are not accepted by the pysqlite driver"):
        plain = create_engine(f"sqlite:///{path}?mode=ro")
    with plain.begin() as connection:
        connection.execute(insert(t), {"x": "b"})
    plain.dispose()


@pytest.mark.feature("E013")
def test_a_shared_cache() -> None:
    url = "sqlite:///file:shared_by_tests?mode=memory&cache=shared&uri=true"
    with pytest.warns(exc.SADeprecationWarning, match="mode=memory"):
        assert isinstance(create_engine(url).pool, SingletonThreadPool)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        engine = create_engine(url, poolclass=QueuePool, connect_args={"check_same_thread": False})
    with engine.connect() as one, engine.connect() as two:
        t.create(one)
        one.execute(insert(t), {"x": "a"})
        one.commit()
        assert one.connection.dbapi_connection is not two.connection.dbapi_connection
        assert two.scalar(select(t.c.x)) == "a"
        assert in_thread(lambda: two.scalar(select(func.count()).select_from(t))) == 1
    engine.dispose()
    other = create_engine("sqlite:///file::memory:?cache=shared&uri=true")
    assert isinstance(other.pool, QueuePool)
    with other.connect() as one, other.connect() as two:
        t.create(one)
        one.commit()
        assert two.scalar(select(func.count()).select_from(t)) == 0
    other.dispose()


@pytest.mark.feature("E013")
def test_pools_of_files_and_of_memory(tmp_path: Path) -> None:
    memory, file = create_engine("sqlite://"), create_engine(f"sqlite:///{tmp_path}/x.db", pool_size=2)
    assert type(memory.pool) is SingletonThreadPool
    assert type(file.pool) is QueuePool and file.pool.size() == 2
    # memory: one connection, and so one database, per thread
    with memory.begin() as connection:
        t.create(connection)
    with memory.connect() as one, memory.connect() as two:
        assert one.connection.dbapi_connection is two.connection.dbapi_connection
    assert isinstance(in_thread(lambda: memory.connect().scalar(select(t.c.x))), exc.OperationalError)
    # a file: a connection may go from thread to thread
    with file.connect() as connection:
        assert in_thread(lambda: connection.scalar(text("SELECT 1"))) == 1
    static = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    with static.begin() as connection:
        t.create(connection)
    assert in_thread(lambda: static.connect().scalars(select(t.c.x)).all()) == []
    assert type(create_engine(f"sqlite:///{tmp_path}/x.db", poolclass=NullPool).pool) is NullPool
    for engine in (memory, file, static):
        engine.dispose()


@pytest.mark.feature("E013")
def test_the_regexp_function(sqlite_engine: Any) -> None:
    with sqlite_engine.begin() as connection:
        t.create(connection)
        connection.execute(insert(t), [{"x": "abc"}, {"x": "xyz"}, {"x": None}])
        assert connection.scalars(select(t.c.x).where(t.c.x.regexp_match("b.$"))).all() == ["abc"]
        assert connection.scalars(select(t.c.x).where(~t.c.x.regexp_match("b.$"))).all() == ["xyz"]
        assert connection.scalar(select(literal("ABC").regexp_match("(?i)b"))) == 1
        # it may stand in an index, as it gives the same each time
        connection.exec_driver_sql("CREATE INDEX i ON t (x) WHERE x REGEXP '^a'")
        with pytest.raises(exc.OperationalError, match="user-defined function raised exception"):
            connection.execute(select(t.c.x).where(t.c.x.regexp_match("(")))

    @event.listens_for(sqlite_engine, "connect")
    def own(dbapi_connection: Any, connection_record: Any) -> None:
        dbapi_connection.create_function("regexp", 2, lambda pattern, value: value == pattern)

    sqlite_engine.dispose()
    with sqlite_engine.connect() as connection:
        assert connection.scalar(select(literal("a.c").regexp_match("a.c"))) == 1
        assert connection.scalar(select(literal("abc").regexp_match("a.c"))) == 0


@pytest.mark.feature("E013")
def test_attached_files(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/main.db")

    @event.listens_for(engine, "connect")
    def attach(dbapi_connection: Any, connection_record: Any) -> None:
        dbapi_connection.execute("ATTACH DATABASE ? AS archive", (f"{tmp_path}/archive.db",))

    metadata = MetaData()
    here = Table("t", metadata, Column("id", Integer, primary_key=True), Column("x", String))
    there = Table(
        "t", metadata, Column("id", Integer, primary_key=True), Column("x", String), schema="archive"
    )
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(here.insert(), {"x": "a"})
        connection.execute(there.insert().from_select(["x"], select(here.c.x + "!")))
        both = select(here.c.x, there.c.x).join_from(here, there, here.c.id == there.c.id)
        assert connection.execute(both).all() == [("a", "a!")]
        moved = there.update().values(x=select(func.max(here.c.x)).scalar_subquery())
        assert connection.execute(moved.returning(there.c.x)).all() == [("a",)]
        assert connection.execute(there.delete()).rowcount == 1
    translated = engine.execution_options(schema_translate_map={None: "archive"})
    with translated.begin() as connection:
        connection.execute(here.insert(), {"x": "b"})
        assert connection.scalars(select(there.c.x)).all() == ["b"]
    engine.dispose()


def test_names_of_columns_that_have_dots(sqlite_engine: Any) -> None:
    with sqlite_engine.connect() as connection:
        t.create(connection)
        connection.execute(insert(t), {"id": 1, "x": "a"})
        for statement in (
            'SELECT id AS "t.id" FROM t',
            "SELECT t.id AS [t.id] FROM t UNION SELECT t.id FROM t",
        ):
            assert list(connection.exec_driver_sql(statement).keys()) == ["t.id"]
        row = connection.execute(text('SELECT x AS "a.x" FROM t').columns(column("a.x"))).one()
        assert row._mapping["a.x"] == "a"


def test_versions_of_library_and_driver(sqlite_engine: Any) -> None:
    dialect = sqlite_engine.dialect
    assert (dialect.dbapi_version, str(dialect.dbapi_version)) == (
        sys.version_info[:3],
        ".".join(map(str, sys.version_info[:3])),
    )
    with sqlite_engine.connect() as connection:
        version = connection.scalar(text("SELECT sqlite_version()"))
    assert ".".join(map(str, dialect.server_version_info)) == version
