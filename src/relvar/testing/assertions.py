"""Assert: plain comparisons, errors, warnings, the text of a statement."""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from relvar import exc, util
from relvar.testing import assertsql
from relvar.testing.configuration import current_config, current_dialect
from relvar.testing.decorate import around

_F = TypeVar("_F", bound=Callable[..., Any])

Errors = type[BaseException] | tuple[type[BaseException], ...]


# Comparisons -----------------------------------------------------------------------------------------


def eq_(a: Any, b: Any, msg: str | None = None) -> None:
    """Assert that ``a == b``."""
    assert a == b, msg or f"{a!r} != {b!r}"


def ne_(a: Any, b: Any, msg: str | None = None) -> None:
    """Assert that ``a != b``."""
    assert a != b, msg or f"{a!r} == {b!r}"


def le_(a: Any, b: Any, msg: str | None = None) -> None:
    """Assert that ``a <= b``."""
    assert a <= b, msg or f"{a!r} > {b!r}"


def is_(a: Any, b: Any, msg: str | None = None) -> None:
    """Assert that both are one object."""
    assert a is b, msg or f"{a!r} is not {b!r}"


def is_not(a: Any, b: Any, msg: str | None = None) -> None:
    """Assert that the two are different objects."""
    assert a is not b, msg or f"{a!r} is {b!r}"


is_not_ = is_not


def is_none(a: Any, msg: str | None = None) -> None:
    """Assert that ``a`` is None."""
    is_(a, None, msg)


def is_not_none(a: Any, msg: str | None = None) -> None:
    """Assert that ``a`` is not None."""
    is_not(a, None, msg)


def is_true(a: Any, msg: str | None = None) -> None:
    """Assert that ``a`` is true in a condition."""
    is_(bool(a), True, msg)


def is_false(a: Any, msg: str | None = None) -> None:
    """Assert that ``a`` is false in a condition."""
    is_(bool(a), False, msg)


def is_instance_of(a: Any, b: Any, msg: str | None = None) -> None:
    """Assert that ``a`` is an instance of the class ``b``."""
    assert isinstance(a, b), msg or f"{a!r} is not an instance of {b!r}"


def in_(a: Any, b: Any, msg: str | None = None) -> None:
    """Assert that ``a in b``."""
    assert a in b, msg or f"{a!r} not in {b!r}"


def not_in(a: Any, b: Any, msg: str | None = None) -> None:
    """Assert that ``a not in b``."""
    assert a not in b, msg or f"{a!r} is in {b!r}"


not_in_ = not_in


def startswith_(a: str, fragment: str, msg: str | None = None) -> None:
    """Assert that the text ``a`` starts with ``fragment``."""
    assert a.startswith(fragment), msg or f"{a!r} does not start with {fragment!r}"


def eq_regex(a: str, b: str, msg: str | None = None, flags: int = 0) -> None:
    """Assert that the text ``a`` matches the pattern ``b`` from its start."""
    assert re.match(b, a, flags), msg or f"{a!r} !~ {b!r}"


def eq_ignore_whitespace(a: str, b: str, msg: str | None = None) -> None:
    """Assert that two texts are equal when runs of white space count as one blank."""
    eq_(" ".join(a.split()), " ".join(b.split()), msg)


def int_within_variance(expected: int, received: int, variance: float) -> None:
    """Assert that a number is off by no more than a part of what was expected, 0.05 say."""
    deviance = int(expected * variance)
    assert abs(received - expected) < deviance, (
        f"Given int value {received} is not within {variance * 100}% of expected value {expected}"
    )


# Errors ----------------------------------------------------------------------------------------------


class _Caught:
    """The error that a block raised: ``error`` is set when the block has ended."""

    error: Any = None


def _has_proper_context(error: BaseException) -> bool:
    return error.__context__ is None or error.__cause__ is not None or error.__suppress_context__


@contextlib.contextmanager
def _expect_raises(
    except_cls: Errors, msg: str | None = None, check_context: bool = False
) -> Iterator[_Caught]:
    caught = _Caught()
    try:
        yield caught
    except except_cls as error:
        caught.error = error
        if msg is not None:
            assert re.search(msg, str(error), re.UNICODE), f"{msg!r} !~ {error}"
        if check_context and isinstance(except_cls, type):
            assert _has_proper_context(error), (
                f"Exception {error!r} was correctly raised but did not set a cause, "
                f"within context {error.__context__!r} as its cause."
            )
        return
    raise AssertionError("Callable did not raise an exception")


