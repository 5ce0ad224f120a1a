"""
What pyodbc is told, call by call, for statements of SQL Server.

``python mssql_calls.py`` writes ``mssql_calls.json``.

Run with SQLAlchemy importable as ``relvar``; what it shows is the contract.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER))

import mssql_recorder as recorder  # noqa: E402  # beside this file, not a package

from relvar import (  # noqa: E402
    Boolean,
    Column,
    DateTime,
    Float,
    Identity,
    Integer,
    LargeBinary,
    MetaData,
    Sequence,
    String,
    Table,
    Unicode,
    bindparam,
    create_engine,
    delete,
    insert,
    literal,
    select,
    text,
    update,
)

ENGINES: dict[str, dict[str, Any]] = {
    "usual": {},
    "fast": {"fast_executemany": True},
    "without sizes": {"use_setinputsizes": False, "use_insertmanyvalues": False},
    "@@identity": {"use_scope_identity": False},
}
# what the server would say, in this order
ANSWERS: list[tuple[str, Any]] = [
    ("SERVERPROPERTY", [("16.0.1000.6",)]),
    ("FROM sys.system_views", [("dm_exec_sessions",)]),
    ("transaction_isolation_level", [("READ COMMITTED",)]),
    (r"schema_name\(\)|test max|fn_listextendedproperty", [("dbo",)]),
    ("SET IDENTITY_INSERT", []),
    ("OUTPUT inserted.x", [(1,), (2,)]),
    ("OUTPUT inserted.id, inserted.x", [(8, 2, 8), (7, 1, 7)]),
    ("OUTPUT", [(1,)]),
    ("INSERT.*select scope_identity", [[], [(7,)]]),
    ("scope_identity|@@identity", [(7,)]),
    ("NEXT VALUE", [(42,)]),
    ("^SELECT", [(1,)]),
]

m = MetaData()
t = Table(
    "t",
    m,
    Column("id", Integer, primary_key=True),
    Column("x", Integer),
    Column("s", String(20)),
    Column("u", Unicode(30)),
)
n = Table("n", m, Column("id", Integer, primary_key=True), Column("x", Integer), implicit_returning=False)
q = Table("q", m, Column("id", Integer, Sequence("sq", start=5), primary_key=True), Column("x", Integer))
a = Table(
    "a",
    m,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("d", Integer, Sequence("s2")),
    Column("f", Float),
    Column("l", LargeBinary),
    Column("when", DateTime),
    Column("ok", Boolean),
    Column("text", String),
    Column("words", Unicode),
)
w = Table(
    "w w",
    m,
    Column("id", Integer, Identity(start=3, increment=2), primary_key=True),
    Column("x", Integer),
    schema="db.own er",
)
rows = [{"x": 1}, {"x": 2}]
with_ids = [{"id": 7, "x": 1}, {"id": 8, "x": 2}]


def key(statement: Any, *parameters: Any) -> Callable[[Any], Any]:
    return lambda c: c.execute(statement, *parameters).inserted_primary_key


def count(statement: Any, *parameters: Any) -> Callable[[Any], Any]:
    return lambda c: c.execute(statement, *parameters) and None


def found(statement: Any, *parameters: Any) -> Callable[[Any], Any]:
    return lambda c: c.execute(statement, *parameters).all()


def nested(c: Any) -> None:
    first = c.begin_nested()
    first.rollback()
    c.begin_nested().commit()


def level(name: str) -> Callable[[Any], Any]:
    return lambda c: c.execution_options(isolation_level=name).execute(select(t.c.x)) and None


CALLS: dict[str, Callable[[Any], Any]] = {
    "insert": key(insert(t), {"x": 1, "s": "a", "u": "b"}),
    "insert id": key(insert(t), {"id": 5, "x": 1}),
    "insert id in values": key(insert(t).values(id=5, x=1)),
    "insert many": count(insert(t), rows),
    "insert many ids": count(insert(t), with_ids),
    "insert inline": count(insert(t).inline(), {"x": 1}),
    "insert defaults": key(insert(t)),
    "insert from select": count(insert(t).from_select(["id", "x"], select(n.c.id, n.c.x))),
    "insert from select without id": count(insert(t).from_select(["x"], select(n.c.x))),
    "insert several ids": count(insert(t).values(with_ids)),
    "trigger": key(insert(n), {"x": 1}),
    "trigger many": count(insert(n), rows),
    "trigger id": key(insert(n), {"id": 4, "x": 1}),
    "sequence": key(insert(q), {"x": 1}),
    "sequence many": count(insert(q), rows),
    "sequence given": key(insert(q), {"id": 1, "x": 1}),
    "next value": lambda c: c.scalar(select(Sequence("zz").next_value())),
    "no numbers": key(insert(a), {"id": 1, "f": 1.5, "l": b"x", "ok": True, "text": "t", "words": "w"}),
    "nothing": key(insert(a), {"id": 1, "f": None, "l": None, "when": None, "text": None}),
    "schema": key(insert(w), {"id": 1, "x": 1}),
    "schema translated": lambda c: (
        c.execution_options(schema_translate_map={"db.own er": "other"})
        .execute(insert(w), {"id": 9, "x": 1})
        .inserted_primary_key
    ),
    "update": count(update(t).where(t.c.id == 1), {"x": 1}),
    "update many": count(update(t).where(t.c.id == bindparam("b")), [{"b": 1, "x": 1}, {"b": 2, "x": 1}]),
    "update returning": found(update(t).where(t.c.id == 1).values(x=4).returning(t.c.x)),
    "delete returning": found(delete(t).where(t.c.id == 1).returning(t.c.x)),
    "select": count(select(t).where(t.c.s == "x", t.c.u == "y", t.c.id.in_([1, 2]))),
    "select literals": count(select(literal("x"), literal(5), literal(5.5))),
    "text": count(text("select :a"), {"a": 1}),
    "savepoints": nested,
    "SNAPSHOT": level("SNAPSHOT"),
    "AUTOCOMMIT": level("AUTOCOMMIT"),
    "SERIALIZABLE": level("SERIALIZABLE"),
}
RETURNING: dict[str, Callable[[Any], Any]] = {
    "returning": found(insert(t).returning(t.c.x), rows),
    "returning in order": found(insert(t).returning(t.c.id, t.c.x, sort_by_parameter_order=True), rows),
    "returning given ids": found(
        insert(t).returning(t.c.id, t.c.x, sort_by_parameter_order=True),
        [{"id": 7, "x": 1}, {"id": 8, "x": 2}],
    ),
    "returning one id": found(insert(t).values(id=5).returning(t.c.x)),
}


def calls(engine: Any, do: Callable[[Any], Any]) -> Any:
    """Return what the driver is told, and what the program gets."""
    with engine.connect() as connection:
        recorder.log.clear()
        got = do(connection)
        told = [" ".join(str(part) for part in entry) for entry in recorder.log]
    return [told, repr(got)]


def every_call() -> dict[str, dict[str, Any]]:
    recorder.answers[:] = ANSWERS
    shown: dict[str, dict[str, Any]] = {}
    for name, options in ENGINES.items():
        engine = create_engine("mssql+pyodbc://u:p@h/db?driver=D", module=recorder, **options)
        cases = CALLS if name == "without sizes" else {**CALLS, **RETURNING}
        shown[name] = {case: calls(engine, do) for case, do in cases.items()}
    return shown


if __name__ == "__main__":
    (FOLDER / "mssql_calls.json").write_text(json.dumps(every_call(), indent=1) + "\n")
