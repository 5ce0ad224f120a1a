"""
Warn the caller, not the library.

The warning categories live here, below everything that warns; `relvar.exc`
is their public address.  `warn` points at the first frame outside of relvar,
so filters by module and the printed line speak of the user's code.
"""

from __future__ import annotations

import functools
import sys
import warnings
from collections.abc import Callable
from typing import Any, TypeVar, cast

from relvar.util.described import HasDescriptionCode
from relvar.util.pattern import pattern

_F = TypeVar("_F", bound=Callable[..., Any])

_PACKAGE = __name__.partition(".")[0]
_INNER = (_PACKAGE + ".", "sqlalchemy.")


class SADeprecationWarning(HasDescriptionCode, DeprecationWarning):
    """
    Issued for usage of deprecated APIs.
    """

    deprecated_since: str | None = None
    "Version from which on the use is discouraged."

    def _what_are_we(self) -> str:
        return "warning"


class Base20DeprecationWarning(SADeprecationWarning):
    """
    Issued for usage of APIs that the 2.0 series deprecates or removes.
    """

    deprecated_since: str | None = "1.4"

    def __str__(self) -> str:
        return super().__str__() + " (Background on SQLAlchemy 2.0 at: https://sqlalche.me/e/b8d9)"


class LegacyAPIWarning(Base20DeprecationWarning):
    """
    Issued for APIs that moved to "legacy" status.
    """


class MovedIn20Warning(Base20DeprecationWarning):
    """
    Issued for APIs that moved to another module in 2.0.
    """


class SAPendingDeprecationWarning(PendingDeprecationWarning):
    """
    Issued for APIs that are about to be deprecated.
    """

    deprecated_since: str | None = None


class SAWarning(HasDescriptionCode, RuntimeWarning):
    """
    Issued at runtime.
    """

    def _what_are_we(self) -> str:
        return "warning"


class LossWarning(SAWarning):
    """
    Something a program gave is lost, and the program goes on as if it were not.

    A name that nothing takes (a column that the table does not have, a bind parameter that the
    statement does not have, a misspelt execution option), or a value that the column can't hold
    as it is.  With ``create_engine(strict=True)`` and ``Session(strict=True)`` it is a
    `relvar.exc.LossError`.
    """


class SATestSuiteWarning(Warning):
    """
    Warning for a condition detected during tests that is non-fatal.
    """


for _cls in (
    HasDescriptionCode,
    SADeprecationWarning,
    Base20DeprecationWarning,
    LegacyAPIWarning,
    MovedIn20Warning,
    SAPendingDeprecationWarning,
    SAWarning,
    LossWarning,
    SATestSuiteWarning,
):
    # their public address, which is what pickles and tracebacks should say
    _cls.__module__ = "relvar.exc"


def _outside_level() -> int:
    """
    Return the stack level of the first frame that is not the library's.

    Counted for `warnings.warn` as called from `_emit`.
    """
    level = 2
    try:
        frame = sys._getframe(2)
    except ValueError:
        return level
    found = frame
    while found is not None:
        name = found.f_globals.get("__name__", "")
        if not (name == _PACKAGE or name.startswith(_INNER)):
            return level
        level += 1
        found = found.f_back  # type: ignore[assignment]  # None ends the loop
    return 2


def _emit(message: Warning | str, category: type[Warning]) -> None:
    warnings.warn(message, category, stacklevel=_outside_level())


def warn(msg: str, code: str | None = None) -> None:
    """
    Issue an `SAWarning`.
    """
    if code:
        _emit(SAWarning(msg, code=code), SAWarning)
    else:
        _emit(msg, SAWarning)


class _LimitedText(str):
    """
    A message that compares equal to few others, so the registry of seen
    warnings cannot grow without bound.
    """

    __slots__ = ("_key",)
    _key: int

    def __new__(cls, value: str, num: int, args: tuple[Any, ...]) -> _LimitedText:
        text = value % args
        if num:
            text = f"{text} (this warning may be suppressed after {num} occurrences)"
        self = super().__new__(cls, text)
        self._key = hash(f"{value}_{hash(text) % num if num else 0}")
        return self

    def __hash__(self) -> int:
        return self._key

    def __eq__(self, other: object) -> bool:
        return hash(self) == hash(other)


def warn_of_loss(msg: str) -> None:
    """
    Issue a `LossWarning`.
    """
    _emit(LossWarning(msg), LossWarning)


def warn_limited(msg: str, args: tuple[Any, ...]) -> None:
    """
    Issue an `SAWarning` whose message has values in it, at most 10 times.
    """
    if args:
        msg = _LimitedText(msg, 10, args)
    _emit(msg, SAWarning)


def warn_deprecated(msg: str, version: str, stacklevel: int = 3, code: str | None = None) -> None:
    """
    Issue an `SADeprecationWarning` for something deprecated since *version*.

    *stacklevel* is accepted for older callers; the level is found by itself.
    """
    warning = SADeprecationWarning(msg, code=code)
    warning.deprecated_since = version
    _emit(warning, SADeprecationWarning)


def warn_legacy(msg: str, code: str | None = None) -> None:
    """
    Issue a `LegacyAPIWarning`.
    """
    _emit(LegacyAPIWarning(msg, code=code), LegacyAPIWarning)


def _since_text(version: str, message: str) -> str:
    return f".. deprecated:: {version} {message}"


_MARKUP = pattern(r"\:(\w+)\:`~?(?:_\w+)?\.?(.+?)`")


def _without_markup(text: str) -> str:
    return _MARKUP.sub(lambda m: f"{m.group(2)}()" if m.group(1) in ("func", "meth") else m.group(2), text)


def deprecated(
    version: str,
    message: str | None = None,
    add_deprecation_to_docstring: bool = True,
    warning: type[SADeprecationWarning] | None = None,
    enable_warnings: bool = True,
) -> Callable[[_F], _F]:
    """
    Decorate a function so that calling it warns.

    ``%(func)s`` and ``:role:`` markup in *message* become plain text in the
    warning.
    """

    def decorate(fn: _F) -> _F:
        text = (message or "Call to deprecated function %(func)s") % {"func": fn.__name__}
        category = warning or SADeprecationWarning

        @functools.wraps(fn)
        def warned(*args: Any, **kwargs: Any) -> Any:
            if enable_warnings:
                issued = category(f"{_without_markup(text)} (deprecated since: {version})")
                issued.deprecated_since = version
                _emit(issued, category)
            return fn(*args, **kwargs)

        if add_deprecation_to_docstring:
            doc = fn.__doc__ or ""
            warned.__doc__ = f"{doc.rstrip()}\n\n{_since_text(version, text)}\n"
        return cast(_F, warned)

    return decorate
