"""
Which column of a table can match the rows an INSERT returns to the rows it was given.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, NamedTuple

from relvar import exc

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
    default_characterization: SentinelKind = SentinelKind.NONE


def characterize_sentinel(table: Table) -> SentinelCharacterization:
    """
    Return the sentinel columns of *table*.

    There are three cases, in this order:

    1. columns marked ``insert_sentinel``;
    2. the column the database numbers;
    3. a primary key that the client fills in.

    Raises:
        InvalidRequestError: a marked column cannot do it.
    """
    explicit = [c for c in table.columns if c._insert_sentinel]
    autoinc = table._autoincrement_column
    if explicit:
        for column in explicit:
            if column is not autoinc and column.server_default is not None:
                if not _is_ordered_server_default(column):
                    raise exc.InvalidRequestError(
                        f"Column {column} can't be explicitly marked as a sentinel column when "
                        f"using the {column.server_default!r} default: its values are not "
                        "known to follow the order of the rows."
                    )
        columns = explicit
        is_autoinc = len(explicit) == 1 and explicit[0] is autoinc
    elif autoinc is not None:
        columns, is_autoinc = [autoinc], True
    else:
        columns, is_autoinc = list(table.primary_key.columns), False
        if not columns:
            return SentinelCharacterization()
    kinds = {_default_kind(column) for column in columns}
    if len(kinds) == 1:
        kind = kinds.pop()
    elif kinds <= {SentinelKind.NONE, SentinelKind.CLIENTSIDE}:
        kind = SentinelKind.CLIENTSIDE
    else:
        kind = SentinelKind.UNKNOWN
    if (
        not explicit
        and not is_autoinc
        and kind
        not in (
            SentinelKind.NONE,
            SentinelKind.CLIENTSIDE,
        )
    ):
        return SentinelCharacterization(default_characterization=kind)
    return SentinelCharacterization(columns, bool(explicit), is_autoinc, kind)


def _is_ordered_server_default(column: Any) -> bool:
    default = column.server_default
    return bool(default.is_identity or default._is_monotonic_fn)


def _default_kind(column: Any) -> SentinelKind:
    default = column.default
    if default is not None:
        if default.is_sentinel:
            return SentinelKind.SENTINEL_DEFAULT
        if default.is_sequence:
            return SentinelKind.SEQUENCE
        if default.is_clause_element:
            return SentinelKind.MONOTONIC_FUNCTION if default._is_monotonic_fn else SentinelKind.UNKNOWN
        return SentinelKind.CLIENTSIDE
    server = column.server_default
    if server is None:
        return SentinelKind.NONE
    if server.is_identity:
        return SentinelKind.IDENTITY
    if server._is_monotonic_fn:
        return SentinelKind.MONOTONIC_FUNCTION
    return SentinelKind.SERVERSIDE
