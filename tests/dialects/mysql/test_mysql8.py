"""
The syntax of MySQL 8 that MariaDB refuses, on an engine that speaks MySQL's protocol and syntax.

seekdb says that it is MySQL 5.7.25, so the cursor tells another version; nothing else is changed.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymysql
import pytest

import relvar
from relvar import (
    JSON,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    cast,
    delete,
    exc,
    func,
    inspect,
    literal,
    literal_column,
    select,
    text,
    true,
    update,
    upsert,
    values,
)
from relvar import column as make_column
from relvar.dialects import mysql

metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(20), unique=True, server_default=text("concat('a', 'b')")),
    Column("n", Integer),
    Column("doc", JSON),
    Column("at", DateTime, server_default=func.now()),
    CheckConstraint("n > 0", name="positive"),
    comment="of all kinds",
)
parts = Table(
    "parts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("thing_id", ForeignKey("things.id", name="fk_thing")),
)
t, p = things.c, parts.c


class Cursor(pymysql.cursors.Cursor):
    """A cursor whose server says that it is MySQL 8."""

    def execute(self, query: str, args: Any = None) -> int:
        if query == "SELECT VERSION()":
            query = "SELECT '8.0.36'"
        return int(super().execute(query, args))


@pytest.fixture(scope="module")
def options() -> Iterator[dict[str, Any]]:
    """What pymysql.connect needs for the engine."""
    if sys.platform != "linux":
        pytest.skip("seekdb runs on Linux")
    seekdb = pytest.importorskip("pylibseekdb", exc_type=ImportError)
    with tempfile.TemporaryDirectory(prefix="relvar-", ignore_cleanup_errors=True) as folder:
        instance = seekdb.open(str(Path(folder) / "data"))
        try:
            yield dict(instance.connection_options())
        finally:
            instance.close()


@pytest.fixture
def engine(options: dict[str, Any]) -> Iterator[Any]:
    with pymysql.connect(**options, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("drop database if exists relvar")
        cursor.execute("create database relvar")
    engine = relvar.create_engine("mysql+pymysql:///relvar", connect_args={**options, "cursorclass": Cursor})
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Any) -> Iterator[Any]:
    metadata.create_all(engine)
    with engine.connect() as connection:
        connection.execute(
            things.insert(),
            [{"name": "x", "n": 1, "doc": {"k": [1, 2]}}, {"name": "y", "n": 2, "doc": {"k": "v"}}],
        )
        connection.commit()
        yield connection


def test_which_server_it_is(connection: Any) -> None:
    dialect = connection.dialect
    assert not dialect.is_mariadb
    assert dialect.server_version_info == (8, 0, 36)
    assert dialect._requires_alias_for_on_duplicate_key
    assert connection.get_isolation_level() == "READ COMMITTED"
    connection.rollback()
    connection.execution_options(isolation_level="REPEATABLE READ")
    assert connection.get_isolation_level() == "REPEATABLE READ"


@pytest.mark.feature("E038")
def test_the_alias_of_the_new_row(connection: Any) -> None:
    run = connection.execute
    add = mysql.insert(things)
    adding = add.on_duplicate_key_update(n=add.inserted.n + t.n)
    compiled = str(adding.values(name="x").compile(connection))
    assert compiled.endswith("AS new ON DUPLICATE KEY UPDATE n = (new.n + things.n)")
    run(adding, {"name": "x", "n": 10})
    run(adding, [{"name": "y", "n": 5}, {"name": "z", "n": 8}])
    assert run(select(t.name, t.n).order_by(t.name)).all() == [("x", 11), ("y", 7), ("z", 8)]
    many = things.insert().values([{"name": "x", "n": 1}])
    assert "AS new" not in str(many.compile(connection))
    either = upsert(things).values(name="x", n=3).on_conflict(t.name)
    run(either.update(n=either.excluded.n))
    assert connection.scalar(select(t.n).where(t.name == "x")) == 3


def test_lateral(connection: Any) -> None:
    more = select((t.n + 1).label("x")).correlate(things).lateral("more")
    statement = select(t.name, more.c.x).join(more, true()).order_by(t.id)
    assert "LATERAL (SELECT things.n + %(n_1)s AS x)" in str(statement.compile(connection))
    assert connection.execute(statement).all() == [("x", 2), ("y", 3)]


def test_rows_of_values(connection: Any) -> None:
    rows = values(make_column("q", Integer), make_column("r", String), name="v").data([(1, "a"), (2, "b")])
    statement = select(rows).where(rows.c.q > 1)
    assert "(VALUES ROW(%(param_1)s, %(param_2)s), ROW(" in str(statement.compile(connection))
    assert connection.execute(statement).all() == [(2, "b")]
    assert connection.execute(select(rows.cte("c"))).all() == [(1, "a"), (2, "b")]


def test_rows_of_values_on_mariadb(mariadb_engine: Any) -> None:
    """Columns of a derived table have no names there before 11.7."""
    rows = values(make_column("q", Integer), make_column("r", String), name="v").data([(1, "a"), (2, "b")])
    with mariadb_engine.connect() as connection:
        statement = select(rows).where(rows.c.q > 1)
        assert connection.execute(statement).all() == [(2, "b")]
        both = select(rows.c.r, literal_column("x.y")).join_from(rows, text("(select 1 as y) as x"), true())
        assert connection.execute(both).all() == [("a", 1), ("b", 1)]
        assert connection.execute(select(rows.cte("c"))).all() == [(1, "a"), (2, "b")]


def test_json(connection: Any) -> None:
    found = select(t.doc["k"], t.doc[("k", 1)].as_integer(), t.doc["k"].as_string()).order_by(t.id)
    assert connection.execute(found).all() == [([1, 2], 2, "[1, 2]"), ("v", None, "v")]
    arrow = t.doc.op("->>", return_type=String())(literal_column("'$.k'"))
    assert connection.scalars(select(arrow).order_by(t.id)).all() == ["[1, 2]", "v"]


@pytest.mark.feature("E040")
def test_expressions_in_indexes(connection: Any) -> None:
    for index in (
        Index("ix_lower", func.lower(t.name)),
        Index("ix_more", (t.n + 1).desc(), "n"),
        Index("ix_upper_desc", func.upper(t.name).desc()),
    ):
        index._set_parent(things)
        try:
            index.create(connection)
        finally:
            things.indexes.discard(index)
    assert {"ix_lower", "ix_more", "ix_upper_desc"} <= {
        i["name"] for i in inspect(connection).get_indexes("things")
    }


def test_defaults_that_are_expressions(connection: Any) -> None:
    made = connection.execute(things.insert(), {"n": 9}).inserted_primary_key
    assert connection.scalar(select(t.name).where(t.id == made[0])) == "ab"


def test_casts_regular_expressions_windows(connection: Any) -> None:
    run = connection.execute
    assert run(select(cast(literal_column("'1.5'"), Float))).scalar() == 1.5
    assert run(select(literal("ABC").regexp_match("b", flags="i"))).scalar()
    assert run(select(literal("abc").regexp_replace("b", "X"))).scalar() == "aXc"
    ranked = select(t.name, func.row_number().over(order_by=t.n.desc())).order_by(t.name)
    assert run(ranked).all() == [("x", 2), ("y", 1)]
    start = select(literal(1).label("x")).cte("numbers", recursive=True)
    numbers = start.union_all(select(start.c.x + 1).where(start.c.x < 4))
    assert run(select(numbers)).scalars().all() == [1, 2, 3, 4]
    assert run(select(t.n).intersect(select(t.id))).scalars().all() == [1, 2]
    assert run(select(t.n).except_(select(t.id).where(t.id > 1))).scalars().all() == [1]
    assert run(select(t.n, func.count()).group_by(func.rollup(t.n))).all()[-1] == (None, 2)


@pytest.mark.feature("E042", "E044")
def test_updates_deletes_and_locks(connection: Any) -> None:
    run = connection.execute
    run(parts.insert(), [{"thing_id": 1}, {"thing_id": 1}])
    assert run(update(things).where(t.id == p.thing_id).values({t.n: 5})).rowcount == 1
    assert run(delete(parts).where(t.id == p.thing_id)).rowcount == 2
    assert run(update(things).values(n=6).ext(mysql.limit(1))).rowcount == 1
    connection.commit()
    assert run(select(t.id).with_for_update(nowait=True)).scalars().all() == [1, 2]
    assert run(select(t.id).with_for_update(skip_locked=True)).scalars().all() == [1, 2]
    # seekdb has no FOR SHARE; the text is MySQL's
    with pytest.raises(exc.ProgrammingError, match="FOR SHARE"):
        run(select(t.id).with_for_update(read=True))


@pytest.mark.feature("E046")
def test_reflection(connection: Any) -> None:
    inspector = inspect(connection)
    assert inspector.get_table_names() == ["parts", "things"]
    assert inspector.get_check_constraints("things") == [{"name": "positive", "sqltext": "`n` > 0"}]
    assert inspector.get_table_comment("things") == {"text": "of all kinds"}
    (key,) = inspector.get_foreign_keys("parts")
    assert (key["name"], key["referred_table"]) == ("fk_thing", "things")
    assert isinstance(inspector.get_columns("things")[3]["type"], JSON)
    many = inspector.get_multi_check_constraints()
    assert many[(None, "things")] == inspector.get_check_constraints("things")
    reflected = MetaData()
    reflected.reflect(connection)
    assert sorted(reflected.tables) == ["parts", "things"]
