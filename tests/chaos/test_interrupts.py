"""
Ctrl-C at random times leaves no connection checked out, no session and no transaction on the server.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import relvar
from relvar import text

PROGRAM = Path(__file__).with_name("interrupted.py")

# of each of three ways to use a connection; on servers the full number takes a minute
FULL, FEW = 3334, 300


@pytest.mark.backends("sqlite", "postgresql", "mariadb+mysqldb")
def test_interrupts_leave_nothing(url: str) -> None:
    is_full = url.startswith("sqlite") or os.environ.get("RELVAR_CHAOS_FULL")
    count = FULL if is_full else FEW
    program = subprocess.Popen(
        [sys.executable, str(PROGRAM), url, str(count), "7"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # interrupts within destructors are reported there
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert program.stdin is not None
    assert program.stdout is not None
    with program, program.stdin, program.stdout:
        left = json.loads(program.stdout.readline())
        assert left["hits"] == {"connect": count, "begin": count, "session": count}
        assert left["out"] == 0
        _has_only_idle_sessions(url, left["kept"])
        program.stdin.write("\n")


def _has_only_idle_sessions(url: str, count: int) -> None:
    engine = relvar.create_engine(url)
    with engine.connect() as connection:
        if engine.name == "sqlite":
            # somebody else can write
            connection.execute(text("DELETE FROM t"))
            return
        if engine.name == "postgresql":
            sessions = (
                "SELECT state FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
            busy = "idle in transaction"
        else:
            sessions = (
                "SELECT trx_state FROM information_schema.processlist "
                "LEFT JOIN information_schema.innodb_trx ON trx_mysql_thread_id = id "
                "WHERE db = database() AND id <> connection_id()"
            )
            busy = "RUNNING"
        states: list[Any] = list(connection.scalars(text(sessions)))
    engine.dispose()
    assert len(states) <= count
    assert busy not in states
