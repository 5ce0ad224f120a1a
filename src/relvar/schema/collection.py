"""
What constraints and indexes have in common: columns, perhaps only named so far.

Columns may be named before they exist: an item keeps the given names until it is attached to its
table, and attaches itself once all its `Column` objects have got the same table.
"""

from __future__ import annotations

import itertools
from typing import Any, ClassVar

from relvar import exc
from relvar.expr.text import TextClause
from relvar.relation.columns import DedupeColumnCollection, ReadOnlyColumnCollection

__all__ = ["ColumnCollectionMixin", "columns_in", "ddl_column", "ddl_expression", "next_creation_order"]

_creation_counter = itertools.count(1)


def next_creation_order() -> int:
    """
    Return a number that grows with each constraint, column and index made.
    """
    return next(_creation_counter)


def ddl_expression(value: Any) -> Any:
    """
    Return *value* as an SQL expression for DDL; text is taken literally.

    Raises:
        ArgumentError: *value* is neither text nor an SQL expression.
    """
    if isinstance(value, str):
        return TextClause(value)
    return _sql_element(value, "SQL expression element for DDL constraint")


def ddl_column(value: Any) -> Any:
    """
    Return *value* as a column name or an SQL expression for a constraint.

    Raises:
        ArgumentError: *value* is neither.
    """
    if isinstance(value, str):
        return value
    return _sql_element(value, "String column name or column expression for DDL constraint")


def _sql_element(value: Any, expected: str) -> Any:
    original = value
    while hasattr(value, "__clause_element__"):
        value = value.__clause_element__()
    if not (getattr(value, "_is_column_element", False) or getattr(value, "_is_text_clause", False)):
        got = repr(original) if value is original else f"{value!r} object resolved from {original!r} object"
        raise exc.ArgumentError(f"{expected} expected, got {got}.")
    return value


def columns_in(expression: Any) -> list[Any]:
    """
    Return the columns that *expression* mentions, of tables or only by name, in order.
    """
    found: list[Any] = []
    pending = [expression]
    while pending:
        node = pending.pop()
        if getattr(node, "__visit_name__", None) == "column":
            if not any(column is node for column in found):
                found.append(node)
        else:
            pending.extend(reversed(list(node.get_children())))
    return found


class ColumnCollectionMixin:
    """
    Something that refers to columns of one table: constraints and indexes.

    ``_pending_colargs`` holds what was given, names as strings, until it is attached.
    """

    _allow_multiple_tables: ClassVar[bool] = False

    _column_flag: bool = False
    _pending_colargs: list[Any]
    _collection: Any

    def __init__(
        self,
        *columns: Any,
        _autoattach: bool = True,
        _column_flag: bool = False,
        _gather_expressions: list[Any] | None = None,
    ) -> None:
        self._column_flag = _column_flag
        self._collection = None
        pending: list[Any] = []
        for given in columns:
            expression = ddl_column(given)
            if isinstance(expression, str):
                pending.append(expression)
                if _gather_expressions is not None:
                    _gather_expressions.append(expression)
                continue
            found = columns_in(expression)
            pending.append(found[0] if found else None)
            if _gather_expressions is not None:
                _gather_expressions.append(expression)
        self._pending_colargs = pending
        if _autoattach and pending:
            self._check_attach()

    @property
    def columns(self) -> ReadOnlyColumnCollection:
        """
        The columns, in order; empty until attached.
        """
        if self._collection is None:
            self._collection = self._make_collection()
        return self._collection.as_readonly()  # type: ignore[no-any-return]  # made by _make_collection

    @property
    def c(self) -> ReadOnlyColumnCollection:
        """
        Another name of `columns`.
        """
        return self.columns

    def _make_collection(self) -> Any:
        return DedupeColumnCollection()

    def _writeable(self) -> Any:
        if self._collection is None:
            self._collection = self._make_collection()
        return self._collection

    def _check_attach(self, evt: bool = False) -> None:
        """
        Attach to the table of the columns, as soon as they all have the same one.

        Raises:
            ArgumentError: the columns belong to different tables.
        """
        columns = [c for c in self._pending_colargs if getattr(c, "_is_real_column", False)]
        waiting = {c for c in columns if c.table is None}
        if waiting:
            if evt:
                return
            for column in waiting:
                column._on_table_attach(self._column_attached)
            return
        if evt and any(isinstance(c, str) for c in self._pending_colargs):
            # columns that are only named may come to the table after these
            return
        tables = {id(c.table): c.table for c in columns}
        if len(tables) == 1:
            table = next(iter(tables.values()))
            if getattr(table, "_is_table", False):
                self._set_parent_with_dispatch(table)  # type: ignore[attr-defined]  # a schema item
        elif len(tables) > 1 and not self._allow_multiple_tables:
            first = columns[0].table
            others = [c for c in columns[1:] if c.table is not first]
            if others:
                raise exc.ArgumentError(
                    "Column(s) "
                    + ", ".join(f"'{c}'" for c in others)
                    + f" are not part of table '{first.description}'."
                )

    def _column_attached(self, column: Any, table: Any) -> None:
        if getattr(table, "_is_table", False):
            self._check_attach(evt=True)

    def _resolve_columns(self, parent: Any) -> list[Any]:
        """
        Return the columns, names looked up in the table *parent*.

        Raises:
            ConstraintColumnNotFoundError: *parent* has no such column.
        """
        found = []
        for given in self._pending_colargs:
            if not isinstance(given, str):
                found.append(given)
                continue
            try:
                found.append(parent.c[given])
            except KeyError as err:
                raise exc.ConstraintColumnNotFoundError(
                    f"Can't create {type(self).__name__} on table '{parent.description}': "
                    f"no column named '{given}' is present."
                ) from err
        return found

    def _replace_column(self, old: Any, new: Any) -> None:
        """
        Be over *new* in place of *old*.
        """
        self._pending_colargs = [new if c is old else c for c in self._pending_colargs]
        if self._collection is not None and any(c is old for c in self._collection):
            columns = [new if c is old else c for c in self._collection]
            self._collection.clear()
            self._collection.extend(columns)

    def _set_columns(self, parent: Any) -> None:
        collection = self._writeable()
        for column in self._resolve_columns(parent):
            if column is not None:
                collection.add(column)
