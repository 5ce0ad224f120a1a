"""
A server that is restarted in the middle of the work: the work goes on.
"""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from databases import Absent, embedded_postgresql, server_user, start_postgresql, system_postgresql

import relvar
from relvar import Column, Integer, MetaData, Table, exc, insert, select, text

table = Table("t", MetaData(), Column("id", Integer, primary_key=True, autoincrement=False))


def test_work_goes_on_when_the_server_is_restarted() -> None:
    programs = system_postgresql() or embedded_postgresql()
    database = start_postgresql(programs, "postgresql")
    if isinstance(database, Absent) or programs is None:
        pytest.skip("there is no PostgreSQL to start here")
    engine = relvar.create_engine(database.with_driver("postgresql+psycopg"))
    try:
        table.create(engine)
        with engine.connect() as connection:
            data = connection.scalar(text("SHOW data_directory"))
        restart = threading.Timer(0.1, _restart, (programs[0], data))
        restart.start()
        acknowledged, unknown = [], []
        number = 0
        while restart.is_alive() or number < 50:
            number += 1
            try:
                engine.run(lambda given, id_=number: given.execute(insert(table), {"id": id_}), attempts=100)
                acknowledged.append(number)
            except exc.CommitUnknown:
                unknown.append(number)
        restart.join()
        with engine.connect() as connection:
            there = set(connection.scalars(select(table.c.id)))
        assert set(acknowledged) <= there <= {*acknowledged, *unknown}
        assert len(acknowledged) >= 50 - len(unknown)
        assert len(unknown) <= 1
        assert engine.pool.checkedout() == 0
    finally:
        engine.dispose()
        for close in database.close:
            close()


def _restart(programs: Path, data: Any) -> None:
    owner: Any = server_user("postgres")
    subprocess.run(
        [str(programs / "pg_ctl"), "-D", data, "-m", "fast", "-w", "restart", "-l", f"{data}/../server.log"],
        check=True,
        cwd=data,
        stdout=subprocess.DEVNULL,
        **owner,
    )
