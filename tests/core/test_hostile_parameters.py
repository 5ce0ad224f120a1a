"""
Parameters and batches whose names, lists or text could meet.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hostile import SHORT, STRINGS
from styles import STYLES, styled_engine

from relvar import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    from_dml_column,
    insert,
    literal,
    literal_column,
    select,
    text,
    tuple_,
    type_coerce,
    update,
)
from relvar.dialects import postgresql, sqlite

# Parameters -------------------------------------------------------------------------------------------


@pytest.fixture(params=[*(f"sqlite {style}" for style in STYLES), "postgresql", "mariadb"])
def every(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A connection per style of parameters."""
    backend, _, style = request.param.partition(" ")
    engine = (
        styled_engine(style)
        if style
        else request.getfixturevalue({"postgresql": "pg_engine", "mariadb": "mariadb_engine"}[backend])
    )
    with engine.connect() as conn:
        yield conn
    engine.dispose()


def test_parameters_with_names_that_meet(every: Any) -> None:
    """Names that would become one in the text stay apart."""
    names = [
        "a b",
        "a_b",
        "a.b",
        "a:b",
        "a_b_1",
        "a[b",
        "a b_1",
        "aPb",
        "a%b",
        "aAb",
        "a(b",
        "aZb",
        "a)b",
        "aCb",
    ]
    columns = [bindparam(name, type_=Integer).label(f"c{i}") for i, name in enumerate(names)]
    values = {name: i for i, name in enumerate(names)}
    for order in (1, -1):
        statement = select(*columns[::order])
        for _ in range(2):
            assert tuple(every.execute(statement, values).one()) == tuple(range(len(names)))[::order]
    table = Table(
        "t", MetaData(), Column("id", Integer, primary_key=True), *[Column(n, Integer) for n in names]
    )
    table.create(every)
    rows = [{"id": row, **{name: row * 100 + i for i, name in enumerate(names)}} for row in (1, 2, 3)]
    every.execute(insert(table), rows[0])
    every.execute(insert(table).returning(table.c.id), rows[1:])
    found = every.execute(select(table).order_by(table.c.id)).mappings().all()
    assert [dict(row) for row in found] == rows
    every.execute(update(table).where(table.c.id == 2).values({name: i for i, name in enumerate(names)}))
    assert dict(every.execute(select(table).where(table.c.id == 2)).mappings().one()) == {"id": 2, **values}


def test_lists_beside_parameters_of_the_same_name(every: Any) -> None:
    """The elements of a list have names of their own."""
    t = select(
        literal_column("1", Integer).label("id"),
        literal_column("5", Integer).label("id_1"),
        literal_column("7", Integer).label("id_1_1"),
    ).subquery("t")
    statement = select(t).where(t.c.id.in_([1, 2, 3]), t.c.id_1 == 5, t.c.id_1_1.in_([6, 7]), t.c.id != 2)
    for _ in range(2):
        assert every.execute(statement).all() == [(1, 5, 7)]
    named = select(t.c.id).where(
        t.c.id.in_(bindparam("x", expanding=True)),
        t.c.id_1 == bindparam("x_1"),
        t.c.id_1_1 == bindparam("x 2"),
        tuple_(t.c.id, t.c.id_1).in_(bindparam("y", expanding=True)),
        t.c.id == bindparam("y_1_1"),
    )
    values = {"x": [1, 9], "x_1": 5, "x 2": 7, "y": [(1, 5), (2, 6)], "y_1_1": 1}
    for _ in range(2):
        assert every.scalars(named, values).all() == [1]
    assert every.scalars(named, {**values, "x": [9, 8, 7]}).all() == []


