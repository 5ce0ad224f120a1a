"""
What belongs to several areas at once runs on real databases, and each result is computed again in Python.

Every statement is made twice, with other values, and runs on an engine that caches, on one that does not, and
after pickling: all must give the rows that Python computes.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from relvar import (
    Boolean,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    case,
    cast,
    column,
    delete,
    event,
    exc,
    except_,
    func,
    insert,
    literal,
    select,
    text,
    true,
    union,
    union_all,
    update,
    upsert,
    values,
)
from relvar.dialects import mysql, postgresql, sqlite
from relvar.orm import DeclarativeBase, Mapped, mapped_column
from relvar.types import TypeDecorator

SHELL = "*"


class Shelled(TypeDecorator[str]):
    """Text that is stored in a shell, in lower case, and read in upper case without the shell."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        """Put the shell around the value."""
        return None if value is None else value + SHELL

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        """Take the shell away."""
        return None if value is None else value.removesuffix(SHELL)

    def bind_expression(self, bindparam: Any) -> Any:
        """Have SQL make it lower."""
        return func.lower(bindparam, type_=self)

    def column_expression(self, column: Any) -> Any:
        """Have SQL make it upper."""
        return func.upper(column, type_=self)


class Base(DeclarativeBase):
    """The mapped classes below."""


class User(Base):
    """A row of ``users``."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(40))
    word: Mapped[str] = mapped_column(Shelled)
    n: Mapped[int] = mapped_column(default=7, onupdate=8)


class Note(Base):
    """A row of ``notes``."""

    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[int]
    body: Mapped[str] = mapped_column(String(40))


users: Any = User.__table__
notes: Any = Note.__table__
flags = Table(
    "flags", MetaData(), Column("id", Integer, primary_key=True), Column("b", Boolean), Column("c", Boolean)
)
u, n, f = users.c, notes.c, flags.c
USERS = [(1, "ann", "AA", 1), (2, "bob", "BB", 2), (3, "cid", "CC", 3)]
NOTES = [(1, 1, "x"), (2, 2, "y"), (3, 2, "z"), (4, 9, "w")]
FLAGS = [(1, True, False), (2, False, False), (3, True, True)]

Run = Callable[..., list[Any]]


@pytest.fixture
def run(engine: Any) -> Iterator[Run]:
    """
    Run what ``make(value)`` gives for several values, on all engines; give the rows for each value.

    With ``then``, the rows of that SELECT afterwards.
    """
    for metadata in (Base.metadata, flags.metadata):
        metadata.create_all(engine)
    names = ("id", "name", "word", "n")
    with engine.begin() as connection:
        connection.execute(insert(users), [dict(zip(names, row, strict=True)) for row in USERS])
        connection.execute(
            insert(notes), [dict(zip(("id", "user_id", "body"), r, strict=True)) for r in NOTES]
        )
        connection.execute(insert(flags), [dict(zip("id b c".split(), r, strict=True)) for r in FLAGS])
    if engine.dialect.name == "sqlite":
        # its driver begins no transaction before WITH
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("SAVEPOINT start"))
        event.listen(engine, "rollback", lambda connection: connection.exec_driver_sql("ROLLBACK TO start"))

    def once(connection: Any, statement: Any, parameters: Any, then: Any) -> list[Any]:
        with connection.begin() as transaction:
            result = connection.execute(statement, parameters)
            found = [tuple(row) for row in (result if then is None else connection.execute(then))]
            transaction.rollback()
        return sorted(found, key=repr)

    def run_all(make: Any, parameters: Any = None, then: Any = None) -> list[Any]:
        given = []
        with engine.connect() as connection:
            uncached = connection.execution_options(compiled_cache=None)
            for value in (0, 1):
                statement, rows = make(value), parameters(value) if parameters else None
                expected = once(uncached, statement, rows, then)
                for cached in (statement, make(value), pickle.loads(pickle.dumps(statement))):
                    with engine.connect() as other:
                        assert once(other, cached, rows, then) == expected
                given.append(expected)
        return given

    yield run_all


def listed(value: int) -> Any:
    """Rows of numbers and words."""
    made = values(column("k", Integer), column("w", Shelled), name="vs")
    return made.data([(1, "aa"), (2, "qq" if value else "bb"), (2, "ee")])


