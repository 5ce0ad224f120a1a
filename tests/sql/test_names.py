"""Names: when they are quoted, how long they may be, which schema they are in."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    LABEL_STYLE_TABLENAME_PLUS_COL,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    column,
    exc,
    func,
    insert,
    literal,
    quoted_name,
    select,
    table,
    union,
)
from relvar.dialects import mssql, mysql, postgresql, sqlite
from relvar.engine.default import DefaultDialect

NAMES = ["plain", "Mixed", "select", "a b", "1st", "_x", "$y", "p%", 'q"`]']
odd = table("Odd", *map(column, NAMES))
QUOTED = ["plain", '"Mixed"', '"select"', '"a b"', '"1st"', "_x", '"$y"', '"p%"', '"q""`]"']


@pytest.mark.parametrize(
    "dialect, expected",
    [
        (DefaultDialect(), QUOTED),
        (sqlite.dialect(), QUOTED),
        (postgresql.dialect(), [text.replace("%", "%%") for text in QUOTED]),
        (
            mysql.dialect(),
            ["plain", "`Mixed`", "`select`", "`a b`", "`1st`", "_x", "`$y`", "`p%%`", '`q"``]`'],
        ),
        (
            mssql.dialect(),
            ["plain", "[Mixed]", "[select]", "[a b]", "[1st]", "_x", "[$y]", "[p%]", '[q"`]]]'],
        ),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_quotes(dialect: Any, expected: list[str]) -> None:
    preparer = dialect.identifier_preparer
    assert [preparer.quote(name) for name in NAMES] == expected
    for named, quoted in zip(odd.c, expected):
        text = str(select(named).compile(dialect=dialect))
        assert text.startswith(f"SELECT {preparer.quote('Odd')}.{quoted} ")


def test_quotes_on_demand() -> None:
    quote = DefaultDialect().identifier_preparer.quote
    assert quote(quoted_name("plain", True)) == '"plain"' and quote(quoted_name("Mixed", False)) == "Mixed"
    assert quote("plain") == "plain"
    never = Table(
        "T", MetaData(), Column("ID", Integer, quote=False), Column("x", Integer, quote=True), quote=False
    )
    assert str(select(never)) == 'SELECT T.ID, T."x" \nFROM T'
    assert quoted_name("Mixed", True).lower() == "Mixed" and quoted_name("Mixed", None).lower() == "mixed"


def test_formats() -> None:
    preparer = DefaultDialect().identifier_preparer
    things = Table("Things", MetaData(), Column("id", Integer), schema="my.Place")
    assert preparer.format_table(things) == '"my.Place"."Things"'
    assert preparer.format_table(things, use_schema=False) == '"Things"'
    assert preparer.format_column(things.c.id, use_table=True) == '"Things".id'
    assert preparer.format_table_seq(things) == ('"my.Place"', '"Things"')
    assert preparer.format_label(things.c.id.label("The Id")) == '"The Id"'
    assert preparer.format_alias(things.alias("Al")) == '"Al"'
    assert preparer.format_schema("Sch") == '"Sch"' and preparer.format_collation("de_DE") == '"de_DE"'
    assert preparer.unformat_identifiers('"a.b".c."d""e"') == ["a.b", "c", 'd"e']
    assert preparer.quote_identifier('a"b') == '"a""b"'


def test_long_names_are_cut() -> None:
    wide = table("table_" + "x" * 30, column("column_" + "y" * 30, Integer))
    short = DefaultDialect(label_length=20)
    labelled = select(wide, wide.c[0] + 1).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)
    text = str(labelled.compile(dialect=short))
    assert " AS table_xxxxxxxx_1, " in text and text.count("table_xxxxxxxx_1") == 1
    compiled = select(wide.c[0]).where(wide.c[0] == 5).compile(dialect=short)
    assert list(compiled.params) == ["column_yyyyyyy_1"]
    with pytest.raises(exc.IdentifierError, match="exceeds maximum length of 63 characters|too long"):
        postgresql.dialect().validate_identifier("z" * 64)


def test_labels() -> None:
    t, u = (table(name, column("id"), column("name")) for name in ("t", "u"))
    assert str(select(t.c.id, u.c.id, t.c.id)) == "SELECT t.id, u.id AS id_1, t.id AS id__1 \nFROM t, u"
    both = select(t, u).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)
    assert str(both) == ("SELECT t.id AS t_id, t.name AS t_name, u.id AS u_id, u.name AS u_name \nFROM t, u")
    assert both.subquery().c.keys() == ["t_id", "t_name", "u_id", "u_name"]
    unnamed = select(t.c.id + 1, func.lower(t.c.name), func.lower(t.c.name), literal(5))
    assert str(unnamed) == (
        "SELECT t.id + :id_1 AS anon_1, lower(t.name) AS lower_1, lower(t.name) AS lower_2, "
        ":param_1 AS anon_2 \nFROM t"
    )


def test_a_map_moves_tables_to_other_schemas(sqlite_engine: Any) -> None:
    metadata = MetaData()
    here = Table("t", metadata, Column("id", Integer, primary_key=True), Column("x", String(5)))
    there = Table("t", metadata, Column("id", Integer, primary_key=True), schema="far")
    with sqlite_engine.connect() as connection:
        connection.exec_driver_sql("attach database ':memory:' as one")
        connection.exec_driver_sql("attach database ':memory:' as two")
        moved = connection.execution_options(schema_translate_map={None: "one", "far": "two"})
        metadata.create_all(moved)
        moved.execute(insert(here), [{"id": 1, "x": "a"}])
        moved.execute(insert(there).values(id=2))
        assert moved.exec_driver_sql("select id from one.t").scalar() == 1
        assert moved.exec_driver_sql("select id from two.t").scalar() == 2
        assert moved.execute(
            select(here.c.id, here.c.x, there.c.id).join(there, here.c.id != there.c.id)
        ).all() == [(1, "a", 2)]
        assert str(select(there)) == "SELECT far.t.id \nFROM far.t"


def test_two_ctes_of_one_name_in_one_with() -> None:
    one = select(literal(1).label("n")).cte("x")
    two = select(literal(2).label("n")).cte("x", nesting=True)
    target = table("t", column("n"))
    for statement in (
        select(one, two),
        union(select(one), select(two)),
        union(select(two), select(one)),
        insert(target).from_select(["n"], select(one.c.n + two.c.n)),
    ):
        with pytest.raises(exc.CompileError, match="unrelated CTEs found with the same name: 'x'"):
            statement.compile()


def test_reduced_columns_keep_what_no_other_selected_column_equals() -> None:
    t = table("t", column("id"), column("note"))
    b = t.alias("b")
    equal = select(b).where(b.c.note == t.c.note)
    assert equal.reduce_columns().selected_columns.keys() == ["id", "note"]
    assert equal.add_columns(t.c.note).reduce_columns().selected_columns.keys() == ["id", "note"]
