"""The names of relvar.dialects.sqlite: what a star imports, modules under their older addresses."""

from __future__ import annotations

import subprocess
import sys

import pytest

from relvar.dialects import sqlite
from relvar.dialects.sqlite import dml, types

NAMES = (
    "BLOB BOOLEAN CHAR DATE DATETIME DECIMAL FLOAT INTEGER Insert JSON JSONB NUMERIC REAL SMALLINT TEXT TIME "
    "TIMESTAMP VARCHAR dialect insert"
).split()


def test_names_of_the_package() -> None:
    assert sorted(sqlite.__all__) == sorted(NAMES)
    space: dict[str, object] = {}
    exec("from relvar.dialects.sqlite import *", space)
    assert set(space) - {"__builtins__"} == set(NAMES)
    assert set(NAMES) <= set(dir(sqlite))
    assert (sqlite.insert, sqlite.Insert) == (dml.insert, dml.Insert)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = sqlite.nothing


def test_older_addresses() -> None:
    program = (
        "import relvar.dialects.sqlite as s; "
        "print(s.base.SQLiteDialect.__name__, s.pysqlite.dialect.__name__, s.pysqlcipher.dialect.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["SQLiteDialect", "SQLiteDialect_pysqlite", "SQLiteDialect_pysqlcipher"]
    assert (sqlite.base.DATETIME, sqlite.base.ischema_names) == (types.DATETIME, types.ISCHEMA_NAMES)
