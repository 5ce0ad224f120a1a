"""Versions of drivers: tuples of numbers that can be shown as they were written."""

from __future__ import annotations

import re
from typing import Any


class VersionInfo(tuple[int, ...]):
    """
    The numbers of a version, compared as a tuple.

    Attributes:
        string: The version as the driver writes it.
    """

    string: str

    def __new__(cls, numbers: Any, string: str | None = None) -> VersionInfo:
        self = super().__new__(cls, numbers)
        self.string = ".".join(map(str, self)) if string is None else string
        return self

    @classmethod
    def parse(cls, text: str) -> VersionInfo | None:
        """
        Read a version such as ``2.9.10 (dt dec pq3)``; None if it starts with no number.
        """
        found = re.match(r"\D{0,3}(\d+(?:\.\d+)*)", text)
        if found is None:
            return None
        return cls((int(part) for part in found[1].split(".")), string=text)

    def __reduce__(self) -> Any:
        return VersionInfo, (tuple(self), self.string)

    def __str__(self) -> str:
        return self.string

    def __repr__(self) -> str:
        return f"VersionInfo({tuple(self)!r}, string={self.string!r})"
