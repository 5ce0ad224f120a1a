"""
Write a random program: templates with holes, chosen by a seeded generator.

A rule is a template of Python source for a sort.  ``{int}`` in it is a hole for a piece of
sort ``int``; ``{int*}``, ``{int+}``, ``{int?}`` are holes for any number, for one or more, and
for an optional one (each item ends with ``", "`` in lists).  A sort whose pieces need more than
a template has a function.  The first rule without holes is what shrinking ends with.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from bench.rival.piece import Piece

HOLE = re.compile(r"\{(\w+)([*+?]?)\}")
Maker = Callable[["Writer"], Piece]
_Part = str | tuple[str, str]


class Rule:
    """A template of one sort, cut at its holes."""

    __slots__ = ("parts", "runs", "sort", "weight")

    def __init__(self, sort: str, template: str, weight: float, runs: bool) -> None:
        self.sort, self.weight, self.runs = sort, weight, runs
        pieces = HOLE.split(template)
        self.parts: list[_Part] = []
        for index in range(0, len(pieces), 3):
            if pieces[index]:
                self.parts.append(pieces[index])
            if index + 1 < len(pieces):
                self.parts.append((pieces[index + 1], pieces[index + 2]))


RULES: dict[str, list[Rule]] = {}
MAKERS: dict[str, Maker] = {}


def rule(sort: str, *templates: str, weight: float = 1, runs: bool = True) -> None:
    """
    Add templates for a sort, each its own string or a line of one.

    Args:
        runs: False for what has other results each time or on each machine.
    """
    lines = [
        line.strip() for text in templates for line in (text.strip().splitlines() if "\n" in text else [text])
    ]
    RULES.setdefault(sort, []).extend(Rule(sort, line, weight, runs) for line in lines)


def maker(sort: str) -> Callable[[Maker], Maker]:
    """Register the function that makes the pieces of a sort."""

    def register(function: Maker) -> Maker:
        MAKERS[sort] = function
        return function

    return register


class Source:
    """Something to select from: how the program calls it, and its columns with their sorts."""

    def __init__(self, name: str, columns: list[tuple[str, str]], kind: str = "table") -> None:
        self.name, self.columns, self.kind = name, columns, kind


class Writer:
    """One program in the making."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.lines: list[Piece] = []
        self.scopes: list[list[Source]] = []
        self.depth = 0
        self.limit = self.random.choice((2, 3, 3, 4, 5))
        self.left = self.random.choice((30, 60, 60, 120))
        self.runs = True
        self.ill = self.random.random() < 0.12
        self.known: list[Source] = []

    def chance(self, probability: float) -> bool:
        """Decide."""
        return self.random.random() < probability

    def piece(self, sort: str) -> Piece:
        """Write a piece of a sort."""
        self.left -= 1
        if self.ill and self.depth and sort in SCALARS and self.chance(0.06):
            sort = self.random.choice(WRONG)
        made = MAKERS.get(sort)
        if made is not None:
            self.depth += 1
            found = made(self)
            self.depth -= 1
            return found
        rules = RULES[sort]
        if self.depth >= self.limit or self.left < 0:
            rules = [r for r in rules if _is_leaf(r)] or rules[:1]
        chosen = self.random.choices(rules, [r.weight for r in rules])[0] if len(rules) > 1 else rules[0]
        return self.filled(chosen)

    def filled(self, chosen: Rule) -> Piece:
        """Write a piece by a rule."""
        if not chosen.runs:
            self.runs = False
        self.depth += 1
        parts: list[str | Piece] = []
        for part in chosen.parts:
            if isinstance(part, str):
                parts.append(part)
            elif part[1] == "":
                parts.append(self.piece(part[0]))
            elif part[1] == "?":
                if self.left > 0 and self.chance(0.5):
                    parts.append(Piece("optional", self.piece(part[0]), optional=True))
            else:
                parts.extend(self.items(part[0], 1 if part[1] == "+" else 0))
        self.depth -= 1
        return Piece(chosen.sort, *parts)

    def items(self, sort: str, least: int = 0, most: int = 3) -> list[Piece]:
        """Write the items of a list, a comma after each."""
        count = least if self.left < 0 else max(least, self.random.choice((0, 1, 1, 2, 2, most)))
        return [Piece("item", self.piece(sort), ", ", optional=i >= least) for i in range(count)]

    def define(self, stem: str, value: Piece) -> str:
        """Give a value a name, on a line of its own."""
        name = f"{stem}{len(self.lines) + 1}"
        self.lines.append(Piece("line", f"{name} = ", value, "\n", optional=True))
        return name

    def template(self, text: str) -> Piece:
        """Write a piece by a template that is no rule."""
        return self.filled(_templates.setdefault(text, Rule("template", text, 1, True)))


_templates: dict[str, Rule] = {}
_leaves: dict[int, bool] = {}


def _is_leaf(rule: Rule) -> bool:
    known = _leaves.get(id(rule))
    if known is None:
        known = all(
            isinstance(part, str) or part[0] in LEAVES or part[1] in ("*", "?") for part in rule.parts
        )
        _leaves[id(rule)] = known
    return known


SCALARS: list[str] = []
WRONG: list[str] = []
LEAVES: set[str] = set()


def smallest(sort: str) -> str | None:
    """Return the source of the first rule of a sort that has no holes, if there is one."""
    for each in RULES.get(sort, ()):
        if all(isinstance(part, str) for part in each.parts):
            return "".join(part for part in each.parts if isinstance(part, str))
    return None
