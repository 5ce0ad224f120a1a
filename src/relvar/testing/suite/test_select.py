"""SELECT: order, limits, joins, set operations, IN, LIKE, windows, computed and identity columns."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from relvar import (
    Computed,
    Date,
    ForeignKey,
    FrameClause,
    FrameClauseType,
    Identity,
    Integer,
    String,
    column,
    exc,
    exists,
    false,
    func,
    literal,
    select,
    testing,
    true,
    union,
    union_all,
    values,
)
from relvar.testing import config, eq_, expect_raises, fixtures, requires, uses_deprecated
from relvar.testing.schema import Column, Table
from relvar.testing.suite.numbers_table import _NumbersTest
from relvar.testing.suite.test_select_paging import *  # noqa: F403  # one face for SELECT
from relvar.testing.suite.test_select_parameters import *  # noqa: F403  # one face for SELECT


class CollateTest(fixtures.TablesTest):
    """ORDER BY with a collation."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("order_by_collation",)

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table("some_table", metadata, Column("id", Integer, primary_key=True), Column("data", String(100)))

    @classmethod
    def fixtures(cls) -> dict[str, Any]:
        return {"some_table": [("id", "data"), (1, "collate data1"), (2, "collate data2")]}

    def test_collate_order_by(self, connection: Any) -> None:
        t = self.tables.some_table
        name = config.requirements_in_use().get_order_by_collation(config.current_config())
        stmt = select(t.c.id).order_by(t.c.data.collate(name).asc())
        eq_(connection.scalars(stmt).all(), [1, 2])


class OrderByLabelTest(_NumbersTest):
    """ORDER BY and GROUP BY of labelled expressions."""

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "some_table",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("x", Integer),
            Column("y", Integer),
            Column("q", String(50)),
            Column("p", String(50)),
        )

    @classmethod
    def fixtures(cls) -> dict[str, Any]:
        rows = [(n, n, n + 1, f"Q{n}", f"p{4 - n}") for n in (1, 2, 3, 4)]
        return {"some_table": [("id", "x", "y", "q", "p"), *rows]}

    def test_plain(self, connection: Any) -> None:
        label = self.tables.some_table.c.x.label("lx")
        self._assert_result(connection, select(label).order_by(label), [(1,), (2,), (3,), (4,)])

    def test_plain_desc(self, connection: Any) -> None:
        label = self.tables.some_table.c.x.label("lx")
        self._assert_result(connection, select(label).order_by(label.desc()), [(4,), (3,), (2,), (1,)])

    def test_composed_int(self, connection: Any) -> None:
        t = self.tables.some_table
        label = (t.c.x + t.c.y).label("lx")
        self._assert_result(connection, select(label).order_by(label), [(3,), (5,), (7,), (9,)])

    def test_composed_multiple(self, connection: Any) -> None:
        t = self.tables.some_table
        one, two = (t.c.x + t.c.y).label("lx"), (func.lower(t.c.q) + t.c.p).label("ly")
        stmt = select(one, two).order_by(one, two.desc())
        self._assert_result(connection, stmt, [(3, "q1p3"), (5, "q2p2"), (7, "q3p1"), (9, "q4p0")])

    @requires.order_by_label_with_expression
    def test_composed_int_desc(self, connection: Any) -> None:
        t = self.tables.some_table
        label = (t.c.x + t.c.y).label("lx")
        self._assert_result(connection, select(label).order_by((label + 1).desc()), [(9,), (7,), (5,), (3,)])

    @requires.group_by_complex_expression
    def test_group_by_composed(self, connection: Any) -> None:
        t = self.tables.some_table
        expr = (t.c.x + t.c.y).label("lx")
        stmt = select(func.count(t.c.id), expr).group_by(expr).order_by(expr)
        self._assert_result(connection, stmt, [(1, 3), (1, 5), (1, 7), (1, 9)])

    @requires.nullsordering
    def test_nulls_order(self, connection: Any) -> None:
        t = self.tables.some_table
        connection.execute(t.insert(), {"id": 5})
        self._assert_result(connection, select(t.c.id).order_by(t.c.x.nulls_first()).limit(1), [(5,)])
        self._assert_result(connection, select(t.c.id).order_by(t.c.x.desc().nulls_last()).limit(1), [(4,)])


