"""
Which columns the server numbers.
"""

from __future__ import annotations

from typing import Any

__all__ = ["is_identity"]


def is_identity(column: Any) -> bool:
    """
    Tell whether a column is one that the server gives numbers: it says so, or is the table's automatic key.
    """
    if getattr(column, "identity", None) is not None:
        return True
    table = getattr(column, "table", None)
    is_automatic = table is not None and column is getattr(table, "_autoincrement_column", None)
    return bool(is_automatic and column.default is None and column.server_default is None)
