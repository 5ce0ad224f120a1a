"""SELECT: order, limits, joins, set operations, IN, LIKE, windows, computed and identity columns."""

from __future__ import annotations

from typing import Any

from relvar import (
    Computed,
    ForeignKey,
    Identity,
    Integer,
    String,
    bindparam,
    case,
    column,
    exists,
    false,
    func,
    literal,
    literal_column,
    null,
    select,
    text,
    true,
    tuple_,
    union,
    union_all,
    values,
)
from relvar.testing import AssertsCompiledSQL, config, eq_, fixtures, in_, requires, uses_deprecated
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


class CollateTest(fixtures.TablesTest):
    """ORDER BY with a collation."""

    __backend__ = True
    __requires__ = ("order_by_collation",)

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
    __requires__ = ("table_value_constructor",)

    def test_tuples(self, connection: Any) -> None:
        made = values(column("id", Integer), column("name", String), name="my_values").data(
            [(1, "name1"), (2, "name2"), (3, "name3")]
        )
        eq_(
            connection.execute(select(made).order_by(made.c.id)).all(),
            [(1, "name1"), (2, "name2"), (3, "name3")],
        )


class FetchLimitOffsetTest(_NumbersTest):
    """LIMIT, OFFSET and FETCH FIRST, as numbers, parameters and expressions."""

    def _ordered(self) -> Any:
        t = self.tables.some_table
        return select(t.c.id).order_by(t.c.id)

    def test_simple_limit(self, connection: Any) -> None:
        self._assert_result(connection, self._ordered().limit(2), [(1,), (2,)])

    def test_limit_zero(self, connection: Any) -> None:
        self._assert_result(connection, self._ordered().limit(0), [])

    @requires.offset
    def test_simple_offset(self, connection: Any) -> None:
        self._assert_result(connection, self._ordered().offset(2), [(3,), (4,)])

    @requires.offset
    def test_simple_limit_offset(self, connection: Any) -> None:
        for limit, offset in ((2, 1), (1, 3), (10, 2), (1, 0)):
            expected = [(n,) for n in (1, 2, 3, 4)][offset : offset + limit]
            self._assert_result(connection, self._ordered().limit(limit).offset(offset), expected)

    @requires.offset
    def test_limit_offset_nobinds(self, connection: Any) -> None:
        compiled = (
            self._ordered().limit(2).offset(1).compile(connection, compile_kwargs={"literal_binds": True})
        )
        eq_(connection.exec_driver_sql(str(compiled)).all(), [(2,), (3,)])

    @requires.bound_limit_offset
    def test_bound_limit(self, connection: Any) -> None:
        self._assert_result(connection, self._ordered().limit(bindparam("l")), [(1,), (2,)], {"l": 2})

    @requires.bound_limit_offset
    def test_bound_limit_offset(self, connection: Any) -> None:
        stmt = self._ordered().limit(bindparam("l")).offset(bindparam("o"))
        self._assert_result(connection, stmt, [(2,), (3,)], {"l": 2, "o": 1})

    @requires.sql_expression_limit_offset
    def test_expr_limit_offset(self, connection: Any) -> None:
        stmt = (
            self._ordered().limit(literal_column("1") + literal_column("1")).offset(literal_column("2") - 1)
        )
        self._assert_result(connection, stmt, [(2,), (3,)])

    @requires.fetch_first
    def test_simple_fetch(self, connection: Any) -> None:
        self._assert_result(connection, self._ordered().fetch(2), [(1,), (2,)])

    @requires.fetch_first
    def test_simple_fetch_offset(self, connection: Any) -> None:
        self._assert_result(connection, self._ordered().fetch(2).offset(1), [(2,), (3,)])

    @requires.fetch_ties
    def test_simple_fetch_ties(self, connection: Any) -> None:
        t = self.tables.some_table
        connection.execute(t.insert(), {"id": 5, "x": 1, "y": 1})
        stmt = select(t.c.id).order_by(t.c.x).fetch(1, with_ties=True)
        eq_(set(connection.scalars(stmt)), {1, 5})


class SameNamedSchemaTableTest(fixtures.TablesTest):
    """One name in two schemas."""

    __backend__ = True
    __requires__ = ("schemas",)

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


class PostCompileParamsTest(_NumbersTest, AssertsCompiledSQL):
    """Parameters written into the text at execution."""

    def test_compile_literal_binds(self) -> None:
        t = self.tables.some_table
        stmt = select(t.c.id).where(t.c.x == bindparam("q", 10, literal_execute=True))
        in_(
            "some_table.x = 10",
            str(stmt.compile(config.db, compile_kwargs={"literal_binds": True})).replace("\n", ""),
        )

    def test_execute(self, connection: Any) -> None:
        t = self.tables.some_table
        stmt = select(t.c.id).where(t.c.x == bindparam("q", literal_execute=True))
        self._assert_result(connection, stmt, [(2,)], {"q": 2})
        self._assert_result(connection, stmt, [(3,)], {"q": 3})

    def test_execute_expanding_plus_literal_execute(self, connection: Any) -> None:
        t = self.tables.some_table
        stmt = select(t.c.id).where(t.c.x.in_(bindparam("q", expanding=True, literal_execute=True)))
        self._assert_result(connection, stmt.order_by(t.c.id), [(2,), (3,)], {"q": [2, 3]})


