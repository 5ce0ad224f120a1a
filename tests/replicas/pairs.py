"""
A table of numbers, and pairs of a write and a read of what was written.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from relvar import Column, Integer, MetaData, Table, create_engine, insert, select, update
from relvar.ext.routing import ReplicatedEngine, causal_token, follow
from relvar.orm import Session

THREADS = 4

metadata = MetaData()
numbers = Table(
    "numbers", metadata, Column("id", Integer, primary_key=True, autoincrement=False), Column("n", Integer)
)


def make_numbers(url: str) -> None:
    """Make the table in a database, with a row for each thread."""
    engine = create_engine(url)
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(numbers), [{"id": number, "n": 0} for number in range(THREADS)])
    engine.dispose()


def write(session: Session, number: int, n: int) -> None:
    """Set a number, in a transaction."""
    session.execute(update(numbers).where(numbers.c.id == number).values(n=n))
    session.commit()


def read(session: Session, number: int, **options: Any) -> int:
    """Return a number, in a transaction."""
    statement = select(numbers.c.n).where(numbers.c.id == number)
    found: int = session.scalars(statement, execution_options=options).one()
    session.rollback()
    return found


def in_threads(work: Callable[[int], object]) -> None:
    """Run a function in some threads, with the number of each; what it raises is raised."""
    raised: list[BaseException] = []

    def run(number: int) -> None:
        try:
            work(number)
        except BaseException as err:
            raised.append(err)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if raised:
        raise raised[0]


def stale_pairs(engine: ReplicatedEngine, pairs: int) -> tuple[list[Any], int]:
    """
    Write and read in turn, half of the reads in the session that wrote, half in one that follows its token.

    Returns:
        What was read and is not what was written; and how many stale reads there were without a token, of
        the few that were made.
    """
    stale: list[Any] = []
    without: list[int] = []

    def work(thread: int) -> None:
        for n in range(1, pairs // THREADS + 1):
            with Session(engine) as session:
                write(session, thread, n)
                if n % 2:
                    found = read(session, thread)
                else:
                    # as from one request to the next, with the token in a cookie
                    token = causal_token(session)
                    with Session(engine) as other:
                        follow(other, token)
                        found = read(other, thread)
                if found != n:
                    stale.append((thread, n, found))
                if n % 10 == 0 and read(session, thread, read_from="stale_replica") != n:
                    without.append(n)

    in_threads(work)
    return stale, len(without)
