"""Compile a DDL case for a dialect and describe what came out."""

from __future__ import annotations

from typing import Any

from relvar.dialects import mssql, mysql, postgresql, sqlite
from relvar.engine.default import DefaultDialect

DIALECTS: dict[str, Any] = {
    "default": DefaultDialect(),
    "sqlite": sqlite.dialect(),
    "postgresql": postgresql.dialect(),
    "mysql": mysql.dialect(),
    "mssql": mssql.dialect(),
}


def outcome(element: Any, dialect: str) -> str:
    """Return the text, or the class of the error."""
    try:
        return str(element().compile(dialect=DIALECTS[dialect]))
    except Exception as error:  # the kind of error is the outcome
        return type(error).__name__
