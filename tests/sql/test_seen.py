"""
What many small expressions and statements show: text, parameters, warnings, errors with their words.

``differs.json`` has what is different on purpose; ``docs/from-sqlalchemy.md`` says why.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "seen"
sys.path.insert(0, str(FOLDER))

from seeing import seen  # noqa: E402  # beside this file, not a package


@pytest.mark.parametrize("name", sorted(p.stem[5:] for p in FOLDER.glob("show_*.py")))
def test_seen(name: str) -> None:
    cases = importlib.import_module(f"show_{name}").CASES
    expected = json.loads((FOLDER / f"{name}.json").read_text())
    for case, differs in json.loads((FOLDER / "differs.json").read_text()).get(name, {}).items():
        expected[case] |= differs
    wrong: list[Any] = []
    for case, make in cases.items():
        found = json.loads(json.dumps(seen(case, make)))
        if found != expected[case]:
            wrong += [
                (f"{case} [{dialect}]", text, expected[case][dialect])
                for dialect, text in found.items()
                if text != expected[case][dialect]
            ]
    assert not wrong, "\n".join(f"{n}:\n  found    {f}\n  expected {e}" for n, f, e in wrong)
