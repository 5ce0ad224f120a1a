"""INSERT in bulk, UPDATE by key, UPDATE and DELETE with criteria on mapped classes, and the older calls."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    String,
    delete,
    exc,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from relvar.orm import Session, declarative_base
from relvar.orm.exc import StaleDataError

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    full = Column("full_name", String(30))
    age = Column(Integer, default=5)
    level = Column(Integer, server_default="7")


class Animal(Base):
    __tablename__ = "animals"
    id = Column(Integer, primary_key=True)
    kind = Column(String(10))
    name = Column(String(10))
    __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "animal"}


class Dog(Animal):
    __tablename__ = "dogs"
    id = Column(ForeignKey("animals.id"), primary_key=True)
    trick = Column(String(10))
    __mapper_args__ = {"polymorphic_identity": "dog"}


class Cat(Animal):
    __mapper_args__ = {"polymorphic_identity": "cat"}


@pytest.fixture
def session(engine: Any) -> Any:
    Base.metadata.create_all(engine)
    with Session(engine) as made:
        yield made


def stored(session: Session) -> list[tuple[Any, ...]]:
    found = session.execute(text("select full_name, age, level from users order by id"))
    return [tuple(row) for row in found]


# INSERT ----------------------------------------------------------------------------------------------


@pytest.mark.feature("H018")
def test_rows_by_attribute_name(session: Session) -> None:
    session.execute(
        insert(User), [{"full": "a"}, {"full": "b", "age": 1}, {"full": None}, {"full": "c", "age": None}]
    )
    session.execute(insert(User), {"full": "one"})
    session.execute(insert(User).values(full="value", level=1))
    session.execute(insert(User).values([{"full": "v1"}, {"full": "v2"}]))
    assert stored(session) == [
        ("a", 5, 7),
        ("b", 1, 7),
        (None, 5, 7),
        ("c", 5, 7),
        ("one", 5, 7),
        ("value", 5, 1),
        ("v1", 5, 7),
        ("v2", 5, 7),
    ]


@pytest.mark.feature("H018")
def test_neighbours_with_the_same_keys_share_a_statement(session: Session, engine: Any, sql_log: Any) -> None:
    log = sql_log(engine)
    session.execute(insert(User), [{"full": "a"}, {"full": "b"}, {"full": None}])
    assert len(log) == 2
    log.clear()
    session.execute(insert(User), [{"full": "a"}, {"full": None}], execution_options={"render_nulls": True})
    assert len(log) == 1


@pytest.mark.feature("H018")
def test_returning_objects(session: Session) -> None:
    users = session.scalars(
        insert(User).returning(User, sort_by_parameter_order=True), [{"full": "a"}, {"full": "b"}]
    ).all()
    assert [(u.full, u.age, u.level) for u in users] == [("a", 5, 7), ("b", 5, 7)]
    assert all(inspect(u).persistent for u in users)
    assert session.get(User, users[0].id) is users[0]
    rows = session.execute(insert(User).returning(User.id, User.full), [{"full": "c"}]).all()
    assert [tuple(row) for row in rows] == [(users[1].id + 1, "c")]
    (made,) = session.scalars(insert(User).values(full="d").returning(User)).all()
    made.full = "changed"
    session.commit()
    assert stored(session)[-1][0] == "changed"


@pytest.mark.feature("H018")
def test_joined_inheritance(session: Session) -> None:
    session.execute(insert(Dog), [{"name": "rex", "trick": "sit"}, {"name": "bob", "trick": "roll"}])
    dogs = session.scalars(select(Dog).order_by(Dog.id)).all()
    assert [(d.kind, d.name, d.trick) for d in dogs] == [("dog", "rex", "sit"), ("dog", "bob", "roll")]
    more = session.scalars(insert(Dog).returning(Dog), [{"name": "c"}, {"name": "d"}]).all()
    assert sorted(d.name for d in more) == ["c", "d"]
    assert all(type(d) is Dog for d in more)


def test_names_that_are_no_attributes(session: Session) -> None:
    with pytest.raises(exc.CompileError, match="Unconsumed column names: nothing"):
        session.execute(insert(User).values(nothing=1))


# UPDATE by primary key ---------------------------------------------------------------------------------


@pytest.mark.feature("H019")
def test_update_by_primary_key(session: Session, engine: Any, sql_log: Any) -> None:
    session.execute(insert(User), [{"full": c} for c in "abc"])
    ids = session.scalars(select(User.id).order_by(User.id)).all()
    log = sql_log(engine)
    session.execute(
        update(User),
        [{"id": ids[0], "full": "A"}, {"id": ids[1], "full": "B"}, {"id": ids[2], "age": 9}],
    )
    assert len(log) == 2
    assert [row[:2] for row in stored(session)] == [("A", 5), ("B", 5), ("c", 9)]
    with pytest.raises(
        exc.InvalidRequestError,
        match="No primary key value supplied for column.s. users.id; per-row ORM Bulk UPDATE by Primary Key",
    ):
        session.execute(update(User), [{"full": "x"}])
    with pytest.raises(StaleDataError, match="UPDATE statement on table 'users' expected to update 1 row"):
        session.execute(update(User), [{"id": 9999, "full": "x"}])


# UPDATE and DELETE with criteria -------------------------------------------------------------------------


def three(session: Session) -> list[User]:
    session.execute(insert(User), [{"full": c, "age": i} for i, c in enumerate("abc", 1)])
    session.commit()
    return list(session.scalars(select(User).order_by(User.age)))


def loaded(users: list[User]) -> list[Any]:
    return [user.__dict__.get("full") for user in users]


@pytest.mark.feature("H020")
@pytest.mark.parametrize("strategy", ["auto", "evaluate", "fetch"])
def test_objects_follow_an_update(session: Session, strategy: str) -> None:
    users = three(session)
    options = {"synchronize_session": strategy}
    result = session.execute(update(User).where(User.age > 1).values(full="z"), execution_options=options)
    assert result.rowcount == 2
    assert loaded(users) == ["a", "z", "z"]
    assert users[1] not in session.dirty
    session.execute(
        update(User).where(User.age.in_([1, 2])).values({User.full: User.full + "!"}),
        execution_options=options,
    )
    assert [u.full for u in users] == ["a!", "z!", "z"]
    assert [row[0] for row in stored(session)] == ["a!", "z!", "z"]


@pytest.mark.feature("H020")
def test_objects_are_left_alone_where_the_program_says_so(session: Session) -> None:
    users = three(session)
    session.execute(update(User).values(full="z").execution_options(synchronize_session=False))
    assert loaded(users) == ["a", "b", "c"]
    session.commit()
    assert users[0].full == "z"


@pytest.mark.feature("H020")
def test_what_python_cannot_evaluate_is_fetched(session: Session) -> None:
    users = three(session)
    session.execute(update(User).where(func.abs(User.age) > 2).values(full="z"))
    assert [u.full for u in users] == ["a", "b", "z"]
    session.execute(update(User).where(User.age == 1).values(full=func.upper("q")))
    assert users[0].full == "Q"
    with pytest.raises(
        exc.InvalidRequestError,
        match="Could not evaluate current criteria in Python: .* Specify 'fetch' or False for the "
        "synchronize_session",
    ):
        session.execute(
            update(User).where(func.abs(User.age) > 2).values(full="z"),
            execution_options={"synchronize_session": "evaluate"},
        )
    with pytest.raises(exc.ArgumentError, match="Valid strategies for session synchronization are"):
        session.execute(update(User).values(full="z"), execution_options={"synchronize_session": "nonsense"})


@pytest.mark.feature("H020")
@pytest.mark.parametrize("strategy", ["auto", "evaluate", "fetch"])
def test_objects_follow_a_delete(session: Session, strategy: str) -> None:
    users = three(session)
    result = session.execute(
        delete(User).where(User.age > 1), execution_options={"synchronize_session": strategy}
    )
    assert result.rowcount == 2
    assert [u in session for u in users] == [True, False, False]
    assert inspect(users[1]).deleted
    session.rollback()
    assert all(inspect(u).persistent for u in users)
    assert [u.full for u in users] == ["a", "b", "c"]
    session.execute(delete(User).where(User.full == "a"))
    session.commit()
    assert inspect(users[0]).detached and inspect(users[0]).was_deleted


@pytest.mark.feature("H020")
def test_pending_changes_are_flushed_first(session: Session) -> None:
    users = three(session)
    users[0].age = 50
    session.execute(update(User).where(User.age == 50).values(full="old"))
    assert users[0].full == "old"


@pytest.mark.feature("H020")
@pytest.mark.backends("sqlite", "postgresql")
def test_update_returning_objects(session: Session) -> None:
    users = three(session)
    found = session.scalars(update(User).where(User.age > 1).values(full="r").returning(User)).all()
    assert set(found) == set(users[1:])
    assert loaded(users) == ["a", "r", "r"]
    gone = session.execute(delete(User).where(User.age == 1).returning(User.full)).scalars().all()
    assert gone == ["a"]


@pytest.mark.feature("H020")
def test_subclasses_are_told_apart(session: Session) -> None:
    session.add_all([Animal(name="x"), Cat(name="y"), Dog(name="z", trick="t")])
    session.commit()
    session.execute(update(Cat).values(name="cat"))
    session.execute(update(Dog).values(trick="new"))
    names = session.execute(text("select name from animals order by id")).scalars().all()
    assert names == ["x", "cat", "z"]
    assert session.scalars(select(Dog.trick)).all() == ["new"]
    session.execute(delete(Cat))
    assert session.scalars(select(Animal.name).order_by(Animal.id)).all() == ["x", "z"]


# the older calls ------------------------------------------------------------------------------------------


@pytest.mark.feature("H022")
def test_legacy_bulk_calls(session: Session) -> None:
    rows: list[dict[str, Any]] = [{"full": "l"}, {"full": "m"}]
    session.bulk_insert_mappings(User, rows)
    assert "id" not in rows[0]
    session.bulk_insert_mappings(User, rows, return_defaults=True)
    assert rows[1]["id"] == rows[0]["id"] + 1
    plain, keyed = User(full="o"), User(full="p")
    session.bulk_save_objects([plain])
    session.bulk_save_objects([keyed], return_defaults=True)
    assert plain not in session and plain.id is None
    assert keyed.id is not None and inspect(keyed).detached
    user = session.get(User, keyed.id)
    user.full = "changed"
    session.bulk_save_objects([user])
    session.bulk_update_mappings(User, [{"id": rows[0]["id"], "full": "L"}])
    assert [row[0] for row in stored(session)] == ["l", "m", "L", "m", "o", "changed"]
