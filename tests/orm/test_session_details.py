"""Sessions in detail: what begins and ends a transaction, misuse, binds, failing bulk calls, NULL."""

from __future__ import annotations

import pickle
import threading
from typing import Any
from unittest import mock

import pytest

from relvar import (
    JSON,
    Column,
    FetchedValue,
    ForeignKey,
    Integer,
    String,
    create_engine,
    event,
    exc,
    func,
    inspect,
    literal,
    null,
    select,
    text,
    update,
)
from relvar.orm import Session, declarative_base, relationship

Base: Any = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String(30))
    emails = relationship("Email", back_populates="user", order_by="Email.id")


class Email(Base):
    __tablename__ = "emails"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))
    user = relationship(User, back_populates="emails")


class Admin(User):
    __tablename__ = "admins"
    id = Column(ForeignKey("users.id"), primary_key=True)


class Document(Base):
    __tablename__ = "documents"
    id = Column(Integer, primary_key=True)
    a = Column(Integer, server_default="5")
    b = Column(Integer, default=3, onupdate=9)
    c = Column(Integer, FetchedValue())
    body = Column(JSON)
    plain = Column(JSON(none_as_null=True))


@pytest.fixture
def session(engine: Any) -> Any:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(User(id=1, name="ann", emails=[Email(id=1), Email(id=2)]))
        session.commit()
        yield session


# options -------------------------------------------------------------------------------


def test_options_are_attributes(engine: Any) -> None:
    session = Session(engine, autoflush=False, twophase=True, execution_options={"stream_results": False})
    assert session.autoflush is False and session.twophase is True and session.expire_on_commit is True
    assert dict(session.execution_options) == {"stream_results": False}
    assert (session.strict, session.lazy_loading) == (False, None)
    # as it is given
    session.autoflush = 1  # type: ignore[assignment]
    assert session.autoflush == 1
    with mock.patch.object(session, "autoflush", "replaced"):
        assert session.autoflush == "replaced"
    assert session.autoflush == 1
    del session.autoflush
    with pytest.raises(AttributeError, match="autoflush"):
        _ = session.autoflush


def test_an_option_may_stand_in_the_body_of_a_class(session: Session, engine: Any) -> None:
    asked: list[bool] = []

    class Named(Session):
        autobegin = False
        strict = True

        @property
        def expire_on_commit(self) -> bool:
            asked.append(True)
            return False

        @expire_on_commit.setter
        def expire_on_commit(self, value: bool) -> None:
            assert value is True

    with Named(engine) as named:
        # what a session is given goes before, but where only the class can say it
        assert named.autobegin is True and named.strict is True and named.autoflush is True
        user = named.get_one(User, 1)
        user.name = "bob"
        named.commit()
        assert asked and "name" not in inspect(user).expired_attributes
        named.autoflush = False
        user.name = "eve"
        assert named.scalars(select(User.name)).all() == ["bob"]
        del named.autoflush
        with pytest.raises(AttributeError, match="autoflush"):
            _ = named.autoflush


# what begins a transaction ------------------------------------------------------------


def test_a_changed_attribute_begins_a_transaction(session: Session) -> None:
    session.expire_on_commit = False
    user = session.get_one(User, 1)
    session.commit()
    assert not session.in_transaction()
    user.name = "bob"
    assert session.in_transaction() and session.get_transaction() is not None
    with pytest.raises(exc.InvalidRequestError, match="already begun"):
        session.begin()
    session.rollback()
    assert user.name == "ann"


def test_flush_of_some_objects_is_deprecated(session: Session) -> None:
    one, two = User(id=11), User(id=12)
    session.add_all([one, two])
    with pytest.warns(exc.SADeprecationWarning, match="`objects` parameter of `Session.flush`"):
        session.flush([one])
    assert list(session.new) == [two]
    with pytest.warns(exc.SADeprecationWarning):
        session.flush([])
    assert not session.new


# misuse ---------------------------------------------------------------------------------

ENDS = ["commit", "rollback", "close", "reset"]


