"""Small things that tests share."""

from __future__ import annotations

import contextlib
import functools
import gc
import inspect
import itertools
import os
import pickle
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NoReturn, cast

from relvar import schema
from relvar.testing.configuration import current_config
from relvar.testing.dropping import drop_all_tables, drop_all_tables_from_metadata


class adict(dict[Any, Any]):
    """A dictionary whose keys are attributes as well."""

    def __getattribute__(self, key: str) -> Any:
        try:
            return self[key]
        except KeyError:
            return dict.__getattribute__(self, key)

    def __call__(self, *keys: Any) -> Any:
        """
        Return the values of some keys, as a tuple.
        """
        return tuple(self[key] for key in keys)

    get_all = __call__


def fail(msg: str) -> NoReturn:
    """Fail the test."""
    raise AssertionError(msg)


def lazy_gc() -> None:
    """Collect garbage where the interpreter does so in cycles only."""
    gc.collect()


def picklers() -> Iterator[tuple[Callable[[Any], Any], Callable[[bytes], Any]]]:
    """Yield (loads, dumps) for each pickle protocol in use."""
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        yield pickle.loads, functools.partial(pickle.dumps, protocol=protocol)


def rowset(results: Any) -> set[tuple[Any, ...]]:
    """Return rows as a set of tuples, for results whose order does not matter."""
    return {tuple(row) for row in results}


def round_decimal(value: Any, prec: int) -> Any:
    """Round a number to a number of decimal places."""
    if isinstance(value, float):
        return round(value, prec)
    return (value * Decimal(10) ** prec).to_integral() / Decimal(10) ** prec


