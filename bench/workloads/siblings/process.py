"""
Attributes, mapping, the pool and memory with other shapes.
"""

from __future__ import annotations

import datetime
import decimal
from typing import Any

from bench.library import Library, null_engine
from bench.shapes import make_shapes, shapes_engine
from bench.workloads.attributes import get_job, set_job
from bench.workloads.mapping import CLASSES, classes_job
from bench.workloads.pool import checkout_job
from bench.workloads.process import ENTITIES, FIRST_OBJECT, memory_job, process_job
from bench.workloads.registry import Job, sibling

GET, SET = "attribute get", "attribute set"
MEMORY = "memory per loaded entity beyond its values"


@sibling(GET, "inherited")
def get_inherited(lib: Library) -> Job:
    return get_job(make_shapes(lib).Leaf(c0=5))


@sibling(SET, "inherited")
def set_inherited(lib: Library) -> Job:
    return set_job(make_shapes(lib).Leaf(c0=5))


@sibling(SET, "active history")
def set_active_history(lib: Library) -> Job:
    sa, orm = lib.sa, lib.orm
    attributes = {
        "__tablename__": "kept",
        "id": sa.Column(sa.Integer, primary_key=True),
        "c0": orm.column_property(sa.Column(sa.Integer), active_history=True),
    }
    return set_job(type("Kept", (orm.declarative_base(),), attributes)(c0=5))


def _annotated(lib: Library) -> list[Any]:
    """Declare classes by annotations, every second one a subclass with a table of its own."""
    sa, orm = lib.sa, lib.orm
    Mapped, base = orm.Mapped, orm.declarative_base()
    classes: list[Any] = []
    for i in range(CLASSES):
        child = i > 0 and i % 2 == 0
        attributes: dict[str, Any] = {
            "__tablename__": f"t{i}",
            "__annotations__": {
                "name" if not child else "title": Mapped[str],
                "amount" if not child else "sum": Mapped[decimal.Decimal | None],
                "made" if not child else "sent": Mapped[datetime.datetime | None],
            },
            "__mapper_args__": {"polymorphic_identity": f"t{i}"},
        }
        if child:
            attributes["id"] = sa.Column(sa.ForeignKey(f"t{i - 1}.id"), primary_key=True)
        else:
            attributes["id"] = sa.Column(sa.Integer, primary_key=True)
            attributes["kind"] = sa.Column(sa.String(10))
            attributes["__mapper_args__"]["polymorphic_on"] = "kind"
        classes.append(type(f"C{i}", (classes[-1] if child else base,), attributes))
    return classes


@sibling("declare, configure 500 classes, first query, per class", "annotated, with subclasses", rounds=5)
def many_annotated(lib: Library) -> Job:
    return classes_job(lib, _annotated)


@sibling("connect() + close() on a null driver", "with a listener of check-outs")
def checkout_with_event(lib: Library) -> Job:
    engine = null_engine(lib)
    lib.sa.event.listen(engine, "checkout", lambda *arguments: None)
    return checkout_job(engine)


@sibling("import the ORM, beyond bare Python", "and asyncio", rounds=5)
def import_asyncio(lib: Library) -> Job:
    return process_job(f"import asyncio, {lib.sa.__name__}.orm, {lib.sa.__name__}.ext.asyncio")


@sibling("import, map, connect, first object, beyond bare Python", "in PostgreSQL's text", rounds=5)
def first_statement(lib: Library) -> Job:
    code = FIRST_OBJECT.format(name=lib.sa.__name__)
    dialect = f"from {lib.sa.__name__}.dialects import postgresql"
    return process_job(f"{code}\n{dialect}\nstr(sa.select(Item).compile(dialect=postgresql.dialect()))")


@sibling(MEMORY, "composite key", rounds=3)
def memory_pair(lib: Library) -> Job:
    engine, _ = shapes_engine(lib, pair=ENTITIES)
    return memory_job(lib, engine, make_shapes(lib).Pair)


@sibling(MEMORY, "versioned", rounds=3)
def memory_versioned(lib: Library) -> Job:
    engine, _ = shapes_engine(lib, versioned=ENTITIES)
    return memory_job(lib, engine, make_shapes(lib).Versioned)
