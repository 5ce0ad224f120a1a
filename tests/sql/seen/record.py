"""
Write what every case shows: ``python record.py [module ...]``, one file of answers per module.

Run with SQLAlchemy importable as ``relvar``; what it shows is the contract.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER))

from seeing import seen  # noqa: E402  # beside this file, not a package

if __name__ == "__main__":
    names = sys.argv[1:] or sorted(p.stem[5:] for p in FOLDER.glob("show_*.py"))
    for name in names:
        module = importlib.import_module(f"show_{name}")
        answers = {case: seen(case, make) for case, make in module.CASES.items()}
        text = json.dumps(answers, indent=1, ensure_ascii=False) + "\n"
        (FOLDER / f"{name}.json").write_text(text)
