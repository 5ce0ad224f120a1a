"""
CockroachDB, YugabyteDB and Citus: no server of these is to be had, so what they are sent is compared as text.

What the rules of Citus refuse was seen on a real one.  ``RELVAR_TEST_COCKROACHDB``,
``RELVAR_TEST_YUGABYTEDB`` and ``RELVAR_TEST_CITUS`` are URLs of servers, where somebody has them.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    create_engine,
    exc,
    func,
    insert,
    select,
    text,
)
from relvar.dialects import postgresql as pg
from relvar.dialects import registry
from relvar.dialects.postgresql.drivers.psycopg import PGDialect_psycopg
from relvar.dialects.postgresql.variants import as_of_system_time, variant
from relvar.ext.asyncio import create_async_engine
from relvar.orm import DeclarativeBase, Mapped, mapped_column
from relvar.schema import CreateTable

COCKROACH = variant("cockroachdb", PGDialect_psycopg)()
YUGABYTE = variant("yugabytedb", PGDialect_psycopg)()

t = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("x", Integer))
u = Table("u", MetaData(), Column("id", Integer))


def sql(element: Any, dialect: Any = COCKROACH) -> str:
    """The text of a statement with its values, white space folded."""
    return " ".join(str(element.compile(dialect=dialect, compile_kwargs={"literal_binds": True})).split())


def test_urls_find_a_variant_for_each_driver() -> None:
    for name in ("cockroachdb", "yugabytedb", "citus"):
        for driver in ("psycopg", "psycopg2", "asyncpg", "pg8000"):
            dialect = registry.load(f"{name}.{driver}")
            assert (dialect.variant, dialect.driver) == (name, driver)
            # what is said for PostgreSQL holds for them: with_variant(), ddl_if(), Alembic
            assert dialect.name == "postgresql"
    engine = create_async_engine("cockroachdb+psycopg://h/d")
    assert (engine.dialect.variant, engine.dialect.is_async) == ("cockroachdb", True)
    with pytest.raises(exc.NoSuchModuleError, match="known drivers of citus: asyncpg, pg8000, psycopg"):
        create_engine("citus+none://h/d")


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("-10s", "'-10s'"),
        (dt.timedelta(minutes=1), "'-60.000000s'"),
        (dt.datetime(2024, 2, 29, 12, tzinfo=dt.UTC), "'2024-02-29 12:00:00+00:00'"),
        (func.follower_read_timestamp(), "follower_read_timestamp()"),
    ],
)
def test_as_of_system_time_stands_behind_the_tables(when: Any, expected: str) -> None:
    # https://www.cockroachlabs.com/docs/stable/as-of-system-time
    query = select(t.c.id).ext(as_of_system_time(when))
    assert sql(query) == f"SELECT t.id FROM t AS OF SYSTEM TIME {expected}"
    assert sql(query.where(t.c.x > 1).order_by(t.c.id).limit(2)) == (
        f"SELECT t.id FROM t AS OF SYSTEM TIME {expected} WHERE t.x > 1 ORDER BY t.id LIMIT 2"
    )
    joined = select(t.c.id).join(u, u.c.id == t.c.x).ext(as_of_system_time(when))
    assert sql(joined) == f"SELECT t.id FROM t JOIN u ON u.id = t.x AS OF SYSTEM TIME {expected}"


def test_as_of_system_time_that_cannot_be() -> None:
    with pytest.raises(exc.ArgumentError, match="in the past is wanted"):
        as_of_system_time(dt.timedelta(seconds=-1))
    with pytest.raises(exc.ArgumentError, match="no time zone"):
        as_of_system_time(dt.datetime(2024, 1, 1))
    with pytest.raises(exc.CompileError, match="cannot be locked"):
        sql(select(t.c.id).with_for_update().ext(as_of_system_time("-1s")))
    with pytest.raises(exc.CompileError, match="behind tables"):
        sql(select(func.now()).ext(as_of_system_time("-1s")))
    with pytest.raises(exc.UnsupportedCompilationError, match="AsOfSystemTime"):
        sql(select(t.c.id).ext(as_of_system_time("-1s")), PGDialect_psycopg())


def test_cockroachdb_is_recognised_by_its_version() -> None:
    class Connection:
        def __init__(self, *answers: str) -> None:
            self.answers = list(answers)

        def exec_driver_sql(self, statement: str) -> Any:
            return self

        def scalar(self) -> str:
            return self.answers.pop(0)

    said = "CockroachDB CCL v23.2.4 (x86_64-pc-linux-gnu, built 2024/04/08 21:55:42, go1.21.5)"
    dialect = variant("cockroachdb", PGDialect_psycopg)()
    assert dialect._get_server_version_info(Connection(said, "13.0.0")) == (13, 0, 0)
    assert dialect.cockroach_version == (23, 2, 4)
    with pytest.raises(exc.InvalidRequestError, match="take a URL cockroachdb://"):
        PGDialect_psycopg()._get_server_version_info(Connection(said))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("cockroachdb", "is for CockroachDB, and the server says that it is 'PostgreSQL"),
        ("yugabytedb", "is for YugabyteDB, and the server says that it is 'PostgreSQL.*take postgresql://"),
        ("citus", "has the extension citus, and this one has not: make it with CREATE EXTENSION citus"),
    ],
)
def test_a_url_that_meets_another_server_is_refused(pg_engine: Any, name: str, message: str) -> None:
    engine = create_engine(pg_engine.url.set(drivername=f"{name}+psycopg"))
    with pytest.raises(exc.InvalidRequestError, match=message):
        engine.connect()
    engine.dispose()


def test_yugabytedb_is_recognised_by_its_version() -> None:
    said = "PostgreSQL 15.2-YB-2.25.0.0-b0 on x86_64-pc-linux-gnu, compiled by clang version 17.0.6, 64-bit"
    assert YUGABYTE._version_of(said)[:2] == (15, 2)


def test_deferrable_constraints_are_refused() -> None:
    unique = Table("d", MetaData(), Column("x", Integer), UniqueConstraint("x", deferrable=True))
    with pytest.raises(exc.CompileError, match="CockroachDB has no deferrable constraints: write the rows"):
        sql(CreateTable(unique))


def test_conflicts_are_tried_again() -> None:
    class Conflict(Exception):
        sqlstate = "40001"

    # https://www.cockroachlabs.com/docs/stable/transaction-retry-error-reference,
    # https://docs.yugabyte.com/stable/develop/learn/transactions/transactions-errorcodes-ysql
    for name in ("cockroachdb", "yugabytedb", "citus"):
        assert variant(name, PGDialect_psycopg)().is_retryable(Conflict("restart transaction"))


def test_yugabytedb() -> None:
    # https://docs.yugabyte.com/stable/api/ysql/the-sql-language/statements/ddl_create_table/
    split = Table("s", MetaData(), Column("id", Integer, primary_key=True), yugabytedb_split_into=8)
    assert sql(CreateTable(split), YUGABYTE).endswith("SPLIT INTO 8 TABLETS")
    assert "SPLIT" not in sql(CreateTable(split), PGDialect_psycopg())
    with pytest.raises(exc.CompileError, match="a number of tablets, not 0"):
        sql(
            CreateTable(Table("s", MetaData(), Column("id", Integer), yugabytedb_split_into=0)),
            YUGABYTE,
        )
    excluded = Table("e", MetaData(), Column("x", Integer), pg.ExcludeConstraint(("x", "=")))
    with pytest.raises(exc.CompileError, match="YugabyteDB has no EXCLUDE constraints"):
        sql(CreateTable(excluded), YUGABYTE)
    with pytest.raises(NotImplementedError, match="no two-phase transactions of clients"):
        YUGABYTE.do_begin_twophase(None, "x")


# -- Citus: https://docs.citusdata.com/en/stable/develop/reference_ddl.html


@pytest.mark.parametrize(
    ("items", "options", "message"),
    [
        (
            [Column("id", Integer, primary_key=True), Column("tenant", Integer)],
            {"citus_distribution_column": "tenant"},
            r"a primary key has to contain that column: make it \(tenant, id\) instead of \(id\)",
        ),
        (
            [Column("tenant", Integer, primary_key=True), Column("name", String), UniqueConstraint("name")],
            {"citus_distribution_column": "tenant"},
            r"unique constraint or index has to contain that column: make it \(tenant, name\)",
        ),
        (
            [Column("tenant", Integer, primary_key=True), Column("name", String, unique=True, index=True)],
            {"citus_distribution_column": "tenant"},
            r"make it \(tenant, name\) instead of \(name\)",
        ),
        ([Column("id", Integer)], {"citus_distribution_column": "x"}, "has no such column; it has id"),
        (
            [Column("id", Integer)],
            {"citus_distribution_column": "id", "citus_reference": True},
            "either distributed by 'id' or a reference table",
        ),
    ],
)
def test_shard_keys_are_checked_when_a_table_is_described(items: Any, options: Any, message: str) -> None:
    with pytest.raises(exc.ArgumentError, match=message):
        Table("things", MetaData(), *items, **options)


def test_shard_keys_are_checked_when_a_class_is_mapped() -> None:
    class Base(DeclarativeBase): ...

    with pytest.raises(exc.ArgumentError, match="each server sees its own rows only"):

        class Event(Base):
            __tablename__ = "events"
            __table_args__ = {"citus_distribution_column": "tenant"}
            id: Mapped[int] = mapped_column(primary_key=True)
            tenant: Mapped[int]


def mocked(metadata: MetaData) -> list[str]:
    """What creating all tables of *metadata* sends to Citus, white space folded."""
    from relvar import create_mock_engine

    sent: list[str] = []

    def note(statement: Any, *args: Any, **kw: Any) -> None:
        shown = statement if isinstance(statement, str) else str(statement.compile(dialect=engine.dialect))
        sent.append(" ".join(shown.split()))

    engine = create_mock_engine("citus+psycopg://", note)
    engine.exec_driver_sql = note  # type: ignore[attr-defined]  # of connections only
    metadata.create_all(engine, checkfirst=False)
    return sent


def test_tables_are_distributed_when_they_are_created() -> None:
    metadata = MetaData()
    Table("countries", metadata, Column("code", String(2), primary_key=True), citus_reference=True)
    tenant = Column("tenant", Integer, primary_key=True, autoincrement=False)
    Table("Users", metadata, tenant, citus_distribution_column="tenant", citus_shard_count=8)
    Table(
        "events",
        metadata,
        Column("tenant", Integer, primary_key=True),
        Column("id", Integer, Identity(), primary_key=True),
        Column("country", ForeignKey("countries.code")),
        ForeignKeyConstraint(["tenant"], ["Users.tenant"]),
        citus_distribution_column="tenant",
        citus_colocate_with="Users",
    )
    assert [statement for statement in mocked(metadata) if statement.startswith("SELECT")] == [
        "SELECT create_reference_table('countries')",
        "SELECT create_distributed_table('\"Users\"', 'tenant', shard_count => 8)",
        "SELECT create_distributed_table('events', 'tenant', colocate_with => 'Users')",
    ]


@pytest.mark.parametrize(
    ("other", "own", "message"),
    [
        (
            {},
            {"citus_distribution_column": "tenant"},
            "is on one server only: make that citus_reference=True",
        ),
        ({"citus_distribution_column": "id"}, {"citus_reference": True}, "is whole on each server"),
        (
            {"citus_distribution_column": "id"},
            {"citus_distribution_column": "tenant"},
            "has to contain 'tenant' -> 'id'",
        ),
    ],
)
def test_foreign_keys_lead_to_rows_on_the_same_server(other: Any, own: Any, message: str) -> None:
    metadata = MetaData()
    Table("others", metadata, Column("id", Integer, primary_key=True), **other)
    Table("own", metadata, Column("tenant", Integer), Column("other", ForeignKey("others.id")), **own)
    with pytest.raises(exc.ArgumentError, match=message):
        mocked(metadata)


def test_other_databases_take_no_notice(pg_engine: Any) -> None:
    metadata = MetaData()
    tenant = Column("tenant", Integer, primary_key=True)
    things = Table("things", metadata, tenant, citus_distribution_column="tenant", yugabytedb_split_into=2)
    Index("ix", things.c.tenant, unique=True)
    metadata.create_all(pg_engine)
    with pg_engine.begin() as conn:
        conn.execute(insert(things).values(tenant=1))
        assert conn.scalar(select(things.c.tenant)) == 1


@pytest.mark.parametrize("name", ["cockroachdb", "yugabytedb", "citus"])
def test_on_a_real_one(name: str) -> None:
    given = os.environ.get(f"RELVAR_TEST_{name.upper()}")
    if not given:
        pytest.skip(f"RELVAR_TEST_{name.upper()} is not set: there is no {name} to be had")
    engine = create_engine(given)
    metadata = MetaData()
    things = Table(
        "relvar_probe",
        metadata,
        Column("tenant", Integer, primary_key=True, autoincrement=False),
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("name", String(20)),
        citus_distribution_column="tenant",
        yugabytedb_split_into=2,
    )
    metadata.drop_all(engine)
    metadata.create_all(engine)
    try:
        engine.run(lambda conn: conn.execute(insert(things).values(tenant=1, id=2, name="a")).rowcount)
        with engine.connect() as conn:
            assert conn.execute(select(things)).one() == (1, 2, "a")
            if name == "cockroachdb":
                past = select(things).ext(as_of_system_time(func.follower_read_timestamp()))
                conn.rollback()
                assert len(conn.execute(past).all()) in (0, 1)
        found = Table("relvar_probe", MetaData(), autoload_with=engine)
        assert [column.name for column in found.primary_key.columns] == ["tenant", "id"]
    finally:
        with engine.begin() as conn:
            conn.execute(text("DROP TABLE relvar_probe"))
        engine.dispose()
