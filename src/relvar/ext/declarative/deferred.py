"""
Declare classes first, load their tables from the database later.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from relvar.inspection import inspect
from relvar.orm.declarative.deferred import Pending, pending_from
from relvar.orm.mapping.relationship import RelationshipProperty
from relvar.schema import MetaData, Table

__all__ = ["DeferredReflection"]


class DeferredReflection:
    """
    Mix-in: classes get their tables' columns from the database when `prepare` is called.

    Columns that a class declares itself are kept as they are.

    >>> from relvar import create_engine, text
    >>> from relvar.ext.declarative import DeferredReflection
    >>> from relvar.orm import DeclarativeBase
    >>> class Base(DeclarativeBase): ...
    >>> class Reflected(DeferredReflection):
    ...     __abstract__ = True
    >>> class User(Reflected, Base):
    ...     __tablename__ = "users"
    >>> engine = create_engine("sqlite://")
    >>> with engine.begin() as connection:
    ...     _ = connection.execute(text("CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(50))"))
    >>> Reflected.prepare(engine)
    >>> User(name="ann").name
    'ann'
    """

    _sa_maps_on_prepare = "DeferredReflection"

    @classmethod
    def prepare(cls, bind: Any, **reflect_kw: Any) -> None:
        """
        Load the tables of this class and of those below it, as far as they wait, and map them.

        Args:
            bind: An Engine or a Connection.
            reflect_kw: For ``MetaData.reflect()``.

        Raises:
            InvalidRequestError: The database has no such table.
            UnmappedClassError: A superclass waits to be prepared as well.
        """
        waiting = pending_from(cls)
        wanted: dict[tuple[MetaData, str | None], dict[str, None]] = {}
        for pending in waiting:
            for metadata, schema, name in _tables_of(pending):
                wanted.setdefault((metadata, schema), {})[name] = None
        with inspect(bind)._inspection_context() as inspector:
            for (metadata, schema), names in wanted.items():
                metadata.reflect(
                    inspector.bind,
                    schema=schema,
                    only=list(names),
                    extend_existing=True,
                    autoload_replace=False,
                    **reflect_kw,
                )
        for pending in waiting:
            pending.map()


def _tables_of(pending: Pending) -> Iterator[tuple[MetaData, str | None, str]]:
    """
    Yield metadata, schema and name of a class's table and of the association tables it names.
    """
    if isinstance(pending.table, Table):
        yield pending.table.metadata, pending.table.schema, pending.table.name
    for prop in pending.properties.values():
        if not isinstance(prop, RelationshipProperty):
            continue
        secondary = prop._given_secondary
        if isinstance(secondary, Table):
            yield secondary.metadata, secondary.schema, secondary.name
        elif isinstance(secondary, str):
            schema, _, name = secondary.rpartition(".")
            yield pending.scan.metadata, schema or pending.scan.metadata.schema, name
