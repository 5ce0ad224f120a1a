"""Know the engines that tests made, and close them."""

from __future__ import annotations

from typing import Any


class ConnectionKiller:
    """Know the engines that tests made; close their connections after the test, class or run."""

    def __init__(self) -> None:
        self.engines: dict[str, list[Any]] = {"function": [], "class": [], "global": []}

    def add_engine(self, engine: Any, scope: str = "class") -> None:
        """Watch an engine until its scope ends."""
        self.engines[scope].append(engine)

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


testing_reaper = ConnectionKiller()
