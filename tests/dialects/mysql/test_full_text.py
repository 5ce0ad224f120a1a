"""MATCH ... AGAINST of MySQL and MariaDB."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, Index, Integer, MetaData, String, Table, Text, and_, exc, func, or_, select
from relvar.dialects import mysql
from relvar.dialects.mysql import match

metadata = MetaData()
books = Table(
    "books",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title", String(100)),
    Column("body", Text),
    Index("ix_title", "title", mariadb_prefix="FULLTEXT"),
    Index("ix_both", "title", "body", mariadb_prefix="FULLTEXT"),
    mariadb_engine="MyISAM",
)
b = books.c
ROWS = [
    (1, "database systems", "of rows and columns"),
    (2, "cooking", "about databases and tables"),
    (3, "mysql database", "database database"),
    (4, "nothing", "at all"),
    # words of half the rows or more are not searched for
    *((number, "filling", "up") for number in range(5, 10)),
]

TEXTS = [
    (match(b.title, against="x"), "MATCH (books.title) AGAINST (%s)"),
    (match(b.title, b.body, against="x"), "MATCH (books.title, books.body) AGAINST (%s)"),
    (match(b.title, against="x").in_boolean_mode(), "MATCH (books.title) AGAINST (%s IN BOOLEAN MODE)"),
    (
        match(b.title, against="x").in_natural_language_mode(),
        "MATCH (books.title) AGAINST (%s IN NATURAL LANGUAGE MODE)",
    ),
    (
        match(b.title, against="x").with_query_expansion(),
        "MATCH (books.title) AGAINST (%s WITH QUERY EXPANSION)",
    ),
    (
        match(b.title, against="x").in_natural_language_mode().with_query_expansion(),
        "MATCH (books.title) AGAINST (%s IN NATURAL LANGUAGE MODE WITH QUERY EXPANSION)",
    ),
    (match(b.title, against="x", in_boolean_mode=True), "MATCH (books.title) AGAINST (%s IN BOOLEAN MODE)"),
    (
        match(b.title, against=func.concat("a", b.body)),
        "MATCH (books.title) AGAINST (concat(%s, books.body))",
    ),
    (~match(b.title, against="x"), "NOT (MATCH (books.title) AGAINST (%s))"),
    (match(b.title, against="x") > 0.5, "(MATCH (books.title) AGAINST (%s)) > %s"),
    (b.title.match("x"), "MATCH (books.title) AGAINST (%s IN BOOLEAN MODE)"),
    (b.title.match("x", mysql_boolean_mode=False), "MATCH (books.title) AGAINST (%s)"),
]


@pytest.mark.feature("E041")
@pytest.mark.parametrize(("expression", "expected"), TEXTS)
def test_text(expression: Any, expected: str) -> None:
    assert str(expression.compile(dialect=mysql.dialect())) == expected


@pytest.fixture
def connection(mariadb_engine: Any) -> Any:
    metadata.create_all(mariadb_engine)
    with mariadb_engine.connect() as connection:
        connection.execute(
            books.insert(), [dict(zip(("id", "title", "body"), row, strict=True)) for row in ROWS]
        )
        yield connection


@pytest.mark.feature("E041")
def test_rows(connection: Any) -> None:
    def found(*criteria: Any) -> list[int]:
        return list(connection.scalars(select(b.id).where(*criteria).order_by(b.id)))

    title = match(b.title, against="database")
    both = match(b.title, b.body, against="database")
    assert found(title) == [1, 3]
    assert found(title.in_natural_language_mode()) == [1, 3]
    assert found(~title, b.id < 5) == [2, 4]
    assert found(both.in_boolean_mode()) == [1, 3]
    assert found(match(b.title, b.body, against="+database -mysql").in_boolean_mode()) == [1]
    assert found(match(b.title, b.body, against="databas*").in_boolean_mode()) == [1, 2, 3]
    assert found(match(b.title, against="cooking")) == [2]
    # words of the best matches are searched for as well
    assert set(found(match(b.title, against="mysql").with_query_expansion())) > {3}
    assert found(and_(title, b.id > 1)) == [3]
    assert found(or_(match(b.title, against="cooking"), b.id == 4)) == [2, 4]
    assert found(b.title.match("database")) == [1, 3]


@pytest.mark.feature("E041")
def test_how_well_a_row_matches(connection: Any) -> None:
    score = match(b.title, against="database")
    rows = connection.execute(select(b.id, score.label("score"), score * 2).order_by(b.id)).all()
    for number, value, twice in rows:
        assert isinstance(value, float)
        assert (value > 0) is (number in (1, 3))
        assert twice == pytest.approx(value * 2)
    best = select(b.id).where(score > 0).order_by(score.desc(), b.id)
    assert set(connection.scalars(best)) == {1, 3}


@pytest.mark.feature("E041")
def test_what_is_refused() -> None:
    with pytest.raises(exc.ArgumentError, match="columns are required"):
        match(against="x")
    with pytest.raises(exc.ArgumentError, match="against is required"):
        match(b.title)
    with pytest.raises(exc.ArgumentError, match="unknown arguments: mode"):
        match(b.title, against="x", mode=1)
    mixed = match(b.title, against="x").in_boolean_mode().with_query_expansion()
    with pytest.raises(exc.CompileError, match="Invalid MySQL match flags: in_boolean_mode=True, "):
        mixed.compile(dialect=mysql.dialect())
