"""Random tables: columns, constraints, conventions and options together, as each database is told of them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import relvar as sa
from relvar import (
    BLANK_SCHEMA,
    CheckConstraint,
    Column,
    Computed,
    FetchedValue,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    Table,
    UniqueConstraint,
    func,
    text,
)
from relvar.schema import CreateIndex, CreateTable, DropIndex, DropTable, conv

NAMES = ("a", "b", "user", "Mixed", "sp ace", 'q"t', "per%c", "x.y")
TYPES: tuple[Callable[[], Any], ...] = (
    Integer,
    sa.BigInteger,
    sa.SmallInteger,
    lambda: sa.String(5),
    sa.Text,
    lambda: sa.Unicode(5),
    lambda: sa.Numeric(5, 2),
    lambda: sa.Numeric(5, 0),
    lambda: sa.Float(5),
    sa.Double,
    lambda: sa.Boolean(create_constraint=True, name="flagged"),
    lambda: sa.Enum("x", "it's", name="letters"),
    lambda: sa.Enum("x", "y", native_enum=False, create_constraint=True, name="chosen"),
    lambda: sa.DateTime(timezone=True),
    sa.Date,
    sa.Interval,
    sa.LargeBinary,
    sa.Uuid,
    lambda: Integer().with_variant(sa.String(5), "mysql"),
)
CONVENTIONS: tuple[Any, ...] = (
    None,
    {
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    },
    {
        "ix": "ix_%(table_name)s_%(column_0N_name)s",
        "uq": "uq_%(column_0_key)s_%(column_1_name)s",
        "fk": "fk_%(column_0_N_key)s_%(referred_column_0_name)s",
        "pk": "pk_%(column_0_N_label)s",
    },
    {UniqueConstraint: "uu_%(column_0_name)s", "fk": "%(referred_column_0_N_name)s"},
)
SERVER_DEFAULTS: tuple[Callable[[], Any], ...] = (
    lambda: "it's",
    lambda: text("now()"),
    func.now,
    lambda: text(r"'a\:b'"),
    lambda: sa.literal(5),
    sa.true,
    sa.null,
    FetchedValue,
)


def column(r: random.Random, name: str, target: Table) -> Column[Any]:
    """Return a column with a few of its options."""
    options: dict[str, Any] = {}
    items: list[Any] = []
    chances: tuple[tuple[float, str, tuple[Any, ...]], ...] = (
        (0.3, "primary_key", (True,)),
        (0.3, "nullable", (True, False)),
        (0.2, "autoincrement", (True, False, "auto", "ignore_fk")),
        (0.2, "unique", (True, False)),
        (0.2, "index", (True, False)),
        (0.2, "key", ("k1", "k2", "k3")),
        (0.2, "comment", ("it's %",)),
        (0.1, "quote", (True, False)),
        (0.1, "sqlite_on_conflict_not_null", ("FAIL",)),
    )
    for chance, option, values in chances:
        if r.random() < chance:
            options[option] = r.choice(values)
    if r.random() < 0.2:
        options["server_default"] = r.choice(SERVER_DEFAULTS)()
    if r.random() < 0.1:
        options["default"] = r.choice((5, Sequence("numbers", start=3, optional=r.random() < 0.5)))
    if r.random() < 0.1:
        always, start, cycle = r.choice((True, False)), r.choice((None, 3)), r.choice((None, True))
        items.append(Identity(always=always, start=start, cycle=cycle, cache=r.choice((None, 5))))
    if r.random() < 0.08:
        items.append(Computed(r.choice(("a + 1", text("b"))), persisted=r.choice((None, True, False))))
    if r.random() < 0.1:
        items.append(CheckConstraint(r.choice(("x > 5", "y <> '%'")), name=r.choice((None, "c c"))))
    if r.random() < 0.2:
        key = ForeignKey(
            r.choice((target.c.id, target.c.k)),
            name=r.choice((None, "named")),
            ondelete=r.choice((None, "CASCADE", "set null")),
            deferrable=r.choice((None, True)),
            initially=r.choice((None, "DEFERRED")),
            use_alter=r.random() < 0.2,
        )
        items.append(key)
    return Column(name, r.choice(TYPES)(), *items, **options)


def table(r: random.Random) -> Table:
    """Return a table with a few columns and constraints."""
    metadata = MetaData(
        schema=r.choice((None, None, "sch", "Odd S")), naming_convention=r.choice(CONVENTIONS)
    )
    target = Table(
        "parent", metadata, Column("id", Integer, primary_key=True), Column("other", Integer, key="k")
    )
    columns = [column(r, name, target) for name in r.sample(NAMES, r.randint(2, 5))]
    keys = list(dict.fromkeys(c.key for c in columns))

    def some(most: int) -> list[str]:
        return r.sample(keys, min(len(keys), r.randint(1, most)))

    items: list[Any] = []
    if r.random() < 0.2:
        items.append(PrimaryKeyConstraint(*some(2), name=r.choice((None, "key"))))
    if r.random() < 0.3:
        items.append(UniqueConstraint(*some(3), name=r.choice((None, "one", conv("final")))))
    if r.random() < 0.3:
        items.append(
            CheckConstraint(r.choice(("a > 5", columns[0] == 5)), name=r.choice(("ck", conv("c%k"))))
        )
    if r.random() < 0.3:
        items.append(Index(r.choice((None, "i x", conv("final_i"))), *some(2), unique=r.random() < 0.5))
    if r.random() < 0.2:
        where = columns[1] > 5
        by = {"postgresql_using": "gin", "mysql_length": 5, "mssql_clustered": True}
        options = {name: value for name, value in by.items() if r.random() < 0.5}
        lowered = func.lower(columns[0])
        items.append(Index("by_expression", lowered, postgresql_where=where, sqlite_where=where, **options))
    if r.random() < 0.2:
        items.append(ForeignKeyConstraint(some(1), [target.c.id], name=r.choice((None, "to_parent"))))
    options = {}
    if r.random() < 0.2:
        options["comment"] = "table's %"
    if r.random() < 0.1:
        options["prefixes"] = ["TEMPORARY"]
    if r.random() < 0.2:
        options |= {"mysql_engine": "InnoDB", "postgresql_with": {"fillfactor": 50}, "sqlite_strict": True}
    if r.random() < 0.1:
        options["schema"] = r.choice(("other", BLANK_SCHEMA))
    return Table(r.choice(("t", "T t", "select")), metadata, *columns, *items, **options)


def shown(seed: int) -> Any:
    """Return the statements that create and drop a random table and its indexes."""
    made = table(random.Random(seed))
    indexes = sorted(made.indexes, key=lambda index: str(index.name))
    return (
        CreateTable(made),
        *(CreateIndex(index) for index in indexes),
        *(DropIndex(index, if_exists=True) for index in indexes),
        DropTable(made, if_exists=True),
    )


# Refusals are here a few times only.  Left out is what SQLAlchemy fails an assertion for, and, in 8 and 50,
# a column that stays marked as part of a key from which a constraint took it.
LEFT_OUT = (6, 8, 26, 27, 31, 32, 33, 35, 37, 45, 49, 50, 51, 52, 54, 56, 66, 67, 75, 76, 78, 80, 82, 83)
SEEDS = tuple(seed for seed in range(90) if seed not in LEFT_OUT)
CASES: dict[str, Callable[[], Any]] = {f"ddl: table {seed}": lambda seed=seed: shown(seed) for seed in SEEDS}
