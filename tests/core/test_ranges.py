"""PostgreSQL's ranges, multiranges and bits: there and back, and what the server says of them."""

from __future__ import annotations

import datetime as dt
import decimal
import itertools
import random
from typing import Any

import pytest

from relvar import Column, Integer, MetaData, Table, cast, func, insert, literal, select
from relvar.dialects import postgresql as pg
from relvar.dialects.postgresql import MultiRange, Range

D = decimal.Decimal
UTC = dt.UTC
MOMENT = dt.datetime(2024, 5, 17, 1, 2, 3, 45)
SINGLE: list[tuple[Any, list[Range[Any]]]] = [
    (pg.INT4RANGE, [Range(1, 5), Range(1, 5, bounds="[]"), Range(-3, None, bounds="()"), Range(None, None)]),
    (pg.INT8RANGE, [Range(1, 2**62), Range(-(2**63), 0)]),
    (pg.NUMRANGE, [Range(D("1.50"), D("1E+3"), bounds="(]"), Range(D("-0.1"), D("0.1")), Range(1, 2)]),
    (pg.DATERANGE, [Range(dt.date(1, 1, 1), dt.date(2024, 5, 17)), Range(None, dt.date(2024, 5, 17))]),
    (pg.TSRANGE, [Range(MOMENT, None), Range(MOMENT, MOMENT, bounds="[]")]),
    (pg.TSTZRANGE, [Range(MOMENT.replace(tzinfo=UTC), MOMENT.replace(year=2025, tzinfo=UTC))]),
]
MULTI: list[tuple[Any, list[list[Range[Any]]]]] = [
    (pg.INT4MULTIRANGE, [[Range(1, 3), Range(5, 7)], [], [Range(None, 3)]]),
    (pg.INT8MULTIRANGE, [[Range(2**40, 2**41)]]),
    (pg.NUMMULTIRANGE, [[Range(D("1.5"), D("2.5")), Range(D(9), None)]]),
    (pg.DATEMULTIRANGE, [[Range(dt.date(2024, 1, 1), dt.date(2024, 2, 1))]]),
    (pg.TSMULTIRANGE, [[Range(MOMENT, MOMENT.replace(year=2025))]]),
    (pg.TSTZMULTIRANGE, [[Range(MOMENT.replace(tzinfo=UTC), None)]]),
]


def stored(engine: Any, type_: Any, given: list[Any], *, inline: bool = False) -> list[Any]:
    """Insert the values, as parameters or into the text; return what comes back."""
    table = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("x", type_))
    table.drop(engine, checkfirst=True)
    table.create(engine)
    with engine.begin() as connection:
        for number, value in enumerate(given):
            statement = insert(table).values(id=number, x=value)
            if inline:
                text = statement.compile(engine, compile_kwargs={"literal_binds": True})
                connection.exec_driver_sql(str(text))
            else:
                connection.execute(statement)
        for number, value in enumerate(given):
            assert connection.scalar(select(table.c.id).where(table.c.x == value)) == number
        return list(connection.scalars(select(table.c.x).order_by(table.c.id)))


@pytest.mark.feature("E020")
@pytest.mark.parametrize("inline", [False, True])
@pytest.mark.parametrize(("type_", "given"), SINGLE, ids=lambda v: getattr(v, "__name__", ""))
def test_ranges_there_and_back(pg_engine: Any, type_: Any, given: list[Range[Any]], inline: bool) -> None:
    given = [*given, Range(empty=True)]
    back = stored(pg_engine, type_, given, inline=inline)
    assert back == given
    assert all(type(value) is Range for value in back)


@pytest.mark.feature("E020")
@pytest.mark.parametrize("inline", [False, True])
@pytest.mark.parametrize(("type_", "given"), MULTI, ids=lambda v: getattr(v, "__name__", ""))
def test_multiranges_there_and_back(pg_engine: Any, type_: Any, given: list[Any], inline: bool) -> None:
    back = stored(pg_engine, type_, [*given, MultiRange(given[0])][: len(given)], inline=inline)
    assert back == given
    assert all(type(value) is MultiRange for value in back)


