"""
The dialect of Oracle Database run on H2, whose Oracle mode understands a part of what Oracle does.

H2 answers by PostgreSQL's protocol, so the driver is psycopg; values are put into the text, as H2 does not
know parameters without a type. What H2 does not have is only compared as text: RETURNING INTO, CONNECT BY,
(+), hints, JSON, vectors, the data dictionary, sessions' settings.
"""

from __future__ import annotations

import datetime as dt
import decimal
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from relvar import (
    CHAR,
    CLOB,
    BigInteger,
    Column,
    Computed,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Sequence,
    String,
    Table,
    Text,
    Unicode,
    UniqueConstraint,
    cast,
    create_engine,
    delete,
    event,
    exc,
    except_,
    func,
    insert,
    inspect,
    intersect,
    literal,
    select,
    text,
    union_all,
    update,
    upsert,
)
from relvar.dialect.context import DefaultExecutionContext
from relvar.dialects import oracle, registry
from relvar.dialects.oracle.base import OracleDialect
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload
from relvar.schema import DropSequence

sys.path.insert(0, str(Path(__file__).parents[1]))

from h2_connection import QuickConnection  # in the folder above, not a package

ORACLE = os.environ.get("RELVAR_TEST_ORACLE", "")


class Context(DefaultExecutionContext):
    def fire_sequence(self, seq: Any, type_: Any) -> Any:
        return self._execute_scalar(
            f"SELECT {self.identifier_preparer.format_sequence(seq)}.nextval FROM DUAL", type_
        )


class H2Dialect(OracleDialect):
    """Oracle's statements, H2's server, PostgreSQL's driver."""

    driver = "h2"
    supports_statement_cache = True
    execution_ctx_cls = Context
    default_paramstyle = "pyformat"
    insert_returning = update_returning = delete_returning = False
    preexecute_autoincrement_sequences = True
    supports_native_decimal = True

    @classmethod
    def import_dbapi(cls) -> Any:
        return psycopg

    def create_connect_args(self, url: Any) -> Any:
        options = {"cursor_factory": psycopg.ClientCursor, "dbname": url.database, "prepare_threshold": None}
        return [], {**url.translate_connect_args(username="user", database="dbname"), **options}

    def connect(self, *args: Any, **kw: Any) -> Any:
        return QuickConnection.connect(*args, **kw)

    def on_connect(self) -> Any:
        def connected(connection: Any) -> None:
            connection.execute("SET MODE Oracle")
            connection.commit()

        return connected

    def _get_server_version_info(self, connection: Any) -> tuple[int, ...]:
        return (19,)

    def _get_default_schema_name(self, connection: Any) -> str:
        return "public"

    def do_release_savepoint(self, connection: Any, name: str) -> None: ...

    def _has(self, connection: Any, kind: str, name: str) -> bool:
        # this protocol's databases have names in lower case
        query = text(f"SELECT 1 FROM information_schema.{kind}s WHERE {kind}_name = :name")
        return connection.scalar(query, {"name": name}) is not None

    def has_table(self, connection: Any, table_name: str, schema: Any = None, **kw: Any) -> bool:
        return self._has(connection, "table", table_name)

    def has_sequence(self, connection: Any, sequence_name: str, schema: Any = None, **kw: Any) -> bool:
        return self._has(connection, "sequence", sequence_name)


def empty(engine: Any) -> None:
    """Drop what tests have left in a schema of Oracle Database."""
    left = MetaData()
    left.reflect(engine)
    left.drop_all(engine)
    with engine.begin() as connection:
        for name in inspect(connection).get_sequence_names():
            connection.execute(DropSequence(Sequence(name)))


@pytest.fixture(params=["h2", *(["oracle"] if ORACLE else [])])
def server(request: pytest.FixtureRequest) -> Iterator[Any]:
    """An engine on an empty database of H2, and on Oracle Database itself where its URL is given."""
    if request.param == "oracle":
        engine = create_engine(ORACLE)
        empty(engine)
    else:
        registry.impls["oracle.h2"] = lambda: H2Dialect
        engine = create_engine(request.getfixturevalue("h2_url").replace("postgresql://", "oracle+h2://"))
    yield engine
    engine.dispose()
    registry.impls.pop("oracle.h2", None)


