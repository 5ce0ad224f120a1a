"""Transactions on SQLite: how they begin, isolation levels, savepoints, DDL, PRAGMAs of connections."""

from __future__ import annotations

import sqlite3
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    engine_from_config,
    event,
    exc,
    func,
    insert,
    inspect,
    select,
    text,
)
from relvar.orm import Session

metadata = MetaData()
parents = Table("p", metadata, Column("id", Integer, primary_key=True), Column("x", String))
children = Table("c", metadata, Column("id", Integer, primary_key=True), Column("p_id", ForeignKey("p.id")))


@pytest.fixture
def make(tmp_path: Path) -> Any:
    """A function: options -> an engine on one file."""
    engines: list[Any] = []

    def made(query: str = "", **options: Any) -> Any:
        engines.append(create_engine(f"sqlite:///{tmp_path}/x.db{query}", **options))
        return engines[-1]

    yield made
    for engine in engines:
        engine.dispose()


def is_whole(engine: Any) -> None:
    """Check that DDL and SELECT are inside transactions, and that savepoints do what they say."""
    with engine.connect() as connection:
        metadata.create_all(connection)
        assert connection.connection.dbapi_connection.in_transaction
        connection.rollback()
        assert inspect(connection).get_table_names() == []
    with engine.begin() as connection:
        metadata.create_all(connection)
    with engine.begin() as connection:
        with connection.begin_nested():
            connection.execute(insert(parents), {"x": "kept"})
        with pytest.raises(ZeroDivisionError), connection.begin_nested():
            connection.execute(insert(parents), {"x": "lost"})
            _ = 1 / 0
    with engine.connect() as connection:
        with connection.begin_nested():
            connection.execute(delete(parents))
        connection.rollback()
        assert connection.scalars(select(parents.c.x)).all() == ["kept"]
    # a transaction sees one state of the database, from its first SELECT on
    with engine.connect() as reader:
        assert reader.scalar(select(func.count()).select_from(parents)) == 1
        assert reader.connection.dbapi_connection.in_transaction
    with Session(engine) as session:
        with session.begin_nested():
            session.execute(insert(parents), {"x": "session"})
        session.rollback()
        assert session.scalar(select(func.count()).select_from(parents)) == 1


def own_begin(make: Callable[..., Any]) -> Any:
    """SQLAlchemy's recipe: the driver leaves transactions alone, a listener begins them."""
    engine = make()

    @event.listens_for(engine, "connect")
    def leave_alone(dbapi_connection: Any, connection_record: Any) -> None:
        dbapi_connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


WAYS = {
    "deferred": lambda make: make(sqlite_begin="deferred"),
    "immediate": lambda make: make(sqlite_begin="immediate"),
    "exclusive": lambda make: make(sqlite_begin="exclusive"),
    "concurrent": lambda make: make(sqlite_concurrent=True),
    "recipe": own_begin,
}
if sys.version_info >= (3, 12):
    # what SQLAlchemy advises since then
    WAYS["autocommit off"] = lambda make: make(connect_args={"autocommit": False})


@pytest.mark.feature("E012")
@pytest.mark.parametrize("way", WAYS)
def test_transactions_are_whole(way: str, make: Callable[..., Any]) -> None:
    is_whole(WAYS[way](make))


@pytest.mark.feature("E012")
def test_what_is_sent_to_begin(make: Callable[..., Any]) -> None:
    for option, word in (("deferred", "DEFERRED"), ("immediate", "IMMEDIATE"), ("exclusive", "EXCLUSIVE")):
        engine = make(sqlite_begin=option)
        sent: list[str] = []
        with engine.connect() as connection:
            connection.connection.dbapi_connection.set_trace_callback(sent.append)
            connection.execute(text("SELECT 1"))
            connection.commit()
            connection.execute(text("SELECT 2"))
            connection.rollback()
            connection.connection.dbapi_connection.set_trace_callback(None)
        assert sent == [f"BEGIN {word}", "SELECT 1", "COMMIT", f"BEGIN {word}", "SELECT 2", "ROLLBACK"]


