"""
A package with a dialect for SQLAlchemy, built and installed as its authors would, works on relvar.

The package is ``nimbus`` beside this file: compilers, preparer, types, execution context and reflection of
its own, with entry points for SQLAlchemy and for relvar, on SQLite's driver.  With SQLAlchemy 2.1.9 the
programs print the same; ``make third-party`` compares releases of real packages
(docs/dialects/third-party.md).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

import relvar
from relvar.dialects.sqlite.base import SQLiteDialect

SOURCES = Path(relvar.__file__).parent.parent
PROJECT = Path(__file__).parent / "nimbus"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the package is installed, from its wheel."""
    pytest.importorskip("setuptools", reason="there is no setuptools, which builds the package")
    place = tmp_path_factory.mktemp("installed")
    shutil.copytree(PROJECT, place / "project")
    options = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(place / "packages")]
    run = subprocess.run([*command, str(place / "project")], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return place / "packages"


def run(code: str, installed: Path, *before: str) -> list[str]:
    """Run a program; return the lines it prints."""
    variables = {**os.environ, "PYTHONPATH": f"{SOURCES}{os.pathsep}{installed}", "PYTHONWARNINGS": "error"}
    command = [sys.executable, *before, "-c", textwrap.dedent(code)]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def as_sqlalchemy(code: str, installed: Path) -> list[str]:
    """Run a program that knows SQLAlchemy only."""
    return run("import relvar; relvar.install_as_sqlalchemy()\n" + textwrap.dedent(code), installed)


TABLES = """
from datetime import datetime
from sqlalchemy import *
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

engine = create_engine("nimbus+file:///:memory:?patience=3")
metadata = MetaData()
clouds = Table(
    "clouds", metadata,
    Column("id", Integer, primary_key=True), Column("name", String(20), nullable=False),
    Column("seen", DateTime), comment="what's up", nimbus_strict=True,
)
drops = Table(
    "drops", metadata,
    Column("id", Integer, Sequence("drop_ids"), primary_key=True),
    Column("cloud_id", ForeignKey("clouds.id")), Column("_size", Integer),
)
Index("by_size", drops.c._size)
"""


@pytest.mark.feature("E070")
def test_it_is_found_by_its_entry_points(installed: Path) -> None:
    assert as_sqlalchemy(
        """
        from importlib.metadata import version
        from sqlalchemy import create_engine, exc, make_url
        from sqlalchemy.dialects import registry

        print(version("nimbus-sqlalchemy"))
        for url in ("nimbus://", "nimbus+file://", "firebird://"):
            print(make_url(url).get_dialect())
        registry.register("stratus", "nimbus.dialect", "NimbusDialect")
        registry.register("stratus.low", "nimbus.dialect", "NimbusDialect")
        print(registry.load("stratus.low") is make_url("stratus://").get_dialect())
        print(create_engine("stratus+low://").connect().exec_driver_sql("SELECT 1").scalar())
        try:
            create_engine("nimbus+none://")
        except exc.NoSuchModuleError as error:
            print(str(error).partition(" (")[0])
        """,
        installed,
    ) == [
        "1.0",
        "<class 'nimbus.dialect.NimbusDialect'>",
        "<class 'nimbus.dialect.NimbusDialect'>",
        # SQLAlchemy has none, so that a package that is installed is meant
        "<class 'nimbus.dialect.NimbusDialect'>",
        "True",
        "1",
        "Can't load plugin: sqlalchemy.dialects:nimbus.none",
    ]


@pytest.mark.feature("E070")
def test_without_standing_in_only_relvars_group_is_read(installed: Path) -> None:
    assert run(
        """
        import sys
        import relvar

        print(relvar.create_engine("cirrus://").connect().scalar(relvar.select(relvar.func.now())))
        print(relvar.make_url("firebird://").get_dialect().__module__.split(".")[0])
        try:
            relvar.create_engine("nimbus://")
        except relvar.exc.NoSuchModuleError:
            print("not found", "sqlalchemy" in sys.modules)
        """,
        installed,
    ) == ["noon", "relvar", "not found False"]


@pytest.mark.feature("E070")
def test_its_compilers_write_every_statement(installed: Path) -> None:
    code = """
    from sqlalchemy.schema import CreateTable, SetTableComment
    def show(statement, **kw):
        print(" ".join(str(statement.compile(engine, compile_kwargs=kw)).split()))

    show(CreateTable(clouds)), show(CreateTable(drops)), show(SetTableComment(clouds))
    show(select(clouds.c.id % 2, func.now()).where(clouds.c.name.regexp_match("^a")).limit(2).offset(1))
    show(select(clouds.c.name.regexp_match("a", flags="i")), literal_binds=True)
    show(insert(clouds).values(name="a"))
    show(update(clouds).where(clouds.c.id == 1).values(name="b", seen=None))
    show(delete(clouds).where(clouds.c.id == 1), literal_binds=True)
    """
    assert as_sqlalchemy(TABLES + textwrap.dedent(code), installed) == [
        (
            "CREATE TABLE `clouds` ( `id` INTEGER, `name` TEXT NOT NULL, `seen` TEXT, PRIMARY KEY (`id`) ) "
            "STRICT"
        ),
        (
            "CREATE TABLE `drops` ( `id` INTEGER, `cloud_id` INTEGER, `_size` INTEGER, PRIMARY KEY (`id`), "
            "FOREIGN KEY(`cloud_id`) REFERENCES `clouds` (`id`) )"
        ),
        "SELECT 'what''s up'",
        (
            "SELECT `clouds`.`id` % ? AS `anon_1`, CURRENT_TIMESTAMP AS `now_1` FROM `clouds` "
            "WHERE `clouds`.`name` REGEXP '' || ? LIMIT ? OFFSET ?"
        ),
        "SELECT `clouds`.`name` REGEXP 'i' || 'a' AS `anon_1` FROM `clouds`",
        "INSERT INTO `clouds` (`name`) VALUES (?)",
        "UPDATE `clouds` SET `name` = ?, `seen` = ? WHERE `clouds`.`id` = ?",
        "DELETE FROM `clouds` WHERE `clouds`.`id` = 1",
    ]


@pytest.mark.feature("E070")
def test_its_context_runs_on_the_driver(installed: Path) -> None:
    code = """
    from nimbus.dialect import told
    metadata.create_all(engine)
    with engine.begin() as connection:
        result = connection.execute(insert(clouds), {"name": "ns", "seen": datetime(2024, 2, 29, 1, 2)})
        print(result.inserted_primary_key, result.returns_rows)
        connection.execute(insert(drops), [{"cloud_id": 1, "_size": n} for n in (3, 1)])
        told.clear()
        connection.execute(insert(clouds), [{"name": "as"}, {"name": "cu"}])
        print(told)  # of many rows no key is asked for
        print(connection.execute(insert(drops).values(_size=7)).inserted_primary_key)
        print(connection.scalar(Sequence("drop_ids")))
        print(connection.scalar(select(Sequence("other").next_value())))
        rows = connection.execute(update(clouds).where(clouds.c.id == 3).values(name="cb"))
        print(rows.rowcount)
        print(connection.execute(select(clouds).order_by(clouds.c.id)).all())
        names = select(clouds.c.name).order_by(clouds.c.id)
        print(connection.scalars(names.limit(1).offset(1)).all())
        print(connection.scalars(names.execution_options(nimbus_reversed=True)).all())
        print(connection.execute(delete(drops).where(drops.c._size > 2)).rowcount)
        told.clear()
        connection.execute(select(drops.c.id))
        print(told)
    print(engine.dialect.server_version_info > (3,), engine.dialect.default_schema_name)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        print(connection.get_isolation_level())
    """
    assert as_sqlalchemy(TABLES + textwrap.dedent(code), installed) == [
        "(1,) False",
        "[('cursor',), ('pre', 'INSERT')]",
        "(3,)",
        "4",
        "1",
        "1",
        "[(1, 'ns', datetime.datetime(2024, 2, 29, 1, 2)), (2, 'as', None), (3, 'cb', None)]",
        "['as']",
        "['cb', 'as', 'ns']",
        "2",
        "[('froms', ['drops']), ('cursor',), ('pre', 'SELECT')]",
        "True main",
        "AUTOCOMMIT",
    ]


@pytest.mark.feature("E070")
def test_its_tables_are_reflected(installed: Path) -> None:
    code = """
    metadata.create_all(engine)
    inspector = inspect(engine)
    print(inspector.get_table_names(), inspector.get_view_names(), inspector.has_table("rain"))
    print([(c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns("clouds")])
    found = MetaData()
    found.reflect(engine)
    t = found.tables["drops"]
    print(t.primary_key.columns.keys(), [key.target_fullname for key in t.foreign_keys])
    print([index.name for index in t.indexes])
    try:
        inspector.get_columns("rain")
    except exc.NoSuchTableError as error:
        print("no table", error)
    """
    assert as_sqlalchemy(TABLES + textwrap.dedent(code), installed) == [
        "['clouds', 'drops'] [] False",
        "[('id', 'INTEGER', True), ('name', 'TEXT', False), ('seen', 'TEXT', True)]",
        "['id'] ['clouds.id']",
        "['by_size']",
        "no table rain",
    ]


@pytest.mark.feature("E070")
def test_objects_are_mapped_to_its_tables(installed: Path) -> None:
    code = """
    class Base(DeclarativeBase): metadata = metadata
    class Cloud(Base):
        __table__ = clouds
        drops: Mapped[list["Drop"]] = relationship(back_populates="cloud")
    class Drop(Base):
        __table__ = drops
        cloud: Mapped["Cloud"] = relationship(back_populates="drops")

    metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Cloud(name="ns", drops=[Drop(_size=1), Drop(_size=2)]))
        session.commit()
        cloud = session.scalars(select(Cloud)).one()
        cloud.name = "as"
        session.delete(cloud.drops[0])
        session.commit()
        print(cloud.name, [(drop.id, drop._size) for drop in cloud.drops])
    """
    assert as_sqlalchemy(TABLES + textwrap.dedent(code), installed) == ["as [(2, 2)]"]


def test_a_dialect_hands_up_arguments_of_its_own() -> None:
    class Encoding(SQLiteDialect):
        supports_statement_cache = True

        def __init__(self, encoding: str | None = None, **kw: Any) -> None:
            super().__init__(encoding=encoding, **kw)
            self.encoding = encoding

    dialect = Encoding(encoding="utf8", label_length=20)
    assert (dialect.encoding, dialect.label_length) == ("utf8", 20)
    with pytest.raises(TypeError, match="Dialect 'sqlite' does not take the argument.s. 'encoding'"):
        SQLiteDialect(encoding="utf8")
