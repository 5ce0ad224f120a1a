"""
Run a program for SQLAlchemy on relvar: ``python -m relvar.run_as_sqlalchemy script.py`` or ``-m module``.
"""

from __future__ import annotations

import os
import runpy
import sys

from relvar.compat.finder import install_as_sqlalchemy

_USAGE = "usage: python -m relvar.run_as_sqlalchemy (script.py | -m module) [argument ...]"


def main(arguments: list[str]) -> None:
    """
    Run a script, or with ``-m`` a module, as Python would, with relvar as SQLAlchemy.

    Raises:
        SystemExit: Nothing to run was given; or the program raised it.
    """
    is_module = arguments[:1] == ["-m"]
    program = arguments[is_module:]
    if not program or (program[0].startswith("-") and not is_module):
        sys.exit(_USAGE)
    install_as_sqlalchemy()
    sys.argv[:] = program
    if is_module:
        # the current directory stands first already, as Python puts it there for -m
        runpy.run_module(program[0], run_name="__main__", alter_sys=True)
    else:
        sys.path[0] = os.path.dirname(os.path.abspath(program[0]))
        runpy.run_path(program[0], run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
