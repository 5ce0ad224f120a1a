"""What the machine and the interpreter have."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.util import find_spec

from relvar.testing.requirements.capability import capability
from relvar.util import has_compiled_ext


def _has(module: str) -> bool:
    return find_spec(module) is not None


def _is_free() -> bool:
    """Whether threads of this interpreter run in parallel."""
    return not getattr(sys, "_is_gil_enabled", lambda: True)()


class EnvironmentRequirements:
    """What the machine and the interpreter have."""

    asyncio: capability = capability(
        "Coroutines can be run (greenlet is installed).", when=lambda: _has("greenlet")
    )
    greenlet: capability = capability("The greenlet package is installed.", when=lambda: _has("greenlet"))
    no_greenlet: capability = capability(
        "The greenlet package is not installed.", when=lambda: not _has("greenlet")
    )
    async_dialect: capability = capability("The dialect's driver is asynchronous.", flag="is_async")
    cpython: capability = capability(
        "The interpreter is CPython.", when=lambda: sys.implementation.name == "cpython"
    )
    predictable_gc: capability = capability(
        "Objects are freed as soon as nothing refers to them.",
        when=lambda: sys.implementation.name == "cpython" and not _is_free(),
    )
    gil_enabled: capability = capability("The interpreter has its global lock.", when=lambda: not _is_free())
    freethreading: capability = capability("The interpreter runs threads in parallel.", when=_is_free)
    is64bit: capability = capability(
        "Integers of the machine have 64 bits.", when=lambda: sys.maxsize > 2**32
    )
    posix: capability = capability("The system is a POSIX one.", when=lambda: os.name == "posix")
    only_linux: capability = capability("The system is Linux.", when=lambda: sys.platform == "linux")
    no_windows: capability = capability("The system is not Windows.", when=lambda: sys.platform != "win32")
    python312: capability = capability("Python is 3.12 or newer.", when=lambda: sys.version_info >= (3, 12))
    python314: capability = capability("Python is 3.14 or newer.", when=lambda: sys.version_info >= (3, 14))
    not_python314: capability = capability(
        "Python is older than 3.14.", when=lambda: sys.version_info < (3, 14)
    )
    pep649: capability = capability(
        "Annotations are evaluated lazily.", when=lambda: sys.version_info >= (3, 14)
    )
    fail_python314b1: capability = capability(
        "Python is not the first beta of 3.14, which some tests fail on."
    )
    sqlalchemy2_stubs: capability = capability(
        "The stubs for SQLAlchemy 1.4 are installed.", by_default=False
    )
    no_sqlalchemy2_stubs: capability = capability("The stubs for SQLAlchemy 1.4 are not installed.")
    generic_classes: capability = capability("Classes can be generic.")
    timing_intensive: capability = capability("Tests that measure time are wanted.")
    memory_intensive: capability = capability("Tests that use much memory are wanted.")
    no_coverage: capability = capability(
        "Coverage is not being measured.", when=lambda: sys.gettrace() is None
    )
    threading_with_mock: capability = capability("Mocks can be used from threads.")
    patch_library: capability = capability(
        "The patch package is installed.", when=lambda: shutil.which("patch") is not None
    )
    cextensions: capability = capability("The compiled kernels are there.", when=has_compiled_ext)
    sqlite: capability = capability("Python has SQLite.", when=lambda: _has("sqlite3"))
    independent_connections: capability = capability("Several connections see one database at the same time.")
    independent_readonly_connections: capability = capability(
        "Several connections can read one database at the same time."
    )
    ad_hoc_engines: capability = capability("Tests may make engines of their own.")
    queue_pool: capability = capability("The pool of the engine under test is a queue.", by_default=False)
    graceful_disconnects: capability = capability(
        "A connection broken off by the server gives the driver's error, no crash."
    )
    skip_mysql_on_windows: capability = capability(
        "Not MySQL on Windows.", when=lambda: sys.platform != "win32"
    )
