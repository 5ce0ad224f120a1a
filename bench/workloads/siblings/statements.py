"""
Statements of other shapes: building, key, compiling, and executing on a driver that does nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.library import Library, make_model, null_engine
from bench.workloads.floors import hashed_tuples
from bench.workloads.registry import Job, sibling
from bench.workloads.statements import EXECUTIONS, build_job, compile_job, key_job, null_model

BUILD, KEY = "build a select (3 criteria, join, order)", "the key of that select"
COMPILE = "cold compile of that select"
NULL = "build + key + cached execution on a null driver, {}"


def _report(lib: Library) -> Callable[[int], Any]:
    """Build a select with a CTE, an aggregate, a CASE and a correlated subquery."""
    model, sa = make_model(lib), lib.sa
    p, c = model.Parent.__table__, model.Child.__table__

    def build(i: int) -> Any:
        counted = (
            sa.select(c.c.parent_id, sa.func.count().label("n"))
            .where(c.c.id > i)
            .group_by(c.c.parent_id)
            .cte("counted")
        )
        return (
            sa.select(p.c.name, sa.case((counted.c.n > 5, "many"), else_="few").label("size"))
            .join(counted, counted.c.parent_id == p.c.id)
            .where(sa.exists().where(c.c.parent_id == p.c.id, c.c.name == "x"), p.c.id.in_([i, 2, 3]))
        )

    return build


def _entities(lib: Library) -> Callable[[int], Any]:
    """Build a select of mapped classes and of an alias, with a joined relationship and options."""
    model, sa, orm = make_model(lib), lib.sa, lib.orm
    Parent, Child = model.Parent, model.Child
    orm.configure_mappers()

    def build(i: int) -> Any:
        other = orm.aliased(Child)
        return (
            sa.select(Parent, other)
            .join(Parent.children.of_type(other))
            .where(other.id > i, Parent.name == "x")
            .options(orm.selectinload(Parent.children))
            .order_by(Parent.id)
        )

    return build


def _changes(lib: Library) -> Callable[[int], Any]:
    """Build an UPDATE with an expression and RETURNING."""
    sa, item = lib.sa, make_model(lib).Item.__table__

    def build(i: int) -> Any:
        return (
            sa.update(item)
            .where(item.c.id == i)
            .values(c0=item.c.c0 + 1, c5="x")
            .returning(item.c.id, item.c.c1)
        )

    return build


@sibling(BUILD, "CTE, CASE, subquery, IN")
def build_report(lib: Library) -> Job:
    return build_job(_report(lib))


@sibling(BUILD, "entities, an alias, options")
def build_entities(lib: Library) -> Job:
    return build_job(_entities(lib))


@sibling(BUILD, "an UPDATE with RETURNING")
def build_update(lib: Library) -> Job:
    return build_job(_changes(lib))


@sibling(KEY, "CTE, CASE, subquery, IN", raw=hashed_tuples(_report))
def key_report(lib: Library) -> Job:
    return key_job(lib, _report(lib))


@sibling(KEY, "an UPDATE with RETURNING", raw=hashed_tuples(_changes))
def key_update(lib: Library) -> Job:
    return key_job(lib, _changes(lib))


@sibling(COMPILE, "CTE, CASE, subquery, IN")
def compile_report(lib: Library) -> Job:
    return compile_job(lib, _report(lib), joins=1)


@sibling(COMPILE, "entities, an alias")
def compile_entities(lib: Library) -> Job:
    return compile_job(lib, _entities(lib), joins=1)


@sibling(COMPILE, "an UPDATE with RETURNING")
def compile_update(lib: Library) -> Job:
    return compile_job(lib, _changes(lib), joins=0)


@sibling(NULL.format("Core"), "two statements, IN and ORDER BY")
def null_core_in(lib: Library) -> Job:
    thing = null_model(lib).__table__
    connection = null_engine(lib).connect()
    select = lib.sa.select

    def run() -> Any:
        for i in range(EXECUTIONS // 2):
            connection.execute(select(thing).where(thing.c.id.in_([i, i + 1]))).one()
            row = connection.execute(select(thing).order_by(thing.c.name).limit(i)).one()
        return row.name

    return Job(run, EXECUTIONS, "x")


@sibling(NULL.format("ORM"), "an alias, options")
def null_orm_alias(lib: Library) -> Job:
    Thing, select, aliased = null_model(lib), lib.sa.select, lib.orm.aliased
    session = lib.orm.Session(null_engine(lib))
    Other = aliased(Thing)

    def run() -> Any:
        for i in range(EXECUTIONS):
            statement = select(Other).where(Other.id == i).options(lib.orm.raiseload("*"))
            found = session.scalars(statement).one()
        return found.name

    return Job(run, EXECUTIONS, "x")


@sibling(NULL.format("get"), "refreshed")
def null_refresh(lib: Library) -> Job:
    Thing = null_model(lib)
    session = lib.orm.Session(null_engine(lib))
    found = session.get(Thing, 1)

    def run() -> Any:
        for _ in range(EXECUTIONS):
            session.refresh(found)
        return found.name

    return Job(run, EXECUTIONS, "x")
