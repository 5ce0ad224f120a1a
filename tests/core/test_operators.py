"""
Operators, run: every row of every operator is what the same operator makes of the same values in Python.

SQL's NULL is Python's None, and whatever is computed from it is None again.
"""

from __future__ import annotations

import math
import operator as py
import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest

from relvar import (
    Boolean,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    between,
    bindparam,
    collate,
    false,
    func,
    insert,
    literal,
    not_,
    null,
    or_,
    select,
    text,
    true,
    tuple_,
)
from relvar.dialects import postgresql
from relvar.exc import CompileError

NUMBERS = (None, -7, -1, 0, 1, 2, 7)
WORDS = (None, "", "ann", "Ann", "a%n", "a_n", "a/n", "50%", "100%_", "it's", "x#y")

metadata = MetaData()
pairs = Table(
    "pairs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("a", Integer),
    Column("b", Integer),
    Column("yes", Boolean),
)
words = Table(
    "words",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("word", String(20)),
)
p, w = pairs.c, words.c
PAIRS = list(product(NUMBERS, NUMBERS))
TRUTH = (None, True, False)


@pytest.fixture
def connection(engine: Any) -> Iterator[Any]:
    metadata.create_all(engine)
    with engine.connect() as connection:
        connection.execute(
            insert(pairs),
            [{"id": i, "a": a, "b": b, "yes": TRUTH[i % 3]} for i, (a, b) in enumerate(PAIRS)],
        )
        connection.execute(insert(words), [{"id": i, "word": word} for i, word in enumerate(WORDS)])
        yield connection


def column(connection: Any, expression: Any, table: Any = pairs) -> list[Any]:
    """Return the expression's value for each row of the table."""
    return list(connection.scalars(select(expression).select_from(table).order_by(table.c.id)))


def truth(connection: Any, expression: Any, table: Any = pairs) -> list[bool | None]:
    """Return the same as true, false or None, which not every database has as values."""
    where = dict.fromkeys(range(len(PAIRS) if table is pairs else len(WORDS)))
    for answer, condition in ((True, expression), (False, not_(expression))):
        for id_ in connection.scalars(select(table.c.id).where(condition)):
            assert where[id_] is None, "true and false at once"
            where[id_] = answer  # type: ignore[assignment]  # a dict of None
    return list(where.values())


