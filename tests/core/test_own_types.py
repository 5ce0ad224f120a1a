"""Types that applications make, in every place of a statement, run on each database."""

from __future__ import annotations

import enum
import json
from decimal import Decimal
from typing import Any

import pytest

from relvar import (
    Boolean,
    CheckConstraint,
    Column,
    Enum,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    TypeDecorator,
    bindparam,
    case,
    cast,
    create_engine,
    delete,
    event,
    exc,
    func,
    insert,
    inspect,
    literal,
    select,
    text,
    tuple_,
    type_coerce,
    types,
    union_all,
    update,
)
from relvar.dialects import postgresql, registry
from relvar.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from relvar.engine.default import DefaultDialect
from relvar.schema import CreateTable
from relvar.sql import operators

LITERAL = {"literal_binds": True}


class Secret(TypeDecorator[str]):
    """Turned around on the way in and back on the way out."""

    impl = String(60)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else value[::-1]

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else value[::-1]


class Tagged(TypeDecorator[str]):
    """A decorator around a decorator."""

    impl = Secret
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else f"{value}@{dialect.name}"

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else value.partition("@")[0]


class Braced(TypeDecorator[str]):
    """SQL puts braces around what is stored and takes them off what is selected."""

    impl = String(60)
    cache_ok = True

    def bind_expression(self, bindvalue: Any) -> Any:
        return func.concat("<", bindvalue, ">", type_=self)

    def column_expression(self, column: Any) -> Any:
        return func.replace(func.replace(column, "<", ""), ">", "", type_=self)


