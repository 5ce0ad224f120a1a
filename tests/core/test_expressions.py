"""
Expressions, run: CASE, casts, parameters, labels, rows, arrays, own operators, names and dates.

The same is computed in Python and compared.
"""

from __future__ import annotations

import datetime as dt
import operator as py
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from relvar import (
    ARRAY,
    JSON,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    Interval,
    MetaData,
    Numeric,
    String,
    Table,
    Time,
    all_,
    any_,
    bindparam,
    case,
    cast,
    column,
    desc,
    extract,
    func,
    insert,
    label,
    literal,
    literal_column,
    null,
    or_,
    outparam,
    select,
    text,
    try_cast,
    tuple_,
    type_coerce,
)
from relvar.dialects import postgresql
from relvar.exc import CompileError, LossWarning, StatementError
from relvar.sql.expression import quoted_name
from relvar.sql.operators import custom_op

ROWS = [
    (1, 5, "ann", dt.datetime(2020, 2, 29, 13, 14, 15), dt.date(2020, 2, 29)),
    (2, None, "bob", dt.datetime(1999, 12, 31, 23, 59, 59), dt.date(1999, 12, 31)),
    (3, -3, None, None, None),
    (4, 5, "Cat", dt.datetime(2024, 1, 1), dt.date(2024, 1, 1)),
]
metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("n", Integer),
    Column("s", String(20)),
    Column("at", DateTime),
    Column("day", Date),
)
c = things.c


@pytest.fixture
def connection(engine: Any) -> Iterator[Any]:
    metadata.create_all(engine)
    with engine.connect() as connection:
        names = [column.name for column in c]
        connection.execute(insert(things), [dict(zip(names, row)) for row in ROWS])
        yield connection


def values(connection: Any, expression: Any, **params: Any) -> list[Any]:
    """Return the expression's value for each row."""
    return list(connection.scalars(select(expression).select_from(things).order_by(c.id), params))


def one(connection: Any, expression: Any) -> Any:
    return connection.scalar(select(expression))


@pytest.mark.feature("D045")
def test_case(connection: Any) -> None:
    ns = [row[1] for row in ROWS]
    size = case((c.n > 4, "big"), (c.n < 0, "negative"), else_="other")
    sizes = [
        "big" if n is not None and n > 4 else "negative" if n is not None and n < 0 else "other" for n in ns
    ]
    assert values(connection, size) == sizes
    assert values(connection, case((c.n > 4, c.id * 10))) == [10, None, None, 40]
    assert values(connection, case((c.n == None, 0), else_=c.n)) == [5, 0, -3, 5]
    assert values(connection, case({5: "five", -3: "minus three"}, value=c.n)) == [
        {5: "five", -3: "minus three"}.get(n) for n in ns
    ]
    assert values(connection, case((5, c.s), (-3, "none"), value=c.n, else_=null())) == [
        "ann",
        None,
        "none",
        "Cat",
    ]
    assert values(connection, case({c.id: "same"}, value=c.n, else_="else")) == ["else"] * 4
    nested = case((c.id < 3, case((c.n == 5, 1), else_=2)), else_=3)
    assert values(connection, nested + 1) == [2, 3, 4, 4]
    assert values(connection, -case((c.n > 0, c.n))) == [-5, None, None, -5]
    condition = select(c.id).where(case((c.n > 0, c.s == "ann"), else_=c.s.is_(None))).order_by(c.id)
    assert list(connection.scalars(condition)) == [1, 3]
    first = case((or_(c.s == "Cat", c.s == "bob"), 0), else_=1)
    assert list(connection.scalars(select(c.id).order_by(first, c.id.desc()))) == [4, 2, 3, 1]
    counted = select(func.sum(case((c.n > 0, 1), else_=0)), func.count(case((c.n > 0, 1)))).select_from(
        things
    )
    assert [int(n) for n in connection.execute(counted).one()] == [2, 2]


