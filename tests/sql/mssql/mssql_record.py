"""
Write what every statement is: ``python mssql_record.py``.

Run with SQLAlchemy importable as ``relvar``; what it shows is the contract.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER))

from mssql_compare import DIALECTS, outcome  # noqa: E402  # beside this file, not a package
from mssql_statements import LITERALS, STATEMENTS  # noqa: E402  # beside this file, not a package

if __name__ == "__main__":
    found = {
        "statements": {
            name: {version: outcome(statement, version) for version in DIALECTS}
            for name, statement in STATEMENTS.items()
        },
        "literals": {
            name: {version: outcome(statement, version, True) for version in DIALECTS}
            for name, statement in LITERALS.items()
        },
    }
    (FOLDER / "recorded.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
