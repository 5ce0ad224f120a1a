"""
Tell what a flush met: warnings (saying so when the program did not ask for the flush), refreshed attributes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from relvar.util.warning import warn

__all__ = ["flush_warning", "tell_refreshed"]

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


def tell_refreshed(unit: Any, states: Sequence[Any], keys: Iterable[str]) -> None:
    """
    Tell listeners that defaults gave attributes of *states* new values.

    Args:
        unit: The flush; primary keys are not among *keys*.
    """
    heard = [m for m in {s.manager for s in states} if m.listeners.refresh_flush]
    if not heard:
        return
    keys = set(keys)
    for state in states:
        if state() is not None:
            for fn in state.manager.listeners.refresh_flush:
                fn(state, unit, keys)
