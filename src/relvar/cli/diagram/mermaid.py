"""
Write a graph as Mermaid's entity relationship diagram.

Its syntax (https://mermaid.js.org/syntax/entityRelationshipDiagram.html) has no escapes: names are written
with the characters that it takes, and a column's own name stands in a comment where it is another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from relvar.cli.diagram.graph import Field, Graph, Line
from relvar.cli.models.names import free_name

__all__ = ["render_mermaid"]


def render_mermaid(graph: Graph) -> str:
    """
    Return the text of a diagram.

    >>> from relvar.cli.diagram.graph import Box
    >>> field = Field("id", "VARCHAR(5)", True, False, False, False, None)
    >>> print(render_mermaid(Graph([Box("a b", [field], None)], [])))
    erDiagram
        "a b" {
            VARCHAR(5) id PK
        }
    """
    names: dict[str, str] = {}
    for box in graph.boxes:
        wish = _entity(box.name)
        names[box.name] = f'"{free_name([wish], {name.strip(chr(34)) for name in names.values()})}"'
    for name, quoted in names.items():
        if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
            names[name] = quoted.strip('"')
    lines = ["erDiagram"]
    for box in graph.boxes:
        lines.append(f"    {names[box.name]} {{")
        lines += [f"        {text}" for text in _fields(box.fields)]
        lines.append("    }")
    lines += [f"    {_relation(line, names)}" for line in graph.lines]
    return "\n".join(lines)


def _entity(name: str) -> str:
    return re.sub(r'["%\\\x00-\x1f\x7f]', "_", name)


def _word(text: str) -> str:
    """
    Return a type or name as the one word that it must be.
    """
    made = re.sub(r"[^A-Za-z0-9_()\[\]-]+", "_", text).strip("_") or "_"
    return made if re.match(r"[A-Za-z_]", made) else f"_{made}"


def _comment(text: str) -> str:
    return '"' + re.sub(r'["\x00-\x1f\x7f]+', " ", text).strip() + '"'


def _fields(fields: list[Field]) -> Iterator[str]:
    taken: set[str] = set()
    for field in fields:
        name = free_name([_word(field.name)], taken)
        taken.add(name)
        flags = {"PK": field.is_primary, "FK": field.is_foreign, "UK": field.is_unique}
        keys = ", ".join(key for key, holds in flags.items() if holds)
        own = field.name if name != field.name else None
        remarks = ": ".join(part for part in (own, field.comment) if part)
        yield " ".join(
            part for part in (_word(field.type), name, keys, _comment(remarks) if remarks else "") if part
        )


def _relation(line: Line, names: dict[str, str]) -> str:
    one = "|o" if line.is_optional else "||"
    many = "o|" if line.is_single else "o{"
    return f"{names[line.target]} {one}--{many} {names[line.source]} : {_comment(', '.join(line.columns))}"
