"""
How a table or a materialized view is distributed and sorted.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relvar import exc

__all__ = ["table_attributes"]

_STYLES = ("AUTO", "EVEN", "KEY", "ALL")


def _as_list(names: Any) -> list[str]:
    """Return names of columns, given as one, several, or columns."""
    several = names if isinstance(names, (list, tuple)) else [names]
    return [name if isinstance(name, str) else name.name for name in several]


def table_attributes(preparer: Any, options: Mapping[str, Any]) -> list[str]:
    """
    Return the attributes of a table or materialized view: DISTSTYLE, DISTKEY, SORTKEY.

    Args:
        options: "diststyle", "distkey", "sortkey", "interleaved_sortkey"; None where not given.

    Raises:
        ArgumentError: They do not go together.
    """
    style, key = options.get("diststyle"), options.get("distkey")
    sort, interleaved = options.get("sortkey"), options.get("interleaved_sortkey")
    pieces = []
    if style is not None:
        style = style.upper()
        if style not in _STYLES:
            raise exc.ArgumentError(f"diststyle {style!r} is none: it is one of {', '.join(_STYLES)}")
        if style == "KEY" and key is None:
            raise exc.ArgumentError("diststyle 'KEY' needs a distkey, the column to distribute by")
        if style != "KEY" and key is not None:
            raise exc.ArgumentError(
                f"diststyle {style!r} has no distkey: leave one of the two out, or make the style 'KEY'"
            )
        pieces.append(f"DISTSTYLE {style}")
    if key is not None:
        keys = _as_list(key)
        if len(keys) != 1:
            raise exc.ArgumentError(f"a table is distributed by one column, not by {len(keys)}: {keys!r}")
        pieces.append(f"DISTKEY ({preparer.quote(keys[0])})")
    if sort is not None and interleaved is not None:
        raise exc.ArgumentError("a table has a sortkey or an interleaved_sortkey, not both")
    for words, columns in (("SORTKEY", sort), ("INTERLEAVED SORTKEY", interleaved)):
        if isinstance(columns, str) and columns.upper() == "AUTO":
            pieces.append(f"{words} AUTO")
        elif columns is not None:
            pieces.append(f"{words} ({', '.join(preparer.quote(name) for name in _as_list(columns))})")
    return pieces
