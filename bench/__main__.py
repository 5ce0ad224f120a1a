"""
Run every workload for every implementation in turn and print the ratios.

Suites: ``sqlite`` (in memory: what the library itself costs), ``servers`` (PostgreSQL and MariaDB
over loopback, each driver) and ``threads``.  A workload's siblings, which do the same with another
shape, come with it.
"""

from __future__ import annotations

import argparse
import platform
from typing import Any

from bench.library import describe, is_compiled, load
from bench.measure import measure
from bench.store import write
from bench.table import HEAD, line, times_worse
from bench.workloads import ROWS, SIBLING_LIMIT, SUITES, Row
from bench.workloads.servers.places import answers


def chosen_rows(suite: str, words: list[str], siblings: bool) -> list[tuple[int, Row]]:
    """Return the rows of a suite whose name holds one of the words, each with its place in ROWS."""
    rows = [(ROWS.index(row), row) for row in SUITES[suite] if siblings or not row.of]
    if not words:
        return rows
    found = {row.name for _, row in rows if any(word in row.name for word in words)}
    # a sibling is judged beside its workload
    found |= {row.of for _, row in rows if row.name in found}
    return [(index, row) for index, row in rows if row.name in found]


def run_suite(rows: list[tuple[int, Row]], names: list[str], rounds: int | None) -> list[dict[str, Any]]:
    """Measure rows and print the table while it grows; return the results."""
    print(f"{HEAD}")
    results: dict[str, dict[str, Any]] = {}
    for index, row in rows:
        if row.server and not answers(row.server):
            continue
        result = measure(index, row, names, rounds or row.rounds)
        results[row.name] = result
        print(line(result, results.get(row.of)), flush=True)
    breaches = [
        result["row"]
        for result in results.values()
        if result["of"] and (times_worse(result, results.get(result["of"])) or 0) > SIBLING_LIMIT
    ]
    if breaches:
        print(f"\nmore than {SIBLING_LIMIT} times the ratio of their workload:")
        print("\n".join(f"    {name}" for name in breaches))
    return list(results.values())


def main() -> None:
    """Measure, print the tables, write the JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("only", nargs="*", help="measure the rows whose name holds one of these words")
    parser.add_argument("--suite", choices=SUITES, action="append", help="instead of all of them")
    parser.add_argument("--rounds", type=int, help="rounds per row, instead of each row's own number")
    parser.add_argument("--no-siblings", action="store_true", help="leave the other shapes out")
    parser.add_argument("--no-pure", action="store_true", help="leave the pure Python mode out")
    parser.add_argument("--no-relvar", action="store_true", help="only the rival and the raw driver")
    chosen = parser.parse_args()
    if not is_compiled(load("sqlalchemy")):
        parser.exit(
            2, "SQLAlchemy is installed without its C extensions: a comparison would flatter relvar\n"
        )
    names = ["raw", "sqlalchemy"] + ([] if chosen.no_relvar else ["relvar"])
    versions = [describe(name) for name in names if name != "raw"]
    print(f"Python {platform.python_version()}, {', '.join(versions)}")
    for suite in chosen.suite or SUITES:
        rows = chosen_rows(suite, chosen.only, not chosen.no_siblings)
        if not rows:
            continue
        # what waits for a server or a lock is measured with compiled kernels only
        pure = suite == "sqlite" and not chosen.no_pure and not chosen.no_relvar
        print(f"\n{suite}")
        results = run_suite(rows, names + (["relvar-pure"] if pure else []), chosen.rounds)
        write("partial" if chosen.only else suite, versions, rows=results)


if __name__ == "__main__":
    main()
