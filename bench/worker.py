"""Run workloads of one implementation, one round at a time, as told over standard input."""

from __future__ import annotations

import gc
import json
import sys
import time
from typing import Any

from bench.library import load
from bench.workloads import ROWS, Job


def one_round(job: Job) -> dict[str, Any]:
    """Run a job once; return its CPU and wall time per operation (µs), or the value it measures."""
    if job.before is not None:
        job.before()
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    result = job.run()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    if job.kind == "value":
        return {"cpu": result, "wall": result}
    if job.expected is not None and result != job.expected:
        raise AssertionError(f"wrong result: {result!r}, expected {job.expected!r}")
    return {"cpu": cpu / job.operations * 1e6, "wall": wall / job.operations * 1e6}


def main() -> None:
    """Serve: each line names a row; the answer is one measured round as JSON."""
    name = sys.argv[1]
    lib = None if name == "raw" else load(name)
    jobs: dict[int, Job] = {}
    for line in sys.stdin:
        index = int(line)
        try:
            if index not in jobs:
                row = ROWS[index]
                jobs.clear()
                jobs[index] = row.raw() if lib is None else row.build(lib)  # type: ignore[misc]  # asked only if there
                one_round(jobs[index])
            answer = one_round(jobs[index])
        except Exception as error:  # told to the parent, which goes on with the next row
            answer = {"error": f"{type(error).__name__}: {error}"[:300]}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
