"""
Statements of every kind are values: rendering, copying, pickling, comparing and sharing leave no trace.

What two of them have in common is said by their keys, which hold no value.
"""

from __future__ import annotations

import copy
import gc
import pickle
import re
import sys
import threading
import types
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

sys.path.insert(0, str(Path(__file__).parent))

from statement_builder import NAMED, Builder  # beside this file, not a package
from statement_plans import DIALECTS, REFUSED, everywhere, inlined, statements, written

from relvar import create_engine, event
from relvar._kernels import keys
from relvar.exc import ArgumentError

quickly = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
pytestmark = pytest.mark.filterwarnings(
    "ignore::relvar.exc.SAWarning", "ignore::relvar.exc.SADeprecationWarning"
)


def built(plan: Any, start: int = 10**12) -> Any:
    """Return the statement; names that clash are refused when it is built or compiled."""
    try:
        return Builder(start).statement(plan)
    except REFUSED:
        assume(False)


def texts(statement: Any) -> list[Any]:
    """Return what the statement is on each dialect, without the values."""
    return [found if isinstance(found, str) else found[0] for found in everywhere(statement)]


def described(statement: Any) -> list[Any]:
    """Return all that a plan has of the statement: text, types of parameters, columns of the result."""
    found: list[Any] = []
    for dialect in DIALECTS:
        try:
            compiled = statement.compile(dialect=dialect)
        except REFUSED as error:
            found.append(type(error).__name__)
            continue
        columns = [
            (re.sub(r"%\(-?\d+ ", "%(", str(c[1])), repr(c[3])) for c in compiled._result_columns or ()
        ]
        found.append((str(compiled), {k: repr(b.type) for k, b in compiled.binds.items()}, columns))
    return found


# Keys ------------------------------------------------------------------------------------------------


@quickly
@given(statements)
def test_equal_structure_gives_equal_keys_whatever_the_values(plan: Any) -> None:
    one, other = built(plan), built(plan, 5 * 10**12)
    key, binds = keys.statement_key(one)
    other_key, other_binds = keys.statement_key(other)
    assert key is not None and key == other_key
    assert [b._orig_key for b in binds] == [b._orig_key for b in other_binds]
    assert texts(one) == texts(other)


@quickly
@given(statements, statements)
def test_equal_keys_mean_equal_text(plan: Any, other_plan: Any) -> None:
    one, other = built(plan), built(other_plan)
    if keys.statement_key(one)[0] == keys.statement_key(other)[0]:
        assert texts(one) == texts(other)
    elif texts(one) == texts(other):
        # the text is the same by chance: the values or types behind it are not
        assert plan != other_plan


# What else could stand in the place of a word of a plan.
OTHER_WORDS: dict[Any, Any] = {
    "p": "q",
    "q": "p",
    "odd name": "p",
    "l": "m",
    "m": None,
    "k": "l",
    ",": ";",
    "year": "month",
    "1": "a.id",
    "+": "-",
    "-": "*",
    "*": "%",
    "%": "/",
    "/": "&",
    "&": "@",
    "x": "id",
    "id": "x",
    "max": "count",
    "lower": "max",
    "sum": "rank",
    "mode": "percentile_cont",
    "twice": "thrice",
    "rows": "range_",
    "groups": "rows",
    "TIES": "GROUP",
    "GROUP": None,
    "like": "ilike",
    "==": "<",
    "<": "!=",
    "is": "distinct",
    "escape": "like",
    "contains": "starts",
    "regexp": "like",
    "union": "all",
    "except": "intersect",
    "subquery": "cte",
    "cte": "nested",
    "plain": "returning",
    "from": "plain",
    "nothing": "update",
    "sqlite": "postgresql",
    "postgresql": "mysql",
    "value": "called",
    "and": "or",
    "or": "and",
    "minus": "coerced",
    5: 6,
    6: 5,
    2: 3,
    -1: -2,
    -2: -1,
}


