"""
Listen, stop listening, ask.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from relvar import exc, util
from relvar.event.events import families
from relvar.event.registry import EventKey
from relvar.util.moved import module_of

_F = TypeVar("_F", bound=Callable[..., Any])

CANCEL = util.symbol("CANCEL")
NO_RETVAL = util.symbol("NO_RETVAL")


def _event_key(target: Any, identifier: str, fn: Callable[..., Any]) -> EventKey:
    for family in families.get(identifier, ()):
        accepted = family._accept_with(target, identifier)
        if accepted is not None:
            return EventKey(target, identifier, fn, accepted, family)
    if hasattr(target, "_no_async_engine_events"):
        target._no_async_engine_events()
    raise exc.InvalidRequestError(f"No such event '{identifier}' for target '{target}'")


def listen(target: Any, identifier: str, fn: Callable[..., Any], *args: Any, **kw: Any) -> None:
    """
    Call *fn* when the event *identifier* happens to *target*.

    Args:
        target: An object, or a class for all its objects.
        once: Call it once only.
        named: Call it with keyword arguments.
        insert: Call it before the listeners there are.
        propagate: For classes and attributes, listen on subclasses as well.
        retval: The function's return value is used, where an event says so.

    Raises:
        InvalidRequestError: *target* has no such event.

    Changing listeners while events run on other threads is safe; whether the
    change is seen by a running event is not defined.

    >>> from relvar import create_engine, event
    >>> engine = create_engine("sqlite://")
    >>> event.listen(engine, "connect", lambda connection, record: print("connected"))
    >>> engine.connect().close()
    connected
    """
    key = _event_key(target, identifier, fn)
    unknown = kw.keys() - _OPTIONS
    # families of other packages may have options of their own
    if unknown and module_of(key.family).startswith(f"{__package__.partition('.')[0]}."):
        exc.report_loss(
            f"listen() has no option {', '.join(map(repr, sorted(unknown)))}: it has no effect. There are "
            f"{', '.join(map(repr, sorted(_OPTIONS)))}.",
            False,
        )
        kw = {name: value for name, value in kw.items() if name in _OPTIONS}
    key.listen(*args, **kw)


# of all families of events together
_OPTIONS = frozenset(
    "active_history asyncio bake_ok include_key insert named once propagate raw restore_load_context "
    "retval".split()
)


def listens_for(target: Any, identifier: str, *args: Any, **kw: Any) -> Callable[[_F], _F]:
    """
    Decorate a function: `listen` to the event with it.

    Args:
        target: An object, or a class for all its objects.
        identifier: The name of the event.
        kw: What `listen` takes: ``once``, ``named``, ``insert``, ``propagate``, ``retval``.

    Raises:
        InvalidRequestError: *target* has no such event.

    >>> from relvar import create_engine, event, text
    >>> engine = create_engine("sqlite://")
    >>> @event.listens_for(engine, "before_cursor_execute")
    ... def show(connection, cursor, statement, parameters, context, executemany):
    ...     print(statement)
    >>> with engine.connect() as connection:
    ...     _ = connection.execute(text("SELECT 1"))
    SELECT 1
    """

    def decorate(fn: _F) -> _F:
        listen(target, identifier, fn, *args, **kw)
        return fn

    return decorate


def remove(target: Any, identifier: str, fn: Callable[..., Any]) -> None:
    """
    Undo ``listen(target, identifier, fn)``, wherever the function went.

    Raises:
        InvalidRequestError: it is not listening.
    """
    key = _event_key(target, identifier, fn)
    key.family._remove(key)


def contains(target: Any, identifier: str, fn: Callable[..., Any]) -> bool:
    """
    Tell whether *fn* listens for the event of *target*.
    """
    return _event_key(target, identifier, fn).contains()
