"""
Print which rows of tests/features.tsv have passing tests, per area and letter.

Runs the tests that carry ``@pytest.mark.feature(...)``.  A row passes when at
least one test claims it and every test that claims it passed on each backend.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent


def outcomes() -> dict[str, dict[str, str]]:
    """Run the marked tests; return row -> test -> outcome."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "features.json"
        environment = dict(os.environ, RELVAR_FEATURES_OUT=str(place))
        command = [sys.executable, "-m", "pytest", "-q", "-m", "feature", "--no-header", "--tb=no", "-r", "N"]
        subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        return json.loads(place.read_text())  # type: ignore[no-any-return]  # written by tests/conftest.py


def passes(tests: dict[str, str]) -> bool:
    """Return whether a row's tests prove it."""
    return bool(tests) and all(outcome == "passed" for outcome in tests.values())


def main() -> None:
    """Print a line per area and letter, then the rows that have no passing test."""
    with (ROOT / "tests" / "features.tsv").open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    results = outcomes()
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        groups[row["area"], row["importance"][:1]].append(row["id"])
    unknown = sorted(set(results) - {row["id"] for row in rows})
    if unknown:
        sys.exit(f"Tests claim rows that tests/features.tsv does not have: {', '.join(unknown)}")
    total = done = 0
    for (area, letter), ids in sorted(groups.items()):
        proven = [i for i in ids if passes(results.get(i, {}))]
        total, done = total + len(ids), done + len(proven)
        failed = [i for i in ids if results.get(i) and i not in proven]
        print(f"{area[:48]:<48} {letter}  {len(proven):>3} of {len(ids):<3} {' '.join(proven)}")
        if failed:
            print(f"{'':<51} FAILING: {' '.join(failed)}")
        missing = [i for i in ids if i not in proven and i not in failed]
        if missing and letter == "A":
            print(f"{'':<51} no test: {' '.join(missing)}")
    print(f"\n{done} of {total} rows have passing tests")


if __name__ == "__main__":
    main()
