"""
Say that something nests too deeply, instead of Python's bare RecursionError.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from relvar import exc

_P = ParamSpec("_P")
_R = TypeVar("_R")


def refusing_depth(doing: str) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """
    Decorate a function that looks into nested parts: too deep a nesting ends in `too_deep`.
    """

    def decorate(function: Callable[_P, _R]) -> Callable[_P, _R]:
        @wraps(function)
        def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            try:
                return function(*args, **kwargs)
            except RecursionError:
                raise too_deep(doing) from None

        return guarded

    return decorate


def too_deep(doing: str) -> exc.CompileError:
    """
    Return the error for a statement whose parts nest deeper than Python can follow.

    Args:
        doing: What could not be done, "compiled" say.
    """
    return exc.CompileError(
        f"The statement can't be {doing}: its parts nest too deeply for Python's recursion limit "
        f"({sys.getrecursionlimit()} calls). Many conditions or operands in one list do not nest: "
        "and_(*conditions), or_(*conditions), union_all(*selects), case(*whens), "
        "func.coalesce(*values); nor do further calls of where(), order_by() or add_columns(). "
        "(A visit_ method or @compiles function that calls itself without end shows the same.)"
    )
