"""
What only Oracle Database has, character for character as SQLAlchemy writes it.

What differs on purpose is in ``golden/differs.json``; ``docs/dialects/oracle.md`` says why.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "golden"
SPEC = importlib.util.spec_from_file_location("oracle_cases", FOLDER / "cases.py")
assert SPEC is not None and SPEC.loader is not None
cases: Any = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(cases)

# what the text of a group shows
ROWS = {
    "E052 pages": ["E052", "E049"],
    "E048 tables": ["E048", "E050", "E053"],
    "E053 indexes": ["E053", "E049", "E050"],
    "expressions": ["E049"],
    "changes": ["E051"],
    "joins": ["E055"],
}
EXPECTED = json.loads((FOLDER / "cases.json").read_text())
DIFFERS = json.loads((FOLDER / "differs.json").read_text())


@pytest.mark.parametrize("dialect", cases.DIALECTS)
@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, marks=[pytest.mark.feature(name) for name in ROWS.get(row, ())])
        for row in cases.CASES
    ],
)
@pytest.mark.filterwarnings("ignore::relvar.exc.SAWarning", "ignore::relvar.exc.SADeprecationWarning")
def test_text(row: str, dialect: str) -> None:
    wrong: list[str] = []
    for name, statement in cases.CASES[row]():
        case = f"{row}: {name}"
        found = cases.outcome(statement, dialect)
        wanted = DIFFERS.get(case, {}).get(dialect, EXPECTED[case][dialect])
        if found != wanted:
            wrong.append(f"{case}\n  found    {found}\n  expected {wanted}")
    assert not wrong, "\n".join(wrong)
