"""
The drivers meet a stub of a server: logins, refusals, errors, limits, lost connections are recognised.

pyodbc and aioodbc use Microsoft's own ODBC driver here, which comes with mssql-python.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent
MODULES = {
    "pyodbc": ("pyodbc", "mssql_python_odbc"),
    "aioodbc": ("aioodbc", "mssql_python_odbc"),
    "pymssql": ("pymssql",),
    "mssqlpython": ("mssql_python",),
}


pytestmark = pytest.mark.skipif(
    os.environ.get("RELVAR_PURE") == "1", reason="drivers' errors do not depend on kernels: they are met once"
)


@pytest.fixture(scope="module")
def running() -> Iterator[dict[str, Any]]:
    """A process per driver that is installed, all at once; or what is not installed."""
    started: dict[str, Any] = {}
    for driver, modules in MODULES.items():
        lacking = [module for module in modules if importlib.util.find_spec(module) is None]
        if lacking:
            started[driver] = f"{lacking[0]} is not installed"
            continue
        command = [sys.executable, str(FOLDER / "wire.py"), driver]
        started[driver] = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    yield started
    for process in started.values():
        if not isinstance(process, str):
            process.kill()
            process.communicate()


@pytest.fixture(scope="module", params=MODULES)
def answers(request: pytest.FixtureRequest, running: dict[str, Any]) -> Any:
    """A driver, and what it made of the stub's answers."""
    process = running[request.param]
    if isinstance(process, str):
        pytest.skip(process)
    output, _ = process.communicate(timeout=120)
    found = [line for line in output.splitlines() if line.startswith("{")]
    assert found, output[-2000:]
    return request.param, json.loads(found[-1])


@pytest.mark.feature("E057")
def test_errors(answers: Any) -> None:
    driver, found = answers
    # a login that is refused is an error with the server's words, and no lost connection
    assert "Login failed for user 'u'." in found["login"]["text"]
    assert not found["login"]["lost"] and not found["login"]["retryable"]
    assert "secret" not in json.dumps(found)
    # nobody listens
    assert found["refused"]["unreachable"], found["refused"]
    # conflicts with other transactions
    for name, code in {"deadlock": 1205, "conflict": 3960, "lock timeout": 1222}.items():
        assert (found[name]["code"], found[name]["retryable"], found[name]["lost"]) == (code, True, False)
    # the program's own fault
    assert found["duplicate"]["class"] == "IntegrityError"
    assert not found["duplicate"]["retryable"] and not found["duplicate"]["lost"]
    # the server is gone
    for name in ("dropped", "after", "closed"):
        assert found[name]["lost"], found[name]
        assert not found[name]["retryable"]


@pytest.mark.feature("E057")
def test_rows(answers: Any) -> None:
    """A row goes from the wire through the driver and relvar's result."""
    _, found = answers
    assert found["row"] == [[-7, "häßlich €"]]
    assert found["row by engine"] == [-7, "häßlich €"]


@pytest.mark.feature("E065")
def test_limits(answers: Any) -> None:
    """A statement that takes too long is stopped by the driver, which asks the server to."""
    driver, found = answers
    assert found["timeout"]["cancelled"], found["timeout"]
    # FreeTDS gives its connection up
    assert found["timeout"]["lost"] == (driver == "pymssql")
    assert not found["timeout"]["unreachable"]
    assert 0.9 <= found["seconds"] < 5
    if driver == "pymssql":
        assert "give create_engine(query_timeout=1)" in found["by engine"]
    else:
        assert found["by engine"] == "a timeout, connection lost: False"
