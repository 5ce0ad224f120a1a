"""`upsert()`: its text on each database, what it refuses, and that statements stay what they are."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from relvar import (
    Column,
    Identity,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    Upsert,
    column,
    exc,
    func,
    insert,
    select,
    table,
    upsert,
)
from relvar.dialects import mysql, postgresql, sqlite
from relvar.dialects.mysql.mariadb import MariaDBDialect
from relvar.engine.default import DefaultDialect

metadata = MetaData()
t = Table(
    "t",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("a", Integer),
    Column("order", Integer),
    Column("the name", String(20), key="name"),
)
k = Table(
    "k",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("a", Integer),
    Column("b", Integer),
    Column("c", Integer, default=7),
    UniqueConstraint("a", "b", name="ab"),
)
far = Table(
    "far", metadata, Column("id", Integer, Identity(), primary_key=True), Column("v", Integer), schema="s"
)
put = upsert(t)
old, new = t.c, put.excluded

DIALECTS: dict[str, Any] = {
    "sqlite": sqlite.dialect(),
    "postgresql": postgresql.dialect(),
    "mysql": mysql.dialect(),
    "mysql 8": mysql.dialect(),
    "mariadb": MariaDBDialect(),
}
DIALECTS["mysql 8"]._requires_alias_for_on_duplicate_key = True


def texts(statement: Any, keys: Any = None) -> dict[str, str]:
    found = {}
    for name, dialect in DIALECTS.items():
        try:
            found[name] = " ".join(str(statement.compile(dialect=dialect, column_keys=keys)).split())
        except exc.CompileError as error:
            found[name] = f"refused: {error}"
    return found


@pytest.mark.feature("D031")
def test_all_given_columns_by_primary_key() -> None:
    assert texts(put, ["id", "a", "name"]) == {
        "sqlite": (
            'INSERT INTO t (id, a, "the name") VALUES (?, ?, ?) '
            'ON CONFLICT (id) DO UPDATE SET a = excluded.a, "the name" = excluded."the name"'
        ),
        "postgresql": (
            'INSERT INTO t (id, a, "the name") VALUES (%(id)s::INTEGER, %(a)s::INTEGER, %(name)s::VARCHAR) '
            'ON CONFLICT (id) DO UPDATE SET a = excluded.a, "the name" = excluded."the name"'
        ),
        "mysql": (
            "INSERT INTO t (id, a, `the name`) VALUES (%s, %s, %s) "
            "ON DUPLICATE KEY UPDATE a = VALUES(a), `the name` = VALUES(`the name`)"
        ),
        "mysql 8": (
            "INSERT INTO t (id, a, `the name`) VALUES (%s, %s, %s) "
            "AS new ON DUPLICATE KEY UPDATE a = new.a, `the name` = new.`the name`"
        ),
        "mariadb": (
            "INSERT INTO t (id, a, `the name`) VALUES (%s, %s, %s) "
            "ON DUPLICATE KEY UPDATE a = VALUES(a), `the name` = VALUES(`the name`)"
        ),
    }


TAILS = [
    ("keys only", put.values(id=1), "DO NOTHING", "id = t.id"),
    ("nothing", put.values(id=1, a=2).do_nothing(), "DO NOTHING", "id = t.id"),
    (
        "by name",
        put.values(id=1, a=2).update("a", "name"),
        'SET a = excluded.a, "the name" = excluded."the name"',
        "a = VALUES(a), `the name` = VALUES(`the name`)",
    ),
    (
        "by column",
        put.values(id=1, a=2).update(old.order),
        'SET "order" = excluded."order"',
        "`order` = VALUES(`order`)",
    ),
    ("value", put.values(id=1).update(a=5), "SET a = ?", "a = %s"),
    ("none", put.values(id=1).update(a=None), "SET a = ?", "a = %s"),
    (
        "expression",
        put.values(id=1).update({old.a: old.a + new.a}),
        "SET a = (t.a + excluded.a)",
        "a = (t.a + VALUES(a))",
    ),
    (
        "added",
        put.values(id=1).update("a").update(order=func.abs(new.order)),
        'SET a = excluded.a, "order" = abs(excluded."order")',
        "a = VALUES(a), `order` = abs(VALUES(`order`))",
    ),
    (
        "where",
        put.values(id=1).update("a").where(old.a < new.a),
        "SET a = excluded.a WHERE t.a < excluded.a",
        "a = CASE WHEN (t.a < VALUES(a)) THEN VALUES(a) ELSE t.a END",
    ),
    (
        "two conditions",
        put.values(id=1).update("a").where(old.a < 5).where(old.order > 6),
        'SET a = excluded.a WHERE t.a < ? AND t."order" > ?',
        "a = CASE WHEN (t.a < %s AND t.`order` > %s) THEN VALUES(a) ELSE t.a END",
    ),
    (
        "read before it changes",
        put.values(id=1).update(a=5, order=old.a),
        'SET a = ?, "order" = t.a',
        "`order` = t.a, a = %s",
    ),
    (
        "chain",
        put.values(id=1).update(a=1, order=old.a, name=old.order),
        'SET a = ?, "order" = t.a, "the name" = t."order"',
        "`the name` = t.`order`, `order` = t.a, a = %s",
    ),
    (
        "condition last",
        put.values(id=1).update("a", "order").where(old.a < 5),
        'SET a = excluded.a, "order" = excluded."order" WHERE t.a < ?',
        (
            "`order` = CASE WHEN (t.a < %s) THEN VALUES(`order`) ELSE t.`order` END, "
            "a = CASE WHEN (t.a < %s) THEN VALUES(a) ELSE t.a END"
        ),
    ),
]


@pytest.mark.feature("D031")
@pytest.mark.parametrize(
    ("statement", "conflict", "duplicate"), [row[1:] for row in TAILS], ids=[row[0] for row in TAILS]
)
def test_what_happens_to_the_row(statement: Any, conflict: str, duplicate: str) -> None:
    found = texts(statement)
    assert found["sqlite"].partition(" ON CONFLICT (id) ")[2].removeprefix("DO UPDATE ") == conflict
    assert found["mysql"].partition(" ON DUPLICATE KEY UPDATE ")[2] == duplicate
    assert found["mariadb"].partition(" ON DUPLICATE KEY UPDATE ")[2] == duplicate


@pytest.mark.feature("D031")
def test_targets() -> None:
    row = {"a": 1, "b": 2}
    named = next(c for c in k.constraints if c.name == "ab")
    expected = "INSERT INTO k (a, b, c) VALUES (?, ?, ?) ON CONFLICT (a, b) DO NOTHING"
    for target in (("a", "b"), (k.c.a, k.c.b), ("ab",), (named,), (k.c.a, "b")):
        statement = upsert(k).on_conflict(*target).values(row)
        assert texts(statement)["sqlite"] == expected
        assert texts(statement)["mysql"].endswith("ON DUPLICATE KEY UPDATE a = k.a")
    assert texts(upsert(k).on_any_conflict().values(row).do_nothing())["postgresql"].endswith(
        "ON CONFLICT DO NOTHING"
    )
    assert texts(upsert(far).values(id=1, v=2))["postgresql"] == (
        "INSERT INTO s.far (id, v) VALUES (%(id)s::INTEGER, %(v)s::INTEGER) "
        "ON CONFLICT (id) DO UPDATE SET v = excluded.v"
    )


@pytest.mark.feature("D031")
def test_what_mysql_cannot_promise_is_refused() -> None:
    def why(statement: Any, *names: str) -> str:
        found = texts(statement)
        for name in names or ("mysql", "mysql 8", "mariadb"):
            assert found[name].startswith("refused: "), found[name]
        assert not found["sqlite"].startswith("refused: ")
        return found[names[0] if names else "mysql"]

    both = upsert(k).values(id=1, a=2, b=3)
    assert "can't choose by which unique key a row is there: a row that is equal in 'ab'" in why(both)
    assert "equal in the primary key would" in why(both.on_conflict("ab"))
    assert not texts(upsert(k).on_conflict("ab").values(a=2, b=3))["mysql"].startswith("refused")
    assert not texts(upsert(k).values(id=1, a=2))["mysql"].startswith("refused")  # b is NULL
    assert "no unique key (a) that relvar knows of" in why(put.on_conflict("a").values(a=1))
    swap = put.values(id=1).update({old.a: old.order, old.order: old.a})
    assert "a, order can't all be computed from the values that were there" in why(swap)
    assert "can't all be computed" in why(put.values(id=1).update("a", "order").where(old.a < old.order))
    assert "has no INSERT ... RETURNING" in why(put.values(id=1, a=1).returning(old.id), "mysql", "mysql 8")
    assert "returns rows that an upsert leaves alone" in why(
        put.values(id=1).do_nothing().returning(old.id), "mariadb"
    )


@pytest.mark.feature("D031")
def test_other_databases_say_that_they_have_none() -> None:
    for dialect in (DefaultDialect(),):
        with pytest.raises(
            exc.CompileError, match=rf"upsert\(\) is not available for the '{dialect.name}' dialect"
        ):
            put.values(id=1, a=2).compile(dialect=dialect)
    with pytest.raises(exc.CompileError, match="needs to know by which unique key a row is there"):
        put.on_any_conflict().compile(dialect=postgresql.dialect())


@pytest.mark.feature("D031")
@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: put.on_conflict(), exc.ArgumentError, "needs the columns of a unique key"),
        (
            lambda: put.on_conflict("nope"),
            exc.ArgumentError,
            "no unique constraint or index 'nope'; those with a name are: none",
        ),
        (lambda: upsert(k).on_conflict("nope"), exc.ArgumentError, "those with a name are: 'ab'"),
        (
            lambda: put.on_conflict("id", "nope"),
            exc.ArgumentError,
            "t has no column 'nope'; it has 'id', 'a', 'order', 'name'",
        ),
        (lambda: put.on_conflict(k.c.a), exc.ArgumentError, "t has no column 'k.a'"),
        (lambda: put.on_conflict(5), exc.ArgumentError, "expected, got 5"),
        (lambda: put.on_conflict("id", where=5), exc.ArgumentError, "expected"),
        (lambda: put.update(), exc.ArgumentError, "needs the columns to update"),
        (lambda: put.update("the name"), exc.ArgumentError, "no column 'the name'"),
        (lambda: put.update(nope=1), exc.ArgumentError, "no column 'nope'"),
        (lambda: put.do_nothing().update("a"), exc.InvalidRequestError, "leaves rows alone"),
        (lambda: put.do_nothing().where(old.a > 1), exc.InvalidRequestError, "leaves rows alone"),
        (lambda: put.update("a").do_nothing(), exc.InvalidRequestError, "updates rows"),
        (lambda: put.where("a > 5"), exc.ArgumentError, "explicitly declared as text"),
        (lambda: upsert("t"), exc.ArgumentError, "subject table"),
        (lambda: str(upsert(table("q", column("a"))).values(a=1)), exc.CompileError, "q has no primary key"),
        (lambda: str(put.values(nope=1)), exc.CompileError, "Unconsumed column names: nope"),
    ],
)
def test_mistakes_are_told(call: Any, kind: Any, words: str) -> None:
    with pytest.raises(kind, match=words.replace("(", r"\(").replace(")", r"\)")):
        call()


@pytest.mark.feature("D031")
def test_statements_stay_what_they_are() -> None:
    before = str(put)
    changed = [put.update("a"), put.do_nothing(), put.where(old.a > 5), put.on_conflict("a"), put.update(a=1)]
    assert str(put) == before and all(isinstance(s, Upsert) and s.is_insert for s in changed)
    assert len({str(s) for s in [put, *changed]}) == len(changed) + 1
    assert put.update("a").compare(put.update("a")) and not put.update("a").compare(put.update("order"))
    assert put.update(a=1).compare(put.update(a=2)) is False
    keys = [
        s._generate_cache_key() for s in (put, put.update("a"), put.update(a=1), put.do_nothing(), insert(t))
    ]
    assert None not in keys and len({key.key for key in keys if key}) == len(keys)
    one, two = put.update(a=1)._generate_cache_key(), put.update(a=2)._generate_cache_key()
    assert one is not None and two is not None and one.key == two.key
    again = pickle.loads(pickle.dumps(put.values(id=1).update(a=old.a + new.a)))
    assert str(again) == str(put.values(id=1).update(a=old.a + new.a))


@pytest.mark.feature("D031")
def test_in_ctes_and_from_select() -> None:
    wrote = put.from_select(["id", "a"], select(k.c.a, k.c.b)).returning(old.id).cte("wrote")
    assert texts(select(wrote))["postgresql"] == (
        "WITH wrote AS (INSERT INTO t (id, a) SELECT k.a AS a, k.b AS b FROM k ON CONFLICT (id) "
        "DO UPDATE SET a = excluded.a RETURNING t.id) SELECT wrote.id FROM wrote"
    )
    copy = put.from_select(["id", "a"], select(k.c.a, k.c.b))
    assert texts(copy)["sqlite"] == (
        "INSERT INTO t (id, a) SELECT k.a, k.b FROM k WHERE 1 = 1 "
        "ON CONFLICT (id) DO UPDATE SET a = excluded.a"
    )
    assert texts(copy)["mysql 8"].endswith("SELECT k.a, k.b FROM k ON DUPLICATE KEY UPDATE a = VALUES(a)")
