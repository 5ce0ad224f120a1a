"""Our own dialects, and one of another project, pass the conformance suite as their authors would run it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import relvar

HERE = Path(__file__).parent
SOURCE = Path(relvar.__file__).parent.parent
EXAMPLE = HERE.parent.parent / "examples" / "dialect"
CLASSES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mariadb": "MariaDB", "firebird": "Firebird"}
SUITES = {"Firebird": "from firebird_suite import *\n"}

CONFTEST = """
from relvar.testing.plugin import plugin_base
from relvar.testing.plugin.pytestplugin import *


@plugin_base.post
def use_schema(options, file_config):
    from relvar.testing.configuration import Config

    for config in Config.all:
        config.test_schema = {schema!r}
"""


def run_suite(project: Path, *options: str) -> tuple[int, int]:
    """Run the tests of a dialect's project; return how many passed and were skipped."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCE), str(HERE), str(project)])}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--tb=short",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
    ]
    done = subprocess.run(
        [*command, *options, "."], cwd=project, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|skipped)", done.stdout)}
    return counts["passed"], counts["skipped"]


@pytest.fixture
def schema(url: str) -> Iterator[str]:
    """The name of a second schema of the database."""
    made = relvar.make_url(url)
    name = "test_schema"
    if made.get_backend_name() == "mariadb":
        name = f"{made.database}_suite"
    engine = relvar.create_engine(url)
    has_schemas = made.get_backend_name() not in ("sqlite", "firebird")
    if has_schemas:
        with engine.begin() as conn:
            conn.exec_driver_sql(f"CREATE SCHEMA {name}")
    yield name
    if has_schemas:
        with engine.begin() as conn:
            conn.exec_driver_sql(
                f"DROP SCHEMA {name}" + (" CASCADE" if made.get_backend_name() == "postgresql" else "")
            )
    engine.dispose()


@pytest.mark.backends(
    "sqlite",
    "sqlite+aiosqlite",
    "postgresql",
    "postgresql18",
    "postgresql18+psycopg2",
    "postgresql18+pg8000",
    "postgresql18+asyncpg",
    "mariadb",
)
@pytest.mark.feature("E003")
def test_our_dialects_conform(url: str, schema: str, tmp_path: Path) -> None:
    conform(url, schema, tmp_path)


@pytest.mark.backends(
    "firebird", "firebird+firebirdsql", "firebird+firebirdsql_async", "firebird+fdb", "firebird5"
)
@pytest.mark.one_mode
@pytest.mark.feature("S012")
def test_firebird_conforms(url: str, schema: str, tmp_path: Path) -> None:
    conform(url, schema, tmp_path)


def conform(url: str, schema: str, tmp_path: Path) -> None:
    """Run the suite on a database."""
    project = tmp_path / "project"
    project.mkdir()
    cls = CLASSES[relvar.make_url(url).get_backend_name()]
    # In memory: nothing waits for the disk.
    database = f"{relvar.make_url(url).drivername}://" if cls == "SQLite" else url
    files = {
        "conftest.py": CONFTEST.format(schema=schema),
        "test_suite.py": SUITES.get(cls, "from relvar.testing.suite import *\n"),
        "setup.cfg": (
            "[tool:pytest]\npython_files=test_*.py\n"
            f"[sqla_testing]\nrequirement_cls=requirements:{cls}\n"
            f"[db]\ndefault={database.replace('%', '%%')}\n"
        ),
    }
    for name, text in files.items():
        (project / name).write_text(text)
    passed, skipped = run_suite(project)
    # there are no schemas in Firebird, no JSON and no EXCEPT
    assert passed >= (580 if cls == "Firebird" else 780)
    assert skipped <= passed / (1.4 if cls == "Firebird" else 3)


# requirements -> where the URL of a server is given that can't be started here
GIVEN = {"Oracle": "RELVAR_TEST_ORACLE", "MSSQL": "RELVAR_TEST_MSSQL", "Sybase": "RELVAR_TEST_SYBASE"}


@pytest.mark.parametrize("requirements", GIVEN)
def test_a_server_that_is_given_conforms(requirements: str, tmp_path: Path) -> None:
    url = os.environ.get(GIVEN[requirements])
    if url is None:
        pytest.skip(f"{GIVEN[requirements]} has no URL of a server")
    project = tmp_path / "project"
    project.mkdir()
    (project / "conftest.py").write_text("from relvar.testing.plugin.pytestplugin import *\n")
    (project / "test_suite.py").write_text("from relvar.testing.suite import *\n")
    (project / "setup.cfg").write_text(
        "[tool:pytest]\npython_files=test_*.py\n"
        f"[sqla_testing]\nrequirement_cls=requirements:{requirements}\n"
        f"[db]\ndefault={url.replace('%', '%%')}\n"
    )
    passed, _ = run_suite(project, "--dropfirst")
    assert passed >= 600


@pytest.mark.feature("E003")
def test_a_dialect_of_another_project_conforms(tmp_path: Path) -> None:
    """The project under examples: its own compilers, types, context, requirements and provisioning."""
    project = tmp_path / "project"
    shutil.copytree(EXAMPLE, project)
    passed, _ = run_suite(project, "--dburi", f"vaultdb+file:///{tmp_path}/vault.db", "--dropfirst")
    assert passed >= 600
