"""Connections at their edges: closed, detached, invalidated, odd parameters, failing drivers, plugins."""

from __future__ import annotations

import logging
import sqlite3
import sys
import types
from typing import Any

import pytest

from relvar import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    event,
    exc,
    func,
    insert,
    make_url,
    pool,
    select,
    text,
)
from relvar.engine import CreateEnginePlugin
from relvar.engine.url import URL


class Driver:
    """A DBAPI around sqlite3 whose connections fail when told to."""

    paramstyle = "qmark"
    sqlite_version_info = sqlite3.sqlite_version_info
    sqlite_version = sqlite3.sqlite_version
    version_info = sqlite3.sqlite_version_info
    Error = sqlite3.Error
    OperationalError = sqlite3.OperationalError
    IntegrityError = sqlite3.IntegrityError
    ProgrammingError = sqlite3.ProgrammingError
    InterfaceError = sqlite3.InterfaceError
    DatabaseError = sqlite3.DatabaseError
    DataError = sqlite3.DataError
    InternalError = sqlite3.InternalError
    NotSupportedError = sqlite3.NotSupportedError
    Warning = sqlite3.Warning
    PARSE_COLNAMES = sqlite3.PARSE_COLNAMES
    PARSE_DECLTYPES = sqlite3.PARSE_DECLTYPES
    Binary = sqlite3.Binary

    def __init__(self) -> None:
        self.failing: set[str] = set()

    def connect(self, *args: Any, **kw: Any) -> Any:
        if "connect" in self.failing:
            raise sqlite3.OperationalError("no connect")
        driver = self

        class Connection(sqlite3.Connection):
            def commit(self) -> None:
                if "commit" in driver.failing:
                    raise sqlite3.OperationalError("no commit")
                super().commit()

            def rollback(self) -> None:
                if "rollback" in driver.failing:
                    raise sqlite3.OperationalError("no rollback")
                super().rollback()

            def cursor(self, *a: Any, **k: Any) -> Any:
                if "cursor" in driver.failing:
                    raise sqlite3.OperationalError("no cursor")
                return super().cursor(*a, **k)

            def close(self) -> None:
                if "close" in driver.failing:
                    raise sqlite3.OperationalError("no close")
                super().close()

        kw["factory"] = Connection
        return sqlite3.connect(*args, **kw)


@pytest.fixture
def driver() -> Driver:
    return Driver()


@pytest.fixture
def failing(driver: Driver) -> Any:
    engine = create_engine("sqlite://", module=driver, poolclass=pool.StaticPool)
    with engine.begin() as connection:
        connection.execute(text("create table t (id integer primary key, x varchar(20))"))
    yield engine
    driver.failing.clear()
    engine.dispose()


metadata = MetaData()
t = Table("t", metadata, Column("id", Integer, primary_key=True), Column("x", String(20)))


# Closed, detached, invalidated -------------------------------------------------------------------------


def test_a_closed_connection_refuses_everything(sqlite_engine: Any) -> None:
    connection = sqlite_engine.connect()
    connection.close()
    connection.close()
    assert connection.closed and not connection.invalidated
    for use in (
        lambda: connection.execute(select(1)),
        lambda: connection.detach(),
        lambda: connection.invalidate(),
        lambda: connection.begin(),
        lambda: connection.connection,
        lambda: connection.exec_driver_sql("select 1"),
    ):
        with pytest.raises(exc.ResourceClosedError, match="This Connection is closed"):
            use()


def test_an_invalidated_connection_comes_back(sqlite_engine: Any) -> None:
    with sqlite_engine.connect() as connection:
        before = connection.connection.dbapi_connection
        connection.invalidate()
        connection.invalidate()
        assert connection.invalidated and not connection.closed
        with pytest.raises(exc.InvalidRequestError, match="Can't detach an invalidated Connection"):
            connection.detach()
        assert connection.scalar(select(7)) == 7
        assert not connection.invalidated
        assert connection.connection.dbapi_connection is not before


