"""
Names in SQLite: reserved words and quotes.

Source: https://www.sqlite.org/lang_keywords.html
"""

from __future__ import annotations

from typing import Any

from relvar.compile.names import IdentifierPreparer

RESERVED_WORDS = set(
    """
    add after all alter analyze and as asc attach autoincrement before begin between by
    cascade case cast check collate column commit conflict constraint create cross
    current_date current_time current_timestamp database default deferrable deferred
    delete desc detach distinct drop each else end escape except exclusive exists
    explain fail false for foreign from full glob group having if ignore immediate in
    index indexed initially inner insert instead intersect into is isnull join key left
    like limit match natural not nothing notnull null of offset on or order outer plan
    pragma primary query raise references reindex rename replace restrict returning right
    rollback row select set table temp temporary then to transaction trigger true union unique update
    using vacuum values view virtual when where
    """.split()
)


class SQLiteIdentifierPreparer(IdentifierPreparer):
    """
    Quote and format names for SQLite.
    """

    reserved_words: Any = RESERVED_WORDS
