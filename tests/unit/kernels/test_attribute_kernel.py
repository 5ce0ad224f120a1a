"""What the attribute kernel promises, without mappers or a database."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref
from typing import Any

import pytest

from relvar._kernels import attributes as kernel
from relvar._kernels.attributes import NO_VALUE, AttributeDescriptor, AttributeImpl, Manager, State
from relvar._kernels.identity import IdentityMap, find_identity_map, sessions


class Plain(AttributeImpl):
    """An attribute that needs nothing on writes; deleting forgets."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.plain = True
        self.loaded: list[str] = []

    def get(self, state: State, obj: Any) -> Any:
        self.loaded.append(self.key)
        kernel.set_loaded(obj, self.key, f"loaded {self.key}")
        state.unexpire(self.key)
        return f"loaded {self.key}"

    def delete(self, state: State, obj: Any) -> None:
        kernel.remember(state, self.key, kernel.probe(obj, self.key))
        kernel.forget(obj, self.key)
        kernel.mark_modified(state, obj)


class Mapper:
    """Stands for the base mapper of a class in the identity map."""

    def __init__(self, class_: type[Any], size: int = 1) -> None:
        self.class_ = class_
        self.primary_key = tuple(range(size))


def mapped(*names: str, bases: tuple[type[Any], ...] = (kernel.ConstructedObject,), size: int = 1) -> Any:
    """Return a class with plain attributes."""
    cls = type("Thing", bases, {})
    manager = Manager(cls)
    manager.prepared = True
    manager.base = Mapper(cls, size)
    for name in names:
        descriptor = AttributeDescriptor()
        descriptor.key = name
        descriptor.impl = manager.impls[name] = Plain(name)
        setattr(cls, name, descriptor)
    manager.expirable = names
    manager.expirable_set = frozenset(names)
    cls._sa_class_manager = manager
    kernel.adopt_class(cls)
    return cls


def state_of(obj: Any) -> State:
    found = kernel.get_state(obj)
    assert found is not None
    return found


def persistent(obj: Any, pk: Any = 1) -> State:
    """Make an object stand for a row."""
    state = state_of(obj)
    state.pk = pk
    kernel.mark_clean(state)
    return state


def test_a_new_object_has_a_state_and_reads_none() -> None:
    Thing = mapped("a", "b")
    thing = Thing(a=1)
    state = state_of(thing)
    assert state() is thing
    assert (thing.a, thing.b) == (1, None)
    assert kernel.probe(thing, "b") is NO_VALUE
    assert state.pk is None and state.old is None
    assert state.flags & kernel.MODIFIED


def test_the_constructor_takes_names_of_the_class_only() -> None:
    Thing = mapped("a")
    Thing.extra = 3
    assert Thing(extra=4).extra == 4
    with pytest.raises(TypeError, match="'c' is an invalid keyword argument for Thing"):
        Thing(c=1)


def test_a_change_keeps_the_first_old_value() -> None:
    Thing = mapped("a", "b")
    thing = Thing(a=1)
    state = persistent(thing)
    thing.a = 2
    thing.a = 3
    thing.b = 4
    assert state.old == {"a": 1, "b": NO_VALUE}
    kernel.mark_clean(state)
    assert state.old is None and not state.flags & kernel.MODIFIED


@pytest.mark.parametrize("count", [1, 2, 8, 9, 30])
@pytest.mark.parametrize("is_asked", [False, True])
def test_old_values_of_any_number_and_kind(count: int, is_asked: bool) -> None:
    names = [f"n{i}" for i in range(count)]
    thing = mapped(*names)(**{name: i for i, name in enumerate(names)})
    state = persistent(thing)
    for name in names:
        setattr(thing, name, "changed")
        if is_asked:
            assert state.old is not None and name in state.old
        setattr(thing, name, "changed again")
    assert state.old == {name: i for i, name in enumerate(names)}
    assert list(state.old) == names and state.old is state.old
    kernel.mark_clean(state)
    assert state.old is None


def test_old_values_that_refer_to_their_object_are_collected() -> None:
    cls = mapped("a", "b", "c")
    thing = cls(a=1, b=2, c=3)
    state = persistent(thing)
    thing.a = 0
    kernel.set_loaded(thing, "b", [thing])
    thing.b = 0
    thing.c = 0
    assert state.old is not None and list(state.old) == ["a", "b", "c"] and state.old["a"] == 1
    weak = weakref.ref(thing)
    del thing, state
    gc.collect()
    assert weak() is None


def test_deleting_and_other_attributes() -> None:
    Thing = mapped("a")
    thing = Thing(a=1)
    persistent(thing)
    thing.note = "x"
    assert thing.note == "x"
    del thing.note
    with pytest.raises(AttributeError):
        thing.note  # reading is the test
    del thing.a
    assert kernel.probe(thing, "a") is NO_VALUE


def test_expired_attributes_load_again() -> None:
    Thing = mapped("a", "b")
    thing = Thing(a=1, b=2)
    state = persistent(thing)
    state.expire_all(thing)
    assert set(state.expired_keys) == {"a", "b"}
    assert thing.a == "loaded a"
    assert set(state.expired_keys) == {"b"}
    thing.b = 5
    assert state.expired_keys is None


