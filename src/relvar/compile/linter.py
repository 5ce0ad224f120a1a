"""
Find FROM elements that nothing joins.

While a SELECT is compiled, `FromLinter` collects its FROM elements, and the
pairs that a join or a comparison connects.  What cannot be reached from the
first element makes a cartesian product.
"""

from __future__ import annotations

from typing import Any

from relvar.util.warning import warn


class FromLinter:
    """
    The FROM elements of one SELECT, and what connects them.

    Attributes:
        froms: Element -> its name for messages.
        edges: Pairs of connected elements.
    """

    __slots__ = ("edges", "froms")

    def __init__(
        self, froms: dict[Any, str] | None = None, edges: set[tuple[Any, Any]] | None = None
    ) -> None:
        self.froms: dict[Any, str] = {} if froms is None else froms
        self.edges: set[tuple[Any, Any]] = set() if edges is None else edges

    def lint(self, start: Any = None) -> tuple[list[Any] | None, Any]:
        """
        Return the elements out of reach and the element started from.

        Returns:
            ``(None, None)`` if all are connected.
        """
        froms = self.froms
        if not froms:
            return None, None
        neighbours: dict[Any, list[Any]] = {}
        for left, right in self.edges:
            neighbours.setdefault(_plain(left), []).append(_plain(right))
            neighbours.setdefault(_plain(right), []).append(_plain(left))
        if start is None:
            start = next(iter(froms))
        reached = {_plain(start)}
        waiting = [_plain(start)]
        while waiting:
            for other in neighbours.get(waiting.pop(), ()):
                if other not in reached:
                    reached.add(other)
                    waiting.append(other)
        rest = [element for element in froms if _plain(element) not in reached]
        return (rest, start) if rest else (None, None)

    def warn(self, stmt_type: str = "SELECT") -> None:
        """
        Warn if there is a cartesian product.
        """
        rest, start = self.lint()
        if rest:
            others = ", ".join(f'"{self.froms[element]}"' for element in rest)
            warn(
                f"{stmt_type} statement has a cartesian product between FROM element(s) {others} "
                f'and FROM element "{self.froms[start]}".  '
                "Apply join condition(s) between each element to resolve."
            )


def _plain(element: Any) -> Any:
    """
    Return what an annotated FROM element (the table of a mapped class) is a copy of.
    """
    return getattr(element, "_annotated_element", element)
