"""
Counts that are the same on every machine: functions called, memory blocks, objects that the collector tracks.
"""

from __future__ import annotations

import gc
import sys
import tracemalloc
from collections import Counter
from collections.abc import Callable
from typing import Any


def python_calls(function: Callable[[], Any]) -> Counter[str]:
    """Count the Python functions that one call runs, by name; C functions do not count."""
    found: Counter[str] = Counter()

    def note(frame: Any, event: str, arg: Any) -> None:
        if event == "call":
            code = frame.f_code
            found[f"{code.co_filename.rpartition('relvar/')[2]}:{code.co_qualname}"] += 1

    gc.collect()
    gc.disable()
    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(None)
        gc.enable()
    found.pop(f"{function.__code__.co_filename.rpartition('relvar/')[2]}:{function.__qualname__}", None)
    return found


def kept(function: Callable[[], Any]) -> tuple[int, int]:
    """Return how many memory blocks and tracked objects there are more while what it returned is kept."""
    gc.collect()
    blocks, tracked = sys.getallocatedblocks(), len(gc.get_objects())
    result = function()
    gc.collect()
    found = sys.getallocatedblocks() - blocks, len(gc.get_objects()) - tracked
    del result
    return found


def peak_bytes(function: Callable[[], Any]) -> int:
    """Return the most bytes that a call holds at once, beyond what was there: the least of three."""
    gc.collect()
    gc.disable()
    tracemalloc.start()
    found = []
    try:
        for _ in range(3):  # a list of the driver's may grow in one of them
            before = tracemalloc.get_traced_memory()[0]
            tracemalloc.reset_peak()
            function()
            found.append(tracemalloc.get_traced_memory()[1] - before)
    finally:
        tracemalloc.stop()
        gc.enable()
    return min(found)
