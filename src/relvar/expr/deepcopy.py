"""
Deep copies of elements; few programs make any.
"""

from __future__ import annotations

import copy
from typing import Any

__all__ = ["KEPT", "deeply_copied"]

KEPT = "relvar: stays itself"
"Key of a deep copy's memo, for the time of it: a function that tells which elements are not copied."


def deeply_copied(element: Any, memo: dict[Any, Any]) -> Any:
    """
    Return a copy of an element and what is below it, as ``copy.deepcopy()`` makes it of other objects.
    """
    is_kept = memo.get(KEPT)
    if is_kept is not None and is_kept(element):
        return element
    parts = element._reduce_plainly(4)
    if isinstance(parts, str):
        return element  # the only one there is
    made = parts[0](*copy.deepcopy(parts[1], memo))
    # what is below may lead back to it
    memo[id(element)] = made
    if len(parts) > 2 and parts[2] is not None:
        made.__setstate__(copy.deepcopy(parts[2], memo))
    return made
