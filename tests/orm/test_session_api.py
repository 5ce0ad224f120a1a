"""The Session as a user meets it: its arguments, its methods, its states, its failures."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    String,
    delete,
    event,
    exc,
    insert,
    inspect,
    select,
    text,
    update,
)
from relvar.orm import (
    Session,
    close_all_sessions,
    declarative_base,
    make_transient,
    make_transient_to_detached,
    object_session,
    relationship,
    scoped_session,
    sessionmaker,
    was_deleted,
)
from relvar.orm.exc import DetachedInstanceError, ObjectDeletedError, StaleDataError


class Model:
    """Two mapped classes with a link both ways, and their tables in a database."""

    def __init__(self, engine: Any = None, **options: Any) -> None:
        Base = declarative_base()

        class User(Base):
            __tablename__ = "users"
            id = Column(Integer, primary_key=True)
            name = Column(String(30))
            age = Column(Integer)
            addresses = relationship("Address", back_populates="user", **options)

        class Address(Base):
            __tablename__ = "addresses"
            id = Column(Integer, primary_key=True)
            email = Column(String(50))
            user_id = Column(ForeignKey("users.id"))
            user = relationship("User", back_populates="addresses")

        self.Base, self.User, self.Address = Base, User, Address
        if engine is not None:
            Base.metadata.create_all(engine)

    def fill(self, engine: Any) -> None:
        with Session(engine) as session:
            session.add_all(
                [
                    self.User(name="ann", age=30, addresses=[self.Address(email="a@x")]),
                    self.User(name="bob", age=40, addresses=[]),
                    self.User(name="cat", age=50, addresses=[self.Address(), self.Address()]),
                ]
            )
            session.commit()


@pytest.fixture
def model(engine: Any) -> Model:
    made = Model(engine)
    made.fill(engine)
    return made


# Construction ----------------------------------------------------------------------------------------


@pytest.mark.feature("H001")
def test_session_arguments(engine: Any) -> None:
    m = Model(engine)
    m.fill(engine)
    User = m.User
    session = Session(
        bind=engine,
        autoflush=False,
        future=True,
        expire_on_commit=False,
        autobegin=True,
        twophase=False,
        binds=None,
        enable_baked_queries=True,
        info={"who": "me"},
        query_cls=None,
        autocommit=False,
        join_transaction_mode="conditional_savepoint",
        close_resets_only=True,
        execution_options={"mine": 1},
    )
    assert session.info == {"who": "me"}
    assert session.autoflush is False
    assert session.expire_on_commit is False
    user = session.get_one(User, 1)
    user.name = "not flushed"
    assert session.scalars(select(User.name).where(User.id == 1)).one() == "ann"
    session.commit()
    assert "name" in inspect(user).dict  # not expired
    session.close()

    with pytest.raises(exc.ArgumentError):
        Session(engine, autocommit=True)
    with pytest.raises(exc.ArgumentError):
        Session(engine, future=False)
    with pytest.raises(TypeError):
        Session(engine, no_such_argument=1)


@pytest.mark.feature("H001")
def test_binds_choose_the_engine_per_class(engine: Any, sqlite_engine: Any) -> None:
    m, other = Model(engine), Model(sqlite_engine)
    with Session(binds={m.User: engine, other.Base: sqlite_engine}) as session:
        assert session.get_bind(m.User) is engine
        assert session.get_bind(other.Address) is sqlite_engine
        session.add_all([m.User(name="here"), other.User(name="there")])
        session.commit()
    with engine.connect() as connection:
        assert connection.execute(text("select name from users")).scalars().all() == ["here"]
    with sqlite_engine.connect() as connection:
        assert connection.execute(text("select name from users")).scalars().all() == ["there"]


@pytest.mark.feature("H001")
def test_autobegin_false_wants_begin(engine: Any) -> None:
    m = Model(engine)
    with Session(engine, autobegin=False) as session:
        with pytest.raises(exc.InvalidRequestError, match="Autobegin is disabled on this Session"):
            session.execute(select(m.User))
        with session.begin():
            session.add(m.User(name="x"))
        with session.begin():
            assert session.scalars(select(m.User.name)).all() == ["x"]


@pytest.mark.backends("postgresql", "mariadb")
@pytest.mark.feature("H001")
def test_join_transaction_mode(engine: Any) -> None:
    m = Model(engine)
    for mode, kept in [("rollback_only", 0), ("create_savepoint", 0), ("control_fully", 1)]:
        with engine.connect() as connection:
            outer = connection.begin()
            session = Session(connection, join_transaction_mode=mode)
            session.add(m.User(name="x"))
            session.commit()
            assert connection.scalar(text("select count(*) from users")) == 1
            session.close()
            if outer.is_active:
                outer.rollback()
        with engine.begin() as connection:
            assert connection.scalar(text("select count(*) from users")) == kept, mode
            connection.execute(text("delete from users"))


@pytest.mark.feature("H002")
def test_sessionmaker(engine: Any) -> None:
    m = Model(engine)
    maker = sessionmaker(bind=engine, expire_on_commit=False, info={"a": 1})
    session = maker(autoflush=False, info={"b": 2})
    assert isinstance(session, Session)
    assert session.bind is engine and session.autoflush is False and session.expire_on_commit is False
    assert session.info == {"a": 1, "b": 2}
    session.close()
    with maker.begin() as session:
        session.add(m.User(name="kept"))
    with pytest.raises(ZeroDivisionError), maker.begin() as session:
        session.add(m.User(name="lost"))
        session.flush()
        1 / 0
    maker.configure(autoflush=False)
    with maker() as session:
        assert session.autoflush is False
        assert session.scalars(select(m.User.name)).all() == ["kept"]

    class Mine(Session):
        pass

    assert isinstance(sessionmaker(class_=Mine)(), Mine)


@pytest.mark.feature("H003")
def test_scoped_session(engine: Any) -> None:
    import threading

    m = Model(engine)
    m.fill(engine)
    registry = scoped_session(sessionmaker(engine))
    first = registry()
    assert registry() is first
    assert registry.scalars(select(m.User.name).order_by(m.User.id)).all() == ["ann", "bob", "cat"]
    seen: list[Any] = []

    def work() -> None:
        seen.append(registry())
        registry.remove()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen[0] is not first
    m.Base.query = registry.query_property()
    assert m.User.query.filter_by(name="bob").one().id == 2
    registry.remove()
    assert registry() is not first
    with pytest.raises(exc.InvalidRequestError, match="Scoped session is already present"):
        registry(autoflush=False)
    registry.remove()

    current = {"scope": 1}
    by_function = scoped_session(sessionmaker(engine), scopefunc=lambda: current["scope"])
    one = by_function()
    current["scope"] = 2
    two = by_function()
    assert one is not two
    current["scope"] = 1
    assert by_function() is one
    for scope in (1, 2):
        current["scope"] = scope
        by_function.remove()


@pytest.mark.feature("H004")
def test_context_managers(engine: Any) -> None:
    m = Model(engine)
    with Session(engine) as session, session.begin():
        session.add(m.User(name="a"))
    with pytest.raises(ZeroDivisionError), Session(engine) as session, session.begin():
        session.add(m.User(name="b"))
        1 / 0
    with Session(engine) as session:
        session.add(m.User(name="c"))  # never committed
    with Session(engine) as session:
        assert session.scalars(select(m.User.name)).all() == ["a"]


# States ----------------------------------------------------------------------------------------------


@pytest.mark.feature("H005")
def test_object_states(engine: Any) -> None:
    m = Model(engine)

    def state(thing: Any) -> str:
        view = inspect(thing)
        names = ("transient", "pending", "persistent", "deleted", "detached")
        (one,) = [name for name in names if getattr(view, name)]
        return one

    session = Session(engine)
    user = m.User(name="x")
    view = inspect(user)
    assert state(user) == "transient"
    assert view.identity is None and view.identity_key is None and view.session is None
    assert object_session(user) is None
    session.add(user)
    assert state(user) == "pending" and user in session.new
    session.flush()
    assert state(user) == "persistent" and view.identity == (user.id,)
    assert view.identity_key == (m.User, (user.id,), None)
    assert view.session is session and object_session(user) is session
    assert view.modified is False
    user.name = "y"
    assert view.modified is True
    assert view.attrs.name.history == ((["y"], (), ["x"]))
    assert view.attrs.name.value == "y" and view.attrs.name.loaded_value == "y"
    assert view.attrs.name.load_history() == (["y"], (), ["x"])
    assert view.dict["name"] == "y"
    session.commit()
    assert view.expired is True
    assert view.unloaded == {"id", "name", "age", "addresses"}
    with pytest.warns(DeprecationWarning):
        assert view.unloaded_expirable == {"id", "name", "age", "addresses"}
    assert view.get_history("name", 0) is not None
    assert user.name == "y" and view.expired is False
    session.delete(user)
    assert state(user) == "persistent" and user in session.deleted
    session.flush()
    assert state(user) == "deleted" and view.was_deleted and was_deleted(user)
    session.commit()
    assert state(user) == "detached"
    make_transient(user)
    assert state(user) == "transient" and not view.was_deleted
    session.add(user)
    session.commit()
    session.close()
    assert state(user) == "detached"

    made = m.User(id=user.__dict__.get("id", 1))
    make_transient_to_detached(made)
    assert state(made) == "detached"
    with pytest.raises(exc.InvalidRequestError):
        make_transient_to_detached(made)
    with Session(engine) as session:
        session.add(made)
        assert state(made) == "persistent"
        assert made.name == "y"
    assert inspect(m.User(addresses=[m.Address()])).attrs.addresses.value


@pytest.mark.feature("H006")
def test_add_and_delete(engine: Any) -> None:
    m = Model(engine)
    m.fill(engine)
    with Session(engine) as session:
        new = m.User(name="new")
        session.add(new)
        session.add_all([m.User(name="n1"), m.User(name="n2")])
        assert new in session and len(session.new) == 3
        assert set(session) >= {new}
        ann = session.get_one(m.User, 1)
        assert ann not in session.dirty
        ann.age = 31
        assert ann in session.dirty
        bob = session.get_one(m.User, 2)
        session.delete(bob)
        assert bob in session.deleted
        assert bob in session
        session.commit()
        assert bob not in session
        names = session.scalars(select(m.User.name).order_by(m.User.name)).all()
        assert names == ["ann", "cat", "n1", "n2", "new"]
        session.delete_all(session.scalars(select(m.User).where(m.User.name.like("n%"))).all())
        session.commit()
        assert session.scalars(select(m.User.name).order_by(m.User.name)).all() == ["ann", "cat"]
        with pytest.raises(exc.InvalidRequestError, match="is not persisted"):
            session.delete(m.User())


# Flush, commit, rollback -----------------------------------------------------------------------------


@pytest.mark.feature("H007")
def test_whether_there_is_anything_to_write(engine: Any) -> None:
    model = Model(engine)
    with Session(engine) as session:
        assert session._is_clean()
        session.add(user := model.User(name="ann"))
        assert not session._is_clean()
        session.commit()
        assert session._is_clean()
        user.name = "bob"
        assert not session._is_clean()
        session.flush()
        session.delete(user)
        assert not session._is_clean()
        session.flush()
        assert session._is_clean()


def test_flush_orders_by_dependency_and_batches(engine: Any, sql_log: Any) -> None:
    m = Model(engine)
    log = sql_log(engine)
    with Session(engine) as session:
        # Children are added before their parents; parents are written first.
        session.add_all(
            [m.Address(id=i, email=f"{i}@x", user=m.User(id=i, name=f"u{i}")) for i in range(1, 4)]
        )
        session.flush()
        tables = [t.split()[2] for t in log.texts() if t.startswith("INSERT")]
        assert tables == ["users", "addresses"]
        log.clear()
        for user in session.scalars(select(m.User)).all():
            user.name = "same"
        session.flush()
        updates = [t for t in log.texts() if t.startswith("UPDATE")]
        assert len(updates) == 1
        log.clear()
        with session.no_autoflush:
            for address in session.scalars(select(m.Address)).all():
                session.delete(address)
                session.delete(address.user)
        session.flush()
        deletes = [t.split()[2] for t in log.texts() if t.startswith("DELETE")]
        assert deletes == ["addresses", "users"]
        session.flush()  # nothing left to do
        session.commit()


@pytest.mark.feature("H007")
def test_autoflush(engine: Any) -> None:
    m = Model(engine)
    with Session(engine) as session:
        session.add(m.User(name="x"))
        assert session.scalars(select(m.User.name)).all() == ["x"]
        session.add(m.User(name="y"))
        with session.no_autoflush:
            assert session.scalars(select(m.User.name)).all() == ["x"]
        assert len(session.scalars(select(m.User.name)).all()) == 2


@pytest.mark.feature("H008")
def test_commit_rollback_close_reset(engine: Any) -> None:
    m = Model(engine)
    m.fill(engine)
    session = Session(engine)
    ann = session.get_one(m.User, 1)
    ann.name = "changed"
    session.rollback()
    assert ann.name == "ann"
    ann.name = "kept"
    session.commit()
    assert inspect(ann).expired
    assert ann.name == "kept"
    new = m.User(name="new")
    session.add(new)
    session.flush()
    key = new.id
    session.rollback()
    assert inspect(new).transient and new not in session
    assert session.get(m.User, key) is None
    session.delete(ann)
    session.flush()
    session.rollback()
    assert inspect(ann).persistent and ann.name == "kept"
    session.close()
    assert inspect(ann).detached and not session.in_transaction()
    session.add(ann)
    session.reset()
    assert inspect(ann).detached
    session.add(ann)
    assert session.scalar(select(m.User.name).where(m.User.id == 1)) == "kept"
    session.invalidate()
    assert not session.in_transaction() and inspect(ann).detached
    other = Session(engine)
    other.add(ann)
    close_all_sessions()
    assert inspect(ann).detached
    engine.dispose()


@pytest.mark.feature("H009")
def test_savepoints(engine: Any) -> None:
    m = Model(engine)
    m.fill(engine)
    with Session(engine) as session:
        ann = session.get_one(m.User, 1)
        ann.age = 31
        nested = session.begin_nested()
        ann.name = "inner"
        inner = m.User(name="inner")
        session.add(inner)
        session.flush()
        nested.rollback()
        assert (ann.name, ann.age) == ("ann", 31)
        assert inspect(inner).transient
        with session.begin_nested():
            session.add(m.User(name="dora"))
        with pytest.raises(exc.IntegrityError), session.begin_nested():
            session.execute(insert(m.User).values(id=1, name="again"))
        session.commit()
        assert session.scalars(select(m.User.name).order_by(m.User.name)).all() == [
            "ann",
            "bob",
            "cat",
            "dora",
        ]
        assert session.get_one(m.User, 1).age == 31


# Reading ---------------------------------------------------------------------------------------------


@pytest.mark.feature("H012", "G025")
def test_get(engine: Any, sql_log: Any) -> None:
    m = Model(engine)
    m.fill(engine)
    log = sql_log(engine)
    from relvar.orm import selectinload

    with Session(engine) as session:
        ann = session.get(m.User, 1)
        assert ann.name == "ann"
        sent = len(log)
        assert session.get(m.User, 1) is ann
        assert session.get(m.User, (1,)) is ann
        assert session.get(m.User, {"id": 1}) is ann
        assert len(log) == sent
        assert session.get(m.User, 99) is None
        with pytest.raises(exc.NoResultFound):
            session.get_one(m.User, 99)
        ann.name = "pending"
        with session.no_autoflush:
            assert session.get(m.User, 1, populate_existing=True) is ann
        assert ann.name == "ann"
        del log[:]
        cat = session.get(m.User, 3, options=[selectinload(m.User.addresses)])
        sent = len(log)
        assert len(cat.addresses) == 2 and len(log) == sent
        assert session.get(m.User, 2, with_for_update=True).name == "bob"
        locked = "FOR UPDATE" in log.texts()[-1]
        assert locked is (engine.dialect.name != "sqlite")
        assert (
            session.get(m.User, 2, identity_token=None, execution_options={"a": 1}, bind_arguments={}).id == 2
        )
        with pytest.raises(exc.InvalidRequestError, match="Incorrect number of values in identifier"):
            session.get(m.User, (1, 2))


@pytest.mark.feature("G025")
def test_identity_map_is_weak(engine: Any) -> None:
    m = Model(engine)
    m.fill(engine)
    with Session(engine) as session:
        ann = session.get(m.User, 1)
        assert session.scalars(select(m.User).where(m.User.name == "ann")).one() is ann
        assert inspect(ann).identity_key in session.identity_map
        assert session.identity_map[session.identity_key(instance=ann)] is ann
        assert len(session.identity_map) == 1
        del ann  # and it is gone at once: nothing refers to it, not even in a cycle
        assert len(session.identity_map) == 0
        changed = session.get(m.User, 2)
        changed.name = "changed"
        del changed
        assert len(session.identity_map) == 1  # what has unflushed changes is kept
        session.commit()
        assert session.scalar(select(m.User.name).where(m.User.id == 2)) == "changed"


@pytest.mark.feature("H013")
def test_execute_scalars_scalar(engine: Any) -> None:
    m = Model(engine)
    m.fill(engine)
    User = m.User
    with Session(engine) as session:
        rows = session.execute(select(User, User.name).order_by(User.id)).all()
        assert [(type(u).__name__, n) for u, n in rows] == [("User", "ann"), ("User", "bob"), ("User", "cat")]
        assert rows[0]._fields == ("User", "name")
        assert session.scalars(select(User.age).order_by(User.id)).all() == [30, 40, 50]
        assert session.scalar(select(User.name).where(User.id == 2)) == "bob"
        assert session.scalar(text("select name from users where id = :key"), {"key": 3}) == "cat"
        core = session.execute(select(User.__table__.c.name).order_by(User.__table__.c.id)).scalars().all()
        assert core == ["ann", "bob", "cat"]
        result = session.execute(update(User.__table__).values(age=1))
        assert result.rowcount == 3
        seen: list[Any] = []

        @event.listens_for(session, "do_orm_execute")
        def note(state: Any) -> None:
            seen.append((state.is_select, state.execution_options.get("mine")))

        session.scalars(select(User), execution_options={"mine": 7}, bind_arguments={"mapper": User}).all()
        assert seen == [(True, 7)]


@pytest.mark.feature("H014")
def test_refresh_and_expire(engine: Any, sql_log: Any) -> None:
    m = Model(engine)
    m.fill(engine)
    with Session(engine) as session:
        ann = session.get_one(m.User, 1)
        session.execute(text("update users set name = 'anna', age = 99 where id = 1"))
        assert ann.name == "ann"
        session.refresh(ann, ["name"])
        assert (ann.name, ann.age) == ("anna", 30)
        session.expire(ann, ["age"])
        assert ann.age == 99
        ann.name = "unsaved"
        session.expire(ann)
        assert ann.name == "anna"
        log = sql_log(engine)
        session.refresh(ann, with_for_update=True)
        assert ("FOR UPDATE" in log.texts()[-1]) is (engine.dialect.name != "sqlite")
        session.expire_all()
        assert inspect(ann).expired
        session.execute(text("delete from addresses"))
        session.execute(text("delete from users where id = 1"))
        with pytest.raises(ObjectDeletedError):
            ann.name
        with pytest.raises(exc.InvalidRequestError):
            session.refresh(m.User())
    with pytest.raises(DetachedInstanceError):
        ann.name


# Bulk ------------------------------------------------------------------------------------------------


@pytest.mark.feature("H018")
def test_bulk_insert(engine: Any) -> None:
    m = Model(engine)
    User = m.User
    with Session(engine) as session:
        session.execute(insert(User), [{"name": "a", "age": 1}, {"name": "b", "age": 2}])
        if engine.dialect.insert_executemany_returning:
            made = session.scalars(
                insert(User).returning(User, sort_by_parameter_order=True), [{"name": "c"}, {"name": "d"}]
            ).all()
            assert [(type(u), u.name) for u in made] == [(User, "c"), (User, "d")]
            assert all(u in session for u in made)
        else:
            session.execute(insert(User), [{"name": "c"}, {"name": "d"}])
        # Rows of several shapes; a NULL is written only where asked for.
        session.execute(insert(User), [{"name": "e", "age": None}, {"name": "f"}])
        session.execute(insert(User).execution_options(render_nulls=True), [{"name": "g", "age": None}])
        session.execute(insert(User).values([{"name": "h"}]).execution_options(dml_strategy="raw"))
        session.commit()
        assert session.scalars(select(User.name).order_by(User.name)).all() == list("abcdefgh")


@pytest.mark.feature("H020")
def test_update_and_delete_keep_the_session_in_step(engine: Any) -> None:
    m = Model(engine)
    m.fill(engine)
    User = m.User
    for mode in ("auto", "fetch", "evaluate"):
        with Session(engine) as session:
            users = session.scalars(select(User).order_by(User.id)).all()
            statement = update(User).where(User.age > 35).values(name="old", age=User.age + 1)
            session.execute(statement, execution_options={"synchronize_session": mode})
            assert [u.name for u in users] == ["ann", "old", "old"]
            assert [u.age for u in users] == [30, 41, 51]
            session.execute(delete(m.Address))
            session.execute(delete(User).where(User.age == 41).execution_options(synchronize_session=mode))
            assert users[1] not in session and users[0] in session
            session.rollback()
    with Session(engine) as session:
        users = session.scalars(select(User).order_by(User.id)).all()
        session.execute(update(User).values(name="x").execution_options(synchronize_session=False))
        assert users[0].name == "ann"
        session.refresh(users[0])
        assert users[0].name == "x"


# Failures --------------------------------------------------------------------------------------------


@pytest.mark.feature("H030")
def test_failed_flush_wants_rollback(engine: Any) -> None:
    m = Model(engine)
    m.fill(engine)
    with Session(engine) as session:
        session.add(m.User(id=1, name="again"))
        with pytest.raises(exc.IntegrityError) as original:
            session.flush()
        with pytest.raises(exc.PendingRollbackError) as pending:
            session.scalar(select(m.User.name))
        text = str(pending.value)
        assert (
            "This Session's transaction has been rolled back due to a previous exception during flush" in text
        )
        assert "Original exception was:" in text
        assert str(original.value.orig) in text
        session.rollback()
        assert session.scalar(select(m.User.name).where(m.User.id == 1)) == "ann"


def test_row_that_vanished_is_stale(engine: Any) -> None:
    m = Model(engine)
    m.fill(engine)
    with Session(engine) as session:
        ann = session.get_one(m.User, 1)
        session.execute(text("delete from addresses"))
        session.execute(text("delete from users where id = 1"))
        ann.name = "gone"
        with pytest.raises(StaleDataError, match="expected to update 1 row"):
            session.flush()


def test_merge(engine: Any, model: Model) -> None:
    m = model
    with Session(engine) as session:
        merged = session.merge(m.User(id=1, name="merged"))
        assert merged is session.get(m.User, 1) and merged.age == 30
        new = session.merge(m.User(id=9, name="nine"))
        assert new in session.new
        session.commit()
        unloaded = session.merge(m.User(id=2, name="bob"), load=True)
        assert not session.is_modified(unloaded)
    assert merged.__class__ is m.User
    with Session(engine) as session:
        # nobody keeps what it gives: the flush does, until it has written it
        session.merge(m.User(id=2, name="dropped"))
        session.flush()
        assert session.scalar(select(m.User.name).where(m.User.id == 2)) == "dropped"
