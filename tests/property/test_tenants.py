"""
With one criterion on everything, no row of another tenant is ever seen, however it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relvar import Column, ForeignKey, Integer, String, Table, event, exists, func, select, union, update
from relvar.orm import (
    Mapped,
    Session,
    aliased,
    declarative_base,
    immediateload,
    joinedload,
    lazyload,
    mapped_column,
    peers,
    relationship,
    selectinload,
    subqueryload,
    with_loader_criteria,
)

Base: Any = declarative_base()
CURRENT: ContextVar[int] = ContextVar("tenant")


class HasTenant:
    tenant: Mapped[int] = mapped_column(Integer)


badges = Table(
    "badges",
    Base.metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("room_id", ForeignKey("rooms.id"), primary_key=True),
)


class Firm(HasTenant, Base):
    __tablename__ = "firms"
    id = Column(Integer, primary_key=True)
    people = relationship("Person", back_populates="firm", order_by="Person.id")


class Person(HasTenant, Base):
    __tablename__ = "people"
    id = Column(Integer, primary_key=True)
    kind = Column(String(10))
    firm_id = Column(ForeignKey("firms.id"))
    boss_id = Column(ForeignKey("people.id"))
    firm = relationship("Firm", back_populates="people")
    boss = relationship("Person", remote_side=[id], back_populates="team")
    team = relationship("Person", back_populates="boss", order_by="Person.id")
    rooms = relationship("Room", secondary=badges, back_populates="people", order_by="Room.id")
    __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "person"}


class Driver(Person):
    __tablename__ = "drivers"
    id = Column(ForeignKey("people.id"), primary_key=True)
    licence = Column(String(10))
    __mapper_args__ = {"polymorphic_identity": "driver"}


class Cook(Person):
    __mapper_args__ = {"polymorphic_identity": "cook"}


class Room(HasTenant, Base):
    __tablename__ = "rooms"
    id = Column(Integer, primary_key=True)
    people = relationship("Person", secondary=badges, back_populates="rooms", order_by="Person.id")


CLASSES: list[Any] = [Firm, Person, Driver, Cook, Room]
PATHS: dict[Any, list[str]] = {
    Firm: ["people"],
    Person: ["firm", "boss", "team", "rooms"],
    Room: ["people"],
}
LOADERS = [joinedload, selectinload, subqueryload, immediateload, lazyload, peers]


def paths_of(cls: Any) -> list[str]:
    return PATHS[Person if issubclass(cls, Person) else cls]


def target_of(cls: Any, name: str) -> Any:
    return getattr(cls, name).property.mapper.class_


@st.composite
def options(draw: Any, cls: Any) -> list[Any]:
    """Loader options along paths from a class."""
    made = []
    for _ in range(draw(st.integers(0, 1))):
        current, option = cls, None
        for _ in range(draw(st.integers(1, 3))):
            name = draw(st.sampled_from(paths_of(current)))
            loader, attribute = draw(st.sampled_from(LOADERS)), getattr(current, name)
            option = loader(attribute) if option is None else getattr(option, loader.__name__)(attribute)
            current = target_of(current, name)
        made.append(option)
    return made


@st.composite
def queries(draw: Any) -> tuple[Any, list[Any]]:
    """A statement that gives objects of one class."""
    cls = draw(st.sampled_from(CLASSES))
    name = draw(st.sampled_from(paths_of(cls)))
    related, target = getattr(cls, name), target_of(cls, name)
    test = related.any if related.property.uselist else related.has
    alias = aliased(cls)
    other = aliased(target)
    forms: list[Any] = [
        select(cls),
        select(cls).where(test()),
        select(cls).where(~test(target.id > 2)),
        select(cls).where(cls.id.in_(select(cls.id).where(test()))),
        select(cls).where(exists().where(other.id == cls.id)),
        select(cls).join(other, related).where(other.id > 1),
        select(cls).outerjoin(other, related),
        select(cls).order_by(cls.id).limit(3),
        select(cls).distinct(),
        select(alias).where(alias.id > 0),
        select(aliased(cls, select(cls).subquery())),
        select(aliased(cls, select(cls).cte())),
        select(cls).from_statement(select(cls).where(test())),
        select(cls).from_statement(union(select(cls).where(cls.id < 4), select(cls).where(cls.id > 3))),
    ]
    form = draw(st.integers(0, len(forms) - 1))
    statement = forms[form]
    # a statement that is given as a whole has no place for joins
    given_options = draw(options(cls)) if form < 9 else []
    return cls, [statement.options(*given_options) if given_options else statement]


def fill(session: Session) -> None:
    for tenant in (1, 2, 3):
        session.add(Firm(tenant=tenant))
        session.add(Room(tenant=tenant))
    session.flush()
    firms, rooms = session.scalars(select(Firm)).all(), session.scalars(select(Room)).all()
    people: list[Any] = []
    for number in range(12):
        cls = (Person, Driver, Cook)[number % 3]
        person = cls(
            tenant=number % 2 + 1,
            firm=firms[number % 3],
            boss=people[number // 2] if people else None,
            rooms=[rooms[number % 3], rooms[(number + 1) % 3]],
        )
        session.add(person)
        session.flush()
        people.append(person)
    session.commit()


@pytest.fixture
def made(engine: Any) -> Iterator[Any]:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        fill(session)
    yield engine


def own_session(engine: Any, criterion: Any) -> Session:
    """A session whose statements have the criterion."""
    session = Session(engine)

    @event.listens_for(session, "do_orm_execute")
    def restrict(state: Any) -> None:
        if not state.is_column_load and not state.is_relationship_load:
            option = with_loader_criteria(HasTenant, criterion(), include_aliases=True)
            state.statement = state.statement.options(option)

    return session


def by_value() -> Any:
    tenant = CURRENT.get()
    return lambda cls: cls.tenant == tenant


def by_context() -> Any:
    return lambda cls: cls.tenant == CURRENT.get()


def seen(things: Any, depth: int, found: set[Any]) -> None:
    """Collect what is reached from objects."""
    for thing in things:
        if thing is None or (thing, depth) in found:
            continue
        found.add((thing, depth))
        if depth:
            for name in paths_of(type(thing)):
                value = getattr(thing, name)
                seen(value if isinstance(value, list) else [value], depth - 1, found)


@pytest.mark.feature("G012")
@pytest.mark.parametrize("criterion", [by_value, by_context])
def test_nothing_of_others_is_seen(made: Any, criterion: Any) -> None:
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.tuples(queries(), st.integers(1, 2)), min_size=1, max_size=3))
    def run(asked: list[Any]) -> None:
        for (cls, statements), tenant in asked:
            CURRENT.set(tenant)
            with own_session(made, criterion) as session:
                for statement in statements:
                    things = session.scalars(statement).unique().all()
                    found: set[Any] = set()
                    seen(things, 3, found)
                    assert {thing.tenant for thing, _ in found} <= {tenant}
                    session.expire_all()
                    assert all(thing.tenant == tenant for thing in things)
                for ident in (1, 2, 3):
                    got = session.get(cls, ident)
                    assert got is None or got.tenant == tenant
                assert session.query(cls).count() == len(session.query(cls).all())

    run()


@pytest.mark.feature("G012")
@pytest.mark.parametrize("tenant", [1, 2])
def test_statements_see_only_their_own(made: Any, tenant: int) -> None:
    CURRENT.set(tenant)
    with Session(made) as everything:
        people = everything.execute(select(Person.id, Person.tenant, Person.firm_id, Person.boss_id)).all()
        firms = dict(everything.execute(select(Firm.id, Firm.tenant)).all())
    own = {row.id for row in people if row.tenant == tenant}
    with own_session(made, by_value) as session:
        assert set(session.scalars(select(Person.id))) == own
        assert session.scalar(select(func.count()).select_from(Person)) == len(own)
        assert set(session.scalars(select(Person.id).where(Person.boss.has()))) == {
            row.id for row in people if row.id in own and row.boss_id in own
        }
        assert set(session.scalars(select(Person.id).where(~Person.team.any()))) == {
            row.id
            for row in people
            if row.id in own and not any(each.boss_id == row.id for each in people if each.id in own)
        }
        assert set(session.scalars(select(Person.id).where(Person.firm.has()))) == {
            row.id for row in people if row.id in own and firms[row.firm_id] == tenant
        }
        counts = select(
            Firm.id, select(func.count(Person.id)).where(Person.firm_id == Firm.id).scalar_subquery()
        )
        assert set(session.execute(counts).all()) == {
            (firm, sum(row.firm_id == firm and row.id in own for row in people))
            for firm, whose in firms.items()
            if whose == tenant
        }
        session.execute(update(Person).values(kind="cook"))
        session.execute(update(Person).where(Person.team.any()).values(kind="person"))
        session.commit()
    with Session(made) as everything:
        kinds = everything.execute(select(Person.id, Person.kind)).all()
        assert {row.id for row in kinds if row.kind == "driver"} <= {row.id for row in people} - own
