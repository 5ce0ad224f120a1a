"""Batched INSERT with RETURNING: whatever order the server answers in, rows meet their parameters."""

from __future__ import annotations

import datetime
import decimal
import random
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pymysql.cursors
import pytest
from decorated_types import Hex

from relvar import (
    JSON,
    Column,
    DateTime,
    Float,
    Identity,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Sequence,
    String,
    Table,
    Uuid,
    bindparam,
    create_engine,
    event,
    exc,
    func,
    insert,
    literal,
    null,
    select,
    text,
)
from relvar.dialects import postgresql, sqlite
from relvar.schema import insert_sentinel
from relvar.types import TypeDecorator

COUNT = 40


metadata = MetaData()


def keyed(name: str, *columns: Any) -> Table:
    """Return a table with a column ``v`` and the given ones."""
    return Table(name, metadata, *columns, Column("v", Integer))


numbered = keyed("numbered", Column("id", Integer, primary_key=True))
identity = keyed("identity", Column("id", Integer, Identity(start=5), primary_key=True))
sequence = keyed("sequence", Column("id", Integer, Sequence("seq"), primary_key=True))
counted = keyed("counted", Column("id", Integer, primary_key=True), insert_sentinel("mark"))
uuids = keyed("uuids", Column("id", Uuid, primary_key=True, default=uuid.uuid4))
text_uuids = keyed(
    "text_uuids",
    Column("id", Uuid(as_uuid=False, native_uuid=False), primary_key=True, default=lambda: str(uuid.uuid4())),
)
marked = keyed(
    "marked",
    Column("id", Integer, primary_key=True),
    Column("code", String(40), default=lambda: uuid.uuid4().hex, insert_sentinel=True, unique=True),
)
served = keyed(
    "served", Column("id", Integer, primary_key=True), Column("w", String(9), server_default="it's")
)

WITHOUT_KEYS = {
    "numbered": numbered,
    "identity": identity,
    "sequence": sequence,
    "counted": counted,
    "uuids": uuids,
    "text_uuids": text_uuids,
    "marked": marked,
    "served": served,
}


class ShuffledSQLite(sqlite3.Cursor):
    """Answers in any order."""

    def fetchall(self) -> list[Any]:
        return shuffled(super().fetchall())


class SQLiteConnection(sqlite3.Connection):
    """A connection of such cursors."""

    def cursor(self, factory: Any = ShuffledSQLite) -> Any:
        return super().cursor(factory)


class ShuffledPostgreSQL(psycopg.Cursor[Any]):
    """Answers in any order."""

    def fetchall(self) -> list[Any]:
        return shuffled(super().fetchall())


class ShuffledMySQL(pymysql.cursors.Cursor):
    """Answers in any order."""

    def fetchall(self) -> Any:
        return shuffled(list(super().fetchall()))


CHANCE = random.Random(7)


def shuffled(rows: list[Any]) -> list[Any]:
    CHANCE.shuffle(rows)
    return rows


@pytest.fixture
def shuffling(url: str) -> Iterator[Any]:
    """An engine whose server answers in any order."""
    arguments: dict[str, Any] = {"cursor_factory": ShuffledPostgreSQL}
    if url.startswith("sqlite"):
        arguments = {"factory": SQLiteConnection}
    elif url.startswith("mariadb"):
        arguments = {"cursorclass": ShuffledMySQL}
    engine = create_engine(url, connect_args=arguments)
    yield engine
    engine.dispose()


@pytest.mark.feature("A025", "D030")
@pytest.mark.parametrize("page", [None, 1, 7, 1000])
@pytest.mark.parametrize("name", WITHOUT_KEYS)
def test_rows_are_matched_to_their_parameters(shuffling: Any, name: str, page: int | None) -> None:
    table = WITHOUT_KEYS[name]
    metadata.create_all(shuffling)
    values = list(range(COUNT, 0, -1))
    statement = insert(table).returning(table.c.id, table.c.v, sort_by_parameter_order=True)
    options = {} if page is None else {"insertmanyvalues_page_size": page}
    with shuffling.begin() as connection:
        rows = connection.execute(statement, [{"v": v} for v in values], execution_options=options).all()
        assert [row.v for row in rows] == values
        for key, value in rows:
            assert connection.scalar(select(table.c.v).where(table.c.id == key)) == value
        defaults = connection.execute(
            insert(table).return_defaults(
                table.c.id, supplemental_cols=[table.c.v], sort_by_parameter_order=True
            ),
            [{"v": v} for v in values],
            execution_options=options,
        )
        assert [row[0] for row in defaults.inserted_primary_key_rows] == [
            connection.scalar(select(table.c.id).where(table.c.v == v).order_by(table.c.id.desc()))
            if name in ("numbered", "identity", "sequence", "counted", "marked", "served")
            else row[0]
            for v, row in zip(values, defaults.inserted_primary_key_rows)
        ]


