"""
Give tests their databases and collect which feature rows they prove.

``engine`` runs a test once per backend; each test meets an empty database.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from _pytest.runner import runtestprotocol
from databases import Absent, Database, Databases

import relvar
from relvar.util import greenlet_spawn

BACKENDS = ("sqlite", "postgresql", "mariadb")
DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgresql18": "postgresql+psycopg",
    "mariadb": "mariadb+pymysql",
    "firebird": "firebird+firebird",
    "firebird5": "firebird+firebird",
}

# A change must not fail, or pass, by luck: new examples are looked for where people work.
hypothesis.settings.register_profile("ci", derandomize=True)
if os.environ.get("CI") == "true":
    hypothesis.settings.load_profile("ci")

# Tests speak to servers of their own.  PyMySQL reads all authorities that the system trusts for each
# connection, which takes it 24 ms of processor time.
os.environ["SSL_CERT_FILE"] = os.environ["SSL_CERT_DIR"] = os.devnull

_databases = Databases()


# Databases -------------------------------------------------------------------------------------------


def backend(name: str) -> Database:
    """Return a server's scratch database, emptied; skip where it is absent."""
    database = _databases.get(name)
    if isinstance(database, Absent):
        pytest.skip(f"{name} is absent: {database.reason}")
    database.empty()
    return database


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """
    The URL of an empty database of the backend that the test is parametrised with.

    A backend may name a driver other than the usual one: ``postgresql+pg8000``.
    """
    name, _, driver = request.param.partition("+")
    if name == "sqlite":
        return f"{request.param}:///{tmp_path}/test.db"
    usual = DRIVERS[name]
    return backend(name).with_driver(f"{usual.partition('+')[0]}+{driver}" if driver else usual)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for ``url`` (or ``engine``, which does) once per backend."""
    if "url" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("backends")
        names = marker.args if marker else BACKENDS
        metafunc.parametrize("url", [_marked(name) for name in names], indirect=True)


def _marked(name: str) -> Any:
    """A backend as a parameter; what runs on the newest PostgreSQL is marked so."""
    marks = [pytest.mark.postgresql18] if name.startswith("postgresql18") else []
    return pytest.param(name, marks=marks)


def _make(url: str, **options: Any) -> Iterator[Any]:
    engine = relvar.create_engine(url, **options)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(url: str) -> Iterator[Any]:
    """An engine on an empty database, once per backend."""
    yield from _make(url)


@pytest.fixture
def sqlite_engine() -> Iterator[Any]:
    """An engine on an empty SQLite database in memory."""
    yield from _make("sqlite://")


@pytest.fixture
def pg_engine() -> Iterator[Any]:
    """An engine on an empty PostgreSQL database."""
    yield from _make(backend("postgresql").with_driver(DRIVERS["postgresql"]))


@pytest.fixture
def postgresql18_url() -> str:
    """The URL of an empty database on the newest PostgreSQL, which keeps prepared transactions."""
    return backend("postgresql18").with_driver(DRIVERS["postgresql18"])


@pytest.fixture
def h2_url() -> str:
    """The URL of an empty database of H2, by PostgreSQL's protocol."""
    return backend("h2").url


@pytest.fixture
def mariadb_engine() -> Iterator[Any]:
    """An engine on an empty MariaDB database."""
    yield from _make(backend("mariadb").with_driver(DRIVERS["mariadb"]))


@pytest.fixture
def metadata() -> Any:
    """An empty MetaData; the database is emptied before each test, so nothing needs dropping."""
    return relvar.MetaData()


class SQLLog(list[tuple[str, Any]]):
    """The statements an engine sent, in order, as (text, parameters); white space is folded."""

    def texts(self) -> list[str]:
        """Return only the texts."""
        return [text for text, _ in self]


