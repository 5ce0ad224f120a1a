"""
Read what the tests run against and make parametrised tests.

``db``, ``db_url``, ``requirements``, ``test_schema``, ``options`` and ``ident``
always speak of the running test's database.
"""

from __future__ import annotations

import inspect
import os
import re
import typing
from collections.abc import Callable, Iterable
from typing import Any, NoReturn, TypeVar

from relvar.testing.configuration import Config, current_config, state
from relvar.testing.exclusions import compound

_C = TypeVar("_C")
_FN = TypeVar("_FN", bound=Callable[..., Any])

MARK = "relvar_rule"

_OF_CURRENT = frozenset({"db", "db_url", "db_opts", "options", "file_config", "test_schema", "test_schema_2"})


def __getattr__(name: str) -> Any:
    if name in _OF_CURRENT:
        return getattr(current_config(), name)
    if name == "_current":
        return state.current
    if name == "requirements":
        return requirements_in_use()
    if name in ("ident", "any_async"):
        return getattr(state, name)
    raise AttributeError(f"module 'relvar.testing.config' has no attribute {name!r}")


def requirements_in_use() -> Any:
    """Return the requirements that the project named; the defaults when it named none."""
    if state.requirements is None:
        from relvar.testing.requirements import SuiteRequirements

        state.requirements = SuiteRequirements()
    return state.requirements


def skip_test(msg: str) -> NoReturn:
    """Skip the running test."""
    import pytest

    pytest.skip(msg)


def get_current_test_name() -> str:
    """Return the running test's name and phase, as pytest writes them."""
    return os.environ.get("PYTEST_CURRENT_TEST", "")


def mark_base_test_class() -> Callable[[type[_C]], type[_C]]:
    """Return a decorator for a class that tests derive from and that is no test itself."""

    def mark(cls: type[_C]) -> type[_C]:
        cls.__test_base__ = True  # type: ignore[attr-defined]  # read by the plugin
        return cls

    return mark


def fixture(*arg: Any, **kw: Any) -> Any:
    """Make a fixture; the arguments are those of ``pytest.fixture``."""
    import pytest

    return pytest.fixture(*arg, **kw)


def async_test(fn: _FN) -> _FN:
    """Let a coroutine function be a test: it runs to its end in an event loop."""
    import functools

    from relvar.testing.asyncio import _run_coroutine_function

    @functools.wraps(fn)
    def run(*args: Any, **kw: Any) -> Any:
        return _run_coroutine_function(fn, *args, **kw)

    return typing.cast(_FN, run)


class _AddToMarker:
    """Put markers on tests: ``add_to_marker.timing_intensive``."""

    def __getattr__(self, name: str) -> Any:
        import pytest

        return getattr(pytest.mark, name)


add_to_marker: _AddToMarker = _AddToMarker()


# Parametrised tests ----------------------------------------------------------------------------------


def combinations(*comb: Any, argnames: str | None = None, id_: str | None = None, **kw: Any) -> Any:
    """
    Run a test once for each combination of arguments; a test class once with each as its attributes.

    Args:
        comb: Tuples of values, or values where there is one argument.  A rule of
            ``exclusions`` inside a tuple holds for that combination.
        argnames: The names, comma separated; without it the test's first arguments.
        id_: A letter per value: ``i`` names the test and is not passed, ``n`` names it by
            ``__name__``, ``r`` by repr, ``s`` by str, ``a`` does not name it.
    """

    def decorate(fn: Any) -> Any:
        import pytest

        rows = [_one_combination(values, id_) for values in comb]
        if isinstance(fn, type):
            return _with_cases(fn, [name.strip() for name in (argnames or "").split(",")], rows)
        if rows:
            width = len(rows[0].values)
        else:
            width = len(argnames.split(",")) if argnames else 1
        names = argnames or ",".join(_first_arguments(fn, width))
        return pytest.mark.parametrize(names, rows, **kw)(fn)

    return decorate


def combinations_list(arg_iterable: Iterable[tuple[Any, ...]], **kw: Any) -> Any:
    """Do as ``combinations`` with one iterable."""
    return combinations(*arg_iterable, **kw)


_NAMED_BY: dict[str, Callable[[Any], str]] = {
    "i": str,
    "n": lambda value: str(getattr(value, "__name__", type(value).__name__)),
    "r": repr,
    "s": str,
}


