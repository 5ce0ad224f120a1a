"""Listeners see what a connection does, and may change it."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Any

import pytest

from relvar import (
    DDL,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    create_mock_engine,
    event,
    exc,
    func,
    insert,
    select,
    text,
)
from relvar.engine import Engine, create_pool_from_url
from relvar.pool import QueuePool

t = Table("things", MetaData(), Column("id", Integer, primary_key=True), Column("name", String(20)))


def test_statements_and_cursors(engine: Any) -> None:
    t.create(engine)
    story: list[tuple[str, Any]] = []

    @event.listens_for(engine, "before_execute")
    def before(conn: Any, clauseelement: Any, multiparams: Any, params: Any, execution_options: Any) -> None:
        story.append(("before", (multiparams, params, execution_options.get("tag"))))

    @event.listens_for(engine, "after_execute")
    def after(
        conn: Any, clauseelement: Any, multiparams: Any, params: Any, execution_options: Any, result: Any
    ) -> None:
        story.append(("after", result.returns_rows))

    @event.listens_for(engine, "before_cursor_execute")
    def cursor(
        conn: Any, cursor: Any, statement: Any, parameters: Any, context: Any, executemany: Any
    ) -> None:
        story.append(("cursor", (executemany, context.invoked_statement is not None)))

    with engine.begin() as conn:
        conn.execute(insert(t), [{"name": "a"}, {"name": "b"}], execution_options={"tag": 1})
        conn.execute(select(t).where(t.c.name == "a"))
    assert story == [
        ("before", ([{"name": "a"}, {"name": "b"}], {}, 1)),
        ("cursor", (True, True)),
        ("after", False),
        ("before", ([], {}, None)),
        ("cursor", (False, True)),
        ("after", True),
    ]


def test_listeners_may_change_what_runs(sqlite_engine: Any) -> None:
    @event.listens_for(sqlite_engine, "before_execute", retval=True)
    def other_statement(
        conn: Any, clauseelement: Any, multiparams: Any, params: Any, execution_options: Any
    ) -> Any:
        return select(7), multiparams, params

    @event.listens_for(sqlite_engine, "before_cursor_execute", retval=True)
    def comment(
        conn: Any, cursor: Any, statement: Any, parameters: Any, context: Any, executemany: Any
    ) -> tuple[Any, Any]:
        return statement + " -- noted", parameters

    with sqlite_engine.connect() as conn:
        assert conn.scalar(select(1)) == 7


def test_listener_of_one_connection(sqlite_engine: Any) -> None:
    seen: list[str] = []
    with sqlite_engine.connect() as conn:
        event.listen(conn, "before_cursor_execute", lambda *args: seen.append(args[2]))
        conn.execute(select(1))
        with sqlite_engine.connect() as other:
            other.execute(select(2))
    assert seen == ["SELECT 1"]


def test_listener_of_all_engines() -> None:
    seen: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement)

    engine = create_engine("sqlite://")
    event.listen(Engine, "before_cursor_execute", note)
    try:
        with engine.connect() as conn:
            conn.execute(select(1))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
        Engine._has_events = False
    assert seen == ["SELECT 1"]


def test_listener_that_comes_while_connected(sqlite_engine: Any) -> None:
    seen: list[str] = []
    with sqlite_engine.connect() as conn:
        conn.execute(select(1))
        event.listen(
            sqlite_engine, "before_cursor_execute", lambda c, cur, statement, *rest: seen.append(statement)
        )
        conn.execute(select(2))
    assert seen == ["SELECT 2"]


def test_handle_error(engine: Any) -> None:
    class Ours(Exception):
        pass

    seen: list[Any] = []

    @event.listens_for(engine, "handle_error")
    def note(context: Any) -> Any:
        seen.append((type(context.sqlalchemy_exception), context.statement, context.is_disconnect))
        if "nowhere_else" in context.statement:
            raise Ours("as said") from context.original_exception
        return None

    with engine.connect() as conn:
        with pytest.raises(exc.DBAPIError):
            conn.execute(text("select * from nowhere"))
        conn.rollback()
        with pytest.raises(Ours):
            conn.execute(text("select * from nowhere_else"))
    assert [(statement, lost) for _, statement, lost in seen] == [
        ("select * from nowhere", False),
        ("select * from nowhere_else", False),
    ]
    assert all(issubclass(kind, exc.DBAPIError) for kind, *_ in seen)


def test_a_listener_can_declare_the_connection_lost(sqlite_engine: Any) -> None:
    @event.listens_for(sqlite_engine, "handle_error")
    def lost(context: Any) -> None:
        context.is_disconnect = True

    with sqlite_engine.connect() as conn:
        with pytest.raises(exc.OperationalError) as caught:
            conn.execute(text("select nothing"))
        assert caught.value.connection_invalidated and conn.invalidated


def test_do_connect_and_do_execute() -> None:
    import sqlite3

    engine = create_engine("sqlite:///nowhere/at/all.db")
    seen: list[Any] = []

    @event.listens_for(engine, "do_connect")
    def elsewhere(dialect: Any, conn_rec: Any, cargs: Any, cparams: Any) -> Any:
        seen.append(cargs[0].endswith("all.db"))
        return sqlite3.connect(":memory:", check_same_thread=False)

    @event.listens_for(engine, "do_execute")
    def run_it(cursor: Any, statement: Any, parameters: Any, context: Any) -> bool:
        cursor.execute("select 5")
        return True

    with engine.connect() as conn:
        assert conn.scalar(select(1)) == 5
    assert seen == [True]


def test_streaming(engine: Any) -> None:
    t.create(engine)
    with engine.begin() as conn:
        conn.execute(insert(t), [{"name": str(i)} for i in range(25)])
        streamed = conn.execute(select(t.c.id).order_by(t.c.id), execution_options={"stream_results": True})
        first = streamed.fetchmany(3)
        assert len(first) == 3 and len(streamed.all()) == 22
        parts = conn.execution_options(yield_per=10).execute(select(t.c.id).order_by(t.c.id)).partitions()
        assert [len(part) for part in parts] == [10, 10, 5]


def test_schema_translate_map(sqlite_engine: Any) -> None:
    table = Table("things", MetaData(), Column("id", Integer, primary_key=True), schema="other")
    with sqlite_engine.connect() as conn:
        conn.exec_driver_sql("attach database ':memory:' as here")
        mapped = conn.execution_options(schema_translate_map={"other": "here"})
        table.create(mapped)
        mapped.execute(insert(table), {"id": 5})
        assert mapped.scalars(select(table.c.id)).all() == [5]
        assert conn.exec_driver_sql("select id from here.things").scalar() == 5
        assert mapped.schema_for_object(table) == "here"


def test_mock_engine() -> None:
    seen: list[str] = []
    engine = create_mock_engine(
        "postgresql://", lambda sql, *rest: seen.append(str(sql.compile(dialect=engine.dialect)))
    )
    t.metadata.create_all(engine, checkfirst=False)
    engine.execute(DDL("one more"))
    assert "CREATE TABLE things" in seen[0] and "SERIAL" in seen[0] and seen[1] == "one more"


def test_pool_from_url(tmp_path: Path) -> None:
    pool = create_pool_from_url(f"sqlite:///{tmp_path}/x.db", pool_size=3, logging_name="ours")
    assert isinstance(pool, QueuePool) and pool.size() == 3


def test_functions_and_driver_sql(engine: Any) -> None:
    with engine.connect() as conn:
        assert conn.scalar(func.abs(-3)) == 3
        assert conn.exec_driver_sql("select 1 as x").mappings().one() == {"x": 1}
        assert conn.execute(text("select 1 as x")).context.isinsert is False


@pytest.mark.feature("N003")
def test_one_engine_for_many_threads(engine: Any) -> None:
    t.create(engine)
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for i in range(10):
                with engine.begin() as conn:
                    conn.execute(insert(t), {"name": f"{number}-{i}"})
                with engine.connect() as conn:
                    mine = select(func.count()).select_from(t).where(t.c.name.like(f"{number}-%"))
                    assert conn.scalar(mine) == i + 1
        except BaseException as err:
            errors.append(err)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with engine.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(t)) == 60


def test_hidden_parameters(caplog: pytest.LogCaptureFixture) -> None:
    engine = create_engine("sqlite://", hide_parameters=True)
    with caplog.at_level(logging.INFO, "sqlalchemy.engine"), engine.connect() as conn:
        with pytest.raises(exc.DBAPIError) as caught:
            conn.execute(text("select :x from nowhere"), {"x": "secret"})
    assert "secret" not in caplog.text and "hidden due to hide_parameters=True" in caplog.text
    assert "secret" not in str(caught.value)


def test_default_functions_see_their_row(engine: Any) -> None:
    def double(context: Any) -> int:
        return int(context.get_current_parameters()["n"]) * 2

    table = Table(
        "doubles",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("n", Integer),
        Column("twice", Integer, default=double, onupdate=double),
    )
    table.create(engine)
    with engine.begin() as conn:
        conn.execute(insert(table), {"n": 1})
        conn.execute(insert(table), [{"n": 2}, {"n": 3}])
        conn.execute(insert(table).values(n=4))
        conn.execute(insert(table).values([{"n": 5}, {"n": 6}]))
        every = select(table.c.n, table.c.twice).order_by(table.c.n)
        assert conn.execute(every).all() == [(n, n * 2) for n in range(1, 7)]
        conn.execute(table.update().values(n=10))
        assert set(conn.execute(every)) == {(10, 20)}
        context = conn.execute(insert(table), {"n": 7}).context
        assert context.compiled_parameters == [{"n": 7, "twice": 14}]
        with pytest.raises(exc.InvalidRequestError, match="get_current_parameters"):
            context.get_current_parameters()


def test_listeners_do_not_hear_what_the_dialect_asks(url: str, sql_log: Any) -> None:
    """The first connection asks the server who it is; only the log shows that."""
    engine = create_engine(url)
    log = sql_log(engine)
    with engine.connect() as conn:
        conn.execute(text("SELECT 1"))
    assert log.texts() == ["SELECT 1"]
    engine.dispose()
