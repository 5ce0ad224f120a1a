"""
The commands by name, and what becomes of their errors.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TextIO

import click

from relvar import __version__, exc
from relvar.compat.finder import install_as_sqlalchemy

__all__ = ["app", "run"]

# name -> module and its function, with the line of the overview: nothing is imported for --help
_COMMANDS = {
    "check": ("relvar.cli.check.command:check", "Say what is likely wrong in mapped classes."),
    "diagram": ("relvar.cli.diagram.command:diagram", "Draw a schema as Mermaid or SVG."),
    "migrate-imports": (
        "relvar.cli.migrate.command:migrate_imports",
        "Turn imports of sqlalchemy into relvar's.",
    ),
    "models": ("relvar.cli.models.command:models", "Write mapped classes for the tables of a database."),
    "shell": ("relvar.cli.shell:shell", "Open a Python shell on a database."),
    "sql": ("relvar.cli.sql:sql", "Print the DDL of a module's tables."),
}


class _Commands(click.Group):
    """
    A group that imports a command when it is asked for.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, function = _COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), function)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in sorted(_COMMANDS.items())])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="relvar")
@click.option(
    "--as-sqlalchemy",
    is_flag=True,
    help="Let relvar stand in for SQLAlchemy in the modules that are read.",
)
def app(as_sqlalchemy: bool) -> None:
    """Look at databases and mapped classes, and move programs over."""
    if as_sqlalchemy:
        install_as_sqlalchemy()


def run(arguments: Sequence[str] | None) -> int:
    """
    Run a command; return what the process is to return.

    What a user can put right is one line on stderr, and 2; anything else is a mistake of relvar, with its
    traceback.
    """
    shown = warnings.showwarning
    warnings.showwarning = _warn
    try:
        code = app.main(
            args=None if arguments is None else list(arguments), prog_name="relvar", standalone_mode=False
        )
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 2
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx is not None else "relvar"
        return _fail(f"{error.format_message()} (see {path} --help)")
    except click.ClickException as error:
        return _fail(error.format_message())
    except (KeyboardInterrupt, click.Abort):
        return _fail("interrupted")
    except exc.DBAPIError as error:
        return _fail(str(error.orig))
    except exc.SQLAlchemyError as error:
        # the first argument is the text without the link that is added to it
        return _fail(str(error.args[0]) if error.args else type(error).__name__)
    finally:
        warnings.showwarning = shown
    return code if isinstance(code, int) else 0


def _warn(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """
    Show a warning in one line, with its place if that is in a module that was read.
    """
    is_ours = filename.startswith((str(Path(__file__).parent.parent), str(Path(click.__file__).parent)))
    place = "" if is_ours else f" ({filename}, line {lineno})"
    print(f"relvar: warning: {_one_line(str(message))}{place}", file=sys.stderr)


def _one_line(text: str) -> str:
    return "; ".join(part for part in (line.strip() for line in text.splitlines()) if part)


def _fail(text: str) -> int:
    """
    Say an error in one line.
    """
    print(f"relvar: error: {_one_line(text)}", file=sys.stderr)
    return 2
