"""
Mapped classes with ``__eq__`` and without ``__hash__``, as dataclasses and SQLModel have.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from relvar import Column, ForeignKey, Table, inspect, select
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    MappedAsDataclass,
    Session,
    joinedload,
    mapped_column,
    relationship,
    selectinload,
    subqueryload,
)


class Base(MappedAsDataclass, DeclarativeBase): ...


tagged = Table(
    "unhashable_tagged",
    Base.metadata,
    Column("hero_id", ForeignKey("unhashable_hero.id"), primary_key=True),
    Column("tag_id", ForeignKey("unhashable_tag.id"), primary_key=True),
)


class Team(Base):
    __tablename__ = "unhashable_team"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    heroes: Mapped[list[Hero]] = relationship(
        back_populates="team", default_factory=list, repr=False, cascade="all, delete-orphan"
    )


class Hero(Base):
    __tablename__ = "unhashable_hero"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    age: Mapped[int] = mapped_column(default=1)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("unhashable_team.id"), init=False)
    team: Mapped[Team | None] = relationship(back_populates="heroes", default=None, compare=False)
    tags: Mapped[list[Tag]] = relationship(
        secondary=tagged, back_populates="heroes", default_factory=list, compare=False, repr=False
    )


class Tag(Base):
    __tablename__ = "unhashable_tag"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    heroes: Mapped[list[Hero]] = relationship(
        secondary=tagged, back_populates="tags", default_factory=list, compare=False, repr=False
    )


@pytest.fixture
def session(sqlite_engine: Any) -> Iterator[Session]:
    Base.metadata.create_all(sqlite_engine)
    with Session(sqlite_engine) as session:
        yield session


def test_objects_are_not_hashable() -> None:
    with pytest.raises(TypeError, match="unhashable type"):
        hash(Hero())


def test_collections_of_equal_objects(session: Session) -> None:
    team = Team(heroes=[Hero(), Hero(), Hero()])
    session.add(team)
    session.commit()
    assert len(team.heroes) == 3
    gone = team.heroes[1]
    del team.heroes[1]
    team.heroes.append(Hero(age=2))
    history = inspect(team).attrs.heroes.history
    assert [len(history.added), len(history.unchanged), len(history.deleted)] == [1, 2, 1]
    session.commit()
    assert inspect(gone).detached
    assert session.scalars(select(Hero.age).order_by(Hero.id)).all() == [1, 1, 2]


def test_members_that_come_by_the_other_side(session: Session) -> None:
    session.add_all([Team(heroes=[Hero()]), Team()])
    session.commit()
    first, second = session.scalars(select(Team).order_by(Team.id))
    # neither collection is loaded: these wait for it
    for _ in range(2):
        session.add(Hero(team=second))
    hero = session.scalars(select(Hero).where(Hero.team == first)).one()
    hero.team = second
    session.commit()
    assert ([len(team.heroes) for team in (first, second)]) == [0, 3]


@pytest.mark.parametrize("load", [joinedload, selectinload, subqueryload])
def test_loading(session: Session, load: Any) -> None:
    session.add_all([Team(heroes=[Hero(tags=[Tag(), Tag()]), Hero()]), Team()])
    session.commit()
    statement = select(Team).options(load(Team.heroes), load(Team.heroes, Hero.tags)).order_by(Team.id)
    teams = session.scalars(statement).unique().all()
    assert [[len(hero.tags) for hero in team.heroes] for team in teams] == [[2, 0], []]


def test_many_to_many_merge_refresh_and_delete(session: Session, sqlite_engine: Any) -> None:
    tag = Tag()
    hero = Hero(tags=[tag, Tag()], team=Team())
    session.add(hero)
    session.commit()
    tag.heroes.remove(hero)
    session.commit()
    assert len(hero.tags) == 1
    with Session(sqlite_engine) as other:
        copy = other.merge(hero)
        copy.tags = [Tag(), *copy.tags]
        other.commit()
    session.refresh(hero)
    assert len(hero.tags) == 2
    assert hero in session
    session.delete(hero)
    assert hero in session.deleted
    session.commit()
    assert session.scalars(select(Hero)).all() == []
    assert len(session.scalars(select(Tag)).all()) == 3
