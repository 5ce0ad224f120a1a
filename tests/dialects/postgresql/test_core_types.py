"""Types of PostgreSQL: how they are written, what values they take and give, what is reflected, operators."""

from __future__ import annotations

import datetime as dt
import decimal
import ipaddress
import uuid
from typing import Any

import pytest

from relvar import (
    Column,
    Integer,
    Interval,
    MetaData,
    Numeric,
    Table,
    Uuid,
    cast,
    exc,
    extract,
    func,
    insert,
    inspect,
    literal,
    select,
    text,
    types,
)
from relvar.dialects import postgresql as pg

DIALECT = pg.dialect()
MOMENT = dt.datetime(2021, 3, 15, 12, 5, 57, 123000)
SPAN = dt.timedelta(days=1, hours=2, seconds=3, milliseconds=4)

# type, how DDL writes it, a value
TYPES: list[tuple[Any, str, Any]] = [
    (pg.ARRAY(Integer), "INTEGER[]", [1, None]),
    (pg.ARRAY(Integer, dimensions=2), "INTEGER[][]", [[1, 2], [3, 4]]),
    (pg.ARRAY(Integer, as_tuple=True), "INTEGER[]", (1, 2)),
    (pg.ARRAY(Integer, zero_indexes=True), "INTEGER[]", [1]),
    (pg.BIGINT(), "BIGINT", 2**60),
    (pg.BIT(3), "BIT(3)", pg.BitString("101")),
    (pg.BIT(5, varying=True), "BIT VARYING(5)", pg.BitString("1")),
    (pg.BIT(varying=True), "BIT VARYING", pg.BitString("10")),
    (pg.BOOLEAN(), "BOOLEAN", True),
    (pg.BYTEA(), "BYTEA", b"\x00\xff'%\\"),
    (pg.CHAR(3), "CHAR(3)", "abc"),
    (pg.CIDR(), "CIDR", ipaddress.ip_network("192.168.0.0/24")),
    (pg.CITEXT(), "CITEXT", "Abc"),
    (pg.DATE(), "DATE", MOMENT.date()),
    (pg.DOUBLE_PRECISION(), "DOUBLE PRECISION", 1.5),
    (pg.ENUM("a", "b", name="letter"), "letter", "b"),
    (pg.DOMAIN("small", Integer), "small", 5),
    (pg.FLOAT(), "FLOAT", 2.25),
    (pg.HSTORE(), "HSTORE", {"a": "1", "b": None}),
    (pg.INET(), "INET", ipaddress.ip_address("192.168.0.1")),
    (pg.INTEGER(), "INTEGER", -5),
    (pg.INTERVAL(), "INTERVAL", SPAN),
    (pg.INTERVAL(precision=3), "INTERVAL (3)", SPAN),
    (pg.INTERVAL(fields="DAY TO SECOND", precision=3), "INTERVAL DAY TO SECOND (3)", SPAN),
    (pg.INTERVAL(fields="HOUR"), "INTERVAL HOUR", dt.timedelta(hours=5)),
    (pg.JSON(), "JSON", {"a": [1, None]}),
    (pg.JSONB(), "JSONB", {"a": [1, None]}),
    (pg.JSONPATH(), "JSONPATH", '$."a"'),
    (pg.MACADDR(), "MACADDR", "08:00:2b:01:02:03"),
    (pg.MACADDR8(), "MACADDR8", "08:00:2b:01:02:03:04:05"),
    (pg.MONEY(), "MONEY", None),
    (pg.NUMERIC(6, 2), "NUMERIC(6, 2)", decimal.Decimal("12.50")),
    (pg.NUMERIC(asdecimal=False), "NUMERIC", 1.5),
    (pg.OID(), "OID", 5),
    (pg.REAL(), "REAL", 0.5),
    (pg.REGCLASS(), "REGCLASS", "pg_class"),
    (pg.REGCONFIG(), "REGCONFIG", "english"),
    (pg.SMALLINT(), "SMALLINT", 7),
    (pg.TEXT(), "TEXT", "it's 100%"),
    (pg.TIME(), "TIME WITHOUT TIME ZONE", MOMENT.time()),
    (pg.TIME(precision=3), "TIME(3) WITHOUT TIME ZONE", MOMENT.time()),
    (pg.TIME(timezone=True), "TIME WITH TIME ZONE", MOMENT.time().replace(tzinfo=dt.UTC)),
    (pg.TIMESTAMP(), "TIMESTAMP WITHOUT TIME ZONE", MOMENT),
    (pg.TIMESTAMP(precision=3), "TIMESTAMP(3) WITHOUT TIME ZONE", MOMENT),
    (pg.TIMESTAMP(True, 3), "TIMESTAMP(3) WITH TIME ZONE", MOMENT.replace(tzinfo=dt.UTC)),
    (pg.TSQUERY(), "TSQUERY", "'a' & 'b'"),
    (pg.TSVECTOR(), "TSVECTOR", "'a' 'b'"),
    (pg.UUID(), "UUID", uuid.UUID(int=5)),
    (pg.UUID(as_uuid=False), "UUID", str(uuid.UUID(int=5))),
    (pg.VARCHAR(9), "VARCHAR(9)", "Ünïcode"),
]