@pytest.mark.feature("E012")
def test_the_driver_begins_unless_told(make: Callable[..., Any]) -> None:
    for engine in (make(), make(sqlite_begin="driver")):
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            assert connection.in_transaction()
            assert not connection.connection.dbapi_connection.in_transaction
    # the driver's own word stays the driver's
    with make("?isolation_level=IMMEDIATE").connect() as connection:
        assert connection.connection.dbapi_connection.isolation_level == "IMMEDIATE"
    with pytest.raises(exc.ArgumentError, match="isolation_level is the driver's: .* not 'AUTOCOMMIT'"):
        make("?isolation_level=AUTOCOMMIT")


def test_immediate_keeps_other_writers_out(make: Callable[..., Any]) -> None:
    engine = make(sqlite_begin="immediate", connect_args={"timeout": 0.05})
    metadata.create_all(engine)
    with engine.begin() as one:
        one.execute(select(parents))
        with engine.connect() as other:
            with pytest.raises(exc.OperationalError, match="database is locked") as caught:
                other.execute(select(parents))
            assert caught.value.statement is None or "BEGIN" in caught.value.statement
            assert not other.invalidated
        one.execute(insert(parents), {"x": "a"})
    with engine.connect() as other:
        assert other.scalar(select(parents.c.x)) == "a"


def test_a_connection_may_begin_in_another_way(make: Callable[..., Any]) -> None:
    engine = make(sqlite_concurrent=True, connect_args={"timeout": 0.05})
    metadata.create_all(engine)
    readers = engine.execution_options(sqlite_begin="deferred")
    with engine.begin() as writer, readers.connect() as reader:
        writer.execute(insert(parents), {"x": "a"})
        # as a snapshot: what the writer does is not seen before it is committed
        assert reader.scalars(select(parents.c.x)).all() == []
        writer.commit()
        assert reader.scalars(select(parents.c.x)).all() == []
        reader.rollback()
        assert reader.scalars(select(parents.c.x)).all() == ["a"]
    with engine.connect() as connection:
        assert connection.connection.dbapi_connection.isolation_level == "IMMEDIATE"
        connection.execution_options(sqlite_begin="exclusive")
        assert connection.connection.dbapi_connection.isolation_level == "EXCLUSIVE"
        connection.execute(select(parents))
        with pytest.raises(exc.InvalidRequestError, match="sqlite_begin may not be altered"):
            connection.execution_options(sqlite_begin="deferred")
    with engine.connect() as connection:
        assert connection.connection.dbapi_connection.isolation_level == "IMMEDIATE"
        for value in ("driver", "later", None):
            with pytest.raises(exc.ArgumentError, match="sqlite_begin"):
                connection.execution_options(sqlite_begin=value)
    with make().connect() as connection, pytest.raises(exc.ArgumentError, match="this engine leaves that"):
        connection.execution_options(sqlite_begin="immediate")


