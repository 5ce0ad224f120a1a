"""
Reading other shapes: one row at a time, many rows, relationships.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.library import Library, engine_filled, make_model
from bench.shapes import make_shapes, shapes_engine
from bench.workloads.points import POINTS, TABLE_SIZE, point_job
from bench.workloads.registry import Job, sibling
from bench.workloads.relationships import CHILDREN, PARENTS, nested_job
from bench.workloads.rows import CORE_ROWS, load_job

MANY = 20_000
CORE = "Core select by primary key, statement built each time"
SAME, NEW = "ORM select by primary key, same session", "ORM select by primary key, new session"
GET_SAME, GET_NEW = "session.get, same session", "session.get, new session"
LOADED = "session.get, already loaded"
PLAIN, MIXED = "load 100k entities, 10 plain columns", "load 100k entities, 10 mixed columns"
FETCHED, BY_NAME = "Core rows, 6 columns: fetched", "Core rows, 6 columns: read by name"
NESTED = "1,000 parents x 20 children, {}, per child"


def _core(engine: Any, statement: Callable[[int], Any]) -> Job:
    connection = engine.connect()

    def run() -> Any:
        for i in range(1, POINTS + 1):
            row = connection.execute(statement(i)).one()
        return row.c0

    return Job(run, POINTS, POINTS)


@sibling(CORE, "composite key")
def core_pair(lib: Library) -> Job:
    pair, select = make_shapes(lib).Pair.__table__, lib.sa.select
    engine, _ = shapes_engine(lib, pair=TABLE_SIZE)
    return _core(engine, lambda i: select(pair).where(pair.c.a == i, pair.c.b == i % 7))


@sibling(CORE, "custom types")
def core_typed(lib: Library) -> Job:
    typed, select = make_shapes(lib).Typed.__table__, lib.sa.select
    engine, _ = shapes_engine(lib, typed=TABLE_SIZE)
    return _core(engine, lambda i: select(typed).where(typed.c.id == i))


@sibling(CORE, "IN with three values")
def core_in(lib: Library) -> Job:
    item, select = make_model(lib).Item.__table__, lib.sa.select
    engine = engine_filled(lib, items=TABLE_SIZE)
    return _core(engine, lambda i: select(item).where(item.c.id.in_([i, -1, -i])))


@sibling(SAME, "composite key")
def same_pair(lib: Library) -> Job:
    Pair, select = make_shapes(lib).Pair, lib.sa.select
    engine, _ = shapes_engine(lib, pair=TABLE_SIZE)
    return point_job(
        lib, engine,
        lambda session, i: session.scalars(select(Pair).where(Pair.a == i, Pair.b == i % 7)).one().c0,
        new_session=False,
    )  # fmt: skip


@sibling(SAME, "two entities a row")
def same_two(lib: Library) -> Job:
    shapes, select = make_shapes(lib), lib.sa.select
    Pair, Typed = shapes.Pair, shapes.Typed
    engine, _ = shapes_engine(lib, pair=TABLE_SIZE, typed=TABLE_SIZE)

    def one(session: Any, i: int) -> Any:
        statement = select(Pair, Typed).join(Typed, Typed.id == Pair.a).where(Pair.a == i)
        pair, typed = session.execute(statement).one()
        assert pair.c1 == typed.c1
        return typed.c0

    return point_job(lib, engine, one, new_session=False)


@sibling(NEW, "two tables (joined inheritance)")
def new_leaf(lib: Library) -> Job:
    Leaf, select = make_shapes(lib).Leaf, lib.sa.select
    engine, _ = shapes_engine(lib, leaf=TABLE_SIZE)
    return point_job(
        lib, engine, lambda session, i: session.scalars(select(Leaf).where(Leaf.id == i)).one().c0,
        new_session=True,
    )  # fmt: skip


@sibling(NEW, "with options")
def new_options(lib: Library) -> Job:
    Item, select, defer = make_model(lib).Item, lib.sa.select, lib.orm.defer
    engine = engine_filled(lib, items=TABLE_SIZE)

    def one(session: Any, i: int) -> Any:
        statement = select(Item).where(Item.id == i).options(defer(Item.c7), defer(Item.c8))
        return session.scalars(statement).one().c0

    return point_job(lib, engine, one, new_session=True)


@sibling(GET_SAME, "composite key")
def get_pair(lib: Library) -> Job:
    Pair = make_shapes(lib).Pair
    engine, _ = shapes_engine(lib, pair=TABLE_SIZE)
    return point_job(lib, engine, lambda session, i: session.get(Pair, (i, i % 7)).c0, new_session=False)


@sibling(GET_NEW, "two tables (joined inheritance)")
def get_leaf(lib: Library) -> Job:
    Leaf = make_shapes(lib).Leaf
    engine, _ = shapes_engine(lib, leaf=TABLE_SIZE)
    return point_job(lib, engine, lambda session, i: session.get(Leaf, i).c0, new_session=True)


@sibling(GET_NEW, "with options")
def get_options(lib: Library) -> Job:
    Parent = make_model(lib).Parent
    engine = engine_filled(lib, parents=TABLE_SIZE, children=1)

    def one(session: Any, i: int) -> Any:
        found = session.get(Parent, i, options=[lib.orm.joinedload(Parent.children)])
        return found.children[0].id

    return point_job(lib, engine, one, new_session=True)


@sibling(LOADED, "composite key")
def loaded_pair(lib: Library) -> Job:
    Pair = make_shapes(lib).Pair
    engine, _ = shapes_engine(lib, pair=10)
    session = lib.orm.Session(engine)
    held = session.get(Pair, (1, 1))

    def run() -> Any:
        for _ in range(2000):
            found = session.get(Pair, (1, 1))
        return found is held

    return Job(run, 2000, True)


@sibling(LOADED, "two tables (joined inheritance), asked of the base")
def loaded_leaf(lib: Library) -> Job:
    shapes = make_shapes(lib)
    engine, _ = shapes_engine(lib, leaf=10)
    session = lib.orm.Session(engine)
    held = session.get(shapes.Node, 1)

    def run() -> Any:
        for _ in range(2000):
            found = session.get(shapes.Node, 1)
        return found is held

    return Job(run, 2000, True)


def _all(lib: Library, shape: str, entity: str) -> Job:
    cls, select = getattr(make_shapes(lib), entity), lib.sa.select
    engine, _ = shapes_engine(lib, **{shape: MANY})
    return load_job(lib, engine, lambda session: session.scalars(select(cls)).all(), MANY)


@sibling(PLAIN, "composite key", rounds=5)
def load_pair(lib: Library) -> Job:
    return _all(lib, "pair", "Pair")


@sibling(PLAIN, "two tables (joined inheritance)", rounds=5)
def load_leaf(lib: Library) -> Job:
    return _all(lib, "leaf", "Leaf")


@sibling(PLAIN, "three classes of one table", rounds=5)
def load_animals(lib: Library) -> Job:
    return _all(lib, "animal", "Animal")


@sibling(PLAIN, "versioned", rounds=5)
def load_versioned(lib: Library) -> Job:
    return _all(lib, "versioned", "Versioned")


@sibling(PLAIN, "two entities a row, per row", rounds=5)
def load_two(lib: Library) -> Job:
    shapes, select = make_shapes(lib), lib.sa.select
    Pair, Dog = shapes.Pair, shapes.Versioned
    engine, _ = shapes_engine(lib, pair=MANY, versioned=MANY)
    return load_job(
        lib, engine, lambda s: s.execute(select(Pair, Dog).join(Dog, Dog.id == Pair.a)).all(), MANY
    )


@sibling(PLAIN, "with options", rounds=5)
def load_options(lib: Library) -> Job:
    Item, select, defer = make_model(lib).Item, lib.sa.select, lib.orm.defer
    engine = engine_filled(lib, items=MANY)
    return load_job(
        lib, engine, lambda s: s.scalars(select(Item).options(defer(Item.c7), defer(Item.c8))).all(), MANY
    )


@sibling(MIXED, "custom types", rounds=5)
def load_custom(lib: Library) -> Job:
    return _all(lib, "custom_mixed", "CustomMixed")


@sibling(MIXED, "nothing but custom types", rounds=5)
def load_typed(lib: Library) -> Job:
    return _all(lib, "typed", "Typed")


def _core_rows(lib: Library, columns: list[Any], table: str, read: bool) -> Job:
    engine, _ = shapes_engine(lib, **{table: CORE_ROWS})
    connection = engine.connect()

    def run() -> Any:
        rows = connection.execute(lib.sa.select(*columns)).all()
        return sum(r.c0 for r in rows if r.c5) if read else len(rows)

    return Job(run, CORE_ROWS, CORE_ROWS * (CORE_ROWS + 1) // 2 if read else CORE_ROWS)


@sibling(FETCHED, "custom types")
def rows_typed(lib: Library) -> Job:
    c = make_shapes(lib).Typed.__table__.c
    return _core_rows(lib, [c.id, c.c0, c.c1, c.c5, c.c6, c.c7], "typed", read=False)


def _core_loop(lib: Library, read: Callable[[Any], Any]) -> Job:
    """Read rows one by one: *read* gives what is looped over."""
    c = make_model(lib).Item.__table__.c
    connection = engine_filled(lib, items=CORE_ROWS).connect()

    def run() -> Any:
        result = connection.execute(lib.sa.select(c.id, c.c0, c.c1, c.c5, c.c6, c.c7))
        return sum(1 for _ in read(result))

    return Job(run, CORE_ROWS, CORE_ROWS)


@sibling(FETCHED, "in a loop")
def rows_loop(lib: Library) -> Job:
    return _core_loop(lib, lambda result: result)


@sibling(FETCHED, "mappings in a loop")
def rows_mappings(lib: Library) -> Job:
    return _core_loop(lib, lambda result: result.mappings())


@sibling(FETCHED, "values of one column in a loop")
def rows_scalars(lib: Library) -> Job:
    return _core_loop(lib, lambda result: result.scalars())


@sibling(FETCHED, "fetchone()")
def rows_one(lib: Library) -> Job:
    return _core_loop(lib, lambda result: iter(result.fetchone, None))


@sibling(BY_NAME, "expressions with labels")
def rows_labels(lib: Library) -> Job:
    c = make_shapes(lib).Pair.__table__.c
    columns = [(c.c0 + 0).label("c0"), (c.c5 + "!").label("c5"), c.c6, c.c7, c.a, c.b]
    return _core_rows(lib, columns, "pair", read=True)


def _pairs(lib: Library, option: str | None) -> Job:
    engine, _ = shapes_engine(lib, pair_parent=PARENTS, pair_child=PARENTS * CHILDREN)
    return nested_job(lib, engine, make_shapes(lib).PairParent, option)


@sibling(NESTED.format("joined"), "composite keys", rounds=5)
def joined_pairs(lib: Library) -> Job:
    return _pairs(lib, "joinedload")


@sibling(NESTED.format("selectin"), "composite keys", rounds=5)
def selectin_pairs(lib: Library) -> Job:
    return _pairs(lib, "selectinload")


@sibling(NESTED.format("lazy"), "composite keys", rounds=5)
def lazy_pairs(lib: Library) -> Job:
    return _pairs(lib, None)


def _many_to_many(lib: Library, option: str | None) -> Job:
    counts = {"many_left": PARENTS, "many_right": PARENTS * CHILDREN, "tagging": PARENTS * CHILDREN}
    engine, _ = shapes_engine(lib, **counts)
    return nested_job(lib, engine, make_shapes(lib).Left, option)


@sibling(NESTED.format("joined"), "many to many", rounds=5)
def joined_many(lib: Library) -> Job:
    return _many_to_many(lib, "joinedload")


@sibling(NESTED.format("selectin"), "many to many", rounds=5)
def selectin_many(lib: Library) -> Job:
    return _many_to_many(lib, "selectinload")


@sibling(NESTED.format("lazy"), "many to many", rounds=5)
def lazy_many(lib: Library) -> Job:
    return _many_to_many(lib, None)
