"""Engines for every driver of MySQL and MariaDB that is installed."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import relvar
from relvar import URL

# driver -> module
DRIVERS = {
    "pymysql": "pymysql",
    "mysqldb": "MySQLdb",
    "mysqlconnector": "mysql.connector",
    "mariadbconnector": "mariadb",
    "cymysql": "cymysql",
    "pyodbc": "pyodbc",
}
ODBC_DRIVER = "MariaDB Unicode"


def load(driver: str) -> Any:
    """Import a driver; skip where it is not installed."""
    try:
        module = importlib.import_module(DRIVERS[driver])
    except ImportError as error:
        pytest.skip(f"{driver} is not installed: {error}")
    if driver == "pyodbc" and ODBC_DRIVER not in module.drivers():
        pytest.skip(f"there is no ODBC driver {ODBC_DRIVER!r}")
    return module


@pytest.fixture(params=DRIVERS)
def driver(request: pytest.FixtureRequest) -> str:
    """Each driver in turn."""
    load(request.param)
    return str(request.param)


@pytest.fixture
def make_engine(mariadb_engine: Any) -> Iterator[Callable[..., Any]]:
    """A function: driver, database name of the URL, query, options of create_engine -> engine."""
    made: list[Any] = []

    def make(driver: str = "pymysql", name: str = "mariadb", query: Any = None, **options: Any) -> Any:
        url: URL = mariadb_engine.url.set(drivername=f"{name}+{driver}", query=query or {})
        if driver == "pyodbc":
            url = url.update_query_dict({"driver": ODBC_DRIVER})
        engine = relvar.create_engine(url, **options)
        made.append(engine)
        return engine

    yield make
    for engine in made:
        engine.dispose()


@pytest.fixture
def server(mariadb_engine: Any) -> Iterator[Any]:
    """A connection that commits each statement at once, to look on and to interfere."""
    with mariadb_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
