"""
Order nodes so that parents come before children.

Edges are ``(parent, child)`` pairs.  The order is deterministic: among nodes
that are free at the same time, the order of *allitems* decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, TypeVar

_T = TypeVar("_T")


class CycleError(ValueError):
    """
    The edges contain a cycle.

    Carries what the layers above need for their own error: ``cycles``, the
    nodes on a cycle, and ``edges``, the edges among them.
    """

    def __init__(self, cycles: set[Any], edges: set[tuple[Any, Any]]) -> None:
        super().__init__("Circular dependency detected.", cycles, edges)
        self.cycles = cycles
        self.edges = edges


def sort_as_subsets(tuples: Collection[tuple[_T, _T]], allitems: Collection[_T]) -> Iterator[Sequence[_T]]:
    """
    Yield lists of nodes; each depends on nodes of earlier lists only.

    Raises:
        CycleError: no node of the rest is free.

    Cost: O(nodes + edges).
    """
    present = dict.fromkeys(allitems)
    waits: dict[_T, int] = defaultdict(int)
    children: dict[_T, list[_T]] = defaultdict(list)
    for parent, child in dict.fromkeys(tuples):
        if parent in present:
            waits[child] += 1
            children[parent].append(child)

    position = {node: index for index, node in enumerate(present)}
    output = [node for node in present if not waits[node]]
    left = len(present)
    while output:
        yield output
        left -= len(output)
        freed: list[_T] = []
        for node in output:
            for child in children[node]:
                waits[child] -= 1
                if not waits[child] and child in position:
                    freed.append(child)
        freed.sort(key=position.__getitem__)
        output = freed
    if left:
        cycles = find_cycles(tuples, allitems)
        raise CycleError(cycles, {(a, b) for a, b in tuples if a in cycles and b in cycles})


def sort(
    tuples: Collection[tuple[_T, _T]],
    allitems: Collection[_T],
    deterministic_order: bool = True,
) -> Iterator[_T]:
    """
    Yield *allitems* so that the first of each pair comes before the second.

    >>> list(sort([("a", "b"), ("c", "a")], ["a", "b", "c"]))
    ['c', 'a', 'b']
    """
    for subset in sort_as_subsets(tuples, allitems):
        yield from subset


def find_cycles(tuples: Iterable[tuple[_T, _T]], allitems: Iterable[_T]) -> set[_T]:
    """
    Return the nodes that lie on a cycle.

    Cost: O(nodes + edges).
    """
    return {node for component in components(tuples, allitems) for node in component}


def components(tuples: Iterable[tuple[_T, _T]], allitems: Iterable[_T]) -> Iterator[list[_T]]:
    """
    Yield the nodes that lie on cycles, those of one circle (or of circles that meet) together.

    Cost: O(nodes + edges), no recursion (Tarjan's algorithm on a stack).
    """
    present = dict.fromkeys(allitems)
    edges: dict[_T, list[_T]] = {node: [] for node in present}
    on_itself: set[_T] = set()
    for parent, child in tuples:
        if parent == child:
            on_itself.add(parent)
        edges.setdefault(parent, []).append(child)

    index: dict[_T, int] = {}
    low: dict[_T, int] = {}
    path: list[_T] = []
    on_path: set[_T] = set()
    for root in list(edges):
        if root in index:
            continue
        work: list[tuple[_T, Iterator[_T]]] = [(root, iter(edges[root]))]
        index[root] = low[root] = len(index)
        path.append(root)
        on_path.add(root)
        while work:
            node, children = work[-1]
            for child in children:
                if child not in index:
                    index[child] = low[child] = len(index)
                    path.append(child)
                    on_path.add(child)
                    work.append((child, iter(edges.get(child, ()))))
                    break
                if child in on_path:
                    low[node] = min(low[node], index[child])
            else:
                work.pop()
                if work:
                    parent_node = work[-1][0]
                    low[parent_node] = min(low[parent_node], low[node])
                if low[node] == index[node]:
                    component = [path.pop()]
                    while component[-1] is not node:
                        component.append(path.pop())
                    on_path.difference_update(component)
                    if len(component) > 1 or node in on_itself:
                        yield component
