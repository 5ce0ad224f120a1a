"""Values written into the text."""

from __future__ import annotations

import datetime
import decimal
import enum
import uuid
from typing import Any

import pytest

from relvar import (
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Float,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Time,
    TypeDecorator,
    Uuid,
    cast,
    insert,
    literal,
    select,
    text,
)
from relvar.dialects import mssql, mysql, postgresql, sqlite

LITERAL = {"literal_binds": True}


class Color(enum.Enum):
    """What a thing looks like."""

    red = 1
    blue = 2


class Shouted(TypeDecorator[str]):
    """A string that is stored in capitals."""

    impl = String
    cache_ok = True

    def process_literal_param(self, value: Any, dialect: Any) -> str:
        return str(value).upper()


VALUES: list[Any] = [
    (Integer(), -5, "-5"),
    (Float(), 1.5, "1.5"),
    (Numeric(10, 2), decimal.Decimal("3.50"), "3.50"),
    (String(), "it's", "'it''s'"),
    (Boolean(), True, {"sqlite": "1", "postgresql": "true", "mysql": "true", "mssql": "1"}),
    (Date(), datetime.date(2024, 5, 17), "'2024-05-17'"),
    (Time(), datetime.time(13, 45), {"sqlite": "'13:45:00.000000'", "postgresql": "'13:45:00'"}),
    (
        DateTime(),
        datetime.datetime(2024, 5, 17, 13, 45),
        {"sqlite": "'2024-05-17 13:45:00.000000'", "postgresql": "'2024-05-17 13:45:00'"},
    ),
    (
        Uuid(),
        uuid.UUID(int=7),
        {"postgresql": "'00000000-0000-0000-0000-000000000007'", "sqlite": f"'{7:032}'"},
    ),
    (Enum(Color, name="color"), Color.blue, "'blue'"),
    (Shouted(), "abc", "'ABC'"),
]
DIALECTS = {
    "sqlite": sqlite.dialect(),
    "postgresql": postgresql.dialect(),
    "mysql": mysql.dialect(),
    "mssql": mssql.dialect(),
}


@pytest.mark.feature("A044")
@pytest.mark.parametrize("type_, value, expected", VALUES)
def test_types(type_: Any, value: Any, expected: Any) -> None:
    if isinstance(expected, str):
        expected = dict.fromkeys(["sqlite", "postgresql", "mysql"], expected)
    for name, written in expected.items():
        found = literal(value, type_).compile(dialect=DIALECTS[name], compile_kwargs=LITERAL)
        assert str(found) == written, name


@pytest.mark.feature("A044")
def test_the_database_reads_them_back(engine: Any) -> None:
    things = Table(
        "things",
        MetaData(),
        Column("i", Integer),
        Column("n", Numeric(10, 2)),
        Column("s", String(40)),
        Column("b", Boolean),
        Column("d", Date),
        Column("t", DateTime),
        Column("u", Uuid),
        Column("e", Enum(Color, name="color")),
    )
    things.metadata.create_all(engine)
    row = {
        "i": 5,
        "n": decimal.Decimal("3.50"),
        "s": 'it\'s 50% \\ "x" :y ?',
        "b": True,
        "d": datetime.date(2024, 5, 17),
        "t": datetime.datetime(2024, 5, 17, 13, 45),
        "u": uuid.UUID(int=7),
        "e": Color.blue,
    }
    with engine.begin() as connection:

        def run(statement: Any) -> Any:
            return connection.exec_driver_sql(
                str(statement.compile(dialect=engine.dialect, compile_kwargs=LITERAL))
            )

        run(insert(things).values(row))
        assert dict(connection.execute(select(things)).mappings().one()) == row
        for name, value in row.items():
            same = select(things.c.i).where(things.c[name] == value)
            assert run(same).scalar() == 5, name
        listed = select(things.c.i).where(things.c.i.in_([4, 5]), things.c.s.like("it's%")).limit(1)
        assert run(listed).all() == [(5,)]


@pytest.mark.feature("A044")
def test_only_some_parts_are_literal() -> None:
    mixed = select(literal("x", literal_execute=True), literal("y"))
    assert str(mixed) == "SELECT __[POSTCOMPILE_param_1] AS anon_1, :param_2 AS anon_2"
    expanded = mixed.compile(compile_kwargs={"render_postcompile": True})
    assert str(expanded) == "SELECT 'x' AS anon_1, :param_2 AS anon_2" and expanded.params["param_2"] == "y"
    assert str(cast("5", Integer).compile(compile_kwargs=LITERAL)) == "CAST(5 AS INTEGER)"
    assert str(text("a = :x").bindparams(x=3).compile(compile_kwargs=LITERAL)) == "a = 3"
