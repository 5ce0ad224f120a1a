"""
Which columns are IDENTITY columns: the server numbers their rows, and refuses values for them.
"""

from __future__ import annotations

from typing import Any

__all__ = ["is_identity", "is_numbered"]


def is_numbered(column: Any) -> bool:
    """Tell whether a column numbers its rows, by IDENTITY or a sequence."""
    table = column.table
    return column.autoincrement is True or (table is not None and column is table._autoincrement_column)


def is_identity(column: Any) -> bool:
    """
    Tell whether a column is created as ``IDENTITY``.

    Cases:
        1. it has an `Identity`;
        2. it numbers its rows, and has no sequence that is wanted on this database too;
        3. ``mssql_identity_start`` or ``mssql_identity_increment`` say so.
    """
    if getattr(column, "identity", None) is not None:
        return True
    default = getattr(column, "default", None)
    if default is not None and default.is_sequence and not default.optional:
        return False
    if not hasattr(column, "dialect_options"):
        # of table() and column(), of which nothing is known
        return False
    options = column.dialect_options["mssql"]
    return (
        is_numbered(column)
        or options["identity_start"] is not None
        or options["identity_increment"] is not None
    )