class AsJSON(TypeDecorator[Any]):
    """JSON where there is the type, text elsewhere; a set in Python."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        return dialect.type_descriptor(postgresql.JSONB() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        if value is None:
            return None
        return sorted(value) if dialect.name == "postgresql" else json.dumps(sorted(value))

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        if value is None:
            return None
        return set(value if dialect.name == "postgresql" else json.loads(value))


def things(*types_: Any) -> Table:
    columns = [Column(f"c{number}", type_) for number, type_ in enumerate(types_)]
    return Table("t", MetaData(), Column("id", Integer, primary_key=True), *columns)


def inline(connection: Any, statement: Any) -> Any:
    return connection.exec_driver_sql(str(statement.compile(connection, compile_kwargs=LITERAL)))


# -- decorators ----------------------------------------------------------------------


@pytest.mark.feature("D077")
def test_a_decorated_column_everywhere(engine: Any) -> None:
    t = things(Secret(), Integer())
    t.create(engine)
    x = t.c.c0
    returning = engine.dialect.insert_returning
    with engine.begin() as connection:

        def scalars(statement: Any, *given: Any) -> Any:
            return connection.scalars(statement, *given).all()

        connection.execute(insert(t), [{"id": 1, "c0": "abc", "c1": 1}, {"id": 2, "c0": None, "c1": 2}])
        connection.execute(insert(t).values([{"id": 3, "c0": "xyz"}, {"id": 4, "c0": "it's 50% \\"}]))
        inline(connection, insert(t).values(id=5, c0="abc"))
        assert [row[0] for row in connection.exec_driver_sql("SELECT c0 FROM t ORDER BY id")] == [
            "cba",
            None,
            "zyx",
            "\\ %05 s'ti",
            "cba",
        ]
        everything = ["abc", None, "xyz", "it's 50% \\", "abc"]
        assert scalars(select(x).order_by(t.c.id)) == everything
        # criteria
        ids = select(t.c.id).order_by(t.c.id)
        for criterion, found in [
            (x == "abc", [1, 5]),
            (x != "abc", [3, 4]),
            (x.in_(["abc", "xyz"]), [1, 3, 5]),
            (x.in_([]), []),
            (x.not_in(["abc"]), [3, 4]),
            (x.is_(None), [2]),
            (x == None, [2]),
            (x == bindparam("p", "xyz", Secret()), [3]),
            (x.like("%ab"), []),
            (type_coerce(x, String).like("cb%"), [1, 5]),
            (tuple_(x, t.c.id).in_([("abc", 1), ("abc", 2)]), [1]),
            (case((x == "abc", "yes"), else_="no") == "yes", [1, 5]),
        ]:
            assert scalars(ids.where(criterion)) == found, str(criterion)
            assert inline(connection, ids.where(criterion)).scalars().all() == found, str(criterion)
        assert scalars(ids.where(x == bindparam("p", type_=Secret())), {"p": "xyz"}) == [3]
        # what is selected
        assert scalars(select(x.label("q")).where(t.c.id == 1)) == ["abc"]
        assert scalars(select(func.max(x)).where(t.c.id.in_([1, 5]))) == ["abc"]
        assert scalars(select(func.upper(x, type_=Secret())).where(t.c.id == 1)) == ["ABC"]
        # the whole is read as the type of the column
        either = select(case((t.c.id == 1, x), else_="other")).where(t.c.id < 3).order_by(t.c.id)
        assert scalars(either) == ["abc", "rehto"]
        assert scalars(select(cast("abc", Secret()))) == ["abc"]
        assert scalars(select(literal("abc", Secret()))) == ["abc"]
        assert scalars(select(type_coerce(literal("abc"), Secret()))) == ["abc"]
        assert scalars(select(cast(x, String(20))).where(t.c.id == 1)) == ["cba"]
        assert scalars(select(x + "!").where(t.c.id == 1)) == ["!abc"]
        inner = select(x, t.c.id).where(t.c.id == 1)
        assert scalars(select(inner.subquery().c.c0)) == scalars(select(inner.cte().c.c0)) == ["abc"]
        assert scalars(select(select(x).where(t.c.id == 3).scalar_subquery())) == ["xyz"]
        assert scalars(union_all(select(x).where(t.c.id == 1), select(x).where(t.c.id == 3))) == [
            "abc",
            "xyz",
        ]
        assert connection.execute(text("select c0 from t where id = 1").columns(x)).scalar() == "abc"
        # changes
        connection.execute(update(t).values(c0="new").where(x == "xyz"))
        connection.execute(
            update(t).where(t.c.id == bindparam("k")).values(c0=bindparam("v")), [{"k": 5, "v": "five"}]
        )
        assert scalars(select(x).where(t.c.id.in_([3, 5])).order_by(t.c.id)) == ["new", "five"]
        if returning:
            back = connection.execute(
                insert(t).returning(x, x.label("q")), [{"id": 91, "c0": "one"}, {"id": 92, "c0": "two"}]
            )
            assert sorted(back.all()) == [("one", "one"), ("two", "two")]
        if engine.dialect.delete_returning:
            assert scalars(delete(t).where(x == "new").returning(x)) == ["new"]
        if engine.dialect.update_returning:
            assert scalars(update(t).values(c0="up").where(t.c.id == 1).returning(x)) == ["up"]


@pytest.mark.feature("D077")
def test_decorators_around_others(engine: Any) -> None:
    t = things(Tagged(), AsJSON(), Secret().with_variant(String(20), "sqlite"))
    t.create(engine)
    with engine.begin() as connection:
        connection.execute(insert(t), {"c0": "abc", "c1": {"b", "a"}, "c2": "xyz"})
        inline(connection, insert(t).values(c0="abc", c1={"b", "a"}, c2="xyz"))
        assert connection.execute(select(t.c.c0, t.c.c1, t.c.c2)).all() == [("abc", {"a", "b"}, "xyz")] * 2
        assert connection.scalar(select(func.count()).where(t.c.c0 == "abc", t.c.c2 == "xyz")) == 2
        kept = connection.exec_driver_sql("SELECT c0, c2 FROM t").first()
        assert tuple(kept) == (
            f"abc@{engine.dialect.name}"[::-1],
            "xyz" if engine.dialect.name == "sqlite" else "zyx",
        )
    assert isinstance(Tagged().impl, Secret) and Tagged().length == 60
    assert Tagged().type_engine(engine.dialect).__class__ is Secret
    json_type = "JSONB" if engine.dialect.name == "postgresql" else "TEXT"
    assert AsJSON().compile(dialect=engine.dialect) == json_type


@pytest.mark.feature("D077")
def test_what_compares_by_is_and_as_which_type() -> None:
    class Flag(TypeDecorator[Any]):
        impl = String
        cache_ok = True
        coerce_to_is_types = (type(None), dict)

        def coerce_compared_value(self, op: Any, value: Any) -> Any:
            return Integer() if isinstance(value, int) else self

        def sort_key(self, value: Any) -> Any:
            return len(value)

        @property
        def sort_key_function(self) -> Any:
            return self.sort_key

        def compare_values(self, x: Any, y: Any) -> bool:
            return bool(x.lower() == y.lower())

    x = Column("x", Flag())
    assert str(x == None) == "x IS NULL" and str(x != None) == "x IS NOT NULL"
    assert isinstance((x == 5).right.type, Integer) and isinstance((x == "5").right.type, Flag)
    assert sorted(["ccc", "a", "bb"], key=Flag().sort_key_function) == ["a", "bb", "ccc"]
    assert Flag().compare_values("A", "a") and not Flag().compare_values("A", "b")


@pytest.mark.feature("A026", "D077")
def test_statements_are_cached_if_the_type_says_so(engine: Any) -> None:
    class Offset(TypeDecorator[int]):
        impl = Integer
        cache_ok = True

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

        def process_bind_param(self, value: Any, dialect: Any) -> Any:
            return value + self.by

    class Unsafe(Offset):
        cache_ok = False

    with engine.connect() as connection:
        for by in (1, 2, 1, 3):
            assert connection.scalar(select(literal(5, Offset(by)))) == 5 + by
            assert connection.scalar(select(literal(5, Unsafe(by)))) == 5 + by
    first, second = (select(literal(5, Offset(by)))._generate_cache_key() for by in (1, 2))
    assert first is not None and first.key != second.key
    assert select(literal(5, Unsafe(1)))._generate_cache_key() is None


# -- SQL around values ---------------------------------------------------------------


@pytest.mark.feature("D081")
@pytest.mark.backends("postgresql", "mariadb", "mariadb+asyncmy")
def test_sql_around_values_everywhere(engine: Any) -> None:
    t = things(Braced(), Integer())
    t.create(engine)
    x = t.c.c0
    with engine.begin() as connection:

        def scalars(statement: Any) -> Any:
            return connection.scalars(statement).all()

        connection.execute(insert(t).values(id=1, c0="one"))
        connection.execute(insert(t), [{"id": 2, "c0": "two"}, {"id": 3, "c0": None}])
        connection.execute(insert(t).values([{"id": 4, "c0": "four"}, {"id": 5, "c0": "five"}]))
        inline(connection, insert(t).values(id=6, c0="it's"))
        kept = [row[0] for row in connection.exec_driver_sql("SELECT c0 FROM t ORDER BY id")]
        assert kept[:2] == ["<one>", "<two>"] and kept[3:] == ["<four>", "<five>", "<it's>"]
        assert scalars(select(x).where(t.c.id != 3).order_by(t.c.id)) == [
            "one",
            "two",
            "four",
            "five",
            "it's",
        ]
        ids = select(t.c.id).order_by(t.c.id)
        for criterion, found in [
            (x == "two", [2]),
            (x.in_(["two", "it's", "none"]), [2, 6]),
            (x.in_([]), []),
            (x.in_(bindparam("p", ["one"], Braced(), expanding=True)), [1]),
            (x.between("one", "onf"), [1]),
            (x.in_(select(x).where(t.c.id < 3)), [1, 2]),
        ]:
            assert scalars(ids.where(criterion)) == found, str(criterion)
            assert inline(connection, ids.where(criterion)).scalars().all() == found, str(criterion)
        assert scalars(select(x.label("q")).where(t.c.id == 1)) == ["one"]
        assert scalars(select(select(x).where(t.c.id == 1).subquery().c.c0)) == ["one"]
        assert scalars(select(select(x).where(t.c.id == 1).cte().c.c0)) == ["one"]
        assert scalars(select(t.alias("z").c.c0).order_by(text("id")).limit(1)) == ["one"]
        assert scalars(union_all(select(x).where(t.c.id == 1), select(x).where(t.c.id == 2))) == [
            "one",
            "two",
        ]
        connection.execute(update(t).values(c0="uno").where(x == "one"))
        connection.execute(insert(t).from_select(["id", "c0"], select(t.c.id + 100, x).where(t.c.id == 1)))
        assert scalars(select(x).where(t.c.id.in_([1, 101])).order_by(t.c.id)) == ["uno", "uno"]
        back = connection.execute(
            insert(t).returning(t.c.id, x, x.label("q"), sort_by_parameter_order=True),
            [{"id": 1000 + number, "c0": f"v{number}", "c1": number} for number in range(30)],
        ).all()
        assert [row[1:] for row in back] == [(f"v{number}", f"v{number}") for number in range(30)]
        if engine.dialect.delete_returning:
            assert scalars(delete(t).where(x.in_(["v1", "v2"])).returning(x)) in (["v1", "v2"], ["v2", "v1"])
        if engine.dialect.update_returning:
            assert scalars(update(t).values(c0="due").where(x == "two").returning(x)) == ["due"]


@pytest.mark.feature("D081")
def test_parameters_of_the_sql_around_values(engine: Any) -> None:
    """What stands around each value of a list has parameters of its own."""

    class Shifted(TypeDecorator[int]):
        impl = Integer
        cache_ok = True

        def __init__(self, by: int = 1000) -> None:
            super().__init__()
            self.by = by

        def bind_expression(self, bindvalue: Any) -> Any:
            return type_coerce(bindvalue, Integer) + literal(self.by, Integer)

        def column_expression(self, column: Any) -> Any:
            return type_coerce(column, Integer) - literal(self.by, Integer)

    t = things(Shifted(), Shifted(5))
    t.create(engine)
    with engine.begin() as connection:
        connection.execute(insert(t), [{"id": n, "c0": n, "c1": n} for n in range(1, 6)])
        assert tuple(connection.exec_driver_sql("SELECT c0, c1 FROM t WHERE id = 2").one()) == (1002, 7)
        listed = select(t.c.id, t.c.c0, t.c.c1).where(t.c.c0.in_([1, 2, 5]), t.c.c1.in_([2, 5]), t.c.c0 != 2)
        assert connection.execute(listed).all() == [(5, 5, 5)]
        # the same plan, other lists
        for wanted in ([1], [1, 2, 3], [], [5, 4]):
            again = select(t.c.c1).where(t.c.c0.in_(wanted)).order_by(t.c.id)
            assert connection.scalars(again).all() == sorted(wanted)
            assert inline(connection, again).scalars().all() == sorted(n + 5 - 5 for n in wanted)


# -- types from scratch, operators of types ------------------------------------------


class Point(types.UserDefinedType[tuple[int, int]]):
    """Two numbers in a string."""

    cache_ok = True

    def __init__(self, size: int = 20) -> None:
        self.size = size

    def get_col_spec(self, **kw: Any) -> str:
        return f"VARCHAR({self.size})"

    def bind_processor(self, dialect: Any) -> Any:
        return lambda value: None if value is None else f"{value[0]},{value[1]}"

    def result_processor(self, dialect: Any, coltype: Any) -> Any:
        return lambda value: None if value is None else tuple(map(int, value.split(",")))

    def literal_processor(self, dialect: Any) -> Any:
        return lambda value: f"'{value[0]},{value[1]}'"

    class comparator_factory(types.UserDefinedType.Comparator[Any]):
        """Points have a first number."""

        def starts(self, number: int) -> Any:
            """Tell whether the first number is this one."""
            return type_coerce(self.expr, String).like(f"{number},%")

        def operate(self, op: Any, *other: Any, **kw: Any) -> Any:
            if op is operators.mul:
                return func.concat(self.expr, "*", other[0], type_=String())
            return super().operate(op, *other, **kw)


@pytest.mark.feature("D078")
def test_a_type_from_scratch(engine: Any) -> None:
    t = things(Point(30), Point())
    t.create(engine)
    with engine.begin() as connection:
        connection.execute(insert(t), [{"c0": (1, 2), "c1": (3, 4)}, {"c0": (5, 6), "c1": None}])
        inline(connection, insert(t).values(c0=(1, 7), c1=None))
        assert connection.execute(select(t.c.c0, t.c.c1).order_by(t.c.id)).all() == [
            ((1, 2), (3, 4)),
            ((5, 6), None),
            ((1, 7), None),
        ]
        assert connection.scalars(select(t.c.id).where(t.c.c0 == (5, 6))).all() == [2]
        assert connection.scalars(
            select(t.c.id).where(t.c.c0.in_([(1, 2), (5, 6)])).order_by(t.c.id)
        ).all() == [1, 2]
        assert inline(connection, select(t.c.id).where(t.c.c0 == (5, 6))).scalars().all() == [2]
    found = inspect(engine).get_columns("t")
    assert [getattr(column["type"], "length", None) for column in found] == [None, 30, 20]
    with pytest.raises(exc.CompileError):
        literal((1, 2), type("Bare", (types.UserDefinedType,), {"cache_ok": True})()).compile(
            compile_kwargs=LITERAL
        )
    with pytest.raises(NotImplementedError, match="as_generic"):
        Point().as_generic()


@pytest.mark.feature("D082")
@pytest.mark.backends("postgresql", "mariadb")
def test_operators_of_a_type(engine: Any) -> None:
    class Words(types.Indexable, types.Concatenable, types.TypeEngine[Any]):
        __visit_name__ = "string"
        operator_classes = types.OperatorClass.STRING
        length = 40
        collation = collation_schema = None

        class Comparator(types.Indexable.Comparator[Any], types.Concatenable.Comparator[Any]):
            def _setup_getitem(self, index: Any) -> Any:
                return operators.custom_op("||"), literal(f"#{index}"), String()

        comparator_factory = Comparator

    class Upside(TypeDecorator[str]):
        impl = String(20)
        cache_ok = True

        class comparator_factory(TypeDecorator.Comparator[Any]):
            def __and__(self, other: Any) -> Any:
                return func.concat(self.expr, "&", other, type_=String())

    t = things(Point(30), Words(), Upside())
    t.create(engine)
    with engine.begin() as connection:
        connection.execute(insert(t), {"id": 1, "c0": (1, 2), "c1": "w", "c2": "u"})
        assert connection.scalars(select(t.c.id).where(t.c.c0.starts(1))).all() == [1]
        assert connection.scalar(select(t.c.c0 * "x")) == "1,2*x"
        assert connection.scalar(select(t.c.c2 & "v")) == "u&v"
        assert connection.scalar(select(t.c.c1 + "x")) == "wx"
        if engine.dialect.name == "postgresql":
            assert connection.scalar(select(t.c.c1[5])) == "w#5"
        # the operators stay with expressions of the type
        latest = func.max(t.c.c0, type_=Point()).starts(1)
        assert connection.scalars(select(t.c.id).group_by(t.c.id).having(latest)).all() == [1]
    with pytest.raises(AttributeError, match="starts"):
        t.c.id.starts(1)


# -- types with DDL ------------------------------------------------------------------


class Money(Numeric[Decimal]):
    """A number whose constructor refuses to do without its arguments."""

    def __init__(self, precision: int = 0, scale: int = 0, *, note: str = "") -> None:
        if not precision:
            raise exc.ArgumentError("Money needs a precision")
        super().__init__(precision, scale)
        self.note = note


def test_a_type_that_is_not_made_without_arguments(sqlite_engine: Any) -> None:
    prices = Table("prices", MetaData(), Column("price", Money(8, 2, note="net")))
    prices.create(sqlite_engine)
    price = prices.c.price
    with sqlite_engine.begin() as connection:
        connection.execute(insert(prices), [{"price": Decimal("2.50")}, {"price": Decimal("4.00")}])
        sums = select(price + 1, price * price, price / 2, 1 - price).where(price >= 2, price != 4)
        assert connection.execute(sums).all() == [
            (Decimal("3.50"), Decimal("6.25"), Decimal("1.25"), Decimal("-1.50"))
        ]
    for whole in (price + 1, price * price, price - price):
        assert isinstance(whole.type, Money) and whole.type.scale == 2
    # what goes by keyword only is not shown, as migrations write what is
    assert repr(price.type) == "Money(precision=8, scale=2)"


class Shouted(TypeDecorator[str]):
    """What a dialect below has in the place of every text."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else value.upper()