@pytest.mark.feature("E012")
@pytest.mark.parametrize("begin", ["driver", "immediate"])
def test_isolation_levels(begin: str, make: Callable[..., Any]) -> None:
    engine = make(sqlite_begin=begin)
    metadata.create_all(engine)
    word = "" if begin == "driver" else "IMMEDIATE"
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert (connection.get_isolation_level(), raw.isolation_level) == ("SERIALIZABLE", word)
        connection.execution_options(isolation_level="AUTOCOMMIT")
        assert engine.dialect.detect_autocommit_setting(raw)
        connection.execute(insert(parents), {"x": "at once"})
        assert not raw.in_transaction
        connection.rollback()
        # there is nothing to begin
        connection.execution_options(isolation_level="AUTOCOMMIT", sqlite_begin="deferred") if word else None
        connection.execute(select(parents))
        assert not raw.in_transaction
        connection.rollback()
        connection.execution_options(isolation_level="read uncommitted")
        assert (connection.get_isolation_level(), raw.isolation_level) == ("READ UNCOMMITTED", word)
        assert not engine.dialect.detect_autocommit_setting(raw)
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert (connection.get_isolation_level(), raw.isolation_level) == ("SERIALIZABLE", word)
        assert connection.scalars(select(parents.c.x)).all() == ["at once"]
        with pytest.raises(exc.InvalidRequestError):
            connection.execution_options(isolation_level="AUTOCOMMIT")
    writing = engine.execution_options(isolation_level="AUTOCOMMIT")
    with writing.connect() as connection:
        connection.execute(insert(parents), {"x": "too"})
        connection.rollback()
        assert connection.scalar(select(func.count()).select_from(parents)) == 2
    engine = make(sqlite_begin=begin, isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True)
    with engine.connect() as connection:
        connection.execute(insert(parents), {"x": "three"})
        connection.rollback()
        assert connection.scalar(select(func.count()).select_from(parents)) == 3


@pytest.mark.feature("E012")
def test_reading_what_is_not_committed() -> None:
    """READ UNCOMMITTED is for connections that share a cache."""
    url = "sqlite:///file:uncommitted?mode=memory&cache=shared&uri=true"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", exc.SADeprecationWarning)
        engine = create_engine(url, connect_args={"timeout": 0.05})
    with engine.connect() as one:
        metadata.create_all(one)
        one.commit()
        one.execute(insert(parents), {"x": "a"})
        other = sqlite3.connect("file:uncommitted?mode=memory&cache=shared", uri=True, timeout=0.05)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("SELECT x FROM p")
        engine.dialect.set_isolation_level(other, "READ UNCOMMITTED")
        assert other.execute("SELECT x FROM p").fetchall() == [("a",)]
        other.close()
        one.rollback()
    engine.dispose()


# What connections are told ----------------------------------------------------------------------------


@pytest.mark.feature("E013")
def test_foreign_keys_are_enforced_by_listener_or_option(make: Callable[..., Any]) -> None:
    by_listener = make()

    @event.listens_for(by_listener, "connect")
    def enforce(dbapi_connection: Any, connection_record: Any) -> None:
        dbapi_connection.execute("PRAGMA foreign_keys=ON")

    plain = make()
    metadata.create_all(plain)
    with plain.connect() as connection:
        connection.execute(insert(children), {"p_id": 5})
        connection.rollback()
    for engine in (by_listener, make(sqlite_pragmas={"foreign_keys": True}), make(sqlite_concurrent=True)):
        with engine.connect() as connection, pytest.raises(exc.IntegrityError, match="FOREIGN KEY"):
            connection.execute(insert(children), {"p_id": 5})


def test_pragmas_are_set_on_each_connection(make: Callable[..., Any]) -> None:
    wanted = {"foreign_keys": "on", "cache_size": -4000, "synchronous": "normal", "temp_store": 2}
    engine = make(sqlite_pragmas=wanted | {"main.journal_mode": "truncate", "recursive_triggers": False})
    with engine.connect() as one, engine.connect() as two:
        for connection in (one, two):
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
            assert found == {"foreign_keys": 1, "cache_size": -4000, "synchronous": 1, "temp_store": 2}
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "truncate"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"sqlite_begin": "now"},
            "sqlite_begin can't be 'now'; it is one of 'driver', 'deferred', 'immediate'",
        ),
        ({"sqlite_begin": ["immediate"]}, "sqlite_begin can't be"),
        ({"sqlite_pragmas": ["foreign_keys"]}, "a mapping such as {'foreign_keys': True}"),
        ({"sqlite_pragmas": {"foreign_keys; DROP": 1}}, "'foreign_keys; DROP' is not the name of a PRAGMA"),
        ({"sqlite_pragmas": {"foreign_keys": None}}, "foreign_keys can't be None"),
        ({"sqlite_pragmas": {"cache_size": 1.5}}, "cache_size can't be 1.5"),
        ({"sqlite_pragmas": {"foreign_key": True}}, "no PRAGMA 'foreign_key'; did you mean 'foreign_keys'"),
        ({"sqlite_pragmas": {"zzz": 1}}, "This SQLite has no PRAGMA 'zzz'$"),
    ],
)
def test_options_that_cannot_be(options: Any, message: str, make: Callable[..., Any]) -> None:
    with pytest.raises(exc.ArgumentError, match=message):
        make(**options).connect()