def test_a_state_keeps_no_object_alive() -> None:
    Thing = mapped("a")
    thing = Thing(a=1)
    state = state_of(thing)
    del thing
    gc.collect()
    assert state() is None


def test_objects_in_cycles_are_collected() -> None:
    Thing = mapped("a", "b")
    thing = Thing()
    state = persistent(thing)
    thing.a = [thing]
    thing.a = None
    assert state.old is not None
    thing.b = state.old
    del thing
    gc.collect()
    assert state() is None


def test_states_compare_by_identity() -> None:
    Thing = mapped("a")

    class Equal(Thing):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]  # as an eq dataclass is

    Equal._sa_class_manager = Thing._sa_class_manager
    one, two = state_of(Equal()), state_of(Equal())
    assert one != two and one == one
    assert len({one, two}) == 2


def test_a_mix_in_before_the_base_makes_no_difference() -> None:
    class Mixin:
        pass

    Thing = mapped("a", bases=(Mixin, kernel.ConstructedObject))
    assert state_of(Thing(a=1))() is not None
    assert kernel.get_state(Thing.__new__(Thing)) is not None


def test_copying_the_attributes_of_an_object() -> None:
    Thing = mapped("a")
    thing = Thing(a=[1])
    assert copy.copy(thing.a) == [1]
    assert "_sa_instance_state" in vars(thing) and vars(thing)["a"] == [1]
    # asking for __dict__ does not end tracking
    persistent(thing)
    thing.a = 2
    assert state_of(thing).old == {"a": [1]}


def test_data_descriptors_for_classes_with_their_own_setattr() -> None:
    class Own:
        def __setattr__(self, name: str, value: Any) -> None:
            object.__setattr__(self, name, value)

    manager = Manager(Own)
    manager.prepared = True
    manager.plain_set = False

    class Stored(Plain):
        def set(self, state: State, obj: Any, value: Any) -> None:
            kernel.write_plain(state, self, obj, self.key, value)

    descriptor = kernel.DataDescriptor()
    descriptor.key = "a"
    descriptor.impl = manager.impls["a"] = Stored("a")
    Own.a = descriptor  # type: ignore[attr-defined]  # as mapping does
    own: Any = Own()
    state = kernel.attach_state(own, manager)
    own.a = 1
    state.pk = 1
    own.a = 2
    assert own.a == 2 and state.old == {"a": 1}
    kernel.set_loaded(own, "a", 3)
    assert own.a == 3 and state.old == {"a": 1}
    assert kernel.forget(own, "a") and not kernel.forget(own, "a")


# The identity map --------------------------------------------------------------------------------------


def test_an_identity_map_finds_living_objects() -> None:
    Thing = mapped("a")
    base = Thing._sa_class_manager.base
    identities = IdentityMap()
    thing = Thing()
    state = persistent(thing, 7)
    assert identities.add(state) is None
    key = (Thing, (7,), None)
    assert identities.get_by_pk(base, 7) is thing
    assert identities.get(key) is thing and key in identities and identities[key] is thing
    assert identities.keys() == [key] and identities.values() == [thing] and len(identities) == 1
    assert identities.items() == [(key, thing)]
    other = Thing()
    assert identities.add(persistent(other, 7)) is state
    del thing
    gc.collect()
    assert identities.get(key) is None and len(identities) == 0
    with pytest.raises(KeyError):
        identities[key]
    assert identities.add(state_of(other)) is None
    assert identities.get(key) is other
    identities.discard(state_of(other))
    assert key not in identities


def test_composite_keys_and_tokens() -> None:
    Thing = mapped("a", size=2)
    identities = IdentityMap()
    one, two = Thing(), Thing()
    first = persistent(one, (1, 2))
    second = persistent(two, (1, 2))
    kernel.extras(second)["identity_token"] = "east"
    second.flags |= kernel.TOKEN
    assert identities.add(first) is None and identities.add(second) is None
    assert identities.get((Thing, (1, 2), None)) is one
    assert identities.get((Thing, (1, 2), "east")) is two
    assert sorted(map(str, identities.keys())) == sorted(
        map(str, [(Thing, (1, 2), None), (Thing, (1, 2), "east")])
    )


def test_dead_entries_are_swept() -> None:
    Thing = mapped("a")
    identities = IdentityMap()
    for number in range(5000):
        identities.add(persistent(Thing(), number))
    assert len(identities.table(Thing._sa_class_manager.base)) <= 1024


def test_modified_objects_are_held_by_their_session() -> None:
    Thing = mapped("a")
    identities = IdentityMap(991)
    thing = Thing(a=1)
    state = persistent(thing, 1)
    state.session_id = 991
    identities.add(state)
    thing.a = 2
    assert identities.modified == {state: thing}
    del thing
    gc.collect()
    assert state() is not None
    kernel.mark_clean(state)
    assert not identities.modified and state() is None
    assert find_identity_map(991) is identities
    del identities
    gc.collect()
    assert 991 not in sessions


def test_loader_statuses_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(NO_VALUE)) is NO_VALUE
