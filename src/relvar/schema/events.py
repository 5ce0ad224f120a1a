"""
What one can listen for on schema items.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relvar import event
from relvar.types.schematype import SchemaEventTarget

if TYPE_CHECKING:
    from relvar.schema.base import SchemaItem
    from relvar.schema.table import Table

__all__ = ["DDLEvents"]


class DDLEvents(event.Events):
    """
    Events of schema items: creating, dropping, attaching, reflecting.

    A `DDL` object can be the listener: ``event.listen(table, "after_create", DDL("..."))``.
    Listeners on `MetaData` run once for ``create_all``, those on `Table` for each table.
    """

    _target_class_doc = "SomeSchemaClassOrObject"
    _dispatch_target = SchemaEventTarget

    def before_create(self, target: SchemaEventTarget, connection: Any, **kw: Any) -> None:
        """
        Run before CREATE.

        Args:
            kw: ``checkfirst``; for metadata, ``tables`` that will be created.
        """

    def after_create(self, target: SchemaEventTarget, connection: Any, **kw: Any) -> None:
        """
        Run after CREATE; arguments as for `before_create`.
        """

    def before_drop(self, target: SchemaEventTarget, connection: Any, **kw: Any) -> None:
        """
        Run before DROP; arguments as for `before_create`.
        """

    def after_drop(self, target: SchemaEventTarget, connection: Any, **kw: Any) -> None:
        """
        Run after DROP; arguments as for `before_create`.
        """

    def before_parent_attach(self, target: SchemaEventTarget, parent: SchemaItem) -> None:
        """
        Run before an item is attached to its parent: a column to its table.
        """

    def after_parent_attach(self, target: SchemaEventTarget, parent: SchemaItem) -> None:
        """
        Run after an item was attached to its parent.
        """

    def column_reflect(self, inspector: Any, table: Table, column_info: Any) -> None:
        """
        Run for each column found by reflection, before the `Column` is made.

        Args:
            column_info: What was found; may be changed.
        """