def test_an_invalidated_transaction_must_be_rolled_back(sqlite_engine: Any) -> None:
    with sqlite_engine.connect() as connection:
        transaction = connection.begin()
        connection.invalidate()
        with pytest.raises(
            exc.PendingRollbackError, match="Can't reconnect until invalid transaction is rolled back"
        ):
            connection.execute(select(1))
        transaction.rollback()
        assert connection.scalar(select(1)) == 1


def test_a_detached_connection_leaves_the_pool(tmp_path: Any) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/d.db")
    connection = engine.connect()
    connection.detach()
    fairy = connection.connection
    assert fairy.is_detached
    assert fairy.info == {}
    fairy.info["a"] = 1
    assert connection.connection.info == {"a": 1}
    assert engine.pool.checkedout() == 0
    connection.close()
    engine.dispose()


# Drivers that fail -------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", ["commit", "rollback"])
def test_a_failing_end_of_a_transaction_is_wrapped(failing: Any, driver: Driver, call: str) -> None:
    connection = failing.connect()
    connection.execute(insert(t).values(x="a"))
    driver.failing.add(call)
    with pytest.raises(exc.OperationalError, match=f"no {call}"):
        getattr(connection, call)()
    driver.failing.clear()
    connection.close()


def test_a_failing_cursor_is_wrapped(failing: Any, driver: Driver) -> None:
    with failing.connect() as connection:
        driver.failing.add("cursor")
        with pytest.raises(exc.OperationalError, match="no cursor") as caught:
            connection.execute(select(t))
        assert "SELECT t.id, t.x" in str(caught.value)
        with pytest.raises(exc.OperationalError, match="no cursor"):
            connection.execute(insert(t), [{"x": "a"}, {"x": "b"}])
        driver.failing.clear()
        assert connection.execute(select(t)).all() == []


def test_a_failing_connect_is_wrapped(driver: Driver) -> None:
    engine = create_engine("sqlite://", module=driver)
    seen: list[Any] = []

    @event.listens_for(engine, "handle_error")
    def note(context: Any) -> None:
        seen.append((context.connection, context.statement, type(context.original_exception).__name__))

    driver.failing.add("connect")
    with pytest.raises(exc.OperationalError, match="no connect") as caught:
        engine.connect()
    assert not caught.value.connection_invalidated
    assert seen == [(None, None, "OperationalError")]
    with pytest.raises(sqlite3.OperationalError):
        engine.raw_connection()


def test_another_error_for_a_failing_connect(driver: Driver) -> None:
    engine = create_engine("sqlite://", module=driver)

    @event.listens_for(engine, "handle_error")
    def replace(context: Any) -> Any:
        return ValueError(f"instead of {context.original_exception}")

    driver.failing.add("connect")
    with pytest.raises(ValueError, match="instead of no connect"):
        engine.connect()


def test_a_failing_close_is_logged(driver: Driver, caplog: Any) -> None:
    engine = create_engine("sqlite://", module=driver, poolclass=pool.NullPool)
    connection = engine.connect()
    driver.failing.add("close")
    with caplog.at_level(logging.ERROR, "sqlalchemy.pool"):
        connection.close()
    assert any("Exception closing connection" in record.getMessage() for record in caplog.records)


def test_a_failing_reset_drops_the_connection(driver: Driver, caplog: Any, tmp_path: Any) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/r.db", module=driver)
    with engine.connect() as first:
        before = first.connection.dbapi_connection
    raw = engine.raw_connection()
    driver.failing.add("rollback")
    with caplog.at_level(logging.ERROR):
        raw.close()
    driver.failing.clear()
    assert any("Exception during reset or similar" in record.getMessage() for record in caplog.records)
    with engine.connect() as second:
        assert second.connection.dbapi_connection is not before
    engine.dispose()


# Parameters --------------------------------------------------------------------------------------------


