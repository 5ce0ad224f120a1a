"""
The workloads: each is set up once per process and then run for many short rounds.

A builder returns a ``Job``: what to run, how many operations one run is, and
what it must return.  ``Row.first`` and ``Row.goal`` are the ratios to
SQLAlchemy that this project holds itself to (docs/design).
"""

from __future__ import annotations

import gc
import sqlite3
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench import null_driver
from bench.library import Library, connection_filled, convert_mixed, engine_filled, item_values, make_model


@dataclass
class Job:
    """A piece of work: ``run()`` does ``operations`` of them and returns ``expected``."""

    run: Callable[[], Any]
    operations: int
    expected: Any = None
    before: Callable[[], Any] | None = None
    # "time" is measured around run(); "value": run() returns the figure itself.
    kind: str = "time"


Builder = Callable[[Library], Job]


@dataclass
class Row:
    """One line of the table."""

    name: str
    unit: str
    first: float
    goal: float
    build: Builder
    raw: Callable[[], Job] | None = None
    rounds: int = 15


ROWS: list[Row] = []


def row(
    name: str,
    first: float,
    goal: float,
    unit: str = "µs",
    raw: Callable[[], Job] | None = None,
    rounds: int = 15,
) -> Callable[[Builder], Builder]:
    """Register a builder as a line of the table."""

    def register(build: Builder) -> Builder:
        ROWS.append(Row(name, unit, first, goal, build, raw, rounds))
        return build

    return register


def null_engine(lib: Library, **options: Any) -> Any:
    """Return an engine on the driver that does nothing."""
    options.setdefault("poolclass", lib.sa.pool.QueuePool)
    return lib.sa.create_engine("sqlite://", module=null_driver, **options)


# One row at a time -----------------------------------------------------------------------------------

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


def _point(lib: Library, new_session: bool, get: bool) -> Job:
    Item, select, Session = make_model(lib).Item, lib.sa.select, lib.orm.Session
    engine = engine_filled(lib, items=TABLE_SIZE)
    kept = Session(engine)

    def one(session: Any, i: int) -> Any:
        if get:
            return session.get(Item, i).c0
        return session.scalars(select(Item).where(Item.id == i)).one().c0

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


# Many rows -------------------------------------------------------------------------------------------

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


def _load(lib: Library, name: str) -> Job:
    entity = getattr(make_model(lib), name)
    engine = engine_filled(lib, **{"items" if name == "Item" else "mixed": MANY})

    def run() -> Any:
        with lib.orm.Session(engine) as session:
            return len(session.scalars(lib.sa.select(entity)).all())

    return Job(run, MANY, MANY)


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


# Writing ---------------------------------------------------------------------------------------------

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


@row("construct a mapped object, 9 attributes", 0.20, 0.08)
def construct(lib: Library) -> Job:
    Item = make_model(lib).Item
    lib.orm.configure_mappers()

    def run() -> Any:
        for d in DICTS:
            made = Item(**d)
        return made.c0

    return Job(run, WRITES, WRITES)


@row("add_all + commit, server keys", 0.25, 0.14, raw=_raw_write(True))
def add_all(lib: Library) -> Job:
    Item = make_model(lib).Item
    engine, store = _writable(lib)

    def run() -> Any:
        with lib.orm.Session(engine) as session:
            made = [Item(**d) for d in DICTS]
            session.add_all(made)
            session.commit()
        return len(made)

    return Job(run, WRITES, WRITES, before=store.empty)


@row("Core executemany", 0.7, 0.5, raw=_raw_write(False))
def core_executemany(lib: Library) -> Job:
    Item = make_model(lib).Item
    engine, store = _writable(lib)

    def run() -> Any:
        with engine.begin() as connection:
            connection.execute(lib.sa.insert(Item.__table__), DICTS)
        return WRITES

    return Job(run, WRITES, WRITES, before=store.empty)


