"""Prepare Firebird databases for tests: the database is a file, and temporary tables are made once."""

from __future__ import annotations

from typing import Any

from relvar.testing import provision


@provision.temp_table_keyword_args.for_db("firebird")
def _temp_table_keyword_args(cfg: Any, eng: Any) -> dict[str, Any]:
    return {"prefixes": ["GLOBAL TEMPORARY"], "firebird_on_commit": "PRESERVE ROWS"}
