"""What commit, rollback and savepoints do to objects, and what a session says when it is used wrongly."""

from __future__ import annotations

import weakref
from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, String, UniqueConstraint, event, exc, inspect, select, text
from relvar.orm import (
    Session,
    SessionTransaction,
    SessionTransactionOrigin,
    declarative_base,
    object_session,
    relationship,
    sessionmaker,
)
from relvar.orm.exc import UnmappedInstanceError

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    age = Column(Integer)
    posts = relationship("Post", back_populates="user")
    __table_args__ = (UniqueConstraint("name"),)


class Post(Base):
    __tablename__ = "posts"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))
    user = relationship("User", back_populates="posts")
    notes = relationship("Note", back_populates="post", cascade="all, delete-orphan")


class Note(Base):
    __tablename__ = "notes"
    id = Column(Integer, primary_key=True)
    post_id = Column(ForeignKey("posts.id"))
    post = relationship("Post", back_populates="notes")


class Foreign:
    """A class that is not mapped."""


@pytest.fixture
def session(engine: Any) -> Any:
    Base.metadata.create_all(engine)
    with Session(engine) as made:
        made.add_all([User(name="ann", age=30), User(name="bob", age=40)])
        made.commit()
        yield made


def names(session: Session) -> list[str]:
    return list(session.scalars(select(User.name).order_by(User.id)))


# rollback restores objects ---------------------------------------------------------------------------


def test_rollback_makes_new_objects_transient_and_keeps_their_values(session: Session) -> None:
    user = User(name="new", posts=[Post()])
    session.add(user)
    session.flush()
    number, post = user.id, user.posts[0]
    session.rollback()
    assert inspect(user).transient and inspect(post).transient
    assert (user.id, user.name) == (number, "new")
    assert user not in session
    session.add(user)
    session.commit()
    assert names(session) == ["ann", "bob", "new"]


def test_rollback_expires_changes(session: Session) -> None:
    ann = session.get(User, 1)
    ann.name = "flushed"
    session.flush()
    ann.age = 99
    session.rollback()
    assert "name" not in ann.__dict__ and "age" not in ann.__dict__
    assert (ann.name, ann.age) == ("ann", 30)


def test_rollback_brings_deleted_objects_back(session: Session) -> None:
    ann = session.get(User, 1)
    session.delete(ann)
    session.flush()
    assert inspect(ann).deleted and ann not in session
    session.rollback()
    assert inspect(ann).persistent and ann in session
    assert session.get(User, 1) is ann
    session.delete(ann)
    session.rollback()
    assert ann not in session.deleted


def test_rollback_switches_keys_back(session: Session) -> None:
    ann = session.get(User, 1)
    ann.id = 50
    session.flush()
    assert session.get(User, 50) is ann
    session.rollback()
    assert inspect(ann).identity == (1,)
    assert session.get(User, 1) is ann
    assert session.get(User, 50) is None


def test_rollback_of_a_change_that_began_no_transaction(session: Session) -> None:
    ann = session.get(User, 1)
    assert ann.age == 30
    session.commit()
    assert ann.age == 30
    session.commit()
    ann.age = 31
    session.rollback()
    assert ann.age == 30


# savepoints ----------------------------------------------------------------------------------------


@pytest.mark.feature("H010")
def test_savepoint_restores_only_what_changed_inside(session: Session) -> None:
    ann, bob = session.get(User, 1), session.get(User, 2)
    ann.name = "before"
    nested = session.begin_nested()
    assert session.in_nested_transaction() and session.get_nested_transaction() is nested
    bob.name = "inside"
    new = User(name="new")
    session.add(new)
    session.flush()
    nested.rollback()
    assert not session.in_nested_transaction()
    assert inspect(new).transient
    assert "name" not in bob.__dict__
    assert ann.__dict__["name"] == "before"
    session.commit()
    assert names(session) == ["before", "bob"]


@pytest.mark.feature("H010")
def test_savepoint_that_is_kept_belongs_to_the_outer_transaction(session: Session) -> None:
    # the stdlib's SQLite driver begins a transaction at the first write only
    session.get(User, 1).age = 31
    session.flush()
    with session.begin_nested() as outer:
        assert outer.nested and outer.parent is session.get_transaction()
        with session.begin_nested():
            kept = User(name="deep")
            session.add(kept)
        new = session.scalars(select(User).where(User.name == "deep")).one()
        assert new is kept
    session.rollback()
    assert inspect(kept).transient
    assert names(session) == ["ann", "bob"]