@row("Core executemany with RETURNING", 0.7, 0.5, raw=_raw_write(True))
def core_returning(lib: Library) -> Job:
    Item = make_model(lib).Item
    engine, store = _writable(lib)
    table = Item.__table__

    def run() -> Any:
        with engine.begin() as connection:
            return len(connection.execute(lib.sa.insert(table).returning(table.c.id), DICTS).all())

    return Job(run, WRITES, WRITES, before=store.empty)


@row("ORM bulk insert", 0.25, 0.14, raw=_raw_write(False))
def bulk_insert(lib: Library) -> Job:
    Item = make_model(lib).Item
    engine, store = _writable(lib)

    def run() -> Any:
        with lib.orm.Session(engine) as session:
            session.execute(lib.sa.insert(Item), DICTS)
            session.commit()
        return WRITES

    return Job(run, WRITES, WRITES, before=store.empty)


def _raw_single() -> Job:
    connection = connection_filled()
    store = _Store(connection)

    def run() -> Any:
        for d in DICTS[:200]:
            connection.execute(INSERT, tuple(d.values()))
            connection.commit()
        return 200

    return Job(run, 200, 200, before=store.empty)


@row("one object per session, with commit", 0.16, 0.08, raw=_raw_single)
def one_per_session(lib: Library) -> Job:
    Item = make_model(lib).Item
    engine, store = _writable(lib)

    def run() -> Any:
        for d in DICTS[:200]:
            with lib.orm.Session(engine) as session:
                session.add(Item(**d))
                session.commit()
        return 200

    return Job(run, 200, 200, before=store.empty)


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


def _change(lib: Library, act: Callable[[Any, Any, int], None]) -> Job:
    """Change objects that were loaded before the clock starts."""
    Item = make_model(lib).Item
    engine, store = _writable(lib)
    held: dict[str, Any] = {}

    def before() -> None:
        if "session" in held:
            held["session"].close()
        store.refill()
        held["session"] = session = lib.orm.Session(engine)
        held["objects"] = session.scalars(lib.sa.select(Item)).all()

    def run() -> Any:
        session = held["session"]
        for i, item in enumerate(held["objects"]):
            act(session, item, i)
        session.commit()
        return len(held["objects"])

    return Job(run, WRITES, WRITES, before=before)


@row(
    "update loaded objects, same columns", 0.22, 0.11, raw=_raw_change("update item set c0 = ? where id = ?")
)
def update_same(lib: Library) -> Job:
    def act(session: Any, item: Any, i: int) -> None:
        item.c0 = -i - 1

    return _change(lib, act)


@row(
    "update loaded objects, mixed columns", 0.15, 0.07, raw=_raw_change("update item set c0 = ? where id = ?")
)
def update_mixed(lib: Library) -> Job:
    def act(session: Any, item: Any, i: int) -> None:
        if i % 3 == 0:
            item.c0 = -i - 1
        elif i % 3 == 1:
            item.c1 = -i - 1
            item.c5 = "changed"
        else:
            item.c6 = "changed"

    return _change(lib, act)


@row("delete loaded objects", 0.22, 0.11, raw=_raw_change("delete from item where id = ?"))
def delete(lib: Library) -> Job:
    def act(session: Any, item: Any, i: int) -> None:
        session.delete(item)

    return _change(lib, act)


# Relationships ---------------------------------------------------------------------------------------

PARENTS, CHILDREN = 1000, 20


def raw_nested() -> Job:
    connection = connection_filled(parents=PARENTS, children=CHILDREN)

    def run() -> Any:
        parents: dict[int, list[Any]] = {key: [] for (key,) in connection.execute("select id from parent")}
        for child in connection.execute("select id, name, parent_id from child").fetchall():
            parents[child[2]].append(child)
        return sum(len(c) for c in parents.values())

    return Job(run, PARENTS * CHILDREN, PARENTS * CHILDREN)