class ExpandingBoundInTest(_NumbersTest):
    """IN with lists, also empty ones and ones of tuples."""

    def test_bound_in_scalar_direct(self, connection: Any) -> None:
        t = self.tables.some_table
        self._assert_result(
            connection, select(t.c.id).where(t.c.x.in_([2, 3])).order_by(t.c.id), [(2,), (3,)]
        )

    def test_bound_in_scalar_bindparam(self, connection: Any) -> None:
        t = self.tables.some_table
        stmt = select(t.c.id).where(t.c.x.in_(bindparam("q", expanding=True))).order_by(t.c.id)
        self._assert_result(connection, stmt, [(2,), (3,), (4,)], {"q": [2, 3, 4]})
        self._assert_result(connection, stmt, [(1,)], {"q": [1]})
        self._assert_result(connection, stmt, [], {"q": []})

    def test_empty_set_against_integer(self, connection: Any) -> None:
        t = self.tables.some_table
        self._assert_result(connection, select(t.c.id).where(t.c.x.in_([])), [])
        stmt = select(t.c.id).where(t.c.x.not_in([])).order_by(t.c.id)
        self._assert_result(connection, stmt, [(1,), (2,), (3,), (4,)])

    def test_null_in_empty_set_is_false(self, connection: Any) -> None:
        stmt = select(case((null().in_(bindparam("foo", value=())), true()), else_=false()))
        in_(connection.scalar(stmt), (False, 0))

    def test_empty_set_against_string(self, connection: Any) -> None:
        stmt = select(literal("a", String(5)).in_([]))
        in_(connection.scalar(stmt), (False, 0))

    @requires.tuple_in
    def test_bound_in_two_tuple_direct(self, connection: Any) -> None:
        t = self.tables.some_table
        stmt = select(t.c.id).where(tuple_(t.c.x, t.c.y).in_([(2, 3), (3, 4), (9, 9)])).order_by(t.c.id)
        self._assert_result(connection, stmt, [(2,), (3,)])

    @requires.tuple_in_w_empty
    def test_empty_set_against_tuple(self, connection: Any) -> None:
        t = self.tables.some_table
        self._assert_result(connection, select(t.c.id).where(tuple_(t.c.x, t.c.y).in_([])), [])

    def test_bound_in_text_bindparam(self, connection: Any) -> None:
        stmt = text("select id FROM some_table WHERE x IN :q ORDER BY id").bindparams(
            bindparam("q", expanding=True)
        )
        self._assert_result(connection, stmt, [(1,), (4,)], {"q": [1, 4]})


class LikeFunctionsTest(fixtures.TablesTest):
    """LIKE and its escapes, regular expressions."""

    __backend__ = True
    run_inserts = "once"
    run_deletes = None
    DATA = ("abcdefg", "ab/cdefg", "ab%cdefg", "ab_cdefg", "abcde/fg", "abcde%fg", "ab#cdefg", "ab9cdefg")

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "some_table",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("data", String(50)),
        )

    @classmethod
    def insert_data(cls, connection: Any) -> None:
        rows = [{"id": n, "data": data} for n, data in enumerate(cls.DATA)]
        connection.execute(cls.tables.some_table.insert(), rows)

    def _found(self, connection: Any, condition: Any) -> list[str]:
        t = self.tables.some_table
        return list(connection.scalars(select(t.c.data).where(condition).order_by(t.c.id)))

    def _expected(self, test: Any) -> list[str]:
        return [data for data in self.DATA if test(data)]

    def test_startswith_autoescape(self, connection: Any) -> None:
        col = self.tables.some_table.c.data
        for part in ("ab%c", "ab_c", "ab/c", "ab"):
            found = self._found(connection, col.startswith(part, autoescape=True))
            eq_(found, self._expected(lambda data, part=part: data.startswith(part)))

    def test_endswith_autoescape(self, connection: Any) -> None:
        col = self.tables.some_table.c.data
        for part in ("%fg", "/fg", "_cdefg"):
            found = self._found(connection, col.endswith(part, autoescape=True))
            eq_(found, self._expected(lambda data, part=part: data.endswith(part)))

    def test_contains_autoescape(self, connection: Any) -> None:
        col = self.tables.some_table.c.data
        for part in ("%", "_", "/", "b%cde"):
            found = self._found(connection, col.contains(part, autoescape=True))
            eq_(found, self._expected(lambda data, part=part: part in data))

    @requires.like_escapes
    def test_contains_escape(self, connection: Any) -> None:
        col = self.tables.some_table.c.data
        eq_(self._found(connection, col.contains("b#%c", escape="#")), ["ab%cdefg"])

    def test_contains_unescaped(self, connection: Any) -> None:
        col = self.tables.some_table.c.data
        eq_(self._found(connection, col.contains("b%cde")), list(self.DATA))

    def test_startswith_sqlexpr(self, connection: Any) -> None:
        col = self.tables.some_table.c.data
        found = self._found(connection, col.startswith(literal_column("'ab9'")))
        eq_(found, ["ab9cdefg"])

    @requires.regexp_match
    def test_regexp_match(self, connection: Any) -> None:
        eq_(
            self._found(connection, self.tables.some_table.c.data.regexp_match("a.cde")),
            ["abcdefg", "abcde/fg", "abcde%fg"],
        )

    @requires.regexp_match
    def test_not_regexp_match(self, connection: Any) -> None:
        col = self.tables.some_table.c.data
        eq_(len(self._found(connection, ~col.regexp_match("a.cde"))), 5)

    @requires.regexp_replace
    def test_regexp_replace(self, connection: Any) -> None:
        col = self.tables.some_table.c.data
        eq_(
            self._found(connection, col.regexp_replace("b.cdefg", "X") == "aX"),
            list(self.DATA[1:4]) + list(self.DATA[6:]),
        )


