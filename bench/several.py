"""
Print several runs side by side: rows that miss their goal in any of them, and siblings too far off.

    python -m bench.several RUN.json RUN.json ...

A run's file is `bench/results/sqlite.json`, copied before the next run writes its own.
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path
from typing import Any

from bench.table import ratio_of, times_worse
from bench.workloads import SIBLING_LIMIT

Results = dict[str, dict[str, Any]]


def floor_of(results: list[dict[str, Any]]) -> str:
    """Return the middle share of the rival's time that the bare driver, or Python alone, takes."""
    shares = [
        found["figures"]["raw"]["cpu_min"] / found["figures"]["sqlalchemy"]["cpu_min"]
        for found in results
        if "raw" in found["figures"] and "sqlalchemy" in found["figures"]
    ]
    return f"{statistics.median(shares):.3f}" if shares else "-"


def missed(runs: list[Results]) -> list[str]:
    """Return a line of a table for each workload that missed its goal, or failed, in any run."""
    lines = []
    for name, first in runs[0].items():
        if first["of"]:
            continue
        results = [run[name] for run in runs]
        ratios = [ratio_of(result) for result in results]
        met = sum(ratio is not None and ratio <= first["goal"] for ratio in ratios)
        if met < len(runs):
            shown = ", ".join("failed" if ratio is None else f"{ratio:.3f}" for ratio in ratios)
            note = f" (met in {met})" if met else ""
            lines.append(f"| {name} | {first['goal']:.3f} | {shown}{note} | {floor_of(results)} |")
    return lines


def far_off(runs: list[Results]) -> list[str]:
    """Return a line for each sibling that failed, or was too far from its workload, in any run."""
    lines = []
    for name, first in runs[0].items():
        if not first["of"]:
            continue
        times = [times_worse(run[name], run[first["of"]]) for run in runs]
        if any(each is None or each > SIBLING_LIMIT for each in times):
            shown = ", ".join("failed" if each is None else f"{each:.2f}" for each in times)
            lines.append(f"- {name}: {shown}")
    return lines


def main() -> None:
    """Read the runs and print both lists."""
    parser = argparse.ArgumentParser(prog="python -m bench.several", description=__doc__)
    parser.add_argument("runs", nargs="+", type=Path, help="the JSON of each run")
    runs: list[Results] = [
        {result["row"]: result for result in json.loads(place.read_text())["rows"]}
        for place in parser.parse_args().runs
    ]
    if any(run.keys() != runs[0].keys() for run in runs):
        parser.error("the runs have different rows: compare whole runs of one suite")
    workloads = [name for name, result in runs[0].items() if not result["of"]]
    lines = missed(runs)
    print(f"{len(workloads) - len(lines)} of {len(workloads)} at their goal in each run\n")
    print("\n".join(["| workload | goal | runs | floor |", "|---|---|---|---|", *lines]))
    print(f"\nmore than {SIBLING_LIMIT} times the ratio of their workload in any run:")
    print("\n".join(far_off(runs)) or "none")


if __name__ == "__main__":
    main()
