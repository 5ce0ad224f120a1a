"""
Statements that are all different take no more memory than the cache may hold.
"""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

import pytest

from relvar import Integer, column, is_compiled, literal_column, select, table

# compiling them takes half a minute; without kernels it would be two
COUNT = 100_000 if is_compiled() or os.environ.get("RELVAR_CHAOS_FULL") else 10_000


def resident() -> int:
    """Return the bytes of memory that the process has."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="this system does not tell")
def test_memory_is_bounded(sqlite_engine: Any) -> None:
    things = table("sqlite_master", column("rootpage", Integer))
    with sqlite_engine.connect() as connection:

        def run(numbers: range) -> None:
            for number in numbers:
                made = select(things.c.rootpage.label(f"a{number}"), literal_column(str(number))).limit(1)
                assert connection.execute(made).all() == []

        run(range(5_000))
        before = resident()
        run(range(5_000, COUNT))
        after = resident()
    # 500 statements, and half as many again before it is pruned
    assert 250 < len(sqlite_engine._compiled_cache) <= 751
    # hundreds of bytes a statement would be more
    assert after - before < 10_000_000
