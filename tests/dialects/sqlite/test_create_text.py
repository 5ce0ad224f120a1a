"""Reading CREATE TABLE and CREATE INDEX: every spelling that SQLite accepts, and text that is neither."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relvar.dialects.sqlite.create_text import ColumnText, IndexText, TableText

# each is run, so that nothing is tested that SQLite would refuse
TABLES = {
    "inline": (
        "CREATE TABLE t (a INTEGER CONSTRAINT k PRIMARY KEY ASC ON CONFLICT FAIL AUTOINCREMENT, "
        "b NUMERIC (10, 2) CONSTRAINT n NOT NULL ON CONFLICT ignore UNIQUE ON CONFLICT REPLACE "
        "CHECK (b > (1)) COLLATE nocase)"
    ),
    "of the table": (
        "CREATE TABLE t (a INT, b INT, CONSTRAINT k PRIMARY KEY (b COLLATE nocase DESC, a ASC) "
        "ON CONFLICT ABORT, CONSTRAINT u UNIQUE (a) ON CONFLICT ROLLBACK, CONSTRAINT c CHECK (a IN (1, 2)) "
        "ON CONFLICT FAIL) STRICT"
    ),
    "without commas": "CREATE TABLE t (a INT, UNIQUE (a) CONSTRAINT c CHECK (a > 1) CHECK (a < 9))",
    "counted in the key": "CREATE TABLE t (a INTEGER, CONSTRAINT k PRIMARY KEY (a AUTOINCREMENT))",
    "quotes": (
        'CREATE TABLE IF NOT EXISTS main.[t (] ("a ""b" INT, [c, d] INT, `e f` INT, \'g\' INT, '
        'CONSTRAINT "u )" UNIQUE ("a ""b", [c, d], `e f`, \'g\'), CHECK ("a ""b" <> \'it\'\'s)\'))'
    ),
    "comments": (
        "CREATE /* ( */ TABLE t -- (a\n(a INT, -- CHECK (a > 1)\n b INT /* UNIQUE, */ UNIQUE, "
        "CHECK -- no\n (b > 2))"
    ),
    "options": "CREATE TABLE t (a TEXT PRIMARY KEY) without\nrowid , strict",
    "generated": (
        "CREATE TABLE t (a INT, b GENERATED ALWAYS AS (a || ',)') VIRTUAL, "
        "c INT AS (a * (2 + 3)) STORED NOT NULL)"
    ),
    "defaults": (
        "CREATE TABLE t (a INT DEFAULT (1 + (2)) UNIQUE, b TEXT DEFAULT 'UNIQUE', c DEFAULT -1.5e3 UNIQUE, "
        "d DEFAULT CURRENT_TIMESTAMP, e BLOB DEFAULT x'00ff' CHECK (e <> x'01'))"
    ),
    "temporary": "CREATE TEMP TABLE t (a INT UNIQUE)",
}


def read(name: str) -> TableText:
    connection = sqlite3.connect(":memory:")
    connection.execute(TABLES[name])
    connection.close()
    return TableText.read(TABLES[name])


def test_constraints_of_columns() -> None:
    table = read("inline")
    assert table.columns["a"] == ColumnText("a", None, None, True, "FAIL", None)
    assert table.columns["b"] == ColumnText("b", "nocase", None, False, None, "IGNORE")
    assert table.primary_key is not None
    assert (table.primary_key.name, table.primary_key.columns, table.primary_key.is_inline) == (
        "k",
        ["a"],
        True,
    )
    ((unique,), (check,)) = table.uniques, table.checks
    assert (unique.name, unique.columns, unique.conflict, unique.is_inline) == (None, ["b"], "REPLACE", True)
    assert (check.name, check.sqltext) == (None, "b > (1)")


def test_constraints_of_tables() -> None:
    table = read("of the table")
    assert table.primary_key is not None
    assert (table.primary_key.name, table.primary_key.columns) == ("k", ["b", "a"])
    assert (table.primary_key.conflict, table.primary_key.is_inline) == ("ABORT", False)
    ((unique,), (check,)) = table.uniques, table.checks
    assert (unique.name, unique.columns, unique.conflict, unique.is_inline) == ("u", ["a"], "ROLLBACK", False)
    assert (check.name, check.sqltext, check.conflict) == ("c", "a IN (1, 2)", "FAIL")
    assert table.is_strict and table.has_rowid
    table = read("without commas")
    assert [key.columns for key in table.uniques] == [["a"]]
    assert [(c.name, c.sqltext) for c in table.checks] == [("c", "a > 1"), (None, "a < 9")]
    assert read("counted in the key").columns["a"].autoincrement


def test_quotes_and_comments() -> None:
    table = read("quotes")
    assert [column.name for column in table.columns.values()] == ['a "b', "c, d", "e f", "g"]
    assert [(key.name, key.columns) for key in table.uniques] == [("u )", ['a "b', "c, d", "e f", "g"])]
    assert [check.sqltext for check in table.checks] == ["\"a \"\"b\" <> 'it''s)'"]
    table = read("comments")
    assert list(table.columns) == ["a", "b"]
    assert [key.columns for key in table.uniques] == [["b"]]
    assert [check.sqltext for check in table.checks] == ["b > 2"]


def test_options_generated_columns_and_defaults() -> None:
    table = read("options")
    assert table.is_strict and not table.has_rowid
    table = read("generated")
    assert [column.generated for column in table.columns.values()] == [None, "a || ',)'", "a * (2 + 3)"]
    table = read("defaults")
    assert [key.columns for key in table.uniques] == [["a"], ["c"]]
    assert [check.sqltext for check in table.checks] == ["e <> x'01'"]
    assert [key.columns for key in read("temporary").uniques] == [["a"]]


def test_foreign_keys() -> None:
    table = TableText.read(
        "CREATE TABLE t (a INT CONSTRAINT f REFERENCES p, b INT REFERENCES \"q r\" ('x') MATCH FULL "
        "ON DELETE SET NULL ON UPDATE NO ACTION NOT NULL DEFERRABLE INITIALLY deferred, "
        "CONSTRAINT g FOREIGN KEY (a, b) REFERENCES s (c, d) ON UPDATE CASCADE NOT DEFERRABLE, "
        "FOREIGN KEY (a) REFERENCES s ON DELETE RESTRICT)"
    )
    found = [(k.name, k.columns, k.table, k.referred, k.is_inline, k.options) for k in table.foreign_keys]
    deferred = {"ondelete": "SET NULL", "deferrable": True, "initially": "DEFERRED"}
    assert found == [
        ("f", ["a"], "p", [], True, {}),
        (None, ["b"], "q r", ["x"], True, deferred),
        ("g", ["a", "b"], "s", ["c", "d"], False, {"onupdate": "CASCADE", "deferrable": False}),
        (None, ["a"], "s", [], False, {"ondelete": "RESTRICT"}),
    ]


def test_indexes() -> None:
    index = IndexText.read(
        'CREATE UNIQUE INDEX IF NOT EXISTS "i (" ON [t (] (a, lower(b) COLLATE nocase DESC, (a + 1) asc, '
        "'c') /* WHERE */ WHERE a > 1 AND b = ' WHERE '"
    )
    # quoted names with a parenthesis are no beginning of the list
    assert index.items == ["a", "lower(b) COLLATE nocase", "(a + 1)", "'c'"]
    assert index.where == "a > 1 AND b = ' WHERE '"
    assert IndexText.read("CREATE INDEX i ON t (a)") == IndexText(["a"], None)
    assert IndexText.read(None) == IndexText.read("") == IndexText()


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "CREATE VIEW v AS SELECT 1",
        "CREATE VIRTUAL TABLE f USING fts5(title, CHECK)",
        "CREATE",
        "CREATE TABLE",
        "CREATE TABLE t",
    ],
)
def test_what_is_no_table(text: str | None) -> None:
    assert TableText.read(text) == TableText()
    assert TableText.read(text).column("x") == ColumnText("x")


PIECES = st.sampled_from(
    "CREATE TABLE t ( ) , a \"b\" [c] `d` 'e' INT PRIMARY KEY CONSTRAINT UNIQUE CHECK REFERENCES FOREIGN ON "
    "DELETE SET CONFLICT NOT NULL DEFERRABLE INITIALLY AS GENERATED ALWAYS DEFAULT ( ) WITHOUT ROWID STRICT "
    "-- /* \" ' [ ` 1.5 x'00' INDEX WHERE DESC".split(" ")
)


@given(st.lists(PIECES, max_size=30))
def test_no_text_is_an_error(pieces: list[str]) -> None:
    for text in (
        " ".join(pieces),
        f"CREATE TABLE t ({' '.join(pieces)}",
        f"CREATE TABLE t ({' '.join(pieces)})",
    ):
        TableText.read(text)
        IndexText.read(text)
