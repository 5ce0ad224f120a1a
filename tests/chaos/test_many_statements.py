"""
Statements that are all different take no more memory than the cache may hold.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from relvar import is_compiled

# compiling them takes half a minute; without kernels it would be two
COUNT = 100_000 if is_compiled() or os.environ.get("RELVAR_CHAOS_FULL") else 10_000

# a process of its own: what other tests left behind would be freed or moved meanwhile
PROGRAM = """
import gc, os, sys
from pathlib import Path
from relvar import Integer, column, create_engine, literal_column, select, table

def resident():
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")

def run(connection, numbers):
    for number in numbers:
        made = select(things.c.rootpage.label(f"a{number}"), literal_column(str(number))).limit(1)
        assert connection.execute(made).all() == []

things = table("sqlite_master", column("rootpage", Integer))
engine = create_engine("sqlite://")
with engine.connect() as connection:
    run(connection, range(5_000))
    before = resident()
    run(connection, range(5_000, int(sys.argv[1])))
    print(len(engine._compiled_cache), resident() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="this system does not tell")
def test_memory_is_bounded() -> None:
    command = [sys.executable, "-c", PROGRAM, str(COUNT)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
    kept, more = map(int, done.stdout.split())
    # 500 statements, and half as many again before it is pruned
    assert 250 < kept <= 751
    # hundreds of bytes a statement would be more
    assert more < 5_000_000
