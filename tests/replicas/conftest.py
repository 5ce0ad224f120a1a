"""
The PostgreSQL servers that several modules use.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from clusters import Server, postgresql, sql, wait_until
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
