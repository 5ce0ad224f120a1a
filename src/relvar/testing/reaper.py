"""Know the engines that tests made, and close them."""

from __future__ import annotations

import weakref
from typing import Any


class ConnectionKiller:
    """Know the engines that tests made; close their connections after the test, class or run."""

    def __init__(self) -> None:
        self.engines: dict[str, list[Any]] = {"function": [], "class": [], "global": []}
        self._open: dict[int, tuple[Any, Any]] = {}
        self._proxies: weakref.WeakSet[Any] = weakref.WeakSet()

    def add_engine(self, engine: Any, scope: str = "class") -> None:
        """Watch an engine until its scope ends."""
        self.engines[scope].append(engine)

    def add_pool(self, pool: Any) -> None:
        """Watch the connections of a pool until the test ends."""
        from relvar import event

        def opened(dbapi_connection: Any, record: Any) -> None:
            self._open[id(dbapi_connection)] = (dbapi_connection, record)

        def checked_out(dbapi_connection: Any, record: Any, proxy: Any) -> None:
            self._proxies.add(proxy)

        def closed(dbapi_connection: Any, *rest: Any) -> None:
            self._open.pop(id(dbapi_connection), None)

        event.listen(pool, "connect", opened)
        event.listen(pool, "checkout", checked_out)
        for name in ("close", "close_detached", "invalidate"):
            event.listen(pool, name, closed)

    def checkin_all(self) -> None:
        """Give what is checked out of watched pools back to them."""
        for proxy in list(self._proxies):
            if proxy.is_valid:
                proxy._checkin()
        self._proxies.clear()

    def rollback_all(self) -> None:
        """Roll back what is checked out of watched pools."""
        for proxy in list(self._proxies):
            if proxy.is_valid:
                proxy.rollback()

    def assert_all_closed(self) -> None:
        """
        Assert that every connection of the pools watched is back in its pool.

        Raises:
            AssertionError: A connection is still out.
        """
        out = [proxy for proxy in self._proxies if proxy.is_valid]
        if out:
            raise AssertionError(f"{len(out)} connection(s) are not back in the pool")

    def prepare_for_drop_tables(self, connection: Any) -> None:
        """End the transactions that would keep DROP TABLE waiting."""
        self.rollback_all()
        self.checkin_all()

    def _dispose(self, *scopes: str) -> None:
        for scope in scopes:
            while self.engines[scope]:
                self.engines[scope].pop().dispose()

    def after_test(self) -> None:
        """Close what the test made."""
        self._dispose("function")

    def after_test_outside_fixtures(self, test: Any) -> None:
        """Close what the test's fixtures made."""
        self._dispose("function")

    def stop_test_class_inside_fixtures(self) -> None:
        """Close what the class made."""
        self._dispose("function", "class")

    def stop_test_class_outside_fixtures(self) -> None:
        """Close what the fixtures of the class made."""
        self._dispose("function", "class")

    def final_cleanup(self) -> None:
        """Close everything."""
        self._dispose("function", "class", "global")

    def close_all(self) -> None:
        """Close the connections of the pools, but keep the engines."""
        for engines in self.engines.values():
            for engine in engines:
                engine.dispose()


testing_reaper: ConnectionKiller = ConnectionKiller()
