"""
How much Python runs to build a statement, and to compile one that was never compiled before.

Compiled as an engine does it, with the search for cartesian products. Ceilings are a little above what was
counted when they were set.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from counting import python_calls
from test_calls import Address, User, users

import relvar
from relvar import case, exists, func, select, update
from relvar.dialects import sqlite
from relvar.orm import aliased, configure_mappers, joinedload, selectinload
from relvar.sql.compiler import FROM_LINTING

addresses = Address.__table__


def plain() -> Any:
    return (
        select(users.c.id, addresses.c.email)
        .join(addresses, addresses.c.user_id == users.c.id)
        .where(users.c.id > 1, addresses.c.email == "x", users.c.name.like("a%"))
        .order_by(addresses.c.email)
    )


def report() -> Any:
    counted = (
        select(addresses.c.user_id, func.count().label("n"))
        .where(addresses.c.id > 1)
        .group_by(addresses.c.user_id)
        .cte("counted")
    )
    return (
        select(users.c.name, case((counted.c.n > 5, "many"), else_="few").label("size"))
        .join(counted, counted.c.user_id == users.c.id)
        .where(exists().where(addresses.c.user_id == users.c.id), users.c.id.in_([1, 2, 3]))
    )


def entities() -> Any:
    other = aliased(Address)
    return (
        select(User, other)
        .join(User.addresses.of_type(other))
        .where(other.id > 1, User.name == "x")
        .options(selectinload(User.addresses))
        .order_by(User.id)
    )


def joined() -> Any:
    return select(User).options(joinedload(User.addresses)).where(User.id > 1)


def change() -> Any:
    values = {"name": users.c.name + "!"}
    return update(users).where(users.c.id == 1).values(**values).returning(users.c.id, users.c.name)


# pure Python, compiled; the former with `own_dict` called for what CPython 3.12 does in vars()
@pytest.mark.parametrize(
    "build, to_build, to_compile",
    [
        (plain, (73, 7), (149, 19)),
        (report, (219, 42), (355, 79)),
        (entities, (154, 75), (296, 80)),
        (joined, (42, 13), (294, 116)),
        (change, (49, 14), (79, 15)),
    ],
)
def test_building_and_compiling(
    build: Callable[[], Any], to_build: tuple[int, int], to_compile: tuple[int, int]
) -> None:
    configure_mappers()
    dialect = sqlite.dialect()
    for _ in range(3):
        build().compile(dialect=dialect, linting=FROM_LINTING)
    statement = build()
    which = 1 if relvar.is_compiled() else 0
    for name, function, ceilings in (
        ("build", build, to_build),
        ("compile", lambda: statement.compile(dialect=dialect, linting=FROM_LINTING), to_compile),
    ):
        counts = python_calls(function)
        listed = "\n".join(f"{n:>6}  {name}" for name, n in counts.most_common(25))
        total = sum(counts.values())
        assert total <= ceilings[which], f"{name}: {total} calls, more than {ceilings[which]}:\n{listed}"