@pytest.fixture
def pages(server: Any, metadata: MetaData) -> Table:
    table = Table(
        "pages",
        metadata,
        Column("id", Integer, Sequence("page_numbers"), primary_key=True),
        Column("address", String(100), unique=True),
        Column("title", Unicode(100)),
        Column("reads", Integer, default=1),
    )
    metadata.create_all(server)
    return table


def fill(server: Any, pages: Table, count: int = 5) -> None:
    with server.begin() as connection:
        connection.execute(insert(pages), [{"address": f"/{n}", "title": f"t{n}"} for n in range(count)])


# -- upsert ------------------------------------------------------------------------------------------


@pytest.mark.feature("D031")
def test_upsert(server: Any, pages: Table) -> None:
    put = upsert(pages).on_conflict(pages.c.address)
    shown = select(pages.c.address, pages.c.title, pages.c.reads).order_by(pages.c.address)
    with server.begin() as connection:
        connection.execute(put, [{"address": "/", "title": "Home"}, {"address": "/about", "title": "About"}])
        connection.execute(put, {"address": "/", "title": "Start"})
        assert connection.execute(shown).all() == [("/", "Start", 1), ("/about", "About", 1)]
        count = put.update("title", reads=pages.c.reads + put.excluded.reads)
        connection.execute(count, {"address": "/", "title": "Home", "reads": 4})
        connection.execute(count, {"address": "/new", "title": "New", "reads": 9})
        connection.execute(put.do_nothing(), {"address": "/about", "title": "never"})
        assert connection.execute(shown).all() == [
            ("/", "Home", 5),
            ("/about", "About", 1),
            ("/new", "New", 9),
        ]
        connection.execute(put.values([{"address": "/", "title": "x"}, {"address": "/2", "title": "y"}]))
        assert connection.execute(shown).all()[:2] == [("/", "x", 5), ("/2", "y", 1)]
        source = select(literal("/3").label("a"), func.lower("ABC").label("b"))
        connection.execute(put.from_select(["address", "title"], source))
        assert connection.scalar(select(pages.c.title).where(pages.c.address == "/3")) == "abc"
        assert connection.scalar(select(func.count(pages.c.id.distinct()))) == 5
    with server.begin() as connection, pytest.raises(exc.DBAPIError, match="nique"):
        connection.execute(upsert(pages).values(id=99, address="/"))


def test_upsert_swaps_columns_and_leaves_null_keys(server: Any, metadata: MetaData) -> None:
    pair = Table(
        "pair",
        metadata,
        Column("k", Integer),
        Column("a", Integer),
        Column("b", Integer),
        UniqueConstraint("k"),
    )
    metadata.create_all(server)
    put = upsert(pair).on_conflict(pair.c.k)
    with server.begin() as connection:
        connection.execute(insert(pair).values(k=1, a=10, b=20))
        connection.execute(put.values(k=1).update(a=pair.c.b, b=pair.c.a))
        assert connection.execute(select(pair)).all() == [(1, 20, 10)]
        for _ in range(2):
            connection.execute(put.values(k=None, a=0))
        assert connection.scalar(select(func.count()).select_from(pair)) == 3


# -- paging, locks, sets -------------------------------------------------------------------------------


@pytest.mark.parametrize("offset_fetch", [True, False], ids=["offset fetch", "rownum"])
@pytest.mark.feature("E052")
def test_pages(server: Any, pages: Table, offset_fetch: bool) -> None:
    fill(server, pages)
    server.dialect._supports_offset_fetch = offset_fetch
    addresses = select(pages.c.address)
    seen: list[str] = []
    event.listen(server, "before_cursor_execute", lambda conn, cursor, sql, *rest: seen.append(sql))
    with server.connect() as connection:

        def of(statement: Any) -> list[str]:
            return list(connection.scalars(statement))

        up, down = addresses.order_by(pages.c.id), addresses.order_by(pages.c.id.desc())
        assert of(up.limit(2)) == ["/0", "/1"]
        assert of(down.limit(2)) == ["/4", "/3"]
        assert of(up.offset(3)) == ["/3", "/4"]
        assert of(down.limit(2).offset(1)) == ["/3", "/2"]
        assert of(up.limit(0)) == []
        within = select(pages.c.address).where(
            pages.c.id.in_(select(pages.c.id).order_by(pages.c.id).limit(2))
        )
        assert sorted(of(within)) == ["/0", "/1"]
    server.dialect.optimize_limits = True
    server.clear_compiled_cache()
    with server.connect() as connection:
        connection.execute(addresses.order_by(pages.c.id).limit(3))
    assert all(("ROWNUM" in sql) is not offset_fetch for sql in seen)
    assert ("/*+ FIRST_ROWS(3) */" in seen[-1]) is not offset_fetch


