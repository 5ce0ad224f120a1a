"""
A database that is there for as long as tests need it.

One of SQLite is a file; elsewhere it is made and dropped on the server of a URL, by that URL's driver: an
asyncio driver gets an event loop of its own for that, so what asks for the database may be blocking code.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from relvar.engine.create import create_engine
from relvar.engine.url import URL, make_url
from relvar.pool import NullPool

__all__ = ["scratch_database"]

_numbers = count(1)


@contextmanager
def scratch_database(url: str | URL, name: str | None = None) -> Iterator[URL]:
    """
    Make an empty database, and drop it at the end of the block.

    Args:
        url: One of a server, with a database to connect to at first (PostgreSQL: ``postgres`` if it names
            none); for SQLite all but the driver is left out of account.
        name: What to call it; made up of the process if left out.

    Returns:
        A block that gives the URL of the new database.

    Raises:
        NotImplementedError: relvar does not know how databases are made there.

    >>> from relvar import create_engine, inspect, text
    >>> from relvar.testing import scratch_database
    >>> with scratch_database("sqlite://") as url:
    ...     engine = create_engine(url)
    ...     with engine.begin() as connection:
    ...         _ = connection.execute(text("CREATE TABLE city (name TEXT)"))
    ...     inspect(engine).get_table_names()
    ...     engine.dispose()
    ['city']
    """
    server = make_url(url)
    made = name or f"relvar_scratch_{os.getpid()}_{next(_numbers)}"
    if server.get_backend_name() == "sqlite":
        with tempfile.TemporaryDirectory(prefix=made, ignore_cleanup_errors=True) as place:
            yield server.set(database=str(Path(place) / f"{made}.db"))
        return
    create, drop, main = _way(server)
    _run(main, create, made)
    try:
        yield server.set(database=made)
    finally:
        _run(main, drop, made)


_Step = Callable[[Any, str], None]


def _way(server: URL) -> tuple[_Step, _Step, URL]:
    """Return how to make a database, how to drop it, and where to be connected meanwhile."""
    backend = server.get_backend_name()
    if backend == "postgresql":
        return _create, _drop_postgresql, server if server.database else server.set(database="postgres")
    if backend in ("mysql", "mariadb"):
        return _create, _drop, server
    # what a dialect says for its own tests
    from relvar.testing import hooks

    server.get_dialect().load_provisioning()
    if backend not in hooks.create_db.fns:
        raise NotImplementedError(
            "scratch_database() knows how to make databases of SQLite, PostgreSQL, MySQL and MariaDB, "
            f"not of {backend!r}; a dialect can say it by relvar.testing.provision.create_db and drop_db"
        )
    return (
        lambda connection, name: hooks.create_db(server, connection.engine, name),
        lambda connection, name: hooks.drop_db(server, connection.engine, name),
        server,
    )


def _quoted(connection: Any, name: str) -> str:
    return str(connection.dialect.identifier_preparer.quote_identifier(name))


def _create(connection: Any, name: str) -> None:
    connection.exec_driver_sql(f"CREATE DATABASE {_quoted(connection, name)}")


def _drop(connection: Any, name: str) -> None:
    connection.exec_driver_sql(f"DROP DATABASE {_quoted(connection, name)}")


def _drop_postgresql(connection: Any, name: str) -> None:
    # a pool that was not disposed of would keep the database
    force = " WITH (FORCE)" if connection.dialect.server_version_info >= (13,) else ""
    connection.exec_driver_sql(f"DROP DATABASE {_quoted(connection, name)}{force}")


def _run(main: URL, step: _Step, name: str) -> None:
    """Connect, do one step, and leave nothing behind."""
    options: dict[str, Any] = {"poolclass": NullPool, "isolation_level": "AUTOCOMMIT"}
    if not main.get_dialect().is_async:
        engine = create_engine(main, **options)
        with engine.connect() as connection:
            step(connection, name)
        engine.dispose()
        return
    import asyncio  # programs without asyncio do without
    from concurrent.futures import ThreadPoolExecutor

    from relvar.ext.asyncio import create_async_engine

    async def run() -> None:
        engine = create_async_engine(main, **options)
        try:
            async with engine.connect() as connection:
                await connection.run_sync(step, name)
        finally:
            await engine.dispose()

    # the caller may have a loop running in this thread
    with ThreadPoolExecutor(1) as worker:
        worker.submit(asyncio.run, run()).result()
