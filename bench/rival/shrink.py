"""Make a program smaller as long as it still shows the difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bench.rival.grammar import smallest
from bench.rival.piece import EMPTY, Piece


def candidates(program: Piece) -> Iterator[Piece]:
    """Yield programs that are one step smaller, the largest steps first."""
    for piece in program.below():
        if piece.optional:
            yield program.replaced(piece, EMPTY)
    for piece in program.below():
        text = smallest(piece.sort)
        if text is not None and len(text) < len(str(piece)):
            yield program.replaced(piece, Piece(piece.sort, text))
    for piece in program.below():
        for inner in piece.below():
            if inner is not piece and inner.sort == piece.sort:
                yield program.replaced(piece, inner)


def shrunk(program: Piece, shows: Callable[[Piece], bool], tries: int) -> Piece:
    """Return the smallest program found, in at most so many tries, for which *shows* is true."""
    tried: set[str] = {str(program)}
    going_on = True
    while going_on:
        going_on = False
        for smaller in candidates(program):
            text = str(smaller)
            if text in tried:
                continue
            if tries <= 0:
                return program
            tried.add(text)
            tries -= 1
            if shows(smaller):
                program, going_on = smaller, True
                break
    return program
