"""
What programs add to SQL themselves: types, operators, functions, elements, DDL.
"""

from __future__ import annotations

import datetime
import decimal
import pickle
from typing import Any

import pytest

from relvar import (
    ARRAY,
    DDL,
    JSON,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    Interval,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    all_,
    and_,
    any_,
    cast,
    create_engine,
    event,
    exc,
    func,
    insert,
    literal,
    literal_column,
    make_url,
    select,
    type_coerce,
    update,
)
from relvar.dialects import mysql, postgresql, sqlite
from relvar.ext.compiler import compiles, deregister
from relvar.orm import Session, declarative_base, relationship
from relvar.schema import CreateTable, ExecutableDDLElement
from relvar.sql.expression import (
    BinaryExpression,
    ClauseElement,
    ColumnElement,
    Executable,
    FunctionElement,
    TableClause,
    column,
    custom_op,
    table,
)
from relvar.sql.functions import GenericFunction, ReturnTypeFromArgs
from relvar.types import TypeDecorator, UserDefinedType

t = Table(
    "t", MetaData(), Column("id", Integer, primary_key=True), Column("x", Integer), Column("s", String(20))
)


def folded(thing: Any, dialect: Any = None) -> str:
    return " ".join(str(thing.compile(dialect=dialect) if dialect is not None else thing).split())


# Operators -------------------------------------------------------------------------------------------


@pytest.mark.feature("D054")
def test_own_operators(sqlite_engine: Any) -> None:
    x = t.c.x
    assert folded(x.op("&&")(5)) == "t.x && :x_1"
    # without precedence an own operator binds like any other of its kind
    assert folded(x.op("%%%")(5) + 1) == "(t.x %%% :x_1) + :param_1"
    assert folded(x.op("^", precedence=20)(5) + 1) == "t.x ^ :x_1 + :param_1"
    assert folded((x + 1).op("^", precedence=20)(2)) == "(t.x + :x_1) ^ :param_1"
    assert str(x.op("~", return_type=String)(5).type) == "VARCHAR"
    assert str(x.op("~", is_comparison=True)(5).type) == str(x.bool_op("~")(5).type) == "BOOLEAN"
    assert folded(and_(x.bool_op("@>")(5), ~x.bool_op("@>")(6))) == "(t.x @> :x_1) AND NOT (t.x @> :x_2)"
    operator = custom_op("->>", precedence=15, return_type=Text())
    assert folded(t.c.s.operate(operator, "k")) == "t.s ->> :s_1"
    assert str(t.c.s.operate(operator, "k").type) == "TEXT"
    with sqlite_engine.connect() as conn:
        assert conn.scalar(select(literal(6).op("&")(3))) == 2
        assert conn.scalar(select(literal(1).op("<<", precedence=5)(3))) == 8

    one, two = x.op("a")(1), x.op("b")(1)
    assert not one.compare(two) and one.compare(x.op("a")(1))


@pytest.mark.feature("D054")
def test_own_operators_in_python(sqlite_engine: Any) -> None:
    """Objects in the session can be found by what stands for the operator in Python."""
    base: Any = declarative_base()

    class Number(base):
        __tablename__ = "numbers"
        id = Column(Integer, primary_key=True)
        n = Column(Integer)

    base.metadata.create_all(sqlite_engine)
    with Session(sqlite_engine) as session:
        numbers = [Number(n=i) for i in range(4)]
        session.add_all(numbers)
        session.flush()
        even = Number.n.op("& 1 =", is_comparison=True, python_impl=lambda left, right: left & 1 == right)
        changed = update(Number).where(even(0)).values(n=100)
        session.execute(changed, execution_options={"synchronize_session": "evaluate"})
        assert [number.__dict__["n"] for number in numbers] == [100, 1, 100, 3]
        session.expire_all()
        assert [number.n for number in numbers] == [100, 1, 100, 3]