def _nested(lib: Library, option: str | None) -> Job:
    Parent = make_model(lib).Parent
    engine = engine_filled(lib, parents=PARENTS, children=CHILDREN)

    def run() -> Any:
        with lib.orm.Session(engine) as session:
            statement = lib.sa.select(Parent)
            if option is not None:
                statement = statement.options(getattr(lib.orm, option)(Parent.children))
            result = session.scalars(statement)
            parents = (result.unique() if option == "joinedload" else result).all()
            return sum(len(p.children) for p in parents)

    return Job(run, PARENTS * CHILDREN, PARENTS * CHILDREN)


@row("1,000 parents x 20 children, joined, per child", 0.40, 0.25, raw=raw_nested, rounds=7)
def nested_joined(lib: Library) -> Job:
    return _nested(lib, "joinedload")


@row("1,000 parents x 20 children, selectin, per child", 0.40, 0.25, raw=raw_nested, rounds=7)
def nested_selectin(lib: Library) -> Job:
    return _nested(lib, "selectinload")


@row("1,000 parents x 20 children, lazy, per child", 0.22, 0.12, raw=raw_nested, rounds=7)
def nested_lazy(lib: Library) -> Job:
    return _nested(lib, None)


# Statements ------------------------------------------------------------------------------------------

BUILDS = 300


def _statement(lib: Library) -> Callable[[int], Any]:
    model = make_model(lib)
    select, p, c = lib.sa.select, model.Parent.__table__, model.Child.__table__

    def build(i: int) -> Any:
        return (
            select(p.c.id, c.c.name)
            .join(c, c.c.parent_id == p.c.id)
            .where(p.c.id > i, c.c.name == "x", p.c.name.like("a%"))
            .order_by(c.c.name)
        )

    return build


@row("build a select (3 criteria, join, order)", 0.12, 0.05)
def build_select(lib: Library) -> Job:
    build = _statement(lib)

    def run() -> Any:
        for i in range(BUILDS):
            build(i)
        return BUILDS

    return Job(run, BUILDS, BUILDS)


def _key_function(lib: Library) -> Callable[[Any], Any]:
    if lib.is_relvar:
        from relvar._kernels.keys import statement_key

        return statement_key  # type: ignore[no-any-return]  # a kernel
    return lambda statement: statement._generate_cache_key()


@row("the key of that select", 0.05, 0.02)
def statement_key(lib: Library) -> Job:
    build, key = _statement(lib), _key_function(lib)
    built: list[Any] = []

    def before() -> None:
        built[:] = [build(i) for i in range(BUILDS)]

    def run() -> Any:
        for statement in built:
            key(statement)
        return BUILDS

    return Job(run, BUILDS, BUILDS, before=before)


@row("cold compile of that select", 0.25, 0.12)
def cold_compile(lib: Library) -> Job:
    build = _statement(lib)
    dialect = null_engine(lib).dialect
    built = [build(i) for i in range(BUILDS)]

    def run() -> Any:
        for statement in built:
            text = str(statement.compile(dialect=dialect))
        return text.count("JOIN")

    return Job(run, BUILDS, 1)


def _null_model(lib: Library) -> Any:
    sa, orm = lib.sa, lib.orm

    class Base(orm.DeclarativeBase):  # type: ignore[misc,name-defined]  # the base is the implementation's
        pass

    class Thing(Base):
        __tablename__ = "thing"
        id = sa.Column(sa.Integer, primary_key=True)
        name = sa.Column(sa.String(50))

    return Thing


@row("build + key + cached execution on a null driver, Core", 0.12, 0.05)
def null_core(lib: Library) -> Job:
    thing = _null_model(lib).__table__
    connection = null_engine(lib).connect()
    select = lib.sa.select

    def run() -> Any:
        for i in range(POINTS):
            row = connection.execute(select(thing).where(thing.c.id == i)).one()
        return row.name

    return Job(run, POINTS, "x")


