"""Whole programs."""

from __future__ import annotations

from bench.rival.grammar import Writer, maker, rule
from bench.rival.piece import Piece

rule("statement", "{select_top}", weight=6)
rule("statement", "{compound_top}", weight=1.5)
rule("statement", "{expression_top}", weight=1.5)


@maker("expression_top")
def expression_top(writer: Writer) -> Piece:
    """Write an expression by itself, over some tables."""
    from bench.rival.rules.froms import source

    writer.scopes = [[source(writer), source(writer)]]
    return writer.piece("any")


def write(seed: int) -> tuple[Piece, bool]:
    """Write the program of a seed; tell too whether its results are the same each time."""
    writer = Writer(seed)
    made = writer.piece("statement")
    program = Piece("program", *writer.lines, Piece("last", "stmt = ", made, "\n"))
    return program, writer.runs
