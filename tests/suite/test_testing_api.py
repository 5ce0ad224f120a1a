"""What `relvar.testing` gives to tests of dialects and programs, used as they would."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import relvar
from relvar import Column, ForeignKey, Integer, MetaData, String, Table, create_engine, exc, select, text
from relvar.orm import Session, registry, relationship
from relvar.testing import (
    AssertsExecutionResults,
    assertsql,
    entities,
    eq_clause_element,
    eq_type_affinity,
    exclusions,
    pickleable,
    profiling,
    provision,
    util,
)
from relvar.testing.assertsql import (
    AllOf,
    CompiledSQL,
    Conditional,
    CountStatements,
    CursorSQL,
    DialectSQL,
    EachOf,
    Or,
    RegexSQL,
)
from relvar.testing.engines import DBAPIProxyConnection, DBAPIProxyCursor, ReconnectFixture, all_dialects
from relvar.testing.requirements import SuiteRequirements
from relvar.testing.schema import eq_compile_type
from relvar.testing.warnings import assert_warnings

SOURCE = Path(relvar.__file__).parent.parent

t = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("x", Integer))
INSERT = "INSERT INTO t (id, x) VALUES (:id, :x)"
SELECT = "SELECT t.id FROM t WHERE t.id = :id_1"


@pytest.fixture
def asserter(sqlite_engine: Any) -> Any:
    """What was sent by an INSERT of two rows, a SELECT and a text."""
    t.create(sqlite_engine)
    with assertsql.assert_engine(sqlite_engine) as found, sqlite_engine.connect() as conn:
        conn.execute(t.insert(), [{"id": 1, "x": 2}, {"id": 2, "x": 3}])
        conn.execute(select(t.c.id).where(t.c.id == 2))
        conn.execute(text("select 1"))
    return found


SELECT_2 = {"id_1": 2}
PASSING: dict[str, list[Any]] = {
    "compiled": [
        CompiledSQL(INSERT, [{"x": 3}, {"x": 2}]),
        CompiledSQL(SELECT, SELECT_2),
        CompiledSQL("select 1"),
    ],
    "regex": [CompiledSQL(INSERT), RegexSQL("SELECT"), RegexSQL("sel", [{}])],
    "function": [CompiledSQL(INSERT), CompiledSQL(SELECT, lambda context: SELECT_2), CompiledSQL("select 1")],
    "count": [CountStatements(3)],
    "all of": [AllOf(CompiledSQL(SELECT), CompiledSQL(INSERT)), CompiledSQL("select 1")],
    "or": [Or(CompiledSQL(SELECT), CompiledSQL(INSERT)), CompiledSQL(SELECT), CompiledSQL("select 1")],
    "each of": [EachOf(CompiledSQL(INSERT), CompiledSQL(SELECT)), CompiledSQL("select 1")],
    "conditional": [
        Conditional(True, [CompiledSQL(INSERT)], []),
        CompiledSQL(SELECT),
        CompiledSQL("select 1"),
    ],
    "dialect": [DialectSQL(INSERT), DialectSQL("SELECT t.id FROM t WHERE t.id = ?"), DialectSQL("select 1")],
    "cursor": [
        CursorSQL("INSERT INTO t (id, x) VALUES (?, ?)", [(1, 2), (2, 3)]),
        CursorSQL("SELECT t.id \nFROM t \nWHERE t.id = ?", (2,)),
        CursorSQL("select 1"),
    ],
}


@pytest.mark.feature("E003")
@pytest.mark.parametrize("name", PASSING)
def test_what_was_sent(name: str, asserter: Any) -> None:
    asserter.assert_(*PASSING[name])


FAILING: dict[str, tuple[list[Any], str]] = {
    "other parameters": (
        [CompiledSQL(INSERT), CompiledSQL(SELECT, [{"id_1": 3}])],
        "[{'id_1': 3}], received\n'SELECT t.id FROM t WHERE t.id = :id_1' with params [{'id_1': 2}]",
    ),
    "less rows": ([CompiledSQL(INSERT, [{"id": 1}])], "with params [{'id': 1, 'x': 2}, {'id': 2, 'x': 3}]"),
    "more came": ([CompiledSQL(INSERT), CompiledSQL(SELECT)], "Additional SQL statements remain:"),
    "less came": (
        [*PASSING["compiled"], CompiledSQL("select 2")],
        "All statements are complete, but pending assertion rules remain",
    ),
    "count": ([CountStatements(2)], "desired statement count 2 does not match 3"),
    "regex": ([RegexSQL("xx")], "Testing for compiled statement ~'xx' partial params None, received"),
    "cursor": ([CursorSQL("INSERT")], "Testing for exact SQL INSERT parameters None received INSERT INTO t"),
}


@pytest.mark.feature("E003")
@pytest.mark.parametrize("name", FAILING)
def test_what_was_not_sent(name: str, asserter: Any) -> None:
    rules, message = FAILING[name]
    with pytest.raises(AssertionError, match=re.escape(message)):
        # rules are used up: each case has its own
        asserter.assert_(*pickle.loads(pickle.dumps(rules)))


@pytest.fixture
def graph() -> Iterator[tuple[Any, Any]]:
    """Two mapped classes, parent and child, that compare by what they hold."""
    metadata = MetaData()
    parents = Table("p", metadata, Column("id", Integer, primary_key=True), Column("name", String(9)))
    children = Table(
        "c", metadata, Column("id", Integer, primary_key=True), Column("p_id", ForeignKey("p.id"))
    )
    mapping = registry(metadata=metadata)
    parent = type("Parent", (entities.ComparableEntity,), {})
    child = type("Child", (entities.ComparableEntity,), {})
    mapping.map_imperatively(
        parent, parents, properties={"children": relationship(child, back_populates="of")}
    )
    mapping.map_imperatively(
        child, children, properties={"of": relationship(parent, back_populates="children")}
    )
    yield parent, child
    mapping.dispose()


@pytest.mark.feature("E003")
def test_entities_compare_by_what_they_hold(sqlite_engine: Any, graph: tuple[Any, Any]) -> None:
    parent, child = graph
    relvar.inspect(parent).local_table.metadata.create_all(sqlite_engine)
    with Session(sqlite_engine) as session:
        session.add(parent(name="a", children=[child(id=1), child(id=2)]))
        session.commit()
        found = session.scalars(select(parent)).one()
        assert found == parent(name="a", children=[child(id=1), child(id=2)])
        assert found != parent(name="b")
        assert found != parent(children=[child(id=1)])
        asserts = AssertsExecutionResults()
        asserts.assert_result([found], parent, {"name": "a", "children": (child, [{"id": 1}, {"id": 2}])})
        asserts.assert_unordered_result(found.children, child, {"id": 2}, {"id": 1})
        with pytest.raises(
            AssertionError, match="expected Child instance with attributes {'id': 9} not found"
        ):
            asserts.assert_unordered_result(found.children, child, {"id": 2}, {"id": 9})
        session.expire_all()
        asserts.assert_sql_count(sqlite_engine, lambda: [each.of for each in found.children], 2)


@pytest.mark.feature("E003")
def test_pickleable_things() -> None:
    for made in (pickleable.Foo("x"), pickleable.Bar(1, 2), pickleable.OldSchool(1, 2)):
        assert pickle.loads(pickle.dumps(made)) == made
    with pytest.raises(NotImplementedError):
        pickleable.BrokenComparable(1) == 1  # noqa: B015  # it raises
    util.unpickle_in_subprocess(pickleable.User(name="x"), "assert obj.name == 'x'")
    for loads, dumps in util.picklers():
        assert loads(dumps(pickleable.Bar(1, 2))) == pickleable.Bar(1, 2)


@pytest.mark.feature("E003")
def test_things_that_equal_what_is_like_them() -> None:
    assert relvar.BigInteger() == eq_type_affinity(Integer)
    assert String() != eq_type_affinity(Integer)
    assert eq_compile_type("VARCHAR(5)") == String(5)
    assert eq_clause_element(t.c.x == 5) == (t.c.x == 5)
    assert eq_clause_element(t.c.x == 5) != (t.c.x == 6)


@pytest.mark.feature("E003")
def test_counts_of_calls_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stats = profiling.ProfileStatsFile(tmp_path / "profiles.txt")
    monkeypatch.setattr(
        profiling.ProfileStatsFile, "platform_key", profiling.PlatformKey("m", "v", "sqlite", "none")
    )
    monkeypatch.setattr(profiling._Current, "stats", stats)
    profiling._start_current_test("test.one")

    @profiling.function_call_count(variance=0.1, warmup=1)
    def work(times: int) -> int:
        return sum(abs(n) for n in range(times))

    work(100)
    work(101)
    with pytest.raises(AssertionError, match="not within 10% of expected"):
        work(500)
    again = profiling.ProfilesFile(tmp_path / "profiles.txt")
    assert again.test_keys() == ["test.one"]
    assert again.platforms_for("test.one") == ["m_v_sqlite_none"]
    again.remove_test("test.one")
    assert again.entry_count == 0


@pytest.mark.feature("E003")
def test_drivers_behind_proxies(tmp_path: Path) -> None:
    import sqlite3

    seen: list[str] = []

    class Noting(DBAPIProxyCursor):
        def execute(self, stmt: str, parameters: Any = None, **kw: Any) -> Any:
            seen.append(stmt)
            return super().execute(stmt, parameters, **kw)

    plain = create_engine("sqlite://")
    engine = create_engine(
        "sqlite://", creator=lambda: DBAPIProxyConnection(plain, sqlite3.connect(":memory:"), Noting)
    )
    with engine.connect() as conn:
        assert conn.scalar(text("select 5")) == 5
    assert "select 5" in seen
    driver = ReconnectFixture(sqlite3)
    engine = create_engine(f"sqlite:///{tmp_path}/r.db", module=driver)
    engine.connect().close()
    driver.shutdown(stop=True)
    engine.dispose()
    with pytest.raises(exc.OperationalError, match="the driver is stopped"):
        engine.connect()
    driver.restart()
    engine.connect().close()
    engine.dispose()
    assert {"sqlite", "postgresql"} <= {dialect.name for dialect in all_dialects(exclude=["oracle"])}


@pytest.mark.feature("E003")
def test_warnings_are_asserted() -> None:
    def warn() -> int:
        warnings.warn("one", exc.SAWarning, stacklevel=1)
        warnings.warn("two", exc.SAWarning, stacklevel=1)
        return 5

    assert assert_warnings(warn, ["two", "one"]) == 5
    assert assert_warnings(warn, ["t", "o"], regex=True) == 5
    with pytest.raises(AssertionError, match="no warning 'three'"):
        assert_warnings(warn, ["three"])
    with pytest.raises(AssertionError, match=r"unexpected warnings: \['two'\]"):
        assert_warnings(warn, ["one"])


@pytest.mark.feature("E003")
def test_the_suite_has_every_test_that_is_known_by_name() -> None:
    """names.txt: class, then its tests; dialects override and exclude them by these names."""
    from relvar.testing import suite

    lines = (Path(__file__).parent / "names.txt").read_text().splitlines()
    assert len(lines) == 90
    for line in lines:
        name, _, tests = line.partition(": ")
        cls = getattr(suite, name)
        missing = [test for test in tests.split() if not callable(getattr(cls, f"test_{test}", None))]
        assert not missing, (name, missing)


@pytest.mark.feature("E003")
def test_every_requirement_is_a_rule() -> None:
    requirements = SuiteRequirements()
    names = [name for name in dir(requirements) if not name.startswith("_") and not name.startswith("get_")]
    names.append("get_isolation_level_values")
    assert len(names) > 245
    for name in names:
        assert isinstance(getattr(requirements, name), exclusions.compound), name
    assert requirements.python312.skips[0](None) is (sys.version_info < (3, 12))


@pytest.mark.feature("E003")
def test_hooks_of_provision_have_ways_for_dialects() -> None:
    hook = provision.register.init(lambda cfg, word: f"usual {word}")

    @hook.for_db("sqlite")
    def ours(cfg: Any, word: str) -> str:
        return f"sqlite's {hook.call_original(cfg, word)}"

    assert hook(relvar.make_url("postgresql://"), "way") == "usual way"
    assert hook(relvar.make_url("sqlite://"), "way") == "sqlite's usual way"
    assert callable(ours)


PROJECT = {
    "conftest.py": "from relvar.testing.plugin.pytestplugin import *\n",
    "requirements_here.py": """
