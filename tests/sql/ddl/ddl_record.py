"""
Write what every DDL case compiles to on every dialect: ``python ddl_record.py > ddl_expected.json``.

Run with SQLAlchemy importable as ``relvar``; its text is the contract.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from ddl_cases import CASES
from ddl_compare import DIALECTS, outcome


def main() -> None:
    """Print the text of each case as JSON."""
    warnings.simplefilter("ignore")
    found = {
        f"{row} {name}": {d: outcome(make, d) for d in DIALECTS if dialects is None or d in dialects}
        for row, cases in CASES.items()
        for name, make, dialects in cases
    }
    json.dump(found, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