# Upserts ---------------------------------------------------------------------------------------------------


@pytest.mark.backends("sqlite", "postgresql")
def test_upsert_with_cte_and_in_and_returning(run: Run, engine: Any) -> None:
    kind: Any = sqlite if engine.dialect.name == "sqlite" else postgresql

    def make(value: int) -> Any:
        some = select(n.user_id).where(n.id.in_([1, 2 + value])).distinct().cte("some")
        put = kind.insert(users).from_select(
            ["id", "name", "word"],
            select(some.c.user_id, literal("new"), literal("Zz", Shelled)).where(some.c.user_id.in_([1, 2])),
        )
        return put.on_conflict_do_update(
            index_elements=["id"],
            set_={"word": put.excluded.word},
            where=u.name.in_(["ann", "bob"][: 2 - value]),
        ).returning(u.id, u.name, u.word)

    assert run(make) == [[(1, "ann", "ZZ"), (2, "bob", "ZZ")], [(1, "ann", "ZZ")]]


@pytest.mark.backends("sqlite", "postgresql")
def test_upsert_of_entities_in_batches(run: Run, engine: Any) -> None:
    kind: Any = sqlite if engine.dialect.name == "sqlite" else postgresql

    def make(value: int) -> Any:
        put = kind.insert(User)
        return put.on_conflict_do_update(
            index_elements=[User.id],
            set_={User.word: put.excluded.word, User.name: func.upper(User.name)},
            where=User.id > value,
        ).returning(User.id, User.name, User.word, User.n)

    def rows(value: int) -> Any:
        return [{"id": 1, "name": "new", "word": "N1"}, {"id": 5, "name": "new", "word": f"N{value}"}]

    assert run(make, rows) == [[(1, "ANN", "N1", 1), (5, "new", "N0", 7)], [(5, "new", "N1", 7)]]


def test_lists_in_batches_are_refused(run: Run, engine: Any) -> None:
    """What a batch would have to expand for each row is refused before it is sent."""
    if engine.dialect.name == "mariadb":
        made: Any = mysql.insert(users)
        put = made.on_duplicate_key_update(name=case((u.id.in_([1, 2]), "x"), else_=u.name)).returning(u.id)
    else:
        kind: Any = sqlite if engine.dialect.name == "sqlite" else postgresql
        put = (
            kind.insert(users)
            .on_conflict_do_update(index_elements=["id"], set_={"name": "x"}, where=u.id.in_([1, 2]))
            .returning(u.id)
        )
    rows = [{"id": i, "name": "new", "word": "n"} for i in (1, 2)]
    with (
        engine.connect() as connection,
        pytest.raises(exc.StatementError, match="can't be used with executemany"),
    ):
        connection.execute(put, rows)
    with engine.connect() as connection:
        assert connection.execute(put, rows[:1]).all() == [(1,)]


@pytest.mark.feature("D031")
def test_the_row_not_inserted_in_subqueries(run: Run) -> None:
    def make(value: int) -> Any:
        put = upsert(users).values(id=1 + value, name="x", word="w")
        some = select(func.max(n.body)).where(n.user_id == put.excluded.id)
        return put.update(name=some.scalar_subquery(), n=u.n + put.excluded.n)

    assert run(make, None, select(u.id, u.name, u.n).where(u.id < 3)) == [
        [(1, "x", 8), (2, "bob", 2)],
        [(1, "ann", 1), (2, "z", 9)],
    ]


# UPDATE and DELETE with other tables -----------------------------------------------------------------------


@pytest.mark.backends("postgresql")
def test_update_from_cte_with_returning(run: Run) -> None:
    def make(value: int) -> Any:
        newest = (
            select(n.user_id, func.max(n.body).label("m"))
            .where(n.id > value)
            .group_by(n.user_id)
            .cte("newest")
        )
        return (
            update(users)
            .where(u.id == newest.c.user_id)
            .values(word=newest.c.m + SHELL)
            .returning(u.id, u.word, newest.c.m, u.n)
        )

    assert run(make) == [[(1, "X", "x", 8), (2, "Z", "z", 8)], [(2, "Z", "z", 8)]]


