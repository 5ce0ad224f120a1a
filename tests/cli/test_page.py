"""What docs/cli.md shows is what the commands print."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import relvar

PAGE = Path(__file__).parent.parent.parent / "docs" / "cli.md"
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


def test_the_page(relvar_command: Callable[..., Any], workplace: Path) -> None:
    for kind, block in BLOCK.findall(PAGE.read_text()):
        if kind != "console":
            named = re.match(r"# (\w+\.py)\n", block)
            if named:
                (workplace / named.group(1)).write_text(block)
            continue
        for command, shown in commands(block):
            out = printed(command, relvar_command)
            pattern = re.escape(shown.strip()).replace(r"\.\.\.", ".*")
            assert re.fullmatch(pattern, out.strip(), re.DOTALL), f"$ {command}\n{out}"
