"""
Statements that are all different take no more memory than the cache may hold.
"""

from __future__ import annotations

import gc
import os
import tracemalloc
from typing import Any

from relvar import Integer, column, literal_column, select, table

# compiling them takes half a minute
COUNT = 100_000 if os.environ.get("RELVAR_CHAOS_FULL") else 2_500


def test_memory_is_bounded(sqlite_engine: Any) -> None:
    things = table("sqlite_master", column("rootpage", Integer))
    with sqlite_engine.connect() as connection:

        def run(numbers: range) -> None:
            for number in numbers:
                made = select(things.c.rootpage.label(f"a{number}"), literal_column(str(number))).limit(1)
                assert connection.execute(made).all() == []

        tracemalloc.start()
        try:
            run(range(1000))
            gc.collect()
            before, _ = tracemalloc.get_traced_memory()
            run(range(1000, COUNT))
            gc.collect()
            after, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    # 500 statements, and half as many again before it is pruned
    assert 250 < len(sqlite_engine._compiled_cache) <= 751
    assert after - before < 4_000_000
