"""Engines, connections, results and rows as a user meets them."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from relvar import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    engine_from_config,
    event,
    exc,
    func,
    insert,
    inspect,
    literal,
    make_url,
    select,
    text,
    update,
)
from relvar.engine import Row
from relvar.pool import NullPool, QueuePool, StaticPool

metadata = MetaData()
t = Table(
    "t",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(20)),
    Column("n", Integer, default=7),
    Column("s", Integer, server_default="9"),
)


@pytest.fixture
def conn(engine: Any) -> Iterator[Any]:
    metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection


def fill(conn: Any, *names: str) -> None:
    conn.execute(insert(t), [{"name": name} for name in names])


# Engines ---------------------------------------------------------------------------------------------


@pytest.mark.feature("A001")
def test_create_engine_takes_every_option(tmp_path: Any) -> None:
    import json
    import sqlite3

    calls: list[Any] = []
    engine = create_engine(
        f"sqlite:///{tmp_path}/x.db",
        connect_args={"timeout": 3},
        echo=False,
        echo_pool=False,
        enable_from_linting=True,
        execution_options={"mine": 1},
        future=True,
        hide_parameters=True,
        insertmanyvalues_page_size=50,
        isolation_level="SERIALIZABLE",
        json_serializer=json.dumps,
        json_deserializer=json.loads,
        label_length=20,
        logging_name="x",
        max_identifier_length=60,
        max_overflow=3,
        module=sqlite3,
        paramstyle="named",
        plugins=[],
        poolclass=QueuePool,
        pool_logging_name="p",
        pool_pre_ping=True,
        pool_recycle=100,
        pool_reset_on_return="rollback",
        pool_size=2,
        pool_timeout=5,
        pool_use_lifo=True,
        query_cache_size=100,
        skip_autocommit_rollback=False,
        use_insertmanyvalues=True,
    )
    assert isinstance(engine.pool, QueuePool) and engine.pool.size() == 2
    assert engine.get_execution_options()["mine"] == 1 and engine.dialect.paramstyle == "named"
    with engine.connect() as conn:
        assert conn.execute(select(literal(5).label("five"))).one().five == 5
        assert "(:param_1)" in str(insert(t).values(n=1).compile(engine)) or ":n" in str(
            insert(t).values(n=1).compile(engine)
        )
    engine.dispose()

    def creator() -> Any:
        calls.append(1)
        return sqlite3.connect(":memory:")

    engine = create_engine("sqlite://", creator=creator, poolclass=StaticPool)
    with engine.connect() as conn:
        conn.execute(select(1))
    assert calls == [1]
    engine.dispose()
    shared = QueuePool(creator, pool_size=1)
    assert create_engine("sqlite://", pool=shared).pool is shared
    shared.dispose()
    with pytest.raises(TypeError, match="Invalid argument"):
        create_engine("sqlite://", nonsense=1)
    with pytest.raises(exc.ArgumentError, match="Expected string or URL object"):
        create_engine(5)


def test_engine_from_config() -> None:
    engine = engine_from_config(
        {"db.url": "sqlite://", "db.echo": "false", "db.pool_recycle": "50", "other": "x"}, prefix="db."
    )
    assert engine.name == "sqlite" and engine.echo is False
    with engine.connect() as conn:
        assert conn.scalar(select(1)) == 1
    engine.dispose()


@pytest.mark.feature("A009", "S001")
def test_engine_object(engine: Any) -> None:
    assert engine.name == engine.dialect.name and engine.driver == engine.dialect.driver
    assert engine.url.get_backend_name() in ("sqlite", "postgresql", "mariadb")
    with engine.begin() as conn:
        metadata.create_all(conn)
        conn.execute(insert(t).values(name="x"))
    with pytest.raises(ZeroDivisionError), engine.begin() as conn:
        conn.execute(insert(t).values(name="lost"))
        1 / 0
    with engine.connect() as conn:
        assert conn.scalars(select(t.c.name)).all() == ["x"]
        assert conn.engine is engine and conn.dialect is engine.dialect
    raw = engine.raw_connection()
    cursor = raw.cursor()
    cursor.execute("select name from t")
    assert list(cursor.fetchall()) == [("x",)]
    cursor.close()
    raw.close()
    optioned = engine.execution_options(mine=2)
    assert optioned.get_execution_options()["mine"] == 2 and "mine" not in engine.get_execution_options()
    assert optioned.pool is engine.pool
    engine.update_execution_options(other=3)
    assert engine.get_execution_options()["other"] == 3
    engine.clear_compiled_cache()
    pool = engine.pool
    engine.dispose(close=False)
    assert engine.pool is not pool
    pool.dispose()
    engine.dispose()
    with engine.connect() as conn:
        assert conn.exec_driver_sql("select 1").scalar() == 1
    engine.echo = True
    assert engine.echo is True
    engine.echo = False


@pytest.mark.feature("A011")
def test_connection_execution(conn: Any) -> None:
    conn.execute(insert(t), {"name": "one"})
    conn.execute(insert(t), [{"name": "two"}, {"name": "three"}])
    assert conn.scalar(select(func.count()).select_from(t)) == 3
    assert conn.scalars(select(t.c.name).where(t.c.id > text(":x")).order_by(t.c.id), {"x": 1}).all() == [
        "two",
        "three",
    ]
    result = conn.execute(select(t.c.name).order_by(t.c.id), execution_options={"stream_results": False})
    assert result.scalars().first() == "one"
    with pytest.raises(exc.ObjectNotExecutableError, match="Not an executable object: 'select 1'"):
        conn.execute("select 1")
    with pytest.raises(exc.ArgumentError, match="mapping or list|List argument|dictionar"):
        conn.execute(select(t), (1, 2))


# Transactions ----------------------------------------------------------------------------------------


@pytest.mark.feature("A014")
def test_autobegin(conn: Any) -> None:
    assert not conn.in_transaction()
    fill(conn, "a")
    assert conn.in_transaction()
    conn.rollback()
    assert not conn.in_transaction() and conn.scalar(select(func.count()).select_from(t)) == 0
    fill(conn, "b")
    conn.commit()
    conn.rollback()
    assert conn.scalars(select(t.c.name)).all() == ["b"]
    with pytest.raises(exc.InvalidRequestError, match="already initialized a SQLAlchemy Transaction"):
        conn.begin()
    conn.commit()  # nothing to do is fine


@pytest.mark.feature("A015")
def test_begin_once(conn: Any) -> None:
    with conn.begin() as transaction:
        fill(conn, "a")
        assert transaction.is_active and conn.get_transaction() is transaction
    assert not transaction.is_active
    with pytest.raises(ZeroDivisionError), conn.begin():
        fill(conn, "b")
        1 / 0
    transaction = conn.begin()
    fill(conn, "c")
    transaction.rollback()
    with conn.begin():
        assert conn.scalars(select(t.c.name)).all() == ["a"]
        with pytest.raises(exc.InvalidRequestError):
            conn.begin()
    with conn.engine.begin() as other:
        fill(other, "d")
    assert conn.scalars(select(t.c.name).order_by(t.c.id)).all() == ["a", "d"]
    with (
        pytest.raises(exc.InvalidRequestError, match="Can't operate on closed transaction"),
        conn.engine.begin() as closed,
    ):
        closed.rollback()
        closed.execute(select(1))


def test_savepoints(conn: Any) -> None:
    with conn.begin():
        fill(conn, "a")
        nested = conn.begin_nested()
        fill(conn, "b")
        assert conn.in_nested_transaction() and conn.get_nested_transaction() is nested
        nested.rollback()
        with conn.begin_nested():
            fill(conn, "c")
        with pytest.raises(exc.IntegrityError), conn.begin_nested():
            conn.execute(insert(t), [{"id": 1, "name": "x"}, {"id": 1, "name": "y"}])
    assert conn.scalars(select(t.c.name).order_by(t.c.id)).all() == ["a", "c"]


# Many rows -------------------------------------------------------------------------------------------


@pytest.mark.feature("A024")
def test_executemany(conn: Any) -> None:
    result = conn.execute(insert(t), [{"name": f"n{i}", "n": i} for i in range(1000)])
    assert result.rowcount in (1000, -1)
    assert conn.execute(select(func.count(), func.sum(t.c.n))).one() == (1000, 499500)
    from relvar import bindparam

    conn.execute(
        update(t).where(t.c.name == bindparam("who")).values(n=bindparam("new")),
        [{"who": "n1", "new": -1}, {"who": "n2", "new": -2}],
    )
    assert conn.scalars(select(t.c.n).where(t.c.n < 0).order_by(t.c.n)).all() == [-2, -1]
    with pytest.warns(DeprecationWarning, match="Empty parameter sequence"):
        conn.execute(insert(t), [])
    with pytest.raises(
        exc.StatementError, match="A value is required for bind parameter 'n', in parameter group 1"
    ):
        conn.execute(insert(t), [{"name": "a", "n": 1}, {"name": "b"}])


@pytest.mark.feature("A025")
def test_batched_insert_returning(conn: Any, sql_log: Any) -> None:
    log = sql_log(conn.engine)
    rows = [{"name": f"n{i}"} for i in range(2500)]
    statement = insert(t).returning(t.c.id, t.c.name, t.c.n, t.c.s, sort_by_parameter_order=True)
    made = conn.execute(statement, rows).all()
    assert [r.name for r in made] == [r["name"] for r in rows]
    assert len({r.id for r in made}) == 2500 and made[0].n == 7 and made[0].s == 9
    stored = {r.id: r.name for r in conn.execute(select(t.c.id, t.c.name))}
    assert all(stored[r.id] == r.name for r in made)
    paged = len(log)
    conn.execute(
        insert(t).returning(t.c.id), rows[:100], execution_options={"insertmanyvalues_page_size": 10}
    ).all()
    assert len(log) > paged
    unsorted = conn.execute(insert(t).returning(t.c.name), rows[:5]).scalars().all()
    assert sorted(unsorted) == ["n0", "n1", "n2", "n3", "n4"]


@pytest.mark.feature("A026")
def test_compiled_cache(engine: Any, caplog: pytest.LogCaptureFixture) -> None:
    metadata.create_all(engine)
    small = create_engine(engine.url, query_cache_size=2, echo=True)
    with small.connect() as conn, caplog.at_level(logging.INFO):
        for value in (1, 2):
            conn.execute(select(t.c.id).where(t.c.id == value))
        assert "generated in" in caplog.text and "cached since" in caplog.text
        cache: dict[Any, Any] = {}
        own = conn.execution_options(compiled_cache=cache)
        own.execute(select(t.c.name).where(t.c.id == 5))
        own.execute(select(t.c.name).where(t.c.id == 6))
        assert len(cache) == 1
        conn.execution_options(compiled_cache=None).execute(select(t.c.name))
        assert "[no key" in caplog.text or "caching disabled" in caplog.text
    small.clear_compiled_cache()
    small.dispose()
    assert (
        select(t.c.id).where(t.c.id == 1)._generate_cache_key()
        == select(t.c.id).where(t.c.id == 2)._generate_cache_key()
    )
    assert select(t.c.id)._generate_cache_key() != select(t.c.name)._generate_cache_key()


# Results ---------------------------------------------------------------------------------------------


@pytest.mark.feature("A028")
def test_result_api(conn: Any) -> None:
    fill(conn, *"abcde")

    def result() -> Any:
        return conn.execute(select(t.c.id, t.c.name).order_by(t.c.id))

    everything = [(1, "a"), (2, "b"), (3, "c"), (4, "d"), (5, "e")]
    assert result().all() == everything and result().fetchall() == everything and list(result()) == everything
    assert result().first() == (1, "a") and result().fetchone() == (1, "a")
    assert (
        result().scalar() == 1
        and result().scalars().all() == [1, 2, 3, 4, 5]
        and result().scalars("name").first() == "a"
    )
    assert list(result().keys()) == ["id", "name"]
    r = result()
    assert (
        r.fetchmany(2) == everything[:2]
        and r.fetchmany(9) == everything[2:]
        and r.fetchmany(1) == []
        and r.fetchone() is None
    )
    assert [len(p) for p in result().partitions(2)] == [2, 2, 1]
    assert [len(p) for p in result().yield_per(3).partitions()] == [3, 2]
    one = conn.execute(select(t.c.name).where(t.c.id == 1))
    assert one.one() == ("a",)
    assert conn.execute(select(t.c.name).where(t.c.id == 1)).scalar_one() == "a"
    assert conn.execute(select(t.c.name).where(t.c.id == 99)).one_or_none() is None
    assert conn.execute(select(t.c.name).where(t.c.id == 99)).scalar_one_or_none() is None
    assert conn.execute(select(t.c.name).where(t.c.id == 99)).first() is None
    with pytest.raises(exc.NoResultFound, match="No row was found when one was required"):
        conn.execute(select(t.c.name).where(t.c.id == 99)).one()
    with pytest.raises(
        exc.MultipleResultsFound, match="Multiple rows were found when exactly one was required"
    ):
        result().one()
    with pytest.raises(
        exc.MultipleResultsFound, match="Multiple rows were found when one or none was required"
    ):
        result().one_or_none()
    assert result().columns("name", 0).all()[0] == ("a", 1) and result().columns(t.c.name).first() == ("a",)
    assert conn.execute(select(t.c.n)).unique().all() == [(7,)]
    assert len(conn.execute(select(t.c.id)).unique(lambda r: r.id % 2).all()) == 2
    frozen = result().freeze()
    assert frozen().all() == everything and frozen().scalars().all() == [1, 2, 3, 4, 5]
    assert result().merge(result()).all() == everything * 2
    r = result()
    assert not r.closed
    r.close()
    assert r.closed
    with pytest.raises(exc.ResourceClosedError, match="This result object is closed"):
        r.all()
    with result() as r:
        assert r.fetchone() == (1, "a")
    assert r.closed
    written = conn.execute(update(t).values(name="z"))
    with pytest.raises(exc.ResourceClosedError, match="This result object does not return rows"):
        written.all()


@pytest.mark.feature("A029")
def test_result_filters(conn: Any) -> None:
    fill(conn, *"abc")
    statement = select(t.c.id, t.c.name).order_by(t.c.id)
    scalars = conn.execute(statement).scalars(1)
    assert scalars.fetchmany(2) == ["a", "b"] and scalars.first() == "c"
    assert list(conn.scalars(statement)) == [1, 2, 3] and conn.scalars(statement).partitions(
        2
    ).__next__() == [1, 2]
    assert conn.scalars(select(t.c.name).where(t.c.id == 2)).one() == "b" and conn.scalars(
        statement
    ).unique().all() == [1, 2, 3]
    mappings = conn.execute(statement).mappings()
    assert list(mappings.keys()) == ["id", "name"]
    assert mappings.fetchone() == {"id": 1, "name": "a"} and mappings.all() == [
        {"id": 2, "name": "b"},
        {"id": 3, "name": "c"},
    ]
    assert conn.execute(statement).mappings().first()[t.c.name] == "a"
    assert conn.execute(statement).mappings().columns("name").all() == [
        {"name": "a"},
        {"name": "b"},
        {"name": "c"},
    ]
    with pytest.warns(DeprecationWarning, match="tuples"):
        assert conn.execute(statement).tuples().all() == [(1, "a"), (2, "b"), (3, "c")]
    with pytest.raises(exc.NoResultFound):
        conn.execute(statement.where(t.c.id == 9)).mappings().one()


@pytest.mark.feature("A031")
def test_row(conn: Any) -> None:
    fill(conn, "a")
    row = conn.execute(select(t.c.id, t.c.name, literal(3).label("count"))).one()
    assert isinstance(row, Row) and isinstance(row, Sequence)
    assert row[0] == 1 and row.name == "a" and row[1:] == ("a", 3) and row[-1] == 3
    assert (
        row == (1, "a", 3)
        and row != (1, "a")
        and row < (2, "a", 3)
        and hash(row) == hash((1, "a", 3))
        and len(row) == 3
    )
    assert row._fields == ("id", "name", "count") and row._asdict() == {"id": 1, "name": "a", "count": 3}
    assert row._mapping["name"] == row._mapping[t.c.name] == "a" and dict(row._mapping) == row._asdict()
    assert "name" in row._mapping and t.c.id in row._mapping and list(row._mapping.values()) == [1, "a", 3]
    for name in ("_tuple", "tuple", "_t", "t"):
        with pytest.warns(DeprecationWarning, match="Row"):
            same = getattr(row, name)
            assert (same() if callable(same) else same) == (1, "a", 3)
    mapping = row._mapping
    assert list(mapping) == list(mapping.keys()) == ["id", "name", "count"] and len(mapping) == 3
    assert list(mapping.items()) == [("id", 1), ("name", "a"), ("count", 3)] and mapping.get("nope") is None
    assert pickle.loads(pickle.dumps(mapping)) == mapping == {"id": 1, "name": "a", "count": 3}
    plain = conn.execute(select(t.c.name, t.c.name.label("again"))).one()
    assert plain.count("a") == 2  # a method, where no column is called so
    assert row.index("a") == 1 and repr(row) == "(1, 'a', 3)"
    again = pickle.loads(pickle.dumps(row))
    assert again == row and again.name == "a" and again._fields == row._fields
    a, b, c = row
    assert (a, b, c) == (1, "a", 3) and [*row] == [1, "a", 3] and "a" in row
    with pytest.raises(AttributeError, match="Could not locate column in row for column 'nope'"):
        row.nope
    with pytest.raises(exc.NoSuchColumnError):
        row._mapping["nope"]
    with pytest.raises(AttributeError):
        row.name = "x"
    other = t.alias("x")
    twice = conn.execute(select(t.c.id, other.c.id).where(other.c.id == t.c.id)).one()
    assert twice == (1, 1)


def test_cursor_result_facts(conn: Any) -> None:
    result = conn.execute(insert(t).values(name="x"))
    assert result.inserted_primary_key == (1,) and result.inserted_primary_key.id == 1
    assert result.is_insert and result.rowcount in (1, -1)
    assert result.last_inserted_params()["name"] == "x" and result.last_inserted_params()["n"] == 7
    assert conn.execute(update(t).values(n=1)).rowcount == 1
    assert conn.execute(select(t.c.id)).returns_rows


# Errors and logs -------------------------------------------------------------------------------------


@pytest.mark.feature("A033")
def test_driver_errors_are_wrapped(conn: Any) -> None:
    conn.execute(insert(t).values(id=1))
    with pytest.raises(exc.IntegrityError) as caught:
        conn.execute(insert(t), {"id": 1, "name": "x" * 20})
    error = caught.value
    assert (
        isinstance(error, exc.DatabaseError)
        and isinstance(error, exc.DBAPIError)
        and isinstance(error, exc.StatementError)
    )
    assert isinstance(error.orig, conn.dialect.dbapi.IntegrityError) and error.driver_exception is error.orig
    assert error.__cause__ is error.orig and error.connection_invalidated is False and error.code == "gkpj"
    assert error.statement.startswith("INSERT INTO t")
    assert "[SQL: INSERT INTO t" in str(error) and "[parameters: " in str(error)
    again = pickle.loads(pickle.dumps(exc.StatementError("m", "select", {"a": 1}, None)))
    assert again.statement == "select" and again.params == {"a": 1}
    conn.rollback()
    with pytest.raises((exc.OperationalError, exc.ProgrammingError)):
        conn.execute(text("select * from nowhere_at_all"))
    conn.rollback()
    with pytest.raises(exc.StatementError) as not_sent:
        conn.execute(insert(t), {"id": object()})
    assert "INSERT INTO t" in str(not_sent.value)
    hidden = create_engine(conn.engine.url, hide_parameters=True)
    with hidden.connect() as other, pytest.raises(exc.DBAPIError) as secret:
        other.execute(text("select * from nowhere where x = :x"), {"x": "geheim"})
    assert "geheim" not in str(secret.value) and "hide_parameters=True" in str(secret.value)
    hidden.dispose()


@pytest.mark.feature("A037")
def test_logging(engine: Any, caplog: pytest.LogCaptureFixture) -> None:
    metadata.create_all(engine)
    loud = create_engine(
        engine.url,
        echo="debug",
        echo_pool="debug",
        logging_name="mine",
        pool_logging_name="minepool",
        poolclass=QueuePool,
    )
    with caplog.at_level(logging.DEBUG), loud.connect() as conn:
        conn.execution_options(logging_token="token").execute(insert(t), {"name": "seen"})
        conn.commit()
    messages = [(r.name, r.getMessage()) for r in caplog.records]
    names = {name for name, _ in messages}
    assert "sqlalchemy.engine.Engine.mine" in names
    assert any(name.startswith("sqlalchemy.pool.impl.QueuePool.minepool") for name in names)
    texts = [text for _, text in messages]
    assert any("BEGIN (implicit)" in x for x in texts) and any("INSERT INTO t" in x for x in texts)
    assert (
        any("'seen'" in x for x in texts)
        and any("COMMIT" in x for x in texts)
        and any(x.startswith("[token]") for x in texts)
    )
    loud.dispose()
    caplog.clear()
    hidden = create_engine(engine.url, echo=True, hide_parameters=True)
    with caplog.at_level(logging.INFO), hidden.begin() as conn:
        conn.execute(insert(t), {"name": "geheim"})
        conn.execute(insert(t), [{"name": f"n{i}"} for i in range(100)])
    assert "geheim" not in caplog.text and "hide_parameters=True" in caplog.text
    hidden.dispose()
    caplog.clear()
    many = create_engine(engine.url, echo=True)
    with caplog.at_level(logging.INFO), many.begin() as conn:
        conn.execute(insert(t), [{"name": f"n{i}"} for i in range(100)])
        conn.execute(insert(t), {"name": "y" * 20})
    assert "displaying 10 of 100 total bound parameter sets" in caplog.text
    many.dispose()


@pytest.mark.feature("A044")
def test_stringify() -> None:
    from relvar.dialects import mysql, postgresql

    statement = select(t.c.id).where(t.c.name == "it's", t.c.id.in_([1, 2])).limit(3)
    assert str(statement) == (
        "SELECT t.id \nFROM t \nWHERE t.name = :name_1 AND t.id IN (__[POSTCOMPILE_id_1])\n LIMIT :param_1"
    )
    inlined = statement.compile(compile_kwargs={"literal_binds": True})
    assert str(inlined) == "SELECT t.id \nFROM t \nWHERE t.name = 'it''s' AND t.id IN (1, 2)\n LIMIT 3"
    expanded = statement.compile(compile_kwargs={"render_postcompile": True})
    assert "t.id IN (:id_1_1, :id_1_2)" in str(expanded) and expanded.params["id_1_2"] == 2
    assert "%(name_1)s::VARCHAR" in str(statement.compile(dialect=postgresql.dialect()))
    assert "LIMIT %s" in str(statement.compile(dialect=mysql.dialect()))
    assert "LIMIT ?" in str(statement.compile(create_engine("sqlite://")))
    assert str(t.c.id + 5) == "t.id + :id_1" and str(func.now()) == "now()"
    assert repr(statement.compile().params) == "{'name_1': \"it's\", 'id_1': [1, 2], 'param_1': 3}"


@pytest.mark.feature("N001")
def test_inspect(conn: Any) -> None:
    from relvar.engine import Inspector
    from relvar.orm import Bundle, Mapper, Session, aliased, declarative_base
    from relvar.orm.state import InstanceState

    Base = declarative_base()

    class Thing(Base):
        __table__ = Table("t", Base.metadata, *(c._copy() for c in t.columns))

    assert isinstance(inspect(conn.engine), Inspector) and isinstance(inspect(conn), Inspector)
    assert inspect(t) is t
    assert isinstance(inspect(Thing), Mapper) and isinstance(inspect(Thing()), InstanceState)
    assert inspect(aliased(Thing)).mapper is inspect(Thing)
    assert inspect(Thing.name).key == "name"
    thing = Thing()
    assert inspect(thing) is inspect(inspect(thing)) and inspect(thing).obj() is thing
    assert inspect(inspect(Thing)) is inspect(Thing) and inspect(Thing.__table__.c.id) is Thing.__table__.c.id
    assert inspect(select(t.c.id)).selected_columns.keys() == ["id"]
    assert {inspect(Thing).is_mapper, inspect(aliased(Thing)).is_aliased_class, inspect(t).is_selectable} == {
        True
    }
    for each in (Thing.name.property, Bundle("b", Thing.name), Base.metadata, Thing.name):
        assert inspect(each) is each
    with pytest.raises(
        exc.NoInspectionAvailable, match="No inspection system is available for object of type"
    ):
        inspect(object())
    assert inspect(object(), raiseerr=False) is None
    with Session(conn) as session:
        session.add(Thing(name="x"))
        session.flush()


def test_urls() -> None:
    url = make_url("postgresql+psycopg://scott:ti%40ger@host:1234/db?a=1&a=2&b=x")
    assert (url.drivername, url.username, url.password, url.host, url.port, url.database) == (
        "postgresql+psycopg",
        "scott",
        "ti@ger",
        "host",
        1234,
        "db",
    )
    assert (
        url.query == {"a": ("1", "2"), "b": "x"}
        and url.get_backend_name() == "postgresql"
        and url.get_driver_name() == "psycopg"
    )
    assert url.set(port=5).port == 5 and url.port == 1234
    assert str(url) == "postgresql+psycopg://scott:***@host:1234/db?a=1&a=2&b=x"


def test_pool_classes_by_url(tmp_path: Any) -> None:
    assert type(create_engine(f"sqlite:///{tmp_path}/x").pool) is QueuePool
    assert type(create_engine("postgresql://x/y").pool) is QueuePool
    engine = create_engine("sqlite://", poolclass=NullPool)
    with engine.connect():
        pass
    assert type(engine.pool) is NullPool


@pytest.mark.feature("A034")
def test_library_errors_form_a_tree() -> None:
    tree = {
        "ArgumentError": "SQLAlchemyError",
        "InvalidRequestError": "SQLAlchemyError",
        "CompileError": "SQLAlchemyError",
        "NoResultFound": "InvalidRequestError",
        "MultipleResultsFound": "InvalidRequestError",
        "NoSuchTableError": "InvalidRequestError",
        "NoSuchColumnError": "InvalidRequestError",
        "NoSuchModuleError": "ArgumentError",
        "NoInspectionAvailable": "InvalidRequestError",
        "NoReferencedTableError": "NoReferenceError",
        "NoForeignKeysError": "ArgumentError",
        "AmbiguousForeignKeysError": "ArgumentError",
        "AmbiguousColumnError": "InvalidRequestError",
        "CircularDependencyError": "SQLAlchemyError",
        "ResourceClosedError": "InvalidRequestError",
        "PendingRollbackError": "InvalidRequestError",
        "TimeoutError": "SQLAlchemyError",
        "DisconnectionError": "SQLAlchemyError",
        "IllegalStateChangeError": "InvalidRequestError",
        "MissingGreenlet": "InvalidRequestError",
        "AwaitRequired": "InvalidRequestError",
        "NoDBAPILoaded": "SQLAlchemyError",
        "UnreflectableTableError": "InvalidRequestError",
    }
    wrong = [n for n, b in tree.items() if not issubclass(getattr(exc, n), getattr(exc, b))]
    assert not wrong
    assert exc.DontWrapMixin is not None
    sent = create_engine("sqlite://")

    class Own(Exception, exc.DontWrapMixin):
        pass

    @event.listens_for(sent, "before_cursor_execute")
    def fail(*args: Any) -> None:
        raise Own("not wrapped")

    with sent.connect() as conn, pytest.raises(Own):
        conn.execute(select(1))
