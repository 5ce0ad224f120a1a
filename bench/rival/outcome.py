"""
Run one program with one library, and describe all that a user can see of it.

An outcome maps facets (``text sqlite``, ``rows``, ``warnings``, ...) to plain values.  What
must differ between any two libraries (addresses, module names) is taken out.
"""

from __future__ import annotations

import importlib
import pickle
import re
import signal
import sqlite3
import warnings
from typing import Any

from bench.rival.schema import fill, namespace

ADDRESS = re.compile(r"0x[0-9a-f]{6,}|\b\d{12,}\b|\b[0-9a-f]{20}\b")
DRIVER = re.compile(r"(?<=Compiler)_\w+(?= object)")
MODULE = re.compile(
    r"\b(?:sqlalchemy|relvar)(?:\.[a-z_0-9]+)*\.(?=[A-Za-z_])|(?<=')(?:sqlalchemy|relvar)(?:\.[a-z_0-9]+)+(?=')|\b(?:bench\.rival\.schema\.)?_own_types\.<locals>\."
)
PRODUCT = re.compile(r"between FROM element\(s\) .* and FROM element .*?(?=\.  Apply)", re.S)
PYTHON_ERROR = "PythonError"
# Instructions of SQLite's machine after which a statement is interrupted: in the same row each time.
STEPS = 400_000
# Seconds of its own that a program may take.
PATIENCE = 10


def clean(text: str) -> str:
    """Take out of a message what is another in each process and library."""
    text = DRIVER.sub("", MODULE.sub("", ADDRESS.sub("0x", text)))
    # From where the linter starts, and so what it names, is up to the order of a set.
    return PRODUCT.sub("", text)


def failure(error: BaseException) -> str:
    """Describe an error; which of Python's own errors it is, nobody relies on."""
    if type(error).__module__.partition(".")[0] in ("sqlalchemy", "relvar"):
        return clean(f"{type(error).__name__}: {error}")
    return PYTHON_ERROR


class Slow(BaseException):
    """A program takes too long; nothing may catch this on the way."""


def _too_slow(*_: Any) -> None:
    raise Slow


class Runner:
    """One library, its dialects, and a database for it."""

    def __init__(self, lib: str) -> None:
        signal.signal(signal.SIGVTALRM, _too_slow)
        self.names = namespace(lib)
        self.dialects = dialects(lib)
        self.raw = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        fill(self.raw)
        self.raw.set_progress_handler(self._interrupt, STEPS)
        self.sent: list[str] = []
        self.running = False
        self.raw.set_trace_callback(lambda sql: self.sent.append(sql) if self.running else None)
        sa = importlib.import_module(lib)
        self.engine = sa.create_engine("sqlite://", creator=lambda: self.raw, poolclass=sa.pool.StaticPool)
        with self.engine.connect():
            pass

    def _interrupt(self) -> int:
        return 1 if self.running else 0

    def outcome(self, source: str, runs: bool, thorough: bool) -> dict[str, Any]:
        """Build the program's statement; describe what it compiles to, and what it gives when executed."""
        found: dict[str, Any] = {}
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
            try:
                self._describe(source, runs, thorough, found)
            except Exception as error:
                found["build"] = failure(error)
            except Slow:
                found.clear()
                found["build"] = f"gave nothing in {PATIENCE} s"
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        said = sorted(
            {
                f"{w.category.__name__}: {clean(str(w.message))}"
                for w in caught
                if w.category.__module__[:6] in ("sqlalc", "relvar")
            }
        )
        if said:
            found["warnings"] = said
        return found

    def build(self, code: Any) -> dict[str, Any]:
        """Run a program's lines; return what they name."""
        names = dict(self.names)
        exec(code, names)
        return names

    def _describe(self, source: str, runs: bool, thorough: bool, found: dict[str, Any]) -> None:
        code = compile(source, "program", "exec")
        names = self.build(code)
        statement = names["stmt"]
        options = names.get("options", {})
        if not hasattr(statement, "compile"):
            found["build"] = f"gave {type(statement).__name__}"
            return
        for name, dialect in self.dialects.items():
            found[f"text {name}"] = compiled(statement, dialect, options)
        try:
            found["text str"] = clean(str(statement)) if isinstance(statement, type) else str(statement)
        except Exception as error:
            found["text str"] = failure(error)
        if thorough:
            found["kept"] = self._kept(code, statement, found["text sqlite"])
        if runs and hasattr(statement, "is_select"):
            found["run"] = self._run(statement, names.get("params"))

    def _kept(self, code: Any, statement: Any, text: Any) -> list[Any]:
        again = compiled(statement, self.dialects["sqlite"], {})
        key, other = statement._generate_cache_key(), self.build(code)["stmt"]._generate_cache_key()
        kept: list[Any] = [key is None, key == other]
        kept.append(
            isinstance(text, str)
            or isinstance(again, str)
            or again[:2] == text[:2]
            or "options" in code.co_names
        )
        try:
            copy = pickle.loads(pickle.dumps(statement))
        except Exception:
            kept.append("no pickle")
        else:
            pickled = compiled(copy, self.dialects["sqlite"], {})
            kept.append(pickled == again)
        return kept

    def _run(self, statement: Any, params: Any) -> dict[str, Any]:
        ran: dict[str, Any] = {}
        self.raw.execute("BEGIN")
        self.sent.clear()
        self.running = True
        try:
            with self.engine.connect() as connection:
                result = connection.execute(statement, params)
                if result.returns_rows:
                    ran["keys"] = list(result.keys())
                    ran["rows"] = [clean(repr(tuple(row))) for row in result.fetchmany(60)]
                else:
                    ran["rowcount"] = result.rowcount
                result.close()
                self.running = False
                if not statement.is_select:
                    ran["after"] = self.contents()
        except Exception as error:
            ran["error"] = failure(error)
        self.running = False
        ran["sent"] = list(self.sent)
        if self.raw.in_transaction:
            self.raw.rollback()
        return ran

    def contents(self) -> str:
        """Return what the tables hold that statements change."""
        return repr(
            [
                self.raw.execute(f"select * from {name}").fetchall()
                for name in ("users", "orders", "lines", "tree", '"odd table"')
            ]
        )


def dialects(lib: str) -> dict[str, Any]:
    """Return a dialect of each kind that the library has."""
    found = {"default": importlib.import_module(f"{lib}.engine.default").DefaultDialect()}
    for name in ("sqlite", "postgresql", "mysql", "mssql", "oracle"):
        found[name] = importlib.import_module(f"{lib}.dialects.{name}").dialect()
    found["mariadb"] = importlib.import_module(f"{lib}.dialects.mysql.mariadb").MariaDBDialect()
    return found


def compiled(statement: Any, dialect: Any, options: dict[str, Any]) -> Any:
    """Return text, parameters, their order, names and types of the result's columns; or the error."""
    try:
        made = statement.compile(dialect=dialect, **options)
        try:
            params: Any = {key: clean(repr(value)) for key, value in made.params.items()}
        except Exception as error:
            params = failure(error)
        columns = [[str(entry.keyname), repr(entry.type)] for entry in getattr(made, "_result_columns", ())]
        return [str(made), params, made.positiontup, columns]
    except Exception as error:
        return failure(error)
