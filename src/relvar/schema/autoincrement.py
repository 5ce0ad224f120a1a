"""
Which column of a primary key the database numbers by itself.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.types import Integer, Numeric

__all__ = ["find_autoincrement"]


def find_autoincrement(columns: list[Any]) -> Any:
    """
    Return the column of a primary key that the database numbers, or None.

    There are two cases:

    1. A single column with ``autoincrement="auto"`` is taken if it is an integer without
       defaults and without foreign key.
    2. A column with ``autoincrement=True`` (or ``"ignore_fk"``) is taken whatever else is there.

    Raises:
        ArgumentError: see `PrimaryKeyConstraint._autoincrement_column`.
    """
    if len(columns) == 1:
        column = columns[0]
        if column.autoincrement is True:
            _can_number(column, explicit=True)
            return column
        if column.autoincrement in ("auto", "ignore_fk") and _can_number(column, explicit=False):
            return column
        return None
    chosen = None
    for column in columns:
        if column.autoincrement is True:
            _can_number(column, explicit=True)
            if chosen is not None:
                raise exc.ArgumentError(
                    "Only one Column may be marked autoincrement=True, found both "
                    f"{column.name} and {chosen.name}."
                )
            chosen = column
    return chosen


def _can_number(column: Any, explicit: bool) -> bool:
    """
    Tell whether the database can number *column*; *explicit* means that it was asked to.
    """
    affinity = column.type._type_affinity
    if affinity is None or not issubclass(affinity, Integer):
        if not explicit:
            return False
        scaled = ""
        if affinity is Numeric:
            if column.type.scale == 0:
                return True
            scaled = f" with non-zero scale {column.type.scale}"
        raise exc.ArgumentError(
            f"Column type {column.type}{scaled} on column '{column}' is not compatible with "
            "autoincrement=True"
        )
    if explicit:
        return True
    if column.default is not None and not column.default.is_sequence:
        return False
    if column.server_default is not None and not column.server_default.is_identity:
        return False
    return not column.foreign_keys or column.autoincrement == "ignore_fk"
