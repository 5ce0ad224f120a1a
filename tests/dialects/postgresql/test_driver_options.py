"""Options of the engine and words of the URL that reach the drivers."""

from __future__ import annotations

import io
import ipaddress
import json
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
    exc,
    insert,
    make_url,
    select,
)
from relvar.dialects import postgresql as pg
from relvar.dialects import registry

LIBPQ = ("psycopg", "psycopg2")
DRIVERS = (*LIBPQ, "pg8000")


def on_newest(*drivers: str) -> Any:
    return pytest.mark.backends(*(f"postgresql18+{driver}" for driver in drivers))


def connect_args(driver: str, rest: str) -> dict[str, Any]:
    """What the driver's ``connect()`` is given for a URL."""
    cls = registry.load(f"postgresql.{driver}")
    positional, named = cls(dbapi=cls.import_dbapi()).create_connect_args(
        make_url(f"postgresql+{driver}://{rest}")
    )
    assert positional in ([], [""])
    named.pop("context", None)
    return dict(named)


# -- URLs ------------------------------------------------------------------------------


@pytest.mark.parametrize("driver", LIBPQ)
def test_urls_of_libpq(driver: str) -> None:
    for rest, expected in {
        "": {},
        "localhost": {"host": "localhost"},
        "u:p%40@h:5/db": {"user": "u", "password": "p@", "host": "h", "port": 5, "dbname": "db"},
        "u@/db?host=/tmp": {"user": "u", "dbname": "db", "host": "/tmp"},
        "?service=x": {"service": "x"},
        "h/db?sslmode=require&application_name=x": {
            "host": "h", "dbname": "db", "sslmode": "require", "application_name": "x"
        },
        "/d?host=a:1&host=b:2&host=c": {"dbname": "d", "host": "a,b,c", "port": "1,2,"},
        "/d?host=a&host=b": {"dbname": "d", "host": "a,b", "port": ","},
        "/d?host=a,b&port=1,2": {"dbname": "d", "host": "a,b", "port": "1,2"},
        "/d?host=a,b:2&target_session_attrs=read-write": {
            "dbname": "d", "host": "a,b", "port": ",2", "target_session_attrs": "read-write"
        },
        "/d?host=a:7": {"dbname": "d", "host": "a", "port": "7"},
        "/d?host=::1": {"dbname": "d", "host": "::1"},
        "/d?host=[::1]:5&host=b": {"dbname": "d", "host": "::1,b", "port": "5,"},
        "h:9/d?host=a": {"dbname": "d", "host": "a", "port": 9},
    }.items():  # fmt: skip
        assert connect_args(driver, rest) == expected, rest


@pytest.mark.parametrize("driver", DRIVERS)
def test_urls_that_name_hosts_badly(driver: str) -> None:
    for rest, message in {
        "/d?host=a&host=b&port=5": "Can't mix 'multihost' formats together",
        "/d?host=a,b&port=1": "number of hosts and ports don't match: 2 in host='a,b', 1 in port='1'",
        "/d?port=1,2": "number of hosts and ports don't match",
        "/d?port=abc": r"Received non-integer port arguments: \('abc',\)",
        "/d?host=a:x": r"Received non-integer port arguments: \('x',\)",
    }.items():
        with pytest.raises(exc.ArgumentError, match=message):
            connect_args(driver, rest)


def test_urls_of_pg8000() -> None:
    assert connect_args("pg8000", "u:p@h:5/db?application_name=x") == {
        "user": "u", "password": "p", "host": "h", "port": 5, "database": "db", "application_name": "x"
    }  # fmt: skip
    with pytest.raises(exc.ArgumentError, match="pg8000 connects to one host, and the URL names 2: a, b"):
        connect_args("pg8000", "/db?host=a,b")


@on_newest(*LIBPQ)
def test_the_host_that_answers_is_taken(url: str) -> None:
    given = make_url(url)
    # nobody listens on the first
    several = given.set(host=None, port=None).update_query_pairs(
        [("host", f"{given.host}:1"), ("host", f"{given.host}:{given.port}")]
    )
    engine = create_engine(several, connect_args={"target_session_attrs": "read-write"})
    with engine.connect() as conn:
        assert conn.exec_driver_sql("SELECT inet_server_port()").scalar() == given.port
    engine.dispose()


# -- options -----------------------------------------------------------------------------


