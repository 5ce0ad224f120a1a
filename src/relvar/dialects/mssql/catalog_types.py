"""
A type, of what ``sys.columns`` says about it.

Source: https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-columns-transact-sql:
``max_length`` is in bytes, -1 for ``max``; the precision of times is in ``scale``.
"""

from __future__ import annotations

from typing import Any

from relvar import types as sqltypes
from relvar.dialects.mssql import types as mstypes
from relvar.util import warn

__all__ = ["reflected_type"]

_NARROW = (sqltypes.CHAR, sqltypes.VARCHAR, sqltypes.BINARY)
_WIDE = (sqltypes.NCHAR, sqltypes.NVARCHAR)
_TEXTS = (*_NARROW[:2], *_WIDE, sqltypes.TEXT, mstypes.NTEXT)
_TIMES = (mstypes.DATETIME2, mstypes.DATETIMEOFFSET, mstypes.TIME)
# digits of the fraction of a second, where a table does not say
_USUAL_FRACTION = 7


def reflected_type(
    known: dict[str, Any],
    column: str,
    name: str,
    length: int,
    precision: int,
    scale: int,
    collation: str | None,
    is_filestream: bool,
) -> Any:
    """
    Make the type of a column.

    Args:
        known: Name of a type in the catalog -> class.
        column: For the warning about a type that is not known; its values come as the driver gives them.
    """
    cls = known.get(name)
    if cls is None:
        warn(f"Did not recognize type '{name}' of column '{column}'")
        return sqltypes.NULLTYPE
    if cls is mstypes.VARBINARY:
        return cls(None if length == -1 else length, filestream=is_filestream)
    if issubclass(cls, sqltypes.String) and issubclass(cls, _TEXTS):
        size = None
        if issubclass(cls, (*_NARROW, *_WIDE)) and length != -1:
            size = length // 2 if issubclass(cls, _WIDE) else length
        return cls(length=size, collation=collation)
    if issubclass(cls, _NARROW):
        return cls(length=length)
    if issubclass(cls, _TIMES):
        return cls(precision=None if scale == _USUAL_FRACTION else scale)
    if issubclass(cls, sqltypes.Numeric):
        return cls(precision=precision, scale=scale)
    if cls is sqltypes.FLOAT:
        return cls(precision=precision)
    return cls()
