"""
Concrete tables: each class has a table with all of its columns, and nothing is shared in the database.

`AbstractConcreteBase`: the base has no table; `ConcreteBase`: it has one. A SELECT of the base reads a UNION
of the tables. Keys are numbered per table, so two objects of different classes may have the same.
"""

from __future__ import annotations

from typing import Any

from relvar import String, create_engine, select
from relvar.ext.declarative import AbstractConcreteBase
from relvar.orm import DeclarativeBase, Mapped, Session, configure_mappers, mapped_column


class Base(DeclarativeBase):
    pass


class Document(AbstractConcreteBase, Base):
    strict_attrs = True
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(30))


class Letter(Document):
    __tablename__ = "letter"
    receiver: Mapped[str] = mapped_column(String(30))
    __mapper_args__ = {"polymorphic_identity": "letter", "concrete": True}


class Report(Document):
    __tablename__ = "report"
    pages: Mapped[int]
    __mapper_args__ = {"polymorphic_identity": "report", "concrete": True}


# the base is mapped when its subclasses are known
configure_mappers()


def main(engine: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Letter(id=1, title="a", receiver="ann"), Report(id=1, title="b", pages=9)])
        session.commit()

    with Session(engine) as session:
        letter, report = session.scalars(select(Document).order_by(Document.title)).all()
        assert isinstance(letter, Letter) and letter.receiver == "ann"
        assert isinstance(report, Report) and report.pages == 9
        # a query of one class reads its table only
        assert session.get(Letter, 1) is letter and session.get(Report, 1) is report
        report.title = "c"
        session.delete(letter)
        session.commit()
        assert session.scalars(select(Document.title)).all() == ["c"]


if __name__ == "__main__":
    main(create_engine("sqlite://"))
