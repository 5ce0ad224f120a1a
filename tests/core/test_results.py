"""Results in full: every way to read, what closes, what is refused, and results put together."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    exc,
    insert,
    literal,
    select,
    text,
    update,
)
from relvar.engine import ChunkedIteratorResult, FrozenResult, IteratorResult, MergedResult, result_tuple
from relvar.rows.layout import SimpleResultMetaData

metadata = MetaData()
t = Table(
    "results",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(10)),
    Column("v", Integer),
)
other = Table(
    "others",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("t_id", ForeignKey(t.c.id)),
    Column("name", String(10)),
)

EVERYTHING = [(1, "a", 10), (2, "b", 20), (3, "a", 30), (4, "c", 40)]
ALL = select(t).order_by(t.c.id)
ONE = ALL.where(t.c.id == 2)
NONE = ALL.where(t.c.id < 0)

Read = Callable[..., Any]


@pytest.fixture
def read(engine: Any) -> Iterator[Read]:
    """A function: statement -> its result, on a table of four rows."""
    metadata.create_all(engine)
    with engine.connect() as connection:
        connection.execute(insert(t), [{"id": i, "name": name, "v": v} for i, name, v in EVERYTHING])
        connection.execute(insert(other), [{"id": 1, "t_id": 1, "name": "o1"}])

        def execute(statement: Any = ALL, **options: Any) -> Any:
            return connection.execute(statement, execution_options=options or None)

        yield execute


NO_ROW = (exc.NoResultFound, "^No row was found when one was required$")
MANY = (exc.MultipleResultsFound, "^Multiple rows were found when exactly one was required$")
MANY_OR_NONE = (exc.MultipleResultsFound, "^Multiple rows were found when one or none was required$")

# method -> what it gives for many rows, one row, no row; and whether it closes for good
READERS: dict[str, tuple[Any, Any, Any, bool]] = {
    "all": (EVERYTHING, [(2, "b", 20)], [], False),
    "fetchall": (EVERYTHING, [(2, "b", 20)], [], False),
    "fetchone": ((1, "a", 10), (2, "b", 20), None, False),
    "first": ((1, "a", 10), (2, "b", 20), None, True),
    "one": (MANY, (2, "b", 20), NO_ROW, True),
    "one_or_none": (MANY_OR_NONE, (2, "b", 20), None, True),
    "scalar": (1, 2, None, True),
    "scalar_one": (MANY, 2, NO_ROW, True),
    "scalar_one_or_none": (MANY_OR_NONE, 2, None, True),
}


def outcome(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except exc.InvalidRequestError as error:
        return type(error), f"^{error}$"


@pytest.mark.feature("A028")
def test_ways_to_read(read: Read) -> None:
    for name, (*expected, closes) in READERS.items():
        reads_and_closes(read, name, expected, closes)


def reads_and_closes(read: Read, name: str, expected: list[Any], closes: bool) -> None:
    for statement, wanted in zip((ALL, ONE, NONE), expected, strict=True):
        result = read(statement)
        assert outcome(getattr(result, name)) == wanted
        assert result.closed is closes
        if closes:
            for further in ("all", "fetchone", "first", "scalar"):
                with pytest.raises(exc.ResourceClosedError, match="^This result object is closed.$"):
                    getattr(result, further)()
        else:
            rest = EVERYTHING[1:] if name == "fetchone" and statement is ALL else []
            assert result.all() == rest
            assert result.all() == [] and result.fetchone() is None and not result.closed
        assert list(result.keys()) == ["id", "name", "v"]


@pytest.mark.feature("A028")
def test_rows_one_after_another_in_every_way(read: Read) -> None:
    result = read()
    assert next(result) == (1, "a", 10)
    assert next(iter(result)) == (2, "b", 20)
    assert result.fetchmany(1) == [(3, "a", 30)]
    assert result.fetchone() == (4, "c", 40)
    assert result.fetchmany(5) == [] and list(result) == []
    with pytest.raises(StopIteration):
        next(result)
    with read() as result:
        result.fetchone()
    assert result.closed
    with pytest.raises(exc.ResourceClosedError):
        list(result)


@pytest.mark.feature("A028")
@pytest.mark.backends("sqlite")
def test_partitions(read: Read) -> None:
    assert [len(part) for part in read().partitions(3)] == [3, 1]
    assert [len(part) for part in read(yield_per=3).partitions()] == [3, 1]
    assert [len(part) for part in read().yield_per(3).partitions()] == [3, 1]
    assert list(read().scalars("name").partitions(3)) == [["a", "b", "a"], ["c"]]
    assert [len(part) for part in read().mappings().partitions(2)] == [2, 2]
    assert [row for part in read().partitions() for row in part] == EVERYTHING
    assert list(read().columns("name").unique().partitions(2)) == [[("a",), ("b",)], [("c",)]]
    assert list(read(NONE).partitions(2)) == []


@pytest.mark.feature("A028")
@pytest.mark.backends("sqlite")
def test_unique_rows(read: Read) -> None:
    assert read().columns("name").unique().all() == [("a",), ("b",), ("c",)]
    assert read().unique(lambda row: row.name).all() == [EVERYTHING[i] for i in (0, 1, 3)]
    assert read().columns("name").unique().fetchmany(3) == [("a",), ("b",), ("c",)]
    assert read().scalars("name").unique().all() == ["a", "b", "c"]
    assert read().unique().scalars("name").all() == ["a", "b", "c"]
    assert read().scalars("v").unique(lambda value: value > 25).all() == [10, 30]
    assert len(read().mappings().unique().all()) == 4
    only_a = ALL.where(t.c.name == "a")
    assert read(only_a).columns("name").unique().one() == ("a",)
    assert read(only_a).columns("name").unique().scalar_one() == "a"
    assert read(only_a).scalars("name").unique().one_or_none() == "a"
    assert read().columns("name").unique().first() == ("a",)
    result = read().columns("name").unique()
    assert [result.fetchone() for _ in range(4)] == [("a",), ("b",), ("c",), None]
    with pytest.raises(TypeError, match="unhashable"):
        read().unique(lambda row: [row]).all()


@pytest.mark.feature("A028")
@pytest.mark.backends("sqlite")
def test_columns_by_name_position_and_object(read: Read) -> None:
    assert read().columns("v", 0, t.c.name).first() == (10, 1, "a")
    assert list(read().columns(t.c.v, -2).keys()) == ["v", "name"]
    assert read().columns("v", "id").columns(1).all() == [(1,), (2,), (3,), (4,)]
    assert read().columns("v", "id").scalars("id").first() == 1
    assert read().columns("v", "v").first() == (10, 10)
    assert read().columns("v", "id").mappings().first() == {"v": 10, "id": 1}
    assert read().scalars(t.c.v).first() == 10 and read().scalars(-1).first() == 10
    with pytest.raises(exc.NoSuchColumnError, match="Could not locate column in row for column 'zz'"):
        read().columns("zz")
    with pytest.raises(exc.NoSuchColumnError, match=r"column 'others\.id'"):
        read().columns(other.c.id)
    with pytest.raises(exc.NoSuchColumnError):
        read().scalars("zz")
    for position in (7, -4):
        with pytest.raises(IndexError):
            read().columns(position)
    with pytest.raises(IndexError):
        read().columns()


@pytest.mark.feature("A028", "A031")
def test_names_that_several_columns_have(read: Read) -> None:
    joined = select(t, other).join_from(t, other)
    row = read(joined).one()
    assert tuple(row) == (1, "a", 10, 1, 1, "o1")
    assert row._mapping[other.c.name] == "o1" and row._mapping[t.c.name] == "a"
    assert (row.id_1, row.name_1) == (1, "o1")
    assert list(read(joined).keys()) == ["id", "name", "v", "id_1", "t_id", "name_1"]
    # names of text are the driver's: the last column that has one keeps it
    assert read(text("SELECT 1 AS a, 2 AS a")).one().a == 2
    twice = select(literal(1).label("a"), literal(2).label("a"))
    for ask in (
        lambda: read(twice).one().a,
        lambda: read(twice).mappings().one()["a"],
        lambda: read(twice).columns("a"),
        lambda: read(twice).scalars("a"),
    ):
        with pytest.raises(exc.InvalidRequestError, match="Ambiguous column name 'a'"):
            ask()
    assert tuple(read(twice).one()) == (1, 2)
    keys = read().keys()
    assert ("id" in keys, t.c.v in keys, "zz" in keys, other.c.id in keys, len(keys)) == (
        True,
        True,
        False,
        False,
        3,
    )


@pytest.mark.feature("A029")
@pytest.mark.backends("sqlite")
@pytest.mark.parametrize("view", ["scalars", "mappings", "tuples"])
@pytest.mark.filterwarnings("ignore:The Result.tuples")
def test_views_read_like_results(read: Read, view: str) -> None:
    shape: Any = {
        "scalars": lambda row: row[0],
        "mappings": lambda row: dict(zip(("id", "name", "v"), row, strict=True)),
        "tuples": tuple,
    }[view]

    def of(statement: Any = ALL) -> Any:
        return getattr(read(statement), view)()

    many = [shape(row) for row in EVERYTHING]
    assert of().all() == many and of().fetchall() == many and list(of()) == many
    assert of().first() == many[0] and next(of()) == many[0] and of().fetchmany(2) == many[:2]
    assert of(ONE).one() == many[1] and of(ONE).one_or_none() == many[1]
    assert of(NONE).first() is None and of(NONE).one_or_none() is None and of(NONE).all() == []
    for call, (kind, said) in (
        (of().one, MANY),
        (of().one_or_none, MANY_OR_NONE),
        (of(NONE).one, NO_ROW),
    ):
        with pytest.raises(kind, match=said):
            call()
    with of() as viewed:
        assert next(viewed) == many[0] and not viewed.closed
    assert viewed.closed
    with pytest.raises(exc.ResourceClosedError):
        viewed.all()
    result = of()
    result.close()
    assert result.closed
    assert [len(part) for part in of().yield_per(3).partitions()] == [3, 1]
    assert list(of().unique().partitions(3)) == [many[:3], many[3:]]
    if view != "scalars":
        assert of().fetchone() == many[0] and list(of().keys()) == ["id", "name", "v"]
        assert len(of().columns("v").first()) == 1


# Kept, merged and made results -----------------------------------------------------------------------


@pytest.mark.feature("A032")
@pytest.mark.backends("sqlite")
def test_frozen_results(read: Read) -> None:
    frozen = read().freeze()
    assert isinstance(frozen, FrozenResult)
    for _ in range(2):
        assert frozen().all() == EVERYTHING
        assert frozen().scalars("name").first() == "a" and frozen().first().v == 10
        assert frozen().first()._mapping[t.c.v] == 10
    assert frozen.with_new_rows([(9, "z", 90)])().all() == [(9, "z", 90)]
    started = read()
    started.fetchone()
    assert started.freeze()().all() == EVERYTHING[1:]
    assert list(read().columns("v", "id").freeze()().keys()) == ["v", "id"]
    assert len(read().unique(lambda row: row.name).freeze()().all()) == 3
    with pytest.raises(exc.ResourceClosedError, match="does not return rows"):
        read(update(t).values(v=1)).freeze()


@pytest.mark.feature("A032", "N002")
@pytest.mark.backends("sqlite")
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_frozen_results_pickle(read: Read, protocol: int) -> None:
    frozen = pickle.loads(pickle.dumps(read().freeze(), protocol))
    assert frozen().all() == EVERYTHING
    assert frozen().first().name == "a" and frozen().mappings().first()["v"] == 10
    with pytest.raises(exc.NoSuchColumnError, match="unpickled"):
        frozen().columns(t.c.id)


@pytest.mark.feature("A032")
def test_merged_results(read: Read) -> None:
    merged = read(ONE).merge(read(NONE), read())
    assert isinstance(merged, MergedResult)
    assert list(merged.keys()) == ["id", "name", "v"]
    assert merged.all() == [EVERYTHING[1], *EVERYTHING]
    assert read(ONE).merge(read()).scalars().unique().all() == [2, 1, 3, 4]
    assert [len(part) for part in read().merge(read()).yield_per(5).partitions()] == [5, 3]
    one, two = read(), read()
    both = one.merge(two)
    assert both.fetchone() == EVERYTHING[0]
    both.close()
    assert (one.closed, two.closed, both.closed) == (True, True, True)
    changed = [read(update(t).values(v=1).where(t.c.id <= last)) for last in (1, 3)]
    assert changed[0].merge(changed[1]).rowcount == 4
    with pytest.raises(exc.ResourceClosedError):
        changed[0].merge(changed[1]).all()


LAYOUT = SimpleResultMetaData(["a", "b"])
MADE = [(1, 2), (3, 4), (1, 2)]


@pytest.mark.feature("A032")
def test_results_of_an_iterator() -> None:
    def made() -> Any:
        return IteratorResult(LAYOUT, iter(MADE))

    assert made().all() == MADE and list(made()) == MADE and made().fetchmany() == MADE
    assert made().fetchone() == (1, 2) and made().first().b == 2 and made().scalars("b").all() == [2, 4, 2]
    assert made().unique().all() == MADE[:2] and made().columns("b").all() == [(2,), (4,), (2,)]
    assert made().mappings().first() == {"a": 1, "b": 2}
    assert made().freeze()().all() == MADE and made().merge(made()).all() == MADE * 2
    assert [len(part) for part in made().partitions(2)] == [2, 1]
    with pytest.raises(exc.MultipleResultsFound):
        made().one()
    with pytest.raises(KeyError, match="zz"):
        made().columns("zz")
    result = made()
    result.close()
    assert result.closed
    with pytest.raises(exc.ResourceClosedError, match="This result object is closed"):
        result.all()
    row = result_tuple(["a", "b"])([5, 6])
    assert (row.a, row._mapping["b"], row == (5, 6)) == (5, 6, True)


@pytest.mark.feature("A032")
def test_results_of_chunks() -> None:
    asked: list[int | None] = []

    def chunks(size: int | None) -> Iterator[list[Any]]:
        asked.append(size)
        step = size or len(MADE)
        return (MADE[at : at + step] for at in range(0, len(MADE), step))

    assert ChunkedIteratorResult(LAYOUT, chunks).all() == MADE
    assert asked == [None]
    result = ChunkedIteratorResult(LAYOUT, chunks).yield_per(2)
    assert [len(part) for part in result.partitions()] == [2, 1]
    assert asked[-1] == 2
    values = ChunkedIteratorResult(
        SimpleResultMetaData(["a"]), lambda size: iter([[1, 2], [3]]), source_supports_scalars=True
    )
    assert values.scalars().all() == [1, 2, 3]
    dynamic = ChunkedIteratorResult(LAYOUT, chunks, dynamic_yield_per=True)
    assert dynamic.fetchmany(2) == MADE[:2]
    assert asked[-1] == 2


@pytest.mark.feature("A023", "A021")
@pytest.mark.backends("postgresql", "mariadb")
def test_yield_per_streams_wherever_it_is_given(engine: Any) -> None:
    """A plan that is kept streams as the first execution did; ``yield_per`` brings the other two along."""
    wanted = {"yield_per": 2, "stream_results": True, "max_row_buffer": 2}
    for given in ({"yield_per": 2}, {"yield_per": 2, "stream_results": False}):
        for _ in range(2):
            with engine.connect() as conn:
                statement = select(literal(1).label("x"))
                results = [
                    lambda s=statement, g=given: conn.execute(s, execution_options=g),
                    lambda s=statement, g=given: conn.execute(s.execution_options(**g)),
                    lambda g=given: conn.exec_driver_sql("SELECT 1", execution_options=g),
                    lambda s=statement, g=given: conn.execution_options(**g).execute(s),
                ]
                for make in results:
                    result = make()
                    context = result.context
                    assert context._is_server_side
                    assert {name: context.execution_options[name] for name in wanted} == wanted
                    assert result.all() == [(1,)]