def random_choices(population: Sequence[Any], k: int = 1) -> list[Any]:
    """Return k members in random order, each at most once while there are enough."""
    drawn = list(population) * (k // len(population) + 1)
    random.shuffle(drawn)
    return drawn[:k]


def conforms_partial_ordering(tuples: Sequence[tuple[Any, Any]], sorted_elements: Sequence[Any]) -> bool:
    """Return whether no pair (before, after) of what is in a list is the wrong way round there."""
    place = {element: number for number, element in enumerate(sorted_elements)}
    pairs = [(before, after) for before, after in tuples if before in place and after in place]
    return all(place[before] < place[after] for before, after in pairs)


def all_partial_orderings(tuples: Sequence[tuple[Any, Any]], elements: Sequence[Any]) -> Iterator[list[Any]]:
    """Yield every order of the elements that conforms to the pairs."""
    for order in itertools.permutations(elements):
        if conforms_partial_ordering(tuples, order):
            yield list(order)


def function_named(fn: Any, name: str) -> Any:
    """Rename a function."""
    fn.__name__ = name
    return fn


def resolve_lambda(__fn: Callable[..., Any], **kw: Any) -> Any:
    """Call a lambda with those of the named values that it takes."""
    code = __fn.__code__
    return __fn(**{name: kw[name] for name in code.co_varnames[: code.co_argcount]})


def run_as_contextmanager(ctx: Any, fn: Callable[..., Any], *arg: Any, **kw: Any) -> Any:
    """Call a function with the value of a context manager, inside it."""
    with ctx as value:
        return fn(value, *arg, **kw)


def flag_combinations(*combinations: dict[str, Any]) -> Any:
    """Run a test once for each dictionary of flags; flags that one lacks are False."""
    from relvar.testing import config

    names = sorted({name for flags in combinations for name in flags})
    rows = [
        ("_".join(f"{n}_{v}" for n, v in flags.items()), *(flags.get(n, False) for n in names))
        for flags in combinations
    ]
    return config.combinations(*rows, argnames=",".join(names), id_="i" + "a" * len(names))


def metadata_fixture(ddl: str = "function") -> Any:
    """Make a fixture of a function that fills a MetaData: its tables are there while tests run."""
    from relvar.testing import config

    def decorate(fn: Callable[[Any, Any], Any]) -> Any:
        def give(self: Any) -> Iterator[Any]:
            metadata = schema.MetaData()
            fn(self, metadata)
            engine = current_config().db
            metadata.create_all(engine)
            yield metadata
            drop_all_tables_from_metadata(metadata, engine)

        return config.fixture(scope=ddl, name=fn.__name__)(give)

    return decorate


def provide_metadata(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Give a test ``self.metadata``; what it creates is dropped at the end."""

    @functools.wraps(fn)
    def run(self: Any, *args: Any, **kw: Any) -> Any:
        before = self.__dict__.get("metadata")
        self.metadata = schema.MetaData()
        try:
            return fn(self, *args, **kw)
        finally:
            drop_all_tables_from_metadata(self.metadata, current_config().db)
            self.__dict__.pop("metadata")
            if before is not None:
                self.metadata = before

    return run


def force_drop_names(*names: str) -> Any:
    """Return a decorator: tables of these names are dropped after the test."""
    from relvar.testing.decorate import around

    @contextlib.contextmanager
    def dropped() -> Iterator[None]:
        try:
            yield
        finally:
            from relvar import inspect

            engine = current_config().db
            drop_all_tables(engine, inspect(engine), include_names=names)

    return around(dropped)


def teardown_events(event_cls: Any) -> Any:
    """Return a decorator: the listeners of an events class are removed after the test."""

    @contextlib.contextmanager
    def cleared() -> Iterator[None]:
        try:
            yield
        finally:
            event_cls._clear()

    from relvar.testing.decorate import around

    return cast(Any, around(cleared))


def lambda_combinations(lambda_arg_sets: Any, **kw: Any) -> Any:
    """
    Run a test once for each set of values that a lambda gives, called when the test runs.

    The test's last argument is a function of the names that the lambda takes.
    """
    from relvar.testing import config

    given = resolve_lambda(lambda_arg_sets, **kw)
    rows = [values if isinstance(values, tuple) else (values,) for values in given]

    def decorate(fn: Any) -> Any:
        names = list(inspect.signature(fn).parameters)[1 : 1 + len(rows[0])]
        return config.combinations(*rows, argnames=",".join(names))(fn)

    return decorate


def skip_if_timeout(seconds: float, cleanup: Any = None) -> Callable[..., Any]:
    """Return a decorator: a test that took longer is skipped, not passed."""

    def decorate(fn: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(fn)
        def run(*args: Any, **kw: Any) -> Any:
            from relvar.testing import config

            start = time.monotonic()
            try:
                result = fn(*args, **kw)
            except Exception:
                if time.monotonic() - start <= seconds:
                    raise
                result = None
            took = time.monotonic() - start
            if took > seconds:
                if cleanup:
                    cleanup()
                config.skip_test(f"the test took {took:.2f} seconds, more than {seconds:.2f}")
            return result

        return run

    return decorate


def unpickle_in_subprocess(obj: Any, code: str = "") -> None:
    """
    Unpickle an object in another process, as ``obj``, and run code there.

    Raises:
        AssertionError: The process failed; its output is in the message.
    """
    program = f"import pickle, sys\nobj = pickle.load(sys.stdin.buffer)\n{code}\n"
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=pickle.dumps(obj),
        capture_output=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    assert done.returncode == 0, done.stderr.decode()


def total_size(o: Any) -> int:
    """Return the bytes that an object and what it holds take."""
    seen: set[int] = set()

    def size(each: Any) -> int:
        if id(each) in seen:
            return 0
        seen.add(id(each))
        found = sys.getsizeof(each, 0)
        if isinstance(each, dict):
            return found + sum(size(key) + size(value) for key, value in each.items())
        if isinstance(each, (tuple, list, set, frozenset)):
            return found + sum(map(size, each))
        if hasattr(each, "__dict__"):
            return found + size(vars(each))
        return found

    return size(o)


def count_cache_key_tuples(tup: Any) -> int:
    """Return how many tuples a cache key is made of."""
    return 1 + sum(count_cache_key_tuples(each) for each in tup if isinstance(each, tuple))


class RandomSet(set[Any]):
    """A set whose members come in a random order each time."""

    def __iter__(self) -> Iterator[Any]:
        members = list(super().__iter__())
        random.shuffle(members)
        return iter(members)

    def pop(self) -> Any:
        """Take out a member at random."""
        member = random.choice(list(super().__iter__()))
        self.remove(member)
        return member

    def union(self, *others: Any) -> RandomSet:
        """Return the members of all."""
        return RandomSet(super().union(*others))

    def difference(self, *others: Any) -> RandomSet:
        """Return the members that others do not have."""
        return RandomSet(super().difference(*others))

    def intersection(self, *others: Any) -> RandomSet:
        """Return the members that all have."""
        return RandomSet(super().intersection(*others))

    def copy(self) -> RandomSet:
        """Return a copy."""
        return RandomSet(super().__iter__())
