"""Arrays of PostgreSQL: operators, ANY and ALL, slices, dimensions, arrays of named types and JSON."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import uuid
from typing import Any

import pytest

from relvar import (
    ARRAY as GenericArray,
)
from relvar import (
    Boolean,
    Column,
    Date,
    Enum,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    TypeDecorator,
    Uuid,
    all_,
    any_,
    bindparam,
    cast,
    exc,
    func,
    insert,
    literal,
    select,
    text,
    type_coerce,
    update,
)
from relvar.dialects import postgresql
from relvar.dialects.postgresql import (
    ARRAY,
    DOMAIN,
    ENUM,
    JSONB,
    aggregate_order_by,
    array,
    array_agg,
)
from relvar.types import UserDefinedType

metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("a", ARRAY(Integer)),
    Column("words", ARRAY(String)),
    Column("grid", ARRAY(Integer, dimensions=2)),
    Column("zero", ARRAY(Integer, zero_indexes=True)),
    Column("tup", ARRAY(Integer, as_tuple=True)),
    Column("docs", ARRAY(JSONB)),
    Column("generic", GenericArray(Integer)),
)
t = things.c
ROW = {
    "id": 1,
    "a": [3, 1, 2],
    "words": ["x", "y'z", None, 'q"u\\o', ""],
    "grid": [[1, 2, 3], [4, 5, 6]],
    "zero": [7, 8, 9],
    "tup": [1, 2],
    "docs": [{"k": [1, None]}, None],
    "generic": [5, 6],
}


@pytest.fixture
def ask(pg_engine: Any) -> Any:
    """A function: the value of an expression over the one row."""
    metadata.create_all(pg_engine)
    with pg_engine.begin() as connection:
        connection.execute(insert(things), ROW)
        yield lambda expression: connection.scalar(select(expression).select_from(things))


@pytest.mark.feature("E018")
def test_values_come_back(ask: Any, pg_engine: Any) -> None:
    for name, value in ROW.items():
        found = ask(things.c[name])
        expected = tuple(value) if name == "tup" else value
        assert found == expected
        assert type(found) is type(expected)


# what is asked -> what the server answers
OPERATORS: list[tuple[Any, Any]] = [
    (t.a.contains([1, 2]), True),
    (t.a.contains(array([9])), False),
    (t.a.contains(t.zero), False),
    (~t.a.contains([9]), True),
    (t.a.contained_by([1, 2, 3, 4]), True),
    (t.a.contained_by(array([1, 2])), False),
    (t.a.overlap([2, 9]), True),
    (t.a.overlap(t.zero), False),
    (t.a == [3, 1, 2], True),
    (t.a != [3, 1, 2], False),
    (t.a < [4], True),
    (t.a.in_([[1], [3, 1, 2]]), True),
    (t.a.between([1], [9]), True),
    (t.a.is_distinct_from(None), True),
    (t.a + [4], [3, 1, 2, 4]),
    (t.a + array([4, 5]), [3, 1, 2, 4, 5]),
    (t.a.concat(t.zero), [3, 1, 2, 7, 8, 9]),
    (array([1]) + array([2]), [1, 2]),
    (array([1, 2]).contains([2]), True),
    (array([1, 2]).overlap(t.a), True),
    (1 == any_(t.a), True),
    (any_(t.a) == 9, False),
    (0 < all_(t.a), True),
    (all_(t.a) < 3, False),
    (t.a.any_() == 2, True),
    (t.id == any_(array([1, 2])), True),
    (literal("xy").like(any_(array(["a%", "x%"]))), True),
    (t.a[1], 3),
    (t.a[t.id + 1], 1),
    (t.a[2:3], [1, 2]),
    (t.a[2:], [1, 2]),
    (t.a[:2], [3, 1]),
    (t.a[7], None),
    (t.zero[0], 7),
    (t.zero[1:2], [8, 9]),
    (t.grid[2][3], 6),
    (t.grid[1:2][2:3], [[2, 3], [5, 6]]),
    (t.docs[1]["k"][0], 1),
    (t.docs[1]["k"][0].as_integer() + 1, 2),
    (t.tup[2], 2),
    (array([1, 2])[2], 2),
    (array([5, 6, 7])[2:3], [6, 7]),
    (array([array([1, 2]), array([3, 4])]), [[1, 2], [3, 4]]),
    (array([array([1, 2]), array([3, 4])])[2][1], 3),
    (array([], type_=Integer), []),
    (array([t.id, 5, None]), [1, 5, None]),
    (array(["a"], type_=Text), ["a"]),
    (cast(array([]), ARRAY(Integer)), []),
    (cast([1, 2], ARRAY(Integer))[2], 2),
    (type_coerce(t.a, ARRAY(Integer, as_tuple=True)), (3, 1, 2)),
    (literal([[1], [2]], ARRAY(Integer)), [[1], [2]]),
    (literal([], ARRAY(String)), []),
    (func.array_append(t.a, 5, type_=ARRAY(Integer))[4], 5),
    (func.array_length(t.grid, 2), 3),
    (func.cardinality(t.grid), 6),
    (func.array(select(t.id + 1).scalar_subquery(), type_=ARRAY(Integer)), [2]),
]


@pytest.mark.feature("E018")
def test_operators(ask: Any) -> None:
    for expression, expected in OPERATORS:
        found = ask(expression)
        assert found == expected, str(expression)
        assert type(found) is type(expected), str(expression)


@pytest.mark.feature("E018")
def test_any_and_all_of_old(ask: Any) -> None:
    for make, expected in [
        (lambda: postgresql.Any(1, t.a), True),
        (lambda: postgresql.All(1, t.a), False),
        (lambda: t.a.any(1), True),
        (lambda: t.a.all(9), False),
    ]:
        with pytest.deprecated_call(match="any_\\(\\) and all_\\(\\) functions"):
            expression = make()
        assert ask(expression) is expected


@pytest.mark.feature("E018")
def test_array_agg(pg_engine: Any) -> None:
    table = Table("n", MetaData(), Column("id", Integer, primary_key=True), Column("s", String(3)))
    table.create(pg_engine)
    with pg_engine.begin() as connection:
        connection.execute(insert(table), [{"id": n, "s": s} for n, s in enumerate("bac", 1)])

        def found(expression: Any) -> Any:
            return connection.scalar(select(expression))

        assert sorted(found(func.array_agg(table.c.s))) == ["a", "b", "c"]
        assert found(array_agg(aggregate_order_by(table.c.s, table.c.id.desc()))) == ["c", "a", "b"]
        assert found(func.array_agg(table.c.s).aggregate_order_by(table.c.s)) == ["a", "b", "c"]
        assert found(array_agg(table.c.id).filter(table.c.id > 1).contains([3, 2])) is True
        assert found(array_agg(aggregate_order_by(table.c.s, table.c.s))[2:3]) == ["b", "c"]
        assert isinstance(array_agg(table.c.s).type, ARRAY)
        assert isinstance(func.array_agg(table.c.s, type_=ARRAY(Text)).type.item_type, Text)


@pytest.mark.feature("E018")
def test_elements_are_set(ask: Any, pg_engine: Any) -> None:
    metadata.create_all(pg_engine)
    with pg_engine.begin() as connection:
        connection.execute(insert(things), {**ROW, "id": 2})
        assert connection.scalar(update(things).values({t.a[2]: 7}).returning(t.a)) == [3, 7, 2]
        assert connection.scalar(update(things).values({t.grid[1][1]: 0}).returning(t.grid)) == [
            [0, 2, 3],
            [4, 5, 6],
        ]
        assert connection.scalar(update(things).values({t.a[1:2]: [8, 9]}).returning(t.a)) == [8, 9, 2]
        many = bindparam("many", type_=ARRAY(Integer))
        assert connection.scalar(select(t.id).where(t.id == any_(many)), {"many": [2, 3]}) == 2


class Color(enum.Enum):
    red = "r"
    green = "g"


@pytest.mark.feature("E018", "E021")
def test_arrays_of_named_types(pg_engine: Any) -> None:
    named = MetaData()
    table = Table(
        "named",
        named,
        Column("id", Integer, primary_key=True),
        Column("letters", ARRAY(ENUM("a", "b c", "d,e", name="letter"))),
        Column("colors", ARRAY(Enum(Color, name="color"), dimensions=2)),
        Column("domain", ARRAY(DOMAIN("small", Integer, check="VALUE < 10"))),
    )
    named.create_all(pg_engine)
    c = table.c
    row = {
        "letters": ["a", None, "b c", "d,e"],
        "colors": [[Color.red], [Color.green]],
        "domain": [1, None, 9],
    }
    with pg_engine.begin() as connection:
        connection.execute(insert(table), [{"id": 1, **row}, {"id": 2, **dict.fromkeys(row)}])
        connection.execute(insert(table), {"id": 3, "letters": [], "colors": [], "domain": []})
        found = connection.execute(select(table).order_by(c.id)).all()
        assert found == [(1, *row.values()), (2, None, None, None), (3, [], [], [])]
        one = select(
            c.letters[3],
            c.letters[2:3],
            c.colors[2][1],
            c.domain[3],
            c.letters.contains(["a"]),
            any_(c.domain) == 9,
        ).where(c.id == 1)
        assert connection.execute(one).one() == ("b c", [None, "b c"], Color.green, 9, True, True)
        added = update(table).where(c.id == 3).values(letters=c.letters + ["a"]).returning(c.letters)
        assert connection.scalar(added) == ["a"]
        assert connection.scalar(select(c.id).where(c.colors == [[Color.red], [Color.green]])) == 1
    with pytest.raises(exc.DBAPIError), pg_engine.begin() as connection:
        connection.execute(insert(table), {"id": 4, "domain": [10]})
    named.drop_all(pg_engine)
    assert not postgresql_types(pg_engine)


def postgresql_types(engine: Any) -> list[str]:
    """Return the names of the ENUM types and domains that are left."""
    from relvar import inspect

    inspector = inspect(engine)
    return [each["name"] for each in (*inspector.get_enums(), *inspector.get_domains())]


@pytest.mark.feature("E018")
@pytest.mark.parametrize(
    "type_, values",
    [
        (Integer, [1, None, -5]),
        (Boolean, [True, False, None]),
        (Numeric(6, 2), [decimal.Decimal("1.50"), None]),
        (Float(53), [1.5, -2.25]),
        (Date, [dt.date(2020, 1, 31), None]),
        (postgresql.TIME, [dt.time(1, 2, 3, 4000)]),
        (postgresql.TIMESTAMP, [dt.datetime(2020, 1, 31, 4, 5, 6, 7000)]),
        (postgresql.TIMESTAMP(timezone=True), [dt.datetime(2020, 1, 31, 4, 5, tzinfo=dt.UTC)]),
        (Uuid, [uuid.UUID(int=5)]),
        (JSONB, [{"a": [1, 'q"u']}, [], "x"]),
        (LargeBinary, [b"\x00\xff,{}"]),
        (String(9), ["a,b", 'q"', "", None, "NULL"]),
        (ENUM("x", "y", name="under"), ["x", "y"]),
    ],
    ids=str,
)
def test_arrays_of_domains(pg_engine: Any, type_: Any, values: list[Any]) -> None:
    meta = MetaData()
    columns = [Column("x", ARRAY(DOMAIN("dom", type_)))]
    if isinstance(type_, ENUM):
        type_.create(pg_engine)
    table = Table("t", meta, *columns)
    meta.create_all(pg_engine)
    with pg_engine.begin() as connection:
        connection.execute(insert(table), {"x": values})
        found = connection.scalar(select(table.c.x))
    assert found == values
    assert [type(value) for value in found] == [type(value) for value in values]


def test_what_is_refused() -> None:
    with pytest.raises(exc.ArgumentError, match=r"array\(\) takes a sequence of values and expressions, got"):
        array(select(t.id))  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(ValueError, match="Do not nest ARRAY types"):
        ARRAY(ARRAY(Integer))


class Shouted(TypeDecorator[Any]):
    """A label that programs see in capitals."""

    impl = ENUM("a", "b", name="shouted")
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return value and value.lower()

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return value and value.upper()


@pytest.mark.feature("E018")
def test_arrays_of_what_extensions_and_programs_made(pg_engine: Any) -> None:
    with pg_engine.begin() as connection:
        for name in ("hstore", "citext"):
            connection.execute(text(f"CREATE EXTENSION {name}"))
        connection.execute(text("CREATE TYPE pair AS (a INTEGER, b TEXT)"))
    pg_engine.dispose()  # drivers look for hstore when they connect

    class Pair(UserDefinedType[Any]):
        cache_ok = True

        def get_col_spec(self, **kw: Any) -> str:
            return "pair"

    meta = MetaData()
    table = Table(
        "t",
        meta,
        Column("id", Integer, primary_key=True),
        Column("h", ARRAY(postgresql.HSTORE)),
        Column("c", ARRAY(postgresql.CITEXT)),
        Column("shouted", ARRAY(Shouted)),
        Column("pairs", ARRAY(Pair)),
    )
    meta.create_all(pg_engine)
    row = {"h": [{"a": "1", "b": None}, None], "c": ["Ab", "c,d"], "shouted": ["A", "B"], "pairs": ["(1,x)"]}
    with pg_engine.begin() as connection:
        assert connection.execute(insert(table).returning(table), row).one() == (1, *row.values())
        c = table.c
        found = select(
            c.h[1]["a"], c.c.contains(["AB"]), c.shouted[2], c.shouted[1:1], any_(c.shouted) == "A"
        )
        assert connection.execute(found).one() == ("1", True, "B", ["A"], True)
        for column in (c.h, c.c, c.shouted):
            same = select(c.id).where(column == row[column.name])
            inline = str(same.compile(connection, compile_kwargs={"literal_binds": True}))
            assert connection.exec_driver_sql(inline).all() == [(1,)], inline


@pytest.mark.feature("E018")
def test_literals_and_elements_of_json(ask: Any, pg_engine: Any) -> None:
    docs = [{"k": [1, None]}, None, "x"]
    assert ask(array(docs, type_=JSONB)) == docs
    assert ask(literal(docs, ARRAY(JSONB))) == docs
    nested = literal([[1], [2]], ARRAY(JSONB, dimensions=1))  # two documents, not two dimensions
    assert ask(nested) == [[1], [2]]
    assert ask(func.array_ndims(nested)) == 1
    # in a value None is JSON's null, in ARRAY[...] it is NULL
    same = select(literal(docs, ARRAY(JSONB)) == array([docs[0], JSONB.NULL, "x"], type_=JSONB))
    with pg_engine.connect() as connection:
        inline = str(same.compile(connection, compile_kwargs={"literal_binds": True}))
        assert connection.exec_driver_sql(inline).scalar() is True
    ENUM(Color, name="color").create(pg_engine)
    assert ask(array([Color.red], type_=ENUM(Color, name="color"))) == [Color.red]
