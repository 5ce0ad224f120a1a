"""
What H2 in its mode for SQL Server can run is run there, through PostgreSQL's protocol; and on SQL Server
itself, where ``RELVAR_TEST_MSSQL`` has the URL of a database.

H2 has no OUTPUT, hints of MERGE, SAVE TRANSACTION, IDENTITY_INSERT or ``sys`` views: keys are asked for by
``scope_identity()`` here, and the hint is left out.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from relvar import (
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    Sequence,
    String,
    Table,
    Text,
    Unicode,
    Uuid,
    create_engine,
    exc,
    func,
    insert,
    select,
    text,
    update,
    upsert,
)
from relvar.dialects import mssql, registry
from relvar.dialects.mssql.compiler import MSSQLCompiler
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload

sys.path.insert(0, str(Path(__file__).parent))

from mssql_h2 import H2Dialect  # beside this file, not a package

URL = os.environ.get("RELVAR_TEST_MSSQL", "")


class Compiler(MSSQLCompiler):
    def _merge_target(self, stmt: Any) -> str:
        return self.preparer.format_table(stmt.table)


class LanguageDialect(H2Dialect):
    """Has no ``sys`` views to look into, and cannot return rows of what it writes."""

    supports_statement_cache = True
    statement_compiler: Any = Compiler
    insert_returning = update_returning = delete_returning = False

    def _get_default_schema_name(self, connection: Any) -> str:
        return "public"

    def _has_extended_properties(self, connection: Any) -> bool:
        return False

    def has_table(self, connection: Any, table_name: str, schema: Any = None, **kw: Any) -> bool:
        query = text("SELECT 1 FROM information_schema.tables WHERE table_name = :name")
        return connection.scalar(query, {"name": table_name}) is not None

    def has_multi_table(self, connection: Any, table_names: Any, schema: Any = None, **kw: Any) -> Any:
        return {(schema, name): self.has_table(connection, name) for name in table_names}

    def has_sequence(self, connection: Any, sequence_name: str, schema: Any = None, **kw: Any) -> bool:
        query = text("SELECT 1 FROM information_schema.sequences WHERE sequence_name = :name")
        return connection.scalar(query, {"name": sequence_name}) is not None


@pytest.fixture(params=["h2", *(["mssql"] if URL else [])])
def server(request: pytest.FixtureRequest, metadata: MetaData) -> Iterator[Any]:
    """An engine on H2, in a database of its own, and on SQL Server itself where its URL is given."""
    if request.param == "mssql":
        engine = create_engine(URL)
    else:
        registry.impls["mssql.h2"] = lambda: LanguageDialect
        url = request.getfixturevalue("h2_url").replace("postgresql://", "mssql+h2://")
        engine = create_engine(f"{url}_of_sqlserver")
    with engine.connect():
        # the database is there as long as a connection to it
        yield engine
        metadata.drop_all(engine)
    engine.dispose()
    registry.impls.pop("mssql.h2", None)


@pytest.fixture
def pages(server: Any, metadata: MetaData) -> Table:
    table = Table(
        "pages",
        metadata,
        Column("id", Integer, Identity(start=100, increment=10), primary_key=True),
        Column("address", Unicode(50), unique=True),
        Column("title", String(50)),
        Column("reads", Integer, default=1),
        Column("order", Integer),
        Index("ix_title", "title"),
    )
    metadata.create_all(server)
    return table


def fill(connection: Any, pages: Table, count: int = 5) -> None:
    rows = [{"address": f"/{n}", "title": f"t{n}", "order": n // 2} for n in range(count)]
    connection.execute(insert(pages), rows)


def test_keys(server: Any, pages: Table) -> None:
    with server.begin() as connection:
        assert connection.execute(insert(pages), {"address": "/a"}).inserted_primary_key == (100,)
        result = connection.execute(insert(pages), {"address": "/b"})
        assert (result.inserted_primary_key, result.rowcount) == ((110,), 1)
        fill(connection, pages, 50)
        assert connection.scalar(select(pages.c.id).where(pages.c.address == "/49")) == 610


def test_paging(server: Any, pages: Table) -> None:
    with server.begin() as connection:
        fill(connection, pages)
        names = select(pages.c.title).order_by(pages.c.id)
        assert connection.scalars(names.limit(2)).all() == ["t0", "t1"]
        assert connection.scalars(names.limit(2).offset(1)).all() == ["t1", "t2"]
        assert connection.scalars(names.offset(3)).all() == ["t3", "t4"]
        tied = select(pages.c.order).order_by(pages.c.order).fetch(1, with_ties=True)
        assert connection.scalars(tied).all() == [0, 0]
        assert len(connection.scalars(names.fetch(60, percent=True)).all()) == 3
        inner = names.limit(3).offset(1).subquery()
        assert connection.scalar(select(func.count()).select_from(inner)) == 3
        # as for SQL Server 2008
        server.dialect._supports_offset_fetch = False
        server.clear_compiled_cache()
        assert connection.scalars(names.limit(2).offset(1)).all() == ["t1", "t2"]
        assert connection.scalars(names.offset(3)).all() == ["t3", "t4"]


@pytest.mark.feature("D031")
def test_upsert(server: Any, pages: Table) -> None:
    put = upsert(pages).on_conflict(pages.c.address)
    shown = select(pages.c.address, pages.c.title, pages.c.reads).order_by(pages.c.address)
    with server.begin() as connection:
        connection.execute(put, [{"address": "/", "title": "Home"}, {"address": "/about", "title": "About"}])
        assert connection.execute(put, {"address": "/", "title": "Start"}).rowcount == 1
        assert connection.execute(shown).all() == [("/", "Start", 1), ("/about", "About", 1)]
        count = put.update("title", reads=pages.c.reads + put.excluded.reads)
        connection.execute(count, {"address": "/", "title": "Home", "reads": 4})
        newer = put.where(pages.c.reads < put.excluded.reads)
        connection.execute(newer, {"address": "/", "title": "never", "reads": 2})
        connection.execute(put.do_nothing(), {"address": "/about", "title": "never"})
        connection.execute(put.values([{"address": "/x", "title": None}, {"address": "/", "title": "now"}]))
        assert connection.execute(shown).all() == [("/", "now", 5), ("/about", "About", 1), ("/x", None, 1)]
        other = select(pages.c.address + "2", pages.c.title).where(pages.c.reads == 5)
        connection.execute(put.from_select(["address", "title"], other))
        assert connection.scalar(select(pages.c.title).where(pages.c.address == "/2")) == "now"
        with pytest.raises(exc.IntegrityError):
            connection.execute(insert(pages), {"address": "/"})


def test_sequences(server: Any, metadata: MetaData) -> None:
    numbers = Sequence("numbers_of_h2", start=5, increment=2, metadata=metadata)
    numbered = Table(
        "numbered_of_h2", metadata, Column("id", Integer, numbers, primary_key=True), Column("n", Integer)
    )
    metadata.create_all(server)
    with server.begin() as connection:
        assert connection.scalar(numbers) == 5
        assert connection.scalar(select(numbers.next_value())) == 7
        connection.execute(insert(numbered), [{"n": 1}, {"n": 2}])
        assert connection.scalars(select(numbered.c.id).order_by(numbered.c.n)).all() == [9, 11]


def test_values(server: Any, metadata: MetaData) -> None:
    kinds = Table(
        "kinds",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("u", Unicode(200)),
        Column("long", Text),
        Column("num", Numeric(12, 3)),
        Column("mny", mssql.MONEY),
        Column("f", Float),
        Column("d", Date),
        Column("dt", DateTime),
        Column("dt2", mssql.DATETIME2(3)),
        Column("uid", Uuid),
        Column("ok", Boolean),
    )
    metadata.create_all(server)
    row = {
        "id": 1,
        "u": "é€😀",
        "long": "text",
        "num": Decimal("1234.567"),
        "mny": Decimal("12.3400"),
        "f": 1.5,
        "d": dt.date(2024, 5, 17),
        "dt": dt.datetime(2024, 5, 17, 1, 2, 3),
        "dt2": dt.datetime(2024, 5, 17, 1, 2, 3, 456000),
        "uid": uuid.UUID(int=5),
        "ok": True,
    }
    with server.begin() as connection:
        connection.execute(insert(kinds), row)
        connection.execute(insert(kinds), {"id": 2})
        first, second = connection.execute(select(kinds).order_by(kinds.c.id)).mappings()
        assert {name: value for name, value in first.items() if value != row[name]} == {}
        assert list(second.values()) == [2, *[None] * 10]
        assert connection.scalars(select(kinds.c.id).where(kinds.c.ok)).all() == [1]
        assert connection.scalars(select(kinds.c.id).where(kinds.c.uid == row["uid"])).all() == [1]


def test_expressions(server: Any, pages: Table) -> None:
    with server.begin() as connection:
        fill(connection, pages, 3)
        row = connection.execute(
            select(
                pages.c.address + "-" + pages.c.title,
                func.length(pages.c.title),
                pages.c.id / 8,
                pages.c.id % 7,
            )
            .with_hint(pages, "WITH (NOLOCK)")
            .where(pages.c.title.in_(["t1", "x"]), pages.c.order.not_in([]))
        ).one()
        assert row == ("/1-t1", 2, Decimal("13.75"), 5)
        assert connection.scalars(select(pages.c.id).where(pages.c.id.in_([]))).all() == []
        assert isinstance(connection.scalar(select(func.now())), dt.datetime)
        missing = select(pages.c.id).where(pages.c.title.is_distinct_from("t1")).order_by(pages.c.id)
        assert connection.scalars(missing).all() == [100, 120]
        changed = update(pages).where(pages.c.title == "t1").values(reads=pages.c.reads + 4)
        assert connection.execute(changed).rowcount == 1
        total = func.sum(pages.c.reads).over(order_by=pages.c.id)
        assert connection.scalars(select(total).order_by(pages.c.id)).all() == [1, 6, 7]


def test_a_session(server: Any) -> None:
    class Base(DeclarativeBase): ...

    class Author(Base):
        __tablename__ = "authors_of_h2"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(Unicode(30))
        books: Mapped[list[Book]] = relationship(order_by="Book.id")

    class Book(Base):
        __tablename__ = "books_of_h2"
        id: Mapped[int] = mapped_column(primary_key=True)
        title: Mapped[str] = mapped_column(Unicode(30))
        author_id: Mapped[int] = mapped_column(ForeignKey("authors_of_h2.id"))

    Base.metadata.create_all(server)
    with Session(server) as session:
        session.add_all(
            [Author(name=f"é{n}", books=[Book(title=f"b{n}{i}") for i in range(3)]) for n in range(3)]
        )
        session.commit()
        query = select(Author).options(selectinload(Author.books)).order_by(Author.id).limit(2).offset(1)
        found = session.scalars(query).all()
        assert [(a.name, [b.title for b in a.books]) for a in found] == [
            ("é1", ["b10", "b11", "b12"]),
            ("é2", ["b20", "b21", "b22"]),
        ]
        found[0].books[0].title = "new"
        session.delete(found[1].books[2])
        session.commit()
        assert session.scalar(select(func.count(Book.id))) == 8
    Base.metadata.drop_all(server)
