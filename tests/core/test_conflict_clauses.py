"""ON CONFLICT and ON DUPLICATE KEY UPDATE, in every form, on the databases that have them."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    JSON,
    CheckConstraint,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    case,
    exc,
    func,
    literal_column,
    null,
    select,
    text,
)
from relvar.dialects import mysql, postgresql, sqlite

metadata = MetaData()
items = Table(
    "items",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("code", String(20)),
    Column("group", Integer),
    Column("the name", String(40), key="name"),
    Column("n", Integer, default=1),
    Column("data", JSON),
    UniqueConstraint("code", name="one code"),
    CheckConstraint("n < 1000", name="small"),
)
lookup = Table("lookup", metadata, Column("key", Integer, primary_key=True), Column("word", String(20)))
i = items.c


@pytest.fixture
def connection(engine: Any) -> Any:
    metadata.create_all(engine)
    with engine.connect() as connection:
        rows = [
            {"id": 1, "code": "a", "group": 1, "name": "one"},
            {"id": 2, "code": "b", "group": 1, "name": None},
        ]
        connection.execute(items.insert(), rows)
        connection.execute(lookup.insert(), [{"key": 1, "word": "uno"}, {"key": 2, "word": "due"}])
        yield connection


def insert(connection: Any) -> Any:
    return {"sqlite": sqlite, "postgresql": postgresql, "mariadb": mysql}[connection.dialect.name].insert(
        items
    )


def contents(connection: Any, *names: str) -> list[Any]:
    return [
        tuple(row) for row in connection.execute(select(*[items.c[name] for name in names]).order_by(i.id))
    ]


conflicting = pytest.mark.backends("sqlite", "postgresql")


TARGETS: dict[str, tuple[Any, Any, Any]] = {
    "name of the key": (None, lambda c: ["id"], None),
    "column of the key": (None, lambda c: [c.id], None),
    "column": (lambda c: Index("ix", c.code, unique=True), lambda c: [c.code], None),
    "key with another name": (lambda c: Index("ix", c.name, unique=True), lambda c: [c.name], None),
    "two columns": (lambda c: Index("ix", c.code, c.name, unique=True), lambda c: ["code", c.name], None),
    "in another order": (
        lambda c: Index("ix", c.code, c.name, unique=True),
        lambda c: [c.name, c.code],
        None,
    ),
    "expression": (
        lambda c: Index("ix", func.lower(c.code), unique=True),
        lambda c: [func.lower(c.code)],
        None,
    ),
    "text": (lambda c: Index("ix", func.lower(c.code), unique=True), lambda c: [text("lower(code)")], None),
    "literal column": (lambda c: Index("ix", c.code, unique=True), lambda c: [literal_column("code")], None),
    "partial": (
        lambda c: Index("ix", c.code, unique=True, postgresql_where=c.n > 5, sqlite_where=c.n > 5),
        lambda c: [c.code],
        lambda c: c.n > 5,
    ),
}


@pytest.mark.feature("D031")
@pytest.mark.parametrize("name", TARGETS)
@conflicting
def test_targets(engine: Any, name: str) -> None:
    index, elements, where = TARGETS[name]
    table = Table(
        "target",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("code", String(9)),
        Column("the name", String(9), key="name"),
        Column("n", Integer),
        Column("seen", Integer),
    )
    c = table.c
    if index is not None:
        index(c)
    table.create(engine)
    add = (sqlite if engine.dialect.name == "sqlite" else postgresql).insert(table)
    key: dict[str, Any] = {"index_elements": elements(c), "index_where": None if where is None else where(c)}
    row = {"id": 1, "code": "x", "name": "n", "n": 6, "seen": 1}
    again = {**row, "id": 1 if index is None else 2, "seen": 5}
    with engine.begin() as connection:
        connection.execute(add, row)
        connection.execute(add.on_conflict_do_nothing(**key), again)
        assert connection.execute(select(c.id, c.seen)).all() == [(1, 1)]
        connection.execute(add.on_conflict_do_update(set_={"seen": add.excluded.seen + c.seen}, **key), again)
        assert connection.execute(select(c.id, c.seen)).all() == [(1, 6)]
        if where is not None:  # rows that the index leaves out are never equal
            connection.execute(add.on_conflict_do_nothing(**key), {**row, "id": 3, "n": 1})
            assert connection.scalar(select(func.count(c.id))) == 2


@pytest.mark.feature("D031")
@pytest.mark.backends("postgresql")
def test_constraints_operator_classes_and_collations(connection: Any) -> None:
    connection.commit()
    names = Table("names", MetaData(), Column("id", Integer, primary_key=True), Column("name", String(20)))
    index = Index("by_c", names.c.name.collate("C"), unique=True)
    patterns = Table(
        "patterns", MetaData(), Column("id", Integer, primary_key=True), Column("name", String(20))
    )
    Index("ops", patterns.c.name, unique=True, postgresql_ops={"name": "varchar_pattern_ops"})
    run = connection.execute
    one = next(c for c in items.constraints if c.name == "one code")
    add = postgresql.insert(items).values(id=90, code="a", n=5)
    for constraint in ("one code", one):
        run(add.on_conflict_do_update(constraint=constraint, set_={"n": i.n + add.excluded.n}))
    run(add.values(id=2, code="other").on_conflict_do_update(constraint=items.primary_key, set_={"n": 50}))
    assert contents(connection, "id", "n") == [(1, 11), (2, 50)]
    connection.commit()
    for table, element in (
        (names, names.c.name.collate("C")),
        (names, index),
        (patterns, text("name varchar_pattern_ops")),
    ):
        table.create(connection, checkfirst=True)
        put = postgresql.insert(table).values(name="x")
        target = {"constraint": element} if element is index else {"index_elements": [element]}
        run(put.on_conflict_do_nothing(**target))
        run(put.on_conflict_do_update(set_={"name": "y"}, **target))
        run(table.delete())


@pytest.mark.feature("D031")
@conflicting
def test_values_to_set(connection: Any) -> None:
    add, run = insert(connection).values(id=1, code="new", name="excluded", n=5), connection.execute
    new = add.excluded
    run(lookup.insert(), [{"key": 5, "word": "five"}])
    connection.commit()

    def check(set_: Any, expected: Any, where: Any = None, **parameters: Any) -> None:
        run(add.on_conflict_do_update(index_elements=["id"], set_=set_, where=where), parameters)
        assert (
            tuple(connection.execute(select(i.code, i.name, i.n, i.data).where(i.id == 1)).one()) == expected
        )
        connection.rollback()

    check({"name": "x"}, ("a", "x", 1, None))
    check({i.name: new.name, "n": i.n + new.n}, ("a", "excluded", 6, None))
    check({"name": None, "n": null()}, ("a", None, None, None))
    check({"data": {"k": [1]}}, ("a", "one", 1, {"k": [1]}))
    check({"name": bindparam("given")}, ("a", "later", 1, None), given="later")
    check({"n": case((new.n > i.n, new.n), else_=0)}, ("a", "one", 5, None))
    check({"name": "x"}, ("a", "one", 1, None), where=i.n > 3)
    check({"name": "x"}, ("a", "x", 1, None), where=(i.n < new.n) & (i.name == "one"))
    check({c.key: c for c in new if c.key in ("code", "name")}, ("new", "excluded", 1, None))
    # subqueries see the row that was not inserted, and the one that is there if they say so
    word = select(lookup.c.word).where(lookup.c.key == new.n).scalar_subquery()
    check({"name": word}, ("a", "five", 1, None))
    word = select(lookup.c.word).where(lookup.c.key == i.id).correlate(items).scalar_subquery()
    check({"name": word}, ("a", "uno", 1, None))


@pytest.mark.feature("D031")
@conflicting
def test_rows_and_selects(connection: Any) -> None:
    add, run = insert(connection), connection.execute
    update = {"name": add.excluded.name}
    put = add.on_conflict_do_update(index_elements=["id"], set_=update)
    run(put.values([{"id": 1, "name": "I"}, {"id": 3, "name": "III"}]))
    run(put, [{"id": 2, "name": "II"}, {"id": 4, "name": "IV"}])
    assert contents(connection, "id", "name") == [(1, "I"), (2, "II"), (3, "III"), (4, "IV")]
    source = select(lookup.c.key, lookup.c.word)
    for number, rows in enumerate(
        (source, source.where(lookup.c.key > 0), source.union_all(source.where(lookup.c.key > 5)))
    ):
        run(
            add.from_select(["id", "name"], rows, include_defaults=False).on_conflict_do_update(
                index_elements=["id"], set_={"name": add.excluded.name}
            )
        )
        assert contents(connection, "id", "name")[:2] == [(1, "uno"), (2, "due")], number
    back = run(put.returning(i.id, i.name), [{"id": 1, "name": "x"}, {"id": 9, "name": "y"}])
    assert sorted(back.all()) == [(1, "x"), (9, "y")]
    kept = add.on_conflict_do_nothing().returning(i.id)
    assert run(kept, [{"id": 1}, {"id": 10}]).all() == [(10,)]
    ordered = put.returning(i.name, sort_by_parameter_order=True)
    assert run(ordered, [{"id": k, "name": f"n{k}"} for k in (9, 1, 30, 2)]).scalars().all() == [
        "n9",
        "n1",
        "n30",
        "n2",
    ]


@pytest.mark.feature("D031")
@pytest.mark.backends("sqlite")
def test_sqlite_takes_several_clauses(connection: Any) -> None:
    add = sqlite.insert(items)
    put = add.on_conflict_do_nothing(index_elements=["id"]).on_conflict_do_update(
        index_elements=["code"], set_={"n": i.n + 10}
    )
    connection.execute(put, [{"id": 1, "code": "zz"}, {"id": 7, "code": "b"}, {"id": 8, "code": "c"}])
    assert contents(connection, "id", "code", "n") == [(1, "a", 1), (2, "b", 11), (8, "c", 1)]
    connection.execute(add.values(id=9, code="c").on_conflict_do_update(set_={"n": 99}))
    assert contents(connection, "id", "n")[-1] == (8, 99)
    with pytest.raises(
        exc.CompileError, match="SQLite has no ON CONFLICT ON CONSTRAINT one; name the columns"
    ):
        connection.execute(postgresql.insert(items).values(id=1).on_conflict_do_nothing(constraint="one"))


@pytest.mark.feature("D031")
@conflicting
def test_other_constraints_are_errors(connection: Any) -> None:
    connection.commit()
    add = insert(connection)
    for statement in (
        add.values(id=7, code="a").on_conflict_do_nothing(index_elements=["id"]),
        add.values(id=1, n=2).on_conflict_do_update(index_elements=["id"], set_={"n": 5000}),
        add.values(id=1).on_conflict_do_update(index_elements=["id"], set_={"code": "b"}),
    ):
        with pytest.raises(exc.IntegrityError):
            connection.execute(statement)
        connection.rollback()


@pytest.mark.feature("D031")
@pytest.mark.backends("mariadb")
def test_duplicate_key_forms(connection: Any) -> None:
    run = connection.execute
    add = mysql.insert(items).values(id=1, code="a", name="new", n=5)
    new = add.inserted

    def check(statement: Any, expected: Any, *parameters: Any) -> None:
        run(statement, *parameters)
        assert tuple(run(select(i.code, i.name, i.n, i.data).where(i.id == 1)).one()) == expected
        run(items.delete().where(i.id == 1))
        run(items.insert(), [{"id": 1, "code": "a", "group": 1, "name": "one", "n": 1}])

    check(add.on_duplicate_key_update(name="x"), ("a", "x", 1, None))
    check(add.on_duplicate_key_update(name=new.name, n=i.n + new.n), ("a", "new", 6, None))
    check(
        add.on_duplicate_key_update({i.name: func.concat(new.name, "!"), "n": None}),
        ("a", "new!", None, None),
    )
    check(
        add.on_duplicate_key_update([("n", i.n + 1), ("name", func.concat("n", i.n))]), ("a", "n2", 2, None)
    )
    check(
        add.on_duplicate_key_update([("name", func.concat("n", i.n)), ("n", i.n + 1)]), ("a", "n1", 2, None)
    )
    check(add.on_duplicate_key_update(data={"k": 1}), ("a", "one", 1, {"k": 1}))
    check(add.on_duplicate_key_update(n=case((new.n > i.n, new.n), else_=i.n)), ("a", "one", 5, None))
    check(add.on_duplicate_key_update(name=bindparam("given")), ("a", "later", 1, None), {"given": "later"})
    several = mysql.insert(items).values([{"id": 1, "n": 3}, {"id": 5, "n": 4}])
    check(several.on_duplicate_key_update(n=several.inserted.n * 10), ("a", "one", 30, None))
    assert run(select(i.n).where(i.id == 5)).scalar() == 4
    plain = mysql.insert(items)
    many = plain.on_duplicate_key_update(n=plain.inserted.n + bindparam("more"), name="seen")
    rows = [{"id": 1, "n": 3, "more": 100}, {"id": 6, "n": 4, "more": 0}, {"id": 1, "n": 5, "more": 200}]
    check(many, ("a", "seen", 205, None), rows)
    source = mysql.insert(items).from_select(["id", "name"], select(lookup.c.key, lookup.c.word))
    check(source.on_duplicate_key_update(name=source.inserted.name), ("a", "uno", 1, None))
    check(source.on_duplicate_key_update(name=func.upper(lookup.c.word)), ("a", "UNO", 1, None))
    back = run(many.returning(i.id, i.n), [{"id": 1, "n": 3, "more": 1}, {"id": 40, "n": 4, "more": 1}])
    assert sorted(back.all()) == [(1, 4), (40, 4)]


def test_clauses_have_text_of_their_own() -> None:
    for dialect in (sqlite, postgresql):
        statement = dialect.insert(Table("t", MetaData(), Column("a", Integer)))
        assert str(statement.on_conflict_do_nothing()._post_values_clause) == "ON CONFLICT DO NOTHING"
        clause = statement.on_conflict_do_nothing(index_elements=["a"])._post_values_clause
        assert str(clause) == "ON CONFLICT (a) DO NOTHING"