@pytest.mark.feature("H010")
def test_savepoint_in_a_with_block_rolls_back_on_error(session: Session) -> None:
    session.add(User(name="kept"))
    with pytest.raises(exc.IntegrityError):
        with session.begin_nested():
            session.add(User(name="ann"))
    session.add(User(name="after"))
    session.commit()
    assert names(session) == ["ann", "bob", "kept", "after"]


def test_deletion_inside_a_savepoint_is_undone(session: Session) -> None:
    ann = session.get(User, 1)
    nested = session.begin_nested()
    session.delete(ann)
    session.flush()
    nested.rollback()
    assert inspect(ann).persistent
    assert ann.__dict__["name"] == "ann"


@pytest.mark.parametrize("seen", ["not loaded", "loaded", "expired"])
def test_a_deleted_reference_is_written(session: Session, seen: str) -> None:
    post = Post(user=session.get(User, 1))
    session.add(post)
    session.commit()
    number = post.id
    if seen != "not loaded":
        assert post.user.name == "ann"
    if seen == "expired":
        session.expire(post)
    del post.user
    session.commit()
    assert session.scalar(select(Post.user_id).where(Post.id == number)) is None and post.user is None


def test_an_orphan_of_a_savepoint_has_its_parent_again(session: Session) -> None:
    post = Post(notes=[Note(), Note()])
    session.add(post)
    session.commit()
    note = post.notes[0]
    assert note.post is post
    nested = session.begin_nested()
    post.notes.remove(note)
    session.flush()
    assert inspect(note).deleted and note.post is None
    nested.rollback()
    assert inspect(note).persistent and note.post is post and note in post.notes


# failure -------------------------------------------------------------------------------------------


@pytest.mark.feature("H030")
def test_after_a_failed_flush_rollback_comes_first(session: Session) -> None:
    session.add(User(name="ann"))
    with pytest.raises(exc.IntegrityError):
        session.flush()
    assert not session.is_active
    for use in (
        lambda: session.execute(select(User)),
        lambda: session.get(User, 77),
        session.connection,
        session.commit,
        session.begin_nested,
    ):
        with pytest.raises(
            exc.PendingRollbackError,
            match=r"(?s)This Session's transaction has been rolled back due to a previous exception during "
            r"flush. "
            r"To begin a new transaction with this Session, first issue Session.rollback\(\). "
            r"Original exception was: \(.*(IntegrityError|UniqueViolation)\).*/7s2a\)",
        ):
            use()
    session.rollback()
    assert session.is_active
    assert names(session) == ["ann", "bob"]
    session.add(User(name="cat"))
    session.commit()
    assert names(session) == ["ann", "bob", "cat"]


@pytest.mark.feature("H030")
def test_changes_before_the_rollback_are_discarded_with_a_warning(session: Session) -> None:
    session.add(User(name="ann"))
    with pytest.raises(exc.IntegrityError):
        session.flush()
    session.add(User(name="lost"))
    with pytest.warns(
        exc.SAWarning,
        match="Session's state has been changed on a non-active transaction - this state will be discarded.",
    ):
        session.rollback()
    assert not session.new


def test_autoflush_says_where_the_error_came_from(session: Session) -> None:
    session.add(User(name="ann"))
    with pytest.raises(exc.IntegrityError, match="raised as a result of Query-invoked autoflush"):
        session.scalars(select(Post)).all()
    session.rollback()
    with session.no_autoflush:
        session.add(User(name="ann"))
        assert names(session) == ["ann", "bob"]
    session.rollback()


def test_failed_savepoint_leaves_the_outer_transaction(session: Session) -> None:
    session.add(User(name="outer"))
    nested = session.begin_nested()
    session.add(User(name="ann"))
    with pytest.raises(exc.IntegrityError):
        session.flush()
    with pytest.raises(exc.PendingRollbackError):
        session.execute(text("select 1"))
    nested.rollback()
    session.commit()
    assert names(session) == ["ann", "bob", "outer"]


# misuse --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "method", ["add", "delete", "merge", "refresh", "expire", "expunge", "is_modified", "__contains__"]
)
def test_objects_that_are_not_mapped(session: Session, method: str) -> None:
    for thing in (Foreign(), None, 5):
        with pytest.raises(UnmappedInstanceError, match=r"Class '.*' is not mapped"):
            getattr(session, method)(thing)
    with pytest.raises(UnmappedInstanceError, match="was a class .* supplied where an instance was required"):
        getattr(session, method)(User)


