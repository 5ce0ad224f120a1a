"""
Statements: building, key, compiling, and executing on a driver that does nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.library import Library, make_model, null_engine
from bench.workloads.floors import bare_objects, executed, hashed_tuples
from bench.workloads.registry import Job, row

BUILDS = EXECUTIONS = 300


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


def build_job(build: Callable[[int], Any]) -> Job:
    """Build statements."""

    def run() -> Any:
        for i in range(BUILDS):
            build(i)
        return BUILDS

    return Job(run, BUILDS, BUILDS)


@row("build a select (3 criteria, join, order)", 0.12, 0.05, raw=bare_objects)
def build_select(lib: Library) -> Job:
    return build_job(_statement(lib))


def _key_function(lib: Library) -> Callable[[Any], Any]:
    if lib.is_relvar:
        from relvar._kernels.keys import statement_key

        return statement_key  # type: ignore[no-any-return]  # a kernel
    return lambda statement: statement._generate_cache_key()


def key_job(lib: Library, build: Callable[[int], Any]) -> Job:
    """Make the keys under which the compiled texts of new statements are kept."""
    key = _key_function(lib)
    built: list[Any] = []

    def before() -> None:
        built[:] = [build(i) for i in range(BUILDS)]

    def run() -> Any:
        for statement in built:
            key(statement)
        return BUILDS

    return Job(run, BUILDS, BUILDS, before=before)


@row("the key of that select", 0.05, 0.02, raw=hashed_tuples(_statement))
def statement_key(lib: Library) -> Job:
    return key_job(lib, _statement(lib))


def compile_job(lib: Library, build: Callable[[int], Any], joins: int) -> Job:
    """Compile statements without any cache; *joins* is how often the text says JOIN."""
    dialect = null_engine(lib).dialect
    built = [build(i) for i in range(BUILDS)]

    def run() -> Any:
        for statement in built:
            text = str(statement.compile(dialect=dialect))
        return text.count("JOIN")

    return Job(run, BUILDS, joins)


@row("cold compile of that select", 0.25, 0.12)
def cold_compile(lib: Library) -> Job:
    return compile_job(lib, _statement(lib), joins=1)


def null_model(lib: Library) -> Any:
    """Map a class to what the null driver answers."""
    sa, orm = lib.sa, lib.orm

    class Base(orm.DeclarativeBase):  # type: ignore[misc,name-defined]  # the base is the implementation's
        pass

    class Thing(Base):
        __tablename__ = "thing"
        id = sa.Column(sa.Integer, primary_key=True)
        name = sa.Column(sa.String(50))

    return Thing


def _null_select(lib: Library) -> Callable[[int], Any]:
    thing, select = null_model(lib).__table__, lib.sa.select
    return lambda i: select(thing).where(thing.c.id == i)


@row(
    "build + key + cached execution on a null driver, Core",
    0.12,
    0.05,
    raw=executed(_null_select),
)
def null_core(lib: Library) -> Job:
    thing = null_model(lib).__table__
    connection = null_engine(lib).connect()
    select = lib.sa.select

    def run() -> Any:
        for i in range(EXECUTIONS):
            row = connection.execute(select(thing).where(thing.c.id == i)).one()
        return row.name

    return Job(run, EXECUTIONS, "x")


@row(
    "build + key + cached execution on a null driver, ORM",
    0.12,
    0.05,
    raw=executed(_null_select, entity=True),
)
def null_orm(lib: Library) -> Job:
    Thing, select = null_model(lib), lib.sa.select
    session = lib.orm.Session(null_engine(lib))

    def run() -> Any:
        for i in range(EXECUTIONS):
            found = session.scalars(select(Thing).where(Thing.id == i)).one()
        return found.name

    return Job(run, EXECUTIONS, "x")


@row(
    "build + key + cached execution on a null driver, get",
    0.12,
    0.05,
    raw=executed(_null_select, new_statement=False, entity=True),
)
def null_get(lib: Library) -> Job:
    Thing = null_model(lib)
    session = lib.orm.Session(null_engine(lib))

    def run() -> Any:
        for _ in range(EXECUTIONS):
            found = session.get(Thing, 1)
            name = found.name
            del found
        return name

    return Job(run, EXECUTIONS, "x")
