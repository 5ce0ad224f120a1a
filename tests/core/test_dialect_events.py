"""Events of dialects: what goes to the driver can be seen, changed and replaced; errors too."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    exc,
    func,
    insert,
    select,
    text,
)
from relvar.engine import Engine

metadata = MetaData()
t = Table("t", metadata, Column("id", Integer, primary_key=True), Column("name", String(20)))


@pytest.mark.feature("L004")
def test_calls_of_the_driver_are_heard(engine: Any) -> None:
    metadata.create_all(engine)
    heard: list[tuple[str, Any, Any]] = []

    def note(name: str) -> Any:
        def listener(cursor: Any, statement: str, *rest: Any) -> None:
            *parameters, context = rest
            assert hasattr(cursor, "execute") and context.dialect is engine.dialect
            heard.append((name, statement.split()[0], *parameters))

        return listener

    for name in ("do_execute", "do_executemany", "do_execute_no_params"):
        event.listen(engine, name, note(name))
    with engine.begin() as conn:
        conn.execute(insert(t), {"id": 1, "name": "a"})
        conn.execute(insert(t), [{"id": 2, "name": "b"}, {"id": 3, "name": "c"}])
        conn.exec_driver_sql("SELECT '%'", execution_options={"no_parameters": True})
        assert conn.scalar(select(func.count(t.c.id))) == 3
    assert [entry[:2] for entry in heard] == [
        ("do_execute", "INSERT"),
        ("do_executemany", "INSERT"),
        ("do_execute_no_params", "SELECT"),
        ("do_execute", "SELECT"),
    ]
    one, many = heard[0][2], heard[1][2]
    assert len(many) == 2 and set(dict(one).values() if isinstance(one, dict) else one) == {1, "a"}
    assert len(heard[2]) == 2


@pytest.mark.feature("L004")
def test_listeners_run_in_place_of_the_driver(url: str) -> None:
    engine = create_engine(url)

    @event.listens_for(engine, "do_execute")
    def one(cursor: Any, statement: str, parameters: Any, context: Any) -> Any:
        if "magic" in statement:
            cursor.execute("SELECT 42")
            return True
        return None

    @event.listens_for(engine, "do_execute_no_params")
    def plain(cursor: Any, statement: str, context: Any) -> Any:
        cursor.execute("SELECT 43")
        return True

    @event.listens_for(engine, "do_executemany")
    def many(cursor: Any, statement: str, parameters: Any, context: Any) -> Any:
        assert context.executemany
        for each in parameters:
            cursor.execute(statement, each)
        return True

    with engine.begin() as conn:
        metadata.create_all(conn)
        assert conn.scalar(text("SELECT 'magic'")) == 42
        assert conn.scalar(text("SELECT 1")) == 1
        raw = conn.exec_driver_sql("SELECT 1", execution_options={"no_parameters": True})
        assert raw.scalar() == 43
        conn.execute(insert(t), [{"id": 2}, {"id": 3}])
        assert conn.scalars(select(t.c.id).order_by(t.c.id)).all() == [2, 3]
    engine.dispose()


@pytest.mark.feature("L004")
def test_connecting_is_heard_changed_and_replaced(url: str) -> None:
    engine = create_engine(url)
    told: list[Any] = []

    @event.listens_for(engine, "do_connect")
    def see(dialect: Any, record: Any, cargs: list[Any], cparams: dict[str, Any]) -> None:
        told.append((dialect, type(record).__name__, isinstance(cargs, list), isinstance(cparams, dict)))
        if dialect.name == "sqlite":
            cparams["cached_statements"] = 5

    with engine.connect() as conn:
        assert conn.scalar(text("SELECT 1")) == 1
    assert told == [(engine.dialect, "ConnectionRecord", True, True)]
    made: list[Any] = []

    @event.listens_for(engine, "do_connect")
    def replace(dialect: Any, record: Any, cargs: list[Any], cparams: dict[str, Any]) -> Any:
        made.append(dialect.connect(*cargs, **cparams))
        return made[-1]

    engine.dispose()
    with engine.connect() as conn:
        assert conn.connection.dbapi_connection is made[0]
    engine.dispose()


@pytest.mark.feature("L004")
def test_errors_are_heard_and_replaced(engine: Any) -> None:
    told: list[Any] = []

    class Mine(Exception):
        pass

    @event.listens_for(engine, "handle_error")
    def note(context: Any) -> None:
        told.append(context)

    @event.listens_for(engine, "handle_error", retval=True)
    def replace(context: Any) -> Any:
        if context.statement and "mine" in context.statement:
            return Mine("replaced")
        if context.statement and "raised" in context.statement:
            raise Mine("raised")
        return None

    @event.listens_for(engine, "handle_error")
    def after(context: Any) -> None:
        told.append(context.chained_exception)

    with engine.connect() as conn:
        with pytest.raises(exc.DBAPIError) as caught:
            conn.execute(text("SELECT * FROM nowhere WHERE 1 = :x"), {"x": 1})
        conn.rollback()
        context, chained = told
        assert context.sqlalchemy_exception is caught.value and chained is None
        assert context.original_exception is caught.value.orig
        assert isinstance(context.original_exception, engine.dialect.dbapi.Error)
        assert context.statement.startswith("SELECT * FROM nowhere") and context.parameters
        assert (context.connection, context.engine, context.dialect) == (conn, engine, engine.dialect)
        assert context.cursor is not None and context.execution_context is not None
        assert (context.is_disconnect, context.is_pre_ping, context.invalidate_pool_on_disconnect) == (
            False,
            False,
            True,
        )
        told.clear()
        with pytest.raises(Mine, match="replaced") as mine:
            conn.exec_driver_sql("SELECT * FROM nowhere_mine")
        assert mine.value.__cause__ is told[0].original_exception
        assert told[1] is mine.value
        conn.rollback()
        with pytest.raises(Mine, match="raised"):
            conn.exec_driver_sql("SELECT * FROM nowhere_raised")
        conn.rollback()
        told.clear()
        with pytest.raises(exc.StatementError, match="A value is required for bind parameter 'x'"):
            conn.execute(text("SELECT :x"))
        assert isinstance(told[0].original_exception, exc.InvalidRequestError)
        assert told[0].execution_context is None


@pytest.mark.feature("L004")
@pytest.mark.backends("sqlite")
def test_what_is_listened_on(url: str) -> None:
    """Engines, their copies, dialects and the class of all engines; each hears what is its own."""
    engine, other = create_engine(url), create_engine(url)
    heard: list[str] = []

    def listener(name: str) -> Any:
        return lambda *args: heard.append(name)

    event.listen(engine, "do_execute", listener("engine"))
    event.listen(other.dialect, "do_execute", listener("dialect"))
    everywhere = listener("all")
    event.listen(Engine, "do_execute", everywhere)
    try:
        for each, expected in ((engine, {"engine", "all"}), (other, {"dialect", "all"})):
            heard.clear()
            with each.connect() as conn:
                heard.clear()
                conn.execute(text("SELECT 1"))
            assert set(heard) == expected
    finally:
        event.remove(Engine, "do_execute", everywhere)
    heard.clear()
    with engine.connect() as conn:
        heard.clear()
        conn.execute(text("SELECT 1"))
    assert heard == ["engine"]
    with pytest.raises(exc.InvalidRequestError, match="No such event 'do_nothing'"):
        event.listen(engine, "do_nothing", everywhere)


@pytest.mark.feature("L004")
@pytest.mark.backends("sqlite")
def test_sizes_of_parameters(url: str) -> None:
    """
    Only drivers that want to be told sizes (``setinputsizes()``) are; the listener may change them.

    No such driver is installed, so SQLite's stands in for one: it is told, and does not mind.
    """
    from relvar.dialect.interface import BindTyping

    sizes: list[Any] = []
    told: list[Any] = []

    def do_set_input_sizes(cursor: Any, given: Any, context: Any) -> None:
        sizes.extend(given)

    class Counting(Integer):
        def get_dbapi_type(self, dbapi: Any) -> Any:
            return "NUMBER"

    engine = create_engine(url)
    engine.dialect.bind_typing = BindTyping.SETINPUTSIZES
    engine.dialect.do_set_input_sizes = do_set_input_sizes

    @event.listens_for(engine, "do_setinputsizes")
    def change(
        inputsizes: dict[Any, Any], cursor: Any, statement: str, parameters: Any, context: Any
    ) -> None:
        told.append((statement, {bind.key: size for bind, size in inputsizes.items()}))
        for bind in list(inputsizes):
            inputsizes[bind] = "BIG"

    from relvar import bindparam

    with engine.connect() as conn:
        assert conn.scalar(select(bindparam("a", 5, type_=Counting))) == 5
    (statement, keys) = told[-1]
    assert statement.startswith("SELECT ?") and keys == {"a": "NUMBER"}
    assert [(name, size) for name, size, _type in sizes] == [("a", "BIG")]
    engine.dispose()


# Listening in general --------------------------------------------------------------------------------


@pytest.mark.feature("L001")
@pytest.mark.backends("sqlite")
def test_what_cannot_be_listened_for(url: str) -> None:
    engine = create_engine(url)

    def nothing(*args: Any) -> None:
        raise AssertionError

    for target in (engine, engine.dialect, engine.pool, Engine, t, "engine", None, object()):
        with pytest.raises(exc.InvalidRequestError, match="^No such event 'before_nothing' for target"):
            event.listen(target, "before_nothing", nothing)
    for target, name in (
        (engine.pool, "before_execute"),
        (t, "connect"),
        (engine, "before_flush"),
        (5, "connect"),
    ):
        with pytest.raises(exc.InvalidRequestError, match=f"^No such event '{name}' for target"):
            event.listen(target, name, nothing)
    with pytest.raises(exc.ArgumentError, match="a listener is a function; got 5 for 'before_execute'"):
        event.listen(engine, "before_execute", 5)
    with pytest.raises(exc.ArgumentError, match="accept the 'retval=True' argument"):
        event.listen(engine, "commit", nothing, retval=True)
    with pytest.warns(exc.LossWarning, match=r"listen\(\) has no option 'nonsense'"):
        event.listen(engine, "begin", lambda conn: None, nonsense=True)
    with pytest.raises(exc.InvalidRequestError, match="No listeners found"):
        event.remove(engine, "commit", nothing)
    assert not event.contains(engine, "commit", nothing)
    engine.dispose()


@pytest.mark.feature("L001")
@pytest.mark.backends("sqlite")
def test_signatures_of_older_versions(url: str) -> None:
    engine = create_engine(url)
    heard: list[Any] = []
    event.listen(engine, "engine_connect", lambda conn, branch: heard.append(("connect", branch)))
    event.listen(
        engine,
        "before_execute",
        lambda conn, clauseelement, multiparams, params: heard.append(("before", dict(params))),
    )
    event.listen(
        engine,
        "after_execute",
        lambda conn, clauseelement, multiparams, params, result: heard.append(("after", result.returns_rows)),
    )
    event.listen(engine.pool, "reset", lambda dbapi_connection, connection_record: heard.append(("reset",)))
    with pytest.warns(exc.SADeprecationWarning, match="has changed as of version") as warned:
        with engine.connect() as conn:
            conn.execute(text("SELECT 1"))
    assert heard == [("connect", False), ("before", {}), ("after", True), ("reset",)]
    assert 'The new signature is "def engine_connect(conn)"' in str(warned[0].message)
    engine.dispose()
    # one that takes what is given now, and something more, is none of them
    newer = create_engine(url)
    event.listen(newer, "before_execute", lambda a, b, c, d, e=None: heard.append(e))
    with newer.connect() as conn:
        conn.execute(text("SELECT 1"))
    assert heard[-1] == {}
    newer.dispose()


@pytest.mark.feature("L001")
@pytest.mark.backends("sqlite")
def test_listeners_that_come_and_go_while_others_run(url: str) -> None:
    engine = create_engine(url)
    heard: list[str] = []

    def once(conn: Any) -> None:
        heard.append("once")
        event.remove(engine, "rollback", once)
        event.listen(engine, "rollback", late)

    def late(conn: Any) -> None:
        heard.append("late")

    event.listen(engine, "rollback", once)
    for _ in range(2):
        with engine.connect() as conn:
            conn.execute(text("SELECT 1"))
    assert heard in (["once", "late"], ["once", "late", "late"])
    assert not event.contains(engine, "rollback", once) and event.contains(engine, "rollback", late)
    event.listen(engine, "rollback", late)  # twice is once
    heard.clear()
    with engine.connect() as conn:
        conn.execute(text("SELECT 1"))
    assert heard == ["late"]
    engine.dispose()