def test_odd_parameters_are_refused(sqlite_engine: Any) -> None:
    with sqlite_engine.connect() as connection:
        for given in (5, "a"):
            with pytest.raises(exc.ArgumentError, match="mapping or list expected for parameters"):
                connection.execute(select(1), given)
            with pytest.raises(exc.ArgumentError, match="mapping or sequence expected for parameters"):
                connection.exec_driver_sql("select 1", given)
        with pytest.raises(
            exc.ArgumentError, match="List argument must consist only of (tuples or )?dictionaries"
        ):
            connection.execute(select(1), [5])
        with pytest.raises(
            exc.ArgumentError, match="List argument must consist only of tuples or dictionaries"
        ):
            connection.exec_driver_sql("select 1", [5])
        assert connection.exec_driver_sql("select ?", [(4,)]).scalar() == 4
        assert connection.exec_driver_sql("select ?", (4,)).scalar() == 4
        assert connection.exec_driver_sql("select :a", {"a": 3}).scalar() == 3
        with pytest.raises(exc.ObjectNotExecutableError, match="Not an executable object: 'select 1'"):
            connection.execute("select 1")


def test_a_list_of_values_is_not_for_many_rows(sqlite_engine: Any) -> None:
    metadata.create_all(sqlite_engine)
    statement = t.update().values(x="a").where(t.c.id.in_(bindparam("ids", expanding=True)))
    with sqlite_engine.connect() as connection:
        with pytest.raises(
            (exc.InvalidRequestError, exc.StatementError),
            match="'expanding' parameters can't be used with executemany",
        ):
            connection.execute(statement, [{"ids": [1]}, {"ids": [2]}])


def test_functions_run_and_compiled_statements_do_not(sqlite_engine: Any) -> None:
    metadata.create_all(sqlite_engine)
    with sqlite_engine.connect() as connection:
        compiled = insert(t).compile(sqlite_engine)
        with pytest.raises(exc.ObjectNotExecutableError, match="Not an executable object"):
            connection.execute(compiled)
        connection.execute(insert(t), [{"id": 1, "x": "a"}, {"id": 2, "x": "b"}, {"id": 3, "x": "c"}])
        assert connection.execute(func.lower("ABC")).scalar() == "abc"
        assert connection.scalar(func.upper("abc")) == "ABC"
        assert connection.scalars(select(t.c.x).order_by(t.c.id)).all() == ["a", "b", "c"]


# Listeners ---------------------------------------------------------------------------------------------


