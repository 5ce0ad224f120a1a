"""The drivers alone, sqlite3 and psycopg, with rows as tuples: what no library can go below."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from bench.others.contender import Contender
from bench.others.database import Database, Sqlite
from bench.others.rows import COLUMNS, MANY_BOOKS, POINTS, SINGLE_BOOKS

NAMES = ", ".join(COLUMNS)


class Library(Contender):
    """A second connection of the driver that filled the database."""

    def __init__(self, database: Database) -> None:
        if isinstance(database, Sqlite):
            import sqlite3

            self.connection: Any = sqlite3.connect(database.path)
        else:
            import psycopg  # not everybody has it

            self.connection = psycopg.connect(database.url)
        self.mark, self.is_sqlite = database.mark, isinstance(database, Sqlite)
        marks = ", ".join([self.mark] * len(COLUMNS))
        self.insert = f"INSERT INTO book ({NAMES}) VALUES ({marks})"

    def _all(self, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        cursor = self.connection.cursor()
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def _values(self, book: dict[str, Any]) -> tuple[Any, ...]:
        values = tuple(book.values())
        return (*values[:-1], values[-1].isoformat(" ")) if self.is_sqlite else values

    def load(self) -> Any:
        found = self._all(f"SELECT id, {NAMES} FROM book ORDER BY id")
        self.connection.commit()
        return _Rows(found)

    def point(self) -> Any:
        sql = f"SELECT id, {NAMES} FROM book WHERE id = {self.mark}"
        found = [self._all(sql, (i,))[0] for i in range(1, POINTS + 1)]
        self.connection.commit()
        return _Rows(found)

    def insert_one(self) -> None:
        for book in SINGLE_BOOKS:
            self.connection.cursor().execute(self.insert, self._values(book))
            self.connection.commit()

    def insert_many(self) -> None:
        self.connection.cursor().executemany(self.insert, [self._values(book) for book in MANY_BOOKS])
        self.connection.commit()

    def update(self) -> None:
        rows = [(pages + 1, key) for key, pages in self._all("SELECT id, pages FROM book")]
        sql = f"UPDATE book SET pages = {self.mark} WHERE id = {self.mark}"
        self.connection.cursor().executemany(sql, rows)
        self.connection.commit()

    def nested(self) -> list[tuple[str, list[str]]]:
        titles: dict[int, list[str]] = {}
        authors = self._all("SELECT id, name FROM author ORDER BY id")
        for author, title in self._all("SELECT author_id, title FROM book ORDER BY id"):
            titles.setdefault(author, []).append(title)
        self.connection.commit()
        return [(name, titles[key]) for key, name in authors]

    def close(self) -> None:
        self.connection.close()


class _Rows(list[Any]):
    """Rows that become objects only when they are checked, after the clock has stopped."""

    def __iter__(self) -> Any:
        names = ("id", *COLUMNS)
        return (SimpleNamespace(**dict(zip(names, row, strict=True))) for row in super().__iter__())