def test_transient_and_pending_objects_cannot_be_deleted_or_refreshed(session: Session) -> None:
    user = User(name="x")
    with pytest.raises(exc.InvalidRequestError, match="Instance '<User at 0x.*>' is not persisted"):
        session.delete(user)
    with pytest.raises(
        exc.InvalidRequestError, match="Instance <User at 0x.*> is not present in this Session"
    ):
        session.expunge(user)
    session.add(user)
    for method in (session.refresh, session.expire):
        with (
            pytest.raises(
                exc.InvalidRequestError,
                match="Instance '<User at 0x.*>' is not persistent within this Session",
            ),
            session.no_autoflush,
        ):
            session.autoflush = False
            method(user)
    session.autoflush = True


def test_an_object_belongs_to_one_session(session: Session, engine: Any) -> None:
    ann = session.get(User, 1)
    with Session(engine) as other:
        for method in (other.add, other.delete):
            with pytest.raises(
                exc.InvalidRequestError,
                match=r"Object '<User at 0x.*>' is already attached to session '\d+' \(this is '\d+'\)",
            ):
                method(ann)
    session.expunge(ann)
    assert object_session(ann) is None
    session.get(User, 1)
    again = session.get(User, 1)
    assert again is not ann
    with pytest.raises(
        exc.InvalidRequestError,
        match="Can't attach instance <User at 0x.*>; another instance with key .* is already present in "
        "this session.",
    ):
        session.add(ann)


def test_a_deleted_object_cannot_be_added(session: Session) -> None:
    ann = session.get(User, 1)
    session.delete(ann)
    session.flush()
    with pytest.raises(exc.InvalidRequestError, match="has been deleted.  Use the make_transient"):
        session.add(ann)
    session.commit()
    with pytest.raises(exc.InvalidRequestError, match="has been deleted"):
        session.add(ann)


def test_a_closed_session_that_does_not_reset(engine: Any) -> None:
    session = Session(engine, close_resets_only=False)
    session.close()
    for use in (session.begin, session.connection, lambda: session.add(User())):
        with pytest.raises(
            exc.InvalidRequestError,
            match="This Session has been permanently closed and is unable to handle any more transaction "
            "requests.",
        ):
            use()
    reusable = Session(engine)
    reusable.close()
    assert reusable.connection().closed is False
    reusable.close()


def test_closed_transactions_say_so(session: Session) -> None:
    transaction = session.begin()
    transaction.commit()
    for use in (transaction.commit, transaction.rollback, transaction.prepare):
        with pytest.raises((exc.ResourceClosedError, AssertionError, exc.InvalidRequestError)):
            use()
    transaction.close()
    with pytest.raises(
        exc.InvalidRequestError,
        match="Can't operate on closed transaction inside context manager.  "
        "Please complete the context manager",
    ):
        with session.begin():
            session.commit()
            session.execute(text("select 1"))


def test_begin_twice(session: Session) -> None:
    session.begin()
    with pytest.raises(exc.InvalidRequestError, match="A transaction is already begun on this Session."):
        session.begin()
    session.rollback()
    with pytest.raises(exc.InvalidRequestError, match="'twophase' mode not enabled"):
        session.prepare()


@pytest.mark.feature("H027")
@pytest.mark.backends("sqlite")
def test_a_session_in_use_cannot_be_closed(engine: Any) -> None:
    session = Session(engine)

    @event.listens_for(engine, "engine_connect")
    def meddle(connection: Any) -> None:
        with pytest.raises(exc.InvalidRequestError, match="session is provisioning a new connection"):
            session.connection()
        with pytest.raises(exc.IllegalStateChangeError, match=r"Method 'close\(\)' can't be called here"):
            session.close()

    session.connection()
    event.remove(engine, "engine_connect", meddle)
    session.close()


def test_unbound_session() -> None:
    session = Session()
    with pytest.raises(
        exc.UnboundExecutionError,
        match=r"Could not locate a bind configured on mapper Mapper\[User\(users\)\], SQL expression or "
        r"this Session.",
    ):
        session.execute(select(User))
    with pytest.raises(
        exc.UnboundExecutionError, match="This session is not bound to a single Engine or Connection"
    ):
        session.connection()


def test_flush_inside_a_flush(session: Session) -> None:
    event.listen(session, "before_flush", lambda s, c, i: s.flush())
    session.add(User(name="x"))
    with pytest.raises(exc.InvalidRequestError, match="Session is already flushing"):
        session.flush()


