"""Template strings as Python 3.14 has them, for older versions too."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

try:
    from relvar.util.compat import Template as Base  # what SQLAlchemy asks for before Python 3.14
except ImportError:
    Base = object


class Interpolation:
    """A value between two texts."""

    conversion: str | None = None
    format_spec = ""
    expression = ""

    def __init__(self, value: Any) -> None:
        self.value = value


class Template(Base):  # type: ignore[misc,valid-type]  # a protocol, or object
    """What a template string gives: texts, and interpolations between them."""

    def __init__(self, *pieces: Any) -> None:
        self._strings, self._interpolations = [""], []
        for piece in pieces:
            if isinstance(piece, str):
                self._strings[-1] += piece
            else:
                self._interpolations.append(piece)
                self._strings.append("")

    @property
    def strings(self) -> tuple[str, ...]:
        return tuple(self._strings)

    @property
    def interpolations(self) -> tuple[Any, ...]:
        return tuple(self._interpolations)

    @property
    def values(self) -> tuple[Any, ...]:
        return tuple(i.value for i in self._interpolations)

    def __iter__(self) -> Iterator[Any]:
        for number, text in enumerate(self._strings):
            if text:
                yield text
            if number < len(self._interpolations):
                yield self._interpolations[number]


def template(*pieces: Any) -> Any:
    """
    Return a template string: texts stay, ``{"v": value}`` and all else is interpolated.

    It is a real one where Python has them.
    """
    if sys.version_info >= (3, 14):
        from string import templatelib

        made: Any = templatelib.Template
        interpolation: Any = lambda value: templatelib.Interpolation(value, "value")  # noqa: E731
    else:
        made, interpolation = Template, Interpolation
    return made(
        *[
            piece
            if isinstance(piece, str)
            else interpolation(piece["v"] if isinstance(piece, dict) else piece)
            for piece in pieces
        ]
    )
