"""
Statements that follow another one (eager loads, lazy loads with options) take the values of the one at hand.

They are planned once for all statements of a shape: with other values, after an empty result, on another
engine, after the cache was cleared, and by several threads at once they give what the values at hand ask for.
"""

from __future__ import annotations

import sys
import threading
from typing import Any

import pytest

from relvar import ForeignKey, bindparam, create_engine, select
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    defaultload,
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


class Base(DeclarativeBase):
    pass


class Parent(Base):
    __tablename__ = "followed_parent"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    children: Mapped[list[Child]] = relationship(order_by="Child.id")


class Child(Base):
    __tablename__ = "followed_child"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    parent_id: Mapped[int] = mapped_column(ForeignKey("followed_parent.id"))
    toys: Mapped[list[Toy]] = relationship(order_by="Toy.id")


class Toy(Base):
    __tablename__ = "followed_toy"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    child_id: Mapped[int] = mapped_column(ForeignKey("followed_child.id"))


@pytest.fixture
def filled(engine: Any) -> Any:
    """Parents 1 to 3 with three children each, which have as many toys as their parent's number."""
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(Parent(id=i) for i in (1, 2, 3))
        session.flush()
        session.add_all(Child(id=i * 10 + j, number=j, parent_id=i) for i in (1, 2, 3) for j in range(3))
        session.flush()
        session.add_all(
            Toy(id=i * 100 + j * 10 + k, number=k, child_id=i * 10 + j)
            for i in (1, 2, 3)
            for j in range(3)
            for k in range(i)
        )
        session.commit()
    yield engine
    Base.metadata.drop_all(engine)


def expected(parents: list[int], children: int, toys: int) -> list[Any]:
    """What is there, of children and toys numbered less than these."""
    return [
        (i, [(i * 10 + j, [i * 100 + j * 10 + k for k in range(min(i, toys))]) for j in range(children)])
        for i in parents
    ]


ALL = 3
LOADS = (selectinload, subqueryload, joinedload, immediateload, lazyload, peers)


def plain(first: Any, second: Any, x: int) -> tuple[list[Any], int, int]:
    """Options for a value, and how many children and toys these leave."""
    return [getattr(first(Parent.children), second.__name__)(Child.toys)], ALL, ALL


def conditions(first: Any, second: Any, x: int) -> tuple[list[Any], int, int]:
    outer = first(Parent.children.and_(Child.number < x))
    return [getattr(outer, second.__name__)(Child.toys.and_(Toy.number < x - 1))], x, x - 1


def criteria(first: Any, second: Any, x: int) -> tuple[list[Any], int, int]:
    return (
        [
            with_loader_criteria(Child, Child.number < x),
            getattr(first(Parent.children), second.__name__)(Child.toys),
            with_loader_criteria(Toy, lambda toy: toy.number < x - 1),
        ],
        x,
        x - 1,
    )


def criteria_here(first: Any, second: Any, x: int) -> tuple[list[Any], int, int]:
    """Criteria of this statement, and of those that follow at once."""
    return (
        [
            with_loader_criteria(Child, Child.number < x, propagate_to_loaders=False),
            with_loader_criteria(Toy, Toy.number < x - 1),
            selectinload(Parent.children),
        ],
        x,
        x - 1,
    )


def default(first: Any, second: Any, x: int) -> tuple[list[Any], int, int]:
    return [defaultload(Parent.children).subqueryload(Child.toys.and_(Toy.number < x))], ALL, x


CASES = [(kind, first) for kind in (plain, conditions, criteria) for first in LOADS]
CASES += [(kind, selectinload) for kind in (criteria_here, default)]


def two_from(number: int) -> Any:
    return select(Parent).where(Parent.id >= number).order_by(Parent.id).limit(2)


def read(engine: Any, statement: Any, params: Any = None) -> list[Any]:
    with Session(engine) as session:
        found = session.scalars(statement, params).unique().all()
        return [(p.id, [(c.id, [toy.id for toy in c.toys]) for c in p.children]) for p in found]


