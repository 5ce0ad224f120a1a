"""Rows deleted by lists of keys, on servers whose drivers send a statement for each row of executemany()."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, String, Table, create_engine, exc, func, select
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

pytestmark = pytest.mark.backends("mariadb")


class Base(DeclarativeBase):
    pass


marks = Table(
    "marks",
    Base.metadata,
    Column("order_id", ForeignKey("orders.id"), primary_key=True),
    Column("mark_id", ForeignKey("mark.id"), primary_key=True),
    mysql_engine="InnoDB",
)


class Order(Base):
    __tablename__ = "orders"
    __table_args__ = {"mysql_engine": "InnoDB"}
    id: Mapped[int] = mapped_column(primary_key=True)
    lines: Mapped[list[Line]] = relationship(cascade="all, delete-orphan")
    marks: Mapped[list[Mark]] = relationship(secondary=marks, cascade="all")


class Line(Base):
    __tablename__ = "lines"
    __table_args__ = {"mysql_engine": "InnoDB"}
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(10), primary_key=True)


class Mark(Base):
    __tablename__ = "mark"
    __table_args__ = {"mysql_engine": "InnoDB"}
    id: Mapped[int] = mapped_column(primary_key=True)


class Node(Base):
    __tablename__ = "nodes"
    __table_args__ = {"mysql_engine": "InnoDB"}
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("nodes.id"))
    parent: Mapped[Node | None] = relationship(remote_side=id)


class Versioned(Base):
    __tablename__ = "versioned"
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    __mapper_args__ = {"version_id_col": version}


def filled(session: Session) -> None:
    session.add_all(
        [
            Order(
                id=number,
                lines=[Line(key=f"{number}-{n}") for n in range(3)],
                marks=[Mark(id=number * 10 + n) for n in range(2)],
            )
            for number in range(1, 5)
        ]
    )
    session.commit()


def deletes(log: Any) -> list[str]:
    return [text for text in log.texts() if text.startswith("DELETE")]


def counts(session: Session) -> list[int | None]:
    return [session.scalar(select(func.count()).select_from(one)) for one in (Order, Line, Mark, marks)]


def test_a_statement_for_each_table(engine: Any, sql_log: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        filled(session)
        assert counts(session) == [4, 12, 8, 8]
        log = sql_log(engine)
        with session.no_autoflush:
            for order in session.scalars(select(Order).where(Order.id > 1)).all():
                session.delete(order)
        session.commit()
        sent = [text.split(" WHERE ")[0] for text in deletes(log)]
        assert sorted(sent) == [f"DELETE FROM {name}" for name in ("`lines`", "mark", "marks", "orders")]
        assert "(`lines`.order_id, `lines`.`key`) IN ((%(" in deletes(log)[sent.index("DELETE FROM `lines`")]
        assert counts(session) == [1, 3, 2, 2]


def test_more_than_a_list_takes(engine: Any, sql_log: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Mark(id=number) for number in range(1, 1202)])
        session.commit()
        log = sql_log(engine)
        for mark in session.scalars(select(Mark)):
            session.delete(mark)
        session.commit()
        assert len(deletes(log)) == 3
        assert session.scalar(select(func.count()).select_from(Mark)) == 0


def test_rows_that_refer_to_each_other_go_in_their_order(engine: Any, sql_log: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        # the parents have the lower keys: by a list they would be deleted first
        session.add_all([Node(id=1), Node(id=2, parent_id=1), Node(id=3, parent_id=2)])
        session.commit()
        log = sql_log(engine)
        for node in session.scalars(select(Node)):
            session.delete(node)
        session.commit()
        assert session.scalar(select(func.count()).select_from(Node)) == 0
        assert not [text for text in deletes(log) if " IN " in text]


def test_versions_are_checked_row_by_row(engine: Any, sql_log: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Versioned(id=number) for number in (1, 2)])
        session.commit()
        log = sql_log(engine)
        for one in session.scalars(select(Versioned)):
            session.delete(one)
        session.commit()
        assert not [text for text in deletes(log) if " IN " in text]


def test_rows_that_are_gone_are_warned_of(engine: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Mark(id=number) for number in (1, 2, 3)])
        session.commit()
        for mark in session.scalars(select(Mark)).all():
            session.delete(mark)
        session.connection().exec_driver_sql("DELETE FROM mark WHERE id = 2")
        with pytest.warns(exc.SAWarning, match=r"expected to delete 3 row\(s\); 2 were matched"):
            session.commit()


def test_it_can_be_switched_off(url: Any, sql_log: Any) -> None:
    engine = create_engine(url, deletes_by_list=False)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Mark(id=number) for number in (1, 2)])
        session.commit()
        log = sql_log(engine)
        for mark in session.scalars(select(Mark)):
            session.delete(mark)
        session.commit()
        assert deletes(log) == ["DELETE FROM mark WHERE mark.id = %(id)s"]
    Base.metadata.drop_all(engine)
    engine.dispose()
