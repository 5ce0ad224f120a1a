"""
The order of a flush, from plain values: no mapper, no database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from relvar.exc import CircularDependencyError
from relvar.orm.flush import cycles, order
from relvar.orm.flush.order import DELETE, PROCESS, SAVE, Step


@dataclass(frozen=True)
class Subject:
    sort_key: str

    def __repr__(self) -> str:
        return self.sort_key


@dataclass(frozen=True)
class Relation:
    parent: Subject
    child: Subject
    edges: tuple[Any, ...]
    sort_key: str = "r"
    target_keys: tuple[str, ...] = ("key",)

    @property
    def feeds_child(self) -> bool:
        return self.edges is order.ONE_TO_MANY


@dataclass
class Flush:
    """What the order asks of a flush: lists of states, and whom they refer to."""

    saves: dict[Subject, list[str]] = field(default_factory=dict)
    deletes: dict[Subject, list[str]] = field(default_factory=dict)
    children: dict[str, list[str]] = field(default_factory=dict)
    ways: dict[tuple[str, str], str] = field(default_factory=dict)

    def states_of(self, mapper: Any, action: str) -> list[str]:
        return (self.saves if action == SAVE else self.deletes).get(mapper, [])

    def children_of(self, rule: Any, state: Any, action: str) -> list[str]:
        return self.children.get(state, [])

    def action_of(self, state: Any) -> str | None:
        if any(state in states for states in self.saves.values()):
            return SAVE
        return DELETE if any(state in states for states in self.deletes.values()) else None

    def way_out(self, rule: Any, source: Any, dependent: Any, action: str) -> str | None:
        return self.ways.get((source, dependent))


A, B, U, Z = (Subject(name) for name in "ABUZ")


def names(planned: order.Order, action: str, mappers: str = "ABUZ") -> str:
    """The mappers of one action, in order; those a flush does not hold are left out."""
    assert planned.steps is not None
    found = [s.subject.sort_key for s in planned.steps if s.action == action]
    return "".join(name for name in found if name in mappers)


@pytest.mark.parametrize(
    ("parent", "child", "edges", "inserts", "deletes"),
    [
        # what SQLAlchemy does for the same mappers
        (A, B, order.ONE_TO_MANY, "AUZB", "UZBA"),
        (U, B, order.ONE_TO_MANY, "AUZB", "AZBU"),
        (B, Z, order.MANY_TO_ONE, "AUZB", "AUBZ"),
        (A, Z, order.MANY_TO_ONE, "BUZA", "BUAZ"),
        (A, B, order.MANY_TO_MANY, "UZAB", "UZAB"),
        (B, A, order.MANY_TO_MANY, "UZAB", "UZBA"),
    ],
)
def test_parents_are_inserted_first_and_deleted_last(
    parent: Subject, child: Subject, edges: Any, inserts: str, deletes: str
) -> None:
    planned = order.plan_order([A, B, U, Z], [Relation(parent, child, edges)])
    assert names(planned, SAVE) == inserts
    assert names(planned, DELETE) == deletes


def test_unrelated_mappers_go_by_name() -> None:
    planned = order.plan_order([Z, B, A, U], [])
    assert names(planned, SAVE) == "ABUZ"


def test_keys_are_carried_between_the_two_saves() -> None:
    relation = Relation(A, B, order.ONE_TO_MANY)
    planned = order.plan_order([A, B], [relation])
    assert planned.steps is not None
    saves = [s for s in planned.steps if s.action in (SAVE, PROCESS)]
    assert saves == [Step(SAVE, A), Step(PROCESS, relation), Step(SAVE, B)]


def test_a_tree_is_saved_level_by_level() -> None:
    tree = Relation(A, A, order.ONE_TO_MANY)
    planned = order.plan_order([A], [tree])
    assert planned.steps is None
    flush = Flush(
        saves={A: ["root", "left", "right", "leaf", "other"]},
        children={"root": ["left", "right"], "right": ["leaf"]},
    )
    saved = [s.states for s in cycles.order_rows(planned, flush).steps if s.action == SAVE]
    assert saved == [("root", "other"), ("left", "right"), ("leaf",)]


def test_a_tree_is_deleted_from_the_leaves() -> None:
    tree = Relation(A, A, order.ONE_TO_MANY)
    planned = order.plan_order([A], [tree])
    flush = Flush(
        deletes={A: ["root", "left", "right", "leaf"]},
        children={"root": ["left", "right"], "right": ["leaf"]},
    )
    gone = [s.states for s in cycles.order_rows(planned, flush).steps if s.action == DELETE]
    assert gone == [("left", "leaf"), ("right",), ("root",)]


def test_two_tables_that_refer_to_each_other_are_ordered_by_row() -> None:
    forth = Relation(A, B, order.MANY_TO_ONE, "forth")
    back = Relation(B, A, order.MANY_TO_ONE, "back")
    planned = order.plan_order([A, B], [forth, back])
    flush = Flush(
        saves={A: ["a1", "a2"], B: ["b1", "b2"]},
        children={"b1": ["a1"], "a1": ["b2"], "b2": ["a2"]},
    )
    saved = [s.states for s in cycles.order_rows(planned, flush).steps if s.action == SAVE]
    assert saved == [("a2",), ("b2",), ("a1",), ("b1",)]


def test_rows_that_need_each_other_cannot_be_ordered() -> None:
    forth = Relation(A, B, order.MANY_TO_ONE, "forth")
    back = Relation(B, A, order.MANY_TO_ONE, "back")
    planned = order.plan_order([A, B], [forth, back])
    flush = Flush(saves={A: ["a"], B: ["b"]}, children={"a": ["b"], "b": ["a"]})
    with pytest.raises(CircularDependencyError, match="Circular dependency detected."):
        cycles.order_rows(planned, flush)


def test_rows_whose_keys_are_known_need_no_order() -> None:
    tree = Relation(A, A, order.ONE_TO_MANY)
    planned = order.plan_order([A], [tree])
    known = {("a", "b"): order.KNOWN, ("b", "b"): order.KNOWN}
    flush = Flush(saves={A: ["a", "b"]}, children={"a": ["b"], "b": ["a", "b"]}, ways=known)
    steps = [(s.action, s.states) for s in cycles.order_rows(planned, flush).steps if s.states]
    assert steps == [(PROCESS, ("a", "b")), (SAVE, ("b",)), (SAVE, ("a",))]
    flush.ways[("b", "a")] = order.KNOWN
    steps = [(s.action, s.states) for s in cycles.order_rows(planned, flush).steps if s.states]
    assert steps == [(PROCESS, ("a", "b")), (SAVE, ("a", "b"))]


@pytest.mark.parametrize("edges", [order.ONE_TO_MANY, order.MANY_TO_ONE])
def test_a_key_of_a_circle_is_written_later(edges: Any) -> None:
    ring = Relation(A, A, edges)
    planned = order.plan_order([A], [ring])
    flush = Flush(
        saves={A: ["a", "b", "c"]},
        children={"a": ["b"], "b": ["c"], "c": ["a"]},
        ways={("a", "b"): order.LATER, ("b", "a"): order.LATER},
    )
    ordered = cycles.order_rows(planned, flush)
    steps = [(s.action, *(s.states or ())) for s in ordered.steps if s.states != ()]
    free, bound = ("a", "b") if edges is order.MANY_TO_ONE else ("b", "a")
    assert ordered.late == [(ring, free)]
    saved = [s for s in steps if s[0] == SAVE]
    assert saved == [(SAVE, free), (SAVE, "c"), (SAVE, bound)]
    post = steps.index((order.POST_UPDATE,))
    owner = free if edges is order.MANY_TO_ONE else bound
    assert steps.index((SAVE, bound)) < steps.index((PROCESS, owner)) < post
    flush = Flush(deletes=flush.saves, children=flush.children, ways=flush.ways)
    ordered = cycles.order_rows(planned, flush)
    steps = [s for s in ordered.steps if s.action in (DELETE, order.POST_UPDATE_DELETE)]
    assert steps[0].action == order.POST_UPDATE_DELETE
    assert ordered.late == [(ring, free)]
    assert sorted(s.states[0] for s in steps[1:] if s.states) == ["a", "b", "c"]


def test_what_is_saved_goes_before_what_is_deleted() -> None:
    tree = Relation(A, A, order.ONE_TO_MANY)
    planned = order.plan_order([A], [tree])
    flush = Flush(saves={A: ["root", "leaf"]}, deletes={A: ["old"]}, children={"root": ["leaf"]})
    steps = [
        s.states for s in cycles.order_rows(planned, flush).steps if s.action in (SAVE, DELETE) and s.states
    ]
    assert steps == [("root",), ("leaf",), ("old",)]


def test_post_update_breaks_the_circle() -> None:
    forth = Relation(A, B, order.MANY_TO_ONE_POST, "forth")
    back = Relation(B, A, order.MANY_TO_ONE, "back")
    planned = order.plan_order([A, B], [forth, back])
    assert planned.steps is not None
    assert names(planned, SAVE) == "AB"
    actions = [s.action for s in planned.steps]
    assert actions.index(order.POST_UPDATE) > max(i for i, a in enumerate(actions) if a == SAVE)
