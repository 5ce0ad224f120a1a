"""SQLite's own types: how dates and times are stored, and JSON."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from relvar import Column, Integer, MetaData, Table, exc, insert, select, text
from relvar.dialects import sqlite

MOMENT = dt.datetime(2021, 3, 15, 12, 5, 57, 105542)


def stored(engine: Any, type_: Any, value: Any) -> tuple[Any, Any]:
    """Return what is in the file, and what comes back."""
    table = Table("t", MetaData(), Column("x", type_))
    table.drop(engine, checkfirst=True)
    table.create(engine)
    with engine.begin() as connection:
        connection.execute(insert(table), {"x": value})
        raw = connection.execute(text("SELECT x FROM t")).scalar()
        return raw, connection.execute(select(table.c.x)).scalar()


@pytest.mark.feature("E006")
def test_storage_formats(sqlite_engine: Any) -> None:
    def check(type_: Any, value: Any, raw: Any, back: Any = None) -> None:
        assert stored(sqlite_engine, type_, value) == (raw, value if back is None else back)

    check(sqlite.DATETIME, MOMENT, "2021-03-15 12:05:57.105542")
    check(sqlite.DATETIME(), MOMENT.replace(microsecond=0), "2021-03-15 12:05:57.000000")
    check(
        sqlite.DATETIME(truncate_microseconds=True),
        MOMENT,
        "2021-03-15 12:05:57",
        MOMENT.replace(microsecond=0),
    )
    check(
        sqlite.DATETIME(
            storage_format="%(year)04d/%(month)02d/%(day)02d %(hour)02d:%(minute)02d:%(second)02d",
            regexp=r"(\d+)/(\d+)/(\d+) (\d+):(\d+):(\d+)",
        ),
        MOMENT,
        "2021/03/15 12:05:57",
        MOMENT.replace(microsecond=0),
    )
    check(sqlite.DATE, MOMENT.date(), "2021-03-15")
    check(
        sqlite.DATE(
            storage_format="%(month)02d/%(day)02d/%(year)04d",
            regexp=r"(?P<month>\d+)/(?P<day>\d+)/(?P<year>\d+)",
        ),
        MOMENT.date(),
        "03/15/2021",
    )
    check(sqlite.TIME, MOMENT.time(), "12:05:57.105542")
    check(sqlite.TIME(truncate_microseconds=True), MOMENT.time(), "12:05:57", dt.time(12, 5, 57))
    check(
        sqlite.TIME(
            storage_format="%(hour)02d-%(minute)02d-%(second)02d-%(microsecond)06d",
            regexp="([0-9]{2,2})-([0-9]{2,2})-([0-9]{2,2})-([0-9]+)",
        ),
        MOMENT.time(),
        "12-05-57-105542",
    )
    check(sqlite.JSON, {"a": [1, None, "x"]}, '{"a": [1, null, "x"]}')
    for type_, value in (
        (sqlite.BLOB, b"\x00\x01"),
        (sqlite.BOOLEAN, True),
        (sqlite.CHAR(3), "abc"),
        (sqlite.FLOAT, 1.5),
        (sqlite.INTEGER, 5),
        (sqlite.REAL, 1.5),
        (sqlite.SMALLINT, 5),
        (sqlite.TEXT, "x"),
        (sqlite.VARCHAR(5), "x"),
        (sqlite.TIMESTAMP, MOMENT),
    ):
        assert stored(sqlite_engine, type_, value)[1] == value


def test_none_stays_none(sqlite_engine: Any) -> None:
    for type_ in (sqlite.DATETIME, sqlite.DATE, sqlite.TIME):
        assert stored(sqlite_engine, type_, None) == (None, None)


@pytest.mark.parametrize(
    ("type_", "value", "message"),
    [
        (sqlite.DATETIME, "2021-03-15", "only accepts Python datetime and date objects"),
        (sqlite.DATE, "2021-03-15", "only accepts Python date objects"),
        (sqlite.TIME, "12:00", "only accepts Python time objects"),
    ],
)
def test_values_of_other_types(sqlite_engine: Any, type_: Any, value: Any, message: str) -> None:
    with pytest.raises(exc.StatementError, match=message):
        stored(sqlite_engine, type_, value)


def test_a_date_for_a_datetime(sqlite_engine: Any) -> None:
    assert stored(sqlite_engine, sqlite.DATETIME, MOMENT.date()) == (
        "2021-03-15 00:00:00.000000",
        dt.datetime(2021, 3, 15),
    )


def test_text_that_does_not_match(sqlite_engine: Any) -> None:
    table = Table("t", MetaData(), Column("x", sqlite.DATE(regexp=r"(\d+)/(\d+)/(\d+)")))
    table.create(sqlite_engine)
    with sqlite_engine.begin() as connection:
        connection.execute(text("INSERT INTO t VALUES ('2021-03-15')"))
        with pytest.raises(ValueError, match="Couldn't parse date string: '2021-03-15'; the type's regexp"):
            connection.execute(select(table.c.x)).scalar()


def test_digits_only_get_text_affinity(sqlite_engine: Any) -> None:
    compact = sqlite.DATE(storage_format="%(year)04d%(month)02d%(day)02d", regexp=r"(\d{4})(\d{2})(\d{2})")
    assert not compact.format_is_text_affinity
    assert stored(sqlite_engine, compact, MOMENT.date()) == ("20210315", MOMENT.date())


def test_json_paths(sqlite_engine: Any) -> None:
    table = Table("t", MetaData(), Column("id", Integer), Column("x", sqlite.JSON))
    table.create(sqlite_engine)
    with sqlite_engine.begin() as connection:
        connection.execute(insert(table), {"id": 1, "x": {"a": {"b": [1, "two"]}}})
        document = table.c.x
        assert connection.scalar(select(document["a"])) == {"b": [1, "two"]}
        assert connection.scalar(select(document["a", "b", 1])) == "two"
        assert connection.scalar(select(document["a", "b", 0].as_integer())) == 1
        assert connection.scalar(select(document["a"]["b"][1].as_string())) == "two"
        assert connection.scalar(select(table.c.id).where(document["a", "b", 0].as_integer() == 1)) == 1
