"""
The drivers meet a stub of a server: logins, refusals, errors, limits, lost connections are recognised.

pyodbc and aioodbc use Microsoft's own ODBC driver here, which comes with mssql-python.
"""

from __future__ import annotations

import functools
import importlib
import json
import subprocess
import sys
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


@functools.cache
def shown(driver: str) -> Any:
    for module in MODULES[driver]:
        try:
            importlib.import_module(module)
        except ImportError as error:
            pytest.skip(f"{driver} is not installed: {error}")
    command = [sys.executable, str(FOLDER / "wire.py"), driver]
    done = subprocess.run(command, capture_output=True, text=True)
    found = [line for line in done.stdout.splitlines() if line.startswith("{")]
    assert found, done.stdout[-2000:] + done.stderr[-2000:]
    return json.loads(found[-1])


@pytest.fixture(params=[f"mssql {driver}" for driver in MODULES])
def answers(request: pytest.FixtureRequest) -> Any:
    """What a driver makes of the stub's answers; with the driver's name."""
    driver = request.param.partition(" ")[2]
    return driver, shown(driver)


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


@pytest.mark.feature("E065")
def test_limits(answers: Any) -> None:
    """A statement that takes too long is stopped by the driver, which asks the server to."""
    driver, found = answers
    assert found["timeout"]["cancelled"], found["timeout"]
    # FreeTDS gives its connection up
    assert found["timeout"]["lost"] == (driver == "pymssql")
    assert not found["timeout"]["unreachable"]
    assert 0.9 <= found["seconds"] < 5
