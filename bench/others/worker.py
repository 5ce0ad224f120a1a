"""Run one library on one kind of database, one round at a time, as told over standard input."""

from __future__ import annotations

import gc
import importlib
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.others.contender import Contender
from bench.others.database import DATABASES, Database
from bench.others.rows import AUTHORS, BOOKS, MANY, POINTS, SINGLES, digest, of_object


@dataclass(frozen=True)
class Work:
    """A line of the table: what is done, on how many books, how many operations it is, what it gives."""

    title: str
    run: Callable[[Contender], Any]
    books: int
    operations: int
    # what was read, as rows; None where something was written, and the driver reads it back
    rows: Callable[[Any], Any] | None = None


def _objects(found: Any) -> Any:
    return [of_object(book) for book in found]


def _nested(found: Any) -> Any:
    return [(name, *titles) for name, titles in found]


WORKS = {
    "load": Work("load all rows, per row", lambda c: c.load(), BOOKS, BOOKS, _objects),
    "point": Work("point select", lambda c: c.point(), BOOKS, POINTS, _objects),
    "insert_one": Work("insert one, with commit", lambda c: c.insert_one(), 0, SINGLES),
    "insert_many": Work("insert many, per row", lambda c: c.insert_many(), 0, MANY),
    "update": Work("load and update many, per row", lambda c: c.update(), MANY, MANY),
    "nested": Work(f"{AUTHORS} with their books, per book", lambda c: c.nested(), BOOKS, BOOKS, _nested),
}


def one_round(work: Work, contender: Contender, database: Database) -> dict[str, Any]:
    """Do a piece of work once; return its CPU and wall time per operation (µs) and a hash of its rows."""
    if work.rows is None or len(database.books()) != work.books:
        database.put_books(work.books)
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    found = work.run(contender)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    rows = database.books() if work.rows is None else work.rows(found)
    return {
        "cpu": cpu / work.operations * 1e6, "wall": wall / work.operations * 1e6, "digest": digest(rows)
    }  # fmt: skip


def main() -> None:
    """Serve: each line names a piece of work; the answer is one measured round as JSON."""
    name, kind = sys.argv[1:3]
    database = DATABASES[kind]()
    contender = None
    try:
        for line in sys.stdin:
            try:
                if contender is None:
                    module = importlib.import_module(f"bench.others.libraries.{name}")
                    contender = module.Library(database)
                answer = one_round(WORKS[line.strip()], contender, database)
            except Exception as error:  # told to the parent, which goes on without this library
                answer = {"error": f"{type(error).__name__}: {error}"[:300]}
            print(json.dumps(answer), flush=True)
        if contender is not None:
            contender.close()
    finally:
        database.close()


if __name__ == "__main__":
    main()