@pytest.mark.feature("D054")
def test_own_operators_are_written_by_name() -> None:
    shouted = t.c.x.op("shout", visit_name="shout")(1)
    with_name = type(sqlite.dialect().statement_compiler)(
        "Shouting",
        (sqlite.dialect().statement_compiler,),
        {"visit_shout_op_binary": lambda self, binary, operator, **kw: "SHOUTED"},
    )
    dialect = sqlite.dialect()
    dialect.statement_compiler = with_name
    assert folded(shouted, dialect) == "SHOUTED"


# Functions -------------------------------------------------------------------------------------------


class as_utc(GenericFunction[Any]):
    type = DateTime()
    inherit_cache = True


class spaced(GenericFunction[Any]):
    type = Integer()
    package = "geo"
    name = "ST_Area"
    identifier = "area"
    inherit_cache = True


class greatest_of(ReturnTypeFromArgs[Any]):
    inherit_cache = True


@pytest.mark.feature("D066")
def test_own_functions(engine: Any) -> None:
    assert isinstance(func.as_utc(), as_utc) and isinstance(func.as_utc().type, DateTime)
    assert folded(func.as_utc(t.c.x)) == "as_utc(t.x)"
    assert folded(func.geo.area(t.c.x)) == "ST_Area(t.x)" and isinstance(func.geo.area().type, Integer)
    assert isinstance(func.greatest_of(t.c.s, "b").type, String)

    class coalesce_all(FunctionElement[Any]):
        name = "coalesce_all"
        inherit_cache = True
        type = Integer()

    @compiles(coalesce_all)
    def default(element: Any, compiler: Any, **kw: Any) -> str:
        return f"coalesce({compiler.process(element.clauses, **kw)})"

    @compiles(coalesce_all, "sqlite")
    def on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
        return f"ifnull({compiler.process(element.clauses, **kw)})"

    try:
        assert folded(coalesce_all(t.c.x, 5)) == "coalesce(t.x, :coalesce_all_1)"
        assert folded(coalesce_all(t.c.x, 5), sqlite.dialect()) == "ifnull(t.x, ?)"
        with engine.connect() as conn:
            for value in (5, 6):
                assert conn.scalar(select(coalesce_all(literal(None, Integer), value))) == value
    finally:
        deregister(coalesce_all)


# Elements --------------------------------------------------------------------------------------------


class Squared(ColumnElement[int]):
    inherit_cache = True
    type = Integer()
    _traverse_internals = [("element", None)]

    def __init__(self, element: Any) -> None:
        self.element = element


class InsertFromSelect(Executable, ClauseElement):
    inherit_cache = False

    def __init__(self, target: Any, statement: Any) -> None:
        self.target = target
        self.statement = statement


class CreateNote(ExecutableDDLElement):
    def __init__(self, name: str) -> None:
        self.name = name


@compiles(InsertFromSelect)
def _insert_from_select(element: Any, compiler: Any, **kw: Any) -> str:
    return (
        f"INSERT INTO {compiler.process(element.target, asfrom=True, **kw)} "
        f"({compiler.process(element.statement, **kw)})"
        if compiler.dialect.name != "sqlite"
        else f"INSERT INTO {compiler.process(element.target, asfrom=True, **kw)} "
        f"{compiler.process(element.statement, **kw)}"
    )


@compiles(CreateNote)
def _create_note(element: Any, compiler: Any, **kw: Any) -> str:
    return f"CREATE TABLE {compiler.preparer.quote(element.name)} (a INTEGER)"


