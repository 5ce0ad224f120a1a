"""
Read what a statement selects: entities, columns, bundles of columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from relvar.orm.load.joins import entity_of

__all__ = ["Selected", "SelectedBundle", "SelectedColumn", "SelectedEntity", "entities_of", "read_items"]


class SelectedEntity:
    """
    An entity in the list of what a statement selects.
    """

    def __init__(self, entity: Any) -> None:
        self.entity = entity

    @property
    def key(self) -> str | None:
        """The name in rows; an alias without a name has none."""
        entity = self.entity
        return entity.name if entity.is_aliased_class else str(entity.class_.__name__)

    @property
    def is_aliased(self) -> bool:
        return bool(self.entity.is_aliased_class)

    def known_as(self) -> list[Any]:
        """Return what a program may look for in a row to find this item."""
        return [self.entity, self.entity.entity, self.entity.selectable]


class SelectedColumn:
    """
    A column expression in the list of what a statement selects.
    """

    def __init__(self, column: Any) -> None:
        annotations = column._annotations
        self.entity: Any = annotations.get("parententity")
        self.proxy_key: str | None = annotations.get("proxy_key")
        # see `Mapper.select_identity_token`
        self.is_token: bool = "identity_token" in annotations
        self.column = column

    @property
    def key(self) -> str | None:
        return self.proxy_key or self.column._proxy_key or "_no_label"

    @property
    def is_aliased(self) -> bool:
        return self.entity is not None and bool(self.entity.is_aliased_class)

    def known_as(self) -> list[Any]:
        """Return what a program may look for in a row to find this item: the column, the attribute."""
        if self.entity is None or self.proxy_key is None:
            return [self.column]
        return [self.column, getattr(self.entity.entity, self.proxy_key, self.column)]


class SelectedBundle:
    """
    A bundle in the list of what a statement selects.
    """

    def __init__(self, bundle: Any, items: Sequence[Selected]) -> None:
        self.bundle = bundle
        self.items = items
        self.entity: Any = next((item.entity for item in items if item.entity is not None), None)

    @property
    def key(self) -> str | None:
        return str(self.bundle.name)

    @property
    def is_aliased(self) -> bool:
        return False

    def known_as(self) -> list[Any]:
        """Return what a program may look for in a row to find this item."""
        return [self.bundle]


Selected = SelectedEntity | SelectedColumn | SelectedBundle


def read_items(raw_columns: Iterable[Any]) -> list[Selected]:
    """Return what a statement selects, one item per element of a result row."""
    items: list[Selected] = []
    for raw in raw_columns:
        bundle = raw._annotations.get("bundle")
        if bundle is not None:
            items.append(SelectedBundle(bundle, read_items(bundle.exprs_for_load())))
            continue
        entity = entity_of(raw)
        if entity is not None:
            items.append(SelectedEntity(entity))
        else:
            items.extend(SelectedColumn(column) for column in raw._select_iterable)
    return items


def entities_of(items: Iterable[Selected]) -> list[Any]:
    """
    Return the entities that items are, or take columns of, each once and in order.

    Their mappers are configured then: what follows needs relationships and subclasses to be known.
    """
    found: list[Any] = []
    for item in items:
        for part in item.items if isinstance(item, SelectedBundle) else (item,):
            entity = part.entity
            inside = (
                _inside(part.column) if entity is None and isinstance(part, SelectedColumn) else (entity,)
            )
            for entity in inside:
                if entity is not None and entity not in found:
                    entity.mapper._check_configure()
                    found.append(entity)
    return found


def _inside(expression: Any) -> Iterator[Any]:
    """
    Yield the entities whose columns an expression is made of: ``func.count(User.id)``.

    A subquery answers for its own entities.
    """
    if expression._is_select_base or getattr(expression, "_is_scalar_select", False):
        return
    entity = expression._annotations.get("parententity")
    if entity is not None:
        yield entity
        return
    for part in expression.get_children():
        yield from _inside(part)