class Loud(SQLiteDialect_pysqlite):
    colspecs = {**SQLiteDialect_pysqlite.colspecs, String: Shouted}
    supports_statement_cache = True


class Outer(TypeDecorator[str]):
    impl = Tagged
    cache_ok = True


def test_a_dialect_whose_version_of_a_type_is_a_decorator() -> None:
    registry.register("loud", __name__, "Loud")
    engine = create_engine("loud://")
    words = Table("words", MetaData(), Column("plain", String), Column("own", Tagged), Column("outer", Outer))
    with engine.begin() as connection:
        words.create(connection)
        connection.execute(insert(words).values(plain="a", own="b", outer="c"))
        assert connection.execute(
            select(cast(words.c.plain, String), text("own"), text("outer")).select_from(words)
        ).all() == [("A", "ETILQS@B", "ETILQS@C")]
        assert (
            connection.execute(select(words).where(words.c.own == "b", words.c.outer.in_(["c"]))).all() != []
        )
    assert isinstance(Outer()._unwrapped_dialect_impl(engine.dialect), Shouted)
    engine.dispose()


class Mood(enum.Enum):
    """Two of them."""

    good = 1
    bad = 2


@pytest.mark.feature("D083")
def test_types_of_the_schema(engine: Any) -> None:
    metadata = MetaData()
    told: list[str] = []
    shared = Enum(Mood, name="shared_mood", metadata=metadata)

    @event.listens_for(shared, "before_parent_attach")
    def attached(target: Any, parent: Any) -> None:
        told.append(parent.name)

    first = Table("a", metadata, Column("id", Integer, primary_key=True), Column("m", shared))
    Table("b", metadata, Column("id", Integer, primary_key=True), Column("n", shared))
    checked = Enum("x", "y", native_enum=False, create_constraint=True, name="ck_xy")
    Table("c", metadata, Column("id", Integer, primary_key=True), Column("k", checked))
    assert told == ["m", "n"]
    native = engine.dialect.name == "postgresql"
    metadata.create_all(engine)
    metadata.create_all(engine)
    if native:
        assert [e["name"] for e in inspect(engine).get_enums()] == ["shared_mood"]
    with engine.begin() as connection:
        connection.execute(insert(first), {"m": Mood.bad})
        assert connection.scalar(select(first.c.m)) is Mood.bad
    with engine.begin() as connection, pytest.raises(exc.DBAPIError):
        connection.execute(text("insert into c values (1, 'z')"))
    first.drop(engine)
    if native:
        # others may use it: it goes with the metadata
        assert [e["name"] for e in inspect(engine).get_enums()] == ["shared_mood"]
    metadata.drop_all(engine)
    if native:
        assert inspect(engine).get_enums() == []
        shared.create(engine)
        shared.create(engine, checkfirst=True)
        with pytest.raises(exc.ProgrammingError):
            shared.create(engine, checkfirst=False)
        shared.drop(engine)
        shared.drop(engine, checkfirst=True)


