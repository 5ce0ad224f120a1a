"""``relvar sql``: the DDL of a module."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]

MODELS = """
from relvar import ForeignKey, JSON, MetaData, String, Table, Column, Integer
from relvar.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    pass

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30), server_default="x; y")

class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

other = MetaData()
Table("log", other, Column("id", Integer), Column("what", JSON))
"""


@pytest.fixture
def models(workplace: Path) -> str:
    (workplace / "models.py").write_text(MODELS)
    return "models"


def test_the_printed_script_runs(relvar_command: Command, models: str) -> None:
    done = relvar_command("sql", models)
    assert done.code == 0 and done.err == ""
    connection = sqlite3.connect(":memory:")
    connection.executescript(done.out)
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert names == {"users", "posts", "log"}
    connection.close()


def test_of_another_database_without_its_driver(relvar_command: Command, models: str) -> None:
    assert "id SERIAL NOT NULL" in relvar_command("sql", models, "--dialect", "postgresql").out
    assert "AUTO_INCREMENT" in relvar_command("sql", models, "-d", "mysql").out
    assert "NUMBER" not in relvar_command("sql", models, "-d", "oracle").out
    done = relvar_command("sql", models, "-d", "nodb")
    assert done.code == 2 and "Can't load plugin" in done.err


def test_what_a_database_cannot_have_is_an_error(relvar_command: Command, workplace: Path) -> None:
    (workplace / "arrays.py").write_text(
        "from relvar import *\nmetadata = MetaData()\nTable('t', metadata, Column('a', ARRAY(Integer)))\n"
    )
    done = relvar_command("sql", "arrays", "-d", "mysql")
    assert done.code == 2 and done.err.startswith("relvar: error: (in table 't', column 'a')")


def test_as_json_and_dropping(relvar_command: Command, models: str) -> None:
    statements = json.loads(relvar_command("sql", models, "--drop", "--json").out)
    assert statements == ["DROP TABLE posts", "DROP TABLE users", "DROP TABLE log"]


def test_a_file_in_a_package(relvar_command: Command, workplace: Path) -> None:
    package = workplace / "project" / "shop"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "base.py").write_text(MODELS)
    (package / "classes.py").write_text("from .base import User\n")
    done = relvar_command("sql", "project/shop/classes.py")
    assert done.code == 0, done.err
    assert "CREATE TABLE posts" in done.out and "CREATE TABLE log" not in done.out


def test_a_module_for_sqlalchemy(workplace: Path) -> None:
    import os
    import subprocess
    import sys

    (workplace / "theirs.py").write_text(MODELS.replace("from relvar", "from sqlalchemy"))
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent.parent / "src")}
    command = [sys.executable, "-m", "relvar", "--as-sqlalchemy", "sql", "theirs"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0 and "CREATE TABLE users" in done.stdout, done.stderr
