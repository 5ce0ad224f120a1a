"""Django: managers and query sets; ``bulk_create`` and ``bulk_update`` for many rows."""

from __future__ import annotations

from typing import Any

from bench.others.contender import Contender
from bench.others.database import Database, Postgresql, Sqlite
from bench.others.rows import MANY_BOOKS, POINTS, SINGLE_BOOKS


class Library(Contender):
    """Autocommit, as is Django's way: each call is a transaction."""

    def __init__(self, database: Database) -> None:
        import django
        from django.conf import settings

        if isinstance(database, Postgresql):
            place = {
                "ENGINE": "django.db.backends.postgresql", "NAME": database.name, "USER": database.user,
                "PASSWORD": database.password, "HOST": database.host, "PORT": database.port,
            }  # fmt: skip
        else:
            assert isinstance(database, Sqlite)
            place = {"ENGINE": "django.db.backends.sqlite3", "NAME": database.path}
        settings.configure(
            DATABASES={"default": place}, USE_TZ=False, DEFAULT_AUTO_FIELD="django.db.models.AutoField"
        )
        django.setup()
        from django.db import connection, models, transaction

        class Author(models.Model):
            name = models.CharField(max_length=50)

            class Meta:
                app_label, db_table = "bench", "author"

        class Book(models.Model):
            author = models.ForeignKey(Author, models.CASCADE, related_name="books")
            title = models.CharField(max_length=100)
            isbn = models.CharField(max_length=20)
            pages = models.IntegerField()
            year = models.IntegerField()
            in_print = models.BooleanField()
            added = models.DateTimeField()

            class Meta:
                app_label, db_table = "bench", "book"

        self.Author, self.Book, self.connection, self.atomic = Author, Book, connection, transaction.atomic

    def load(self) -> Any:
        return list(self.Book.objects.order_by("id"))

    def point(self) -> Any:
        return [self.Book.objects.get(pk=i) for i in range(1, POINTS + 1)]

    def insert_one(self) -> None:
        for values in SINGLE_BOOKS:
            self.Book.objects.create(**values)

    def insert_many(self) -> None:
        self.Book.objects.bulk_create([self.Book(**values) for values in MANY_BOOKS])

    def update(self) -> None:
        books = list(self.Book.objects.order_by("id"))
        for book in books:
            book.pages += 1
        self.Book.objects.bulk_update(books, ["pages"], batch_size=500)

    def nested(self) -> list[tuple[str, list[str]]]:
        authors = self.Author.objects.order_by("id").prefetch_related("books")
        return [(author.name, [book.title for book in author.books.all()]) for author in authors]

    def close(self) -> None:
        self.connection.close()
