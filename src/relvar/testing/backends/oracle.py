"""Prepare databases of Oracle Database for tests: they have one schema each."""

from __future__ import annotations

from typing import Any

from relvar.testing import provision


@provision.temp_table_keyword_args.for_db("oracle")
def _temp_table_keyword_args(cfg: Any, eng: Any) -> dict[str, Any]:
    return {"prefixes": ["GLOBAL TEMPORARY"], "oracle_on_commit": "PRESERVE ROWS"}


@provision.set_default_schema_on_connection.for_db("oracle")
def _set_default_schema(cfg: Any, dbapi_connection: Any, schema_name: str) -> None:
    cursor = dbapi_connection.cursor()
    cursor.execute(f'ALTER SESSION SET CURRENT_SCHEMA="{schema_name.upper()}"')
    cursor.close()
