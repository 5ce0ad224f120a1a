"""
After an UPDATE or DELETE, objects in the session equal rows read fresh, whatever it says.

Random criteria and values over many types, with NULLs and texts that databases compare in their own way, in
each mode of ``synchronize_session`` that promises it.
"""

from __future__ import annotations

import datetime
import decimal
import enum
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relvar import (
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Text,
    Time,
    TypeDecorator,
    Uuid,
    and_,
    case,
    cast,
    delete,
    exc,
    false,
    func,
    insert,
    not_,
    or_,
    select,
    true,
    tuple_,
    update,
)
from relvar.orm import Session, column_property, declarative_base
from relvar.orm.exc import ObjectDeletedError
from relvar.types import CHAR

Base: Any = declarative_base()


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Lower(TypeDecorator[str]):
    """Text that is stored in lower case."""

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else value.lower()


class Thing(Base):
    __tablename__ = "thing"
    id = Column(Integer, primary_key=True)
    n = Column(Integer)
    k = Column(Integer)
    s = Column(String(60))
    t = Column(Text)
    c = Column(CHAR(4))
    low = Column(Lower)
    m = Column(Numeric(10, 2))
    f = Column(Float)
    b = Column(Boolean)
    d = Column(Date)
    at = Column(DateTime)
    clock = Column(Time)
    u = Column(Uuid)
    e = Column(Enum(Colour))
    raw = Column(LargeBinary)
    double = column_property(n * 2)


TEXTS = ["", "a", "A", "a ", "b", "ab", "aB", "ä", "Ä", "a%", "a_", "_b", "ab c", "ß", "ss", "1", "a\\b"]
VALUES: dict[str, list[Any]] = {
    "n": [0, 1, 2, 7, -4, 20],
    "k": [0, 1, 2, 5],
    "s": TEXTS,
    "t": TEXTS,
    "c": ["a", "A", "ab", "abcd"],
    "low": ["a", "A", "Bc"],
    "m": [decimal.Decimal(text) for text in ("0", "1", "1.5", "2.25", "-3.1", "1.234", "1.005")],
    "f": [0.0, 0.1, 1.5, -2.25, 1e10],
    "b": [True, False],
    "d": [datetime.date(2020, 1, day) for day in (1, 2, 31)],
    "at": [datetime.datetime(2020, 1, 1, 10, 0, 0, micro) for micro in (0, 7, 500000, 999999)],
    "clock": [datetime.time(10, 0), datetime.time(10, 0, 0, 600000), datetime.time(23, 59, 59)],
    "u": [uuid.UUID(int=1), uuid.UUID(int=2)],
    "e": list(Colour),
    "raw": [b"", b"a", b"A", b"\x00\xff"],
}
ORDERED = ["n", "k", "s", "t", "c", "m", "f", "d", "at", "clock", "raw"]
COMPARISONS = ["__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"]


def column_of(key: str) -> Any:
    return getattr(Thing, key)


def nullable(key: str) -> Any:
    return st.one_of(st.none(), st.sampled_from(VALUES[key]))


keys = st.sampled_from(list(VALUES))
texts = st.sampled_from(["s", "t"])
affixes = st.sampled_from([text for text in TEXTS if not text.endswith("\\")])


@st.composite
def numbers(draw: Any) -> Any:
    """An expression that gives an integer."""
    n, k = Thing.n, Thing.k
    amount = draw(st.sampled_from([1, 2, 5]))
    forms = [n + amount, n - k, k * n, k % amount, n % 3, n + k + amount, n, case((n > 1, k), else_=n)]
    return draw(st.sampled_from([*forms, func.coalesce(n, amount), func.abs(n)]))


