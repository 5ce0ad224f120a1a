"""
PostgreSQL and MariaDB over loopback, through blocking drivers and those of asyncio.

Each driver does the same work; beside it the bare driver does what its manual recommends for many rows.
Tables are temporary, so there is one connection, and nothing to clean up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.library import Library
from bench.workloads.registry import Job, row
from bench.workloads.servers import aio, blocking, places
from bench.workloads.servers.places import Build, Driver, Work


def _table(face: Any) -> list[tuple[Work, Build, Callable[[Driver], Job]]]:
    """Return the lines that each driver has, as done by the module of blocking drivers or of asyncio's."""
    bulk_insert = face.in_session(lambda lib, Item: lib.sa.insert(Item), places.ROWS, 0)
    bulk_update = face.in_session(lambda lib, Item: lib.sa.update(Item), places.CHANGES, places.WRITES)
    together, apart = face.raw_point(each_apart=False), face.raw_point(each_apart=True)
    return [
        (places.CORE_POINT, face.core_point, together),
        (places.ORM_SAME, face.points(get=False, new_session=False), together),
        (places.ORM_NEW, face.points(get=False, new_session=True), apart),
        (places.GET_SAME, face.points(get=True, new_session=False), together),
        (places.GET_NEW, face.points(get=True, new_session=True), apart),
        (places.LOAD, face.load("Item", places.ITEMS), face.raw_load("item", places.ITEMS)),
        (places.LOAD_MIXED, face.load("Mixed", places.MIXED), face.raw_load("mixed", places.MIXED)),
        (places.ADD_ALL, face.add_all, face.raw_many("keys")),
        (places.BULK_INSERT, bulk_insert, face.raw_many("insert")),
        (places.RETURNING, face.on_connection(places.returning, places.ROWS, 0), face.raw_many("keys")),
        (places.UPDATE, face.update, face.raw_many("update")),
        (places.BULK_UPDATE, bulk_update, face.raw_many("update")),
        (places.UPSERT, face.on_connection(places.upsert, places.KEYED, places.WRITES),
         face.raw_many("upsert")),
    ]  # fmt: skip


def _register(face: Any, driver: Driver, work: Work, build: Build, raw: Callable[[Driver], Job]) -> None:
    def made(lib: Library) -> Job:
        return build(lib, driver)

    made.__module__ = face.__name__
    name = f"{driver.name}: {work.name}"
    row(name, work.first, work.goal, raw=lambda: raw(driver), rounds=5, server=driver.address)(made)


TOPICS = (blocking, aio)
for _face, _drivers in ((blocking, places.BLOCKING), (aio, places.ASYNC)):
    for _driver in _drivers:
        for _line in _table(_face):
            _register(_face, _driver, *_line)
