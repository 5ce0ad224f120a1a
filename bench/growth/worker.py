"""Do one measure at one size with one library; print seconds of CPU time and bytes as JSON."""

from __future__ import annotations

import gc
import json
import shutil
import sys
import time

from bench.growth.measures import MEASURES, place
from bench.growth.process import peak, reset_peak, resident
from bench.library import load


def main() -> None:
    """Take the names from the command line."""
    library, name, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
    directory = place()
    try:
        measure = MEASURES[name]
        run = measure.prepare(load(library), size, directory)
        gc.collect()
        # what is done again and again is short: its best time
        repeats = 5 if measure.time == "constant" else 1
        before = resident()
        reset_peak()
        seconds = []
        for _ in range(repeats):
            start = time.process_time()
            kept = run()
            seconds.append(time.process_time() - start)
        answer = {"cpu": min(seconds), "peak": peak() - before, "held": resident() - before}
        del kept
    finally:
        shutil.rmtree(directory)
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
