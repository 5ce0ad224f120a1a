"""Statements by each driver: percent signs, many rows, rows that come back, errors."""

from __future__ import annotations

from typing import Any

import pytest

import relvar
from relvar import (
    Column,
    Integer,
    MetaData,
    Sequence,
    String,
    Table,
    bindparam,
    create_engine,
    exc,
    func,
    insert,
    inspect,
    literal,
    literal_column,
    select,
    text,
)
from relvar.dialects import postgresql as pg

pytestmark = pytest.mark.backends(
    *(f"postgresql18+{driver}" for driver in ("psycopg", "psycopg_async", "asyncpg", "psycopg2", "pg8000"))
)

metadata = MetaData()
odd = Table(
    "odd %(t)s",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("x", String(30)),
    Column("y%(z)s", Integer),
    Column("a:b", Integer),
)


def filled(engine: Any) -> Any:
    """A connection with two rows in the table."""
    metadata.create_all(engine)
    conn = engine.connect()
    conn.execute(
        insert(odd),
        [{"id": 1, "x": "a%b:c", "y%(z)s": 7, "a:b": 8}, {"id": 5, "x": None, "y%(z)s": 4, "a:b": 8}],
    )
    return conn


def test_percent_signs_and_colons(engine: Any) -> None:
    with filled(engine) as conn:
        percent, five = literal_column("'100%'"), literal_column("5 % 3")
        quoted = text("select 5 % 3, '%', 'a''%', \"x\" from \"odd %(t)s\" where id = :v")
        for statement, expected in [
            (select(odd.c.id % 2), [(1,), (1,)]),
            (select(odd.c.id % odd.c["a:b"]), [(1,), (5,)]),
            (select(odd.c["y%(z)s"]).where(odd.c["a:b"] == 8, odd.c["y%(z)s"] == 7), [(7,)]),
            (select(percent, five), [("100%", 2)]),
            (select(percent, five, literal("%s", String)), [("100%", 2, "%s")]),
            (text("select 5 % 3, '%', '%s', '%(x)s'"), [(2, "%", "%s", "%(x)s")]),
            (quoted.bindparams(v=5), [(2, "%", "a'%", None)]),
            (text("select '\\:v', 'a\\:b'::text, 5 % 3 -- %\n"), [(":v", "a:b", 2)]),
            (select(odd.c.id).where(odd.c.x.contains("%b", autoescape=True)), [(1,)]),
            (select(odd.c.id).where(odd.c.x == literal("a%b:c", literal_execute=True)), [(1,)]),
            (select(odd.c.id % odd.c.id).where(odd.c.id.in_([])), []),
            (select(odd.c.id.op("%")(3)), [(1,), (2,)]),
        ]:
            assert conn.execute(statement).all() == expected, str(statement)


def test_texts_of_the_driver_itself(engine: Any) -> None:
    with engine.connect() as conn:
        plain = {"no_parameters": True}
        assert conn.exec_driver_sql("select '%', 5 % 3", execution_options=plain).all() == [("%", 2)]
        if engine.driver == "asyncpg":
            assert conn.exec_driver_sql("select $1::text, '%', 5 % 3", ("x",)).all() == [("x", "%", 2)]
        elif engine.dialect.positional:
            # pg8000 looks for percent signs outside of quotes only
            assert conn.exec_driver_sql("select %s, '%', 5 %% 3", ("x",)).all() == [("x", "%", 2)]
        else:
            assert conn.exec_driver_sql("select %(a)s, '%%', 5 %% 3", {"a": "x"}).all() == [("x", "%", 2)]


@pytest.mark.feature("E015")
def test_many_rows(engine: Any) -> None:
    with filled(engine) as conn:
        rows = [{"id": n, "x": f"%{n}", "y%(z)s": n, "a:b": None} for n in range(100, 2600)]
        # asyncpg does not tell how many rows many executions met
        is_counted = engine.dialect.supports_sane_multi_rowcount
        is_one = getattr(engine.dialect, "writes_by_array", False)
        assert conn.execute(insert(odd), rows).rowcount == (len(rows) if is_counted or is_one else -1)
        changed = odd.update().where(odd.c.id == bindparam("i")).values(x=bindparam("v"))
        assert (
            conn.execute(changed, [{"i": 1, "v": "a%%b"}, {"i": 100, "v": None}, {"i": -1, "v": ""}]).rowcount
            == 2
            or not is_counted
        )
        gone = odd.delete().where(odd.c.id == bindparam("i"))
        assert conn.execute(gone, [{"i": n} for n in range(101, 111)]).rowcount == (10 if is_counted else -1)
        assert conn.scalar(select(func.count()).select_from(odd)) == 2 + 2500 - 10
        assert conn.scalar(select(odd.c.x).where(odd.c.id == 1)) == "a%%b"


