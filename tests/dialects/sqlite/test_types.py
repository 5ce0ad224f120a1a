"""Types on SQLite that need a newer library, or that the driver converts."""

from __future__ import annotations

import datetime as dt
import sqlite3
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from relvar import (
    JSON,
    TIMESTAMP,
    Column,
    Date,
    DateTime,
    Integer,
    Interval,
    MetaData,
    Table,
    Time,
    case,
    create_engine,
    exc,
    func,
    inspect,
    literal,
    null,
    select,
    text,
)
from relvar.dialects import sqlite

MOMENT = dt.datetime(2021, 3, 15, 12, 5, 57, 105542)
DOCUMENT = {"a": {"b": [1, "two", None, 2.5, True]}, "é": "it's"}

metadata = MetaData()
documents = Table(
    "documents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("b", sqlite.JSONB),
    Column("j", sqlite.JSON),
)


@pytest.fixture
def newer() -> Iterator[Any]:
    """A connection to a SQLite that has JSONB (3.45): one that another driver brings along."""
    module = sqlite3 if sqlite3.sqlite_version_info >= (3, 45) else pytest.importorskip("sqlcipher3")
    engine = create_engine("sqlite://", module=module)
    with engine.connect() as connection:
        metadata.create_all(connection)
        yield connection
    engine.dispose()


@pytest.mark.feature("E006")
@pytest.mark.parametrize("value", [DOCUMENT, [], "x", 5, 1.5, True, JSON.NULL, "it's"])
def test_jsonb_round_trip(value: Any, newer: Any) -> None:
    newer.execute(documents.insert(), {"id": 1, "b": value, "j": value})
    written = documents.insert().values(id=2, b=value, j=value)
    newer.exec_driver_sql(str(written.compile(newer, compile_kwargs={"literal_binds": True})))
    expected = None if value is JSON.NULL else value
    for row in newer.execute(select(documents.c.b, documents.c.j)):
        assert row == (expected, expected)
    assert newer.scalars(text("SELECT typeof(b) FROM documents")).all() == ["blob", "blob"]
    assert newer.scalar(select(func.count()).where(documents.c.b == literal(value, sqlite.JSONB))) == 2


@pytest.mark.feature("E006")
def test_jsonb_in_statements(newer: Any) -> None:
    b, j = documents.c.b, documents.c.j
    newer.execute(documents.insert(), {"id": 1, "b": DOCUMENT, "j": {"k": 1}})
    expressions = {
        "item": (b["a"], {"b": [1, "two", None, 2.5, True]}),
        "path": (b["a", "b"], [1, "two", None, 2.5, True]),
        "string": (b["a", "b", 1].as_string(), "two"),
        "integer": (b["a", "b", 0].as_integer(), 1),
        "float": (b["a", "b", 3].as_float(), 2.5),
        "boolean": (b["a", "b", 4].as_boolean(), True),
        "json": (b["a"]["b"].as_json(), [1, "two", None, 2.5, True]),
        "null": (b["a", "b", 2], None),
        "in a subquery": (select(b).subquery().c.b, DOCUMENT),
        "in a CASE": (case((documents.c.id == 1, b)), DOCUMENT),
        "a literal": (literal({"z": 1}, sqlite.JSONB), {"z": 1}),
        "a length": (func.json_array_length(b["a", "b"]), 5),
    }
    for name, (expression, expected) in expressions.items():
        assert newer.scalar(select(expression)) == expected, name
    assert newer.scalar(select(documents.c.id).where(b["a", "b", 1].as_string() == "two")) == 1
    changed = documents.update().values(b={"r": 2}).where(b["a", "b", 0].as_integer() == 1)
    assert newer.execute(changed.returning(b, j)).all() == [({"r": 2}, {"k": 1})]
    new = sqlite.insert(documents).values(id=1, b={"u": 1})
    put = new.on_conflict_do_update(index_elements=["id"], set_={"b": new.excluded.b})
    assert newer.execute(put.returning(b)).all() == [({"u": 1},)]
    many = newer.execute(documents.insert().returning(b), [{"b": [1]}, {"b": [2]}])
    assert many.all() == [([1],), ([2],)]
    newer.execute(documents.update().values(b=null()))
    assert newer.scalars(select(b.is_(None)).distinct()).all() == [True]
    assert [repr(c["type"]) for c in inspect(newer).get_columns("documents")] == [
        "INTEGER()",
        "JSONB()",
        "JSON()",
    ]


