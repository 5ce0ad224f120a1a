"""
Functions of full text search.

The name of a configuration is a ``regconfig``: ``to_tsvector('english', body)``
exists for that type only, and a parameter has to say so.

Source: https://www.postgresql.org/docs/current/functions-textsearch.html
"""

from __future__ import annotations

from typing import Any

from relvar.dialects.postgresql.types import REGCONFIG, TSQUERY, TSVECTOR
from relvar.expr.coerce import function_argument
from relvar.expr.function import GenericFunction
from relvar.types import TEXT

__all__ = [
    "phraseto_tsquery",
    "plainto_tsquery",
    "to_tsquery",
    "to_tsvector",
    "ts_headline",
    "websearch_to_tsquery",
]


class _Configured(GenericFunction[str]):
    """
    A function whose first argument may be the name of a text search configuration.
    """

    _register = False
    inherit_cache: bool = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        elements = [function_argument(given, self.name) for given in args]
        if self._starts_with_configuration(elements):
            elements[0] = function_argument(args[0], self.name, REGCONFIG)
        super().__init__(*elements, **kwargs)

    def _starts_with_configuration(self, elements: list[Any]) -> bool:
        return len(elements) > 1


class to_tsvector(_Configured):  # the function's name
    """
    A text prepared for search, as `TSVECTOR`.

    >>> from relvar import column, func, select
    >>> from relvar.dialects import postgresql
    >>> print(func.to_tsvector("english", column("body")).compile(dialect=postgresql.dialect()))
    to_tsvector(%(to_tsvector_1)s::REGCONFIG, body)
    """

    type: TSVECTOR = TSVECTOR()
    inherit_cache: bool = True


class to_tsquery(_Configured):  # the function's name
    """
    A query with operators, as `TSQUERY`.
    """

    type: TSQUERY = TSQUERY()
    inherit_cache: bool = True


class plainto_tsquery(_Configured):  # the function's name
    """
    The query for all words of a text, as `TSQUERY`.
    """

    type: TSQUERY = TSQUERY()
    inherit_cache: bool = True


class phraseto_tsquery(_Configured):  # the function's name
    """
    The query for the words of a text one after the other, as `TSQUERY`.
    """

    type: TSQUERY = TSQUERY()
    inherit_cache: bool = True


class websearch_to_tsquery(_Configured):  # the function's name
    """
    A query as one writes it in a search box, as `TSQUERY`.
    """

    type: TSQUERY = TSQUERY()
    inherit_cache: bool = True


class ts_headline(_Configured):  # the function's name
    """
    A passage of a document with the words of a query marked.
    """

    type: TEXT = TEXT()
    inherit_cache: bool = True

    def _starts_with_configuration(self, elements: list[Any]) -> bool:
        # (configuration, document, query, ...) or (document, query, ...)
        return len(elements) > 1 and not isinstance(elements[1].type, TSQUERY)
