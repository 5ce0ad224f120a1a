"""
Say where a test runs.

A rule is made of predicates (a database's name, a callable, a tuple of both) and
is asked by the pytest plugin before the test's fixtures are set up.  As a decorator:

    @exclusions.skip_if("sqlite", "has no ALTER")
    def test_alter(self, connection): ...
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from relvar.testing.configuration import Config, current_config

_F = TypeVar("_F", bound=Callable[..., Any])

RULES = "_relvar_exclusions"


# Predicates ------------------------------------------------------------------------------------------


class Predicate:
    """A question about a database; call it with a Config."""

    description: str | None = None

    def __call__(self, config: Config) -> bool:
        raise NotImplementedError

    def __str__(self) -> str:
        return self.description or type(self).__name__

    @classmethod
    def as_predicate(cls, predicate: Any, description: str | None = None) -> Predicate:
        """
        Make a predicate of what tests write.

        A name ("sqlite", "postgresql+psycopg", "postgresql >= 12"), a tuple (name,
        operator, version), a list of those (any), a callable, a rule, or a bool.
        """
        if isinstance(predicate, compound):
            return LambdaPredicate(predicate.enabled_for_config, description or "has it")
        if isinstance(predicate, Predicate):
            if description and predicate.description is None:
                predicate.description = description
            return predicate
        if isinstance(predicate, (list, set)):
            return OrPredicate([cls.as_predicate(p) for p in predicate], description)
        if isinstance(predicate, tuple):
            return SpecPredicate(*predicate)
        if isinstance(predicate, str):
            name, op, version = _split(predicate)
            return SpecPredicate(name, op, version, description)
        if isinstance(predicate, bool):
            return BooleanPredicate(predicate, description)
        if callable(predicate):
            return LambdaPredicate(predicate, description)
        raise TypeError(f"A predicate is a name, tuple, list, bool or callable, not {predicate!r}")


# ``sqlite >= 3.9``, with or without the spaces
_VERSIONED = re.compile(r"([\w+*]+)\s*(<=|>=|==|!=|<|>)\s*(\d+(?:\.\d+)*)")


def _split(text: str) -> tuple[str, str | None, tuple[int, ...] | None]:
    found = _VERSIONED.fullmatch(text)
    if found is None:
        return text, None, None
    name, op, version = found.groups()
    return name, op, tuple(int(number) for number in version.split("."))


class BooleanPredicate(Predicate):
    """A constant."""

    def __init__(self, value: bool, description: str | None = None) -> None:
        self.value = value
        self.description: str = description or f"boolean {value}"

    def __call__(self, config: Config) -> bool:
        return self.value


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "in": lambda version, versions: version in versions,
    "between": lambda version, limits: bool(limits[0] <= version <= limits[1]),
}


class SpecPredicate(Predicate):
    """A database by name, "dialect" or "dialect+driver", and if wanted by its server's version."""

    def __init__(
        self, db: str, op: str | None = None, spec: Any = None, description: str | None = None
    ) -> None:
        self.db = db
        self.op = op
        self.spec = spec
        self.description = description

    def __call__(self, config: Config) -> bool:
        dialect = config.db.dialect
        name, _, driver = self.db.partition("+")
        names = {dialect.name, "mariadb"} if getattr(dialect, "is_mariadb", False) else {dialect.name}
        if name not in names and name != "*":
            return False
        if driver and driver != dialect.driver:
            return False
        if self.op is None:
            return True
        return _OPERATORS[self.op](dialect.server_version_info, self.spec)

    def __str__(self) -> str:
        return self.description or " ".join(str(part) for part in (self.db, self.op, self.spec) if part)