KEYS: dict[str, tuple[Any, list[Any]]] = {
    "integers": (Integer, [5, 3, 10**6, 1]),
    "text": (String(30), ["b", "A", "it's", "%s", "ß", "0"]),
    "decimals": (Numeric(12, 3), [decimal.Decimal(k) for k in ("1.500", "2", "0.25", "100")]),
    "times": (DateTime, [datetime.datetime(2024, 1, 2, 3, 4, s) for s in (30, 1, 15)]),
    "uuids": (Uuid, [uuid.UUID(int=n) for n in (9, 2, 5)]),
    "own type": (Hex, [255, 16, 17]),
}


@pytest.mark.feature("A025", "D030")
@pytest.mark.parametrize("name", KEYS)
def test_keys_of_every_type_match(shuffling: Any, name: str) -> None:
    type_, keys = KEYS[name]
    table = Table("given", MetaData(), Column("id", type_, primary_key=True), Column("v", Integer))
    table.create(shuffling)
    statement = insert(table).returning(table.c.v, table.c.id, sort_by_parameter_order=True)
    with shuffling.begin() as connection:
        rows = connection.execute(statement, [{"id": key, "v": n} for n, key in enumerate(keys)]).all()
        assert [tuple(row) for row in rows] == [(n, key) for n, key in enumerate(keys)]


@pytest.mark.feature("A025", "D030")
def test_composite_keys_match(shuffling: Any) -> None:
    table = Table(
        "pair",
        MetaData(),
        Column("a", Integer, primary_key=True, autoincrement=False),
        Column("b", String(40), primary_key=True, default=lambda: uuid.uuid4().hex),
        Column("v", Integer),
    )
    table.create(shuffling)
    statement = insert(table).returning(table.c.v, sort_by_parameter_order=True)
    rows = [{"a": n % 3, "v": n} for n in range(COUNT)]
    with shuffling.begin() as connection:
        assert connection.scalars(statement, rows).all() == list(range(COUNT))


@pytest.mark.feature("A025", "D030")
def test_a_key_left_to_the_database_in_some_rows(engine: Any) -> None:
    metadata.create_all(engine)
    statement = insert(numbered).returning(numbered.c.v, sort_by_parameter_order=True)
    rows = [{"id": 50, "v": 1}, {"id": None, "v": 2}, {"id": 60, "v": 3}]
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            with pytest.raises(exc.IntegrityError):
                connection.execute(statement, rows)
        else:
            assert connection.scalars(statement, rows).all() == [1, 2, 3]


@pytest.mark.feature("A025", "D030")
def test_rows_of_defaults_only(engine: Any) -> None:
    metadata.create_all(engine)
    nothing: list[dict[str, Any]] = [{}, {}, {}]
    with engine.begin() as connection:
        ordered = insert(served).returning(served.c.w, served.c.id, sort_by_parameter_order=True)
        rows = connection.execute(ordered, nothing).all()
        assert [row.w for row in rows] == ["it's"] * 3 and sorted(rows, key=lambda row: row.id) == rows
        assert len(connection.execute(insert(served).returning(served.c.id), nothing).all()) == 3
        assert len(connection.execute(insert(counted).returning(counted.c.id), nothing).all()) == 3
        connection.execute(insert(served), nothing)
        assert connection.scalar(select(func.count()).select_from(served)) == 9


@pytest.mark.feature("A025", "D030")
@pytest.mark.backends("sqlite", "postgresql")
def test_a_key_that_the_server_makes_is_no_null(engine: Any) -> None:
    made = "gen_random_uuid()" if engine.dialect.name == "postgresql" else "(hex(randomblob(16)))"
    table = Table(
        "made",
        MetaData(),
        Column("id", Uuid, primary_key=True, server_default=text(made)),
        Column("v", Integer, server_default="3"),
    )
    table.create(engine)
    with engine.begin() as connection:
        rows = connection.execute(insert(table).returning(table.c.id, table.c.v), [{}, {}, {}]).all()
        assert len({row.id for row in rows}) == 3 and None not in {row.id for row in rows}


