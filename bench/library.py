"""
Give workloads one view of the two libraries, and the database they work on.

A workload is written once against ``lib``; ``lib.sa`` and ``lib.orm`` are the
modules of the implementation under test.  The raw driver has its own functions.
"""

from __future__ import annotations

import datetime
import decimal
import importlib
import sqlite3
from dataclasses import dataclass
from typing import Any

from bench import null_driver


@dataclass
class Library:
    """One implementation: its modules, and whether it is relvar."""

    name: str
    sa: Any
    orm: Any

    @property
    def is_relvar(self) -> bool:
        """Tell relvar from the rival where a workload must call something private of each."""
        return self.name.startswith("relvar")


def load(name: str) -> Library:
    """Import an implementation: ``relvar``, ``relvar-pure`` (set RELVAR_PURE=1 first) or ``sqlalchemy``."""
    module = "sqlalchemy" if name == "sqlalchemy" else "relvar"
    sa = importlib.import_module(module)
    return Library(name, sa, importlib.import_module(f"{module}.orm"))


def is_compiled(lib: Library) -> bool:
    """Tell whether an implementation runs with its extension modules, or falls back to Python."""
    if lib.is_relvar:
        return bool(importlib.import_module("relvar._kernels").is_compiled())
    return bool(importlib.import_module("sqlalchemy.util").has_compiled_ext())


def describe(name: str) -> str:
    """Say which version of an implementation is at hand, and in which form."""
    lib = load(name)
    return f"{name} {lib.sa.__version__} ({'compiled' if is_compiled(lib) else 'pure Python'})"


PLAIN = [f"c{i}" for i in range(9)]


_kept_alive: list[Any] = []


def engine_filled(lib: Library, **counts: int) -> Any:
    """Return an engine of an implementation on a filled database in memory (one per process and thread)."""
    engine = lib.sa.create_engine("sqlite://")
    raw = engine.raw_connection()
    fill(raw.driver_connection, **counts)
    raw.close()
    return engine


def null_engine(lib: Library, **options: Any) -> Any:
    """Return an engine on the driver that does nothing."""
    options.setdefault("poolclass", lib.sa.pool.QueuePool)
    return lib.sa.create_engine("sqlite://", module=null_driver, **options)


def connection_filled(**counts: int) -> sqlite3.Connection:
    """Return a connection of the driver on a filled database in memory."""
    connection = sqlite3.connect(":memory:")
    fill(connection, **counts)
    return connection


def make_model(lib: Library) -> Any:
    """Map the tables of the benchmark with an implementation; return a namespace of classes."""
    sa, orm = lib.sa, lib.orm

    class Base(orm.DeclarativeBase):  # type: ignore[misc,name-defined]  # the base is the implementation's
        pass

    class Item(Base):
        """Ten plain columns: key, five integers, four strings."""

        __tablename__ = "item"
        id = sa.Column(sa.Integer, primary_key=True)
        for _i, _name in enumerate(PLAIN):
            locals()[_name] = sa.Column(sa.Integer if _i < 5 else sa.String(50))
        del _i, _name

    class Mixed(Base):
        """Ten columns of types that need conversion."""

        __tablename__ = "mixed"
        id = sa.Column(sa.Integer, primary_key=True)
        name = sa.Column(sa.String(50))
        created = sa.Column(sa.DateTime)
        changed = sa.Column(sa.DateTime)
        price = sa.Column(sa.Numeric(10, 2))
        cost = sa.Column(sa.Numeric(10, 2))
        active = sa.Column(sa.Boolean)
        deleted = sa.Column(sa.Boolean)
        data = sa.Column(sa.JSON)
        note = sa.Column(sa.String(50))

    class Parent(Base):
        __tablename__ = "parent"
        id = sa.Column(sa.Integer, primary_key=True)
        name = sa.Column(sa.String(50))
        children = orm.relationship("Child", back_populates="parent")

    class Child(Base):
        __tablename__ = "child"
        id = sa.Column(sa.Integer, primary_key=True)
        name = sa.Column(sa.String(50))
        parent_id = sa.Column(sa.ForeignKey("parent.id"), index=True)
        parent = orm.relationship("Parent", back_populates="children")

    class Model:
        pass

    model = Model()
    model.Base, model.Item, model.Mixed, model.Parent, model.Child = Base, Item, Mixed, Parent, Child
    _kept_alive.append(model)
    return model


def item_values(i: int) -> tuple[Any, ...]:
    """Return the nine values of row *i* of ``item``, its key left out."""
    return (i, i + 1, i + 2, i + 3, i + 4, f"name {i}", f"street {i}", f"city {i}", f"note {i}")


ITEM_COLUMNS = ", ".join(f"{c} {'integer' if i < 5 else 'varchar(50)'}" for i, c in enumerate(PLAIN))
SCHEMA = f"""
create table item (id integer not null primary key, {ITEM_COLUMNS});
create table mixed (id integer not null primary key, name varchar(50), created datetime, changed datetime,
    price numeric(10,2), cost numeric(10,2), active boolean, deleted boolean, data json, note varchar(50));
create table parent (id integer not null primary key, name varchar(50));
create table child (id integer not null primary key, name varchar(50),
    parent_id integer references parent (id));
create index ix_child_parent_id on child (parent_id);
"""


def fill(
    connection: sqlite3.Connection, items: int = 0, mixed: int = 0, parents: int = 0, children: int = 0
) -> None:
    """Create the tables and fill them through the driver."""
    connection.executescript(SCHEMA)
    marks = ",".join("?" * 10)
    connection.executemany(
        f"insert into item values ({marks})", ((i, *item_values(i)) for i in range(1, items + 1))
    )
    moment = "2026-01-02 03:04:05.678901"
    connection.executemany(
        f"insert into mixed values ({marks})",
        (
            (i, f"name {i}", moment, moment, i / 4, i / 2, i % 2, 0, f'{{"a": {i}, "b": [1, 2]}}', "note")
            for i in range(1, mixed + 1)
        ),
    )
    connection.executemany(
        "insert into parent values (?, ?)", ((i, f"parent {i}") for i in range(1, parents + 1))
    )
    connection.executemany(
        "insert into child (name, parent_id) values (?, ?)",
        ((f"child {j}", i) for i in range(1, parents + 1) for j in range(children)),
    )
    connection.commit()


def convert_mixed(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Convert a raw row of ``mixed`` to Python values, as one would by hand."""
    import json

    i, name, created, changed, price, cost, active, deleted, data, note = row
    parse, number = datetime.datetime.fromisoformat, decimal.Decimal
    return (
        i, name, parse(created), parse(changed), number(f"{price:.2f}"), number(f"{cost:.2f}"),
        bool(active), bool(deleted), json.loads(data), note,
    )  # fmt: skip
