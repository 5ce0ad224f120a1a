"""
The package is found by its entry points once it is installed, and relvar knows nothing of it.
"""

from __future__ import annotations

import doctest
import importlib.util
import os
import pkgutil
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import relvar_redshift

import relvar
from relvar import (
    Column,
    Identity,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    insert,
    make_url,
    select,
    text,
)

PACKAGE = Path(relvar_redshift.__file__).parents[2]
# Installed packages, without any that is installed to be edited: these would be found too.
PROBE = """
import sys
sys.path[:0] = {paths!r}
import relvar
engine = relvar.create_engine("redshift+psycopg2://u:p@host:5439/d")
print(type(engine.dialect).__name__, "relvar_redshift" in sys.modules)
print(relvar.create_engine("redshift+psycopg://h/d").dialect.driver)
"""


@pytest.mark.feature("S019")
def test_it_is_found_when_installed_with_pip(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(PACKAGE / name, source)
    shutil.copytree(
        PACKAGE / "src", source / "src", ignore=shutil.ignore_patterns("*.egg-info", "__pycache__")
    )
    place = tmp_path / "packages"
    alone = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"),
            *("--disable-pip-version-check", "--target", str(place), str(source)),
        ],
        check=True,
        cwd=tmp_path,
        env=alone,
    )
    # as a program of its own sees it
    paths = [str(place), str(Path(relvar.__file__).parents[1])]
    run = subprocess.run(
        [sys.executable, "-c", PROBE.format(paths=paths)], capture_output=True, text=True, cwd=tmp_path
    )
    assert run.stdout.split() == ["RedshiftDialect_psycopg2", "True", "psycopg"], run.stderr


def test_relvar_does_not_import_it() -> None:
    for path in Path(relvar.__file__).parent.rglob("*.py"):
        assert "relvar_redshift" not in path.read_text(), path


def test_examples_in_docstrings() -> None:
    for module in pkgutil.iter_modules(relvar_redshift.__path__):
        found = doctest.testmod(
            importlib.import_module(f"relvar_redshift.{module.name}"),
            optionflags=doctest.NORMALIZE_WHITESPACE,
        )
        assert found.failed == 0, module.name


def test_urls_give_the_drivers_arguments() -> None:
    connector = pytest.importorskip("redshift_connector")
    engine = create_engine("redshift://h/d")
    assert (engine.dialect.name, engine.dialect.dbapi) == ("redshift", connector)
    url = make_url(
        "redshift+redshift_connector://u:p@h:5439/d?ssl=false&timeout=7&cluster_identifier=c&iam=true"
    )
    assert engine.dialect.create_connect_args(url) == (
        [],
        {
            "host": "h",
            "port": 5439,
            "user": "u",
            "password": "p",
            "database": "d",
            "ssl": False,
            "timeout": 7,
            "cluster_identifier": "c",
            "iam": True,
        },
    )


@pytest.mark.skipif(importlib.util.find_spec("psycopg2cffi") is not None, reason="the driver is there")
def test_a_missing_driver_says_what_to_install() -> None:
    with pytest.raises(ImportError, match="pip install .*psycopg2cffi"):
        create_engine("redshift+psycopg2cffi://h/d")


def test_libpq_is_told_what_redshift_needs() -> None:
    url = make_url("redshift+psycopg://u:p@h:5439/d")
    dialect = create_engine(url).dialect
    _, options = dialect.create_connect_args(url)
    assert (options["sslmode"], options["client_encoding"], options["prepare_threshold"]) == (
        "require",
        "utf8",
        None,
    )
    assert not dialect.use_native_hstore
    _, options = dialect.create_connect_args(url.update_query_dict({"sslmode": "verify-full"}))
    assert options["sslmode"] == "verify-full"


def test_a_redshift_is_not_asked_what_came_after_postgresql_8() -> None:
    said = "PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2, Redshift 1.0.51304"
    sent: list[str] = []

    class Connection:
        connection = type("Pooled", (), {"dbapi_connection": None})

        def exec_driver_sql(self, statement: str) -> Any:
            sent.append(statement)
            return self

        def scalar(self) -> str:
            return "public" if "schema" in sent[-1] else said

    dialect = relvar_redshift.RedshiftDialect_psycopg2()
    dialect.get_default_isolation_level = lambda connection: "SERIALIZABLE"
    dialect.initialize(Connection())
    assert dialect.is_redshift
    assert (dialect.server_version_info, dialect.default_schema_name) == ((8, 0, 2), "public")
    assert sent == ["select version()", "select pg_catalog.version()", "select current_schema()"]


def test_errors_that_can_be_tried_again() -> None:
    dialect = relvar_redshift.RedshiftDialect_psycopg2()
    conflict = Exception("ERROR: 1023\nDETAIL: Serializable isolation violation on table - 100100")
    assert dialect.is_retryable(conflict)
    assert not dialect.is_retryable(Exception("syntax error"))


# -- on a real one


def test_tables_on_redshift(live_engine: Any) -> None:
    """Whoever has a Redshift: tables with its attributes are made, filled, and read back as they are."""
    metadata = MetaData()
    table = Table(
        "relvar_probe",
        metadata,
        Column("id", Integer, Identity(always=True), primary_key=True),
        Column("name", String(20), redshift_encode="lzo"),
        Column("data", relvar_redshift.SUPER),
        redshift_diststyle="KEY",
        redshift_distkey="id",
        redshift_sortkey=["name", "id"],
    )
    metadata.drop_all(live_engine)
    metadata.create_all(live_engine)
    try:
        with live_engine.begin() as conn:
            conn.execute(insert(table), [{"name": "a", "data": {"x": [1]}}])
            assert conn.execute(select(table.c.name, table.c.data)).one() == ("a", {"x": [1]})
        found = Table("relvar_probe", MetaData(), autoload_with=live_engine)
        options = found.dialect_options["redshift"]
        assert (options["diststyle"], options["distkey"], options["sortkey"]) == ("KEY", "id", ["name", "id"])
        assert found.c.id.identity is not None
        assert found.c.name.dialect_options["redshift"]["encode"] == "lzo"
    finally:
        with live_engine.begin() as conn:
            conn.execute(text("DROP TABLE IF EXISTS relvar_probe"))