@pytest.mark.feature("D087")
def test_own_elements(engine: Any) -> None:
    class UtcNow(ColumnElement[Any]):
        inherit_cache = True
        type = Integer()

    @compiles(UtcNow)
    def five(element: Any, compiler: Any, **kw: Any) -> str:
        return "5"

    copy = Table("copies", t.metadata, Column("id", Integer, primary_key=True), extend_existing=True)
    with engine.begin() as conn:
        t.create(conn)
        copy.create(conn)
        conn.execute(insert(t), [{"x": 1}, {"x": 9}])
        assert conn.scalar(select(UtcNow() + 2)) == 7
        assert conn.scalars(select(t.c.x).where(t.c.x > UtcNow())).all() == [9]
        conn.execute(InsertFromSelect(copy, select(t.c.id).where(t.c.x > 5)))
        assert conn.scalars(select(copy.c.id)).all() == [2]
        conn.execute(CreateNote("odd name"))
        assert conn.scalar(select(func.count()).select_from(table("odd name"))) == 0
    with engine.begin() as conn:
        conn.execute(DDL('DROP TABLE "odd name"' if engine.name != "mariadb" else "DROP TABLE `odd name`"))


@pytest.mark.feature("D087")
def test_own_ddl_in_events(sqlite_engine: Any) -> None:
    metadata = MetaData()
    first = Table("first", metadata, Column("id", Integer, primary_key=True))
    event.listen(first, "after_create", CreateNote("noted"))
    event.listen(first, "after_create", CreateNote("elsewhere").execute_if(dialect="postgresql"))
    metadata.create_all(sqlite_engine)
    with sqlite_engine.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(TableClause("noted"))) == 0
        with pytest.raises(exc.OperationalError, match="no such table"):
            conn.execute(select(func.count()).select_from(TableClause("elsewhere")))


@pytest.mark.feature("K005")
def test_compilation_can_be_changed_and_given_back() -> None:
    class Mine(ColumnElement[Any]):
        inherit_cache = True
        type = Integer()

    with pytest.raises(exc.UnsupportedCompilationError):
        Mine().compile(dialect=sqlite.dialect())

    @compiles(Mine, "postgresql", "sqlite")
    def special(element: Any, compiler: Any, **kw: Any) -> str:
        return "special"

    assert folded(Mine(), sqlite.dialect()) == folded(Mine(), postgresql.dialect()) == "special"
    with pytest.raises(exc.UnsupportedCompilationError, match="Mine"):
        Mine().compile(dialect=mysql.dialect())

    @compiles(Mine)
    def general(element: Any, compiler: Any, **kw: Any) -> str:
        return "general"

    assert folded(Mine(), mysql.dialect()) == "general" and folded(Mine(), sqlite.dialect()) == "special"
    deregister(Mine)
    with pytest.raises(exc.UnsupportedCompilationError):
        Mine().compile(dialect=mysql.dialect())

    class Loud(String):
        pass

    @compiles(Loud, "sqlite")
    def loud(type_: Any, compiler: Any, **kw: Any) -> str:
        return "LOUD" + compiler.visit_VARCHAR(type_, **kw)

    made = CreateTable(Table("x", MetaData(), Column("a", Loud(5))))
    assert "a LOUDVARCHAR(5)" in folded(made, sqlite.dialect())
    assert "a VARCHAR(5)" in folded(made, postgresql.dialect())


# Types -----------------------------------------------------------------------------------------------


class Hexed(UserDefinedType[int]):
    cache_ok = True

    def __init__(self, length: int) -> None:
        self.length = length

    def get_col_spec(self, **kw: Any) -> str:
        return f"VARCHAR({self.length})"

    def bind_processor(self, dialect: Any) -> Any:
        return lambda value: None if value is None else f"{value:x}"

    def result_processor(self, dialect: Any, coltype: Any) -> Any:
        return lambda value: None if value is None else int(value, 16)

    def literal_processor(self, dialect: Any) -> Any:
        return lambda value: f"'{value:x}'"


def test_elements_are_told_where_in_a_select_they_stand() -> None:
    class Mark(ColumnElement[int]):
        inherit_cache, type = True, Integer()

    @compiles(Mark)
    def mark(element: Any, compiler: Any, **kw: Any) -> str:
        return f"in_columns({kw['include_table']})" if kw["within_columns_clause"] else "elsewhere"

    statement = select(Mark().label("a")).where(Mark() > 1).order_by(Mark())
    assert folded(statement) == ("SELECT in_columns(True) AS a WHERE elsewhere > :param_1 ORDER BY elsewhere")