@pytest.mark.backends("postgresql")
@pytest.mark.feature("D035")
def test_update_from_cte_of_many_rows(run: Run) -> None:
    def make(value: int) -> Any:
        newest = (
            select(n.user_id, func.max(n.body).label("m"))
            .where(n.id > value)
            .group_by(n.user_id)
            .cte("newest")
        )
        return (
            update(users)
            .where(u.id == newest.c.user_id, u.name == bindparam("who"))
            .values(name=newest.c.m + bindparam("end", type_=String))
        )

    def rows(value: int) -> Any:
        return [{"who": "ann", "end": "1"}, {"who": "bob", "end": str(value)}]

    assert run(make, rows, select(u.id, u.name)) == [
        [(1, "x1"), (2, "z0"), (3, "cid")],
        [(1, "ann"), (2, "z1"), (3, "cid")],
    ]


@pytest.mark.backends("postgresql")
def test_update_from_values_with_returning(run: Run) -> None:
    def make(value: int) -> Any:
        given = values(column("k", Integer), column("w", Shelled), name="vs").data(
            [(1, "New"), (2 + value, "Other")]
        )
        return update(User).where(User.id == given.c.k).values(word=given.c.w).returning(User.id, User.word)

    assert run(make) == [[(1, "NEW"), (2, "OTHER")], [(1, "NEW"), (3, "OTHER")]]


@pytest.mark.backends("sqlite", "postgresql")
def test_delete_by_cte_with_returning(run: Run) -> None:
    def make(value: int) -> Any:
        some = select(u.id).where(u.word.in_(["aa", "bb"][value:])).cte("some")
        return delete(Note).where(Note.user_id.in_(select(some.c.id))).returning(Note.id)

    assert run(make) == [[(1,), (2,), (3,)], [(2,), (3,)]]


# Changes in CTEs -------------------------------------------------------------------------------------------


@pytest.mark.feature("D032")
@pytest.mark.backends("postgresql")
def test_defaults_in_ctes(run: Run) -> None:
    """Each statement has the defaults of its own kind, whatever stands around it."""

    def inserted(value: int) -> Any:
        return insert(users).values(id=5, name="e", word=f"W{value}").returning(u.id, u.word, u.n).cte("made")

    def selected(value: int) -> Any:
        made = inserted(value)
        return select(made.c.id, made.c.word, made.c.n)

    assert run(selected) == [[(5, "W0", 7)], [(5, "W1", 7)]]

    def changed(value: int) -> Any:
        done = (
            update(users).where(u.id == 1 + value).values(word="d").returning(u.id, u.word, u.n).cte("done")
        )
        return select(done.c.word, done.c.n, n.body).join(notes, n.user_id == done.c.id)

    assert run(changed) == [[("D", 8, "x")], [("D", 8, "y"), ("D", 8, "z")]]

    def several(value: int) -> Any:
        rows = [{"id": number, "name": "e", "word": "w"} for number in (5, 6 + value)]
        made = insert(users).values(rows).returning(u.id, u.n).cte("made")
        return select(made.c.id, made.c.n)

    assert run(several) == [[(5, 7), (6, 7)], [(5, 7), (7, 7)]]

    def both(value: int) -> Any:
        done = update(users).where(u.id == 1 + value).values(name="d").returning(u.id, u.n).cte("done")
        return insert(Note).from_select(
            ["id", "user_id", "body"], select(done.c.id + 50, done.c.n, literal("b"))
        )

    assert run(both, None, select(n.user_id).where(n.id > 50)) == [[(8,)], [(8,)]]

    def beside(value: int) -> Any:
        made = insert(users).values(id=5, name="e", word="w").cte("made")
        return insert(Note).values(id=51 + value, user_id=1, body="b").add_cte(made)

    assert run(beside, None, select(u.id, u.n).where(u.id == 5)) == [[(5, 7)], [(5, 7)]]


# Windows, LATERAL, VALUES ----------------------------------------------------------------------------------


