"""
Compare what random programs do with relationships: ``python -m bench.rival.relationships --seeds 0-1000``.

Each program is a small mapping and some steps in a session.  After each step, errors, warnings,
what was read and the objects' states must be the same with relvar and with SQLAlchemy; at the
end the rows, and what a new session reads.  Ends with 0 if every difference is explained.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from bench.rival.process import Worker
from bench.rival.relationships.explained import explanation
from bench.rival.relationships.mappings import source
from bench.rival.relationships.steps import Program, write

FACETS = ("create", "error", "warnings", "seen", "states", "rows", "read")


class Difference:
    """Where two outcomes of a program first differ."""

    def __init__(self, line: str, facet: str, ours: Any, theirs: Any, fails: bool) -> None:
        self.line, self.facet, self.ours, self.theirs, self.fails = line, facet, ours, theirs, fails
        self.why: str | None = None

    @property
    def kind(self) -> str:
        """A name that like differences share."""
        if self.facet in ("error", "warnings"):
            return f"{self.facet}: {self.ours} | {self.theirs}"
        return self.facet


def _without_deleted(states: dict[str, str]) -> dict[str, str]:
    """Call deleted objects detached: without expire_on_commit, SQLAlchemy never lets go of them."""
    return {name: "detached" if state == "deleted" else state for name, state in states.items()}


class Comparison:
    """A worker of each library."""

    def __init__(self, url: str, rival: str, facets: tuple[str, ...]) -> None:
        module = "bench.rival.relationships.worker"
        self.workers = [
            Worker(sys.executable, module, "relvar", url),
            Worker(rival, module, "sqlalchemy", url),
        ]
        self.facets = facets

    def difference(self, program: Program) -> Difference | None:
        """Run a program with both; return where they first differ, unexplained if anywhere."""
        for worker in self.workers:
            worker.ask(program=program)
        ours, theirs = (json.loads(worker.line()) for worker in self.workers)
        lines = ["the mapping", "configure_mappers()", *program["steps"], "s.commit()", "", ""]
        stays_deleted = not program["session"]["expire_on_commit"]
        meant = None
        for step, (a, b) in enumerate(zip(ours, theirs, strict=False)):
            for facet in self.facets:
                here, there = a.get(facet), b.get(facet)
                if facet == "states" and there and stays_deleted:
                    here, there = (_without_deleted(states) for states in (here, there))
                if here == there:
                    continue
                found = Difference(lines[step], facet, here, there, "error" in a)
                found.why = explanation(found, program)
                if found.why is None:
                    return found
                meant = found
                if facet != "warnings":
                    return found
            if a.get("error") == b.get("error") == "KeyError":
                # An object without the other side: SQLAlchemy has changed one side already.
                break
        return meant

    def smaller(self, program: Program, kind: str) -> Program:
        """Return the smallest program found that differs in the same way."""
        going_on, tries = True, 400
        while going_on:
            going_on = False
            for candidate in candidates(program):
                tries -= 1
                if not tries:
                    return program
                found = self.difference(candidate)
                if (
                    found
                    and found.kind == kind
                    and not explanation(found, candidate)
                    and not _is_torn(candidate)
                ):
                    program, going_on = candidate, True
                    break
        return program

    def close(self) -> None:
        """End the workers."""
        for worker in self.workers:
            worker.close()


def candidates(program: Program) -> Iterator[Program]:
    """Yield programs that lack some steps, a link, a class, or an argument of a relationship."""
    steps, links, classes = program["steps"], program["links"], program["classes"]
    size = len(steps) // 2
    while size:
        for start in range(len(steps) - size, -1, -size):
            yield program | {"steps": steps[:start] + steps[start + size :]}
        size //= 2
    for index in range(len(links)):
        yield program | {"links": links[:index] + links[index + 1 :]}
    used = {link[side] for link in links for side in ("one", "many")} | {each["base"] for each in classes}
    for each in classes:
        if each["name"] not in used:
            yield program | {"classes": [other for other in classes if other is not each]}
    for index, link in enumerate(links):
        for side in ("many", "one", "view", "ondelete"):
            place = link if side == "ondelete" else link["sides"]
            for name in (place.get(side) or ()) if side in ("many", "one") else (side,):
                changed = deepcopy(program)
                inside = changed["links"][index]
                inside = inside if side == "ondelete" else inside["sides"]
                inside = inside[side] if side in ("many", "one") else inside
                if inside.pop(name, None):
                    yield changed if side != "ondelete" else changed_to_none(changed, index)


def _is_torn(program: Program) -> bool:
    """Tell whether a step uses a class or an object that was taken out of the program."""
    made = {step.partition(" ")[0] for step in program["steps"] if re.match(r"o\d+ = [A-D]\(", step)}
    made |= {each["name"] for each in program["classes"]}
    return any(
        name not in made for step in program["steps"] for name in re.findall(r'(?<!")\bo\d+|\b[A-D]\b', step)
    )


def changed_to_none(program: Program, index: int) -> Program:
    """Return a program whose link has no ON DELETE."""
    program["links"][index]["ondelete"] = None
    return program


def main() -> int:
    """Compare, shrink, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.rival.relationships", description=__doc__)
    parser.add_argument("--seeds", default="0-1000", help="the first seed, and the one behind the last")
    parser.add_argument("--url", default="sqlite://", help="a database server on which databases can be made")
    parser.add_argument(
        "--rival", default=sys.executable, help="a Python that has SQLAlchemy, if not this one"
    )
    parser.add_argument("--sent", action="store_true", help="compare how many rows each step writes, too")
    parser.add_argument(
        "--most", type=int, default=15, help="how many kinds of differences to shrink and print"
    )
    chosen = parser.parse_args()
    facets = (*FACETS[:5], *(("sent",) if chosen.sent else ()), *FACETS[5:])
    comparison = Comparison(chosen.url, chosen.rival, facets)
    first, _, last = chosen.seeds.partition("-")
    seeds = range(int(first), int(last or int(first) + 1))
    kinds: dict[str, list[int]] = {}
    explained: dict[str, int] = {}
    began = time.monotonic()
    for seed in seeds:
        program = write(seed)
        found = comparison.difference(program)
        if found:
            if found.why:
                explained[found.why] = explained.get(found.why, 0) + 1
            else:
                kinds.setdefault(found.kind, []).append(seed)
    unexplained = sum(map(len, kinds.values()))
    took = time.monotonic() - began
    print(f"{len(seeds)} programs in {took:.0f} s, {unexplained} differ, of {len(kinds)} kinds")
    for why, count in sorted(explained.items()):
        print(f"  explained: {count} × {why}")
    by_number = sorted(kinds.items(), key=lambda item: -len(item[1]))
    for kind, shown in by_number:
        print(f"  {len(shown)} × {kind[:120]} (seeds {', '.join(map(str, shown[:9]))})", flush=True)
    for kind, shown in by_number[: chosen.most]:
        show(comparison, kind, shown)
    comparison.close()
    return 1 if kinds else 0


def show(comparison: Comparison, kind: str, seeds: list[int]) -> None:
    """Print a small program that shows a kind of difference."""
    program = min(map(write, seeds[:10]), key=lambda each: len(each["steps"]))
    program = comparison.smaller(program, kind)
    found = comparison.difference(program)
    print(f"\n## {len(seeds)} × {kind} (seeds {', '.join(map(str, seeds[:5]))})")
    if found is None:
        print("not in each run")
        return
    print(source(program["classes"], program["links"]))
    print(f"# enforced={program['enforced']} onupdate={program['onupdate']} {program['session']}")
    print("\n".join(program["steps"]))
    print(f"# after: {found.line}\n#   relvar     {brief(found.ours, found.theirs)}")
    print(f"#   sqlalchemy {brief(found.theirs, found.ours)}", flush=True)


def brief(value: Any, other: Any) -> str:
    """Write what is other than in the other value."""
    if isinstance(value, dict) and isinstance(other, dict):
        value = {key: each for key, each in value.items() if other.get(key, "") != each}
    return str(value)[:400]


if __name__ == "__main__":
    sys.exit(main())
