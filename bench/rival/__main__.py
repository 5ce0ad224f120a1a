"""
Compare random statements between relvar and SQLAlchemy: ``python -m bench.rival --count 100000``.

Prints the kinds of differences, each with a program made as small as it gets.  Ends with 0 if
every difference is explained in explained.py.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass
from typing import Any

import bench.rival.rules  # noqa: F401  # fills the grammar
from bench.rival.explained import explanation
from bench.rival.kinds import differences, kind
from bench.rival.piece import Piece
from bench.rival.process import Worker
from bench.rival.rules.statements import write
from bench.rival.shrink import shrunk

CHUNK = 250


@dataclass
class Found:
    """A kind of difference: the seeds that show it, and its first case."""

    facet: str
    ours: Any
    theirs: Any
    seeds: list[int]


class Comparison:
    """Both libraries' workers, in pairs, and the differences between them."""

    def __init__(self, pairs: int, rival: str) -> None:
        module = "bench.rival.worker"
        self.pairs = [
            (Worker(sys.executable, module, "relvar"), Worker(rival, module, "sqlalchemy"))
            for _ in range(pairs)
        ]
        self.kinds: dict[str, Found] = {}
        self.explained: dict[str, list[int]] = {}
        self.different = 0

    def run(self, first: int, count: int) -> None:
        """Compare the programs of *count* seeds."""
        starts = list(range(first, first + count, CHUNK))
        for turn in range(0, len(starts), len(self.pairs)):
            ranges = [
                (start, min(start + CHUNK, first + count)) for start in starts[turn : turn + len(self.pairs)]
            ]
            busy = list(zip(self.pairs, ranges, strict=False))
            for pair, seeds in busy:
                for worker in pair:
                    worker.ask(seeds=seeds)
            for (ours, theirs), (start, end) in busy:
                for seed in range(start, end):
                    a, b = ours.line(), theirs.line()
                    if a != b:
                        self.note(seed, json.loads(a), json.loads(b))

    def note(self, seed: int, ours: dict[str, Any], theirs: dict[str, Any]) -> None:
        """Count a program's differences."""
        self.different += 1
        known = False
        sent_differs = ours.get("text sqlite") != theirs.get("text sqlite")
        for facet, a, b in differences(ours, theirs):
            why = explanation(facet, a, b)
            if why is not None:
                self.explained.setdefault(why.name, []).append(seed)
                known = True
                continue
            follows = ("warnings", "kept", "run") if sent_differs else ("warnings", "kept")
            if known and facet in follows:
                continue
            name = kind(facet, a, b)
            if name in self.kinds:
                self.kinds[name].seeds.append(seed)
            else:
                self.kinds[name] = Found(facet, a, b, [seed])
            break

    def outcomes(self, program: str, runs: bool) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what both libraries make of a program."""
        for worker in self.pairs[0]:
            worker.ask(source=program, runs=runs)
        ours, theirs = self.pairs[0]
        return json.loads(ours.line()), json.loads(theirs.line())

    def smaller(self, seeds: list[int], facet: str, name: str, tries: int) -> Piece:
        """Shrink the shortest of some programs; it must go on to differ in the same facet and manner."""
        program, runs = min(map(write, seeds[:20]), key=lambda written: len(str(written[0])))
        manner = name.split(":")[0]

        def shows(candidate: Piece) -> bool:
            for where, a, b in differences(*self.outcomes(str(candidate), runs)):
                if where == facet and explanation(where, a, b) is None:
                    return kind(where, a, b).split(":")[0] == manner
            return False

        return shrunk(program, shows, tries)

    def close(self) -> None:
        """End the workers."""
        for pair in self.pairs:
            for worker in pair:
                worker.close()


def summarise(comparison: Comparison) -> None:
    """Print how many differ, and by what they are explained."""
    unexplained = sum(len(found.seeds) for found in comparison.kinds.values())
    print(f"{comparison.different} differ, {unexplained} unexplained, of {len(comparison.kinds)} kinds")
    for name, seeds in sorted(comparison.explained.items()):
        print(f"  explained: {len(seeds)} × {name}")
    sys.stdout.flush()


def show(comparison: Comparison, most: int, tries: int) -> None:
    """Print each kind of difference with a small program that shows it."""
    ranked = sorted(comparison.kinds.items(), key=lambda item: -len(item[1].seeds))
    seen: set[str] = set()
    for name, found in ranked[:most]:
        program = str(comparison.smaller(found.seeds, found.facet, name, tries))
        if program in seen:
            print(f"\n## {len(found.seeds)} × {name} (seed {found.seeds[0]}): as above")
            continue
        seen.add(program)
        ours, theirs = comparison.outcomes(program, True)
        print(
            f"\n## {len(found.seeds)} × {name} (seeds {', '.join(map(str, found.seeds[:3]))})\n{program}",
            end="",
        )
        for facet, a, b in differences(ours, theirs)[:1]:
            print(f"# {facet}\n#   relvar     {_brief(a, b)}\n#   sqlalchemy {_brief(b, a)}", flush=True)


def _brief(value: Any, other: Any) -> str:
    if isinstance(value, list) and isinstance(other, list):
        value = [a for a, b in zip(value, other, strict=False) if a != b]
    elif isinstance(value, dict) and isinstance(other, dict):
        value = {key: value[key] for key in value if value[key] != other.get(key)}
    return str(value)[:450]


def main() -> int:
    """Compare, shrink, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.rival", description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="how many statements")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--jobs", type=int, default=2, help="processes; half of them for each library")
    parser.add_argument(
        "--rival", default=sys.executable, help="a Python that has SQLAlchemy, if not this one"
    )
    parser.add_argument(
        "--most", type=int, default=40, help="how many kinds of differences to shrink and print"
    )
    parser.add_argument("--tries", type=int, default=600, help="how many steps to shrink each of them")
    parser.add_argument(
        "--show", action="store_true", help="only print the program of --seed, and both outcomes"
    )
    chosen = parser.parse_args()
    comparison = Comparison(max(1, chosen.jobs // 2), chosen.rival)
    if chosen.show:
        program, runs = write(chosen.seed)
        print(program)
        for facet, a, b in differences(*comparison.outcomes(str(program), runs)):
            print(f"# {facet}\n#   relvar     {a}\n#   sqlalchemy {b}")
        return 0
    began = time.monotonic()
    comparison.run(chosen.seed, chosen.count)
    print(f"{chosen.count} statements in {time.monotonic() - began:.0f} s")
    summarise(comparison)
    show(comparison, chosen.most, chosen.tries)
    comparison.close()
    return 1 if comparison.kinds else 0


if __name__ == "__main__":
    sys.exit(main())
