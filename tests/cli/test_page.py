"""What pages show of commands is what these print."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import relvar

DOCS = Path(__file__).parent.parent.parent / "docs"
BLOCK = re.compile(r"^```(python|py|console)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def commands(block: str) -> Iterator[tuple[str, str]]:
    """Each line after a prompt, with what is shown below it."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def printed(command: str, relvar_command: Callable[..., Any]) -> str:
    program, *arguments = shlex.split(command)
    if program == "relvar":
        done = relvar_command(*arguments)
        assert done.code in (0, 1), done.err
        return str(done.err + done.out)
    assert program == "python"
    source = str(Path(relvar.__file__).parent.parent)
    ran = subprocess.run(
        [sys.executable, *arguments], env={"PYTHONPATH": source}, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def follow(page: Path, workplace: Path, relvar_command: Callable[..., Any]) -> None:
    """Write the files that a page shows, and run its commands, in its order."""
    for kind, block in BLOCK.findall(page.read_text()):
        if kind != "console":
            named = re.match(r"# ([\w/]+\.py)\n", block)
            if named:
                (workplace / named.group(1)).write_text(block)
            continue
        for command, shown in commands(block):
            if command.startswith("python -m pip "):
                continue
            out = printed(command, relvar_command)
            pattern = re.escape(shown.strip()).replace(r"\.\.\.", ".*")
            assert re.fullmatch(pattern, out.strip(), re.DOTALL), f"$ {command}\n{out}"


def test_the_page_of_the_commands(relvar_command: Callable[..., Any], workplace: Path) -> None:
    follow(DOCS / "cli.md", workplace, relvar_command)


def test_the_page_of_migrations(relvar_command: Callable[..., Any], workplace: Path) -> None:
    """Alembic is in the group "docs": make docs runs this."""
    pytest.importorskip("alembic")
    follow(DOCS / "migrations.md", workplace, relvar_command)
