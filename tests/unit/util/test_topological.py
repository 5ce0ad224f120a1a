"""
Sorting by dependencies.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relvar.util import topological


def test_parents_come_first():
    assert list(topological.sort([("a", "b"), ("c", "a")], ["b", "a", "c"])) == ["c", "a", "b"]


def test_subsets_are_levels_in_given_order():
    levels = list(topological.sort_as_subsets([("a", "c"), ("b", "c")], ["b", "a", "c"]))
    assert levels == [["b", "a"], ["c"]]


def test_cycle_is_named():
    edges = [("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")]
    with pytest.raises(topological.CycleError) as caught:
        list(topological.sort(edges, ["a", "b", "c", "d"]))
    assert caught.value.cycles == {"b", "c"}
    assert caught.value.edges == {("b", "c"), ("c", "b")}
    assert topological.find_cycles([("a", "a")], ["a"]) == {"a"}


@given(st.sets(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=30))
def test_any_graph_is_sorted_or_has_a_cycle(edges):
    nodes = range(13)
    try:
        order = list(topological.sort(edges, nodes))
    except topological.CycleError as err:
        assert err.cycles
        for node in err.cycles:
            # from each node of a cycle one gets back to it
            reached, todo = set(), [b for a, b in edges if a == node]
            while todo:
                at = todo.pop()
                if at not in reached:
                    reached.add(at)
                    todo.extend(b for a, b in edges if a == at)
            assert node in reached
    else:
        assert sorted(order) == list(nodes)
        assert all(order.index(a) < order.index(b) for a, b in edges)
        assert not topological.find_cycles(edges, nodes)
