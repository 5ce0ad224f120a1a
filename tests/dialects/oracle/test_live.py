"""
What only Oracle Database has, run on it: where ``RELVAR_TEST_ORACLE`` has the URL of a server.

The URL names a service or a SID, ``oracle://user:password@host/?service_name=name``; the schema is emptied.
Nobody has run this yet: see ``docs/dialects/oracle.md``.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import decimal
import os
from collections.abc import Iterator
from typing import Any

import pytest

from relvar import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    Sequence,
    String,
    Table,
    Text,
    Unicode,
    create_engine,
    delete,
    exc,
    func,
    insert,
    inspect,
    outparam,
    select,
    text,
    update,
    upsert,
)
from relvar.dialects import oracle
from relvar.ext.asyncio import create_async_engine
from relvar.schema import DropSequence

URL = os.environ.get("RELVAR_TEST_ORACLE", "")
if not URL:
    pytest.skip("RELVAR_TEST_ORACLE has no URL of a server", allow_module_level=True)

metadata = MetaData()
t = Table(
    "relvar_t",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("name", String(50), unique=True),
    Column("n", Numeric(12, 3)),
    Column("f", Float),
    Column("d", Date),
    Column("at", DateTime),
    Column("ts", oracle.TIMESTAMP),
    Column("took", Interval),
    Column("flag", Boolean),
    Column("long_text", Text),
    Column("bytes", LargeBinary),
    Column("wide", Unicode(20)),
    Column("doc", JSON),
    Column("up", ForeignKey("relvar_t.id")),
    Index("relvar_ix", "n", "f"),
    comment="all",
)


@pytest.fixture
def engine() -> Iterator[Any]:
    made = create_engine(URL)
    left = MetaData()
    left.reflect(made)
    left.drop_all(made)
    with made.begin() as connection:
        for name in inspect(connection).get_sequence_names():
            connection.execute(DropSequence(Sequence(name)))
    metadata.create_all(made)
    yield made
    metadata.drop_all(made)
    made.dispose()


ROW = {
    "name": "ann",
    "n": decimal.Decimal("1.125"),
    "f": 1.5,
    "d": dt.date(2026, 1, 2),
    "at": dt.datetime(2026, 1, 2, 3, 4, 5),
    "ts": dt.datetime(2026, 1, 2, 3, 4, 5, 678000),
    "took": dt.timedelta(days=1, seconds=2),
    "flag": True,
    "long_text": "x" * 40_000,
    "bytes": b"y" * 40_000,
    "wide": "ä",
    "doc": {"a": [1, None]},
}


def test_values_and_what_comes_back(engine: Any) -> None:
    shown = [t.c[name] for name in ROW]
    with engine.begin() as connection:
        returned = connection.execute(insert(t).returning(t.c.id, *shown), ROW).mappings().one()
        assert {name: returned[name] for name in ROW} == ROW
        assert dict(connection.execute(select(*shown)).mappings().one()) == ROW
        many = insert(t).returning(t.c.id, t.c.name, sort_by_parameter_order=True)
        rows = connection.execute(many, [{"name": name} for name in "abc"]).all()
        assert [row.name for row in rows] == ["a", "b", "c"]
        changed = update(t).where(t.c.name.in_(["a", "b"])).values(f=2.5).returning(t.c.name)
        assert sorted(connection.scalars(changed)) == ["a", "b"]
        assert connection.scalars(delete(t).where(t.c.name == "zzz").returning(t.c.id)).all() == []
        doubled = text("begin :n := :m * 2; :s := 'x'; end;").bindparams(
            outparam("n", Integer), outparam("s", String), m=4
        )
        assert connection.execute(doubled, {"m": 4}).out_parameters == {"n": 8, "s": "x"}


def test_upserts_and_hierarchies(engine: Any) -> None:
    put = upsert(t).on_conflict(t.c.name)
    with engine.begin() as connection:
        connection.execute(put, [{"name": "a", "f": 1.0}, {"name": "b", "f": 1.0}])
        connection.execute(put.update(f=t.c.f + put.excluded.f), {"name": "a", "f": 4.0})
        assert connection.execute(select(t.c.name, t.c.f).order_by(t.c.name)).all() == [
            ("a", 5.0),
            ("b", 1.0),
        ]
        root = connection.scalar(select(t.c.id).where(t.c.name == "a"))
        connection.execute(update(t).where(t.c.name == "b").values(up=root))
        tree = select(t.c.name, oracle.level).ext(
            oracle.connect_by(oracle.prior(t.c.id) == t.c.up, start_with=t.c.up.is_(None))
        )
        assert connection.execute(tree).all() == [("a", 1), ("b", 2)]


def test_transactions(engine: Any) -> None:
    with engine.connect() as connection:
        transaction = connection.begin_twophase()
        connection.execute(insert(t).values(name="two"))
        transaction.prepare()
        transaction.commit()
        assert connection.scalar(select(func.count()).select_from(t)) == 1
    with engine.connect().execution_options(isolation_level="SERIALIZABLE") as connection:
        assert connection.scalar(select(t.c.name)) == "two"
    with engine.connect() as connection, pytest.raises(exc.StatementTimeout):
        connection.execution_options(timeout=0.5).execute(text("begin dbms_session.sleep(5); end;"))
    with engine.begin() as connection, pytest.raises(ZeroDivisionError), connection.begin_nested():
        connection.execute(insert(t).values(name="gone"))
        raise ZeroDivisionError


def test_reflection(engine: Any) -> None:
    with engine.begin() as connection:
        connection.execute(text("create synonym relvar_s for relvar_t"))
    try:
        for name, options in (("relvar_t", {}), ("relvar_s", {"oracle_resolve_synonyms": True})):
            found = Table(name, MetaData(), autoload_with=engine, resolve_fks=False, **options)
            assert set(found.c.keys()) == set(t.c.keys())
            assert found.c.id.identity is not None
            assert found.comment == "all"
            assert "relvar_ix" in {index.name for index in found.indexes}
    finally:
        with engine.begin() as connection:
            connection.execute(text("drop synonym relvar_s"))


def test_asyncio(engine: Any) -> None:
    async def work() -> None:
        asynchronous = create_async_engine(URL)
        async with asynchronous.begin() as connection:
            result = await connection.execute(insert(t).returning(t.c.id, t.c.long_text), [ROW])
            assert result.one().long_text == ROW["long_text"]
            streamed = await connection.stream(select(t.c.bytes))
            assert [row.bytes async for row in streamed] == [ROW["bytes"]]
        await asynchronous.dispose()

    asyncio.run(work())
