"""What is packaged: for which Python, compiled or not, with which sources to read and pages to look up."""

from __future__ import annotations

import inspect
import linecache
import os
import re
import subprocess
import sys
import threading
import tomllib
import traceback
from collections.abc import Callable
from importlib import metadata as installed
from pathlib import Path
from typing import Any

import pytest
from pythons import interpreters

import relvar
from relvar import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    exc,
    func,
    insert,
    select,
    util,
)
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    MappedAsDataclass,
    Session,
    mapped_column,
    registry,
    relationship,
)

ROOT = Path(__file__).parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

SMOKE = """
import sys
from relvar import ForeignKey, create_engine, select
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload
class Base(DeclarativeBase): pass
class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    orders: Mapped[list["Order"]] = relationship(back_populates="user")
class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User] = relationship(back_populates="orders")
engine = create_engine("sqlite://")
Base.metadata.create_all(engine)
with Session(engine) as session:
    session.add(User(name="ann", orders=[Order(), Order()]))
    session.commit()
    user = session.scalars(select(User).options(selectinload(User.orders))).one()
    print(sys.version_info[0], sys.version_info[1], user.name, len(user.orders))
"""


# Versions of Python ----------------------------------------------------------------------------------


@pytest.mark.feature("N008")
def test_versions_of_python_are_named() -> None:
    assert PROJECT["requires-python"] == ">=3.11"
    named = {line.rpartition(" :: ")[2] for line in PROJECT["classifiers"] if " Python :: 3" in line}
    assert {"3.11", "3.12", "3.13"} <= named
    assert sys.version_info >= (3, 11)


@pytest.mark.feature("N008")
@pytest.mark.parametrize("annotations", ["as objects", "as text"])
@pytest.mark.parametrize("interpreter", [sys.executable, *interpreters()])
def test_each_version_at_hand_runs_it(interpreter: str, annotations: str) -> None:
    program = SMOKE if annotations == "as objects" else f"from __future__ import annotations{SMOKE}"
    environment = {
        **os.environ,
        "RELVAR_PURE": "1",
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [interpreter, "-W", "error", "-c", program], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-500:]
    assert re.fullmatch(r"3 1\d ann 2", done.stdout.strip())


# Kernels ---------------------------------------------------------------------------------------------


