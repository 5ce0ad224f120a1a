"""Tortoise: query sets that are awaited; ``bulk_create`` and ``bulk_update`` for many rows."""

from __future__ import annotations

from typing import Any

from tortoise import Tortoise, fields
from tortoise.models import Model

from bench.others.contender import AsyncContender
from bench.others.database import Database, Sqlite
from bench.others.rows import MANY_BOOKS, POINTS, SINGLE_BOOKS


class Author(Model):
    """Writes books."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=50)
    books: Any

    class Meta:
        table = "author"


class Book(Model):
    """Is written."""

    id = fields.IntField(primary_key=True)
    author: Any = fields.ForeignKeyField("bench.Author", related_name="books")
    title = fields.CharField(max_length=100)
    isbn = fields.CharField(max_length=20)
    pages = fields.IntField()
    year = fields.IntField()
    in_print = fields.BooleanField()
    added = fields.DatetimeField()

    class Meta:
        table = "book"


class Library(AsyncContender):
    """aiosqlite and asyncpg."""

    async def set_up(self, database: Database) -> None:
        if isinstance(database, Sqlite):
            url = f"sqlite://{database.path}"
        else:
            url = database.url.replace("postgresql:", "asyncpg:")
        await Tortoise.init(db_url=url, modules={"bench": [__name__]}, use_tz=False)

    async def _load(self) -> Any:
        return await Book.all().order_by("id")

    async def _point(self) -> Any:
        return [await Book.get(id=i) for i in range(1, POINTS + 1)]

    async def _insert_one(self) -> None:
        for values in SINGLE_BOOKS:
            await Book.create(**values)

    async def _insert_many(self) -> None:
        await Book.bulk_create([Book(**values) for values in MANY_BOOKS])

    async def _update(self) -> None:
        books = await Book.all().order_by("id")
        for book in books:
            book.pages += 1
        await Book.bulk_update(books, fields=["pages"], batch_size=500)

    async def _nested(self) -> Any:
        authors = await Author.all().order_by("id").prefetch_related("books")
        return [(author.name, [book.title for book in author.books]) for author in authors]

    async def _close(self) -> None:
        await Tortoise.close_connections()
