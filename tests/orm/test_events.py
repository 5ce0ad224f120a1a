"""
What sessions, mappers, instances and attributes tell their listeners, and how listeners change it.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, String, bindparam, create_engine, event, exc, inspect, select
from relvar import delete as sql_delete
from relvar import update as sql_update
from relvar.orm import (
    Mapper,
    Session,
    attributes,
    configure_mappers,
    declarative_base,
    relationship,
    sessionmaker,
    with_loader_criteria,
)
from relvar.orm.exc import ObjectDeletedError

Base: Any = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String(30))
    kind = Column(String(10), default="user")
    addresses = relationship("Address", back_populates="user", cascade="all, delete-orphan")
    __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "user"}


class Admin(User):
    __mapper_args__ = {"polymorphic_identity": "admin"}


class Address(Base):
    __tablename__ = "addresses"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))
    email = Column(String(30))
    user = relationship("User", back_populates="addresses")


class Tag(Base):
    __tablename__ = "tags"
    name = Column(String(20), primary_key=True)
    value = Column(Integer)


configure_mappers()


@pytest.fixture
def story() -> list[Any]:
    return []


@pytest.fixture
def listen() -> Iterator[Any]:
    """A function that listens until the end of the test; also a decorator."""
    listening: list[tuple[Any, str, Any]] = []

    def listen(target: Any, name: str, function: Any = None, **options: Any) -> Any:
        if function is None:
            return lambda function: listen(target, name, function, **options)
        event.listen(target, name, function, **options)
        listening.append((target, name, function))
        return function

    yield listen
    for target, name, function in listening:
        if event.contains(target, name, function):
            event.remove(target, name, function)


@pytest.fixture
def session() -> Iterator[Any]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


# Modifiers -------------------------------------------------------------------------------------------


@pytest.mark.feature("L001")
def test_raw_gives_states(session: Any, story: list[Any], listen: Any) -> None:
    listen(User, "load", lambda target, context: story.append(target), raw=True)
    listen(User, "before_insert", lambda mapper, connection, target: story.append(target), raw=True)
    listen(User.name, "set", lambda target, value, old, initiator: story.append(target), raw=True)
    user = User(name="a")
    session.add(user)
    session.commit()
    session.expunge(user)
    loaded = session.get(User, 1)
    assert story == [inspect(user), inspect(user), inspect(loaded)]


@pytest.mark.feature("L001")
def test_active_history_loads_the_old_value(session: Any, story: list[Any], listen: Any) -> None:
    session.add(Tag(name="a", value=1))
    session.commit()
    tag = session.get(Tag, "a")

    def note(target: Any, value: Any, old: Any, initiator: Any) -> None:
        story.append((value, old))

    listen(Tag.value, "set", note)
    session.expire(tag)
    tag.value = 2
    assert story[0][0] == 2 and story[0][1] is attributes.NO_VALUE
    session.commit()
    event.remove(Tag.value, "set", note)
    listen(Tag.value, "set", note, active_history=True)
    session.expire(tag)
    tag.value = 3
    assert story[1:] == [(3, 2)]
    assert inspect(tag).attrs.value.history == ([3], (), [2])


@pytest.mark.feature("L001")
def test_returned_values_replace(session: Any, listen: Any) -> None:
    listen(User.name, "set", lambda target, value, old, initiator: value.strip(), retval=True)

    @listen(User.addresses, "append", retval=True)
    def lower(target: Any, value: Any, initiator: Any) -> Any:
        value.email = value.email.lower()
        return value

    user = User(name="  ann ", addresses=[Address(email="A@B")])
    assert user.name == "ann" and user.addresses[0].email == "a@b"


@pytest.mark.feature("L001")
def test_propagation_to_subclasses(story: list[Any], listen: Any) -> None:
    def init(target: Any, args: Any, kwargs: Any) -> None:
        story.append((type(target).__name__, kwargs))

    listen(User, "init", init)
    Admin()
    User(name="u")
    assert story == [("User", {"name": "u"})]
    event.remove(User, "init", init)
    listen(User, "init", init, propagate=True)
    Admin(name="x")
    assert story[1:] == [("Admin", {"name": "x"})]

    listen(User.name, "set", lambda t, v, o, i: story.append(v), propagate=True)
    Admin(name="propagated")
    assert story[-1] == "propagated"


@pytest.mark.feature("L001")
def test_keys_of_collections(story: list[Any], listen: Any) -> None:
    @listen(User.addresses, "append", include_key=True)
    def append(target: Any, value: Any, initiator: Any, key: Any) -> None:
        story.append((value.email, key))

    user = User()
    user.addresses.append(Address(email="a"))
    assert [name for name, _ in story] == ["a"]
    assert story[0][1] is not None


@pytest.mark.feature("L001")
def test_load_context_is_restored(session: Any, story: list[Any], listen: Any) -> None:
    session.add(User(name="a", addresses=[Address(email="x"), Address(email="y")]))
    session.commit()

    @listen(User, "load", restore_load_context=True)
    def load(target: Any, context: Any) -> None:
        story.append([address.email for address in target.addresses])

    session.expunge_all()
    assert session.scalars(select(User)).one().name == "a"
    assert story == [["x", "y"]]


# Targets ---------------------------------------------------------------------------------------------


@pytest.mark.feature("L014")
def test_mappers_classes_and_attributes(session: Any, story: list[Any], listen: Any) -> None:
    def noting(what: str) -> Any:
        return lambda mapper, connection, target: story.append((what, type(target).__name__))

    listen(Mapper, "before_insert", noting("Mapper"))
    listen(User, "before_insert", noting("User"))
    listen(inspect(Admin), "before_insert", noting("mapper of Admin"))
    listen(Tag, "before_insert", noting("Tag"))
    session.add_all([User(), Tag(name="a")])
    session.flush()
    session.add(Admin())
    session.flush()
    assert sorted(story) == [
        *(("Mapper", "Admin"), ("Mapper", "Tag"), ("Mapper", "User")),
        *(("Tag", "Tag"), ("User", "User"), ("mapper of Admin", "Admin")),
    ]
    story.clear()
    listen(User.name, "set", lambda t, v, o, i: story.append(v))
    User(name="heard")
    Address(email="not heard")
    assert story == ["heard"]


@pytest.mark.feature("L014")
def test_listeners_of_a_base_class_reach_later_subclasses(story: list[Any]) -> None:
    base: Any = declarative_base()

    class Named:
        name = Column(String(10))

    @event.listens_for(Named, "init", propagate=True)
    def init(target: Any, args: Any, kwargs: Any) -> None:
        story.append(type(target).__name__)

    @event.listens_for(base, "instrument_class", propagate=True)
    def instrumented(mapper: Any, cls: Any) -> None:
        story.append(f"instrument {cls.__name__}")

    class Thing(Named, base):
        __tablename__ = "thing"
        id = Column(Integer, primary_key=True)

    Thing()
    assert story == ["instrument Thing", "Thing"]


# Sessions --------------------------------------------------------------------------------------------

SESSION_EVENTS = (
    "before_flush after_flush after_flush_postexec before_commit after_commit after_rollback "
    "after_soft_rollback after_begin after_transaction_create after_transaction_end before_attach "
    "after_attach transient_to_pending pending_to_transient pending_to_persistent loaded_as_persistent "
    "persistent_to_transient persistent_to_deleted persistent_to_detached deleted_to_detached "
    "deleted_to_persistent detached_to_persistent"
).split()


def record(session: Any, story: list[Any], names: list[str] = SESSION_EVENTS) -> None:
    for name in names:
        event.listen(session, name, lambda *args, name=name: story.append(name))


@pytest.mark.feature("L006", "H029")
def test_story_of_a_session(session: Any, story: list[Any]) -> None:
    record(session, story)
    tag = Tag(name="a")
    session.add(tag)
    assert story == ["after_transaction_create", "before_attach", "after_attach", "transient_to_pending"] or (
        story == ["before_attach", "after_transaction_create", "after_attach", "transient_to_pending"]
    )
    del story[:]
    session.commit()
    flush = ["before_flush", "after_begin", "after_flush", "pending_to_persistent", "after_flush_postexec"]
    assert [name for name in story if "transaction" not in name] == ["before_commit", *flush, "after_commit"]
    del story[:]
    session.delete(tag)
    session.flush()
    session.rollback()
    assert [name for name in story if "transaction" not in name] == [
        *("before_flush", "after_begin", "after_flush", "persistent_to_deleted", "after_flush_postexec"),
        *("deleted_to_persistent", "after_rollback", "after_soft_rollback"),
    ] or [name for name in story if "transaction" not in name] == [
        *("before_flush", "after_begin", "after_flush", "persistent_to_deleted", "after_flush_postexec"),
        *("after_rollback", "deleted_to_persistent", "after_soft_rollback"),
    ]


def states(story: list[Any]) -> list[Any]:
    found = [name for name in story if "_to_" in name or name.startswith("loaded")]
    del story[:]
    return found


@pytest.mark.feature("L006", "H029")
def test_story_of_object_states(session: Any, story: list[Any]) -> None:
    record(session, story)
    tag = Tag(name="a")
    session.add(tag)
    session.expunge(tag)
    assert states(story) == ["transient_to_pending", "pending_to_transient"]
    session.add(tag)
    session.flush()
    session.rollback()
    assert states(story) == ["transient_to_pending", "pending_to_persistent", "persistent_to_transient"]
    session.add(tag)
    session.commit()
    session.expunge(tag)
    assert states(story) == ["transient_to_pending", "pending_to_persistent", "persistent_to_detached"]
    session.add(tag)
    assert states(story) == ["detached_to_persistent"]
    session.delete(tag)
    session.commit()
    assert states(story) == ["persistent_to_deleted", "deleted_to_detached"]
    session.execute(sql_update(Tag).values(value=1))
    session.add(Tag(name="b"))
    session.commit()
    session.expunge_all()
    del story[:]
    loaded = session.get(Tag, "b")
    assert states(story) == ["loaded_as_persistent"] and loaded.name == "b"


@pytest.mark.feature("L006", "H029")
def test_deleted_objects_that_only_the_session_holds(session: Any, story: list[Any]) -> None:
    """Listeners are given the object, be it a deleted one or an orphan that nobody else knows any more."""
    user = User(name="a", addresses=[Address(email="x")])
    session.add_all([user, Tag(name="t")])
    session.commit()
    for name in ("persistent_to_deleted", "deleted_to_detached"):
        event.listen(session, name, lambda _, instance, name=name: story.append((name, type(instance))))
    user.addresses.clear()
    session.flush()
    session.delete(session.get(Tag, "t"))
    session.flush()
    assert story == [("persistent_to_deleted", Address), ("persistent_to_deleted", Tag)]


@pytest.mark.feature("L006", "H029")
@pytest.mark.parametrize("name", ["before_delete", "after_delete", "after_flush"])
def test_listeners_see_the_values_of_an_expired_object_that_was_deleted(
    session: Any, story: list[Any], listen: Any, name: str, sql_log: Any
) -> None:
    tags = [Tag(name="a", value=1), Tag(name="b", value=2)]
    session.add_all([*tags, User(name="u")])
    session.commit()

    def told(*args: Any) -> None:
        story.extend(
            (tag.name, tag.value) for tag in (session.deleted if name == "after_flush" else args[2:])
        )

    listen(session if name == "after_flush" else Tag, name, told)
    log = sql_log(session.get_bind())
    for tag in tags:
        session.delete(tag)
    session.commit()
    assert sorted(story) == [("a", 1), ("b", 2)]
    reads = [statement for statement, _ in log if statement.startswith("SELECT")]
    # one statement reads all before they go; a listener that comes before that reads what it asks for
    assert len(reads) == (2 if name == "before_delete" else 1)


def test_an_expired_object_whose_row_is_gone_is_not_deleted_in_silence(
    session: Any, story: list[Any], listen: Any
) -> None:
    tags = [Tag(name=name) for name in "abc"]
    session.add_all(tags)
    session.commit()
    listen(Tag, "after_delete", lambda mapper, connection, tag: story.append(tag.name))
    session.connection().execute(Tag.__table__.delete().where(Tag.__table__.c.name == "b"))
    for tag in tags:
        session.delete(tag)
    with pytest.raises(ObjectDeletedError):
        session.flush()
    session.rollback()
    assert story == [] and [tag.name for tag in tags] == ["a", "b", "c"]


def test_a_program_that_makes_objects_itself_tells_the_listeners(story: list[Any], listen: Any) -> None:
    listen(Tag, "init", lambda target, args, kwargs: story.append((target, args, kwargs)))
    manager = inspect(Tag).class_manager
    tag = manager.new_instance()
    manager.dispatch.init(inspect(tag), ("a",), {"b": 1})
    assert story == [(tag, ("a",), {"b": 1})]
    with pytest.raises(AttributeError, match="There is no event 'initiate'; there are first_init, init, "):
        manager.dispatch.initiate


@pytest.mark.feature("L006", "H029")
def test_what_session_events_say(session: Any, story: list[Any]) -> None:
    @event.listens_for(session, "before_flush")
    def before_flush(session: Any, flush_context: Any, instances: Any) -> None:
        story.append(("before", {tag.name for tag in session.new}))
        if any(tag.name == "more" for tag in session.new):
            session.add(Tag(name="added"))

    @event.listens_for(session, "after_flush")
    def after_flush(session: Any, flush_context: Any) -> None:
        story.append(("after", {tag.name for tag in session.new}))

    @event.listens_for(session, "after_flush_postexec")
    def after_all(session: Any, flush_context: Any) -> None:
        story.append(("postexec", set(session.new)))

    @event.listens_for(session, "after_attach")
    def attached(session: Any, instance: Any) -> None:
        story.append(("attached", instance.name))

    @event.listens_for(session, "after_begin")
    def begun(session: Any, transaction: Any, connection: Any) -> None:
        story.append(("begin", transaction is session.get_transaction(), connection.closed))

    @event.listens_for(session, "after_soft_rollback")
    def rolled_back(session: Any, previous_transaction: Any) -> None:
        story.append(("soft rollback", session.is_active))

    session.add(Tag(name="more"))
    session.flush()
    session.rollback()
    assert story == [
        ("attached", "more"),
        ("before", {"more"}),
        ("attached", "added"),
        ("begin", True, False),
        ("after", {"more", "added"}),
        ("postexec", set()),
        ("soft rollback", True),
    ]


@pytest.mark.feature("L006", "H029")
def test_transactions_are_told(session: Any, story: list[Any]) -> None:
    for name in ("after_transaction_create", "after_transaction_end"):

        def note(session: Any, transaction: Any, name: str = name) -> None:
            story.append((name[18:], transaction.nested, transaction.parent is not None))

        event.listen(session, name, note)
    session.execute(select(1))
    with session.begin_nested():
        pass
    session.commit()
    assert story == [
        ("create", False, False),
        ("create", True, True),
        ("end", True, True),
        ("end", False, False),
    ] or story == [
        ("create", False, False),
        ("create", True, True),
        ("end", True, True),
        ("end", False, False),
        ("create", False, False),
    ]


@pytest.mark.feature("L006", "H029")
def test_bulk_changes_are_told(session: Any, story: list[Any]) -> None:
    for name in ("after_bulk_update", "after_bulk_delete"):

        def note(context: Any, name: str = name) -> None:
            assert context.session is session and context.mapper is inspect(Tag)
            story.append((name, context.result.rowcount))

        event.listen(session, name, note)
    session.add_all([Tag(name="a"), Tag(name="b")])
    session.flush()
    session.query(Tag).update({"value": 6})
    session.query(Tag).filter(Tag.name == "a").delete()
    # Statements given to execute() are told to do_orm_execute, not as bulk changes.
    session.execute(sql_update(Tag).values(value=5))
    session.execute(sql_delete(Tag))
    assert story == [("after_bulk_update", 2), ("after_bulk_delete", 1)]


@pytest.mark.feature("L006", "H029")
def test_executions_can_be_watched(session: Any, story: list[Any]) -> None:
    session.add(User(name="a", addresses=[Address(email="x")]))
    session.commit()

    @event.listens_for(session, "do_orm_execute")
    def note(state: Any) -> None:
        kind = [
            name
            for name in ("select", "insert", "update", "delete", "column_load", "relationship_load")
            if getattr(state, f"is_{name}")
        ]
        mapper = state.bind_mapper
        story.append((kind, state.is_orm_statement, mapper and mapper.class_.__name__))

    session.scalars(select(User)).one()
    session.execute(select(1))
    session.execute(sql_update(User).values(name="b"))
    session.execute(sql_delete(Address))
    assert story == [
        (["select"], True, "User"),
        (["select"], False, None),
        (["update"], True, "User"),
        (["delete"], True, "Address"),
    ]


def test_executions_can_be_changed(session: Any, story: list[Any]) -> None:
    session.add_all([User(name=name, addresses=[Address(email=name + "@x")]) for name in "abc"])
    session.commit()

    @event.listens_for(session, "do_orm_execute")
    def change(state: Any) -> Any:
        if state.execution_options.get("twice"):
            story.append("twice")
            first = state.invoke_statement(execution_options={"twice": False}).freeze()
            assert [row[0].name for row in first().all()] == ["a", "b", "c"]
            return first()
        if state.execution_options.get("only"):
            state.statement = state.statement.where(User.name == state.execution_options["only"])
        if state.parameters and "late" in state.parameters:
            return state.invoke_statement(params={"late": "c"})
        if state.is_select and not state.is_column_load and not state.is_relationship_load:
            state.statement = state.statement.options(
                with_loader_criteria(Address, Address.email != "b@x", include_aliases=True)
            )
            state.update_execution_options(seen=True)
        return None

    ordered = select(User).order_by(User.name)
    assert [u.name for u in session.scalars(ordered, execution_options={"only": "b"})] == ["b"]
    assert [u.name for u in session.scalars(ordered, execution_options={"twice": True})] == ["a", "b", "c"]
    late = ordered.where(User.name == bindparam("late"))
    assert [u.name for u in session.scalars(late, {"late": "a"})] == ["c"]
    session.expire_all()
    users = session.scalars(ordered).all()
    assert [len(user.addresses) for user in users] == [1, 0, 1]
    assert story == ["twice"]


def test_facts_of_an_execution(session: Any, story: list[Any]) -> None:
    session.add(User(name="a", addresses=[Address(email="x")]))
    session.commit()

    @event.listens_for(session, "do_orm_execute")
    def note(state: Any) -> None:
        story.append(state)

    user = session.scalars(select(User).execution_options(mine=1), execution_options={"more": 2}).one()
    state = story.pop()
    assert state.session is session and state.local_execution_options["more"] == 2
    assert state.execution_options["mine"] == 1 and state.bind_arguments["mapper"] is inspect(User)
    assert list(state.all_mappers) == [inspect(User)] and list(state.user_defined_options) == []
    assert state.lazy_loaded_from is None and not state.is_executemany and state.is_from_statement is False
    assert user.name == "a"


# Mappers ---------------------------------------------------------------------------------------------


@pytest.mark.feature("L008")
def test_story_of_rows(session: Any, story: list[Any], listen: Any) -> None:
    for name in (
        *("before_insert", "after_insert", "before_update", "after_update", "before_delete", "after_delete"),
    ):

        def note(mapper: Any, connection: Any, target: Any, name: str = name) -> None:
            assert mapper is inspect(Tag) and connection.in_transaction()
            story.append((name, target.name, target.value))

        listen(Tag, name, note)

    @listen(Tag, "before_insert")
    def fill(mapper: Any, connection: Any, target: Any) -> None:
        if target.value is None:
            target.value = 42

    @listen(Tag, "after_update")
    def sql(mapper: Any, connection: Any, target: Any) -> None:
        connection.execute(Tag.__table__.insert().values(name=f"log{target.value}"))

    tag = Tag(name="a")
    session.add(tag)
    session.flush()
    assert tag.value == 42
    tag.value = 43
    session.flush()
    session.delete(tag)
    session.flush()
    assert story == [
        *(("before_insert", "a", None), ("after_insert", "a", 42)),
        *(("before_update", "a", 43), ("after_update", "a", 43)),
        *(("before_delete", "a", 43), ("after_delete", "a", 43)),
    ]
    assert session.scalars(select(Tag.name)).all() == ["log43"]


@pytest.mark.feature("L008")
def test_story_of_mapping(story: list[Any], listen: Any) -> None:
    configure_mappers()
    base: Any = declarative_base()
    listen(Mapper, "before_configured", lambda: story.append("before_configured"))
    listen(Mapper, "after_configured", lambda: story.append("after_configured"))
    listen(Mapper, "instrument_class", lambda mapper, cls: story.append(("instrument", cls.__name__)))
    listen(Mapper, "after_mapper_constructed", lambda m, c: story.append(("constructed", c.__name__)))
    listen(Mapper, "before_mapper_configured", lambda m, c: story.append(("before", c.__name__)))
    listen(Mapper, "mapper_configured", lambda m, c: story.append(("configured", c.__name__)))

    class Thing(base):
        __tablename__ = "thing"
        id = Column(Integer, primary_key=True)

    assert story == [("instrument", "Thing"), ("constructed", "Thing")]
    del story[:]
    configure_mappers()
    assert story == ["before_configured", ("before", "Thing"), ("configured", "Thing"), "after_configured"]
    del story[:]
    configure_mappers()
    assert story == []


# Instances -------------------------------------------------------------------------------------------


@pytest.mark.feature("L009")
def test_story_of_instances(session: Any, story: list[Any], listen: Any) -> None:
    listen(Tag, "init", lambda target, args, kwargs: story.append(("init", args, dict(kwargs))))
    listen(Tag, "init_failure", lambda target, args, kwargs: story.append(("failure", dict(kwargs))))
    listen(Tag, "load", lambda target, context: story.append(("load", target.name)))
    listen(Tag, "refresh", lambda target, context, attrs: story.append(("refresh", attrs and set(attrs))))
    listen(Tag, "expire", lambda target, attrs: story.append(("expire", attrs and set(attrs))))
    listen(Tag, "pickle", lambda target, state: story.append(("pickle", type(state).__name__)))
    listen(Tag, "unpickle", lambda target, state: story.append(("unpickle", type(state).__name__)))
    tag = Tag(name="a")
    with pytest.raises(TypeError):
        Tag(nothing=1)
    assert story == [("init", (), {"name": "a"}), ("init", (), {"nothing": 1}), ("failure", {"nothing": 1})]
    session.add(tag)
    session.commit()
    del story[:]
    session.expire(tag, ["value"])
    assert tag.value is None
    session.expire(tag)
    session.refresh(tag)
    assert story[0] == ("expire", {"value"}) and ("expire", None) in story
    assert [entry for entry in story if entry[0] == "refresh"] == [
        *(("refresh", {"name", "value"}), ("refresh", None))
    ]
    session.expunge_all()
    del story[:]
    loaded = session.get(Tag, "a")
    assert story == [("load", "a")]
    del story[:]
    pickle.loads(pickle.dumps(loaded))
    assert story == [("pickle", "dict"), ("unpickle", "dict")]


@pytest.mark.feature("L009")
def test_values_of_the_server_are_told(session: Any, story: list[Any], listen: Any) -> None:
    @listen(User, "refresh_flush")
    def note(target: Any, flush_context: Any, attrs: Any) -> None:
        story.append((target.id, set(attrs)))

    session.add(User(name="a"))
    session.flush()
    assert story == [(1, {"kind"})]
    counted: Any = declarative_base()

    class Versioned(counted):
        __tablename__ = "versioned"
        id = Column(Integer, primary_key=True)
        version = Column(Integer, nullable=False)
        x = Column(Integer)
        __mapper_args__ = {"version_id_col": version}

    counted.metadata.create_all(session.connection())
    event.listen(Versioned, "refresh_flush", note)
    session.add(thing := Versioned(x=1))
    session.flush()
    thing.x = 2
    session.flush()
    assert story[1:] == [(1, {"version"})] * 2


# Attributes ------------------------------------------------------------------------------------------


@pytest.mark.feature("L010")
def test_story_of_values(story: list[Any], listen: Any) -> None:
    def changed(target: Any, value: Any, old: Any, initiator: Any) -> None:
        story.append(("set", value, old, initiator.key))

    listen(Tag.value, "set", changed)
    listen(Tag.value, "remove", lambda t, value, initiator: story.append(("remove", value)))
    listen(Tag.value, "modified", lambda t, initiator: story.append(("modified", initiator.key)))
    tag = Tag(value=1)
    tag.value = 2
    attributes.flag_modified(tag, "value")
    del tag.value
    assert story[0][:2] == ("set", 1) and story[1:] == [
        *(("set", 2, 1, "value"), ("modified", "value"), ("remove", 2))
    ]


@pytest.mark.feature("L010")
def test_story_of_collections(session: Any, story: list[Any], listen: Any) -> None:
    for name in ("append", "append_wo_mutation", "remove"):

        def note(target: Any, value: Any, initiator: Any, name: str = name) -> None:
            story.append((name, value.email))

        listen(User.addresses, name, note)

    @listen(User.addresses, "bulk_replace")
    def bulk(target: Any, values: Any, initiator: Any) -> None:
        story.append(("bulk", [value.email for value in values]))

    @listen(User.addresses, "init_collection")
    def begins(target: Any, collection: Any, collection_adapter: Any) -> None:
        story.append(("init", len(collection)))

    @listen(User.addresses, "dispose_collection")
    def ends(target: Any, collection: Any, collection_adapter: Any) -> None:
        story.append(("dispose", [address.email for address in collection]))

    a, b, c = (Address(email=name) for name in "abc")
    user = User()
    user.addresses.append(a)
    user.addresses.append(b)
    user.addresses.remove(a)
    assert story == [("init", 0), ("append", "a"), ("append", "b"), ("remove", "a")]
    del story[:]
    user.addresses = [b, c]
    assert (
        sorted(story, key=str)
        == sorted([("bulk", ["b", "c"]), ("init", 0), ("append", "c"), ("dispose", ["b"])], key=str)
        or ("append_wo_mutation", "b") in story
    )
    del story[:]
    b.user = None
    assert story == [("remove", "b")]


@pytest.mark.feature("L010")
def test_default_values_of_attributes(session: Any, listen: Any) -> None:
    @listen(Tag.value, "init_scalar", retval=True)
    def default(target: Any, value: Any, dict_: Any) -> Any:
        dict_["value"] = 5
        return 5

    tag = Tag(name="a")
    assert tag.value == 5
    session.add(tag)
    session.commit()
    assert session.scalar(select(Tag.value)) == 5


@pytest.mark.feature("L010")
def test_a_listener_can_refuse_a_value(listen: Any) -> None:
    @listen(Tag.value, "set")
    def positive(target: Any, value: Any, old: Any, initiator: Any) -> None:
        if value is not None and value < 0:
            raise ValueError("negative")

    tag = Tag(value=1)
    with pytest.raises(ValueError, match="negative"):
        tag.value = -1
    assert tag.value == 1
    with pytest.raises(exc.InvalidRequestError, match="No such event"):
        event.listen(Tag.value, "nothing", positive)


@pytest.mark.feature("L006", "H029")
def test_listeners_of_a_maker(story: list[Any]) -> None:
    engine = create_engine("sqlite://")
    maker = sessionmaker(engine)
    event.listen(maker, "after_begin", lambda *args: story.append("begin"))
    with maker() as one, maker() as two:
        one.execute(select(1))
        two.execute(select(1))
    with Session(engine) as other:
        other.execute(select(1))
    assert story == ["begin", "begin"]