@pytest.mark.feature("A025", "D030")
def test_expressions_nulls_and_parameters_of_rows(engine: Any) -> None:
    table = Table(
        "mixed",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("a", Integer),
        Column("b", Integer),
        Column("c", String(20)),
        Column("%d (x)", Integer, key="odd"),
    )
    table.create(engine)
    c = table.c
    statement = (
        insert(table)
        .values(
            a=func.abs(bindparam("given")) + 1,
            b=null(),
            c=literal("it's %s") + bindparam("tail", type_=String),
        )
        .returning(c.a, c.b, c.c, c.odd, c.a + bindparam("add", 100), sort_by_parameter_order=True)
    )
    rows = [{"given": -n, "tail": f":{n}", "odd": n} for n in range(20)]
    with engine.begin() as connection:
        found = [tuple(row) for row in connection.execute(statement, rows)]
    assert found == [(n + 1, None, f"it's %s:{n}", n, n + 101) for n in range(20)]


@pytest.mark.feature("A025", "D030")
def test_values_of_every_type_arrive(engine: Any) -> None:
    table = Table(
        "types",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("j", JSON(none_as_null=True)),
        Column("b", LargeBinary),
        Column("d", DateTime),
        Column("n", Numeric(10, 3)),
        Column("f", Float),
        Column("h", Hex),
    )
    table.create(engine)
    day = datetime.datetime(2020, 1, 2, 3, 4, 5)
    rows = [
        {"j": {"a": [1, None]}, "b": b"\0\xff'", "d": day, "n": decimal.Decimal("1.500"), "f": 1.5, "h": 255},
        {"j": None, "b": None, "d": None, "n": None, "f": None, "h": None},
        {"j": "text", "b": b"", "d": day, "n": decimal.Decimal("-2.000"), "f": -0.25, "h": 1},
    ]
    names = list(rows[0])
    with engine.begin() as connection:
        statement = insert(table).returning(*[table.c[n] for n in names], sort_by_parameter_order=True)
        found = [row._asdict() for row in connection.execute(statement, rows)]
    assert found == rows


# How it is sent ------------------------------------------------------------------------------------------


def sent(engine: Any, statement: Any, rows: list[Any], **options: Any) -> list[str]:
    texts: list[str] = []

    def note(conn: Any, cursor: Any, text: str, parameters: Any, context: Any, many: bool) -> None:
        texts.append(text)

    engine.connect().close()  # the first connection asks the server about itself
    event.listen(engine, "before_cursor_execute", note)
    with engine.begin() as connection:
        connection.execute(statement, rows, execution_options=options)
    event.remove(engine, "before_cursor_execute", note)
    return texts


@pytest.mark.feature("A025", "D030")
def test_pages(engine: Any) -> None:
    metadata.create_all(engine)
    rows = [{"v": n} for n in range(10)]
    plain = insert(numbered).returning(numbered.c.v)
    assert len(sent(engine, plain, rows)) == 1
    assert len(sent(engine, plain, rows, insertmanyvalues_page_size=4)) == 3
    assert len(sent(engine, plain, rows, insertmanyvalues_page_size=1)) == 10
    small = create_engine(engine.url, insertmanyvalues_page_size=3)
    assert len(sent(small, plain, rows)) == 4
    small.dispose()


