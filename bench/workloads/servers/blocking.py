"""
Work through blocking drivers: psycopg, PyMySQL, mysqlclient.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from bench.library import Library, make_model
from bench.workloads.registry import Job
from bench.workloads.servers.places import ITEMS, MIXED, POINTS, ROWS, WRITES, Build, Driver, many


def _engine(lib: Library, driver: Driver, items: int = 0, mixed: int = 0) -> Any:
    # one connection, which has the tables
    engine = lib.sa.create_engine(driver.url, pool_size=1, max_overflow=0)
    with engine.begin() as connection:
        for statement in driver.set_up(items, mixed):
            connection.exec_driver_sql(statement)
    return engine


def _emptied(engine: Any) -> Callable[[], None]:
    def empty() -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM item")

    return empty


def core_point(lib: Library, driver: Driver) -> Job:
    """Read rows one by one."""
    item, select = make_model(lib).Item.__table__, lib.sa.select
    connection = _engine(lib, driver, POINTS).connect()

    def run() -> Any:
        for i in range(1, POINTS + 1):
            row = connection.execute(select(item).where(item.c.id == i)).one()
        return row.c0

    return Job(run, POINTS, POINTS)


def points(get: bool, new_session: bool) -> Build:
    """Find objects one by one."""

    def build(lib: Library, driver: Driver) -> Job:
        Item, select, Session = make_model(lib).Item, lib.sa.select, lib.orm.Session
        engine = _engine(lib, driver, POINTS)

        def one(session: Any, i: int) -> Any:
            if get:
                return session.get(Item, i).c0
            return session.scalars(select(Item).where(Item.id == i)).one().c0

        def run() -> Any:
            if new_session:
                for i in range(1, POINTS + 1):
                    with Session(engine) as session:
                        value = one(session, i)
                return value
            with Session(engine) as session:
                for i in range(1, POINTS + 1):
                    value = one(session, i)
            return value

        return Job(run, POINTS, POINTS)

    return build


def load(name: str, count: int) -> Build:
    """Load all objects of a class."""

    def build(lib: Library, driver: Driver) -> Job:
        entity, select = getattr(make_model(lib), name), lib.sa.select
        engine = _engine(lib, driver, ITEMS, MIXED)

        def run() -> Any:
            with lib.orm.Session(engine) as session:
                return len(session.scalars(select(entity)).all())

        return Job(run, count, count)

    return build


def add_all(lib: Library, driver: Driver) -> Job:
    """Write objects whose keys the server makes."""
    Item, engine = make_model(lib).Item, _engine(lib, driver)

    def run() -> Any:
        with lib.orm.Session(engine) as session:
            made = [Item(**row) for row in ROWS]
            session.add_all(made)
            session.commit()
        return len(made)

    return Job(run, WRITES, WRITES, before=_emptied(engine))


def update(lib: Library, driver: Driver) -> Job:
    """Change objects that were loaded before the clock starts."""
    Item, engine = make_model(lib).Item, _engine(lib, driver, WRITES)
    session = lib.orm.Session(engine)
    held: list[Any] = []
    turns = iter(range(1_000_000))

    def before() -> None:
        session.rollback()
        held[:] = session.scalars(lib.sa.select(Item)).all()

    def run() -> Any:
        turn = next(turns)
        for i, item in enumerate(held):
            item.c0 = -i - turn
        session.commit()
        return len(held)

    return Job(run, WRITES, WRITES, before=before)


def in_session(statement: Callable[[Library, Any], Any], rows: list[dict[str, Any]], there: int) -> Build:
    """Execute an ORM statement with many rows, *there* of which are there already."""

    def build(lib: Library, driver: Driver) -> Job:
        Item, engine = make_model(lib).Item, _engine(lib, driver, there)

        def run() -> Any:
            with lib.orm.Session(engine) as session:
                session.execute(statement(lib, Item), rows)
                session.commit()
            return len(rows)

        return Job(run, len(rows), len(rows), before=None if there else _emptied(engine))

    return build


def on_connection(
    statement: Callable[[Library, Driver, Any], Any], rows: list[dict[str, Any]], there: int
) -> Build:
    """Execute a Core statement with many rows, *there* of which are there already."""

    def build(lib: Library, driver: Driver) -> Job:
        item, engine = make_model(lib).Item.__table__, _engine(lib, driver, there)

        def run() -> Any:
            with engine.begin() as connection:
                result = connection.execute(statement(lib, driver, item), rows)
                return len(result.all()) if result.returns_rows else len(rows)

        return Job(run, len(rows), len(rows), before=None if there else _emptied(engine))

    return build


def raw_connection(driver: Driver, items: int, mixed: int) -> Any:
    """Connect by the driver alone, and make the tables."""
    module = importlib.import_module(driver.module)
    if driver.is_postgresql:
        connection = module.connect(driver.server)
    else:
        connection = module.connect(**driver.arguments())
    cursor = connection.cursor()
    for statement in driver.set_up(items, mixed):
        cursor.execute(statement)
    connection.commit()
    return connection


def raw_point(each_apart: bool) -> Callable[[Driver], Job]:
    """Read rows one by one, in one transaction or, as a new session does, each in its own."""

    def build(driver: Driver) -> Job:
        connection = raw_connection(driver, POINTS, 0)
        cursor = connection.cursor()

        def run() -> Any:
            for i in range(1, POINTS + 1):
                cursor.execute("SELECT * FROM item WHERE id = %s", (i,))
                row = cursor.fetchone()
                if each_apart:
                    connection.rollback()
            return row[1]

        return Job(run, POINTS, POINTS)

    return build


def raw_load(table: str, count: int) -> Callable[[Driver], Job]:
    """Read all rows of a table."""

    def build(driver: Driver) -> Job:
        cursor = raw_connection(driver, ITEMS, MIXED).cursor()

        def run() -> Any:
            cursor.execute(f"SELECT * FROM {table}")
            return len(cursor.fetchall())

        return Job(run, count, count)

    return build


def raw_many(kind: str) -> Callable[[Driver], Job]:
    """Execute a statement with many rows."""

    def build(driver: Driver) -> Job:
        there = WRITES if kind in ("update", "upsert") else 0
        connection = raw_connection(driver, there, 0)
        cursor = connection.cursor()
        sql, rows = many(driver, kind)

        def empty() -> None:
            cursor.execute("DELETE FROM item")
            connection.commit()

        def run() -> Any:
            values = [tuple(row.values()) for row in rows]
            if kind == "keys" and driver.is_postgresql:
                cursor.executemany(sql, values, returning=True)
                found = len(cursor.fetchall())
                while cursor.nextset():
                    found += len(cursor.fetchall())
            else:
                # MySQL drivers give no keys of many rows at once
                cursor.executemany(sql.removesuffix(" RETURNING id"), values)
                found = len(values)
            connection.commit()
            return found

        return Job(run, WRITES, WRITES, before=None if there else empty)

    return build