@pytest.mark.feature("H027")
@pytest.mark.parametrize("act", ENDS)
@pytest.mark.parametrize("name", ["before_commit", "before_flush", "after_rollback", "after_begin"])
def test_a_listener_does_not_end_what_is_ending(session: Session, name: str, act: str) -> None:
    def end(*_: Any) -> None:
        event.remove(session, name, end)
        getattr(session, act)()

    session.add(User(id=20, name="new"))
    event.listen(session, name, end)
    if (name, act) == ("after_rollback", "commit"):
        with pytest.raises(exc.InvalidRequestError):
            session.rollback()
    else:
        with pytest.raises(exc.IllegalStateChangeError, match="is already in progress"):
            session.rollback() if name == "after_rollback" else session.commit()
    session.rollback()
    session.close()
    assert session.scalars(select(User.name)).all() == ["ann"]


@pytest.mark.feature("H027")
def test_a_thread_does_not_end_what_another_one_ends(engine: Any) -> None:
    Base.metadata.create_all(engine)
    inside, go_on = threading.Event(), threading.Event()

    @event.listens_for(engine, "commit")
    def wait(connection: Any) -> None:
        inside.set()
        assert go_on.wait(10)

    session = Session(engine)
    session.add(User(id=20, name="new"))
    failed: list[BaseException] = []

    def commit() -> None:
        try:
            session.commit()
        except BaseException as err:
            failed.append(err)

    thread = threading.Thread(target=commit)
    thread.start()
    assert inside.wait(10)
    for act in ENDS:
        with pytest.raises(exc.IllegalStateChangeError, match=r"method 'commit\(\)' is already in progress"):
            getattr(session, act)()
    go_on.set()
    thread.join()
    assert not failed
    event.remove(engine, "commit", wait)
    assert session.scalars(select(User.name)).all() == ["new"]
    session.close()


@pytest.mark.feature("H027")
def test_a_thread_does_not_use_a_session_that_connects(engine: Any) -> None:
    inside, go_on = threading.Event(), threading.Event()
    worker = threading.Thread(target=lambda: found.append(session.scalar(select(1))))
    found: list[Any] = []

    @event.listens_for(engine, "engine_connect")
    def wait(connection: Any) -> None:
        if threading.current_thread() is worker:
            inside.set()
            assert go_on.wait(10)

    session = Session(engine)
    worker.start()
    assert inside.wait(10)
    for act in ("commit", "rollback", "connection", "begin_nested"):
        with pytest.raises(exc.InvalidRequestError, match="provisioning a new connection|in progress"):
            getattr(session, act)()
    with pytest.raises(exc.IllegalStateChangeError, match=r"'close\(\)' can't be called here"):
        session.close()
    go_on.set()
    worker.join()
    assert found == [1]
    session.close()


# bulk calls ---------------------------------------------------------------------------------


@pytest.mark.feature("H022")
def test_a_bulk_call_that_fails_wants_a_rollback(session: Session) -> None:
    with pytest.raises(exc.IntegrityError):
        session.bulk_insert_mappings(User, [{"id": 7, "name": "x"}, {"id": 7, "name": "y"}])
    for call in (
        lambda: session.bulk_insert_mappings(User, [{"name": "x"}]),
        lambda: session.bulk_update_mappings(User, [{"id": 1, "name": "x"}]),
        lambda: session.bulk_save_objects([User(name="x")]),
        lambda: session.scalar(select(1)),
    ):
        with pytest.raises(exc.PendingRollbackError, match="Session's transaction has been rolled back"):
            call()
    session.rollback()
    session.bulk_insert_mappings(User, [{"id": 7, "name": "x"}])
    assert session.scalars(select(User.id).order_by(User.id)).all() == [1, 7]


# binds --------------------------------------------------------------------------------------


