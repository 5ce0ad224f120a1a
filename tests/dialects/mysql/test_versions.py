"""
What a server can do, by its version.

The server is the MariaDB of the tests; the driver's cursor only changes the version that it tells.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pymysql
import pytest

from relvar import (
    Column,
    DateTime,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Uuid,
    cast,
    exc,
    func,
    literal_column,
    select,
    text,
)
from relvar.dialects import mysql
from relvar.schema import CreateTable


def says(version: str) -> type[pymysql.cursors.Cursor]:
    """Return a cursor class on whose server VERSION() is *version*."""

    class Cursor(pymysql.cursors.Cursor):
        def execute(self, query: str, args: Any = None) -> int:
            if query == "SELECT VERSION()":
                query = f"SELECT '{version}'"
            elif query == "SELECT @@transaction_isolation":
                # MySQL's name, which MariaDB has since 11.1
                query = "SELECT @@tx_isolation"
            return int(super().execute(query, args))

    return Cursor


@pytest.fixture
def dialect_of(make_engine: Any) -> Callable[..., Any]:
    """A function: version -> dialect after its first connection."""

    def find(version: str, name: str = "mysql") -> Any:
        engine = make_engine(name=name, connect_args={"cursorclass": says(version)})
        with engine.connect():
            return engine.dialect

    return find


@pytest.mark.parametrize(
    ("text", "version", "is_mariadb"),
    [
        ("5.6.51", (5, 6, 51), False),
        ("5.7.44-log", (5, 7, 44), False),
        ("8.0.36-28 Percona", (8, 0, 36), False),
        ("8.0.mysql_aurora.3.04.0", (8, 0, 3, 4, 0), False),
        ("8.4.3", (8, 4, 3), False),
        ("9.1.0-commercial", (9, 1, 0), False),
        ("5.7.25-TiDB-v6.1", (5, 7, 25), False),
        ("5.5.5-10.1.48-MariaDB", (10, 1, 48), True),
        ("10.5.8-MariaDB-1:10.5.8+maria~focal", (10, 5, 8), True),
        ("10.11.19-MariaDB-0+deb12u1", (10, 11, 19), True),
        ("11.8.1-MariaDB-ubu2404", (11, 8, 1), True),
    ],
)
def test_versions_as_servers_tell_them(
    dialect_of: Any, text: str, version: tuple[int, ...], is_mariadb: bool
) -> None:
    dialect = dialect_of(text)
    assert dialect.server_version_info == version
    assert dialect.is_mariadb is is_mariadb


def test_mariadb_by_name_refuses_mysql(dialect_of: Any) -> None:
    assert dialect_of("10.6.1-MariaDB", name="mariadb").name == "mariadb"
    with pytest.raises(exc.InvalidRequestError, match="MySQL version 8.4.3 is not a MariaDB variant"):
        dialect_of("8.4.3", name="mariadb")


# version -> what it can do and the one before can not
CAN = [
    ("8.0.0", "supports_for_update_of", "5.7.44"),
    ("8.0.1", "use_mysql_for_share", "8.0.0"),
    ("8.0.13", "_support_default_function", "8.0.12"),
    ("8.0.17", "_support_float_cast", "8.0.16"),
    ("8.0.20", "_requires_alias_for_on_duplicate_key", "8.0.19"),
    ("10.0.5-MariaDB", "delete_returning", "10.0.4-MariaDB"),
    ("10.2.1-MariaDB", "_support_default_function", "10.2.0-MariaDB"),
    ("10.3.0-MariaDB", "supports_sequences", "10.2.44-MariaDB"),
    ("10.4.5-MariaDB", "_support_float_cast", "10.4.4-MariaDB"),
    ("10.5.0-MariaDB", "insert_returning", "10.4.34-MariaDB"),
    ("10.5.0-MariaDB", "insert_executemany_returning", "10.4.34-MariaDB"),
    ("10.7.0-MariaDB", "supports_native_uuid", "10.6.21-MariaDB"),
]


@pytest.mark.parametrize(("since", "flag", "before"), CAN)
def test_what_comes_with_a_version(dialect_of: Any, since: str, flag: str, before: str) -> None:
    assert getattr(dialect_of(since), flag) is True
    assert getattr(dialect_of(before), flag) is False
    # what MariaDB has is not what MySQL of the same number has
    never = {"supports_sequences", "insert_returning", "delete_returning", "supports_native_uuid"}
    if flag in never:
        assert getattr(dialect_of("9.1.0"), flag) is False


table = Table(
    "t",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("a", String(9), server_default=text("concat('a', 'b')")),
    Column("at", DateTime, server_default=func.now()),
    Column("u", Uuid),
)
c = table.c


@pytest.mark.feature("E044")
def test_locks(dialect_of: Any) -> None:
    statement = select(c.id)
    locked = {
        "": statement.with_for_update(),
        "read": statement.with_for_update(read=True),
        "skip": statement.with_for_update(skip_locked=True),
        "nowait": statement.with_for_update(read=True, nowait=True),
        "of": statement.with_for_update(of=table),
    }

    def texts(version: str) -> dict[str, str]:
        dialect = dialect_of(version)
        return {name: str(s.compile(dialect=dialect)).partition("FROM t ")[2] for name, s in locked.items()}

    old = {
        "": "FOR UPDATE",
        "read": "LOCK IN SHARE MODE",
        "skip": "FOR UPDATE SKIP LOCKED",
        "nowait": "LOCK IN SHARE MODE NOWAIT",
        "of": "FOR UPDATE",
    }
    assert texts("5.7.44") == old == texts("10.11.2-MariaDB")
    new = old | {"read": "FOR SHARE", "nowait": "FOR SHARE NOWAIT", "of": "FOR UPDATE OF t"}
    assert texts("8.4.3") == new == texts("9.1.0")


@pytest.mark.feature("E038")
def test_how_the_new_row_is_called(dialect_of: Any) -> None:
    add = mysql.insert(table)
    single = add.values(id=1).on_duplicate_key_update(a=func.concat(add.inserted.a, c.a))
    from_select = add.from_select(["id"], select(c.id)).on_duplicate_key_update(a=add.inserted.a)
    values = "INSERT INTO t (id) VALUES (%(id)s)"
    for version in ("8.0.19", "5.7.44", "10.11.2-MariaDB", "11.8.1-MariaDB"):
        dialect = dialect_of(version)
        assert str(single.compile(dialect=dialect)) == (
            f"{values} ON DUPLICATE KEY UPDATE a = concat(VALUES(a), t.a)"
        )
    for version in ("8.0.20", "8.4.3", "9.1.0"):
        dialect = dialect_of(version)
        assert str(single.compile(dialect=dialect)) == (
            f"{values} AS new ON DUPLICATE KEY UPDATE a = concat(new.a, t.a)"
        )
        # rows of a SELECT have no alias
        assert str(from_select.compile(dialect=dialect)).endswith("ON DUPLICATE KEY UPDATE a = VALUES(a)")


def test_defaults_casts_and_uuids(dialect_of: Any) -> None:
    def create(version: str) -> str:
        return " ".join(str(CreateTable(table).compile(dialect=dialect_of(version))).split())

    assert "DEFAULT (concat('a', 'b')), at DATETIME DEFAULT (now())" in create("8.0.13")
    assert "DEFAULT concat('a', 'b'), at DATETIME DEFAULT now()" in create("8.0.12")
    assert create("10.7.1-MariaDB").endswith("u UUID, PRIMARY KEY (id) )")
    assert create("10.6.1-MariaDB").endswith("u CHAR(32), PRIMARY KEY (id) )")
    number = cast(c.a, Float(5))
    assert str(number.compile(dialect=dialect_of("8.0.17"))) == "CAST(t.a AS FLOAT(5))"
    # MariaDB takes no digits there
    assert str(number.compile(dialect=dialect_of("10.4.5-MariaDB"))) == "CAST(t.a AS FLOAT)"
    with pytest.warns(exc.SAWarning, match="Datatype FLOAT\\(5\\) does not support CAST"):
        assert str(number.compile(dialect=dialect_of("8.0.16"))) == "t.a"


def test_floats_are_cast_on_the_server(mariadb_engine: Any) -> None:
    with mariadb_engine.connect() as connection:
        found = connection.execute(
            select(cast(literal_column("'1.5'"), Float(5)), cast(literal_column("'2.25'"), mysql.DOUBLE))
        ).one()
    assert found == (1.5, 2.25)


def test_regular_expressions_with_flags(dialect_of: Any) -> None:
    expression = c.a.regexp_match("x", flags="i")
    assert str(expression.compile(dialect=dialect_of("8.4.3"))) == "REGEXP_LIKE(t.a, %(a_1)s, 'i')"
    assert str(expression.compile(dialect=dialect_of("11.8.1-MariaDB"))) == (
        "t.a REGEXP CONCAT('(?', 'i', ')', %(a_1)s)"
    )
