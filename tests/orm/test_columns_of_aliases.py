"""
Columns of an alias that are asked for one after the other; rows of one statement over several aliases.
"""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from relvar import Column, Integer, String, column, exc, inspect, select
from relvar.orm import Session, aliased, declarative_base

Base: Any = declarative_base()


class Seat(Base):
    __tablename__ = "seat"
    hall = Column(Integer, primary_key=True)
    number = Column(Integer, primary_key=True)
    name = Column(String(10))


@pytest.fixture
def session(engine: Any) -> Any:
    Base.metadata.create_all(engine)
    try:
        with Session(engine) as session:
            session.add_all([Seat(hall=1, number=n, name=f"s{n}") for n in (1, 2)])
            session.commit()
            yield session
    finally:
        Base.metadata.drop_all(engine)


def alias_of(entity: Any) -> Any:
    return inspect(entity).selectable


def test_a_column_found_early_is_the_one_of_the_collection_which_keeps_its_order() -> None:
    other = aliased(Seat)
    number, name = other.number.__clause_element__(), other.name.__clause_element__()
    alias = alias_of(other)
    assert alias.c.keys() == ["hall", "number", "name"]
    assert [column.name for column in alias.primary_key] == ["hall", "number"]
    assert alias.c.number is number._deannotate()
    assert alias.c.name is name._deannotate()
    assert list(alias.primary_key)[1] is alias.c.number
    assert alias.corresponding_column(Seat.__table__.c.name) is alias.c.name


def test_a_column_that_the_table_has_not_is_not_found() -> None:
    alias = alias_of(aliased(Seat))
    assert alias.corresponding_column(column("number")) is None
    assert alias.corresponding_column(Seat.__table__.c.number._annotate({"own": True})) is alias.c.number


def test_a_statement_is_unpickled_with_the_columns_it_names(session: Session) -> None:
    other = aliased(Seat, name="other")
    statement = select(other.name).where(other.number > 1)
    again = pickle.loads(pickle.dumps(statement))
    assert str(again) == str(statement)
    assert session.scalars(again).all() == ["s2"]
    (criterion,) = again._where_criteria
    assert criterion.left.table.c.number is criterion.left._deannotate()


def test_rows_are_looked_up_by_the_alias_that_the_statement_at_hand_selects(session: Session) -> None:
    first, second = aliased(Seat), aliased(Seat)

    def row_of(entity: Any) -> Any:
        return session.execute(select(entity, entity.name).where(entity.number == 2)).one()

    for mine, others in ((first, second), (second, first), (first, second), (first, second)):
        row = row_of(mine)
        assert row._mapping[mine] is session.get(Seat, (1, 2))
        assert row._mapping[mine.name] == "s2"
        with pytest.raises(exc.NoSuchColumnError):
            row._mapping[others]


def test_rows_of_columns_of_one_alias_are_looked_up_by_each_of_its_statements(session: Session) -> None:
    other = aliased(Seat)
    for number in (1, 2):
        row = session.execute(select(other.name, other.hall).where(other.number == number)).one()
        assert (row._mapping[other.name], row._mapping[other.hall]) == (f"s{number}", 1)
    swapped = session.execute(select(other.hall, other.name).where(other.number == 1)).one()
    assert (swapped._mapping[other.hall], swapped._mapping[other.name]) == (1, "s1")
