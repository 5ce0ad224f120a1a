"""
Work that is done at several sizes, each size in a process of its own.

A measure prepares what it works on and returns a function; time and memory are taken around that.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.library import Library, make_model
from bench.workloads.mapping import chain

Run = Callable[[], Any]
Prepare = Callable[[Library, int, Path], Run]

BATCH = 1_000
DIRTY = 100


@dataclass(frozen=True)
class Measure:
    """
    A line of the table.

    ``time`` and ``memory`` say how they may grow: ``linear`` in the size, ``constant`` or, for memory,
    not looked at.  ``slack`` is in bytes, for constant memory: what buffers and caches take.
    """

    name: str
    prepare: Prepare
    sizes: tuple[int, ...]
    time: str
    memory: str = ""
    slack: int = 8 << 20


def place() -> Path:
    """Return a directory in memory, where the system has such a place: pages of a file count for nobody."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="relvar-growth-", dir=memory if memory.is_dir() else None))


def _filled(lib: Library, count: int, directory: Path) -> tuple[Any, Any]:
    """Return an engine on a file with that many parents, and their class."""
    path = directory / "growth.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(
        "create table parent (id integer not null primary key, name varchar(50)); "
        "create table child (id integer not null primary key, name varchar(50), parent_id integer)"
    )
    rows = ((i, f"parent {i}") for i in range(1, count + 1))
    connection.executemany("insert into parent values (?, ?)", rows)
    connection.commit()
    connection.close()
    engine = lib.sa.create_engine(f"sqlite:///{path}")
    Parent = make_model(lib).Parent
    with lib.orm.Session(engine) as session:  # what is configured and compiled once
        session.scalars(lib.sa.select(Parent).limit(1)).all()
    return engine, Parent


def load(lib: Library, count: int, directory: Path) -> Run:
    """Load entities and keep them."""
    engine, Parent = _filled(lib, count, directory)
    session = lib.orm.Session(engine)

    def run() -> Any:
        found = session.scalars(lib.sa.select(Parent)).all()
        assert len(found) == count
        return found

    return run


def add_all(lib: Library, count: int, directory: Path) -> Run:
    """Write new objects in one flush."""
    engine, Parent = _filled(lib, 0, directory)

    def run() -> Any:
        with lib.orm.Session(engine) as session:
            session.add_all([Parent(name=f"parent {i}") for i in range(count)])
            session.commit()

    return run


def insert(lib: Library, count: int, directory: Path) -> Run:
    """Insert rows in one execution."""
    engine, Parent = _filled(lib, 0, directory)
    rows = [{"name": f"parent {i}"} for i in range(count)]

    def run() -> Any:
        with engine.begin() as connection:
            connection.execute(lib.sa.insert(Parent.__table__), rows)

    return run


def stream(lib: Library, count: int, directory: Path) -> Run:
    """Read entities in batches, and keep none."""
    engine, Parent = _filled(lib, count, directory)

    def run() -> Any:
        with lib.orm.Session(engine) as session:
            result = session.scalars(lib.sa.select(Parent).execution_options(yield_per=BATCH))
            assert sum(1 for _ in result) == count

    return run


def stream_rows(lib: Library, count: int, directory: Path) -> Run:
    """Read Core rows in batches, and keep none."""
    engine, Parent = _filled(lib, count, directory)

    def run() -> Any:
        with engine.connect().execution_options(yield_per=BATCH) as connection:
            assert sum(1 for _ in connection.execute(lib.sa.select(Parent.__table__))) == count

    return run


def flush(lib: Library, count: int, directory: Path) -> Run:
    """Write some changed objects while many more are loaded."""
    engine, Parent = _filled(lib, count, directory)
    session = lib.orm.Session(engine)
    held = session.scalars(lib.sa.select(Parent)).all()
    turns = iter(range(1_000))

    def run() -> Any:
        turn = next(turns)
        for parent in held[:: count // DIRTY][:DIRTY]:
            parent.name = f"turn {turn}"
        session.flush()

    run()
    return run


def statements(lib: Library, count: int, directory: Path) -> Run:
    """Execute statements that all differ in their text."""
    sa = lib.sa
    engine, Parent = _filled(lib, 1, directory)
    table = Parent.__table__

    def run() -> Any:
        with engine.connect() as connection:
            for i in range(count):
                connection.execute(sa.select(table.c.name.label(f"l{i}"))).all()

    return run


def tables(lib: Library, count: int, directory: Path) -> Run:
    """Declare tables that refer to each other, and sort them."""
    sa = lib.sa

    def run() -> Any:
        metadata = sa.MetaData()
        for i in range(count):
            columns = [sa.Column(f"c{n}", sa.String(50)) for n in range(8)]
            if i:
                columns.append(sa.Column("other", sa.ForeignKey(f"t{i // 2}.id")))
            sa.Table(f"t{i}", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)
        assert len(metadata.sorted_tables) == count
        return metadata

    return run


def reflected(lib: Library, count: int, directory: Path) -> Run:
    """Reflect tables from the database."""
    sa = lib.sa
    engine = sa.create_engine(f"sqlite:///{directory / 'reflect.sqlite'}")
    with engine.begin() as connection:
        for i in range(count):
            reference = f", other integer references t{i // 2} (id)" if i else ""
            columns = "".join(f", c{n} varchar(50)" for n in range(8))
            connection.exec_driver_sql(f"create table t{i} (id integer primary key{columns}{reference})")

    def run() -> Any:
        metadata = sa.MetaData()
        metadata.reflect(engine)
        assert len(metadata.tables) == count
        return metadata

    return run


def classes(lib: Library, count: int, directory: Path) -> Run:
    """Declare and configure classes, each related both ways to the one before."""

    def run() -> Any:
        made = chain(lib, count)
        lib.orm.configure_mappers()
        return made

    return run


MANY = (10_000, 100_000, 1_000_000)
MEASURES = {
    measure.name: measure
    for measure in (
        Measure("load entities", load, MANY, "linear", "linear"),
        Measure("add_all and commit", add_all, MANY, "linear", "linear"),
        Measure("insert rows", insert, MANY, "linear"),
        Measure("stream entities", stream, MANY, "linear", "constant"),
        Measure("stream rows", stream_rows, MANY, "linear", "constant"),
        Measure("flush 100 dirty objects of", flush, MANY, "constant"),
        Measure("distinct statements", statements, (1_000, 10_000, 100_000), "linear", "constant"),
        Measure("tables declared", tables, (100, 300, 1_000), "linear", "linear"),
        Measure("tables reflected", reflected, (100, 300, 1_000), "linear"),
        Measure("classes mapped and configured", classes, (50, 150, 500), "linear", "linear"),
    )
}
