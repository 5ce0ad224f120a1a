"""
What tables lack: indexes for foreign keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from relvar import ForeignKeyConstraint, PrimaryKeyConstraint, Table, UniqueConstraint
from relvar.cli.check.finding import Finding, of_column
from relvar.orm import Mapper

__all__ = ["check_tables", "tables_of"]


def check_tables(mappers: Sequence[Mapper[Any]]) -> Iterator[Finding]:
    """
    Yield a finding for each foreign key that no index, constraint or primary key begins with.

    Deleting or joining the row that is referred to reads the whole table then.
    """
    for table, mapper in tables_of(mappers):
        yield from _unindexed(table, mapper)


def tables_of(mappers: Sequence[Mapper[Any]]) -> list[tuple[Table, Mapper[Any] | None]]:
    """
    Return the tables that are declared together with classes, each with its class, or None.
    """
    classes: dict[Table, Mapper[Any]] = {}
    for mapper in mappers:
        for table in mapper.tables:
            if isinstance(table, Table):
                classes.setdefault(table, mapper)
    collections = {id(table.metadata): table.metadata for table in classes}
    return [
        (table, classes.get(table))
        for metadata in collections.values()
        for table in sorted(metadata.tables.values(), key=lambda table: table.fullname)
    ]


def _unindexed(table: Table, mapper: Mapper[Any] | None) -> Iterator[Finding]:
    leading = list(_leading(table))
    keys = [key for key in table.constraints if isinstance(key, ForeignKeyConstraint)]
    for key in sorted(keys, key=lambda key: [column.name for column in key.columns]):
        columns = list(key.columns)
        if any(set(found[: len(columns)]) == set(columns) for found in leading):
            continue
        where = f"{table.fullname}.{columns[0].name}" if mapper is None else of_column(mapper, columns[0])
        names = ", ".join(column.name for column in columns)
        if len(columns) == 1:
            fix = "write index=True in the column"
        else:
            listing = ", ".join(f'"{column.name}"' for column in columns)
            fix = f'add Index("ix_{table.name}_{columns[0].name}", {listing}) to __table_args__'
        yield Finding(where, "RV101", f"the foreign key {names} has no index", fix)


def _leading(table: Table) -> Iterator[list[Any]]:
    """
    Yield the columns of what the database can look up, in their order.
    """
    for item in table.constraints:
        if isinstance(item, (PrimaryKeyConstraint, UniqueConstraint)):
            yield list(item.columns)
    for index in table.indexes:
        if not any(
            name.endswith("_where") and value is not None for name, value in index.dialect_kwargs.items()
        ):
            yield list(index.expressions)
