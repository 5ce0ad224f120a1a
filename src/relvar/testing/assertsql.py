"""
Assert which statements an engine sent.

    with assert_engine(engine) as asserter:
        session.flush()
    asserter.assert_(
        CompiledSQL("INSERT INTO t (x) VALUES (:x)", [{"x": 5}]),
        CompiledSQL("SELECT t.id FROM t WHERE t.id = :id_1", [{"id_1": 1}]),
    )

A rule looks at one statement after the other until it is consumed.  Statements that
were given to the driver as they are (``exec_driver_sql()``) are no business of the rules.
"""

from __future__ import annotations

import contextlib
import copy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from relvar import event
from relvar.dialect.default import DefaultDialect
from relvar.engine.url import make_url
from relvar.testing.util import fail

if TYPE_CHECKING:
    from re import Pattern

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | Callable[[Any], Any] | None


class SQLCursorExecuteObserved(NamedTuple):
    """One call of a cursor."""

    statement: str
    parameters: Any
    context: Any
    executemany: bool


class SQLExecuteObserved:
    """One execution of a statement, with the calls of cursors that it took."""

    def __init__(self, context: Any, clauseelement: Any, multiparams: Any, params: Any) -> None:
        self.context = context
        self.clauseelement = clauseelement
        self.parameters: list[Any] = list(multiparams) or ([params] if params else [])
        self.executed_cursor_sql: list[SQLCursorExecuteObserved] = []

    def __repr__(self) -> str:
        return repr(self.executed_cursor_sql)


# Rules ---------------------------------------------------------------------------------------------------


class AssertRule:
    """
    What is expected of one statement or more.

    Attributes:
        is_consumed: Everything expected has come.
        errormessage: What came instead.
        consume_statement: Whether the rule after this one sees the next statement, or the same.
    """

    is_consumed = False
    errormessage: str | None = None
    consume_statement = True

    def process_statement(self, execute_observed: SQLExecuteObserved) -> None:
        """Look at a statement; set ``is_consumed`` or ``errormessage``."""

    def no_more_statements(self) -> None:
        """Fail: there is no statement left to look at."""
        fail("All statements are complete, but pending assertion rules remain")


class SQLMatchRule(AssertRule):
    """One statement, by its text."""


class CursorSQL(SQLMatchRule):
    """Exactly this text, and these parameters, at the cursor."""

    def __init__(self, statement: str, params: Any = None, consume_statement: bool = True) -> None:
        self.statement = statement
        self.params = params
        self.consume_statement = consume_statement

    def process_statement(self, execute_observed: SQLExecuteObserved) -> None:
        calls = execute_observed.executed_cursor_sql
        call = calls[0]
        if self.statement != call.statement or (self.params is not None and self.params != call.parameters):
            self.errormessage: str = (
                f"Testing for exact SQL {self.statement} parameters {self.params} "
                f"received {call.statement} {call.parameters}"
            )
            return
        self.is_consumed = True
        if self.consume_statement:
            calls.pop(0)
            # the calls that are left belong to the next rule
            self.consume_statement: bool = not calls