def test_get_with_a_key_that_does_not_fit(session: Session) -> None:
    for ident in ((1, 2), {"id": 1, "name": 1}, ()):
        with pytest.raises(
            exc.InvalidRequestError,
            match="Incorrect number of values in identifier to formulate primary key for session.get",
        ):
            session.get(User, ident)
    with pytest.raises(exc.InvalidRequestError, match="Incorrect names of values in identifier"):
        session.get(User, {"name": 1})
    assert session.get(User, {"id": 1}) is session.get(User, (1,)) is session.get(User, 1)
    with pytest.warns(exc.SAWarning, match="fully NULL primary key identity cannot load any object"):
        assert session.get(User, None) is None
    with pytest.raises(exc.NoResultFound, match="No row was found when one was required"):
        session.get_one(User, 99)


# events --------------------------------------------------------------------------------------------


def test_lifecycle_events(session: Session) -> None:
    seen: list[str] = []
    for name in (
        "transient_to_pending",
        "pending_to_persistent",
        "persistent_to_deleted",
        "deleted_to_persistent",
        "deleted_to_detached",
        "persistent_to_detached",
        "detached_to_persistent",
        "pending_to_transient",
        "persistent_to_transient",
    ):

        def note(session: Session, instance: Any, name: str = name) -> None:
            seen.append(name)

        event.listen(session, name, note)

    def since() -> list[str]:
        found = list(seen)
        seen.clear()
        return found

    user = User(name="x")
    session.add(user)
    assert since() == ["transient_to_pending"]
    session.flush()
    assert since() == ["pending_to_persistent"]
    session.rollback()
    assert since() == ["persistent_to_transient"]
    session.add(user)
    session.expunge(user)
    assert since() == ["transient_to_pending", "pending_to_transient"]
    session.add(user)
    session.commit()
    session.delete(user)
    session.flush()
    session.rollback()
    assert since()[-2:] == ["persistent_to_deleted", "deleted_to_persistent"]
    session.delete(user)
    session.commit()
    assert since() == ["persistent_to_deleted", "deleted_to_detached"]
    ann = session.get(User, 1)
    session.expunge(ann)
    session.add(ann)
    assert since() == ["persistent_to_detached", "detached_to_persistent"]


def test_events_of_a_maker_stay_with_it(engine: Any) -> None:
    Base.metadata.create_all(engine)
    seen: list[str] = []
    maker, other = sessionmaker(engine), sessionmaker(engine)
    event.listen(maker, "after_commit", lambda session: seen.append("commit"))
    with other() as session:
        session.commit()
    assert seen == []
    with maker() as session:
        session.commit()
    assert seen == ["commit"]


def test_before_flush_can_add(session: Session) -> None:
    @event.listens_for(session, "before_flush")
    def more(session: Session, context: Any, instances: Any) -> None:
        for user in session.new:
            if isinstance(user, User):
                session.add(Post(user=user))

    session.add(User(name="x"))
    session.commit()
    assert len(session.scalars(select(Post)).all()) == 1


def test_nothing_runs_in_the_block_of_a_savepoint_that_has_ended(engine: Any) -> None:
    Base.metadata.create_all(engine)
    closed = "Can't operate on closed transaction inside context manager"
    with Session(engine) as session:
        for end in ("commit", "rollback"):
            for then in (
                lambda: session.execute(select(1)),
                lambda: session.merge(User(id=77)),
                lambda: session.begin_nested(),
                lambda: session.connection(),
            ):
                with (
                    pytest.raises(exc.InvalidRequestError, match=closed),
                    session.begin_nested() as savepoint,
                ):
                    getattr(savepoint, end)()
                    then()
            # after it the transaction around it goes on
            assert session.scalar(select(1)) == 1 and session.in_transaction()
        with session.begin_nested() as savepoint:
            savepoint.rollback()
        assert not session.in_nested_transaction()


# the class of transactions -----------------------------------------------------------------------------


def test_the_class_of_transactions_is_one_like_any_other(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    class Named(SessionTransaction):
        name = "named"

    with monkeypatch.context() as patched:
        patched.setattr(SessionTransaction, "rollback", lambda self, **how: seen.append((self, how)))
        transaction = session.begin()
        session.rollback()
        assert seen == [(transaction, {"_to_root": True})]
    session.rollback()
    assert seen[1:] == [] and not transaction.is_active
    assert weakref.ref(transaction)() is transaction
    other = Session(session.bind)
    named = Named(other, SessionTransactionOrigin.BEGIN)
    named.note = "its own"
    assert other.get_transaction() is named and (named.name, named.note) == ("named", "its own")
    other.close()
