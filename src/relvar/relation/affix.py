"""
Words before and after a statement's own.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.expr import make
from relvar.expr.element import ClauseElement
from relvar.expr.node import PAIRS, Field
from relvar.expr.resolve import clause_element

__all__ = ["HasPrefixes", "HasSuffixes"]


def _words(given: tuple[Any, ...], dialect: str) -> tuple[tuple[Any, str], ...]:
    return tuple([(_word(item), dialect) for item in given])


def _word(given: Any) -> Any:
    element = clause_element(given)
    if isinstance(element, ClauseElement):
        return element
    if not isinstance(element, str):
        raise exc.ArgumentError(f"statement sub-expression element expected, got {given!r}.")
    return make.TextClause(element)


class HasPrefixes:
    """
    A statement that can have words after its verb.
    """

    _prefix_fields = (Field("_prefixes", PAIRS),)
    _prefixes: tuple[tuple[Any, str], ...] = ()

    def prefix_with(self: Any, *prefixes: Any, dialect: str = "*") -> Any:
        """
        Return a copy with words after the verb; only for *dialect*, if given.
        """
        made = self._clone()
        made._prefixes += _words(prefixes, dialect)
        return made


class HasSuffixes:
    """
    A statement that can have words at its end.
    """

    _suffix_fields = (Field("_suffixes", PAIRS),)
    _suffixes: tuple[tuple[Any, str], ...] = ()

    def suffix_with(self: Any, *suffixes: Any, dialect: str = "*") -> Any:
        """
        Return a copy with words at its end; only for *dialect*, if given.
        """
        made = self._clone()
        made._suffixes += _words(suffixes, dialect)
        return made