@on_newest(*DRIVERS, "psycopg2cffi")
def test_options_that_are_wrong(url: str) -> None:
    driver = make_url(url).get_driver_name()
    pytest.importorskip(driver)
    with pytest.raises(TypeError, match="Invalid argument\\(s\\) 'bogus' sent to create_engine"):
        create_engine(url, bogus=1)
    with pytest.raises(exc.ArgumentError, match="Invalid value 'CHAOS' for isolation_level"):
        create_engine(url, isolation_level="CHAOS").connect()
    if driver.startswith("psycopg2"):
        with pytest.raises(exc.ArgumentError, match="Invalid value for 'executemany_mode': 'batch'"):
            create_engine(url, executemany_mode="batch")
    if driver != "psycopg":
        with pytest.raises(NotImplementedError, match="ipaddress type handling"):
            create_engine(url, native_inet_types=True)


@pytest.mark.feature("E034")
@on_newest(*DRIVERS)
def test_addresses_as_text(url: str) -> None:
    asking = "SELECT '10.0.0.1'::inet, '10.0.0.0/8'::cidr"
    table = Table("t", MetaData(), Column("i", pg.INET), Column("c", pg.CIDR))
    as_text = create_engine(url, native_inet_types=False)
    with as_text.begin() as conn:
        assert conn.exec_driver_sql(asking).one() == ("10.0.0.1", "10.0.0.0/8")
        table.create(conn)
        conn.execute(insert(table), {"i": "10.0.0.1", "c": "10.0.0.0/8"})
        assert conn.execute(select(table)).one() == ("10.0.0.1", "10.0.0.0/8")
    as_text.dispose()
    engine = create_engine(url)
    if engine.driver == "psycopg":
        with engine.connect() as conn:
            found = (ipaddress.ip_address("10.0.0.1"), ipaddress.ip_network("10.0.0.0/8"))
            assert conn.exec_driver_sql(asking).one() == found
            assert conn.execute(select(table).where(table.c.i == found[0])).one() == found
    engine.dispose()


@on_newest(*DRIVERS)
def test_functions_for_json(url: str) -> None:
    dumped: list[Any] = []

    def dumps(value: Any) -> str:
        dumped.append(value)
        return json.dumps(value)

    def loads(text: Any) -> Any:
        return ("loaded", json.loads(text))

    engine = create_engine(url, json_serializer=dumps, json_deserializer=loads)
    table = Table("t", MetaData(), Column("j", pg.JSON), Column("b", pg.JSONB))
    with engine.begin() as conn:
        table.create(conn)
        conn.execute(insert(table), {"j": {"a": 1}, "b": [2]})
        assert dumped == [{"a": 1}, [2]]
        assert conn.execute(select(table)).one() == (("loaded", {"a": 1}), ("loaded", [2]))
        # the driver knows them, too
        assert conn.exec_driver_sql("SELECT '1'::json, '2'::jsonb").one() == (("loaded", 1), ("loaded", 2))
    engine.dispose()


@pytest.mark.feature("E034")
@on_newest(*LIBPQ)
def test_native_hstore(url: str) -> None:
    values = {"a": "1", "b": None, 'q"': "x\\y"}
    table = Table("t", MetaData(), Column("h", pg.HSTORE))
    engine = create_engine(url)
    with engine.begin() as conn:
        conn.exec_driver_sql("CREATE EXTENSION hstore")
        # what was connected before knows no hstore: the types of a database are looked up once
        table.create(conn)
        conn.execute(insert(table), {"h": values})
        assert conn.scalar(select(table)) == values
    engine.dispose()
    for native, raw in [(True, {"a": "1"}), (False, '"a"=>"1"')]:
        engine = create_engine(url, use_native_hstore=native)
        for _ in range(2):  # also the connections after the first
            with engine.connect() as conn:
                assert conn.exec_driver_sql("SELECT 'a=>1'::hstore").scalar() == raw
                assert conn.scalar(select(table)) == values
                conn.detach()
        engine.dispose()


