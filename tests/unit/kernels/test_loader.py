"""
The loop from rows to objects, without mappers and sessions.
"""

from __future__ import annotations

import gc
from typing import Any

import pytest

from relvar._kernels.attributes import Manager, MappedObject, get_state, set_loaded
from relvar._kernels.identity import IdentityMap
from relvar._kernels.loader import (
    Bundled,
    Column,
    Joined,
    Loader,
    Run,
    finish,
    load_rows,
    load_scalars,
    made_run,
)


class Parent(MappedObject):
    pass


class Child(MappedObject):
    pass


class SpecialChild(Child):
    pass


def manager(cls: type, base: str) -> Any:
    made = Manager(cls)
    made.prepared = True
    made.base = base
    return made


PARENT, CHILD, SPECIAL = manager(Parent, "parent"), manager(Child, "child"), manager(SpecialChild, "child")


def loader(kind: Any, base: str, pk: Any, *columns: Any) -> Loader:
    return Loader(None, base, kind, pk, columns)


def parents(offset: int = 0) -> Loader:
    return loader(PARENT, "parent", ((offset, None),), ("id", offset, None), ("name", offset + 1, None))


def collect(state: Any, obj: Any, values: list[Any]) -> None:
    set_loaded(obj, "children", values)


@pytest.fixture
def identities() -> IdentityMap:
    return IdentityMap()


def run_of(identities: IdentityMap) -> Run:
    return made_run(None, identities)


def load(identities: IdentityMap, plan: Loader, rows: Any, run: Run | None = None) -> list[Any]:
    run = run_of(identities) if run is None else run
    made = load_scalars(rows, run.activate(plan), run)
    finish(run)
    return made


def test_one_object_per_key(identities: IdentityMap) -> None:
    made = load(identities, parents(), [(1, "a"), (2, "b"), (1, "a")])
    assert [obj.name for obj in made] == ["a", "b", "a"]
    assert made[0] is made[2]
    assert get_state(made[0]).pk == 1  # type: ignore[union-attr]  # mapped objects have a state
    assert load(identities, parents(), [(2, "other")])[0] is made[1]
    assert made[1].name == "b"


def test_a_null_key_is_no_object(identities: IdentityMap) -> None:
    assert load(identities, parents(), [(None, None)]) == [None]
    composite = loader(PARENT, "parent", ((0, None), (1, None)), ("name", 1, None))
    made = load(identities, composite, [(None, None), (1, None), (1, 2)])
    assert made[0] is None
    assert get_state(made[1]).pk == (1, None)  # type: ignore[union-attr]  # as above
    assert get_state(made[2]).pk == (1, 2)  # type: ignore[union-attr]  # as above
    composite.allow_partial_pks = False
    assert load(identities, composite, [(1, None)]) == [None]


def test_processors_see_each_value_once(identities: IdentityMap) -> None:
    plan = loader(PARENT, "parent", ((0, int),), ("id", 0, int), ("name", 1, str.upper))
    (made,) = load(identities, plan, [["7", "x"]])
    assert (made.id, made.name) == (7, "X")
    assert identities.get_by_pk("parent", 7) is made


def test_dead_objects_are_made_anew(identities: IdentityMap) -> None:
    load(identities, parents(), [(1, "a")])
    gc.collect()
    assert identities.get_by_pk("parent", 1) is None
    assert load(identities, parents(), [(1, "b")])[0].name == "b"


def test_what_is_loaded_stays_unless_the_run_overwrites(identities: IdentityMap) -> None:
    (made,) = load(identities, parents(), [(1, "a")])
    made.name = "mine"
    load(identities, parents(), [(1, "theirs")])
    assert made.name == "mine"
    run = run_of(identities)
    run.populate = True
    load(identities, parents(), [(1, "theirs")], run)
    assert made.name == "theirs"
    assert get_state(made).old is None  # type: ignore[union-attr]  # as above


def test_missing_columns_are_filled_by_a_later_load(identities: IdentityMap) -> None:
    short = loader(PARENT, "parent", ((0, None),), ("id", 0, None))
    short.is_partial = True
    (made,) = load(identities, short, [(1,)])
    assert "name" not in vars(made)
    load(identities, parents(), [(1, "late")])
    assert made.name == "late"


