"""Peewee: ``bulk_create`` and ``bulk_update`` in a transaction, ``prefetch`` for what belongs to rows."""

from __future__ import annotations

from typing import Any

from bench.others.contender import Contender
from bench.others.database import Database, Postgresql, Sqlite
from bench.others.rows import MANY_BOOKS, POINTS, SINGLE_BOOKS


class Library(Contender):
    """One connection that stays open."""

    def __init__(self, database: Database) -> None:
        import peewee

        if isinstance(database, Postgresql):
            place: Any = peewee.PostgresqlDatabase(
                database.name, user=database.user, password=database.password or None, host=database.host,
                port=database.port,
            )  # fmt: skip
        else:
            assert isinstance(database, Sqlite)
            place = peewee.SqliteDatabase(database.path)

        class Author(peewee.Model):
            name = peewee.CharField(max_length=50)

            class Meta:
                database, table_name = place, "author"

        class Book(peewee.Model):
            author = peewee.ForeignKeyField(Author, backref="books", column_name="author_id")
            title = peewee.CharField(max_length=100)
            isbn = peewee.CharField(max_length=20)
            pages = peewee.IntegerField()
            year = peewee.IntegerField()
            in_print = peewee.BooleanField()
            added = peewee.DateTimeField()

            class Meta:
                database, table_name = place, "book"

        self.Author, self.Book, self.database, self.prefetch = Author, Book, place, peewee.prefetch
        place.connect()

    def load(self) -> Any:
        return list(self.Book.select().order_by(self.Book.id))

    def point(self) -> Any:
        return [self.Book.get_by_id(i) for i in range(1, POINTS + 1)]

    def insert_one(self) -> None:
        for values in SINGLE_BOOKS:
            self.Book.create(**values)

    def insert_many(self) -> None:
        with self.database.atomic():
            self.Book.bulk_create([self.Book(**values) for values in MANY_BOOKS], batch_size=100)

    def update(self) -> None:
        with self.database.atomic():
            books = list(self.Book.select().order_by(self.Book.id))
            for book in books:
                book.pages += 1
            self.Book.bulk_update(books, fields=[self.Book.pages], batch_size=100)

    def nested(self) -> list[tuple[str, list[str]]]:
        authors = self.Author.select().order_by(self.Author.id)
        found = self.prefetch(authors, self.Book.select().order_by(self.Book.id))
        return [(author.name, [book.title for book in author.books]) for author in found]

    def close(self) -> None:
        self.database.close()
