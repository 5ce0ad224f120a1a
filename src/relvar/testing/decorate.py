"""Wrap test functions so that pytest still sees their arguments."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypeVar, cast

_F = TypeVar("_F", bound=Callable[..., Any])


def around(make: Callable[[], AbstractContextManager[Any]]) -> Callable[[_F], _F]:
    """Return a decorator that runs a function inside a context manager, made anew for each call."""

    def decorate(fn: _F) -> _F:
        @functools.wraps(fn)
        def run(*args: Any, **kw: Any) -> Any:
            with make():
                return fn(*args, **kw)

        return cast(_F, run)

    return decorate
