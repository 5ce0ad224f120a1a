"""
Rows spread over databases by a hash: by PostgreSQL itself over postgres_fdw, and by a `ShardedSession`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from clusters import Server, sql, wait_until

from relvar import ForeignKey, create_engine, event, exc, func, inspect, select, text, update
from relvar.engine import Engine
from relvar.ext.horizontal_shard import ShardedSession
from relvar.ext.routing import ReplicatedEngine
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

pytestmark = pytest.mark.one_mode

SHARDS = ("shard0", "shard1")


class Base(DeclarativeBase): ...


class Tenant(Base):
    __tablename__ = "tenants"
    name: Mapped[str] = mapped_column(primary_key=True)
    orders: Mapped[list[Order]] = relationship(back_populates="tenant", order_by="Order.number")


class Order(Base):
    __tablename__ = "orders"
    tenant_name: Mapped[str] = mapped_column(ForeignKey("tenants.name"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cents: Mapped[int]
    tenant: Mapped[Tenant] = relationship(back_populates="orders")


class Line(Base):
    """Of a table whose partitions are tables of other databases."""

    __tablename__ = "lines"
    tenant: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    note: Mapped[str | None]


@pytest.fixture(scope="module")
def databases(postgresql_servers: list[Server]) -> list[Server]:
    primary = postgresql_servers[0]
    for name in (*SHARDS, "whole"):
        sql(primary, f"CREATE DATABASE {name}")
    for name in SHARDS:
        engine = create_engine(primary.url("postgresql+psycopg", name))
        Base.metadata.create_all(engine)
        engine.dispose()
    columns = "tenant int NOT NULL, number int NOT NULL, note text"
    sql(primary, "CREATE EXTENSION postgres_fdw", "whole")
    sql(primary, f"CREATE TABLE lines ({columns}) PARTITION BY HASH (tenant)", "whole")
    for number, name in enumerate(SHARDS):
        where = f"host '127.0.0.1', port '{primary.port}', dbname '{name}', batch_size '100'"
        rows = f"FOR VALUES WITH (MODULUS 2, REMAINDER {number})"
        there = f"SERVER {name} OPTIONS (table_name 'lines')"
        for statement in (
            f"CREATE SERVER {name} FOREIGN DATA WRAPPER postgres_fdw OPTIONS ({where})",
            f"CREATE USER MAPPING FOR public SERVER {name} OPTIONS (user 'postgres')",
            f"CREATE FOREIGN TABLE lines{number} PARTITION OF lines {rows} {there}",
        ):
            sql(primary, statement, "whole")
    return postgresql_servers


@pytest.fixture
def whole(databases: list[Server]) -> Iterator[Engine]:
    engine = create_engine(databases[0].url("postgresql+psycopg", "whole"))
    yield engine
    engine.dispose()
    for name in SHARDS:
        sql(databases[0], "TRUNCATE lines", name)


def counts(databases: list[Server], table: str = "lines") -> list[int]:
    return [sql(databases[0], f"SELECT count(*) FROM {table}", name) for name in SHARDS]


def test_a_table_over_postgres_fdw_is_a_table(databases: list[Server], whole: Engine) -> None:
    with Session(whole) as session:
        session.add_all([Line(tenant=tenant, number=n) for tenant in range(10) for n in range(20)])
        session.commit()
        there = counts(databases)
        assert sum(there) == 200 and min(there) > 0
        assert session.scalar(select(func.count()).select_from(Line)) == 200
        line = session.get_one(Line, (3, 7))
        line.note = "changed"
        session.commit()
        assert session.scalars(select(Line.note).where(Line.tenant == 3, Line.note != None)).all() == [  # SQL
            "changed"
        ]
        numbers = session.scalars(
            update(Line).where(Line.tenant == 4, Line.number < 3).values(note="x").returning(Line.number)
        )
        assert sorted(numbers) == [0, 1, 2]
        session.rollback()
        plan = session.scalars(text("EXPLAIN SELECT * FROM lines WHERE tenant = 3")).all()
        assert sum("Foreign Scan" in step for step in plan) == 1  # the other shard is not asked


def test_a_transaction_over_postgres_fdw_is_one(databases: list[Server], whole: Engine) -> None:
    with Session(whole) as session:
        session.add_all([Line(tenant=tenant, number=1) for tenant in range(10)])
        session.flush()
        session.rollback()
        assert counts(databases) == [0, 0]
        session.add_all([Line(tenant=tenant, number=1) for tenant in range(10)])
        session.commit()
        with pytest.raises(exc.IntegrityError):
            with session.begin():
                session.execute(update(Line).values(note="lost"))
                session.add(Line(tenant=1, number=2))
                session.flush()
                session.execute(text("INSERT INTO lines VALUES (1, 2)"))
        assert session.scalars(select(Line.note).distinct()).all() == [None]


def shard_of(name: str) -> str:
    return SHARDS[zlib.crc32(name.encode()) % 2]


def sharded(engines: dict[str, Any], **options: Any) -> ShardedSession:
    """Open a session over hash shards: all rows of a tenant are in the shard that its name says."""

    def shard_chooser(mapper: Any, instance: Any, clause: Any = None) -> str:
        return shard_of(instance.name if isinstance(instance, Tenant) else instance.tenant_name)

    def identity_chooser(mapper: Any, primary_key: Any, **kw: Any) -> list[str]:
        return [shard_of(primary_key[0])]

    def execute_chooser(context: Any) -> list[str]:
        if context.lazy_loaded_from is not None:
            return [context.lazy_loaded_from.identity_token]
        return list(engines)

    return ShardedSession(
        shard_chooser=shard_chooser,
        identity_chooser=identity_chooser,
        execute_chooser=execute_chooser,
        shards=engines,
        **options,
    )


@pytest.fixture
def shards(databases: list[Server]) -> Iterator[dict[str, ReplicatedEngine]]:
    """Two shards, each with two replicas."""
    found = {}
    for name in SHARDS:
        primary, *replicas = [
            create_engine(server.url("postgresql+psycopg", name), pool_pre_ping=True) for server in databases
        ]
        found[name] = ReplicatedEngine(primary, replicas, wait=1.0)
    yield found
    for name, engine in found.items():
        engine.dispose()
        sql(databases[0], "TRUNCATE tenants, orders", name)


def tenants() -> list[Tenant]:
    return [
        Tenant(name=f"t{n}", orders=[Order(tenant_name=f"t{n}", number=i, cents=i) for i in range(3)])
        for n in range(20)
    ]


def test_sharded_sessions_read_from_replicas_what_they_wrote(
    databases: list[Server], shards: dict[str, ReplicatedEngine]
) -> None:
    seen: list[str] = []
    for name, engine in shards.items():
        for each in engine.replicas:
            event.listen(each, "before_cursor_execute", lambda *args, name=name: seen.append(name))
    with sharded(shards) as session:
        session.add_all(tenants())
        session.commit()
        found = session.scalars(select(Tenant).order_by(Tenant.name)).all()
        assert len(found) == 20
        assert {inspect(tenant).identity_token for tenant in found} == set(SHARDS)
        for tenant in found:
            assert inspect(tenant).identity_token == shard_of(tenant.name)
            assert [order.cents for order in tenant.orders] == [0, 1, 2]
    assert set(seen) == set(SHARDS)
    assert counts(databases, "tenants") == [
        sum(shard_of(f"t{n}") == name for n in range(20)) for name in SHARDS
    ]
    for engine in shards.values():
        assert engine.counts()["primary"] == 1
        assert engine.counts().get("replica", 0) + engine.counts().get("waited", 0) == 1


def test_shards_commit_together_by_two_phases(
    databases: list[Server], shards: dict[str, ReplicatedEngine]
) -> None:
    with sharded(shards, twophase=True) as session:
        session.add_all(tenants())
        session.commit()
    there = counts(databases, "tenants")
    assert sum(there) == 20
    with sharded(shards, twophase=True) as session:
        session.add_all([Tenant(name=f"u{n}") for n in range(10)])
        session.flush()
        # the second shard is not ready to commit
        connection = session.connection(bind_arguments={"shard_id": SHARDS[1]})
        connection.execute(text("CREATE TEMPORARY TABLE own (id int)"))
        with pytest.raises(exc.DBAPIError, match="PREPARE"):
            session.commit()
    assert counts(databases, "tenants") == there
    assert sql(databases[0], "SELECT count(*) FROM pg_prepared_xacts") == 0


def test_without_two_phases_what_was_committed_stays(
    databases: list[Server], shards: dict[str, ReplicatedEngine]
) -> None:
    with sharded(shards) as session:
        session.add_all([Tenant(name=f"u{n}") for n in range(10)])
        session.flush()
        for name in SHARDS:
            session.connection(bind_arguments={"shard_id": name})
        victim = session.connection(bind_arguments={"shard_id": SHARDS[1]})
        pid = victim.scalar(text("SELECT pg_backend_pid()"))
        sql(databases[0], f"SELECT pg_terminate_backend({pid})")
        wait_until(lambda: not sql(databases[0], f"SELECT 1 FROM pg_stat_activity WHERE pid = {pid}"))
        with pytest.raises(exc.DBAPIError):
            session.commit()
    there = counts(databases, "tenants")
    assert there[1] == 0
