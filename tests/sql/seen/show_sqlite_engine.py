"""SQLite's engines: what a URL gives the driver, which pool, isolation levels, native dates."""

from __future__ import annotations

import datetime as dt
import sqlite3
import warnings
from collections.abc import Callable
from typing import Any

from relvar import (
    TIMESTAMP,
    Column,
    Date,
    DateTime,
    MetaData,
    Table,
    Time,
    create_engine,
    func,
    literal,
    make_url,
    select,
)
from relvar.dialects.sqlite import pysqlite

CASES: dict[str, Callable[[], Any]] = {}

for url in (
    "sqlite://",
    "sqlite:///",
    "sqlite:///:memory:",
    "sqlite:////data/x.db",
    "sqlite:////data/x%20y.db",
    "sqlite:////data/x.db?timeout=5&check_same_thread=true",
    "sqlite:////data/x.db?check_same_thread=0",
    "sqlite:////data/x.db?detect_types=3&cached_statements=10",
    "sqlite:////data/x.db?timeout=abc",
    "sqlite:////data/x.db?uri=false",
    "sqlite:////data/x.db?uri=maybe",
    "sqlite:////data/x.db?foo=bar",
    "sqlite:////data/x.db?autocommit=true",
    "sqlite:////data/x.db?mode=memory",
    "sqlite:///file:x.db?uri=true",
    "sqlite:///file:x.db?mode=ro&uri=true",
    "sqlite:///file:x.db?mode=ro&cache=shared&uri=true&timeout=3.5",
    "sqlite:///file::memory:?cache=shared&uri=true",
    "sqlite:///file:m?mode=memory&cache=shared&uri=true",
    "sqlite:///file:x.db?vfs=unix&uri=1&immutable=1",
    "sqlite:///file:x.db?a=b%20c&uri=true&x=%26",
    "sqlite:///:memory:?uri=true",
    "sqlite://host/x.db",
    "sqlite://u:p@/x.db",
):

    def arguments(url: str = url) -> Any:
        made = make_url(url)
        return repr(made.get_dialect()().create_connect_args(made))

    def pool(url: str = url) -> Any:
        return create_engine(url).pool.__class__.__name__

    def is_file(url: str = url) -> Any:
        return repr(pysqlite.dialect._is_url_file_db(make_url(url)))

    CASES[f"{url}, arguments"] = arguments
    CASES[f"{url}, pool"] = pool
    CASES[f"{url}, is a file"] = is_file

for level in (
    "AUTOCOMMIT",
    "READ UNCOMMITTED",
    "SERIALIZABLE",
    "READ_UNCOMMITTED",
    "autocommit",
    "REPEATABLE READ",
    "repeatable_read",
):

    def of_engine(level: str = level) -> Any:
        with create_engine("sqlite://", isolation_level=level).connect() as connection:
            raw = connection.connection.dbapi_connection
            return repr(
                (connection.get_isolation_level(), connection.default_isolation_level, raw.isolation_level)
            )

    def of_connection(level: str = level) -> Any:
        engine = create_engine("sqlite://")
        with engine.connect() as connection:
            connection.execution_options(isolation_level=level)
            raw = connection.connection.dbapi_connection
            found = [
                connection.get_isolation_level(),
                connection.default_isolation_level,
                raw.isolation_level,
            ]
        with engine.connect() as connection:
            return repr([*found, connection.get_isolation_level(), raw.isolation_level])

    CASES[f"isolation level {level} of an engine"] = of_engine
    CASES[f"isolation level {level} of a connection"] = of_connection


def native() -> Any:
    """Dates that the driver converts."""
    detect = sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES
    engine = create_engine("sqlite://", connect_args={"detect_types": detect}, native_datetime=True)
    columns = [Column("d", Date), Column("s", TIMESTAMP), Column("m", DateTime), Column("t", Time)]
    table = Table("t", MetaData(), *columns)
    values = {"d": dt.date(2020, 1, 2), "s": dt.datetime(2020, 1, 2, 3), "m": None, "t": dt.time(1)}
    with warnings.catch_warnings(), engine.begin() as connection:
        # Python 3.12 would have them registered by the program
        warnings.simplefilter("ignore", DeprecationWarning)
        table.create(connection)
        connection.execute(table.insert(), values)
        return repr(
            [
                connection.execute(table.select()).all(),
                connection.exec_driver_sql("SELECT * FROM t").all(),
                connection.execute(
                    select(literal(dt.date(2020, 1, 2)), literal(dt.datetime(2020, 1, 2)))
                ).all(),
                type(connection.scalar(select(func.current_timestamp(type_=DateTime)))),
            ]
        )


CASES["native_datetime"] = native

for value, pattern in (("'abc'", "'b.'"), ("NULL", "'b'"), ("'abc'", "NULL"), ("5", "'5'"), ("'a'", "'('")):

    def regexp(value: str = value, pattern: str = pattern) -> Any:
        with create_engine("sqlite://").connect() as connection:
            return repr(connection.exec_driver_sql(f"SELECT {value} REGEXP {pattern}").scalar())

    CASES[f"{value} REGEXP {pattern}"] = regexp

CASES["an unknown option"] = lambda: create_engine("sqlite://", foo=1)
CASES["a pool option that the pool does not have"] = lambda: create_engine("sqlite://", max_overflow=3)
CASES["two-phase"] = lambda: create_engine("sqlite://").connect().begin_twophase()
