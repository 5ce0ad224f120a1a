"""The types of results: of every pair of types with every operator, as SQLAlchemy has them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "result_types"))

from table import FILE, table  # beside this file, not a package


@pytest.mark.feature("D042", "D057")
def test_result_types() -> None:
    expected = json.loads(FILE.read_text())
    found = table()
    wrong = [
        (name, left, found[name][left], at)
        for name, lefts in expected.items()
        for left, at in lefts.items()
        if found[name][left] != at
    ]
    assert not wrong, "\n".join(f"{n} {left}:\n  found    {f}\n  expected {e}" for n, left, f, e in wrong)
