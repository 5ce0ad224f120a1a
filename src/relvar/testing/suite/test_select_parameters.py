"""Parameters that become several, or text: IN with lists, LIKE with escapes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from relvar import (
    Integer,
    String,
    bindparam,
    case,
    false,
    literal_column,
    null,
    select,
    testing,
    text,
    true,
    tuple_,
)
from relvar.testing import AssertsCompiledSQL, AssertsExecutionResults, config, eq_, fixtures, in_, requires
from relvar.testing.assertsql import CursorSQL
from relvar.testing.schema import Column, Table
from relvar.testing.suite.numbers_table import _NumbersTest


def _one_line(sql: str) -> str:
    return " ".join(sql.split())


class PostCompileParamsTest(AssertsExecutionResults, AssertsCompiledSQL, _NumbersTest):
    """Parameters written into the text at execution."""

    def _where(self) -> Any:
        t = self.tables.some_table
        return select(t.c.id).where(t.c.x == bindparam("q", literal_execute=True))

    def test_compile(self) -> None:
        """Until then a mark stands for the value."""
        in_("some_table.x = __[POSTCOMPILE_q]", _one_line(str(self._where().compile(config.db))))

    def test_compile_literal_binds(self) -> None:
        t = self.tables.some_table
        stmt = select(t.c.id).where(t.c.x == bindparam("q", 10, literal_execute=True))
        in_(
            "some_table.x = 10",
            _one_line(str(stmt.compile(config.db, compile_kwargs={"literal_binds": True}))),
        )

    def _sent(self, stmt: Any, parameters: Any, expected: list[Any], *parts: str) -> None:
        """Run a statement: what the cursor got has the values in its text, and no parameters."""
        with self.sql_execution_asserter() as asserter, config.db.connect() as connection:
            eq_(connection.scalars(stmt, parameters).all(), expected)
        if not config.requirements_in_use().standard_cursor_sql.enabled:
            return
        (sent,) = asserter.accumulated
        (execution,) = sent.executed_cursor_sql
        for part in parts:
            in_(part, _one_line(execution.statement))
        eq_(list(execution.parameters), [])
        asserter.assert_(CursorSQL(execution.statement, execution.parameters))

    def test_execute(self) -> None:
        self._sent(self._where(), {"q": 2}, [2], "some_table.x = 2")
        self._sent(self._where(), {"q": 3}, [3], "some_table.x = 3")

    def test_execute_expanding_plus_literal_execute(self) -> None:
        t = self.tables.some_table
        stmt = select(t.c.id).where(t.c.x.in_(bindparam("q", expanding=True, literal_execute=True)))
        self._sent(stmt.order_by(t.c.id), {"q": [2, 3]}, [2, 3], "some_table.x IN (2, 3)")

    @requires.tuple_in
    def test_execute_tuple_expanding_plus_literal_execute(self) -> None:
        t = self.tables.some_table
        condition = tuple_(t.c.x, t.c.y).in_(bindparam("q", expanding=True, literal_execute=True))
        self._sent(
            select(t.c.id).where(condition).order_by(t.c.id),
            {"q": [(2, 3), (3, 4)]},
            [2, 3],
            "(2, 3)",
            "(3, 4)",
        )

    @requires.tuple_in
    def test_execute_tuple_expanding_plus_literal_heterogeneous_execute(self) -> None:
        t = self.tables.some_table
        condition = tuple_(t.c.x, literal_column("'two'", String(5))).in_(
            bindparam("q", expanding=True, literal_execute=True)
        )
        self._sent(
            select(t.c.id).where(condition),
            {"q": [(2, "two"), (3, "three")]},
            [2],
            "(2, 'two')",
            "(3, 'three')",
        )


class ExpandingBoundInTest(_NumbersTest):
    """
    IN with lists, also empty ones and ones of tuples.

    A list is given in the statement (direct), or for a parameter when it runs (bindparam).
    """

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "some_table",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("x", Integer),
            Column("y", Integer),
            Column("z", String(50)),
        )

    @classmethod
    def fixtures(cls) -> dict[str, Any]:
        rows = [(n, n, n + 1, f"z{n}") for n in (1, 2, 3, 4)]
        return {"some_table": [("id", "x", "y", "z"), *rows]}

    def _ids(self, condition: Any, expected: list[int], **params: Any) -> None:
        t = self.tables.some_table
        with config.db.connect() as connection:
            stmt = select(t.c.id).where(condition).order_by(t.c.id)
            eq_(connection.scalars(stmt, params).all(), expected)

    def _lists(self, *operands: Any, given: list[Any], expected: list[int], negated: bool = False) -> None:
        """Compare columns with lists that stand in the statement."""
        condition = true()
        for operand, values in zip(operands, given, strict=True):
            condition = condition & (operand.not_in(values) if negated else operand.in_(values))
        self._ids(condition, expected)

    def _bound(self, *operands: Any, given: list[Any], expected: list[int], negated: bool = False) -> None:
        """Compare columns with lists that are given when the statement runs."""
        condition = true()
        for number, operand in enumerate(operands):
            parameter = bindparam(f"q{number}", expanding=True)
            condition = condition & (operand.not_in(parameter) if negated else operand.in_(parameter))
        self._ids(condition, expected, **{f"q{number}": values for number, values in enumerate(given)})

    @property
    def _c(self) -> Any:
        return self.tables.some_table.c

    def test_bound_in_scalar_direct(self) -> None:
        self._lists(self._c.x, given=[[2, 3]], expected=[2, 3])

    def test_bound_in_scalar_bindparam(self) -> None:
        self._bound(self._c.x, given=[[2, 3, 4]], expected=[2, 3, 4])
        self._bound(self._c.x, given=[[1]], expected=[1])

    @requires.tuple_in
    def test_bound_in_two_tuple_direct(self) -> None:
        self._lists(tuple_(self._c.x, self._c.y), given=[[(2, 3), (3, 4), (9, 9)]], expected=[2, 3])

    @requires.tuple_in
    def test_bound_in_two_tuple_bindparam(self) -> None:
        self._bound(tuple_(self._c.x, self._c.y), given=[[(2, 3), (3, 4), (9, 9)]], expected=[2, 3])

    @requires.tuple_in
    def test_bound_in_heterogeneous_two_tuple_direct(self) -> None:
        self._lists(tuple_(self._c.x, self._c.z), given=[[(2, "z2"), (3, "z3"), (4, "z1")]], expected=[2, 3])

    @requires.tuple_in
    def test_bound_in_heterogeneous_two_tuple_bindparam(self) -> None:
        self._bound(tuple_(self._c.x, self._c.z), given=[[(2, "z2"), (3, "z3"), (4, "z1")]], expected=[2, 3])

    def _text(self, parameter: Any, values: Any) -> None:
        stmt = text("select id FROM some_table WHERE (x, z) IN :q ORDER BY id").bindparams(parameter)
        with config.db.connect() as connection:
            eq_(connection.scalars(stmt, {"q": values}).all(), [2, 3, 4])

    @requires.tuple_in
    def test_bound_in_heterogeneous_two_tuple_text_bindparam(self) -> None:
        self._text(bindparam("q", expanding=True), [(2, "z2"), (3, "z3"), (4, "z4")])

    @requires.tuple_in
    def test_bound_in_heterogeneous_two_tuple_text_bindparam_non_tuple(self) -> None:
        """Any sequence does for a tuple."""
        self._text(bindparam("q", expanding=True), [_Pair(2, "z2"), _Pair(3, "z3"), _Pair(4, "z4")])

    @requires.tuple_in
    def test_bound_in_heterogeneous_two_tuple_typed_bindparam_non_tuple(self) -> None:
        values = [_Pair(2, "z2"), _Pair(3, "z3"), _Pair(9, "z9")]
        self._bound(tuple_(self._c.x, self._c.z), given=[values], expected=[2, 3])

    # Empty lists -------------------------------------------------------------------------------------

    @requires.tuple_in_w_empty
    def test_empty_homogeneous_tuples_direct(self) -> None:
        self._lists(tuple_(self._c.x, self._c.y), given=[[]], expected=[])

    @requires.tuple_in_w_empty
    def test_empty_homogeneous_tuples_bindparam(self) -> None:
        self._bound(tuple_(self._c.x, self._c.y), given=[[]], expected=[])

    @requires.tuple_in_w_empty
    def test_empty_heterogeneous_tuples_direct(self) -> None:
        self._lists(tuple_(self._c.x, self._c.z), given=[[]], expected=[])

    @requires.tuple_in_w_empty
    def test_empty_heterogeneous_tuples_bindparam(self) -> None:
        self._bound(tuple_(self._c.x, self._c.z), given=[[]], expected=[])

    def test_empty_set_against_integer_direct(self) -> None:
        self._lists(self._c.x, given=[[]], expected=[])

    def test_empty_set_against_integer_bindparam(self) -> None:
        self._bound(self._c.x, given=[[]], expected=[])

    def test_empty_set_against_integer_negation_direct(self) -> None:
        self._lists(self._c.x, given=[[]], expected=[1, 2, 3, 4], negated=True)

    def test_empty_set_against_integer_negation_bindparam(self) -> None:
        self._bound(self._c.x, given=[[]], expected=[1, 2, 3, 4], negated=True)

    def test_empty_set_against_string_direct(self) -> None:
        self._lists(self._c.z, given=[[]], expected=[])

    def test_empty_set_against_string_bindparam(self) -> None:
        self._bound(self._c.z, given=[[]], expected=[])

    def test_empty_set_against_string_negation_direct(self) -> None:
        self._lists(self._c.z, given=[[]], expected=[1, 2, 3, 4], negated=True)

    def test_empty_set_against_string_negation_bindparam(self) -> None:
        self._bound(self._c.z, given=[[]], expected=[1, 2, 3, 4], negated=True)

    def test_multiple_empty_sets_direct(self) -> None:
        self._lists(self._c.x, self._c.z, given=[[], []], expected=[])

    def test_multiple_empty_sets_bindparam(self) -> None:
        self._bound(self._c.x, self._c.z, given=[[], []], expected=[])
        self._bound(self._c.x, self._c.z, given=[[1], []], expected=[])

    def test_nonempty_in_plus_empty_notin(self) -> None:
        self._ids(self._c.x.in_([2, 3]) & self._c.id.not_in([]), [2, 3])

    def test_empty_in_plus_notempty_notin(self) -> None:
        self._ids(self._c.x.in_([]) & self._c.id.not_in([2, 3]), [])

    def test_typed_str_in(self) -> None:
        self._text_of_type(bindparam("q", type_=String, expanding=True))

    def test_untyped_str_in(self) -> None:
        self._text_of_type(bindparam("q", expanding=True))

    def _text_of_type(self, parameter: Any) -> None:
        stmt = text("select id FROM some_table WHERE z IN :q ORDER BY id").bindparams(parameter)
        with config.db.connect() as connection:
            eq_(connection.scalars(stmt, {"q": ["z2", "z3", "no"]}).all(), [2, 3])

    def _null_in(self, connection: Any, values: Any, **params: Any) -> None:
        stmt = select(case((null().in_(values), true()), else_=false()))
        in_(connection.scalar(stmt, params), (False, 0))

    def test_null_in_empty_set_is_false_direct(self, connection: Any) -> None:
        self._null_in(connection, [])

    def test_null_in_empty_set_is_false_bindparam(self, connection: Any) -> None:
        self._null_in(connection, bindparam("foo", expanding=True), foo=[])


class _Pair(Sequence[Any]):
    """A sequence of two that is no tuple."""

    def __init__(self, *values: Any) -> None:
        self.values = values

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, index: Any) -> Any:
        return self.values[index]


class LikeFunctionsTest(fixtures.TablesTest):
    """LIKE and its escapes, regular expressions."""

    __backend__ = True
    run_inserts: ClassVar[str | None] = "once"
    run_deletes: ClassVar[str | None] = None
    DATA = (
        "abcdefg",
        "ab/cdefg",
        "ab%cdefg",
        "ab_cdefg",
        "abcde/fg",
        "abcde%fg",
        "ab#cdefg",
        "ab9cdefg",
        "abcde#fg",
    )

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

    def _check(self, condition: Any, test: Any) -> None:
        with config.db.connect() as connection:
            eq_(self._found(connection, condition), self._expected(test))

    @property
    def _data(self) -> Any:
        return self.tables.some_table.c.data

    def test_startswith_unescaped(self) -> None:
        self._check(self._data.startswith("ab%c"), lambda data: True)

    def test_startswith_autoescape(self) -> None:
        for part in ("ab%c", "ab_c", "ab/c", "ab"):
            self._check(
                self._data.startswith(part, autoescape=True), lambda data, part=part: data.startswith(part)
            )

    def test_startswith_sqlexpr(self) -> None:
        self._check(self._data.startswith(literal_column("'ab%c'")), lambda data: True)
        self._check(self._data.startswith(literal_column("'ab9'")), lambda data: data == "ab9cdefg")

    @requires.like_escapes
    def test_startswith_escape(self) -> None:
        self._check(self._data.startswith("ab##c", escape="#"), lambda data: data.startswith("ab#c"))

    @requires.like_escapes
    def test_startswith_autoescape_escape(self) -> None:
        for part in ("ab%c", "ab#c"):
            self._check(
                self._data.startswith(part, autoescape=True, escape="#"),
                lambda data, part=part: data.startswith(part),
            )

    def test_endswith_unescaped(self) -> None:
        self._check(self._data.endswith("e%fg"), lambda data: True)

    def test_endswith_sqlexpr(self) -> None:
        self._check(self._data.endswith(literal_column("'e%fg'")), lambda data: True)

    def test_endswith_autoescape(self) -> None:
        for part in ("e%fg", "e/fg", "_cdefg"):
            self._check(
                self._data.endswith(part, autoescape=True), lambda data, part=part: data.endswith(part)
            )

    @requires.like_escapes
    def test_endswith_escape(self) -> None:
        self._check(self._data.endswith("e##fg", escape="#"), lambda data: data.endswith("e#fg"))

    @requires.like_escapes
    def test_endswith_autoescape_escape(self) -> None:
        for part in ("e%fg", "e#fg"):
            self._check(
                self._data.endswith(part, autoescape=True, escape="#"),
                lambda data, part=part: data.endswith(part),
            )

    def test_contains_unescaped(self) -> None:
        self._check(self._data.contains("b%cde"), lambda data: True)

    def test_contains_autoescape(self) -> None:
        for part in ("%", "_", "/", "b%cde"):
            self._check(self._data.contains(part, autoescape=True), lambda data, part=part: part in data)

    @requires.like_escapes
    def test_contains_escape(self) -> None:
        self._check(self._data.contains("b##cde", escape="#"), lambda data: "b#cde" in data)
        self._check(self._data.contains("b#%c", escape="#"), lambda data: "b%c" in data)

    @requires.like_escapes
    def test_contains_autoescape_escape(self) -> None:
        for part in ("b%cd", "b#cd"):
            self._check(
                self._data.contains(part, autoescape=True, escape="#"), lambda data, part=part: part in data
            )

    @requires.regexp_match
    @testing.combinations(
        ("a.cde", ["abcdefg", "abcde/fg", "abcde%fg", "abcde#fg"]),
        ("%", ["ab%cdefg", "abcde%fg"]),
        ("^ab[/_]", ["ab/cdefg", "ab_cdefg"]),
        argnames="text, expected",
    )
    def test_regexp_match(self, text: str, expected: list[str]) -> None:
        self._check(self._data.regexp_match(text), lambda data: data in expected)

    @requires.regexp_match
    def test_not_regexp_match(self) -> None:
        self._check(~self._data.regexp_match("a.cde"), lambda data: not data.startswith("abcde"))

    @requires.regexp_replace
    def test_regexp_replace(self) -> None:
        self._check(
            self._data.regexp_replace("b.cdefg", "X") == "aX",
            lambda data: len(data) == 8 and data.endswith("cdefg"),
        )


__all__ = ["ExpandingBoundInTest", "LikeFunctionsTest", "PostCompileParamsTest"]