class CompiledSQL(SQLMatchRule):
    """
    A statement as a dialect without quirks writes it, and at least these parameters.

    Args:
        statement: The text; line ends do not count.
        params: A dictionary, a list of them in any order, or a function of the execution context
            that returns one; parameters not named are not compared.
        dialect: The name of a dialect to write it for.
        enable_returning: Whether RETURNING is left in an INSERT of that dialect.
    """

    def __init__(
        self,
        statement: Any,
        params: Parameters = None,
        dialect: Any = "default",
        enable_returning: bool = True,
    ) -> None:
        self.statement = statement
        self.params = params
        self.dialect = dialect
        self.enable_returning = enable_returning

    def _compile_dialect(self, execute_observed: SQLExecuteObserved) -> Any:
        if self.dialect == "default":
            dialect: Any = DefaultDialect(paramstyle="named")
            dialect.supports_default_values = dialect.supports_default_metavalue = True
            if self.enable_returning:
                dialect.insert_returning = dialect.update_returning = dialect.delete_returning = True
                dialect.use_insertmanyvalues = dialect.supports_multivalues_insert = True
            return dialect
        if isinstance(self.dialect, str):
            return make_url(f"{self.dialect}://").get_dialect()()
        return self.dialect

    def _received_statement(self, execute_observed: SQLExecuteObserved) -> tuple[str, list[Any]]:
        context = execute_observed.context
        compiled = context.compiled
        options: dict[str, Any] = {"dialect": self._compile_dialect(execute_observed)}
        if compiled.schema_translate_map:
            options["schema_translate_map"] = compiled.schema_translate_map
        if not compiled.is_ddl:
            options["column_keys"] = compiled.column_keys
            options["for_executemany"] = compiled.for_executemany
        written = compiled.statement.compile(**options)
        text = re.sub(r"[\n\t]", "", str(written))
        if compiled.is_ddl:
            return text, [None]
        names = set(getattr(written, "params", None) or ())
        # what only the dialect that ran it adds is not compared
        rows = [{key: row[key] for key in row if key in names} for row in context.compiled_parameters]
        return text, rows or [{}]

    def _compare_sql(self, execute_observed: SQLExecuteObserved, received_statement: str) -> bool:
        return bool(re.sub(r"[\n\t]", "", self.statement) == received_statement)

    def _wanted(self, context: Any) -> list[Any] | None:
        wanted = self.params(context) if callable(self.params) else self.params
        if not wanted:
            return None
        return [wanted] if isinstance(wanted, Mapping) else list(wanted)

    def process_statement(self, execute_observed: SQLExecuteObserved) -> None:
        wanted = self._wanted(execute_observed.context)
        text, found = self._received_statement(execute_observed)
        same = self._compare_sql(execute_observed, text)
        if same and wanted is not None:
            same = len(wanted) == len(found) and _match_in_any_order(wanted, found)
        if same:
            self.is_consumed = True
            self.errormessage = None
        else:
            self.errormessage = self._failure_message(wanted, text, found)

    def _failure_message(self, wanted: Any, text: str, found: Any) -> str:
        return (
            f"Testing for compiled statement\n{self.statement!r} partial params {wanted}, received\n"
            f"{text!r} with params {found!r}"
        )


def _match_in_any_order(wanted: list[Any], found: list[Any]) -> bool:
    left = list(found)
    for one in wanted:
        for other in left:
            if one is None or (
                other is not None and all(key in other and other[key] == value for key, value in one.items())
            ):
                left.remove(other)
                break
        else:
            return False
    return True


class RegexSQL(CompiledSQL):
    """A statement that a regular expression matches at its start."""

    def __init__(
        self, regex: str, params: Parameters = None, dialect: Any = "default", enable_returning: bool = False
    ) -> None:
        super().__init__(regex, params, dialect, enable_returning)
        self.regex: Pattern[str] = re.compile(regex)

    def _failure_message(self, wanted: Any, text: str, found: Any) -> str:
        return (
            f"Testing for compiled statement ~{self.regex.pattern!r} partial params {wanted}, "
            f"received {text!r} with params {found!r}"
        )

    def _compare_sql(self, execute_observed: SQLExecuteObserved, received_statement: str) -> bool:
        return self.regex.match(received_statement) is not None


class DialectSQL(CompiledSQL):
    """A statement as the dialect that ran it writes it; its placeholders may be written ``:name``."""

    def _compile_dialect(self, execute_observed: SQLExecuteObserved) -> Any:
        return execute_observed.context.dialect

    def _compare_sql(self, execute_observed: SQLExecuteObserved, received_statement: str) -> bool:
        wanted = re.sub(r"[\n\t]", "", self.statement)
        if wanted == received_statement:
            return True
        placeholder = {"qmark": "?", "format": "%s", "pyformat": r"%(\1)s", "named": r":\1"}
        style = execute_observed.context.dialect.paramstyle
        return bool(re.sub(r"(?<![:\w]):(\w+)", placeholder.get(style, r":\1"), wanted) == received_statement)


class CountStatements(AssertRule):
    """So many statements, whichever."""

    seen: int

    def __init__(self, count: int) -> None:
        self.count = count
        self.seen = 0

    def process_statement(self, execute_observed: SQLExecuteObserved) -> None:
        self.seen += 1

    def no_more_statements(self) -> None:
        if self.count != self.seen:
            fail(f"desired statement count {self.count} does not match {self.seen}")