@pytest.mark.feature("D046")
def test_casts(connection: Any) -> None:
    assert values(connection, cast(c.n, String(10))) == ["5", None, "-3", "5"]
    assert values(connection, c.n.cast(Numeric(10, 2))) == [Decimal(5), None, Decimal(-3), Decimal(5)]
    assert values(connection, cast(cast(c.n, String(10)), Integer) + 1) == [6, None, -2, 6]
    assert one(connection, cast("12", Integer)) == 12 and one(connection, cast(None, Integer)) is None
    if connection.dialect.name == "postgresql":
        assert one(connection, cast("2020-02-29", Date)) == dt.date(2020, 2, 29)
    if connection.dialect.name != "mariadb":
        assert one(connection, cast(1.5, Float)) == 1.5
    assert one(connection, cast(literal(Decimal("1.25")), Numeric(10, 1))) in (Decimal("1.3"), Decimal("1.2"))
    assert values(connection, type_coerce(c.n, String)) == [5, None, -3, 5]
    document = {"a": [1, 2]}
    assert one(connection, type_coerce(document, JSON)) in (document, '{"a": [1, 2]}')  # sent as JSON
    assert type_coerce(c.n, String).type._type_affinity is String
    # TRY_CAST is SQL Server's alone
    with pytest.raises(CompileError):
        one(connection, try_cast("x", Integer))