@pytest.mark.feature("D083")
def test_schemas_of_types() -> None:
    def spelled(type_: Any, table_schema: Any = None, **metadata: Any) -> str:
        t = Table("t", MetaData(**metadata), Column("x", type_), schema=table_schema)
        return str(CreateTable(t).compile(dialect=postgresql.dialect())).split("x ")[1].split()[0]

    assert spelled(Enum("a", name="e")) == "e"
    assert spelled(Enum("a", name="e", schema="s")) == "s.e"
    assert spelled(Enum("a", name="e"), schema="m") == "m.e"
    assert spelled(Enum("a", name="e", schema=None), schema="m") == "e"
    assert spelled(Enum("a", name="Mixed", quote=False)) == "Mixed"
    assert spelled(Enum("a", name="select")) == '"select"'
    with pytest.warns(exc.SADeprecationWarning, match="inherit_schema"):
        assert spelled(Enum("a", name="e", inherit_schema=True), "ts") == "ts.e"
    t = Table("t", MetaData(), Column("x", Enum("a", name="e")))
    translated = CreateTable(t).compile(dialect=postgresql.dialect(), schema_translate_map={None: "z"})
    assert "z.e" in str(translated).replace("__[SCHEMA__none]", "z")
    copied = t.to_metadata(MetaData(), schema="other").c.x.type
    assert (copied.schema, copied.name, copied.enums) == ("other", "e", ["a"])


