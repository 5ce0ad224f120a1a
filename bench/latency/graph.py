"""
A graph of 1,000 objects of five classes, each the parent of the next, and what is done with it.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable
from typing import Any

from bench.library import Library

# how many objects there are of each level
LEVELS = (10, 40, 150, 300, 500)


def make(lib: Library) -> list[Any]:
    """Map the five classes; return them, parents first."""
    sa, orm = lib.sa, lib.orm
    base = orm.declarative_base()
    classes: list[Any] = []
    for level in range(len(LEVELS)):
        attributes: dict[str, Any] = {
            "__tablename__": f"relvar_latency_{level}",
            "id": sa.Column(sa.Integer, primary_key=True),
            "name": sa.Column(sa.String(50)),
            "amount": sa.Column(sa.Integer),
        }
        if level:
            attributes["parent_id"] = sa.Column(sa.ForeignKey(f"relvar_latency_{level - 1}.id"), index=True)
            attributes["parent"] = orm.relationship(f"L{level - 1}", back_populates="children")
        if level < len(LEVELS) - 1:
            attributes["children"] = orm.relationship(
                f"L{level + 1}", back_populates="parent", cascade="all, delete-orphan"
            )
        classes.append(type(f"L{level}", (base,), attributes))
    return classes


def grow(classes: list[Any]) -> list[Any]:
    """Make the objects; return the roots."""
    above: list[Any] = []
    roots: list[Any] = []
    for level, (cls, count) in enumerate(zip(classes, LEVELS, strict=True)):
        made = [cls(name=f"{level}.{i}", amount=i) for i in range(count)]
        for i, one in enumerate(made):
            if above:
                one.parent = above[i % len(above)]
        roots = roots or made
        above = made
    return roots


def walk(roots: list[Any]) -> list[Any]:
    """Return all objects of loaded roots."""
    found, level = list(roots), list(roots)
    while level and hasattr(level[0], "children"):
        level = [child for one in level for child in one.children]
        found += level
    assert len(found) == sum(LEVELS)
    return found


class Trips:
    """Counts the round trips of three flushes, each with its commit."""

    def __init__(self, lib: Library, count: Callable[[], int], clock: Callable[[], float]) -> None:
        self.lib, self.count, self.clock = lib, count, clock
        self.classes = make(lib)
        self.results: dict[str, dict[str, float]] = {}

    def _flushed(self, name: str, session: Any) -> None:
        # connected and in its transaction, so that the flush alone is counted
        with session.no_autoflush:
            session.execute(self.lib.sa.text("SELECT 1"))
        before, start = self.count(), self.clock()
        session.flush()
        trips, wall = self.count() - before, self.clock() - start
        before = self.count()
        session.commit()
        self.results[name] = {"trips": trips, "wall_ms": wall * 1000, "commit": self.count() - before}

    def run(self, session: Any) -> None:
        """Insert, update and delete the graph in a blocking session."""
        select, func = self.lib.sa.select, self.lib.sa.func
        session.add_all(grow(self.classes))
        self._flushed("insert", session)
        assert session.scalar(select(func.count()).select_from(self.classes[-1])) == LEVELS[-1]
        for one in self._all(session):
            one.amount += 1
        self._flushed("update", session)
        kept = self._all(session)
        for one in kept[: LEVELS[0]]:
            session.delete(one)
        self._flushed("delete", session)
        assert session.scalar(select(func.count()).select_from(self.classes[-1])) == 0

    def _all(self, session: Any) -> list[Any]:
        session.expire_all()
        option = None
        for cls in self.classes[:-1]:
            load = self.lib.orm.selectinload if option is None else option.selectinload
            option = load(cls.children)
        return walk(session.scalars(self.lib.sa.select(self.classes[0]).options(option)).all())


def measure(lib: Library, url: str, is_async: bool, trips: Trips) -> None:
    """Make the tables at *url*, which are dropped at the end, and run."""
    metadata = trips.classes[0].metadata
    if not is_async:
        engine = lib.sa.create_engine(url, pool_size=1, max_overflow=0)
        metadata.create_all(engine)
        try:
            with lib.orm.Session(engine) as session:
                trips.run(session)
        finally:
            metadata.drop_all(engine)
            engine.dispose()
        return
    aio = importlib.import_module(f"{lib.sa.__name__}.ext.asyncio")

    async def main() -> None:
        engine = aio.create_async_engine(url, pool_size=1, max_overflow=0)
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        try:
            async with aio.AsyncSession(engine) as session:
                await session.run_sync(trips.run)
        finally:
            async with engine.begin() as connection:
                await connection.run_sync(metadata.drop_all)
            await engine.dispose()

    asyncio.run(main())