def neighbours(plan: Any) -> Iterator[Any]:
    """Yield plans that differ from *plan* in one word."""
    if isinstance(plan, (tuple, list)):
        for index, part in enumerate(plan):
            for changed in neighbours(part):
                yield type(plan)([*plan[:index], changed, *plan[index + 1 :]])
    elif isinstance(plan, (set, frozenset)):
        for part in plan:
            yield plan - {part}
    elif isinstance(plan, bool):
        yield not plan
    elif plan in OTHER_WORDS:
        yield OTHER_WORDS[plan]


@quickly
@given(statements)
def test_a_key_tells_statements_apart_that_differ_in_one_word(plan: Any) -> None:
    statement = built(plan)
    key, shown = keys.statement_key(statement)[0], described(statement)
    for other_plan in islice(neighbours(plan), 40):
        try:
            other = Builder().statement(other_plan)
        except (AttributeError, TypeError, ValueError, KeyError, IndexError, ArgumentError, *REFUSED):
            continue  # no plan
        if described(other) != shown:
            assert keys.statement_key(other)[0] != key, other_plan
        assert not other.compare(statement) or sorted_words(texts(other)) == sorted_words(texts(statement))


@quickly
@given(statements)
def test_a_small_change_changes_the_key_if_it_changes_the_text(plan: Any) -> None:
    statement = built(plan)
    key = keys.statement_key(statement)[0]
    for change in (
        lambda s: s.where(NAMED[0].c.x == 5),
        lambda s: s.limit(1),
        lambda s: s.with_hint(NAMED[0], "h"),
        lambda s: s.prefix_with("p"),
        lambda s: s.returning(NAMED[0].c.y),
        lambda s: s.order_by(None).order_by(NAMED[0].c.y),
        lambda s: s.add_columns(NAMED[0].c.y),
    ):
        try:
            changed = change(statement)
        except (AttributeError, ArgumentError, *REFUSED):
            continue
        if texts(changed) != texts(statement):
            assert keys.statement_key(changed)[0] != key
        assert keys.statement_key(statement)[0] == key


def reachable(start: Any) -> list[Any]:
    """Return all that *start* holds, as the collector sees it; code is no part of it."""
    seen: dict[int, Any] = {}
    waiting = [start]
    while waiting:
        found = waiting.pop()
        if id(found) not in seen and not isinstance(found, CODE):
            seen[id(found)] = found
            waiting += gc.get_referents(found)
    return list(seen.values())


CODE = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.MethodType)


@quickly
@given(statements)
def test_a_key_holds_no_value(plan: Any) -> None:
    builder = Builder()
    try:
        statement = builder.statement(plan)
    except REFUSED:
        assume(False)
    key = keys.statement_key(statement)[0]
    held = reachable(key)
    assert not set(builder.used) & {part for part in held if isinstance(part, int)}
    texts_held = [part for part in held if isinstance(part, str)]
    assert not any(str(value) in part for part in [*texts_held, repr(key)] for value in builder.used)


def test_cached_plans_are_found_without_values() -> None:
    """What an engine remembers statements by does not keep their parameters alive."""

    class Secret(str):
        pass

    engine = create_engine("sqlite://")
    NAMED[0].metadata.create_all(engine)
    secret = Secret("nobody may know this")
    with engine.connect() as connection:
        statement = NAMED[0].select().where(NAMED[0].c.y == secret).limit(7)
        connection.execute(statement).all()
    for key in list(engine._compiled_cache):
        assert secret not in reachable(key)
        assert secret not in repr(key)
    engine.dispose()


# Values ----------------------------------------------------------------------------------------------


@quickly
@given(statements)
def test_rendering_leaves_no_trace(plan: Any) -> None:
    statement = built(plan)
    before = everywhere(statement)
    key = keys.statement_key(statement)[0]
    repr(statement), hash(statement), list(statement.get_children())
    with suppress(*REFUSED):
        str(statement)
    assert [written(statement, dialect) for dialect in reversed(DIALECTS)] == before[::-1]
    assert keys.statement_key(statement)[0] == key
    with_values = [inlined(statement, dialect) for dialect in DIALECTS]
    assert everywhere(statement) == before
    assert [inlined(statement, dialect) for dialect in DIALECTS] == with_values


