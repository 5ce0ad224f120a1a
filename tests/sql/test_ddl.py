"""The text of DDL on each dialect, character for character."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "ddl"
sys.path.insert(0, str(FOLDER))

from ddl_cases import CASES  # noqa: E402  # beside this file, not a package
from ddl_compare import DIALECTS, outcome  # noqa: E402

EXPECTED = json.loads((FOLDER / "ddl_expected.json").read_text())

# Rows that the text of DDL proves completely; the others need a database too.
PROVED = {"S026", "C008", "D070", "E016", "E031", "E037", "E059"}


@pytest.mark.parametrize(
    "row", [pytest.param(row, marks=[pytest.mark.feature(row)] if row in PROVED else []) for row in CASES]
)
@pytest.mark.filterwarnings("ignore::relvar.exc.SAWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_text(row: str) -> None:
    wrong = []
    for name, make, _dialects in CASES[row]:
        for dialect, expected in EXPECTED[f"{row} {name}"].items():
            found = outcome(make, dialect)
            if found != expected:
                wrong.append(f"{name} on {dialect}:\n  found    {found!r}\n  expected {expected!r}")
    assert not wrong, "\n".join(wrong)


def test_every_dialect_is_compared() -> None:
    compared = {dialect for texts in EXPECTED.values() for dialect in texts}
    assert compared == set(DIALECTS)