from relvar.testing import exclusions
from relvar.testing.requirements import SuiteRequirements


class Requirements(SuiteRequirements):
    @property
    def broken(self):
        return exclusions.fails_on("sqlite", "not yet")

    @property
    def noisy(self):
        return exclusions.warns_if("sqlite", "a loud noise")

    @property
    def other(self):
        return exclusions.only_on("postgresql")
""",
    "test_here.py": """
import warnings

from relvar import Column, Integer, String, exc, select, testing
from relvar.testing import config, eq_, fixtures


class RulesTest(fixtures.TestBase):
    __backend__ = True

    @testing.requires.broken
    def test_expected_failure(self):
        assert False

    @testing.requires.noisy
    def test_warns(self):
        warnings.warn("a loud noise", exc.SAWarning)

    @testing.requires.other
    def test_skipped(self):
        raise AssertionError

    @testing.combinations(("a", 1), ("b", 2), argnames="value", id_="ia")
    @testing.variation("how", ["one", "two"])
    def test_combined(self, value, how):
        assert how.one or how.two
        assert value in (1, 2)

    def test_fixtures(self, connection, metadata, registry, decl_base, dc_decl_base, nocache, picklers):
        class Thing(decl_base):
            __tablename__ = "thing"
            id = Column(Integer, primary_key=True)

        decl_base.metadata.create_all(connection)
        eq_(connection.execute(select(Thing)).all(), [])

    async def _coroutine(self):
        return 5

    @testing.async_test
    async def test_async(self):
        eq_(await self._coroutine(), 5)


