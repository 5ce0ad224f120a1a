"""
Hostile strings in expressions: keys, fields, patterns, flags, levels; and under the modes of servers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hostile import NAMES, SHORT, STRINGS

from relvar import (
    JSON,
    Column,
    Enum,
    Integer,
    LargeBinary,
    MetaData,
    Sequence,
    String,
    Table,
    cast,
    column,
    create_engine,
    exc,
    extract,
    func,
    insert,
    literal,
    select,
)
from relvar.dialects import postgresql


@pytest.fixture(params=["pymysql", "mysqldb"])
def mariadb_driver(request: pytest.FixtureRequest, mariadb_engine: Any) -> Iterator[Any]:
    """The URL of an empty MariaDB database, per driver."""
    if request.param == "mysqldb":
        pytest.importorskip("MySQLdb")
    yield mariadb_engine.url.set(drivername=f"mariadb+{request.param}")


# Expressions ------------------------------------------------------------------------------------------


def test_keys_and_paths_of_json(engine: Any) -> None:
    """A key finds its own element, or none: never another one."""
    table = Table("docs", MetaData(), Column("id", Integer, primary_key=True), Column("doc", JSON))
    table.create(engine)
    # MariaDB 10.11 finds no key that begins with a dash
    keys = [word for word in SHORT if engine.name != "mariadb" or word[:1] != "-"]
    with engine.begin() as conn:
        for i, key in enumerate(keys, 1):
            doc = {"a": {"b": "no", "x": "no"}, "x": "no", "l": [{key: "three"}]}
            conn.execute(insert(table), {"id": i, "doc": {**doc, key: "one", "deep": {key: "two"}}})
            row = table.c.id == i
            paths = (table.c.doc[key], table.c.doc[("deep", key)], table.c.doc[("l", 0, key)])
            if engine.name == "sqlite" and '"' in key and ("." in key or "[" in key):
                with pytest.raises(exc.StatementError, match="can't have the key"):
                    conn.execute(select(*paths).where(row))
                continue
            expected = ("one", "two", "three")
            for path in (paths, tuple(path.as_string() for path in paths)):
                statement = select(*path).where(row)
                assert tuple(conn.execute(statement).one()) == expected, key
                inlined = statement.compile(conn, compile_kwargs={"literal_binds": True})
                values = conn.exec_driver_sql(str(inlined)).one()
                assert [str(value).strip('"') for value in values] == list(expected), key
            assert conn.scalar(select(table.c.doc[key + "!"].as_string()).where(row)) is None, key
    with engine.begin() as conn:
        nested = 'a"."b'
        statement = select(table.c.doc[nested].as_string()).where(table.c.id == 1)
        if engine.name == "sqlite":
            with pytest.raises(exc.StatementError, match="can't have the key"):
                conn.execute(statement)
        else:
            assert conn.scalar(statement) is None


def test_fields_of_extract(engine: Any) -> None:
    when = func.current_timestamp()
    with engine.connect() as conn:
        assert conn.scalar(select(extract("year", when))) >= 2024
        for field in [*NAMES, "year FROM now()) --", "year month", ""]:
            if field.isidentifier() or field.isalnum():
                continue
            with pytest.raises(exc.CompileError, match="is not a valid extract argument"):
                conn.execute(select(extract(field, when)))


@pytest.mark.backends("postgresql", "mariadb")
def test_regular_expressions(engine: Any) -> None:
    """Patterns, replacements and flags are values."""
    plain = [
        word for word in SHORT if word and all(char.isalnum() or char in "'\"`;%:@!-/#& " for char in word)
    ]
    with engine.connect() as conn:
        for word in plain:
            if word.startswith("#") or (engine.name == "mariadb" and not word.isascii()):
                continue
            subject = f"<{word}>"
            assert conn.scalar(select(literal(subject).regexp_match(f"^<{word}>$"))), word
            assert not conn.scalar(select(literal("other").regexp_match(f"^<{word}>$"))), word
            assert conn.scalar(select(literal(subject).regexp_replace(word, ""))) == "<>", word
        assert conn.scalar(select(literal("ABC").regexp_match("b", flags="i")))
        for flags in ["i') or 1=1 --", "'", "%s", "\\"]:
            statement = select(literal("x").regexp_match("y", flags=flags))
            try:
                assert not conn.scalar(statement)
            except exc.DBAPIError as err:
                assert "egular expression" in str(err) or "regex" in str(err).lower()
            conn.rollback()


def test_names_of_time_zones(pg_engine: Any) -> None:
    with pg_engine.connect() as conn:
        assert conn.scalar(select(func.timezone("UTC", func.now())))
        for zone in ["it's", "UTC'; DROP TABLE x; --", "%s", "\\"]:
            with pytest.raises(exc.DBAPIError, match="time zone"):
                conn.execute(select(func.timezone(zone, func.now())))
            conn.rollback()


def test_isolation_levels(engine: Any) -> None:
    for level in ["SERIALIZABLE; DROP TABLE x", "it's", "READ COMMITTED --", "%s", ""]:
        with pytest.raises(exc.ArgumentError, match="Invalid value"), engine.connect() as conn:
            conn.execution_options(isolation_level=level)


def test_bytes(engine: Any) -> None:
    values = [
        b"'",
        b"\\",
        b"\\\\001",
        b"\x00",
        b"\xff\xfe",
        b"%s",
        b"a'; --",
        b"",
        bytes(range(256)),
        b"\\x41",
    ]
    table = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("raw", LargeBinary))
    table.create(engine)
    with engine.begin() as conn:
        for i, value in enumerate(values, 1):
            made = insert(table).values(id=i, raw=value)
            conn.exec_driver_sql(str(made.compile(conn, compile_kwargs={"literal_binds": True})))
            assert conn.scalar(select(table.c.raw).where(table.c.id == i)) == value
            same = select(table.c.id).where(table.c.raw == value, table.c.id == i)
            assert conn.scalar(same) == i
            assert (
                conn.exec_driver_sql(str(same.compile(conn, compile_kwargs={"literal_binds": True}))).scalar()
                == i
            )


def test_nul_in_literals(engine: Any) -> None:
    """Where a NUL would end the statement it is refused; elsewhere it is a character."""
    with engine.connect() as conn:
        for word in ["\0", "a\0b", "'\0; --"]:
            statement = select(literal(word, literal_execute=True))
            if engine.name == "mariadb":
                assert conn.scalar(statement) == word
            else:
                with pytest.raises(exc.StatementError, match="Could not render literal value"):
                    conn.execute(statement)


@pytest.mark.parametrize(
    "method", ["startswith", "endswith", "contains", "istartswith", "iendswith", "icontains"]
)
def test_escapes_that_would_not_escape(method: str) -> None:
    x = column("x", String)
    for escape in ["%", "_", "", "ab", "\0\0"]:
        with pytest.raises(exc.ArgumentError, match="needs one character as escape"):
            getattr(x, method)("a", autoescape=True, escape=escape)
    if method.startswith("i"):
        with pytest.raises(exc.ArgumentError, match="nor a letter"):
            getattr(x, method)("a", autoescape=True, escape="X")
    with pytest.raises(exc.ArgumentError, match="NUL"):
        getattr(x, method)("a\0", autoescape=True)


def test_every_escape_character(engine: Any) -> None:
    """Whatever escapes, patterns find what Python finds."""
    table = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("word", String(400)))
    table.create(engine)
    found_by_like = [word for word in STRINGS if word.isascii() and word == word.lower()]
    column_ = table.c.word.collate("utf8mb4_bin") if engine.name == "mariadb" else table.c.word
    escapes = [chr(code) for code in range(33, 127) if chr(code) not in "%_" and not chr(code).isupper()]
    with engine.begin() as conn:
        conn.execute(insert(table), [{"id": i, "word": word} for i, word in enumerate(found_by_like, 1)])
        for escape in [*escapes, "\x01", "\x7f"]:
            for word in ("%", "_", f"{escape}", f"a{escape}%", "a_b", "\\", "x\\", "100%"):
                criterion = column_.contains(word, autoescape=True, escape=escape)
                found = conn.scalars(select(table.c.word).where(criterion).order_by(table.c.id)).all()
                assert found == [w for w in found_by_like if word in w], (escape, word)


# Modes of servers -------------------------------------------------------------------------------------


def check_modes(engine: Any) -> None:
    """Names and inlined values under the server's mode."""
    table = Table(
        "odd\"`'t", MetaData(), Column("id", Integer, primary_key=True), Column("w\"`'", String(400))
    )
    with engine.begin() as conn:
        table.create(conn)
        for i, word in enumerate(STRINGS, 1):
            made = insert(table).values({"id": i, "w\"`'": word})
            conn.exec_driver_sql(str(made.compile(conn, compile_kwargs={"literal_binds": True})))
            statement = select(table.c[1], literal(word, literal_execute=True), literal(word)).where(
                table.c.id == i, table.c[1] == word
            )
            assert tuple(conn.execute(statement).one()) == (word, word, word)
            assert conn.scalar(select(table.c.id).where(table.c.id == i, table.c[1].in_([word]))) == i
        assert conn.scalar(select(func.count()).select_from(table)) == len(STRINGS)
        escaped = table.c[1].contains("\\", autoescape=True, escape="\\")
        found = set(conn.scalars(select(table.c[1]).where(escaped)))
        assert found == {word for word in STRINGS if "\\" in word}
        other = Table("d", MetaData(), Column("a", String(20), server_default="a\\'b"), Column("b", Integer))
        other.create(conn)
        conn.execute(insert(other), {"b": 1})
        assert conn.scalar(select(other.c.a)) == "a\\'b"


