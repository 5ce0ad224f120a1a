"""
Values that a column can't hold as they are: what each database makes of them, and who is told.

``meaning``: told by default.  ``precision``: told to who is strict.  Nothing: the database keeps
it, or refuses it itself.
"""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from relvar import (
    Column,
    Date,
    DateTime,
    Double,
    Enum,
    Float,
    Integer,
    Interval,
    MetaData,
    Numeric,
    String,
    Table,
    Time,
    TypeDecorator,
    create_engine,
    exc,
    insert,
    select,
    update,
)
from relvar.dialects import mysql
from relvar.orm import DeclarativeBase, Session

PLUS_TWO = dt.timezone(dt.timedelta(hours=2))
MOMENT = dt.datetime(2024, 5, 6, 7, 8, 9, 123456)
SECOND = MOMENT.replace(microsecond=0)


class Zone(TypeDecorator[dt.datetime]):
    """A type of the program, which says itself what becomes of its values."""

    impl = DateTime
    cache_ok = True


TYPES: dict[str, Any] = {
    "moment": DateTime(),
    "zoned": DateTime(timezone=True),
    "fine": DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
    "clock": Time(),
    "day": Date(),
    "span": Interval(),
    "price": Numeric(20, 2),
    "any_number": Numeric(),
    "real": Float(),
    "double": Double(),
    "whole": Integer(),
    "word": String(3),
    "letter": Enum("a", "b", name="letters", native_enum=False, create_constraint=False, length=5),
    "own": Zone(),
}
values = Table(
    "fitting", MetaData(), Column("id", Integer, primary_key=True), *[Column(n, t) for n, t in TYPES.items()]
)

MEANING, PRECISION = "meaning", "precision"
MYSQL = ("mysql", "mariadb")
EVERYWHERE = dict.fromkeys(("sqlite", "mysql", "postgresql"), PRECISION)
ZONES = {"sqlite": MEANING, "mysql": MEANING, "postgresql": PRECISION}

# column, value, what is lost where, what the message says
CASES: list[tuple[str, Any, dict[str, str], str]] = [
    ("moment", SECOND.replace(tzinfo=PLUS_TWO), ZONES, "offset from UTC"),
    ("moment", SECOND.replace(tzinfo=dt.UTC), EVERYWHERE, "offset from UTC"),
    ("zoned", SECOND.replace(tzinfo=PLUS_TWO), {"sqlite": MEANING, "mysql": MEANING}, "offset from UTC"),
    ("zoned", SECOND, {"postgresql": PRECISION}, "takes that of the session"),
    ("moment", MOMENT, {"mysql": PRECISION}, "0 digits of a second"),
    ("moment", SECOND, {}, ""),
    ("fine", MOMENT, {}, ""),
    ("own", SECOND.replace(tzinfo=PLUS_TWO), {}, ""),
    ("clock", SECOND.time().replace(tzinfo=PLUS_TWO), ZONES, "offset from UTC"),
    ("clock", MOMENT.time(), {"mysql": PRECISION}, "0 digits of a second"),
    ("day", SECOND, EVERYWHERE, "time of day is lost"),
    ("day", dt.datetime(2024, 5, 6), {}, ""),
    ("span", dt.timedelta(days=1, microseconds=5), {"mysql": PRECISION}, "0 digits of a second"),
    ("price", Decimal("1.23456"), dict.fromkeys(EVERYWHERE, MEANING), "2 digits after the point"),
    ("price", Decimal("1.2300"), {}, ""),
    ("price", Decimal("12345678901234.56"), {}, ""),
    ("price", Decimal("123456789012345678.91"), {"sqlite": MEANING}, "fewer digits"),
    ("price", Decimal("NaN"), {"sqlite": MEANING}, "NaN becomes NULL"),
    ("any_number", Decimal("1.23456789012345"), {"sqlite": MEANING, "mysql": MEANING}, "digits"),
    ("real", float("nan"), {"sqlite": MEANING}, "NaN becomes NULL"),
    ("real", 0.1234567890123456, {"mysql": PRECISION}, "six digits"),
    ("real", 0.5, {}, ""),
    ("double", 0.1234567890123456, {}, ""),
    ("double", 2**60 + 1, EVERYWHERE, "do not fit a Float"),
    ("whole", 1.5, EVERYWHERE, "fraction is lost"),
    ("whole", 2.0, {}, ""),
    ("word", "abcd", EVERYWHERE, "3 characters, the value 4"),
    ("word", "abc ", EVERYWHERE, "3 characters, the value 4"),
    ("letter", "c", EVERYWHERE, "none of the values of the enum"),
]