@pytest.mark.feature("G010", "G011")
@pytest.mark.parametrize(("kind", "first"), CASES, ids=[f"{k.__name__}-{f.__name__}" for k, f in CASES])
def test_values_change(filled: Any, kind: Any, first: Any) -> None:
    other = create_engine(filled.url)
    for second in LOADS if kind in (plain, conditions, criteria) else (selectinload,):
        for engine in (filled, filled, other):
            # the first finds nothing, so that nothing follows it
            for parent, x in ((99, 9), (3, 1), (1, 2), (2, 3)):
                options, children, toys = kind(first, second, x)
                one = select(Parent).options(*options).where(Parent.id == parent)
                assert read(engine, one) == expected([parent] if parent < 9 else [], children, toys)
                some = (
                    select(Parent).options(*options).where(Parent.id >= parent).order_by(Parent.id).limit(2)
                )
                left = [i for i in (1, 2, 3) if i >= parent][:2]
                assert read(engine, some) == expected(left, children, toys)
            engine.clear_compiled_cache()
    other.dispose()


@pytest.mark.feature("G010", "G011")
@pytest.mark.parametrize("load", [selectinload, subqueryload, joinedload])
def test_values_by_name(filled: Any, load: Any) -> None:
    """Those given with the execution count, in the statements that follow at once."""
    statement = (
        select(Parent)
        .options(load(Parent.children.and_(Child.number < bindparam("x", 0))).selectinload(Child.toys))
        .where(Parent.id == bindparam("parent"))
    )
    for parent, x in ((99, 9), (3, 1), (1, 2), (2, 3)):
        found = read(filled, statement, {"parent": parent, "x": x})
        assert found == expected([parent] if parent < 9 else [], x, ALL)
    assert read(filled, statement, {"parent": 2}) == expected([2], 0, ALL)


def test_several_entities_with_values(filled: Any) -> None:
    for toy, x in ((0, 9), (1, 1), (2, 2), (0, 3)):
        statement = (
            select(Parent, Toy)
            .join(Parent.children)
            .join(Child.toys)
            .where(Toy.number == toy, Child.number == 0)
            .order_by(Parent.id)
            .options(subqueryload(Parent.children.and_(Child.number < x)))
        )
        with Session(filled) as session:
            found = session.execute(statement).all()
            assert [(p.id, t.number, len(p.children)) for p, t in found] == [
                (i, toy, min(x, 3)) for i in (1, 2, 3) if i > toy
            ]


def test_a_loaded_object_again(filled: Any) -> None:
    """Refreshing and loads by key follow the options they are given, or the object keeps."""
    for x in (3, 1, 2):
        with Session(filled) as session:
            option = selectinload(Parent.children.and_(Child.number < x)).subqueryload(
                Child.toys.and_(Toy.number < x - 1)
            )
            parent = session.get_one(Parent, 3, options=[option])
            for _ in range(2):
                found = [(c.id, [toy.id for toy in c.toys]) for c in parent.children]
                assert found == expected([3], x, x - 1)[0][1]
                session.expire_all()


@pytest.mark.backends("sqlite")
def test_threads_that_load_first(filled: Any) -> None:
    """Whoever comes first plans for all; who comes at the same time does so for itself."""
    failures: list[BaseException] = []
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(10):
            filled.clear_compiled_cache()
            start = threading.Barrier(4)

            def work(number: int, start: Any = start) -> None:
                try:
                    start.wait()
                    for i in (number, 1 + number % 3):
                        option = subqueryload(Parent.children).subqueryload(Child.toys)
                        statement = select(Parent).options(option).where(Parent.id == i)
                        assert read(filled, statement) == expected([i], ALL, ALL)
                except BaseException as failure:
                    failures.append(failure)

            threads = [threading.Thread(target=work, args=(1 + n % 3,)) for n in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    finally:
        sys.setswitchinterval(before)
    assert failures == []
