"""
The rows that every library reads and writes: authors, and their books.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from typing import Any

AUTHORS, BOOKS_EACH = 200, 20
BOOKS = AUTHORS * BOOKS_EACH
POINTS, SINGLES, MANY = 200, 50, 1_000
MOMENT = datetime.datetime(2026, 1, 2, 3, 4, 5)
COLUMNS = ("author_id", "title", "isbn", "pages", "year", "in_print", "added")


def book(i: int) -> dict[str, Any]:
    """Return the columns of book *i*, its key left out."""
    return {
        "author_id": (i - 1) // BOOKS_EACH % AUTHORS + 1,
        "title": f"title {i}",
        "isbn": f"978-{i:09d}",
        "pages": 100 + i,
        "year": 1900 + i % 120,
        "in_print": i % 2 == 0,
        "added": MOMENT + datetime.timedelta(minutes=i),
    }


SINGLE_BOOKS = [book(i) for i in range(1, SINGLES + 1)]
MANY_BOOKS = [book(i) for i in range(1, MANY + 1)]


def of_object(found: Any) -> tuple[Any, ...]:
    """Return what an object has read, as a row."""
    return (
        found.id, found.author_id, found.title, found.isbn, found.pages, found.year, found.in_print,
        found.added,
    )  # fmt: skip


def digest(rows: Iterable[tuple[Any, ...]]) -> str:
    """Return a short hash of rows, in which booleans and moments of every driver look the same."""
    plain = []
    for row in rows:
        values = list(row)
        if len(values) == 8:
            values[6] = bool(values[6])
            values[7] = str(values[7])[:19].replace("T", " ")
        plain.append(tuple(values))
    return hashlib.sha256(repr(plain).encode()).hexdigest()[:12]
