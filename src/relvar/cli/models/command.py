"""
``relvar models``: write classes for the tables of a database.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from relvar import MetaData, inspect
from relvar.cli.databases import connected
from relvar.cli.models.mariadb import restore_json
from relvar.cli.models.render import render_models
from relvar.cli.models.views import View, read_views

__all__ = ["models"]


def _chosen(names: tuple[str, ...]) -> Callable[[str, MetaData], bool] | None:
    return (lambda name, metadata: name in names) if names else None


@click.command()
@click.argument("url")
@click.option("--schema", "schemas", multiple=True, help="A schema to read; may be given again.")
@click.option(
    "--table",
    "tables",
    multiple=True,
    help="A table or view to read, with what it refers to; may be given again.",
)
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file.")
def models(url: str, schemas: tuple[str, ...], tables: tuple[str, ...], output: Path | None) -> None:
    """
    Write mapped classes for the tables of the database at URL, and its views.

    The same database gives the same module; a database that is created from it is the same again.
    """
    metadata = MetaData()
    with connected(url) as engine:
        inspector = inspect(engine)
        views: list[View] = []
        usual = inspector.default_schema_name
        # foreign keys name no schema where it is the usual one
        for schema in dict.fromkeys(None if name == usual else name for name in schemas or (None,)):
            metadata.reflect(engine, schema=schema, only=_chosen(tables), views=True)
            views += read_views(metadata, inspector, schema)
        missing = set(tables) - {table.name for table in metadata.tables.values()}
        if missing:
            raise click.ClickException(f"there is no table or view {', '.join(sorted(missing))}")
        if not metadata.tables:
            raise click.ClickException("there are no tables; --schema names a schema to look in")
        restore_json(metadata, engine)
        text = render_models(metadata, engine.dialect, views)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