class AllOf(AssertRule):
    """Every rule, in any order."""

    def __init__(self, *rules: AssertRule) -> None:
        self.rules: list[AssertRule] = list(rules)

    def process_statement(self, execute_observed: SQLExecuteObserved) -> None:
        messages: list[str] = []
        for rule in self.rules:
            rule.errormessage = None
            rule.process_statement(execute_observed)
            if rule.is_consumed:
                self._consumed(rule)
                return
            if rule.errormessage is None:
                return
            messages.append(rule.errormessage)
        self.errormessage: str = messages[0] if messages else "No rule is left for the statement"

    def _consumed(self, rule: AssertRule) -> None:
        self.rules.remove(rule)
        self.is_consumed: bool = not self.rules


class Or(AllOf):
    """One of the rules."""

    def _consumed(self, rule: AssertRule) -> None:
        self.is_consumed = True


class EachOf(AssertRule):
    """Every rule, in this order."""

    def __init__(self, *rules: AssertRule) -> None:
        self.rules: list[AssertRule] = list(rules)

    def process_statement(self, execute_observed: SQLExecuteObserved) -> None:
        while self.rules:
            rule = self.rules[0]
            rule.process_statement(execute_observed)
            if not rule.is_consumed:
                self.errormessage: str | None = rule.errormessage
                return
            self.rules.pop(0)
            if rule.consume_statement:
                break
        self.is_consumed: bool = not self.rules

    def no_more_statements(self) -> None:
        for rule in self.rules:
            rule.no_more_statements()


class Conditional(EachOf):
    """Some rules where a condition holds, others where it does not."""

    def __init__(self, condition: Any, rules: Sequence[AssertRule], else_rules: Sequence[AssertRule]) -> None:
        super().__init__(*(rules if condition else else_rules))


# Watching ------------------------------------------------------------------------------------------------


class SQLAsserter:
    """
    What an engine sent; ``assert_()`` compares it with rules once the block has ended.

    Attributes:
        accumulated: The executions.
    """

    def __init__(self) -> None:
        self.accumulated: list[SQLExecuteObserved] = []

    def _note(self, statement: str, parameters: Any, context: Any, executemany: bool) -> None:
        if context is None or context.compiled is None:
            return
        if not self.accumulated or self.accumulated[-1].context is not context:
            self.accumulated.append(
                SQLExecuteObserved(context, context.compiled.statement, context.compiled_parameters, None)
            )
        self.accumulated[-1].executed_cursor_sql.append(
            SQLCursorExecuteObserved(statement, parameters, context, executemany)
        )

    def assert_(self, *rules: AssertRule) -> None:
        """
        Compare what was sent with rules, in this order.

        Raises:
            AssertionError: Something else was sent, less or more.
        """
        rule = EachOf(*rules)
        left = [_copy(each) for each in self.accumulated]
        while left and not rule.is_consumed:
            rule.process_statement(left[0])
            if rule.errormessage:
                fail(rule.errormessage)
            left.pop(0)
        if not rule.is_consumed and rules:
            rule.no_more_statements()
        elif left and rules:
            fail(f"Additional SQL statements remain:\n{left}")


def _copy(observed: SQLExecuteObserved) -> SQLExecuteObserved:
    """Copy an execution: rules take its calls away."""
    made = copy.copy(observed)
    made.executed_cursor_sql = list(observed.executed_cursor_sql)
    return made


@contextlib.contextmanager
def assert_engine(engine: Any) -> Iterator[SQLAsserter]:
    """Note what an engine, or a connection, sends in a block."""
    asserter = SQLAsserter()

    def note(
        conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
    ) -> None:
        asserter._note(statement, parameters, context, executemany)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asserter
    finally:
        event.remove(engine, "before_cursor_execute", note)


__all__ = [
    "AllOf",
    "AssertRule",
    "CompiledSQL",
    "Conditional",
    "CountStatements",
    "CursorSQL",
    "DialectSQL",
    "EachOf",
    "Or",
    "RegexSQL",
    "SQLAsserter",
    "SQLCursorExecuteObserved",
    "SQLExecuteObserved",
    "SQLMatchRule",
    "assert_engine",
]
