"""`upsert()` on real databases: rows, errors and what comes back, against a model of what it means."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relvar import (
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    case,
    exc,
    func,
    select,
    upsert,
)
from relvar.dialects.sqlite import insert as sqlite_insert
from relvar.orm import DeclarativeBase, Mapped, Session, aliased, mapped_column

metadata = MetaData()
plain = Table(
    "plain",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("select", Integer),
    Column("the name", String(20), key="name"),
)
keyed = Table(
    "order",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("group", String(5)),
    Column("to", Integer),
    Column("n", Integer),
    Column("note", String(20)),
    UniqueConstraint("group", "to", name="one per group"),
)
people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(40), nullable=False, unique=True),
    Column("name", String(40)),
    Column("visits", Integer, nullable=False, default=1),
    Column("made", DateTime, server_default=func.now()),
    Column("boss_id", ForeignKey("people.id")),
)
p, k, w = plain.c, keyed.c, people.c


def contents(connection: Any, table: Any, *columns: str) -> list[Any]:
    chosen = [table.c[name] for name in columns]
    return sorted([tuple(row) for row in connection.execute(select(*chosen))], key=repr)


# What an upsert means ------------------------------------------------------------------------------------

Row = dict[str, Any]
Change = Callable[[Row, Row], Row]


def model(rows: list[Row], batch: Iterable[Row], key: tuple[str, ...], change: Change) -> None:
    """Upsert a batch: each row is inserted, unless one is equal in the key, which then changes."""
    for new in batch:
        values = [new[column] for column in key]
        old = next((r for r in rows if None not in values and [r[c] for c in key] == values), None)
        if old is None:
            rows.append(dict(new))
        else:
            old.update(change(dict(old), new))


def plus(a: Any, b: Any) -> Any:
    return None if a is None or b is None else a + b


def less(a: Any, b: Any) -> bool:
    return a is not None and b is not None and a < b


def changes(table: Any, key: tuple[str, ...], number: str, text: str) -> dict[str, tuple[Any, Change]]:
    """Upserts of a table, each with what it does to a row that is there."""
    base = upsert(table).on_conflict(*key)
    new, old = base.excluded, table.c
    others = [c.key for c in table.c if c.key not in (*key, "id")]
    bigger = case((old[number] < new[number], new[number]), else_=old[number])
    return {
        "all": (base, lambda o, n: {name: n[name] for name in others}),
        "one": (base.update(number), lambda o, n: {number: n[number]}),
        "nothing": (base.do_nothing(), lambda o, n: {}),
        "sum": (
            base.update(text, {number: old[number] + new[number]}),
            lambda o, n: {text: n[text], number: plus(o[number], n[number])},
        ),
        "constant": (base.update({old[text]: "seen"}), lambda o, n: {text: "seen"}),
        "null": (base.update({text: None}), lambda o, n: {text: None}),
        "if less": (
            base.where(old[number] < new[number]),
            lambda o, n: {name: n[name] for name in others} if less(o[number], n[number]) else {},
        ),
        "if less, from old": (
            base.update({number: new[number] + 1, text: func.coalesce(old[text], new[text])}).where(
                old[number] < new[number], old[number].is_not(None)
            ),
            lambda o, n: (
                {number: n[number] + 1, text: n[text] if o[text] is None else o[text]}
                if less(o[number], n[number])
                else {}
            ),
        ),
        "case": (base.update({number: bigger}), lambda o, n: {number: max_of(o[number], n[number])}),
    }


def max_of(old: Any, new: Any) -> Any:
    return new if less(old, new) else old


SMALL = st.one_of(st.none(), st.integers(0, 5))
WORDS = st.one_of(st.none(), st.sampled_from(["a", "b", "it's", "%s", "ß", ""]))
NAMES = list(changes(plain, ("id",), "select", "name"))


def steps(row: Any) -> Any:
    return st.lists(st.tuples(st.sampled_from(NAMES), st.lists(row, max_size=6)), max_size=5)


PLAIN_ROWS = st.fixed_dictionaries({"id": st.integers(0, 4), "select": SMALL, "name": WORDS})
KEYED_ROWS = st.fixed_dictionaries(
    {"group": st.one_of(st.none(), st.sampled_from(["a", "b"])), "to": SMALL, "n": SMALL, "note": WORDS}
)
QUICK = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.feature("D031")
@pytest.mark.parametrize("whole", [False, True], ids=["row by row", "one statement"])
@QUICK
@given(data=st.data())
def test_rows_are_as_the_model_says(engine: Any, whole: bool, data: Any) -> None:
    metadata.create_all(engine)
    for table, key, number, text, rows_of in (
        (plain, ("id",), "select", "name", PLAIN_ROWS),
        (keyed, ("group", "to"), "n", "note", KEYED_ROWS),
    ):
        known = changes(table, key, number, text)
        rows: list[Row] = []
        names = [c.key for c in table.c if table is plain or c.key != "id"]
        with engine.begin() as connection:
            connection.execute(table.delete())
            for name, batch in data.draw(steps(rows_of)):
                statement, change = known[name]
                if whole and engine.dialect.name == "postgresql":
                    batch = without_repeats(batch, key)
                if not batch:
                    continue
                if whole:
                    connection.execute(statement.values(batch))
                else:
                    connection.execute(statement, batch)
                model(rows, batch, key, change)
                expected = sorted([tuple(r[c] for c in names) for r in rows], key=repr)
                assert contents(connection, table, *names) == expected


def without_repeats(batch: list[Row], key: tuple[str, ...]) -> list[Row]:
    found: dict[Any, Row] = {}
    for number, row in enumerate(batch):
        values = tuple(row[column] for column in key)
        found.setdefault((number,) if None in values else values, row)
    return list(found.values())


# Cases -----------------------------------------------------------------------------------------------------


@pytest.fixture
def connection(engine: Any) -> Any:
    metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection


@pytest.mark.feature("D031")
def test_the_row_that_is_there_is_found_by_the_named_key(connection: Any) -> None:
    put = upsert(people).on_conflict(w.email)
    connection.execute(put, [{"email": "a@x", "name": "ann"}, {"email": "b@x", "name": "bob"}])
    connection.execute(put.update("name", visits=w.visits + 1), {"email": "a@x", "name": "Ann"})
    assert contents(connection, people, "email", "name", "visits") == [("a@x", "Ann", 2), ("b@x", "bob", 1)]
    assert connection.scalar(select(func.count(w.made))) == 2


@pytest.mark.feature("D031")
def test_defaults_are_for_new_rows_only(connection: Any) -> None:
    put = upsert(people).on_conflict("email")
    connection.execute(put, {"email": "a@x", "name": "ann", "visits": 7})
    connection.execute(put, {"email": "a@x", "name": "Ann"})
    assert contents(connection, people, "name", "visits") == [("Ann", 7)]


@pytest.mark.feature("D031")
def test_other_errors_stay_errors(connection: Any) -> None:
    connection.execute(people.insert().values(id=1, email="a@x"))
    connection.commit()
    for statement in (
        upsert(people).on_conflict("email").values(email=None),
        upsert(people).on_conflict("email").values(email=None).do_nothing(),
        upsert(people).on_conflict("email").values(email="b@x", boss_id=99).do_nothing(),
    ):
        if connection.dialect.name == "sqlite" and "boss_id" in str(statement):
            continue  # SQLite checks no foreign keys unless told to
        with pytest.raises(exc.IntegrityError):
            connection.execute(statement)
        connection.rollback()
    assert contents(connection, people, "email") == [("a@x",)]


@pytest.mark.feature("D031")
@pytest.mark.backends("sqlite", "postgresql")
def test_a_row_equal_in_another_key_is_an_error(connection: Any) -> None:
    connection.execute(people.insert(), [{"id": 1, "email": "a@x"}, {"id": 2, "email": "b@x"}])
    with pytest.raises(exc.IntegrityError):
        connection.execute(upsert(people).values(id=3, email="b@x"))


@pytest.mark.feature("D031")
@pytest.mark.backends("mariadb")
def test_where_the_key_cannot_be_chosen_that_is_refused(connection: Any) -> None:
    with pytest.raises(exc.CompileError, match=r"can't choose by which unique key .* equal in \(email\)"):
        connection.execute(upsert(people).values(id=3, email="b@x"))
    connection.execute(people.insert(), [{"id": 1, "email": "a@x", "name": "ann"}])
    put = upsert(people).on_any_conflict().values(id=3, email="a@x", name="Ann").update("name")
    connection.execute(put)
    assert contents(connection, people, "id", "name") == [(1, "Ann")]


@pytest.mark.feature("D031")
@pytest.mark.backends("sqlite", "postgresql")
def test_what_comes_back_is_what_was_written(connection: Any) -> None:
    connection.execute(plain.insert(), [{"id": 1, "select": 10}, {"id": 2, "select": 20}])
    batch = [{"id": 1, "select": 11}, {"id": 3, "select": 30}]
    put = upsert(plain).returning(p.id, p.select)
    assert sorted(connection.execute(put, batch).all()) == [(1, 11), (3, 30)]
    again = [{"id": 1, "select": 12}, {"id": 4, "select": 40}]
    kept = upsert(plain).do_nothing().returning(p.id)
    assert connection.execute(kept, again).all() == [(4,)]
    put = upsert(plain)
    some = (
        put.where(p.select < put.excluded.select)
        .returning(p.id, p.select)
        .values([{"id": 1, "select": 5}, {"id": 2, "select": 21}])
    )
    assert connection.execute(some).all() == [(2, 21)]


@pytest.mark.feature("D031")
@pytest.mark.backends("mariadb")
def test_mariadb_returns_rows_only_where_none_is_left_alone(connection: Any) -> None:
    connection.execute(plain.insert(), [{"id": 1, "select": 10}])
    put = upsert(plain).returning(p.id, p.select)
    assert sorted(connection.execute(put, [{"id": 1, "select": 11}, {"id": 3, "select": 30}]).all()) == [
        (1, 11),
        (3, 30),
    ]
    for statement in (put.do_nothing(), put.where(p.select < 5)):
        with pytest.raises(exc.CompileError, match="returns rows that an upsert leaves alone as well"):
            connection.execute(statement.values(id=1, select=4))


@pytest.mark.feature("D031")
def test_rows_come_back_in_the_order_of_the_parameters(connection: Any) -> None:
    batch = [{"id": number, "select": number % 7} for number in range(300, 0, -1)]
    connection.execute(plain.insert(), batch[::3])
    put = upsert(plain).returning(p.id, p.select, sort_by_parameter_order=True)
    assert [tuple(row) for row in connection.execute(put, batch)] == [(r["id"], r["select"]) for r in batch]


@pytest.mark.feature("D031")
def test_rows_of_a_select(connection: Any) -> None:
    connection.execute(plain.insert(), [{"id": n, "select": n, "name": "old"} for n in range(4)])
    connection.execute(keyed.insert(), [{"to": n, "n": n * 10} for n in range(2, 6)])
    put = upsert(plain).from_select(["id", "select"], select(k.to, k.n))
    connection.execute(put)
    assert contents(connection, plain, "id", "select", "name") == [
        (0, 0, "old"),
        (1, 1, "old"),
        (2, 20, "old"),
        (3, 30, "old"),
        (4, 40, None),
        (5, 50, None),
    ]
    both = select(k.to, k.n).where(k.to == 2).union_all(select(k.to, k.n + 1).where(k.to > 4))
    put = upsert(plain).from_select(["id", "select"], both)
    connection.execute(put.update(select=p.select + put.excluded.select))
    assert contents(connection, plain, "id", "select")[2:] == [(2, 40), (3, 30), (4, 40), (5, 101)]
    same = upsert(plain).from_select(["id", "select"], select(p.id, p.select)).do_nothing()
    connection.execute(same)
    assert connection.scalar(select(func.count()).select_from(plain)) == 6


@pytest.mark.feature("D031")
def test_every_value_is_computed_from_the_row_that_was_there(connection: Any) -> None:
    connection.execute(plain.insert(), {"id": 1, "select": 5, "name": "x"})
    put = upsert(plain).values(id=1, select=7)
    note = (
        func.concat("was ", p.select)
        if connection.dialect.name != "sqlite"
        else "was " + p.select.cast(String)
    )
    connection.execute(put.update("select", name=note))
    assert contents(connection, plain, "select", "name") == [(7, "was 5")]


@pytest.mark.feature("D031")
@pytest.mark.backends("sqlite", "postgresql")
def test_values_may_be_swapped(connection: Any) -> None:
    connection.execute(keyed.insert(), {"group": "a", "to": 1, "n": 3, "id": 9})
    put = upsert(keyed).on_conflict("one per group").values(group="a", to=1)
    connection.execute(put.update({k.n: k.id, k.id: k.n}))
    assert contents(connection, keyed, "id", "n") == [(3, 9)]


@pytest.mark.feature("D031")
def test_an_upsert_is_cached_by_what_it_does(engine: Any, connection: Any) -> None:
    put = upsert(plain)
    for number in range(3):
        connection.execute(put.values(id=1, select=number).update(name=f"n{number}"))
        connection.execute(put.values(id=1, select=number).do_nothing())
    assert contents(connection, plain, "id", "select", "name") == [(1, 0, "n2")]
    texts = [
        plan.text
        for plan in engine._compiled_cache.values()
        if "INSERT INTO plain" in getattr(plan, "text", "")
    ]
    assert len(texts) <= 2


@pytest.mark.feature("D031")
@pytest.mark.backends("sqlite", "postgresql")
def test_a_partial_index_may_be_the_key(engine: Any) -> None:
    table = Table(
        "jobs",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("name", String(9)),
        Column("open", Integer),
        Column("tries", Integer, default=1),
    )
    condition = table.c.open == 1
    Index("one_open", table.c.name, unique=True, postgresql_where=condition, sqlite_where=condition)
    table.create(engine)
    add = upsert(table).on_conflict("one_open").update(tries=table.c.tries + 1)
    with engine.begin() as connection:
        for opened in (0, 0, 1, 1, 1):
            connection.execute(add, {"name": "x", "open": opened})
        by_hand = upsert(table).on_conflict("name", where=condition).do_nothing()
        connection.execute(by_hand, {"name": "x", "open": 1})
        assert contents(connection, table, "open", "tries") == [(0, 1), (0, 1), (1, 3)]


@pytest.mark.feature("D031")
@pytest.mark.backends("postgresql")
def test_postgresql_refuses_one_row_twice_in_a_statement(connection: Any) -> None:
    twice = [{"id": 1, "select": 1}, {"id": 1, "select": 2}]
    with pytest.raises(exc.DBAPIError, match="a second time"):
        connection.execute(upsert(plain).values(twice))
    connection.rollback()
    connection.execute(upsert(plain), twice)
    assert contents(connection, plain, "id", "select") == [(1, 2)]


# Entities --------------------------------------------------------------------------------------------------


class Base(DeclarativeBase):
    pass


class Page(Base):
    __tablename__ = "page"
    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column("url", String(40), unique=True)
    title: Mapped[str | None] = mapped_column("heading", String(40))
    reads: Mapped[int] = mapped_column(default=1)


@pytest.mark.feature("D031")
def test_entities(engine: Any) -> None:
    Base.metadata.create_all(engine)
    put = upsert(Page).on_conflict(Page.address)
    put = put.update("title", reads=Page.reads + put.excluded.reads)
    with Session(engine) as session:
        session.execute(put, [{"address": "/a", "title": "A"}, {"address": "/b", "title": "B"}])
        session.execute(put, [{"address": "/a", "title": "AA"}])
        session.execute(put.values(address="/b", title="BB", reads=5))
        pages = session.scalars(select(Page).order_by(Page.address)).all()
        assert [(page.title, page.reads) for page in pages] == [("AA", 2), ("BB", 6)]
        found = session.scalars(
            put.returning(Page),
            [{"address": "/a", "title": "again"}],
            execution_options={"populate_existing": True},
        ).one()
        assert found is pages[0] and (found.title, found.reads) == ("again", 3)
        session.execute(upsert(Page).on_conflict("address").do_nothing(), [{"address": "/a", "title": "x"}])
        assert session.scalar(select(func.count()).select_from(Page)) == 2


class Person(Base):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    email: Mapped[str] = mapped_column(String(40), unique=True)
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "person"}


class Author(Person):
    __tablename__ = "author"
    id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    pen_name: Mapped[str] = mapped_column(String(40))
    __mapper_args__ = {"polymorphic_identity": "author"}


class Reader(Person):
    __mapper_args__ = {"polymorphic_identity": "reader"}


@pytest.mark.feature("D031")
def test_entities_of_several_tables_are_refused(sqlite_engine: Any) -> None:
    Base.metadata.create_all(sqlite_engine)
    for target in (Author, aliased(Person), people.join(people.alias(), w.id == 1), people.alias()):
        with pytest.raises(exc.ArgumentError, match="a table or an entity of one table"):
            upsert(target)
    with Session(sqlite_engine) as session:
        session.execute(
            upsert(Reader).on_conflict("email"), [{"email": "a@x"}, {"email": "b@x"}, {"email": "a@x"}]
        )
        found = session.scalars(select(Person).order_by(Person.email)).all()
        assert [(type(person), person.email) for person in found] == [(Reader, "a@x"), (Reader, "b@x")]
        by_hand = sqlite_insert(Author).on_conflict_do_nothing()
        with pytest.raises(exc.InvalidRequestError, match="not supported for multi-table mapper"):
            session.execute(by_hand, [{"email": "c@x", "pen_name": "c"}])
