"""
Read what a statement selects: entities, columns, bundles of columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from relvar.orm.load.adapt import Adapter, adapter_of
from relvar.orm.mapping.steps import mappings

__all__ = [
    "Selected",
    "SelectedBundle",
    "SelectedColumn",
    "SelectedEntity",
    "entities_of",
    "item_of",
    "read_items",
    "settled",
]


class SelectedEntity:
    """
    An entity in the list of what a statement selects.

    Attributes:
        mappings: The state of the mappings that the following attributes are about (see `settle`).
        adapter: What moves columns of the mapper to the entity.
        drafts: What planning the entity came to, see `KeptDraft`; None if nothing is to be kept.
        is_whole: Of a class only: all rows of its table are its objects.
        is_plain: A statement has no condition or join, and no other table, because it is about the entity.
    """

    __slots__ = ("adapter", "drafts", "entity", "is_aliased", "is_plain", "is_whole", "key", "mappings")

    adapter: Adapter | None
    drafts: dict[Any, Any] | None
    is_plain: bool
    is_whole: bool

    def __init__(self, entity: Any) -> None:
        self.entity: Any = entity
        self.is_aliased: bool = entity.is_aliased_class
        # the name in rows; an alias without a name has none
        self.key: str | None = entity.name if entity.is_aliased_class else entity.class_.__name__
        self.mappings: object = None

    def settle(self) -> None:
        """
        Configure the mapper, and note what planning asks of it each time.
        """
        entity = self.entity
        if self.is_aliased:
            of_class = settled(entity.mapper)
            self.adapter = adapter_of(entity)
            is_usual = not (entity._table is None or entity._is_with_polymorphic or entity._use_mapper_path)
            self.drafts = of_class.drafts if is_usual else None
            self.is_plain = is_usual and of_class.is_whole
            self.mappings = of_class.mappings
            return
        entity._check_configure()
        self.adapter = adapter_of(entity)
        self.drafts = {}
        self.is_whole = entity._single_table_criterion is None
        self.is_plain = self.is_whole and self.adapter is None and not entity.selectable._is_join
        # what is not configured yet, as a listener wants it, is asked again the next time
        self.mappings = None if entity.registry._new_mappers else mappings.state

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


def item_of(entity: Any) -> SelectedEntity:
    """Return an entity as a statement selects it: always the same object."""
    found: SelectedEntity | None = entity.__dict__.get("_selected_as")
    if found is None:
        found = entity.__dict__["_selected_as"] = SelectedEntity(entity)
    return found


def settled(entity: Any) -> SelectedEntity:
    """Return the same, its mapper configured."""
    item: SelectedEntity = entity.__dict__.get("_selected_as") or item_of(entity)
    if item.mappings is not mappings.state:
        item.settle()
    return item


Selected = SelectedEntity | SelectedColumn | SelectedBundle


def read_items(raw_columns: Iterable[Any]) -> list[Selected]:
    """Return what a statement selects, one item per element of a result row."""
    items: list[Selected] = []
    for raw in raw_columns:
        said = raw._annotations
        if "bundle" in said:
            bundle = said["bundle"]
            items.append(SelectedBundle(bundle, read_items(bundle.exprs_for_load())))
            continue
        if "parententity" in said and raw._is_from_clause:
            items.append(item_of(said["parententity"]))
            continue
        items.extend([SelectedColumn(column) for column in raw._select_iterable])
    return items


def entities_of(items: Iterable[Selected]) -> list[Any]:
    """
    Return the entities that items are, or take columns of, each once and in order.

    Their mappers are configured then: what follows needs relationships and subclasses to be known.
    """
    found: list[Any] = []
    for item in items:
        if item.__class__ is SelectedEntity:
            if item.mappings is not mappings.state:
                item.settle()
            if item.entity not in found:
                found.append(item.entity)
            continue
        for entity in _entities_in(item):
            if entity is not None and entity not in found:
                entity.mapper._check_configure()
                found.append(entity)
    return found


def _entities_in(item: Selected) -> Iterable[Any]:
    """Return the entities that an item is, or takes columns of."""
    if isinstance(item, SelectedBundle):
        return [
            entity
            for part in item.items
            for entity in ((part.entity,) if isinstance(part, SelectedBundle) else _entities_in(part))
        ]
    if isinstance(item, SelectedColumn) and item.entity is None:
        return _inside(item.column)
    return (item.entity,)


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