def test_rows_come_back_in_order(engine: Any) -> None:
    metadata.create_all(engine)
    statement = insert(odd).returning(odd.c.id, odd.c["y%(z)s"], sort_by_parameter_order=True)
    with engine.begin() as conn:
        found = conn.execute(statement, [{"y%(z)s": n} for n in range(1200)]).all()
        assert [row[1] for row in found] == list(range(1200))
        assert [row[0] for row in found] == list(range(1, 1201))
        one = conn.execute(insert(odd).values({"y%(z)s": -1}))
        assert one.inserted_primary_key == (1201,) and one.rowcount == 1
        upsert = pg.insert(odd).values(id=1, x="new%").on_conflict_do_update(
            index_elements=["id"], set_={"x": "changed%"}
        )  # fmt: skip
        assert conn.scalar(upsert.returning(odd.c.x)) == "changed%"


def test_sequences_and_server_defaults(engine: Any) -> None:
    counted = Table(
        "counted",
        MetaData(),
        Column("id", Integer, Sequence("the %(s)s", start=5), primary_key=True),
        Column("n", Integer, server_default=text("7 % 4")),
    )
    with engine.begin() as conn:
        counted.metadata.create_all(conn)
        assert conn.scalar(Sequence("the %(s)s")) == 5
        assert conn.execute(insert(counted).returning(counted.c.id, counted.c.n)).one() == (6, 3)
        assert conn.scalars(insert(counted).returning(counted.c.n), [{}, {}]).all() == [3, 3]


def test_reflection(engine: Any) -> None:
    with filled(engine) as conn:
        conn.commit()
        found = Table("odd %(t)s", MetaData(), autoload_with=conn)
        assert [c.name for c in found.c] == ["id", "x", "y%(z)s", "a:b"]
        assert [type(c.type).__name__ for c in found.c] == ["INTEGER", "VARCHAR", "INTEGER", "INTEGER"]
        assert inspect(conn).get_pk_constraint("odd %(t)s")["constrained_columns"] == ["id"]


# What the driver raises for an error of the server, as psycopg and psycopg2 do; pg8000 tells one apart.
ERRORS = [
    ("selec 1", exc.ProgrammingError, "42601"),
    ("select * from nowhere", exc.ProgrammingError, "42P01"),
    ("select 1/0", exc.DataError, "22012"),
    ("select 'a'::int", exc.DataError, "22P02"),
    ("select 99999999999::int", exc.DataError, "22003"),
    ("insert into e values (1, null)", exc.IntegrityError, "23502"),
    ("insert into e values (1, 0)", exc.IntegrityError, "23514"),
    ("insert into e values (1, 1), (1, 1)", exc.IntegrityError, "23505"),
    ("set local statement_timeout = 1; select pg_sleep(1)", exc.OperationalError, "57014"),
    ("do $$ begin raise exception 'x' using errcode = '40001'; end $$", exc.OperationalError, "40001"),
    ("do $$ begin raise exception 'x' using errcode = '40P01'; end $$", exc.OperationalError, "40P01"),
    ("do $$ begin raise exception 'x' using errcode = 'XX000'; end $$", exc.InternalError, "XX000"),
]


def sqlstate(error: exc.DBAPIError) -> str:
    """The code of the error, where the driver keeps it."""
    orig: Any = error.orig
    return getattr(orig, "sqlstate", None) or getattr(orig, "pgcode", None) or orig.args[0]["C"]


def test_errors(engine: Any) -> None:
    with engine.begin() as conn:
        conn.exec_driver_sql("create table e (id int primary key, v int not null check (v > 0))")
    for statement, kind, code in ERRORS:
        if engine.driver == "asyncpg" and ";" in statement:
            continue  # it takes one at a time
        with engine.connect() as conn, pytest.raises(exc.DBAPIError) as caught:
            conn.exec_driver_sql(statement)
        if engine.driver == "pg8000" and code != "23505":
            kind = exc.ProgrammingError
        if engine.driver == "asyncpg" and kind in (exc.DataError, exc.OperationalError):
            kind = exc.DBAPIError
        assert type(caught.value) is kind and sqlstate(caught.value) == code, statement
        assert not caught.value.connection_invalidated
        assert isinstance(caught.value.orig, engine.dialect.dbapi.Error)
        assert statement in str(caught.value)


def test_a_failed_transaction_says_so(engine: Any) -> None:
    with engine.connect() as conn:
        with pytest.raises(exc.DBAPIError):
            conn.exec_driver_sql("select 1/0")
        with pytest.raises(exc.DBAPIError, match="current transaction is aborted"):
            conn.exec_driver_sql("select 1")
        conn.rollback()
        with conn.begin_nested() as savepoint:
            with pytest.raises(exc.DBAPIError):
                conn.exec_driver_sql("select 1/0")
            savepoint.rollback()
        assert conn.exec_driver_sql("select 1").scalar() == 1