@pytest.fixture
def extensions(pg_engine: Any) -> Any:
    with pg_engine.begin() as connection:
        for name in ("hstore", "citext"):
            connection.execute(text(f"CREATE EXTENSION {name}"))
    pg_engine.dispose()  # drivers look for hstore when they connect
    return pg_engine


@pytest.mark.feature("E016", "E022")
def test_types(extensions: Any) -> None:
    metadata = MetaData()
    columns = [Column(f"c{n}", type_) for n, (type_, _, _) in enumerate(TYPES)]
    table = Table("t", metadata, Column("id", Integer, primary_key=True), *columns)
    for type_, written, _ in TYPES:
        assert type_.compile(dialect=DIALECT) == written
    metadata.create_all(extensions)
    values = {f"c{n}": value for n, (_, _, value) in enumerate(TYPES)}
    nothing = dict.fromkeys(values)
    with extensions.begin() as connection:
        connection.execute(insert(table), values)  # one row
        connection.execute(insert(table), [values, nothing])  # several
        inserted = connection.execute(insert(table).returning(table), values).one()  # and what comes back
        rows = connection.execute(select(table).order_by(table.c.id)).all()
        for n, (type_, _, value) in enumerate(TYPES, 1):
            for row in (inserted, rows[0], rows[1]):
                assert row[n] == value, type_
                assert type(row[n]) is type(value), type_
            assert rows[2][n] is None
        # the same as literals
        inline = insert(table).values({"id": 9, **values})
        connection.exec_driver_sql(str(inline.compile(connection, compile_kwargs={"literal_binds": True})))
        assert tuple(connection.execute(select(table).where(table.c.id == 9)).one())[1:] == tuple(rows[0])[1:]
        # and reflected
        for (type_, written, _), found in zip(TYPES, inspect(connection).get_columns("t")[1:]):
            expected = written.replace("[][]", "[]")  # the server does not keep how many
            expected = "DOUBLE PRECISION" if expected == "FLOAT" else expected
            assert found["type"].compile(dialect=DIALECT).upper() == expected.upper(), type_
            assert isinstance(found["type"], (type(type_), types.DOUBLE_PRECISION)), type_


