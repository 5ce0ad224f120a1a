"""
The operands of chains that grow one by one: ``condition &= ...`` in a loop.

Each turn of such a loop makes a node, and nobody looks at the operands of any but
the last.  Copying them every time would take quadratic time.  So a long chain
shares one list with the chain it grew from, and knows how many of it are its own.

Rule 1: a shared list only grows, and only behind what the chain that holds the
    longest part of it knows; whoever else goes on from a shorter one copies.
Rule 2: who asks for the operands gets a tuple, and the chain then keeps that.
"""

from __future__ import annotations

import os
import threading
from typing import Any

_SHORT = 16
"Shorter chains are copied: that is faster than sharing."

_growing = threading.RLock()
"Entered again when the collector runs somebody's code in between."


def _start_over() -> None:
    # the thread that held it when this process was forked is not here
    global _growing
    _growing = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_over)


class Operands:
    """
    The attribute ``clauses`` of a chain that has no tuple yet.
    """

    def __get__(self, obj: Any, cls: Any) -> Any:
        if obj is None:
            return self
        values = obj.__dict__
        with _growing:
            if "clauses" not in values:
                shared, count = values.pop("_grown")
                values["clauses"] = tuple(shared[:count])
        return values["clauses"]


def operands_followed_by(chain: Any, made: Any, parts: list[Any]) -> None:
    """
    Give *made* the operands of *chain* and then *parts*.
    """
    values = chain.__dict__
    with _growing:
        clauses = values.get("clauses")
        if clauses is None:
            shared, count = values["_grown"]
            if len(shared) != count:
                shared = shared[:count]
        elif len(clauses) < _SHORT:
            made.clauses = (*clauses, *parts)
            return
        else:
            shared, count = list(clauses), len(clauses)
        shared.extend(parts)
        made._grown = (shared, count + len(parts))
