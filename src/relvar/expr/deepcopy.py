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
    function, arguments, *state = element._reduce_plainly(4)
    made = function(*copy.deepcopy(arguments, memo))
    # what is below may lead back to it
    memo[id(element)] = made
    if state:
        made.__setstate__(copy.deepcopy(state[0], memo))
    return made
