"""
What higher layers do for objects: places for them to register.

Loading and sessions stand above this package, so they put their functions
here when they are imported.  Each hook says what it is called with, and the
default answers for a process in which nothing registered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar._kernels.attributes import LoaderCallableStatus

__all__ = [
    "async_session_hook",
    "configure_hook",
    "instrument_hook",
    "expiry_heard",
    "load_hook",
    "manager_hook",
    "query_hook",
    "session_hook",
]


def _no_load(state: Any, keys: Any, passive: int) -> Any:
    return LoaderCallableStatus.ATTR_EMPTY


def _no_session(state: Any) -> Any:
    return None


def _no_configure(manager: Any) -> None:
    manager.prepared = True


def _no_query(entities: Any, session: Any) -> Any:
    raise NotImplementedError("the legacy Query is not there")


def _no_manager(class_: type[Any]) -> Any:
    return None


class _Nobody:
    class_instrument = class_uninstrument = attribute_instrument = ()


load_hook: list[Callable[[Any, Any, int], Any]] = [_no_load]
"""
``load(state, keys, passive)``: load column attributes *keys* of a persistent or detached object from its row.

Called for expired attributes (all of them at once) and for a column that was
not loaded (itself).  It stores the values and returns ``ATTR_WAS_SET``, or
``PASSIVE_NO_RESULT`` where *passive* forbids SQL.  Raises ``DetachedInstanceError``, ``ObjectDeletedError``.
"""

session_hook: list[Callable[[Any], Any]] = [_no_session]
"""
``session(state)``: the session that holds the object, or None.
"""

async_session_hook: list[Callable[[Any], Any]] = [_no_session]
"""
``async_session(session)``: the session of asyncio that stands for a session, or None.
"""

configure_hook: list[Callable[[Any], None]] = [_no_configure]
"""
``configure(manager)``: configure all mappers that the class depends on, then set ``manager.prepared``.
"""

instrument_hook: list[Any] = [_Nobody]
"""
The listeners of ``InstrumentationEvents``.
"""

manager_hook: list[Callable[[type[Any]], Any]] = [_no_manager]
"""
``manager(class_)``: the manager of a class that says how it is instrumented, None for any other class.
"""

expiry_heard: list[bool] = [False]
"""
Whether a class has ever had a listener for ``expire``: expiring a session asks before it looks at objects.
"""

query_hook: list[Callable[..., Any]] = [_no_query]
"""
``query(entities, session)``: what `Session.query` makes, unless the session was given a class of its own.
"""
