"""
The SQL text of many statements, on each dialect, character for character.

``differs.json`` has what is different on purpose; ``docs/from-sqlalchemy.md`` says why.
"""

from __future__ import annotations

import functools
import importlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "golden"
sys.path.insert(0, str(FOLDER))

from compare import DIALECTS, outcome  # noqa: E402  # beside this file, not a package

DIFFERS = json.loads((FOLDER / "differs.json").read_text())
# SQLAlchemy fails by accident: there is nothing to compare with
ACCIDENTS = ("AttributeError", "AssertionError", "IndexError", "KeyError", "UnboundLocalError")
CASES = {p.stem[6:]: importlib.import_module(p.stem).CASES for p in sorted(FOLDER.glob("cases_*.py"))}


@functools.cache
def recorded(module: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{module}.json").read_text())
    return found


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("module", "row"),
    [
        pytest.param(module, row, marks=[pytest.mark.feature(row)] if row.startswith("D") else [])
        for module, cases in CASES.items()
        for row in cases
    ],
)
@pytest.mark.filterwarnings("ignore::relvar.exc.SAWarning", "ignore::relvar.exc.SADeprecationWarning")
def test_text(module: str, row: str, dialect: str) -> None:
    expected = recorded(module)
    differs = DIFFERS.get(module, {})
    wrong: list[Any] = []
    for name, statement in CASES[module][row]():
        found = outcome(statement, dialect)
        case = f"{row} {name}"
        wanted = differs.get(case, {}).get(dialect, expected[case][dialect])
        if found != wanted and wanted not in ACCIDENTS:
            wrong.append((name, found, wanted))
    assert not wrong, "\n".join(f"{n}:\n  found    {f}\n  expected {e}" for n, f, e in wrong)