def test_rules_for_operators_also_hold_inside_casts_of_json() -> None:
    item = column("data", JSON)["k"].as_integer()

    def operation(element: Any, compiler: Any, **kw: Any) -> str:
        return f"<{compiler.visit_binary(element, **kw)}>"

    compiles(BinaryExpression)(operation)
    try:
        assert folded(item, sqlite.dialect()) == "<CAST(<JSON_EXTRACT(data, ?)> AS INTEGER)>"
        assert folded(item, postgresql.dialect()) == "<CAST(<data ->> %(data_1)s::TEXT> AS INTEGER)>"
    finally:
        deregister(BinaryExpression)
    assert folded(item, sqlite.dialect()) == "CAST(JSON_EXTRACT(data, ?) AS INTEGER)"


@pytest.mark.feature("D078")
def test_own_types(engine: Any) -> None:
    hexed = Table("hexed", MetaData(), Column("id", Integer, primary_key=True), Column("n", Hexed(20)))
    assert "n VARCHAR(20)" in folded(CreateTable(hexed), engine.dialect)
    with engine.begin() as conn:
        hexed.create(conn)
        conn.execute(insert(hexed), [{"n": 255}, {"n": None}, {"n": 16}])
        assert conn.scalars(select(hexed.c.n).order_by(hexed.c.id)).all() == [255, None, 16]
        assert conn.scalar(select(cast(hexed.c.n, String(9))).where(hexed.c.n == 255)) == "ff"
        assert conn.scalars(select(hexed.c.n).where(hexed.c.n.in_([16, 17]))).all() == [16]
        assert conn.scalar(select(type_coerce(literal_column("'a'"), Hexed(5)))) == 10
    literally = select(hexed.c.id).where(hexed.c.n == 255)
    assert "hexed.n = 'ff'" in str(literally.compile(compile_kwargs={"literal_binds": True}))


@pytest.mark.feature("D079")
def test_types_by_dialect(engine: Any) -> None:
    kind = (
        String(50)
        .with_variant(Text(), "sqlite")
        .with_variant(postgresql.VARCHAR(7), "postgresql")
        .with_variant(mysql.LONGTEXT(), "mysql", "mariadb")
    )
    made = CreateTable(Table("v", MetaData(), Column("a", kind)))
    assert "a TEXT" in folded(made, sqlite.dialect())
    assert "a VARCHAR(7)" in folded(made, postgresql.dialect())
    assert "a LONGTEXT" in folded(made, mysql.dialect())
    assert "a VARCHAR(50)" in folded(made)
    with pytest.raises(exc.ArgumentError, match="sqlite"):
        kind.with_variant(String(3), "sqlite")

    class Doubled(TypeDecorator[int]):
        impl = Integer
        cache_ok = True

        def process_bind_param(self, value: Any, dialect: Any) -> Any:
            return None if value is None else value * 2

    varied = Table(
        "varied",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("n", Integer().with_variant(Doubled(), "sqlite")),
    )
    with engine.begin() as conn:
        varied.create(conn)
        conn.execute(insert(varied), {"n": 4})
        assert conn.scalar(select(varied.c.n)) == (8 if engine.name == "sqlite" else 4)


