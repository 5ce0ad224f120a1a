"""
Writing: objects and rows that are made, inserted, changed, deleted.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from bench.library import Library, connection_filled, engine_filled, item_values, make_model
from bench.workloads.registry import Job, row

WRITES = 2000
INSERT = "insert into item (c0, c1, c2, c3, c4, c5, c6, c7, c8) values (?,?,?,?,?,?,?,?,?)"


class _Store:
    """The item table of one database in memory, emptied or refilled before each round."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def empty(self) -> None:
        self.connection.execute("delete from item")
        self.connection.commit()

    def refill(self) -> None:
        self.connection.execute("delete from item")
        self.connection.executemany(INSERT, map(item_values, range(1, WRITES + 1)))
        self.connection.commit()


def _writable(lib: Library) -> tuple[Any, _Store]:
    """Return an engine on an empty database and its store."""
    engine = engine_filled(lib)
    raw = engine.raw_connection()
    store = _Store(raw.driver_connection)
    raw.close()
    return engine, store


def item_dict(i: int) -> dict[str, Any]:
    """Return row *i* as keyword arguments."""
    return {f"c{n}": value for n, value in enumerate(item_values(i))}


DICTS = [item_dict(i) for i in range(1, WRITES + 1)]


def _raw_write(keys: bool) -> Callable[[], Job]:
    def build() -> Job:
        connection = connection_filled()
        store = _Store(connection)

        def run() -> Any:
            values = [tuple(d.values()) for d in DICTS]
            if keys:
                cursor = connection.cursor()
                made = [cursor.execute(INSERT, v).lastrowid for v in values]
                connection.commit()
                return len(made)
            connection.executemany(INSERT, values)
            connection.commit()
            return len(values)

        return Job(run, WRITES, WRITES, before=store.empty)

    return build


def construct_job(lib: Library, entity: Any, rows: list[dict[str, Any]]) -> Job:
    """Make objects that belong to no session."""
    lib.orm.configure_mappers()

    def run() -> Any:
        for d in rows:
            made = entity(**d)
        return made.c0

    return Job(run, len(rows), len(rows))


@row("construct a mapped object, 9 attributes", 0.20, 0.08)
def construct(lib: Library) -> Job:
    return construct_job(lib, make_model(lib).Item, DICTS)


def add_all_job(
    lib: Library, engine: Any, empty: Callable[[], None], entity: Any, rows: list[dict[str, Any]]
) -> Job:
    """Make objects of rows and add them all at once."""

    def run() -> Any:
        with lib.orm.Session(engine) as session:
            made = [entity(**d) for d in rows]
            session.add_all(made)
            session.commit()
        return len(made)

    return Job(run, len(rows), len(rows), before=empty)


@row("add_all + commit, server keys", 0.25, 0.14, raw=_raw_write(True))
def add_all(lib: Library) -> Job:
    engine, store = _writable(lib)
    return add_all_job(lib, engine, store.empty, make_model(lib).Item, DICTS)


def insert_job(
    engine: Any, empty: Callable[[], None], statement: Callable[[], Any], rows: list[dict[str, Any]]
) -> Job:
    """Execute an INSERT that is built each time with many rows, and read what it returns."""

    def run() -> Any:
        with engine.begin() as connection:
            result = connection.execute(statement(), rows)
            return len(result.all()) if result.returns_rows else len(rows)

    return Job(run, len(rows), len(rows), before=empty)


@row("Core executemany", 0.7, 0.5, raw=_raw_write(False))
def core_executemany(lib: Library) -> Job:
    table = make_model(lib).Item.__table__
    engine, store = _writable(lib)
    return insert_job(engine, store.empty, lambda: lib.sa.insert(table), DICTS)


@row("Core executemany with RETURNING", 0.7, 0.5, raw=_raw_write(True))
def core_returning(lib: Library) -> Job:
    table = make_model(lib).Item.__table__
    engine, store = _writable(lib)
    return insert_job(engine, store.empty, lambda: lib.sa.insert(table).returning(table.c.id), DICTS)


