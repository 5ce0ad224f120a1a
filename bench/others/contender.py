"""
What a library does in the comparison: seven pieces of work, each written its own way.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Coroutine
from typing import Any

from bench.others.database import Database


class Contender:
    """
    A library that is set up on a database.

    What reads returns objects whose attributes are named as the columns; what writes ends with a commit.
    """

    def __init__(self, database: Database) -> None:
        raise NotImplementedError

    def load(self) -> Any:
        """Return all books, in the order of their keys."""
        raise NotImplementedError

    def point(self) -> Any:
        """Return the books of the keys 1 to POINTS, each read by itself."""
        raise NotImplementedError

    def insert_one(self) -> None:
        """Write SINGLE_BOOKS, each with a commit."""
        raise NotImplementedError

    def insert_many(self) -> None:
        """Write MANY_BOOKS together."""
        raise NotImplementedError

    def update(self) -> None:
        """Read the books, add 1 to the pages of each, and write them together."""
        raise NotImplementedError

    def nested(self) -> list[tuple[str, list[str]]]:
        """Return the name of each author, in the order of keys, with the titles of the books."""
        raise NotImplementedError

    def close(self) -> None:
        """Leave the database."""


class AsyncContender(Contender):
    """A library of asyncio: its methods are the same with an underscore in front, and are awaited here."""

    def __init__(self, database: Database) -> None:
        self.loop = asyncio.new_event_loop()
        # one for all work: Tortoise keeps its connections there
        self.context = contextvars.copy_context()
        self._wait(self.set_up(database))

    async def set_up(self, database: Database) -> None:
        """Connect."""
        raise NotImplementedError

    def _wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(self.loop.create_task(work, context=self.context))

    def load(self) -> Any:
        return self._wait(self._load())

    def point(self) -> Any:
        return self._wait(self._point())

    def insert_one(self) -> None:
        self._wait(self._insert_one())

    def insert_many(self) -> None:
        self._wait(self._insert_many())

    def update(self) -> None:
        self._wait(self._update())

    def nested(self) -> list[tuple[str, list[str]]]:
        found: list[tuple[str, list[str]]] = self._wait(self._nested())
        return found

    def close(self) -> None:
        self._wait(self._close())

    async def _load(self) -> Any:
        raise NotImplementedError

    async def _point(self) -> Any:
        raise NotImplementedError

    async def _insert_one(self) -> None:
        raise NotImplementedError

    async def _insert_many(self) -> None:
        raise NotImplementedError

    async def _update(self) -> None:
        raise NotImplementedError

    async def _nested(self) -> Any:
        raise NotImplementedError

    async def _close(self) -> None:
        raise NotImplementedError
