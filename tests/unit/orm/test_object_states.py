"""What inspect() says about one object, without a database."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, String, event, exc
from relvar.inspection import inspect
from relvar.orm import (
    NO_VALUE,
    attributes,
    class_mapper,
    declarative_base,
    object_mapper,
    reconstructor,
    relationship,
    validates,
)
from relvar.orm import exc as orm_exc
from relvar.orm.attributes import History, flag_modified, get_history

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    kids = relationship("Kid", back_populates="user")

    @reconstructor
    def wake(self) -> None:
        self.awake = True

    @validates("name")
    def check(self, key: str, value: str) -> str:
        if value == "bad":
            raise ValueError(f"{key} is bad")
        return value.strip() if value else value


class Kid(Base):
    __tablename__ = "kids"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))
    user = relationship(User, back_populates="kids")


def loaded(**values: Any) -> User:
    user = User(**values)
    inspect(user).pk = 1
    inspect(user).commit_all()
    return user


def test_a_new_object() -> None:
    user = User(name=" x ")
    state = inspect(user)
    assert state.transient and not (state.pending or state.persistent or state.deleted or state.detached)
    assert state.session is None and state.identity is None and state.identity_key is None
    assert not state.has_identity and not state.was_deleted and state.modified
    assert state.object is user and state.obj() is user and state.class_ is User
    assert state.mapper is inspect(User) is class_mapper(User) is object_mapper(user)
    assert set(state.unloaded) == {"id", "kids"} and user.name == "x"
    assert state.attrs.keys() == ["kids", "id", "name"]
    assert state.attrs.name.value == "x" and state.attrs.id.loaded_value is NO_VALUE
    assert state.attrs.name.history == History(["x"], (), ())
    assert state.dict is user.__dict__
    assert state.info == {} and state.parents == {} and state.callables == {}
    with pytest.raises(AttributeError):
        state.attrs.nothing  # reading is the test


def test_an_object_with_a_row() -> None:
    user = loaded(id=1, name="x")
    state = inspect(user)
    assert state.detached and state.identity == (1,) and state.key == (User, (1,), None)
    assert state.unmodified == {"id", "name", "kids"} and not state.modified
    user.name = "y"
    assert state.modified and state.committed_state == {"name": "x"}
    assert state.unmodified_intersection(["id", "name"]) == {"id"}
    assert get_history(user, "name") == History(["y"], (), ["x"])
    user.name = "x"
    assert get_history(user, "name") == History((), ["x"], ())
    state.expire(["name"])
    assert state.expired_attributes == {"name"} and "name" in state.unloaded and not state.expired
    state.expire()
    assert state.expired and state.expired_attributes == {"id", "kids", "name"}
    state.key = (User, (2,), "east")
    assert state.identity == (2,) and state.identity_token == "east"
    state.key = None
    assert state.transient


def test_history_helpers() -> None:
    history = History([1], [2], [3])
    assert history.sum() == [1, 2, 3] and history.non_deleted() == [1, 2] and history.non_added() == [2, 3]
    assert history.has_changes() and not history.empty() and bool(history)
    assert History((), (), ()).empty() and not History((), (), ())
    kid = Kid()
    assert History([kid], (), ()).as_state() == History([inspect(kid)], [], [])


def test_objects_and_collections_have_history() -> None:
    user, other = loaded(id=1), loaded(id=2)
    kid = Kid()
    inspect(kid).pk = 5
    attributes.set_committed_value(kid, "user", user)
    attributes.set_committed_value(user, "kids", [kid])
    kid.user = other
    assert get_history(kid, "user") == History([other], (), [user])
    assert get_history(user, "kids") == History([], [], [kid])
    user.kids = [kid, new := Kid()]
    assert get_history(user, "kids") == History([new], [kid], [])
    assert inspect(kid).get_history("user", attributes.PASSIVE_NO_INITIALIZE) == History((), [user], ())


def test_validators() -> None:
    user = User()
    with pytest.raises(ValueError, match="name is bad"):
        user.name = "bad"
    with pytest.raises(ValueError, match="name is bad"):
        User(name="bad")
    assert user.name is None


def test_changing_attributes_from_outside() -> None:
    user = loaded(id=1, name="x")
    attributes.set_attribute(user, "name", "y")
    assert attributes.get_attribute(user, "name") == "y"
    attributes.del_attribute(user, "name")
    assert get_history(user, "name") == History((), (), ["x"]) and user.name is None
    user = loaded(id=1, name="x")
    flag_modified(user, "name")
    assert inspect(user).modified and get_history(user, "name") == History(["x"], (), ())
    with pytest.raises(exc.InvalidRequestError, match="Can't flag attribute 'kids' modified"):
        flag_modified(user, "kids")
    user = loaded(id=1)
    attributes.flag_dirty(user)
    assert inspect(user).modified and not inspect(user).committed_state
    with pytest.raises(AttributeError, match="User.name object does not have a value"):
        del User().name


def test_foreign_objects() -> None:
    with pytest.raises(exc.NoInspectionAvailable):
        inspect(object())
    with pytest.raises(orm_exc.UnmappedInstanceError, match=r"Class 'builtins.int' is not mapped"):
        object_mapper(5)
    with pytest.raises(orm_exc.UnmappedClassError, match=r"Class 'builtins.int' is not mapped"):
        class_mapper(int)
    with pytest.raises(exc.ArgumentError, match="Class object expected, got '5'"):
        class_mapper(5)
    with pytest.raises(orm_exc.UnmappedInstanceError):
        get_history(5, "name")
    assert "was a class (tests" in str(orm_exc.UnmappedInstanceError(type("X", (), {"__module__": "tests"})))


def test_events_of_objects_and_attributes() -> None:
    Own = declarative_base()

    class Thing(Own):
        __tablename__ = "things"
        id = Column(Integer, primary_key=True)
        name = Column(String(20))

    seen: list[Any] = []

    @event.listens_for(Thing, "init")
    def _init(target: Any, args: Any, kwargs: Any) -> None:
        kwargs["id"] = 7

    @event.listens_for(Thing, "init_failure")
    def _failure(target: Any, args: Any, kwargs: Any) -> None:
        seen.append("failure")

    @event.listens_for(Thing.name, "set", named=True, raw=True)
    def _set(**kw: Any) -> None:
        seen.append((kw["target"].class_, kw["value"], kw["oldvalue"], kw["initiator"].key))

    @event.listens_for(Thing.name, "init_scalar", retval=True)
    def _scalar(target: Any, value: Any, dict_: Any) -> str:
        return "default"

    @event.listens_for(Thing.name, "modified")
    def _modified(target: Any, initiator: Any) -> None:
        seen.append("modified")

    thing = Thing(name="x")
    assert thing.id == 7 and Thing().name == "default"
    assert seen == [(Thing, "x", NO_VALUE, "name")]
    with pytest.raises(TypeError):
        Thing(nothing=1)
    flag_modified(thing, "name")
    assert seen[1:] == ["failure", "modified"]
    assert event.contains(Thing.name, "set", _set)
    event.remove(Thing.name, "set", _set)
    thing.name = "y"
    assert len(seen) == 3


def test_events_reach_subclasses_when_they_propagate() -> None:
    Own = declarative_base()
    seen: list[str] = []

    class Mixin:
        pass

    event.listen(Mixin, "init", lambda target, args, kwargs: seen.append("mixin"), propagate=True)

    class Thing(Mixin, Own):
        __tablename__ = "things"
        id = Column(Integer, primary_key=True)
        kind = Column(String(5))
        __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "t"}

    event.listen(Thing.id, "set", lambda t, v, o, i: seen.append(f"set {type(t).__name__}"), propagate=True)
    event.listen(Thing, "init", lambda target, args, kwargs: seen.append("thing"))

    class Sub(Thing):
        __mapper_args__ = {"polymorphic_identity": "s"}

    assert Sub(id=1).kind == "s"
    assert seen == ["mixin", "set Sub"]
    del seen[:]
    Thing()
    assert seen == ["mixin", "thing"]
