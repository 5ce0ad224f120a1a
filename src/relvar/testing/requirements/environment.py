"""What the machine and the interpreter have."""

from __future__ import annotations

from relvar.testing.requirements.capability import capability


class EnvironmentRequirements:
    """What the machine and the interpreter have."""

    asyncio = capability("Coroutines can be run (greenlet is installed).")
    greenlet = capability("The greenlet package is installed.")
    no_greenlet = capability("The greenlet package is not installed.", by_default=False)
    async_dialect = capability("The dialect's driver is asynchronous.", by_default=False)
    cpython = capability("The interpreter is CPython.")
    predictable_gc = capability("Objects are freed as soon as nothing refers to them.")
    gil_enabled = capability("The interpreter has its global lock.")
    freethreading = capability("The interpreter runs threads in parallel.", by_default=False)
    is64bit = capability("Integers of the machine have 64 bits.")
    posix = capability("The system is a POSIX one.")
    only_linux = capability("The system is Linux.")
    no_windows = capability("The system is not Windows.")
    python312 = capability("Python is 3.12 or newer.", by_default=False)
    python314 = capability("Python is 3.14 or newer.", by_default=False)
    not_python314 = capability("Python is older than 3.14.")
    pep649 = capability("Annotations are evaluated lazily.", by_default=False)
    generic_classes = capability("Classes can be generic.")
    timing_intensive = capability("Tests that measure time are wanted.")
    memory_intensive = capability("Tests that use much memory are wanted.")
    no_coverage = capability("Coverage is not being measured.")
    threading_with_mock = capability("Mocks can be used from threads.")
    patch_library = capability("The patch package is installed.", by_default=False)
    cextensions = capability("The compiled kernels are there.")
    sqlite = capability("Python has SQLite.")
    independent_connections = capability("Several connections see one database at the same time.")
    independent_readonly_connections = capability(
        "Several connections can read one database at the same time."
    )
    ad_hoc_engines = capability("Tests may make engines of their own.")
    queue_pool = capability("The pool of the engine under test is a queue.", by_default=False)
    graceful_disconnects = capability(
        "A connection broken off by the server gives the driver's error, no crash."
    )
    skip_mysql_on_windows = capability("Not MySQL on Windows.")