class ComputedColumnTest(fixtures.TablesTest):
    """Columns that the database computes."""

    __backend__ = True
    __requires__ = ("computed_columns",)

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "square",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("side", Integer),
            Column("area", Integer, Computed("side * side", persisted=True)),
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
    __requires__ = ("identity_columns",)
    run_inserts = run_deletes = "once"

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "tbl_a",
            metadata,
            Column("id", Integer, Identity(always=True, start=42, increment=2), primary_key=True),
            Column("desc", String(100)),
        )

    @classmethod
    def insert_data(cls, connection: Any) -> None:
        connection.execute(cls.tables.tbl_a.insert(), [{"desc": "a"}, {"desc": "b"}])

    def test_select_all(self, connection: Any) -> None:
        t = self.tables.tbl_a
        eq_(connection.execute(select(t).order_by(t.c.id)).all(), [(42, "a"), (44, "b")])


class IdentityAutoincrementTest(fixtures.TablesTest):
    """Identity as the way to number rows."""

    __backend__ = True
    __requires__ = ("autoincrement_insert",)

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
    __requires__ = ("supports_is_distinct_from",)

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

    __requires__ = ("window_functions",)

    def test_window(self, connection: Any) -> None:
        t = self.tables.some_table
        stmt = select(t.c.id, func.row_number().over(order_by=t.c.x.desc())).order_by(t.c.id)
        self._assert_result(connection, stmt, [(1, 4), (2, 3), (3, 2), (4, 1)])

    def test_window_rows_between(self, connection: Any) -> None:
        t = self.tables.some_table
        total = func.sum(t.c.x).over(order_by=t.c.id, rows=(-1, 0))
        rows = connection.execute(select(t.c.id, total).order_by(t.c.id)).all()
        eq_([(row[0], int(row[1])) for row in rows], [(1, 1), (2, 3), (3, 5), (4, 7)])

    @requires.window_range_numeric
    def test_window_range_numeric(self, connection: Any) -> None:
        t = self.tables.some_table
        total = func.count(t.c.x).over(order_by=t.c.x, range_=(-1, 1))
        self._assert_result(
            connection, select(t.c.id, total).order_by(t.c.id), [(1, 2), (2, 3), (3, 3), (4, 2)]
        )


class BitwiseTest(_NumbersTest):
    """Operators on bits."""

    @requires.supports_bitwise_and
    def test_and(self, connection: Any) -> None:
        t = self.tables.some_table
        self._assert_result(connection, select(t.c.x.bitwise_and(2)).where(t.c.id == 3), [(2,)])

    @requires.supports_bitwise_or
    def test_or(self, connection: Any) -> None:
        t = self.tables.some_table
        self._assert_result(connection, select(t.c.x.bitwise_or(8)).where(t.c.id == 3), [(11,)])

    @requires.supports_bitwise_xor
    def test_xor(self, connection: Any) -> None:
        t = self.tables.some_table
        self._assert_result(connection, select(t.c.x.bitwise_xor(1)).where(t.c.id == 3), [(2,)])

    @requires.supports_bitwise_shift
    def test_shift(self, connection: Any) -> None:
        t = self.tables.some_table
        stmt = select(t.c.x.bitwise_lshift(2), t.c.x.bitwise_rshift(1)).where(t.c.id == 3)
        self._assert_result(connection, stmt, [(12, 1)])


class DistinctOnTest(_NumbersTest):
    """DISTINCT ON, or its refusal."""

    __requires__ = ("supports_distinct_on",)

    @uses_deprecated("Passing expression to ``distinct``")
    def test_distinct_on(self, connection: Any) -> None:
        t = self.tables.some_table
        connection.execute(t.insert(), {"id": 5, "x": 1, "y": 9})
        stmt = select(t.c.id).distinct(t.c.x).order_by(t.c.x, t.c.y.desc())
        self._assert_result(connection, stmt, [(5,), (2,), (3,), (4,)])