class ValuesExpressionTest(fixtures.TestBase):
    """VALUES as a table."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("table_value_constructor",)

    def test_tuples(self, connection: Any) -> None:
        made = values(column("id", Integer), column("name", String), name="my_values").data(
            [(1, "name1"), (2, "name2"), (3, "name3")]
        )
        eq_(
            connection.execute(select(made).order_by(made.c.id)).all(),
            [(1, "name1"), (2, "name2"), (3, "name3")],
        )


class SameNamedSchemaTableTest(fixtures.TablesTest):
    """One name in two schemas."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("schemas",)

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        schema = config.current_config().test_schema
        Table(
            "some_table",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            schema=schema,
        )
        Table(
            "some_table",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("some_table_id", Integer, nullable=False),
        )

    @classmethod
    def insert_data(cls, connection: Any) -> None:
        own, other = cls._both()
        connection.execute(other.insert(), {"id": 1})
        connection.execute(own.insert(), {"id": 7, "some_table_id": 1})

    @classmethod
    def _both(cls) -> Any:
        return cls.tables("some_table", f"{config.current_config().test_schema}.some_table")

    def test_simple_join_both_tables(self, connection: Any) -> None:
        own, other = self._both()
        stmt = select(own, other).join_from(own, other, own.c.some_table_id == other.c.id)
        eq_(connection.execute(stmt).first(), (7, 1, 1))

    def test_simple_join_whereclause_only(self, connection: Any) -> None:
        own, other = self._both()
        stmt = select(own).join_from(own, other, own.c.some_table_id == other.c.id).where(other.c.id == 1)
        eq_(connection.execute(stmt).first(), (7, 1))

    def test_subquery(self, connection: Any) -> None:
        own, other = self._both()
        inner = select(own).join_from(own, other, own.c.some_table_id == other.c.id).subquery()
        eq_(connection.execute(select(inner)).first(), (7, 1))


class JoinTest(fixtures.TablesTest):
    """Inner and outer joins."""

    __backend__ = True

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table("a", metadata, Column("id", Integer, primary_key=True, autoincrement=False))
        Table(
            "b",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("a_id", ForeignKey("a.id"), nullable=False),
        )

    @classmethod
    def fixtures(cls) -> dict[str, Any]:
        return {"a": [("id",), (1,), (2,), (3,)], "b": [("id", "a_id"), (1, 1), (2, 1), (4, 2)]}

    def test_inner_join_fk(self, connection: Any) -> None:
        a, b = self.tables("a", "b")
        eq_(
            connection.execute(select(a, b).select_from(a.join(b)).order_by(b.c.id)).all(),
            [(1, 1, 1), (1, 2, 1), (2, 4, 2)],
        )

    def test_inner_join_true(self, connection: Any) -> None:
        a, b = self.tables("a", "b")
        eq_(len(connection.execute(select(a, b).select_from(a.join(b, true()))).all()), 9)

    def test_inner_join_false(self, connection: Any) -> None:
        a, b = self.tables("a", "b")
        eq_(connection.execute(select(a, b).select_from(a.join(b, false()))).all(), [])

    def test_outer_join_false(self, connection: Any) -> None:
        a, b = self.tables("a", "b")
        stmt = select(a, b.c.id).select_from(a.outerjoin(b, false())).order_by(a.c.id)
        eq_(connection.execute(stmt).all(), [(1, None), (2, None), (3, None)])

    def test_outer_join_fk(self, connection: Any) -> None:
        a, b = self.tables("a", "b")
        stmt = select(a.c.id, b.c.id).select_from(a.outerjoin(b)).where(b.c.id.is_(None))
        eq_(connection.execute(stmt).all(), [(3, None)])


