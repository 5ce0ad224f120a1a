"""
What the parameters of a function are called.

Plain functions and bound methods say it through their code object.  `inspect`, which takes as long to
import as a tenth of relvar, is asked only about other callables.
"""

from __future__ import annotations

from types import FunctionType, MethodType
from typing import Any


class Parameters:
    """
    The parameters of a callable.

    Attributes:
        positional: Names of those that can be given by position, in order.
        required: How many of them have no default.
        positional_only: How many of them cannot be given by name.
        keyword_only: Names of those that can only be given by name.
        takes_args: There is ``*args``.
        takes_keywords: There is ``**kw``.
    """

    __slots__ = ("keyword_only", "positional", "positional_only", "required", "takes_args", "takes_keywords")

    def __init__(
        self,
        positional: tuple[str, ...],
        required: int,
        positional_only: int,
        keyword_only: tuple[str, ...],
        takes_args: bool,
        takes_keywords: bool,
    ) -> None:
        self.positional: tuple[str, ...] = positional
        self.required: int = required
        self.positional_only: int = positional_only
        self.keyword_only: tuple[str, ...] = keyword_only
        self.takes_args: bool = takes_args
        self.takes_keywords: bool = takes_keywords

    @property
    def names(self) -> tuple[str, ...]:
        """All that can be given by name."""
        return self.positional[self.positional_only :] + self.keyword_only


def parameters_of(fn: Any) -> Parameters | None:
    """
    Return the parameters of a callable, the ``self`` of a bound method left out; None if nobody knows them.

    >>> parameters_of(lambda a, b=1, *, c: None).names
    ('a', 'b', 'c')
    """
    bound = type(fn) is MethodType
    function = fn.__func__ if bound else fn
    if type(function) is not FunctionType or function.__dict__.keys() & {"__wrapped__", "__signature__"}:
        return _inspected(fn)
    code = function.__code__
    count = code.co_argcount
    skipped = 1 if bound and count else 0
    names = code.co_varnames
    return Parameters(
        names[skipped:count],
        max(0, count - len(function.__defaults__ or ()) - skipped),
        max(0, code.co_posonlyargcount - skipped),
        names[count : count + code.co_kwonlyargcount],
        bool(code.co_flags & _VARARGS),
        bool(code.co_flags & _VARKEYWORDS),
    )


# inspect.CO_VARARGS and inspect.CO_VARKEYWORDS
_VARARGS, _VARKEYWORDS = 4, 8


def _inspected(fn: Any) -> Parameters | None:
    import inspect  # see above: rarely needed

    try:
        found = inspect.signature(fn).parameters.values()
    except (TypeError, ValueError):
        return None
    positional = [p for p in found if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return Parameters(
        tuple([p.name for p in positional]),
        sum(p.default is p.empty for p in positional),
        sum(p.kind is p.POSITIONAL_ONLY for p in positional),
        tuple([p.name for p in found if p.kind is p.KEYWORD_ONLY]),
        any(p.kind is p.VAR_POSITIONAL for p in found),
        any(p.kind is p.VAR_KEYWORD for p in found),
    )


_NAMES: dict[type, tuple[str, ...]] = {}


def constructor_names(cls: type) -> tuple[str, ...]:
    """
    Return the names of all constructor parameters along the MRO of *cls*.

    Goes up as long as a constructor passes on ``**kw``.
    """
    try:
        return _NAMES[cls]
    except KeyError:
        pass
    names: dict[str, None] = {}
    for base in cls.__mro__:
        init = base.__dict__.get("__init__")
        if init is None or base is object:
            continue
        parameters = parameters_of(init)
        if parameters is None:
            break
        names.update(dict.fromkeys(parameters.positional[1:] + parameters.keyword_only))
        if not parameters.takes_keywords:
            break
    result = _NAMES[cls] = tuple(names)
    return result