def test_rows_are_locked(server: Any, pages: Table) -> None:
    fill(server, pages, 1)
    with server.begin() as connection:
        assert connection.scalar(select(pages.c.address).with_for_update()) == "/0"


def test_sets(server: Any) -> None:
    def numbers(*values: int) -> Any:
        return union_all(*[select(literal(value).label("n")) for value in values])

    with server.connect() as connection:
        assert connection.scalars(except_(numbers(1, 2, 3), numbers(2))).all() == [1, 3]
        assert connection.scalars(intersect(numbers(1, 2), numbers(2, 3))).all() == [2]


# -- values and functions ---------------------------------------------------------------------------------


def test_the_empty_text_is_null(server: Any, pages: Table) -> None:
    with server.begin() as connection:
        connection.execute(insert(pages).values(address="", title="x"))
        assert connection.execute(select(pages.c.address)).all() == [(None,)]
        assert connection.scalar(select(pages.c.title).where(pages.c.address.is_(None))) == "x"
        assert connection.scalar(select(pages.c.title).where(pages.c.address == "")) is None


def test_functions_and_operators(server: Any, pages: Table) -> None:
    fill(server, pages, 3)
    a, b = literal(13), literal(5)
    with server.connect() as connection:

        def value(expression: Any) -> Any:
            return connection.scalar(select(expression))

        assert value(a % b) == 3
        assert value(a.bitwise_and(b)) == 5
        assert value(func.char_length("four")) == 4
        assert value(func.pow(2, 3)) == 8
        assert value(func.coalesce(None, 3)) == 3
        assert value(cast("12", Integer)) == 12
        assert value(cast(12, String)) == "12"
        assert value(func.aggregate_strings(pages.c.title, "-").select().scalar_subquery()) == "t0-t1-t2"
        found = select(pages.c.title).where(pages.c.title.regexp_match("^t[12]$")).order_by(pages.c.title)
        assert connection.scalars(found).all() == ["t1", "t2"]
        assert value(func.regexp_replace("abc", "b", "x")) == "axc"
        different = select(pages.c.title).where(pages.c.title.is_distinct_from("t1")).order_by(pages.c.title)
        assert connection.scalars(different).all() == ["t0", "t2"]
        assert connection.scalars(
            select(pages.c.title).where(pages.c.title.is_not_distinct_from("t1"))
        ).all() == ["t1"]
        assert value(func.now()) is not None
        assert value(
            literal(dt.datetime(2026, 1, 2, 3, 4, 5), DateTime, literal_execute=True)
        ) == dt.datetime(2026, 1, 2, 3, 4, 5)


