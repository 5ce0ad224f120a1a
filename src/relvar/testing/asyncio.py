"""
Run tests and hooks in an event loop, where the dialect's driver is asynchronous.

There is one loop for all of them, as pooled connections belong to theirs.  The
names with an underscore are for the plugin and for hooks of provisioning.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from relvar.testing.configuration import state

_T = TypeVar("_T")

ENABLE_ASYNCIO = True
"Whether asynchronous drivers may be used; the option ``--disable-asyncio`` turns it off."

_runner: Any = None


def _run_coroutine_function(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run a coroutine function to its end."""
    global _runner
    import asyncio

    from relvar.util.concurrency import await_only, in_greenlet

    if in_greenlet():
        return await_only(fn(*args, **kwargs))
    if _runner is None:
        _runner = asyncio.Runner()
    return _runner.run(fn(*args, **kwargs))


def _close_loop() -> None:
    """End the loop, if one was needed."""
    global _runner
    if _runner is not None:
        _runner.close()
        _runner = None


def _assume_async(fn: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
    """Run a function inside the event loop: calls of asynchronous drivers in it wait there."""
    if not ENABLE_ASYNCIO:
        return fn(*args, **kwargs)
    from relvar.util.concurrency import greenlet_spawn, in_greenlet

    if in_greenlet():
        return fn(*args, **kwargs)
    result: _T = _run_coroutine_function(greenlet_spawn, fn, *args, **kwargs)
    return result


def _maybe_async(fn: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
    """Do so where one of the databases under test has an asynchronous driver."""
    return _assume_async(fn, *args, **kwargs) if state.any_async else fn(*args, **kwargs)


_maybe_async_provisioning = _maybe_async


def _maybe_async_wrapper(fn: Callable[..., _T]) -> Callable[..., _T]:
    """Return a function that does so."""

    @functools.wraps(fn)
    def run(*args: Any, **kwargs: Any) -> _T:
        return _maybe_async(fn, *args, **kwargs)

    return run


__all__ = ["ENABLE_ASYNCIO"]