@pytest.mark.backends("postgresql")
def test_window_over_lateral_of_values(run: Run) -> None:
    def make(value: int) -> Any:
        given = listed(value)
        inner = select(given.c.k, func.count(given.c.w).label("c")).where(
            given.c.k == u.id, given.c.w != "ee"
        )
        lateral = inner.group_by(given.c.k).lateral("l")
        total = func.sum(lateral.c.c).over(order_by=u.id, rows=(None, 0))
        return select(u.name, lateral.c.c, total).join_from(users, lateral, true())

    assert run(make) == [[("ann", 1, 1), ("bob", 1, 2)]] * 2


@pytest.mark.backends("sqlite", "postgresql", "mariadb")
def test_first_of_each_entity(run: Run) -> None:
    def make(value: int) -> Any:
        rank = func.row_number().over(partition_by=Note.user_id, order_by=Note.id).label("r")
        ranked = select(Note.id, Note.user_id, Note.body, rank).where(Note.id > value).cte("ranked")
        return (
            select(User.word, ranked.c.body).join(ranked, ranked.c.user_id == User.id).where(ranked.c.r == 1)
        )

    assert run(make) == [[("AA", "x"), ("BB", "y")], [("BB", "y")]]


@pytest.mark.backends("postgresql")
def test_wrapped_types_in_values(run: Run) -> None:
    def make(value: int) -> Any:
        given = listed(value)
        return select(given.c.k, given.c.w).join(users, (given.c.k == u.id) & (given.c.w == u.word))

    assert run(make) == [[(1, "AA"), (2, "BB")], [(1, "AA")]]


# Set operations --------------------------------------------------------------------------------------------


def test_limited_sets_within_sets(run: Run, engine: Any) -> None:
    def parts(value: int) -> Any:
        return select(select(u.id).order_by(u.id.desc()).limit(1 + value).subquery().c.id), select(
            n.id
        ).where(n.id < 2)

    def joined(value: int) -> Any:
        low = union(*parts(value)).subquery("low")
        return union_all(select(low.c.id), except_(select(n.id), select(u.id)).subquery("rest").select())

    assert run(joined) == [[(1,), (3,), (4,)], [(1,), (2,), (3,), (4,)]]
    if engine.dialect.name == "sqlite":  # no parentheses in set operations
        return

    def nested(value: int) -> Any:
        first, last = (
            select(u.id).order_by(u.id).limit(1),
            select(n.id).order_by(n.id.desc()).limit(1 + value),
        )
        return union_all(union(first, last).order_by("id").limit(2), select(literal(50 + value))).order_by(
            "id"
        )

    assert run(nested) == [[(1,), (4,), (50,)], [(1,), (3,), (51,)]]


def test_sets_in_conditions(run: Run) -> None:
    def make(value: int) -> Any:
        some = union(select(n.user_id).where(n.id.in_([1, 2 + value])), select(literal(3)))
        return select(User.word).where(User.id.in_(some))

    assert run(make) == [[("AA",), ("BB",), ("CC",)]] * 2


def test_wrapped_types_in_sets(run: Run) -> None:
    def make(value: int) -> Any:
        return union_all(select(u.word).where(u.id > value), select(literal(f"New{value}", Shelled)))

    assert run(make) == [[("AA",), ("BB",), ("CC",), ("NEW0",)], [("BB",), ("CC",), ("NEW1",)]]

    def around(value: int) -> Any:
        return select(make(value).subquery("s").c.word)

    assert run(around) == run(make)


# Types that wrap values, everywhere ------------------------------------------------------------------------


@pytest.mark.feature("D081")
def test_wrapped_types_everywhere(run: Run) -> None:
    """One condition after another; each is true of the same word."""
    conditions: list[Callable[[str], Any]] = [
        lambda w: u.word == w,
        lambda w: u.word.in_([w, "none"]),
        lambda w: ~u.word.not_in([w]),
        lambda w: u.word.between(w, w),
        lambda w: u.word == bindparam("word", w, Shelled),
        lambda w: case((u.id > 0, u.word), else_="none") == w,
        lambda w: func.coalesce(u.word, "none") == literal(w, Shelled),
        lambda w: u.id == select(u.id).where(u.word == w).correlate(None).scalar_subquery(),
        lambda w: u.word.is_not_distinct_from(w),
    ]
    for condition in conditions:
        found = run(
            lambda value, condition=condition: select(u.id, u.word).where(condition(["Aa", "bB"][value]))
        )
        assert found == [[(1, "AA")], [(2, "BB")]]


