"""
What listeners of ``after_bulk_update`` and ``after_bulk_delete`` get.
"""

from __future__ import annotations

from typing import Any

__all__ = ["BulkChange", "BulkDelete", "BulkUpdate"]


class BulkChange:
    """
    One ``Query.update()`` or ``Query.delete()``.

    Its ``result`` is set once the statement was executed.
    """

    def __init__(self, query: Any) -> None:
        self.query = query
        self.result: Any = None
        self.rowcount = 0

    @property
    def session(self) -> Any:
        """The session that it ran in."""
        return self.query.session

    @property
    def mapper(self) -> Any:
        """The mapper of the entity whose rows changed."""
        return self.query._first_entity().mapper


class BulkUpdate(BulkChange):
    """
    One ``Query.update()``, with the values given to it.
    """

    def __init__(self, query: Any, values: Any, update_kwargs: dict[str, Any]) -> None:
        super().__init__(query)
        self.values = values
        self.update_kwargs = update_kwargs


class BulkDelete(BulkChange):
    """
    One ``Query.delete()``.
    """
