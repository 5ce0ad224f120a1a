"""Types of MySQL and MariaDB: how they are made, reflected, and what the server does with odd values."""

from __future__ import annotations

import decimal
import enum
from typing import Any

import pytest

from relvar import (
    JSON,
    Boolean,
    Column,
    Enum,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    cast,
    column,
    exc,
    inspect,
    literal,
    select,
)
from relvar.dialects import mysql
from relvar.schema import CreateTable

# type, its DDL, what is reflected (None: the same)
TYPES: list[tuple[Any, str, str | None]] = [
    (mysql.BIGINT(20, unsigned=True, zerofill=True), "BIGINT(20) UNSIGNED ZEROFILL", None),
    (mysql.INTEGER(unsigned=True), "INTEGER UNSIGNED", "INTEGER(10) UNSIGNED"),
    (mysql.INTEGER(5, zerofill=True), "INTEGER(5) ZEROFILL", "INTEGER(5) UNSIGNED ZEROFILL"),
    (mysql.MEDIUMINT(8), "MEDIUMINT(8)", None),
    (mysql.SMALLINT(3, unsigned=True), "SMALLINT(3) UNSIGNED", None),
    (mysql.TINYINT(1), "TINYINT(1)", None),
    (mysql.DECIMAL(10, 2, unsigned=True), "DECIMAL(10, 2) UNSIGNED", None),
    (mysql.NUMERIC(5, 2, zerofill=True), "NUMERIC(5, 2) ZEROFILL", "DECIMAL(5, 2) UNSIGNED ZEROFILL"),
    (mysql.FLOAT(7, 3, unsigned=True), "FLOAT(7, 3) UNSIGNED", None),
    (mysql.DOUBLE(8, 3, zerofill=True), "DOUBLE(8, 3) ZEROFILL", "DOUBLE(8, 3) UNSIGNED ZEROFILL"),
    (mysql.REAL(8, 3), "REAL(8, 3)", "DOUBLE(8, 3)"),
    (mysql.BIT(9), "BIT(9)", None),
    (mysql.BOOLEAN(), "BOOL", "TINYINT(1)"),
    (mysql.YEAR(4), "YEAR(4)", None),
    (mysql.DATE(), "DATE", None),
    (mysql.DATETIME(fsp=6), "DATETIME(6)", None),
    (mysql.TIME(fsp=3), "TIME(3)", None),
    (mysql.CHAR(5, charset="latin1"), "CHAR(5) CHARACTER SET latin1", None),
    (mysql.CHAR(5, ascii=True), "CHAR(5) ASCII", "CHAR(5) CHARACTER SET latin1"),
    (mysql.VARCHAR(20, charset="latin1", collation="latin1_bin"),
     "VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_bin", None),
    (mysql.VARCHAR(9, national=True), "NATIONAL VARCHAR(9)", "VARCHAR(9) CHARACTER SET utf8mb3"),
    (mysql.NCHAR(3), "NATIONAL CHAR(3)", "CHAR(3) CHARACTER SET utf8mb3"),
    (mysql.NVARCHAR(4, collation="utf8mb3_bin"), "NATIONAL VARCHAR(4) COLLATE utf8mb3_bin",
     "VARCHAR(4) CHARACTER SET utf8mb3 COLLATE utf8mb3_bin"),
    (mysql.TEXT(charset="latin1"), "TEXT CHARACTER SET latin1", None),
    (mysql.TINYTEXT(), "TINYTEXT", None),
    (mysql.MEDIUMTEXT(collation="utf8mb4_bin"), "MEDIUMTEXT COLLATE utf8mb4_bin",
     "MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"),
    (mysql.LONGTEXT(), "LONGTEXT", None),
    (mysql.BINARY(4), "BINARY(4)", None),
    (mysql.VARBINARY(9), "VARBINARY(9)", None),
    (mysql.TINYBLOB(), "TINYBLOB", None),
    (mysql.BLOB(), "BLOB", None),
    (mysql.MEDIUMBLOB(), "MEDIUMBLOB", None),
    (mysql.LONGBLOB(), "LONGBLOB", None),
    (mysql.ENUM("a", "it's", "d\\e", charset="latin1"),
     "ENUM('a','it''s','d\\\\e') CHARACTER SET latin1", None),
    (mysql.SET("a", "b"), "SET('a','b')", None),
    (mysql.INET4(), "INET4", None),
    (mysql.INET6(), "INET6", None),
    (Uuid(), "UUID", None),
    # MariaDB's JSON is text with a check
    (JSON(), "JSON", "LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"),
    (Boolean(), "BOOL", "TINYINT(1)"),
    (LargeBinary(), "BLOB", None),
    (String(5), "VARCHAR(5)", None),
    (Text(300), "TEXT(300)", "TEXT"),
]  # fmt: skip


