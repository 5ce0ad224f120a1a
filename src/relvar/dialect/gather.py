"""
Answers about many tables, gathered by one question per kind of fact.

``MetaData.reflect()`` asks so: with a thousand tables as with one, a dialect whose ``get_multi_...``
methods are single queries is asked about ten.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from relvar import exc
from relvar.dialect.answers import ObjectKind, ObjectScope

__all__ = ["Gathered"]

_Key = tuple[str | None, str]

# the question about one table, and the one about many
_QUESTIONS = {
    "get_columns": "get_multi_columns",
    "get_pk_constraint": "get_multi_pk_constraint",
    "get_foreign_keys": "get_multi_foreign_keys",
    "get_indexes": "get_multi_indexes",
    "get_unique_constraints": "get_multi_unique_constraints",
    "get_check_constraints": "get_multi_check_constraints",
    "get_table_comment": "get_multi_table_comment",
    "get_table_options": "get_multi_table_options",
}


class Gathered:
    """
    What is known so far of the tables that one ``reflect()`` loads.

    Rule 1: a table is gathered with all others of its schema that are wanted at that time.
    Rule 2: a table that nobody announced (a foreign key led to it) is gathered when first asked for.
    """

    def __init__(self, inspector: Any, options: Mapping[str, Any]) -> None:
        self._inspector = inspector
        self._options = options
        self._answers: dict[str, dict[_Key, Any]] = {question: {} for question in _QUESTIONS}
        self._unreflectable: dict[_Key, exc.UnreflectableTableError] = {}
        self._asked: set[_Key] = set()

    def gather(self, schema: str | None, names: Collection[str]) -> None:
        """
        Ask about the tables of these names that were not asked about yet.
        """
        new = [name for name in names if (schema, name) not in self._asked]
        if not new:
            return
        self._asked.update((schema, name) for name in new)
        for question, about_many in _QUESTIONS.items():
            try:
                found = getattr(self._inspector, about_many)(
                    schema,
                    filter_names=new,
                    kind=ObjectKind.ANY,
                    scope=ObjectScope.ANY,
                    unreflectable=self._unreflectable,
                    **self._options,
                )
            except NotImplementedError:
                continue
            self._answers[question].update(found)

    def answer(self, question: str, schema: str | None, name: str, default: Any) -> Any:
        """
        Return the answer to a question for one table; *default* if the dialect gave none.

        Raises:
            UnreflectableTableError: the database cannot describe the table.
        """
        key = (schema, name)
        self.gather(schema, (name,))
        if key in self._unreflectable:
            raise self._unreflectable[key]
        return self._answers[question].get(key, default)
