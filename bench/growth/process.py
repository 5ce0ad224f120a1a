"""
What a process holds: its memory now, and the most it held since it was asked to begin anew.
"""

from __future__ import annotations

import gc
import os
import resource
import sys
from pathlib import Path


def resident() -> int:
    """Return the bytes that the process holds now."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE")


def reset_peak() -> None:
    """Begin anew with the peak (Linux: proc(5), clear_refs)."""
    Path("/proc/self/clear_refs").write_text("5")


def peak() -> int:
    """Return the most bytes that the process held."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def is_measurable() -> bool:
    """Tell whether the system tells these things: Linux does."""
    return sys.platform == "linux"
