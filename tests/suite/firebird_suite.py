"""The conformance suite for Firebird: what Firebird 3 has less than later versions."""

from __future__ import annotations

from typing import Any

from relvar.testing import requires
from relvar.testing.suite import *  # noqa: F403  # the tests themselves
from relvar.testing.suite import ReturningGuardsTest as _ReturningGuardsTest
from relvar.testing.suite import WindowFunctionTest as _WindowFunctionTest


class ReturningGuardsTest(_ReturningGuardsTest):
    @requires.rows_come_back
    def test_update_single(self, connection: Any, run_stmt: Any) -> None:
        "before Firebird 5 one row comes back, and more of them are the server's error"
        super().test_update_single(connection, run_stmt)

    @requires.rows_come_back
    def test_delete_single(self, connection: Any, run_stmt: Any) -> None:
        "see above"
        super().test_delete_single(connection, run_stmt)


class WindowFunctionTest(_WindowFunctionTest):
    @requires.window_range
    def test_window_rows_between_w_caching(self, connection: Any) -> None:
        "Firebird 3 has no frames"
        super().test_window_rows_between_w_caching(connection)
