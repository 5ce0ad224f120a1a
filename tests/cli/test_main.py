"""The script itself: how it is started, helps, and says what is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import relvar

ROOT = Path(__file__).parent.parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src")}

Command = Callable[..., Any]


def python(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, env=ENVIRONMENT, **options
    )


def test_python_m_relvar() -> None:
    done = python("-m", "relvar", "--version")
    assert (done.returncode, done.stdout) == (0, f"relvar, version {relvar.__version__}\n"), done.stderr


def test_the_script_is_declared_and_its_extra_installed_for_tests() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["scripts"] == {"relvar": "relvar.cli.main:main"}
    for requirement in project["project"]["optional-dependencies"]["cli"]:
        assert requirement in project["dependency-groups"]["test"]


def test_without_click_it_says_what_to_install() -> None:
    code = "import sys; sys.modules['click'] = None; from relvar.cli.main import main; main()"
    done = python("-c", code)
    assert done.returncode == 2
    assert done.stderr == (
        'relvar: error: its commands need click, which is not installed: pip install "relvar[cli]"\n'
    )


def test_click_is_imported_by_commands_only() -> None:
    done = python("-c", "import relvar, relvar.orm, relvar.cli.main, sys; print('click' in sys.modules)")
    assert done.stdout == "False\n"


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "many.py").write_text(
        "from relvar import Column, Integer, MetaData, Table\n"
        "metadata = MetaData()\n"
        "for i in range(1500):\n"
        "    Table(f't{i}', metadata, Column('id', Integer, primary_key=True))\n"
    )
    command = f"{sys.executable} -m relvar sql many | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, env=ENVIRONMENT, cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("CREATE TABLE t0 (\n", "")


def test_help_lists_the_commands(relvar_command: Command) -> None:
    done = relvar_command("--help")
    assert done.code == 0
    for name in ("shell", "sql"):
        assert f"\n  {name} " in done.out


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["frobnicate"], "No such command 'frobnicate'. (see relvar --help)"),
        (["shell"], "Missing argument 'URL'. (see relvar shell --help)"),
        (
            ["shell", "bad"],
            "'bad' is no database URL; one looks like sqlite:///shop.db or postgresql+psycopg://user:passwo",
        ),
        (["shell", "sqlite:///nothing.db"], "there is no database file nothing.db"),
        (["shell", "foo://"], "Can't load plugin: sqlalchemy.dialects:foo (known dialects: "),
        (
            ["shell", "oracle+cx_oracle://x"],
            "No module named 'cx_Oracle'; the oracle dialect needs the driver",
        ),
        (
            ["shell", "postgresql+psycopg://u:geheim@127.0.0.1:1/x"],
            "connection failed: connection to server at",
        ),
        (
            ["shell", "postgresql+asyncpg://u:geheim@h/x"],
            "postgresql+asyncpg is a driver for asyncio, which commands do not use; name another, or postgre",
        ),
        (["sql", "no_such_module"], "there is no module 'no_such_module', looked for from "),
        (["sql", "no/such.py"], "there is no file no/such.py"),
        (["sql", "empty"], "empty has no tables"),
        (["sql", "wrong"], "wrong does not import: NameError: name 'nonsense' is not defined ("),
        (["sql", "lacks"], "lacks does not import: ModuleNotFoundError: No module named 'no_such' ("),
        (["sql", "not_python.py"], "not_python.py does not import: SyntaxError: "),
        (["sql", "leaves"], "leaves does not import: SystemExit: 3 ("),
    ],
)
def test_errors_are_one_line(
    relvar_command: Command, workplace: Path, arguments: list[str], error: str
) -> None:
    (workplace / "empty.py").write_text("from relvar import Table\n")
    (workplace / "wrong.py").write_text("\n\nnonsense\n")
    (workplace / "lacks.py").write_text("import no_such\n")
    (workplace / "not_python.py").write_text("def :\n")
    (workplace / "leaves.py").write_text("import sys\nsys.exit(3)\n")
    done = relvar_command(*arguments)
    assert done.code == 2 and done.out == ""
    assert done.err.startswith(f"relvar: error: {error}")
    assert done.err.count("\n") == 1
    assert "geheim" not in done.err and "sqlalche.me" not in done.err


def test_the_line_of_a_module_that_does_not_import(relvar_command: Command, workplace: Path) -> None:
    (workplace / "deep.py").write_text("import relvar\n\nrelvar.Column('a', 'b', 'c')\n")
    done = relvar_command("sql", "deep")
    assert done.err.endswith(f"({workplace}/deep.py, line 3)\n")


@pytest.mark.filterwarnings("default:careful")
def test_warnings_of_a_module_are_one_line(relvar_command: Command, workplace: Path) -> None:
    (workplace / "loud.py").write_text(
        "import warnings\nfrom relvar import *\nwarnings.warn('careful\\nplease')\n"
        "t = Table('t', MetaData(), Column('id', Integer))\n"
    )
    done = relvar_command("sql", "loud")
    assert done.code == 0
    assert done.err == f"relvar: warning: careful; please ({workplace}/loud.py, line 3)\n"
