"""Functions: known ones, one's own, names, sequences, text search, comparisons, monotonic defaults: run."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from relvar import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    Integer,
    MetaData,
    Numeric,
    Sequence,
    String,
    Table,
    Uuid,
    any_,
    cast,
    column,
    event,
    exc,
    func,
    insert,
    literal,
    literal_column,
    select,
    type_coerce,
    update,
)
from relvar.dialects import postgresql
from relvar.ext.compiler import compiles, deregister
from relvar.orm import (
    DeclarativeBase,
    Session,
    aliased,
    foreign,
    joinedload,
    mapped_column,
    relationship,
    remote,
    selectinload,
    subqueryload,
    with_parent,
)
from relvar.sql import functions, quoted_name
from relvar.sql.functions import (
    Function,
    FunctionElement,
    GenericFunction,
    ReturnTypeFromArgs,
    register_function,
)

metadata = MetaData()
items = Table(
    "items",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(20)),
    Column("size", Integer),
    Column("price", Numeric(10, 2)),
    Column("made", DateTime),
)
i = items.c
MADE = datetime.datetime(2024, 5, 6, 7, 8, 9)
ITEMS = [
    (1, "ann", 3, Decimal("1.50"), MADE),
    (2, "bob", None, Decimal("2.25"), None),
    (3, "cat", 4, None, None),
]


@pytest.fixture
def connection(engine: Any) -> Iterator[Any]:
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(items), [dict(zip(items.c.keys(), row, strict=True)) for row in ITEMS])
        yield connection


def value(connection: Any, expression: Any) -> Any:
    """Return the value of *expression*, asked for twice: the second time the plan is known."""
    first, second = (connection.scalar(select(expression)) for _ in "12")
    assert type(first) is type(second)
    return second


# The namespace ---------------------------------------------------------------------------------------


@pytest.mark.feature("D058")
def test_any_function(connection: Any) -> None:
    dialect = connection.dialect.name
    assert value(connection, func.lower("ABC")) == "abc"
    assert value(connection, func.UPPER(func.Lower("aBC"))) == "ABC"
    assert value(connection, func.abs_(-3)) == 3
    assert value(connection, func.length("four", type_=Integer) + 1) == 5
    assert value(connection, Function("lower", "X")) == "x"
    assert value(connection, Function("replace", "a-b", "-", "+", type_=String) + "c") == "a+bc"
    if dialect == "postgresql":
        assert value(connection, func.pg_catalog.upper("a")) == "A"
        assert value(connection, Function("upper", "a", packagenames=("pg_catalog",))) == "A"
        assert value(connection, Function(quoted_name("upper", True), "a")) == "A"
    for mixed in (func.nullif("a", "a"), func.coalesce(None, None)):
        assert value(connection, mixed) is None
    big = connection.scalars(select(i.name).where(func.length(i.name) == 3, func.substr(i.name, 1, 1) == "b"))
    assert big.all() == ["bob"]
    changed = update(items).values(name=func.upper(i.name)).where(func.lower(i.name) == "ann")
    assert connection.execute(changed).rowcount == 1
    assert connection.scalar(select(i.name).where(i.id == 1)) == "ANN"


@pytest.mark.feature("D058")
@pytest.mark.backends("sqlite")
def test_odd_names_are_quoted(sqlite_engine: Any) -> None:
    odd = ["two words", "a-b", 'q"q', "select", "%(x)s", "?", ":x", "a]b", "é", "UPPER case", "--", "x.y"]

    @event.listens_for(sqlite_engine, "connect")
    def _connected(driver: Any, record: Any) -> None:
        for number, name in enumerate(odd):
            driver.create_function(name, 1, lambda given, number=number: given + number)

    sqlite_engine.pool.recreate()
    sqlite_engine.dispose()
    with sqlite_engine.connect() as connection:
        for number, name in enumerate(odd):
            if name == "select":  # reserved words stay bare: most are functions of some database
                assert value(connection, Function(quoted_name(name, True), 10)) == 10 + number
            else:
                assert value(connection, getattr(func, name)(10)) == 10 + number


# Known functions -------------------------------------------------------------------------------------


@pytest.mark.feature("D059")
def test_aggregates(connection: Any) -> None:
    sizes, prices = [3, 4], [Decimal("1.50"), Decimal("2.25")]
    found = connection.execute(
        select(
            func.count(),
            func.count(i.size),
            func.count(i.id.distinct()),
            func.sum(i.size),
            func.max(i.size),
            func.min(i.name),
            func.max(i.price),
            func.max(i.made),
        ).select_from(items)
    ).one()
    assert tuple(found) == (3, 2, 3, sum(sizes), max(sizes), "ann", max(prices), MADE)
    assert connection.scalar(select(func.sum(i.price))) == sum(prices)
    nothing = select(func.max(i.size), func.sum(i.size), func.count()).where(i.id > 9)
    assert tuple(connection.execute(nothing).one()) == (None, None, 0)


@pytest.mark.feature("D059")
def test_scalars(connection: Any) -> None:
    dialect = connection.dialect.name
    assert connection.scalars(select(func.coalesce(i.size, 0)).order_by(i.id)).all() == [3, 0, 4]
    assert value(connection, func.coalesce(None, "x", "y")) == "x"
    if dialect == "sqlite":
        return  # no concat() before 3.44, no pow() in every build
    assert value(connection, func.concat("a", "b", "c") + "d") == "abcd"
    assert value(connection, func.pow(2, 10)) == 1024


@pytest.mark.feature("D059")
def test_lengths_and_chance(connection: Any) -> None:
    assert value(connection, func.char_length("žluť")) == 4
    assert connection.scalars(select(func.char_length(i.name) + i.id).order_by(i.id)).all() == [4, 5, 6]
    several = {value(connection, func.random()) for _ in range(5)}
    assert len(several) > 1


@pytest.mark.feature("D059")
def test_now(connection: Any) -> None:
    times = {
        "now": datetime.datetime,
        "current_timestamp": datetime.datetime,
        "localtimestamp": datetime.datetime,
        "current_date": datetime.date,
        "current_time": datetime.time,
    }
    for name, kind in times.items():
        found = value(connection, getattr(func, name)())
        if isinstance(found, datetime.timedelta):  # what MariaDB's driver makes of a TIME
            found = (datetime.datetime.min + found).time()
        assert isinstance(found, kind), name
        if kind is datetime.datetime:
            away = abs(found.replace(tzinfo=None) - datetime.datetime.now())
            assert away < datetime.timedelta(days=1.5)  # time zones
    if connection.dialect.name == "mariadb":
        assert isinstance(value(connection, func.sysdate()), datetime.datetime)
        assert isinstance(value(connection, func.localtime()), datetime.datetime)
    if connection.dialect.name == "postgresql":
        moment = connection.scalar(select(func.localtime()))
        assert isinstance(moment, datetime.time)
        assert isinstance(value(connection, func.current_timestamp(literal_column("0"))), datetime.datetime)


@pytest.mark.feature("D059")
@pytest.mark.backends("postgresql", "mariadb")
def test_users(connection: Any) -> None:
    users = [value(connection, f()) for f in (func.current_user, func.session_user, func.user)]
    name = connection.engine.url.username or users[0]
    assert all(str(user).partition("@")[0] == name for user in users)


@pytest.mark.feature("D059")
@pytest.mark.backends("postgresql")
def test_arrays(connection: Any) -> None:
    collected = func.array_agg(i.id)
    assert connection.scalar(select(collected)) == [1, 2, 3]
    assert connection.scalar(select(collected[2])) == 2
    assert connection.scalar(select(collected == [1, 2, 3]))
    assert connection.scalar(select(postgresql.array_agg(i.id).contains([2])))
    assert connection.scalar(select(func.array_agg(i.name, type_=ARRAY(String)))) == ["ann", "bob", "cat"]
    listed = literal([1, 3], ARRAY(Integer))

    def ids(condition: Any) -> Any:
        return connection.scalars(select(i.id).where(condition).order_by(i.id)).all()

    assert ids(i.id == func.any(listed)) == [1, 3]
    assert ids(i.id == func.some(listed)) == [1, 3]
    assert ids(i.id != func.all(listed)) == [2]
    assert ids(i.id == any_(func.array_append(listed, 2))) == [1, 2, 3]


@pytest.mark.feature("D059")
@pytest.mark.backends("postgresql", "mariadb")
def test_of_a_select(connection: Any) -> None:
    small = select(i.id).where(i.id < 3).scalar_subquery()

    def ids(condition: Any) -> Any:
        return connection.scalars(select(i.id).where(condition).order_by(i.id)).all()

    assert ids(i.id == func.any(small)) == ids(i.id == func.some(small)) == [1, 2]
    assert ids(i.id > func.all(small)) == [3]


@pytest.mark.feature("D059")
@pytest.mark.backends("postgresql", "mariadb")
def test_sequences(connection: Any) -> None:
    numbers = Sequence("Odd numbers", start=5, increment=2)
    large = Sequence("large", data_type=BigInteger, start=2**40)
    for sequence in (numbers, large):
        sequence.create(connection)
    try:
        assert connection.scalar(numbers.next_value()) == 5
        assert connection.scalar(select(func.next_value(numbers))) == 7
        assert connection.scalar(numbers) == 9
        assert connection.scalar(select(large.next_value())) == 2**40
        connection.execute(insert(items).values(id=numbers.next_value(), name="seq"))
        connection.execute(update(items).values(size=numbers.next_value()).where(i.name == "seq"))
        assert tuple(connection.execute(select(i.id, i.size).where(i.name == "seq")).one()) == (11, 13)
        assert isinstance(func.next_value(large).type, BigInteger)
    finally:
        for sequence in (numbers, large):
            sequence.drop(connection)
    with pytest.raises(AssertionError, match="accepts a Sequence object"):
        func.next_value("numbers")


# One's own -------------------------------------------------------------------------------------------


class next_size(GenericFunction[Any]):  # its name in SQL
    type = Integer()
    name = "coalesce"
    identifier = "next_size"
    inherit_cache = True

    def __init__(self, size: Any) -> None:
        super().__init__(size + 1, 0)


class Shorter(ReturnTypeFromArgs[Any]):
    name = "lower"
    identifier = "shorter"
    package = "texts"
    inherit_cache = True


class larger(FunctionElement[Any]):  # its name in SQL
    name = "larger"
    inherit_cache = True
    type = Integer()


@pytest.fixture
def larger_compiles() -> Iterator[None]:
    @compiles(larger)
    def default(element: Any, compiler: Any, **kw: Any) -> str:
        return f"greatest({compiler.process(element.clauses, **kw)})"

    @compiles(larger, "sqlite")
    def on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
        return f"max{compiler.process(element.clause_expr, **kw)}"

    yield
    deregister(larger)


@pytest.mark.feature("D066")
@pytest.mark.usefixtures("larger_compiles")
def test_own_functions(connection: Any) -> None:
    assert connection.scalars(select(func.next_size(i.size)).order_by(i.id)).all() == [4, 0, 5]
    assert isinstance(func.NEXT_size(i.size), next_size)
    assert value(connection, func.texts.shorter("ABC") + "!") == "abc!"
    assert isinstance(func.texts.shorter(i.id).type, Integer) and func.shorter(1).type._isnull
    assert connection.scalars(select(larger(i.id, 2)).order_by(i.id)).all() == [2, 2, 3]
    assert connection.scalars(select(larger(i.id, 3) + 1).order_by(i.id)).all() == [4, 4, 4]
    assert connection.scalars(select(i.id).where(larger(i.id, 2) == 2).order_by(i.id)).all() == [1, 2]
    assert connection.scalar(select(larger(func.max(i.id), 1))) == 3
    windowed = select(func.sum(larger(i.id, 2)).over())
    assert connection.scalars(windowed).all() == [7, 7, 7]


@pytest.mark.feature("D066")
def test_registering() -> None:
    register_function("made_by_test", next_size, "tests")
    assert isinstance(func.tests.Made_By_Test(i.size), next_size)
    assert type(func.made_by_test(1)) is Function
    with pytest.warns(exc.SAWarning, match="The GenericFunction 'made_by_test' is already registered"):
        register_function("MADE_by_test", Shorter, "tests")
    assert isinstance(func.tests.made_by_test("x"), Shorter)

    class Unregistered(GenericFunction[Any]):
        _register = False
        name = "not_known"
        inherit_cache = True

    assert type(func.not_known(1)) is Function
    assert str(Unregistered(i.id)) == "not_known(items.id)"


# Comparisons -----------------------------------------------------------------------------------------


class Base(DeclarativeBase):
    pass


class Place(Base):
    __tablename__ = "places"
    id = mapped_column(Integer, primary_key=True)
    path = mapped_column(String(50))
    below = relationship(
        "Place",
        primaryjoin=lambda: (
            func.instr(remote(foreign(Place.path)), Place.path + "/").as_comparison(1, 2) == 1
        ),
        viewonly=True,
        order_by=lambda: Place.path,
    )


PATHS = ["a", "a/b", "a/b/c", "a/d", "e", "e/f"]
BELOW = {path: [p for p in PATHS if p.startswith(f"{path}/")] for path in PATHS}


@pytest.mark.feature("D067")
@pytest.mark.backends("sqlite", "mariadb")
def test_a_relationship_by_function(engine: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Place(id=n, path=path) for n, path in enumerate(PATHS, 1)])
        session.commit()
    for option in (
        (),
        (joinedload(Place.below),),
        (selectinload(Place.below),),
        (subqueryload(Place.below),),
    ):
        with Session(engine) as session:
            places = session.scalars(select(Place).options(*option)).unique().all()
            assert {p.path: [q.path for q in p.below] for p in places} == BELOW
    with Session(engine) as session:
        having = select(Place.path).where(Place.below.any()).order_by(Place.id)
        assert session.scalars(having).all() == [path for path in PATHS if BELOW[path]]
        inner = aliased(Place)
        pairs = select(Place.path, inner.path).join(Place.below.of_type(inner))
        assert sorted(tuple(row) for row in session.execute(pairs)) == sorted(
            (path, below) for path in PATHS for below in BELOW[path]
        )
        a = session.get(Place, 1)
        assert sorted(session.scalars(select(Place.path).where(with_parent(a, Place.below)))) == BELOW["a"]
        leaf = session.get(Place, 3)
        assert session.scalars(select(Place.path).where(Place.below.contains(leaf))).all() == ["a", "a/b"]


@pytest.mark.feature("D067")
def test_a_function_as_comparison() -> None:
    compared = func.inside(i.name, i.size, 5).as_comparison(1, 2)
    assert compared.left is i.name and compared.right is i.size
    assert str(~compared) == "NOT (inside(items.name, items.size, :inside_1))"
    with pytest.raises(exc.ArgumentError, match=r"inside\(\) has 3 argument\(s\), which are counted from 1"):
        func.inside(i.name, i.size, 5).as_comparison(0, 1)
    with pytest.raises(exc.ArgumentError, match="Could not locate any simple equality expressions"):

        class Wrong(DeclarativeBase):
            pass

        class One(Wrong):
            __tablename__ = "ones"
            id = mapped_column(Integer, primary_key=True)
            twos = relationship(
                "One", primaryjoin=lambda: func.f(remote(foreign(One.id)), One.id).as_comparison(1, 2)
            )

        One.twos.property.mapper  # a relationship that writes needs an equality


# Monotonic defaults ----------------------------------------------------------------------------------

# PostgreSQL 18 has it: https://www.postgresql.org/docs/18/functions-uuid.html
UUIDV7 = """
    CREATE FUNCTION uuidv7() RETURNS uuid LANGUAGE sql VOLATILE AS $$
        SELECT encode(overlay(uuid_send(gen_random_uuid())
            PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000000)::bigint) FROM 3)
            FROM 1 FOR 6), 'hex')::uuid $$