@st.composite
def atoms(draw: Any) -> Any:
    kind = draw(st.integers(0, 12))
    key = draw(keys)
    column = column_of(key)
    if kind <= 1:
        operator = draw(st.sampled_from(COMPARISONS[:2]))
        return getattr(column, operator)(draw(st.sampled_from(VALUES[key])))
    if kind <= 3:
        key = draw(st.sampled_from(ORDERED))
        return getattr(column_of(key), draw(st.sampled_from(COMPARISONS)))(draw(st.sampled_from(VALUES[key])))
    if kind == 4:
        members = draw(st.lists(nullable(key), max_size=3))
        return column.in_(members) if draw(st.booleans()) else column.not_in(members)
    if kind == 5:
        return column.is_(None) if draw(st.booleans()) else column.is_not(None)
    if kind == 6:
        text, affix = column_of(draw(texts)), draw(affixes)
        method = draw(st.sampled_from(["startswith", "endswith", "contains", "like", "ilike"]))
        return getattr(text, method)(affix)
    if kind == 7:
        return draw(numbers()) > draw(st.sampled_from([0, 2, 7]))
    if kind == 8:
        return Thing.s == Thing.t if draw(st.booleans()) else Thing.s + "x" == draw(affixes) + "x"
    if kind == 9:
        return draw(st.sampled_from([Thing.b, Thing.b.is_(True), Thing.b == false(), true(), false()]))
    if kind == 10:
        pair = (draw(st.sampled_from(VALUES["n"])), draw(st.sampled_from(VALUES["s"])))
        place: Any = tuple_(Thing.n, Thing.s)
        return place == pair if draw(st.booleans()) else place.in_([pair, (1, "a")])
    if kind == 11:
        return draw(
            st.sampled_from(
                [
                    Thing.n / 2 == 1,
                    cast(Thing.n, String(10)) == "1",
                    Thing.n.between(0, 2),
                    Thing.k.is_distinct_from(1),
                    Thing.m > Thing.n,
                    Thing.m == 1,
                    Thing.f > Thing.n,
                ]
            )
        )
    return Thing.n == Thing.k


criteria = st.recursive(
    atoms(),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: and_(*parts)),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: or_(*parts)),
        inner.map(not_),
    ),
    max_leaves=4,
)


@st.composite
def new_values(draw: Any) -> dict[str, Any]:
    values = {key: draw(nullable(key)) for key in draw(st.lists(keys, min_size=1, max_size=3, unique=True))}
    if draw(st.booleans()):
        computed = {
            "n": draw(numbers()),
            "k": draw(st.sampled_from([Thing.n, Thing.k + 1, select(func.max(Thing.id)).scalar_subquery()])),
            "s": draw(st.sampled_from([func.upper(Thing.t), Thing.t, Thing.c, func.lower("Q")])),
            "m": draw(st.sampled_from([Thing.m + 1, Thing.n, Thing.m * decimal.Decimal("0.3")])),
            "f": draw(st.sampled_from([Thing.f * 2, Thing.n])),
            "b": Thing.n > 1,
        }
        values.update(
            (key, computed[key]) for key in draw(st.lists(st.sampled_from(list(computed)), max_size=3))
        )
    return values


@st.composite
def statements(draw: Any) -> Any:
    made: Any = update(Thing).values(draw(new_values())) if draw(st.integers(0, 4)) else delete(Thing)
    if draw(st.integers(0, 9)):
        made = made.where(draw(criteria))
    return made.execution_options(
        synchronize_session=draw(st.sampled_from(["auto", "auto", "evaluate", "fetch"]))
    )


rows = st.lists(st.fixed_dictionaries({key: nullable(key) for key in VALUES}), min_size=1, max_size=4)


def check(connection: Any, session: Session, things: dict[int, Thing]) -> None:
    """Compare objects with the rows there are."""
    table: Any = Thing.__table__
    fresh = {row["id"]: row for row in connection.execute(select(table)).mappings()}
    for ident, thing in list(things.items()):
        if ident not in fresh:
            if thing in session:
                with pytest.raises(ObjectDeletedError):
                    _ = thing.n
            del things[ident]
            continue
        assert thing in session
        found = {key: getattr(thing, key) for key in VALUES}
        assert found == {key: fresh[ident][key] for key in VALUES}
        assert thing.double == (None if fresh[ident]["n"] is None else fresh[ident]["n"] * 2)


@pytest.fixture
def connection(engine: Any) -> Any:
    Base.metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection


@pytest.mark.feature("H020")
@pytest.mark.filterwarnings("ignore::relvar.exc.LossWarning")  # what a column rounds or cuts is meant
def test_objects_equal_fresh_rows(connection: Any) -> None:
    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(rows, st.lists(statements(), min_size=1, max_size=4), st.integers(0, 3))
    def run(given_rows: list[dict[str, Any]], made: list[Any], forget: int) -> None:
        with connection.begin(), Session(connection, join_transaction_mode="rollback_only") as session:
            connection.execute(delete(Thing.__table__))
            connection.execute(
                insert(Thing.__table__), [{"id": i, **row} for i, row in enumerate(given_rows, 1)]
            )
            things = {thing.id: thing for thing in session.scalars(select(Thing))}
            if forget == 1:
                session.expire(things[1], ["n", "s"])
            elif forget == 2:
                session.expire_all()
            for statement in made:
                try:
                    session.execute(statement)
                except exc.InvalidRequestError as err:
                    assert "Could not evaluate current criteria in Python" in str(err)
                    continue
                check(connection, session, things)
            session.close()
            connection.get_transaction().rollback()

    run()
