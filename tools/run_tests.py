"""
Run the whole test suite in each kernel mode and say at the end what ran.

Compiled, when the kernels are compiled, and interpreted: every test must give
the same answers in both.  They run at the same time where there are processors
for it, each with databases of its own; the second's words come at its end.
Then, once, what depends on the server or the driver and not on the kernels: the
newest PostgreSQL.  Arguments are handed to pytest; with arguments the modes run
one after the other, and there is no pass of its own for PostgreSQL.
"""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from databases import Absent, embedded_postgresql, start_postgresql

# Tests that look for examples take long, and what they look for is not the server.
NOT_OF_THE_SERVER = ("test_driver_values", "hostile", "literals", "round_trip", "batched_inserts")
NOT_NEWEST = "not postgresql18"
# What runs on the newest PostgreSQL, side by side.
NEWEST = {
    "conformance": ["-k", "postgresql18", "tests/suite"],
    "behaviour": [
        "-k",
        f"postgresql18 or (postgresql and not ({' or '.join(NOT_OF_THE_SERVER)}))",
        "tests/core",
        "tests/dialects/postgresql",
        "tests/dialects/redshift",
    ],
}


def compiled_here() -> bool:
    """Return whether this installation has compiled kernels."""
    environment = {key: value for key, value in os.environ.items() if key != "RELVAR_PURE"}
    code = "import relvar, sys; sys.exit(0 if relvar.is_compiled() else 1)"
    return subprocess.run([sys.executable, "-c", code], env=environment).returncode == 0


def in_mode(pure: bool) -> dict[str, str]:
    """Return an environment for one kernel mode."""
    environment = {key: value for key, value in os.environ.items() if key != "RELVAR_PURE"}
    return {**environment, "RELVAR_PURE": "1"} if pure else environment


def run(pure: bool, arguments: list[str]) -> tuple[int, float]:
    """Run pytest in one mode; return its exit code and how long it took in seconds."""
    started = time.monotonic()
    code = subprocess.run([sys.executable, "-m", "pytest", *arguments], env=in_mode(pure)).returncode
    return code, time.monotonic() - started


def _without_one_mode(arguments: list[str]) -> list[str]:
    """Leave out what is about a server alone: it runs with the compiled kernels."""
    return [f"{word} and not one_mode" if word == NOT_NEWEST else word for word in arguments]


def run_both(arguments: list[str]) -> Iterator[tuple[str, int, float]]:
    """Run both modes at once; yield name, exit code and seconds."""
    with tempfile.TemporaryFile("w+") as words:
        started = time.monotonic()
        interpreted = subprocess.Popen(
            [sys.executable, "-m", "pytest", *_without_one_mode(arguments)],
            env=in_mode(pure=True),
            stdout=words,
            stderr=subprocess.STDOUT,
        )
        try:
            yield "compiled", *run(False, arguments)
            code = interpreted.wait()
        finally:
            interpreted.kill()
        seconds = time.monotonic() - started
        words.seek(0)
        print(words.read())
        yield "pure Python", code, seconds


def run_newest(pure: bool, url: str) -> Iterator[tuple[str, int, float]]:
    """Run what is for the newest PostgreSQL, all at once; yield name, exit code and seconds."""
    environment = {**in_mode(pure), "RELVAR_TEST_POSTGRESQL": url, "RELVAR_TEST_POSTGRESQL18": url}
    started = time.monotonic()
    running = {
        name: subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name, arguments in NEWEST.items()
    }
    for name, process in running.items():
        print(process.communicate()[0])
        yield f"PostgreSQL 18, {name}", process.returncode, time.monotonic() - started


@contextlib.contextmanager
def newest_postgresql() -> Iterator[str | None]:
    """Start the newest PostgreSQL, give its URL, and stop it; None if it is not installed."""
    given = os.environ.get("RELVAR_TEST_POSTGRESQL18")
    if given:
        yield given
        return
    database = start_postgresql(embedded_postgresql(), "postgresql18")
    if isinstance(database, Absent):
        print(f"the newest PostgreSQL is not tested: {database.reason}")
        yield None
        return
    try:
        yield database.url
    finally:
        for step in database.close:
            step()


def main() -> None:
    """Run both modes, then the newest PostgreSQL; fail when one fails."""
    modes = [False, True] if compiled_here() else [True]
    if len(modes) == 1:
        print("relvar's kernels are not compiled on this machine: only the pure Python mode is tested")
        if os.environ.get("CI") == "true":
            sys.exit("In CI the kernels must be compiled: is there a C compiler?")
    given = sys.argv[1:]
    arguments = given or ["-q", "-m", NOT_NEWEST]
    if not any("randomly" in word for word in given):
        # said before anything runs: a process that crashes does not get to say it
        seed = random.randrange(2**32)
        print(f"the order of the tests: --randomly-seed={seed}", flush=True)
        arguments = [*arguments, f"--randomly-seed={seed}"]
    if len(modes) == 2 and not given and (os.cpu_count() or 1) > 1:
        results = list(run_both(arguments))
    else:
        results = [("pure Python" if pure else "compiled", *run(pure, arguments)) for pure in modes]
    if not given:
        with newest_postgresql() as url:
            if url is not None:
                results += run_newest(modes[0], url)
    print()
    for what, code, seconds in results:
        print(f"{what:<26} {'passed' if code == 0 else f'FAILED (pytest exit {code})'} in {seconds:.0f} s")
    sys.exit(max(code for _, code, _ in results))


if __name__ == "__main__":
    main()
