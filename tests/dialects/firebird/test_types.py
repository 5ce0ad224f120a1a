"""Values of Firebird's types."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import relvar
from relvar import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Float,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    Time,
    Unicode,
    Uuid,
    exc,
    func,
    insert,
    literal,
    select,
)
from relvar.dialects import firebird as fb
from relvar.schema import CreateTable

pytestmark = pytest.mark.backends("firebird", "firebird5")

_WHEN = dt.datetime(2024, 2, 29, 23, 59, 58, 123400)
VALUES: list[tuple[Any, list[Any]]] = [
    (Integer(), [0, -(2**31), 2**31 - 1]),
    (BigInteger(), [2**63 - 1, -(2**63)]),
    (Boolean(), [True, False]),
    (Float(), [1.5, -1e300, 0.1]),
    (Numeric(10, 2), [Decimal("1.25"), Decimal("-99999999.99")]),
    (String(20), ["", "a€", " blanks ", "100%"]),
    (Unicode(20), ["日本語"]),
    (Text(), ["", "long €" * 20_000]),
    (LargeBinary(), [b"", b"\x00\xff" * 40_000]),
    (fb.FBVARBINARY(8), [b"\x00\x01"]),
    (fb.FBCHAR(3), ["abc"]),
    (fb.FBVARCHAR(10, charset="ASCII"), ["e"]),
    (fb.FBVARCHAR(10, collation="UNICODE_CI"), ["é"]),
    (fb.FBBLOB(-5), [b"own"]),
    (Date(), [dt.date(1, 1, 1), dt.date(9999, 12, 31)]),
    (Time(), [dt.time(23, 59, 59, 999900)]),
    (DateTime(), [_WHEN, dt.datetime(100, 1, 1, 12), dt.datetime(1858, 11, 16, 1, 2, 3, 400)]),
    (Interval(), [dt.timedelta(days=3, seconds=4)]),
    (Enum("a", "b", name="letters"), ["a", "b"]),
    (Uuid(), [uuid.UUID(int=7)]),
    (JSON(), [{"a": [1, None, "é"]}]),
]
NEW_VALUES: list[tuple[Any, list[Any]]] = [
    (fb.FBVARCHAR(10, charset="WIN1252", collation="PXW_INTL"), ["é"]),
    (fb.FBTEXT(charset="WIN1252"), ["é" * 100]),
    (fb.FBINT128(), [2**127 - 1, -(2**127)]),
    (fb.FBDECFLOAT(34), [Decimal("1.234567890123456789012345678901234E+100")]),
    (fb.FBDECFLOAT(16), [Decimal("-0.1")]),
    (Numeric(38, 10), [Decimal("1234567890123456789012345678.0123456789")]),
    (DateTime(timezone=True), [
        _WHEN.replace(tzinfo=dt.UTC),
        _WHEN.replace(tzinfo=dt.timezone(dt.timedelta(hours=-3, minutes=-30))),
        _WHEN.replace(tzinfo=ZoneInfo("Europe/Berlin")),
    ]),
]  # fmt: skip


@pytest.mark.feature("E067")
def test_values_come_back(engine: Any, metadata: MetaData) -> None:
    engine.connect().close()
    is_new = engine.dialect.server_version_info >= (4,)
    cases = VALUES + (NEW_VALUES if is_new else [])
    table = Table("kept", metadata, Column("id", Integer, primary_key=True))
    for number, (type_, _) in enumerate(cases):
        table.append_column(Column(f"c{number}", type_))
    metadata.create_all(engine)
    with engine.begin() as connection:
        for number, (_, values) in enumerate(cases):
            column = table.c[f"c{number}"]
            for value in [*values, None]:
                key = connection.execute(insert(table), {column.key: value}).inserted_primary_key[0]
                found = connection.scalar(select(column).where(table.c.id == key))
                assert found == value, column.type
                assert type(found) is type(value) or isinstance(value, dt.datetime), column.type


def test_values_are_found(engine: Any, metadata: MetaData) -> None:
    """A parameter compared with a column, and the same as a literal."""
    skipped = (JSON, fb.FBBLOB)
    cases = [(type_, values) for type_, values in VALUES if not isinstance(type_, skipped)]
    table = Table("found", metadata, Column("id", Integer, primary_key=True))
    for number, (type_, _) in enumerate(cases):
        table.append_column(Column(f"c{number}", type_))
    metadata.create_all(engine)
    with engine.begin() as connection:
        for number, (_, values) in enumerate(cases):
            column = table.c[f"c{number}"]
            connection.execute(insert(table), {column.key: values[-1]})
            if isinstance(column.type, Float):
                continue
            assert connection.scalar(select(func.count()).where(column == values[-1])) == 1, column.type
            if isinstance(values[-1], (bytes, str)) and len(values[-1]) > 1000:
                continue
            inline = select(func.count()).where(
                column == literal(values[-1], column.type, literal_execute=True)
            )
            assert connection.scalar(inline) == 1, column.type


def test_newer_types_are_refused_on_older_servers(engine: Any) -> None:
    engine.connect().close()
    table = Table("newer", MetaData(), Column("x", fb.FBINT128))
    if engine.dialect.server_version_info >= (4,):
        assert "INT128" in str(CreateTable(table).compile(engine))
        with engine.connect() as connection:
            # 64 bits are not enough for what 64 bits sum up to
            assert connection.scalar(select(literal(2**62, BigInteger) * literal(4, BigInteger))) == 2**64
    else:
        with pytest.raises(exc.CompileError, match="INT128 needs Firebird 4"):
            CreateTable(table).compile(engine)


def test_wrong_values_are_refused(engine: Any, metadata: MetaData) -> None:
    table = Table("narrow", metadata, Column("b", LargeBinary), Column("s", String))
    with pytest.raises(exc.CompileError, match="VARCHAR requires a length"):
        metadata.create_all(engine)
    with engine.connect() as connection, pytest.raises(exc.StatementError, match="takes bytes"):
        connection.execute(select(literal("text", LargeBinary)))
    assert relvar.inspect(engine).get_table_names() == []
    assert table.name and decimal.getcontext()
