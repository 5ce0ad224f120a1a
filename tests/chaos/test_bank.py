"""
A bank whose tellers are killed: no cent is lost or made, no acknowledged transfer is forgotten.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from teller import ACCOUNTS, CENTS, accounts, metadata, transfers

from relvar import func, insert, select

PROGRAM = Path(__file__).with_name("teller.py")
TELLERS, KILLS, SECONDS = 8, 8, 1.5


def test_no_cent_is_lost_when_tellers_are_killed(engine: Any, url: str, tmp_path: Path) -> None:
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(accounts), [{"id": n + 1, "cents": CENTS} for n in range(ACCOUNTS)])
    chance, log = random.Random(3), tmp_path / "acknowledged"

    def hire(number: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, str(PROGRAM), url, str(log), str(number)])

    tellers = [hire(number) for number in range(TELLERS)]
    started = time.monotonic()
    while not log.exists() or log.stat().st_size < 33 * 20:
        assert time.monotonic() - started < 30
        time.sleep(0.05)
    for number in range(KILLS):
        time.sleep(SECONDS / KILLS)
        fired = tellers.pop(chance.randrange(len(tellers)))
        fired.kill()
        fired.wait()
        if number < 2:
            tellers.append(hire(100 + number))
    assert all(teller.poll() is None for teller in tellers)
    for teller in tellers:
        teller.kill()
    for teller in tellers:
        teller.wait()
    acknowledged = log.read_text().split()
    assert len(acknowledged) > 20
    with engine.connect() as connection:
        assert connection.scalar(select(func.sum(accounts.c.cents))) == ACCOUNTS * CENTS
        there = set(connection.scalars(select(transfers.c.id)))
    assert set(acknowledged) <= there
    # a teller that is killed may have one transfer that it has not noted
    assert len(there) - len(acknowledged) <= TELLERS + 2