class LambdaPredicate(Predicate):
    """A callable that takes the Config, or nothing."""

    def __init__(
        self, lambda_: Callable[..., Any], description: str | None = None, args: Any = None, kw: Any = None
    ) -> None:
        code = getattr(lambda_, "__code__", None)
        takes_config = code is None or code.co_argcount > (1 if hasattr(lambda_, "__self__") else 0)
        self.takes_config = takes_config
        self.lambda_ = lambda_
        self.args: Any | tuple[()] = args or ()
        self.kw: Any = kw or {}
        self.description: str | None = description or (lambda_.__doc__ or "").strip() or None

    def __call__(self, config: Config) -> bool:
        first = (config,) if self.takes_config else ()
        return bool(self.lambda_(*first, *self.args, **self.kw))


class NotPredicate(Predicate):
    """The opposite of another."""

    def __init__(self, predicate: Any, description: str | None = None) -> None:
        self.predicate: Predicate = Predicate.as_predicate(predicate)
        self.description: str = description or f"not {self.predicate}"

    def __call__(self, config: Config) -> bool:
        return not self.predicate(config)


class OrPredicate(Predicate):
    """Whether any of several holds."""

    def __init__(self, predicates: list[Predicate], description: str | None = None) -> None:
        self.predicates = predicates
        self.description: str = description or " or ".join(str(p) for p in predicates)

    def __call__(self, config: Config) -> bool:
        return any(predicate(config) for predicate in self.predicates)


def matches(spec: Any, config: Config) -> bool:
    """Return whether a predicate, in any form tests write it, holds for a database."""
    return Predicate.as_predicate(spec)(config)


# Rules -----------------------------------------------------------------------------------------------


class compound:
    """
    A rule: predicates that skip a test and predicates under which it must fail.

    Rules add up with ``+`` (either skips) and decorate tests, fixtures of the suite
    and classes (``__requires__`` does the same by name).
    """

    def __init__(self) -> None:
        self.skips: list[Predicate] = []
        self.fails: list[Predicate] = []
        self.warnings: list[tuple[Predicate, str, bool]] = []
        self.tags: set[str] = set()

    def __add__(self, other: compound) -> compound:
        return self.add(other)

    def add(self, *others: compound) -> compound:
        """Return a rule of this and others."""
        result = compound()
        for rule in (self, *others):
            result.skips += rule.skips
            result.fails += rule.fails
            result.warnings += rule.warnings
            result.tags |= rule.tags
        return result

    def as_skips(self) -> compound:
        """Return a rule that skips where this expects a failure."""
        result = compound()
        result.skips = [*self.skips, *self.fails]
        return result

    def not_(self) -> compound:
        """Return the opposite: skips where this does not."""
        result = compound()
        result.skips = [NotPredicate(p) for p in self.skips]
        result.fails = [NotPredicate(p) for p in self.fails]
        return result

    @property
    def enabled(self) -> bool:
        """Whether a test under this rule passes on the current database."""
        return self.enabled_for_config(current_config())

    def enabled_for_config(self, config: Config) -> bool:
        """Return whether a test under this rule passes on a database."""
        return not any(predicate(config) for predicate in (*self.skips, *self.fails))

    def matching_config_reasons(self, config: Config) -> list[str]:
        """Return why a test under this rule is not expected to pass on a database."""
        return [f"'{p}'" for p in (*self.skips, *self.fails) if p(config)]

    def skip_reason(self, config: Config) -> str | None:
        """Return why a test is skipped on a database, None where it runs."""
        return next((str(predicate) for predicate in self.skips if predicate(config)), None)

    def fail_reason(self, config: Config) -> str | None:
        """Return why a test must fail on a database, None where it must pass."""
        return next((str(predicate) for predicate in self.fails if predicate(config)), None)

    def matching_warnings(self, config: Config) -> list[tuple[str, bool]]:
        """Return the warnings to expect on a database, each with whether it has to come."""
        return [(text, must) for predicate, text, must in self.warnings if predicate(config)]

    def include_test(self, include_tags: set[str], exclude_tags: set[str]) -> bool:
        """Return whether a test is wanted by its tags."""
        return not (self.tags & exclude_tags) and (not include_tags or bool(self.tags & include_tags))

    def __call__(self, fn: _F) -> _F:
        found = getattr(fn, RULES, None)
        setattr(fn, RULES, self if found is None else found.add(self))
        return fn

    @contextmanager
    def fail_if(self, name: str = "block") -> Iterator[None]:
        """Expect that a block fails exactly where this rule says so."""
        reason = self.fail_reason(current_config())
        try:
            yield
        except Exception:
            if reason is None:
                raise
        else:
            assert reason is None, f"Unexpected success for '{name}' ({reason})"


