"""Make engines for tests and see that nothing stays open."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

from relvar.engine.create import create_engine
from relvar.engine.url import make_url
from relvar.testing.configuration import current_config
from relvar.testing.reaper import ConnectionKiller as ConnectionKiller
from relvar.testing.reaper import testing_reaper

_F = TypeVar("_F", bound=Callable[..., Any])


def testing_engine(url: Any = None, options: dict[str, Any] | None = None, *, asyncio: bool = False) -> Any:
    """
    Make an engine like that of the running test, for another URL or with other options.

    ``options`` may have ``scope`` ("function", "class", "global"): when it is closed.
    """
    from relvar.testing import provision

    options = dict(options or {})
    scope = options.pop("scope", "function")
    config = current_config()
    url = make_url(url or config.db.url)
    if not options:
        provision.update_db_opts(config, options, options)
    engine: Any
    if asyncio:
        from relvar.ext.asyncio import create_async_engine  # only such tests need it

        engine = create_async_engine(url, **options)
        sync = engine.sync_engine
    else:
        engine = sync = create_engine(url, **options)
    provision.post_configure_testing_engine(url, sync, options, scope)
    testing_reaper.add_engine(sync, scope)
    return engine


def reconnecting_engine(url: Any = None, options: Any = None) -> Any:
    """Make an engine whose connections ``test_shutdown()`` breaks off."""
    engine = testing_engine(url, options)

    def shut() -> None:
        for connection in engine.pool._all_connections():
            connection.close()

    engine.test_shutdown = shut
    return engine


def assert_conns_closed(fn: _F) -> _F:
    """Assert after a test that no connection is left out of its pool."""

    @functools.wraps(fn)
    def run(*args: Any, **kw: Any) -> Any:
        try:
            return fn(*args, **kw)
        finally:
            testing_reaper.assert_all_closed()

    return cast(_F, run)


def all_dialects(exclude: Any = None) -> Iterator[Any]:
    """Yield an instance of the default dialect of each database that relvar has."""
    from importlib import import_module
    from pkgutil import iter_modules

    from relvar import dialects

    for info in iter_modules(dialects.__path__):
        if info.ispkg and (not exclude or info.name not in exclude):
            yield import_module(f"{dialects.__name__}.{info.name}").dialect()


class DBAPIProxyCursor:
    """
    A driver's cursor; ``execute`` and ``executemany`` can be overridden.

    Args:
        engine: The engine it is for.
        conn: The driver's connection.
    """

    def __init__(self, engine: Any, conn: Any, *args: Any, **kwargs: Any) -> None:
        self.engine = engine
        self.connection = conn
        self.cursor: Any = conn.cursor(*args, **kwargs)

    def execute(self, stmt: str, parameters: Any = None, **kw: Any) -> Any:
        """Run a statement."""
        if parameters:
            return self.cursor.execute(stmt, parameters, **kw)
        return self.cursor.execute(stmt, **kw)

    def executemany(self, stmt: str, params: Any, **kw: Any) -> Any:
        """Run a statement for many rows of parameters."""
        return self.cursor.executemany(stmt, params, **kw)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.cursor)

    def __getattr__(self, key: str) -> Any:
        return getattr(self.cursor, key)


class DBAPIProxyConnection:
    """
    A driver's connection whose cursors are of a class of one's own; for ``create_engine(creator=...)``.

    Args:
        engine: An engine that makes the connection.
        conn: The connection, if it is there.
        cursor_cls: The class of cursors.
    """

    def __init__(self, engine: Any, conn: Any, cursor_cls: type[DBAPIProxyCursor]) -> None:
        self.conn = conn
        self.engine = engine
        self.cursor_cls = cursor_cls

    def cursor(self, *args: Any, **kwargs: Any) -> DBAPIProxyCursor:
        """Make a cursor."""
        return self.cursor_cls(self.engine, self.conn, *args, **kwargs)

    def close(self) -> None:
        """Close the connection."""
        self.conn.close()

    def __getattr__(self, key: str) -> Any:
        return getattr(self.conn, key)


class ReconnectFixture:
    """
    A driver that can be stopped: ``create_engine(module=ReconnectFixture(sqlite3))``.

    Args:
        dbapi: The driver.
    """

    is_stopped: bool

    def __init__(self, dbapi: Any) -> None:
        self.dbapi = dbapi
        self.connections: list[Any] = []
        self.is_stopped = False

    def __getattr__(self, key: str) -> Any:
        return getattr(self.dbapi, key)

    def connect(self, *args: Any, **kwargs: Any) -> Any:
        """Connect; fails while the driver is stopped."""
        if self.is_stopped:
            raise self.dbapi.OperationalError("the driver is stopped")
        connection = self.dbapi.connect(*args, **kwargs)
        self.connections.append(connection)
        return connection

    def shutdown(self, stop: bool = False) -> None:
        """Break off every connection; with *stop* there will be no new ones."""
        self.is_stopped = stop
        for connection in self.connections:
            with contextlib.suppress(Exception):
                connection.close()
        self.connections.clear()

    def restart(self) -> None:
        """Let connections be made again."""
        self.is_stopped = False


def mock_engine(dialect_name: str | None = None) -> Any:
    """Make an engine that notes statements in ``mock`` instead of sending them."""
    from relvar import create_mock_engine

    seen: list[Any] = []
    engine: Any = create_mock_engine(
        f"{dialect_name or current_config().db.name}://", lambda sql, *a, **kw: seen.append(sql)
    )
    engine.mock = seen
    return engine


def close_first(fn: _F) -> _F:
    """Close the pools before a test."""

    @functools.wraps(fn)
    def run(*args: Any, **kw: Any) -> Any:
        testing_reaper.close_all()
        return fn(*args, **kw)

    return cast(_F, run)


def close_open_connections(fn: _F) -> _F:
    """Close the pools after a test."""

    @functools.wraps(fn)
    def run(*args: Any, **kw: Any) -> Any:
        try:
            return fn(*args, **kw)
        finally:
            testing_reaper.close_all()

    return cast(_F, run)


rollback_open_connections = close_open_connections
