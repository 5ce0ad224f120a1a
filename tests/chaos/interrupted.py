"""
Interrupt a program that uses its database, by signals, at random times: ``interrupted.py URL COUNT SEED``.

Prints, as JSON, how many connections are checked out, and how many the pool has kept; then waits for a line.
"""

from __future__ import annotations

import gc
import json
import random
import signal
import sys
import time
from typing import Any

import relvar
from relvar import Column, Integer, MetaData, Table, func, insert, select
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column

table = Table("t", MetaData(), Column("id", Integer, primary_key=True))


class Base(DeclarativeBase):
    pass


class Row(Base):
    __tablename__ = "rows_of_it"
    id: Mapped[int] = mapped_column(primary_key=True)


def connect(engine: Any) -> None:
    with engine.connect() as connection:
        connection.execute(insert(table), {})
        connection.execute(select(func.count()).select_from(table)).all()


def begin(engine: Any) -> None:
    with engine.begin() as connection:
        connection.execute(select(table.c.id).limit(3)).all()


def session(engine: Any) -> None:
    with Session(engine) as session:
        session.add(Row())
        session.flush()
        session.scalars(select(Row).limit(2)).all()


def main(url: str, count: int, seed: int) -> None:
    chance = random.Random(seed)
    engine = relvar.create_engine(url, pool_size=2, max_overflow=1, pool_timeout=5)
    table.create(engine)
    Base.metadata.create_all(engine)
    hits = {each.__name__: 0 for each in (connect, begin, session)}
    for each in (connect, begin, session):
        each(engine)
        started = time.perf_counter()
        for _ in range(20):
            each(engine)
        typical = (time.perf_counter() - started) / 20
        alarm = _Alarm()
        while hits[each.__name__] < count:
            try:
                alarm.set(typical * chance.uniform(0, 1.05))
                each(engine)
                alarm.off()
            except (KeyboardInterrupt, RuntimeError) as error:
                # the standard library has locks that make a RuntimeError of an interrupt
                if not isinstance(error, KeyboardInterrupt) and error.__context__ is None:
                    raise
                hits[each.__name__] += 1
            # a block interrupted in the instant in which it begins to be left is in a cycle
            gc.collect(0)
    gc.collect()
    until = time.monotonic() + 5
    while engine.pool.checkedout() and time.monotonic() < until:
        # a connection may still be on its way, in a thread that was left behind
        time.sleep(0.02)
    print(
        json.dumps({"hits": hits, "out": engine.pool.checkedout(), "kept": engine.pool.checkedin()}),
        flush=True,
    )
    sys.stdin.readline()


class _Alarm:
    """Raises KeyboardInterrupt in the main thread after a time, by the signal of a timer."""

    def __init__(self) -> None:
        signal.signal(signal.SIGALRM, self._ring)
        self._is_set = False

    def _ring(self, number: int, frame: Any) -> None:
        if self._is_set:
            self._is_set = False
            raise KeyboardInterrupt

    def set(self, seconds: float) -> None:
        self._is_set = True
        signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-6))

    def off(self) -> None:
        self._is_set = False
        signal.setitimer(signal.ITIMER_REAL, 0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