@pytest.fixture
def sql_log() -> Any:
    """A function: engine -> live list of the statements it sends from now on."""

    def attach(engine: Any) -> SQLLog:
        log = SQLLog()

        @relvar.event.listens_for(engine, "before_cursor_execute")
        def _note(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
            log.append((" ".join(statement.split()), parameters))

        return log

    return attach


# Asynchronous drivers under test ---------------------------------------------------------------------

ASYNC_DRIVERS = {"aiosqlite", "asyncpg", "psycopg_async", "asyncmy", "aiomysql", "aioodbc"}
_loop: asyncio.AbstractEventLoop | None = None


def _is_asynchronous(item: pytest.Item) -> bool:
    """Tell whether a test is parametrised with a URL, or a driver, of asyncio, and has no loop itself."""
    if item.path.parent.name == "aio":
        return False
    callspec = getattr(item, "callspec", None)
    given = callspec.params.values() if callspec is not None else ()
    return any(isinstance(value, str) and value.rpartition("+")[2] in ASYNC_DRIVERS for value in given)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """
    Run a test of an asynchronous driver, fixtures included, in a greenlet of an event loop.

    So the tests are the same for all drivers: they use the dialect by a blocking engine.
    """
    global _loop
    if not _is_asynchronous(item):
        return None
    if _loop is None:
        _loop = asyncio.new_event_loop()
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    _loop.run_until_complete(greenlet_spawn(runtestprotocol, item, nextitem=nextitem))
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count calls before other tests have added listeners; the rest runs in random order."""
    items.sort(key=lambda item: "budget" not in item.path.parts)


# Features and summary --------------------------------------------------------------------------------

_outcomes: dict[str, dict[str, str]] = {}


def pytest_configure(config: pytest.Config) -> None:
    stale = _stale_extensions()
    if stale and relvar.is_compiled():
        pytest.exit(f"compiled from older sources: {', '.join(stale)}; run `make kernels`", returncode=2)
    config.addinivalue_line("markers", "backends(*names): the backends an engine test runs on")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note the outcome of each test that claims a feature row."""
    rows = getattr(report, "feature_rows", ())
    for row in rows:
        tests = _outcomes.setdefault(row, {})
        if report.outcome != "passed" or report.when == "call":
            worst = tests.get(report.nodeid)
            if worst in (None, "passed"):
                tests[report.nodeid] = report.outcome


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    outcome = yield
    report = outcome.get_result()
    report.feature_rows = [row for mark in item.iter_markers("feature") for row in mark.args]


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _loop is not None:
        _loop.close()
    place = os.environ.get("RELVAR_FEATURES_OUT")
    if place:
        Path(place).write_text(json.dumps(_outcomes, indent=1, sort_keys=True))
    _summary.extend(_databases.lines())
    _databases.stop()


def _stale_extensions() -> list[str]:
    """Name the modules of this checkout that were changed after they were compiled."""
    try:
        import relvar._kernels._compiled as shared
    except ModuleNotFoundError:
        return []
    compiled = Path(str(shared.__file__)).stat().st_mtime
    found = []
    for name in sorted(shared.names):
        source = Path(relvar.__file__).parent.parent.joinpath(*name.split(".")).with_suffix(".py")
        changed = [path.stat().st_mtime for path in (source, source.with_suffix(".pxd")) if path.exists()]
        if not source.exists() or max(changed) > compiled:
            found.append(name)
    return found


_summary: list[str] = []


def _mode() -> str:
    return "compiled" if relvar.is_compiled() else "pure Python"


def pytest_report_header(config: pytest.Config) -> str:
    return f"relvar {relvar.__version__}, kernels: {_mode()}, sqlite {sqlite3.sqlite_version}"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    terminalreporter.section("what ran")
    terminalreporter.line(f"kernels: {_mode()}")
    for line in _summary:
        terminalreporter.line(line)


@pytest.fixture(scope="module", autouse=True)
def _put_past_modules_aside() -> Iterator[None]:
    """What a module leaves stays for the whole run: the collector need not look at it again and again."""
    yield
    gc.collect()
    gc.freeze()
