"""
Other shapes of the benchmark's item: each has the nine attributes ``c0`` to ``c8`` as well.

A composite key, a class of two tables (joined inheritance), one of three that share a table (single
inheritance), types with Python conversions, versioned rows, columns with defaults; and parents and
children with composite keys, and many to many.
"""

from __future__ import annotations

import datetime
import enum
import sqlite3
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

from bench.library import ITEM_COLUMNS, PLAIN, Library, item_values

MOMENT = datetime.datetime(2026, 1, 2, 3, 4, 5)


class Colour(enum.Enum):
    """What an Enum column holds."""

    red = 1
    green = 2


_kept_alive: list[Any] = []


def _plain(sa: Any, names: Iterable[str] = PLAIN) -> dict[str, Any]:
    return {name: sa.Column(sa.Integer if int(name[1:]) < 5 else sa.String(50)) for name in names}


def _made(base: Any, name: str, /, **attributes: Any) -> Any:
    return type(name, base if isinstance(base, tuple) else (base,), attributes)


def _custom_types(sa: Any) -> tuple[Any, Any]:
    class Shifted(sa.TypeDecorator):  # type: ignore[misc]  # the base is the implementation's
        """An integer that is stored one higher."""

        impl = sa.Integer
        cache_ok = True

        def process_bind_param(self, value: Any, dialect: Any) -> Any:
            return None if value is None else value + 1

        def process_result_value(self, value: Any, dialect: Any) -> Any:
            return None if value is None else value - 1

    class Tagged(sa.TypeDecorator):  # type: ignore[misc]  # the base is the implementation's
        """A string that is stored with a mark in front."""

        impl = sa.String
        cache_ok = True

        def process_bind_param(self, value: Any, dialect: Any) -> Any:
            return None if value is None else "#" + value

        def process_result_value(self, value: Any, dialect: Any) -> Any:
            return None if value is None else value[1:]

    return Shifted, Tagged


def make_shapes(lib: Library) -> Any:
    """Map the other shapes with an implementation; return a namespace of classes."""
    sa, orm = lib.sa, lib.orm
    column, integer = sa.Column, sa.Integer
    Base = orm.declarative_base()

    def key() -> Any:
        return column(integer, primary_key=True)

    Pair = _made(
        Base, "Pair", __tablename__="pair",
        a=column(integer, primary_key=True), b=column(integer, primary_key=True), **_plain(sa),
    )  # fmt: skip
    Node = _made(
        Base, "Node", __tablename__="node", id=key(), kind=column(sa.String(10)), **_plain(sa, PLAIN[:5]),
        __mapper_args__={"polymorphic_on": "kind", "polymorphic_identity": "node"},
    )  # fmt: skip
    Leaf = _made(
        Node, "Leaf", __tablename__="leaf", id=column(sa.ForeignKey("node.id"), primary_key=True),
        **_plain(sa, PLAIN[5:]), __mapper_args__={"polymorphic_identity": "leaf"},
    )  # fmt: skip
    Animal = _made(
        Base, "Animal", __tablename__="animal", id=key(), kind=column(sa.String(10)), **_plain(sa),
        __mapper_args__={"polymorphic_on": "kind", "polymorphic_identity": "animal"},
    )  # fmt: skip
    Cat = _made(Animal, "Cat", __mapper_args__={"polymorphic_identity": "cat"})
    Dog = _made(Animal, "Dog", __mapper_args__={"polymorphic_identity": "dog"})
    shifted, tagged = _custom_types(sa)
    Typed = _made(
        Base, "Typed", __tablename__="typed", id=key(),
        **{name: column(shifted if i < 5 else tagged(50)) for i, name in enumerate(PLAIN)},
    )  # fmt: skip
    Mixed = _made(
        Base, "CustomMixed", __tablename__="custom_mixed", id=key(), number=column(shifted),
        word=column(tagged(50)), colour=column(sa.Enum(Colour)), made=column(sa.DateTime),
        price=column(sa.Numeric(10, 2)), active=column(sa.Boolean), wait=column(sa.Interval),
        day=column(sa.Date), data=column(sa.JSON),
    )  # fmt: skip
    version = column(integer, nullable=False)
    Versioned = _made(
        Base, "Versioned", __tablename__="versioned", id=key(), version=version, **_plain(sa),
        __mapper_args__={"version_id_col": version},
    )  # fmt: skip
    Defaulted = _made(
        Base, "Defaulted", __tablename__="defaulted", id=key(), **_plain(sa),
        made=column(sa.DateTime, default=lambda: MOMENT), state=column(sa.String(10), default="new"),
        changed=column(sa.DateTime, default=lambda: MOMENT, onupdate=lambda: MOMENT),
    )  # fmt: skip
    shapes = SimpleNamespace(
        Pair=Pair, Node=Node, Leaf=Leaf, Animal=Animal, Cat=Cat, Dog=Dog, Typed=Typed, CustomMixed=Mixed,
        Versioned=Versioned, Defaulted=Defaulted, **_families(lib, Base),
    )  # fmt: skip
    _kept_alive.append(shapes)
    return shapes


