"""
Compare relvar with other object-relational mappers on the work that they share.

One process for each library, rounds interleaved; first is whoever needs the least CPU time.
"""

from __future__ import annotations

import argparse
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from bench.measure import Worker, interleave, summary
from bench.others.worker import WORKS, Work
from bench.store import write
from bench.workloads.servers.places import PSYCOPG, answers

# library -> the distribution that says its version
LIBRARIES = {
    "raw": "", "relvar": "relvar", "sqlalchemy": "sqlalchemy", "django": "django", "peewee": "peewee",
    "pony": "pony", "relvar_asyncio": "relvar", "sqlalchemy_asyncio": "sqlalchemy",
    "tortoise": "tortoise-orm", "piccolo": "piccolo",
}  # fmt: skip
BLOCKING = ("relvar", "sqlalchemy", "django", "peewee", "pony")
ASYNC = ("relvar_asyncio", "sqlalchemy_asyncio", "tortoise", "piccolo")


def measure(key: str, work: Work, kind: str, names: list[str], rounds: int) -> dict[str, Any]:
    """Measure a piece of work for each library; those whose rows differ from relvar's count as failed."""
    workers = {name: Worker(name, "bench.others.worker", kind) for name in names}
    for worker in workers.values():  # what is compiled and cached once
        worker.ask(key)
    samples, errors = interleave(workers, key, rounds)
    for worker in workers.values():
        worker.close()
    expected = next((taken[0]["digest"] for taken in samples.values() if taken), "")
    for name, taken in samples.items():
        if any(sample["digest"] != expected for sample in taken):
            errors[name] = "other rows than the rest"
    figures = {name: summary(taken) for name, taken in samples.items() if taken and name not in errors}
    return {"work": work.title, "database": kind, "figures": figures, "errors": errors,
            "first": {face: first(figures, group) for face, group in FACES.items()}}  # fmt: skip


FACES = {"blocking": BLOCKING, "asyncio": ASYNC}


def first(figures: dict[str, Any], names: tuple[str, ...]) -> str:
    """Return the library that needs the least CPU time."""
    there = [name for name in names if name in figures]
    return min(there, key=lambda name: float(figures[name]["cpu_min"])) if there else ""


def line(result: dict[str, Any], names: list[str]) -> str:
    """Return a line of the table."""
    figures = result["figures"]
    cells = [f"{figures[name]['cpu_min']:>11.2f}" if name in figures else f"{'-':>11}" for name in names]
    behind = [name for name in result["first"].values() if name and not name.startswith("relvar")]
    text = f"{result['work'][:36]:<36}{''.join(cells)}" + (f"  FIRST: {', '.join(behind)}" if behind else "")
    return text + "".join(f"\n    {name}: {error}" for name, error in result["errors"].items())


def main() -> None:
    """Measure, print a table for each database, write the JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.others", description=__doc__)
    parser.add_argument("only", nargs="*", help=f"some of {', '.join(WORKS)}")
    parser.add_argument("--libraries", nargs="*", choices=LIBRARIES, help="some of them")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--rounds", type=int, default=7)
    chosen = parser.parse_args()
    versions, names = [], []
    for name in chosen.libraries or LIBRARIES:
        distribution = LIBRARIES[name]
        try:
            versions.append(f"{name} {version(distribution)}" if distribution else name)
            names.append(name)
        except PackageNotFoundError:
            print(f"{name} is not installed: left out")
    print(f"Python {platform.python_version()}, {', '.join(versions)}; µs of CPU time")
    results = []
    for kind in chosen.database or ("sqlite", "postgresql"):
        if kind == "postgresql" and not answers(PSYCOPG.address):
            continue
        print(f"\n{kind:<36}" + "".join(f"{name.replace('_asyncio', ' aio')[:10]:>11}" for name in names))
        for key, work in WORKS.items():
            if chosen.only and key not in chosen.only:
                continue
            result = measure(key, work, kind, names, chosen.rounds)
            results.append(result)
            print(line(result, names), flush=True)
    whole = not (chosen.only or chosen.libraries or chosen.database)
    write("others" if whole else "partial", versions, rows=results)


if __name__ == "__main__":
    main()