@pytest.mark.feature("D081")
def test_wrapped_types_in_lists_of_columns(run: Run) -> None:
    assert run(
        lambda value: select(u.word.label("word"), u.word, u.word.label("x")).where(u.id == 1 + value)
    ) == [
        [("AA", "AA", "AA")],
        [("BB", "BB", "BB")],
    ]
    assert (
        run(lambda value: select(case((u.id == 1, u.word), else_=literal("Else", Shelled))).where(u.id < 3))
        == [[("AA",), ("ELSE",)]] * 2
    )
    assert run(lambda value: select(func.max(u.word), func.count()).where(u.id != 3 - value)) == [
        [("BB", 2)],
        [("CC", 2)],
    ]
    assert run(lambda value: select(select(u.word, u.id).where(u.id > value).subquery().c.word)) == [
        [("AA",), ("BB",), ("CC",)],
        [("BB",), ("CC",)],
    ]
    assert run(
        lambda value: text("SELECT word FROM users WHERE id > :v").columns(u.word).bindparams(v=value)
    ) == [
        [("aa",), ("bb",), ("cc",)],
        [("bb",), ("cc",)],
    ]


# Negated columns -------------------------------------------------------------------------------------------


@pytest.mark.feature("D037")
def test_negated_columns_beside_the_columns(run: Run) -> None:
    """Where a database wants a name for ``NOT b``, it is not the name of ``b``."""
    expected = [(b, not b, not c, c) for _, b, c in FLAGS]

    def make(value: int) -> Any:
        return select(f.b, ~f.b, ~f.c, f.c)

    assert run(make) == [sorted(expected, key=repr)] * 2

    def around(value: int) -> Any:
        cte = make(value).cte("c")
        return select(cte.c[0], cte.c[2], cte.c[3])

    assert run(around) == [sorted([(b, nc, c) for b, _, nc, c in expected], key=repr)] * 2


# Names -----------------------------------------------------------------------------------------------------


def test_anonymous_names_in_pickles(run: Run) -> None:
    """What stands around a subquery finds its columns by the names they have in it, also after pickling."""

    def expressions(value: int) -> Any:
        inner = select(u.id + value, u.id * 2, -u.id, u.id, func.coalesce(u.n, 0)).where(u.id == 1).subquery()
        return select(*inner.c).order_by(inner.c[1])

    assert run(expressions) == [[(1, 2, -1, 1, 1)], [(2, 2, -1, 1, 1)]]

    def same_names(value: int) -> Any:
        inner = select(u.id, n.id, u.id).join(notes, n.user_id == u.id).where(n.id == 3 - value).cte()
        return select(inner.c[1], inner.c[0])

    assert run(same_names) == [[(3, 2)], [(2, 2)]]

    def sets(value: int) -> Any:
        both = union_all(
            select(func.max(u.id), func.min(u.id)), select(func.max(n.id), literal(value))
        ).subquery()
        return select(both.c[1], both.c[0])

    assert run(sets) == [[(0, 4), (1, 3)], [(1, 3), (1, 4)]]


# Joins of entities with what else is selected ---------------------------------------------------------------


@pytest.mark.feature("D003")
def test_joins_from_what_is_selected_beside_entities(run: Run, engine: Any) -> None:
    def make(value: int) -> Any:
        picked = select(u.id, u.word).where(u.id > value).cte("picked")
        return select(picked.c.word, Note.body).join(Note, Note.user_id == picked.c.id)

    assert run(make) == [[("AA", "x"), ("BB", "y"), ("BB", "z")], [("BB", "y"), ("BB", "z")]]

    def table(value: int) -> Any:
        return select(f.id, User.word).join(User, User.id == f.id).where(f.id == 1 + value)

    assert run(table) == [[(1, "AA")], [(2, "BB")]]
    with pytest.raises(exc.InvalidRequestError, match="Don't know how to join"):
        str(select(User.id).join(User, User.id == cast("1", Integer)))
