"""
Draw a graph as one SVG file that needs nothing else.
"""

from __future__ import annotations

import re
from html import escape

from relvar.cli.diagram.graph import Field, Graph, Line
from relvar.cli.diagram.layout import HEAD, MARGIN, ROW, Place, place_boxes

__all__ = ["render_svg"]

_STYLE = """
    svg { background: #ffffff; font: 12px ui-monospace, Menlo, Consolas, monospace; }
    .box { fill: #ffffff; stroke: #57606a; }
    .head { fill: #24485f; }
    .name { fill: #ffffff; font-weight: bold; }
    .type { fill: #6e7781; }
    .key { fill: #9a6700; font-size: 10px; font-weight: bold; }
    .primary { font-weight: bold; }
    .line { fill: none; stroke: #57606a; stroke-width: 1.3; }
    .optional { stroke-dasharray: 5 3; }
"""


def render_svg(graph: Graph, title: str) -> str:
    """
    Return the file's text.

    >>> text = render_svg(Graph([], []), "a < b")
    >>> "<title>a &lt; b</title>" in text
    True
    """
    places = place_boxes(graph)
    # lines that turn on the right of the last column need room there
    width = max((place.x + place.width for place in places.values()), default=0) + MARGIN + 40
    height = max((place.y + place.height for place in places.values()), default=0) + MARGIN
    size = f'width="{width:.0f}" height="{height:.0f}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width:.0f} {height:.0f}" role="img">',
        f"  <title>{_text(title)}</title>",
        f"  <style>{_STYLE}  </style>",
    ]
    parts += [_line(line, places[line.source], places[line.target]) for line in graph.lines]
    parts += [_box(place) for place in places.values()]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _text(text: str) -> str:
    """
    Return text as XML has it; control characters cannot be written there at all.
    """
    return escape(re.sub("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "\ufffd", text))


def _box(place: Place) -> str:
    x, y, width, height = place.x, place.y, place.width, place.height
    parts = [
        "  <g>",
        f"    <title>{_text(place.box.comment or place.box.name)}</title>",
        f'    <rect class="box" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="3"/>',
        f'    <rect class="head" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{HEAD}" rx="3"/>',
        f'    <text class="name" x="{x + 10:.1f}" y="{y + 17:.1f}">{_text(place.box.name)}</text>',
    ]
    for number, field in enumerate(place.box.fields):
        parts.append(_row(field, x, y + HEAD + ROW * number + 14, width))
    return "\n".join([*parts, "  </g>"])


def _row(field: Field, x: float, y: float, width: float) -> str:
    key = "PK" if field.is_primary else "FK" if field.is_foreign else "UK" if field.is_unique else ""
    primary = ' class="primary"' if field.is_primary else ""
    optional = "" if field.is_nullable else " NOT NULL"
    about = field.comment or f"{field.name} {field.type}{optional}"
    end = f'x="{x + width - 10:.1f}" y="{y:.1f}" text-anchor="end"'
    return (
        f"    <g><title>{_text(about)}</title>"
        f'<text class="key" x="{x + 8:.1f}" y="{y:.1f}">{key}</text>'
        f'<text{primary} x="{x + 30:.1f}" y="{y:.1f}">{_text(field.name)}</text>'
        f'<text class="type" {end}>{_text(field.type)}</text></g>'
    )


def _line(line: Line, source: Place, target: Place) -> str:
    """
    A curve from the row of the foreign key to the row that it refers to.

    1. The target is on the left: from left side to right side.
    2. It is on the right: the other way round.
    3. It is in the same column, or the same box: from right side to right side.
    """
    y1, y2 = source.row(line.columns[0]), target.row(line.referred[0])
    if target.x + target.width < source.x:
        x1, x2 = source.x, target.x + target.width
        bend1, bend2 = x1 - (x1 - x2) / 2, x2 + (x1 - x2) / 2
    elif source.x + source.width < target.x:
        x1, x2 = source.x + source.width, target.x
        bend1, bend2 = x1 + (x2 - x1) / 2, x2 - (x2 - x1) / 2
    else:
        x1, x2 = source.x + source.width, target.x + target.width
        bend1 = bend2 = max(x1, x2) + 45
    optional = " optional" if line.is_optional else ""
    about = f"{line.source} ({', '.join(line.columns)}) \u2192 {line.target} ({', '.join(line.referred)})"
    source_end = _end(x1, y1, 1 if bend1 > x1 else -1, is_many=not line.is_single)
    target_end = _end(x2, y2, 1 if bend2 > x2 else -1, is_many=False)
    return (
        f"  <g><title>{_text(about)}</title>"
        f'<path class="line{optional}" '
        f'd="M{x1:.1f},{y1:.1f} C{bend1:.1f},{y1:.1f} {bend2:.1f},{y2:.1f} {x2:.1f},{y2:.1f}"/>'
        f'<path class="line" d="{source_end} {target_end}"/></g>'
    )


def _end(x: float, y: float, direction: int, is_many: bool) -> str:
    """
    The end of a line at the side of a box: a crow's foot for many rows, a bar for one.
    """
    if is_many:
        tip = f"M{x + 12 * direction:.1f},{y:.1f}"
        return f"{tip} L{x:.1f},{y - 6:.1f} {tip} L{x:.1f},{y + 6:.1f}"
    bar = x + 7 * direction
    return f"M{bar:.1f},{y - 5:.1f} L{bar:.1f},{y + 5:.1f}"
