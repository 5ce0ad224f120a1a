"""LIMIT and OFFSET on SQL Server: TOP, OFFSET ... FETCH, or ROW_NUMBER()."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Integer, String, column, exc, func, literal, select, table, union
from relvar.dialects import mssql

t = table("t", column("id", Integer), column("name", String))
other = table("other", column("id", Integer), column("t_id", Integer))
t_ids = select(t.c.id)

# SQL Server 2008 and older
DIALECT = mssql.dialect()

# SQL Server 2012 and newer
OFFSET_FETCH = mssql.dialect()
OFFSET_FETCH._supports_offset_fetch = True

DIALECTS = {"PAIRS": DIALECT, "PAIRS_OFFSET_FETCH": OFFSET_FETCH}

PAIRS: list[Any] = [
    (select(t).limit(10), "SELECT TOP __[POSTCOMPILE_param_1] t.id, t.name \nFROM t"),
    (select(t).limit(0), "SELECT TOP __[POSTCOMPILE_param_1] t.id, t.name \nFROM t"),
    (select(t.c.name).distinct().limit(10), "SELECT DISTINCT TOP __[POSTCOMPILE_param_1] t.name \nFROM t"),
    (
        select(t).order_by(t.c.name).limit(10),
        "SELECT TOP __[POSTCOMPILE_param_1] t.id, t.name \nFROM t ORDER BY t.name",
    ),
    (
        select(t).limit(literal(3) + 2).order_by(t.c.id),
        (
            "SELECT anon_1.id, anon_1.name \nFROM (SELECT t.id AS id, t.name AS name, ROW_NUMBER() "
            "OVER (ORDER BY t.id) AS mssql_rn \nFROM t) AS anon_1 \nWHERE mssql_rn <= :param_1 + "
            ":param_2"
        ),
    ),
    (
        select(t).order_by(t.c.id).fetch(10, with_ties=True),
        "SELECT TOP __[POSTCOMPILE_param_1] WITH TIES t.id, t.name \nFROM t ORDER BY t.id",
    ),
    (
        select(t).order_by(t.c.id).fetch(10, percent=True),
        "SELECT TOP __[POSTCOMPILE_param_1] PERCENT t.id, t.name \nFROM t ORDER BY t.id",
    ),
    (
        select(t).order_by(t.c.id).fetch(10, percent=True, with_ties=True),
        "SELECT TOP __[POSTCOMPILE_param_1] PERCENT WITH TIES t.id, t.name \nFROM t ORDER BY t.id",
    ),
    (
        select(t).order_by(t.c.id).limit(10).offset(20),
        (
            "SELECT anon_1.id, anon_1.name \nFROM (SELECT t.id AS id, t.name AS name, ROW_NUMBER() "
            "OVER (ORDER BY t.id) AS mssql_rn \nFROM t) AS anon_1 \nWHERE mssql_rn > :param_1 AND "
            "mssql_rn <= :param_2 + :param_1"
        ),
    ),
    (
        select(t).order_by(t.c.id).offset(20),
        (
            "SELECT anon_1.id, anon_1.name \nFROM (SELECT t.id AS id, t.name AS name, ROW_NUMBER() "
            "OVER (ORDER BY t.id) AS mssql_rn \nFROM t) AS anon_1 \nWHERE mssql_rn > :param_1"
        ),
    ),
    (
        select(t.c.name).order_by(t.c.name.desc(), t.c.id).limit(10).offset(20),
        (
            "SELECT anon_1.name \nFROM (SELECT t.name AS name, ROW_NUMBER() OVER (ORDER BY t.name "
            "DESC, t.id) AS mssql_rn \nFROM t) AS anon_1 \nWHERE mssql_rn > :param_1 AND mssql_rn <= "
            ":param_2 + :param_1"
        ),
    ),
    (
        select(t.c.name).distinct().order_by(t.c.name).limit(10).offset(20),
        (
            "SELECT anon_1.name \nFROM (SELECT DISTINCT t.name AS name, ROW_NUMBER() OVER (ORDER BY "
            "t.name) AS mssql_rn \nFROM t) AS anon_1 \nWHERE mssql_rn > :param_1 AND mssql_rn <= "
            ":param_2 + :param_1"
        ),
    ),
    (
        select(select(t).order_by(t.c.id).limit(5).offset(2).subquery()),
        (
            "SELECT anon_1.id, anon_1.name \nFROM (SELECT anon_2.id AS id, anon_2.name AS name "
            "\nFROM (SELECT t.id AS id, t.name AS name, ROW_NUMBER() OVER (ORDER BY t.id) AS "
            "mssql_rn \nFROM t) AS anon_2 \nWHERE mssql_rn > :param_1 AND mssql_rn <= :param_2 + "
            ":param_1) AS anon_1"
        ),
    ),
    (
        select(select(t).limit(5).subquery()).order_by("id").limit(2),
        (
            "SELECT TOP __[POSTCOMPILE_param_1] anon_1.id, anon_1.name \nFROM (SELECT TOP "
            "__[POSTCOMPILE_param_2] t.id AS id, t.name AS name \nFROM t) AS anon_1 ORDER BY "
            "anon_1.id"
        ),
    ),
    (
        select(select(t).order_by(t.c.id).subquery()),
        ("SELECT anon_1.id, anon_1.name \nFROM (SELECT t.id AS id, t.name AS name \nFROM t) AS anon_1"),
    ),
    (
        select(t).where(t.c.id.in_(select(other.c.t_id).order_by(other.c.id).limit(3))),
        (
            "SELECT t.id, t.name \nFROM t \nWHERE t.id IN (SELECT TOP __[POSTCOMPILE_param_1] "
            "other.t_id \nFROM other ORDER BY other.id)"
        ),
    ),
    (
        select(t.c.id, other.c.id).join(other, other.c.t_id == t.c.id).order_by(t.c.id).limit(3).offset(1),
        (
            "SELECT anon_1.id, anon_1.id_1 \nFROM (SELECT t.id AS id, other.id AS id_1, ROW_NUMBER() "
            "OVER (ORDER BY t.id) AS mssql_rn \nFROM t JOIN other ON other.t_id = t.id) AS anon_1 "
            "\nWHERE mssql_rn > :param_1 AND mssql_rn <= :param_2 + :param_1"
        ),
    ),
    (
        select(func.count(t.c.id)).group_by(t.c.name).order_by(func.count(t.c.id)).limit(3).offset(1),
        (
            "SELECT anon_1.count_1 \nFROM (SELECT count(t.id) AS count_1, ROW_NUMBER() OVER (ORDER "
            "BY count(t.id)) AS mssql_rn \nFROM t GROUP BY t.name) AS anon_1 \nWHERE mssql_rn > "
            ":param_1 AND mssql_rn <= :param_2 + :param_1"
        ),
    ),
    (
        union(t_ids, select(other.c.id)).order_by("id"),
        "SELECT t.id \nFROM t UNION SELECT other.id \nFROM other ORDER BY id",
    ),
]

PAIRS_OFFSET_FETCH: list[Any] = [
    (select(t).limit(10), "SELECT TOP __[POSTCOMPILE_param_1] t.id, t.name \nFROM t"),
    (
        select(t).order_by(t.c.id).limit(10).offset(20),
        (
            "SELECT t.id, t.name \nFROM t ORDER BY t.id\n OFFSET :param_1 ROWS\n FETCH FIRST "
            ":param_2 ROWS ONLY"
        ),
    ),
    (
        select(t).order_by(t.c.id).offset(20),
        "SELECT t.id, t.name \nFROM t ORDER BY t.id\n OFFSET :param_1 ROWS",
    ),
    (
        select(t).order_by(t.c.id).limit(10).offset(0),
        (
            "SELECT t.id, t.name \nFROM t ORDER BY t.id\n OFFSET :param_1 ROWS\n FETCH FIRST "
            ":param_2 ROWS ONLY"
        ),
    ),
    (
        select(t).order_by(t.c.id).fetch(10).offset(3),
        (
            "SELECT t.id, t.name \nFROM t ORDER BY t.id\n OFFSET :param_1 ROWS\n FETCH FIRST "
            ":param_2 ROWS ONLY"
        ),
    ),
    (
        select(t).order_by(t.c.id).limit(literal(3) + 2),
        (
            "SELECT t.id, t.name \nFROM t ORDER BY t.id\n OFFSET 0 ROWS\n FETCH FIRST :param_1 + "
            ":param_2 ROWS ONLY"
        ),
    ),
    (
        select(t.c.name).distinct().order_by(t.c.name).limit(10).offset(20),
        (
            "SELECT DISTINCT t.name \nFROM t ORDER BY t.name\n OFFSET :param_1 ROWS\n FETCH FIRST "
            ":param_2 ROWS ONLY"
        ),
    ),
    (
        select(select(t).order_by(t.c.id).limit(5).offset(2).subquery()),
        (
            "SELECT anon_1.id, anon_1.name \nFROM (SELECT t.id AS id, t.name AS name \nFROM t ORDER "
            "BY t.id\n OFFSET :param_1 ROWS\n FETCH FIRST :param_2 ROWS ONLY) AS anon_1"
        ),
    ),
    (
        union(t_ids, select(other.c.id)).order_by("id").limit(5),
        "SELECT t.id \nFROM t UNION SELECT other.id \nFROM other ORDER BY id",
    ),
    (
        union(t_ids, select(other.c.id)).order_by("id").limit(5).offset(2),
        (
            "SELECT t.id \nFROM t UNION SELECT other.id \nFROM other ORDER BY id\n OFFSET :param_1 "
            "ROWS\n FETCH FIRST :param_2 ROWS ONLY"
        ),
    ),
]


@pytest.mark.feature("E060")
@pytest.mark.parametrize("statement, text", PAIRS)
def test_top_and_row_number(statement: Any, text: str) -> None:
    assert str(statement.compile(dialect=DIALECT)) == text


@pytest.mark.feature("E060")
@pytest.mark.parametrize("statement, text", PAIRS_OFFSET_FETCH)
def test_offset_fetch(statement: Any, text: str) -> None:
    assert str(statement.compile(dialect=OFFSET_FETCH)) == text


@pytest.mark.feature("E060")
def test_the_number_of_rows_is_part_of_the_text_that_runs() -> None:
    compiled = select(t.c.id).limit(10).compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    assert str(compiled) == "SELECT TOP 10 t.id \nFROM t"


@pytest.mark.feature("E060")
@pytest.mark.parametrize(
    "statement, message",
    [
        (
            select(t).limit(5).offset(3),
            "MSSQL requires an order_by when using an OFFSET or a non-simple LIMIT clause",
        ),
        (
            select(t).order_by(t.c.id).fetch(5, percent=True).offset(3),
            "MSSQL needs TOP to use PERCENT and/or WITH TIES. Only simple fetch without offset can be used.",
        ),
    ],
)
def test_what_paging_cannot_do(statement: Any, message: str) -> None:
    with pytest.raises(exc.CompileError, match=message.replace(".", r"\.")):
        statement.compile(dialect=DIALECT)
    with pytest.raises(exc.CompileError, match=message.replace(".", r"\.")):
        statement.compile(dialect=OFFSET_FETCH)
