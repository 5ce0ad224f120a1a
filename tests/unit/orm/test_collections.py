"""Collection classes of the user's, and what collections tell."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, String, event, exc
from relvar.inspection import inspect
from relvar.orm import (
    KeyFuncDict,
    attribute_keyed_dict,
    column_keyed_dict,
    declarative_base,
    keyfunc_mapping,
    make_transient_to_detached,
    relationship,
)
from relvar.orm.attributes import init_collection, set_committed_value
from relvar.orm.collections import InstrumentedList, InstrumentedSet, collection, collection_adapter


def model(collection_class: Any, **more: Any) -> tuple[Any, Any]:
    Base = declarative_base()

    class Parent(Base):
        __tablename__ = "parents"
        id = Column(Integer, primary_key=True)
        kids = relationship("Kid", collection_class=collection_class, **more)

    class Kid(Base):
        __tablename__ = "kids"
        id = Column(Integer, primary_key=True)
        name = Column(String(10))
        parent_id = Column(ForeignKey("parents.id"))

    try:
        Base.registry.configure()
    except BaseException:
        Base.registry.dispose()
        raise
    return Parent, Kid


class Box:
    """Knows nothing of lists; names its roles."""

    def __init__(self) -> None:
        self.inside: list[Any] = []

    @collection.appender
    def put(self, item: Any) -> None:
        self.inside.append(item)

    @collection.remover
    def take(self, item: Any) -> None:
        self.inside.remove(item)

    @collection.iterator
    def all(self) -> Iterator[Any]:
        return iter(self.inside)

    @collection.adds(1)
    def put_first(self, item: Any) -> None:
        self.inside.insert(0, item)

    @collection.removes_return()
    def take_last(self) -> Any:
        return self.inside.pop()

    @collection.replaces(2)
    def exchange(self, at: int, item: Any) -> Any:
        old, self.inside[at] = self.inside[at], item
        return old

    @collection.removes(1)
    def drop(self, item: Any) -> None:
        self.inside.remove(item)


def events_of(attribute: Any) -> list[tuple[str, Any]]:
    seen: list[tuple[str, Any]] = []
    event.listen(attribute, "append", lambda target, value, initiator: seen.append(("append", value)))
    event.listen(attribute, "remove", lambda target, value, initiator: seen.append(("remove", value)))
    return seen


def test_a_class_names_its_roles() -> None:
    Parent, Kid = model(Box)
    seen = events_of(Parent.kids)
    parent, a, b = Parent(), Kid(), Kid()
    parent.kids.put(a)
    parent.kids.put_first(b)
    assert parent.kids.exchange(0, c := Kid()) is b
    parent.kids.drop(a)
    assert parent.kids.take_last() is c
    parent.kids.put(item=b)
    parent.kids.take(b)
    assert seen == [
        ("append", a),
        ("append", b),
        ("append", c),
        ("remove", b),
        ("remove", a),
        ("remove", c),
        ("append", b),
        ("remove", b),
    ]
    box = Box()
    box.put(a)
    parent.kids = box
    assert parent.kids.inside == [a] and parent.kids is not box


def test_a_class_without_roles_is_refused() -> None:
    class Nothing:
        pass

    with pytest.raises(exc.ArgumentError, match="must elect an appender method to be a collection class"):
        model(Nothing)


def test_subclasses_of_builtins_and_factories() -> None:
    class Loud(list):  # type: ignore[type-arg]  # a plain subclass, as a program has it
        def append(self, item: Any) -> None:
            super().append(item)
            self.last = item

    Parent, Kid = model(Loud)
    parent, kid = Parent(), Kid()
    seen = events_of(Parent.kids)
    parent.kids.append(kid)
    assert parent.kids.last is kid and seen == [("append", kid)]
    Parent, Kid = model(list)
    assert type(Parent().kids) is InstrumentedList
    Parent, Kid = model(set)
    assert type(Parent().kids) is InstrumentedSet


def test_dictionaries_by_function_and_column() -> None:
    Parent, Kid = model(keyfunc_mapping(lambda kid: kid.name.upper()))
    parent = Parent()
    parent.kids.set(kid := Kid(name="a"))
    assert parent.kids == {"A": kid}
    assert isinstance(parent.kids, KeyFuncDict)
    Base = declarative_base()

    class Owner(Base):
        __tablename__ = "owners"
        id = Column(Integer, primary_key=True)

    class Item(Base):
        __tablename__ = "items"
        id = Column(Integer, primary_key=True)
        code = Column(Integer)
        owner_id = Column(ForeignKey("owners.id"))

    Owner.items = relationship(Item, collection_class=column_keyed_dict(Item.__table__.c.code))
    owner = Owner()
    owner.items.set(item := Item(code=4))
    assert owner.items == {4: item}


def test_an_empty_collection_is_not_stored_before_it_is_used() -> None:
    Parent, Kid = model(list)
    parent = Parent()
    kids = parent.kids
    assert parent.kids is kids == [] and "kids" not in inspect(parent).dict
    kids.append(Kid())
    assert inspect(parent).dict["kids"] is kids


def test_loaded_members_tell_nobody() -> None:
    Parent, Kid = model(list)
    seen = events_of(Parent.kids)
    parent = Parent()
    set_committed_value(parent, "kids", [a := Kid()])
    adapter = init_collection(other := Parent(), "kids")
    adapter.append_without_event(a)
    assert parent.kids == other.kids == [a] and seen == []
    assert collection_adapter(parent.kids).owner_state is inspect(parent)
    assert list(adapter) == [a] and len(adapter) == 1 and bool(adapter)
    adapter.append_with_event(b := Kid())
    adapter.remove_with_event(b)
    adapter.clear_without_event()
    adapter.append_multiple_without_event([a, b])
    adapter.clear_with_event()
    assert seen == [("append", b), ("remove", b), ("remove", a), ("remove", b)]


def test_a_replaced_collection_is_a_plain_one_again() -> None:
    Parent, Kid = model(list)
    parent = Parent(kids=[Kid()])
    old = parent.kids
    heard = []
    event.listen(Parent.kids, "append", lambda target, value, initiator: heard.append(value))
    parent.kids = []
    old.append(Kid())
    assert (len(old), parent.kids, heard) == (2, [], [])


def test_a_collection_that_the_attribute_no_longer_holds_warns() -> None:
    Parent, Kid = model(list)
    parent = Parent(kids=[Kid()])
    old = parent.kids
    set_committed_value(parent, "kids", [Kid()])
    with pytest.warns(exc.SAWarning, match="This collection has been invalidated"):
        old.append(Kid())


def test_listeners_may_change_what_comes_in() -> None:
    Parent, Kid = model(list)
    other = Kid()
    event.listen(Parent.kids, "append", lambda target, value, initiator: other, retval=True)
    event.listen(Parent.kids, "bulk_replace", lambda target, values, initiator: values.reverse())
    parent = Parent()
    parent.kids.append(Kid())
    assert parent.kids == [other]
    made: list[Any] = []
    event.listen(Parent.kids, "init_collection", lambda target, items, adapter: made.append(items))
    event.listen(Parent.kids, "dispose_collection", lambda target, items, adapter: made.append(items))
    before = parent.kids
    parent.kids = [other]
    assert made == [parent.kids, before]


def test_pickling_collections() -> None:
    assert pickle.loads(pickle.dumps(InstrumentedList([1, 2]))) == [1, 2]
    assert pickle.loads(pickle.dumps(InstrumentedSet([1]))) == {1}


def test_a_class_that_only_behaves_like_a_list() -> None:
    class Pile:
        def __init__(self) -> None:
            self.members: list[Any] = []

        def append(self, item: Any) -> None:
            self.members.append(item)

        def remove(self, item: Any) -> None:
            self.members.remove(item)

        def __iter__(self) -> Iterator[Any]:
            return iter(self.members)

    Parent, Kid = model(Pile)
    parent, kid = Parent(), Kid()
    parent.kids.append(kid)
    assert list(parent.kids) == [kid]
    parent.kids = [Kid()]
    assert type(parent.kids) is Pile and kid not in list(parent.kids)


def test_keys_of_dictionaries_that_are_no_attributes() -> None:
    with pytest.raises(TypeError, match="attribute name must be a string"):
        attribute_keyed_dict(None)  # type: ignore[arg-type]  # on purpose
    with pytest.raises(exc.ArgumentError, match="Column expression expected for argument 'mapping_spec'"):
        column_keyed_dict("kk")


def test_a_member_whose_key_is_none() -> None:
    Parent, Kid = model(attribute_keyed_dict("name"))
    parent = Parent()
    with pytest.warns(
        exc.SAWarning, match="dictionary value for attribute 'Parent.kids' was None; this will"
    ):
        parent.kids.set(Kid(name=None))
    Parent, Kid = model(attribute_keyed_dict("name", ignore_unpopulated_attribute=True))
    parent = Parent()
    parent.kids.set(Kid(name=None))
    assert parent.kids == {}


def test_what_a_method_returns_has_left() -> None:
    class Stack(list[Any]):
        @collection.removes_return()
        def take_last(self) -> Any:
            return list.pop(self)

    Parent, Kid = model(Stack)
    parent, kids = Parent(id=1), [Kid(), Kid()]
    make_transient_to_detached(parent)
    set_committed_value(parent, "kids", kids)
    assert parent.kids.take_last() is kids[1]
    assert inspect(parent).attrs.kids.history == ([], kids[:1], kids[1:])