@pytest.mark.feature("D047")
def test_extract(connection: Any) -> None:
    stamps = [row[3] for row in ROWS]
    fields = ["year", "month", "day", "hour", "minute", "second"]
    for field in fields:
        found = values(connection, extract(field, c.at))
        assert [None if n is None else int(n) for n in found] == [
            None if at is None else getattr(at, field) for at in stamps
        ], field
    assert [None if n is None else int(n) for n in values(connection, extract("year", c.day) + 1)] == [
        None if at is None else at.year + 1 for at in stamps
    ]
    grouped = (
        select(extract("month", c.day).label("m"), func.count())
        .where(c.day != None)
        .group_by("m")
        .order_by("m")
    )
    assert [(int(m), n) for m, n in connection.execute(grouped)] == [(1, 1), (2, 1), (12, 1)]
    if connection.dialect.name != "mariadb":
        weekdays = values(connection, extract("dow", c.day))
        assert [None if n is None else int(n) for n in weekdays] == [
            None if at is None else at.isoweekday() % 7 for at in stamps
        ]
        days = values(connection, extract("doy", c.day))
        assert [None if n is None else int(n) for n in days] == [
            None if at is None else at.timetuple().tm_yday for at in stamps
        ]
    else:
        quarters = values(connection, extract("quarter", c.day))
        assert quarters == [None if at is None else (at.month + 2) // 3 for at in stamps]


@pytest.mark.feature("D048")
def test_parameters(connection: Any) -> None:
    for value in (
        5,
        -5,
        2**40,
        "it's",
        "50% :x %(y)s",
        "",
        True,
        1.5,
        dt.date(2020, 1, 2),
        dt.datetime(2020, 1, 2, 3),
    ):
        if isinstance(value, bool):
            assert one(connection, literal(value)) in (value, int(value))
            continue
        typed = literal(value)
        for found in (
            one(connection, typed),
            one(connection, literal(value, typed.type)),
            one(connection, literal(value, literal_execute=True)),
            one(connection, bindparam("v", value)),
            one(connection, bindparam("v", callable_=lambda value=value: value, type_=typed.type)),
            one(connection, bindparam("v", value, literal_execute=True)),
            one(connection, bindparam("v", value, unique=True)),
            connection.scalar(select(bindparam("v", type_=typed.type)), {"v": value}),
        ):
            if isinstance(found, str) and not isinstance(value, str):
                found = type(value).fromisoformat(found)  # MariaDB hands out dates of no table as text
            assert found == value
    assert one(connection, literal(None)) is None and one(connection, null()) is None
    called = iter((1, 2))
    statement = select(bindparam("v", callable_=lambda: next(called), type_=Integer))
    assert [connection.scalar(statement), connection.scalar(statement)] == [1, 2]
    assert connection.scalar(select(bindparam("v", 5)), {"v": 6}) == 6
    with pytest.warns(LossWarning, match="no bind parameter 'v'.*It has 'v_1'"):
        assert connection.scalar(select(bindparam("v", 5, unique=True)), {"v": 6}) == 5
    assert connection.scalar(select(bindparam("a", 1) + bindparam("a", 1))) == 2
    assert connection.scalar(select(bindparam("a", 1, unique=True) + bindparam("a", 2, unique=True))) == 3
    with pytest.raises(CompileError, match="conflicts with unique bind parameter"):
        one(connection, bindparam("a", 1, unique=True) + bindparam("a_1", 2))
    for missing in (bindparam("v", type_=Integer), bindparam("v", 5, type_=Integer, required=True)):
        with pytest.raises(StatementError, match="A value is required for bind parameter 'v'"):
            one(connection, missing)
    assert one(connection, cast(bindparam("v", required=False), Integer)) is None
    for name in ("a b", "select", "é", "%(x)s", "a:b", "a.b", "P", "1"):
        assert connection.scalar(select(bindparam(name, type_=Integer)), {name: 7}) == 7
    assert connection.scalar(select(bindparam("Quoted", type_=Integer, quote=True)), {"Quoted": 7}) == 7
    listed = select(c.id).where(c.id.in_(bindparam("ids", expanding=True))).order_by(c.id)
    assert [list(connection.scalars(listed, {"ids": ids})) for ids in ([1, 4], [], [2])] == [[1, 4], [], [2]]
    limited = select(c.id).order_by(c.id).limit(bindparam("many", type_=Integer, literal_execute=True))
    assert [list(connection.scalars(limited, {"many": n})) for n in (1, 2)] == [[1], [1, 2]]
    out = outparam("result", Integer)
    assert out.isoutparam and not out.required and out.key == "result"


@pytest.mark.feature("D049")
def test_labels(connection: Any) -> None:
    double = (c.n * 2).label("Double Of")
    row = connection.execute(select(double, label("plain", c.s), c.n.label(None)).where(c.id == 1)).one()
    assert row == (10, "ann", 5) and row._mapping["Double Of"] == row._mapping[double] == 10
    assert row.plain == "ann"
    known = c.n.is_not(None)
    for ordering in (double, "Double Of", double.asc(), double + 0):
        found = connection.execute(select(c.id, double).where(known).order_by(ordering, c.id))
        assert [id_ for id_, _ in found] == [3, 1, 4]
    for ordering in (double.desc(), desc("Double Of"), -double):
        found = connection.execute(select(c.id, double).where(known).order_by(ordering, c.id))
        assert [id_ for id_, _ in found] == [1, 4, 3]
    grouped = (
        select(double, func.count().label("many")).where(double > -100).group_by(double).order_by("many")
    )
    assert [tuple(r) for r in connection.execute(grouped)] == [(-6, 1), (10, 2)]
    inner = select(double, c.id).subquery()
    assert list(connection.scalars(select(inner.c["Double Of"] + 1).order_by(inner.c.id))) == [
        11,
        None,
        -5,
        11,
    ]
    for name in ("select", "a.b", "100%", "a:b", 'q"q', "é", "(x)"):
        row = connection.execute(select(c.n.label(name)).where(c.id == 1).order_by(name)).one()
        assert row._mapping[name] == 5
    negated = select(c.id, (~(c.n == 5).label("five")).label("other"), ~(c.n == 5).label("five")).where(
        c.id == 3
    )
    found = connection.execute(negated).one()
    assert found.five in (True, 1) and found.other in (True, 1)


@pytest.mark.feature("D050")
@pytest.mark.backends("postgresql", "mariadb")
def test_any_and_all(connection: Any) -> None:
    inner = things.alias()
    few = select(inner.c.id).where(inner.c.id < 3)
    ids = [row[0] for row in ROWS]
    for apply in (py.eq, py.ne, py.lt, py.le, py.gt, py.ge):
        for make, combine in ((any_, any), (all_, all)):
            expected = [i for i in ids if combine(apply(i, j) for j in (1, 2))]
            for criterion in (
                apply(c.id, make(few.scalar_subquery())),
                apply(c.id, getattr(func, make.__name__[:3])(few.scalar_subquery())),
            ):
                assert list(connection.scalars(select(c.id).where(criterion).order_by(c.id))) == expected
            opposite = select(c.id).where(~apply(c.id, make(few.scalar_subquery()))).order_by(c.id)
            assert list(connection.scalars(opposite)) == [i for i in ids if i not in expected]
    some = select(c.id).where(c.id == func.some(few.scalar_subquery())).order_by(c.id)
    assert list(connection.scalars(some)) == [1, 2]
    if connection.dialect.name == "postgresql":
        listed = literal([1, 4], ARRAY(Integer))
        for criterion in (
            c.id == any_(listed),
            any_(listed) == c.id,
            listed.any_() == c.id,
            c.id == func.any(listed),
        ):
            assert list(connection.scalars(select(c.id).where(criterion).order_by(c.id))) == [1, 4]
        below = select(c.id).where(all_(listed) >= c.id).order_by(c.id)
        assert list(connection.scalars(below)) == [1]
        patterns = literal(["a%", "%b"], ARRAY(String))
        assert list(connection.scalars(select(c.id).where(c.s.like(any_(patterns))).order_by(c.id))) == [1, 2]
        unlike = select(c.id).where(~c.s.ilike(any_(patterns))).order_by(c.id)
        assert list(connection.scalars(unlike)) == [4]
        assert one(connection, 5 == any_(literal([None, 5], ARRAY(Integer)))) is True
        assert one(connection, 6 == any_(literal([None, 5], ARRAY(Integer)))) is None


@pytest.mark.feature("D051")
def test_rows(connection: Any) -> None:
    known = [(row[0], row[1]) for row in ROWS if row[1] is not None]
    pair = tuple_(c.id, c.n)
    for apply in (py.eq, py.ne, py.lt, py.le, py.gt, py.ge):
        for given in ((1, 5), (3, -4), (3, 0)):
            expected = [id_ for id_, n in known if apply((id_, n), given)]
            for criterion in (
                apply(pair, given),
                apply(pair, tuple_(*given)),
                apply(pair, (given[0], literal(given[1]))),
            ):
                found = select(c.id).where(criterion, c.n.is_not(None)).order_by(c.id)
                assert list(connection.scalars(found)) == expected, (apply, given)
            opposite = select(c.id).where(~apply(pair, given), c.n.is_not(None)).order_by(c.id)
            assert list(connection.scalars(opposite)) == [
                id_ for id_, n in known if not apply((id_, n), given)
            ]
    inner = things.alias()
    largest = select(func.max(inner.c.id), func.max(inner.c.n)).scalar_subquery()
    assert list(connection.scalars(select(c.id).where(pair == largest))) == [4]
    listed = select(c.id).where(tuple_(c.id, c.s).in_(bindparam("rows", expanding=True))).order_by(c.id)
    assert list(connection.scalars(listed, {"rows": [(1, "ann"), (2, "x"), (4, "Cat")]})) == [1, 4]
    typed = tuple_(1, "a", types=[Integer, String])
    assert [type(t) for t in typed.type.types] == [Integer, String]
    if connection.dialect.name == "postgresql":
        ordered = select(c.id).where(c.n.is_not(None)).order_by(tuple_(c.n, c.id))
        assert list(connection.scalars(ordered)) == [3, 1, 4]
        assert one(connection, tuple_(1, 2).is_distinct_from((1, 3))) is True


@pytest.mark.feature("D053")
@pytest.mark.backends("postgresql")
def test_arrays(connection: Any) -> None:
    numbers, nested = [10, 20, 30, 40], [[1, 2], [3, 4]]
    array, deep = literal(numbers, ARRAY(Integer)), literal(nested, ARRAY(Integer, dimensions=2))
    for index in range(1, 5):
        assert one(connection, cast(array, ARRAY(Integer))[index]) == numbers[index - 1]
    assert one(connection, array[2]) == 20 and one(connection, array[9]) is None
    stored = Table(
        "stored", MetaData(), Column("a", ARRAY(Integer)), Column("z", ARRAY(Integer, zero_indexes=True))
    )
    own = Table("stored", MetaData(), Column("a", postgresql.ARRAY(Integer)))
    stored.create(connection)
    connection.execute(insert(stored), {"a": numbers, "z": numbers})
    a, z, o = stored.c.a, stored.c.z, own.c.a

    def of(expression: Any) -> Any:
        return connection.scalar(select(expression))

    assert of(a) == numbers and of(a[1]) == 10 and of(a[a[1] - 8]) == 20 and of(a[0]) is None
    assert of(z[0]) == 10 and of(z[3]) == 40 and of(z[1:3]) == [20, 30, 40]
    assert of(z[1:]) == [20, 30, 40] and of(z[:1]) == [10, 20]
    assert (
        of(a[2:3]) == [20, 30] and of(a[2:]) == [20, 30, 40] and of(a[:2]) == [10, 20] and of(a[:]) == numbers
    )
    assert of((a + [50])[5]) == 50 and of(a + a) == numbers * 2
    assert of(a == numbers) is True and of(a != [1]) is True and of(a[1] + a[2]) == 30
    assert one(connection, deep[2][1]) == 3 and one(connection, deep) == nested
    for given in ([10], [10, 40], [], [5], [10, 5], numbers):
        have, want = set(numbers), set(given)
        assert of(o.contains(given)) is (want <= have)
        assert of(o.contained_by(given)) is (have <= want)
        assert of(o.overlap(given)) is bool(have & want)
        assert of(~o.contains(given)) is not (want <= have)
    assert of(o.contains(o) & ~o.overlap([1])) is True
    assert of(20 == any_(a)) is True and of(5 < all_(a)) is True
    made = postgresql.array([1, a[1], 3])
    assert of(made) == [1, 10, 3] and of(made[2]) == 10 and of(made + [4]) == [1, 10, 3, 4]
    assert of(postgresql.array([postgresql.array([1, 2]), postgresql.array([3, 4])])) == nested
    assert of(postgresql.array([], type_=Integer)) == [] and of(func.array_length(a, 1)) == 4


@pytest.mark.feature("D054")
def test_own_operators(connection: Any) -> None:
    database = connection.dialect.name
    assert values(connection, c.n.op("+")(1)) == [6, None, -2, 6]
    assert values(connection, c.n.op("*", precedence=8)(c.id + 1)) == [10, None, -12, 25]
    assert values(connection, c.id.op("%")(2)) == [1, 0, 1, 0]
    modulo = custom_op("%", precedence=8, python_impl=lambda a, b: a % b)
    assert modulo(7, 4) == 3 and values(connection, modulo(c.id, 3)) == [1, 2, 0, 1]
    assert values(connection, c.id.operate(modulo, 3)) == values(
        connection, c.id.op("%", visit_name="mod")(3)
    )
    assert values(connection, c.id.reverse_operate(modulo, 3)) == [3 % row[0] for row in ROWS]
    sign = "<=>" if database == "mariadb" else "IS" if database == "sqlite" else "IS NOT DISTINCT FROM"
    same = c.n.bool_op(sign)
    assert list(connection.scalars(select(c.id).where(same(None)))) == [2]
    assert list(connection.scalars(select(c.id).where(~same(5)).order_by(c.id))) == [2, 3]
    compared = c.n.op("=", is_comparison=True)(5) & (c.id > 1)
    assert list(connection.scalars(select(c.id).where(compared))) == [4]
    if database != "mariadb":
        joined = c.s.op("||", return_type=String)("!")
        assert values(connection, joined + "?") == ["ann!?", "bob!?", None, "Cat!?"]
    minus = custom_op("-", eager_grouping=True)
    assert values(connection, minus(c.id, 1) * 2) == [0, 2, 4, 6]


@pytest.mark.feature("D056")
def test_quoted_names(connection: Any) -> None:
    folded = connection.dialect.name == "postgresql"
    names = ["select", "Mixed", "with space", "a.b", "100%", "a:b", "(x)", "é"]
    odd = Table(
        quoted_name("Odd Table", True),
        MetaData(),
        *[Column(quoted_name(name, True), Integer) for name in names],
    )
    odd.create(connection)
    connection.execute(insert(odd), dict(zip(names, range(8))))
    row = connection.execute(select(odd).where(odd.c["a.b"] == 3)).one()
    assert dict(row._mapping) == dict(zip(names, range(8)))
    aliased = odd.alias(quoted_name("Al ias", True))
    assert connection.scalar(select(aliased.c["with space"])) == 2
    lower = Table("plain", MetaData(), Column(quoted_name("Upper", False), Integer))
    lower.create(connection)
    # not quoted, PostgreSQL folds it
    found = connection.exec_driver_sql("SELECT * FROM plain").keys()
    assert list(found) == ["upper" if folded else "Upper"]
    assert connection.scalar(select(literal(1).label(quoted_name("X", True)))) == 1
    name = quoted_name("Name", True)
    assert name == "Name" and name.lower() is name and quoted_name(name, None).quote is True
    assert list(connection.scalars(select(column(quoted_name("id", True))).select_from(things))) == [
        1,
        2,
        3,
        4,
    ]


@pytest.mark.feature("D057")
@pytest.mark.backends("postgresql")
def test_date_arithmetic(connection: Any) -> None:
    span = dt.timedelta(days=3, hours=5, seconds=7)
    stamps, days = [row[3] for row in ROWS], [row[4] for row in ROWS]

    def of(items: list[Any], function: Any) -> list[Any]:
        return [None if item is None else function(item) for item in items]

    midnight = dt.time()
    other = dt.datetime(2000, 1, 1, 12)
    for expression, expected in (
        (c.at + span, of(stamps, lambda at: at + span)),
        (span + c.at, of(stamps, lambda at: at + span)),
        (c.at - span, of(stamps, lambda at: at - span)),
        (c.at - other, of(stamps, lambda at: at - other)),
        (other - c.at, of(stamps, lambda at: other - at)),
        (c.day + span, of(days, lambda day: dt.datetime.combine(day, midnight) + span)),
        (c.day - span, of(days, lambda day: dt.datetime.combine(day, midnight) - span)),
        (c.day - dt.date(2000, 1, 1), of(days, lambda day: (day - dt.date(2000, 1, 1)).days)),
        (c.day + c.n, [None if None in r[1::3] else r[4] + dt.timedelta(r[1]) for r in ROWS]),
        (c.day + dt.time(6, 30), of(days, lambda day: dt.datetime.combine(day, dt.time(6, 30)))),
        (c.at - c.day, [None if r[3] is None else r[3] - dt.datetime.combine(r[4], midnight) for r in ROWS]),
        ((c.at - c.at) + span, of(stamps, lambda at: span)),
        (literal(span) + span, [span * 2] * 4),
        (cast(dt.time(1, 2), Time) + literal(dt.timedelta(hours=1)), [dt.time(2, 2)] * 4),
        ((c.at - other) > span, of(stamps, lambda at: at - other > span)),
    ):
        assert values(connection, expression) == expected, str(expression)
    types = [
        (c.at + span).type,
        (c.at - c.at).type,
        (c.day + span).type,
        (c.day - c.day).type,
        (c.day + 1).type,
    ]
    assert [type_._type_affinity for type_ in types] == [DateTime, Interval, DateTime, Integer, Date]


@pytest.mark.feature("D048", "D049")
def test_text_among_expressions(connection: Any) -> None:
    assert list(connection.scalars(select(c.id).where(text("n = :n"), c.id > 1), {"n": 5})) == [4]
    assert connection.scalar(select(literal_column("1 + 1", Integer) * 3)) in (4, 6)
    assert list(connection.scalars(select(c.id).order_by(text("id DESC")).limit(1))) == [4]