def test_statements_changed_by_listeners(sqlite_engine: Any) -> None:
    @event.listens_for(sqlite_engine, "before_cursor_execute", retval=True)
    def change(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> Any:
        return statement.replace("1", "2"), parameters

    with sqlite_engine.connect() as connection:
        assert connection.exec_driver_sql("select 1").scalar() == 2
        assert connection.execute(text("select 1")).scalar() == 2


def test_retval_is_not_for_every_event(sqlite_engine: Any) -> None:
    with pytest.raises(
        exc.ArgumentError, match="Only the .* event listeners accept the 'retval=True' argument"
    ):
        event.listen(sqlite_engine, "commit", lambda conn: None, retval=True)


def test_errors_keep_their_statement_and_can_be_replaced(sqlite_engine: Any) -> None:
    class Mine(Exception):
        """An application's own."""

    @event.listens_for(sqlite_engine, "handle_error")
    def replace(context: Any) -> Any:
        if "nowhere" in (context.statement or ""):
            raise Mine(context.statement)

    with sqlite_engine.connect() as connection:
        with pytest.raises(Mine, match="select \\* from nowhere"):
            connection.exec_driver_sql("select * from nowhere")
        with pytest.raises(exc.OperationalError, match="no such table: elsewhere"):
            connection.exec_driver_sql("select * from elsewhere")


# Transactions ------------------------------------------------------------------------------------------


def test_savepoints_end_once(sqlite_engine: Any) -> None:
    with sqlite_engine.connect() as connection, connection.begin():
        nested = connection.begin_nested()
        assert nested.is_active and nested.is_valid
        nested.rollback()
        assert not nested.is_active
        with pytest.raises(exc.InvalidRequestError):
            nested.commit()
        with connection.begin_nested() as other:
            other.rollback()
        with pytest.raises(ZeroDivisionError), connection.begin_nested():
            1 / 0
        assert connection.in_transaction() and not connection.in_nested_transaction()


def test_a_transaction_ends_once(sqlite_engine: Any) -> None:
    with sqlite_engine.connect() as connection:
        transaction = connection.begin()
        with pytest.raises(exc.InvalidRequestError, match="already initialized a SQLAlchemy Transaction"):
            connection.begin()
        transaction.commit()
        with pytest.raises(exc.InvalidRequestError, match="This transaction is inactive"):
            transaction.commit()
        transaction.close()
        with connection.begin() as other:
            other.close()
        assert not connection.in_transaction()


def test_autocommit_says_what_it_does(tmp_path: Any, caplog: Any) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/a.db", isolation_level="AUTOCOMMIT")
    with caplog.at_level(logging.INFO, "sqlalchemy.engine"), engine.connect() as connection:
        connection.execute(select(1))
        connection.commit()
        connection.execute(select(1))
        connection.rollback()
    told = [record.getMessage() for record in caplog.records]
    assert "BEGIN (implicit; DBAPI should not BEGIN due to autocommit mode)" in told
    assert "COMMIT using DBAPI connection.commit(), has no effect due to autocommit mode" in told
    assert any(line.startswith("ROLLBACK using DBAPI connection.rollback()") for line in told)
    engine.dispose()


def test_rollback_can_be_left_out_in_autocommit(tmp_path: Any, caplog: Any) -> None:
    engine = create_engine(
        f"sqlite:///{tmp_path}/a.db", isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True
    )
    with caplog.at_level(logging.INFO, "sqlalchemy.engine"), engine.connect() as connection:
        connection.execute(select(1))
        connection.rollback()
    told = [record.getMessage() for record in caplog.records]
    assert "ROLLBACK will be skipped by skip_autocommit_rollback" in told
    engine.dispose()


# PostgreSQL and MariaDB --------------------------------------------------------------------------------


def test_read_only_and_deferrable(pg_engine: Any) -> None:
    with pg_engine.connect() as connection:
        connection = connection.execution_options(
            isolation_level="SERIALIZABLE", postgresql_readonly=True, postgresql_deferrable=True
        )
        assert connection.exec_driver_sql("show transaction_read_only").scalar() == "on"
        assert connection.exec_driver_sql("show transaction_deferrable").scalar() == "on"
        assert connection.get_isolation_level() == "SERIALIZABLE"
        with pytest.raises(exc.InternalError, match="read-only transaction"):
            connection.exec_driver_sql("create table q (a integer)")
        connection.rollback()
    with pg_engine.connect() as connection:
        assert connection.exec_driver_sql("show transaction_read_only").scalar() == "off"


@pytest.mark.parametrize("backend", ["pg_engine", "mariadb_engine"])
def test_pre_ping_replaces_a_dead_connection(backend: str, request: Any) -> None:
    base = request.getfixturevalue(backend)
    engine = create_engine(base.url, pool_pre_ping=True)
    with engine.connect() as connection:
        first = connection.connection.dbapi_connection
    with engine.connect() as connection:
        assert connection.connection.dbapi_connection is first
    first.close()
    with engine.connect() as connection:
        assert connection.connection.dbapi_connection is not first
        assert connection.scalar(select(1)) == 1
    engine.dispose()


# URLs, plugins -----------------------------------------------------------------------------------------


class Adds(CreateEnginePlugin):
    """Changes the URL, the dialect's and the pool's arguments."""

    seen: list[Any] = []

    def __init__(self, url: Any, kwargs: Any) -> None:
        self.word = url.query.get("word", kwargs.pop("word", None))

    def update_url(self, url: Any) -> Any:
        return url.difference_update_query(["word"])

    def handle_dialect_kwargs(self, dialect_cls: Any, dialect_args: Any) -> None:
        dialect_args["label_length"] = 20

    def handle_pool_kwargs(self, pool_cls: Any, pool_args: Any) -> None:
        self.seen.append(pool_cls.__name__)

    def engine_created(self, engine: Any) -> None:
        self.seen.append((self.word, engine.dialect.label_length))


@pytest.fixture
def plugin(monkeypatch: Any) -> Any:
    from relvar.dialects import plugins

    module = types.ModuleType("seen_plugin")
    module.Adds = Adds  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "seen_plugin", module)
    plugins.register("adds", "seen_plugin", "Adds")
    Adds.seen = []
    return Adds