@pytest.mark.feature("D074")
def test_arrays(pg_engine: Any) -> None:
    table = Table(
        "arrays",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("n", ARRAY(Integer)),
        Column("m", ARRAY(Integer, dimensions=2)),
        Column("s", ARRAY(String(9), as_tuple=True)),
        Column("z", ARRAY(Integer, zero_indexes=True)),
    )
    c = table.c
    assert "m INTEGER[][]" in folded(CreateTable(table), postgresql.dialect())
    with pg_engine.begin() as conn:
        table.create(conn)
        values = {"n": [1, 2, 3], "m": [[1, 2], [3, 4]], "s": ["a", None, "b'c"], "z": [7, 8, 9]}
        conn.execute(insert(table), values)
        row = conn.execute(select(c.n, c.m, c.s, c.z)).one()
        assert row == ([1, 2, 3], [[1, 2], [3, 4]], ("a", None, "b'c"), [7, 8, 9])
        assert conn.execute(select(c.n[1], c.z[0], c.m[2][1], c.n[2:3])).one() == (1, 7, 3, [2, 3])
        assert conn.scalar(select(c.id).where(any_(c.n) == 2)) == 1
        assert conn.scalar(select(c.id).where(all_(c.n) == 2)) is None
        assert conn.scalar(select(c.id).where(c.n == [1, 2, 3])) == 1
        assert conn.scalar(select(func.array_length(c.n, 1))) == 3
    with pytest.raises(ValueError, match="Do not nest ARRAY types"):
        ARRAY(ARRAY(Integer))


@pytest.mark.feature("D075")
def test_numbers_exact_and_not(engine: Any) -> None:
    table = Table(
        "numbers",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("exact", Numeric(12, 4)),
        Column("as_float", Numeric(12, 4, asdecimal=False)),
        Column("inexact", Float(53)),
        Column("as_decimal", Float(53, asdecimal=True, decimal_return_scale=3)),
    )
    with engine.begin() as conn:
        table.create(conn)
        conn.execute(
            insert(table),
            {
                "exact": decimal.Decimal("12345678.1234"),
                "as_float": 1.25,
                "inexact": 0.5,
                "as_decimal": 2.125,
            },
        )
        row = conn.execute(select(table)).one()
        assert row.exact == decimal.Decimal("12345678.1234") and type(row.exact) is decimal.Decimal
        assert row.as_float == 1.25 and type(row.as_float) is float
        assert row.inexact == 0.5 and type(row.inexact) is float
        assert row.as_decimal == decimal.Decimal("2.125") and type(row.as_decimal) is decimal.Decimal
        total = conn.scalar(select(table.c.exact + decimal.Decimal("0.0001")))
        assert total == decimal.Decimal("12345678.1235") and type(total) is decimal.Decimal
    assert not isinstance(Float(), Numeric) and isinstance(Float(5).precision, int)


@pytest.mark.feature("D057")
def test_arithmetic_of_dates(engine: Any) -> None:
    table = Table(
        "times",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("at", DateTime),
        Column("day", Date),
        Column("span", Interval),
    )
    c = table.c
    for expression, expected in [
        (c.at - c.at, Interval),
        (c.at + c.span, DateTime),
        (c.at - c.span, DateTime),
        (c.day - c.day, Integer),
        (c.day + c.span, DateTime),
        (c.span + c.span, Interval),
        (c.span + c.at, DateTime),
    ]:
        assert expression.type._type_affinity is expected, (expression, expression.type)
    at, span = datetime.datetime(2024, 1, 2, 3, 4, 5), datetime.timedelta(days=3, seconds=7)
    with engine.begin() as conn:
        table.create(conn)
        conn.execute(insert(table), {"at": at, "day": at.date(), "span": span})
        assert conn.execute(select(c.at, c.day, c.span)).one() == (at, at.date(), span)
        assert conn.scalar(select(c.id).where(c.span == span, c.at < at + span)) == 1
        if engine.name == "postgresql":
            assert conn.scalar(select(c.at + c.span)) == at + span
            assert conn.scalar(select(c.at - datetime.timedelta(hours=1))) == at - datetime.timedelta(hours=1)
            assert conn.scalar(select(c.at - datetime.datetime(2024, 1, 1))) == at - datetime.datetime(
                2024, 1, 1
            )


# Columns of a table, pickles ---------------------------------------------------------------------------


