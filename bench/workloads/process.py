"""
What a process pays once: importing, and memory per object.
"""

from __future__ import annotations

import functools
import gc
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from typing import Any

from bench.library import Library, engine_filled, make_model
from bench.workloads.floors import empty_classes, plain_objects
from bench.workloads.registry import Job, row


def _seconds(code: str) -> float:
    timed = f"import time\n{code}\nprint(time.process_time())"
    done = subprocess.run([sys.executable, "-c", timed], capture_output=True, text=True, check=True)
    return float(done.stdout)


@functools.cache
def _bare_python() -> float:
    return min(_seconds("pass") for _ in range(5))


def process_job(code: str) -> Job:
    """Measure the milliseconds of CPU time that a new process needs for some code, beyond starting."""
    return Job(lambda: (_seconds(code) - _bare_python()) * 1000, 1, kind="value")


@row("import the ORM, beyond bare Python", 0.5, 0.25, unit="ms", raw=empty_classes, rounds=5)
def import_time(lib: Library) -> Job:
    return process_job(f"import {lib.sa.__name__}.orm")


FIRST_OBJECT = """
import {name} as sa
from {name} import orm

class Base(orm.DeclarativeBase):
    pass

class Item(Base):
    __tablename__ = "item"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(50))

engine = sa.create_engine("sqlite://")
Base.metadata.create_all(engine)
with orm.Session(engine) as session:
    session.add(Item(name="x"))
    session.commit()
with orm.Session(engine) as session:
    assert session.scalars(sa.select(Item).where(Item.name == "x")).one().id == 1
"""


@row("import, map, connect, first object, beyond bare Python", 0.60, 0.40, unit="ms", rounds=5)
def first_object(lib: Library) -> Job:
    return process_job(FIRST_OBJECT.format(name=lib.sa.__name__))


ENTITIES = 10_000


def memory_job(lib: Library, engine: Any, cls: Any) -> Job:
    """Measure what entities take beyond the values of their rows."""
    width = len(cls.__table__.columns)

    def traced(load: Callable[[], Any]) -> float:
        load()
        gc.collect()
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        held = load()
        gc.collect()
        used = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        del held
        return used / ENTITIES

    def values() -> Any:
        # What the values themselves take: the rows, less a tuple and a list's place for each.
        raw = engine.raw_connection()
        rows = raw.driver_connection.execute(f"select * from {cls.__tablename__}").fetchall()
        raw.close()
        return rows

    def entities() -> Any:
        session = lib.orm.Session(engine)
        return session, session.scalars(lib.sa.select(cls)).all()

    row = sys.getsizeof((None,) * width) + 16

    def run() -> Any:
        return traced(entities) - (traced(values) - row)

    return Job(run, 1, kind="value")


@row("memory per loaded entity beyond its values", 0.40, 0.25, unit="B", raw=plain_objects, rounds=3)
def memory(lib: Library) -> Job:
    return memory_job(lib, engine_filled(lib, items=ENTITIES), make_model(lib).Item)