@pytest.mark.parametrize("form", ["argument", "query"])
def test_plugins_take_part(plugin: Any, form: str) -> None:
    if form == "argument":
        engine = create_engine("sqlite://?word=hi", plugins=["adds"])
    else:
        engine = create_engine("sqlite://?plugin=adds&word=hi")
    assert engine.url.query == {}
    assert plugin.seen[-1] == ("hi", 20)
    assert len(plugin.seen) == 2
    engine.dispose()


def test_urls_in_pieces() -> None:
    url = make_url("postgresql://u:p%40@h:5/d?a=1&a=2")
    assert url.password == "p@" and url.query == {"a": ("1", "2")}
    assert str(url) == "postgresql://u:***@h:5/d?a=1&a=2"
    assert url.render_as_string(hide_password=False) == "postgresql://u:p%40@h:5/d?a=1&a=2"
    assert url.set(host="x", port=None).host == "x"
    assert url.update_query_dict({"a": "3"}, append=True).query == {"a": ("1", "2", "3")}
    assert url.update_query_string("b=5").query["b"] == "5"
    assert url.difference_update_query(["a"]).query == {}
    assert url.get_backend_name() == "postgresql"
    import copy

    assert copy.deepcopy(url) == url
    with pytest.raises(TypeError, match="Port argument must be an integer or None|int\\(\\) argument"):
        URL.create("sqlite", port=object())  # type: ignore[arg-type]
    with pytest.raises(exc.ArgumentError, match="Could not parse SQLAlchemy URL"):
        make_url("nonsense")
    with pytest.raises(exc.ArgumentError, match="Invalid SQLite URL"):
        create_engine("sqlite://host/x").connect()
    with pytest.raises(exc.ArgumentError, match="may only be set to True"):
        create_engine("sqlite://", future=False)


@pytest.mark.parametrize(
    "address, parts",
    [
        (
            "mssql+pyodbc://u:p;w@h:5/d?driver=D+1",
            ["DRIVER={D 1}", "Server=h,5", "Database=d", "UID=u", "PWD={p;w}"],
        ),
        ("mssql+pyodbc://u:p@dsn", ["dsn=dsn", "UID=u", "PWD=p"]),
        ("mssql+pyodbc://h/d?driver=X", ["DRIVER={X}", "Server=h", "Database=d", "Trusted_Connection=Yes"]),
        ("mssql+pyodbc://?odbc_connect=dsn%3Dq", ["dsn=q"]),
        (
            "mssql+pyodbc://h/d?driver=X&Encrypt=yes&authentication=A",
            ["DRIVER={X}", "Server=h", "Database=d", "Authentication=A", "Encrypt=yes"],
        ),
    ],
)
def test_odbc_strings(address: str, parts: list[str]) -> None:
    from relvar.dialects.mssql import pyodbc

    args, options = pyodbc.dialect().create_connect_args(make_url(address))
    assert args[0].split(";", len(parts) - 1 if "p;w" not in address else 4) == parts
    assert options == {}
