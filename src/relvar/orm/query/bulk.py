"""
What listeners of ``after_bulk_update`` and ``after_bulk_delete`` get.
"""

from __future__ import annotations

from typing import Any

__all__ = ["BulkChange", "BulkDelete", "BulkUpdate"]


class BulkChange:
    """
    One ``Query.update()`` or ``Query.delete()``.

    Attributes:
        mapper: The mapper of the entity whose rows change.
        result: Set once the statement was executed.
    """

    def __init__(self, query: Any) -> None:
        self.query = query
        self.result: Any = None
        subject = query._select._propagate_attrs.get("plugin_subject")
        self.mapper: Any | None = None if subject is None else subject.mapper

    @property
    def session(self) -> Any:
        """The session that it ran in."""
        return self.query.session


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

    def __init__(self, query: Any, delete_kwargs: dict[str, Any]) -> None:
        super().__init__(query)
        self.delete_kwargs = delete_kwargs
