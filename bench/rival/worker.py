"""
Serve outcomes of one library: ``python -m bench.rival.worker relvar``.

Each line of input asks for something: ``{"seeds": [first, last]}`` for the outcomes of a
range of seeds, ``{"source": ...}`` for that of a given program.  Each answer is one line.
"""

from __future__ import annotations

import json
import sys

import bench.rival.rules  # noqa: F401  # fills the grammar
from bench.rival.outcome import Runner
from bench.rival.rules.statements import write


def main() -> None:
    """Answer until the input ends."""
    runner = Runner(sys.argv[1])
    out = sys.stdout
    for line in sys.stdin:
        asked = json.loads(line)
        if "source" in asked:
            found = runner.outcome(asked["source"], asked["runs"], True)
            out.write(json.dumps(found) + "\n")
        else:
            first, last = asked["seeds"]
            for seed in range(first, last):
                program, runs = write(seed)
                out.write(json.dumps(runner.outcome(str(program), runs, seed % 4 == 0)) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