@pytest.mark.feature("H023")
def test_where_a_session_looks_for_its_bind(session: Session, sqlite_engine: Any) -> None:
    first: Any = session.bind
    second = sqlite_engine
    bound = Session(binds={User: first, Email.__table__: second})
    assert bound.get_bind(User) is bound.get_bind(Admin) is first
    assert bound.get_bind(Email) is bound.get_bind(clause=select(Email.__table__)) is second
    assert bound.get_bind(clause=select(Admin.__table__)) is first
    assert bound.get_bind(clause=select(func.count()).select_from(Email)) is second
    assert bound.get_bind(User, clause=select(Email)) is first and bound.get_bind(bind=second) is second
    assert bound.binds[User] is first and bound.binds[Email.__table__] is second
    for arguments, message in (
        ({"mapper": Document}, r"on mapper Mapper\[Document\(documents\)\], SQL expression or this Session"),
        ({"clause": select(Document)}, "configured on SQL expression or this Session"),
        ({}, "not bound to a single Engine or Connection, and no context"),
    ):
        with pytest.raises(exc.UnboundExecutionError, match=message):
            bound.get_bind(**arguments)
    bound.bind_mapper(Document, second)
    bound.bind_table(Document.__table__, first)
    assert bound.get_bind(Document) is second and bound.get_bind(clause=select(Document.__table__)) is first
    for bad in ("x", 5):
        with pytest.raises(exc.ArgumentError, match="Not an acceptable bind target"):
            bound.bind_mapper(bad, first)
    bound.begin()
    with pytest.raises(exc.InvalidRequestError, match="has not acquired a connection for bind"):
        bound.get_transaction().bound_connection(User)
    connection = bound.connection(bind_arguments={"mapper": User})
    assert bound.get_transaction().bound_connection(User) is connection
    assert list(bound.get_transaction().connections) == [connection]
    assert bound.get_transaction().connection(User) is connection
    bound.close()


@pytest.mark.feature("H023")
def test_one_unit_of_work_over_two_databases(session: Session, sqlite_engine: Any) -> None:
    Base.metadata.create_all(sqlite_engine)
    first: Any = session.bind
    session.close()
    with Session(binds={User: first, Email: sqlite_engine}) as both:
        user = User(id=5, name="eve", emails=[Email(id=7)])
        both.add(user)
        both.commit()
        assert user.emails[0].user_id == 5 and both.get_one(Email, 7).user is user
        with first.connect() as one, sqlite_engine.connect() as two:
            assert one.scalar(select(func.count()).select_from(Email.__table__)) == 2
            assert two.scalars(select(Email.__table__.c.user_id)).all() == [5]
            assert two.scalar(select(func.count()).select_from(User.__table__)) == 0
        user.emails[0].user_id = None
        user.name = "mod"
        both.flush()
        both.rollback()
        assert user.name == "eve" and user.emails[0].user_id == 5


@pytest.mark.feature("H023")
def test_a_session_that_routes(session: Session, sqlite_engine: Any) -> None:
    """Reads go to one engine, writes to another: by overriding ``get_bind``, as the documentation has it."""
    Base.metadata.create_all(sqlite_engine)
    leader: Any = session.bind
    asked: list[Any] = []

    class Routing(Session):
        def get_bind(self, mapper: Any = None, *, clause: Any = None, **kw: Any) -> Any:
            asked.append((mapper and mapper.class_, type(clause).__name__, kw))
            if self._flushing or (clause is not None and clause.is_dml):
                return leader
            return sqlite_engine

    session.close()
    with Routing() as routed:
        routed.add(User(id=9, name="written"))
        routed.flush()
        assert routed.execute(update(User).values(name="all")).rowcount == 2
        assert routed.scalars(select(User)).all() == []
        assert routed.get(User, 1) is None
        assert routed.scalar(select(func.count(User.id)), bind_arguments={"hint": 1}) == 0
        assert asked[0][0] is User and asked[-1] == (User, "Select", {"hint": 1})
        routed.commit()
    with Session(leader) as check:
        assert check.scalars(select(User.name).order_by(User.id)).all() == ["all", "all"]


# two-phase ------------------------------------------------------------------------------------


