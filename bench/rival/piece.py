"""
A program's source as a tree, so that a failing one can be made smaller.

Every piece knows its sort: whatever has the same sort may stand in its place.
Removing what is optional and putting a part in place of the whole are the only
two steps shrinking needs.
"""

from __future__ import annotations

from collections.abc import Iterator


class Piece:
    """Source text of one sort, made of strings and other pieces."""

    __slots__ = ("optional", "parts", "sort")

    def __init__(self, sort: str, *parts: str | Piece, optional: bool = False) -> None:
        self.sort = sort
        self.parts = parts
        self.optional = optional

    def __str__(self) -> str:
        found: list[str] = []
        self._write(found)
        return "".join(found)

    def _write(self, found: list[str]) -> None:
        for part in self.parts:
            if isinstance(part, str):
                found.append(part)
            else:
                part._write(found)

    def below(self) -> Iterator[Piece]:
        """Yield this piece and all below it, outer ones first."""
        yield self
        for part in self.parts:
            if isinstance(part, Piece):
                yield from part.below()

    def replaced(self, old: Piece, new: Piece) -> Piece:
        """Return a copy in which *new* stands where *old* was."""
        if self is old:
            return new
        parts = [part if isinstance(part, str) else part.replaced(old, new) for part in self.parts]
        if all(a is b for a, b in zip(parts, self.parts, strict=True)):
            return self
        return Piece(self.sort, *parts, optional=self.optional)


EMPTY = Piece("nothing")