class CompoundSelectTest(_NumbersTest):
    """UNION, INTERSECT, EXCEPT, with limits and in subqueries."""

    def _two(self) -> Any:
        t = self.tables.some_table
        return t, select(t).where(t.c.id == 2), select(t).where(t.c.id == 3)

    def test_plain_union(self, connection: Any) -> None:
        _, one, two = self._two()
        both = union(one, two)
        self._assert_result(connection, both.order_by(both.selected_columns.id), [(2, 2, 3), (3, 3, 4)])

    def test_select_from_plain_union(self, connection: Any) -> None:
        _, one, two = self._two()
        both = union(one, two).alias().select()
        self._assert_result(connection, both.order_by(both.selected_columns.id), [(2, 2, 3), (3, 3, 4)])

    def test_union_all(self, connection: Any) -> None:
        _, one, _two = self._two()
        self._assert_result(connection, union_all(one, one), [(2, 2, 3), (2, 2, 3)])

    @requires.parens_in_union_contained_select_w_limit_offset
    def test_limit_offset_aliased_selectable_in_unions(self, connection: Any) -> None:
        t, one, two = self._two()
        parts = [part.limit(1).order_by(t.c.id).alias().select() for part in (one, two)]
        both = union(*parts).limit(2)
        self._assert_result(connection, both.order_by(both.selected_columns.id), [(2, 2, 3), (3, 3, 4)])

    @requires.parens_in_union_contained_select_wo_limit_offset
    def test_order_by_selectable_in_unions(self, connection: Any) -> None:
        t, one, two = self._two()
        both = union(one.order_by(t.c.id), two.order_by(t.c.id)).limit(2)
        self._assert_result(connection, both.order_by(both.selected_columns.id), [(2, 2, 3), (3, 3, 4)])

    @requires.parens_in_union_contained_select_wo_limit_offset
    def test_distinct_selectable_in_unions(self, connection: Any) -> None:
        _, one, two = self._two()
        both = union(one.distinct(), two.distinct()).limit(2)
        self._assert_result(connection, both.order_by(both.selected_columns.id), [(2, 2, 3), (3, 3, 4)])

    @requires.parens_in_union_contained_select_w_limit_offset
    def test_limit_offset_selectable_in_unions(self, connection: Any) -> None:
        t, one, two = self._two()
        both = union(one.limit(1).order_by(t.c.id), two.limit(1).order_by(t.c.id)).limit(2)
        self._assert_result(connection, both.order_by(both.selected_columns.id), [(2, 2, 3), (3, 3, 4)])

    def test_limit_offset_in_unions_from_alias(self, connection: Any) -> None:
        t, one, two = self._two()
        parts = [part.limit(1).order_by(t.c.id).alias().select() for part in (one, two)]
        both = union(*parts).limit(2)
        self._assert_result(connection, both.order_by(both.selected_columns.id), [(2, 2, 3), (3, 3, 4)])

    @requires.intersect
    def test_intersect(self, connection: Any) -> None:
        t, one, _two = self._two()
        self._assert_result(connection, one.intersect(select(t).where(t.c.id < 3)), [(2, 2, 3)])

    @requires.except_
    def test_except(self, connection: Any) -> None:
        t, one, _two = self._two()
        self._assert_result(connection, select(t).where(t.c.id < 3).except_(one), [(1, 1, 2)])


