"""relvar and, by the same code, SQLAlchemy: the face for asyncio, on aiosqlite and asyncpg."""

from __future__ import annotations

import importlib
from typing import Any

from bench.others.contender import AsyncContender
from bench.others.database import Database
from bench.others.libraries import model
from bench.others.rows import MANY_BOOKS, POINTS, SINGLE_BOOKS


class Library(AsyncContender):
    """One session for each piece of work."""

    package = "relvar"

    async def set_up(self, database: Database) -> None:
        made = model.make(self.package)
        aio = importlib.import_module(f"{self.package}.ext.asyncio")
        self.Author, self.Book, self.select, self.orm = made.Author, made.Book, made.sa.select, made.orm
        url = database.url.replace("postgresql:", "postgresql+asyncpg:").replace(
            "sqlite:", "sqlite+aiosqlite:"
        )
        self.engine = aio.create_async_engine(url)
        self.Session = aio.AsyncSession

    async def _load(self) -> Any:
        async with self.Session(self.engine) as session:
            return (await session.scalars(self.select(self.Book).order_by(self.Book.id))).all()

    async def _point(self) -> Any:
        async with self.Session(self.engine) as session:
            return [await session.get(self.Book, i) for i in range(1, POINTS + 1)]

    async def _insert_one(self) -> None:
        for values in SINGLE_BOOKS:
            async with self.Session(self.engine) as session:
                session.add(self.Book(**values))
                await session.commit()

    async def _insert_many(self) -> None:
        async with self.Session(self.engine) as session:
            session.add_all([self.Book(**values) for values in MANY_BOOKS])
            await session.commit()

    async def _update(self) -> None:
        async with self.Session(self.engine) as session:
            for book in (await session.scalars(self.select(self.Book).order_by(self.Book.id))).all():
                book.pages += 1
            await session.commit()

    async def _nested(self) -> Any:
        statement = self.select(self.Author).order_by(self.Author.id)
        statement = statement.options(self.orm.selectinload(self.Author.books))
        async with self.Session(self.engine) as session:
            authors = await session.scalars(statement)
            return [(a.name, [book.title for book in a.books]) for a in authors]

    async def _close(self) -> None:
        await self.engine.dispose()