class MappedThingsTest(fixtures.MappedTest):
    @classmethod
    def define_tables(cls, metadata):
        columns = [Column("id", Integer, primary_key=True), Column("name", String(9))]
        testing.schema.Table("users", metadata, *columns)

    @classmethod
    def setup_classes(cls):
        class User(cls.Comparable):
            pass

    @classmethod
    def setup_mappers(cls):
        cls.mapper(cls.classes.User, cls.tables.users)

    @classmethod
    def fixtures(cls):
        return {"users": [("id", "name"), (1, "a"), (2, "b")]}

    def test_loads(self):
        User = self.classes.User
        session = fixtures.fixture_session()
        found = session.scalars(select(User).order_by(User.id)).all()
        eq_(found, [User(id=1, name="a"), User(id=2, name="b")])
        with self.assert_statement_count(testing.db, 1):
            session.scalars(select(User)).all()


class DeclaredTest(fixtures.DeclarativeMappedTest):
    @classmethod
    def setup_classes(cls):
        class Thing(cls.DeclarativeBasic):
            __tablename__ = "declared"
            id = Column(Integer, primary_key=True)

    @classmethod
    def insert_data(cls, connection):
        connection.execute(cls.classes.Thing.__table__.insert(), {"id": 7})

    def test_loads(self, fixture_session):
        eq_(fixture_session.scalars(select(self.classes.Thing)).one().id, 7)
""",
    "setup.cfg": "[tool:pytest]\n[sqla_testing]\nrequirement_cls = requirements_here:Requirements\n"
    "[db]\ndefault = sqlite://\nfile = sqlite:///other.db\n",
}


@pytest.mark.feature("E003")
def test_the_plugin_runs_a_project(tmp_path: Path) -> None:
    for name, text_ in PROJECT.items():
        (tmp_path / name).write_text(text_)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCE), str(tmp_path)])}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]

    def run(*options: str) -> str:
        done = subprocess.run(
            [*command, *options, "."], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        return done.stdout + done.stderr

    assert "1 skipped" in (out := run()), out
    passed = re.search(r"(\d+) passed", out)
    assert passed and int(passed[1]) > 10, out
    assert "failed" not in out
    assert "other.db" not in os.listdir(tmp_path)
    assert "2 passed" in (out := run("--db", "default", "--db", "file", "-k", "test_warns")), out
    assert "other.db" in os.listdir(tmp_path)
    assert "file" in run("--dbs")