@pytest.mark.feature("E016")
def test_network_addresses(pg_engine: Any) -> None:
    address, network = pg.INET(), pg.CIDR()
    one = literal("192.168.1.5", address)
    with pg_engine.connect() as connection:

        def ask(expression: Any) -> Any:
            return connection.scalar(select(expression))

        assert ask(one == "192.168.1.5") is True
        assert ask(one < "192.168.1.6") is True
        assert ask(cast(one, address).op("<<")(cast("192.168.0.0/16", network))) is True
        assert ask(func.host(cast("10.0.0.1/8", address))) == "10.0.0.1"
        assert ask(cast(one, address).in_(["192.168.1.5"])) is True
        assert ask(cast(ipaddress.ip_address("::1"), address)) == ipaddress.ip_address("::1")
        mac = cast("08:00:2b:01:02:03", pg.MACADDR)
        assert ask(mac == "08-00-2b-01-02-03") is True
        assert ask(cast(mac, pg.MACADDR8)) == "08:00:2b:ff:fe:01:02:03"


@pytest.mark.feature("E016")
def test_money_oid_and_names(pg_engine: Any) -> None:
    with pg_engine.connect() as connection:

        def ask(expression: Any) -> Any:
            return connection.scalar(select(expression))

        assert ask(cast(cast("5.50", pg.MONEY) * 2, Numeric)) == 11
        assert ask(cast("5.50", pg.MONEY) > cast("5.40", pg.MONEY)) is True
        assert isinstance(ask(cast("5", pg.MONEY)), str)
        assert ask(cast("pg_class", pg.REGCLASS)) == "pg_class"
        oid = ask(cast(cast("pg_class", pg.REGCLASS), pg.OID))
        assert isinstance(oid, int)
        assert ask(cast(oid, pg.OID) == cast("pg_class", pg.REGCLASS)) is True
        assert ask(cast(literal(oid, pg.OID), pg.REGCLASS)) == "pg_class"
        assert ask(cast("english", pg.REGCONFIG)) == "english"
        with pytest.raises(exc.ProgrammingError, match="does not exist"):
            ask(cast("nope", pg.REGCLASS))


@pytest.mark.feature("E016")
def test_citext(extensions: Any) -> None:
    table = Table("t", MetaData(), Column("x", pg.CITEXT, primary_key=True))
    table.create(extensions)
    with extensions.begin() as connection:
        connection.execute(insert(table), {"x": "Ann"})
        assert connection.scalar(select(table.c.x).where(table.c.x == "ANN")) == "Ann"
        assert connection.scalar(select(table.c.x).where(table.c.x.in_(["aNN"]))) == "Ann"
        assert connection.scalar(select(table.c.x).where(table.c.x.like("a%"))) == "Ann"
    with pytest.raises(exc.IntegrityError), extensions.begin() as connection:
        connection.execute(insert(table), {"x": "ANN"})


@pytest.mark.feature("E016")
def test_intervals(pg_engine: Any) -> None:
    table = Table(
        "t",
        MetaData(),
        Column("at", pg.TIMESTAMP),
        Column("long", pg.INTERVAL),
        Column("hours", pg.INTERVAL(fields="HOUR")),
        Column("seconds", pg.INTERVAL(fields="DAY TO SECOND", precision=1)),
        Column("generic", Interval(second_precision=2)),
    )
    table.create(pg_engine)
    c = table.c
    with pg_engine.begin() as connection:
        span = dt.timedelta(hours=5, minutes=6, seconds=7, microseconds=890123)
        connection.execute(
            insert(table), {"at": MOMENT, "long": span, "hours": span, "seconds": span, "generic": span}
        )

        def ask(expression: Any) -> Any:
            return connection.scalar(select(expression).select_from(table))

        assert ask(c.long) == span
        assert ask(c.hours) == dt.timedelta(hours=5)
        assert ask(c.seconds) == dt.timedelta(hours=5, minutes=6, seconds=7, microseconds=900000)
        assert ask(c.generic) == dt.timedelta(hours=5, minutes=6, seconds=7, microseconds=890000)
        assert ask(c.at + c.long) == MOMENT + span
        assert ask(c.at - dt.timedelta(days=1)) == MOMENT - dt.timedelta(days=1)
        assert ask(c.at - c.at) == dt.timedelta(0)
        assert ask(c.hours.op("*")(2)) == dt.timedelta(hours=10)
        assert ask(c.long > dt.timedelta(hours=5)) is True
        assert ask(extract("hour", c.long)) == 5
        assert ask(cast("1 day 2 hours", pg.INTERVAL)) == dt.timedelta(days=1, hours=2)
        for extreme in (dt.timedelta(days=-3, microseconds=1), dt.timedelta(days=300000, seconds=1)):
            assert ask(literal(extreme)) == extreme
    assert pg.INTERVAL(precision=3).as_generic().second_precision == 3


