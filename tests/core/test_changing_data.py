"""INSERT, UPDATE and DELETE run on real databases; each result is computed again in Python."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Sequence,
    String,
    Table,
    Uuid,
    bindparam,
    case,
    delete,
    exc,
    exists,
    from_dml_column,
    func,
    insert,
    literal,
    null,
    select,
    text,
    union_all,
    update,
    values,
)
from relvar import column as column_
from relvar.dialects import mysql
from relvar.dialects import postgresql as pg
from relvar.dialects import sqlite as lite

metadata = MetaData()
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(30)),
    Column("full name", String(30), key="full_name"),
    Column("order", Integer),
)
notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id")),
    Column("text", String(30)),
    Column("n", Integer),
)
calls = iter(range(10_000))
made = Table(
    "made",
    metadata,
    Column("id", Integer, Sequence("made_ids", optional=True), primary_key=True),
    Column("a", Integer, default=5),
    Column("b", Integer, default=func.abs(-4)),
    Column("c", Integer, default=lambda: 7),
    Column("d", Integer, server_default="9"),
    Column("e", Integer, default=lambda context: (context.get_current_parameters()["a"] or 0) * 10),
    Column("g", Integer, onupdate=70),
    Column("h", Integer, onupdate=func.abs(-80)),
    Column("i", Integer, onupdate=lambda context: (context.get_current_parameters().get("a") or 0) + 1),
)
u, n, m = users.c, notes.c, made.c

USERS = [
    {"id": 1, "name": "ann", "full_name": "Ann A", "order": 10},
    {"id": 2, "name": "bob", "full_name": None, "order": 20},
    {"id": 3, "name": None, "full_name": "it's %s", "order": None},
    {"id": 4, "name": "dan", "full_name": "Dan D", "order": 40},
]
NOTES = [
    {"id": 1, "user_id": 1, "text": "x", "n": 5},
    {"id": 2, "user_id": 1, "text": "y", "n": 7},
    {"id": 3, "user_id": 2, "text": "z", "n": None},
    {"id": 4, "user_id": None, "text": "w", "n": 9},
]


@pytest.fixture
def connection(engine: Any) -> Any:
    metadata.create_all(engine)
    with engine.connect() as connection:
        connection.execute(insert(users), USERS)
        connection.execute(insert(notes), NOTES)
        yield connection


def rows(connection: Any, table: Any, *names: str) -> list[Any]:
    columns = [table.c[name] for name in names]
    return [tuple(row) for row in connection.execute(select(*columns).order_by(table.c.id))]


# INSERT ----------------------------------------------------------------------------------------------------


@pytest.mark.feature("D027")
def test_insert_forms(connection: Any) -> None:
    run = connection.execute
    run(insert(users).values(id=11, name="a", order=func.abs(-5)))
    run(insert(users).values({u.id: 12, u["full_name"]: "b"}))
    run(insert(users).values((13, "c", "C", 1)))
    run(insert(users).values([{"id": 14, "name": "d"}, {"id": 15, "name": func.lower("E")}]))
    run(insert(users).values([(16, "f", None, 1), (17, "g", None, 2)]))
    run(insert(users).values(name="h"), {"id": 18, "order": 3})
    run(insert(users), [{"id": 19, "name": "i"}, {"id": 20, "name": None}])
    run(insert(users).values(id=select(func.max(u.id) + 1).scalar_subquery(), name=null()))
    run(users.insert().values(id=bindparam("key"), name=bindparam("who")), {"key": 22, "who": "z"})
    assert rows(connection, users, "id", "name", "full_name", "order")[4:] == [
        (11, "a", None, 5),
        (12, None, "b", None),
        (13, "c", "C", 1),
        (14, "d", None, None),
        (15, "e", None, None),
        (16, "f", None, 1),
        (17, "g", None, 2),
        (18, "h", None, 3),
        (19, "i", None, None),
        (20, None, None, None),
        (21, None, None, None),
        (22, "z", None, None),
    ]


@pytest.mark.feature("D027")
def test_insert_defaults(connection: Any) -> None:
    run = connection.execute
    run(insert(made))
    run(insert(made).values(a=1))
    run(insert(made).values(a=None, b=null(), c=None))
    run(insert(made), [{"a": 2}, {"a": 3}])
    run(insert(made).values([{"a": 4}, {"a": 5}]))
    run(insert(made).values(a=6).inline())
    run(insert(made).from_select(["a", "e"], select(n.n, n.id).where(n.id <= 2)))
    run(insert(made).from_select(["a"], select(n.n).where(n.id == 1), include_defaults=False))
    assert rows(connection, made, "a", "b", "c", "d", "e") == [
        (5, 4, 7, 9, 50),
        (1, 4, 7, 9, 10),
        (None, None, None, 9, 0),
        (2, 4, 7, 9, 20),
        (3, 4, 7, 9, 30),
        (4, 4, 7, 9, 40),
        (5, 4, 7, 9, 50),
        (6, 4, 7, 9, 60),
        (5, 4, 7, 9, 1),
        (7, 4, 7, 9, 2),
        (5, None, None, 9, None),
    ]


@pytest.mark.feature("D027")
@pytest.mark.backends("postgresql", "mariadb")
def test_insert_takes_numbers_from_a_sequence(engine: Any) -> None:
    numbers = Sequence("numbers", start=100, increment=10)
    table = Table(
        "numbered", MetaData(), Column("id", Integer, numbers, primary_key=True), Column("v", Integer)
    )
    table.metadata.create_all(engine)
    with engine.begin() as connection:
        first = connection.execute(insert(table).values(v=1))
        assert first.inserted_primary_key == (100,)
        connection.execute(insert(table), [{"v": 2}, {"v": 3}])
        connection.execute(insert(table).values(id=numbers.next_value(), v=4))
        connection.execute(insert(table).values([{"v": 5}, {"v": 6}]))
        assert rows(connection, table, "id", "v") == [(100 + 10 * k, k + 1) for k in range(6)]


@pytest.mark.feature("D027")
def test_insert_from_select(connection: Any) -> None:
    run = connection.execute
    run(insert(users).from_select(["id", "name"], select(n.id + 10, n.text).where(n.n > 5)))
    run(
        insert(users).from_select(
            [u.id, u["full_name"]], union_all(select(u.id + 20, u.name).where(u.id == 1))
        )
    )
    both = union_all(select(literal(31), literal("p")), select(u.id + 30, u.name).where(u.id == 2))
    run(insert(users).from_select(["id", "name"], both))
    newest = select(func.max(n.id).label("top")).cte("newest")
    run(insert(users).from_select(["id"], select(newest.c.top + 40)))
    data = values(column_("k", Integer), column_("w", String), name="v").data([(51, "one"), (52, "two")])
    if connection.dialect.name == "postgresql":  # elsewhere VALUES take no names
        run(insert(users).from_select(["id", "name"], select(data)))
    found = rows(connection, users, "id", "name", "full_name")[4:]
    expected = [
        (12, "y", None),
        (14, "w", None),
        (21, None, "ann"),
        (31, "p", None),
        (32, "bob", None),
        (44, None, None),
    ]
    if connection.dialect.name == "postgresql":
        expected += [(51, "one", None), (52, "two", None)]
    assert found == expected


@pytest.mark.feature("D027")
def test_insert_tells_the_new_key(connection: Any) -> None:
    result = connection.execute(insert(made).values(a=6))
    (key,) = result.inserted_primary_key
    assert connection.scalar(select(m.a).where(m.id == key)) == 6
    assert connection.execute(insert(users).values(id=77)).inserted_primary_key == (77,)
    with pytest.raises(exc.InvalidRequestError):
        _ = connection.execute(insert(users), [{"id": 78}, {"id": 79}]).inserted_primary_key


def test_the_new_key_is_known_without_returning(engine: Any) -> None:
    quiet = Table(
        "quiet",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("a", Integer),
        implicit_returning=False,
    )
    quiet.metadata.create_all(engine)
    with engine.begin() as connection:
        keys = [connection.execute(insert(quiet).values(a=a)).inserted_primary_key for a in (5, 6)]
        connection.execute(insert(quiet), [{"a": 7}, {"a": 8}])
        keys += [connection.execute(insert(quiet).values(id=50, a=9)).inserted_primary_key]
        assert rows(connection, quiet, "id", "a") == [(1, 5), (2, 6), (3, 7), (4, 8), (50, 9)]
    assert keys == [(1,), (2,), (50,)]


def test_errors_name_the_parameters_of_the_call(sqlite_engine: Any) -> None:
    table = Table(
        "numbered", MetaData(), Column("id", Integer, primary_key=True), Column("n", Integer, default=5)
    )
    wrong = insert(table).values(id=bindparam(None, 3, type_=Uuid()))
    cases = [(None, ()), ({"n": 7}, [{"n": 7}])]
    table.metadata.create_all(sqlite_engine)
    for given, shown in cases:
        with sqlite_engine.connect() as connection, pytest.raises(exc.StatementError) as refused:
            connection.execute(wrong, given)
        assert refused.value.params == shown


@pytest.mark.feature("D027", "D028")
def test_what_does_not_fit_is_refused(connection: Any) -> None:
    run = connection.execute
    refused: list[tuple[Any, str, Any, Any]] = [
        (exc.CompileError, "Unconsumed column names: nope", insert(users).values(nope=1), None),
        (exc.CompileError, "Unconsumed column names: nope", update(users).values(nope=1), None),
        (
            exc.StatementError,
            "A value is required for bind parameter 'name'",
            insert(users),
            [
                {"id": 50, "name": "x"},
                {"id": 51},
            ],
        ),
        (
            exc.StatementError,
            "A value is required for bind parameter 'b'",
            update(users).where(u.id == bindparam("b")),
            {"name": "x"},
        ),
        (
            exc.CompileError,
            r"bindparam\(\) name 'name' is reserved",
            update(users).where(u.name == bindparam("name")),
            {"name": "x"},
        ),
    ]
    for kind, words, statement, parameters in refused:
        with pytest.raises(kind, match=words):
            run(statement, parameters)
    assert rows(connection, users, "id") == [(1,), (2,), (3,), (4,)]


# UPDATE ----------------------------------------------------------------------------------------------------


@pytest.mark.feature("D028")
def test_update_forms(connection: Any) -> None:
    run = connection.execute
    run(update(users).where(u.id == 1).values(name="A", order=u.order + 1))
    run(update(users).where(u.id == 2).where(u.order > 5).values({u["full_name"]: "full", "order": None}))
    run(update(users).where(u.name.is_(None)), {"name": "none"})
    run(update(users).where(u.id.in_([3, 4])).values(order=case((u.order > 5, 1), else_=2)))
    run(update(users).where(exists().where(n.user_id == u.id, n.n > 6)).values(full_name=func.upper(u.name)))
    assert rows(connection, users, "name", "full_name", "order") == [
        ("A", "A", 11),
        ("bob", "full", None),
        ("none", "it's %s", 2),
        ("dan", "Dan D", 1),
    ]


@pytest.mark.feature("D028")
def test_update_with_correlated_subqueries(connection: Any) -> None:
    total = select(func.sum(n.n)).where(n.user_id == u.id).scalar_subquery()
    first = select(n.text).where(n.user_id == u.id).order_by(n.id).limit(1)
    connection.execute(update(users).values(order=total, full_name=first.scalar_subquery()))
    totals = {
        user["id"]: [note["n"] for note in NOTES if note["user_id"] == user["id"] and note["n"] is not None]
        for user in USERS
    }
    texts = {user["id"]: [note["text"] for note in NOTES if note["user_id"] == user["id"]] for user in USERS}
    assert rows(connection, users, "id", "order", "full_name") == [
        (key, sum(found) if found else None, texts[key][0] if texts[key] else None)
        for key, found in totals.items()
    ]


@pytest.mark.feature("D028")
def test_update_from_other_tables(connection: Any) -> None:
    run = connection.execute
    run(update(users).values(name=n.text).where(u.id == n.user_id, n.id > 1))
    other = users.alias("other")
    run(
        update(users)
        .values(order=other.c.order + 1)
        .where(other.c.id == u.id + 1, other.c.order.is_not(None))
    )
    sub = select(n.user_id, func.count().label("many")).group_by(n.user_id).subquery("sub")
    run(update(users).values(full_name="has", order=sub.c.many).where(sub.c.user_id == u.id, sub.c.many > 1))
    assert rows(connection, users, "name", "full_name", "order") == [
        ("y", "has", 2),
        ("z", None, 20),
        (None, "it's %s", 41),
        ("dan", "Dan D", 40),
    ]


@pytest.mark.feature("D028")
@pytest.mark.backends("mariadb")
def test_update_of_several_tables_and_of_a_join(connection: Any) -> None:
    run = connection.execute
    run(update(users).values({u.name: "changed", n.text: u.name, n.n: 0}).where(u.id == n.user_id, n.id == 3))
    assert rows(connection, users, "name")[1] == ("changed",) and rows(connection, notes, "n")[2] == (0,)
    joined = users.join(notes)
    run(update(joined).values({u.name: n.text, n.n: n.n + 1}).where(n.id == 2))
    assert rows(connection, users, "name")[0] == ("y",) and rows(connection, notes, "n")[1] == (8,)
    run(update(users.outerjoin(notes)).values({u.full_name: "alone"}).where(n.id.is_(None)))
    assert rows(connection, users, "full_name") == [("Ann A",), (None,), ("alone",), ("alone",)]
    joined = made.join(users, m.id == u.id)
    run(insert(made).values(id=1))
    run(update(joined).values({m.a: u.order, u.name: "both"}))
    assert rows(connection, made, "a", "g", "h") == [(10, 70, 80)]
    assert rows(connection, users, "name")[0] == ("both",)


JOIN_TEXTS = [
    (
        update(users.join(notes)).values({u.name: "a"}),
        "UPDATE users INNER JOIN notes ON users.id = notes.user_id SET users.name=%s",
    ),
    (
        update(users.join(notes)).values({u.name: "a", n.text: u.name}).where(n.n > 3),
        (
            "UPDATE users INNER JOIN notes ON users.id = notes.user_id SET notes.text=users.name, "
            "users.name=%s WHERE notes.n > %s"
        ),
    ),
    (
        update(users.join(made, m.id == u.id)).values({u.name: "a", m.a: 1, "made_c": 2}),
        (
            "UPDATE users INNER JOIN made ON made.id = users.id SET made.a=%s, made.g=%s, made.h=abs(%s), "
            "made.i=%s, users.name=%s, made.c=%s"
        ),
    ),
]


@pytest.mark.feature("D028")
@pytest.mark.parametrize(("statement", "expected"), JOIN_TEXTS)
def test_update_of_a_join_is_mysql_only(statement: Any, expected: str) -> None:
    assert str(statement.compile(dialect=mysql.dialect())) == expected
    for dialect in (pg.dialect(), lite.dialect()):
        with pytest.raises(
            exc.CompileError, match="can't UPDATE a join; update one table and name the others"
        ):
            statement.compile(dialect=dialect)


@pytest.mark.feature("D028")
def test_update_in_order(connection: Any) -> None:
    statement = update(users).ordered_values(
        (u["full_name"], u.name), ("name", "new"), ("order", u.order + 1)
    )
    connection.execute(statement.where(u.id == 1))
    assert rows(connection, users, "name", "full_name", "order")[0] == ("new", "ann", 11)
    names = [u["full_name"].name, "name", "order"]
    at = [str(statement.compile(dialect=connection.dialect)).index(name) for name in names]
    assert at == sorted(at)


@pytest.mark.feature("D028")
def test_onupdate(connection: Any) -> None:
    run = connection.execute
    run(insert(made).values(id=1))
    run(insert(made).values(id=2))
    run(update(made).values(a=1).where(m.id == 1))
    assert rows(connection, made, "a", "g", "h", "i") == [(1, 70, 80, 2), (5, None, None, None)]
    run(update(made).where(m.id == bindparam("key")), [{"key": 1, "a": 5}, {"key": 2, "a": 6}])
    assert rows(connection, made, "a", "g", "h", "i") == [(5, 70, 80, 6), (6, 70, 80, 7)]
    run(update(made).values(a=3, g=1, h=2, i=3))
    assert rows(connection, made, "a", "g", "h", "i") == [(3, 1, 2, 3)] * 2


# DELETE ----------------------------------------------------------------------------------------------------


@pytest.mark.feature("D029")
def test_delete_forms(connection: Any) -> None:
    run = connection.execute
    run(delete(notes).where(n.n > 5, n.user_id.is_(None)))
    assert rows(connection, notes, "id") == [(1,), (2,), (3,)]
    run(notes.delete().where(n.user_id.in_(select(u.id).where(u.name == "bob"))))
    assert rows(connection, notes, "id") == [(1,), (2,)]
    run(delete(users).where(~exists().where(n.user_id == u.id)))
    assert rows(connection, users, "id") == [(1,)]
    run(delete(notes).filter_by(text="x"))
    assert rows(connection, notes, "id") == [(2,)]
    run(delete(notes))
    assert rows(connection, notes, "id") == []


@pytest.mark.feature("D029")
@pytest.mark.backends("postgresql", "mariadb")
def test_delete_using_other_tables(connection: Any) -> None:
    run = connection.execute
    run(delete(notes).where(n.user_id == u.id, u.name == "bob"))
    assert rows(connection, notes, "id") == [(1,), (2,), (4,)]
    run(delete(notes).using(users).where(n.user_id == u.id, n.n < 6))
    assert rows(connection, notes, "id") == [(2,), (4,)]
    other = notes.alias("other")
    run(delete(notes).using(other).where(n.id > other.c.id))
    assert rows(connection, notes, "id") == [(2,)]
    sub = select(u.id).where(u.order < 15).subquery("sub")
    run(delete(notes).using(sub).where(sub.c.id == n.user_id))
    assert rows(connection, notes, "id") == []


@pytest.mark.feature("D029")
@pytest.mark.backends("sqlite")
def test_sqlite_has_no_delete_of_several_tables(connection: Any) -> None:
    with pytest.raises(NotImplementedError, match="multiple-table criteria within DELETE"):
        connection.execute(delete(notes).using(users).where(n.user_id == u.id))


# RETURNING -------------------------------------------------------------------------------------------------


@pytest.mark.feature("D030")
def test_insert_and_delete_return_rows(connection: Any) -> None:
    run = connection.execute
    added = run(
        insert(users).values(id=9, name="new").returning(u.id, (u.id + 1).label("next"), u["full_name"])
    )
    assert list(added.keys()) == ["id", "next", "full name"] and added.all() == [(9, 10, None)]
    some = insert(users).values([{"id": 10}, {"id": 11}]).returning(users)
    assert sorted(run(some).all()) == [(10, None, None, None), (11, None, None, None)]
    copied = insert(users).from_select(["id", "name"], select(n.id + 100, n.text)).returning(u.id)
    assert sorted(run(copied).scalars()) == [101, 102, 103, 104]
    gone = (
        delete(users).where(u.id > 8).returning(u.id, case((u.id > 50, "far"), else_="near").label("where"))
    )
    assert sorted(run(gone).all())[-2:] == [(103, "far"), (104, "far")]
    assert run(delete(users).where(u.id == 999).returning(u.id)).all() == []


@pytest.mark.feature("D030")
@pytest.mark.backends("sqlite", "postgresql")
def test_update_returns_rows(connection: Any) -> None:
    run = connection.execute
    changed = update(users).where(u.id < 3).values(order=u.order + 1).returning(u.id, u.order)
    assert sorted(run(changed).all()) == [(1, 11), (2, 21)]
    if connection.dialect.name == "postgresql":
        joined = update(users).where(u.id == n.user_id, n.id == 3).values(name=n.text).returning(u.name, n.id)
        assert run(joined).all() == [("z", 3)]


@pytest.mark.feature("D030")
def test_return_defaults(connection: Any) -> None:
    run = connection.execute
    one = run(insert(made).values(a=1).return_defaults())
    assert one.returned_defaults is None or one.returned_defaults.d == 9
    two = run(
        insert(made).return_defaults(m.d, supplemental_cols=[m.a], sort_by_parameter_order=True),
        [
            {"a": 4},
            {"a": 2},
            {"a": 3},
        ],
    )
    assert [(row.a, row.d) for row in two.returned_defaults_rows] == [(4, 9), (2, 9), (3, 9)]
    assert [row.a for row in two] == [4, 2, 3]
    if connection.dialect.name != "mariadb":
        changed = run(
            update(made).where(m.id == 1).values(a=8).return_defaults(m.h, supplemental_cols=[m.id])
        )
        assert changed.returned_defaults._asdict() == {"id": 1, "h": 80}
    removed = run(delete(made).where(m.id == 1).return_defaults(m.a, supplemental_cols=[m.d]))
    assert removed.all() == [(1 if connection.dialect.name == "mariadb" else 8, 9)]


@pytest.mark.feature("D030")
def test_what_no_driver_returns_for_many_rows_is_refused(connection: Any) -> None:
    many = [{"key": 1, "to": "x"}, {"key": 2, "to": "y"}]
    changed = update(users).where(u.id == bindparam("key")).values(name=bindparam("to"))
    if connection.dialect.name != "mariadb":
        for statement in (changed.returning(u.id), changed.return_defaults(u.id)):
            with pytest.raises(
                exc.StatementError, match=r"does not support UPDATE..RETURNING when executemany"
            ):
                connection.execute(statement, many)
    with pytest.raises(exc.StatementError, match=r"does not support DELETE..RETURNING when executemany"):
        connection.execute(
            delete(users).where(u.id == bindparam("key")).returning(u.id), [{"key": 1}, {"key": 2}]
        )
    assert connection.execute(changed, many).rowcount == 2


# WITH ------------------------------------------------------------------------------------------------------


@pytest.mark.feature("D032")
def test_ctes_in_changes(connection: Any) -> None:
    run, mysql_like = connection.execute, connection.dialect.name == "mariadb"
    busy = select(n.user_id).where(n.n > 4).cte("busy")
    run(
        insert(users).from_select(
            ["id", "name"], select(busy.c.user_id + 10, literal("new")).distinct().where(busy.c.user_id > 0)
        )
    )
    assert rows(connection, users, "id", "name")[4:] == [(11, "new")]
    if mysql_like:  # WITH before UPDATE and DELETE: not in this MariaDB
        return
    run(update(users).where(u.id.in_(select(busy.c.user_id))).values(name="busy"))
    assert rows(connection, users, "name")[0] == ("busy",)
    run(delete(notes).where(n.user_id.in_(select(busy.c.user_id))))
    assert rows(connection, notes, "id") == [(3,), (4,)]
    run(update(users).values(name="also").where(u.id == 4).add_cte(busy))
    assert rows(connection, users, "name")[3] == ("also",)


@pytest.mark.feature("D032")
@pytest.mark.backends("postgresql")
def test_changes_in_ctes(connection: Any) -> None:
    run = connection.execute
    gone = delete(notes).where(n.user_id == 1).returning(n.id, n.text).cte("gone")
    kept = (
        insert(users)
        .from_select(["id", "name"], select(gone.c.id + 100, gone.c.text))
        .returning(u.id, u.name)
    )
    kept = kept.cte("kept")
    assert sorted(run(select(kept)).all()) == [(101, "x"), (102, "y")]
    assert rows(connection, notes, "id") == [(3,), (4,)]
    changed = update(users).where(u.id == 2).values(name="first").returning(u.id).cte("changed")
    run(update(notes).values(text="second").where(n.user_id.in_(select(changed.c.id))))
    assert rows(connection, users, "name")[1] == ("first",) and rows(connection, notes, "text")[0] == (
        "second",
    )
    silent = insert(users).values(id=500, name="quiet").cte("silent")
    assert run(select(literal(1)).add_cte(silent)).scalar() == 1
    assert run(select(u.name).where(u.id == 500)).scalar() == "quiet"


# The rest --------------------------------------------------------------------------------------------------


@pytest.mark.feature("D033")
@pytest.mark.backends("mariadb")
def test_limits(connection: Any) -> None:
    run = connection.execute
    assert run(update(users).values(name="one").with_dialect_options(mariadb_limit=1)).rowcount == 1
    assert run(update(users).where(u.id > 1).values(name="two").ext(mysql.limit(2))).rowcount == 2
    assert run(delete(notes).ext(mysql.limit(3))).rowcount == 3
    assert run(delete(notes).with_dialect_options(mysql_limit=0, mariadb_limit=0)).rowcount == 0
    with pytest.raises(exc.ArgumentError, match="mysql"):
        update(users).with_dialect_options(mysql_nope=5)


@pytest.mark.feature("D034")
def test_values_are_used_again(connection: Any) -> None:
    run = connection.execute
    run(
        insert(users).values(
            id=9, order=from_dml_column(u.id) * 2, name=func.lower("NINE"), full_name=from_dml_column(u.name)
        )
    )
    assert rows(connection, users, "name", "full_name", "order")[-1] == ("nine", "nine", 18)
    run(
        update(users).values(
            order=bindparam("to"), full_name=case((from_dml_column(u.order) > 5, "big"), else_="small")
        ),
        {"to": 7},
    )
    assert set(rows(connection, users, "order", "full_name")) == {(7, "big")}
    run(update(users).values(full_name=from_dml_column(u.name)).where(u.id == 1))
    assert rows(connection, users, "full_name")[0] == ("ann",)
    run(insert(made).values(id=1, d=from_dml_column(m.a)))
    assert rows(connection, made, "a", "d") == [(5, 5)]
    with pytest.raises(exc.CompileError, match="Can't resolve referenced column name in INSERT"):
        run(insert(users).values(name=from_dml_column(u["full_name"])))


@pytest.mark.feature("D035")
def test_binds_by_name_in_where(connection: Any) -> None:
    run = connection.execute
    run(update(users).where(u.id == bindparam("b_id")), [{"b_id": 1, "name": "a"}, {"b_id": 2, "name": "b"}])
    run(
        update(users)
        .where(u.id == bindparam("b_id"), u.order > bindparam("least", 15))
        .values(name=bindparam("to")),
        [{"b_id": 2, "to": "B"}, {"b_id": 4, "to": "D"}, {"b_id": 1, "to": "never"}],
    )
    assert rows(connection, users, "name") == [("a",), ("B",), (None,), ("D",)]
    run(
        delete(notes).where(n.user_id == bindparam("b_id"), n.text == bindparam("odd: %name")),
        [
            {"b_id": 1, "odd: %name": "x"},
            {"b_id": 2, "odd: %name": "z"},
        ],
    )
    assert rows(connection, notes, "id") == [(2,), (4,)]
    with pytest.raises(exc.CompileError, match="is reserved for automatic usage in the VALUES or SET clause"):
        run(update(users).where(u.id == bindparam("id")), {"id": 1})
    run(delete(notes).where(text("id = :key").bindparams(bindparam("key"))), {"key": 2})
    assert rows(connection, notes, "id") == [(4,)]