@pytest.mark.feature("E037")
def test_types_are_made_and_reflected(mariadb_engine: Any) -> None:
    table = Table(
        "typed",
        MetaData(),
        *(Column(f"c{number}", type_) for number, (type_, *_) in enumerate(TYPES)),
    )
    table.create(mariadb_engine)
    spelled = mariadb_engine.dialect.type_compiler_instance.process
    found = {c["name"]: c["type"] for c in inspect(mariadb_engine).get_columns("typed")}
    for number, (type_, ddl, reflected) in enumerate(TYPES):
        assert spelled(type_) == ddl
        again = spelled(found[f"c{number}"])
        # a character set of its own is told with its collation
        plain = again.removesuffix(" COLLATE latin1_swedish_ci").removesuffix(" COLLATE utf8mb3_general_ci")
        assert plain == (reflected or ddl), type_
        # what was reflected can be made again
        Table(f"again{number}", MetaData(), Column("c", found[f"c{number}"])).create(mariadb_engine)


@pytest.mark.feature("E037")
def test_collations_that_are_the_tables_own_are_not_told(mariadb_engine: Any) -> None:
    with mariadb_engine.begin() as connection:
        connection.exec_driver_sql(
            "create table own (a varchar(3), b varchar(3) collate latin1_bin, c varchar(3) charset utf8mb4)"
            " charset=latin1"
        )
    a, b, c = (found["type"] for found in inspect(mariadb_engine).get_columns("own"))
    assert (a.charset, a.collation) == (None, None)
    assert (b.charset, b.collation) == ("latin1", "latin1_bin")
    assert (c.charset, c.collation) == ("utf8mb4", "utf8mb4_general_ci")


class Color(enum.Enum):
    red = "r"
    blue = "b"


@pytest.mark.feature("E037")
@pytest.mark.parametrize("type_", [mysql.ENUM("a", "b"), Enum("a", "b"), Enum(Color), mysql.ENUM(Color)])
def test_an_enum_of_a_server_that_is_not_strict(mariadb_engine: Any, type_: Any) -> None:
    """Such a server stores the empty string for what is no member."""
    table = Table("e", MetaData(), Column("a", type_))
    with mariadb_engine.begin() as connection:
        table.create(connection)
        connection.exec_driver_sql("set session sql_mode = ''")
        connection.exec_driver_sql("insert into e values ('no member'), (null)")
        assert connection.execute(table.select()).all() == [("",), (None,)]


@pytest.mark.feature("E037")
@pytest.mark.parametrize("bitwise", [False, True])
def test_sets(mariadb_engine: Any, bitwise: bool) -> None:
    kind = mysql.SET("a", "b", "c", retrieve_as_bitwise=bitwise)
    table = Table("s", MetaData(), Column("id", Integer, primary_key=True), Column("s", kind))
    with mariadb_engine.connect() as connection:
        table.create(connection)
        sent: list[Any] = [{"a", "c"}, {"b"}, set(), None, "a,b", "c", 6, frozenset("cb"), ["c", "a"]]
        connection.execute(table.insert(), [{"id": n, "s": value} for n, value in enumerate(sent, 1)])
        found = connection.execute(select(table.c.s).order_by(table.c.id)).scalars().all()
        assert found == [
            {"a", "c"}, {"b"}, set(), None, {"a", "b"}, {"c"}, {"b", "c"}, {"b", "c"}, {"a", "c"},
        ]  # fmt: skip
        # members compare in any order
        assert connection.scalars(select(table.c.id).where(table.c.s == ["c", "a"])).all() == [1, 9]
        assert connection.scalars(select(table.c.id).where(table.c.s == "b")).all() == [2]
        with pytest.raises((exc.DataError, exc.StatementError), match="Data truncated|'x' is not among"):
            connection.execute(table.insert(), {"id": 20, "s": {"x"}})