class ComputedColumnTest(fixtures.TablesTest):
    """Columns that the database computes."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("computed_columns",)

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        stored = config.requirements_in_use().computed_columns_stored.enabled or None
        Table(
            "square",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("side", Integer),
            Column("area", Integer, Computed("side * side", persisted=stored)),
        )

    @classmethod
    def fixtures(cls) -> dict[str, Any]:
        return {"square": [("id", "side"), (1, 10), (10, 42)]}

    def test_select_all(self, connection: Any) -> None:
        t = self.tables.square
        eq_(connection.execute(select(t).order_by(t.c.id)).all(), [(1, 10, 100), (10, 42, 1764)])

    def test_select_columns(self, connection: Any) -> None:
        t = self.tables.square
        connection.execute(t.update().where(t.c.id == 1).values(side=3))
        eq_(connection.execute(select(t.c.area).where(t.c.id == 1)).scalar(), 9)


class IdentityColumnTest(fixtures.TablesTest):
    """GENERATED AS IDENTITY with options."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("identity_columns",)
    run_inserts: ClassVar[str | None] = "once"
    run_deletes: ClassVar[str | None] = "once"

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        # a range from below zero needs options that not every database has
        standard = config.requirements_in_use().identity_columns_standard.enabled
        second = Identity(increment=-5, start=0, minvalue=-1000, maxvalue=0) if standard else Identity()
        Table(
            "tbl_a",
            metadata,
            Column("id", Integer, Identity(always=True, start=42, increment=2), primary_key=True),
            Column("desc", String(100)),
        )
        Table("tbl_b", metadata, Column("id", Integer, second, primary_key=True), Column("desc", String(100)))

    @classmethod
    def insert_data(cls, connection: Any) -> None:
        for name in ("tbl_a", "tbl_b"):
            connection.execute(cls.tables[name].insert(), [{"desc": "a"}, {"desc": "b"}])
        # a key of one's own is taken, unless it is always generated
        connection.execute(cls.tables.tbl_b.insert(), [{"id": 42, "desc": "c"}])

    def test_select_all(self, connection: Any) -> None:
        t = self.tables.tbl_a
        eq_(connection.execute(select(t).order_by(t.c.desc)).all(), [(42, "a"), (44, "b")])
        t = self.tables.tbl_b
        standard = config.requirements_in_use().identity_columns_standard.enabled
        expected = [(0, "a"), (-5, "b"), (42, "c")] if standard else [(1, "a"), (2, "b"), (42, "c")]
        eq_(connection.execute(select(t).order_by(t.c.desc)).all(), expected)

    def test_select_columns(self, connection: Any) -> None:
        t = self.tables.tbl_a
        eq_(connection.scalars(select(t.c.id).order_by(t.c.id)).all(), [42, 44])

    @requires.identity_columns_standard
    def test_insert_always_error(self, connection: Any) -> None:
        with expect_raises(exc.DatabaseError):
            connection.execute(self.tables.tbl_a.insert(), [{"id": 200, "desc": "a"}])


class IdentityAutoincrementTest(fixtures.TablesTest):
    """Identity as the way to number rows."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("autoincrement_insert",)

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "tbl", metadata, Column("id", Integer, Identity(), primary_key=True), Column("desc", String(100))
        )

    def test_autoincrement_with_identity(self, connection: Any) -> None:
        t = self.tables.tbl
        eq_(connection.execute(t.insert(), {"desc": "row"}).inserted_primary_key, (1,))
        eq_(connection.execute(select(t)).first(), (1, "row"))


class ExistsTest(_NumbersTest):
    """EXISTS as a result column."""

    def test_select_exists(self, connection: Any) -> None:
        t = self.tables.some_table
        stmt = select(literal(1)).where(exists().where(t.c.x == 2))
        self._assert_result(connection, stmt, [(1,)])

    def test_select_exists_false(self, connection: Any) -> None:
        t = self.tables.some_table
        self._assert_result(connection, select(literal(1)).where(exists().where(t.c.x == 99)), [])


class IsOrIsNotDistinctFromTest(fixtures.TablesTest):
    """Comparison in which NULL equals NULL."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("supports_is_distinct_from",)

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "is_distinct_test",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("a", Integer),
            Column("b", Integer),
        )

    def test_is_or_is_not_distinct_from(self, connection: Any) -> None:
        t = self.tables.is_distinct_test
        pairs = [(1, 1), (1, 2), (1, None), (None, None)]
        connection.execute(t.insert(), [{"id": n, "a": a, "b": b} for n, (a, b) in enumerate(pairs)])
        eq_(
            connection.scalars(select(t.c.id).where(t.c.a.is_distinct_from(t.c.b)).order_by(t.c.id)).all(),
            [1, 2],
        )
        eq_(
            connection.scalars(
                select(t.c.id).where(t.c.a.is_not_distinct_from(t.c.b)).order_by(t.c.id)
            ).all(),
            [0, 3],
        )