def test_data_that_looks_like_marks(every: Any) -> None:
    t = select(literal_column("1", Integer).label("id")).subquery("t")
    for mark in [word for word in STRINGS if "[" in word or "~~" in word or "\x01" in word]:
        quoted = "'" + mark.replace(":", "\\:") + "'"
        raw = "'" + mark + "'"
        statement = select(
            t.c.id.label(mark),
            literal(mark, literal_execute=True).label("a"),
            text(quoted),
            literal_column(raw),
            literal(mark).label("b"),
        ).where(t.c.id.in_([1, 2]), t.c.id != bindparam("word_1", 5), literal(mark) == mark)
        for _ in range(2):
            result = every.execute(statement)
            if mark[0] > " " or every.dialect.name != "mariadb":
                assert list(result.keys())[0] == mark
            assert tuple(result.one()) == (1, mark, mark, mark, mark), mark


def test_batches_of_odd_values(every: Any) -> None:
    """What looks like the values of a batched INSERT is repeated nowhere, and changed nowhere."""
    looks = [
        "VALUES (?, ?)",
        "VALUES (:1, :2)",
        "VALUES ($1, $2)",
        "VALUES (%(id)s, %(w)s)",
        ":id",
        "%(id)s",
        "$1",
    ]
    dialect = every.dialect
    if dialect.name == "mariadb":
        looks = looks[3:]
    for number, name in enumerate(looks):
        table = Table(
            f"t{number}",
            MetaData(),
            Column("id", Integer, primary_key=True),
            Column(name, String(40)),
            Column("c", String(40)),
            Column("d", Integer),
        )
        table.create(every)
        copied = {"c": literal_column("'" + name + "'"), "d": from_dml_column(table.c.id)}
        made = (
            insert(table).values(**copied).returning(table.c.id, table.c[name], sort_by_parameter_order=True)
        )
        rows = [{"id": i, name: f"{name}{i}"} for i in range(1, 6)]
        assert every.execute(made, rows).all() == [(i, f"{name}{i}") for i in range(1, 6)]
        found = every.execute(select(table).order_by(table.c.id)).all()
        assert found == [(i, f"{name}{i}", name, i) for i in range(1, 6)]


def test_batches_whose_rows_differ_elsewhere(every: Any) -> None:
    """A parameter of ON CONFLICT or RETURNING has each row's value, though a batch has it once."""
    table = Table("t", MetaData(), Column("a", Integer, primary_key=True), Column("b", Integer))
    table.create(every)
    added = insert(table).returning(table.c.a, (table.c.b + bindparam("a__0")).label("c"))
    rows = [{"a": 1, "b": 1, "a__0": 10}, {"a": 2, "b": 2, "a__0": 20}, {"a": 3, "b": 3, "a__0": 30}]
    assert every.execute(added, rows).all() == [(1, 11), (2, 22), (3, 33)]
    same = [{"a": i, "b": i, "a__0": 5} for i in (4, 5)]
    assert every.execute(added, same).all() == [(4, 9), (5, 10)]
    if every.dialect.name != "mariadb":
        upsert = {"sqlite": sqlite, "postgresql": postgresql}[every.dialect.name].insert(table)
        changed = upsert.on_conflict_do_update(index_elements=["a"], set_={"b": bindparam("b__1")})
        values = [{"a": i, "b": 0, "b__1": i * 7} for i in (1, 2, 9)]
        every.execute(changed.returning(table.c.a), values)
        found = every.execute(select(table).where(table.c.a.in_([1, 2, 9])).order_by(table.c.a)).all()
        assert found == [(1, 7), (2, 14), (9, 0)]


def test_the_same_shape_with_other_values(every: Any) -> None:
    """A cached statement takes the values of the call, in lists, literals and paths."""

    def shape(word: str) -> Any:
        return select(
            literal(word),
            literal(word, literal_execute=True),
            type_coerce(word, String).label("x"),
        ).where(literal(word).in_([word, word + "!"]), literal(word) != word + "!")

    before = None
    for word in SHORT:
        assert tuple(every.execute(shape(word)).one()) == (word, word, word)
        if word.isascii():  # others are of another type, Unicode
            key = shape(word)._generate_cache_key().key
            assert before in (None, key)
            before = key