"""


@pytest.mark.feature("D068")
@pytest.mark.parametrize("kind", ["server_default", "default"])
def test_monotonic_functions_are_sentinels(pg_engine: Any, sql_log: Any, kind: str) -> None:
    def table(monotonic: bool) -> Any:
        default: Any = {kind: func.uuidv7(monotonic=True) if monotonic else func.uuidv7()}
        key = Column("id", Uuid, primary_key=True, **default)
        return Table(f"things_{monotonic}", MetaData(), key, Column("n", Integer))

    numbers = list(range(7))
    with pg_engine.begin() as connection:
        if connection.dialect.server_version_info < (18,):
            connection.exec_driver_sql(UUIDV7)
        for monotonic in (True, False):
            things = table(monotonic)
            things.metadata.create_all(connection)
            log = sql_log(pg_engine)
            statement = insert(things).returning(things.c.id, things.c.n, sort_by_parameter_order=True)
            found = connection.execute(statement, [{"n": n} for n in numbers]).all()
            assert [n for _, n in found] == numbers
            # in one statement if the database's values tell the order, else in one for each row
            assert len(log.texts()) == (1 if monotonic else len(numbers))
            stored = connection.execute(select(things.c.id, things.c.n).order_by(things.c.n)).all()
            assert stored == found
    assert "imp_sen" in log.texts()[0] or not monotonic


@pytest.mark.feature("D068")
def test_objects_with_monotonic_keys(pg_engine: Any, sql_log: Any) -> None:
    class Mapped(DeclarativeBase):
        pass

    class Thing(Mapped):
        __tablename__ = "things"
        id = mapped_column(Uuid, primary_key=True, server_default=func.uuidv7(monotonic=True))
        n = mapped_column(Integer)

    with pg_engine.begin() as connection:
        if connection.dialect.server_version_info < (18,):
            connection.exec_driver_sql(UUIDV7)
    Mapped.metadata.create_all(pg_engine)
    log = sql_log(pg_engine)
    with Session(pg_engine) as session:
        things = [Thing(n=n) for n in range(5)]
        session.add_all(things)
        session.flush()
        assert len(log.texts()) == 1
        keys = {thing.id: thing.n for thing in things}
        assert dict(session.execute(select(Thing.id, Thing.n)).all()) == keys
    assert func.uuidv7(monotonic=True).monotonic and not func.uuidv7().monotonic


# Text search -----------------------------------------------------------------------------------------


@pytest.mark.backends("postgresql")
def test_text_search(connection: Any) -> None:
    body = column("body", String)
    texts = ["The quick brown foxes", "A lazy dog", "foxes and dogs"]
    bodies = select(func.unnest(literal(texts, ARRAY(String))).label("body")).subquery()
    body = bodies.c.body
    document = func.to_tsvector("english", body)

    def found(query: Any) -> list[str]:
        matching = select(body).where(document.bool_op("@@")(query))
        assert connection.scalars(matching).all() == connection.scalars(matching).all()
        return sorted(connection.scalars(matching).all())

    assert found(func.to_tsquery("english", "fox & dog")) == [texts[2]]
    assert found(func.to_tsquery("english", "fox | dog")) == sorted(texts)
    assert found(func.plainto_tsquery("english", "the fox")) == sorted([texts[0], texts[2]])
    assert found(func.phraseto_tsquery("english", "brown fox")) == [texts[0]]
    assert found(postgresql.websearch_to_tsquery("english", "fox -dog")) == [texts[0]]
    config = "simple"
    assert connection.scalar(select(postgresql.to_tsvector(config, "The Fox"))) == "'fox':2 'the':1"
    assert connection.scalar(select(func.to_tsvector("The Fox"))) is not None
    query = func.to_tsquery("english", "fox")
    marked = select(func.ts_headline("english", "many foxes run", query, "StartSel=<, StopSel=>"))
    assert connection.scalar(marked) == "many <foxes> run"
    assert "<b>foxes</b>" in connection.scalar(select(func.ts_headline("many foxes run", query)))
    inlined = marked.compile(connection, compile_kwargs={"literal_binds": True})
    assert connection.exec_driver_sql(str(inlined)).scalar() == "many <foxes> run"
    assert re.match("to_tsvector", str(document))


# Odds and ends ---------------------------------------------------------------------------------------


@pytest.mark.feature("D059")
def test_results_have_the_types_of_functions(connection: Any) -> None:
    """What comes back is converted as the function's type says, known from the cache or not."""
    for _ in "12":
        found = connection.scalar(select(func.max(i.price)))
        assert found == Decimal("2.25") and isinstance(found, Decimal)
        assert connection.scalar(select(func.coalesce(i.made, i.made)).where(i.id == 1)) == MADE
        assert connection.scalar(select(func.max(type_coerce(i.id, String)))) == 3
        assert connection.scalar(select(cast(func.min(i.id), String))) == "1"
    assert isinstance(functions.max(i.price).type, Numeric)
    assert connection.scalar(select(func.count(literal_column("*"))).select_from(items)) == 3