@pytest.mark.feature("E048")
def test_types(server: Any, metadata: MetaData) -> None:
    table = Table(
        "kinds",
        metadata,
        Column("id", BigInteger, primary_key=True, autoincrement=False),
        Column("n", oracle.NUMBER(10, 2)),
        Column("f", Float),
        Column("bd", oracle.BINARY_DOUBLE),
        Column("d", Date),
        Column("dt", DateTime),
        Column("ts", oracle.TIMESTAMP),
        Column("c", Text),
        Column("b", LargeBinary),
        Column("ch", CHAR(3)),
        Column("v", oracle.VARCHAR2(20)),
        Column("r", oracle.RAW(4)),
        Column("p", Numeric(12, 3)),
        Column("clob", CLOB),
        Column("twice", BigInteger, Computed("id * 2")),
        comment="all kinds",
    )
    metadata.create_all(server)
    moment = dt.datetime(2026, 1, 2, 3, 4, 5, 678000)
    row = {
        "id": 2**29,
        "n": decimal.Decimal("1.25"),
        "f": 1.5,
        "bd": 2.5,
        "d": dt.date(2026, 1, 2),
        "dt": moment.replace(microsecond=0),
        "ts": moment,
        "c": "long",
        "ch": "abc",
        "v": "x",
        "p": decimal.Decimal("1.125"),
        "clob": "longer",
    }
    with server.begin() as connection:
        connection.execute(insert(table), row)
        found = connection.execute(select(table)).mappings().one()
    shown = dict(found)
    # DATE has a time of day, which the driver of PostgreSQL gives as a datetime
    shown["d"] = shown["d"].date() if isinstance(shown["d"], dt.datetime) else shown["d"]
    assert {name: shown[name] for name in row} == row
    assert shown["twice"] == 2**30


# -- schema ------------------------------------------------------------------------------------------------


@pytest.mark.feature("E050")
def test_tables_and_indexes(server: Any, metadata: MetaData) -> None:
    parent = Table("Parent Table", metadata, Column("id", Integer, Identity(start=5), primary_key=True))
    child = Table(
        "child",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("select", Integer, ForeignKey("Parent Table.id", ondelete="CASCADE")),
        Column("Mixed", String(10), comment="mixed"),
        Index("ix_mixed", "Mixed", "select", unique=True),
    )
    metadata.create_all(server)
    with server.begin() as connection:
        connection.execute(text('INSERT INTO "Parent Table" (id) VALUES (DEFAULT)'))
        assert connection.scalar(select(parent.c.id)) == 5
        connection.execute(insert(child).values(id=1, select=5, Mixed="x"))
        assert connection.execute(select(child)).mappings().one() == {"id": 1, "select": 5, "Mixed": "x"}
        connection.execute(delete(parent))
        assert connection.execute(select(child)).all() == []
    metadata.drop_all(server)


def test_savepoints(server: Any, pages: Table) -> None:
    with server.begin() as connection:
        connection.execute(insert(pages).values(address="kept"))
        with pytest.raises(ZeroDivisionError), connection.begin_nested():
            connection.execute(insert(pages).values(address="gone"))
            raise ZeroDivisionError
        with connection.begin_nested():
            connection.execute(update(pages).values(title="t"))
    with server.connect() as connection:
        assert connection.execute(select(pages.c.address, pages.c.title)).all() == [("kept", "t")]


@pytest.mark.feature("E050")
def test_keys_of_a_sequence(server: Any, pages: Table) -> None:
    with server.begin() as connection:
        keys = [connection.execute(insert(pages).values(title="x")).inserted_primary_key for _ in range(3)]
        assert keys == [(1,), (2,), (3,)]
        assert connection.scalar(Sequence("page_numbers")) == 4
        connection.execute(insert(pages), [{"title": "y"}, {"title": "z"}])
        assert connection.scalars(select(pages.c.id).order_by(pages.c.id)).all() == [1, 2, 3, 5, 6]


def test_objects(server: Any) -> None:
    class Base(DeclarativeBase):
        pass

    class Author(Base):
        __tablename__ = "author"
        id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
        name: Mapped[str] = mapped_column(String(30))
        books: Mapped[list[Book]] = relationship(back_populates="author", order_by="Book.id")

    class Book(Base):
        __tablename__ = "book"
        id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
        author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
        title: Mapped[str] = mapped_column(String(30))
        author: Mapped[Author] = relationship(back_populates="books")

    Base.metadata.create_all(server)
    with Session(server) as session:
        session.add(Author(id=1, name="ann", books=[Book(id=1, title="one"), Book(id=2, title="two")]))
        session.commit()
        author = session.scalars(select(Author).options(selectinload(Author.books))).one()
        assert [(book.id, book.title) for book in author.books] == [(1, "one"), (2, "two")]
        author.books[0].title = "1"
        session.delete(author.books[1])
        session.commit()
        joined = select(Author.name, Book.title).join(Author.books).where(Author.id.in_([1, 2]))
        assert session.execute(joined).all() == [("ann", "1")]
