"""Engines on SQLite and PostgreSQL through their ODBC drivers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from relvar import create_engine, make_url

sys.path.insert(0, str(Path(__file__).parent))

from odbc_bridges import DRIVERS, load  # beside this file, not a package


@pytest.fixture(params=["pyodbc", "+aioodbc"])
def driver(request: pytest.FixtureRequest) -> str:
    """Each driver in turn; the sign says that the test runs in an event loop."""
    name = str(request.param).lstrip("+")
    load(name)
    return name


@pytest.fixture
def pyodbc() -> Any:
    """The module."""
    return load("pyodbc")


@pytest.fixture
def make_engine(url: str, pyodbc: Any) -> Iterator[Callable[..., Any]]:
    """A function: driver, options of create_engine -> engine on an empty database."""
    made: list[Any] = []
    given = make_url(url)
    name = given.get_backend_name()
    if DRIVERS[name] not in pyodbc.drivers():
        pytest.skip(f"there is no ODBC driver {DRIVERS[name]!r}")

    def make(driver: str = "pyodbc", **options: Any) -> Any:
        options.setdefault("use_setinputsizes", True)
        if name == "sqlite":
            query = {"odbc_connect": f"DRIVER={DRIVERS[name]};Database={given.database}"}
            bridge = make_url(f"sqlitebridge+{driver}://").set(query=query)
        else:
            bridge = given.set(drivername=f"pgbridge+{driver}", query={})
        made.append(create_engine(bridge, **options))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()
