"""
``relvar sql``: print the DDL of a module's tables.
"""

from __future__ import annotations

import json
from typing import Any

import click

from relvar.cli.modules import load, metadata_of
from relvar.engine.mock import create_mock_engine
from relvar.schema import MetaData

__all__ = ["ddl_of", "sql"]


def ddl_of(metadata: MetaData, dialect: str, drop: bool = False) -> list[str]:
    """
    Return the statements that create, or drop, all tables of *metadata* in a database of that kind.

    >>> from relvar import Column, Integer, Table
    >>> metadata = MetaData()
    >>> _ = Table("t", metadata, Column("id", Integer, primary_key=True))
    >>> ddl_of(metadata, "postgresql", drop=True)
    ['DROP TABLE t']
    """
    statements: list[str] = []

    def write(statement: Any, parameters: Any) -> None:
        # not stripped line by line: literals may have lines of their own
        statements.append(str(statement.compile(dialect=engine.dialect)).strip())

    engine = create_mock_engine(f"{dialect}://", write)
    (metadata.drop_all if drop else metadata.create_all)(engine, checkfirst=False)
    return statements


@click.command()
@click.argument("module")
@click.option(
    "--dialect", "-d", default="sqlite", show_default=True, help="The database; its driver is not needed."
)
@click.option("--drop", is_flag=True, help="Print what drops the tables instead.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of statements.")
def sql(module: str, dialect: str, drop: bool, as_json: bool) -> None:
    """Print the DDL of the tables of MODULE (a name or a file), in the order in which it works."""
    statements = [
        statement for metadata in metadata_of(load(module)) for statement in ddl_of(metadata, dialect, drop)
    ]
    if as_json:
        click.echo(json.dumps(statements, indent=2))
        return
    for statement in statements:
        click.echo(f"{statement};\n")
