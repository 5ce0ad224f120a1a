"""``relvar migrate-imports``: programs for SQLAlchemy import relvar."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]

REWRITTEN = {
    "a module": (
        "import sqlalchemy\nx = sqlalchemy.select(sqlalchemy.text('sqlalchemy'))  # sqlalchemy\n",
        "import relvar\nx = relvar.select(relvar.text('sqlalchemy'))  # sqlalchemy\n",
    ),
    "under another name": ("import sqlalchemy as sa\nsa.Table\n", "import relvar as sa\nsa.Table\n"),
    "a submodule": (
        "import sqlalchemy.orm\nsqlalchemy.orm.Session; sqlalchemy . text\n",
        "import relvar.orm\nrelvar.orm.Session; relvar . text\n",
    ),
    "a submodule under another name": ("import sqlalchemy.orm as orm\n", "import relvar.orm as orm\n"),
    "among others": (
        "import os, sqlalchemy.orm,  sqlalchemy as s , sys\n",
        "import os, relvar.orm,  relvar as s , sys\n",
    ),
    "names": ("from sqlalchemy import select, orm as o\n", "from relvar import select, orm as o\n"),
    "names of a submodule": (
        "from sqlalchemy.orm import (  # sqlalchemy\n    Session,\n)\nif 1: from sqlalchemy.exc import *\n",
        "from relvar.orm import (  # sqlalchemy\n    Session,\n)\nif 1: from relvar.exc import *\n",
    ),
    "strange spaces": (
        "from  sqlalchemy . orm   import Session\nfrom \\\n  sqlalchemy import text\n",
        "from  relvar . orm   import Session\nfrom \\\n  relvar import text\n",
    ),
    "names kept elsewhere": (
        "from sqlalchemy.engine.cursor import CursorResult as R\n",
        "from relvar.rows.cursor import CursorResult as R\n",
    ),
    "names of a module that is gone": (
        "from sqlalchemy.future import select\n",
        "from relvar import select\n",
    ),
    "only for type checkers": (
        (
            "if TYPE_CHECKING:\n    import sqlalchemy.orm\n    from sqlalchemy import Engine\n"
            "def f(a: 'sqlalchemy.orm.Session', b: \"list[sqlalchemy.Table]\") -> 'sqlalchemy.Row': ...\n"
            "x: Mapped['sqlalchemy.JSON'] = cast('sqlalchemy.JSON', 'sqlalchemy.JSON')\n"
            "y: Literal['sqlalchemy.text']\n"
        ),
        (
            "if TYPE_CHECKING:\n    import relvar.orm\n    from relvar import Engine\n"
            "def f(a: 'relvar.orm.Session', b: \"list[relvar.Table]\") -> 'relvar.Row': ...\n"
            "x: Mapped['relvar.JSON'] = cast('relvar.JSON', 'sqlalchemy.JSON')\n"
            "y: Literal['sqlalchemy.text']\n"
        ),
    ),
    "in f-strings": (
        "import sqlalchemy\nf'sqlalchemy {sqlalchemy.text} {\"é\"} {sqlalchemy.func:>{sqlalchemy.null}}'\n",
        "import relvar\nf'sqlalchemy {relvar.text} {\"é\"} {relvar.func:>{relvar.null}}'\n",
    ),
    "a name of the file's own as well": (
        (
            "try:\n    import sqlalchemy\n    import sqlalchemy.orm, os\n"
            "except ImportError:\n    sqlalchemy = None\nsqlalchemy.text\n"
        ),
        (
            "try:\n    import relvar as sqlalchemy\n    import relvar.orm, relvar as sqlalchemy, os\n"
            "except ImportError:\n    sqlalchemy = None\nsqlalchemy.text\n"
        ),
    ),
    "relvar is something else here": (
        "import sqlalchemy\ndef f(relvar): return sqlalchemy.text(relvar)\n",
        "import relvar as sqlalchemy\ndef f(relvar): return sqlalchemy.text(relvar)\n",
    ),
    "not SQLAlchemy's": (
        "from .sqlalchemy import text\nfrom . import sqlalchemy\nimport sqlalchemy_utils\nsqlalchemy.x\n",
        "from .sqlalchemy import text\nfrom . import sqlalchemy\nimport sqlalchemy_utils\nsqlalchemy.x\n",
    ),
    "tabs, form feeds, no end of line": (
        "if 1:\n\timport sqlalchemy\n\x0c\nsqlalchemy.text",
        "if 1:\n\timport relvar\n\x0c\nrelvar.text",
    ),
    "ends of lines": (
        "import sqlalchemy\r\nx = '''\r\n'''\r\nsqlalchemy.text\r\n",
        "import relvar\r\nx = '''\r\n'''\r\nrelvar.text\r\n",
    ),
}


@pytest.mark.parametrize("case", list(REWRITTEN))
def test_rewritten(relvar_command: Command, workplace: Path, case: str) -> None:
    before, after = REWRITTEN[case]
    file = workplace / "a.py"
    file.write_bytes(before.encode())
    done = relvar_command("migrate-imports", "a.py")
    assert file.read_bytes().decode() == after
    changed = int(before != after)
    files = "1 file" if changed else "0 files"
    assert (done.code, done.out, done.err) == (0, "", f"changed {files}\n")
    assert relvar_command("migrate-imports", "a.py").err == "changed 0 files\n", "again"


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfimport sqlalchemy  # \xc3\xa4\n",
        b"# -*- coding: latin-1 -*-\nx = '\xe4'; import sqlalchemy; '\xe4', sqlalchemy.text\n",
    ],
)
def test_encodings_stay(relvar_command: Command, workplace: Path, content: bytes) -> None:
    (workplace / "a.py").write_bytes(content)
    relvar_command("migrate-imports", "a.py")
    assert (workplace / "a.py").read_bytes() == content.replace(b"sqlalchemy", b"relvar")


LACKING = """\
from sqlalchemy import select, nonsense
import sqlalchemy as sa
from sqlalchemy import (
    orm,
    more_nonsense,
)
sa.orm.Session.whatever, sa.orm.Sessions
orm.nope
import sqlalchemy.no_such
from sqlalchemy.none import x
from sqlalchemy.engine.cursor import CursorResult, Other
import_module("sqlalchemy.orm")
from sqlalchemy import __version__
from sqlalchemy.engine import cursor
"""


def test_what_relvar_lacks(relvar_command: Command, workplace: Path) -> None:
    (workplace / "a.py").write_text(LACKING)
    done = relvar_command("migrate-imports", "a.py")
    assert done.code == 1
    assert done.err.splitlines()[:-1] == [
        "a.py:1: relvar has no nonsense",
        "a.py:5: relvar has no more_nonsense",
        "a.py:7: relvar has no orm.Sessions",
        "a.py:8: relvar has no orm.nope",
        "a.py:9: relvar has no module no_such",
        "a.py:10: relvar has no none.x",
        "a.py:11: relvar has engine.cursor.CursorResult elsewhere: relvar.rows.cursor.CursorResult",
        "a.py:11: relvar has no engine.cursor.Other",
        "a.py:12: import_module() names 'sqlalchemy.orm' in a string: change it by hand",
        "a.py:13: __version__ is relvar's own, 0.1.0; its API is that of 2.1.9",
        "a.py:14: relvar has no module engine.cursor",
    ]


def test_a_dry_run_changes_nothing(relvar_command: Command, workplace: Path) -> None:
    (workplace / "a.py").write_text("import sqlalchemy as sa\n\nsa.Table")
    done = relvar_command("migrate-imports", "--dry-run", ".")
    assert done.out == (
        "--- a/a.py\n+++ b/a.py\n@@ -1,3 +1,3 @@\n-import sqlalchemy as sa\n+import relvar as sa\n"
        " \n sa.Table\n\\ No newline at end of file\n"
    )
    assert done.err == "would change 1 file\n"
    assert "sqlalchemy" in (workplace / "a.py").read_text()


def test_the_diff_can_be_applied(relvar_command: Command, workplace: Path) -> None:
    program = "# \xe4\r\nimport sqlalchemy\r\n\n\n\n\n\n\n\nsqlalchemy.text".encode()
    (workplace / "a.py").write_bytes(program)
    diff = relvar_command("migrate-imports", "--diff", "a.py").out
    rewritten = (workplace / "a.py").read_bytes()
    (workplace / "a.py").write_bytes(program)
    # what capsys gives is text: the diff itself is bytes
    command = [sys.executable, "-m", "relvar", "migrate-imports", "-n", "a.py"]
    source = str(Path(__file__).parent.parent.parent / "src")
    raw = subprocess.run(command, capture_output=True, env={"PYTHONPATH": source}).stdout
    assert raw.decode().splitlines() == diff.splitlines()
    subprocess.run(["git", "apply", "-p1"], input=raw, check=True)
    assert (workplace / "a.py").read_bytes() == rewritten


def test_folders(relvar_command: Command, workplace: Path) -> None:
    for name in ("a.py", "b/c.pyi", "b/notes.txt", ".hidden/x.py", "env/pyvenv.cfg", "env/x.py", "b/bad.py"):
        (workplace / name).parent.mkdir(exist_ok=True)
        (workplace / name).write_text("import sqlalchemy\n")
    (workplace / "b" / "bad.py").write_text("\nprint sqlalchemy\n")
    done = relvar_command("migrate-imports", "--json", ".")
    report = json.loads(done.out)
    assert done.code == 1
    assert report["changed"] == ["a.py", "b/c.pyi"]
    (problem,) = report["problems"]
    assert (problem["file"], problem["line"]) == ("b/bad.py", 2)
    assert problem["text"].startswith("not read, as it is no Python: ")
    assert (workplace / "env" / "x.py").read_text() == "import sqlalchemy\n"


def test_the_program_runs_as_before(relvar_command: Command, workplace: Path) -> None:
    (workplace / "program.py").write_text(
        "import sqlalchemy\nimport sqlalchemy.orm\nfrom sqlalchemy.dialects import postgresql\n"
        "engine = sqlalchemy.create_engine('sqlite://')\n"
        "with sqlalchemy.orm.Session(engine) as session:\n"
        "    print(session.scalar(sqlalchemy.select(sqlalchemy.literal(5))))\n"
    )
    assert relvar_command("migrate-imports", "program.py").code == 0
    source = str(Path(__file__).parent.parent.parent / "src")
    done = subprocess.run(
        [sys.executable, "program.py"], capture_output=True, text=True, env={"PYTHONPATH": source}
    )
    assert done.stdout == "5\n", done.stderr


@pytest.mark.parametrize("at_terminal", [True, False])
def test_how_far_it_is_is_shown_at_a_terminal(workplace: Path, at_terminal: bool) -> None:
    (workplace / "a.py").write_text("import sqlalchemy\n")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "relvar", "migrate-imports", "--dry-run", "."]
    environment = {"PYTHONPATH": str(Path(__file__).parent.parent.parent / "src"), "TERM": "xterm"}
    stderr = theirs if at_terminal else subprocess.PIPE
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=stderr, env=environment)
    os.close(theirs)
    shown = os.read(ours, 10_000) if at_terminal else done.stderr
    os.close(ours)
    assert (b"100%" in shown) is at_terminal
    assert shown.endswith((b"would change 1 file\r\n", b"would change 1 file\n"))
    assert b"%" not in done.stdout
