"""
Remember which objects came together, so that what one of them lacks can be loaded for all.

A `Cohort` lists the states of one entity of one result.  It is kept by these states and nothing else, and
states do not keep objects: a result that the program has dropped is not kept alive by who is left of it.
"""

from __future__ import annotations

import os
import sys
from typing import Any

__all__ = ["Cohort", "Cohorts", "call_site"]

_PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))) + os.sep


class Cohort(list[Any]):
    """
    The states of one entity of one result.

    Attributes:
        site: Where the program asked for the result, "file:line"; None in sessions that do not tell.
        below: For each attribute that was loaded one by one, the cohorts of what was loaded.
        loads: For each attribute, how often it was loaded for one member alone.
    """

    __slots__ = ("below", "loads", "site")

    def __init__(self, site: str | None) -> None:
        super().__init__()
        self.site = site
        self.below: dict[str, Cohorts] = {}
        self.loads: dict[str, int] = {}

    def under(self, key: str, context: Any) -> Cohorts:
        """
        Return the cohorts of what an attribute's own statements load, all members' together.
        """
        found = self.below.get(key)
        if found is None:
            found = self.below[key] = Cohorts(context)
        return found


class Cohorts:
    """
    The cohorts of one execution, by the place of the entity in its load path.
    """

    __slots__ = ("_by_path", "_site")

    def __init__(self, context: Any) -> None:
        self._site: str | None = context.site
        self._by_path: dict[Any, Cohort] = {}

    def of(self, path: tuple[Any, ...]) -> Cohort:
        """
        Return the list that takes the states of an entity.
        """
        found = self._by_path.get(path)
        if found is None:
            found = self._by_path[path] = Cohort(self._site)
        return found


def call_site() -> str:
    """
    Return the place in the program that called into relvar, as "file:line".
    """
    frame: Any = sys._getframe(1)
    while frame.f_back is not None and _is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


def _is_ours(filename: str) -> bool:
    # compiled kernels have no frames; greenlets and contextlib stand between relvar's own
    return filename.startswith(_PACKAGE) or os.path.basename(filename) == "contextlib.py"
