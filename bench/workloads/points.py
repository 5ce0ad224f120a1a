"""
One row at a time: selects by primary key and `Session.get`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.library import Library, connection_filled, engine_filled, make_model
from bench.workloads.registry import Job, row

POINTS = 300
TABLE_SIZE = 2000


def raw_point() -> Job:
    connection = connection_filled(items=TABLE_SIZE)

    def run() -> Any:
        for i in range(1, POINTS + 1):
            row = connection.cursor().execute("select * from item where id = ?", (i,)).fetchone()
        return row[1]

    return Job(run, POINTS, POINTS)


@row("Core select by primary key, statement built each time", 0.20, 0.10, raw=raw_point)
def core_point(lib: Library) -> Job:
    item = make_model(lib).Item.__table__
    select = lib.sa.select
    connection = engine_filled(lib, items=TABLE_SIZE).connect()

    def run() -> Any:
        for i in range(1, POINTS + 1):
            row = connection.execute(select(item).where(item.c.id == i)).one()
        return row.c0

    return Job(run, POINTS, POINTS)


def point_job(lib: Library, engine: Any, one: Callable[[Any, int], Any], new_session: bool) -> Job:
    """Call ``one(session, i)``, which finds object *i* and returns its ``c0``, for many of them."""
    Session = lib.orm.Session
    kept = Session(engine)

    def same() -> Any:
        for i in range(1, POINTS + 1):
            value = one(kept, i)
        return value

    def new() -> Any:
        for i in range(1, POINTS + 1):
            with Session(engine) as session:
                value = one(session, i)
        return value

    return Job(new if new_session else same, POINTS, POINTS)


def _point(lib: Library, new_session: bool, get: bool) -> Job:
    Item, select = make_model(lib).Item, lib.sa.select

    def one(session: Any, i: int) -> Any:
        if get:
            return session.get(Item, i).c0
        return session.scalars(select(Item).where(Item.id == i)).one().c0

    return point_job(lib, engine_filled(lib, items=TABLE_SIZE), one, new_session)


@row("ORM select by primary key, same session", 0.16, 0.08, raw=raw_point)
def orm_point_same(lib: Library) -> Job:
    return _point(lib, new_session=False, get=False)


@row("ORM select by primary key, new session", 0.12, 0.06, raw=raw_point)
def orm_point_new(lib: Library) -> Job:
    return _point(lib, new_session=True, get=False)


@row("session.get, same session", 0.15, 0.08, raw=raw_point)
def get_same(lib: Library) -> Job:
    return _point(lib, new_session=False, get=True)


@row("session.get, new session", 0.12, 0.05, raw=raw_point)
def get_new(lib: Library) -> Job:
    return _point(lib, new_session=True, get=True)


@row("session.get, already loaded", 0.15, 0.07)
def get_loaded(lib: Library) -> Job:
    Item = make_model(lib).Item
    session = lib.orm.Session(engine_filled(lib, items=10))
    held = session.get(Item, 1)

    def run() -> Any:
        get = session.get
        for _ in range(2000):
            found = get(Item, 1)
        return found is held

    return Job(run, 2000, True)
