"""The SQL text of a few hundred statements, on each dialect, character for character."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "golden"
sys.path.insert(0, str(FOLDER))

from cases import CASES  # noqa: E402  # beside this file, not a package
from compare import DIALECTS, outcome  # noqa: E402

EXPECTED = json.loads((FOLDER / "expected.json").read_text())


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "row",
    [pytest.param(row, marks=[pytest.mark.feature(row)] if row.startswith("D") else []) for row in CASES],
)
@pytest.mark.filterwarnings("ignore::relvar.exc.SAWarning")
def test_text(row: str, dialect: str) -> None:
    wrong: list[Any] = []
    for name, statement in CASES[row]():
        expected = EXPECTED[f"{row} {name}"][dialect]
        found = outcome(statement, dialect)
        if json.loads(json.dumps(found)) != expected:
            wrong.append((name, found, expected))
    assert not wrong, "\n".join(
        f"{name}:\n  found    {found}\n  expected {expected}" for name, found, expected in wrong
    )
