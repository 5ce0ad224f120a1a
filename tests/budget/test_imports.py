"""
What importing costs: how many modules come in, and which do not.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

import relvar

SCRIPT = """
import json, sys
before = set(sys.modules)
{imports}
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def modules(imports: str) -> list[str]:
    place = os.path.dirname(os.path.dirname(relvar.__file__))
    environment = {**os.environ, "PYTHONPATH": place}
    command = [sys.executable, "-c", SCRIPT.format(imports=imports)]
    found = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return list(json.loads(found.stdout))


@pytest.mark.parametrize(
    ("imports", "own", "others"),
    [
        # Twenty more than at first: the compiler, coercion and types in modules short enough to read.
        # Ten that few programs need went out for them, so that the CPU time is what it was.
        # Three more: the names of execution options, text that is secret, bases for type checkers.
        # Three more: where a class is that says another module, descriptors that reads go past, named
        # tuples that parse no annotations.
        # One more: FROM elements, out of the kernel of nodes.
        # Two more: reading results and the transactions of a connection, out of modules that were too long.
        # One more: regular expressions compiled when they are first used, 3 % of all instructions.
        # One more: the kernel that makes parts of statements past their constructors.
        # Two more: lists of columns and clauses, out of the kernel of texts, which had become too long.
        # One more: an object's dictionary, asked for by several threads.
        ("import relvar", 215, 30),
        # Six more: a mapper, the reading of a class body and the session, in modules by what they do.
        # Seven more for the same reason: besides the two above, loader options and a session's transaction.
        ("import relvar.orm", 349, 30),
        ("import relvar; relvar.create_engine('sqlite://')", 230, 42),
    ],
)
def test_number_of_modules(imports: str, own: int, others: int) -> None:
    found = modules(imports)
    # what the compiled ones come from is none of them
    ours = [n for n in found if n.partition(".")[0] == "relvar" and n != "relvar._kernels._compiled"]
    rest = [name for name in found if not name.lower().startswith(("relvar", "cython", "_cython"))]
    assert len(ours) <= own, ours
    assert len(rest) <= others, rest


@pytest.mark.parametrize("imports", ["import relvar", "import relvar.orm"])
def test_what_is_not_imported(imports: str) -> None:
    found = set(modules(imports))
    unwanted = {
        "asyncio",
        "greenlet",
        "sqlite3",
        "psycopg",
        "pymysql",
        "unittest",
        "pytest",
        "multiprocessing",
        # what the standard library reads a good deal for (docs/design/0002-import-time.md)
        "ast",
        "dataclasses",
        "inspect",
        "logging",
        "pickle",
        "tokenize",
        "traceback",
        "urllib.parse",
        # what few programs use
        "relvar.dialect.inspector",
        "relvar.engine.insertmany",
        "relvar.engine.mock",
        "relvar.expr.tstring",
        "relvar.orm.declarative.dataclass",
        "relvar.orm.load.subquery",
        "relvar.orm.query.query",
        "relvar.orm.session.dml",
        "relvar.orm.session.merge",
        "relvar.relation.values",
        "relvar.schema.views",
        "relvar.sql.elements",
        "relvar.stmt.lambdas",
        "relvar.stmt.savepoint",
        "relvar.stmt.textual",
        "relvar.stmt.upsert",
        "relvar.util.reprs",
    }
    assert not unwanted & found
    assert not [name for name in found if name.startswith("relvar.dialects.") and name.count(".") > 1]


def test_one_database_does_not_import_the_others() -> None:
    found = modules("import relvar; relvar.create_engine('sqlite://')")
    assert not [
        name for name in found if name.startswith(("relvar.dialects.postgresql", "relvar.dialects.mysql"))
    ]


def test_what_a_first_object_does_not_import() -> None:
    """A mapped class, an engine, a table, a flush, a query."""
    found = set(modules(FIRST_OBJECT))
    assert not {"inspect", "random", "urllib.parse", "relvar.util.reprs", "relvar.util.langhelpers"} & found


FIRST_OBJECT = """
import relvar
from relvar import orm

class Base(orm.DeclarativeBase):
    pass

class Item(Base):
    __tablename__ = "item"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(relvar.String(50))

engine = relvar.create_engine("sqlite://")
Base.metadata.create_all(engine)
with orm.Session(engine) as session:
    session.add(Item(name="x"))
    session.commit()
with orm.Session(engine) as session:
    assert session.scalars(relvar.select(Item).where(Item.name == "x")).one().id == 1
"""
