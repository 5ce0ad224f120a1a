"""
Move expressions from one selectable to another: ``users.id`` becomes ``users_1.id``.

Parts that hold nothing to move are kept, not copied: bind parameters of the
program stay the very objects whose values the next execution brings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from relvar._kernels.parts import add_own_columns
from relvar.expr import make
from relvar.expr.names import _anonymous_label
from relvar.orm.mapping.traverse import columns_of, is_column, replaced

__all__ = [
    "Adapter",
    "adapt",
    "adapted_column",
    "adapter_of",
    "columns_in",
    "is_column",
    "is_lacking",
    "mapping_adapter",
    "replaced",
]

Adapter = Callable[[Any], Any]
"""Takes an expression over an entity's own table, returns it over what stands for the entity."""


def mapping_adapter(columns: Mapping[Any, Any], tables: Mapping[Any, Any] | None = None) -> Adapter:
    """Return an adapter that exchanges columns (and tables that stand alone) as the mappings say."""
    froms = tables or {}

    def replace(node: Any) -> Any:
        if is_column(node):
            return columns.get(node)
        if froms and getattr(node, "_is_from_clause", False):
            return froms.get(node)
        return None

    return lambda expression: replaced(expression, replace)


def adapt(expression: Any, adapter: Adapter | None) -> Any:
    """Return the expression as the adapter moves it; an adapter of None leaves it."""
    return expression if adapter is None else adapter(expression)


def adapted_column(column: Any, adapter: Adapter) -> Any:
    """
    Return a column of a SELECT list as the adapter moves it; None where there is none to load.

    An expression with a made-up name gets a new one: the same expression over another alias is another
    column.
    """
    if adapter.__class__ is EntityAdapter and column.__visit_name__ == "column":
        return adapter.of_column(column)
    made = adapter(column)
    if made.__visit_name__ == "label" and isinstance(made.name, _anonymous_label):
        return make.Label(None, made.element, made.type)
    return made


def adapter_of(entity: Any) -> Adapter | None:
    """
    Return what moves expressions over a mapper's own table to an entity.

    None for the mapper itself, unless it selects from something else than its table.

    Not the entity's own ``_adapt_element``: that copies bind parameters, and a plan must find those of the
    statement at hand.
    """
    made: EntityAdapter | None = entity.__dict__.get("_loading_adapter")
    if made is None and (entity.is_aliased_class or entity._adapter is not None):
        made = entity.__dict__["_loading_adapter"] = EntityAdapter(entity)
    return made


class EntityAdapter:
    """
    Moves expressions over a mapper's own table to what an alias of the class is selected from.

    It is kept with the alias: joins, columns and criteria of a statement ask for the same columns.
    """

    __slots__ = ("_entity", "_table", "moved")

    def __init__(self, entity: Any) -> None:
        self._entity = entity
        # whose columns the alias finds by itself
        self._table: Any = entity._table if entity.is_aliased_class else None
        # columns that were asked for, and what takes their place
        self.moved: dict[Any, Any] = {}

    def __call__(self, expression: Any) -> Any:
        known = self.moved.get(expression)
        if known is not None:
            return known
        if is_column(expression):
            found = self.of_column(expression)
            return expression if found is None else found
        return replaced(expression, self.replacement)

    def replacement(self, node: Any) -> Any:
        """Return what takes the place of a node; None if nothing does, as a subquery may lack a column."""
        return self.of_column(node) if is_column(node) else self._entity._adapter.replace(node)

    def take(self, columns: Iterable[Any]) -> None:
        """Find what takes the place of columns, as far as the alias finds them by itself."""
        if self._table is not None:
            add_own_columns(self._entity.selectable, columns, self.moved)

    def of_column(self, node: Any) -> Any:
        """Return what takes the place of a column; None if nothing does."""
        column = node._deannotate() if node._annotations else node
        found = self.moved.get(column)
        if found is None:
            if self._table is not None and column.table is self._table:
                found = self._entity.selectable._own_column(column)
            if found is None:
                found = self._entity._adapter.replacement(column)
            if found is not None:
                self.moved[column] = found
        return found


def is_lacking(column: Any, adapter: Adapter | None) -> bool:
    """Tell whether an entity has no such column to load, see `EntityAdapter.replacement`."""
    return isinstance(adapter, EntityAdapter) and is_column(column) and adapter.replacement(column) is None


def columns_in(expressions: Iterable[Any]) -> list[Any]:
    """Return the columns that occur in expressions, each once, in order."""
    return list(dict.fromkeys(column for expression in expressions for column in columns_of(expression)))