def rule_of(fn: Any) -> compound | None:
    """Return the rule a test function is decorated with."""
    found: compound | None = getattr(fn, RULES, None)
    return found


def _skips(predicate: Predicate) -> compound:
    rule = compound()
    rule.skips.append(predicate)
    return rule


def _fails(predicate: Predicate) -> compound:
    rule = compound()
    rule.fails.append(predicate)
    return rule


def open() -> compound:
    """Return the rule of what every database can do."""
    return _skips(BooleanPredicate(False, "mark as execute"))


def closed(reason: str = "marked as skip") -> compound:
    """Return the rule of what no database can do unless its requirements say so."""
    return _skips(BooleanPredicate(True, reason))


def skip_if(predicate: Any, reason: str | None = None) -> compound:
    """Skip where a predicate holds."""
    return _skips(Predicate.as_predicate(predicate, reason))


def only_if(predicate: Any, reason: str | None = None) -> compound:
    """Skip where a predicate does not hold."""
    return _skips(NotPredicate(Predicate.as_predicate(predicate), reason))


def only_on(dbs: Any, reason: str | None = None) -> compound:
    """Run only on the databases named."""
    return only_if(list(dbs) if isinstance(dbs, (list, tuple, set)) else dbs, reason)


def skip(db: str, reason: str | None = None) -> compound:
    """Skip on a database."""
    return skip_if(db, reason)


def exclude(db: str, op: str, spec: Any, reason: str | None = None) -> compound:
    """Skip on some versions of a database: ``exclude("mysql", "<", (8, 0))``."""
    return skip_if(SpecPredicate(db, op, spec, description=reason))


def fails_if(predicate: Any, reason: str | None = None) -> compound:
    """Expect a failure where a predicate holds."""
    return _fails(Predicate.as_predicate(predicate, reason))


def succeeds_if(predicate: Any, reason: str | None = None) -> compound:
    """Expect a failure where a predicate does not hold."""
    return _fails(NotPredicate(Predicate.as_predicate(predicate), reason))


def fails_on(db: str, reason: str | None = None) -> compound:
    """Expect a failure on a database."""
    return fails_if(db, reason)


def fails(reason: str | None = None) -> compound:
    """Expect a failure everywhere."""
    return fails_if(BooleanPredicate(True, reason or "expected to fail"))


def future() -> compound:
    """Expect a failure: what the test wants is to come."""
    return fails("Future feature")


def warns_if(predicate: Any, expression: str | None, assert_: bool = True) -> compound:
    """
    Expect a warning where a predicate holds.

    Args:
        expression: A regular expression; None: none is expected.
        assert_: Whether the test fails if there is no warning.
    """
    rule = compound()
    if expression is not None:
        rule.warnings.append((Predicate.as_predicate(predicate), expression, assert_))
    return rule


def fails_on_everything_except(*dbs: str) -> compound:
    """Expect a failure on all but the databases named."""
    return succeeds_if(OrPredicate([Predicate.as_predicate(db) for db in dbs]))


def db_spec(*dbs: str) -> Predicate:
    """Return a predicate: any of the databases named."""
    return OrPredicate([Predicate.as_predicate(db) for db in dbs])


def against(config: Config, *queries: Any) -> bool:
    """Return whether a database is one of those named."""
    return db_spec(*queries)(config)