@pytest.mark.feature("A025", "D030")
def test_no_statement_has_more_parameters_than_the_database_takes(engine: Any) -> None:
    table = Table("wide", MetaData(), *[Column(f"c{n}", Integer) for n in range(50)])
    table.create(engine)
    limit = engine.dialect.insertmanyvalues_max_parameters
    assert limit == 32700
    rows = [{f"c{n}": n + m for n in range(50)} for m in range(1500)]
    texts = sent(engine, insert(table).returning(table.c.c0), rows, insertmanyvalues_page_size=100_000)
    assert len(texts) == -(-1500 // (limit // 50))
    with engine.connect() as connection:
        assert connection.scalar(select(func.sum(table.c.c49))) == sum(row["c49"] for row in rows)


@pytest.mark.feature("A025", "D030")
def test_switched_off(engine: Any) -> None:
    metadata.create_all(engine)
    off = create_engine(engine.url, use_insertmanyvalues=False)
    with off.begin() as connection:
        with pytest.raises(exc.StatementError, match=r"does not support INSERT..RETURNING when executemany"):
            connection.execute(insert(numbered).returning(numbered.c.id), [{"v": 1}, {"v": 2}])
        connection.execute(insert(numbered), [{"v": 1}, {"v": 2}])
        assert connection.execute(insert(numbered).returning(numbered.c.v), [{"v": 3}]).all() == [(3,)]
    off.dispose()


@pytest.mark.feature("A025", "D030")
def test_rows_whose_order_cannot_be_known_go_one_by_one(engine: Any) -> None:
    table = Table("keyless", MetaData(), Column("v", Integer))
    table.create(engine)
    rows = [{"v": n} for n in range(5)]
    assert len(sent(engine, insert(table).returning(table.c.v, sort_by_parameter_order=True), rows)) == 5
    assert len(sent(engine, insert(table).returning(table.c.v), rows)) == 1


@pytest.mark.feature("A025", "D030")
def test_a_sentinel_that_is_not_unique_is_an_error(engine: Any) -> None:
    table = Table(
        "twins",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("mark", Integer, default=lambda: 1, insert_sentinel=True),
        Column("v", Integer),
    )
    table.create(engine)
    statement = insert(table).returning(table.c.v, sort_by_parameter_order=True)
    with engine.begin() as connection, pytest.raises(exc.InvalidRequestError, match="fully unique"):
        connection.execute(statement, [{"v": 1}, {"v": 2}])


@pytest.mark.feature("A025", "D030")
@pytest.mark.backends("sqlite", "postgresql")
def test_a_sentinel_that_comes_back_as_another_value_is_an_error(engine: Any) -> None:
    class Lower(TypeDecorator[str]):
        impl = String(20)
        cache_ok = True

        def process_bind_param(self, value: Any, dialect: Any) -> Any:
            return value.lower()

    table = Table("lower", MetaData(), Column("id", Lower, primary_key=True), Column("v", Integer))
    table.create(engine)
    statement = insert(table).returning(table.c.v, sort_by_parameter_order=True)
    with (
        engine.begin() as connection,
        pytest.raises(exc.InvalidRequestError, match="Can't match sentinel values"),
    ):
        connection.execute(statement, [{"id": "A", "v": 1}, {"id": "B", "v": 2}])


@pytest.mark.feature("A025", "D030")
def test_sentinels_that_a_database_cannot_order_are_refused() -> None:
    table = Table(
        "t",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("k", Integer, default=4, insert_sentinel=True),
    )
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    for dialect in (sqlite.dialect(), postgresql.dialect()):
        with pytest.raises(exc.InvalidRequestError, match="can't be explicitly marked as a sentinel column"):
            statement.compile(dialect=dialect, for_executemany=True, column_keys=["id"])


@pytest.mark.feature("A025", "D030")
def test_sentinel_columns_stay_out_of_sight(engine: Any) -> None:
    metadata.create_all(engine)
    with engine.begin() as connection:
        result = connection.execute(
            insert(counted).returning(counted, sort_by_parameter_order=True), [{"v": 4}, {"v": 2}]
        )
        assert list(result.keys()) == ["id", "v"] and [row.v for row in result] == [4, 2]
        assert list(connection.execute(select(counted)).keys()) == ["id", "v"]
        marks = connection.scalars(select(counted.c.mark).order_by(counted.c.id)).all()
        assert sorted(marks) == [0, 1]


@pytest.mark.feature("A025", "D030")
@pytest.mark.backends("postgresql")
def test_uuids_that_only_grow_are_sentinels(engine: Any, sql_log: Callable[[Any], Any]) -> None:
    growing = func.uuidv7(monotonic=True)
    with engine.begin() as connection:
        version = connection.scalar(select(func.current_setting("server_version_num")))
        if int(version) < 180000:  # uuidv7() came with PostgreSQL 18: one of our own
            connection.exec_driver_sql(
                "CREATE SEQUENCE growing; CREATE FUNCTION uuidv7() RETURNS uuid LANGUAGE sql VOLATILE AS "
                "$$ SELECT lpad(to_hex(nextval('growing')), 32, '0')::uuid $$"
            )
    table = Table(
        "grown",
        MetaData(),
        Column("id", Uuid, primary_key=True, server_default=growing),
        Column("v", Integer),
    )
    made = Table(
        "grown2", MetaData(), Column("id", Uuid, primary_key=True, default=growing), Column("v", Integer)
    )
    for target in (table, made):
        target.create(engine)
        log = sql_log(engine)
        statement = insert(target).returning(target.c.v, target.c.id, sort_by_parameter_order=True)
        with engine.begin() as connection:
            rows = connection.execute(statement, [{"v": n} for n in range(COUNT, 0, -1)]).all()
        assert [row.v for row in rows] == list(range(COUNT, 0, -1))
        assert [row.id for row in rows] == sorted(row.id for row in rows)
        assert len(log.texts()) == 1
