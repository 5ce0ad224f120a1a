"""
Where a session sends a statement: ``get_bind`` sees every one, and what is said of one execution holds for
the statements that load on its behalf.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from relvar import Delete, ForeignKey, String, Update, create_engine, event, func, insert, select, update
from relvar.engine import IteratorResult
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    immediateload,
    joinedload,
    lazyload,
    make_transient_to_detached,
    mapped_column,
    relationship,
    selectinload,
    subqueryload,
    with_loader_criteria,
)
from relvar.pool import StaticPool
from relvar.rows.layout import Layout


class Base(DeclarativeBase):
    pass


class Shown:
    pass


class Parent(Shown, Base):
    __tablename__ = "parents"
    __table_args__ = {"schema": "kept"}
    id: Mapped[int] = mapped_column(primary_key=True)
    x: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(String(20), deferred=True)
    children: Mapped[list[Child]] = relationship(back_populates="parent")


class Child(Base):
    __tablename__ = "children"
    __table_args__ = {"schema": "kept"}
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("kept.parents.id"))
    parent: Mapped[Parent | None] = relationship(back_populates="children")


HERE = {"schema_translate_map": {"kept": None}}
LOADS = [selectinload, subqueryload, immediateload, joinedload, lazyload]


def filled(bound: Any) -> None:
    """Fill a database that has the tables in its default schema."""
    with bound.begin() as connection:
        Base.metadata.create_all(connection.execution_options(**HERE))
    with Session(bound.execution_options(**HERE)) as session:
        session.add(Parent(id=1, x=2, children=[Child(id=1), Child(id=2)]))
        session.add(Parent(id=2))
        session.commit()


@pytest.fixture
def one() -> Iterator[Any]:
    made = create_engine("sqlite://", poolclass=StaticPool)
    filled(made)
    yield made.execution_options(**HERE)
    made.dispose()


class Told(Session):
    """A session that writes down what it is asked for."""

    engine: Any = None

    def get_bind(self, mapper: Any = None, *, clause: Any = None, bind: Any = None, **kw: Any) -> Any:
        self.info.setdefault("asked", []).append(
            (mapper and mapper.class_.__name__, type(clause).__name__, kw)
        )
        return bind or self.engine

    def asked(self) -> list[Any]:
        found = self.info.pop("asked", [])
        return [entry[:2] if not entry[2] else entry for entry in found]


@pytest.fixture
def told(one: Any) -> Iterator[Told]:
    with Told() as session:
        session.engine = one
        yield session


# -- get_bind -----------------------------------------------------------------------------------


def test_get_bind_sees_mapper_and_statement_of_every_load(told: Told) -> None:
    parent = told.get_one(Parent, 1)
    assert told.asked() == [("Parent", "Select")]
    assert len(parent.children) == 2
    assert told.asked() == [("Child", "Select")]
    assert parent.note is None
    assert told.asked() == [("Parent", "Select")]
    told.refresh(parent, ["x", "children"])
    assert told.asked() == [("Parent", "Select"), ("Child", "Select")]
    told.expire(parent)
    assert parent.x == 2
    assert told.asked() == [("Parent", "Select")]
    told.expunge_all()
    child = told.get_one(Child, 1, bind_arguments={"place": "here"})
    assert told.asked() == [("Child", "Select", {"place": "here"})]
    assert child.parent is not None
    assert told.asked() == [("Parent", "Select")]


@pytest.mark.parametrize("load", [selectinload, subqueryload, immediateload])
def test_get_bind_sees_statements_that_load_along(told: Told, load: Any) -> None:
    said = {"place": "here"}
    found = told.scalars(select(Parent).options(load(Parent.children)), bind_arguments=said).all()
    assert [len(parent.children) for parent in found] == [2, 0]
    first, *further = told.asked()
    assert first == ("Parent", "Select", said)
    assert set(further) == {("Child", "Select")}


def test_writes_go_to_one_database_and_loads_to_another() -> None:
    leader = create_engine("sqlite://", poolclass=StaticPool)
    follower = create_engine("sqlite://", poolclass=StaticPool)

    class Routed(Session):
        def get_bind(self, mapper: Any = None, *, clause: Any = None, **kw: Any) -> Any:
            is_write = self._flushing or isinstance(clause, (Update, Delete))
            return (leader if is_write else follower).execution_options(**HERE)

    for bound in (leader, follower):
        filled(bound)
    with Routed() as session:
        parent = session.get_one(Parent, 1)
        parent.x = 5
        session.commit()
        session.execute(update(Child).values(parent_id=None))
        session.commit()
        # nobody copies from one to the other here
        assert parent.x == 2
        assert len(parent.children) == 2
    with Session(leader.execution_options(**HERE)) as session:
        assert session.get_one(Parent, 1).x == 5
        assert session.get_one(Parent, 1).children == []
    leader.dispose()
    follower.dispose()


def test_bind_may_be_a_property_of_the_program() -> None:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    filled(engine)

    class Late(Session):
        @property
        def bind(self) -> Any:
            return engine.execution_options(**HERE)

        @bind.setter
        def bind(self, value: Any) -> None:
            assert value is None

    with Late() as session:
        assert session.get_one(Parent, 1).x == 2
        session.add(Parent(id=7, x=7))
        session.commit()
        assert session.scalar(select(Parent.x).where(Parent.id == 7)) == 7
    engine.dispose()


@pytest.mark.parametrize("load", [selectinload, subqueryload, immediateload, lazyload])
def test_classes_with_binds_of_their_own(load: Any) -> None:
    engines = [create_engine("sqlite://", poolclass=StaticPool) for _ in range(2)]
    bound = [each.execution_options(**HERE) for each in engines]
    Base.metadata.create_all(bound[0], [Parent.__table__])
    Base.metadata.create_all(bound[1])
    with Session(binds={Parent: bound[0], Child: bound[1]}) as session:
        session.add(Parent(id=1, children=[Child(id=1)]))
        session.commit()
        if load is not subqueryload:
            found = session.scalars(select(Parent).options(load(Parent.children))).one()
            assert len(found.children) == 1
        else:
            # whose statement repeats the first one, and finds no parents in the other database
            found = session.scalars(select(Parent).options(load(Parent.children))).one()
            assert found.children == []
    for engine in engines:
        engine.dispose()


def test_bind_given_with_a_statement_holds_for_what_it_loads(one: Any) -> None:
    other = create_engine("sqlite://", poolclass=StaticPool)
    filled(other)
    with Session(other.execution_options(**HERE)) as session:
        session.get_one(Parent, 1).children[0].parent = None
        session.commit()
        statement = select(Parent).where(Parent.id == 1).options(selectinload(Parent.children))
        assert len(session.scalars(statement).one().children) == 1
        session.expunge_all()
        assert len(session.scalars(statement, bind_arguments={"bind": one}).one().children) == 2
    other.dispose()


def test_statement_about_a_subquery_of_entities_finds_their_bind(one: Any) -> None:
    inner = select(Parent)
    with Session(binds={Shown: one}) as session:
        assert len(session.execute(select(inner.subquery())).all()) == 2
        assert session.execute(select(inner.cte().c.id)).scalars().all() == [1, 2]
        assert session.scalar(select(func.count()).select_from(inner.subquery())) == 2
        assert session.query(Parent).count() == 2


# -- listeners ----------------------------------------------------------------------------------


def test_listener_that_answers_itself_needs_no_connection() -> None:
    found: list[Any] = []
    with Session() as session:

        @event.listens_for(session, "do_orm_execute")
        def answer(state: Any) -> Any:
            return loading_result(found)

        assert session.get(Parent, 7) is None
        parent, child = Parent(id=1), Child(id=3)
        make_transient_to_detached(parent)
        session.add(parent)
        found.append(child)
        assert parent.children == [child]


def loading_result(found: list[Any]) -> Any:
    """Return a result with one object a row."""
    return IteratorResult(Layout(["found"]), iter([(each,) for each in found]))


def test_criteria_of_a_listener_reach_subqueries(one: Any) -> None:
    with Session(one) as session:

        @event.listens_for(session, "do_orm_execute")
        def hide(state: Any) -> None:
            if state.is_orm_statement and state.is_select:
                state.statement = state.statement.options(with_loader_criteria(Parent, Parent.id > 1))

        assert session.query(Parent).count() == 1
        assert session.scalar(select(func.count()).select_from(select(Parent).subquery())) == 1
        assert session.scalars(select(select(Parent.id).cte().c.id)).all() == [2]


def test_listeners_see_options_of_the_execution_in_what_follows(one: Any) -> None:
    seen: list[Any] = []
    with Session(one) as session:

        @event.listens_for(session, "do_orm_execute")
        def note(state: Any) -> None:
            seen.append((state.execution_options.get("mark"), dict(state.bind_arguments).get("place")))

        statement = select(Parent).where(Parent.id == 1)
        for load in (selectinload, subqueryload, immediateload):
            session.scalars(
                statement.options(load(Parent.children)),
                execution_options={"mark": 1},
                bind_arguments={"bind": one, "place": 2},
            ).all()
            assert seen == [(1, 2), (1, None)]
            session.expunge_all()
            seen.clear()
        session.get(Parent, 1, options=[selectinload(Parent.children)], execution_options={"mark": 3})
        assert seen == [(3, None), (3, None)]


def test_listener_changes_options_of_a_lazy_load(one: Any) -> None:
    bare = one.execution_options(schema_translate_map={"kept": "nowhere"})
    with Session(bare) as session:

        @event.listens_for(session, "do_orm_execute")
        def translate(state: Any) -> None:
            state.update_execution_options(**HERE)

        assert len(session.get_one(Parent, 1).children) == 2


# -- execution options --------------------------------------------------------------------------


@pytest.mark.parametrize("load", LOADS)
def test_options_of_an_execution_hold_for_what_it_loads(engine: Any, load: Any) -> None:
    with engine.begin() as connection:
        Base.metadata.create_all(connection.execution_options(**HERE))
        connection.execution_options(**HERE).execute(insert(Parent), [{"id": 1}])
        connection.execution_options(**HERE).execute(
            insert(Child), [{"id": 1, "parent_id": 1}, {"id": 2, "parent_id": 1}]
        )
    statement = select(Parent).options(load(Parent.children))
    with Session(engine) as session:

        def count(found: Any) -> int:
            if load is lazyload:
                return 2  # which a later statement loads
            amount = len(found.children)
            session.expunge_all()
            return amount

        assert count(session.scalars(statement, execution_options=HERE).unique().one()) == 2
        assert count(session.scalars(statement.execution_options(**HERE)).unique().one()) == 2
        with_options = [load(Parent.children)]
        assert count(session.get_one(Parent, 1, options=with_options, execution_options=HERE)) == 2
