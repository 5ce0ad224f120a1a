"""
The PostgreSQL servers that several modules use, and which clusters ran.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from clusters import Server, postgresql, sql, wait_until, what_ran
from pairs import make_numbers


@pytest.fixture(scope="session")
def postgresql_servers() -> Iterator[list[Server]]:
    """A primary and two streaming replicas, with the table of `pairs` in the database test_replicas."""
    with postgresql(2) as servers:
        sql(servers[0], "CREATE DATABASE test_replicas")
        make_numbers(servers[0].url("postgresql+psycopg", "test_replicas"))
        for server in servers[1:]:
            wait_until(lambda server=server: sql(server, "SELECT max(id) FROM numbers", "test_replicas"))
        yield servers


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any) -> None:
    if what_ran:
        terminalreporter.section("which clusters ran")
    for name, how in sorted(what_ran.items()):
        terminalreporter.line(f"{name}: {how}")
