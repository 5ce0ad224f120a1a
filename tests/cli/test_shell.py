"""``relvar shell``: a database at hand."""

from __future__ import annotations

import io
import os
import pty
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import relvar

Command = Callable[..., Any]


def make(engine: Any) -> None:
    """Tables with a foreign key, an association and no key at all."""
    with engine.begin() as connection:
        for statement in (
            "CREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(20))",
            "CREATE TABLE posts (id INT PRIMARY KEY, person INT,FOREIGN KEY (person) REFERENCES people (id))",
            "CREATE TABLE logs (line VARCHAR(20))",
            "INSERT INTO people VALUES (1, 'ann')",
            "INSERT INTO posts VALUES (1, 1)",
        ):
            connection.execute(relvar.text(statement))


@pytest.fixture
def there(engine: Any) -> str:
    make(engine)
    return str(engine.url.render_as_string(hide_password=False))


def test_classes_of_the_tables(relvar_command: Command, there: str) -> None:
    code = "[(p.name, [q.id for q in p.posts]) for p in session.scalars(select(Person))]"
    done = relvar_command("shell", there, "-c", code)
    assert (done.code, done.out, done.err) == (0, "[('ann', [1])]\n", "")


def test_a_reference_beside_a_column_of_its_name(relvar_command: Command, there: str) -> None:
    done = relvar_command(
        "shell",
        there,
        "-c",
        "p = session.get(Post, 1); p.person, p.person_ref.name, p.person_ref.posts == [p]",
    )
    assert done.out == "(1, 'ann', True)\n"


def test_what_else_is_there(relvar_command: Command, there: str) -> None:
    code = (
        "print(sorted(metadata.tables), sorted(classes))\n"
        "print(session.scalar(text('SELECT 1')), session.scalar(select(func.count(Post.id))))\n"
        "print(inspect(engine).has_table('posts'))"
    )
    done = relvar_command("shell", there, "-c", code)
    assert done.out == "['logs', 'people', 'posts'] ['Person', 'Post']\n1 1\nTrue\n"


def test_what_is_not_committed_is_lost(relvar_command: Command, there: str) -> None:
    relvar_command("shell", there, "-c", "session.get(Person, 1).name = 'bob'; session.flush()")
    assert relvar_command("shell", there, "-c", "session.get(Person, 1).name").out == "'ann'\n"
    relvar_command("shell", there, "-c", "session.get(Person, 1).name = 'bob'; session.commit()")
    assert relvar_command("shell", there, "-c", "session.get(Person, 1).name").out == "'bob'\n"


def test_a_program_from_the_input(
    relvar_command: Command, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("def f():\n    return 5\n\nf()\n"))
    assert relvar_command("shell", there).out == "5\n"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("1 +", "SyntaxError: invalid syntax"),
        ("x = 1\nnowhere", "NameError: name 'nowhere' is not defined (<command>, line 2)"),
        ("session.execute(text('SELECT nonsense'))", "OperationalError: "),
    ],
)
@pytest.mark.backends("sqlite")
def test_errors_of_the_program(relvar_command: Command, there: str, code: str, error: str) -> None:
    done = relvar_command("shell", there, "-c", code)
    assert done.code == 2 and done.err.startswith(f"relvar: error: {error}") and done.err.count("\n") == 1


def test_at_a_terminal(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "a.db").executescript("CREATE TABLE boxes (id INTEGER PRIMARY KEY)").close()
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(Path(relvar.__file__).parent.parent), "TERM": "dumb"}
    command = [sys.executable, "-m", "relvar", "shell", f"sqlite:///{tmp_path}/a.db"]
    process = subprocess.Popen(
        command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    os.write(ours, b"print(Box.__table__.name)\nexit()\n")
    out, err = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert "classes: Box" in err and "boxes" in out
    assert process.returncode == 0


@pytest.mark.backends("sqlite")
def test_several_ways_between_tables(relvar_command: Command, engine: Any) -> None:
    with engine.begin() as connection:
        for statement in (
            "CREATE TABLE users (id INTEGER PRIMARY KEY)",
            (
                "CREATE TABLE posts (id INTEGER PRIMARY KEY, author_id INT REFERENCES users, "
                "editor_id INT REFERENCES users, parent_id INT REFERENCES posts)"
            ),
            "CREATE TABLE tags (id INTEGER PRIMARY KEY)",
            "CREATE TABLE post_tags (post_id INT REFERENCES posts, tag_id INT REFERENCES tags)",
            "CREATE TABLE follows (follower_id INT REFERENCES users, followed_id INT REFERENCES users)",
        ):
            connection.execute(relvar.text(statement))
    code = "[sorted(inspect(c).relationships.keys()) for c in (User, Post, Tag)]"
    assert eval(relvar_command("shell", str(engine.url), "-c", code).out) == [
        ["author_posts", "editor_posts", "followed", "followers"],
        ["author", "children", "editor", "parent", "tags"],
        ["posts"],
    ]
