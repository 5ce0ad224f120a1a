"""
Warn about what a flush met, and say so when the program did not ask for the flush.
"""

from __future__ import annotations

from typing import Any

from relvar.util.warning import warn

__all__ = ["flush_warning"]

_BY_ITSELF = (
    " (This warning originated from the Session 'autoflush' process, which was invoked "
    "automatically in response to a user-initiated operation. Consider using "
    "``no_autoflush`` context manager if this warning happened while initializing objects.)"
)


def flush_warning(session: Any, text: str) -> None:
    """
    Warn during a flush of *session*.
    """
    warn(text + _BY_ITSELF if session._autoflushing else text)
