"""Differences that are there on purpose; docs/design/0003-rival-comparison.md gives the reasons at length."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.rival.outcome import PYTHON_ERROR


@dataclass(frozen=True)
class Explained:
    """A difference that is meant: how to know it, and why it is there."""

    name: str
    reason: str
    is_it: Callable[[str, Any, Any], bool]


def _error(outcome: Any) -> str:
    """Return the error of a facet, or nothing."""
    if isinstance(outcome, dict):
        outcome = outcome.get("error")
    return outcome if isinstance(outcome, str) else ""


def _text(outcome: Any) -> str:
    return outcome[0] if isinstance(outcome, list) else str(outcome)


def _stumbles(facet: str, ours: Any, theirs: Any) -> bool:
    return PYTHON_ERROR in _error(theirs)


def _literal(facet: str, ours: Any, theirs: Any) -> bool:
    words = ("No literal value renderer is available", "Could not render literal value")
    return any(word in _error(theirs) for word in words)


def _widths(facet: str, ours: Any, theirs: Any) -> bool:
    return "All selectables passed to CompoundSelect" in _error(ours)


def _double(facet: str, ours: Any, theirs: Any) -> bool:
    return "You must specify both precision and scale" in _error(theirs) and not _error(ours)


def _constraint(facet: str, ours: Any, theirs: Any) -> bool:
    return "SQLite has no ON CONFLICT ON CONSTRAINT" in _error(ours)


def _floor(facet: str, ours: Any, theirs: Any) -> bool:
    return "user-defined function raised exception" in _error(theirs)


def _exclusive_or(facet: str, ours: Any, theirs: Any) -> bool:
    """Tell whether the texts, or what they gave, differ by parentheses around ``|`` and ``&``."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        ours, theirs = ours.get("sent"), theirs.get("sent")
    a, b = _text(ours), _text(theirs)
    bare = str.maketrans("", "", "()")
    return " & " in a and a != b and a.translate(bare) == b.translate(bare)


EXPLAINED = [
    Explained("stumbles", "SQLAlchemy ends with an AttributeError, AssertionError or the like", _stumbles),
    Explained("literals", "values of more types can be written into the text", _literal),
    Explained("widths", "set operations within set operations must have as many columns too", _widths),
    Explained("double", "a precision without a scale is no error for a bound value on MySQL", _double),
    Explained("constraint", "SQLite cannot name a constraint in ON CONFLICT; SQLAlchemy leaves the target out", _constraint),
    Explained("floor", "FLOOR of NULL is NULL on SQLite", _floor),
    Explained("exclusive or", "SQLAlchemy's replacement on SQLite lacks parentheses and gives wrong numbers", _exclusive_or),
]


def explanation(facet: str, ours: Any, theirs: Any) -> Explained | None:
    """Return what explains a difference, if something does."""
    return next((each for each in EXPLAINED if each.is_it(facet, ours, theirs)), None)