@quickly
@given(statements)
def test_copies_are_written_alike(plan: Any) -> None:
    statement = built(plan)
    before, key = everywhere(statement), keys.statement_key(statement)[0]
    for made in (copy.copy(statement), statement._clone(), statement.execution_options(x=1)):
        assert everywhere(made) == before
        assert keys.statement_key(made)[0] == key
    assert everywhere(statement) == before


@quickly
@given(statements)
def test_deep_copies_are_written_alike(plan: Any) -> None:
    assume("called" not in repr(plan))  # a function in a closure
    statement = built(plan)
    before = everywhere(statement)
    assert everywhere(copy.deepcopy(statement)) == before
    assert everywhere(statement) == before


@quickly
@given(statements)
def test_pickled_statements_are_written_alike(plan: Any) -> None:
    assume("called" not in repr(plan))
    statement = built(plan)
    before = everywhere(statement)
    for _ in "12":
        statement = pickle.loads(pickle.dumps(statement))
        assert everywhere(statement) == before


@settings(max_examples=25, deadline=None)
@given(statements)
def test_pickled_dialects_write_alike(plan: Any) -> None:
    statement = built(plan)
    for dialect in DIALECTS:
        assert written(statement, pickle.loads(pickle.dumps(dialect))) == written(statement, dialect)


@quickly
@given(statements)
def test_a_statement_equals_what_was_built_alike(plan: Any) -> None:
    assume("called" not in repr(plan))  # two functions are not one
    one, same, other = built(plan), built(plan), built(plan, 5 * 10**12)
    before = everywhere(one)
    assert one.compare(one)
    assert one.compare(same) and same.compare(one)
    binds, others = (keys.statement_key(s)[1] for s in (one, other))
    same_values = [b.value for b in binds] == [b.value for b in others]
    assert one.compare(other) == same_values
    assert everywhere(one) == before and everywhere(same) == before


@quickly
@given(statements, statements)
def test_what_compares_equal_is_written_alike(plan: Any, other_plan: Any) -> None:
    assume("called" not in repr(plan))  # two functions are not one
    one, other = built(plan), built(other_plan)
    if one.compare(other):
        assert sorted_words(texts(one)) == sorted_words(texts(other))
    if keys.statement_key(one)[0] == keys.statement_key(other)[0]:
        values = [[b.value for b in keys.statement_key(s)[1]] for s in (one, other)]
        assert one.compare(other) or values[0] != values[1]


def sorted_words(found: list[str]) -> list[list[str]]:
    """``a = b`` compares equal to ``b = a``: the words are those."""
    return [sorted(re.sub(r"(_\d+)+\b|[(),]", " ", text).split()) for text in found]


threads = ThreadPoolExecutor(8)


@settings(max_examples=30, deadline=None)
@given(statements)
def test_threads_write_alike(plan: Any) -> None:
    statement, alone = built(plan), built(plan)
    expected = everywhere(alone)
    start = threading.Barrier(8)

    def work(_: int) -> Any:
        start.wait()
        return everywhere(statement), keys.statement_key(statement)[0]

    found = list(threads.map(work, range(8)))
    assert [texts_ for texts_, _ in found] == [expected] * 8
    assert len({key for _, key in found}) == 1


# Execution -------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(statements)
def test_a_known_plan_gets_the_values_of_each_statement(plan: Any) -> None:
    """The second statement of one structure runs by the first one's plan, with parameters of its own."""
    one, other = built(plan), built(plan, 5 * 10**12)
    engine = create_engine("sqlite://")
    NAMED[0].metadata.create_all(engine)
    sent: list[Any] = []

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def _instead(conn: Any, cursor: Any, text: str, parameters: Any, context: Any, many: bool) -> Any:
        sent.append((text, parameters))
        return "SELECT 1 WHERE 0" if text.lstrip("(").startswith(("SELECT", "WITH")) else "DELETE FROM b", ()

    def of(cached: bool) -> list[Any]:
        sent.clear()
        options = {} if cached else {"compiled_cache": None}
        for statement in (one, other, one):
            with engine.connect().execution_options(**options) as connection:
                try:
                    connection.execute(statement)
                except Exception as error:
                    sent.append(type(error).__name__)
        return list(sent)

    assert of(cached=True) == of(cached=False)
    engine.dispose()
