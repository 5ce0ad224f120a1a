"""Pony: entities in a ``db_session``, which caches them and writes what changed at its end."""

from __future__ import annotations

import datetime
from typing import Any

from bench.others.contender import Contender
from bench.others.database import Database, Postgresql, Sqlite
from bench.others.rows import MANY_BOOKS, POINTS, SINGLE_BOOKS


class Library(Contender):
    """One ``db_session`` for each piece of work."""

    def __init__(self, database: Database) -> None:
        from pony import orm

        place: Any = orm.Database()

        class Author(place.Entity):  # type: ignore[misc]  # a class of the database's
            _table_ = "author"
            id = orm.PrimaryKey(int, auto=True)
            name = orm.Required(str, 50)
            books = orm.Set("Book")

        class Book(place.Entity):  # type: ignore[misc]  # a class of the database's
            _table_ = "book"
            id = orm.PrimaryKey(int, auto=True)
            author = orm.Required(Author, column="author_id")
            title = orm.Required(str, 100)
            isbn = orm.Required(str, 20)
            pages = orm.Required(int)
            year = orm.Required(int)
            in_print = orm.Required(bool)
            added = orm.Required(datetime.datetime, precision=0)

            @property
            def author_id(self) -> Any:
                return self.author.id

        if isinstance(database, Postgresql):
            place.bind(
                provider="postgres", user=database.user, password=database.password, host=database.host,
                port=database.port, database=database.name,
            )  # fmt: skip
        else:
            assert isinstance(database, Sqlite)
            place.bind(provider="sqlite", filename=database.path)
        place.generate_mapping(create_tables=False)
        self.Author, self.Book, self.orm, self.database = Author, Book, orm, place

    def load(self) -> Any:
        with self.orm.db_session:
            return list(self.Book.select().order_by(self.Book.id))

    def point(self) -> Any:
        with self.orm.db_session:
            return [self.Book[i] for i in range(1, POINTS + 1)]

    def _make(self, values: dict[str, Any]) -> None:
        rest = dict(values)
        self.Book(author=rest.pop("author_id"), **rest)

    def insert_one(self) -> None:
        for values in SINGLE_BOOKS:
            with self.orm.db_session:
                self._make(values)

    def insert_many(self) -> None:
        with self.orm.db_session:
            for values in MANY_BOOKS:
                self._make(values)

    def update(self) -> None:
        with self.orm.db_session:
            for book in list(self.Book.select().order_by(self.Book.id)):
                book.pages += 1

    def nested(self) -> list[tuple[str, list[str]]]:
        with self.orm.db_session:
            authors = list(self.Author.select().order_by(self.Author.id).prefetch(self.Author.books))
            key = lambda book: book.id  # noqa: E731  # sets have no order
            return [(a.name, [book.title for book in sorted(a.books, key=key)]) for a in authors]

    def close(self) -> None:
        self.database.disconnect()