@pytest.fixture
def engines(url: str) -> Iterator[tuple[Any, Any]]:
    made = create_engine(url), create_engine(url, strict=True)
    values.metadata.create_all(made[0])
    yield made
    values.metadata.drop_all(made[0])
    for engine in made:
        engine.dispose()


def test_what_each_database_makes_of_values(engines: tuple[Any, Any]) -> None:
    engine, strict = engines
    backend = "mysql" if engine.dialect.name in MYSQL else engine.dialect.name
    for number, (column, value, losses, message) in enumerate(CASES):
        row = {"id": number, column: value}
        loss = losses.get(backend)
        with strict.connect() as conn:
            if loss is not None:
                with pytest.raises(exc.LossError, match=message) as refused:
                    conn.execute(insert(values), row)
                assert str(refused.value).startswith(f"fitting.{column} can't hold the value as it is: ")
                assert "123456" not in str(refused.value), "values are not shown"
        with engine.connect() as conn, warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            try:
                conn.execute(insert(values), row)
                back = conn.scalar(select(values.c[column]).where(values.c.id == number))
            except (exc.DBAPIError, LookupError):
                back = "refused"
        said = [str(one.message) for one in told if one.category is exc.LossWarning]
        if loss == MEANING:
            assert len(said) == 1 and message in said[0], (column, value)
        else:
            assert said == [], (column, value)
        if loss is None and back != "refused" and column != "own":
            # nothing was lost indeed
            same = back == value or back != back or (column, backend) == ("zoned", "postgresql")
            same = same or (isinstance(value, dt.datetime) and back == value.date())
            assert same or str(back) == str(value), (column, value, back)


def test_what_is_compared_need_not_fit(engines: tuple[Any, Any]) -> None:
    _, strict = engines
    with strict.connect() as conn:
        conn.execute(
            select(values.c.id).where(values.c.price > Decimal("1.23456"), values.c.word != "longer")
        )
        conn.execute(update(values).where(values.c.price > Decimal("1.23456")).values(price=Decimal("1.2")))
        if strict.dialect.name != "postgresql":
            with pytest.raises(exc.LossError, match="The parameter 'zoned_1' of type DateTime"):
                conn.execute(select(values.c.id).where(values.c.zoned == MOMENT.replace(tzinfo=PLUS_TWO)))


def test_many_rows_are_looked_at(engines: tuple[Any, Any]) -> None:
    engine, strict = engines
    rows = [{"id": 1, "price": Decimal("1.10")}, {"id": 2, "price": Decimal("1.111")}]
    with strict.connect() as conn, pytest.raises(exc.LossError, match=r"fitting\.price"):
        conn.execute(insert(values), rows)
    with engine.connect() as conn:
        with pytest.warns(exc.LossWarning, match=r"fitting\.price"):
            conn.execute(insert(values), rows)
        assert conn.scalars(select(values.c.price).order_by(values.c.id)).all() == [
            Decimal("1.10"),
            Decimal("1.11"),
        ]


def test_objects_are_looked_at_and_a_flood_is_cut_short(engines: tuple[Any, Any]) -> None:
    class Base(DeclarativeBase):
        pass

    class Fitting(Base):
        __table__ = values

    engine, strict = engines
    aware = SECOND.replace(tzinfo=PLUS_TWO)
    with Session(strict) as session:
        session.add(Fitting(id=1, price=Decimal("1.234")))
        with pytest.raises(exc.LossError, match=r"fitting\.price"):
            session.flush()
    with Session(engine) as session, warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        session.add_all([Fitting(id=number, moment=aware) for number in range(1, 31)])
        session.flush()
        assert len(told) == (0 if engine.dialect.name == "postgresql" else 10)
    Base.registry.dispose()
