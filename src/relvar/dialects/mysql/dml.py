"""
INSERT, UPDATE and DELETE with what only MySQL and MariaDB have.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from relvar import exc
from relvar.expr import coerce, coerce_rows
from relvar.expr.element import ClauseElement
from relvar.expr.node import NODE, PAIRS, VALUE, Field, memoized
from relvar.stmt.base import SyntaxExtension
from relvar.stmt.insert import Insert as StandardInsert
from relvar.stmt.onconflict import set_value
from relvar.types import INTEGERTYPE

__all__ = ["DMLLimitClause", "Insert", "OnDuplicateClause", "insert", "limit"]


class OnDuplicateClause(ClauseElement):
    """
    ``ON DUPLICATE KEY UPDATE``.

    Attributes:
        inserted_alias: The alias through which values of the new row are named.
        update: Pairs of column (or key) and value.
        _parameter_ordering: Keys in the order to render; None: the table's order.
    """

    __visit_name__ = "on_duplicate_key_update"
    _fields = (
        Field("inserted_alias", NODE),
        Field("update", PAIRS),
        Field("_parameter_ordering", VALUE),
    )
    stringify_dialect = "mysql"

    _parameter_ordering: tuple[str, ...] | None = None

    def __init__(self, table: Any, inserted_alias: Any, update: Any) -> None:
        self.inserted_alias = inserted_alias
        if isinstance(update, list) and update and isinstance(update[0], tuple):
            items = update
            self._parameter_ordering = tuple(_key_of(key) for key, _ in update)
        elif isinstance(update, Mapping):
            if not update:
                raise ValueError("update parameter dictionary must not be empty")
            items = list(update.items())
        elif hasattr(update, "contains_column"):
            items = list(update.items())
        else:
            raise ValueError(
                "update parameter must be a non-empty dictionary or a ColumnCollection such as "
                "the `.c.` collection of a Table object"
            )
        self.update: tuple[tuple[Any, Any], ...] = tuple(
            (coerce.dml_column(key), set_value(key, value, table)) for key, value in items
        )


def _key_of(key: Any) -> str:
    return key if isinstance(key, str) else key.key


class Insert(StandardInsert):
    """
    ``INSERT`` with ``ON DUPLICATE KEY UPDATE``.
    """

    stringify_dialect = "mysql"
    inherit_cache: bool = True

    @property
    def inserted(self) -> Any:
        """
        The columns of the row that was not inserted.
        """
        return self.inserted_alias.columns

    @memoized
    def inserted_alias(self) -> Any:
        """
        The row that was not inserted, as a FROM element.
        """
        return self.table.alias("inserted")

    def on_duplicate_key_update(self, *args: Any, **kw: Any) -> Self:
        """
        Update the row that is there already.

        Args:
            *args: One dictionary, list of pairs (rendered in that order) or collection
                of columns; or else keywords.

        Raises:
            InvalidRequestError: The statement has such a clause already.

        >>> from relvar import column, table
        >>> from relvar.dialects.mysql import dialect, insert
        >>> hits = table("hits", column("id"), column("n"))
        >>> upsert = insert(hits).values(id=1, n=1)
        >>> print(upsert.on_duplicate_key_update(n=hits.c.n + upsert.inserted.n).compile(dialect=dialect()))
        INSERT INTO hits (id, n) VALUES (%s, %s) ON DUPLICATE KEY UPDATE n = (hits.n + VALUES(n))
        """
        if self._post_values_clause is not None:
            raise exc.InvalidRequestError(
                "This Insert construct already has an ON DUPLICATE KEY clause present"
            )
        if args and kw:
            raise exc.ArgumentError("Can't pass kwargs and positional arguments simultaneously")
        if len(args) > 1:
            raise exc.ArgumentError("Only a single dictionary or list of tuples is accepted positionally.")
        made = self._clone()
        made._post_values_clause = OnDuplicateClause(self.table, self.inserted_alias, args[0] if args else kw)
        return made


def insert(table: Any) -> Insert:
    """
    Return an INSERT into *table*, with the methods of MySQL and MariaDB.

    >>> from relvar import column, table
    >>> from relvar.dialects.mysql import dialect, insert
    >>> users = table("users", column("id"), column("name"))
    >>> upsert = insert(users).values(id=1, name="ann").on_duplicate_key_update(name="ann")
    >>> print(upsert.compile(dialect=dialect()))
    INSERT INTO users (id, name) VALUES (%s, %s) ON DUPLICATE KEY UPDATE name = %s
    """
    return Insert(coerce_rows.dml_table(table))


class DMLLimitClause(SyntaxExtension):
    """
    ``LIMIT`` of an UPDATE or DELETE.
    """

    __visit_name__ = "mysql_dml_limit_clause"
    _fields = (Field("_limit_clause", NODE),)
    stringify_dialect = "mysql"

    def __init__(self, limit: Any) -> None:
        self._limit_clause = coerce.limit_value(limit, "limit", INTEGERTYPE)

    def apply_to_update(self, update_stmt: Any) -> None:
        """
        Put the clause behind the WHERE of an UPDATE.
        """
        update_stmt.apply_syntax_extension_point(self.append_replacing_same_type, "post_criteria")

    def apply_to_delete(self, delete_stmt: Any) -> None:
        """
        Put the clause behind the WHERE of a DELETE.
        """
        delete_stmt.apply_syntax_extension_point(self.append_replacing_same_type, "post_criteria")


def limit(limit: Any) -> DMLLimitClause:
    """
    Return a LIMIT for ``update(...).ext()`` or ``delete(...).ext()``.
    """
    return DMLLimitClause(limit)