def _mark(rule: compound) -> Any:
    """
    Return a mark that holds a rule.

    ``pytest.mark`` refuses names that are not registered, and the suite can be imported where the plugin,
    which registers this one, is not loaded.
    """
    import pytest

    return pytest.MarkDecorator(pytest.Mark(MARK, (rule,), {}, _ispytest=True), _ispytest=True)


def _one_combination(values: Any, id_: str | None) -> Any:
    import pytest

    row = values if type(values) is tuple else (values,)
    rules = [value for value in row if isinstance(value, compound)]
    row = tuple(value for value in row if not isinstance(value, compound))
    marks = [_mark(rule) for rule in rules]
    if id_ is None:
        return pytest.param(*row, marks=marks)
    id_ = id_ + "a" * (len(row) - len(id_))
    ident = "-".join(
        _NAMED_BY[letter](value) for letter, value in zip(id_, row, strict=True) if letter != "a"
    )
    passed = [value for letter, value in zip(id_, row, strict=True) if letter != "i"]
    return pytest.param(*passed, marks=marks, id=ident or None)


def _with_cases(cls: type, names: list[str], rows: list[Any]) -> type:
    """
    Note on a test class, but not on those derived from it, what it runs with.
    """
    cases = [
        (
            re.sub(r"\W+", "_", row.id or "-".join(map(str, row.values))).strip("_"),
            dict(zip(names, row.values)),
        )
        for row in rows
    ]
    cls._relvar_cases = cases  # type: ignore[attr-defined]  # read by the plugin
    return cls


def _first_arguments(fn: Any, number: int) -> list[str]:
    names = [name for name in inspect.signature(fn).parameters if name not in ("self", "cls")]
    return names[:number]


class Variation:
    """
    One case of several, asked by attribute: ``if how.by_name: ... elif how.by_column: ... else: how.fail()``.

    The cases True and False of ``flag`` are called ``flag`` and ``not_flag``.
    """

    def __init__(self, case: str, argname: str, case_names: list[str]) -> None:
        self._name = case
        self._argname = argname
        self._case_names = case_names
        for name in case_names:
            setattr(self, name.replace(" ", "_"), name == case)

    if typing.TYPE_CHECKING:

        def __getattr__(self, name: str) -> bool: ...

    @classmethod
    def generate_cases(cls, argname: str, cases: Iterable[Any]) -> list[Variation]:
        """Return a Variation for each case."""
        return [item for item, _ in _variations(argname, cases)]

    @staticmethod
    def idfn(variation: Variation) -> str:
        """Return what names a case in the names of tests."""
        return variation.name

    @property
    def name(self) -> str:
        """The case."""
        return self._name

    def __bool__(self) -> bool:
        return self._name == self._argname

    def __eq__(self, other: object) -> bool:
        return self._name == (other._name if isinstance(other, Variation) else other)

    def __hash__(self) -> int:
        return hash(self._name)

    def __str__(self) -> str:
        return f"{self._argname}={self._name!r}"

    __repr__ = __str__

    def fail(self) -> NoReturn:
        """Say that the test does not know this case."""
        raise AssertionError(f"unknown {self}")


def _variations(argname: str, cases: Iterable[Any]) -> list[tuple[Variation, list[Any]]]:
    rows = [case if isinstance(case, tuple) else (case,) for case in cases]
    named = {True: argname, False: f"not_{argname}"}
    names = [named[row[0]] if isinstance(row[0], bool) else str(row[0]) for row in rows]
    return [(Variation(name, argname, names), list(row[1:])) for name, row in zip(names, rows)]


def variation(argname_or_fn: Any, cases: Any = None) -> Any:
    """Run a test once for each named case; the argument is a ``Variation``."""
    if callable(argname_or_fn):
        argname = argname_or_fn.__name__
        made = argname_or_fn(None)
        cases = made
    else:
        argname = argname_or_fn
    rows = [(item.name, item, *rules) for item, rules in _variations(argname, cases or [True, False])]
    return combinations(*rows, argnames=argname, id_="ia")


def variation_fixture(argname: str, cases: Any, scope: str = "function") -> Any:
    """Make a fixture with one value for each named case."""
    items = [item for item, _ in _variations(argname, cases)]

    def give(request: Any) -> Any:
        return request.param

    return fixture(params=items, ids=[item.name for item in items], scope=scope, name=argname)(give)


__all__ = [
    "Config",
    "Variation",
    "add_to_marker",
    "async_test",
    "combinations",
    "combinations_list",
    "current_config",
    "fixture",
    "get_current_test_name",
    "mark_base_test_class",
    "skip_test",
    "variation",
    "variation_fixture",
]
