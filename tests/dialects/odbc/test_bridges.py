"""pyodbc and aioodbc on real databases: values, sizes, many rows, streams, errors, lost connections."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from relvar import (
    Column,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Unicode,
    bindparam,
    event,
    exc,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from relvar.dialects.mssql.drivers.pyodbc import MSDialect_pyodbc, MSExecutionContext_pyodbc
from relvar.ext.asyncio import create_async_engine

sys.path.insert(0, str(Path(__file__).parent))

from odbc_bridges import load  # beside this file, not a package

pytestmark = pytest.mark.backends("sqlite", "postgresql")

metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(30), unique=True),
    Column("words", Unicode),
    Column("data", LargeBinary),
    Column("f", Float),
    Column("n", Numeric(10, 2)),
)
LONG = "é€😀" * 3000


def create(engine: Any) -> None:
    with engine.begin() as connection:
        metadata.create_all(connection, checkfirst=False)


@pytest.mark.parametrize("sizes", [True, False])
def test_values(make_engine: Any, driver: str, sizes: bool) -> None:
    engine = make_engine(driver, use_setinputsizes=sizes)
    create(engine)
    row = {"name": "ä", "words": LONG, "data": bytes(range(256)), "f": 1.5, "n": Decimal("12.50")}
    with engine.begin() as connection:
        assert connection.execute(insert(things), row).inserted_primary_key == (1,)
        connection.execute(insert(things), {"name": None, "words": "", "data": None, "f": None})
        found = connection.execute(select(things).order_by(things.c.id)).mappings().all()
        assert dict(found[0]) == {"id": 1, **row}
        assert dict(found[1]) == {"id": 2, "name": None, "words": "", "data": None, "f": None, "n": None}
        # a list stands for several parameters, each of which has the type of the column
        wanted = select(things.c.id).where(things.c.name.in_(["ä", "b"]), things.c.id.in_([1, 2, 3]))
        assert connection.scalars(wanted).all() == [1]
        assert connection.scalars(select(things.c.id).where(things.c.words == LONG)).all() == [1]
        assert connection.scalars(select(things.c.id).where(things.c.id.in_([]))).all() == []
        assert (
            connection.scalar(text("SELECT :x").bindparams(bindparam("x", type_=String)), {"x": "%?'"})
            == "%?'"
        )


def test_many_rows(make_engine: Any, driver: str) -> None:
    engine = make_engine(driver)
    create(engine)
    seen: list[tuple[str, bool]] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        seen.append((statement.partition(" ")[0], isinstance(parameters, list)))

    rows = [{"name": f"n{i}", "words": "é" * i, "data": b"x", "f": i / 2, "n": i} for i in range(50)]
    with engine.begin() as connection:
        connection.execute(insert(things), rows)
        change = update(things).where(things.c.name == bindparam("which")).values(f=bindparam("g"))
        connection.execute(change, [{"which": "n1", "g": 9.5}, {"which": "n2", "g": None}])
        query = select(things.c.name, things.c.words, things.c.f).order_by(things.c.id)
        found = connection.execute(query).all()
    assert [row.words for row in found] == ["é" * i for i in range(50)]
    assert [row.f for row in found[:4]] == [0, 9.5, None, 1.5]
    assert seen[:2] == [("INSERT", False), ("UPDATE", True)]


@pytest.mark.backends("postgresql")
def test_arrays(make_engine: Any) -> None:
    """
    With ``fast_executemany`` the rows of an INSERT go to the driver as arrays.

    In a process of its own: pyodbc 5.5 crashes where a driver has no arrays (SQLite's), and where types are
    told that have no length.
    """
    load("aioodbc")
    create(make_engine())
    script = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import odbc_bridges\n"
        "from relvar import create_engine, event, insert\n"
        "from relvar.util import greenlet_spawn\n"
        "from test_bridges import things\n"
        "seen = []\n"
        "def main(url, first):\n"
        "    engine = create_engine(url, fast_executemany=True)\n"
        "    @event.listens_for(engine, 'after_cursor_execute')\n"
        "    def note(conn, cursor, statement, parameters, context, many):\n"
        "        if many: seen.append((many, cursor.fast_executemany))\n"
        "    with engine.begin() as connection:\n"
        "        numbers = range(first, first + 250)\n"
        "        connection.execute(insert(things), [{'name': f'n{i:03}', 'n': i} for i in numbers])\n"
        "    engine.dispose()\n"
        "main(sys.argv[1], 0)\n"
        "import asyncio; asyncio.run(greenlet_spawn(main, sys.argv[2], 250))\n"
        "print(seen)\n"
    )
    urls = [make_engine(name).url.render_as_string(hide_password=False) for name in ("pyodbc", "aioodbc")]
    done = subprocess.run([sys.executable, "-c", script, *urls], capture_output=True, text=True)
    assert done.stdout.strip() == "[(True, True), (True, True)]", done.stderr
    with make_engine().connect() as connection:
        found = connection.execute(select(things.c.name, things.c.n).order_by(things.c.n)).all()
    assert found == [(f"n{i:03}", Decimal(i)) for i in range(500)]


@pytest.mark.backends("postgresql")
def test_many_rows_come_back_in_order(make_engine: Any, driver: str) -> None:
    engine = make_engine(driver)
    create(engine)
    with engine.begin() as connection:
        put = insert(things).returning(things.c.id, things.c.name, sort_by_parameter_order=True)
        rows = connection.execute(
            put.values(words=literal("w") + "v"), [{"name": f"n{i}"} for i in range(30)]
        ).all()
        assert [row.name for row in rows] == [f"n{i}" for i in range(30)]
        assert connection.scalars(select(things.c.words).distinct()).all() == ["wv"]
        changed = update(things).where(things.c.id.in_([1, 2])).values(n=3).returning(things.c.id, things.c.n)
        assert sorted(connection.execute(changed).all()) == [(1, Decimal(3)), (2, Decimal(3))]


def test_listeners_change_sizes(make_engine: Any, pyodbc: Any) -> None:
    engine = make_engine()
    create(engine)
    told: list[Any] = []
    real = engine.dialect.do_set_input_sizes
    engine.dialect.do_set_input_sizes = lambda cursor, rows, context: (
        told.append(rows) or real(cursor, rows, context)
    )

    @event.listens_for(engine, "do_setinputsizes")
    def change(sizes: Any, cursor: Any, statement: str, parameters: Any, context: Any) -> None:
        for bind in list(sizes):
            if "name" in bind.key:
                sizes[bind] = (pyodbc.SQL_WVARCHAR, 50, 0)
            else:
                del sizes[bind]

    with engine.begin() as connection:
        connection.execute(insert(things), [{"id": 1, "name": "é"}, {"id": 2, "name": "b"}])
        assert connection.scalars(select(things.c.id).where(things.c.name.in_(["é", "x"]))).all() == [1]
    wide = (pyodbc.SQL_WVARCHAR, 50, 0)
    sizes = [[size for _, size, _ in rows] for rows in told]
    assert [None, wide, None, wide] in sizes
    assert [wide, wide] in sizes


def test_errors(make_engine: Any, driver: str) -> None:
    engine = make_engine(driver)
    create(engine)
    with engine.connect() as connection:
        with pytest.raises(
            exc.ProgrammingError if "pgbridge" in str(engine.url) else exc.DBAPIError
        ) as caught:
            connection.execute(text("SELEKT 1"))
        assert "SELEKT" in str(caught.value)
        assert not caught.value.connection_invalidated
        connection.rollback()
        connection.execute(insert(things), {"name": "a"})
        with pytest.raises(exc.DBAPIError, match="(?i)unique"):
            connection.execute(insert(things), {"name": "a"})
        connection.rollback()
        assert connection.scalar(select(func.count()).select_from(things)) == 0


def test_autocommit(make_engine: Any, driver: str) -> None:
    engine = make_engine(driver)
    create(engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        assert engine.dialect.detect_autocommit_setting(connection.connection.dbapi_connection)
        connection.execute(insert(things), {"name": "a"})
        connection.rollback()
        assert connection.scalar(select(func.count()).select_from(things)) == 1
    with engine.connect() as connection:
        assert not engine.dialect.detect_autocommit_setting(connection.connection.dbapi_connection)
        connection.execute(insert(things), {"name": "b"})
        connection.rollback()
        assert connection.scalar(select(func.count()).select_from(things)) == 1


@pytest.mark.feature("I013")
def test_streams(make_engine: Any) -> None:
    """Rows are read as they are asked for, in an event loop, through aioodbc."""
    engine = make_engine("aioodbc")
    url = engine.url

    async def main() -> None:
        engine = create_async_engine(url)
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all, checkfirst=False)
            await connection.execute(insert(things), [{"name": f"n{i}", "words": LONG} for i in range(100)])
        async with engine.connect() as connection:
            result = await connection.stream(select(things.c.name, things.c.words).order_by(things.c.id))
            first = await result.fetchmany(3)
            assert [row.name for row in first] == ["n0", "n1", "n2"]
            rest = [row.words async for row in result]
            assert rest == [LONG] * 97

            # several at once, each in a thread of its own
            async def count() -> Any:
                async with engine.connect() as other:
                    return await other.scalar(select(func.count()).select_from(things))

            assert await asyncio.gather(*[count() for _ in range(4)]) == [100] * 4
        await engine.dispose()

    asyncio.run(main())


@pytest.mark.backends("postgresql")
def test_a_lost_connection_is_replaced(make_engine: Any, driver: str) -> None:
    engine = make_engine(driver, pool_pre_ping=True)
    other = make_engine()
    with engine.connect() as connection:
        number = connection.scalar(text("SELECT pg_backend_pid()"))
        _end(other, number)
        with pytest.raises(exc.DBAPIError) as caught:
            connection.scalar(text("SELECT 1"))
        assert caught.value.connection_invalidated
        assert connection.invalidated
    with engine.connect() as connection:
        number = connection.scalar(text("SELECT pg_backend_pid()"))
    _end(other, number)
    # the ping before the checkout finds out
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) != number


def _end(engine: Any, number: int) -> None:
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_terminate_backend(CAST(:n AS INTEGER), 5000)"), {"n": number})


@pytest.mark.backends("postgresql")
def test_the_pool_of_pyodbc_can_be_off(make_engine: Any) -> None:
    """With ``pyodbc.pooling = False``, set before the first connection, closed means closed."""
    engine, watcher = make_engine(), make_engine()
    script = (
        "import pyodbc, sys; pyodbc.pooling = sys.argv[2] == 'on'\n"
        "connection = pyodbc.connect(sys.argv[1])\n"
        "print(connection.execute('SELECT pg_backend_pid()').fetchone()[0], flush=True)\n"
        "connection.close(); sys.stdin.readline()\n"
    )
    (string,), _ = engine.dialect.create_connect_args(engine.url)
    with subprocess.Popen(
        [sys.executable, "-c", script, string, "off"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin and process.stdout
        number = int(process.stdout.readline())
        with watcher.connect() as connection:
            query = text("SELECT count(*) FROM pg_stat_activity WHERE pid = CAST(:n AS INTEGER)")
            for _ in range(100):
                left = connection.scalar(query, {"n": number})
                connection.rollback()
                if not left:
                    break
                connection.execute(text("SELECT pg_sleep(0.02)"))
            assert left == 0
        process.stdin.write("\n")
        process.stdin.flush()


@pytest.mark.backends("sqlite")
def test_a_data_source(tmp_path: Path) -> None:
    """A host without a database is the name of a data source, kept in ``odbc.ini``."""
    (tmp_path / "odbc.ini").write_text(f"[mine]\nDriver=SQLite3\nDatabase={tmp_path}/mine.db\n")
    script = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import odbc_bridges; from relvar import create_engine, text\n"
        "for url in ('sqlitebridge+pyodbc://mine', 'sqlitebridge+pyodbc:///?dsn=mine'):\n"
        "    with create_engine(url).connect() as connection:\n"
        "        print(connection.execute(text('PRAGMA database_list')).first()[2])\n"
    )
    environment = {**os.environ, "ODBCINI": str(tmp_path / "odbc.ini")}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    assert done.stdout.split() == [f"{tmp_path}/mine.db"] * 2, done.stderr


@pytest.mark.backends("sqlite")
def test_query_timeout_is_the_drivers(make_engine: Any, pyodbc: Any) -> None:
    """SQL Server's dialect sets the time a statement may take on pyodbc's connection, in whole seconds."""
    (string,), _ = make_engine().dialect.create_connect_args(make_engine().url)
    dialect = MSDialect_pyodbc(dbapi=pyodbc, query_timeout=3)
    connection = pyodbc.connect(string)
    connected = dialect.on_connect()
    assert connected is not None
    connected(connection)
    assert connection.timeout == 3
    with dialect._limit(connection, 1.5, can_cancel=True):
        assert connection.timeout == 2
    assert connection.timeout == 3
    with dialect._limit(connection, 0.01, can_cancel=True):
        assert connection.timeout == 1
        connection.close()


@pytest.mark.backends("sqlite")
def test_closed_connections_are_known(make_engine: Any, pyodbc: Any) -> None:
    (string,), _ = make_engine().dialect.create_connect_args(make_engine().url)
    dialect = MSDialect_pyodbc(dbapi=pyodbc)
    connection = pyodbc.connect(string)
    cursor = connection.cursor()
    connection.close()
    for call in (connection.cursor, lambda: cursor.execute("SELECT 1")):
        with pytest.raises(pyodbc.ProgrammingError) as caught:
            call()
        assert dialect.is_disconnect(caught.value, connection, None)
    assert dialect._is_unsent(caught.value) == ("closed connection" in str(caught.value))


@pytest.mark.backends("postgresql")
def test_the_new_key_of_the_same_batch(make_engine: Any, driver: str) -> None:
    """``INSERT ...; select scope_identity()`` is sent as one batch, whose second result has the key."""
    engine = make_engine(driver)
    create(engine)
    dialect = engine.dialect
    dialect.execution_ctx_cls = MSExecutionContext_pyodbc
    dialect.statement_compiler = type("Compiler", (dialect.statement_compiler,), {"_sets_identity": False})
    dialect.insert_returning = False
    dialect.postfetch_lastrowid = dialect.use_scope_identity = True
    dialect.scope_identity_must_be_embedded = True
    engine._context_always = True
    with engine.begin() as connection:
        connection.execute(
            text("CREATE FUNCTION scope_identity() RETURNS bigint LANGUAGE sql AS 'SELECT lastval()'")
        )
        for number in (1, 2):
            result = connection.execute(insert(things), {"name": f"n{number}"})
            assert result.inserted_primary_key == (number,)
            assert result.rowcount == 1
        dialect.scope_identity_must_be_embedded = False
        result = connection.execute(insert(things), {"name": "n3"})
        assert (result.inserted_primary_key, result.rowcount) == ((3,), 1)
