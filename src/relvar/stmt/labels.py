"""
Names of the columns of a SELECT.

`columns_plus_names` gives every column the name its text needs, and the key it
has in ``subquery.c``.  The compiler and the subquery both go by it.

Rule 1: a name is given only where it is needed: a column alone has its own.
Rule 2: another column of the same name gets a number: ``id_1``.
Rule 3: the same column again gets an underscore and a number: ``id__1``.
Rule 4: with `LABEL_STYLE_TABLENAME_PLUS_COL`, columns are called ``table_column``.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Any, NamedTuple

from relvar.expr import make
from relvar.expr.names import _anonymous_label

__all__ = [
    "LABEL_STYLE_DEFAULT",
    "LABEL_STYLE_DISAMBIGUATE_ONLY",
    "LABEL_STYLE_LEGACY_ORM",
    "LABEL_STYLE_NONE",
    "LABEL_STYLE_TABLENAME_PLUS_COL",
    "ColumnName",
    "SelectLabelStyle",
    "columns_plus_names",
    "proxy_keys",
]


class SelectLabelStyle(enum.Enum):
    """
    How a SELECT names its columns.
    """

    LABEL_STYLE_NONE = 0
    "As they are, even if two have one name."
    LABEL_STYLE_TABLENAME_PLUS_COL = 1
    "All: ``<table>_<column>``."
    LABEL_STYLE_DISAMBIGUATE_ONLY = 2
    "Those whose name was taken: ``<column>_1``."
    LABEL_STYLE_LEGACY_ORM = 3
    LABEL_STYLE_DEFAULT = LABEL_STYLE_DISAMBIGUATE_ONLY


LABEL_STYLE_NONE = SelectLabelStyle.LABEL_STYLE_NONE
LABEL_STYLE_TABLENAME_PLUS_COL = SelectLabelStyle.LABEL_STYLE_TABLENAME_PLUS_COL
LABEL_STYLE_DISAMBIGUATE_ONLY = SelectLabelStyle.LABEL_STYLE_DISAMBIGUATE_ONLY
LABEL_STYLE_LEGACY_ORM = SelectLabelStyle.LABEL_STYLE_LEGACY_ORM
LABEL_STYLE_DEFAULT = SelectLabelStyle.LABEL_STYLE_DEFAULT


class ColumnName(NamedTuple):
    """
    A column of a SELECT and its names.

    Attributes:
        required_label_name: The name its text must give it; None: none.
        proxy_name: Its key among the columns of a subquery; None for text.
        fallback_label_name: A name for it where the database wants one.
        column: The column.
        repeated: The very column is in the list before.
    """

    required_label_name: str | None
    proxy_name: str | None
    fallback_label_name: str | None
    column: Any
    repeated: bool


def proxy_keys(columns: Iterable[Any], style: SelectLabelStyle) -> list[str | None]:
    """
    Return the key of each column in ``subquery.c``.
    """
    qualified = style is LABEL_STYLE_TABLENAME_PLUS_COL
    dedupe = style is not LABEL_STYLE_NONE
    used: dict[str, int] = {}
    again: dict[tuple[str, int], str] = {}
    keys: list[str | None] = []
    for column in columns:
        if column._is_text_clause:
            keys.append(None)
            continue
        key = (getattr(column, "_tq_key_label", None) if qualified else None) or column._proxy_key
        if key is None:
            key = "_no_label"
        if not dedupe:
            keys.append(key)
            continue
        if key not in used:
            used[key] = 0
            keys.append(key)
            continue
        known = again.get((key, hash(column)))
        if known is None:
            used[key] += 1
            known = again[key, hash(column)] = f"{key}_{used[key]}"
        keys.append(known)
    return keys


def columns_plus_names(
    columns: Iterable[Any], style: SelectLabelStyle, anon_for_dupe_key: bool = True
) -> list[ColumnName]:
    """
    Return the names of the columns of a SELECT.
    """
    columns = list(columns)
    keys = proxy_keys(columns, LABEL_STYLE_DISAMBIGUATE_ONLY if style is LABEL_STYLE_NONE else style)
    qualified = style is LABEL_STYLE_TABLENAME_PLUS_COL
    names: dict[str, Any] = {}
    repeats: dict[int, int] = {}
    found: list[ColumnName] = []
    # The names of columns without a table are up to the caller, like text.
    for column, key in zip(columns, keys):
        if column._is_text_clause:
            found.append(ColumnName(None, None, None, column, False))
            continue
        name = column._tq_label if qualified else column._label_name
        if name is None:
            fallback = column._anon_name_label
            repeated = fallback in names and style is not LABEL_STYLE_NONE
            required = None
            if repeated:
                index = repeats[hash(column)] = repeats.get(hash(column), 0) + 1
                required = fallback = column._dedupe_label(column._anon_base, index)
            else:
                names[fallback] = column
            found.append(ColumnName(required, key, fallback, column, repeated))
            continue
        if style is LABEL_STYLE_NONE:
            found.append(ColumnName(None, key, name, column, name in names))
            names.setdefault(name, column)
            continue
        required = name if qualified and name != getattr(column, "name", None) else None
        repeated = False
        holder = names.get(name)
        if holder is None:
            names[name] = column
        elif hash(holder) == hash(column):
            index = repeats[hash(column)] = repeats.get(hash(column), 0) + 1
            required = column._dedupe_label(name, index)
            repeated = True
        elif not (_is_free(holder) or _is_free(column)):
            required = _numbered(column, name) if qualified else column._anon_name_label
            if required in names:
                index = repeats[hash(column)] = repeats.get(hash(column), 0) + 1
                required = column._dedupe_label(name, index)
                repeated = True
            else:
                names[required] = column
        found.append(ColumnName(required, key, required or name, column, repeated))
    return found


def _numbered(column: Any, name: str) -> _anonymous_label:
    """
    Return a template that numbers *name* for *column*.
    """
    return _anonymous_label.safe_construct(column._anon_serial, name)


def _is_free(column: Any) -> bool:
    return column._is_keyed_column_element and column.table is None


make.register(
    LABEL_STYLE_NONE=LABEL_STYLE_NONE,
    LABEL_STYLE_TABLENAME_PLUS_COL=LABEL_STYLE_TABLENAME_PLUS_COL,
)