@pytest.mark.feature("E022")
def test_null_many_and_arrays(pg_engine: Any) -> None:
    table = Table(
        "t",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("r", pg.INT4RANGE),
        Column("m", pg.INT4MULTIRANGE),
        Column("a", pg.ARRAY(pg.INT4RANGE)),
        Column("b", pg.BIT(3)),
    )
    table.create(pg_engine)
    rows = [
        (1, Range(1, 3), [Range(1, 2)], [Range(1, 2), Range(3, 4)], "101"),
        (2, None, None, None, None),
        (3, Range(2, 9), [], [], pg.BitString("011")),
    ]
    with pg_engine.begin() as connection:
        added = connection.execute(
            insert(table).returning(table.c.id, table.c.r), [dict(zip(table.c.keys(), row)) for row in rows]
        )
        assert sorted(added.all()) == [(1, Range(1, 3)), (2, None), (3, Range(2, 9))]
        assert connection.execute(select(table).order_by(table.c.id)).all() == rows
        assert connection.scalars(
            select(table.c.id).where(table.c.r.in_([Range(1, 3), Range(5, 6)]))
        ).all() == [1]
        merged = select(func.range_merge(table.c.r, Range(20, 30), type_=pg.INT4RANGE)).where(table.c.id == 1)
        assert connection.scalar(merged) == Range(1, 30)
        b = table.c.b
        bits = select(b & "110", b | "010", ~b, b << 1, b >> 1, b.bitwise_xor("111")).where(table.c.id == 1)
        assert connection.execute(bits).one() == ("100", "111", "010", "010", "010", "010")


QUESTIONS = [
    "contains",
    "contained_by",
    "overlaps",
    "strictly_left_of",
    "strictly_right_of",
    "not_extend_left_of",
    "not_extend_right_of",
    "adjacent_to",
    "__lshift__",
    "__rshift__",
    "__eq__",
]


@pytest.mark.feature("E020")
def test_the_server_answers_the_same(pg_engine: Any) -> None:
    bounds = [None, 1, 2, 4]
    every = [
        Range(low, high, bounds=kind)
        for low, high in itertools.product(bounds, bounds)
        for kind in ("[)", "[]", "()", "(]")
        if low is None or high is None or low <= high
    ]
    every.append(Range(empty=True))
    pairs = random.Random(5).sample(list(itertools.product(every, every)), 250)
    with pg_engine.connect() as connection:
        for type_ in (pg.INT4RANGE, pg.NUMRANGE):
            if type_ is pg.NUMRANGE:
                pairs = [(_decimals(a), _decimals(b)) for a, b in pairs]
            for a, b in pairs:
                left, right = literal(a, type_), literal(b, type_)
                asked = select(
                    *[getattr(left, name)(right) for name in QUESTIONS],
                    left.intersection(right),
                    func.isempty(left),
                )
                *answers, common, empty = connection.execute(asked).one()
                mine = [getattr(a, name)(b) for name in QUESTIONS]
                assert list(answers) == mine, (a, b)
                assert (common, empty) == (a.intersection(b), a.is_empty), (a, b)
                for name in ("union", "difference"):
                    try:
                        expected = getattr(a, name)(b)
                    except ValueError:
                        # the server cannot say it either
                        continue
                    assert connection.scalar(select(getattr(left, name)(right))) == expected, (name, a, b)


def _decimals(value: Range[Any]) -> Range[Any]:
    low, high = (None if bound is None else D(bound) for bound in (value.lower, value.upper))
    return Range(low, high, bounds=value.bounds, empty=value.empty)


@pytest.mark.feature("E020")
def test_multirange_operators(pg_engine: Any) -> None:
    two = [Range(1, 3), Range(5, 7)]
    m = literal(two, pg.INT4MULTIRANGE)
    with pg_engine.connect() as connection:

        def value(expression: Any) -> Any:
            return connection.scalar(select(expression))

        assert value(m.contains(2)) is True and value(m.contains(4)) is False
        assert value(m.contains([Range(1, 2)])) is True
        assert value(m.contained_by([Range(0, 9)])) is True
        assert value(m.overlaps([Range(6, 9)])) is True
        assert value(m.strictly_left_of([Range(7, 9)])) is True
        assert value(m.strictly_right_of(Range(0, 1))) is True
        assert value(m.adjacent_to([Range(7, 9)])) is True
        assert value(m.not_extend_right_of([Range(0, 9)])) is True
        assert value(m.not_extend_left_of([Range(0, 9)])) is True
        assert value(m + [Range(3, 5)]) == value(m.union([Range(3, 5)])) == [Range(1, 7)]
        assert value(m - [Range(2, 6)]) == value(m.difference([Range(2, 6)])) == [Range(1, 2), Range(6, 7)]
        assert value(m * [Range(2, 6)]) == value(m.intersection([Range(2, 6)])) == [Range(2, 3), Range(5, 6)]
        assert value(m << [Range(8, 9)]) is True and value(m >> [Range(8, 9)]) is False
        assert value(cast("{[1,4)}", pg.INT4MULTIRANGE)) == [Range(1, 4)]
        assert value(literal(MultiRange(two))) == two and value(literal(Range(1, 4))) == Range(1, 4)


@pytest.mark.feature("E020")
def test_ranges_are_reflected(pg_engine: Any) -> None:
    kinds = [type_ for type_, _ in [*SINGLE, *MULTI]]
    Table("t", MetaData(), *[Column(f"c{n}", type_) for n, type_ in enumerate(kinds)]).create(pg_engine)
    found = Table("t", MetaData(), autoload_with=pg_engine)
    assert [type(column.type) for column in found.c] == kinds
