"""Whole programs."""

from __future__ import annotations

from bench.rival.grammar import Writer, maker, rule
from bench.rival.piece import Piece

rule("statement", "{select_top}", weight=6)
rule("statement", "{compound_top}", weight=1.5)
rule("statement", "{expression_top}", weight=1.5)
rule("statement", "{insert_top}", weight=1.6)
rule("statement", "{update_top}", weight=1.2)
rule("statement", "{delete_top}", weight=0.8)
rule("statement", "{text_top}", weight=0.4)
NAMED = {
    "num": "3",
    "nm": "'ed'",
    "moment": "datetime.datetime(2020, 1, 1)",
    "nums": "[1, 2]",
    "nms": "['ed', 'x']",
}


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
    last = Piece("last", "stmt = ", made, "\n")
    lines = [*writer.lines, last]
    words = [word for word in NAMED if any(f"bindparam('{word}'" in str(line) for line in lines)]
    if words and writer.chance(0.9):
        given = ", ".join(f"{word}={NAMED[word]}" for word in words)
        lines.append(Piece("line", f"params = dict({given})\n", optional=True))
    if writer.chance(0.2):
        lines.append(Piece("line", "options = ", writer.piece("compile_options"), "\n", optional=True))
    return Piece("program", *lines), writer.runs
