"""
Say, to type checkers, that a column may or cannot be NULL.
"""

from __future__ import annotations

from typing import Any

__all__ = ["NotNullable", "Nullable"]


def Nullable(val: Any) -> Any:
    """
    Return *val*, typed as possibly None.
    """
    return val


def NotNullable(val: Any) -> Any:
    """
    Return *val*, typed as never None.
    """
    return val
