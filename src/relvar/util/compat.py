"""
What is different between Pythons and machines, under the address that older programs use.
"""

from __future__ import annotations

import inspect
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from inspect import FullArgSpec as FullArgSpec
from typing import Any

inspect_getfullargspec: Any = inspect.getfullargspec
cpython: bool = platform.python_implementation() == "CPython"
pypy: bool = platform.python_implementation() == "PyPy"
win32: bool = sys.platform.startswith("win")
osx: bool = sys.platform.startswith("darwin")
arm: bool = "aarch" in platform.machine().lower()
is64bit: bool = sys.maxsize > 2**32
py311: bool = sys.version_info >= (3, 11)
py312: bool = sys.version_info >= (3, 12)
py313: bool = sys.version_info >= (3, 13)
py314: bool = sys.version_info >= (3, 14)


def inspect_formatargspec(
    args: Sequence[str],
    varargs: str | None = None,
    varkw: str | None = None,
    defaults: Sequence[Any] | None = None,
    kwonlyargs: Sequence[str] = (),
    kwonlydefaults: Mapping[str, Any] | None = None,
    annotations: Mapping[str, Any] | None = None,
    formatarg: Callable[[str], str] = str,
    formatvarargs: Callable[[str], str] = lambda name: "*" + name,
    formatvarkw: Callable[[str], str] = lambda name: "**" + name,
    formatvalue: Callable[[Any], str] = lambda value: "=" + repr(value),
    formatreturns: Callable[[str], str] = lambda text: " -> " + text,
    formatannotation: Callable[[Any], str] = inspect.formatannotation,
) -> str:
    """
    Return the text of a signature, from the parts of `inspect.getfullargspec`.

    >>> inspect_formatargspec(["a", "b"], "rest", defaults=(5,), kwonlyargs=["c"], kwonlydefaults={"c": None})
    '(a, b=5, *rest, c=None)'
    """
    said, later = annotations or {}, kwonlydefaults or {}

    def named(name: str) -> str:
        return formatarg(name) + (f": {formatannotation(said[name])}" if name in said else "")

    required = len(args) - len(defaults or ())
    parts = [named(name) for name in args[:required]]
    parts.extend(
        named(name) + formatvalue(value) for name, value in zip(args[required:], defaults or (), strict=True)
    )
    if varargs is not None:
        parts.append(formatvarargs(named(varargs)))
    elif kwonlyargs:
        parts.append("*")
    parts.extend(named(name) + (formatvalue(later[name]) if name in later else "") for name in kwonlyargs)
    if varkw is not None:
        parts.append(formatvarkw(named(varkw)))
    returned = formatreturns(formatannotation(said["return"])) if "return" in said else ""
    return f"({', '.join(parts)}){returned}"
