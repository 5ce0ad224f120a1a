"""
Remember which objects came together, so that what one of them lacks can be loaded for all.

A `Cohort` lists the keys of one entity of one result; the identity map has the objects, as long as they live.
It is kept by their states, and keeps neither objects nor states, which the cyclic collector does not track.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from relvar.util.concurrency import frame_outside

__all__ = ["Cohort", "Cohorts", "call_site"]

_PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))) + os.sep


class Cohort:
    """
    Those that came in one result at one place.

    Attributes:
        keys: Their keys in the identity map.
        site: Where the program asked for the result, "file:line"; None in sessions that do not tell.
        below: For each attribute that was loaded one by one, the cohorts of what was loaded.
    """

    __slots__ = ("below", "keys", "site")

    def __init__(self, site: str | None) -> None:
        self.keys: list[Any] = []
        self.site: str | None = site
        self.below: dict[str, Cohorts] = {}

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
        Return the cohort of an entity.
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
    outside = frame_outside()
    while _is_ours(frame.f_code.co_filename):
        above = frame.f_back
        if above is None:
            # asyncio: the coroutine that waits for it goes on with the stack
            above, outside = outside, None
        if above is None:
            break
        frame = above
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


def _is_ours(filename: str) -> bool:
    # compiled kernels have no frames; greenlets and contextlib stand between relvar's own
    return filename.startswith(_PACKAGE) or os.path.basename(filename) == "contextlib.py"