@pytest.mark.feature("E006")
def test_jsonb_is_refused_by_an_older_library(sqlite_engine: Any) -> None:
    if sqlite3.sqlite_version_info >= (3, 45):
        pytest.skip("this library has JSONB")
    metadata.create_all(sqlite_engine)
    with (
        sqlite_engine.connect() as connection,
        pytest.raises(exc.OperationalError, match="no such function: jsonb"),
    ):
        connection.execute(documents.insert(), {"b": {}})


@pytest.mark.feature("E013")
@pytest.mark.filterwarnings("ignore:The default .* is deprecated as of Python 3.12:DeprecationWarning")
def test_dates_that_the_driver_converts() -> None:
    detect = sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES
    engine = create_engine("sqlite://", connect_args={"detect_types": detect}, native_datetime=True)
    columns = [Column("d", Date), Column("s", TIMESTAMP), Column("m", DateTime), Column("t", Time)]
    table = Table("t", MetaData(), *columns, Column("i", Interval))
    values = (MOMENT.date(), MOMENT, MOMENT, MOMENT.time(), dt.timedelta(days=1))
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(table.insert(), dict(zip("dsmti", values)))
        written = table.insert().values(**dict(zip("dsmti", values)))
        connection.exec_driver_sql(str(written.compile(engine, compile_kwargs={"literal_binds": True})))
        assert connection.execute(table.select()).all() == [values, values]
        plain = connection.exec_driver_sql("SELECT d, s, m, t FROM t").first()
        # TIMESTAMP and DATE are the driver's; DATETIME and TIME are text to it
        assert plain == (MOMENT.date(), MOMENT, MOMENT.isoformat(" "), "12:05:57.105542")
        assert (
            connection.scalar(select(func.count()).where(table.c.s == MOMENT, table.c.d == MOMENT.date()))
            == 2
        )
    engine.dispose()


@pytest.mark.feature("E006")
def test_what_a_format_reads_and_does_not() -> None:
    by_name = sqlite.DATETIME(
        storage_format="%(day)02d.%(month)02d.%(year)04d %(hour)02d:%(minute)02d",
        regexp=r"(?P<day>\d+)\.(?P<month>\d+)\.(?P<year>\d+) (?P<hour>\d+):(?P<minute>\d+)",
    )
    table = Table("t", MetaData(), Column("x", by_name))
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(table.insert(), {"x": MOMENT})
        assert connection.exec_driver_sql("SELECT x FROM t").scalar() == "15.03.2021 12:05"
        assert connection.scalar(select(table.c.x)) == dt.datetime(2021, 3, 15, 12, 5)
        for stored, message in (
            (
                "'2021-03-15'",
                "Couldn't parse datetime string: '2021-03-15'; the type's regexp does not match it",
            ),
            ("x'00'", "Couldn't parse datetime string 'b'\\\\x00'' - value is not a string."),
        ):
            connection.exec_driver_sql(f"UPDATE t SET x = {stored}")
            with pytest.raises(ValueError, match=message):
                connection.scalar(select(table.c.x))
    engine.dispose()


@pytest.mark.feature("E013")
def test_dates_by_types_of_the_program() -> None:
    """detect_types without native_datetime: the driver converts first, and the types must not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        engine = create_engine("sqlite://", connect_args={"detect_types": sqlite3.PARSE_DECLTYPES})
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE t (d DATE)")
            connection.exec_driver_sql("INSERT INTO t VALUES ('2021-03-15')")
            assert connection.exec_driver_sql("SELECT d FROM t").scalar() == MOMENT.date()
            with pytest.raises((TypeError, ValueError)):
                connection.scalar(select(Table("t", MetaData(), Column("d", Date)).c.d))
        engine.dispose()


@pytest.mark.feature("E006")
@pytest.mark.parametrize("type_", [sqlite.DATETIME, sqlite.TIME])
def test_truncating_is_a_format(type_: Any) -> None:
    for given in ({"storage_format": "%(hour)02d"}, {"regexp": r"(\d+)"}):
        with pytest.raises(AssertionError, match=f"only one of truncate_microseconds or {next(iter(given))}"):
            type_(truncate_microseconds=True, **given)
