"""Queries whose building functions run once."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import String, bindparam, exc, func
from relvar.ext import baked
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))


@pytest.fixture
def session(engine: Any) -> Any:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([User(id=i, name=f"n{i}") for i in range(1, 5)])
        session.commit()
        yield session


def ids(found: Any) -> list[int]:
    return [user.id for user in found]


@pytest.mark.feature("K004")
def test_functions_run_once(session: Any) -> None:
    ran: list[str] = []
    bakery = baked.bakery()

    def base(session: Any) -> Any:
        ran.append("base")
        return session.query(User)

    def named(query: Any) -> Any:
        ran.append("named")
        return query.filter(User.name == bindparam("name"))

    for _ in range(3):
        query = bakery(base)
        query += named
        assert query(session).params(name="n2").one().id == 2
        assert query.for_session(session).params({"name": "n3"}).all()[0].id == 3
    assert ran == ["base", "named"]
    with Session(session.bind) as other:
        assert query(other).params(name="n4").first().name == "n4"
    assert ran == ["base", "named"]
    more = query + (lambda query: query.limit(0))
    assert more is not query and query.steps == [base, named]
    assert more(session).params(name="n2").one_or_none() is None
    with pytest.raises(exc.NoResultFound):
        more(session).params(name="n2").one()
    copy = query.with_criteria(lambda query: query.order_by(User.id))
    assert len(copy.steps) == 3


@pytest.mark.feature("K004")
def test_ways_to_read(session: Any) -> None:
    bakery = baked.BakedQuery.bakery(size=10)
    users = bakery(lambda session: session.query(User).order_by(User.id))
    assert ids(users(session)) == [1, 2, 3, 4]
    assert users(session).count() == 4
    assert users(session).first().id == 1
    assert bakery(lambda session: session.query(func.max(User.id)))(session).scalar() == 4
    plain = bakery(lambda session: session.query(User))
    assert plain(session).get(3).name == "n3"
    assert plain(session).get(33) is None
    assert " ".join(str(plain(session)).split()) == (
        "SELECT users.id AS users_id, users.name AS users_name FROM users"
    )
    late = users(session).with_post_criteria(lambda query: query.filter(User.id > 2))
    assert ids(late.all()) == [3, 4]


@pytest.mark.feature("K004")
def test_spoiled_queries_run_their_functions_again(session: Any) -> None:
    ran: list[str] = []

    def base(session: Any) -> Any:
        ran.append("base")
        return session.query(User)

    def ordered(query: Any) -> Any:
        ran.append("ordered")
        return query.order_by(User.id.desc())

    for full, expected in ((False, ["base", "ordered", "ordered"]), (True, ["base", "ordered"] * 2)):
        bakery = baked.bakery()
        ran.clear()
        for _ in range(2):
            query = bakery(base).spoil(full=full).add_criteria(ordered)
            assert ids(query(session).all()) == [4, 3, 2, 1]
        assert ran == expected


@pytest.mark.feature("K004")
def test_inside_another_query(session: Any) -> None:
    bakery = baked.bakery()
    few = bakery(lambda session: session.query(User.id))
    few += lambda query: query.filter(User.id < 3)
    outer = bakery(lambda session: session.query(User).order_by(User.id))
    outer += lambda query: query.filter(User.id.in_(few.to_query(query)))
    assert ids(outer(session)) == [1, 2]
    assert few.to_query(session).count() == 2
    with pytest.raises(TypeError, match="Query or Session object expected"):
        few.to_query(3)


def test_values_of_the_function_around_tell_queries_apart(session: Any) -> None:
    bakery = baked.bakery()

    def with_id(number: Any) -> list[int]:
        query = bakery(lambda session: session.query(User))
        query += lambda query: query.filter(User.id == number)
        return ids(query(session))

    # SQLAlchemy gives [1] three times
    assert [with_id(1), with_id(2), with_id(1)] == [[1], [2], [1]]

    def by(criterion: str, key: str) -> int:
        query = bakery(lambda session: session.query(User))
        query.add_criteria(
            lambda query: query.filter_by(**{key: 2} if key == "id" else {key: "n3"}), criterion
        )
        found: int = query(session).one().id
        return found

    assert (by("a", "id"), by("b", "name")) == (2, 3)


def test_wrong_uses(session: Any) -> None:
    with pytest.raises(exc.ArgumentError, match="is a Python function"):
        baked.bakery()(3)  # type: ignore[arg-type]
    query = baked.bakery()(lambda session: session.query(User))
    with pytest.raises(exc.ArgumentError, match="zero or one positional argument"):
        query(session).params({}, {})