def test_refresh_fills_the_one_object_only_as_asked(identities: IdentityMap) -> None:
    made, other = load(identities, parents(), [(1, "a"), (2, "b")])
    plan = loader(PARENT, "parent", (), ("name", 0, None))
    plan.is_refresh = plan.is_special = True
    run = run_of(identities)
    run.refresh, run.only = get_state(made), frozenset({"name"})
    made.name = "changed"
    load(identities, plan, [("fresh",)], run)
    assert run.refreshed
    assert (made.name, other.name) == ("fresh", "b")


def joined() -> Loader:
    plan = parents()
    child = loader(CHILD, "child", ((2, None),), ("id", 2, None), ("label", 3, None))
    plan.joined = (Joined("children", child, collect),)
    return plan


def test_a_joined_collection_grows_over_rows(identities: IdentityMap) -> None:
    rows = [(1, "a", 10, "x"), (1, "a", 11, "y"), (2, "b", None, None), (1, "a", 10, "x")]
    made = load(identities, joined(), rows)
    assert [child.label for child in made[0].children] == ["x", "y"]
    assert made[2].children == []


def test_a_loaded_collection_is_left_alone(identities: IdentityMap) -> None:
    (made,) = load(identities, parents(), [(1, "a")])
    set_loaded(made, "children", ["mine"])
    load(identities, joined(), [(1, "a", 10, "x")])
    assert made.children == ["mine"]


def test_a_joined_object_is_stored_and_doubt_is_told(identities: IdentityMap) -> None:
    plan = parents()
    child = loader(CHILD, "child", ((2, None),), ("id", 2, None))
    told: list[Any] = []
    plan.joined = (Joined("child", child, None, told.append),)
    made = load(identities, plan, [(1, "a", 10), (2, "b", None), (1, "a", 11)])
    assert made[0].child.id == 10
    assert made[1].child is None
    assert len(told) == 1


def test_the_discriminator_chooses_the_class(identities: IdentityMap) -> None:
    plan = loader(CHILD, "child", ((0, None),), ("id", 0, None))
    special = loader(SPECIAL, "child", ((0, None),), ("id", 0, None), ("extra", 2, None))
    plan.discriminator = (1, None)
    plan.polymorphic = {"plain": plan, "special": special}

    def unknown(value: Any, pk: Any) -> Any:
        raise LookupError(f"{value} of {pk}")

    plan.unknown = unknown
    made = load(identities, plan, [(1, "plain", None), (2, "special", "e")])
    assert [type(obj) for obj in made] == [Child, SpecialChild]
    assert made[1].extra == "e"
    with pytest.raises(LookupError, match="other of 4"):
        load(identities, plan, [(4, "other", None)])


def test_rows_of_several_items(identities: IdentityMap) -> None:
    run = run_of(identities)
    plan = parents()
    items = [
        run.activate(item) for item in (plan, Column(1, str.upper), Bundled([Column(0, None), plan], tuple))
    ]
    ((obj, name, (number, again)),) = load_rows([(1, "a")], items, run)
    assert (obj.name, name, number) == ("a", "A", 1)
    assert again is obj


def test_posts_run_level_by_level(identities: IdentityMap) -> None:
    order: list[str] = []

    def post(name: str, below: str | None = None) -> Any:
        def load_more(run: Run, active: Any, todo: Any) -> None:
            order.append(f"{name}:{len(todo)}")
            if below is not None:
                inner = parents()
                inner.posts = (post(below),)
                more = made_run(None, identities)
                more.queue = run.queue
                load(identities, inner, [(8, "c"), (9, "d")], more)

        return load_more

    plan = parents()
    plan.posts = (post("first", "below"), post("second"))
    load(identities, plan, [(1, "a"), (1, "a"), (2, "b")])
    assert order == ["first:2", "second:2", "below:2"]


def test_the_collector_is_on_again_after_an_error(identities: IdentityMap) -> None:
    plan = loader(PARENT, "parent", ((0, None),), ("name", 1, int))
    with pytest.raises(ValueError, match="x"):
        load(identities, plan, [(1, "x")])
    assert gc.isenabled()
