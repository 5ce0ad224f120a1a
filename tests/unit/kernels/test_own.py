"""
Objects that several threads share and whose ``__dict__`` is made when something is first kept in it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import pytest

from relvar import Integer, String, TypeDecorator, column
from relvar._kernels.keys import statement_key
from relvar._kernels.own import own_dict
from relvar.dialects.sqlite import dialect as sqlite_dialect
from relvar.expr.function import _FunctionGenerator
from relvar.util import memoized_property
from relvar.util.pattern import pattern


class Plain:
    def __init__(self) -> None:
        self.given = 1

    @memoized_property
    def memo(self) -> int:
        return 5


class Decorated(TypeDecorator[int]):
    impl = Integer
    cache_ok = True


def _expression() -> Any:
    return column("c")


WAYS: dict[str, tuple[Callable[[], Any], Callable[[Any], object]]] = {
    "the dictionary": (Plain, own_dict),
    "a memo": (Plain, lambda subject: subject.memo),
    "a type": (lambda: String(5), lambda subject: subject._static_cache_key),
    "a decorator": (Decorated, lambda subject: subject._static_cache_key),
    "a dialect": (sqlite_dialect, lambda subject: subject._supports_statement_cache),
    "an expression": (_expression, statement_key),
    "a pattern": (lambda: pattern("a"), lambda subject: subject.match),
    "functions": (_FunctionGenerator, lambda subject: subject.count),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_finalizer_that_asks_meanwhile_finds_the_same_dictionary(way: str) -> None:
    """The collector runs while it is made, and a finalizer asks for it, as another thread might."""
    make, use = WAYS[way]
    subject = make()
    found: list[dict[str, Any]] = []
    held: list[dict[str, Any]] = []

    class Garbage:
        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            found.append(object.__getattribute__(subject, "__dict__"))

    Garbage()
    before = gc.get_threshold()
    try:
        # a collection in each of the next allocations that the collector counts
        held.extend({"a": at} for at in range(200))
        gc.set_threshold(1)
        use(subject)
    finally:
        gc.set_threshold(*before)
    gc.collect()
    assert found
    assert all(each is subject.__dict__ for each in found)


def test_what_was_kept_for_a_type_stays_when_it_is_worked_out_twice() -> None:
    """As two threads do that are the first to use a type: the second finds what the first one kept."""

    class Twice(String):
        asked = False

        @property
        def _static_cache_key(self) -> Any:
            if not self.asked:
                self.asked = True
                statement_key(column("c", self))
                statement_key(column("c", self))
            return (Twice,)

    kind = Twice()
    key = statement_key(column("c", kind))
    others = [statement_key(column("c", String(at))) for at in range(1, 50)]
    assert statement_key(column("c", kind)) == key
    assert key not in others
