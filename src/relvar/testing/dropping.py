"""Drop tables that tests made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar.testing.configuration import current_config
from relvar.testing.hooks import prepare_for_drop_tables


def drop_all_tables(
    engine: Any,
    inspector: Any,
    schema: str | None = None,
    consider_schemas: Sequence[str | None] = (None,),
    include_names: Sequence[str] | None = None,
) -> None:
    """Drop every table of a schema, or those named; foreign keys between them do not hinder."""
    from relvar import MetaData

    inspector.clear_cache()
    metadata = MetaData()
    names = [
        n for n in inspector.get_table_names(schema=schema) if include_names is None or n in include_names
    ]
    if names:
        metadata.reflect(engine, schema=schema, only=names, resolve_fks=False)
        drop_all_tables_from_metadata(metadata, engine)


def drop_all_tables_from_metadata(metadata: Any, engine_or_connection: Any) -> None:
    """Drop the tables of a MetaData, after what a database must do first has been done."""
    from relvar.engine.base import Engine

    def drop(connection: Any) -> None:
        prepare_for_drop_tables(current_config(), connection)
        metadata.drop_all(connection)

    if isinstance(engine_or_connection, Engine):
        with engine_or_connection.begin() as connection:
            drop(connection)
    else:
        drop(engine_or_connection)
