"""
Run a function in a transaction, again if it fails by a conflict, where the function awaits.

What is tried again, and when, is thought of in `relvar.engine.retry`; here the function is made one that
blocks, in the greenlet of `run`.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from relvar.engine.retry import check_function, check_value
from relvar.ext.asyncio.result import AsyncCommon
from relvar.util.concurrency import await_only

__all__ = ["blocking"]

_T = TypeVar("_T")


def blocking(fn: Callable[[Any], Awaitable[_T] | _T], stand_in: Callable[[Any], Any]) -> Callable[[Any], _T]:
    """
    Make a blocking function of one that gets an object of asyncio, and may return what is to be awaited.

    Args:
        stand_in: Gives that object, for a blocking connection or session.

    Raises:
        ArgumentError: Its work would be done after the transaction.
    """
    check_function(fn, may_await=True)

    def work(subject: Any) -> _T:
        found: Any = fn(stand_in(subject))
        if inspect.isawaitable(found):
            found = await_only(found)
        if isinstance(found, AsyncCommon):
            check_value(found._proxied)
        value: _T = found
        return value

    return work
