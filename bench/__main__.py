"""
Run every workload for every implementation in turn and print the ratios.

One process for each implementation; rounds are interleaved, never at once, so
that a change of the machine's speed meets all of them.  A ratio is relvar's
minimum CPU time divided by SQLAlchemy's.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.library import describe, is_compiled, load
from bench.workloads import ROWS, Row

RESULTS = Path(__file__).parent / "results"


class Worker:
    """A process that runs rounds of one implementation."""

    def __init__(self, name: str) -> None:
        self.name = name
        environment = dict(os.environ)
        environment.pop("RELVAR_PURE", None)
        # An installed package has its byte code; a checkout gets it at the first import.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        if name == "relvar-pure":
            environment["RELVAR_PURE"] = "1"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.worker", name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip

    def round(self, index: int) -> dict[str, Any]:
        """Measure one round of a row."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(f"{index}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            return {"error": f"the worker ended with exit code {self.process.wait()}"}
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def measure(index: int, row: Row, names: list[str], rounds: int) -> dict[str, Any]:
    """Measure a row for each implementation, rounds interleaved and rotated."""
    taking_part = [name for name in names if name != "raw" or row.raw is not None]
    workers = {name: Worker(name) for name in taking_part}
    samples: dict[str, list[dict[str, float]]] = {name: [] for name in taking_part}
    errors: dict[str, str] = {}
    for turn in range(rounds):
        order = taking_part[turn % len(taking_part) :] + taking_part[: turn % len(taking_part)]
        for name in order:
            if name in errors:
                continue
            answer = workers[name].round(index)
            if "error" in answer:
                errors[name] = answer["error"]
            else:
                samples[name].append(answer)
    for worker in workers.values():
        worker.close()
    figures: dict[str, Any] = {}
    for name, taken in samples.items():
        if taken:
            figures[name] = {
                f"{clock}_{word}": function([s[clock] for s in taken])
                for clock in ("cpu", "wall")
                for word, function in (("min", min), ("median", statistics.median))
            }
    rival, figures_ratio = figures.get("sqlalchemy"), {}
    if rival:
        for name in ("relvar", "relvar-pure"):
            if name in figures:
                pairs = [
                    a["cpu"] / b["cpu"] for a, b in zip(samples[name], samples["sqlalchemy"], strict=False)
                ]
                figures_ratio[name] = {
                    "ratio": figures[name]["cpu_min"] / rival["cpu_min"],
                    "low": min(pairs),
                    "high": max(pairs),
                }
    return {"row": row.name, "unit": row.unit, "first": row.first, "goal": row.goal,
            "figures": figures, "ratios": figures_ratio, "errors": errors}  # fmt: skip


def show(result: dict[str, Any]) -> str:
    """Return a line of the table."""

    def figure(name: str) -> str:
        found = result["figures"].get(name)
        return f"{found['cpu_min']:>9.2f}" if found else f"{'-':>9}"

    def ratio(name: str) -> str:
        found = result["ratios"].get(name)
        return f"{found['ratio']:>7.3f}" if found else f"{'-':>7}"

    met = ""
    if "relvar" in result["ratios"]:
        value = result["ratios"]["relvar"]["ratio"]
        met = "goal" if value <= result["goal"] else "first" if value <= result["first"] else "OVER"
    line = (
        f"{result['row'][:56]:<56} {result['unit']:<3}{figure('raw')}{figure('sqlalchemy')}{figure('relvar')}"
        f"{ratio('relvar')}{ratio('relvar-pure')} {result['first']:>6.2f}{result['goal']:>6.2f}  {met}"
    )
    return line + "".join(f"\n    {name}: {error}" for name, error in result["errors"].items())


def main() -> None:
    """Measure, print the table, write the JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("only", nargs="*", help="measure the rows whose name holds one of these words")
    parser.add_argument("--rounds", type=int, help="rounds per row, instead of each row's own number")
    parser.add_argument("--no-pure", action="store_true", help="leave the pure Python mode out")
    parser.add_argument("--no-relvar", action="store_true", help="only the rival and the raw driver")
    chosen = parser.parse_args()
    names = ["raw", "sqlalchemy"]
    if not chosen.no_relvar:
        names += ["relvar"] + ([] if chosen.no_pure else ["relvar-pure"])
    if not is_compiled(load("sqlalchemy")):
        parser.exit(
            2, "SQLAlchemy is installed without its C extensions: a comparison would flatter relvar\n"
        )
    versions = [describe(name) for name in ("sqlalchemy", "relvar") if name in names]
    print(f"Python {platform.python_version()}, {', '.join(versions)}\n")
    print(f"{'minimum CPU time per operation':<56} {'':<3}{'raw':>9}{'rival':>9}{'relvar':>9}"
          f"{'ratio':>7}{'pure':>7} {'first':>6}{'goal':>6}")  # fmt: skip
    results = []
    for index, row in enumerate(ROWS):
        if chosen.only and not any(word in row.name for word in chosen.only):
            continue
        result = measure(index, row, names, chosen.rounds or row.rounds)
        results.append(result)
        print(show(result), flush=True)
    RESULTS.mkdir(exist_ok=True)
    machine = {
        "python": platform.python_version(),
        "libraries": versions,
        "machine": platform.machine(),
        "cores": os.cpu_count(),
    }
    place = RESULTS / ("partial.json" if chosen.only else "sqlite.json")
    place.write_text(json.dumps({"machine": machine, "rows": results}, indent=1) + "\n")
    print(f"\nwritten to {place.relative_to(Path.cwd()) if place.is_relative_to(Path.cwd()) else place}")


if __name__ == "__main__":
    main()
