"""LIMIT, OFFSET and FETCH FIRST, as numbers, parameters and expressions."""

from __future__ import annotations

from typing import Any

from relvar import bindparam, literal_column, select, testing, union_all
from relvar.testing import config, eq_, requires
from relvar.testing.suite.numbers_table import _NumbersTest


class FetchLimitOffsetTest(_NumbersTest):
    """LIMIT, OFFSET and FETCH FIRST; rows may be equal in what they are ordered by."""

    @classmethod
    def fixtures(cls) -> dict[str, Any]:
        rows = [(1, 1, 2), (2, 2, 3), (3, 3, 4), (4, 4, 5), (5, 4, 6)]
        return {"some_table": [("id", "x", "y"), *rows]}

    def _ordered(self) -> Any:
        t = self.tables.some_table
        return select(t.c.id).order_by(t.c.id)

    def _by_x(self, descending: bool = False) -> Any:
        t = self.tables.some_table
        return select(t.c.id).order_by(t.c.x.desc() if descending else t.c.x)

    def _ids(self, connection: Any, stmt: Any, expected: list[int], **params: Any) -> None:
        eq_(connection.scalars(stmt, params).all(), expected)

    # LIMIT and OFFSET --------------------------------------------------------------------------------

    def test_simple_limit(self, connection: Any) -> None:
        self._ids(connection, self._ordered().limit(2), [1, 2])
        self._ids(connection, self._ordered().limit(0), [])

    @requires.offset
    def test_simple_offset(self, connection: Any) -> None:
        self._ids(connection, self._ordered().offset(3), [4, 5])
        self._ids(connection, self._ordered().offset(9), [])

    @requires.offset
    def test_simple_offset_zero(self, connection: Any) -> None:
        self._ids(connection, self._ordered().offset(0), [1, 2, 3, 4, 5])

    @requires.offset
    @testing.combinations(
        [(2, 0), (2, 1), (3, 2)], [(2, 1), (2, 0), (3, 2)], [(3, 1), (2, 1), (3, 1)], argnames="cases"
    )
    def test_simple_limit_offset(self, connection: Any, cases: list[tuple[int, int]]) -> None:
        """The numbers are parameters: one text serves all of them."""
        for limit, offset in cases:
            stmt = self._ordered().limit(limit).offset(offset)
            self._ids(connection, stmt, [1, 2, 3, 4, 5][offset : offset + limit])

    @requires.offset
    def test_limit_offset_nobinds(self) -> None:
        self._without_parameters(self._ordered().limit(2).offset(1), [2, 3])

    def _without_parameters(self, stmt: Any, expected: list[int]) -> None:
        text = str(stmt.compile(config.db, compile_kwargs={"literal_binds": True}))
        with config.db.connect() as connection:
            eq_([row[0] for row in connection.exec_driver_sql(text)], expected)

    def test_limit_render_multiple_times(self, connection: Any) -> None:
        """A limited subquery that stands in the statement twice."""
        one = self._ordered().limit(1).scalar_subquery()
        eq_(connection.scalars(union_all(select(one), select(one))).all(), [1, 1])

    @requires.bound_limit_offset
    def test_bound_limit(self, connection: Any) -> None:
        self._ids(connection, self._ordered().limit(bindparam("l")), [1, 2], l=2)

    @requires.bound_limit_offset
    def test_bound_offset(self, connection: Any) -> None:
        self._ids(connection, self._ordered().offset(bindparam("o")), [3, 4, 5], o=2)

    @requires.bound_limit_offset
    def test_bound_limit_offset(self, connection: Any) -> None:
        self._ids(connection, self._ordered().limit(bindparam("l")).offset(bindparam("o")), [2, 3], l=2, o=1)

    @requires.sql_expression_limit_offset
    def test_expr_limit(self, connection: Any) -> None:
        self._ids(connection, self._ordered().limit(literal_column("1") + literal_column("2")), [1, 2, 3])

    @requires.sql_expression_limit_offset
    def test_expr_offset(self, connection: Any) -> None:
        self._ids(connection, self._ordered().offset(literal_column("1") + literal_column("2")), [4, 5])

    @requires.sql_expression_limit_offset
    def test_expr_limit_offset(self, connection: Any) -> None:
        stmt = self._ordered().limit(literal_column("1") + literal_column("1"))
        self._ids(connection, stmt.offset(literal_column("2") - 1), [2, 3])

    @requires.sql_expression_limit_offset
    def test_simple_limit_expr_offset(self, connection: Any) -> None:
        self._ids(connection, self._ordered().limit(2).offset(literal_column("1") + 1), [3, 4])

    @requires.sql_expression_limit_offset
    def test_expr_limit_simple_offset(self, connection: Any) -> None:
        self._ids(connection, self._ordered().limit(literal_column("1") + 1).offset(2), [3, 4])

    # FETCH -------------------------------------------------------------------------------------------

    @requires.fetch_first
    def test_simple_fetch(self, connection: Any) -> None:
        self._ids(connection, self._ordered().fetch(2), [1, 2])

    @requires.fetch_first
    @requires.offset
    def test_simple_fetch_offset(self, connection: Any) -> None:
        self._ids(connection, self._ordered().fetch(2).offset(1), [2, 3])

    @requires.fetch_no_order_by
    def test_fetch_offset_no_order(self, connection: Any) -> None:
        t = self.tables.some_table
        found = connection.scalars(select(t.c.id).fetch(10)).all()
        eq_(set(found), {1, 2, 3, 4, 5})

    @requires.fetch_first
    @requires.offset
    def test_fetch_offset_nobinds(self) -> None:
        self._without_parameters(self._ordered().fetch(2).offset(1), [2, 3])

    @requires.fetch_first
    @requires.bound_limit_offset
    def test_bound_fetch_offset(self, connection: Any) -> None:
        self._ids(connection, self._ordered().fetch(bindparam("f")).offset(bindparam("o")), [2, 3], f=2, o=1)

    @requires.fetch_first
    @requires.fetch_expression
    def test_expr_fetch_offset(self, connection: Any) -> None:
        stmt = self._ordered().fetch(literal_column("1") + literal_column("1"))
        self._ids(connection, stmt.offset(literal_column("2") - 1), [2, 3])

    @requires.fetch_ties
    def test_simple_fetch_ties(self, connection: Any) -> None:
        stmt = self._by_x(descending=True).fetch(1, with_ties=True)
        eq_(set(connection.scalars(stmt)), {4, 5})

    @requires.fetch_ties
    @requires.fetch_offset_with_options
    def test_fetch_offset_ties(self, connection: Any) -> None:
        stmt = self._by_x().fetch(2, with_ties=True).offset(2)
        eq_(set(connection.scalars(stmt)), {3, 4, 5})

    @requires.fetch_ties
    @requires.fetch_offset_with_options
    def test_fetch_offset_ties_exact_number(self, connection: Any) -> None:
        self._ids(connection, self._by_x().fetch(2, with_ties=True).offset(1), [2, 3])

    @requires.fetch_percent
    def test_simple_fetch_percent(self, connection: Any) -> None:
        self._ids(connection, self._ordered().fetch(20, percent=True), [1])

    @requires.fetch_percent
    @requires.fetch_offset_with_options
    def test_fetch_offset_percent(self, connection: Any) -> None:
        self._ids(connection, self._ordered().fetch(40, percent=True).offset(1), [2, 3])

    @requires.fetch_percent
    @requires.fetch_ties
    def test_simple_fetch_percent_ties(self, connection: Any) -> None:
        stmt = self._by_x(descending=True).fetch(20, percent=True, with_ties=True)
        eq_(set(connection.scalars(stmt)), {4, 5})

    @requires.fetch_percent
    @requires.fetch_ties
    @requires.fetch_offset_with_options
    def test_fetch_offset_percent_ties(self, connection: Any) -> None:
        stmt = self._by_x().fetch(40, percent=True, with_ties=True).offset(2)
        eq_(set(connection.scalars(stmt)), {3, 4, 5})


__all__ = ["FetchLimitOffsetTest"]