class WindowFunctionTest(_NumbersTest):
    """OVER, with frames."""

    __requires__: ClassVar[tuple[str]] = ("window_functions",)

    def _over(self, connection: Any, expr: Any, expected: list[int]) -> None:
        t = self.tables.some_table
        rows = connection.execute(select(t.c.id, expr).order_by(t.c.id)).all()
        eq_([int(row[1]) for row in rows], expected)

    def test_window(self, connection: Any) -> None:
        t = self.tables.some_table
        self._over(connection, func.row_number().over(order_by=t.c.x.desc()), [4, 3, 2, 1])
        self._over(connection, func.max(t.c.x).over(partition_by=t.c.x % 2), [3, 4, 3, 4])

    def test_window_rows_between_w_caching(self, connection: Any) -> None:
        """Frames of other sizes are other statements."""
        t = self.tables.some_table
        for _ in range(2):
            for rows, expected in (
                ((-1, 0), [1, 3, 5, 7]),
                ((None, 0), [1, 3, 6, 10]),
                ((0, 1), [3, 5, 7, 4]),
                ((-1, 1), [3, 6, 9, 7]),
                ((1, None), [9, 7, 4, 0]),
            ):
                total = func.coalesce(func.sum(t.c.x).over(order_by=t.c.id, rows=rows), 0)
                self._over(connection, total, expected)

    @requires.window_range
    def test_window_range(self, connection: Any) -> None:
        t = self.tables.some_table
        self._over(connection, func.sum(t.c.x).over(order_by=t.c.x, range_=(None, 0)), [1, 3, 6, 10])

    @requires.window_range_numeric
    def test_window_range_numeric(self, connection: Any) -> None:
        t = self.tables.some_table
        self._over(connection, func.count(t.c.x).over(order_by=t.c.x, range_=(-1, 1)), [2, 3, 3, 2])

    @requires.window_range_non_numeric
    def test_window_range_dates(self, connection: Any, metadata: Any) -> None:
        t = Table(
            "dates",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("day", Date),
        )
        t.create(connection)
        first = datetime.date(2024, 2, 28)
        days = [0, 1, 2, 9]
        connection.execute(
            t.insert(),
            [{"id": n, "day": first + datetime.timedelta(days=each)} for n, each in enumerate(days)],
        )
        bounds = FrameClause(
            datetime.timedelta(days=1),
            datetime.timedelta(days=1),
            FrameClauseType.PRECEDING,
            FrameClauseType.FOLLOWING,
        )
        number = func.count(t.c.id).over(order_by=t.c.day, range_=bounds)
        eq_(connection.scalars(select(number).order_by(t.c.id)).all(), [2, 3, 2, 1])


class BitwiseTest(_NumbersTest):
    """Operators on bits."""

    @testing.combinations(
        (lambda x: x.bitwise_xor(5), [4, 7, 6, 1], requires.supports_bitwise_xor),
        (lambda x: x.bitwise_or(1), [1, 3, 3, 5], requires.supports_bitwise_or),
        (lambda x: x.bitwise_and(2), [0, 2, 2, 0], requires.supports_bitwise_and),
        (lambda x: x.bitwise_not().bitwise_and(7), [6, 5, 4, 3], requires.supports_bitwise_not),
        (lambda x: x.bitwise_lshift(1), [2, 4, 6, 8], requires.supports_bitwise_shift),
        (lambda x: x.bitwise_rshift(1), [0, 1, 1, 2], requires.supports_bitwise_shift),
        argnames="case, expected",
    )
    def test_bitwise(self, case: Any, expected: list[int], connection: Any) -> None:
        t = self.tables.some_table
        eq_(connection.scalars(select(case(t.c.x)).order_by(t.c.id)).all(), expected)


class DistinctOnTest(_NumbersTest):
    """DISTINCT ON, or its refusal."""

    __requires__: ClassVar[tuple[str]] = ("supports_distinct_on",)

    @uses_deprecated("Passing expression to ``distinct``")
    def test_distinct_on(self, connection: Any) -> None:
        t = self.tables.some_table
        connection.execute(t.insert(), {"id": 5, "x": 1, "y": 9})
        stmt = select(t.c.id).distinct(t.c.x).order_by(t.c.x, t.c.y.desc())
        self._assert_result(connection, stmt, [(5,), (2,), (3,), (4,)])
