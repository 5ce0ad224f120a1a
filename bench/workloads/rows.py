"""
Many rows: loading entities, fetching and reading Core rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.library import Library, connection_filled, convert_mixed, engine_filled, make_model
from bench.workloads.registry import Job, row

MANY = 100_000


def _raw_load(table: str, convert: Callable[[Any], Any] | None) -> Callable[[], Job]:
    def build() -> Job:
        connection = connection_filled(**{"items" if table == "item" else "mixed": MANY})

        def run() -> Any:
            rows = connection.execute(f"select * from {table}").fetchall()
            if convert is not None:
                rows = [convert(r) for r in rows]
            return len(rows)

        return Job(run, MANY, MANY)

    return build


def load_job(lib: Library, engine: Any, read: Callable[[Any], Any], count: int) -> Job:
    """Read *count* objects or rows by ``read(session)``."""

    def run() -> Any:
        with lib.orm.Session(engine) as session:
            return len(read(session))

    return Job(run, count, count)


def _load(lib: Library, name: str) -> Job:
    entity = getattr(make_model(lib), name)
    engine = engine_filled(lib, **{"items" if name == "Item" else "mixed": MANY})
    return load_job(lib, engine, lambda session: session.scalars(lib.sa.select(entity)).all(), MANY)


@row("load 100k entities, 10 plain columns", 0.45, 0.22, raw=_raw_load("item", None), rounds=5)
def load_plain(lib: Library) -> Job:
    return _load(lib, "Item")


@row("load 100k entities, 10 mixed columns", 0.45, 0.25, raw=_raw_load("mixed", convert_mixed), rounds=5)
def load_mixed(lib: Library) -> Job:
    return _load(lib, "Mixed")


CORE_ROWS = 20_000


def _raw_rows(read: bool) -> Callable[[], Job]:
    def build() -> Job:
        connection = connection_filled(items=CORE_ROWS)

        def run() -> Any:
            rows = connection.execute("select id, c0, c1, c5, c6, c7 from item").fetchall()
            return sum(r[1] for r in rows if r[3]) if read else len(rows)

        return Job(run, CORE_ROWS, CORE_ROWS * (CORE_ROWS + 1) // 2 if read else CORE_ROWS)

    return build


def _core_rows(lib: Library, read: bool) -> Job:
    c = make_model(lib).Item.__table__.c
    connection = engine_filled(lib, items=CORE_ROWS).connect()

    def run() -> Any:
        rows = connection.execute(lib.sa.select(c.id, c.c0, c.c1, c.c5, c.c6, c.c7)).all()
        return sum(r.c0 for r in rows if r.c5) if read else len(rows)

    return Job(run, CORE_ROWS, CORE_ROWS * (CORE_ROWS + 1) // 2 if read else CORE_ROWS)


@row("Core rows, 6 columns: fetched", 0.95, 0.8, raw=_raw_rows(False))
def core_rows(lib: Library) -> Job:
    return _core_rows(lib, read=False)


@row("Core rows, 6 columns: read by name", 0.75, 0.55, raw=_raw_rows(True))
def core_rows_read(lib: Library) -> Job:
    return _core_rows(lib, read=True)
