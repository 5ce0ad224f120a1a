"""
Mapped classes that a program lets go of are freed, with all that was kept for them.
"""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest

from relvar import ForeignKey, create_engine, select
from relvar.orm import DeclarativeBase, Mapped, Session, defer, mapped_column, relationship, selectinload


def used_and_dropped(*, reads: bool, writes: bool) -> list[weakref.ref[Any]]:
    class Base(DeclarativeBase):
        pass

    class Item(Base):
        __tablename__ = "item"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]
        parts: Mapped[list[Part]] = relationship(cascade="all, delete-orphan")

    class Part(Base):
        __tablename__ = "part"
        id: Mapped[int] = mapped_column(primary_key=True)
        item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))

    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        if writes:
            session.add(Item(name="one", parts=[Part()]))
            session.commit()
        if reads:
            options = selectinload(Item.parts), defer(Item.name)
            assert len(session.scalars(select(Item).options(*options)).all()) == int(writes)
    Base.registry.dispose()
    # the plans of an engine know what they load
    engine.clear_compiled_cache()
    return [weakref.ref(thing) for thing in (Item, Part, Base.metadata)]


@pytest.mark.parametrize("writes", [False, True])
@pytest.mark.parametrize("reads", [False, True])
def test_all_is_freed(reads: bool, writes: bool) -> None:
    gone = used_and_dropped(reads=reads, writes=writes)
    gc.collect()
    assert [reference() for reference in gone] == [None] * len(gone)
