"""
Listeners: how they come and go, and what connections, pools and schema tell them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from relvar import (
    DDL,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    create_engine,
    event,
    exc,
    insert,
    inspect,
    select,
    text,
)
from relvar.engine import Connection, Engine
from relvar.orm import Session, scoped_session, sessionmaker
from relvar.pool import NullPool, Pool, QueuePool

t = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("x", String(20)))


@pytest.fixture
def story() -> list[Any]:
    return []


@pytest.fixture
def cleanup() -> Iterator[Any]:
    """A function that listens until the end of the test."""
    listening: list[tuple[Any, str, Any]] = []

    def listen(target: Any, name: str, function: Any, **options: Any) -> Any:
        event.listen(target, name, function, **options)
        listening.append((target, name, function))
        return function

    yield listen
    for target, name, function in listening:
        if event.contains(target, name, function):
            event.remove(target, name, function)


# How listeners come and go ---------------------------------------------------------------------------


@pytest.mark.feature("L001")
def test_listen_contains_remove(sqlite_engine: Any, story: list[Any]) -> None:
    def note(conn: Any) -> None:
        story.append("begin")

    assert not event.contains(sqlite_engine, "begin", note)
    event.listen(sqlite_engine, "begin", note)
    event.listen(sqlite_engine, "begin", note)
    assert event.contains(sqlite_engine, "begin", note)
    with sqlite_engine.begin():
        pass
    assert story == ["begin"]
    event.remove(sqlite_engine, "begin", note)
    assert not event.contains(sqlite_engine, "begin", note)
    with sqlite_engine.begin():
        pass
    assert story == ["begin"]
    with pytest.raises(exc.InvalidRequestError, match="No listeners found for event"):
        event.remove(sqlite_engine, "begin", note)
    with pytest.raises(exc.InvalidRequestError, match="No such event 'nothing' for target"):
        event.listen(sqlite_engine, "nothing", note)
    with pytest.raises(exc.InvalidRequestError, match="No such event 'begin' for target '5'"):
        event.listen(5, "begin", note)


@pytest.mark.feature("L001")
def test_order_once_and_named(sqlite_engine: Any, story: list[Any]) -> None:
    @event.listens_for(sqlite_engine, "checkout")
    def second(*args: Any) -> None:
        story.append("second")

    @event.listens_for(sqlite_engine, "checkout", insert=True)
    def first(*args: Any) -> None:
        story.append("first")

    @event.listens_for(sqlite_engine, "checkout", once=True)
    def only_once(*args: Any) -> None:
        story.append("once")

    @event.listens_for(sqlite_engine, "before_cursor_execute", named=True)
    def by_name(**kw: Any) -> None:
        story.append((sorted(kw), kw["statement"]))

    @event.listens_for(sqlite_engine, "after_cursor_execute", named=True)
    def some_names(statement: Any, executemany: Any, **kw: Any) -> None:
        story.append((statement, executemany))

    with sqlite_engine.begin() as conn:
        conn.execute(text("select 5"))
    names = ["conn", "context", "cursor", "executemany", "parameters", "statement"]
    assert story == ["first", "second", "once", (names, "select 5"), ("select 5", False)]
    story.clear()
    with sqlite_engine.begin():
        pass
    assert story == ["first", "second"]


@pytest.mark.feature("L001")
def test_returned_values(sqlite_engine: Any) -> None:
    @event.listens_for(sqlite_engine, "before_cursor_execute", retval=True)
    def comment(conn: Any, cursor: Any, statement: Any, parameters: Any, context: Any, many: Any) -> Any:
        return statement.replace("5", "6") + " -- mine", parameters

    @event.listens_for(sqlite_engine, "before_execute", retval=True)
    def other(conn: Any, element: Any, multiparams: Any, params: Any, execution_options: Any) -> Any:
        return element, multiparams, params

    with sqlite_engine.connect() as conn:
        assert conn.scalar(text("select 5")) == 6


# What can be listened to -----------------------------------------------------------------------------


@pytest.mark.feature("L014")
def test_engine_classes_and_instances(sqlite_engine: Any, story: list[Any], cleanup: Any) -> None:
    cleanup(Engine, "begin", lambda conn: story.append("all engines"))
    cleanup(sqlite_engine, "begin", lambda conn: story.append("this engine"))
    other = create_engine("sqlite://")
    with sqlite_engine.begin():
        pass
    assert story == ["all engines", "this engine"]
    with other.begin():
        pass
    assert story == ["all engines", "this engine", "all engines"]
    story.clear()
    with other.connect() as conn:
        cleanup(conn, "begin", lambda conn: story.append("this connection"))
        conn.begin()
    assert sorted(story) == ["all engines", "this connection"]
    story.clear()
    optioned = sqlite_engine.execution_options(a=1)
    cleanup(optioned, "begin", lambda conn: story.append("this option engine"))
    with sqlite_engine.begin():
        pass
    assert story == ["all engines", "this engine"]
    story.clear()
    with optioned.begin():
        pass
    assert sorted(story) == ["all engines", "this engine", "this option engine"]


@pytest.mark.feature("L014")
def test_pool_classes_and_instances(tmp_path: Any, story: list[Any], cleanup: Any) -> None:
    cleanup(Pool, "checkout", lambda *a: story.append("all pools"))
    cleanup(QueuePool, "checkout", lambda *a: story.append("queue pools"))
    engine = create_engine(f"sqlite:///{tmp_path}/x.db", poolclass=QueuePool)
    other = create_engine(f"sqlite:///{tmp_path}/x.db", poolclass=NullPool)
    cleanup(engine, "checkout", lambda *a: story.append("the engine's pool"))
    cleanup(other.pool, "checkout", lambda *a: story.append("this pool"))
    with engine.connect():
        pass
    assert sorted(story) == ["all pools", "queue pools", "the engine's pool"]
    story.clear()
    with other.connect():
        pass
    assert sorted(story) == ["all pools", "this pool"]
    story.clear()
    engine.dispose()
    with engine.connect():
        pass
    assert sorted(story) == ["all pools", "queue pools", "the engine's pool"]
    engine.dispose()
    other.dispose()


@pytest.mark.feature("L014")
def test_tables_and_table_classes(sqlite_engine: Any, story: list[Any], cleanup: Any) -> None:
    table = Table("one", MetaData(), Column("id", Integer))
    cleanup(table, "before_create", lambda target, connection, **kw: story.append(("this", target.name)))
    cleanup(Table, "before_create", lambda target, connection, **kw: story.append(("every", target.name)))
    table.create(sqlite_engine)
    t.create(sqlite_engine)
    assert sorted(story) == [("every", "one"), ("every", "t"), ("this", "one")]


@pytest.mark.feature("L014")
def test_sessions_and_their_makers(sqlite_engine: Any, story: list[Any], cleanup: Any) -> None:
    class OurSession(Session):
        pass

    maker = sessionmaker(sqlite_engine)
    scoped = scoped_session(sessionmaker(sqlite_engine))

    def noting(what: str) -> Any:
        return lambda session, transaction, connection: story.append(what)

    cleanup(Session, "after_begin", noting("Session"))
    cleanup(OurSession, "after_begin", noting("OurSession"))
    cleanup(maker, "after_begin", noting("maker"))
    cleanup(scoped, "after_begin", noting("scoped"))

    def of(session: Any) -> list[str]:
        story.clear()
        session.execute(select(1))
        session.close()
        return sorted(set(story))

    assert of(Session(sqlite_engine)) == ["Session"]
    assert of(OurSession(sqlite_engine)) == ["OurSession", "Session"]
    assert of(maker()) == ["Session", "maker"]
    assert of(scoped()) == ["Session", "scoped"]
    own = Session(sqlite_engine)
    cleanup(own, "after_begin", noting("own"))
    assert of(own) == ["Session", "own"]
    scoped.remove()


# Connections -----------------------------------------------------------------------------------------

CONNECTION_EVENTS = {
    "begin": "conn",
    "commit": "conn",
    "rollback": "conn",
    "savepoint": "conn name",
    "rollback_savepoint": "conn name context",
    "release_savepoint": "conn name context",
    "before_execute": "conn clauseelement multiparams params execution_options",
    "after_execute": "conn clauseelement multiparams params execution_options result",
    "before_cursor_execute": "conn cursor statement parameters context executemany",
    "after_cursor_execute": "conn cursor statement parameters context executemany",
    "begin_twophase": "conn xid",
    "prepare_twophase": "conn xid",
    "commit_twophase": "conn xid is_prepared",
    "rollback_twophase": "conn xid is_prepared",
    "engine_connect": "conn",
    "set_connection_execution_options": "conn opts",
}


def record(target: Any, story: list[Any]) -> None:
    for name, arguments in CONNECTION_EVENTS.items():

        def note(_event: str = name, _arguments: str = arguments, **kw: Any) -> None:
            assert sorted(kw) == sorted(_arguments.split())
            assert isinstance(kw["conn"], Connection)
            story.append(_event)

        event.listen(target, name, note, named=True)


@pytest.mark.feature("L003")
def test_story_of_a_connection(engine: Any, story: list[Any]) -> None:
    t.create(engine)
    record(engine, story)
    with engine.connect() as conn:
        conn.execute(insert(t), [{"x": "a"}, {"x": "b"}])
        with pytest.raises(ZeroDivisionError), conn.begin_nested():
            1 / 0
        with conn.begin_nested():
            pass
        conn.commit()
        conn.execution_options(mine=5)
        conn.begin()
        conn.rollback()
    cursor = ["before_cursor_execute", "after_cursor_execute"]
    # Savepoints are statements as well: whether they are told of as such is not compared.
    assert [name for name in story if not name.endswith("_execute")] == [
        *("engine_connect", "begin"),
        *("savepoint", "rollback_savepoint", "savepoint", "release_savepoint", "commit"),
        "set_connection_execution_options",
        *("begin", "rollback"),
    ]
    assert story[1:6] == ["before_execute", "begin", *cursor, "after_execute"]
    assert [name for name in story if name in cursor] == cursor * 5


@pytest.mark.feature("L003")
def test_two_phases(mariadb_engine: Any, story: list[Any]) -> None:
    with mariadb_engine.connect():
        record(mariadb_engine, story)

    def two_phases() -> list[str]:
        seen = [name for name in story if not name.endswith("_execute")]
        del story[:]
        return seen

    with mariadb_engine.connect() as conn:
        transaction = conn.begin_twophase()
        transaction.prepare()
        transaction.commit()
        assert two_phases() == ["engine_connect", "begin_twophase", "prepare_twophase", "commit_twophase"]
        conn.begin_twophase().rollback()
        assert two_phases() == ["begin_twophase", "rollback_twophase"]
        transaction = conn.begin_twophase("my id")
        seen = []

        @event.listens_for(conn, "commit_twophase")
        def committed(conn: Any, xid: Any, is_prepared: bool) -> None:
            seen.append((xid, is_prepared))

        transaction.prepare()
        transaction.commit()
        assert seen == [("my id", True)]


@pytest.mark.feature("L003")
def test_options_and_disposal(sqlite_engine: Any, story: list[Any]) -> None:
    @event.listens_for(sqlite_engine, "set_engine_execution_options")
    def of_engine(engine: Any, opts: dict[str, Any]) -> None:
        story.append(("engine", engine is not sqlite_engine, dict(opts)))
        if "double" in opts:
            opts["double"] *= 2

    @event.listens_for(sqlite_engine, "set_connection_execution_options")
    def of_connection(conn: Any, opts: dict[str, Any]) -> None:
        story.append(("connection", dict(opts)))
        opts["added"] = True

    event.listen(sqlite_engine, "engine_disposed", lambda engine: story.append("disposed"))
    optioned = sqlite_engine.execution_options(double=4)
    assert optioned.get_execution_options()["double"] == 8
    with sqlite_engine.connect() as conn:
        conn.execution_options(a=1)
        assert conn.get_execution_options()["added"] is True
    sqlite_engine.dispose()
    assert story == [("engine", True, {"double": 4}), ("connection", {"a": 1}), "disposed"]


@pytest.mark.feature("L003")
def test_values_that_listeners_see(engine: Any, story: list[Any]) -> None:
    t.create(engine)

    @event.listens_for(engine, "before_execute")
    def before(conn: Any, element: Any, multiparams: Any, params: Any, execution_options: Any) -> None:
        story.append((element, multiparams, params, dict(execution_options)))

    @event.listens_for(engine, "after_execute")
    def after(
        conn: Any, element: Any, multiparams: Any, params: Any, execution_options: Any, result: Any
    ) -> None:
        story.append(result.is_insert)

    one, many = insert(t), insert(t).execution_options(of="statement")
    with engine.execution_options(of_engine=1).connect() as conn:
        conn.execute(one, {"x": "a"})
        conn.execute(many, [{"x": "a"}, {"x": "b"}], execution_options={"more": 2})
    assert story[0] == (one, [], {"x": "a"}, {"of_engine": 1})
    assert story[2] == (many, [{"x": "a"}, {"x": "b"}], {}, {"of_engine": 1, "of": "statement", "more": 2})
    assert story[1] is story[3] is True


# Pools -----------------------------------------------------------------------------------------------


@pytest.mark.feature("L002")
def test_story_of_a_pool(tmp_path: Any, story: list[Any]) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/x.db")
    arguments = {
        "connect": "dbapi_connection connection_record",
        "first_connect": "dbapi_connection connection_record",
        "checkout": "dbapi_connection connection_record connection_proxy",
        "checkin": "dbapi_connection connection_record",
        "reset": "dbapi_connection connection_record reset_state",
        "invalidate": "dbapi_connection connection_record exception",
        "soft_invalidate": "dbapi_connection connection_record exception",
        "close": "dbapi_connection connection_record",
        "close_detached": "dbapi_connection",
        "detach": "dbapi_connection connection_record",
    }
    for name, names in arguments.items():

        def note(_event: str = name, _names: str = names, **kw: Any) -> None:
            assert sorted(kw) == sorted(_names.split())
            story.append(_event)

        event.listen(engine, name, note, named=True)
    with engine.connect():
        assert story == ["first_connect", "connect", "checkout"] or story == [
            *("connect", "first_connect", "checkout")
        ]
    assert story[3:] == ["reset", "checkin"]
    del story[:]
    with engine.connect() as conn:
        conn.invalidate()
    assert story == ["checkout", "invalidate", "close", "checkin"] or story == [
        *("checkout", "invalidate", "checkin", "close")
    ]
    del story[:]
    proxy = engine.raw_connection()
    proxy.invalidate(soft=True)
    proxy.close()
    engine.raw_connection().close()
    assert [name for name in story if name != "reset"] == [
        *("connect", "checkout", "soft_invalidate", "checkin", "close", "connect", "checkout", "checkin")
    ]
    del story[:]
    with engine.connect() as conn:
        conn.detach()
    assert story == ["checkout", "detach", "reset", "close_detached"]


@pytest.mark.feature("L002")
def test_connect_listener_prepares_connections(tmp_path: Any) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/x.db")

    @event.listens_for(engine, "connect")
    def prepare(dbapi_connection: Any, connection_record: Any) -> None:
        cursor = dbapi_connection.cursor()
        cursor.execute("pragma foreign_keys = on")
        cursor.close()
        connection_record.info["prepared"] = True

    with engine.connect() as conn:
        assert conn.exec_driver_sql("pragma foreign_keys").scalar() == 1
        assert conn.info == {"prepared": True}
    engine.dispose()


# Schema ----------------------------------------------------------------------------------------------


@pytest.mark.feature("L005", "C030")
def test_create_and_drop(engine: Any, story: list[Any]) -> None:
    metadata = MetaData()
    one = Table("one", metadata, Column("id", Integer, primary_key=True))
    Table("two", metadata, Column("id", Integer, primary_key=True))
    for target in (metadata, one):
        for name in ("before_create", "after_create", "before_drop", "after_drop"):

            def note(target: Any, connection: Any, name: str = name, **kw: Any) -> None:
                names = sorted(table.name for table in kw["tables"]) if "tables" in kw else None
                exists = inspect(connection).has_table("one")
                story.append(
                    (name, getattr(target, "name", "metadata"), names, exists, bool(kw["checkfirst"]))
                )

            event.listen(target, name, note)
    event.listen(
        one, "after_create", DDL("insert into one values (7)").execute_if(dialect=("sqlite", engine.name))
    )
    event.listen(one, "after_create", DDL("fails").execute_if(dialect="oracle"))
    metadata.create_all(engine)
    assert [entry[:4] for entry in story] == [
        ("before_create", "metadata", ["one", "two"], False),
        ("before_create", "one", None, False),
        ("after_create", "one", None, True),
        ("after_create", "metadata", ["one", "two"], True),
    ]
    with engine.connect() as conn:
        assert conn.scalar(select(one.c.id)) == 7
    del story[:]
    metadata.drop_all(engine)
    assert [entry[:4] for entry in story] == [
        ("before_drop", "metadata", ["one", "two"], True),
        ("before_drop", "one", None, True),
        ("after_drop", "one", None, False),
        ("after_drop", "metadata", ["one", "two"], False),
    ]


@pytest.mark.feature("L005", "C030")
def test_parts_find_their_parents(story: list[Any], cleanup: Any) -> None:
    def note(name: str) -> Any:
        def listener(target: Any, parent: Any) -> None:
            story.append((name, target.name, parent.name))

        return listener

    for cls in (Column, Index, UniqueConstraint):
        cleanup(cls, "before_parent_attach", note("before"))
        cleanup(cls, "after_parent_attach", note("after"))
    Table("things", MetaData(), Column("a", Integer), UniqueConstraint("a", name="uq"), Index("ix", "a"))
    assert story == [
        ("before", "a", "things"),
        ("after", "a", "things"),
        ("before", "uq", "things"),
        ("after", "uq", "things"),
        ("before", "ix", "things"),
        ("after", "ix", "things"),
    ]


@pytest.mark.feature("L005", "C030")
def test_reflected_columns_can_be_changed(engine: Any) -> None:
    t.create(engine)
    metadata = MetaData()
    names: list[str] = []

    @event.listens_for(metadata, "column_reflect")
    def note(inspector: Any, table: Any, column_info: dict[str, Any]) -> None:
        names.append(f"{table.name}.{column_info['name']}")
        column_info["key"] = f"key_{column_info['name']}"

    def listen(table: Any, column_info: dict[str, Any], **kw: Any) -> None:
        column_info["info"] = {"seen": True}

    def on_reflect(inspector: Any, table: Any, column_info: dict[str, Any]) -> None:
        listen(table, column_info)

    table = Table("t", metadata, autoload_with=engine, listeners=[("column_reflect", on_reflect)])
    assert names == ["t.id", "t.x"] and table.c.keys() == ["key_id", "key_x"]
    assert table.c.key_x.name == "x" and table.c.key_x.info == {"seen": True}


def test_silence_again() -> None:
    """Once the last listener went, nothing is asked for listeners any more."""

    def note(*arguments: Any) -> None:
        heard.append(arguments)

    heard: list[Any] = []
    engine = create_engine("sqlite://")
    for target, name in ((Engine, "begin"), (engine, "commit"), (engine, "handle_error")):
        event.listen(target, name, note)
        with engine.begin() as conn:
            conn.execute(select(1))
        event.remove(target, name, note)
    assert len(heard) == 2
    with engine.begin() as conn:
        conn.execute(select(1))
    assert len(heard) == 2
    for target, name in ((engine, "begin"), (Engine, "begin")):
        event.listen(target, name, note)
    event.remove(engine, "begin", note)
    with engine.begin():
        assert len(heard) == 3
    event.remove(Engine, "begin", note)
    engine.dispose()


def test_a_class_is_heard_of_after_an_engine_was_left_alone(sqlite_engine: Any, story: list[Any]) -> None:
    def note(*args: Any) -> None:
        story.append(args[2])

    for target in (sqlite_engine, Engine):
        event.listen(target, "before_cursor_execute", note)
        with sqlite_engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        event.remove(target, "before_cursor_execute", note)
        assert story == ["SELECT 1"]
        story.clear()
