"""Differences that are there on purpose; docs/design/0003-rival-comparison.md gives the reasons at length."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Explained:
    """A difference that is meant: how to know it, and why it is there."""

    name: str
    reason: str
    is_it: Callable[[str, Any, Any], bool]


def _no_pickle(facet: str, ours: Any, theirs: Any) -> bool:
    return facet == "kept" and ours[:3] == theirs[:3] and ours[3] is True and theirs[3] == "no pickle"


EXPLAINED = [
    Explained("pickles", "statements pickle whatever stands in them", _no_pickle),
]


def explanation(facet: str, ours: Any, theirs: Any) -> Explained | None:
    """Return what explains a difference, if something does."""
    return next((each for each in EXPLAINED if each.is_it(facet, ours, theirs)), None)