def bulk_insert_job(
    lib: Library, engine: Any, empty: Callable[[], None], entity: Any, rows: list[dict[str, Any]]
) -> Job:
    """Insert rows of a mapped class without making objects."""

    def run() -> Any:
        with lib.orm.Session(engine) as session:
            session.execute(lib.sa.insert(entity), rows)
            session.commit()
        return len(rows)

    return Job(run, len(rows), len(rows), before=empty)


@row("ORM bulk insert", 0.25, 0.14, raw=_raw_write(False))
def bulk_insert(lib: Library) -> Job:
    engine, store = _writable(lib)
    return bulk_insert_job(lib, engine, store.empty, make_model(lib).Item, DICTS)


def _raw_single() -> Job:
    connection = connection_filled()
    store = _Store(connection)

    def run() -> Any:
        for d in DICTS[:200]:
            connection.execute(INSERT, tuple(d.values()))
            connection.commit()
        return 200

    return Job(run, 200, 200, before=store.empty)


def single_job(
    lib: Library, engine: Any, empty: Callable[[], None], entity: Any, rows: list[dict[str, Any]]
) -> Job:
    """Make one object in each session, and commit."""

    def run() -> Any:
        for d in rows:
            with lib.orm.Session(engine) as session:
                session.add(entity(**d))
                session.commit()
        return len(rows)

    return Job(run, len(rows), len(rows), before=empty)


@row("one object per session, with commit", 0.16, 0.08, raw=_raw_single)
def one_per_session(lib: Library) -> Job:
    engine, store = _writable(lib)
    return single_job(lib, engine, store.empty, make_model(lib).Item, DICTS[:200])


def _raw_change(sql: str) -> Callable[[], Job]:
    def build() -> Job:
        connection = connection_filled()
        store = _Store(connection)

        def run() -> Any:
            keys = [key for (key,) in connection.execute("select id from item")]
            rows = [(i, key) for i, key in enumerate(keys)] if "update" in sql else [(key,) for key in keys]
            connection.executemany(sql, rows)
            connection.commit()
            return len(keys)

        return Job(run, WRITES, WRITES, before=store.refill)

    return build


def change_job(
    lib: Library, engine: Any, refill: Callable[[], None], entity: Any, act: Callable[[Any, Any, int], None]
) -> Job:
    """Change objects that were loaded before the clock starts."""
    held: dict[str, Any] = {}

    def before() -> None:
        if "session" in held:
            held["session"].close()
        refill()
        held["session"] = session = lib.orm.Session(engine)
        held["objects"] = session.scalars(lib.sa.select(entity)).all()

    def run() -> Any:
        session = held["session"]
        for i, item in enumerate(held["objects"]):
            act(session, item, i)
        session.commit()
        return len(held["objects"])

    return Job(run, WRITES, WRITES, before=before)


def set_same(session: Any, item: Any, i: int) -> None:
    """Change the same column of each object."""
    item.c0 = -i - 1


def set_mixed(session: Any, item: Any, i: int) -> None:
    """Change other columns of one object than of the next."""
    if i % 3 == 0:
        item.c0 = -i - 1
    elif i % 3 == 1:
        item.c1 = -i - 1
        item.c5 = "changed"
    else:
        item.c6 = "changed"


def remove(session: Any, item: Any, i: int) -> None:
    """Delete each object."""
    session.delete(item)


def _change(lib: Library, act: Callable[[Any, Any, int], None]) -> Job:
    engine, store = _writable(lib)
    return change_job(lib, engine, store.refill, make_model(lib).Item, act)


@row(
    "update loaded objects, same columns", 0.22, 0.11, raw=_raw_change("update item set c0 = ? where id = ?")
)
def update_same(lib: Library) -> Job:
    return _change(lib, set_same)


@row(
    "update loaded objects, mixed columns", 0.15, 0.07, raw=_raw_change("update item set c0 = ? where id = ?")
)
def update_mixed(lib: Library) -> Job:
    return _change(lib, set_mixed)


@row("delete loaded objects", 0.22, 0.11, raw=_raw_change("delete from item where id = ?"))
def delete(lib: Library) -> Job:
    return _change(lib, remove)
