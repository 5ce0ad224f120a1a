"""
SAP ASE or SQL Anywhere, where ``RELVAR_TEST_SYBASE`` has the URL of a database that may be emptied.

No server was to be had where these were written. They were run on SQLite, which has what they use.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from relvar import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    Unicode,
    create_engine,
    exc,
    func,
    insert,
    inspect,
    select,
    update,
)
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column

URL = os.environ.get("RELVAR_TEST_SYBASE", "")
if not URL:
    pytest.skip("RELVAR_TEST_SYBASE has no URL of a server", allow_module_level=True)


class Base(DeclarativeBase): ...


class Thing(Base):
    __tablename__ = "live_thing"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(30), index=True)


part = Table(
    "live_part",
    Base.metadata,
    Column("thing_id", ForeignKey(Thing.id, name="fk_live_part"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("price", Numeric(12, 3)),
    Column("at", DateTime),
    Column("words", Unicode(40)),
    Column("long_text", Text),
    Column("data", LargeBinary),
    Column("ok", Boolean, nullable=False),
    Index("ix_live_price", "price", "at"),
)


@pytest.fixture
def engine() -> Iterator[Any]:
    made = create_engine(URL)
    Base.metadata.drop_all(made)
    Base.metadata.create_all(made)
    yield made
    Base.metadata.drop_all(made)
    made.dispose()


def test_new_keys(engine: Any) -> None:
    with Session(engine) as session:
        things = [Thing(name=f"n{number}") for number in range(5)]
        session.add_all(things)
        session.flush()
        keys = [thing.id for thing in things]
        assert sorted(set(keys)) == keys
        # a key that is given, and those that follow it
        session.add(Thing(id=keys[-1] + 100, name="given"))
        session.flush()
        after = Thing(name="after")
        session.add(after)
        session.commit()
        assert session.get(Thing, keys[-1] + 100).name == "given"
        assert after.id not in keys


def test_pages(engine: Any) -> None:
    with engine.begin() as connection:
        connection.execute(insert(Thing), [{"name": f"{number:02}"} for number in range(10)])
        names = select(Thing.name).order_by(Thing.name)
        assert connection.scalars(names.limit(2)).all() == ["00", "01"]
        try:
            page = connection.scalars(names.limit(2).offset(3)).all()
        except exc.CompileError as error:
            # ASE before 16.0 SP02
            assert "offset" in str(error).lower()
        else:
            assert page == ["03", "04"]


def test_values(engine: Any) -> None:
    row = {
        "thing_id": 1,
        "number": 1,
        "price": Decimal("123456.789"),
        "at": dt.datetime(2024, 2, 29, 12, 30, 15),
        "words": "é€",
        "long_text": "x" * 40_000,
        "data": bytes(range(256)) * 100,
        "ok": True,
    }
    with engine.begin() as connection:
        connection.execute(insert(Thing), {"id": 1, "name": "one"})
        connection.execute(insert(part), row)
        assert connection.execute(select(part)).one()._asdict() == row
        assert connection.execute(update(part).where(part.c.ok).values(price=None)).rowcount == 1
        assert connection.scalar(select(part.c.price)) is None
        with pytest.raises(exc.IntegrityError), connection.begin_nested():
            connection.execute(insert(part), row)


def test_savepoints_and_rollback(engine: Any) -> None:
    counted = select(func.count()).select_from(Thing)
    with engine.connect() as connection:
        connection.execute(insert(Thing), {"name": "kept"})
        with pytest.raises(ZeroDivisionError), connection.begin_nested():
            connection.execute(insert(Thing), {"name": "gone"})
            raise ZeroDivisionError
        assert connection.scalar(counted) == 1
        connection.rollback()
        assert connection.scalar(counted) == 0


def test_reflection(engine: Any) -> None:
    inspector = inspect(engine)
    assert {"live_thing", "live_part"} <= set(inspector.get_table_names())
    again = MetaData()
    again.reflect(engine, only=["live_thing", "live_part"])
    for table in (Thing.__table__, part):
        found = again.tables[table.name]
        assert found.c.keys() == table.c.keys()
        assert found.primary_key.columns.keys() == table.primary_key.columns.keys()
    (key,) = inspector.get_foreign_keys("live_part")
    assert (key["constrained_columns"], key["referred_table"]) == (["thing_id"], "live_thing")
    indexes = {index["name"]: index["column_names"] for index in inspector.get_indexes("live_part")}
    assert indexes["ix_live_price"] == ["price", "at"]
