"""
Classes of descriptors that CPython reads past: what programs do with them, and with what they stand for.
"""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest

import relvar
from relvar import String, create_engine, event
from relvar.orm import DeclarativeBase, InstrumentedAttribute, Mapped, Session, mapped_column
from relvar.util import memoized_property


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "sealed_users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))


IMMUTABLE = 1 << 8
"""``Py_TPFLAGS_IMMUTABLETYPE``."""


@pytest.mark.parametrize("cls", [InstrumentedAttribute, memoized_property])
def test_a_program_may_change_the_class(cls: Any) -> None:
    cls.described = lambda self: f"described {type(self).__name__}"
    try:
        found = User.name if cls is InstrumentedAttribute else memoized_property(len)
        assert found.described() == f"described {cls.__name__}"
    finally:
        del cls.described
    assert not hasattr(cls, "described")
    with mock.patch.object(cls, "__repr__", lambda self: "patched"):
        assert repr(User.name if cls is InstrumentedAttribute else memoized_property(len)) == "patched"
    with pytest.raises(AttributeError, match="described"):
        del cls.described
    assert bool(cls.__flags__ & IMMUTABLE) == relvar.is_compiled()


def test_subclasses() -> None:
    class Registered(InstrumentedAttribute[int]):
        seen: list[str] = []

        def __init_subclass__(cls, label: str = "") -> None:
            cls.seen.append(label)

    class Mine(Registered, label="mine"):
        pass

    Mine.note = 5  # type: ignore[attr-defined]  # as a program would
    assert Registered.seen == ["mine"] and Mine.note == 5  # type: ignore[attr-defined]


def test_reads_of_one_place_in_a_program(url: str) -> None:
    """Values, defaults, expired attributes, and a property in the class's place, by the same code."""

    def name_of(user: Any) -> Any:
        return user.name

    engine = create_engine(url)
    Base.metadata.create_all(engine)
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *arguments: sent.append(arguments[2]))
    with Session(engine) as session:
        users = [User(id=i + 1, name=f"user {i}") for i in range(40)]
        # warm
        assert [name_of(user) for user in users] == [f"user {i}" for i in range(40)]
        session.add_all(users)
        session.commit()
        sent.clear()
        assert [name_of(user) for user in users[:3]] == ["user 0", "user 1", "user 2"]
        assert len([text for text in sent if text.startswith("SELECT")]) == 3
        assert [name_of(user) for user in users[:3]] == ["user 0", "user 1", "user 2"]
        assert name_of(User()) is None and name_of(User) is User.name
        users[0].name = "other"
        assert name_of(users[0]) == "other"
        del users[1].name
        assert name_of(users[1]) is None
        before = User.name
        with mock.patch.object(User, "name", property(lambda self: "of the class")):
            assert name_of(users[0]) == name_of(users[5]) == "of the class"
        assert User.name is before
        assert name_of(users[0]) == "other"
        session.rollback()
    engine.dispose()


def test_a_memoized_property_is_computed_once_and_forgotten() -> None:
    class Counter:
        calls = 0

        @memoized_property
        def value(self) -> int:
            self.calls += 1
            return self.calls

    counter = Counter()
    assert [counter.value for _ in range(50)] == [1] * 50
    memoized_property.reset(counter, "value")
    assert [counter.value for _ in range(50)] == [2] * 50
