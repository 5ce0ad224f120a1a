"""What asyncpg alone has: prepared statements, its errors, its JSON, its URLs."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from relvar import Column, Integer, MetaData, String, Table, bindparam, exc, insert, make_url, select, text
from relvar import create_engine as make_engine
from relvar.dialects import postgresql as pg
from relvar.dialects.postgresql import asyncpg
from relvar.util import await_only, greenlet_spawn

pytestmark = pytest.mark.backends("postgresql18+asyncpg")

things = Table("things", MetaData(), Column("id", Integer, primary_key=True), Column("name", String))


@pytest.fixture
def create_engine() -> Iterator[Callable[..., Any]]:
    """`relvar.create_engine`, for engines that are disposed of."""
    made = []

    def create(*args: Any, **kw: Any) -> Any:
        made.append(make_engine(*args, **kw))
        return made[-1]

    yield create
    for engine in made:
        engine.dispose()


def connect_args(rest: str) -> dict[str, Any]:
    positional, named = asyncpg.dialect().create_connect_args(make_url(f"postgresql+asyncpg://{rest}"))
    assert positional == []
    return dict(named)


@pytest.mark.feature("E034")
def test_urls() -> None:
    for rest, expected in {
        "": {},
        "u:p%40@h:5/db?prepared_statement_cache_size=5&x=1": {
            "user": "u", "password": "p@", "host": "h", "port": 5, "database": "db",
            "prepared_statement_cache_size": 5, "x": "1",
        },
        "/db?host=/tmp": {"host": "/tmp", "database": "db"},
        "/db?host=a:7": {"host": "a", "port": 7, "database": "db"},
        "/db?port=7": {"port": 7, "database": "db"},
        "/db?host=a:1&host=b:2": {"host": ["a", "b"], "port": [1, 2], "database": "db"},
        "/db?host=a,b&port=1,2": {"host": ["a", "b"], "port": [1, 2], "database": "db"},
    }.items():  # fmt: skip
        assert connect_args(rest) == expected, rest
    for rest in ("/db?host=a&host=b", "/db?host=a,b:2"):
        with pytest.raises(exc.ArgumentError, match="All ports are required to be present for asyncpg"):
            connect_args(rest)


@pytest.mark.feature("E034")
def test_the_host_that_answers_is_taken(url: str, create_engine: Any) -> None:
    given = make_url(url)
    several = given.set(host=None, port=None).update_query_pairs(
        [("host", f"{given.host}:1"), ("host", f"{given.host}:{given.port}")]
    )
    with create_engine(several).connect() as conn:
        assert conn.exec_driver_sql("SELECT inet_server_port()").scalar() == given.port


@pytest.mark.feature("E034")
def test_prepared_statements_are_kept_and_named(url: str, create_engine: Any) -> None:
    numbers = iter(range(1000))

    def prepared(conn: Any) -> list[str]:
        asking = "SELECT name FROM pg_prepared_statements WHERE statement ~ '^SELECT ''.''::text'"
        return sorted(conn.exec_driver_sql(asking).scalars())

    def run(conn: Any, count: int) -> None:
        for number in range(count):
            assert conn.exec_driver_sql(f"SELECT '{number % 5}'::text").scalar() == str(number % 5)

    named = {"prepared_statement_name_func": lambda: f"mine_{next(numbers)}"}
    with create_engine(url, connect_args=named).connect() as conn:
        run(conn, 20)
        assert len(prepared(conn)) == 5 and all(name.startswith("mine_") for name in prepared(conn))
    none = make_url(url).update_query_dict({"prepared_statement_cache_size": "0"})
    with create_engine(none, connect_args=named).connect() as conn:
        before = next(numbers)
        run(conn, 20)
        assert next(numbers) == before + 21
    with create_engine(url).connect() as conn:
        run(conn, 20)
        assert len(prepared(conn)) == 5 and all(name.startswith("__asyncpg_") for name in prepared(conn))


@pytest.mark.feature("E034")
def test_statements_outlive_changes_of_the_schema(url: str, create_engine: Any) -> None:
    engine, stranger = create_engine(url), create_engine(url)
    everything = text("SELECT * FROM t")
    with engine.connect() as one, engine.connect() as other:
        one.exec_driver_sql("CREATE TABLE t (a int)")
        one.commit()
        for conn in (one, other):
            assert conn.execute(everything).keys() == ["a"]
            conn.commit()
        # by another connection of the engine: noticed
        one.exec_driver_sql("ALTER TABLE t ADD COLUMN b int")
        one.commit()
        for conn in (one, other):
            assert conn.execute(everything).keys() == ["a", "b"]
            conn.commit()
        # by somebody else: an error once, and then no more on any connection
        with stranger.begin() as theirs:
            theirs.exec_driver_sql("ALTER TABLE t ADD COLUMN c int")
        with pytest.raises(exc.NotSupportedError, match="cached statement plan is invalid") as caught:
            one.execute(everything)
        assert isinstance(caught.value.orig, asyncpg.InvalidCachedStatementError)
        one.rollback()
        for conn in (one, other):
            assert conn.execute(everything).keys() == ["a", "b", "c"]
            conn.commit()


@pytest.mark.feature("E034")
def test_connections_of_ones_own_making(url: str, create_engine: Any) -> None:
    import asyncpg as driver

    _, kw = asyncpg.dialect().create_connect_args(make_url(url))

    async def connect() -> Any:
        return await driver.connect(**kw, server_settings={"application_name": "own"})

    with create_engine(url, async_creator=connect).connect() as conn:
        assert conn.exec_driver_sql("SHOW application_name").scalar() == "own"
    engine = create_engine(url, connect_args={"async_creator_fn": lambda **_: connect()})
    with engine.connect() as conn:
        assert conn.exec_driver_sql("SHOW application_name").scalar() == "own"
        assert isinstance(conn.connection.driver_connection, driver.Connection)


@pytest.mark.feature("E034")
def test_addresses_and_json(url: str, create_engine: Any) -> None:
    asking = "SELECT '10.0.0.1'::inet, '10.0.0.0/8'::cidr, '[1]'::json, '{\"a\": 2}'::jsonb"
    table = Table("t", MetaData(), Column("i", pg.INET), Column("j", pg.JSON), Column("b", pg.JSONB))
    address, network = ipaddress.ip_address("10.0.0.1"), ipaddress.ip_network("10.0.0.0/8")
    with create_engine(url).connect() as conn:
        assert conn.exec_driver_sql(asking).one() == (address, network, [1], {"a": 2})
    dumped: list[Any] = []

    def dumps(value: Any) -> str:
        dumped.append(value)
        return json.dumps(value)

    as_text = create_engine(
        url,
        native_inet_types=False,
        json_serializer=dumps,
        json_deserializer=lambda value: ("loaded", json.loads(value)),
    )
    with as_text.begin() as conn:
        found = ("10.0.0.1", "10.0.0.0/8", ("loaded", [1]), ("loaded", {"a": 2}))
        assert conn.exec_driver_sql(asking).one() == found
        table.create(conn)
        conn.execute(insert(table), {"i": "10.0.0.2", "j": [None], "b": {"é": 1}})
        assert dumped == [[None], {"é": 1}]
        assert conn.execute(select(table)).one() == ("10.0.0.2", ("loaded", [None]), ("loaded", {"é": 1}))


def test_errors_have_classes_codes_and_causes(url: str, create_engine: Any) -> None:
    engine = create_engine(url)
    made = (
        "CREATE TEMPORARY TABLE q (x int PRIMARY KEY CHECK (x > 0), y int NOT NULL, z int REFERENCES q (x))"
    )
    for statement, kind, name, code in [
        ("INSERT INTO q VALUES (1, 1)", exc.IntegrityError, "UniqueViolationError", "23505"),
        ("INSERT INTO q VALUES (2, NULL)", exc.IntegrityError, "NotNullViolationError", "23502"),
        ("INSERT INTO q VALUES (2, 1, 7)", exc.IntegrityError, "ForeignKeyViolationError", "23503"),
        ("INSERT INTO q VALUES (-1, 1)", exc.IntegrityError, "CheckViolationError", "23514"),
        ("SELECT nothing", exc.ProgrammingError, "ProgrammingError", "42703"),
        ("SELECT 1 / 0", exc.DBAPIError, "Error", "22012"),
    ]:
        with engine.connect() as conn:
            conn.exec_driver_sql(made)
            conn.exec_driver_sql("INSERT INTO q VALUES (1, 1)")
            with pytest.raises(exc.DBAPIError) as caught:
                conn.exec_driver_sql(statement)
        error: Any = caught.value
        assert type(error) is kind and type(error.orig) is getattr(asyncpg, name), statement
        assert error.orig.sqlstate == error.orig.pgcode == code
        assert error.driver_exception is error.orig.__cause__ is error.orig.orig
        assert type(error.driver_exception).__module__ == "asyncpg.exceptions"
        assert str(error).startswith(f"(relvar.dialects.postgresql.asyncpg.{name}) ")
        assert type(pickle.loads(pickle.dumps(error.orig))) is type(error.orig)
    with (
        engine.connect() as conn,
        pytest.raises(exc.DBAPIError, match=r"invalid input for query argument \$1"),
    ):
        conn.execute(text("SELECT CAST(:x AS INTEGER)"), {"x": "a"})


def test_one_connection_for_several_tasks(url: str, create_engine: Any) -> None:
    """They take turns: the driver itself would refuse."""
    with create_engine(url).connect() as conn:
        things.create(conn)
        conn.execute(insert(things), [{"name": f"n{n}"} for n in range(20)])
        one = select(things.c.name).where(things.c.id == bindparam("n"))

        async def ask(number: int) -> Any:
            return await greenlet_spawn(conn.scalar, one, {"n": number})

        async def all_of_them() -> list[Any]:
            return await asyncio.gather(*[ask(number) for number in range(1, 21)])

        assert await_only(all_of_them()) == [f"n{n}" for n in range(20)]


def test_a_dialect_that_reads_json_in_its_own_way(url: str, create_engine: Any) -> None:
    class Own(asyncpg.PGDialect_asyncpg):
        supports_statement_cache = True

        async def setup_asyncpg_json_codec(self, conn: Any) -> None:
            await conn._connection.set_type_codec(
                "json", encoder=str, decoder=lambda value: ("mine", value), schema="pg_catalog"
            )

    from relvar.dialects import registry

    registry.register("postgresql.ownasyncpg", __name__, "Own")
    registry.impls["postgresql.ownasyncpg"] = lambda: Own
    try:
        engine = create_engine(make_url(url).set(drivername="postgresql+ownasyncpg"))
        with engine.connect() as conn:
            assert conn.exec_driver_sql("SELECT '[1]'::json, '[1]'::jsonb").one() == (("mine", "[1]"), [1])
    finally:
        registry.deregister("postgresql.ownasyncpg")
