"""Engines for every driver of MySQL and MariaDB that is installed."""

from __future__ import annotations

import contextlib
import importlib
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from databases import free_port, make_folder, server_user

import relvar
from relvar import URL

# driver -> module
DRIVERS = {
    "pymysql": "pymysql",
    "mysqldb": "MySQLdb",
    "mysqlconnector": "mysql.connector",
    "mariadbconnector": "mariadb",
    "cymysql": "cymysql",
    "pyodbc": "pyodbc",
    "asyncmy": "asyncmy",
    "aiomysql": "aiomysql",
}
ODBC_DRIVER = "MariaDB Unicode"


def load(driver: str) -> Any:
    """Import a driver; skip where it is not installed."""
    try:
        module = importlib.import_module(DRIVERS[driver])
    except ImportError as error:
        pytest.skip(f"{driver} is not installed: {error}")
    if driver == "pyodbc" and ODBC_DRIVER not in module.drivers():
        pytest.skip(f"there is no ODBC driver {ODBC_DRIVER!r}")
    return module


@pytest.fixture(params=DRIVERS)
def driver(request: pytest.FixtureRequest) -> str:
    """Each driver in turn."""
    load(request.param)
    return str(request.param)


@pytest.fixture
def make_engine(mariadb_engine: Any) -> Iterator[Callable[..., Any]]:
    """A function: driver, database name of the URL, query, options of create_engine -> engine."""
    made: list[Any] = []

    def make(driver: str = "pymysql", name: str = "mariadb", query: Any = None, **options: Any) -> Any:
        url: URL = mariadb_engine.url.set(drivername=f"{name}+{driver}", query=query or {})
        if driver == "pyodbc":
            url = url.update_query_dict({"driver": ODBC_DRIVER})
        engine = relvar.create_engine(url, **options)
        made.append(engine)
        return engine

    yield make
    for engine in made:
        engine.dispose()


@pytest.fixture
def server(mariadb_engine: Any) -> Iterator[Any]:
    """A connection that commits each statement at once, to look on and to interfere."""
    with mariadb_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


class PrivateServer:
    """A MariaDB server of one's own: random port, temporary folder, never as root."""

    def __init__(self) -> None:
        server = shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin")
        install = shutil.which("mariadb-install-db")
        if server is None or install is None:
            pytest.skip("there is no mariadbd here")
        self._programs = (server, install)
        self._owner = server_user("mysql")
        self.folder: Path = make_folder(self._owner)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *options: str) -> str:
        """Start it; return the URL of an empty database."""
        server, install = self._programs
        port = free_port()
        quiet: dict[str, Any] = {
            "cwd": self.folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **self._owner,
        }  # fmt: skip
        common = [
            # a server that starts deletes the temporary tables of others in its tmpdir
            "--no-defaults", f"--datadir={self.folder}/data", f"--tmpdir={self.folder}",
            "--innodb-buffer-pool-size=16M", *options,
        ]  # fmt: skip
        made = subprocess.run(
            [install, *common, "--auth-root-authentication-method=normal", "--skip-test-db"],
            **{**quiet, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT},
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stdout
        place = [f"--{name}={self.folder}/{name}" for name in ("socket", "pid-file", "log-error")]
        self._process = subprocess.Popen(
            [server, *common, *place, f"--port={port}", "--bind-address=127.0.0.1", "--skip-name-resolve"],
            **quiet,
        )
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert self._process.poll() is None and time.monotonic() < deadline, "the server did not start"
            time.sleep(0.1)
        engine = relvar.create_engine(f"mariadb+pymysql://root@/?unix_socket={self.folder}/socket")
        with engine.begin() as connection:
            connection.exec_driver_sql("create database relvar character set utf8mb4")
        engine.dispose()
        return f"mariadb+pymysql://root@127.0.0.1:{port}/relvar"

    def stop(self) -> None:
        """Stop it and remove its folder."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def private_server() -> Iterator[Callable[..., str]]:
    """A function: options of the server -> URL of an empty database on it."""
    servers: list[PrivateServer] = []

    def start(*options: str, before: Callable[[Path], list[str]] = lambda folder: []) -> str:
        server = PrivateServer()
        servers.append(server)
        return server.start(*options, *before(server.folder))

    yield start
    for server in servers:
        server.stop()