@on_newest("psycopg2", "psycopg2cffi")
def test_executemany_modes(url: str) -> None:
    pytest.importorskip(make_url(url).get_driver_name())
    table = Table("t", MetaData(), Column("i", Integer), Column("x", String))
    rows = [{"i": n, "x": f"%{n}"} for n in range(250)]
    changed = table.update().where(table.c.i == bindparam("n")).values(x="new")
    for mode, executions in [("values_only", 250), ("values_plus_batch", 5), (None, 250)]:
        engine = create_engine(url, executemany_mode=mode, executemany_batch_page_size=50)
        assert engine.dialect.supports_sane_multi_rowcount is (mode != "values_plus_batch")
        with engine.begin() as conn:
            table.drop(conn, checkfirst=True)
            table.create(conn)
            conn.execute(insert(table), rows)
            assert conn.execute(select(table).order_by(table.c.i)).all() == [(n, f"%{n}") for n in range(250)]
            # how many texts the server was sent, each with the time it arrived
            conn.exec_driver_sql("ALTER TABLE t ADD COLUMN seen timestamp")
            conn.exec_driver_sql(
                "CREATE OR REPLACE FUNCTION note() RETURNS trigger LANGUAGE plpgsql"
                " AS $$ BEGIN NEW.seen = statement_timestamp(); RETURN NEW; END $$"
            )
            conn.exec_driver_sql(
                "CREATE TRIGGER note BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION note()"
            )
            conn.execute(changed, [{"n": n} for n in range(250)])
            assert conn.exec_driver_sql("SELECT count(*) FROM t WHERE x = 'new'").scalar() == 250
            assert conn.exec_driver_sql("SELECT count(DISTINCT seen) FROM t").scalar() == executions
        engine.dispose()


@on_newest("psycopg")
def test_prepared_statements(url: str) -> None:
    for threshold, prepared in [(None, 0), (0, 1)]:
        engine = create_engine(url, connect_args={"prepare_threshold": threshold})
        with engine.connect() as conn:
            for number in range(3):
                conn.execute(select(Table("pg_class", MetaData(), Column("relname", String))).limit(number))
            counted = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT pg_class%%'"
            assert conn.exec_driver_sql(counted).scalar() == prepared
        engine.dispose()


# -- COPY --------------------------------------------------------------------------------


@on_newest("psycopg")
def test_copy_by_psycopg(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE t (i int, x text)")
        cursor = conn.connection.cursor()
        with cursor.copy("COPY t FROM STDIN") as copy:
            for number in range(1000):
                copy.write_row((number, f"%{number}\t"))
        assert conn.exec_driver_sql("SELECT count(*), max(x) FROM t").one() == (1000, "%999\t")
        with cursor.copy("COPY (SELECT i FROM t ORDER BY i LIMIT 2) TO STDOUT") as copy:
            assert b"".join(copy) == b"0\n1\n"
        cursor.close()
    with engine.connect() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM t").scalar() == 1000
    engine.dispose()


@on_newest("psycopg2", "pg8000")
def test_copy_by_the_older_drivers(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE t (i int, x text)")
        cursor = conn.connection.cursor()
        there, back = "COPY t FROM STDIN", "COPY (SELECT i FROM t ORDER BY i LIMIT 2) TO STDOUT"
        if engine.driver == "psycopg2":
            cursor.copy_expert(there, io.StringIO("1\ta\n2\t%\n"))
            written: Any = io.StringIO()
            cursor.copy_expert(back, written)
        else:
            cursor.execute(there, stream=io.BytesIO(b"1\ta\n2\t%\n"))
            written = io.BytesIO()
            cursor.execute(back, stream=written)
        assert written.getvalue() in ("1\n2\n", b"1\n2\n")
        assert conn.exec_driver_sql("SELECT * FROM t ORDER BY i").all() == [(1, "a"), (2, "%")]
        cursor.close()
    engine.dispose()


# -- versions --------------------------------------------------------------------------------


@pytest.mark.parametrize("driver", DRIVERS)
def test_drivers_by_name(driver: str) -> None:
    cls = registry.load(f"postgresql.{driver}")
    dialect = cls(dbapi=cls.import_dbapi())
    assert (dialect.name, dialect.driver) == ("postgresql", driver)
    assert dialect.dbapi_version >= dialect.minimum_dbapi_version
    module = pytest.importorskip(f"relvar.dialects.postgresql.{driver}")
    assert module.dialect is cls and getattr(module, cls.__name__) is cls


def test_no_such_driver() -> None:
    with pytest.raises(exc.NoSuchModuleError) as caught:
        create_engine("postgresql+nothing://")
    for driver in (*DRIVERS, "psycopg2cffi"):
        assert driver in str(caught.value)
    assert "_libpq" not in str(caught.value)
