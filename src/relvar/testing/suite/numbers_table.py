"""A table of small numbers that tests of SELECT look at."""

from __future__ import annotations

from typing import Any

from relvar import Integer
from relvar.testing import eq_, fixtures
from relvar.testing.schema import Column, Table


class _NumbersTest(fixtures.TablesTest):
    """A table of four rows: (1, 1, 2), (2, 2, 3), (3, 3, 4), (4, 4, 5)."""

    __backend__ = True

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "some_table",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("x", Integer),
            Column("y", Integer),
        )

    @classmethod
    def fixtures(cls) -> dict[str, Any]:
        return {"some_table": [("id", "x", "y"), (1, 1, 2), (2, 2, 3), (3, 3, 4), (4, 4, 5)]}

    def _assert_result(self, connection: Any, stmt: Any, expected: Any, params: Any = None) -> None:
        eq_(connection.execute(stmt, params or {}).all(), expected)


__all__ = ["_NumbersTest"]
