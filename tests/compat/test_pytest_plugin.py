"""
``pytest -p relvar.compat.pytest``, and test classes of programs that build on ``sqlalchemy.testing``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import relvar

SOURCES = str(Path(relvar.__file__).parent.parent)

CONFTEST = """
import pytest
pytest.register_assert_rewrite("sqlalchemy.testing.assertions")
from sqlalchemy.testing.plugin.pytestplugin import *
"""
SETUP = """
[sqla_testing]
requirement_cls = requirements_of_test:Requirements
profile_file = profiles.txt

[db]
default = sqlite:///:memory:
"""
REQUIREMENTS = """
from sqlalchemy.testing.requirements import SuiteRequirements
class Requirements(SuiteRequirements): pass
"""
TESTS = '''
import sqlalchemy as sa
from sqlalchemy import testing
from sqlalchemy.testing import config, eq_, exclusions, fixtures, util

class ZOrderTest(fixtures.TestBase):
    """Names give the order of tests, as tests rely on what others leave."""

    said = []

    @classmethod
    def setup_class(cls):
        # on the class of this name, not on one derived from it
        ZOrderTest.mark = cls

    @classmethod
    def setup_test_class(cls):
        cls.said.append("setup_test_class")

    def setup_test(self):
        self.said.append("setup_test")

    def setUp(self):
        self.said.append("setUp")

    def tearDown(self):
        self.said.append("tearDown")

    def teardown_test(self):
        self.said.append("teardown_test")

    @testing.fixture(autouse=True)
    def zeroth(self):
        self.said.append("autouse")
        yield
        self.said.append("autouse end")

    @testing.fixture()
    def thing(self):
        self.said.append("fixture")
        yield 5
        self.said.append("fixture end")

    def test_b(self):
        eq_(self.said[0:6], ["setup_test_class", "autouse", "setup_test", "setUp", "fixture", "test_a"])
        eq_(self.said[6:9], ["fixture end", "tearDown", "teardown_test"])
        assert ZOrderTest.mark is ZOrderTest

    def test_a(self, thing):
        self.said.append("test_a")

@testing.combinations((True, "x"), (False, "y"), argnames="flag, letter", id_="sa")
class CombinedTest(fixtures.TestBase):
    def test_attributes(self):
        eq_(self.letter, {True: "x", False: "y"}[self.flag])

class OnlyTest(fixtures.TestBase):
    __only_on__ = "sqlite"

    def test_here(self, connection):
        eq_(connection.scalar(sa.select(1)), 1)

class ElsewhereTest(fixtures.TestBase):
    __only_on__ = "postgresql"

    def test_not_here(self):
        assert False

class _LeftOut(fixtures.TestBase):
    def test_never(self):
        assert False

class VariationTest(fixtures.TestBase):
    @testing.variation("flag", [True, False, "neither"])
    def test_names(self, flag):
        eq_([flag.flag, flag.not_flag, flag.neither].count(True), 1)
        eq_(bool(flag), flag.flag)

    def test_versions(self):
        holds = [exclusions.Predicate.as_predicate(text)(config._current) for text in (
            "sqlite>=3.9.0", "sqlite > 3.9", "sqlite<3.9", "postgresql>=9", "sqlite != 3.9")]
        eq_(holds, [True, True, False, False, True])

    def test_orderings(self):
        assert util.conforms_partial_ordering([(1, 2), (2, 3), (0, 1)], [1, 2])
        assert not util.conforms_partial_ordering([(1, 2)], [2, 1])
'''


def test_a_suite_that_builds_on_the_testing_package(tmp_path: Path) -> None:
    for name, text in {
        "conftest.py": CONFTEST,
        "setup.cfg": SETUP,
        "requirements_of_test.py": REQUIREMENTS,
        "test_theirs.py": TESTS,
    }.items():
        (tmp_path / name).write_text(text)
    path = os.pathsep.join([SOURCES, str(tmp_path)])
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "relvar.compat.pytest", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path, "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stdout
    assert f"sqlalchemy: relvar {relvar.__version__}, standing in for 2.1.9" in run.stdout
    passed = [line.split("::", 1)[1].split(" ")[0] for line in run.stdout.splitlines() if "PASSED" in line]
    version = "_".join(relvar.create_engine("sqlite://").dialect.dbapi.sqlite_version.split("."))
    assert passed == [
        "CombinedTest_False::test_attributes",
        "CombinedTest_True::test_attributes",
        f"OnlyTest_sqlite+pysqlite_{version}::test_here",
        "VariationTest::test_names[flag]",
        "VariationTest::test_names[neither]",
        "VariationTest::test_names[not_flag]",
        "VariationTest::test_orderings",
        "VariationTest::test_versions",
        "ZOrderTest::test_a",
        "ZOrderTest::test_b",
    ]
