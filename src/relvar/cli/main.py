"""
The entry of the script: run a command, and say errors in one line.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

__all__ = ["main"]

_NEEDS = 'relvar: error: its commands need click, which is not installed: pip install "relvar[cli]"'


def main(arguments: Sequence[str] | None = None) -> None:
    """
    Run the command that *arguments*, or else the command line, ask for.

    Raises:
        SystemExit: Always: 0 where all went well, 1 where a command found something, 2 for errors.
    """
    try:
        from relvar.cli.app import run
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        print(_NEEDS, file=sys.stderr)
        sys.exit(2)
    try:
        code = run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # who reads has seen enough; what is left to write must not fail again when the interpreter ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)
