"""
Find a place for each box: tables stand to the right of those that they refer to.

1. Lines that would close a circle are turned around.
2. The column of a box is the longest way of lines that leads to it.
3. Boxes of a column are ordered by the middle of their neighbours, a few times to and fro.
4. A column that grows too high is broken; boxes without lines fill columns of their own, at the end.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass

from relvar.cli.diagram.graph import Box, Graph

__all__ = ["Place", "place_boxes", "text_width"]

CHARACTER = 7.25
"""The width of a letter, in pixels: 12 pixels of a monospaced font."""
ROW = 20
HEAD = 26
GAP = 28
BETWEEN = 90
MARGIN = 20


@dataclass
class Place:
    """
    Where a box stands, and how large it is.
    """

    box: Box
    x: float
    y: float
    width: float
    height: float

    def row(self, name: str) -> float:
        """
        Return the middle of a column's row.
        """
        number = next((i for i, field in enumerate(self.box.fields) if field.name == name), 0)
        return self.y + HEAD + ROW * number + ROW / 2


def text_width(text: str) -> float:
    """
    Return how wide a text is at most; letters of East Asia take two places.

    >>> text_width("ab") == 2 * CHARACTER, text_width("表") == 2 * CHARACTER
    (True, True)
    """
    places = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return places * CHARACTER


def place_boxes(graph: Graph) -> dict[str, Place]:
    """
    Return the places of all boxes by name; the first column begins at the margin.
    """
    parents = _parents(graph)
    joined = {name for name, above in parents.items() if above} | {
        name for above in parents.values() for name in above
    }
    columns = _columns(parents, joined)
    _order(columns, parents)
    alone = [box.name for box in graph.boxes if box.name not in joined]
    sizes = {box.name: Place(box, 0, 0, _width(box), HEAD + ROW * len(box.fields)) for box in graph.boxes}
    limit = _height_limit(sizes)
    broken = [part for column in [*columns, alone] for part in _break(column, sizes, limit)]
    _stand(broken, sizes)
    return sizes


def _parents(graph: Graph) -> dict[str, set[str]]:
    """
    Return whom each table refers to, without circles.
    """
    wanted: dict[str, list[str]] = {box.name: [] for box in graph.boxes}
    for line in graph.lines:
        if line.source != line.target and line.target not in wanted[line.source]:
            wanted[line.source].append(line.target)
    parents: dict[str, set[str]] = {name: set() for name in wanted}
    done: set[str] = set()
    for start in wanted:
        # depth first; what is on the way already is below
        way = [(start, iter(wanted[start]))] if start not in done else []
        on_way = {start}
        while way:
            name, rest = way[-1]
            target = next(rest, None)
            if target is None:
                way.pop()
                on_way.discard(name)
                done.add(name)
            elif target in on_way:
                parents[target].add(name)
            else:
                parents[name].add(target)
                if target not in done:
                    way.append((target, iter(wanted[target])))
                    on_way.add(target)
    return parents


def _columns(parents: dict[str, set[str]], joined: set[str]) -> list[list[str]]:
    depth: dict[str, int] = {}
    left = [name for name in parents if name in joined]
    while left:
        ready = [name for name in left if all(parent in depth for parent in parents[name])]
        # turned lines can leave a circle of two ways: then the first goes first
        for name in ready or left[:1]:
            known = [depth[parent] for parent in parents[name] if parent in depth]
            depth[name] = 1 + max(known, default=-1)
            left.remove(name)
    columns: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for name, number in depth.items():
        columns[number].append(name)
    return columns


def _order(columns: list[list[str]], parents: dict[str, set[str]]) -> None:
    neighbours: dict[str, set[str]] = {name: set(above) for name, above in parents.items()}
    for name, above in parents.items():
        for parent in above:
            neighbours[parent].add(name)
    for turn in range(8):
        spots = {name: i / len(column) for column in columns for i, name in enumerate(column)}
        for column in columns if turn % 2 == 0 else columns[::-1]:
            middle = {
                name: sum(spots[other] for other in neighbours[name]) / max(len(neighbours[name]), 1)
                for name in column
            }
            column.sort(key=lambda name: middle[name])
            spots.update({name: i / len(column) for i, name in enumerate(column)})


def _width(box: Box) -> float:
    names = max((text_width(field.name) for field in box.fields), default=0)
    types = max((text_width(field.type) for field in box.fields), default=0)
    return max(text_width(box.name) + 24, names + types + 64)


def _height_limit(sizes: dict[str, Place]) -> float:
    """
    Return how high a column may be: so that all of them make a picture that is not much higher than wide.
    """
    area = sum((place.width + BETWEEN) * (place.height + GAP) for place in sizes.values())
    return max(math.sqrt(area) * 1.2, max((place.height for place in sizes.values()), default=0))


def _break(column: list[str], sizes: dict[str, Place], limit: float) -> list[list[str]]:
    parts: list[list[str]] = [[]] if column else []
    height = 0.0
    for name in column:
        if parts[-1] and height + sizes[name].height > limit:
            parts.append([])
            height = 0.0
        parts[-1].append(name)
        height += sizes[name].height + GAP
    return parts


def _stand(columns: list[list[str]], sizes: dict[str, Place]) -> None:
    heights = [sum(sizes[name].height + GAP for name in column) - GAP for column in columns]
    x = float(MARGIN)
    for column, height in zip(columns, heights):
        y = MARGIN + (max(heights) - height) / 2
        for name in column:
            sizes[name].x, sizes[name].y = x, y
            y += sizes[name].height + GAP
        x += max(sizes[name].width for name in column) + BETWEEN
