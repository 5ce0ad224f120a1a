"""
Run code that blocks inside an event loop: the one place that knows greenlets.

`greenlet_spawn` runs a function in a greenlet; inside, `await_only` hands an
awaitable to the event loop and returns its result as if it had blocked.
"""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Coroutine
from types import CoroutineType
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import asyncio

_T = TypeVar("_T")

# Event loops hold tasks weakly.
_going_on: set[asyncio.Task[Any]] = set()

# What is said where something would have to be awaited.
NO_BRIDGE = (
    "greenlet_spawn has not been called; can't call await_() here. Was IO attempted in an unexpected place?"
)

_greenlet: Any = None
_Bridge: Any = None


# What a bridge gives at the end of a function, in place of an awaitable.
_DONE: Any = object()


class _Idle(threading.local):
    """
    The bridges of a thread that wait for a function.
    """

    def __init__(self) -> None:
        self.bridges: list[Any] = []


_idle = _Idle()
# How many to keep, in each thread.
_MANY = 32

# the public errors live above; relvar.exc puts them in place
_missing_greenlet: type[Exception] = RuntimeError
_await_required: type[Exception] = RuntimeError


def set_errors(missing_greenlet: type[Exception], await_required: type[Exception]) -> None:
    """
    Say which errors to raise.
    """
    global _missing_greenlet, _await_required
    _missing_greenlet = missing_greenlet
    _await_required = await_required


def _load() -> Any:
    """
    Import greenlet when it is first needed, and make the class of bridges.
    """
    global _greenlet, _Bridge
    if _Bridge is None:
        try:
            import greenlet
        except ImportError as err:
            raise ImportError(
                "asyncio needs the greenlet library; install it with: pip install 'relvar[asyncio]'"
            ) from err

        class Bridge(greenlet.greenlet):  # type: ignore[misc]  # greenlet has no types everywhere
            """
            A greenlet that its parent runs awaitables for; when a function is done it waits for another one.

            Beginning a greenlet takes 9 us, going back to one 1.
            """

            # how the function ended; whoever it was run for takes it away
            value: Any = None
            error: BaseException | None = None

            def run(self) -> None:
                # not begun with a function: greenlet would hold that, and its arguments, for ever
                while True:
                    fn, args, kwargs = self.parent.switch(_DONE)
                    try:
                        self.value = fn(*args, **kwargs)
                    except greenlet.GreenletExit:
                        # nobody will come back
                        raise
                    except BaseException as error:
                        self.error = error
                    del fn, args, kwargs

        _greenlet = greenlet
        _Bridge = Bridge
    return _greenlet


def await_only(awaitable: Awaitable[_T]) -> _T:
    """
    Return what *awaitable* gives, from code run by `greenlet_spawn`.

    Raises:
        MissingGreenlet: called from anywhere else.
    """
    # never the bridge itself: one that its own frame holds is not freed when nobody comes back to it
    outside = _outside()
    if outside is None:
        if isinstance(awaitable, CoroutineType):
            # it will never be awaited; without this Python warns about it
            awaitable.close()
        raise _missing_greenlet(NO_BRIDGE)
    return outside.switch(awaitable)  # type: ignore[no-any-return]  # what the awaitable gives


await_ = await_only


def _outside() -> Any:
    """
    Give the greenlet that awaits for the bridge that runs this code; None outside of one.
    """
    if _Bridge is None:
        return None
    try:
        current = _greenlet.getcurrent()
    except RuntimeError:
        # the interpreter is ending, and greenlet with it
        return None
    return current.parent if isinstance(current, _Bridge) else None


def in_greenlet() -> bool:
    """
    Tell whether `await_only` can be called here.
    """
    return _outside() is not None


def frame_outside() -> Any:
    """
    Return the frame that waits for what runs in a bridge, where the call stack goes on; None outside of one.
    """
    outside = _outside()
    return None if outside is None else outside.gr_frame


def running_loop() -> Any:
    """
    Give the event loop that runs this code, or None.
    """
    import asyncio  # who asks has it loaded

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def sleep(seconds: float) -> None:
    """
    Wait, letting the event loop go on if one runs this code.
    """
    if in_greenlet():
        import asyncio  # it is loaded by then

        await_only(asyncio.sleep(seconds))
    else:
        import time

        time.sleep(seconds)


def going_on(work: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
    """
    Begin a task that goes on when whoever began it is cancelled, or does not wait for it.
    """
    import asyncio  # it is loaded by then

    task = asyncio.ensure_future(work)
    _going_on.add(task)
    task.add_done_callback(_going_on.discard)
    return task


async def to_the_end(work: Coroutine[Any, Any, _T]) -> _T:
    """
    Await *work*, which goes on even if the task that waits is cancelled.

    What cleans up must not stay half done because its task is cancelled once more.
    """
    import asyncio  # it is loaded by then

    return await asyncio.shield(going_on(work))


def run_apart(fn: Callable[..., _T], *args: Any) -> _T:
    """
    Run ``fn(*args)`` in an event loop of its own, from a thread without one.
    """
    import asyncio  # only a call that hangs needs it

    return asyncio.run(greenlet_spawn(fn, *args))


async def greenlet_spawn(
    fn: Callable[..., _T], *args: Any, _require_await: bool = False, **kwargs: Any
) -> _T:
    """
    Run ``fn(*args, **kwargs)`` in a greenlet, awaiting what it awaits.

    Args:
        _require_await: Raise `AwaitRequired` if *fn* awaited nothing.
    """
    driver = (_greenlet or _load()).getcurrent()
    idle = _idle.bridges
    if idle:
        bridge = idle.pop()
        bridge.parent = driver
    else:
        bridge = _Bridge(None, driver)
        bridge.switch()
    # context variables that the function sets are the caller's
    bridge.gr_context = driver.gr_context
    switched = False
    result = bridge.switch(fn, args, kwargs)
    while result is not _DONE:
        switched = True
        try:
            value = await result
        except BaseException:
            # the error belongs into the function that awaits
            import sys

            result = bridge.throw(*sys.exc_info())
        else:
            result = bridge.switch(value)
    bridge.gr_context = None
    value, bridge.value = bridge.value, None
    error, bridge.error = bridge.error, None
    if len(idle) < _MANY:
        idle.append(bridge)
    if error is not None:
        try:
            raise error
        finally:
            # the traceback refers to this frame
            error = None
    if _require_await and not switched:
        raise _await_required(
            "The current operation required an async execution but none was detected. "
            "This will usually happen when using a non compatible DBAPI driver. "
            "Please ensure that an async DBAPI is used."
        )
    return value  # type: ignore[no-any-return]  # what fn returned