@pytest.mark.feature("H024")
@pytest.mark.backends("postgresql18", "mariadb")
def test_two_engines_commit_as_one(url: str) -> None:
    first, second = create_engine(url), create_engine(url)
    Base.metadata.drop_all(first)
    Base.metadata.create_all(first)
    heard: list[str] = []
    for name in ("begin_twophase", "prepare_twophase", "commit_twophase", "rollback_twophase"):
        for number, engine in ((1, first), (2, second)):
            event.listen(engine, name, lambda *a, n=f"{name} {number}": heard.append(n))
    with Session(twophase=True, binds={User: first, Document: second}) as session:
        session.add_all([User(id=1, name="ann"), Document(id=1, b=1)])
        session.commit()
        assert sorted(heard[:2]) == ["begin_twophase 1", "begin_twophase 2"]
        # nothing is committed before all are prepared
        assert [name.split()[0] for name in heard[2:]] == ["prepare_twophase"] * 2 + ["commit_twophase"] * 2
        heard.clear()
        session.add_all([User(id=2), Document(id=2, b=1)])
        session.flush()
        session.prepare()
        with pytest.raises(exc.InvalidRequestError, match="in 'prepared' state; no further SQL"):
            session.scalar(select(1), bind_arguments={"mapper": User})
        session.rollback()
        assert sorted(heard[4:]) == ["rollback_twophase 1", "rollback_twophase 2"]
        heard.clear()
        session.add_all([User(id=3), Document(id=1, b=1)])
        with pytest.raises(exc.IntegrityError):
            session.commit()
        session.rollback()
        assert not [name for name in heard if name.startswith(("prepare", "commit"))]
    with Session(first) as check:
        assert check.scalars(select(User.id)).all() == [1] == check.scalars(select(Document.id)).all()
    with pytest.raises(exc.InvalidRequestError, match="'twophase' mode not enabled"):
        Session(first).prepare()
    first.dispose()
    second.dispose()


# values ------------------------------------------------------------------------------------------


@pytest.mark.feature("H031")
def test_null_and_json(session: Session, sql_log: Any) -> None:
    """What is not given is NULL, None is a value of JSON, null() is NULL."""
    log = sql_log(session.bind)
    values: list[tuple[dict[str, Any], Any]] = [
        ({}, None),
        ({"body": None}, "null"),
        ({"body": null()}, None),
        ({"body": JSON.NULL}, "null"),
        ({"body": {"a": 1}}, '{"a": 1}'),
    ]
    for number, (given, _) in enumerate(values, 1):
        session.add(Document(id=number, plain=None, **given))
        session.flush()
    inserts = [t for t, _ in log if t.startswith("INSERT")]
    assert "body" not in inserts[0] and "body" in inserts[1]
    stored = session.execute(text("SELECT body, plain FROM documents ORDER BY id")).all()
    as_text = session.bind.dialect.name != "postgresql"  # type: ignore[union-attr]  # it has one
    for (body, plain), (_, expected) in zip(stored, values, strict=True):
        assert plain is None
        if as_text:
            assert body == expected
    is_null = session.scalars(select(Document.id).where(text("body IS NULL")).order_by(Document.id)).all()
    assert is_null == [1, 3]
    document = session.get_one(Document, 5)
    document.body = None
    session.flush()
    assert session.scalars(select(Document.id).where(text("body IS NULL"))).all() == [1, 3]
    document.body = null()
    session.flush()
    assert document.body is None
    assert sorted(session.scalars(select(Document.id).where(text("body IS NULL"))).all()) == [1, 3, 5]


@pytest.mark.feature("H031")
def test_null_for_columns_with_defaults(session: Session, sql_log: Any) -> None:
    """None leaves a column to its default, null() writes NULL; an UPDATE writes both."""
    kept = Document(a=None, b=None)
    forced = Document(a=null(), b=null())
    computed = Document(a=literal(2) + 3, c=text("1 + 1"))
    for document in (kept, forced, computed):
        session.add(document)
        session.flush()
    assert (kept.a, kept.b) == (5, 3)
    assert (forced.a, forced.b) == (None, None)
    assert (computed.a, computed.c) == (5, 2)
    kept.a = None
    forced.a = Document.id + 1
    session.flush()
    assert (kept.a, kept.b) == (None, 9)
    assert forced.a == forced.id + 1


