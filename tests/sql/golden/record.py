"""
Write what every case compiles to on every dialect: ``python record.py > expected.json``.

Run with SQLAlchemy importable as ``relvar``; its text is the contract.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from cases import CASES
from compare import DIALECTS, outcome


def main() -> None:
    """Print the text and the parameters of each case as JSON."""
    warnings.simplefilter("ignore")
    found: dict[str, Any] = {}
    for row, cases in CASES.items():
        for name, statement in cases():
            found[f"{row} {name}"] = {dialect: outcome(statement, dialect) for dialect in DIALECTS}
    json.dump(found, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
