"""
Servers that replicate each other, for a test, in a temporary folder, never as root: loopback only.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pymysql
import pytest
from databases import embedded_postgresql, free_port, make_folder, server_user, system_postgresql

GALERA = Path("/usr/lib/galera/libgalera_smm.so")

what_ran: dict[str, str] = {}
"For the words at the end of a run: which clusters ran, or why not."


def skip(kind: str, reason: str) -> NoReturn:
    """Skip a test whose cluster can't be started here."""
    what_ran[kind] = f"absent: {reason}"
    pytest.skip(f"{kind} is absent: {reason}")


def wait_until(is_so: Callable[[], Any], seconds: float = 30.0) -> None:
    """Wait for something to be so; errors of a server that starts are none."""
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(psycopg.Error, pymysql.MySQLError, OSError):
            if is_so():
                return
        assert time.monotonic() < deadline, "it did not come to be so in time"
        time.sleep(0.02)


class Server:
    """A server process in a folder of its own."""

    def __init__(self, kind: str, arguments: list[object], folder: Path, port: int, owner: Any) -> None:
        self.kind = kind
        self.folder = folder
        self.port = port
        self._arguments = [str(each) for each in arguments]
        self._owner = owner
        self.start()

    def start(self) -> None:
        """Start it, the first time or after `kill`."""
        with (self.folder / "output.log").open("ab") as log:
            self.process = subprocess.Popen(
                self._arguments,
                cwd=self.folder,
                env=dict(os.environ, HOME=str(self.folder), LC_ALL="C.UTF-8"),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                **self._owner,
            )

    def kill(self) -> None:
        """End it with all its processes, at once."""
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(30)

    def freeze(self) -> None:
        """Have it do nothing any more."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        os.killpg(self.process.pid, signal.SIGCONT)

    def url(self, driver: str, database: str) -> str:
        """Return the URL of one of its databases."""
        user = "postgres" if self.kind == "postgresql" else "root"
        return f"{driver}://{user}@127.0.0.1:{self.port}/{database}"


@contextlib.contextmanager
def _cluster(*users: str) -> Iterator[tuple[Path, Any, list[Server]]]:
    """Give a folder and a list of servers, which are gone afterwards."""
    owner = server_user(*users)
    folder = make_folder(owner)
    servers: list[Server] = []
    try:
        yield folder, owner, servers
    finally:
        for server in servers:
            server.kill()
        shutil.rmtree(folder, ignore_errors=True)


# PostgreSQL -----------------------------------------------------------------------------------------


def sql(server: Server, statement: str, database: str = "postgres") -> Any:
    """Run a statement on a PostgreSQL server and return the first value of what it gives."""
    url = server.url("postgresql", database)
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
        return None if row is None else row[0]


@contextlib.contextmanager
def postgresql(replicas: int) -> Iterator[list[Server]]:
    """Start a primary with streaming replicas, whose transactions are as lazy as they can be."""
    found = system_postgresql() or embedded_postgresql()
    if found is None:
        skip("postgresql with replicas", "no server here to be started (make servers installs it)")
    programs, origin = found
    what_ran["postgresql with replicas"] = f"ran ({origin})"
    with _cluster("postgres") as (folder, owner, servers):

        def run(program: str, *arguments: object) -> None:
            given = [str(programs / program), *map(str, arguments)]
            environment = dict(os.environ, HOME=str(folder), LC_ALL="C.UTF-8")
            subprocess.run(
                given, check=True, cwd=folder, env=environment, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, **owner,
            )  # fmt: skip

        def start(data: Path) -> Server:
            port = free_port()
            options = {
                "port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": data.parent,
                "fsync": "off", "full_page_writes": "off",
                # a commit is answered before it is in the log, which follows soon
                "synchronous_commit": "off", "wal_writer_delay": "10ms",
                "shared_buffers": "32MB", "max_connections": 60, "max_prepared_transactions": 20,
                "wal_keep_size": "512MB", "max_standby_streaming_delay": "-1",
            }  # fmt: skip
            given = [f"-c{name}={value}" for name, value in options.items()]
            server = Server("postgresql", [programs / "postgres", "-D", data, *given], data, port, owner)
            servers.append(server)
            wait_until(lambda: sql(server, "SELECT 1"))
            return server

        options = ("-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        run("initdb", "-D", folder / "primary", *options, "--no-instructions")
        primary = start(folder / "primary")
        for number in range(replicas):
            data = folder / f"replica{number}"
            where = ("-h", "127.0.0.1", "-p", primary.port, "-U", "postgres")
            run("pg_basebackup", *where, "-D", data, "-R", "-X", "stream", "-c", "fast", "--no-sync")
            data.chmod(0o700)
            start(data)
        yield servers


# MariaDB --------------------------------------------------------------------------------------------


def query(server: Server, *statements: str) -> Any:
    """Run statements on a MariaDB server and return the first value of what the last gives."""
    where = {"host": "127.0.0.1", "port": server.port, "user": "root", "connect_timeout": 5}
    connection = pymysql.connect(**where, autocommit=True)
    with connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        row = cursor.fetchone()
        return None if row is None else row[0]


def _mariadb_programs(kind: str) -> tuple[str, str]:
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
    server, install = shutil.which("mariadbd", path=path), shutil.which("mariadb-install-db", path=path)
    if server is None or install is None:
        skip(kind, "no server here to be started (make servers installs it)")
    what_ran[kind] = "ran (private servers, MariaDB of this system)"
    return server, install


def _seed(install: str, folder: Path, owner: Any) -> Path:
    """Make a folder of data to be copied, which is quicker than making each."""
    seed = folder / "seed"
    subprocess.run(
        # a server that starts deletes the temporary tables of others in its tmpdir
        [install, "--no-defaults", f"--datadir={seed}", f"--tmpdir={folder}",
         "--auth-root-authentication-method=normal",
         "--skip-test-db", "--innodb-log-file-size=8M"],
        check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **owner,
    )  # fmt: skip
    return seed


def _start_mariadb(program: str, data: Path, owner: Any, *options: object) -> Server:
    port = free_port()
    given = [
        program, "--no-defaults", f"--datadir={data}/data", f"--tmpdir={data}",
        f"--socket={data}/sock", f"--port={port}",
        f"--pid-file={data}/pid", "--bind-address=127.0.0.1", f"--log-error={data}/error.log",
        "--innodb-buffer-pool-size=48M", "--innodb-log-file-size=8M", "--innodb-flush-log-at-trx-commit=0",
        "--skip-name-resolve", *options,
    ]  # fmt: skip
    return Server("mariadb", given, data, port, owner)


def _copy(seed: Path, data: Path, owner: Any) -> None:
    data.mkdir()
    shutil.copytree(seed, data / "data")
    if owner:
        for each in (data, *data.rglob("*")):
            os.chown(each, owner["user"], owner["group"])


@contextlib.contextmanager
def mariadb(replicas: int) -> Iterator[list[Server]]:
    """Start a primary with replicas that follow it by global transaction ids."""
    program, install = _mariadb_programs("mariadb with replicas")
    with _cluster("mysql") as (folder, owner, servers):
        seed = _seed(install, folder, owner)
        for number in range(replicas + 1):
            data = folder / f"server{number}"
            _copy(seed, data, owner)
            options = [f"--server-id={number + 1}", "--log-bin=binlog", "--gtid-strict-mode=ON"]
            if number:
                options.append("--read-only=ON")
            servers.append(_start_mariadb(program, data, owner, *options))
        for server in servers:
            wait_until(lambda server=server: query(server, "SELECT 1"))
        primary, *others = servers
        query(primary, "CREATE USER repl@'127.0.0.1' IDENTIFIED BY 'r'")
        query(primary, "GRANT REPLICATION SLAVE ON *.* TO repl@'127.0.0.1'", "CREATE DATABASE test_replicas")
        for server in others:
            query(
                server,
                f"CHANGE MASTER TO master_host='127.0.0.1', master_port={primary.port}, master_user='repl', "
                "master_password='r', master_use_gtid=slave_pos",
                "START SLAVE",
            )
            wait_until(lambda server=server: query(server, "SHOW DATABASES LIKE 'test_replicas'"))
        yield servers


@contextlib.contextmanager
def galera(nodes: int) -> Iterator[list[Server]]:
    """Start a cluster of servers that all take writes."""
    if not GALERA.exists():
        skip("galera", f"there is no {GALERA} (apt-get install galera-4 rsync)")
    if shutil.which("rsync") is None:
        skip("galera", "there is no rsync, with which a node gets its data")
    program, install = _mariadb_programs("galera")
    with _cluster("mysql") as (folder, owner, servers):
        seed = _seed(install, folder, owner)
        ports = [free_port() for _ in range(nodes)]
        address = ",".join(f"127.0.0.1:{port}" for port in ports)
        for number, port in enumerate(ports):
            data = folder / f"node{number}"
            _copy(seed, data, owner)
            provider = ";".join(
                [
                    f"base_port={port}", f"gmcast.listen_addr=tcp://127.0.0.1:{port}",
                    f"ist.recv_addr=127.0.0.1:{free_port()}", "gcache.size=16M",
                    # a node that is killed is given up soon; these go together
                    "evs.keepalive_period=PT0.3S", "evs.join_retrans_period=PT0.3S",
                    "evs.suspect_timeout=PT1S", "evs.inactive_timeout=PT2S", "evs.install_timeout=PT2S",
                ]
            )  # fmt: skip
            options = [
                f"--server-id={number + 1}", "--binlog-format=ROW", "--default-storage-engine=InnoDB",
                "--innodb-autoinc-lock-mode=2", "--wsrep-on=ON", f"--wsrep-provider={GALERA}",
                "--wsrep-cluster-name=test", f"--wsrep-cluster-address=gcomm://{address}",
                f"--wsrep-node-name=node{number}", "--wsrep-node-address=127.0.0.1",
                "--wsrep-sst-method=rsync", f"--wsrep-sst-receive-address=127.0.0.1:{free_port()}",
                "--wsrep-slave-threads=2", f"--wsrep-provider-options={provider}",
            ]  # fmt: skip
            if not number:
                options.append("--wsrep-new-cluster")
            servers.append(_start_mariadb(program, data, owner, *options))
            if not number:
                wait_until(lambda: is_synced(servers[0]), 60)
        # the others get its data at the same time, as far as it gives it
        for server in servers:
            wait_until(lambda server=server: is_synced(server), 60)
        query(servers[0], "CREATE DATABASE test_replicas")
        yield servers


def is_synced(node: Server) -> bool:
    """Tell whether a node of Galera takes part."""
    state = query(
        node,
        "SELECT variable_value FROM information_schema.global_status"
        " WHERE variable_name = 'wsrep_local_state_comment'",
    )
    return bool(state == "Synced")
