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
from typing import Any

from relvar._kernels.lists import keys_of_columns
from relvar._kernels.parts import columns_by_key
from relvar.expr import make
from relvar.expr.names import _anonymous_label
from relvar.util.fields import NamedTuple

__all__ = [
    "LABEL_STYLE_DEFAULT",
    "LABEL_STYLE_DISAMBIGUATE_ONLY",
    "LABEL_STYLE_LEGACY_ORM",
    "LABEL_STYLE_NONE",
    "LABEL_STYLE_TABLENAME_PLUS_COL",
    "ColumnName",
    "SelectLabelStyle",
    "columns_plus_names",
    "key_of",
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
    return keys_of_columns(columns, qualified, style is not LABEL_STYLE_NONE, key_of)


def key_of(column: Any, qualified: bool = False) -> str | None:
    """
    Return the key of one column: that of the mapped attribute it stands for, or its own.
    """
    key: str | None = column._annotations.get("proxy_key")
    if key is None or (column.__visit_name__ == "label" and "parententity" not in column._annotations):
        key = (getattr(column, "_tq_key_label", None) if qualified else None) or column._proxy_key
    elif qualified and column._is_keyed_column_element:
        key = column._qualified(key)
    return key


def columns_plus_names(
    columns: Iterable[Any], style: SelectLabelStyle, anon_for_dupe_key: bool = True
) -> list[ColumnName]:
    """
    Return the names of the columns of a SELECT.
    """
    columns = list(columns)
    if style is not LABEL_STYLE_TABLENAME_PLUS_COL:
        by_key, by_name = columns_by_key(columns, key_of)
        if by_key is not None:
            return [ColumnName(None, key, name, by_key[key], False) for key, name in zip(by_key, by_name)]
    keys = proxy_keys(columns, LABEL_STYLE_DISAMBIGUATE_ONLY if style is LABEL_STYLE_NONE else style)
    names = _Names(style)
    return [
        ColumnName(None, None, None, column, False) if column._is_text_clause else names.of(column, key)
        for column, key in zip(columns, keys)
    ]


class _Names:
    """
    The names given so far, each with the column that has it.
    """

    def __init__(self, style: SelectLabelStyle) -> None:
        self.style = style
        self.qualified = style is LABEL_STYLE_TABLENAME_PLUS_COL
        self.holders: dict[str, Any] = {}
        self.repeats: dict[int, int] = {}

    def of(self, column: Any, key: str | None) -> ColumnName:
        """
        Return the names of the next column.

        Cases:
          1. it has no name of its own: an anonymous one, and another when repeated;
          2. it may keep its name whatever the others are: style "none", or the
             column is up to the caller (a name without a table);
          3. its name is free, or its own: repeated, it gets a number;
          4. its name is taken: it gets an anonymous one.
        """
        name = (self.qualified and column._tq_label) or column._label_name
        if name is None:
            return self._unnamed(column, key)
        if self.style is LABEL_STYLE_NONE:
            repeated = name in self.holders
            self.holders.setdefault(name, column)
            return ColumnName(None, key, name, column, repeated)
        if _is_free(column):
            return ColumnName(None, key, name, column, False)
        renamed = _is_renamed_plainly(column) or name != getattr(column, "name", None)
        required = name if self.qualified and renamed else None
        holder = self.holders.get(name)
        if holder is None:
            self.holders[name] = column
            return ColumnName(required, key, required or name, column, False)
        if column.__visit_name__ == "unary":
            # NOT of a column is not named after it, unless all are named, or the database wants a name.
            required = _numbered(column, name) if self.qualified else None
            if not self.qualified:
                self.holders[name] = column
            return ColumnName(required, key, required or self._dedupe(column, name), column, False)
        if hash(holder) == hash(column):
            required = self._dedupe(column, name)
            return ColumnName(required, key, required, column, True)
        if not (self.qualified or _is_renamed_plainly(column)):
            self.holders[name] = column
            required = self._dedupe(column, name)
            return ColumnName(required, key, required, column, False)
        required = _numbered(column, name) if self.qualified else column._anon_name_label
        repeated = required in self.holders
        if repeated:
            required = self._dedupe(column, name)
        else:
            self.holders[required] = column
        return ColumnName(required, key, required, column, repeated)

    def _unnamed(self, column: Any, key: str | None) -> ColumnName:
        fallback = column._anon_name_label
        if fallback in self.holders and self.style is not LABEL_STYLE_NONE:
            again = self._dedupe(column, column._anon_base)
            # an operator before a column has a name only where one is needed
            required = None if column.__visit_name__ == "unary" else again
            return ColumnName(required, key, again, column, True)
        self.holders[fallback] = column
        return ColumnName(None, key, fallback, column, False)

    def _dedupe(self, column: Any, name: str) -> _anonymous_label:
        index = self.repeats[hash(column)] = self.repeats.get(hash(column), 0) + 1
        return column._dedupe_label(name, index)  # type: ignore[no-any-return]  # a label


def _is_renamed_plainly(column: Any) -> bool:
    """
    Tell whether a column gets ``x_1`` when ``x`` is taken; casts and the like get ``x__1``.
    """
    return bool(column._is_keyed_column_element) or column.__visit_name__ in _RENAMED_PLAINLY


_RENAMED_PLAINLY = frozenset(("label", "scalar_function_column"))


def _numbered(column: Any, name: str) -> _anonymous_label:
    """
    Return a template that numbers *name* for *column*.
    """
    return _anonymous_label.safe_construct(column._anon_serial, name)


def _is_free(column: Any) -> bool:
    return column._is_keyed_column_element and column.table is None and not column._from_objects


make.register(
    LABEL_STYLE_NONE=LABEL_STYLE_NONE,
    LABEL_STYLE_TABLENAME_PLUS_COL=LABEL_STYLE_TABLENAME_PLUS_COL,
)
