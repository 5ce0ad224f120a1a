"""
ASE's dialect through pyodbc on an ODBC driver that is there, SQLite's: what both languages have is run.

No new keys, TOP or catalogs: those are compared as text, or run on catalogs that are made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pyodbc
import pytest

from relvar import DateTime, ForeignKey, Integer, MetaData, Numeric, String, create_engine, exc, func, select
from relvar.dialects import registry
from relvar.dialects.sybase.drivers.pyodbc import SybaseDialect_pyodbc
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

if "SQLite3" not in pyodbc.drivers():
    pytest.skip("SQLite's ODBC driver is not installed (make servers installs it)", allow_module_level=True)


class OnSQLite(SybaseDialect_pyodbc):
    """Does not ask the server about itself."""

    supports_statement_cache = True

    def initialize(self, connection: Any) -> None:
        self.server_version_info = (16, 0)


class Base(DeclarativeBase):
    metadata = MetaData()


class Order(Base):
    __tablename__ = "order"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(20))
    at: Mapped[dt.datetime | None] = mapped_column(DateTime)
    lines: Mapped[list[Line]] = relationship(back_populates="order", order_by="Line.number")


class Line(Base):
    __tablename__ = "line"
    order_id: Mapped[int] = mapped_column(ForeignKey(Order.id), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    order: Mapped[Order] = relationship(back_populates="lines")


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setitem(registry.impls, "sybase.pyodbc", lambda: OnSQLite)
    source = quote_plus(f"Driver=SQLite3;Database={tmp_path / 'ase.db'};FKSupport=1")
    engine = create_engine(f"sybase+pyodbc:///?odbc_connect={source}")
    Base.metadata.create_all(engine, checkfirst=False)
    yield engine
    engine.dispose()


@pytest.mark.feature("S018")
def test_objects_go_through_odbc(engine: Any) -> None:
    with Session(engine) as session:
        session.add(Order(id=1, name="tea", at=dt.datetime(2024, 2, 29, 12, 30)))
        session.add(
            Order(id=2, name="it's", lines=[Line(number=n, price=Decimal("2.50") * n) for n in (1, 2)])
        )
        session.commit()
        found = session.scalars(select(Order).where(Order.name.like("it%"))).one()
        assert [line.price for line in found.lines] == [Decimal("2.50"), Decimal("5.00")]
        found.name = "coffee"
        session.delete(found.lines[0])
        session.commit()
        counted = (
            select(Order.name, func.count(Line.number)).join(Order.lines, isouter=True).group_by(Order.name)
        )
        assert sorted(session.execute(counted).all()) == [("coffee", 1), ("tea", 0)]
        assert session.get(Order, 1).at == dt.datetime(2024, 2, 29, 12, 30)


@pytest.mark.feature("S018")
def test_what_fails_is_rolled_back(engine: Any) -> None:
    with Session(engine) as session:
        session.add(Line(order_id=7, number=1, price=Decimal(1)))
        with pytest.raises(exc.DBAPIError):
            session.flush()
        session.rollback()
        session.add(Order(id=3, name="x"))
        session.flush()
        session.rollback()
        assert session.scalar(select(func.count()).select_from(Order)) == 0
