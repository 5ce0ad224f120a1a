"""
INSERT, UPDATE and DELETE of mapped classes in a session: what is sent, what objects and callers get, what is
refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    bindparam,
    delete,
    event,
    exc,
    func,
    insert,
    inspect,
    select,
    update,
    upsert,
)
from relvar.dialects import mysql, postgresql, sqlite
from relvar.orm import (
    Session,
    aliased,
    declarative_base,
    deferred,
    relationship,
    selectinload,
    undefer,
    with_loader_criteria,
)

Base: Any = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String(30), unique=True)
    age = Column(Integer)
    posts = relationship("Post", order_by="Post.id")


class Post(Base):
    __tablename__ = "posts"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))
    title = Column(String(30))


class Pair(Base):
    __tablename__ = "pairs"
    a = Column(Integer, primary_key=True, autoincrement=False)
    b = Column(Integer, primary_key=True, autoincrement=False)
    kind = Column(String(10))
    __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "pair"}


class Trio(Pair):
    __tablename__ = "trios"
    a = Column(Integer, primary_key=True, autoincrement=False)
    b = Column(Integer, primary_key=True, autoincrement=False)
    c = Column(Integer)
    __table_args__ = (ForeignKeyConstraint([a, b], ["pairs.a", "pairs.b"]),)
    __mapper_args__ = {"polymorphic_identity": "trio"}


class Page(Base):
    __tablename__ = "pages"
    id = Column(Integer, primary_key=True)
    title = Column(String(30))
    body = deferred(Column(String(30)))


class Thing(Base):
    __tablename__ = "things"
    id = Column(Integer, primary_key=True)
    kind = Column(String(10))
    name = Column(String(30))
    __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "thing"}


class Tool(Thing):
    __tablename__ = "tools"
    id = Column(ForeignKey("things.id"), primary_key=True)
    size = Column(Integer)
    __mapper_args__ = {"polymorphic_identity": "tool"}


NAMES = {1: "ann", 2: "bob", 3: "cid"}


@pytest.fixture
def session(engine: Any) -> Iterator[Any]:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([User(name=name, age=i * 10) for i, name in NAMES.items()])
        session.flush()
        session.add_all([Post(user_id=i, title=f"p{i}") for i in (1, 2)])
        session.commit()
        yield session


def users(session: Any) -> list[User]:
    return list(session.scalars(select(User).order_by(User.id)))


def loaded(*found: Any) -> list[Any]:
    return [each.__dict__.get("name") for each in found]


def can_return(session: Any, kind: str = "update") -> bool:
    return bool(getattr(session.bind.dialect, f"{kind}_returning"))


# How rows are found ------------------------------------------------------------------------------------


@pytest.mark.feature("H020")
def test_one_statement_where_the_database_can(session: Any, sql_log: Any) -> None:
    everyone = users(session)
    log = sql_log(session.bind)
    result = session.execute(update(User).where(func.abs(User.age) > 10).values(name=User.name + "!"))
    assert result.rowcount == 2 and loaded(*everyone) == ["ann", "bob!", "cid!"]
    if can_return(session):
        assert len(log) == 1 and log.texts()[0].endswith(
            "RETURNING users.id" if session.bind.name == "postgresql" else "RETURNING id"
        )
    else:
        assert (
            log.texts()[0] == "SELECT users.id FROM users WHERE abs(users.age) > %(abs_1)s" and len(log) == 2
        )
    log.clear()
    session.execute(delete(User).where(func.abs(User.id) == 3))
    assert everyone[2] not in session
    assert len(log) == (1 if can_return(session, "delete") else 2)


@pytest.mark.feature("H020")
@pytest.mark.backends("sqlite", "postgresql")
def test_rows_that_are_returned_tell_the_keys(session: Any, sql_log: Any) -> None:
    everyone = users(session)
    log = sql_log(session.bind)
    changed = update(User).where(func.abs(User.age) > 10).values(name=User.name + "!").returning(User.name)
    assert sorted(session.scalars(changed)) == ["bob!", "cid!"]
    assert loaded(*everyone) == ["ann", "bob!", "cid!"] and len(log) == 1
    gone = delete(User).where(func.abs(User.id) == 3).returning(User)
    assert session.execute(gone).all() == [(everyone[2],)]
    assert inspect(everyone[2]).deleted and everyone[2] not in session and len(log) == 2
    session.execute(
        update(User).where(User.id == Post.user_id, Post.title == "p2").values(age=0),
        execution_options={"synchronize_session": "fetch"},
    )
    assert [user.age for user in everyone[:2]] == [10, 0] and len(log) == 3


@pytest.mark.feature("H020")
def test_criteria_on_other_tables(session: Any) -> None:
    everyone = users(session)
    result = session.execute(update(User).where(User.id == Post.user_id, Post.id > 1).values(age=5))
    assert result.rowcount == 1 and [user.age for user in everyone] == [10, 5, 30]
    session.execute(update(User).where(User.posts.any(Post.title == "p1")).values(age=6))
    assert [user.age for user in everyone] == [6, 5, 30]
    session.add_all([Trio(a=1, b=1, c=1), Trio(a=1, b=2, c=1)])
    session.flush()
    trios = session.scalars(select(Trio).order_by(Trio.b)).all()
    session.execute(
        update(Trio)
        .where(Trio.__table__.c.a == Pair.a, Trio.__table__.c.b == Pair.b, Pair.b == 2)
        .values(c=7)
    )
    assert [trio.c for trio in trios] == [1, 7]


@pytest.mark.feature("H020")
@pytest.mark.parametrize("mode", ["auto", "evaluate", "fetch"])
def test_aliases(session: Any, mode: str) -> None:
    everyone = users(session)
    other = aliased(User)
    session.execute(
        update(other).where(other.age > 10).values({other.name: other.name + "?"}),
        execution_options={"synchronize_session": mode},
    )
    assert loaded(*everyone) == ["ann", "bob?", "cid?"]
    assert loaded(*everyone) == session.scalars(select(User.name).order_by(User.id)).all()


@pytest.mark.feature("H020")
def test_parameters_of_the_execution(session: Any) -> None:
    ann, bob, _cid = users(session)
    session.execute(
        update(User).where(User.id == bindparam("x")).values(name=bindparam("n")), {"x": 1, "n": "z"}
    )
    assert loaded(ann, bob) == ["z", "bob"]
    session.execute(update(User).where(User.id == 2), {"name": "y"})
    assert loaded(ann, bob) == ["z", "y"]


@pytest.mark.feature("H020")
def test_new_primary_keys(session: Any) -> None:
    session.add_all([Pair(a=1, b=b) for b in (1, 2, 3)])
    session.commit()
    pairs = session.scalars(select(Pair).order_by(Pair.b)).all()
    session.execute(update(Pair).where(Pair.b > 1).values(b=Pair.b + 10))
    assert [pair.b for pair in pairs] == [1, 12, 13]
    assert session.get(Pair, (1, 12)) is pairs[1]
    session.execute(
        update(Pair).where(Pair.b == 13).values(b=2), execution_options={"synchronize_session": "fetch"}
    )
    assert session.get(Pair, (1, 2)) is pairs[2]
    session.rollback()
    assert [pair.b for pair in pairs] == [1, 2, 3] and session.get(Pair, (1, 3)) is pairs[2]


@pytest.mark.feature("H020")
def test_what_is_not_flushed_stays(session: Any) -> None:
    ann, bob, _cid = users(session)
    with session.no_autoflush:
        ann.name, bob.age = "pending", 99
        session.execute(update(User).where(User.age < 30).values(name="x-" + User.name, age=1))
        assert (ann.name, ann.age, bob.age) == ("pending", 1, 99)
        assert bob.name == "x-bob"
    session.commit()
    assert session.execute(select(User.name, User.age).order_by(User.id)).all() == [
        *(("pending", 1), ("x-bob", 99), ("cid", 30))
    ]


@pytest.mark.feature("H020")
@pytest.mark.backends("mariadb")
def test_rows_that_a_limit_leaves_out(session: Any) -> None:
    everyone = users(session)
    one = update(User).where(User.age > 0).values(age=99).with_dialect_options(mariadb_limit=1)
    for mode in ("auto", "fetch"):
        assert session.execute(one, execution_options={"synchronize_session": mode}).rowcount == 1
        assert [user.age for user in everyone] == session.scalars(select(User.age).order_by(User.id)).all()
        session.execute(update(User).where(User.age == 99).values(age=5))
    session.execute(delete(Post).with_dialect_options(mariadb_limit=1))
    assert len(session.scalars(select(Post)).all()) == 1


@pytest.mark.feature("H020")
@pytest.mark.backends("sqlite")
def test_rows_that_are_ignored(session: Any) -> None:
    everyone = users(session)
    session.execute(update(User).prefix_with("OR IGNORE").where(User.id > 1).values(name="same"))
    assert loaded(everyone[0]) == ["ann"] and [user.name for user in everyone[1:]] == ["same", "cid"]


@pytest.mark.feature("H020")
def test_global_criteria_hold(session: Any) -> None:
    everyone = users(session)
    only = with_loader_criteria(User, User.id == 1)
    session.execute(update(User).values(age=0).options(only))
    assert [user.age for user in everyone] == [0, 20, 30]
    session.execute(delete(Post).options(with_loader_criteria(Post, Post.id > 1)))
    assert session.scalars(select(Post.id)).all() == [1]


@pytest.mark.feature("H020")
def test_objects_hear_of_it(session: Any) -> None:
    ann, *_ = users(session)
    heard: list[Any] = []

    @event.listens_for(User, "refresh")
    def note(target: Any, context: Any, names: Any) -> None:
        heard.append((target, names))

    session.execute(update(User).where(User.id == 1).values(age=5))
    event.remove(User, "refresh", note)
    assert heard == [(ann, {"age"})]


@pytest.mark.feature("H020")
def test_wrong_uses(session: Any) -> None:
    rows = [{"id": 1, "name": "x"}]
    refused, wrong = exc.InvalidRequestError, exc.ArgumentError
    for statement, params, options, error, message in [
        (
            update(User),
            rows,
            {"synchronize_session": "fetch"},
            refused,
            "not available for 'bulk'",
        ),
        (update(User).where(User.age > 1), rows, {}, refused, "add synchronize_session=None"),
        (update(User).returning(User.id), rows, {}, refused, "can't return rows"),
        (update(User), None, {"dml_strategy": "bulk"}, refused, "without passing separate"),
        (insert(User), None, {"dml_strategy": "bulk"}, refused, "without passing separate"),
        (update(User), None, {"dml_strategy": "raw"}, wrong, "UPDATE strategy are 'orm', 'auto'"),
        (
            delete(User),
            None,
            {"dml_strategy": "bulk"},
            wrong,
            "DELETE strategy are 'orm', 'auto'",
        ),
        (insert(User), rows, {"dml_strategy": "x"}, wrong, "insert strategy are 'raw', 'orm'"),
        (delete(User), [{"id": 1}], {}, refused, "Bulk ORM DELETE not supported"),
        (
            update(User).values(posts=[]),
            None,
            {},
            refused,
            "Can't set relationship User.posts",
        ),
        (
            update(User).where(User.age + 1.5 > 2).values(age=1),
            None,
            {"synchronize_session": "evaluate"},
            refused,
            'Cannot evaluate math operator "add" for datatypes INTEGER, ',
        ),
        (
            update(User).where(User.age.op("&")(4) > 2).values(age=1),
            None,
            {"synchronize_session": "evaluate"},
            refused,
            "Custom operator '&' can't be evaluated",
        ),
    ]:
        with pytest.raises(error, match=message):
            session.execute(statement, params, execution_options=options)


# Rows by primary key -----------------------------------------------------------------------------------


@pytest.mark.feature("H019")
@pytest.mark.parametrize("mode", ["auto", "evaluate", False, None])
def test_objects_follow_rows_by_key(session: Any, mode: Any) -> None:
    ann, bob, cid = users(session)
    options = {"synchronize_session": mode}
    rows = [{"id": 1, "name": "x"}, {"id": 2, "name": "y"}, {"id": 3, "age": 5}]
    result = session.execute(update(User), rows, execution_options=options)
    assert result.all() == []
    assert loaded(ann, bob, cid) == (["x", "y", "cid"] if mode else ["ann", "bob", "cid"])
    assert not session.dirty
    session.expire_all()
    assert (ann.name, bob.name, cid.age) == ("x", "y", 5)


@pytest.mark.feature("H019")
def test_values_and_criteria_with_rows_by_key(session: Any, sql_log: Any) -> None:
    ann, bob, _cid = users(session)
    log = sql_log(session.bind)
    rows = [{"id": 1, "name": "x"}, {"id": 2, "name": "y"}]
    session.execute(update(User).values(age=User.age + 1), rows)
    assert len(log) == 1
    assert [(user.name, user.age) for user in (ann, bob)] == [("x", 11), ("y", 21)]
    limited = update(User).where(User.age > bindparam("low"))
    rows = [{"id": 1, "name": "p", "low": 50}, {"id": 2, "name": "q", "low": 5}]
    session.execute(limited, rows, execution_options={"synchronize_session": None})
    session.expire_all()
    assert [user.name for user in (ann, bob)] == ["x", "q"]
    with pytest.raises(exc.InvalidRequestError, match="No primary key value supplied for column"):
        session.execute(limited, [{"name": "p", "low": 1}], execution_options={"synchronize_session": None})


@pytest.mark.feature("H018")
def test_rows_in_several_tables_come_back(session: Any) -> None:
    made = [{"a": 2, "b": 1, "c": 10}, {"a": 1, "b": 2, "c": 20}]
    found = session.scalars(insert(Trio).returning(Trio, sort_by_parameter_order=True), made).all()
    assert [(trio.a, trio.b, trio.c, trio.kind) for trio in found] == [(2, 1, 10, "trio"), (1, 2, 20, "trio")]
    assert all(inspect(trio).persistent for trio in found)
    more = [{"a": 3, "b": b, "c": b} for b in (2, 1)]
    assert session.execute(insert(Trio).returning(Trio.c, Trio.kind), more).all() == [
        (2, "trio"),
        (1, "trio"),
    ]


@pytest.mark.feature("H018")
def test_an_insert_that_returns_nothing(session: Any) -> None:
    result = session.execute(insert(User), [{"name": "x"}, {"name": "y"}])
    assert result.rowcount == 2 and not result.returns_rows
    with pytest.raises(exc.ResourceClosedError, match="does not return rows"):
        result.all()


# Upserts -----------------------------------------------------------------------------------------------


def own_upsert(session: Any) -> Any:
    """An upsert by the name, in the words of the database."""
    name = session.bind.name
    if name == "mariadb":
        made = mysql.insert(User)
        return made.on_duplicate_key_update(age=made.inserted.age)
    made = (postgresql if name == "postgresql" else sqlite).insert(User)
    return made.on_conflict_do_update(index_elements=[User.name], set_={"age": made.excluded.age})


@pytest.mark.feature("H021")
@pytest.mark.parametrize("make", [own_upsert, lambda _session: upsert(User).on_conflict(User.name)])
def test_upserts_that_return_objects(session: Any, make: Any) -> None:
    ann, bob, _cid = users(session)
    statement = make(session)
    rows = [{"name": "ann", "age": 11}, {"name": "new", "age": 1}]
    session.execute(statement, rows)
    assert ann.age == 10  # the statement says nothing of which rows it changed
    session.refresh(ann)
    assert ann.age == 11
    returning = statement.returning(User).options(selectinload(User.posts))
    rows = [{"name": "bob", "age": 21}, {"name": "newer", "age": 2}]
    found = session.scalars(returning, rows, execution_options={"populate_existing": True}).all()
    assert {(user.name, user.age) for user in found} == {("bob", 21), ("newer", 2)}
    assert bob in found and bob.age == 21
    assert {len(user.__dict__["posts"]) for user in found} == {0, 1}
    one = statement.values(name="ann", age=12).returning(User)
    selected = select(User).from_statement(one).execution_options(populate_existing=True)
    assert session.scalars(selected).all() == [ann] and ann.age == 12
    assert session.scalars(statement.values(name="ann", age=13).returning(User.age)).all() == [13]
    assert ann.age == 12
    with pytest.raises(exc.InvalidRequestError, match="'post values' clause"):
        made = sqlite.insert(Trio).on_conflict_do_nothing()
        session.execute(made, [{"a": 1, "b": 1, "c": 1}])


def test_returning_leaves_deferred_columns_where_they_are(session: Session, sql_log: Any) -> None:
    if not can_return(session, "insert"):
        pytest.skip("RETURNING is what this is about")

    def columns() -> list[str]:
        (sent,) = [text for text, _ in log if "RETURNING" in text]
        log.clear()
        return [
            name.strip().rpartition(".")[2].strip("`") for name in sent.partition("RETURNING ")[2].split(",")
        ]

    log = sql_log(session.get_bind())
    made = session.scalars(insert(Page).returning(Page), [{"id": 1, "title": "a", "body": "b"}]).one()
    assert columns() == ["id", "title"] and "body" not in made.__dict__
    assert made.body == "b"
    log.clear()
    session.expunge_all()
    found = select(Page).from_statement(insert(Page).values(id=2, title="t").returning(Page))
    assert session.scalars(found).one().title == "t" and columns() == ["id", "title"]
    all_columns = insert(Page).values(id=3, body="c").returning(Page).options(undefer(Page.body))
    assert "body" in session.scalars(all_columns).one().__dict__ and columns() == ["id", "title", "body"]
    if can_return(session, "update"):
        change = update(Page).where(Page.id == 1).values(title="z").returning(Page, Page.body)
        page, body = session.execute(change).one()
        assert (page.title, body, columns()) == ("z", "b", ["id", "title", "body"])
    if can_return(session, "delete"):
        session.expunge_all()
        (gone,) = session.scalars(delete(Page).where(Page.id == 1).returning(Page))
        assert (gone.id, gone.title, columns()) == (1, gone.title, ["id", "title"])


def test_rows_of_several_tables_share_statements(session: Session, sql_log: Any) -> None:
    session.execute(insert(Tool), [{"id": n, "name": f"t{n}", "size": n} for n in (1, 2, 3)])
    tools = session.scalars(select(Tool).order_by(Tool.id)).all()
    log = sql_log(session.get_bind())
    rows = [{"id": 1, "name": "x", "size": 5}, {"id": 2, "name": "y"}, {"id": 3, "name": "z", "size": 6}]
    session.execute(update(Tool), rows)
    # names of all; sizes of those that have one
    assert ["things" in text for text, _ in log] == [True, False]
    assert [(tool.name, tool.size) for tool in tools] == [("x", 5), ("y", 2), ("z", 6)]
