"""
Write what every case compiles to on every dialect: ``python record.py [module ...]``.

``cases_x.py`` gives ``x.json``.  Run with SQLAlchemy importable as ``relvar``; its
text is the contract.
"""

from __future__ import annotations

import importlib
import json
import sys
import warnings
from pathlib import Path

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER))

from compare import DIALECTS, outcome  # noqa: E402  # beside this file, not a package

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for module in sys.argv[1:] or sorted(p.stem[6:] for p in FOLDER.glob("cases_*.py")):
        found = {
            f"{row} {name}": {dialect: outcome(statement, dialect) for dialect in DIALECTS}
            for row, cases in importlib.import_module(f"cases_{module}").CASES.items()
            for name, statement in cases()
        }
        (FOLDER / f"{module}.json").write_text(json.dumps(found, indent=1) + "\n")