def expect_raises(except_cls: Errors, check_context: bool = True) -> Any:
    """
    Return a context manager for a block that must raise; its value has the ``error``.

    ``check_context``: an error raised while another was handled must name it as its cause.
    """
    return _expect_raises(except_cls, check_context=check_context)


def expect_raises_message(except_cls: Errors, msg: str, check_context: bool = True) -> Any:
    """Return a context manager for a block that must raise an error whose text has the pattern."""
    return _expect_raises(except_cls, msg, check_context)


def assert_raises(except_cls: Errors, callable_: Callable[..., Any], *args: Any, **kw: Any) -> Any:
    """Assert that a call raises; return the error."""
    with _expect_raises(except_cls, check_context=True) as caught:
        callable_(*args, **kw)
    return caught.error


def assert_raises_context_ok(except_cls: Errors, callable_: Callable[..., Any], *args: Any, **kw: Any) -> Any:
    """Assert that a call raises, whatever error was being handled; return the error."""
    with _expect_raises(except_cls) as caught:
        callable_(*args, **kw)
    return caught.error


def assert_raises_message(
    except_cls: Errors, msg: str, callable_: Callable[..., Any], *args: Any, **kwargs: Any
) -> Any:
    """Assert that a call raises an error whose text has the pattern ``msg``; return the error."""
    with _expect_raises(except_cls, msg, check_context=True) as caught:
        callable_(*args, **kwargs)
    return caught.error


def assert_raises_message_context_ok(
    except_cls: Errors, msg: str, callable_: Callable[..., Any], *args: Any, **kwargs: Any
) -> Any:
    """Do as ``assert_raises_message``, whatever error was being handled."""
    with _expect_raises(except_cls, msg) as caught:
        callable_(*args, **kwargs)
    return caught.error


# Warnings --------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _expect_warnings(
    exc_cls: type[Warning],
    messages: tuple[str, ...],
    regex: bool = True,
    search_msg: bool = False,
    assert_: bool = True,
) -> Iterator[None]:
    """Take the warnings of one class that match; give out all others again when the block ends."""
    with warnings.catch_warnings(record=True) as noted:
        warnings.simplefilter("always")
        yield
    missing = set(messages)
    for warning in noted:
        text = str(warning.message)
        matching = {m for m in messages if _matches(m, text, regex, search_msg)}
        if issubclass(warning.category, exc_cls) and (matching or not messages):
            missing -= matching
        else:
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    if assert_:
        assert not missing, f"Warnings were not seen: {', '.join(repr(m) for m in sorted(missing))}"


def _matches(message: str, text: str, regex: bool, search: bool) -> bool:
    if not regex:
        return message == text
    return (re.search if search else re.match)(message, text) is not None


def expect_warnings(*messages: str, **kw: Any) -> Any:
    """
    Return a context manager for a block that must warn once or more for each pattern.

    Without patterns every warning of relvar is taken.  ``assert_=False`` takes
    what comes; ``regex=False`` compares whole texts.
    """
    return _expect_warnings(exc.SAWarning, messages, **kw)


@contextlib.contextmanager
def expect_warnings_on(db: Any, *messages: str, **kw: Any) -> Iterator[None]:
    """Do as ``expect_warnings`` where the current database is ``db``, do nothing elsewhere."""
    from relvar.testing import config, exclusions

    if exclusions.matches(db, config.current_config()):
        with expect_warnings(*messages, **kw):
            yield
    else:
        yield


def expect_deprecated(*messages: str, **kw: Any) -> Any:
    """Return a context manager for a block that must warn that something is deprecated."""
    return _expect_warnings(exc.SADeprecationWarning, messages, **kw)


def expect_deprecated_20(*messages: str, **kw: Any) -> Any:
    """Return a context manager for a block that must warn that something is deprecated since 2.0."""
    return _expect_warnings(exc.Base20DeprecationWarning, messages, **kw)


def emits_warning(*messages: str) -> Callable[[_F], _F]:
    """Return a decorator: the test may give these warnings."""
    return around(lambda: expect_warnings(*messages, assert_=False))


def emits_warning_on(db: Any, *messages: str) -> Callable[[_F], _F]:
    """Return a decorator: the test may give these warnings on the database ``db``."""
    return around(lambda: expect_warnings_on(db, *messages, assert_=False))


def uses_deprecated(*messages: str) -> Callable[[_F], _F]:
    """Return a decorator: the test may use what is deprecated."""
    return around(lambda: expect_deprecated(*messages, assert_=False))


