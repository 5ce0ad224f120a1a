"""Compile a case for a dialect and describe what came out."""

from __future__ import annotations

from typing import Any

from relvar.dialects import mssql, mysql, oracle, postgresql, sqlite
from relvar.dialects.mysql.mariadb import MariaDBDialect
from relvar.engine.default import DefaultDialect

DIALECTS: dict[str, Any] = {
    "default": DefaultDialect(),
    "sqlite": sqlite.dialect(),
    "postgresql": postgresql.dialect(),
    "mysql": mysql.dialect(),
    "mariadb": MariaDBDialect(),
    "mssql": mssql.dialect(),
    "oracle": oracle.dialect(),
}


def outcome(statement: Any, dialect: str) -> Any:
    """Return ``[text, parameters]`` or the class of the error."""
    try:
        compiled = statement.compile(dialect=DIALECTS[dialect])
        parameters = {key: repr(value) for key, value in compiled.params.items()}
        return [str(compiled), parameters]
    except Exception as error:  # the kind of error is the outcome
        return type(error).__name__