@pytest.mark.feature("E022")
def test_bit_strings(pg_engine: Any) -> None:
    bits = pg.BitString("0101")
    for found, expected in [
        (bits & pg.BitString("0110"), "0100"),
        (bits | pg.BitString("0010"), "0111"),
        (bits ^ pg.BitString("1111"), "1010"),
        (~bits, "1010"),
    ]:
        assert found == pg.BitString(expected)
    assert (int(bits), bits.bit_length, pg.BitString.from_int(5, 4)) == (5, 4, bits)
    assert (bits << 1, bits >> 1) == (pg.BitString("1010"), pg.BitString("0010"))
    assert pg.BitString.from_bytes(b"\x05", 4) == bits
    assert bits.to_bytes() == b"\x05"
    assert (bits.get_bit(0), bits.set_bit(0, "1"), bits.octet_length) == ("0", pg.BitString("1101"), 1)
    with pytest.raises(ValueError, match="0"):
        pg.BitString("012")
    table = Table("t", MetaData(), Column("x", pg.BIT(4)), Column("v", pg.BIT(varying=True)))
    table.create(pg_engine)
    x = table.c.x
    with pg_engine.begin() as connection:
        connection.execute(insert(table), {"x": bits, "v": pg.BitString("11")})

        def ask(expression: Any) -> Any:
            return connection.scalar(select(expression).select_from(table))

        for expression, expected in [
            (x, bits),
            (x.bitwise_and(pg.BitString("0110")), "0100"),
            (x.bitwise_or(pg.BitString("0010")), "0111"),
            (x.bitwise_xor(pg.BitString("1111")), "1010"),
            (~x, "1010"),
            (x.bitwise_not(), "1010"),
            (x << 1, "1010"),
            (x >> 1, "0010"),
            (x.concat(table.c.v), "010111"),
        ]:
            found = ask(expression)
            assert found == pg.BitString(expected), str(expression)
            assert type(found) is pg.BitString, str(expression)
        assert ask(x == bits) is True
        assert ask(x == "0101") is True
        assert ask(x < pg.BitString("1000")) is True


@pytest.mark.feature("E016")
def test_native_types_for_generic_ones() -> None:
    for generic, written in [
        (Uuid(), "UUID"),
        (Uuid(native_uuid=False), "CHAR(32)"),
        (types.LargeBinary(), "BYTEA"),
        (types.JSON(), "JSON"),
        (types.Interval(), "INTERVAL"),
        (types.Interval(second_precision=3), "INTERVAL (3)"),
        (types.ARRAY(types.Uuid), "UUID[]"),
        (types.Double(), "DOUBLE PRECISION"),
        (types.DateTime(timezone=True), "TIMESTAMP WITH TIME ZONE"),
        (types.Unicode(5), "VARCHAR(5)"),
        (types.UnicodeText(), "TEXT"),
        (types.Boolean(), "BOOLEAN"),
    ]:
        assert generic.compile(dialect=DIALECT) == written


def test_names_that_a_star_imports() -> None:
    names: dict[str, Any] = {}
    exec("from relvar.dialects.postgresql import *", names)
    assert names["JSONB"] is pg.JSONB
    assert names["array"] is pg.array
    assert not {"compiler", "ddl", "reflection"} & set(names)
