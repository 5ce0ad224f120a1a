"""
Options of engines, connections and statements: isolation, schemas, streams, what a result keeps.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    exc,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from relvar.orm import DeclarativeBase, Session, mapped_column
from relvar.schema import CreateSchema, DropSchema

t = Table("things", MetaData(), Column("id", Integer, primary_key=True), Column("name", String(20)))


@pytest.fixture
def conn(engine: Any) -> Iterator[Any]:
    t.create(engine)
    with engine.connect() as conn:
        yield conn


def names(engine: Any) -> list[str]:
    with engine.connect() as conn:
        return list(conn.scalars(select(t.c.name).order_by(t.c.id)))


# Isolation -------------------------------------------------------------------------------------------


LEVELS = {
    "sqlite": {"SERIALIZABLE", "READ UNCOMMITTED", "AUTOCOMMIT"},
    "postgresql": {"SERIALIZABLE", "READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "AUTOCOMMIT"},
    "mariadb": {"SERIALIZABLE", "READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "AUTOCOMMIT"},
}


@pytest.mark.feature("A019")
def test_levels_of_isolation(engine: Any, url: str) -> None:
    with engine.connect() as conn:
        default = conn.default_isolation_level
        raw = conn.connection.dbapi_connection
        levels = engine.dialect.get_isolation_level_values(raw)
        assert set(levels) == LEVELS[engine.name] and default in levels
        assert engine.dialect.get_default_isolation_level(raw) == default
    for level in sorted(LEVELS[engine.name] - {"AUTOCOMMIT"}):
        other = create_engine(url, isolation_level=level)
        with other.connect() as conn:
            assert conn.get_isolation_level() == level
            # once the transaction is over another level may be chosen
            conn.execute(select(1))
            with pytest.raises(exc.InvalidRequestError, match="may not be altered unless rollback"):
                conn.execution_options(isolation_level=default)
            conn.rollback()
            conn.execution_options(isolation_level=default)
            assert conn.get_isolation_level() == default
        with other.connect() as conn:
            assert conn.get_isolation_level() == level
        other.dispose()
        with engine.connect().execution_options(isolation_level=level) as conn, conn.begin():
            assert conn.get_isolation_level() == level
        with engine.execution_options(isolation_level=level).connect() as conn:
            assert conn.get_isolation_level() == level
        with engine.connect() as conn:
            assert conn.get_isolation_level() == default
    with (
        engine.connect() as conn,
        pytest.raises(exc.ArgumentError, match="Invalid value 'X' for isolation_l"),
    ):
        conn.execution_options(isolation_level="X")
    with pytest.raises(
        exc.ArgumentError, match=r"'isolation_level' execution option .* per-statement|Connection"
    ):
        with engine.connect() as conn:
            conn.execute(select(1).execution_options(isolation_level="SERIALIZABLE"))


@pytest.mark.feature("A019")
def test_isolation_is_what_it_says(pg_engine: Any) -> None:
    t.create(pg_engine)
    with pg_engine.connect().execution_options(isolation_level="REPEATABLE READ") as one:
        count = select(func.count()).select_from(t)
        assert one.scalar(count) == 0
        with pg_engine.begin() as two:
            two.execute(insert(t), {"name": "x"})
        assert one.scalar(count) == 0
        one.rollback()
        assert one.scalar(count) == 1


@pytest.mark.feature("A020")
def test_autocommit_of_the_driver(engine: Any, url: str, caplog: pytest.LogCaptureFixture) -> None:
    t.create(engine)
    auto = create_engine(url, isolation_level="AUTOCOMMIT")
    with auto.connect() as conn:
        conn.execute(insert(t), {"name": "a"})
        assert names(engine) == ["a"]
        conn.rollback()
        with conn.begin() as transaction:
            conn.execute(insert(t), {"name": "b"})
            transaction.rollback()
    assert names(engine) == ["a", "b"]
    with engine.connect() as conn:
        conn.execution_options(isolation_level="AUTOCOMMIT")
        conn.execute(insert(t), {"name": "c"})
    with engine.connect() as conn:
        conn.execute(insert(t), {"name": "lost"})
    assert names(engine) == ["a", "b", "c"]
    auto.dispose()


@pytest.mark.feature("A020")
@pytest.mark.parametrize("skip", [False, True])
def test_rollback_may_be_left_out_in_autocommit_mode(tmp_path: Any, skip: bool) -> None:
    import sqlite3

    calls: list[str] = []

    class Connection(sqlite3.Connection):
        def rollback(self) -> None:
            calls.append("rollback")
            super().rollback()

    engine = create_engine(
        f"sqlite:///{tmp_path}/x.db",
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=skip,
        connect_args={"factory": Connection},
    )
    with engine.connect() as conn:
        conn.execute(select(1))
        calls.clear()
        conn.rollback()
    assert calls == ([] if skip else ["rollback"]) or (not skip and set(calls) == {"rollback"})
    engine.dispose()


# Options ---------------------------------------------------------------------------------------------


@pytest.mark.feature("A021")
def test_where_options_come_from(engine: Any) -> None:
    seen: list[Any] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(conn: Any, cursor: Any, statement: Any, parameters: Any, context: Any, many: Any) -> None:
        seen.append(dict(context.execution_options))

    optioned = engine.execution_options(a="engine", b="engine", c="engine", d="engine")
    with optioned.connect() as conn:
        conn.execution_options(b="connection", c="connection", d="connection")
        statement = select(1).execution_options(c="statement", d="statement", e="statement")
        conn.execute(statement, execution_options={"d": "call"})
        # the connection has the last word about a statement's own
        assert seen[-1] == {
            "a": "engine",
            "b": "connection",
            "c": "connection",
            "d": "call",
            "e": "statement",
        }
        assert conn.get_execution_options() == {
            **dict.fromkeys("bcd", "connection"),
            "a": "engine",
        }
        assert statement.get_execution_options() == dict.fromkeys("cde", "statement")
    assert optioned.get_execution_options()["b"] == "engine" and engine.get_execution_options() == {}


@pytest.mark.feature("A021")
def test_options_that_mean_something(conn: Any, caplog: pytest.LogCaptureFixture) -> None:
    cache: dict[Any, Any] = {}
    mine = {"compiled_cache": cache}
    conn.execute(select(t.c.id), execution_options=mine)
    conn.execute(select(t.c.id), execution_options=mine)
    assert len(cache) == 1
    conn.execute(select(t.c.id), execution_options={"compiled_cache": None})
    sql = "select '%' as x" if conn.dialect.name != "sqlite" else "select '%%' as x"
    found = conn.exec_driver_sql(sql, execution_options={"no_parameters": True}).scalar()
    assert found in ("%", "%%")
    with conn.engine.connect() as logged:
        logged.execution_options(logging_token="tok 1")
        conn.engine.echo = True
        try:
            logged.execute(select(1))
        finally:
            conn.engine.echo = False
    rows = [{"name": str(i)} for i in range(7)]
    pages: list[int] = []

    @event.listens_for(conn, "before_cursor_execute")
    def note(conn: Any, cursor: Any, statement: Any, parameters: Any, context: Any, many: Any) -> None:
        if statement.startswith("INSERT"):
            pages.append(statement.count("(?") or statement.count("(%"))

    returning = insert(t).returning(t.c.id)
    conn.execute(returning, rows, execution_options={"insertmanyvalues_page_size": 3}).all()
    assert len(pages) == 3
    updated = conn.execute(update(t).values(name="x"), execution_options={"preserve_rowcount": True})
    assert updated.rowcount == 7
    inserted = conn.execute(insert(t), {"name": "y"}, execution_options={"preserve_rowcount": True})
    assert inserted.rowcount == 1


@pytest.mark.feature("A021")
def test_names_as_the_driver_gives_them(sqlite_engine: Any) -> None:
    with sqlite_engine.connect() as conn:
        conn.exec_driver_sql("create table t (a integer)")
        plain = conn.execute(text("select t.a from t"), execution_options={"driver_column_names": True})
        assert list(plain.keys()) == ["a"]


# Schemas ---------------------------------------------------------------------------------------------

tenant = Table(
    "items",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String(30)),
)
other = Table(
    "parts",
    tenant.metadata,
    Column("id", Integer, primary_key=True),
    Column("item_id", ForeignKey("items.id")),
    schema="shared",
)


@pytest.mark.feature("A022")
def test_tenants_in_schemas(engine: Any, sql_log: Any) -> None:
    schemas = ["tenant_a", "tenant_b"]
    with engine.connect() as conn:
        for schema in schemas:
            if engine.name == "sqlite":
                conn.exec_driver_sql(f"attach database ':memory:' as {schema}")
            else:
                conn.execute(CreateSchema(schema, if_not_exists=True))
                conn.commit()
        try:
            check_tenants(conn, schemas, sql_log(engine))
        finally:
            conn.rollback()
            for schema in schemas if engine.name != "sqlite" else ():
                if engine.name == "postgresql":
                    conn.execute(DropSchema(schema, cascade=True))
                else:
                    conn.execute(DropSchema(schema))
                conn.commit()


def check_tenants(conn: Any, schemas: list[str], log: Any) -> None:
    for schema in schemas:
        mapped = conn.execution_options(schema_translate_map={None: schema, "shared": schema})
        (other if conn.dialect.name != "sqlite" else tenant).metadata.create_all(
            mapped, tables=[tenant] if conn.dialect.name == "sqlite" else None
        )
        mapped.execute(insert(tenant), {"name": f"of {schema}"})
    compiled = len(conn.engine._compiled_cache)
    for schema in schemas:
        options = {"schema_translate_map": {None: schema, "shared": schema}}
        statement = select(tenant.c.name).where(tenant.c.id == 1)
        assert conn.scalar(statement, execution_options=options) == f"of {schema}"
        alias = tenant.alias("x")
        joined = select(alias.c.name).join_from(alias, tenant, alias.c.id == tenant.c.id)
        assert conn.scalars(joined, execution_options=options).all() == [f"of {schema}"]
        changed = update(tenant).values(name=f"new {schema}")
        assert conn.execute(changed, execution_options=options).rowcount == 1
        assert conn.scalar(statement, execution_options=options) == f"new {schema}"
    # the second schema compiled nothing
    assert len(conn.engine._compiled_cache) <= compiled + 3
    assert any("tenant_a" in s for s in log.texts()) and any("tenant_b" in s for s in log.texts())
    assert inspect(conn).has_table("items", schema="tenant_a")
    assert not inspect(conn).has_table("items")


# Streams ---------------------------------------------------------------------------------------------


@pytest.mark.feature("A023")
def test_streams(conn: Any) -> None:
    conn.execute(insert(t), [{"name": f"n{i}"} for i in range(1000)])
    statement = select(t.c.id).order_by(t.c.id)
    everything = list(range(1, 1001))
    streaming = conn.execution_options(stream_results=True)
    result = streaming.execute(statement)
    assert result.fetchone() == (1,) and result.fetchmany(5) == [(i,) for i in range(2, 7)]
    assert [row.id for row in result] == everything[6:]
    for options in ({"max_row_buffer": 10}, {"max_row_buffer": 5000}, {"yield_per": 100}, {}):
        result = conn.execute(statement, execution_options={"stream_results": True, **options})
        assert result.scalars().all() == everything
    parts = conn.execute(statement, execution_options={"yield_per": 300}).scalars().partitions()
    assert [len(part) for part in parts] == [300, 300, 300, 100]
    parts = conn.execute(statement).partitions(400)
    assert [len(part) for part in parts] == [400, 400, 200]
    result = conn.execute(statement).yield_per(10)
    assert next(iter(result.partitions())) == [(i,) for i in range(1, 11)]
    result.close()
    with conn.execute(statement, execution_options={"stream_results": True}) as left:
        assert left.first() == (1,)
    assert left.closed
    assert conn.execute(select(func.count()).select_from(t)).scalar() == 1000


@pytest.mark.feature("A023")
@pytest.mark.backends("postgresql", "mariadb")
def test_streams_do_not_read_ahead(engine: Any, conn: Any) -> None:
    conn.execute(insert(t), [{"name": f"n{i}"} for i in range(100)])
    conn.commit()
    result = conn.execution_options(stream_results=True, max_row_buffer=10).execute(select(t))
    kind = type(result.cursor).__name__
    assert kind in ("SSCursor", "ServerCursor", "AsyncServerCursor"), kind
    result.close()
    conn.rollback()
    plain = conn.execution_options(stream_results=False).execute(select(t))
    assert type(plain.cursor).__name__ not in ("SSCursor", "ServerCursor")
    plain.close()


# Sessions --------------------------------------------------------------------------------------------


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"
    id = mapped_column(Integer, primary_key=True)
    name = mapped_column(String(30))


@pytest.mark.feature("A021")
def test_options_of_sessions(engine: Any) -> None:
    """Of one call, of the session unless the statement has them, of the connection, of the statement."""
    Base.metadata.create_all(engine)
    names = "abcdef"
    wide = engine.execution_options(**dict.fromkeys(names, "engine"))
    seen: list[dict[str, Any]] = []

    @event.listens_for(wide, "before_cursor_execute")
    def note(conn: Any, cursor: Any, statement: Any, parameters: Any, context: Any, many: Any) -> None:
        seen.append({name: context.execution_options.get(name) for name in names})

    def last() -> str:
        return " ".join(seen[-1].values())

    with Session(wide, execution_options=dict.fromkeys("bcde", "session")) as session:
        session.connection(execution_options=dict.fromkeys("cd", "connection"))
        own = dict.fromkeys("def", "statement")
        for statement in (select(Item), select(Item.__table__), update(Item).values(name="x")):
            session.execute(statement.execution_options(**own), execution_options={"e": "call"})
            assert last() == "engine session session connection call engine"
        session.execute(insert(Item).values(id=1, name="x"), execution_options={"e": "call"})
        assert last() == "engine session session session call engine"
        session.execute(insert(Item), [{"id": 2}, {"id": 3}], execution_options={"e": "call"})
        assert last() == "engine session session session call engine"
        session.execute(update(Item), [{"id": 2, "name": "y"}], execution_options={"e": "call"})
        assert last().endswith("call engine")
        item = session.get(Item, 2, execution_options={"e": "call"})
        assert last() == "engine session connection connection call engine"
        session.refresh(item)
        assert last() == "engine session connection connection session engine"
        session.add(Item(id=9))
        session.flush()
        assert last() == "engine session connection connection session engine"
        session.scalar(text("SELECT 1"))
        assert last() == "engine session session session session engine"
        session.connection().execute(select(1))
        assert last() == "engine session connection connection session engine"


@pytest.mark.feature("A022")
@pytest.mark.backends("sqlite")
def test_tenants_of_single_calls_of_a_session(engine: Any) -> None:
    event.listen(engine, "connect", lambda connection, _: connection.execute("ATTACH ':memory:' AS one"))
    with Session(engine) as session:
        here = {"schema_translate_map": {None: "one"}}
        connection = session.connection()
        Base.metadata.create_all(connection)
        Base.metadata.create_all(connection.execution_options(**here))
        connection.execution_options(schema_translate_map=None)
        session.execute(insert(Item), [{"id": 1, "name": "main"}])
        session.execute(insert(Item), [{"id": 1, "name": "one"}], execution_options=here)
        assert session.get(Item, 1).name == "main"
        session.expunge_all()
        assert session.get(Item, 1, execution_options=here).name == "one"
        session.expunge_all()
        assert session.scalars(select(Item.name)).all() == ["main"]
        assert session.scalars(select(Item.name), execution_options=here).all() == ["one"]
