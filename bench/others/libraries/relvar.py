"""relvar and, by the same code, SQLAlchemy (``bench.others.libraries.sqlalchemy``): the blocking face."""

from __future__ import annotations

from typing import Any

from bench.others.contender import Contender
from bench.others.database import Database
from bench.others.libraries import model
from bench.others.rows import MANY_BOOKS, POINTS, SINGLE_BOOKS


class Library(Contender):
    """One session for each piece of work."""

    package = "relvar"

    def __init__(self, database: Database) -> None:
        made = model.make(self.package)
        self.Author, self.Book, self.select, self.orm = made.Author, made.Book, made.sa.select, made.orm
        url = database.url.replace("postgresql:", "postgresql+psycopg:")
        self.engine = made.sa.create_engine(url)

    def load(self) -> Any:
        with self.orm.Session(self.engine) as session:
            return session.scalars(self.select(self.Book).order_by(self.Book.id)).all()

    def point(self) -> Any:
        with self.orm.Session(self.engine) as session:
            return [session.get(self.Book, i) for i in range(1, POINTS + 1)]

    def insert_one(self) -> None:
        for values in SINGLE_BOOKS:
            with self.orm.Session(self.engine) as session:
                session.add(self.Book(**values))
                session.commit()

    def insert_many(self) -> None:
        with self.orm.Session(self.engine) as session:
            session.add_all([self.Book(**values) for values in MANY_BOOKS])
            session.commit()

    def update(self) -> None:
        with self.orm.Session(self.engine) as session:
            for book in session.scalars(self.select(self.Book).order_by(self.Book.id)).all():
                book.pages += 1
            session.commit()

    def nested(self) -> list[tuple[str, list[str]]]:
        statement = self.select(self.Author).order_by(self.Author.id)
        statement = statement.options(self.orm.selectinload(self.Author.books))
        with self.orm.Session(self.engine) as session:
            return [(a.name, [book.title for book in a.books]) for a in session.scalars(statement)]

    def close(self) -> None:
        self.engine.dispose()