@pytest.mark.feature("D026")
def test_parts_of_a_collection_of_columns(sqlite_engine: Any) -> None:
    assert folded(select(t.c["id", "s"])) == "SELECT t.id, t.s FROM t"
    assert t.c.keys() == ["id", "x", "s"] and t.c.values() == [t.c.id, t.c.x, t.c.s]
    assert t.c.items() == [("id", t.c.id), ("x", t.c.x), ("s", t.c.s)]
    assert t.c.contains_column(t.c.id) and not t.c.contains_column(t.alias().c.id)
    assert "id" in t.c and "nope" not in t.c and len(t.c) == 3 and list(t.c) == t.c.values()
    assert t.c[0] is t.c.id and list(t.c[0:2]) == [t.c.id, t.c.x]
    assert t.c.get("nope") is None
    odd = Table(
        "odd", MetaData(), Column("add", Integer), Column("update", Integer), Column("clear", Integer)
    )
    assert isinstance(odd.c.add, Column) and isinstance(odd.c.update, Column) and odd.c.clear.name == "clear"
    sub = select(t.c.x, (t.c.x + 1).label("y")).subquery()
    assert folded(select(sub.c["y"])) == (
        "SELECT anon_1.y FROM (SELECT t.x AS x, t.x + :x_1 AS y FROM t) AS anon_1"
    )
    with pytest.raises(KeyError):
        t.c["nope"]
    with pytest.raises(AttributeError):
        t.c.nope
    with sqlite_engine.connect() as conn:
        t.create(conn)
        assert list(conn.execute(select(t.c["x", "id"])).keys()) == ["x", "id"]


PickleBase: Any = declarative_base()


class Parent(PickleBase):
    __tablename__ = "parents"
    id = Column(Integer, primary_key=True)
    children = relationship("Child", back_populates="parent")


class Child(PickleBase):
    __tablename__ = "children"
    id = Column(Integer, primary_key=True)
    parent_id = Column(ForeignKey("parents.id"))
    parent = relationship("Parent", back_populates="children")


@pytest.mark.feature("N002")
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickles(protocol: int) -> None:
    def again(thing: Any) -> Any:
        return pickle.loads(pickle.dumps(thing, protocol))

    engine = create_engine("sqlite://")
    PickleBase.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Parent(id=1, children=[Child(id=1), Child(id=2)]))
        session.commit()
        parent = session.get(Parent, 1)
        assert [child.parent for child in parent.children] == [parent, parent]
        session.expunge_all()
        made = again(parent)
        assert [child.id for child in made.children] == [1, 2] and made.children[0].parent is made
        session.add(made)
        made.children[0].parent_id = 1
        session.commit()
        row = session.execute(select(Child.id, Child.parent_id.label("p")).order_by(Child.id)).first()
        copied = again(row)
        assert copied == row == (1, 1) and copied.p == 1 and copied._fields == ("id", "p")
        mapping = again(row._mapping)
        assert dict(mapping) == {"id": 1, "p": 1}
    metadata = again(PickleBase.metadata)
    assert list(metadata.tables) == list(PickleBase.metadata.tables)
    children = metadata.tables["children"]
    assert next(iter(children.c.parent_id.foreign_keys)).column is metadata.tables["parents"].c.id
    assert folded(CreateTable(again(Child.__table__))) == folded(CreateTable(Child.__table__))
    url = make_url("postgresql://u:p%40@h:1/d?x=y&x=z")
    assert again(url) == url and again(url).password == "p@"
    error = exc.IntegrityError("select 1", {"a": 1}, ValueError("orig"))
    copied = again(error)
    assert type(copied) is exc.IntegrityError and (copied.statement, copied.params) == ("select 1", {"a": 1})
    assert str(again(exc.NoSuchTableError("x"))) == "x"
    statement = select(t).where(t.c.id == 5).order_by(t.c.x)
    assert folded(again(statement)) == folded(statement)
    assert folded(again(select(literal_column("1"), column("q")))) == "SELECT 1, q"
    engine.dispose()
