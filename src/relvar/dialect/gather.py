"""
Answers about many tables, gathered by one question per kind of fact.

``MetaData.reflect()`` asks so: with a thousand tables as with one, a dialect whose ``get_multi_...``
methods are single queries is asked about ten.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from typing import Any

from relvar import exc
from relvar.dialect.answers import ObjectKind, ObjectScope

__all__ = ["Gathered", "ReflectionInfo"]

_Key = tuple[str | None, str]


@dataclasses.dataclass
class ReflectionInfo:
    """
    What is known of some tables, by ``(schema, name)``; `Inspector.reflect_table` can be given it.
    """

    columns: dict[_Key, Any] = dataclasses.field(default_factory=dict)
    pk_constraint: dict[_Key, Any] = dataclasses.field(default_factory=dict)
    foreign_keys: dict[_Key, Any] = dataclasses.field(default_factory=dict)
    indexes: dict[_Key, Any] = dataclasses.field(default_factory=dict)
    unique_constraints: dict[_Key, Any] = dataclasses.field(default_factory=dict)
    table_comment: dict[_Key, Any] = dataclasses.field(default_factory=dict)
    check_constraints: dict[_Key, Any] = dataclasses.field(default_factory=dict)
    exclude_constraints: dict[_Key, Any] = dataclasses.field(default_factory=dict)
    table_options: dict[_Key, Any] = dataclasses.field(default_factory=dict)
    unreflectable: dict[_Key, exc.UnreflectableTableError] = dataclasses.field(default_factory=dict)

    def answer(self, fact: str, schema: str | None, name: str, default: Any) -> Any:
        """
        Return a fact about a table, *default* if it is not known.

        Raises:
            UnreflectableTableError: the database cannot describe the table.
        """
        key = (schema, name)
        if key in self.unreflectable:
            raise self.unreflectable[key]
        return getattr(self, fact).get(key, default)


_FACTS = tuple(field.name for field in dataclasses.fields(ReflectionInfo) if field.name != "unreflectable")


class Gathered:
    """
    What is known so far of the tables that one ``reflect()`` loads.

    Rule 1: a table is gathered with all others of its schema that are wanted at that time.
    Rule 2: a table that nobody announced (a foreign key led to it) is gathered when first asked for.
    """

    def __init__(self, inspector: Any, options: Mapping[str, Any]) -> None:
        self._inspector = inspector
        self._options = options
        self._info = ReflectionInfo()
        self._asked: set[_Key] = set()

    def gather(self, schema: str | None, names: Collection[str]) -> None:
        """
        Ask about the tables of these names that were not asked about yet.
        """
        new = [name for name in names if (schema, name) not in self._asked]
        if not new:
            return
        self._asked.update((schema, name) for name in new)
        for fact in _FACTS:
            ask = getattr(self._inspector, f"get_multi_{fact}", None)
            if ask is None:
                # EXCLUDE constraints are PostgreSQL's
                continue
            try:
                found = ask(
                    schema,
                    filter_names=new,
                    kind=ObjectKind.ANY,
                    scope=ObjectScope.ANY,
                    unreflectable=self._info.unreflectable,
                    **self._options,
                )
            except NotImplementedError:
                continue
            getattr(self._info, fact).update(found)

    def answer(self, fact: str, schema: str | None, name: str, default: Any) -> Any:
        """
        Return a fact about a table; *default* if the dialect gave none.

        Raises:
            UnreflectableTableError: the database cannot describe the table.
        """
        self.gather(schema, (name,))
        return self._info.answer(fact, schema, name, default)
