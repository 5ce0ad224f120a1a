"""Values that a statement gets later: params(), template strings, functions that make statements."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from relvar import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    bindparam,
    column,
    exc,
    exists,
    func,
    insert,
    lambda_stmt,
    literal,
    or_,
    select,
    text,
    tstring,
    union,
    update,
)
from relvar.orm import Session, aliased, registry

sys.path.insert(0, str(Path(__file__).parent / "golden"))

from template import template  # beside the golden cases, not a package

metadata = MetaData()
user = Table(
    "late_user",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(20)),
    Column("age", Integer),
)
u = user.c
ROWS: list[tuple[Any, ...]] = [(1, "ann", 30), (2, "bob", 40), (3, "cid", 50), (4, "dan", None)]
mapped = registry()


class User:
    id: Any
    name: Any
    age: Any


mapped.map_imperatively(User, user)


@pytest.fixture
def conn(engine: Any) -> Iterator[Any]:
    with engine.connect() as connection:
        metadata.create_all(connection)
        connection.execute(insert(user), [dict(zip(user.c.keys(), row, strict=True)) for row in ROWS])
        yield connection
        connection.rollback()
        metadata.drop_all(connection)
        connection.commit()


def ids(conn: Any, statement: Any, **params: Any) -> list[Any]:
    return sorted(conn.scalars(statement, params or None))


older = select(u.id).where(u.age > bindparam("least", type_=Integer))


@pytest.mark.feature("D021")
def test_values_of_named_parameters(conn: Any) -> None:
    assert ids(conn, older.params(least=30)) == [2, 3]
    assert ids(conn, older.params({"least": 40})) == [3]
    assert ids(conn, older.params(least=0).params(least=40)) == [3]
    assert ids(conn, older.params(least=0), least=40) == [3]  # what the call says comes first
    with pytest.raises(exc.StatementError, match="value is required for bind parameter 'least'"):
        ids(conn, older)
    two = older.where(u.name == bindparam("name")).params(least=0)
    assert ids(conn, two, name="bob") == [2]
    assert ids(conn, two.params(name="cid")) == [3]
    # a parameter that comes after its value
    assert ids(conn, select(u.id).params(least=40).where(u.age > bindparam("least", type_=Integer))) == [3]


@pytest.mark.feature("D021")
def test_values_reach_every_place(conn: Any) -> None:
    assert ids(conn, select(older.subquery().c.id).params(least=30)) == [2, 3]
    assert ids(conn, select(select(older.subquery()).subquery().c.id).params(least=30)) == [2, 3]
    assert ids(conn, select(older.params(least=30).subquery().c.id)) == [2, 3]
    assert ids(conn, select(older.params(least=30).subquery().c.id).params(least=40)) == [3]
    assert ids(conn, select(u.id).where(u.id.in_(older)).params(least=30)) == [2, 3]
    assert ids(conn, select(older.cte("c").c.id).params(least=30)) == [2, 3]
    assert ids(conn, union(older, select(u.id).where(u.id == 1)).params(least=40)) == [1, 3]
    there = exists().where(user.alias().c.age > bindparam("least", type_=Integer))
    assert ids(conn, select(u.id).where(there).params(least=100)) == []
    assert ids(conn, select(u.id).where(text("age > :least")).params(least=40)) == [3]
    assert ids(conn, text("SELECT id FROM late_user WHERE age > :least").params(least=30)) == [2, 3]
    assert ids(conn, select(u.id).where(u.id.in_(bindparam("some", expanding=True))).params(some=[1, 4])) == [
        1,
        4,
    ]
    with Session(conn) as session:
        of_class = select(User).where(User.age > bindparam("least", type_=Integer))
        assert [x.name for x in session.scalars(of_class.params(least=40))] == ["cid"]
        assert [x.name for x in session.scalars(of_class, {"least": 40})] == ["cid"]
        by_text = select(User).from_statement(text("SELECT * FROM late_user WHERE age > :least"))
        assert [x.id for x in session.scalars(by_text.params(least=40))] == [3]
        session.expunge_all()


@pytest.mark.feature("D021")
def test_values_of_numbered_parameters(conn: Any) -> None:
    assert ids(conn, select(u.id).where(u.age > 30).params(age_1=40)) == [3]
    assert ids(conn, select(u.id).where(u.id.in_([1, 2])).params(id_1=[3])) == [3]
    assert ids(conn, select(u.id).order_by(u.id).limit(3).params(param_1=1)) == [1]
    assert conn.scalar(select(literal(5)).params(param_1=6)) == 6
    compiled = select(u.id).where(u.age > 30).params(age_1=40).compile()
    assert compiled.params == {"age_1": 40}
    assert compiled.construct_params({"age_1": 50}) == {"age_1": 50}
    shown = older.params(least=7).compile(compile_kwargs={"literal_binds": True})
    assert str(shown).endswith("late_user.age > 7")


@pytest.mark.feature("D021")
def test_values_are_no_part_of_the_key(conn: Any) -> None:
    one, two = older.params(least=1), older.params(least=2)
    assert one._generate_cache_key() == two._generate_cache_key()
    ids(conn, one)
    before = len(conn.engine._compiled_cache)
    assert ids(conn, two) == ids(conn, one) == [1, 2, 3]
    assert len(conn.engine._compiled_cache) == before
    assert older.compile().params == {"least": None}
    assert pickle.loads(pickle.dumps(older.params(least=9))).compile().params == {"least": 9}


@pytest.mark.feature("D021")
def test_statements_that_change_rows_take_values_by_values() -> None:
    for statement in (insert(user), update(user)):
        with pytest.raises(NotImplementedError, match=r"use stmt\.values\(\*\*parameters\)"):
            statement.params(age=5)
    with pytest.deprecated_call(match="non-statement ClauseElement"):
        assert (u.age > bindparam("x")).params(x=5).compile().params == {"x": 5}


@pytest.mark.feature("D025")
def test_template_strings(conn: Any) -> None:
    statement = tstring(
        template("SELECT ", u.id, ", ", u.name, " FROM ", user, " WHERE ", u.age, " > ", {"v": 30})
    )
    assert sorted(tuple(row) for row in conn.execute(statement)) == [(2, "bob"), (3, "cid")]
    assert conn.execute(statement).mappings().first().keys() == ["id", "name"]
    hostile = tstring(
        template("SELECT count(*) FROM ", user, " WHERE name = ", {"v": "x'; DROP TABLE late_user; --"})
    )
    assert conn.scalar(hostile) == 0 and "DROP" not in str(hostile)
    typed = tstring(template("SELECT id, age FROM ", user)).columns(u.id, u.age)
    assert conn.scalar(select(func.sum(typed.subquery("q").c.age))) == 120
    parts = select(u.id).where(tstring(template(u.age, " = ", {"v": 30})), u.id < 5)
    assert ids(conn, parts) == [1]
    nested = tstring(template("SELECT id FROM ", user, " WHERE ", tstring(template(u.age, " < ", {"v": 45}))))
    assert ids(conn, nested) == [1, 2]
    listed = tstring(
        template("SELECT id FROM ", user, " WHERE id IN ", bindparam("some", [1, 4], expanding=True))
    )
    assert ids(conn, listed) == [1, 4] and ids(conn, listed, some=[2]) == [2]
    conn.execute(tstring(template("UPDATE ", user, " SET age = ", {"v": 1}, " WHERE id = ", {"v": 4})))
    assert conn.scalar(select(u.age).where(u.id == 4)) == 1
    with Session(conn) as session:
        loaded = select(User).from_statement(
            tstring(template("SELECT * FROM ", User, " WHERE id = ", {"v": 2}))
        )
        assert session.scalars(loaded).one().name == "bob"
        session.expunge_all()


@pytest.mark.feature("D025")
def test_template_strings_are_cached_by_their_text() -> None:
    def made(word: str, value: Any) -> Any:
        return tstring(template(word, " = ", {"v": value}))

    assert made("x", 1)._generate_cache_key() == made("x", 2)._generate_cache_key()
    assert made("x", 1)._generate_cache_key() != made("y", 1)._generate_cache_key()
    assert made("x", 1).compare(made("x", 1)) and not made("x", 1).compare(made("y", 1))
    assert str(and_(made("x", 1), u.id == 5)) == "x = :param_1 AND late_user.id = :id_1"


@pytest.mark.feature("D025")
def test_what_a_template_string_cannot_be() -> None:
    for wrong in ("SELECT 1", 5, None):
        with pytest.raises(exc.ArgumentError, match="pep-750 Tstring"):
            tstring(wrong)
    with pytest.raises(exc.ArgumentError, match="TString interpolatable element expected"):
        tstring(template("WITH x AS ", insert(user)))
    with pytest.raises(exc.CompileError, match=r"label\(\) directly inside tstring"):
        str(tstring(template("SELECT ", u.id.label("x"))))
    with pytest.raises(NotImplementedError, match="do not support .bindparams"):
        tstring(template("x")).bindparams(x=5)


# -- functions ------------------------------------------------------------------------


def older_than(age: Any) -> Any:
    return lambda_stmt(lambda: select(u.id).where(u.age > age))


def test_a_function_is_called_once(conn: Any) -> None:
    calls: list[int] = []
    results: dict[Any, Any] = {}

    def note() -> None:
        calls.append(1)

    def made(age: int) -> Any:
        def function() -> Any:
            note()
            return select(u.id).where(u.age > age)

        return lambda_stmt(function, lambda_cache=results)

    for age, expected in ((30, [2, 3]), (40, [3]), (0, [1, 2, 3])):
        assert ids(conn, made(age)) == expected
    assert calls == [1]
    assert older_than(5).compile().params == {"age_1": 5}
    assert older_than(5)._generate_cache_key() == older_than(6)._generate_cache_key()


def test_functions_are_chained(conn: Any) -> None:
    def search(least: Any = None, name: Any = None, backwards: bool = False) -> Any:
        statement = lambda_stmt(lambda: select(u.id))
        if least is not None:
            statement += lambda s: s.where(u.age > least)
        if name is not None:
            statement += lambda s: s.where(u.name == name)
        if backwards:
            statement += lambda s: s.order_by(u.id.desc())
        return statement

    for _ in range(2):
        assert ids(conn, search()) == [1, 2, 3, 4]
        assert ids(conn, search(30)) == [2, 3] and ids(conn, search(40)) == [3]
        assert ids(conn, search(30, "bob")) == [2] and ids(conn, search(0, "cid")) == [3]
        assert list(conn.scalars(search(30, backwards=True))) == [3, 2]
    assert search(30, "bob").compile().params == {"least_1": 30, "name_1": "bob"}
    with Session(conn) as session:
        entities = lambda_stmt(lambda: select(User)) + (lambda s: s.where(User.age > 40))
        assert [x.name for x in session.scalars(entities)] == ["cid"]
        session.expunge_all()


def test_elements_among_the_variables() -> None:
    def of(element: Any) -> str:
        return str(lambda_stmt(lambda: select(element)))

    assert of(u.id) != of(u.name) and of(u.id) == of(u.id)
    alias, other = user.alias("a"), user.alias("b")
    assert "AS a" in of(alias) and "AS b" in of(other)
    assert "late_user_1" in of(aliased(User))

    def by(condition: Any) -> str:
        return str(lambda_stmt(lambda: select(u.id).where(condition(u.age))))

    assert "age > " in by(lambda c: c > 1) and "age < " in by(lambda c: c < 1)

    def equal(value: Any) -> str:
        return str(lambda_stmt(lambda: select(u.id).where(u.name == value)))

    assert equal("x").endswith("name = :value_1") and equal(None).endswith("name IS NULL")


class _Settings:
    age = 5

    def get(self) -> int:
        return self.age


@pytest.mark.parametrize(
    "made",
    [
        lambda x: lambda_stmt(lambda: select(u.id).where(u.age > x.age)),
        lambda x: lambda_stmt(lambda: select(u.id).where(u.name == f"{x}!")),
        lambda x: lambda_stmt(lambda: select(u.id) if x else select(u.name)),
    ],
)
def test_variables_that_decide_unseen_are_refused(made: Any) -> None:
    with pytest.raises(exc.InvalidRequestError, match="Closure variable named 'x' inside of lambda callable"):
        made(_Settings())


def test_calls_are_refused() -> None:
    settings = _Settings()
    with pytest.raises(
        exc.InvalidRequestError, match=r"Can't invoke Python callable get\(\) inside of lambda"
    ):
        lambda_stmt(lambda: select(u.id).where(u.age > settings.get()))
    with pytest.raises(exc.ArgumentError, match="Executable SQL or text"):
        lambda_stmt(lambda: 5)


def test_how_much_of_the_variables_is_followed() -> None:
    def fixed(age: int) -> Any:
        return lambda_stmt(lambda: select(u.id).where(u.age > age), track_bound_values=False)

    assert [fixed(n).compile().params for n in (1, 2)] == [{"age_1": 1}, {"age_1": 1}]

    def first(age: int) -> Any:
        return lambda_stmt(lambda: select(u.id).where(u.age > age), enable_tracking=False)

    assert [first(n).compile().params for n in (1, 2)] == [{"age_1": 1}, {"age_1": 1}]

    def kept(age: int, cache: Any) -> Any:
        return lambda_stmt(lambda: select(u.id).where(u.age > age), lambda_cache=cache)

    cache: dict[Any, Any] = {}
    assert [kept(n, cache).compile().params for n in (1, 2)] == [{"age_1": 1}, {"age_1": 2}]
    assert len(cache) == 1
    free = older_than(5).spoil() + (lambda s: s.limit(_Settings().get()))
    assert free.compile().params == {"age_1": 5, "param_1": 5}


def test_what_is_bound_to_a_function_is_part_of_it() -> None:
    def by_default(age: int) -> Any:
        return lambda_stmt(lambda least=age: select(u.id).where(u.age > least))

    assert [by_default(n).compile().params for n in (1, 2, 1)] == [{"age_1": 1}, {"age_1": 2}, {"age_1": 1}]

    class Search:
        def __init__(self, age: int) -> None:
            self.age = age

        def statement(self) -> Any:
            return select(u.id).where(u.age > self.age)

    one, two = Search(1), Search(2)
    assert [lambda_stmt(s.statement).compile().params for s in (one, two, one)] == [
        {"age_1": 1},
        {"age_1": 2},
        {"age_1": 1},
    ]


def test_functions_inside_of_statements(conn: Any) -> None:
    def search(age: int) -> Any:
        return select(lambda: u.id).where(lambda: u.age > age, lambda: u.id < 10).order_by(lambda: u.id)

    assert list(conn.scalars(search(30))) == [2, 3] and list(conn.scalars(search(40))) == [3]
    assert search(5).compile().params == {"age_1": 5, "id_1": 10}
    other = user.alias("o")
    joined = select(u.id).join(other, lambda: other.c.id == u.id).having(lambda: u.id > 0)
    assert "JOIN late_user AS o ON o.id = late_user.id" in str(joined)
    assert str(or_(lambda: u.id == 1, u.id == 2)) == "late_user.id = :id_1 OR late_user.id = :id_2"
    sub = older_than(30).subquery()
    assert ids(conn, select(sub.c.id)) == [2, 3]
    assert older_than(5).execution_options(a=1).get_execution_options() == {"a": 1}
    assert column("x") is not None
