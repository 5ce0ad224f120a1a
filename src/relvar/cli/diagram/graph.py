"""
What is drawn: a box for each table, and a line for each foreign key.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from relvar import Column, MetaData, Table, UniqueConstraint, exc
from relvar.cli.models.keys import foreign_keys, is_unique

__all__ = ["Box", "Field", "Graph", "Line", "graph_of"]


@dataclass(frozen=True)
class Field:
    """
    A column: its name, its type in the words of the database, and what it is part of.
    """

    name: str
    type: str
    is_primary: bool
    is_foreign: bool
    is_unique: bool
    is_nullable: bool
    comment: str | None


@dataclass(frozen=True)
class Box:
    """
    A table.
    """

    name: str
    fields: list[Field]
    comment: str | None


@dataclass(frozen=True)
class Line:
    """
    A foreign key.

    Attributes:
        source: The table that has it.
        is_optional: Its columns may be NULL.
        is_single: At most one row refers to a row.
    """

    source: str
    target: str
    columns: list[str]
    referred: list[str]
    is_optional: bool
    is_single: bool


@dataclass(frozen=True)
class Graph:
    """
    A schema.
    """

    boxes: list[Box]
    lines: list[Line]

    def as_dict(self) -> dict[str, Any]:
        """
        Return what JSON takes.
        """
        return asdict(self)


def graph_of(collections: Iterable[MetaData], dialect: Any = None) -> Graph:
    """
    Return the graph of all tables.

    Args:
        dialect: Says the names of types; those of the standard otherwise.

    >>> from relvar import ForeignKey, Integer
    >>> metadata = MetaData()
    >>> _ = Table("a", metadata, Column("id", Integer, primary_key=True))
    >>> _ = Table("b", metadata, Column("a_id", ForeignKey("a.id")))
    >>> graph = graph_of([metadata])
    >>> [box.name for box in graph.boxes], [(line.source, line.target) for line in graph.lines]
    (['a', 'b'], [('b', 'a')])
    """
    tables = {
        table.fullname: table for metadata in collections for _, table in sorted(metadata.tables.items())
    }
    boxes = [
        Box(name, [_field(column, dialect) for column in table.c], table.comment)
        for name, table in tables.items()
    ]
    lines = [
        Line(
            name,
            key.referred_table.fullname,
            [column.name for column in key.columns],
            [element.column.name for element in key.elements],
            any(column.nullable for column in key.columns),
            is_unique(table, list(key.columns)),
        )
        for name, table in tables.items()
        for key in foreign_keys(table)
    ]
    return Graph(boxes, [line for line in lines if line.target in tables])


def _field(column: Column[Any], dialect: Any) -> Field:
    return Field(
        column.name,
        _type_text(column, dialect),
        column.primary_key,
        bool(column.foreign_keys),
        _is_alone_unique(column.table, column),
        bool(column.nullable),
        column.comment,
    )


def _is_alone_unique(table: Table, column: Column[Any]) -> bool:
    constraints: list[Any] = [item for item in table.constraints if isinstance(item, UniqueConstraint)]
    indexes = [index for index in table.indexes if index.unique]
    return any(list(item.columns) == [column] for item in [*constraints, *indexes])


def _type_text(column: Column[Any], dialect: Any) -> str:
    try:
        return str(column.type.compile(dialect=dialect))
    except exc.CompileError:
        return type(column.type).__name__.upper()
