"""
A server that is restarted in the middle of the work: the work goes on.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from databases import (
    Absent,
    embedded_postgresql,
    server_user,
    start_mariadb,
    start_postgresql,
    system_postgresql,
)

import relvar
from relvar import Column, Integer, MetaData, Table, exc, insert, select, text

table = Table("t", MetaData(), Column("id", Integer, primary_key=True, autoincrement=False))


class Restartable:
    """
    A private server; ``restart()`` stops it in the way its owner does, and starts it again.
    """

    def __init__(self, database: Any, driver: str) -> None:
        self.database = database
        self.url = database.with_driver(driver)

    def restart(self) -> None:
        raise NotImplementedError

    def close(self) -> None:
        for close in self.database.close:
            close()


class PostgreSQL(Restartable):
    def __init__(self) -> None:
        programs = system_postgresql() or embedded_postgresql()
        database = start_postgresql(programs, "postgresql")
        if isinstance(database, Absent) or programs is None:
            pytest.skip("there is no PostgreSQL to start here")
        super().__init__(database, "postgresql+psycopg")
        self._programs = programs
        engine = relvar.create_engine(self.url)
        with engine.connect() as connection:
            self._data = connection.scalar(text("SHOW data_directory"))
        engine.dispose()

    def restart(self) -> None:
        owner: Any = server_user("postgres")
        control = [str(self._programs[0] / "pg_ctl"), "-D", self._data, "-m", "fast", "-w", "restart"]
        subprocess.run(
            [*control, "-l", f"{self._data}/../server.log"],
            check=True,
            cwd=self._data,
            stdout=subprocess.DEVNULL,
            **owner,
        )


class MariaDB(Restartable):
    def __init__(self) -> None:
        database = start_mariadb()
        if isinstance(database, Absent):
            pytest.skip(database.reason)
        super().__init__(database, "mariadb+pymysql")
        engine = relvar.create_engine(self.url)
        with engine.connect() as connection:
            pid = Path(connection.scalar(text("SELECT @@pid_file"))).read_text().strip()
        engine.dispose()
        self._pid = int(pid)
        self._command = Path(f"/proc/{pid}/cmdline").read_text().split("\0")[:-1]
        self._again: subprocess.Popen[bytes] | None = None

    def restart(self) -> None:
        owner: Any = server_user("mysql")
        os.kill(self._pid, signal.SIGTERM)
        # its parent is this process: gone, or waiting to be asked what became of it
        stat = Path(f"/proc/{self._pid}/stat")
        while stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z":
            time.sleep(0.01)
        self._again = subprocess.Popen(
            self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **owner
        )
        engine = relvar.create_engine(self.url)
        for _ in range(1000):
            with contextlib.suppress(exc.DBAPIError), engine.connect():
                break
            time.sleep(0.02)
        engine.dispose()

    def close(self) -> None:
        try:
            super().close()
        finally:
            if self._again is not None:
                self._again.terminate()
                self._again.wait(30)


@pytest.mark.parametrize("kind", [PostgreSQL, MariaDB])
def test_work_goes_on_when_the_server_is_restarted(kind: type[Any]) -> None:
    server = kind()
    engine = relvar.create_engine(server.url)
    try:
        table.create(engine)
        restart = threading.Timer(0.1, server.restart)
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
        server.close()
