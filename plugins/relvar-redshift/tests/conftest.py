"""
The dialect's names, whether or not the package is installed, and engines on what stands in for Redshift.

``tests/dialects/redshift`` leads here, so these tests run among relvar's and have its fixtures.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import pgbouncer
import pytest
from startup_filter import startup_filter

from relvar import create_engine, make_url
from relvar.dialects import registry

for _driver in ("psycopg", "psycopg2", "psycopg2cffi", "redshift_connector"):
    registry.register(f"redshift.{_driver}", "relvar_redshift.drivers", f"RedshiftDialect_{_driver}")
registry.register("redshift", "relvar_redshift", "dialect")


@pytest.fixture(
    params=[
        "psycopg",
        "psycopg2",
        "psycopg2cffi",
        pytest.param("redshift_connector", marks=pytest.mark.postgresql18),
    ]
)
def redshift_engine(request: pytest.FixtureRequest) -> Iterator[Any]:
    """
    An engine of the dialect on PostgreSQL, by each driver.

    Redshift's own needs something in between that takes no notice of what it says when it connects
    (PgBouncer, or a filter where that is not installed), and a server that was not packaged by Debian: it
    cannot read the version that this one tells.
    """
    driver = request.param
    pytest.importorskip(driver)
    if driver == "redshift_connector":
        url = make_url(request.getfixturevalue("postgresql18_url"))
    else:
        url = request.getfixturevalue("pg_engine").url
    url = url.set(drivername=f"redshift+{driver}", query={"sslmode": "disable"})
    with contextlib.ExitStack() as stack:
        if driver == "redshift_connector":
            host, port = url.host or "127.0.0.1", url.port or 5432
            between = (
                startup_filter(host, port)
                if pgbouncer.program() is None
                else pgbouncer.transaction_pooler(host, port, url.username or "", url.password)
            )
            url = url.set(
                host="127.0.0.1",
                port=stack.enter_context(between),
                # the driver wants one, and nobody asks for it
                password=url.password or "none",
                query={"ssl": "false"},
            )
        engine = create_engine(url)
        stack.callback(engine.dispose)
        yield engine


@pytest.fixture
def live_engine() -> Iterator[Any]:
    """
    An engine on a real Redshift, where somebody has one.
    """
    given = os.environ.get("RELVAR_TEST_REDSHIFT")
    if not given:
        pytest.skip("RELVAR_TEST_REDSHIFT is not set: there is no Redshift to be had")
    engine = create_engine(given)
    yield engine
    engine.dispose()
