"""Our own dialects, and one of another project, pass the conformance suite as their authors would run it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import relvar

HERE = Path(__file__).parent
SOURCE = Path(relvar.__file__).parent.parent
CLASSES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mariadb": "MariaDB"}

CONFTEST = """
from relvar.testing.plugin import plugin_base
from relvar.testing.plugin.pytestplugin import *


@plugin_base.post
def use_schema(options, file_config):
    from relvar.testing.configuration import Config

    for config in Config.all:
        config.test_schema = {schema!r}
"""

THIRD_PARTY = {
    "otherdb/__init__.py": "",
    "otherdb/dialect.py": """
from relvar.dialects.sqlite.drivers.pysqlite import SQLiteDialect_pysqlite


class OtherDialect(SQLiteDialect_pysqlite):
    name = "otherdb"
    driver = "other"
    supports_statement_cache = True
""",
    "otherdb/provision.py": """
from relvar.testing.provision import post_configure_engine, temp_table_keyword_args

used = []


@temp_table_keyword_args.for_db("otherdb")
def temp(cfg, eng):
    used.append("temp")
    return {"prefixes": ["TEMPORARY"]}


@post_configure_engine.for_db("otherdb")
def configure(url, engine, follower_ident):
    used.append("configure")
""",
    "conftest.py": """
from relvar.dialects import registry
from relvar.testing.plugin.pytestplugin import *

registry.register("otherdb.other", "otherdb.dialect", "OtherDialect")
registry.register("otherdb", "otherdb.dialect", "OtherDialect")
""",
    "requirements_other.py": """
from relvar.testing import exclusions
from requirements import SQLite


class Requirements(SQLite):
    @property
    def schemas(self):
        return exclusions.closed()

    @property
    def json_type(self):
        return exclusions.skip_if("otherdb", "no JSON here")
""",
    "test_suite.py": """
from relvar.testing.suite import *
from relvar.testing.suite import IntegerTest as _IntegerTest


class IntegerTest(_IntegerTest):
    def test_huge_int_auto_accommodation(self, connection):
        pass


def test_provisioning_was_loaded():
    from otherdb import provision

    assert "configure" in provision.used and "temp" in provision.used
""",
}


def run_suite(project: Path, files: dict[str, str], cls: str, dburi: str) -> tuple[int, int]:
    """Write a dialect's project and run its tests; return how many passed and were skipped."""
    config = (
        "[tool:pytest]\npython_files=test_*.py\n"
        f"[sqla_testing]\nrequirement_cls={cls}\n"
        f"[db]\ndefault={dburi.replace('%', '%%')}\n"
    )
    for name, text in {**files, "setup.cfg": config}.items():
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(text)
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
    done = subprocess.run([*command, "."], cwd=project, env=environment, capture_output=True, text=True)
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
    if made.get_backend_name() != "sqlite":
        with engine.begin() as conn:
            conn.exec_driver_sql(f"CREATE SCHEMA {name}")
    yield name
    if made.get_backend_name() != "sqlite":
        with engine.begin() as conn:
            conn.exec_driver_sql(
                f"DROP SCHEMA {name}" + (" CASCADE" if made.get_backend_name() == "postgresql" else "")
            )
    engine.dispose()


@pytest.mark.backends(
    "sqlite",
    "postgresql",
    "postgresql18",
    "postgresql18+psycopg2",
    "postgresql18+pg8000",
    "mariadb",
)
def test_our_dialects_conform(url: str, schema: str, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    cls = CLASSES[relvar.make_url(url).get_backend_name()]
    files = {
        "conftest.py": CONFTEST.format(schema=schema),
        "test_suite.py": "from relvar.testing.suite import *\n",
    }
    # In memory: nothing waits for the disk.
    passed, skipped = run_suite(
        project, files, f"requirements:{cls}", "sqlite://" if cls == "SQLite" else url
    )
    assert passed >= 240
    assert skipped <= passed / 3


def test_a_dialect_of_another_project_conforms(tmp_path: Path) -> None:
    files: dict[str, Any] = THIRD_PARTY
    passed, _ = run_suite(tmp_path, files, "requirements_other:Requirements", "otherdb+other://")
    assert passed >= 220