def test_options_in_a_configuration() -> None:
    settings = {
        "sqlalchemy.url": "sqlite://",
        "sqlalchemy.sqlite_concurrent": "true",
        "sqlalchemy.sqlite_begin": "deferred",
    }
    engine = engine_from_config(settings)
    assert engine.dialect.begin_word == "DEFERRED"
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()
    settings["sqlalchemy.sqlite_concurrent"] = "false"
    with engine_from_config(settings).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 0


def test_values_of_pragmas_are_values(make: Callable[..., Any]) -> None:
    metadata.create_all(make())
    engine = make(sqlite_pragmas={"user_version": "7'; DROP TABLE p; --"})
    assert inspect(engine).has_table("p")


def test_two_ways_to_begin_are_refused(make: Callable[..., Any]) -> None:
    given = {"factory": Newer} if sys.version_info < (3, 12) else {"autocommit": False}
    engine = make(sqlite_begin="immediate", connect_args=given)
    with pytest.raises(exc.ArgumentError, match="autocommit=False are two ways to begin transactions"):
        engine.connect()


class Newer(sqlite3.Connection):
    """What ``autocommit`` looks like on connections since Python 3.12."""

    autocommit: Any = False
    seen: list[tuple[Any, str]]

    def cursor(self, *args: Any, **kwargs: Any) -> Any:
        cursor = super().cursor(*args, **kwargs)
        self.set_trace_callback(
            lambda statement: self.__dict__.setdefault("seen", []).append((self.autocommit, statement))
        )
        return cursor


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="the real ones are tested above")
def test_the_autocommit_attribute_of_newer_drivers(make: Callable[..., Any]) -> None:
    engine = make(sqlite_pragmas={"foreign_keys": True}, connect_args={"factory": Newer})
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        # within the transaction that such a connection always has, the PRAGMA would do nothing
        assert (True, "PRAGMA foreign_keys = ON") in raw.seen
        assert (raw.autocommit, engine.dialect.detect_autocommit_setting(raw)) == (False, False)
        connection.execution_options(isolation_level="AUTOCOMMIT")
        assert (raw.autocommit, engine.dialect.detect_autocommit_setting(raw)) == (True, True)
        assert raw.isolation_level == ""
        # in this mode the driver commits nothing, so nothing may be begun
        with connection.begin_nested():
            assert "BEGIN" not in {statement.strip() for _, statement in raw.seen}
    with engine.connect() as connection:
        assert connection.connection.dbapi_connection.autocommit is False


def test_the_first_savepoint_begins_as_the_driver_would(make: Callable[..., Any]) -> None:
    engine = make("?isolation_level=IMMEDIATE")
    sent: list[str] = []
    with engine.connect() as connection:
        connection.connection.dbapi_connection.set_trace_callback(sent.append)
        with connection.begin_nested():
            connection.execute(text("SELECT 1"))
        connection.commit()
        connection.connection.dbapi_connection.set_trace_callback(None)
    assert [statement.split()[0] for statement in sent] == [
        "BEGIN",
        "SAVEPOINT",
        "SELECT",
        "RELEASE",
        "COMMIT",
    ]
    assert sent[0] == "BEGIN IMMEDIATE"
