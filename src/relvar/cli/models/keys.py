"""
What a foreign key is about, and what relationships along it are called.
"""

from __future__ import annotations

from typing import Any

from relvar import Column, ForeignKeyConstraint, PrimaryKeyConstraint, Table, UniqueConstraint
from relvar.cli.models.names import identifier, plural, singular, snake

__all__ = ["associated", "collection_names", "foreign_keys", "is_unique", "many_names", "reference_names"]

_SUFFIXES = ("_id", "_fk", "_key", "_code", "_uuid", "_no", "_nr", "_ref", "_pk")
_PREFIXES = ("id_", "fk_")


def foreign_keys(table: Table) -> list[ForeignKeyConstraint]:
    """
    Return the foreign keys of a table in the order of their columns.
    """
    order = {column: number for number, column in enumerate(table.c)}
    keys = (key for key in table.constraints if isinstance(key, ForeignKeyConstraint))
    return sorted(keys, key=lambda key: ([order[c] for c in key.columns], str(key.name)))


def associated(table: Table) -> tuple[ForeignKeyConstraint, ForeignKeyConstraint] | None:
    """
    Return the two foreign keys that a table consists of, if it is nothing but an association.
    """
    keys = foreign_keys(table)
    if len(keys) != 2 or keys[0].referred_table is table or keys[1].referred_table is table:
        return None
    columns = [column for key in keys for column in key.columns]
    is_pure = len(columns) == len(set(columns)) == len(table.c)
    return (keys[0], keys[1]) if is_pure else None


def is_unique(table: Table, columns: list[Column[Any]]) -> bool:
    """
    Tell whether at most one row has the same values in *columns*.
    """
    items: list[Any] = [*table.constraints, *table.indexes]
    sets = (
        set(item.columns)
        for item in items
        if isinstance(item, (PrimaryKeyConstraint, UniqueConstraint)) or _is_unique_index(item)
    )
    return any(found and found <= set(columns) for found in sets)


def _is_unique_index(item: Any) -> bool:
    is_partial = any(
        key.endswith("_where") and value is not None for key, value in item.dialect_kwargs.items()
    )
    return (
        bool(getattr(item, "unique", False)) and not is_partial and len(item.columns) == len(item.expressions)
    )


def stem(key: ForeignKeyConstraint) -> str:
    """
    Return what the column of a foreign key is called after: ``author`` for ``author_id``; or nothing.
    """
    pairs = [(snake(element.parent.name), snake(element.column.name)) for element in key.elements]
    # tenant_id, parent_id -> tenant_id, id: what both have says nothing
    pairs = [(name, referred) for name, referred in pairs if len(pairs) == 1 or name != referred]
    if len(pairs) != 1:
        # parent_x, parent_y -> x, y
        prefixes = {name.removesuffix(f"_{referred}") for name, referred in pairs}
        is_prefix = len(prefixes) == 1 and all(name.endswith(f"_{referred}") for name, referred in pairs)
        return prefixes.pop() if is_prefix else ""
    ((name, referred),) = pairs
    for suffix in (f"_{referred}", *_SUFFIXES):
        if name.endswith(suffix) and name != suffix:
            return name.removesuffix(suffix)
    for prefix in _PREFIXES:
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return "" if name == referred or name in ("id", "pk") else name


def reference_names(key: ForeignKeyConstraint) -> list[str]:
    """
    Return names for the attribute that refers to one object, the best first.
    """
    natural = singular(snake(key.referred_table.name)) or "referred"
    first = stem(key) or natural
    return [identifier(name) for name in (first, natural, f"{first}_ref", f"{natural}_ref")]


def collection_names(key: ForeignKeyConstraint, reference: str, is_scalar: bool, is_only: bool) -> list[str]:
    """
    Return names for the other side of a foreign key, the best first.

    Args:
        reference: The name of the attribute on this side.
        is_scalar: At most one object is there.
        is_only: It is the only foreign key between the two tables.
    """
    number = singular if is_scalar else plural
    reference = reference.removesuffix("_ref")
    base = number(singular(snake(key.parent.name))) or "referring"
    if key.parent is key.referred_table and reference == "parent":
        wishes = [number("child"), base]
    elif is_only:
        wishes = [base, f"{reference}_{base}"]
    else:
        wishes = [f"{reference}_{base}"]
    return [identifier(name) for name in (*wishes, f"{base}_by_{reference}")]


def many_names(table: Table, there: ForeignKeyConstraint, is_only: bool) -> list[str]:
    """
    Return names for a collection over an association table, the best first.

    Args:
        there: The foreign key of the association that leads to the members.
        is_only: No other association leads to them.
    """
    natural = plural(singular(snake(there.referred_table.name))) or "associated"
    far = f"{snake(table.name)}_{natural}"
    if is_only:
        wishes = [natural, far]
    elif all(key.referred_table is there.referred_table for key in foreign_keys(table)):
        by_column = stem(there)
        wishes = [by_column if by_column.endswith("ed") else plural(by_column) or natural, far]
    else:
        wishes = [_without_here(table, there, natural), far]
    return [identifier(name) for name in wishes]


def _without_here(table: Table, there: ForeignKeyConstraint, natural: str) -> str:
    """
    Return what the name of an association says of its far end: ``tags`` for a post's ``post_tags``.
    """
    (here,) = (key.referred_table for key in foreign_keys(table) if key is not there)
    words, one = snake(table.name), singular(snake(here.name))
    for word in (one, plural(one)):
        words = words.removeprefix(f"{word}_").removesuffix(f"_{word}")
    if words == natural or words.endswith(f"_{natural}") or plural(words) == natural:
        return plural(words)
    return f"{words}_{natural}"