def _families(lib: Library, Base: Any) -> dict[str, Any]:
    """Map parents and children: with composite keys, of a class of two tables, and many to many."""
    sa, orm = lib.sa, lib.orm
    column, integer = sa.Column, sa.Integer
    Parent = _made(
        Base, "PairParent", __tablename__="pair_parent", a=column(integer, primary_key=True),
        b=column(integer, primary_key=True), name=column(sa.String(50)),
        children=orm.relationship("PairChild", back_populates="parent"),
    )  # fmt: skip
    Child = _made(
        Base, "PairChild", __tablename__="pair_child", id=column(integer, primary_key=True),
        name=column(sa.String(50)), parent_a=column(integer), parent_b=column(integer),
        parent=orm.relationship("PairParent", back_populates="children"),
        __table_args__=(
            sa.ForeignKeyConstraint(["parent_a", "parent_b"], ["pair_parent.a", "pair_parent.b"]),
        ),
    )  # fmt: skip
    links = sa.Table(
        "tagging", Base.metadata, column("left_id", sa.ForeignKey("many_left.id"), primary_key=True),
        column("right_id", sa.ForeignKey("many_right.id"), primary_key=True),
    )  # fmt: skip
    Left = _made(
        Base, "Left", __tablename__="many_left", id=column(integer, primary_key=True),
        name=column(sa.String(50)), children=orm.relationship("Right", secondary=links),
    )  # fmt: skip
    Right = _made(
        Base, "Right", __tablename__="many_right", id=column(integer, primary_key=True),
        name=column(sa.String(50)),
    )  # fmt: skip
    return {"PairParent": Parent, "PairChild": Child, "Left": Left, "Right": Right}


FIVE, FOUR = (", ".join(part) for part in (ITEM_COLUMNS.split(", ")[:5], ITEM_COLUMNS.split(", ")[5:]))
SCHEMA = f"""
create table pair (a integer not null, b integer not null, {ITEM_COLUMNS}, primary key (a, b));
create table node (id integer not null primary key, kind varchar(10), {FIVE});
create table leaf (id integer not null primary key references node, {FOUR});
create table animal (id integer not null primary key, kind varchar(10), {ITEM_COLUMNS});
create table typed (id integer not null primary key, {ITEM_COLUMNS});
create table custom_mixed (id integer not null primary key, number integer, word varchar(50),
    colour varchar(5), made datetime, price numeric(10,2), active boolean, wait datetime, day date,
    data json);
create table versioned (id integer not null primary key, version integer not null, {ITEM_COLUMNS});
create table defaulted (id integer not null primary key, {ITEM_COLUMNS}, made datetime, state varchar(10),
    changed datetime);
create table pair_parent (a integer not null, b integer not null, name varchar(50), primary key (a, b));
create table pair_child (id integer not null primary key, name varchar(50), parent_a integer,
    parent_b integer,
    foreign key (parent_a, parent_b) references pair_parent);
create index ix_pair_child on pair_child (parent_a, parent_b);
create table many_left (id integer not null primary key, name varchar(50));
create table many_right (id integer not null primary key, name varchar(50));
create table tagging (left_id integer not null references many_left, right_id integer not null
    references many_right, primary key (left_id, right_id));
"""

CHILDREN = 20


def _typed_values(i: int) -> tuple[Any, ...]:
    values = item_values(i)
    return (*(v + 1 for v in values[:5]), *("#" + v for v in values[5:]))


def _mixed_values(i: int) -> tuple[Any, ...]:
    moment = "2026-01-02 03:04:05.678901"
    colour = "red" if i % 2 else "green"
    return (i, i + 1, f"#word {i}", colour, moment, i / 4, i % 2, "1970-01-01 00:00:05.000000",
            "2026-01-02", f'{{"a": {i}}}')  # fmt: skip


_Row = Callable[[int], tuple[Any, ...]]
# table -> the row that belongs to a number
FILLS: dict[str, dict[str, _Row]] = {
    "pair": {"pair": lambda i: (i, i % 7, *item_values(i))},
    "leaf": {
        "node": lambda i: (i, "leaf", *item_values(i)[:5]),
        "leaf": lambda i: (i, *item_values(i)[5:]),
    },
    "animal": {"animal": lambda i: (i, ("animal", "cat", "dog")[i % 3], *item_values(i))},
    "typed": {"typed": lambda i: (i, *_typed_values(i))},
    "custom_mixed": {"custom_mixed": _mixed_values},
    "versioned": {"versioned": lambda i: (i, 1, *item_values(i))},
    "defaulted": {
        "defaulted": lambda i: (i, *item_values(i), "2026-01-02 03:04:05", "new", "2026-01-02 03:04:05")
    },
    "pair_parent": {"pair_parent": lambda i: (i, i % 7, f"parent {i}")},
    "pair_child": {
        "pair_child": lambda i: (
            i, f"child {i}", (i - 1) // CHILDREN + 1, ((i - 1) // CHILDREN + 1) % 7,
        )
    },
    "many_left": {"many_left": lambda i: (i, f"left {i}")},
    "many_right": {"many_right": lambda i: (i, f"right {i}")},
    "tagging": {"tagging": lambda i: ((i - 1) // CHILDREN + 1, i)},
}  # fmt: skip


def refill(connection: sqlite3.Connection, **counts: int) -> None:
    """Put that many rows into each named shape's tables, and nothing else."""
    for shape, count in counts.items():
        for table in reversed(FILLS[shape]):
            connection.execute(f"delete from {table}")
        for table, values in FILLS[shape].items():
            marks = ",".join("?" * len(values(1)))
            connection.executemany(f"insert into {table} values ({marks})", map(values, range(1, count + 1)))
    connection.commit()


def shapes_engine(lib: Library, **counts: int) -> tuple[Any, sqlite3.Connection]:
    """Return an engine on a database in memory with the shapes' tables, and its driver's connection."""
    engine = lib.sa.create_engine("sqlite://")
    raw = engine.raw_connection()
    connection = raw.driver_connection
    connection.executescript(SCHEMA)
    refill(connection, **counts)
    raw.close()
    return engine, connection
