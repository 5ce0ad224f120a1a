"""
Writing other shapes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.library import Library
from bench.shapes import make_shapes, refill, shapes_engine
from bench.workloads.registry import Job, sibling
from bench.workloads.writes import (
    DICTS,
    WRITES,
    add_all_job,
    bulk_insert_job,
    change_job,
    construct_job,
    insert_job,
    remove,
    set_mixed,
    set_same,
    single_job,
)

CONSTRUCT, ADD = "construct a mapped object, 9 attributes", "add_all + commit, server keys"
MANY, RETURNING = "Core executemany", "Core executemany with RETURNING"
BULK, SINGLE = "ORM bulk insert", "one object per session, with commit"
SAME, MIXED = "update loaded objects, same columns", "update loaded objects, mixed columns"
DELETE = "delete loaded objects"

PAIRS = [{"a": i, "b": i % 7, **d} for i, d in enumerate(DICTS, 1)]

# class -> the name of what fills and empties it (bench.shapes.FILLS)
SHAPES = {
    "Pair": "pair", "Leaf": "leaf", "Dog": "animal", "Typed": "typed", "Versioned": "versioned",
    "Defaulted": "defaulted",
}  # fmt: skip


def _writable(lib: Library, entity: str, count: int = 0) -> tuple[Any, Any, Callable[[], None]]:
    """Return a class, an engine, and what puts *count* rows into the class's tables before a round."""
    engine, connection = shapes_engine(lib)
    shape = SHAPES[entity]
    return getattr(make_shapes(lib), entity), engine, lambda: refill(connection, **{shape: count})


@sibling(CONSTRUCT, "of a subclass")
def construct_leaf(lib: Library) -> Job:
    return construct_job(lib, make_shapes(lib).Leaf, DICTS)


@sibling(CONSTRUCT, "with defaults and custom types")
def construct_defaulted(lib: Library) -> Job:
    return construct_job(lib, make_shapes(lib).Defaulted, DICTS)


def _add(lib: Library, entity: str, rows: list[dict[str, Any]] = DICTS) -> Job:
    cls, engine, empty = _writable(lib, entity)
    return add_all_job(lib, engine, empty, cls, rows)


@sibling(ADD, "composite key")
def add_pairs(lib: Library) -> Job:
    return _add(lib, "Pair", PAIRS)


@sibling(ADD, "two tables (joined inheritance)")
def add_leaves(lib: Library) -> Job:
    return _add(lib, "Leaf")


@sibling(ADD, "a class that shares its table")
def add_dogs(lib: Library) -> Job:
    return _add(lib, "Dog")


@sibling(ADD, "custom types")
def add_typed(lib: Library) -> Job:
    return _add(lib, "Typed")


@sibling(ADD, "versioned")
def add_versioned(lib: Library) -> Job:
    return _add(lib, "Versioned")


@sibling(ADD, "defaults")
def add_defaulted(lib: Library) -> Job:
    return _add(lib, "Defaulted")


@sibling(MANY, "defaults")
def many_defaulted(lib: Library) -> Job:
    cls, engine, empty = _writable(lib, "Defaulted")
    return insert_job(engine, empty, lambda: lib.sa.insert(cls.__table__), DICTS)


@sibling(MANY, "custom types")
def many_typed(lib: Library) -> Job:
    cls, engine, empty = _writable(lib, "Typed")
    return insert_job(engine, empty, lambda: lib.sa.insert(cls.__table__), DICTS)


@sibling(RETURNING, "defaults")
def returning_defaulted(lib: Library) -> Job:
    cls, engine, empty = _writable(lib, "Defaulted")
    c = cls.__table__.c
    return insert_job(engine, empty, lambda: lib.sa.insert(cls.__table__).returning(c.id, c.state), DICTS)


@sibling(RETURNING, "in the order of the parameters")
def returning_sorted(lib: Library) -> Job:
    cls, engine, empty = _writable(lib, "Versioned")
    table = cls.__table__
    rows = [{"version": 1, **d} for d in DICTS]

    def statement() -> Any:
        return lib.sa.insert(table).returning(table.c.id, sort_by_parameter_order=True)

    return insert_job(engine, empty, statement, rows)


@sibling(BULK, "two tables (joined inheritance)")
def bulk_leaves(lib: Library) -> Job:
    cls, engine, empty = _writable(lib, "Leaf")
    return bulk_insert_job(lib, engine, empty, cls, [{"id": i, **d} for i, d in enumerate(DICTS, 1)])


@sibling(BULK, "defaults")
def bulk_defaulted(lib: Library) -> Job:
    cls, engine, empty = _writable(lib, "Defaulted")
    return bulk_insert_job(lib, engine, empty, cls, DICTS)


@sibling(BULK, "composite key")
def bulk_pairs(lib: Library) -> Job:
    cls, engine, empty = _writable(lib, "Pair")
    return bulk_insert_job(lib, engine, empty, cls, PAIRS)


def _single(lib: Library, entity: str, rows: list[dict[str, Any]] = DICTS) -> Job:
    cls, engine, empty = _writable(lib, entity)
    return single_job(lib, engine, empty, cls, rows[:200])


@sibling(SINGLE, "two tables (joined inheritance)")
def single_leaf(lib: Library) -> Job:
    return _single(lib, "Leaf")


@sibling(SINGLE, "composite key")
def single_pair(lib: Library) -> Job:
    return _single(lib, "Pair", PAIRS)


@sibling(SINGLE, "defaults")
def single_defaulted(lib: Library) -> Job:
    return _single(lib, "Defaulted")


def _change(lib: Library, entity: str, act: Callable[[Any, Any, int], None]) -> Job:
    cls, engine, fill = _writable(lib, entity, WRITES)
    return change_job(lib, engine, fill, cls, act)


@sibling(SAME, "composite key")
def same_pairs(lib: Library) -> Job:
    return _change(lib, "Pair", set_same)


@sibling(SAME, "versioned")
def same_versioned(lib: Library) -> Job:
    return _change(lib, "Versioned", set_same)


@sibling(SAME, "defaults on update")
def same_defaulted(lib: Library) -> Job:
    return _change(lib, "Defaulted", set_same)


@sibling(MIXED, "two tables (joined inheritance)")
def mixed_leaves(lib: Library) -> Job:
    return _change(lib, "Leaf", set_mixed)


@sibling(MIXED, "custom types")
def mixed_typed(lib: Library) -> Job:
    return _change(lib, "Typed", set_mixed)


@sibling(DELETE, "versioned")
def delete_versioned(lib: Library) -> Job:
    return _change(lib, "Versioned", remove)


@sibling(DELETE, "two tables (joined inheritance)")
def delete_leaves(lib: Library) -> Job:
    return _change(lib, "Leaf", remove)


@sibling(DELETE, "composite key")
def delete_pairs(lib: Library) -> Job:
    return _change(lib, "Pair", remove)
