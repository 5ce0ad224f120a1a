"""
``import sqlalchemy`` gives relvar: the same objects, under the names and in the modules that programs know.

Each test runs a program of its own, as there is no way back for a process.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import textwrap
import venv
from pathlib import Path

import pytest

import relvar
from relvar.compat import pth
from relvar.run_as_sqlalchemy import main

ROOT = Path(__file__).parent.parent.parent
SOURCES = str(Path(relvar.__file__).parent.parent)


def python(*arguments: str, program: str = sys.executable, fails: bool = False, **environment: str) -> str:
    """
    Run Python with relvar in its path; return what it prints.
    """
    variables = {**os.environ, "PYTHONPATH": SOURCES, "PYTHONWARNINGS": "ignore", **environment}
    command = [program, *arguments]
    run = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=120)
    assert fails or run.returncode == 0, run.stderr
    return (run.stderr if fails else run.stdout).strip()


def standing_in(code: str, **kw: str) -> str:
    """
    Run code after relvar took SQLAlchemy's place.
    """
    return python("-c", "import relvar; relvar.install_as_sqlalchemy()\n" + textwrap.dedent(code), **kw)


def test_every_name_of_the_manifest_is_relvars() -> None:
    code = """
    import importlib, sys
    sys.path.insert(0, "tools")
    import face
    from relvar.util.moved import module_of

    faces = face.Faces()
    lacking, found = set(faces.lacking), 0
    for module, name, kind, home in faces.rows:
        if f"{module}.{name}" in lacking or home in lacking:
            continue
        value = getattr(importlib.import_module(module), name)
        found += 1
        if kind == "class" and isinstance(value, type) and value.__module__.startswith("sqlalchemy."):
            assert module_of(value).startswith("relvar."), value
            # what a pickle looks for
            assert getattr(importlib.import_module(value.__module__), value.__qualname__) is value
    print(found)
    """
    assert int(standing_in(textwrap.dedent(code))) > 1950


def test_the_objects_are_the_same_and_say_where_programs_look_for_them() -> None:
    code = """
    import sqlalchemy, sqlalchemy.orm, relvar.orm
    from sqlalchemy.engine import Engine
    from sqlalchemy.sql.schema import Column
    from sqlalchemy.dialects.postgresql import JSONB
    from sqlalchemy.ext.compiler import compiles

    assert sqlalchemy.Column is Column is relvar.Column
    assert sqlalchemy.orm.Session is relvar.orm.Session and sqlalchemy.event.listen is relvar.event.listen
    assert isinstance(relvar.create_engine("sqlite://"), Engine)
    assert sqlalchemy.__name__ == "sqlalchemy" and sqlalchemy.orm.exc is not sqlalchemy.exc

    @compiles(sqlalchemy.String)
    def text(type_, compiler, **kw):
        return "WORDS"

    print(sqlalchemy.schema.CreateTable(relvar.Table("t", relvar.MetaData(), Column("x", relvar.String))))
    for cls in (Column, JSONB, relvar.Integer, relvar.exc.IntegrityError, relvar.orm.Mapped, relvar.Row):
        print(cls.__module__)
    # loaded by the engine, after the installation
    print(type(relvar.create_engine("postgresql+psycopg://").dialect).__module__)
    """
    *create, _ = said = standing_in(code).split("\n")
    assert said[-7:] == [
        "sqlalchemy.sql.schema",
        "sqlalchemy.dialects.postgresql.json",
        "sqlalchemy.sql.sqltypes",
        "sqlalchemy.exc",
        "sqlalchemy.orm.base",
        "sqlalchemy.engine.row",
        "sqlalchemy.dialects.postgresql.psycopg",
    ]
    assert "x WORDS" in " ".join(create)


def test_modules_that_classes_name_are_those_that_are_imported() -> None:
    code = """
    import importlib, inspect, sys
    import sqlalchemy, sqlalchemy.orm
    from sqlalchemy.orm import Session

    for cls in (sqlalchemy.Column, sqlalchemy.String, sqlalchemy.exc.NoResultFound, Session, sqlalchemy.Row):
        assert getattr(sys.modules[cls.__module__], cls.__name__) is cls
        assert inspect.getmodule(cls).__name__ == cls.__module__
    assert sqlalchemy.sql.schema is sys.modules["sqlalchemy.sql.schema"]
    # what importing says of each is its own
    print(relvar.orm.__spec__.name, sqlalchemy.orm.__spec__.name)
    importlib.reload(sqlalchemy)
    import sqlalchemy.ext.hybrid, relvar.connectors
    sqlalchemy.__version__ = "1.4"
    print(relvar.__spec__.name, relvar.__version__ == "1.4")
    """
    assert standing_in(code) == "relvar.orm sqlalchemy.orm\nrelvar False"


def test_names_of_packages_and_older_names_of_types() -> None:
    code = """
    import importlib
    from sqlalchemy.dialects import mssql, mysql, postgresql
    from sqlalchemy.dialects.mssql.base import MSString
    from sqlalchemy.dialects.mysql.base import MSEnum, MSTinyInteger
    from sqlalchemy.dialects.postgresql.base import PGBit, PGUuid

    for name in ("dialects.mssql", "dialects.mysql", "ext.declarative", "orm.collections"):
        module = importlib.import_module(f"sqlalchemy.{name}")
        print(name, len(module.__all__) == len({n for n in module.__all__ if hasattr(module, n)}))
    print("TINYINT" in mysql.__all__, "DATETIME2" in mssql.__all__)
    print(PGBit is postgresql.BIT, PGUuid is postgresql.UUID, MSString is mssql.VARCHAR)
    print(MSEnum is mysql.ENUM, MSTinyInteger is mysql.TINYINT)
    """
    assert "False" not in standing_in(code)


def test_modules_and_functions_of_older_programs() -> None:
    code = """
    import warnings
    import sqlalchemy as sa
    import sqlalchemy.future.engine
    from sqlalchemy import dialects, future, orm
    from sqlalchemy.dialects import *
    from sqlalchemy.future import Engine, select
    from sqlalchemy.util.queue import Empty, Queue

    print(select is sa.select, Engine is future.engine.Engine is sa.Engine)
    print(future.create_engine is sa.create_engine)
    print({"mssql", "mysql", "oracle", "postgresql", "sqlite"} <= set(dialects.__all__) <= set(globals()))
    session = orm.create_session(sa.create_engine("sqlite://"), expire_on_commit=True)
    print(session.autoflush, session.expire_on_commit, session.scalar(sa.text("SELECT 1")))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        option = orm.contains_alias(sa.table("t").alias())
    print(type(option) is orm.AliasOption, [str(warning.message).partition(" is ")[0] for warning in caught])
    print(session.execute(sa.select(sa.literal(1)).options(option)).all())
    """
    assert standing_in(code) == (
        "True True\nTrue\nTrue\nFalse True 1\nTrue ['The AliasOption object']\n[(1,)]"
    )


def test_what_the_name_in_a_relationship_means() -> None:
    code = """
    from sqlalchemy import Column, ForeignKey, Integer
    from sqlalchemy.orm import declarative_base, relationship
    from sqlalchemy.orm.clsregistry import _class_resolver

    Base = declarative_base()
    class A(Base):
        __tablename__ = "a"
        id = Column(Integer, primary_key=True)
        others = relationship("B")
    class B(Base):
        __tablename__ = "b"
        id = Column(Integer, primary_key=True)
        a_id = Column(ForeignKey("a.id"))
    prop = A.others.property
    print(prop.argument, isinstance(prop.argument, _class_resolver))
    print(prop._clsregistry_resolve_name(prop.argument)() is B)
    """
    assert standing_in(code) == "B False\nTrue"


def test_versions() -> None:
    code = """
    import sqlalchemy
    from importlib import metadata
    print(sqlalchemy.__version__, metadata.version("SQLAlchemy"), metadata.version("sqlalchemy"))
    print("asyncio" in metadata.metadata("sqlalchemy").get_all("Provides-Extra"), relvar.__version__)
    print(sum(d.metadata["Name"].lower() == "sqlalchemy" for d in metadata.distributions(name="sqlalchemy")))
    """
    versions, rest, count = standing_in(code).split("\n")
    assert set(versions.split()) == {"2.1.9"}
    assert rest == f"True {relvar.__version__}"
    assert int(count) >= 1


def test_what_is_lacking_is_said_to_be_relvars() -> None:
    code = """
    import importlib.util, sqlalchemy, sqlalchemy.orm
    for line in (
        "from sqlalchemy import nothing",
        "from sqlalchemy.sql.elements import nothing",
        "sqlalchemy.nothing",
        "import sqlalchemy.nothing",
        "import sqlalchemy.orm.nothing.more",
    ):
        try:
            exec(line)
        except (ImportError, AttributeError) as error:
            print(type(error).__name__, error.name, "|", error)
    print(importlib.util.find_spec("sqlalchemy.nothing"), hasattr(sqlalchemy.orm, "nothing"))
    """
    *errors, asked = standing_in(code).split("\n")
    assert [error.split(" |")[0] for error in errors] == [
        "ImportError sqlalchemy",
        "ImportError sqlalchemy.sql.elements",
        "AttributeError nothing",
        "ModuleNotFoundError sqlalchemy.nothing",
        "ModuleNotFoundError sqlalchemy.orm.nothing",
    ]
    for error in errors:
        assert (
            f"in relvar {relvar.__version__}, which stands in for SQLAlchemy 2.1.9. If SQLAlchemy has"
            in error
        )
    assert asked == "None False"


def test_it_refuses_when_the_real_one_is_imported(tmp_path: Path) -> None:
    (tmp_path / "sqlalchemy.py").write_text("__version__ = '2.0.1'")
    code = "import sqlalchemy, relvar; relvar.install_as_sqlalchemy()"
    error = python("-c", code, PYTHONPATH=f"{SOURCES}{os.pathsep}{tmp_path}", fails=True)
    assert "InvalidRequestError: SQLAlchemy 2.0.1 is imported already" in error
    assert "pytest -p relvar.compat.pytest" in error
    # one that is there, but not imported, is passed over
    code = "import relvar; relvar.install_as_sqlalchemy(); import sqlalchemy; print(sqlalchemy.__version__)"
    assert python("-c", code, PYTHONPATH=f"{SOURCES}{os.pathsep}{tmp_path}") == "2.1.9"


def test_threads_see_whole_modules_and_installing_again_does_nothing() -> None:
    code = """
    import importlib, sys, threading
    from relvar.compat.finder import Finder
    sys.setswitchinterval(1e-6)
    names = ["Session", "Query", "registry", "joinedload", "aliased"]
    errors, start = [], threading.Barrier(8)

    def work(number):
        start.wait()
        relvar.install_as_sqlalchemy()
        try:
            for module in ("sqlalchemy.orm", "sqlalchemy.dialects.mysql", "sqlalchemy.ext.asyncio"):
                found = importlib.import_module(module)
                if module == "sqlalchemy.orm":
                    [getattr(found, name) for name in names]
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    print(errors, sum(isinstance(finder, Finder) for finder in sys.meta_path))
    """
    assert standing_in(code) == "[] 1"


MODELS = """
import pickle, sys
from sqlalchemy import create_engine, exc, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
class Base(DeclarativeBase): pass
class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
"""


def test_pickles(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(MODELS)
    place = f"{SOURCES}{os.pathsep}{tmp_path}"
    code = """
    from models import *
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as session:
        session.add(User(id=1, name="ann"))
        session.commit()
        user, row = session.get(User, 1), session.execute(select(User.id, User.name)).one()
    things = user, row, exc.NoResultFound("none"), User.__table__, engine.url
    user, row, error, table, url = pickle.loads(pickle.dumps(things))
    print(user.name, row.name, repr(error), table.c.keys(), url, isinstance(error, relvar.exc.NoResultFound))
    """
    assert standing_in(code, PYTHONPATH=place) == (
        "ann ann NoResultFound('none') ['id', 'name'] sqlite:// True"
    )


# a row and an error as SQLAlchemy 2.1.9 pickles them, in protocol 0
ROW = (
    b"csqlalchemy.engine._row_cy\nrowproxy_reconstructor\n(csqlalchemy.engine.row\nRow\n"
    b"(dV_parent\nccopyreg\n_reconstructor\n(csqlalchemy.engine.result\nSimpleResultMetaData\n"
    b"c__builtin__\nobject\nNtR(dV_keys\n(lVid\naVname\nasV_translated_indexes\nNsV_ambiguous_keys\nNsb"
    b"sV_data\n(I1\nVx\ntstR."
)
ERROR = b"csqlalchemy.exc\nNoResultFound\n(Vx\ntR."


def test_pickles_of_either_library_are_read() -> None:
    relvars = pickle.dumps([relvar.Integer(), relvar.exc.NoResultFound("x"), relvar.Column("c")])
    code = f"""
    import pickle
    row, error = map(pickle.loads, ({ROW!r}, {ERROR!r}))
    print(row, row.name, repr(error), *(type(x).__module__ for x in pickle.loads({relvars!r})))
    """
    assert standing_in(code) == (
        "(1, 'x') x NoResultFound('x') sqlalchemy.sql.sqltypes sqlalchemy.exc sqlalchemy.sql.schema"
    )


CURSOR_ROW = (
    b"csqlalchemy.engine._row_cy\nrowproxy_reconstructor\n(csqlalchemy.engine.row\nRow\n"
    b"(dV_parent\nccopyreg\n_reconstructor\n(csqlalchemy.engine.cursor\nCursorResultMetaData\n"
    b"c__builtin__\nobject\nNtR(dV_keymap\n(dVid\n(I0\nI0\n(lVid\naVid\nNNtsVname\n(I1\nI1\n(lVname\naVname\nNNtss"
    b"V_keys\n(lVid\naVname\nasV_translated_indexes\nNsbsV_data\n(I1\nVx\ntstR."
)
FROZEN = (
    b"ccopyreg\n_reconstructor\n(csqlalchemy.engine.result\nFrozenResult\nc__builtin__\nobject\nNtR"
    b"(dVmetadata\nccopyreg\n_reconstructor\n(csqlalchemy.engine.result\nSimpleResultMetaData\n"
    b"c__builtin__\nobject\nNtR(dV_keys\n(lVid\naVname\nasV_translated_indexes\nNsV_ambiguous_keys\nNsb"
    b"sV_source_supports_scalars\nI00\nsVdata\n(l" + CURSOR_ROW[:-1] + b"asb."
)
RANGE = b"\x80\x02csqlalchemy.dialects.postgresql.ranges\nRange\n)\x81](K\x01K\x05X\x02\x00\x00\x00[]\x89eb."


def test_rows_of_cursors_frozen_results_and_ranges_are_read() -> None:
    mapping = CURSOR_ROW.replace(b"row\nRow\n", b"row\nRowMapping\n")
    code = f"""
    import pickle
    row, mapping, frozen, span = map(pickle.loads, ({CURSOR_ROW!r}, {mapping!r}, {FROZEN!r}, {RANGE!r}))
    print(row.name, row._mapping["id"], dict(mapping), frozen().mappings().all(), frozen().all(), span)
    """
    assert standing_in(code) == ("x 1 {'id': 1, 'name': 'x'} [{'id': 1, 'name': 'x'}] [(1, 'x')] [1,5]")


def test_dialects_of_others_are_found(tmp_path: Path) -> None:
    info = tmp_path / "their_dialect-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: their-dialect\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[sqlalchemy.dialects]\ntheirs = their_dialect:TheirDialect\n")
    (tmp_path / "their_dialect.py").write_text(
        "from sqlalchemy.engine.default import DefaultDialect\n"
        "class TheirDialect(DefaultDialect):\n    name = 'theirs'\n    supports_statement_cache = True\n"
    )
    place = f"{SOURCES}{os.pathsep}{tmp_path}"
    asks = (
        "print(type(relvar.make_url('theirs://').get_dialect()), relvar.make_url('theirs://').get_dialect())"
    )
    assert "their_dialect.TheirDialect" in standing_in(asks, PYTHONPATH=place)
    # it imports sqlalchemy, which is another library otherwise
    error = python("-c", "import relvar\n" + asks, PYTHONPATH=place, fails=True)
    assert "NoSuchModuleError: Can't load plugin: sqlalchemy.dialects:theirs" in error


def test_what_a_test_replaces_is_replaced_for_both() -> None:
    code = """
    from unittest import mock
    import sqlalchemy
    with mock.patch("sqlalchemy.create_engine") as fake, mock.patch("sqlalchemy.orm.Session") as session:
        assert relvar.create_engine is sqlalchemy.create_engine is fake
        assert relvar.orm.Session is session
    assert relvar.create_engine is sqlalchemy.create_engine is not fake
    from sqlalchemy.orm import *
    from sqlalchemy import *
    print(joinedload.__name__, Session.__name__, select.__name__)
    """
    assert standing_in(code) == "joinedload Session select"


def test_indexes_with_expressions_are_left_out_as_programs_expect_on_sqlite() -> None:
    code = """
    import warnings
    from sqlalchemy import create_engine, inspect, text
    with create_engine("sqlite://").connect() as connection:
        connection.execute(text("CREATE TABLE t (x TEXT)"))
        connection.execute(text("CREATE INDEX ix ON t (lower(x))"))
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            print(inspect(connection).get_indexes("t"), *(w.message for w in caught))
    """
    assert standing_in(code) == "[] Skipped unsupported reflection of expression-based index ix"


SCRIPT = """
import multiprocessing, sys, sqlalchemy
def where(_): return sqlalchemy.Integer.__module__, "relvar" in sqlalchemy.__file__
if __name__ == "__main__":
    print(sys.argv[1:], sys.path[0].endswith(sys.argv[1]), where(0))
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.map(where, [1]))
"""


@pytest.mark.parametrize("form", ["script", "module"])
def test_a_program_and_the_processes_it_spawns(form: str, tmp_path: Path) -> None:
    (tmp_path / "script_of_test.py").write_text(SCRIPT)
    if form == "script":
        arguments = [str(tmp_path / "script_of_test.py"), tmp_path.name]
    else:
        # as for python -m, the directory of the process stands first in the path
        arguments = ["-m", "script_of_test", ""]
    place = f"{SOURCES}{os.pathsep}{tmp_path}"
    lines = python("-m", "relvar.run_as_sqlalchemy", *arguments, PYTHONPATH=place).split("\n")
    assert lines[0].endswith("True ('sqlalchemy.sql.sqltypes', True)")
    assert lines[1] == "[('sqlalchemy.sql.sqltypes', True)]"


@pytest.mark.parametrize("arguments", [[], ["-x"], ["-m"]])
def test_how_to_run_a_program_is_said(arguments: list[str]) -> None:
    with pytest.raises(
        SystemExit, match=r"^usage: python -m relvar.run_as_sqlalchemy \(script.py \| -m module\)"
    ):
        main(arguments)


def test_an_environment_in_which_a_variable_decides(tmp_path: Path) -> None:
    venv.create(tmp_path, symlinks=True)
    program = str(tmp_path / "bin" / "python")
    assert "relvar_as_sqlalchemy.pth" in python("-m", "relvar.compat.pth", program=program)
    ask = ("-c", "import sqlalchemy; print(sqlalchemy.__version__)")
    assert python(*ask, program=program, RELVAR_AS_SQLALCHEMY="1") == "2.1.9"
    off = python(*ask, program=program, RELVAR_AS_SQLALCHEMY="0", fails=True)
    assert "No module named 'sqlalchemy'" in off


def test_the_file_that_reads_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pth.sysconfig, "get_path", lambda _: str(tmp_path))
    assert pth.main(["x"]) == 2
    assert "usage: python -m relvar.compat.pth [--remove]" in capsys.readouterr().err
    assert pth.main([]) == 0
    (file,) = tmp_path.iterdir()
    assert file.read_text().count("\n") == 1
    assert pth.main(["--remove"]) == pth.main(["--remove"]) == 0
    assert not file.exists()


def test_a_program_may_keep_an_attribute_in_its_own_way() -> None:
    code = """
    from sqlalchemy import Column, Integer
    from sqlalchemy.orm import attributes, declarative_base
    from sqlalchemy.orm.attributes import _register_attribute, _ScalarAttributeImpl

    class Shouting(_ScalarAttributeImpl):
        def get(self, state, dict_, passive=attributes.PASSIVE_OFF):
            return dict_.get("word", "").upper()
        def set(self, state, dict_, value, initiator=None, *rest):
            dict_["word"] = value

    class A(declarative_base()):
        __tablename__ = "a"
        id = Column(Integer, primary_key=True)

    _register_attribute(A, "loud", impl_class=Shouting, parent_token=None)
    a = A()
    a.loud = "hello"
    print(a.loud, a.__dict__["word"])
    """
    assert standing_in(code) == "HELLO hello"
