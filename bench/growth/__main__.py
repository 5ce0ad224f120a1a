"""
Measure how time and memory grow: with loaded, written and streamed rows, with statements, tables, classes.

Linear means that an item costs at most half as much again at the largest size as at the one before it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from typing import Any

from bench.growth.measures import MEASURES, Measure
from bench.growth.process import is_measurable
from bench.library import describe
from bench.store import write

LIMIT = 1.5
# a rival that takes ten times as long at the largest size tells nothing more there
RIVAL_UP_TO = 100_000


def at(library: str, measure: Measure, size: int) -> dict[str, Any]:
    """Run a measure at a size in a new process."""
    command = [sys.executable, "-m", "bench.growth.worker", library, measure.name, str(size)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return {"size": size, "error": done.stderr.strip().rpartition("\n")[2][:200]}
    return {"size": size, **json.loads(done.stdout)}


def verdicts(measure: Measure, points: list[dict[str, Any]]) -> list[str]:
    """Say what grew faster than it may."""
    good = [point for point in points if "error" not in point]
    if len(good) < 2:
        return ["too few sizes"]
    first, before, last = good[0], good[-2], good[-1]
    items = last["size"] / before["size"]
    found = []
    allowed = items * LIMIT if measure.time == "linear" else 2
    earlier = before if measure.time == "linear" else first
    if last["cpu"] > earlier["cpu"] * allowed:
        found.append(f"time x{last['cpu'] / earlier['cpu']:.1f} for x{last['size'] / earlier['size']:.0f}")
    if measure.memory == "linear" and last["peak"] > before["peak"] * items * LIMIT:
        found.append(f"memory x{last['peak'] / before['peak']:.1f} for x{items:.0f}")
    if measure.memory == "constant" and last["peak"] > before["peak"] + measure.slack:
        found.append(f"memory from {before['peak'] >> 20} to {last['peak'] >> 20} MB")
    return found


def show(library: str, measure: Measure, points: list[dict[str, Any]], found: list[str]) -> str:
    """Return the lines of the table for a measure."""
    lines = []
    for point in points:
        name = f"{measure.name}, {library}" if point is points[0] else ""
        if "error" in point:
            lines.append(f"{name:<44}{point['size']:>10,}  {point['error']}")
            continue
        each = f"{point['cpu'] / point['size'] * 1e6:>12.2f}" if measure.time == "linear" else f"{'-':>12}"
        held = f"{point['peak'] / 1e6:>10.1f}" if measure.memory else f"{'-':>10}"
        lines.append(f"{name:<44}{point['size']:>10,}{point['cpu'] * 1000:>12.1f}{each}{held}")
    return "\n".join(lines) + (f"  {'; '.join(found)}" if found else "  as it may")


def main() -> None:
    """Measure both libraries at all sizes, print the table, write the JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("only", nargs="*", help="measures whose name holds one of these words")
    parser.add_argument("--library", choices=("relvar", "sqlalchemy", "relvar-pure"), action="append")
    parser.add_argument("--quick", action="store_true", help="without the largest size")
    chosen = parser.parse_args()
    if not is_measurable():
        parser.exit(2, "memory is measured by /proc, which Linux has\n")
    print(f"{'':<44}{'size':>10}{'ms':>12}{'µs each':>12}{'peak MB':>10}")
    libraries = chosen.library or ["sqlalchemy", "relvar"]
    results = []
    for measure in MEASURES.values():
        if chosen.only and not any(word in measure.name for word in chosen.only):
            continue
        for library in libraries:
            sizes = measure.sizes[:-1] if chosen.quick else measure.sizes
            if library == "sqlalchemy":
                sizes = tuple(size for size in sizes if size <= RIVAL_UP_TO)
            points = [at(library, measure, size) for size in sizes]
            found = verdicts(measure, points)
            results.append({"measure": measure.name, "library": library, "points": points, "over": found})
            print(show(library, measure, points, found), flush=True)
    whole = not (chosen.only or chosen.quick or chosen.library)
    write("growth" if whole else "partial", [describe(name) for name in libraries], rows=results)


if __name__ == "__main__":
    main()
