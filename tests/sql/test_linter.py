"""Warnings about FROM elements that nothing joins."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    create_engine,
    delete,
    exc,
    func,
    select,
    true,
    update,
)
from relvar.dialects import mysql, postgresql, sqlite
from relvar.sql.compiler import COLLECT_CARTESIAN_PRODUCTS, FROM_LINTING, NO_LINTING, WARN_LINTING

metadata = MetaData()
a, b, c = (
    Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True),
        Column("a_id", ForeignKey("a.id")),
        Column("x", Integer),
    )
    for name in "abc"
)


def unjoined(statement: Any) -> set[str]:
    """Return the names of the tables that the linter finds nothing of."""
    linter = statement.compile(linting=COLLECT_CARTESIAN_PRODUCTS).from_linter
    missing, start = linter.lint()
    return {linter.froms[table] for table in missing or ()} | ({linter.froms[start]} if missing else set())


@pytest.mark.parametrize(
    "statement, expected",
    [
        (select(a), set()),
        (select(a, b), {"a", "b"}),
        (select(a, b).where(a.c.id == b.c.a_id), set()),
        (select(a, b).where(a.c.id < b.c.a_id), set()),
        (select(a, b).where(a.c.x == 5), {"a", "b"}),
        (select(a).join(b), set()),
        (select(a).join(b, true()), set()),
        (select(a).join(b).where(c.c.id == b.c.id), set()),
        (select(a.c.id, c.c.id).select_from(a.join(b), c), {"a", "b", "c"}),
        (select(a, b, c).where(a.c.id == b.c.a_id, b.c.id == c.c.id), set()),
        (select(a, b).where(a.c.id.in_(select(c.c.id).where(c.c.x == b.c.x))), {"a", "b"}),
        (select(a).where(select(b.c.id).where(b.c.a_id == a.c.id).exists()), set()),
        (select(a, b).where((a.c.id == b.c.id) | (a.c.x == 3)), set()),
        (select(a, b).where(func.foo(a.c.id, b.c.id) == 3), {"a", "b"}),
        (select(a.alias("p"), a.alias("q")), {"p", "q"}),
        (select(a, select(b).subquery("s")), {"a", "s"}),
        (select(a, select(b).cte("t")), {"a", "t"}),
        (update(a).values(x=b.c.x), {"a", "b"}),
        (update(a).values(x=b.c.x).where(a.c.id == b.c.a_id), set()),
        (delete(a).where(b.c.x == 5), {"a", "b"}),
    ],
)
def test_what_is_not_joined(statement: Any, expected: set[str]) -> None:
    found = unjoined(statement)
    assert found == expected if len(expected) < 3 else found and found <= expected


@pytest.fixture
def tables(sqlite_engine: Any) -> Any:
    metadata.create_all(sqlite_engine)
    return sqlite_engine


def test_the_engine_warns(tables: Any) -> None:
    with tables.connect() as connection:
        message = (
            r'SELECT statement has a cartesian product between FROM element\(s\) "[ab]" and FROM element '
            r'"[ab]"\.  Apply join condition\(s\) between each element to resolve\.'
        )
        with pytest.warns(exc.SAWarning, match=message):
            connection.execute(select(a, b))
        connection.execute(select(a, b).where(a.c.id == b.c.id))


def test_the_engine_may_be_silent() -> None:
    quiet = create_engine("sqlite://", enable_from_linting=False)
    metadata.create_all(quiet)
    with quiet.connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("error")
        connection.execute(select(a, b))
    quiet.dispose()


def test_kinds_of_linting() -> None:
    assert COLLECT_CARTESIAN_PRODUCTS & FROM_LINTING and WARN_LINTING & FROM_LINTING and not NO_LINTING
    with pytest.warns(exc.SAWarning, match="cartesian product"):
        select(a, b).compile(linting=FROM_LINTING)
    with pytest.warns(exc.SAWarning, match="UPDATE statement has a cartesian product"):
        update(a).values(x=b.c.x).compile(linting=FROM_LINTING)


def warned(statement: Any, dialect: Any = None) -> list[str]:
    """Return the warnings of compiling with the linter on."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        statement.compile(dialect=dialect, linting=FROM_LINTING)
    return [str(w.message) for w in caught]


def product(kind: str, elements: str, start: str) -> str:
    return (
        f"{kind} statement has a cartesian product between FROM element(s) {elements} and FROM element "
        f"{start}.  Apply join condition(s) between each element to resolve."
    )


@pytest.mark.parametrize(
    "statement, expected",
    [
        (select(a, b, c), [product("SELECT", '"b", "c"', '"a"')]),
        (select(b, a), [product("SELECT", '"a"', '"b"')]),
        (select(a, b.alias("odd name")), [product("SELECT", '"odd name"', '"a"')]),
        (select(a, select(b).subquery()), [product("SELECT", '"anon_1"', '"a"')]),
        (select(a, b.alias()), [product("SELECT", '"b_1"', '"a"')]),
        (update(a).values(x=b.c.x), [product("UPDATE", '"b"', '"a"')]),
        (delete(a).where(b.c.x == 5), [product("DELETE", '"b"', '"a"')]),
        (
            select(select(a, b.c.x.label("y")).subquery(), c),
            [product("SELECT", '"b"', '"a"'), product("SELECT", '"c"', '"anon_1"')],
        ),
    ],
)
def test_the_words(statement: Any, expected: list[str]) -> None:
    """The elements are named in the order of FROM, each time."""
    assert [warned(statement) for _ in "123"] == [expected] * 3


@pytest.mark.parametrize("dialect", [None, sqlite.dialect(), postgresql.dialect(), mysql.dialect()])
def test_explicit_joins_are_meant(dialect: Any) -> None:
    joined = select(a).join(b, true()).join(c, b.c.x == 5)
    assert warned(joined, dialect) == []
    assert warned(select(a).outerjoin(b.join(c, true()), a.c.x == 1), dialect) == []
    beside = select(b).where(b.c.id == a.c.id).lateral("beside")
    assert warned(select(a, beside), dialect) == warned(select(a).join(beside, true()), dialect) == []
    joined = select(b.c.x).select_from(b.join(a, b.c.id == a.c.id)).lateral("joined")
    assert warned(select(joined, a), dialect) == []
    apart = select(b.c.x).select_from(b.join(c, b.c.id == c.c.id)).lateral("apart")
    assert len(warned(select(apart, a), dialect)) == 1
    rows = func.json_each(a.c.x).table_valued("value", name="rows")
    assert warned(select(a, rows), dialect) == [product("SELECT", '"rows"', '"a"')]
    implicit = func.json_each(a.c.x).table_valued("value", name="rows", joins_implicitly=True)
    assert warned(select(a, implicit), dialect) == []


def test_known_plans_do_not_warn_again(tables: Any) -> None:
    with tables.connect() as connection:
        with pytest.warns(exc.SAWarning, match="cartesian product"):
            connection.execute(select(a.c.id, b.c.id).where(a.c.x > 5))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            connection.execute(select(a.c.id, b.c.id).where(a.c.x > 6))
