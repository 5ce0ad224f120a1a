"""
A private PgBouncer in front of a PostgreSQL server, for tests; where its program is installed.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import time
from collections.abc import Iterator

import psycopg
from databases import free_port, make_folder, server_user

SETTINGS = """\
[databases]
* = host={host} port={port} user={user} {secret}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
unix_socket_dir =
auth_type = any
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 3
# what redshift_connector says of itself when it connects, which PostgreSQL does not know
ignore_startup_parameters = extra_float_digits,options,client_protocol_version,driver_version,\
driver_discovery_version,os_version,plugin_name
logfile = {folder}/log
pidfile = {folder}/pid
"""


def program() -> str | None:
    """Return where PgBouncer is; Debian has it where only root looks."""
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


@contextlib.contextmanager
def transaction_pooler(host: str, port: int, user: str, password: str | None) -> Iterator[int]:
    """
    Give the port of a PgBouncer that lends three sessions of a server, for one transaction at a time.
    """
    found = program()
    assert found is not None
    owner = server_user("postgres")
    folder = make_folder(owner)
    own_port = free_port()
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        SETTINGS.format(
            host=host,
            port=port,
            user=user,
            secret=f"password={password}" if password else "",
            own_port=own_port,
            folder=folder,
        )
    )
    (folder / "users").write_text(f'"{user}" ""\n')
    process = subprocess.Popen(
        [found, str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **owner
    )  # type: ignore[call-overload]  # owner holds user, group, extra_groups
    try:
        _wait(own_port, user)
        yield own_port
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(port: int, user: str) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user=user, dbname="postgres").close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
