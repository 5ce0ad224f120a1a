"""
The shapes of what reflection answers: a dictionary per column, key, index ...

A dialect leaves out what it knows nothing about.
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from relvar.types import TypeEngine

__all__ = [
    "ReflectedCheckConstraint",
    "ReflectedColumn",
    "ReflectedComputed",
    "ReflectedConstraint",
    "ReflectedForeignKeyConstraint",
    "ReflectedIdentity",
    "ReflectedIndex",
    "ReflectedPrimaryKeyConstraint",
    "ReflectedTableComment",
    "ReflectedUniqueConstraint",
]


class ReflectedIdentity(TypedDict):
    """
    How an IDENTITY column counts.
    """

    always: bool
    on_null: bool
    start: int
    increment: int
    minvalue: int
    maxvalue: int
    nominvalue: bool
    nomaxvalue: bool
    cycle: bool
    cache: int | None
    order: bool


class ReflectedComputed(TypedDict):
    """
    How a generated column is computed.
    """

    sqltext: str
    persisted: NotRequired[bool]


class ReflectedColumn(TypedDict):
    """
    A column; ``default`` is SQL text.
    """

    name: str
    type: TypeEngine[Any]
    nullable: bool
    default: str | None
    autoincrement: NotRequired[bool]
    comment: NotRequired[str | None]
    computed: NotRequired[ReflectedComputed]
    identity: NotRequired[ReflectedIdentity]
    dialect_options: NotRequired[dict[str, Any]]


class ReflectedConstraint(TypedDict):
    """
    What all constraints have.
    """

    name: str | None
    comment: NotRequired[str | None]


class ReflectedCheckConstraint(ReflectedConstraint):
    """
    A CHECK constraint.
    """

    sqltext: str
    dialect_options: NotRequired[dict[str, Any]]


class ReflectedUniqueConstraint(ReflectedConstraint):
    """
    A UNIQUE constraint; ``duplicates_index`` names the index that was listed for it too.
    """

    column_names: list[str]
    duplicates_index: NotRequired[str | None]
    dialect_options: NotRequired[dict[str, Any]]


class ReflectedPrimaryKeyConstraint(ReflectedConstraint):
    """
    A primary key; without columns the table has none.
    """

    constrained_columns: list[str]
    dialect_options: NotRequired[dict[str, Any]]


class ReflectedForeignKeyConstraint(ReflectedConstraint):
    """
    A foreign key; ``referred_schema`` is None for the default one.
    """

    constrained_columns: list[str]
    referred_schema: str | None
    referred_table: str
    referred_columns: list[str]
    options: NotRequired[dict[str, Any]]


class ReflectedIndex(TypedDict):
    """
    An index; where ``column_names`` has None, ``expressions`` has SQL text.
    """

    name: str | None
    column_names: list[str | None]
    expressions: NotRequired[list[str]]
    unique: bool
    duplicates_constraint: NotRequired[str | None]
    include_columns: NotRequired[list[str]]
    column_sorting: NotRequired[dict[str, tuple[str, ...]]]
    dialect_options: NotRequired[dict[str, Any]]


class ReflectedTableComment(TypedDict):
    """
    The comment of a table.
    """

    text: str | None