def test_a_set_with_an_empty_member(mariadb_engine: Any) -> None:
    with pytest.raises(exc.ArgumentError, match="without setting retrieve_as_bitwise=True"):
        mysql.SET("a", "")
    table = Table("s", MetaData(), Column("s", mysql.SET("a", "", retrieve_as_bitwise=True)))
    with mariadb_engine.begin() as connection:
        table.create(connection)
        connection.execute(table.insert(), [{"s": {""}}, {"s": set()}, {"s": {"a", ""}}])
        assert connection.scalars(table.select()).all() == [{""}, set(), {"a", ""}]
    (reflected,) = inspect(mariadb_engine).get_columns("s")
    assert reflected["type"].retrieve_as_bitwise is True


@pytest.mark.feature("E037")
def test_what_the_server_refuses_or_rounds(mariadb_engine: Any) -> None:
    table = Table(
        "n",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("u", mysql.TINYINT(unsigned=True)),
        Column("d", mysql.DECIMAL(5, 2)),
        Column("y", mysql.YEAR),
        Column("b", mysql.BIT(3)),
    )
    with mariadb_engine.connect() as connection:
        table.create(connection)
        for values in ({"u": -1}, {"u": 256}, {"d": decimal.Decimal("99999")}, {"y": 1900}, {"b": 8}):
            with pytest.raises((exc.DataError, exc.OperationalError)):
                connection.execute(table.insert(), values)
        with pytest.warns(exc.LossWarning, match=r"n\.d can't hold the value as it is"):
            connection.execute(table.insert(), {"u": 255, "d": decimal.Decimal("1.005"), "y": 99, "b": 7})
        row = connection.execute(table.select()).one()
    assert row[1:] == (255, decimal.Decimal("1.01"), 1999, 7)


@pytest.mark.feature("E037")
def test_casts() -> None:
    dialect = mysql.dialect()
    dialect._support_float_cast = True
    spelled = {
        mysql.INTEGER: "SIGNED INTEGER",
        mysql.BIGINT(unsigned=True): "UNSIGNED INTEGER",
        mysql.VARCHAR(5, charset="latin1"): "CHAR(5) CHARACTER SET latin1",
        mysql.NVARCHAR(5, collation="utf8mb3_bin"): "CHAR(5) COLLATE utf8mb3_bin",
        Text: "CHAR",
        mysql.DATETIME(fsp=3): "DATETIME(3)",
        mysql.TIMESTAMP: "DATETIME",
        mysql.TIME: "TIME",
        mysql.DECIMAL(5, 2): "DECIMAL(5, 2)",
        mysql.NUMERIC(5, 2): "DECIMAL(5, 2)",
        mysql.DOUBLE: "DOUBLE",
        mysql.BLOB: "BINARY",
        JSON: "JSON",
    }
    for type_, text in spelled.items():
        assert str(cast(column("q"), type_).compile(dialect=dialect)) == f"CAST(q AS {text})"
    for type_ in (mysql.ENUM("a"), mysql.YEAR(), mysql.BIT()):
        with pytest.warns(exc.SAWarning, match="does not support CAST on MySQL/MariaDb"):
            assert str(cast(column("q"), type_).compile(dialect=dialect)) == "q"


def test_literals_of_types_that_have_none_elsewhere(mariadb_engine: Any) -> None:
    with mariadb_engine.connect() as connection:
        for type_, value in (
            (mysql.YEAR(), 2024),
            (mysql.SET("a", "b"), {"a", "b"}),
            (mysql.INET6(), "::1"),
            (JSON(), {"a": "\\\"'é"}),
        ):
            assert connection.scalar(select(literal(value, type_, literal_execute=True))) == value


def test_lengths_are_needed() -> None:
    for type_ in (mysql.VARCHAR(), mysql.NVARCHAR(), mysql.VARBINARY()):
        table = Table("t", MetaData(), Column("a", type_))
        with pytest.raises(exc.CompileError, match="requires a length on dialect mysql"):
            CreateTable(table).compile(dialect=mysql.dialect())
