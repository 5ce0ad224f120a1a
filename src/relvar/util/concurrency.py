"""
Run code that blocks inside an event loop: the one place that knows greenlets.

`greenlet_spawn` runs a function in a greenlet; inside, `await_only` hands an
awaitable to the event loop and returns its result as if it had blocked.
"""

from __future__ import annotations

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
            A greenlet that its parent runs awaitables for.
            """

            def __init__(self, fn: Callable[..., Any], driver: Any) -> None:
                super().__init__(fn, driver)
                # context variables that the function sets are the caller's
                self.gr_context = driver.gr_context

        _greenlet = greenlet
        _Bridge = Bridge
    return _greenlet


def await_only(awaitable: Awaitable[_T]) -> _T:
    """
    Return what *awaitable* gives, from code run by `greenlet_spawn`.

    Raises:
        MissingGreenlet: called from anywhere else.
    """
    if not in_greenlet():
        if isinstance(awaitable, CoroutineType):
            # it will never be awaited; without this Python warns about it
            awaitable.close()
        raise _missing_greenlet(NO_BRIDGE)
    return _greenlet.getcurrent().parent.switch(awaitable)  # type: ignore[no-any-return]  # what the awaitable gives


await_ = await_only


def in_greenlet() -> bool:
    """
    Tell whether `await_only` can be called here.
    """
    if _Bridge is None:
        return False
    try:
        return isinstance(_greenlet.getcurrent(), _Bridge)
    except RuntimeError:
        # the interpreter is ending, and greenlet with it
        return False


def frame_outside() -> Any:
    """
    Return the frame that waits for what runs in a bridge, where the call stack goes on; None outside of one.
    """
    return _greenlet.getcurrent().parent.gr_frame if in_greenlet() else None


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
    greenlet = _load()
    bridge = _Bridge(fn, greenlet.getcurrent())
    switched = False
    result = bridge.switch(*args, **kwargs)
    while not bridge.dead:
        switched = True
        try:
            value = await result
        except BaseException:
            # the error belongs into the function that awaits
            import sys

            result = bridge.throw(*sys.exc_info())
        else:
            result = bridge.switch(value)
    if _require_await and not switched:
        raise _await_required(
            "The current operation required an async execution but none was detected. "
            "This will usually happen when using a non compatible DBAPI driver. "
            "Please ensure that an async DBAPI is used."
        )
    return result  # type: ignore[no-any-return]  # what fn returned