def assert_warns(except_cls: type[Warning], callable_: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Assert that a call warns; return what it returns."""
    with _expect_warnings(except_cls, (".*",)):
        return callable_(*args, **kwargs)


def assert_warns_message(
    except_cls: type[Warning], msg: str, callable_: Callable[..., Any], *args: Any, **kwargs: Any
) -> Any:
    """Assert that a call warns with a text that has the pattern; return what it returns."""
    with _expect_warnings(except_cls, (msg,), search_msg=True):
        return callable_(*args, **kwargs)


# Statements and tables -------------------------------------------------------------------------------


class AssertsCompiledSQL:
    """
    Give a test class ``assert_compile``.

    ``__dialect__`` of the class (a name or a dialect; "default" is the one of no
    database) is used where a call names none; without it, that of the current database.
    """

    def assert_compile(
        self,
        clause: Any,
        result: str | None,
        params: Any = None,
        checkparams: Any = None,
        dialect: Any = None,
        checkpositional: Any = None,
        use_default_dialect: bool = False,
        literal_binds: bool = False,
        render_postcompile: bool = False,
        schema_translate_map: Any = None,
        render_schema_translate: bool = False,
        compile_kwargs: Any = util.immutabledict(),
        **kw: Any,
    ) -> None:
        """Assert the text of a statement, and where wanted its parameters, by name and by position."""
        if dialect is None:
            dialect = "default" if use_default_dialect else getattr(self, "__dialect__", None)
        dialect = current_dialect() if dialect is None else dialect_of(dialect)
        options = dict(compile_kwargs)
        for name, wanted in (("literal_binds", literal_binds), ("render_postcompile", render_postcompile)):
            if wanted:
                options[name] = True
        if schema_translate_map is not None:
            kw["schema_translate_map"] = schema_translate_map
        if render_schema_translate:
            kw["render_schema_translate"] = True
        if options:
            kw["compile_kwargs"] = options
        statement = getattr(clause, "statement", clause) if hasattr(clause, "_query_entity_zero") else clause
        compiled = statement.compile(dialect=dialect, **kw)
        if result is not None:
            eq_(str(compiled).replace("\n", "").replace("\t", ""), result.replace("\n", "").replace("\t", ""))
        if checkparams is not None:
            eq_(compiled.construct_params(params), checkparams)
        if checkpositional is not None:
            values = compiled.construct_params(params)
            eq_(tuple(values[name] for name in compiled.positiontup), tuple(checkpositional))


def dialect_of(dialect: Any) -> Any:
    """Return a dialect by its name ("default" is the one of no database), or the dialect given."""
    from relvar.dialects import registry
    from relvar.engine.default import DefaultDialect

    if not isinstance(dialect, str):
        return dialect
    if dialect == "default":
        return DefaultDialect()
    if dialect == "default_enhanced":
        from relvar.dialect.stringify import StrCompileDialect

        return StrCompileDialect()
    return registry.load(dialect.replace("+", "."))()


class ComparesTables:
    """Give a test class ``assert_tables_equal``: a table as written beside the same as reflected."""

    def assert_tables_equal(
        self, table: Any, reflected_table: Any, strict_types: bool = False, strict_constraints: bool = True
    ) -> None:
        """Assert equal columns, types, primary keys, foreign keys and lengths."""
        assert len(table.c) == len(reflected_table.c)
        for one, other in zip(table.c, reflected_table.c, strict=True):
            eq_(one.name, other.name)
            assert reflected_table.c[one.name] is other
            if strict_constraints:
                eq_(one.primary_key, other.primary_key)
                eq_(one.nullable, other.nullable)
                eq_({f.column.name for f in one.foreign_keys}, {f.column.name for f in other.foreign_keys})
            if strict_types:
                assert isinstance(other.type, type(one.type)), f"Type {other.type} is not {one.type}"
            else:
                self.assert_types_base(other, one)
            if getattr(one.type, "length", None):
                eq_(other.type.length, one.type.length)
            if one.server_default:
                assert other.server_default, f"{one} has lost its server default"

    def assert_types_base(self, c1: Any, c2: Any) -> None:
        """Assert that the types of two columns are of one kind."""
        assert c1.type._compare_type_affinity(c2.type), (
            f"On column {c1.name!r}, type '{c1.type}' doesn't correspond to type '{c2.type}'"
        )


class ComparesIndexes:
    """Give a test class ``compare_table_index_with_expected``."""

    def compare_table_index_with_expected(
        self, table: Any, expected: list[dict[str, Any]], dialect_name: str
    ) -> None:
        """Assert that a table has exactly the indexes described."""
        eq_(len(table.indexes), len(expected))
        by_name = {index.name: index for index in table.indexes}
        for wanted in expected:
            index = by_name[wanted["name"]]
            eq_([c.name for c in index.columns], wanted["column_names"])
            eq_(bool(index.unique), bool(wanted["unique"]))


class AssertsExecutionResults:
    """Give a test class assertions about what was loaded and what was sent."""

    def assert_result(self, result: Any, class_: type, *objects: Any) -> None:
        """
        Assert that objects are of a class and have these attributes, in this order.

        An attribute that refers to others is given as ``(class, attributes)`` or
        ``(class, [attributes, ...])``.
        """
        self.assert_list(list(result), class_, objects)

    def assert_list(self, result: Any, class_: type, list_: Any) -> None:
        """Assert that a list has objects of a class with these attributes."""
        eq_(len(result), len(list_), f"{len(list_)} objects were expected, these came: {result}")
        for instance, wanted in zip(result, list_, strict=True):
            self.assert_row(class_, instance, wanted)

    def assert_row(self, class_: type, rowobj: Any, desc: Any) -> None:
        """Assert that an object is of a class and has these attributes."""
        assert rowobj.__class__ is class_, f"item class is not {class_!r}: {rowobj!r}"
        for name, value in desc.items():
            found = getattr(rowobj, name)
            if not isinstance(value, tuple):
                eq_(found, value, f"attribute {name!r} is {found!r}, expected was {value!r}")
            elif isinstance(value[1], list):
                self.assert_list(found, value[0], value[1])
            else:
                self.assert_row(value[0], found, value[1])

    def assert_unordered_result(self, result: Any, cls: type, *expected: Any) -> None:
        """Assert the same in any order."""
        found = list(result)
        for one in found:
            assert one.__class__ is cls, f"item class is not {cls!r}: {one!r}"
        eq_(len(found), len(expected))
        left = list(found)
        for wanted in expected:
            for one in left:
                try:
                    self.assert_row(cls, one, wanted)
                except AssertionError:
                    continue
                left.remove(one)
                break
            else:
                raise AssertionError(f"expected {cls.__name__} instance with attributes {wanted!r} not found")

    def sql_execution_asserter(self, db: Any = None) -> Any:
        """Return a context manager that notes what an engine sends; see `relvar.testing.assertsql`."""
        return assertsql.assert_engine(current_config().db if db is None else db)

    def assert_sql_execution(self, db: Any, callable_: Callable[[], Any], *rules: Any) -> Any:
        """Assert what a function sends; return what it returns."""
        with self.sql_execution_asserter(db) as asserter:
            result = callable_()
        asserter.assert_(*rules)
        return result

    def assert_sql(self, db: Any, callable_: Callable[[], Any], rules: Sequence[Any]) -> Any:
        """Assert what a function sends; rules may be dictionaries or pairs (text, parameters)."""
        return self.assert_sql_execution(db, callable_, *map(_as_rule, rules))

    def assert_sql_count(self, db: Any, callable_: Callable[[], Any], count: int) -> Any:
        """Assert how many statements a function sends; return what it returns."""
        return self.assert_sql_execution(db, callable_, assertsql.CountStatements(count))

    @contextlib.contextmanager
    def assert_execution(self, db: Any, *rules: Any) -> Iterator[None]:
        """Assert what is sent in a block."""
        with self.sql_execution_asserter(db) as asserter:
            yield
        asserter.assert_(*rules)

    def assert_statement_count(self, db: Any, count: int) -> Any:
        """Assert how many statements are sent in a block."""
        return self.assert_execution(db, assertsql.CountStatements(count))

    @contextlib.contextmanager
    def assert_statement_count_multi_db(self, dbs: Sequence[Any], counts: Sequence[int]) -> Iterator[None]:
        """Assert how many statements each of several engines is sent in a block."""
        with contextlib.ExitStack() as stack:
            for db, count in zip(dbs, counts, strict=True):
                stack.enter_context(self.assert_statement_count(db, count))
            yield


def _as_rule(rule: Any) -> Any:
    """Make a rule of a pair (text, parameters), or of a dictionary of them, which come in any order."""
    if isinstance(rule, assertsql.AssertRule):
        return rule
    if isinstance(rule, dict):
        return assertsql.AllOf(*map(_as_rule, rule.items()))
    return assertsql.CompiledSQL(*rule)
