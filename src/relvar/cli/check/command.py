"""
``relvar check``: read mapped classes and say what is likely wrong.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Sequence
from dataclasses import asdict
from types import ModuleType
from typing import Any

import click

from relvar.cli.check.drift import check_drift
from relvar.cli.check.finding import CODES, Finding
from relvar.cli.check.loads import check_loads
from relvar.cli.check.places import located, programs_of
from relvar.cli.check.relations import check_relations
from relvar.cli.check.tables import check_tables
from relvar.cli.databases import connected
from relvar.cli.modules import load, mappers_of
from relvar.orm import Mapper

__all__ = ["check", "findings_of"]


def findings_of(module: ModuleType, mappers: Sequence[Mapper[Any]], url: str | None = None) -> list[Finding]:
    """
    Return what is found in the classes of a module, by place.
    """
    names = dict.fromkeys([module.__name__, *(mapper.class_.__module__ for mapper in mappers)])
    programs = programs_of(sys.modules[name] for name in names if name in sys.modules)

    found = [*check_tables(mappers), *check_relations(mappers), *check_loads(mappers, programs)]
    if url is not None:
        with connected(url) as engine:
            found += check_drift(mappers, engine)
            if engine.dialect.name in ("mysql", "mariadb"):
                # InnoDB makes an index for each foreign key: https://mariadb.com/kb/en/foreign-keys/
                found = [finding for finding in found if finding.code != "RV101"]
    return located(dict.fromkeys(found), programs)


def _codes(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    codes = tuple(code.strip().upper() for value in values for code in value.split(",") if code.strip())
    for code in codes:
        if not any(known.startswith(code) for known in CODES):
            raise click.BadParameter(f"{code} is no code; there are {', '.join(CODES)}")
    return codes


def _list_codes(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        for code, text in CODES.items():
            click.echo(f"{code}  {text}")
        ctx.exit()


@click.command()
@click.argument("module")
@click.option("--url", help="A database to compare with.")
@click.option(
    "--ignore", multiple=True, callback=_codes, help="Codes, or their beginnings, to leave out: RV202,RV4."
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of findings.")
@click.option(
    "--codes", is_flag=True, is_eager=True, expose_value=False, callback=_list_codes, help="List the codes."
)
def check(module: str, url: str | None, ignore: tuple[str, ...], as_json: bool) -> int:
    """
    Read the mapped classes of MODULE (a name or a file) and say what is likely wrong.

    The exit code is 1 if something was found.
    """
    with warnings.catch_warnings():
        # what configuring warns of is said below, with its place
        warnings.simplefilter("ignore")
        loaded = load(module)
        mappers = mappers_of(loaded)
        for registry in dict.fromkeys(mapper.registry for mapper in mappers):
            registry.configure(cascade=True)
    found = [f for f in findings_of(loaded, mappers, url) if not f.code.startswith(ignore)]
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], indent=2))
    else:
        for finding in found:
            click.echo(str(finding))
    return 1 if found else 0
