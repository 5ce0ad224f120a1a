"""Piccolo: queries that are awaited, ``insert`` for many rows, ``save`` for one, in a transaction."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from bench.others.contender import AsyncContender
from bench.others.database import Database, Postgresql, Sqlite
from bench.others.rows import MANY_BOOKS, POINTS, SINGLE_BOOKS


class Library(AsyncContender):
    """aiosqlite, and asyncpg with Piccolo's pool."""

    async def set_up(self, database: Database) -> None:
        from piccolo.columns import Boolean, ForeignKey, Integer, Serial, Timestamp, Varchar
        from piccolo.engine.postgres import PostgresEngine
        from piccolo.engine.sqlite import SQLiteEngine
        from piccolo.table import Table

        if isinstance(database, Postgresql):
            place: Any = PostgresEngine(config={"dsn": database.url})
            await place.start_connection_pool()
        else:
            assert isinstance(database, Sqlite)
            place = SQLiteEngine(path=database.path)

        class Author(Table, tablename="author", db=place):  # type: ignore[call-arg]  # Piccolo's own
            id = Serial(primary_key=True)
            name = Varchar(length=50)

        class Book(Table, tablename="book", db=place):  # type: ignore[call-arg]  # Piccolo's own
            id = Serial(primary_key=True)
            author_id = ForeignKey(references=Author)
            title = Varchar(length=100)
            isbn = Varchar(length=20)
            pages = Integer()
            year = Integer()
            in_print = Boolean()
            added = Timestamp()

        self.Author, self.Book, self.database = Author, Book, place

    async def _load(self) -> Any:
        return await self.Book.objects().order_by(self.Book.id)

    async def _point(self) -> Any:
        return [await self.Book.objects().get(self.Book.id == i) for i in range(1, POINTS + 1)]

    async def _insert_one(self) -> None:
        for values in SINGLE_BOOKS:
            await self.Book(**values).save()

    async def _insert_many(self) -> None:
        await self.Book.insert(*[self.Book(**values) for values in MANY_BOOKS])

    async def _update(self) -> None:
        async with self.database.transaction():
            for book in await self.Book.objects().order_by(self.Book.id):
                book.pages += 1
                await book.save(columns=[self.Book.pages])

    async def _nested(self) -> Any:
        # there is no way from a row to those that refer to it: read both
        books: dict[int, list[str]] = defaultdict(list)
        for book in await self.Book.objects().order_by(self.Book.id):
            books[book.author_id].append(book.title)
        authors = await self.Author.objects().order_by(self.Author.id)
        return [(author.name, books[author.id]) for author in authors]

    async def _close(self) -> None:
        if self.database.engine_type == "postgres":
            await self.database.close_connection_pool()