@row("build + key + cached execution on a null driver, ORM", 0.12, 0.05)
def null_orm(lib: Library) -> Job:
    Thing, select = _null_model(lib), lib.sa.select
    session = lib.orm.Session(null_engine(lib))

    def run() -> Any:
        for i in range(POINTS):
            found = session.scalars(select(Thing).where(Thing.id == i)).one()
        return found.name

    return Job(run, POINTS, "x")


@row("build + key + cached execution on a null driver, get", 0.12, 0.05)
def null_get(lib: Library) -> Job:
    Thing = _null_model(lib)
    session = lib.orm.Session(null_engine(lib))

    def run() -> Any:
        for _ in range(POINTS):
            found = session.get(Thing, 1)
            name = found.name
            del found
        return name

    return Job(run, POINTS, "x")


# Attributes, pool, import, memory --------------------------------------------------------------------


@row("attribute get", 0.10 if sys.version_info < (3, 12) else 0.30, 0.03)
def attribute_get(lib: Library) -> Job:
    made = make_model(lib).Item(c0=5)

    def run() -> Any:
        for _ in range(5000):
            # Four reads a turn drown the loop's own cost.
            made.c0  # noqa: B018  # the read is the work
            made.c0  # noqa: B018
            made.c0  # noqa: B018
            made.c0  # noqa: B018
        return made.c0

    return Job(run, 20_000, 5)


@row("attribute set", 0.15, 0.07)
def attribute_set(lib: Library) -> Job:
    made = make_model(lib).Item(c0=5)

    def run() -> Any:
        for _ in range(5000):
            made.c0 = 1
            made.c0 = 2
            made.c0 = 3
            made.c0 = 4  # as above
        return made.c0

    return Job(run, 20_000, 4)


@row("connect() + close() on a null driver", 0.15, 0.06)
def checkout(lib: Library) -> Job:
    engine = null_engine(lib)
    engine.connect().close()

    def run() -> Any:
        for _ in range(500):
            engine.connect().close()
        return engine.pool.checkedout()

    return Job(run, 500, 0)


@row("connect() + close(), 8 threads on 4 connections", 0.15, 0.06, rounds=7)
def checkout_threads(lib: Library) -> Job:
    engine = null_engine(lib, pool_size=4, max_overflow=0)
    engine.connect().close()

    def work() -> None:
        for _ in range(200):
            engine.connect().close()

    def run() -> Any:
        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return engine.pool.checkedout()

    return Job(run, 1600, 0)


@row("import the ORM, beyond bare Python", 0.5, 0.25, unit="ms", rounds=5)
def import_time(lib: Library) -> Job:
    def seconds(code: str) -> float:
        timed = f"import time; {code}; print(time.process_time())"
        done = subprocess.run([sys.executable, "-c", timed], capture_output=True, text=True, check=True)
        return float(done.stdout)

    def run() -> Any:
        return (seconds(f"import {lib.sa.__name__}.orm") - seconds("pass")) * 1000

    return Job(run, 1, kind="value")


@row("memory per loaded entity beyond its values", 0.40, 0.25, unit="B", rounds=3)
def memory(lib: Library) -> Job:
    count = 10_000
    Item = make_model(lib).Item
    engine = engine_filled(lib, items=count)

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
        return used / count

    def values() -> Any:
        # What the values themselves take: the rows, less a tuple of ten and a list's place for each.
        raw = engine.raw_connection()
        rows = raw.driver_connection.execute("select * from item").fetchall()
        raw.close()
        return rows

    def entities() -> Any:
        session = lib.orm.Session(engine)
        return session, session.scalars(lib.sa.select(Item)).all()

    tuple_of_ten = sys.getsizeof((None,) * 10) + 16

    def run() -> Any:
        return traced(entities) - (traced(values) - tuple_of_ten)

    return Job(run, 1, kind="value")
