"""Loading the drivers of Oracle Database, connecting to nobody, and what a URL becomes."""

from __future__ import annotations

import asyncio
import importlib.util
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import oracledb
import pytest

import relvar
from relvar import create_engine, exc, make_url
from relvar.dialects import oracle
from relvar.dialects.oracle import cx_oracle
from relvar.dialects.oracle import oracledb as driver
from relvar.ext.asyncio import create_async_engine

SERVICE = "(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=h)(PORT={}))(CONNECT_DATA=(SERVICE_NAME=x)))"
SID = "(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=h)(PORT={}))(CONNECT_DATA=(SID=x)))"


def connect_arguments(url: str) -> dict[str, Any]:
    made = make_url(url)
    args, options = driver.dialect(dbapi=oracledb).create_connect_args(made)
    assert args == []
    return options


@pytest.mark.parametrize(
    ("rest", "options"),
    [
        ("h:1521/?service_name=x", {"dsn": SERVICE.format(1521)}),
        ("h/?service_name=x", {"dsn": SERVICE.format(1521)}),
        ("h:1600/x", {"dsn": SID.format(1600)}),
        ("h:1600/?sid=x", {"dsn": SID.format(1600)}),
        ("h", {"dsn": "h"}),
        ("?dsn=h:1600/x", {"dsn": "h:1600/x"}),
        ("h/x?mode=SYSDBA", {"dsn": SID.format(1521), "mode": oracledb.AUTH_MODE_SYSDBA}),
        ("h/x?mode=2", {"dsn": SID.format(1521), "mode": 2}),
        ("h/x?purity=self", {"dsn": SID.format(1521), "purity": oracledb.PURITY_SELF}),
        ("h/x?events=true&cclass=me", {"dsn": SID.format(1521), "events": True, "cclass": "me"}),
        ("h/x?stmtcachesize=5", {"dsn": SID.format(1521), "stmtcachesize": "5"}),
    ],
)
def test_urls(rest: str, options: dict[str, Any]) -> None:
    found = connect_arguments(f"oracle+oracledb://scott:tiger@{rest}")
    assert found == {"user": "scott", "password": "tiger", **options}
    # the driver knows all of them, and reads numbers from text
    oracledb.ConnectParams(
        **{name: value for name, value in found.items() if name not in ("dsn", "password")}
    )


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("h/x?service_name=y", '"service_name" option shouldn\'t be used with a "database" part'),
        ("h/x?dsn=y", "more than once"),
        ("h/x?mode=king", "mode=king in the URL is no constant of oracledb"),
        ("h/x?arraysize=5", r"create_engine\(url, arraysize=...\)"),
    ],
)
def test_urls_that_say_too_much(rest: str, said: str) -> None:
    with pytest.raises((exc.InvalidRequestError, exc.ArgumentError), match=said):
        connect_arguments(f"oracle://scott:tiger@{rest}")


@pytest.fixture
def nobody() -> str:
    """The URL of a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"oracle://scott:tiger@127.0.0.1:{probe.getsockname()[1]}/?service_name=x"


def check_refused(error: exc.OperationalError, dialect: Any) -> None:
    assert "DPY-6005" in str(error)
    assert "tiger" not in str(error)
    assert isinstance(error.orig, oracledb.OperationalError)
    assert dialect._is_unreachable(error.orig)


@pytest.mark.feature("E047")
def test_a_refused_connection(nobody: str) -> None:
    engine = create_engine(nobody)
    with pytest.raises(exc.OperationalError) as caught:
        engine.connect()
    check_refused(caught.value, engine.dialect)


@pytest.mark.feature("I013")
@pytest.mark.feature("E047")
def test_a_refused_connection_of_asyncio(nobody: str) -> None:
    async def connect() -> None:
        engine = create_async_engine(nobody)
        assert engine.dialect.driver == "oracledb_async"
        with pytest.raises(exc.OperationalError) as caught:
            await engine.connect()
        check_refused(caught.value, engine.dialect)
        await engine.dispose()

    asyncio.run(connect())


@pytest.mark.feature("S015")
@pytest.mark.feature("E047")
def test_the_drivers_by_name() -> None:
    assert isinstance(create_engine("oracle://h/x").dialect, driver.OracleDialect_oracledb)
    assert isinstance(create_engine("oracle+oracledb://h/x").dialect, oracle.dialect)
    assert make_url("oracle+oracledb_async://h/x").get_dialect() is driver.OracleDialectAsync_oracledb
    assert make_url("oracle+cx_oracle://h/x").get_dialect() is cx_oracle.OracleDialect_cx_oracle
    with pytest.raises(
        exc.NoSuchModuleError, match="known drivers of oracle: cx_oracle, oracledb, oracledb_async"
    ):
        create_engine("oracle+odpi://h/x")


@pytest.mark.skipif(importlib.util.find_spec("cx_Oracle") is not None, reason="cx_Oracle is installed")
def test_what_to_install_is_said() -> None:
    with pytest.raises(ModuleNotFoundError, match="pip install cx_Oracle"):
        create_engine("oracle+cx_oracle://h/x")


@pytest.mark.feature("E047")
@pytest.mark.feature("E055")
def test_thick_mode_is_asked_for_once() -> None:
    """In a process of its own, as the driver can't go back; without Oracle's client that is the "
    "driver's error."""
    script = (
        "from relvar import create_engine, exc\n"
        "import oracledb\n"
        "try:\n"
        "    create_engine('oracle://h/x', thick_mode={'lib_dir': '/nowhere'})\n"
        "except oracledb.DatabaseError as error:\n"
        "    print(error)\n"
    )
    source = str(Path(relvar.__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, "-c", script], env={"PYTHONPATH": source}, capture_output=True, text=True, check=True
    )
    assert "DPI-1047" in done.stdout
    assert "/nowhere" in done.stdout
    with pytest.raises(exc.ArgumentError, match="thin mode only"):
        create_async_engine("oracle://h/x", thick_mode=True)


def test_an_old_driver_is_refused() -> None:
    class Old:
        paramstyle = "named"
        __version__ = "7.3"

    with pytest.raises(exc.InvalidRequestError, match=r"requires version \(8,\) or greater"):
        cx_oracle.dialect(dbapi=Old())


def test_dialects_are_loaded_when_named() -> None:
    script = "import sys, relvar; print([m for m in sys.modules if 'oracle' in m])"
    source = str(Path(relvar.__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, "-c", script], env={"PYTHONPATH": source}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
