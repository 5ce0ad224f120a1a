"""
Say what a statement over entities gives: ``Select.column_descriptions`` and its like.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from relvar.orm.load.items import Selected, SelectedBundle, SelectedEntity, entities_of, read_items
from relvar.types.base import NULLTYPE

__all__ = ["column_descriptions", "entity_description", "returning_descriptions"]


def column_descriptions(statement: Any) -> list[dict[str, Any]]:
    """
    Return one dictionary per element of a row: name, type, expression, entity, whether that is an alias.
    """
    return _described(statement._raw_columns)


def entity_description(statement: Any) -> dict[str, Any]:
    """Return what an INSERT, UPDATE or DELETE of a mapped class is about."""
    subject = statement._propagate_attrs["plugin_subject"]
    return {
        "name": SelectedEntity(subject).key,
        "type": subject.mapper.class_,
        "expr": subject.entity,
        "entity": subject.entity,
        "table": subject.mapper.local_table,
    }


def returning_descriptions(statement: Any) -> list[dict[str, Any]]:
    """Return one dictionary per element that RETURNING gives."""
    return _described(statement._returning)


def _described(raw_columns: Iterable[Any]) -> list[dict[str, Any]]:
    return [_describe(item) for item in read_items(raw_columns)]


def _describe(item: Selected) -> dict[str, Any]:
    if isinstance(item, SelectedEntity):
        insp = item.entity
        return {
            "name": item.key,
            "type": insp.mapper.class_,
            "aliased": bool(insp.is_aliased_class),
            "expr": insp.entity,
            "entity": insp.entity,
        }
    kind: Any
    expr: Any
    if isinstance(item, SelectedBundle):
        kind, expr = type(item.bundle), item.bundle
    else:
        kind, expr = getattr(item.column, "type", None) or NULLTYPE, _as_given(item.column)
    entity = item.entity
    if entity is None and not isinstance(item, SelectedBundle):
        entity = next(iter(entities_of([item])), None)
    return {
        "name": item.key,
        "type": kind,
        "aliased": bool(entity is not None and entity.is_aliased_class),
        "expr": expr,
        "entity": None if entity is None else entity.entity,
    }


def _as_given(column: Any) -> Any:
    """Return the attribute that a column came from, else the column."""
    annotations = column._annotations
    entity, key = annotations.get("parententity"), annotations.get("proxy_key")
    if entity is None or key is None:
        return column
    found = getattr(entity.entity, key, None)
    return column if found is None else found
