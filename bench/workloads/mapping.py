"""
What an application pays for its model: declaring and configuring many related classes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.library import Library
from bench.workloads.registry import Job, row

CLASSES = 500


def chain(lib: Library, count: int = CLASSES) -> list[Any]:
    """Declare a chain of classes, each related both ways to the one before; return them."""
    sa, orm = lib.sa, lib.orm
    base = orm.declarative_base()
    classes = []
    for i in range(count):
        attributes: dict[str, Any] = {
            "__tablename__": f"t{i}",
            "id": sa.Column(sa.Integer, primary_key=True),
            "name": sa.Column(sa.String(50), nullable=False),
            "code": sa.Column(sa.String(10), index=True),
            "amount": sa.Column(sa.Numeric(10, 2)),
            "made": sa.Column(sa.DateTime),
        }
        if i:
            attributes["parent_id"] = sa.Column(sa.ForeignKey(f"t{i - 1}.id"))
            attributes["parent"] = orm.relationship(f"C{i - 1}", back_populates="children")
        if i < count - 1:
            attributes["children"] = orm.relationship(f"C{i + 1}", back_populates="parent")
        classes.append(type(f"C{i}", (base,), attributes))
    return classes


def classes_job(lib: Library, declare: Callable[[Library], list[Any]]) -> Job:
    """Declare classes, configure them, and ask for an object of the last."""
    engine = lib.sa.create_engine("sqlite://")
    last = f"t{CLASSES - 1}"
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"create table {last} (id integer primary key, kind varchar(10), name varchar(50), "
            "code varchar(10), amount numeric(10,2), made datetime, parent_id integer)"
        )
        connection.exec_driver_sql(f"insert into {last} (name, kind) values ('x', '{last}')")
    # registries hold classes weakly: they live until the next round here
    classes: list[Any] = []

    def forget() -> None:
        if classes:
            classes[0].registry.dispose()
            classes.clear()

    def run() -> Any:
        classes[:] = declare(lib)
        cls = classes[-1]
        lib.orm.configure_mappers()
        with lib.orm.Session(engine) as session:
            return session.scalars(lib.sa.select(cls).where(cls.name == "x")).one().id

    return Job(run, CLASSES, expected=1, before=forget)


@row("declare, configure 500 classes, first query, per class", 0.8, 0.5, rounds=5)
def many_classes(lib: Library) -> Job:
    return classes_job(lib, chain)
