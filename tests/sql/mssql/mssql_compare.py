"""Compile a statement for a version of SQL Server and describe what came out."""

from __future__ import annotations

import re
import warnings
from typing import Any

from relvar.dialects import mssql


def _dialect(version: tuple[int, ...]) -> Any:
    dialect = mssql.dialect()
    dialect.server_version_info = version
    dialect.default_schema_name = "dbo"
    dialect._supports_offset_fetch = dialect.deprecate_large_types = version >= (11,)
    return dialect


DIALECTS = {"2008": _dialect((10, 50)), "2022": _dialect((16,))}


def outcome(statement: Any, version: str, literal: bool = False) -> Any:
    """Return the text and the parameters, or the error."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compiled = statement.compile(
                dialect=DIALECTS[version], compile_kwargs={"literal_binds": True} if literal else {}
            )
            shown = " ".join(str(compiled).split())
            parameters = (
                {key: repr(value) for key, value in compiled.params.items()} if compiled.params else {}
            )
    except Exception as error:  # the error is the outcome
        return re.sub(r" *\(Background on.*", "", f"{type(error).__name__}: {error}", flags=re.S)
    return [shown, parameters] if parameters else [shown]
