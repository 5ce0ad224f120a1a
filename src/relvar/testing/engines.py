"""Make engines for tests and see that nothing stays open."""

from __future__ import annotations

import functools
from collections.abc import Callable
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
    if asyncio:
        from relvar.ext.asyncio import create_async_engine  # type: ignore[import-not-found,unused-ignore]

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
