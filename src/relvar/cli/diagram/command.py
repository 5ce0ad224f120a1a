"""
``relvar diagram``: draw the tables of a database or a module.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from relvar import MetaData, make_url
from relvar.cli.databases import connected, is_url
from relvar.cli.diagram.graph import Graph, graph_of
from relvar.cli.diagram.mermaid import render_mermaid
from relvar.cli.diagram.svg import render_svg
from relvar.cli.modules import load, metadata_of

__all__ = ["diagram"]


def _graph(target: str, schemas: tuple[str, ...]) -> Graph:
    if not is_url(target):
        return graph_of(metadata_of(load(target)))
    metadata = MetaData()
    with connected(target) as engine:
        for schema in schemas or (None,):
            metadata.reflect(engine, schema=schema)
        return graph_of([metadata], engine.dialect)


def _format(output: Path | None) -> str:
    return "svg" if output is not None and output.suffix == ".svg" else "mermaid"


@click.command()
@click.argument("target", metavar="URL|MODULE")
@click.option(
    "--format",
    "-f",
    "wanted",
    type=click.Choice(["mermaid", "svg"]),
    help="By default SVG for a file whose name ends so, else Mermaid.",
)
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file.")
@click.option("--schema", "schemas", multiple=True, help="A schema of a database; may be given again.")
@click.option("--json", "as_json", is_flag=True, help="Print boxes and lines as JSON.")
def diagram(
    target: str, wanted: str | None, output: Path | None, schemas: tuple[str, ...], as_json: bool
) -> None:
    """Draw the tables of a database, or of a module (a name or a file), as Mermaid or SVG."""
    graph = _graph(target, schemas)
    if as_json:
        text = json.dumps(graph.as_dict(), indent=2) + "\n"
    elif (wanted or _format(output)) == "svg":
        title = make_url(target).database or target if is_url(target) else target
        text = render_svg(graph, title)
    else:
        text = render_mermaid(graph) + "\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