@pytest.mark.parametrize(
    "mode", ["ANSI_QUOTES", "NO_BACKSLASH_ESCAPES", "ANSI_QUOTES,NO_BACKSLASH_ESCAPES", "ANSI"]
)
def test_modes_of_mariadb(mariadb_driver: Any, mode: str) -> None:
    engine = create_engine(mariadb_driver, connect_args={"init_command": f"SET sql_mode='{mode}'"})
    try:
        check_modes(engine)
        with engine.begin() as conn:
            members = ["a\\b", "\\", "it's", 'q"', "\\'"]
            kinds = Table("kinds", MetaData(), Column("k", Enum(*members)))
            kinds.create(conn)
            conn.execute(insert(kinds), [{"k": member} for member in members])
            assert conn.scalars(select(kinds.c.k)).all() == members
    finally:
        engine.dispose()


def test_nonstandard_strings_of_postgresql(pg_engine: Any) -> None:
    """With ``standard_conforming_strings`` off a backslash in a literal means something."""
    engine = create_engine(pg_engine.url, connect_args={"options": "-c standard_conforming_strings=off"})
    try:
        with engine.connect() as conn:
            assert conn.exec_driver_sql("show standard_conforming_strings").scalar() == "off"
        check_modes(engine)
        with engine.begin() as conn:
            kind = postgresql.ENUM("\\", "\\'", "a\\b", name="k\\")
            kind.create(conn)
            assert conn.scalars(select(func.unnest(func.enum_range(cast(None, kind))))).all() == [
                "\\",
                "\\'",
                "a\\b",
            ]
            sequence = Sequence("s\\'", start=5)
            sequence.create(conn)
            assert conn.scalar(sequence) == 5 and conn.scalar(select(sequence.next_value())) == 6
    finally:
        engine.dispose()
