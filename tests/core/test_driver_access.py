"""
Past the compiler to the driver, and how an engine is told to connect.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest

from relvar import (
    JSON,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    engine_from_config,
    event,
    exc,
    insert,
    literal,
    select,
    text,
)
from relvar.ext.compiler import compiles
from relvar.pool import NullPool, QueuePool, StaticPool
from relvar.sql.expression import ColumnElement

t = Table("things", MetaData(), Column("id", Integer, primary_key=True), Column("name", String(20)))
STYLE = {"sqlite": ("?", "?"), "postgresql": ("%s", "%(x)s"), "mariadb": ("%s", "%(x)s")}


@pytest.mark.feature("A012")
def test_driver_sql(engine: Any, sql_log: Any) -> None:
    t.create(engine)
    log = sql_log(engine)
    mark = STYLE[engine.name][0]
    sql = f"insert into things (name) values ({mark})"
    with engine.begin() as conn:
        conn.exec_driver_sql(sql, ("a",))
        conn.exec_driver_sql(sql, [("b",), ("c",)])
        assert log[-1][1] == [("b",), ("c",)]
        result = conn.exec_driver_sql(f"select name, id from things where name = {mark}", ("b",))
        assert result.one()._asdict() == {"name": "b", "id": 2}
        assert conn.exec_driver_sql("select count(*) from things").scalar() == 3
        if engine.name != "sqlite":
            named = "select name from things where name = %(x)s"
            assert conn.exec_driver_sql(named, {"x": "c"}).scalar() == "c"
            assert conn.exec_driver_sql("select '%%'", ()).scalar() in ("%", "%%")
        else:
            assert conn.exec_driver_sql("select :x", {"x": 5}).scalar() == 5
        # nothing is compiled: a colon is a colon
        assert conn.exec_driver_sql("select ':x'").scalar() == ":x"
        with pytest.raises(exc.DBAPIError) as caught:
            conn.exec_driver_sql("select nothing from nowhere")
        assert caught.value.statement == "select nothing from nowhere"
    assert [text for text in log.texts() if text.startswith("insert")] == [sql, sql]


@pytest.mark.feature("A013")
def test_connections_of_the_driver(engine: Any) -> None:
    t.create(engine)
    raw = engine.raw_connection()
    cursor = raw.cursor()
    cursor.execute("insert into things (name) values ('a')")
    cursor.execute("select name from things")
    assert list(cursor.fetchall()) == [("a",)]
    assert raw.driver_connection is raw.dbapi_connection and raw.is_valid
    cursor.close()
    raw.commit()
    raw.close()
    with engine.raw_connection() as raw:
        cursor = raw.cursor()
        cursor.execute("select count(*) from things")
        assert cursor.fetchone()[0] == 1
        cursor.close()
    with engine.connect() as conn:
        proxy = conn.connection
        assert proxy.dbapi_connection is proxy.driver_connection
        assert isinstance(proxy.dbapi_connection, engine.dialect.dbapi.Connection) or engine.name != "sqlite"
        cursor = proxy.cursor()
        cursor.execute("select id from things")
        assert cursor.description[0][0] == "id"
        cursor.close()
        proxy.info["note"] = 1
        assert conn.info == {"note": 1}
        with pytest.raises(exc.DBAPIError):
            conn.exec_driver_sql("not sql")


@pytest.mark.feature("A013")
def test_procedures_and_several_results(mariadb_engine: Any) -> None:
    with mariadb_engine.connect() as conn:
        conn.exec_driver_sql("create procedure two(n int) begin select n; select n + 1; end")
    raw = mariadb_engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.callproc("two", (5,))
        found = [list(cursor.fetchall())]
        while cursor.nextset():
            found.append(list(cursor.fetchall()))
        assert found[:2] == [[(5,)], [(6,)]]
        cursor.close()
    finally:
        raw.close()


@pytest.mark.feature("A013")
def test_functions_called_by_name(pg_engine: Any) -> None:
    with pg_engine.connect() as conn:
        cursor = conn.connection.cursor()
        cursor.execute("select * from generate_series(1, 3)")
        assert cursor.fetchall() == [(1,), (2,), (3,)]


# How to connect --------------------------------------------------------------------------------------


@pytest.mark.feature("A039")
def test_arguments_of_the_driver(tmp_path: Any) -> None:
    class Factory(sqlite3.Connection):
        pass

    url = f"sqlite:///{tmp_path}/x.db"
    engine = create_engine(f"{url}?timeout=7&cached_statements=9", connect_args={"factory": Factory})
    with engine.connect() as conn:
        raw = conn.connection.dbapi_connection
        assert isinstance(raw, Factory)
    engine.dispose()

    made: list[Any] = []

    def creator() -> Any:
        made.append(sqlite3.connect(":memory:", check_same_thread=False))
        return made[-1]

    engine = create_engine("sqlite://", creator=creator)
    with engine.connect() as conn:
        assert conn.connection.dbapi_connection is made[0]
    engine.dispose()

    class Module:
        def __getattr__(self, name: str) -> Any:
            return getattr(sqlite3, name)

        def connect(self, *args: Any, **kw: Any) -> Any:
            made.append((args, kw))
            return sqlite3.connect(*args, **kw)

    engine = create_engine(url, module=Module())
    with engine.connect():
        assert made[-1][0] == (f"{tmp_path}/x.db",)
    engine.dispose()


@pytest.mark.feature("A039")
def test_listeners_of_connecting(pg_engine: Any) -> None:
    """A token instead of a password, a setting for each new connection."""
    engine = create_engine(pg_engine.url.set(password="wrong", username="nobody"))
    user = pg_engine.url.username

    @event.listens_for(engine, "do_connect")
    def token(dialect: Any, conn_rec: Any, cargs: Any, cparams: dict[str, Any]) -> None:
        assert cparams.pop("password") == "wrong"
        cparams["user"] = user

    @event.listens_for(engine, "connect")
    def set_up(dbapi_connection: Any, connection_record: Any) -> None:
        cursor = dbapi_connection.cursor()
        cursor.execute("set application_name to 'relvar test'")
        cursor.close()
        dbapi_connection.commit()

    with engine.connect() as conn:
        assert conn.scalar(text("select current_user")) == user
        assert conn.scalar(text("show application_name")) == "relvar test"
    engine.dispose()


@pytest.mark.feature("A039")
def test_query_of_the_url(mariadb_engine: Any) -> None:
    url = mariadb_engine.url.update_query_dict(
        {"charset": "utf8mb4", "connect_timeout": "3", "autocommit": "1"}
    )
    engine = create_engine(url, connect_args={"init_command": "set @mine = 5"})
    with engine.connect() as conn:
        assert conn.scalar(text("select @mine")) == 5
        assert conn.scalar(text("select @@character_set_client")) == "utf8mb4"
    engine.dispose()


@pytest.mark.feature("A002")
def test_engine_of_a_configuration(tmp_path: Any) -> None:
    settings = {
        "sqlalchemy.url": f"sqlite:///{tmp_path}/x.db",
        "sqlalchemy.echo": "false",
        "sqlalchemy.pool_size": "3",
        "sqlalchemy.max_overflow": "2",
        "sqlalchemy.pool_recycle": "50",
        "sqlalchemy.pool_timeout": "7",
        "sqlalchemy.pool_pre_ping": "true",
        "sqlalchemy.isolation_level": "READ UNCOMMITTED",
        "sqlalchemy.connect_args": {"timeout": 3},
        "something.else": "x",
    }
    engine = engine_from_config(settings)
    assert isinstance(engine.pool, QueuePool) and engine.pool.size() == 3 and engine.echo is False
    with engine.connect() as conn:
        assert conn.get_isolation_level() == "READ UNCOMMITTED"
    engine.dispose()
    other = engine_from_config({"db.url": "sqlite://", "db.echo": "1"}, prefix="db.", hide_parameters=True)
    assert other.echo is True and other.hide_parameters
    other.dispose()
    with pytest.raises(KeyError):
        engine_from_config({}, prefix="db.")
    with pytest.raises(TypeError, match="Invalid argument"):
        engine_from_config({"db.url": "sqlite://", "db.nonsense": "1"}, prefix="db.")


@pytest.mark.feature("A042")
def test_own_codec_for_json(engine: Any, url: str) -> None:
    docs = Table("docs", MetaData(), Column("id", Integer, primary_key=True), Column("data", JSON))
    calls: list[str] = []

    def write(value: Any) -> str:
        calls.append("write")
        return json.dumps({"wrapped": value})

    def read(value: str | bytes) -> Any:
        calls.append("read")
        return json.loads(value)["wrapped"]

    own = create_engine(url, json_serializer=write, json_deserializer=read)
    with own.begin() as conn:
        docs.create(conn)
        conn.execute(insert(docs), {"data": [1, "ä"]})
        assert conn.scalar(select(docs.c.data)) == [1, "ä"]
    assert calls == ["write", "read"]
    with engine.connect() as conn:
        assert conn.scalar(select(docs.c.data)) == {"wrapped": [1, "ä"]}
    own.dispose()


@pytest.mark.feature("B015")
def test_own_pools(tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    engine = create_engine(url, poolclass=NullPool)
    assert isinstance(engine.pool, NullPool)
    with engine.connect() as conn:
        assert conn.scalar(select(1)) == 1
    pool = QueuePool(lambda: sqlite3.connect(":memory:"), pool_size=2)
    engine = create_engine("sqlite://", pool=pool)
    assert engine.pool is pool
    with engine.connect() as conn:
        conn.execute(text("create table x (a integer)"))
        assert pool.checkedout() == 1
    assert pool.checkedin() == 1
    with pytest.raises(TypeError, match="Invalid argument"):
        create_engine(url, poolclass=NullPool, pool_size=5)
    memory = create_engine("sqlite://", poolclass=StaticPool)
    with memory.connect() as one, memory.connect() as two:
        assert one.connection.dbapi_connection is two.connection.dbapi_connection
    memory.dispose()


# What goes wrong -------------------------------------------------------------------------------------


@pytest.mark.feature("A033")
def test_each_kind_of_error(engine: Any) -> None:
    """What the driver raises becomes the error of that name; the driver's own stays at hand."""
    named = Table("named", MetaData(), Column("id", Integer, primary_key=True), Column("s", String(3)))
    named.append_column(Column("u", Integer, nullable=False, unique=True))
    named.create(engine)
    unknown = exc.OperationalError if engine.name == "sqlite" else exc.ProgrammingError
    cases: list[tuple[Any, Any, type[exc.DBAPIError]]] = [
        (insert(named), {"u": None}, exc.IntegrityError),
        (insert(named), [{"u": 1}, {"u": 1}], exc.IntegrityError),
        (text("SELECT * FROM nowhere WHERE a = :a"), {"a": 5}, unknown),
        (text("SELEC 1"), {}, unknown),
    ]
    if engine.name != "sqlite":
        cases.append((insert(named), {"u": 1, "s": "too long"}, exc.DataError))
    for statement, parameters, expected in cases:
        with engine.connect() as conn, pytest.raises(exc.DBAPIError) as caught:
            conn.execute(statement, parameters)
        error = caught.value
        assert type(error) is expected, statement
        assert type(error.orig).__name__ == expected.__name__ or engine.name == "postgresql"
        assert isinstance(error.orig, getattr(engine.dialect.dbapi, expected.__name__))
        assert error.driver_exception is error.orig and not error.connection_invalidated
        assert error.statement is not None and error.statement in str(error)
        assert error.ismulti is isinstance(parameters, list)
        assert len(error.params) == len(parameters) or "named" in error.statement
    with engine.connect() as conn:
        with pytest.raises(exc.StatementError, match="A value is required for bind parameter 'a'") as early:
            conn.execute(text("SELECT :a"))
        assert isinstance(early.value.orig, exc.InvalidRequestError)
        assert not isinstance(early.value, exc.DBAPIError)


@pytest.mark.feature("A026")
def test_size_of_the_cache(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """The cache drops what was not used for longest; statements that may not be kept are compiled anew."""
    engine = create_engine(url, query_cache_size=4, echo=True)
    compiled: list[str] = []

    class Seven(ColumnElement[int]):
        inherit_cache = False
        type = Integer()

    @compiles(Seven)
    def seven(element: Any, compiler: Any, **kw: Any) -> str:
        compiled.append("7")
        return "7"

    kept = select(literal(0).label("kept"))
    with engine.connect() as conn:
        for number in range(30):
            conn.execute(select(literal(1).label(f"n{number}")))
            conn.execute(kept)
            assert 0 < len(engine._compiled_cache) <= 6
        for statement, said in ((kept, "cached since"), (select(literal(1).label("n0")), "generated in")):
            caplog.clear()
            conn.execute(statement)
            assert said in caplog.text
        assert [conn.scalar(select(Seven())) for _ in range(3)] == [7, 7, 7] and len(compiled) == 3
        engine.clear_compiled_cache()
        assert len(engine._compiled_cache) == 0
    engine.dispose()