@pytest.mark.feature("N005")
def test_kernels_are_optional() -> None:
    """
    The same sources run compiled and interpreted; a build that cannot compile installs.

    `test_modes` builds one, and `tests/property` compares what both modes answer.
    """
    assert relvar.is_compiled() is util.has_compiled_ext()
    code = "import relvar; from relvar import util; print(relvar.is_compiled(), util.has_compiled_ext())"
    environment = {**os.environ, "RELVAR_PURE": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.stdout.split() == ["False", "False"]
    if not relvar.is_compiled():
        with pytest.raises(ImportError, match="not compiled here"):
            util.has_compiled_ext(raise_=True)
    assert PROJECT["dependencies"] == []


def kernels_to_build(changed: str = "") -> list[str]:
    """Which extensions ``setup.py`` would build, without building them."""
    code = f"""
import os, sysconfig, Cython.Build, setuptools
Cython.Build.cythonize = lambda modules, **options: modules
setuptools.setup = lambda ext_modules, cmdclass: None
{changed}
setup = {{"__name__": "setup"}}
exec(compile(open("setup.py").read(), "setup.py", "exec"), setup)
if setup["extensions"]():
    print(*setup["write_c"]())
"""
    environment = {key: value for key, value in os.environ.items() if key != "RELVAR_PURE"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.feature("N005")
def test_what_is_compiled() -> None:
    pytest.importorskip("Cython")
    files = {path.stem for path in (ROOT / "src/relvar/_kernels").glob("*.py")} - {"__init__", "_shadow"}
    built = set(kernels_to_build())
    assert {name.rpartition(".")[2] for name in built if name.startswith("relvar._kernels.")} == files
    assert "relvar.orm.flush.work" in built
    assert kernels_to_build('os.environ["RELVAR_PURE"] = "1"') == []


@pytest.mark.feature("N004")
def test_free_threaded_python_gets_interpreted_kernels() -> None:
    """
    Compiled kernels rely on the lock: for a Python without one they are not built.

    Importing an extension that does not say it can do without the lock switches it on again, for the whole
    program.  No free-threaded interpreter can be had on this machine, so it is pretended.
    """
    pytest.importorskip("Cython")
    assert kernels_to_build('sysconfig.get_config_vars()["Py_GIL_DISABLED"] = 1') == []
    gil = getattr(sys, "_is_gil_enabled", None)
    if gil is not None and not gil():  # pragma: no cover  # where there is a free-threaded Python
        assert not relvar.is_compiled()


@pytest.mark.feature("N004")
def test_threads_that_change_at_every_step(tmp_path: Path) -> None:
    """Engines, their caches, mappers configured by whoever comes first: shared, without a lock of ours."""
    engine = create_engine(f"sqlite:///{tmp_path}/t.db")
    metadata = MetaData()
    parents = Table("parents", metadata, Column("id", Integer, primary_key=True), Column("name", String(9)))
    children = Table(
        "children", metadata, Column("id", Integer, primary_key=True), Column("pid", ForeignKey(parents.c.id))
    )
    metadata.create_all(engine)
    with engine.begin() as conn:
        conn.execute(insert(parents), [{"id": i, "name": f"n{i}"} for i in range(5)])
        conn.execute(insert(children), [{"id": i, "pid": i % 5} for i in range(20)])

    class Parent:
        pass

    class Child:
        pass

    mapping = registry()
    mapping.map_imperatively(Parent, parents, properties={"children": relationship(Child)})
    mapping.map_imperatively(Child, children)
    count = 6
    start = threading.Barrier(count)
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            start.wait()
            for turn in range(8):
                with Session(engine) as session:
                    parent = session.get(Parent, number % 5)
                    assert [child.pid for child in parent.children] == [number % 5] * 4
                with engine.connect() as conn:
                    statement = select(func.count(children.c.id)).where(children.c.pid.in_(range(turn % 5)))
                    assert conn.scalar(statement) == 4 * (turn % 5)
        except BaseException as failure:
            failures.append(failure)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work, args=(i,)) for i in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert failures == []
    engine.dispose()
    mapping.dispose()


# Sources and pages -----------------------------------------------------------------------------------


class Base(DeclarativeBase):
    pass


class Raises(Base):
    __tablename__ = "raises"
    id: Mapped[int] = mapped_column(primary_key=True)

    def __init__(self, value: int, *, other: str = "x") -> None:
        raise ZeroDivisionError


class RaisesLate(MappedAsDataclass, Base):
    __tablename__ = "raises_late"
    id: Mapped[int] = mapped_column(primary_key=True)

    def __post_init__(self) -> None:
        raise ZeroDivisionError


class Classic:
    def __init__(self, value: int) -> None:
        raise ZeroDivisionError


def frames(call: Callable[[], Any]) -> list[traceback.FrameSummary]:
    """The frames of the error that a call raises."""
    try:
        call()
    except Exception as error:
        return list(traceback.extract_tb(error.__traceback__))
    raise AssertionError("raised nothing")


@pytest.mark.feature("N006")
def test_every_frame_has_a_line_to_read() -> None:
    """Nothing is generated: constructors and decorated functions stand in files, and tracebacks show them."""
    mapping = registry()
    mapping.map_imperatively(Classic, Table("classic", MetaData(), Column("id", Integer, primary_key=True)))
    calls = [
        lambda: Raises(1),
        lambda: Classic(1),
        lambda: Base.registry.constructor(Raises.__new__(Raises), nothing=1),
        lambda: select(Raises).where(1),
        lambda: create_engine("sqlite://").connect().execute("SELECT 1"),
    ]
    for call in calls:
        for frame in frames(call):
            assert linecache.getline(frame.filename, frame.lineno or 0).strip(), frame
    # the one that the standard library's dataclasses generate is the only one without
    nameless = [frame for frame in frames(lambda: RaisesLate(id=1)) if not frame.line]
    assert {(frame.filename, frame.name) for frame in nameless} <= {("<string>", "__init__")}
    assert "raise ZeroDivisionError" in inspect.getsource(Raises.__init__)
    assert str(inspect.signature(Raises.__init__)) == "(self, value: 'int', *, other: 'str' = 'x') -> 'None'"
    assert str(inspect.signature(Classic.__init__)) == "(self, value: 'int') -> 'None'"
    mapping.dispose()


LINK = r"\(Background on this (error|warning) at: https://sqlalche\.me/e/21/(\w+)\)$"


@pytest.mark.feature("N007")
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (exc.DBAPIError, "dbapi"),
        (exc.InterfaceError, "rvf5"),
        (exc.DatabaseError, "4xp6"),
        (exc.DataError, "9h9h"),
        (exc.OperationalError, "e3q8"),
        (exc.IntegrityError, "gkpj"),
        (exc.InternalError, "2j85"),
        (exc.ProgrammingError, "f405"),
        (exc.NotSupportedError, "tw8g"),
        (exc.TimeoutError, None),
        (exc.CompileError, None),
        (exc.UnsupportedCompilationError, "l7de"),
        (exc.MissingGreenlet, "xd2s"),
        (exc.AwaitRequired, "xd1r"),
    ],
)
def test_codes_of_errors(error: Any, code: str | None) -> None:
    assert error.code == code


@pytest.mark.feature("N007")
def test_errors_end_with_a_link() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as conn:
        with pytest.raises(exc.OperationalError) as caught:
            conn.exec_driver_sql("SELECT * FROM nowhere")
        assert re.search(LINK, str(caught.value)).groups() == ("error", "e3q8")
        with pytest.raises(exc.StatementError) as required:
            conn.execute(select(relvar.bindparam("x")))
        assert re.search(LINK, str(required.value)).groups() == ("error", "cd3x")
        with pytest.raises(exc.InvalidRequestError) as closed:
            conn.invalidate()
            conn.execute(select(1))
        assert closed.value.code == "8s2b" and re.search(LINK, str(closed.value))
    assert str(exc.InvalidRequestError("plain")) == "plain"
    assert re.search(LINK, str(exc.ArgumentError("mine", code="abcd"))).group(2) == "abcd"
    assert re.search(LINK, str(exc.SAWarning("look", code="wxyz"))).groups() == ("warning", "wxyz")
    engine.dispose()


@pytest.mark.feature("N008")
def test_metadata_of_the_installed_package() -> None:
    try:
        about = installed.metadata("relvar")
    except installed.PackageNotFoundError:
        pytest.skip("relvar runs from its sources here")
    assert about["Requires-Python"] == ">=3.11" and about["Version"] == relvar.__version__
