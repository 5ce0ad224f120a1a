"""
Meet a stub of a TDS server through one driver, and print as JSON what relvar makes of its errors.

``python wire.py driver``: in a process of its own, as Microsoft's ODBC driver does not go with others in one.
"""

from __future__ import annotations

import contextlib
import json
import platform
import sys
import time
from pathlib import Path
from typing import Any

from relvar import create_engine, exc, make_url, text
from relvar.util import greenlet_spawn

sys.path.insert(0, str(Path(__file__).parent))

from tds import serving  # beside this file, not a package

# what SQL Server says; https://learn.microsoft.com/sql/relational-databases/errors-events/
DEADLOCK = (
    1205,
    """Transaction (Process ID 52) was deadlocked on lock resources with another process and has been
    chosen as the deadlock victim. Rerun the transaction.""",
)
CONFLICT = (
    3960,
    """Snapshot isolation transaction aborted due to update conflict. You cannot use snapshot isolation to
    access table 'dbo.t' directly or indirectly in database 'd' to update, delete, or insert the row that
    has been modified or deleted by another transaction. Retry the transaction or change the isolation
    level for the update/delete statement.""",
)
LOCK_TIMEOUT = (1222, "Lock request time out period exceeded.")
DUPLICATE = (2627, "Violation of PRIMARY KEY constraint 'pk'. Cannot insert duplicate key in object 'dbo.t'.")


ROW = (-7, "häßlich €")


def microsofts_odbc_driver() -> str:
    """Return the file of the ODBC driver that mssql-python brings."""
    import mssql_python_odbc

    folder = Path(mssql_python_odbc.__file__).parent / "libs" / "linux"
    found = folder.glob(f"*/{platform.machine()}/lib/libmsodbcsql-*")
    # those for Debian come first
    return str(min(found))


def url_of(driver: str, port: int) -> tuple[Any, dict[str, Any]]:
    url = make_url(f"mssql+{driver}://u:secret@127.0.0.1:{port}/d")
    if driver == "pymssql":
        return url.update_query_dict({"login_timeout": "1"}), {}
    if driver != "mssqlpython":
        # the driver begins a transaction else, and crashes where the stub knows of none
        url = url.update_query_dict({"driver": microsofts_odbc_driver(), "autocommit": "true"})
    return url.update_query_dict({"Encrypt": "no"}), {"timeout": 1}


def described(dialect: Any, error: BaseException) -> dict[str, Any]:
    return {
        "class": type(error).__name__,
        "text": str(error),
        "code": dialect._error_code(error),
        "retryable": dialect.is_retryable(error),
        "lost": dialect.is_disconnect(error, None, None),
        "unreachable": dialect._is_unreachable(error),
        "cancelled": dialect._is_cancelled(error),
    }


def main(driver: str) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    with serving() as server:
        url, options = url_of(driver, server.port)
        engine = create_engine(url, connect_args=options)
        try:
            engine.connect()
        except exc.DBAPIError as error:
            shown["login"] = described(engine.dialect, error.orig) | {"wrapped": type(error).__name__}
        refused, _ = url_of(driver, 1)
        try:
            create_engine(refused, connect_args=options).connect()
        except exc.DBAPIError as error:
            shown["refused"] = described(engine.dialect, error.orig)
        server.login_error = None
        dialect = engine.dialect
        args, keywords = dialect.create_connect_args(url)

        open_connections: list[Any] = []

        def connect() -> Any:
            server.answer = ()
            made = dialect.connect(*args, **keywords, **options)
            dialect._set_autocommit(made, True)
            open_connections.append(made)
            return made

        def run(connection: Any) -> dict[str, Any]:
            try:
                cursor = connection.cursor()
                cursor.execute("SELECT 1")
                return {"rows": cursor.fetchall()}
            except dialect.loaded_dbapi.Error as error:
                return described(dialect, error)

        connection = connect()
        server.row = ROW
        shown["row"] = [list(row) for row in run(connection).get("rows", ())]
        server.row = None
        for name, answer in {
            "deadlock": DEADLOCK,
            "conflict": CONFLICT,
            "lock timeout": LOCK_TIMEOUT,
            "duplicate": DUPLICATE,
        }.items():
            server.answer = answer
            shown[name] = run(connection)
        connection = limited = connect()
        if driver == "pymssql":
            limited = dialect.connect(*args, **keywords, timeout=1)
        server.hangs = True
        started = time.monotonic()
        if driver == "pymssql":
            shown["timeout"] = run(limited)
        else:
            with dialect._limit(connection, 0.5, can_cancel=True):
                shown["timeout"] = run(connection)
        shown["seconds"] = time.monotonic() - started
        server.hangs = False
        server.answer = ()
        dialect.initialize = lambda connection: None
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as through_engine:
            server.row = ROW
            shown["row by engine"] = list(through_engine.execute(text("SELECT n, s FROM t")).one())
            server.row = None
            server.hangs = driver != "pymssql"
            try:
                through_engine.execute(text("SELECT 1"), execution_options={"timeout": 0.5})
            except exc.StatementTimeout as error:
                shown["by engine"] = f"a timeout, connection lost: {error.connection_invalidated}"
            except exc.InvalidRequestError as error:
                shown["by engine"] = str(error)
            server.hangs = False
        connection = connect()
        server.answer = None
        shown["dropped"] = run(connection)
        shown["after"] = run(connection)
        connection = connect()
        connection.close()
        shown["closed"] = run(connection)
        for connection in open_connections:
            with contextlib.suppress(Exception):
                connection.close()
    return shown


if __name__ == "__main__":
    name = sys.argv[1]
    if name == "aioodbc":
        import asyncio

        found = asyncio.run(greenlet_spawn(main, name))
    else:
        found = main(name)
    print(json.dumps(found))
