"""
A plan is made once per shape of statement; each execution must bring its own values to all that is loaded.

Every statement runs with several values on one engine. What it loads is compared with the same selection made
in Python, and the later executions must find their plans in the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from relvar import ForeignKey, create_engine, select
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    aliased,
    contains_eager,
    joinedload,
    lazyload,
    mapped_column,
    relationship,
    selectinload,
    subqueryload,
    with_loader_criteria,
)


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    addresses: Mapped[list[Address]] = relationship(order_by=lambda: Address.id)


class Address(Base):
    __tablename__ = "addresses"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


@pytest.fixture(scope="module")
def filled() -> Iterator[Any]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([User(id=1), User(id=2), User(id=3)])
        session.flush()
        session.add_all([Address(id=i, user_id=owner) for i, owner in enumerate([1, 2, 2, 3, 3, 3], start=1)])
        session.commit()
    yield engine
    engine.dispose()


def alias_options(value: int) -> Any:
    user = aliased(User)
    return (
        select(user).where(user.id != value).options(selectinload(user.addresses.and_(Address.id != value)))
    )


def alias_contains(value: int) -> Any:
    address = aliased(Address)
    relation = User.addresses.of_type(address)
    return select(User).join(relation).where(address.id != value).options(contains_eager(relation))


def everyone(user: int, value: int) -> bool:
    return True


def other_user(user: int, value: int) -> bool:
    return user != value


def other_address(address: int, value: int) -> bool:
    return address != value


CASES: list[Any] = [
    pytest.param(
        lambda v: select(User).options(joinedload(User.addresses.and_(Address.id != v))),
        everyone,
        other_address,
        id="joined",
    ),
    pytest.param(
        lambda v: select(User).options(selectinload(User.addresses.and_(Address.id != v))),
        everyone,
        other_address,
        id="selectin",
    ),
    pytest.param(
        lambda v: select(User).options(lazyload(User.addresses.and_(Address.id != v))),
        everyone,
        other_address,
        id="lazy",
    ),
    pytest.param(
        lambda v: (
            select(User).where(User.id != v).options(subqueryload(User.addresses.and_(Address.id != v)))
        ),
        other_user,
        other_address,
        id="subquery",
    ),
    pytest.param(
        lambda v: select(User).options(
            joinedload(User.addresses), with_loader_criteria(Address, Address.id != v)
        ),
        everyone,
        other_address,
        id="criteria-joined",
    ),
    pytest.param(
        lambda v: select(User).options(with_loader_criteria(Address, lambda cls: cls.id != v)),
        everyone,
        other_address,
        id="criteria-lazy",
    ),
    pytest.param(
        lambda v: (
            select(User)
            .where(User.id != v)
            .order_by(User.id)
            .limit(v)
            .options(joinedload(User.addresses.and_(Address.id != v)))
        ),
        lambda user, v: user != v and user in [u for u in (1, 2, 3) if u != v][:v],
        other_address,
        id="limit",
    ),
    pytest.param(alias_options, other_user, other_address, id="alias-selectin"),
    pytest.param(alias_contains, everyone, other_address, id="alias-contains"),
]


@pytest.mark.parametrize(("statement", "wants_user", "wants_address"), CASES)
def test_each_execution_brings_its_values(
    filled: Any,
    statement: Callable[[int], Any],
    wants_user: Callable[[int, int], bool],
    wants_address: Callable[[int, int], bool],
) -> None:
    owners = {1: [1], 2: [2, 3], 3: [4, 5, 6]}

    def loaded(value: int) -> dict[int, list[int]]:
        with Session(filled) as session:
            users = session.scalars(statement(value)).unique().all()
            return {user.id: [address.id for address in user.addresses] for user in users}

    def expected(value: int) -> dict[int, list[int]]:
        found = {
            user: [a for a in addresses if wants_address(a, value)]
            for user, addresses in owners.items()
            if wants_user(user, value)
        }
        # an inner join leaves out users without addresses
        return {u: a for u, a in found.items() if a or statement is not alias_contains}

    assert loaded(1) == expected(1)
    plans = len(filled._compiled_cache)
    for value in (2, 3, 2):
        assert loaded(value) == expected(value)
    assert len(filled._compiled_cache) == plans
