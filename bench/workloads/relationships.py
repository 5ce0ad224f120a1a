"""
Relationships: parents with their children, loaded in three ways.
"""

from __future__ import annotations

from typing import Any

from bench.library import Library, connection_filled, engine_filled, make_model
from bench.workloads.registry import Job, row

PARENTS, CHILDREN = 1000, 20


def raw_nested() -> Job:
    connection = connection_filled(parents=PARENTS, children=CHILDREN)

    def run() -> Any:
        parents: dict[int, list[Any]] = {key: [] for (key,) in connection.execute("select id from parent")}
        for child in connection.execute("select id, name, parent_id from child").fetchall():
            parents[child[2]].append(child)
        return sum(len(c) for c in parents.values())

    return Job(run, PARENTS * CHILDREN, PARENTS * CHILDREN)


def nested_job(lib: Library, engine: Any, Parent: Any, option: str | None) -> Job:
    """Load all of a class with their children, by the strategy of that name."""

    def run() -> Any:
        with lib.orm.Session(engine) as session:
            statement = lib.sa.select(Parent)
            if option is not None:
                statement = statement.options(getattr(lib.orm, option)(Parent.children))
            result = session.scalars(statement)
            parents = (result.unique() if option == "joinedload" else result).all()
            return sum(len(p.children) for p in parents)

    return Job(run, PARENTS * CHILDREN, PARENTS * CHILDREN)


def _nested(lib: Library, option: str | None) -> Job:
    engine = engine_filled(lib, parents=PARENTS, children=CHILDREN)
    return nested_job(lib, engine, make_model(lib).Parent, option)


@row("1,000 parents x 20 children, joined, per child", 0.40, 0.25, raw=raw_nested, rounds=7)
def nested_joined(lib: Library) -> Job:
    return _nested(lib, "joinedload")


@row("1,000 parents x 20 children, selectin, per child", 0.40, 0.25, raw=raw_nested, rounds=7)
def nested_selectin(lib: Library) -> Job:
    return _nested(lib, "selectinload")


@row("1,000 parents x 20 children, lazy, per child", 0.22, 0.12, raw=raw_nested, rounds=7)
def nested_lazy(lib: Library) -> Job:
    return _nested(lib, None)
