"""
Measure a row: one process for each implementation, rounds interleaved and never at once.

A change of the machine's speed then meets all of them.  A ratio is relvar's minimum CPU time
divided by SQLAlchemy's.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from typing import Any

from bench.workloads import Row

# Seconds for which a row has further rounds, up to so many times its number.
SHORT = 1.5
MORE_ROUNDS = 4


class Worker:
    """A process that runs rounds of one implementation."""

    def __init__(self, name: str, module: str = "bench.worker", *arguments: str) -> None:
        self.name = name
        environment = dict(os.environ)
        environment.pop("RELVAR_PURE", None)
        # An installed package has its byte code; a checkout gets it at the first import.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        if name == "relvar-pure":
            environment["RELVAR_PURE"] = "1"
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, name, *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip

    def ask(self, word: str | int) -> dict[str, Any]:
        """Send a line, which names a row or a workload; return the answer, a measured round."""
        assert self.process.stdin is not None and self.process.stdout is not None
        try:
            self.process.stdin.write(f"{word}\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            return {"error": f"the worker ended with exit code {self.process.wait()}"}
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def interleave(
    workers: dict[str, Worker], word: str | int, rounds: int
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, str]]:
    """
    Ask each worker in turn, another one first in each round; return the samples, and who failed how.

    What is over soon gets more rounds: the minimum of a few short ones depends on what else the machine did.
    """
    names = list(workers)
    samples: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    errors: dict[str, str] = {}
    started = time.monotonic()
    for turn in range(MORE_ROUNDS * rounds):
        if turn >= rounds and time.monotonic() - started > SHORT:
            break
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            if name in errors:
                continue
            answer = workers[name].ask(word)
            if "error" in answer:
                errors[name] = answer["error"]
            else:
                samples[name].append(answer)
    return samples, errors


def summary(taken: list[dict[str, Any]]) -> dict[str, float]:
    """Return the minimum and the median of both clocks."""
    return {
        f"{clock}_{word}": function([sample[clock] for sample in taken])
        for clock in ("cpu", "wall")
        for word, function in (("min", min), ("median", statistics.median))
    }


def measure(index: int, row: Row, names: list[str], rounds: int) -> dict[str, Any]:
    """Measure a row for each implementation."""
    workers = {name: Worker(name) for name in names if name != "raw" or row.raw is not None}
    samples, errors = interleave(workers, index, rounds)
    for worker in workers.values():
        worker.close()
    figures = {name: summary(taken) for name, taken in samples.items() if taken}
    ratios: dict[str, Any] = {}
    if rival := figures.get("sqlalchemy"):
        for name in ("relvar", "relvar-pure"):
            if name in figures:
                pairs = [
                    a["cpu"] / b["cpu"] for a, b in zip(samples[name], samples["sqlalchemy"], strict=False)
                ]
                ratios[name] = {
                    "ratio": figures[name]["cpu_min"] / rival["cpu_min"],
                    "wall": figures[name]["wall_min"] / rival["wall_min"],
                    "low": min(pairs),
                    "high": max(pairs),
                }
    return {"row": row.name, "of": row.of, "unit": row.unit, "first": row.first, "goal": row.goal,
            "figures": figures, "ratios": ratios, "errors": errors}  # fmt: skip
