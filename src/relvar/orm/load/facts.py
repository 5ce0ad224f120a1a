"""
What loading keeps with a mapper: the statements it has made for it.
"""

from __future__ import annotations

from typing import Any

from relvar.expr.bind import BindParameter
from relvar.orm.load.prepared import Prepared

__all__ = ["LoadFacts", "load_facts", "pk_binds"]


class LoadFacts:
    """
    Prepared statements of one mapper, by what they load and under which options.

    ``by_pk``: options key -> the select by primary key. ``columns``: set of names -> the refresh of these
    names.
    ``lazy``: (relationship, options key, path key) -> the lazy load.
    """

    __slots__ = ("by_pk", "columns", "lazy")

    def __init__(self) -> None:
        self.by_pk: dict[Any, Prepared] = {}
        self.columns: dict[Any, Any] = {}
        self.lazy: dict[Any, Any] = {}


def load_facts(mapper: Any) -> LoadFacts:
    """Return the facts of a mapper, made on first use."""
    facts: LoadFacts | None = mapper.__dict__.get("_load_facts")
    if facts is None:
        facts = mapper.__dict__["_load_facts"] = LoadFacts()
    return facts


def pk_binds(mapper: Any) -> list[Any]:
    """Return a bind parameter per primary key column: ``pk_1``, ``pk_2``."""
    return [
        BindParameter(f"pk_{i}", None, type_=column.type)
        for i, column in enumerate(mapper.primary_key, start=1)
    ]
