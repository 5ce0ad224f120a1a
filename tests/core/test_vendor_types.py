"""Types that only one database has: values on their way in and out, and their operators."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import ipaddress
import uuid
from typing import Any

import pytest

from relvar import (
    Column,
    Enum,
    Integer,
    MetaData,
    String,
    Table,
    cast,
    exc,
    func,
    insert,
    inspect,
    literal,
    select,
    text,
)
from relvar.dialects import mysql, postgresql


class Color(enum.Enum):
    red = 1
    green = 2


def there_and_back(engine: Any, type_: Any, value: Any) -> Any:
    """Return *value* as it comes back from a column of *type_*."""
    metadata = MetaData()
    table = Table("t", metadata, Column("id", Integer, primary_key=True), Column("x", type_))
    metadata.drop_all(engine)
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(table), {"id": 1, "x": value})
        connection.execute(insert(table), [{"id": 2, "x": None}, {"id": 3, "x": value}])
        found = connection.execute(select(table.c.x).order_by(table.c.id)).scalars().all()
    assert found[1] is None
    assert found[0] == found[2]
    return found[0]


# -- PostgreSQL --------------------------------------------------------------------

MOMENT = dt.datetime(2021, 3, 15, 12, 5, 57, 123000)


@pytest.mark.feature("E016")
def test_values_of_postgresql(pg_engine: Any) -> None:
    pg = postgresql
    same: list[tuple[Any, Any]] = [
        (pg.ARRAY(Integer), [1, 2, None]),
        (pg.ARRAY(Integer), [[1, 2], [3, 4]]),
        (pg.ARRAY(String(5), dimensions=2), [["a"], ["b"]]),
        (pg.ARRAY(Integer, as_tuple=True), (1, 2)),
        (pg.ARRAY(Enum(Color, name="color")), [Color.red, Color.green]),
        (pg.ARRAY(pg.UUID), [uuid.UUID(int=1), uuid.UUID(int=2)]),
        (pg.BIT(3), pg.BitString("101")),
        (pg.BIT(5, varying=True), pg.BitString("1")),
        (pg.BOOLEAN, True),
        (pg.BYTEA, b"\x00\xff"),
        (pg.CIDR, ipaddress.ip_network("192.168.0.0/24")),
        (pg.INET, ipaddress.ip_address("192.168.0.1")),
        (pg.DATE, MOMENT.date()),
        (pg.DOUBLE_PRECISION, 1.5),
        (pg.ENUM("a", "b", name="letters"), "a"),
        (pg.ENUM(Color, name="colors"), Color.green),
        (pg.INTERVAL(precision=3), dt.timedelta(days=1, seconds=5, milliseconds=7)),
        (pg.INTERVAL, dt.timedelta(hours=-5)),
        (pg.JSON, {"a": [1, None, {"b": "c"}]}),
        (pg.JSONB, {"a": [1, None, {"b": "c"}]}),
        (pg.JSONPATH, '$."a"'),
        (pg.MACADDR, "08:00:2b:01:02:03"),
        (pg.MACADDR8, "08:00:2b:01:02:03:04:05"),
        (pg.OID, 5),
        (pg.REGCONFIG, "english"),
        (pg.TIME(precision=3), MOMENT.time()),
        (pg.TIMESTAMP(precision=3), MOMENT),
        (pg.TIMESTAMP(timezone=True), MOMENT.replace(tzinfo=dt.UTC)),
        (pg.TSQUERY, "'a' & 'b'"),
        (pg.TSVECTOR, "'a' 'b'"),
        (pg.UUID, uuid.UUID(int=5)),
        (pg.UUID(as_uuid=False), str(uuid.UUID(int=5))),
        (pg.DOMAIN("small", Integer, check="VALUE < 10"), 5),
        (pg.REGCLASS, "pg_class"),
    ]
    for type_, value in same:
        found = there_and_back(pg_engine, type_, value)
        assert found == value, type_
        assert type(found) is type(value), type_
    assert there_and_back(pg_engine, pg.MONEY, "5.00") in ("$5.00", "5.00", "5,00 €")


def extension(engine: Any, name: str) -> None:
    with engine.begin() as connection:
        if not connection.scalar(
            select(literal(1)).where(text("EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = :n)")),
            {"n": name},
        ):
            pytest.skip(f"the server has no extension {name}")
        connection.execute(text(f"CREATE EXTENSION IF NOT EXISTS {name}"))


def test_hstore(pg_engine: Any) -> None:
    extension(pg_engine, "hstore")
    value = {"a": "1", 'q"uo\\te': None, "c": "x => y"}
    assert there_and_back(pg_engine, postgresql.HSTORE, value) == value
    table = Table("t", MetaData(), Column("id", Integer), Column("x", postgresql.HSTORE))
    with pg_engine.begin() as connection:

        def found(expression: Any) -> Any:
            return connection.execute(select(expression).where(table.c.id == 1)).scalar()

        assert found(table.c.x["a"]) == "1"
        assert found(table.c.x.has_key("a")) is True
        assert sorted(found(table.c.x.keys())) == sorted(value)
        assert found(table.c.x + {"z": "9"})["z"] == "9"
        assert found(table.c.x.contains({"a": "1"})) is True
        assert found(table.c.x.delete("a")) == {k: v for k, v in value.items() if k != "a"}
        assert found(table.c.x.slice(["a"])) == {"a": "1"}
        assert found(table.c.x.defined("a")) is True


def test_citext(pg_engine: Any) -> None:
    extension(pg_engine, "citext")
    assert there_and_back(pg_engine, postgresql.CITEXT, "Abc") == "Abc"
    table = Table("t", MetaData(), Column("id", Integer), Column("x", postgresql.CITEXT))
    with pg_engine.begin() as connection:
        assert connection.scalar(select(func.count()).where(table.c.x == "ABC")) == 2


@pytest.mark.feature("E018")
def test_array_operators(pg_engine: Any) -> None:
    metadata = MetaData()
    table = Table(
        "t",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("x", postgresql.ARRAY(Integer)),
        Column("z", postgresql.ARRAY(Integer, zero_indexes=True)),
    )
    metadata.create_all(pg_engine)
    x = table.c.x
    with pg_engine.begin() as connection:
        connection.execute(insert(table), {"id": 1, "x": [1, 2, 3], "z": [7, 8]})

        def found(expression: Any) -> Any:
            return connection.execute(select(expression)).scalar()

        assert found(x.contains([1, 2])) is True
        assert found(x.contained_by([1, 2])) is False
        assert found(x.overlap([3, 9])) is True
        assert found(x[1]) == 1
        assert found(table.c.z[0]) == 7
        assert found(x[2:3]) == [2, 3]
        assert found(x + [4]) == [1, 2, 3, 4]
        assert found(x == [1, 2, 3]) is True
        assert found(postgresql.array([1, 2]) + postgresql.array([3])) == [1, 2, 3]
        assert found(postgresql.array([table.c.id, 5])) == [1, 5]
        assert found(cast(postgresql.array([]), postgresql.ARRAY(Integer))) == []
        assert found(postgresql.array([1, 2])[2]) == 2
        assert found(select(postgresql.array_agg(table.c.id)).scalar_subquery()) == [1]
        with pytest.deprecated_call(match="any_\\(\\) and all_\\(\\) functions"):
            assert found(postgresql.Any(2, x)) is True
        with pytest.deprecated_call(match="any_\\(\\) and all_\\(\\) functions"):
            assert found(postgresql.All(2, x)) is False


@pytest.mark.parametrize("kind", [postgresql.JSON, postgresql.JSONB])
def test_json_operators(pg_engine: Any, kind: Any) -> None:
    metadata = MetaData()
    table = Table("t", metadata, Column("id", Integer, primary_key=True), Column("x", kind))
    metadata.create_all(pg_engine)
    x = table.c.x
    with pg_engine.begin() as connection:
        connection.execute(insert(table), {"id": 1, "x": {"a": {"b": [1, "two"]}, "n": 5, "t": True}})

        def found(expression: Any) -> Any:
            return connection.execute(select(expression)).scalar()

        assert found(x["a"]) == {"b": [1, "two"]}
        assert found(x["a", "b", 1].astext) == "two"
        assert found(x["a"]["b"][0].as_integer()) == 1
        assert found(x["n"].as_string()) == "5"
        assert found(x["n"].as_float()) == 5.0
        assert found(x["n"].as_numeric(10, 2)) == decimal.Decimal("5.00")
        assert found(x["t"].as_boolean()) is True
        assert found(x["missing"]) is None
        if kind is postgresql.JSONB:
            assert found(x.has_key("a")) is True
            assert found(x.has_any(postgresql.array(["q", "n"]))) is True
            assert found(x.has_all(postgresql.array(["q", "n"]))) is False
            assert found(x.contains({"n": 5})) is True
            assert found(x.contained_by({"n": 5})) is False
            assert found(x.path_exists("$.a.b")) is True
            assert found(x.path_match("$.n == 5")) is True
            assert found(x.delete_path(["a", "b"])) == {"a": {}, "n": 5, "t": True}


@pytest.mark.feature("E021")
def test_enum_and_domain(pg_engine: Any) -> None:
    metadata = MetaData()
    letters = postgresql.ENUM("a", "b", name="letters", metadata=metadata)
    apart = postgresql.ENUM("q", name="apart", create_type=False)
    domain = postgresql.DOMAIN(
        "positive",
        Integer,
        default="5",
        constraint_name="is_positive",
        check="VALUE > 0",
        metadata=metadata,
    )
    Table("t", metadata, Column("id", Integer, primary_key=True), Column("x", letters), Column("d", domain))
    inspector = inspect(pg_engine)
    metadata.create_all(pg_engine)
    metadata.create_all(pg_engine)
    assert [e["name"] for e in inspector.get_enums()] == ["letters"]
    (found,) = inspector.get_domains()
    assert (found["name"], found["nullable"], found["default"]) == ("positive", True, "5")
    assert [c["name"] for c in found["constraints"]] == ["is_positive"]
    apart.create(pg_engine)
    apart.create(pg_engine, checkfirst=True)
    with pytest.raises(exc.ProgrammingError):
        apart.create(pg_engine, checkfirst=False)
    inspector.clear_cache()
    assert inspector.has_type("apart")
    apart.drop(pg_engine)
    apart.drop(pg_engine, checkfirst=True)
    with pg_engine.begin() as connection:
        connection.execute(insert(metadata.tables["t"]), {"id": 1, "x": "a"})
        assert connection.execute(select(metadata.tables["t"])).all() == [(1, "a", 5)]
    with pytest.raises(exc.DBAPIError), pg_engine.begin() as connection:
        connection.execute(insert(metadata.tables["t"]), {"id": 2, "d": 0})
    metadata.drop_all(pg_engine)
    inspector.clear_cache()
    assert not inspector.has_type("letters")
    assert not inspector.has_type("positive")
    with pytest.warns(exc.SAWarning, match="native_enum flag does not apply"):
        assert postgresql.ENUM("a", name="x", native_enum=False).native_enum is True


# -- MariaDB -------------------------------------------------------------------------


@pytest.mark.feature("E037")
def test_values_of_mariadb(mariadb_engine: Any) -> None:
    same: list[tuple[Any, Any]] = [
        (mysql.BIGINT(unsigned=True), 2**64 - 1),
        (mysql.INTEGER(5, zerofill=True, unsigned=True), 7),
        (mysql.MEDIUMINT, -8388608),
        (mysql.SMALLINT(unsigned=True), 65535),
        (mysql.TINYINT(1), 1),
        (mysql.BINARY(3), b"abc"),
        (mysql.BIT(5), 21),
        (mysql.BLOB, b"\x00\xff"),
        (mysql.LONGBLOB, b"\x00\xff"),
        (mysql.MEDIUMBLOB, b"\x00\xff"),
        (mysql.TINYBLOB, b"\x00\xff"),
        (mysql.VARBINARY(5), b"\x00\xff"),
        (mysql.BOOLEAN, True),
        (mysql.CHAR(3), "abc"),
        (mysql.NCHAR(3), "abc"),
        (mysql.NVARCHAR(3), "äöü"),
        (mysql.VARCHAR(5, charset="latin1", collation="latin1_bin"), "äöü"),
        (mysql.TEXT(charset="utf8mb4"), "x" * 300),
        (mysql.LONGTEXT, "x"),
        (mysql.MEDIUMTEXT, "x"),
        (mysql.TINYTEXT, "x"),
        (mysql.DATE, MOMENT.date()),
        (mysql.DATETIME(fsp=3), MOMENT),
        (mysql.TIME(fsp=3), MOMENT.time()),
        (mysql.TIMESTAMP(fsp=3), MOMENT),
        (mysql.YEAR, 2021),
        (mysql.DECIMAL(10, 2, unsigned=True), decimal.Decimal("5.25")),
        (mysql.NUMERIC(10, 2), decimal.Decimal("-5.25")),
        (mysql.DOUBLE(asdecimal=False), 1.5),
        (mysql.REAL(asdecimal=False), 1.5),
        (mysql.FLOAT, 1.5),
        (mysql.ENUM("a", "it's"), "it's"),
        (mysql.ENUM(Color), Color.red),
        (mysql.SET("a", "b", "c"), {"a", "c"}),
        (mysql.SET("", "b", retrieve_as_bitwise=True), {"", "b"}),
        (mysql.INET4, "10.0.0.1"),
        (mysql.INET6, "2001:db8::1"),
        (mysql.JSON, {"a": [1, None]}),
    ]
    for type_, value in same:
        found = there_and_back(mariadb_engine, type_, value)
        assert found == value, type_
        assert type(found) is type(value), type_


def test_set_refuses_an_empty_string() -> None:
    with pytest.raises(exc.ArgumentError, match="Can't use the blank value"):
        mysql.SET("", "a")


def test_precision_and_scale_go_together() -> None:
    with pytest.raises(exc.ArgumentError, match="both precision and scale"):
        mysql.DOUBLE(5)
