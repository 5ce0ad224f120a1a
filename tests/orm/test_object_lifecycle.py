"""Objects through savepoints, merges, pickles, expiry and threads."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import relvar
from relvar import Column, ForeignKey, Integer, String, exc, func, insert, inspect, select, text
from relvar.orm import (
    Session,
    aliased,
    attribute_keyed_dict,
    attributes,
    declarative_base,
    deferred,
    make_transient,
    make_transient_to_detached,
    relationship,
    selectinload,
    sessionmaker,
)
from relvar.orm.exc import DetachedInstanceError, ObjectDeletedError

STATES = ("transient", "pending", "persistent", "deleted", "detached")


def state_of(obj: Any) -> str:
    state = inspect(obj)
    (found,) = [name for name in STATES if getattr(state, name)]
    return found


def model(engine: Any, **options: Any) -> Any:
    Base = declarative_base()

    class User(Base):
        __tablename__ = "users"
        id = Column(Integer, primary_key=True)
        name = Column(String(9))
        number = Column(Integer)
        notes = relationship("Note", back_populates="user", order_by="Note.id", **options)

    class Note(Base):
        __tablename__ = "notes"
        id = Column(Integer, primary_key=True)
        user_id = Column(ForeignKey("users.id"))
        text = Column(String(9))
        user = relationship(User, back_populates="notes")

    Base.metadata.create_all(engine)
    return User, Note


# savepoints ------------------------------


def test_objects_through_savepoints(engine: Any) -> None:
    User, _ = model(engine)
    with Session(engine) as session:
        user = User(name="a")
        session.add(user)
        session.flush()
        with session.begin_nested():
            user.name = "b"
            kept = User(name="v")
            session.add(kept)
        assert user.name == "b" and state_of(kept) == "persistent"
        savepoint = session.begin_nested()
        user.name = "c"
        lost = User(name="w")
        session.add(lost)
        session.delete(kept)
        session.flush()
        assert (state_of(kept), state_of(lost)) == ("deleted", "persistent")
        savepoint.rollback()
        assert (user.name, state_of(kept), state_of(lost)) == ("b", "persistent", "transient")
        savepoint = session.begin_nested()
        user.name = "unflushed"
        savepoint.rollback()
        assert user.name == "b"
        with pytest.raises(exc.IntegrityError), session.begin_nested():
            session.execute(User.__table__.insert().values(id=user.id))
        assert user.name == "b"
        outer = session.begin_nested()
        inner = session.begin_nested()
        user.name = "z"
        session.flush()
        outer.rollback()
        assert not inner.is_active and not outer.is_active
        with pytest.raises(exc.InvalidRequestError):
            inner.commit()
        session.commit()
        assert session.scalars(select(User.name).order_by(User.name)).all() == ["b", "v"]


def test_a_key_that_changed_in_a_savepoint(engine: Any) -> None:
    User, _ = model(engine)
    with Session(engine) as session:
        user = User(id=1, name="a")
        session.add(user)
        session.flush()
        savepoint = session.begin_nested()
        user.id = 77
        session.flush()
        assert session.get(User, 77) is user
        savepoint.rollback()
        assert user.id == 1 and inspect(user).identity == (1,)
        assert session.get(User, 77) is None and session.get(User, 1) is user
        user.id = 5
        session.flush()
        user.id = 6
        session.flush()
        session.rollback()
        assert state_of(user) == "transient"


def test_from_deleted_back(engine: Any) -> None:
    User, _ = model(engine)
    with Session(engine) as session:
        user = User(name="a")
        session.add(user)
        session.commit()
        user.name = "q"
        session.add(User(name="p"))
        session.rollback()
        assert user.name == "a" and not session.new
        session.delete(user)
        session.flush()
        assert state_of(user) == "deleted"
        session.rollback()
        assert state_of(user) == "persistent" and user.name == "a"
        session.delete(user)
        session.commit()
        assert state_of(user) == "detached"
        with pytest.raises(exc.InvalidRequestError, match="is not persistent within this Session"):
            session.refresh(user)
        with pytest.raises(exc.InvalidRequestError, match="has been deleted.  Use the make_transient"):
            session.add(user)
        make_transient(user)
        session.add(user)
        session.commit()
        assert user.name == "a"


def test_sessions_joined_to_a_transaction(engine: Any) -> None:
    User, _ = model(engine)
    count = select(func.count()).select_from(User)
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            session.add(User(name="kept"))
            session.commit()
            session.add(User(name="lost"))
            session.rollback()
            assert session.scalars(select(User.name)).all() == ["kept"]
        transaction.rollback()
        assert connection.scalar(count) == 0
        connection.rollback()
        active = {"conditional_savepoint": False, "rollback_only": False, "control_fully": False}
        for mode, expected in active.items():
            transaction = connection.begin()
            with Session(connection, join_transaction_mode=mode) as session:
                session.add(User(name="x"))
                session.flush()
                session.rollback()
            assert transaction.is_active is expected, mode
            transaction.close()
            connection.rollback()
    with pytest.raises(exc.ArgumentError, match="invalid selection for join_transaction_mode"):
        Session(engine, join_transaction_mode="nope")


def test_core_statements_flush_first(engine: Any) -> None:
    User, _ = model(engine)
    table = User.__table__
    with Session(engine) as session:
        for number, statement in enumerate(
            (text("SELECT count(*) FROM users"), select(func.count()).select_from(table)), 1
        ):
            session.add(User(name="n"))
            assert session.scalar(statement) == number
        session.add(User(name="n"))
        session.execute(table.update().values(name="all"))
        session.expire_all()
        assert {user.name for user in session.scalars(select(User))} == {"all"}
        session.add(User(name="late"))
        with session.no_autoflush:
            assert session.scalar(text("SELECT count(*) FROM users")) == 3
        assert session.connection().scalar(text("SELECT count(*) FROM users")) == 3


# merge ------------------------------


def test_merge(engine: Any) -> None:
    User, Note = model(engine, cascade="all")
    with Session(engine) as session:
        session.add(User(id=1, name="a", notes=[Note(id=1, text="x"), Note(id=2, text="y")]))
        session.commit()
    with Session(engine) as session:
        given = User(id=1, name="b", notes=[Note(id=1, text="xx"), Note(id=3, text="z")])
        merged = session.merge(given)
        assert merged is not given and state_of(given) == "transient"
        session.commit()
        rows = select(Note.id, Note.user_id, Note.text).order_by(Note.id)
        assert session.execute(rows).all() == [(1, 1, "xx"), (2, None, "y"), (3, 1, "z")]
        assert session.merge(User(id=1)) is merged
        session.commit()
        assert merged.name == "b", "what was never set is not merged"
        assert session.merge(User(id=1, name=None)) is merged
        session.commit()
        assert merged.name is None
        assert session.merge(User(id=50, name="n50")).name == "n50"
        session.flush()
        detached = User(id=1, name="loaded")
        make_transient_to_detached(detached)
        assert state_of(detached) == "detached"
        assert session.merge(detached, load=False) is merged and merged.name == "loaded"
        with pytest.raises(exc.InvalidRequestError, match="merge\\(\\) with load=False option does not supp"):
            session.merge(User(id=9), load=False)
        via = session.merge(Note(id=1, user=User(id=1, name="via")))
        assert via.user is merged and merged.name == "via"
        pending = User(id=60, name="pending")
        session.add(pending)
        assert session.merge(pending) is pending
        session.rollback()
        several = session.merge_all([User(id=1), User(id=2, name="two")])
        assert several[0] is merged and state_of(several[1]) == "pending"
        session.expunge_all()
        with_notes = session.merge(User(id=1, name="o"), options=[selectinload(User.notes)])
        assert "notes" in with_notes.__dict__


def test_merge_of_a_cycle(engine: Any) -> None:
    Base = declarative_base()

    class Node(Base):
        __tablename__ = "nodes"
        id = Column(Integer, primary_key=True)
        parent_id = Column(ForeignKey("nodes.id"))
        name = Column(String(5))
        children = relationship("Node", back_populates="parent", order_by="Node.id")
        parent = relationship("Node", remote_side=[id], back_populates="children")

    Base.metadata.create_all(engine)
    rows = select(Node.id, Node.parent_id, Node.name).order_by(Node.id)
    with Session(engine) as session:
        session.add(Node(id=1, name="r", children=[Node(id=2, name="c"), Node(id=3, name="d")]))
        session.commit()
    with Session(engine) as session:
        load = select(Node).where(Node.id == 1).options(selectinload(Node.children))
        root = session.scalars(load).one()
        assert all(child.parent is root for child in root.children)
    root.name = "R"
    root.children[0].name = "C"
    away = root.children.pop()
    with Session(engine) as session:
        merged = session.merge(root)
        assert merged.children[0].parent is merged
        session.commit()
        assert session.execute(rows).all() == [(1, None, "R"), (2, 1, "C"), (3, None, "d")]
    with Session(engine) as session:
        merged = session.merge(away)
        assert merged.parent is None
        session.commit()
        # the column of the detached object has its old value: that is merged too
        assert session.execute(rows).all() == [(1, None, "R"), (2, 1, "C"), (3, 1, "d")]


# pickles ------------------------------

PickleBase = declarative_base()


class PUser(PickleBase):
    __tablename__ = "pusers"
    id = Column(Integer, primary_key=True)
    name = Column(String(9))
    secret = deferred(Column(String(9)))
    notes = relationship("PNote", back_populates="user", order_by="PNote.id")
    by_text = relationship("PNote", collection_class=attribute_keyed_dict("text"), viewonly=True)


class PNote(PickleBase):
    __tablename__ = "pnotes"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("pusers.id"))
    text = Column(String(9))
    user = relationship(PUser, back_populates="notes")


def copied(thing: Any) -> Any:
    return pickle.loads(pickle.dumps(thing))


def test_pickled_objects(engine: Any) -> None:
    PickleBase.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(PUser(name="a", secret="s", notes=[PNote(text="x"), PNote(text="y")]))
        session.commit()
        user = session.scalars(select(PUser).options(selectinload(PUser.notes))).one()
        assert len(user.by_text) == 2 and all(note.user is user for note in user.notes)
        copy = copied(user)
        assert state_of(copy) == "detached" and copy.name == "a"
        assert [note.text for note in copy.notes] == ["x", "y"] and copy.notes[0].user is copy
        assert sorted(copy.by_text) == ["x", "y"]
        with pytest.raises(DetachedInstanceError, match="deferred load operation of attribute 'secret'"):
            copy.secret
        copy.name = "changed"
        copy.notes.append(PNote(text="z"))
        again = copied(copy)
    with Session(engine) as session:
        session.add(again)
        assert again in session.dirty and again.secret == "s"
        session.commit()
        assert again.name == "changed" and [note.text for note in again.notes] == ["x", "y", "z"]
        session.expire(again)
        expired = copied(again)
        with pytest.raises(DetachedInstanceError, match="attribute refresh operation cannot proceed"):
            expired.name
        new = copied(PUser(name="t"))
        assert state_of(new) == "transient" and (new.name, new.id, new.notes) == ("t", None, [])
        session.add(new)
        session.flush()
        assert new.id is not None
        rows = session.execute(select(PUser.id, PUser.name).order_by(PUser.id)).all()
        assert copied(rows) == rows
        option = copied(selectinload(PUser.notes))
        session.expunge_all()
        first = session.scalars(select(PUser).options(option).order_by(PUser.id)).first()
        assert len(first.__dict__["notes"]) == 3


# expire and refresh ------------------------------


def test_expire_and_refresh(engine: Any) -> None:
    User, Note = model(engine)
    raw = User.__table__.update()
    with Session(engine) as session:
        user = User(id=1, name="a", number=1, notes=[Note(text="x")])
        session.add(user)
        session.commit()
        assert (user.name, len(user.notes)) == ("a", 1)
        session.expire(user, ["name"])
        assert "name" not in user.__dict__ and "number" in user.__dict__
        assert inspect(user).expired_attributes == {"name"}
        user.number = 5
        session.flush()
        session.connection().execute(raw.values(name="raw", number=99))
        assert (user.name, user.number) == ("raw", 5)
        session.refresh(user)
        assert user.number == 99
        session.connection().execute(raw.values(name="again", number=100))
        session.refresh(user, ["number"])
        assert (user.name, user.number) == ("raw", 100)
        session.refresh(user, ["notes"])
        assert len(user.notes) == 1
        for fails in (session.refresh, session.expire):
            with pytest.raises((KeyError, exc.InvalidRequestError)):
                fails(user, ["nope"])
        user.name = "pending"
        session.expire(user)
        assert user.name == "again" and user not in session.dirty
        user.name = "pending"
        session.expire(user, ["name"])
        session.flush()
        assert user.name == "again"
        stranger = User()
        for fails in (session.refresh, session.expire):
            with pytest.raises(exc.InvalidRequestError, match="is not persistent within this Session"):
                fails(stranger)
        session.connection().execute(Note.__table__.delete())
        session.connection().execute(User.__table__.delete())
        session.expire(user)
        with pytest.raises(ObjectDeletedError, match="has been deleted, or its row is otherwise not present"):
            user.name
        with pytest.raises(exc.InvalidRequestError, match="Could not refresh instance"):
            session.refresh(user)


def test_a_row_copied_by_make_transient(engine: Any) -> None:
    User, Note = model(engine)
    with Session(engine) as session:
        session.add(User(id=1, name="a", number=1, notes=[Note(id=1), Note(id=2)]))
        session.commit()
        user = session.get_one(User, 1)
        notes = list(user.notes)
        user.number = 2
        make_transient(user)
        state = inspect(user)
        # what was loaded is no change, what was changed is
        assert (state_of(user), state.attrs.name.history.unchanged) == ("transient", ["a"])
        assert state.attrs.notes.history.unchanged == notes
        assert state.attrs.number.history == ([2], (), [1])
        user.name = "b"
        assert state.attrs.name.history == (["b"], (), ["a"])
        user.id = 3
        user.notes.append(Note(id=3))
        assert (len(state.attrs.notes.history.added), state.attrs.notes.history.unchanged) == (1, notes)
        session.add(user)
        session.commit()
        # the copy has all values; the members stay with the row they belong to
        assert session.execute(select(User.id, User.name, User.number).order_by(User.id)).all() == [
            (1, "a", 1),
            (3, "b", 2),
        ]
        assert session.scalars(select(Note.user_id).order_by(Note.id)).all() == [1, 1, 3]
        assert [note.id for note in user.notes] == [3]
        # one of them taken out of the copy is a change of that member
        user.notes
        make_transient(user)
        user.id = 4
        user.notes.clear()
        session.add(user)
        session.commit()
        assert session.scalars(select(Note.user_id).order_by(Note.id)).all() == [1, 1, None]


def test_an_unchanged_object_made_transient_is_not_modified(engine: Any) -> None:
    User, _ = model(engine)
    with Session(engine) as session:
        session.add(User(id=1, name="a"))
        session.commit()
        user = session.get_one(User, 1)
        make_transient(user)
        assert not inspect(user).modified and not inspect(user).attrs.name.history.has_changes()
        user.name = "a"
        assert inspect(user).modified and not inspect(user).attrs.name.history.has_changes()


def test_deferred_columns_stay_deferred_where_values_are_missing(engine: Any, sql_log: Any) -> None:
    Base = declarative_base()

    class Page(Base):
        __tablename__ = "pages"
        id = Column(Integer, primary_key=True)
        title = Column(String(9))
        body = deferred(Column(String(9)))

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Page(id=1, title="t", body="b"))
        session.commit()
    log = sql_log(engine)
    page = Page(id=1)
    make_transient_to_detached(page)
    with Session(engine) as session:
        session.add(page)
        assert page.title == "t"
        session.expire(page)
        session.expunge(page)
        with Session(engine) as other:
            merged = other.merge(page, load=False)
            assert merged.title == "t"
            assert not any("body" in statement for statement, _ in log)
            assert merged.body == "b"
    with pytest.raises(exc.InvalidRequestError, match="no primary key to be known by; set id first"):
        make_transient_to_detached(Page(title="x"))


@pytest.mark.backends("sqlite")
def test_what_get_and_refresh_refuse(engine: Any) -> None:
    User, _ = model(engine)
    with Session(engine) as session:
        session.add(User(id=1))
        session.commit()
        with pytest.raises(exc.ArgumentError, match="Expected mapped class or mapper"):
            session.get(aliased(User), 1)
        with pytest.raises(exc.ArgumentError, match="with_for_update='read' is neither True nor"):
            session.get(User, 1, with_for_update="read")
        with pytest.raises(exc.ArgumentError, match="with_for_update=5 is neither"):
            session.refresh(session.get_one(User, 1), with_for_update=5)


def test_histories(engine: Any) -> None:
    User, Note = model(engine)
    with Session(engine) as session:
        user = User(id=1, name="a", notes=[Note(text="x")])
        session.add(user)
        session.commit()
        user.name, user.notes
        state = inspect(user)
        assert state.attrs.name.history == ((), ["a"], ())
        user.name = "h"
        assert state.attrs.name.history == (["h"], (), ["a"])
        assert state.attrs.name.loaded_value == "h" and state.attrs.name.value == "h"
        user.notes.append(Note(text="new"))
        history = state.attrs.notes.history
        assert [len(part) for part in history] == [1, 1, 0]
        removed = user.notes.pop(0)
        history = state.attrs.notes.history
        assert [len(part) for part in history] == [1, 0, 1] and history.deleted == [removed]
        assert session.is_modified(user) and user in session.dirty and state.modified
        session.rollback()
        user.name = user.name
        assert not session.is_modified(user)
        with pytest.raises((AttributeError, KeyError), match="nope"):
            state.attrs.nope
        assert set(state.attrs.keys()) == {"id", "name", "number", "notes"}
        assert state.session is session and state.object is user and state.mapper.class_ is User
        assert "number" in state.unloaded or "number" in user.__dict__


def test_attribute_functions(engine: Any) -> None:
    User, _ = model(engine)
    with Session(engine) as session:
        user = User(id=1, name="a", number=1)
        session.add(user)
        session.commit()
        user.number
        attributes.set_committed_value(user, "number", 1234)
        assert user.number == 1234 and user not in session.dirty
        attributes.set_attribute(user, "number", 3)
        assert user in session.dirty
        assert attributes.get_history(user, "number") == ([3], (), [1234])
        assert attributes.get_attribute(user, "number") == 3
        session.flush()
        attributes.flag_dirty(user)
        assert user in session.dirty
        session.flush()
        attributes.flag_modified(user, "name")
        assert session.is_modified(user) or user in session.dirty
        with pytest.raises(KeyError, match="nope"):
            attributes.flag_modified(user, "nope")
        with pytest.raises(
            exc.InvalidRequestError, match="Can't flag attribute 'name' modified; it's not pr"
        ):
            attributes.flag_modified(User(), "name")
        attributes.del_attribute(user, "number")
        assert user.number is None
        session.commit()
        assert session.scalar(select(User.number)) is None
        with pytest.raises(AttributeError, match="User.name object does not have a value"):
            del User().name
        collection = attributes.init_collection(user, "notes")
        assert len(collection) == 0
        assert session.get(User, 1, populate_existing=True) is user
        assert session.get_one(User, 1) is user
        with pytest.raises(exc.NoResultFound, match="No row was found when one was required"):
            session.get_one(User, 555)


# many rows, many threads ------------------------------


def test_many_rows_in_batches(engine: Any) -> None:
    User, _ = model(engine)
    with Session(engine) as session:
        session.execute(User.__table__.insert(), [{"id": i + 1, "number": i} for i in range(5000)])
        session.commit()
        total, most = 0, 0
        for user in session.scalars(select(User).execution_options(yield_per=100)):
            total += user.number
            if user.number % 50 == 0:
                most = max(most, len(session.identity_map))
        assert total == 5000 * 4999 // 2 and most < 1000
        ordered = select(User).where(User.id <= 11).order_by(User.id)
        assert [len(part) for part in session.scalars(ordered).partitions(5)] == [5, 5, 1]
        few = select(User.id).where(User.id <= 7).execution_options(yield_per=3)
        assert [len(part) for part in session.execute(few).partitions()] == [3, 3, 1]
        assert sum(1 for _ in session.query(User).yield_per(1000)) == 5000
        result = session.scalars(ordered)
        assert [user.id for user in result.fetchmany(3)] == [1, 2, 3] and next(result).id == 4
        result.close()
        with pytest.raises(exc.ResourceClosedError, match="This result object is closed"):
            result.all()
        with pytest.raises(exc.MultipleResultsFound):
            session.scalars(ordered).one()
        with pytest.raises(exc.NoResultFound):
            session.scalars(select(User).where(User.id == -1)).one()
        assert session.scalars(select(User).where(User.id == -1)).one_or_none() is None


def test_a_session_keeps_nothing_of_objects_that_are_gone(engine: Any) -> None:
    User, _ = model(engine)
    mapper = inspect(User)
    with Session(engine) as session:
        session.execute(insert(User), [{"id": number, "name": "x"} for number in range(1, 6001)])
        session.commit()
        known = []
        for user in session.scalars(select(User).execution_options(yield_per=100)):
            if user.id % 100 == 0:
                known.append(len(session.identity_map.table(mapper)))
        assert len(known) == 60 and max(known) <= 1200
        held = session.get_one(User, 1)
        for number in range(1, 6001):
            assert session.get_one(User, number).id == number
        assert len(session.identity_map.table(mapper)) <= 1200
        assert session.get_one(User, 1) is held


@pytest.mark.backends("postgresql", "mariadb")
def test_threads_with_sessions_of_their_own(engine: Any) -> None:
    User, Note = model(engine)
    Maker = sessionmaker(engine)
    failures: list[BaseException] = []

    def work(start: int) -> None:
        try:
            for i in range(start, start + 10):
                with Maker.begin() as session:
                    session.add(User(id=i, name=str(i), notes=[Note(text="t")]))
                with Maker() as session:
                    user = session.scalars(select(User).options(selectinload(User.notes)).where(User.id == i))
                    assert [note.text for note in user.one().notes] == ["t"]
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(n * 100 + 1,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with Maker() as session:
        assert session.scalar(select(func.count()).select_from(Note)) == 40


# the end of the interpreter --------------


def test_sessions_that_live_until_the_interpreter_ends_say_nothing() -> None:
    program = (
        "from relvar import event\n"
        "from relvar.orm import Session\n"
        "session = Session()\n"
        "event.listen(session, 'before_flush', lambda session, context, instances: None)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(relvar.__file__).parent.parent)}
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert (ended.stdout, ended.stderr) == ("", "")