@pytest.mark.feature("D083")
@pytest.mark.backends("postgresql")
def test_types_in_another_schema(engine: Any) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA elsewhere"))
    try:
        t = Table("t", MetaData(), Column("x", Enum("a", "b", name="letters")), schema=None)
        there = engine.execution_options(schema_translate_map={None: "elsewhere"})
        t.create(there)
        with there.begin() as connection:
            connection.execute(insert(t), {"x": "b"})
            assert connection.scalar(select(t.c.x).where(t.c.x == "b")) == "b"
        assert [e["schema"] for e in inspect(engine).get_enums(schema="elsewhere")] == ["elsewhere"]
        t.metadata.drop_all(there)
        assert inspect(engine).get_enums(schema="elsewhere") == []
    finally:
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA elsewhere CASCADE"))


@pytest.mark.feature("D083")
def test_a_variant_decides_who_owns_ddl() -> None:
    from relvar.dialects import sqlite

    varied = Boolean(create_constraint=True, name="ck").with_variant(Integer(), "sqlite")
    t = Table("t", MetaData(), Column("x", varied))
    assert sum(isinstance(constraint, CheckConstraint) for constraint in t.constraints) == 1
    assert "CHECK" not in str(CreateTable(t).compile(dialect=sqlite.dialect()))
    assert "CHECK" in str(CreateTable(t).compile(dialect=DefaultDialect()))
