"""
Which column of a table can match the rows an INSERT returns to the rows it was given.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.util.fields import NamedTuple

if TYPE_CHECKING:
    from relvar.schema.table import Table

__all__ = ["SentinelCharacterization", "SentinelKind"]


class SentinelKind(enum.Enum):
    """
    Where a sentinel column's values come from when the statement gives none.
    """

    NONE = "none"
    UNKNOWN = "unknown"
    CLIENTSIDE = "clientside"
    SENTINEL_DEFAULT = "sentinel_default"
    SERVERSIDE = "serverside"
    IDENTITY = "identity"
    SEQUENCE = "sequence"
    MONOTONIC_FUNCTION = "monotonic"


class SentinelCharacterization(NamedTuple):
    """
    The sentinel columns of a table, and what is known of their values.
    """

    columns: list[Any] | None = None
    is_explicit: bool = False
    is_autoinc: bool = False
    default_characterization: SentinelKind = SentinelKind.UNKNOWN


def characterize_sentinel(table: Table) -> SentinelCharacterization:
    """
    Return the sentinel columns of *table*.

    There are three cases, in this order:

    1. a column marked ``insert_sentinel``;
    2. the column the database numbers;
    3. a primary key that the client fills in, or the database with values that only grow.

    Raises:
        InvalidRequestError: a marked column cannot do it.
    """
    autoinc = table._autoincrement_column
    marked = next((c for c in table.columns if c._insert_sentinel), None)
    if marked is not None:
        return SentinelCharacterization([marked], True, marked is autoinc, _kind_of_marked(marked, autoinc))
    if autoinc is not None:
        return SentinelCharacterization([autoinc], False, True, _default_kind(autoinc))
    columns = list(table.primary_key.columns)
    if columns and all(_default_kind(column) in _TELLS_ROWS_APART for column in columns):
        return SentinelCharacterization(columns, False, False, SentinelKind.CLIENTSIDE)
    return SentinelCharacterization()


_TELLS_ROWS_APART = (SentinelKind.NONE, SentinelKind.CLIENTSIDE, SentinelKind.MONOTONIC_FUNCTION)


def check_only_one(table: Table, column: Any) -> None:
    """
    Refuse a second column marked ``insert_sentinel``.
    """
    if any(c._insert_sentinel and c is not column for c in table.columns):
        raise exc.ArgumentError("a Table may have only one explicit sentinel column")


def _kind_of_marked(column: Any, autoinc: Any) -> SentinelKind:
    kind = _default_kind(column)
    if column is autoinc:
        return kind
    if kind is SentinelKind.SERVERSIDE:
        raise exc.InvalidRequestError(
            f"Column {column} can't be a sentinel column because it uses an explicit server side default "
            "that's not the Identity() default."
        )
    if kind is SentinelKind.NONE and column.nullable:
        raise exc.InvalidRequestError(
            f"Column {column} has been marked as a sentinel column with no default generation function; it "
            "at least needs to be marked nullable=False assuming user-populated sentinel values will be used."
        )
    return kind


def _default_kind(column: Any) -> SentinelKind:
    default = column.default
    if default is not None:
        if default.is_sentinel:
            return SentinelKind.SENTINEL_DEFAULT
        if default.is_sequence:
            return SentinelKind.SEQUENCE
        if default.is_clause_element:
            return SentinelKind.MONOTONIC_FUNCTION if default._is_monotonic_fn else SentinelKind.UNKNOWN
        # the same constant in each row tells nothing apart
        return SentinelKind.CLIENTSIDE if default.is_callable else SentinelKind.UNKNOWN
    server = column.server_default
    if server is None:
        return SentinelKind.NONE
    if server.is_identity:
        return SentinelKind.IDENTITY
    if server._is_monotonic_fn:
        return SentinelKind.MONOTONIC_FUNCTION
    return SentinelKind.SERVERSIDE