def test_hidden_parameters(url: str) -> None:
    engine = create_engine(url, hide_parameters=True)
    with engine.connect() as conn, pytest.raises(exc.DBAPIError) as caught:
        conn.execute(text("select 1 / :secret"), {"secret": 0})
    assert "hide_parameters=True" in str(caught.value) and "[parameters" not in str(caught.value)
    engine.dispose()


def test_what_a_listener_sees(engine: Any, sql_log: Any) -> None:
    log = sql_log(engine)
    with engine.connect() as conn:
        conn.execute(select(literal(5, Integer), literal("x", String), literal({"a": 1}, pg.JSONB)))
    statement, parameters = log[-1]
    expected = {
        "psycopg": "SELECT %(param_1)s::INTEGER AS anon_1, %(param_2)s::VARCHAR AS anon_2, "
        "%(param_3)s::JSONB AS anon_3",
        "psycopg2": "SELECT %(param_1)s AS anon_1, %(param_2)s AS anon_2, %(param_3)s::JSONB AS anon_3",
        "asyncpg": "SELECT $1::INTEGER AS anon_1, $2::VARCHAR AS anon_2, $3::JSONB AS anon_3",
        "pg8000": "SELECT %s::INTEGER AS anon_1, %s::VARCHAR AS anon_2, %s::JSONB AS anon_3",
    }
    assert statement == expected[engine.driver]
    values = list(parameters) if engine.dialect.positional else list(parameters.values())
    assert values[:2] == [5, "x"]
    assert repr(values[2]) == ("Jsonb({'a': 1})" if engine.driver == "psycopg" else "'{\"a\": 1}'")


def test_objects(engine: Any) -> None:
    from relvar.orm import Session, declarative_base

    base: Any = declarative_base()

    class Thing(base):
        __tablename__ = "things"
        id = Column(Integer, primary_key=True)
        name = Column(String(30))
        tags = Column(pg.ARRAY(String))

    base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Thing(name=f"%{n}", tags=["a", "b%"][: n % 3]) for n in range(50)])
        session.commit()
        things = session.scalars(select(Thing).order_by(Thing.id)).all()
        assert [thing.id for thing in things] == list(range(1, 51))
        things[0].name = "changed:%"
        session.delete(things[1])
        session.commit()
        assert session.get(Thing, 1).name == "changed:%" and session.get(Thing, 2) is None  # type: ignore[union-attr]
        assert session.scalars(select(Thing.name).where(Thing.tags.contains(["a"])).limit(1)).one() == "%2"


@pytest.mark.feature("E015")
def test_versions(engine: Any) -> None:
    with engine.connect():
        dialect = engine.dialect
        assert dialect.server_version_info >= (9, 6)
        assert dialect.default_schema_name == "public"
        assert dialect.default_isolation_level == "READ COMMITTED"
        assert dialect.dbapi_version >= dialect.minimum_dbapi_version
        driver = relvar.make_url(engine.url).get_driver_name().removesuffix("_async")
        assert dialect.dialect_description == f"postgresql+{driver}"


def test_rows_without_columns(engine: Any) -> None:
    with engine.connect() as conn:
        if engine.driver in ("psycopg", "psycopg_async", "psycopg2"):
            found = conn.exec_driver_sql("SELECT FROM generate_series(1, 2)")
            assert found.returns_rows and list(found.keys()) == [] and found.all() == [(), ()]
        changed = conn.exec_driver_sql("CREATE TEMPORARY TABLE without_rows (i INTEGER)")
        assert not changed.returns_rows
        added = conn.exec_driver_sql("INSERT INTO without_rows VALUES (1), (2)")
        assert (added.returns_rows, added.rowcount) == (False, 2)
        none = conn.exec_driver_sql("SELECT i FROM without_rows WHERE i > 5")
        assert none.returns_rows and none.all() == []


@pytest.mark.backends("postgresql18+psycopg", "postgresql18+psycopg_async")
def test_several_results_of_one_cursor(engine: Any) -> None:
    with engine.connect() as conn:
        conn.exec_driver_sql("CREATE TEMPORARY TABLE sets (i INTEGER)")
        cursor = conn.connection.cursor()
        cursor.execute("SELECT 1 UNION ALL SELECT 2; INSERT INTO sets VALUES (3); SELECT i FROM sets")
        # what was not read of a result is gone with it
        assert cursor.fetchone() == (1,)
        assert cursor.nextset() and cursor.description is None
        assert cursor.nextset() and cursor.fetchall() == [(3,)]
        assert not cursor.nextset()