def of_values(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda a, b: None if a is None or b is None else function(a, b)


def sql_not(value: bool | None) -> bool | None:
    return None if value is None else not value


def sql_and(*values: bool | None) -> bool | None:
    return False if False in values else None if None in values else True


def sql_or(*values: bool | None) -> bool | None:
    return True if True in values else None if None in values else False


@pytest.mark.feature("D036")
def test_comparisons(connection: Any) -> None:
    for apply in (py.eq, py.ne, py.lt, py.le, py.gt, py.ge):
        expected = [of_values(apply)(a, b) for a, b in PAIRS]
        assert truth(connection, apply(p.a, p.b)) == expected, apply
        assert truth(connection, ~apply(p.a, p.b)) == [sql_not(e) for e in expected], apply
        assert truth(connection, apply(p.a, 1)) == [of_values(apply)(a, 1) for a, _ in PAIRS]
        assert truth(connection, apply(1, p.a)) == [of_values(apply)(1, a) for a, _ in PAIRS]
        assert truth(connection, apply(p.a + 1, p.b * 2)) == [
            None if None in pair else apply(pair[0] + 1, pair[1] * 2) for pair in PAIRS
        ]
    for distinct in (
        p.a.is_distinct_from(p.b),
        ~p.a.is_not_distinct_from(p.b),
        ~p.a.isnot_distinct_from(p.b),
    ):
        assert truth(connection, distinct) == [a != b for a, b in PAIRS]
    assert truth(connection, p.a.is_distinct_from(None)) == [a is not None for a, _ in PAIRS]
    assert truth(connection, p.a.is_not_distinct_from(7)) == [a == 7 for a, _ in PAIRS]
    for is_null in (p.a == None, p.a.is_(None), p.a.is_(null()), ~p.a.is_not(None), ~(p.a != None)):
        assert truth(connection, is_null) == [a is None for a, _ in PAIRS]
    assert truth(connection, p.a.isnot(null())) == [a is not None for a, _ in PAIRS]


@pytest.mark.feature("D036", "D037")
def test_truth(connection: Any) -> None:
    yes = [TRUTH[i % 3] for i in range(len(PAIRS))]
    less = [of_values(py.lt)(a, b) for a, b in PAIRS]
    for expression, expected in (
        (p.yes, yes),
        (~p.yes, [sql_not(y) for y in yes]),
        (not_(~p.yes), yes),
        (p.yes == True, yes),
        (p.yes != True, [sql_not(y) for y in yes]),
        (p.yes.is_(True), [y is True for y in yes]),
        (p.yes.is_not(False), [y is not False for y in yes]),
        (~p.yes.is_(true()), [y is not True for y in yes]),
        (p.yes & (p.a < p.b), [sql_and(*both) for both in zip(yes, less)]),
        (p.yes | (p.a < p.b), [sql_or(*both) for both in zip(yes, less)]),
        (~(p.yes & (p.a < p.b)), [sql_not(sql_and(*both)) for both in zip(yes, less)]),
        (~or_(p.yes, p.a < p.b), [sql_not(sql_or(*both)) for both in zip(yes, less)]),
        (and_(p.yes, or_(p.a < p.b, ~p.yes)), [sql_and(y, sql_or(n, sql_not(y))) for y, n in zip(yes, less)]),
        (and_(true(), p.yes), yes),
        (and_(p.yes, false()), [False] * len(yes)),
        (or_(p.yes, true()), [True] * len(yes)),
        (or_(false(), p.yes), yes),
        (p.yes.label("other"), yes),
        (~p.yes.label("other"), [sql_not(y) for y in yes]),
    ):
        assert truth(connection, expression) == expected, str(expression)


@pytest.mark.feature("D041")
def test_between(connection: Any) -> None:
    def inside(value: Any, low: Any, high: Any) -> Any:
        above, below = of_values(py.ge)(value, low), of_values(py.le)(value, high)
        return sql_and(above, below)

    assert truth(connection, p.a.between(p.b, 2)) == [inside(a, b, 2) for a, b in PAIRS]
    assert truth(connection, ~p.a.between(-1, p.b)) == [sql_not(inside(a, -1, b)) for a, b in PAIRS]
    assert truth(connection, between(p.a + 1, p.b - 1, p.b + 1)) == [
        None if None in pair else inside(pair[0] + 1, pair[1] - 1, pair[1] + 1) for pair in PAIRS
    ]
    if connection.dialect.name == "postgresql":
        symmetric = p.a.between(2, p.b, symmetric=True)
        either = [sql_or(inside(a, 2, b), inside(a, b, 2)) for a, b in PAIRS]
        assert truth(connection, symmetric) == either
        assert truth(connection, ~symmetric) == [sql_not(e) for e in either]


@pytest.mark.feature("D042")
def test_arithmetic(connection: Any) -> None:
    for apply in (py.add, py.sub, py.mul):
        assert column(connection, apply(p.a, p.b)) == [of_values(apply)(a, b) for a, b in PAIRS]
        assert column(connection, apply(3, p.a)) == [of_values(apply)(3, a) for a, _ in PAIRS]
        nested = apply(p.a, apply(p.b, p.a - 2))
        assert column(connection, nested) == [
            None if None in pair else apply(pair[0], apply(pair[1], pair[0] - 2)) for pair in PAIRS
        ]
    assert column(connection, -p.a) == [None if a is None else -a for a, _ in PAIRS]
    assert column(connection, -(p.a - -p.b)) == [None if None in (a, b) else -(a + b) for a, b in PAIRS]
    divisible = p.b != 0
    kept = [(a, b) for a, b in PAIRS if b not in (None, 0)]

    def divided(expression: Any) -> list[Any]:
        return list(connection.scalars(select(expression).where(divisible).order_by(p.id)))

    for found, (a, b) in zip(divided(p.a / p.b), kept, strict=True):
        assert found is None if a is None else math.isclose(float(found), a / b, abs_tol=1e-4)
    # of integers, databases cut off towards zero, MariaDB rounds down as Python does
    rounded = math.floor if connection.dialect.name == "mariadb" else math.trunc
    assert divided(p.a // p.b) == [None if a is None else rounded(a / b) for a, b in kept]
    assert divided(p.a % p.b) == [None if a is None else int(math.fmod(a, b)) for a, b in kept]
    powers = column(connection, p.b**2)
    assert [None if n is None else int(n) for n in powers] == [None if b is None else b**2 for _, b in PAIRS]
    assert [None if n is None else float(n) for n in column(connection, func.pow(2, p.a))] == [
        None if a is None else 2.0**a for a, _ in PAIRS
    ]


@pytest.mark.feature("D043")
def test_bits(connection: Any) -> None:
    at_least_0 = and_(p.a >= 0, p.b >= 0)
    kept = [(a, b) for a, b in PAIRS if None not in (a, b) and a >= 0 and b >= 0]

    def bits(expression: Any) -> list[Any]:
        return list(connection.scalars(select(expression).where(at_least_0).order_by(p.id)))

    assert bits(p.a.bitwise_and(p.b)) == [a & b for a, b in kept]
    assert bits(p.a.bitwise_or(p.b)) == [a | b for a, b in kept]
    assert bits(p.a.bitwise_xor(p.b)) == [a ^ b for a, b in kept]
    assert bits(p.a.bitwise_lshift(p.b)) == [a << b for a, b in kept]
    assert bits(p.a.bitwise_rshift(p.b)) == [a >> b for a, b in kept]
    mask = (1 << 64) - 1 if connection.dialect.name == "mariadb" else -1
    assert bits(p.a.bitwise_not()) == [~a & mask for a, _ in kept]
    assert bits(p.a.bitwise_or(4).bitwise_and(5)) == [(a | 4) & 5 for a, _ in kept]
    assert bits(p.a.bitwise_and(p.b + 1) + 1) == [(a & (b + 1)) + 1 for a, b in kept]
    assert bits(p.a.bitwise_xor(1).bitwise_xor(p.b)) == [a ^ 1 ^ b for a, b in kept]
    assert column(connection, p.a.bitwise_and(None)) == [None] * len(PAIRS)


def as_regex(pattern: str, escape: str | None) -> str:
    made, rest = "", iter(pattern)
    for char in rest:
        if char == escape:
            made += re.escape(next(rest))
        else:
            made += {"%": ".*", "_": "."}.get(char, re.escape(char))
    return made


def like(word: str | None, pattern: str, escape: str | None = None, insensitive: bool = False) -> bool | None:
    if word is None:
        return None
    return bool(re.fullmatch(as_regex(pattern, escape), word, re.I | re.S if insensitive else re.S))


@pytest.mark.feature("D038")
def test_like(connection: Any) -> None:
    loose = connection.dialect.name != "postgresql"  # LIKE of the others ignores case
    for pattern, escape in (
        ("a%", None),
        ("%n", None),
        ("a_n", None),
        ("", None),
        ("100/%#_", "#"),
        ("%#_%", "#"),
    ):
        for name, insensitive in (("like", loose), ("ilike", True)):
            expected = [like(word, pattern, escape, insensitive) for word in WORDS]
            made = getattr(w.word, name)(pattern, escape=escape)
            assert truth(connection, made, words) == expected, (pattern, name)
            assert truth(connection, ~made, words) == [sql_not(e) for e in expected]
            opposite = getattr(w.word, f"not_{name}")(pattern, escape=escape)
            assert truth(connection, opposite, words) == [sql_not(e) for e in expected]
    for given in ("a", "%", "_", "a%", "/", "it's", "100%_", ""):
        for name, holds in (
            ("startswith", str.startswith),
            ("endswith", str.endswith),
            ("contains", str.__contains__),
        ):
            for method, insensitive in ((name, loose), (f"i{name}", True)):
                fold = str.lower if insensitive else str
                exact = [None if word is None else holds(fold(word), fold(given)) for word in WORDS]
                for more in ({}, {"escape": "#"}):
                    made = getattr(w.word, method)(given, autoescape=True, **more)
                    assert truth(connection, made, words) == exact, (given, method)
                    assert truth(connection, ~made, words) == [sql_not(e) for e in exact]
    # without autoescape, the wildcards of the value count
    assert truth(connection, w.word.startswith("a_"), words) == [
        like(word, "a_%", None, loose) for word in WORDS
    ]
    assert truth(connection, w.word.contains(w.word), words) == [
        None if word is None else bool(like(word, f"%{word}%", None, loose)) for word in WORDS
    ]


@pytest.mark.feature("D039")
def test_regular_expressions(connection: Any) -> None:
    database = connection.dialect.name
    ignore = re.I if database == "mariadb" else 0  # as its collation says
    for pattern in ("^a", "n$", "a.n", "[0-9]+", "^$", "a|x"):
        expected = [None if word is None else bool(re.search(pattern, word, ignore)) for word in WORDS]
        made = w.word.regexp_match(pattern)
        assert truth(connection, made, words) == expected, pattern
        assert truth(connection, ~made, words) == [sql_not(e) for e in expected]
    if database == "sqlite":
        with pytest.raises(CompileError, match="regular expression replacements"):
            column(connection, w.word.regexp_replace("a", "b"), words)
    else:
        assert column(connection, w.word.regexp_replace("[0-9]", "N"), words) == [
            None if word is None else re.sub("[0-9]", "N", word, count=1 if database == "postgresql" else 0)
            for word in WORDS
        ]
        assert column(connection, w.word.regexp_replace(w.word, "-") == "-", words)[2] in (True, 1)
    if database == "postgresql":
        found = truth(connection, w.word.regexp_match("ANN", flags="i"), words)
        assert found == [None if word is None else word.lower() == "ann" for word in WORDS]
        everywhere = column(connection, w.word.regexp_replace("[a-z]", "-", flags="gi"), words)
        assert everywhere == [None if word is None else re.sub("[a-zA-Z]", "-", word) for word in WORDS]
        assert truth(connection, w.word.match("ann"), words)[2:4] == [True, True]


@pytest.mark.feature("D040")
def test_in(connection: Any) -> None:
    def contained(value: Any, given: Any) -> Any:
        return sql_or(False, *[of_values(py.eq)(value, one) for one in given])

    lists: list[list[Any]] = [[1, 2], [7], [], [1, None], [None]]
    for given in lists:
        expected = [contained(a, given) for a, _ in PAIRS]
        for made in (
            p.a.in_(given),
            p.a.in_(tuple(given)),
            p.a.in_(iter(given)),
            ~p.a.not_in(given),
            not_(p.a.notin_(given)),
            p.a.in_(bindparam("listed", given)),
            p.a.in_(bindparam("listed", given, expanding=True)),
        ):
            if given:
                assert truth(connection, made) == expected, given
            else:
                # of nothing, not even NULL is a member; whether that is false or unknown, it holds nowhere
                assert True not in truth(connection, made)
                assert list(
                    connection.scalars(select(p.id).where(p.a.is_not(None), ~made).order_by(p.id))
                ) == [i for i, (a, _) in enumerate(PAIRS) if a is not None]
    expanding = select(p.id).where(p.a.in_(bindparam("listed", expanding=True, literal_execute=True)))
    for given in ([1], [1, 2, 7], [], [-7]):
        ids = sorted(connection.scalars(expanding, {"listed": given}))
        assert ids == [i for i, (a, _) in enumerate(PAIRS) if a in given]
    assert truth(connection, p.a.in_([p.b, 2, p.b + 1])) == [
        sql_or(*[of_values(py.eq)(a, one) for one in (b, 2, None if b is None else b + 1)]) for a, b in PAIRS
    ]
    inner = pairs.alias()
    found = select(p.id).where(p.a.in_(select(inner.c.b).where(inner.c.b > 1))).order_by(p.id)
    assert list(connection.scalars(found)) == [i for i, (a, _) in enumerate(PAIRS) if a is not None and a > 1]
    none = select(p.id).where(p.a.not_in(select(inner.c.b)))  # a NULL among them: never true
    assert list(connection.scalars(none)) == []
    assert list(connection.scalars(select(p.id).where(p.id.in_(text("1, 2"))).order_by(p.id))) == [1, 2]
    rows = [(1, 2), (7, -7)]
    for pair in (tuple_(p.a, p.b).in_(rows), tuple_(p.a, p.b).in_([tuple_(*row) for row in rows])):
        assert list(connection.scalars(select(p.id).where(pair).order_by(p.id))) == [
            i for i, both in enumerate(PAIRS) if both in rows
        ]
    others = select(p.id).where(tuple_(p.a, p.b).not_in(rows)).order_by(p.id)
    assert list(connection.scalars(others)) == [
        i
        for i, both in enumerate(PAIRS)
        if sql_and(*[sql_or(*[sql_not(of_values(py.eq)(*v)) for v in zip(both, r)]) for r in rows])
    ]
    assert list(connection.scalars(select(p.id).where(tuple_(p.a, p.b).in_([])))) == []


@pytest.mark.feature("D044")
def test_concatenation_and_collation(connection: Any) -> None:
    database = connection.dialect.name
    assert column(connection, w.word + "!", words) == [None if word is None else word + "!" for word in WORDS]
    assert column(connection, "<" + w.word + ">" + w.word, words) == [
        None if word is None else f"<{word}>{word}" for word in WORDS
    ]
    assert column(connection, w.word.concat(w.word), words) == [
        None if word is None else word * 2 for word in WORDS
    ]
    assert column(connection, w.word + None, words) == [None] * len(WORDS)
    assert column(connection, (w.word + "a") + (w.word + "b"), words)[2] == "annaannb"
    exact, loose = {
        "sqlite": ("BINARY", "NOCASE"),
        "mariadb": ("utf8mb4_bin", "utf8mb4_general_ci"),
        "postgresql": ("C", None),
    }[database]
    given = [word for word in WORDS if word is not None]
    ordered = select(w.word).where(w.word.is_not(None)).order_by(w.word.collate(exact))
    assert list(connection.scalars(ordered)) == sorted(given)
    backwards = select(w.word).where(w.word.is_not(None)).order_by(collate(w.word, exact).desc())
    assert list(connection.scalars(backwards)) == sorted(given, reverse=True)
    assert truth(connection, w.word.collate(exact) == "ann", words) == [
        None if word is None else word == "ann" for word in WORDS
    ]
    if loose is not None:
        assert truth(connection, w.word.collate(loose) == "ANN", words) == [
            None if word is None else word.lower() == "ann" for word in WORDS
        ]
    if database == "postgresql":
        in_schema = (
            select(w.word)
            .where(w.word.is_not(None))
            .order_by(w.word.collate("C", collation_schema="pg_catalog"))
        )
        assert list(connection.scalars(in_schema)) == sorted(given)
        assert column(connection, literal("B").collate("C") < literal("a"), words)[0] is True
        assert connection.scalar(select(postgresql.array(["b", "a"])[2])) == "a"
