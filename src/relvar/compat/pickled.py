"""
Rows in pickles that SQLAlchemy has written.

A row there is ``rowproxy_reconstructor(Row, {"_parent": SimpleResultMetaData, "_data": values})``; that of a
statement over tables has a ``CursorResultMetaData``, a mapping says ``RowMapping``.
"""

from __future__ import annotations

from typing import Any

from relvar.rows.layout import SimpleResultMetaData as describe
from relvar.rows.layout import rebuild_mapping, rebuild_row
from relvar.rows.row import RowMapping


class SimpleResultMetaData:
    """
    The columns of a row; called by a program, what relvar has in its place.
    """

    keys: tuple[str, ...]

    def __new__(cls, *args: Any, **kw: Any) -> Any:
        return describe(*args, **kw) if args or kw else super().__new__(cls)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.keys = tuple(state["_keys"])


class CursorResultMetaData(SimpleResultMetaData):
    """
    The same for the rows of a cursor, of which more is said than a row of relvar's needs.
    """


def rowproxy_reconstructor(cls: type[Any], state: dict[str, Any]) -> Any:
    """
    Return a row, or a mapping, of relvar's.
    """
    rebuild = rebuild_mapping if issubclass(cls, RowMapping) else rebuild_row
    return rebuild(state["_parent"].keys, tuple(state["_data"]))
