"""
``relvar.testing.pytest``: fixtures for the tests of an application.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import relvar

CONFTEST = """
import pytest
from application import Base
pytest_plugins = ["relvar.testing.pytest"]

@pytest.fixture(scope="session")
def relvar_metadata():
    return Base.metadata
"""
APPLICATION = """
from relvar import String, select
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column

class Base(DeclarativeBase): ...

class City(Base):
    __tablename__ = "city"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))

def add(engine, name):
    with Session(engine) as session:
        session.add(City(name=name))
        session.commit()
"""
TESTS = """
import pytest
from application import City, add
from relvar import String, select

@pytest.fixture
def anyio_backend():
    return "asyncio"

@pytest.mark.parametrize("name", ["Oslo", "Bergen"])
def test_session(relvar_session, relvar_engine, name):
    add(relvar_engine, name)
    relvar_session.add(City(name="Narvik"))
    relvar_session.commit()
    relvar_session.add(City(name="Moss"))
    relvar_session.rollback()
    assert set(relvar_session.scalars(select(City.name))) == {name, "Narvik"}

def test_connection(relvar_connection):
    assert relvar_connection.execute(select(City)).all() == []

@pytest.mark.anyio
@pytest.mark.parametrize("name", ["Oslo", "Bergen"])
async def test_async_session(relvar_async_session, name):
    relvar_async_session.add(City(name=name))
    await relvar_async_session.commit()
    assert (await relvar_async_session.scalars(select(City.name))).all() == [name]

@pytest.mark.anyio
async def test_async_connection(relvar_async_connection, relvar_async_engine):
    assert (await relvar_async_connection.execute(select(City))).all() == []
"""


def run(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    sources = str(Path(relvar.__file__).parent.parent)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((sources, str(place)))}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
        *arguments,
    ]
    return subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True)


@pytest.mark.one_mode
def test_what_tests_commit_is_rolled_back(url: str, tmp_path: Path) -> None:
    place = tmp_path / "application"
    place.mkdir()
    for name, text in (("conftest", CONFTEST), ("application", APPLICATION), ("test_it", TESTS)):
        (place / f"{name}.py").write_text(text)
    (place / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    ran = run(place, "--relvar-url", url)
    assert "6 passed" in ran.stdout, ran.stdout + ran.stderr


def test_the_server_is_named_in_the_ini_file(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nrelvar_url = oracle://localhost\n")
    (tmp_path / "test_it.py").write_text("def test_it(relvar_url): ...\n")
    ran = run(tmp_path, "-p", "relvar.testing.pytest")
    assert "knows how to make databases of SQLite, PostgreSQL, MySQL and MariaDB" in ran.stdout


def test_other_suites_do_not_import_relvar(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import sys\ndef test_it():\n    assert 'relvar' not in sys.modules\n"
    )
    ran = run(tmp_path)
    assert "1 passed" in ran.stdout, ran.stdout + ran.stderr