@pytest.mark.feature("H031")
def test_when_values_of_the_server_are_fetched(engine: Any, sql_log: Any) -> None:
    models = {}
    for eager in (True, False, "auto"):
        Own = declarative_base()

        class Thing(Own):  # type: ignore[misc, valid-type]  # a base made here
            __tablename__ = f"things_{eager}".lower()
            id = Column(Integer, primary_key=True)
            made = Column(Integer, server_default="5")
            changed = Column(Integer, onupdate=text("7"))
            given = Column(Integer)
            __mapper_args__ = {"eager_defaults": eager}

        Own.metadata.create_all(engine)
        models[eager] = Thing
    log = sql_log(engine)
    for eager, cls in models.items():
        with Session(engine) as session:
            thing = cls()
            session.add(thing)
            session.flush()
            returns = engine.dialect.insert_returning
            fetched = eager is True or (eager == "auto" and returns)
            assert ("made" not in inspect(thing).unloaded) == fetched
            log.clear()
            assert thing.made == 5 and len(log) == (0 if fetched else 1)
            thing.given = 1
            session.flush()
            assert ("changed" in inspect(thing).unloaded) == (eager is not True)
            assert thing.changed == 7
            # an SQL expression for a column with a default comes back as the default does
            other = cls(made=literal(1) + 1)
            session.add(other)
            session.flush()
            assert ("made" not in inspect(other).unloaded) == (bool(eager) and returns)
            assert other.made == 2


# pickles ---------------------------------------------------------------------------------------


@pytest.mark.feature("H028")
def test_listeners_of_pickles(session: Session) -> None:
    told: list[Any] = []

    def on_pickle(state: Any, state_dict: dict[str, Any]) -> None:
        told.append(state_dict["instance"])
        state_dict["extra"] = "kept"

    def on_unpickle(state: Any, state_dict: dict[str, Any]) -> None:
        told.append(state_dict["extra"])

    event.listen(User, "pickle", on_pickle)
    event.listen(User, "unpickle", on_unpickle)
    try:
        user = session.get_one(User, 1)
        user.name = "changed"
        copied = pickle.loads(pickle.dumps(user))
        assert told == [user, "kept"]
        state = inspect(copied)
        assert state.detached and state.modified and state.identity == (1,)
        assert state.attrs.name.history == (["changed"], (), ["ann"])
        saved = inspect(user).__getstate__()
        assert saved["instance"] is user and saved["class_"] is User and saved["key"] == (User, (1,), None)
        assert saved["committed_state"] == {"name": "ann"}
        session.rollback()
        with Session(session.bind) as other:
            other.add(copied)
            assert copied in other.dirty
            other.commit()
            assert other.get_one(User, 1).name == "changed"
    finally:
        event.remove(User, "pickle", on_pickle)
        event.remove(User, "unpickle", on_unpickle)


@pytest.mark.feature("H028")
def test_what_a_pickle_keeps(session: Session) -> None:
    user = session.get_one(User, 1)
    assert [email.user for email in user.emails] == [user, user]
    copied = pickle.loads(pickle.dumps(user))
    assert [email.id for email in copied.emails] == [1, 2]
    assert all(email.user is copied for email in copied.emails)
    assert session.merge(copied) is user
    session.expire(user)
    expired = pickle.loads(pickle.dumps(user))
    assert inspect(expired).expired and inspect(expired).detached
    with Session(session.bind) as other:
        other.add(expired)
        assert expired.name == "ann"
    fresh = pickle.loads(pickle.dumps(User(name="new")))
    assert inspect(fresh).transient and fresh.name == "new"
    session.delete(user.emails[0])
    session.flush()
    gone = user.emails[0]
    assert inspect(pickle.loads(pickle.dumps(gone))).detached
