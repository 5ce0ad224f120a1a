"""
``relvar shell``: a Python shell with a database at hand.
"""

from __future__ import annotations

import ast
import code
import sys
from typing import Any

import click

from relvar import Engine, ForeignKeyConstraint, MetaData, Table, func, inspect, select, text
from relvar.cli.databases import connected
from relvar.cli.models import keys
from relvar.cli.models.names import class_name, free_name
from relvar.ext.automap import automap_base
from relvar.orm import Session

__all__ = ["reflected", "shell"]


def reflected(engine: Engine, schema: str | None = None) -> tuple[dict[str, Any], MetaData]:
    """
    Return classes for the tables that have a primary key, by name (``User`` for ``users``), and all tables.
    """
    base = automap_base()
    taken: set[str] = set()

    def name_class(base: type[Any], tablename: str, table: Table) -> str:
        name = class_name(tablename, taken)
        taken.add(name)
        return name

    base.prepare(
        autoload_with=engine,
        schema=schema,
        classname_for_table=name_class,
        name_for_scalar_relationship=_reference_name,
        name_for_collection_relationship=_collection_name,
    )
    return dict(base.classes.items()), base.metadata


def _reference_name(base: Any, local: Any, referred: Any, key: ForeignKeyConstraint) -> str:
    """
    Name a reference as ``relvar models`` does.
    """
    return free_name(keys.reference_names(key), local.__table__.c.keys())


def _collection_name(base: Any, local: Any, referred: Any, key: ForeignKeyConstraint) -> str:
    """
    Name a collection as ``relvar models`` does: of what refers to the class, or is associated with it.
    """
    here, there = local.__table__, referred.__table__
    if key.parent is there:
        both = [other for table in {here, there} for other in keys.foreign_keys(table)]
        is_only = sum({other.parent, other.referred_table} == {here, there} for other in both) == 1
        reference = _reference_name(base, referred, local, key)
        wishes = keys.collection_names(key, reference, is_scalar=False, is_only=is_only)
    else:
        (far,) = (other for other in keys.foreign_keys(key.parent) if other is not key)
        wishes = keys.many_names(key.parent, far, is_only=here is not there)
    return free_name(wishes, here.c.keys())


@click.command()
@click.argument("url")
@click.option("--command", "-c", "command", metavar="CODE", help="Run CODE, print its value, and leave.")
@click.option("--schema", help="The schema whose tables become classes.")
def shell(url: str, command: str | None, schema: str | None) -> None:
    """
    Open a Python shell on the database at URL.

    It has engine, session, text, select, func, inspect, metadata, and a class per table. What the session
    did is lost unless session.commit() is called. Without a terminal it runs what it reads from its input.
    """
    with connected(url) as engine, Session(engine) as session:
        classes, metadata = reflected(engine, schema)
        namespace: dict[str, Any] = classes | {
            "__name__": "__console__",
            "classes": classes,
            "engine": engine,
            "func": func,
            "inspect": inspect,
            "metadata": metadata,
            "select": select,
            "session": session,
            "text": text,
        }
        if command is not None:
            _run(command, "<command>", namespace)
        elif not sys.stdin.isatty():
            _run(sys.stdin.read(), "<stdin>", namespace)
        else:
            _interact(namespace, classes)


def _run(source: str, name: str, namespace: dict[str, Any]) -> None:
    """
    Run a program; if its last statement is an expression, print the value as a shell does.

    Raises:
        ClickException: The program raised something.
    """
    try:
        body = ast.parse(source, name).body
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), name, "exec"), namespace)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), name, "eval"), namespace)
            if value is not None:
                click.echo(repr(value))
    except Exception as error:
        raise click.ClickException(_of_program(error, name)) from error


def _of_program(error: Exception, name: str) -> str:
    """
    Return the text of an error, and in which line of the program it came up.
    """
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == name:
            line = trace.tb_lineno
        trace = trace.tb_next
    text = f"{type(error).__name__}: {error}"
    return f"{text} ({name}, line {line})" if line is not None else text


def _interact(namespace: dict[str, Any], classes: dict[str, Any]) -> None:
    """
    Read, run and print, with completion where the terminal has it.
    """
    try:
        import readline
        import rlcompleter

        readline.set_completer(rlcompleter.Completer(namespace).complete)
        readline.parse_and_bind("tab: complete")
    except ImportError:  # pragma: no cover  # Python was built without it
        pass
    names = ", ".join(classes) or "none"
    banner = f"engine, session, text, select, func, inspect, metadata; classes: {names}"
    code.interact(banner, local=namespace, exitmsg="")
