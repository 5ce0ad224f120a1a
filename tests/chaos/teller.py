"""
Move money at random until killed: ``teller.py URL LOG SEED``.

Each transfer is noted in the database along with it, and in the log after it was acknowledged.
"""

from __future__ import annotations

import os
import random
import sys
from typing import Any
from uuid import uuid4

import relvar
from relvar import Column, Integer, MetaData, String, Table, insert, select, update

metadata = MetaData()
accounts = Table("accounts", metadata, Column("id", Integer, primary_key=True), Column("cents", Integer))
transfers = Table("transfers", metadata, Column("id", String(32), primary_key=True))

ACCOUNTS, CENTS = 10, 1000


def main(url: str, log: str, seed: int) -> None:
    chance = random.Random(seed)
    options = {"sqlite_concurrent": True} if url.startswith("sqlite") else {}
    engine = relvar.create_engine(url, **options)
    written = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def transfer(connection: Any) -> str:
        name = uuid4().hex
        giver, taker = chance.sample(range(1, ACCOUNTS + 1), 2)
        amount = chance.randint(1, 5)
        # read, then write: a lost update would change the total
        for number, change in ((giver, -amount), (taker, amount)):
            cents = connection.scalar(
                select(accounts.c.cents).where(accounts.c.id == number).with_for_update()
            )
            connection.execute(update(accounts).where(accounts.c.id == number).values(cents=cents + change))
        connection.execute(insert(transfers), {"id": name})
        return name

    while True:
        name = engine.run(transfer, attempts=1000)
        os.write(written, name.encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
