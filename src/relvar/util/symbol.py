"""
Named constants that are themselves only.
"""

from __future__ import annotations

from typing import Any


class symbol(int):
    """
    A constant of which one per name exists; pickles to itself.

    >>> symbol("NO_ARG") is symbol("NO_ARG")
    True
    >>> symbol("NO_ARG")
    symbol('NO_ARG')
    """

    name: str
    symbols: dict[str, symbol] = {}

    def __new__(cls, name: str, doc: str | None = None, canonical: int | None = None) -> symbol:
        known = cls.symbols.get(name)
        if known is None:
            made = int.__new__(cls, hash(name) if canonical is None else canonical)
            made.name = name
            if doc:
                made.__doc__ = doc
            # another thread may have been first
            known = cls.symbols.setdefault(name, made)
        return known

    def __reduce__(self) -> tuple[Any, ...]:
        return symbol, (self.name, None, int(self))

    def __str__(self) -> str:
        return repr(self)

    def __repr__(self) -> str:
        return f"symbol({self.name!r})"
