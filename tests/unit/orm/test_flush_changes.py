"""What a flush would write, as values: objects in, batches out, no database."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relvar import Column, Integer, String, func, inspect
from relvar.orm import declarative_base
from relvar.orm.flush import order
from relvar.orm.flush.changes import Batch, insert_batches, update_batches
from relvar.orm.flush.facts import facts_of

Base = declarative_base()


class Thing(Base):
    __tablename__ = "things"
    id = Column(Integer, primary_key=True)
    a = Column(Integer)
    b = Column(String(10), server_default="x")
    c = Column(Integer, default=lambda: 7)


@pytest.fixture
def table() -> Any:
    return facts_of(inspect(Thing)).tables[0]


def context(parameters: dict[str, Any]) -> Any:
    return None


def names(table: Any, batch: Batch) -> list[str]:
    return [c.name for c in table.columns if batch.mask >> c.index & 1]


def test_inserted_rows_keep_their_order_and_neighbours_share_a_batch(table: Any) -> None:
    things = [Thing(a=1, c=0), Thing(c=0), Thing(a=3, b="y", c=0), Thing(a=4, c=0), Thing(id=9, c=0)]
    batches = insert_batches(table, [inspect(t) for t in things], context)
    assert [(names(table, b), b.rows) for b in batches] == [
        (["a", "c"], [(1, 0), (None, 0)]),
        (["a", "b", "c"], [(3, "y", 0)]),
        (["a", "c"], [(4, 0)]),
        (["id", "a", "c"], [(9, None, 0)]),
    ]


def test_python_defaults_are_computed_and_expressions_stand_apart(table: Any) -> None:
    things = [Thing(a=1), Thing(a=func.abs(-2)), Thing(a=3)]
    batches = insert_batches(table, [inspect(t) for t in things], context)
    assert [b.rows for b in batches] == [[(1, 7)], [(7,)], [(3, 7)]]
    assert [bool(b.expressions) for b in batches] == [False, True, False]


def persistent(number: int, **values: Any) -> Any:
    thing = Thing(id=number, **values)
    state = inspect(thing)
    state.pk = number
    state.commit_all()
    return thing


def test_updated_rows_of_one_shape_share_a_batch(table: Any) -> None:
    things = [persistent(i, a=i, b="b", c=0) for i in range(4)]
    things[0].a = 10
    things[1].b = "new"
    things[2].a = 12
    things[3].a = 3
    batches = update_batches(table, [inspect(t) for t in things], context)
    assert [(names(table, b), b.rows) for b in batches] == [
        (["a"], [(10, 0), (12, 2)]),
        (["b"], [("new", 1)]),
    ]


def test_a_value_that_is_back_is_no_change(table: Any) -> None:
    thing = persistent(1, a=1, b="b", c=0)
    thing.a = 2
    thing.a = 1
    assert update_batches(table, [inspect(thing)], context) == []


def test_a_row_is_found_by_the_key_it_has_in_the_database(table: Any) -> None:
    thing = persistent(1, a=1, b="b", c=0)
    thing.id = 50
    (batch,) = update_batches(table, [inspect(thing)], context)
    assert names(table, batch) == ["id"]
    assert batch.rows == [(50, 1)]


# order ------------------------------------------------------------------------------------------------

_TABLES = (order.ONE_TO_MANY, order.MANY_TO_ONE, order.MANY_TO_MANY, order.ONE_TO_MANY_POST)


class Subject:
    def __init__(self, sort_key: str) -> None:
        self.sort_key = sort_key


class Relation:
    def __init__(self, parent: Subject, child: Subject, edges: Any, sort_key: str) -> None:
        self.parent, self.child, self.edges, self.sort_key = parent, child, edges, sort_key


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from(_TABLES)), max_size=8),
    st.randoms(use_true_random=False),
)
def test_every_order_respects_every_edge(links: list[tuple[int, int, Any]], random: Any) -> None:
    subjects = [Subject(str(i)) for i in range(6)]
    relations = [
        Relation(subjects[min(a, b)], subjects[max(a, b)], edges, f"r{i}")
        for i, (a, b, edges) in enumerate(links)
        if a != b and edges is not order.MANY_TO_ONE
    ]
    shuffled = list(subjects)
    random.shuffle(shuffled)
    planned = order.plan_order(shuffled, relations)
    assert planned.steps is not None
    position = {step: i for i, step in enumerate(planned.steps)}
    assert len(position) == len(planned.steps)
    for before, after in planned.edges:
        assert position[before] < position[after]
    again = order.plan_order(subjects, relations)
    assert again.steps == planned.steps
