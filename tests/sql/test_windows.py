"""Windows, filters, ordered sets, ordered aggregates and grouping sets: run, and computed again in Python."""

from __future__ import annotations

import datetime
import statistics
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import chain, combinations
from typing import Any

import pytest

from relvar import (
    Column,
    Date,
    FrameClause,
    FrameClauseType,
    Integer,
    MetaData,
    String,
    Table,
    aggregate_order_by,
    case,
    distinct,
    exc,
    func,
    funcfilter,
    insert,
    literal_column,
    nulls_first,
    nulls_last,
    over,
    select,
    tuple_,
    within_group,
)
from relvar.dialects import postgresql
from relvar.sql.elements import FunctionFilter, Over, WithinGroup

metadata = MetaData()
sales = Table(
    "sales",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("team", String(10)),
    Column("rank", Integer),
    Column("pay", Integer),
    Column("day", Date),
)
s = sales.c
DAY = datetime.date(2024, 1, 1)
SALES = [
    {"id": i + 1, "team": team, "rank": rank, "pay": pay, "day": DAY + datetime.timedelta(days=2 * i)}
    for i, (team, rank, pay) in enumerate(
        [
            ("red", 1, 10),
            ("red", 2, 20),
            ("blue", 2, None),
            ("blue", 2, 7),
            ("red", 4, 1),
            ("blue", 5, 20),
            ("red", 4, 30),
            ("blue", 9, 2),
        ]
    )
]
Row = dict[str, Any]
PRECEDING, FOLLOWING = FrameClauseType.PRECEDING, FrameClauseType.FOLLOWING
CURRENT, UNBOUNDED = FrameClauseType.CURRENT, FrameClauseType.UNBOUNDED


@pytest.fixture
def connection(engine: Any) -> Iterator[Any]:
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(sales), SALES)
        yield connection


def column_of(connection: Any, expression: Any) -> list[Any]:
    """Return the value of *expression* for each sale."""
    return [plain(v) for v in connection.scalars(select(expression).select_from(sales).order_by(s.id))]


def plain(value: Any) -> Any:
    return int(value) if isinstance(value, Decimal) and value == int(value) else value


# The same in Python ----------------------------------------------------------------------------------


def total(rows: list[Row]) -> int | None:
    pays = [row["pay"] for row in rows if row["pay"] is not None]
    return sum(pays) if pays else None


def ids(rows: list[Row]) -> int | None:
    return sum(row["id"] for row in rows) if rows else None


class Window:
    """What a window shows to each row: the rows of its frame."""

    def __init__(self, partition: str | None, order: str, kind: str, frame: Any, exclude: str | None = None):
        self.partition, self.order, self.kind, self.frame, self.exclude = (
            partition,
            order,
            kind,
            frame,
            exclude,
        )

    def position(self, rows: list[Row], row: Row) -> int:
        if self.kind == "rows":
            return rows.index(row)
        if self.kind == "groups":
            return sorted({r[self.order] for r in rows}).index(row[self.order])
        return row[self.order]  # type: ignore[no-any-return]  # a number

    def rows_for(self, row: Row) -> list[Row]:
        same = [r for r in SALES if self.partition is None or r[self.partition] == row[self.partition]]
        same.sort(key=lambda r: (r[self.order], r["id"]))
        here = self.position(same, row)
        low, high = self.frame
        found = [
            r
            for r in same
            if (low is None or self.position(same, r) >= here + low)
            and (high is None or self.position(same, r) <= here + high)
        ]
        # rows are ordered by their id as well: each has no peer but itself
        same_place = [row] if self.kind == "rows" else [r for r in same if r[self.order] == row[self.order]]
        peers = [r for r in found if r in same_place]
        left_out: dict[str | None, list[Row]] = {
            "CURRENT ROW": [row],
            "GROUP": peers,
            "TIES": [r for r in peers if r is not row],
        }
        return [r for r in found if r not in left_out.get(self.exclude, [])]

    def values(self, aggregate: Callable[[list[Row]], Any]) -> list[Any]:
        return [aggregate(self.rows_for(row)) for row in SALES]


ENDS = (None, -3, -1, 0, 2)
FRAMES = [
    (low, high)
    for low in (*ENDS, 1)
    for high in (*ENDS, -2)
    # a frame that ends before it begins is refused by some databases
    if low is None or high is None or low <= high
]


def over_of(window: Window, expression: Any) -> Any:
    order = [s[window.order]] if window.kind != "rows" else [s[window.order], s.id]
    keyword = {"rows": "rows", "range": "range_", "groups": "groups"}[window.kind]
    partition = None if window.partition is None else s[window.partition]
    options = {keyword: window.frame, "exclude": window.exclude}
    return expression.over(partition_by=partition, order_by=order, **options)


@pytest.mark.feature("D060")
@pytest.mark.parametrize("partition", [None, "team"])
def test_every_frame(connection: Any, partition: str | None) -> None:
    kinds = ["rows", "range", "groups"]
    excluded: list[str | None] = [None, "CURRENT ROW", "GROUP", "TIES", "NO OTHERS"]
    if connection.dialect.name == "mariadb":
        kinds.remove("groups")  # and no EXCLUDE: https://mariadb.com/kb/en/window-frames/
        excluded = [None]
    for kind in kinds:
        for frame in FRAMES:
            for phrase in excluded:
                window = Window(partition, "rank", kind, frame, phrase)
                expected = window.values(total), window.values(ids)
                found = [column_of(connection, over_of(window, func.sum(c))) for c in (s.pay, s.id)]
                assert tuple(found) == expected, (kind, frame, phrase)


@pytest.mark.feature("D060")
def test_frames_as_clauses(connection: Any) -> None:
    """A FrameClause says the same as a pair of numbers, and more."""

    def of(low: Any, high: Any, low_type: Any, high_type: Any) -> list[Any]:
        frame = FrameClause(low, high, low_type, high_type)
        return column_of(connection, func.sum(s.pay).over(order_by=s.id, rows=frame))

    assert of(1, 2, PRECEDING, FOLLOWING) == Window(None, "id", "rows", (-1, 2)).values(total)
    assert of(3, 1, PRECEDING, PRECEDING) == Window(None, "id", "rows", (-3, -1)).values(total)
    assert of(None, None, UNBOUNDED, CURRENT) == Window(None, "id", "rows", (None, 0)).values(total)
    assert of(None, None, CURRENT, UNBOUNDED) == Window(None, "id", "rows", (0, None)).values(total)
    assert of(None, 1, CURRENT, FOLLOWING) == Window(None, "id", "rows", (0, 1)).values(total)
    with pytest.raises(exc.ArgumentError, match="A value is required for start with frame type PRECEDING"):
        FrameClause(None, 1, PRECEDING, FOLLOWING)


@pytest.mark.feature("D060")
@pytest.mark.backends("postgresql")
def test_a_range_of_days(connection: Any) -> None:
    days = datetime.timedelta(days=3)
    frame = FrameClause(days, None, PRECEDING, CURRENT)
    expected = [total([r for r in SALES if row["day"] - days <= r["day"] <= row["day"]]) for row in SALES]
    assert column_of(connection, func.sum(s.pay).over(order_by=s.day, range_=frame)) == expected


@pytest.mark.feature("D060")
def test_order_and_partition(connection: Any) -> None:
    by_pay = sorted(SALES, key=lambda r: (r["pay"] is None, r["pay"] or 0, r["id"]))
    place = {row["id"]: i for i, row in enumerate(by_pay, 1)}
    if connection.dialect.name != "mariadb":
        numbered = func.row_number().over(order_by=[nulls_last(s.pay), s.id])
        assert column_of(connection, numbered) == [place[row["id"]] for row in SALES]
        first = func.row_number().over(order_by=(nulls_first(s.pay), s.id))
        assert column_of(connection, first)[2] == 1
    assert column_of(connection, func.count().over()) == [8] * 8
    per_team = over(func.max(s.pay), partition_by=s.team)
    expected = [max(r["pay"] or 0 for r in SALES if r["team"] == row["team"]) for row in SALES]
    assert column_of(connection, per_team) == expected
    half = case((s.id <= 4, 1), else_=2)
    assert column_of(connection, func.count().over(partition_by=[s.team, half])) == [2, 2, 2, 2, 2, 2, 2, 2]
    assert column_of(connection, func.row_number().over(order_by=s.id.desc()) * 10) == [
        *(80, 70, 60, 50, 40, 30, 20, 10)
    ]
    lagging = func.lag(s.pay).over(partition_by=s.team, order_by=s.id)
    assert column_of(connection, lagging) == [None, 10, None, None, 20, 7, 1, 20]
    assert isinstance(lagging, Over)


@pytest.mark.feature("D060")
def test_names_in_windows(connection: Any) -> None:
    """A string in a window is a column of the FROM elements; its own columns' labels are objects."""
    statement = select(s.id, func.row_number().over(partition_by="team", order_by="rank")).order_by(s.id)
    found = [n for _, n in connection.execute(statement)]
    assert sorted(found) == [1, 1, 2, 2, 3, 3, 4, 4]
    label = (-s.id).label("backwards")
    ordered = select(label, func.row_number().over(order_by=label)).order_by("backwards")
    assert [n for _, n in connection.execute(ordered)] == [1, 2, 3, 4, 5, 6, 7, 8]
    with pytest.raises(exc.CompileError, match="Can't resolve label reference .* 'backwards'"):
        str(select(label, func.row_number().over(order_by="backwards")))


@pytest.mark.feature("D060")
def test_windows_are_filtered_in_subqueries(connection: Any) -> None:
    best = func.row_number().over(partition_by=s.team, order_by=[s.rank.desc(), s.id]).label("place")
    numbered = select(s.id, s.team, best).subquery()
    statement = select(numbered.c.id).where(numbered.c.place <= 2).order_by(numbered.c.id)
    assert connection.scalars(statement).all() == [5, 6, 7, 8]


# FILTER ----------------------------------------------------------------------------------------------


@pytest.mark.feature("D061")
@pytest.mark.backends("sqlite", "postgresql")
def test_filters(connection: Any) -> None:
    def value(expression: Any) -> Any:
        return connection.scalar(select(expression).select_from(sales))

    red = [r for r in SALES if r["team"] == "red"]
    assert value(func.count().filter(s.team == "red")) == len(red)
    assert value(func.sum(s.pay).filter(s.team == "red", s.rank > 1)) == total(
        [r for r in red if r["rank"] > 1]
    )
    assert value(func.sum(s.pay).filter(s.team == "red").filter(s.rank > 1)) == 51
    assert value(funcfilter(func.count(s.pay), s.team == "blue")) == 3
    assert value(func.count().filter()) == 8
    assert value(func.count().filter(s.pay.is_(None)) + 1) == 2
    assert isinstance(func.count().filter(s.id > 1), FunctionFilter)
    windowed = func.sum(s.id).filter(s.pay > 5).over(partition_by=s.team, order_by=s.id, rows=(None, 0))
    expected = [
        ids([r for r in SALES if r["team"] == row["team"] and r["id"] <= row["id"] and (r["pay"] or 0) > 5])
        for row in SALES
    ]
    assert column_of(connection, windowed) == expected
    grouped = select(s.team, func.count().filter(s.rank > 2), func.count()).group_by(s.team).order_by(s.team)
    assert [tuple(row) for row in connection.execute(grouped)] == [("blue", 2, 4), ("red", 2, 4)]


# Ordered sets ----------------------------------------------------------------------------------------


@pytest.mark.feature("D062")
@pytest.mark.backends("postgresql")
def test_ordered_sets(connection: Any) -> None:
    def value(expression: Any) -> Any:
        return connection.scalar(select(expression))

    pays = sorted(r["pay"] for r in SALES if r["pay"] is not None)
    ranks = sorted(r["rank"] for r in SALES)
    assert value(func.percentile_cont(0.5).within_group(s.pay)) == statistics.median(pays)
    assert value(within_group(func.percentile_cont(0.5), s.rank)) == statistics.median(ranks)
    assert value(func.percentile_disc(0.5).within_group(s.pay)) == statistics.median_low(pays)
    assert value(func.percentile_disc(0.25).within_group(s.pay.desc())) == pays[::-1][1]
    assert value(func.mode().within_group(s.rank)) == statistics.mode(ranks)
    assert value(func.rank(4).within_group(s.rank)) == 1 + sum(r < 4 for r in ranks)
    assert value(func.dense_rank(4).within_group(s.rank)) == 1 + len({r for r in ranks if r < 4})
    assert float(value(func.percent_rank(4).within_group(s.rank))) == sum(r < 4 for r in ranks) / len(ranks)
    share = (1 + sum(r <= 4 for r in ranks)) / (1 + len(ranks))
    assert float(value(func.cume_dist(4).within_group(s.rank))) == pytest.approx(share)
    assert value(func.rank(4, "red").within_group(s.rank, s.team)) == 1 + sum(
        (r["rank"], r["team"]) < (4, "red") for r in SALES
    )
    array = func.percentile_disc(postgresql.array([0.0, 1.0])).within_group(s.pay)
    assert value(array) == [min(pays), max(pays)]
    filtered = func.percentile_cont(0.5).within_group(s.pay).filter(s.team == "red")
    assert value(filtered) == statistics.median([r["pay"] for r in SALES if r["team"] == "red"])
    assert isinstance(array, WithinGroup)


@pytest.mark.feature("D062")
@pytest.mark.backends("mariadb")
def test_ordered_sets_over_windows(connection: Any) -> None:
    median = func.percentile_cont(0.5).within_group(s.rank).over(partition_by=s.team)
    expected = [statistics.median([r["rank"] for r in SALES if r["team"] == row["team"]]) for row in SALES]
    assert column_of(connection, median) == expected
    low = func.percentile_disc(0.5).within_group(s.rank).over(partition_by=s.team)
    expected = [
        statistics.median_low([r["rank"] for r in SALES if r["team"] == row["team"]]) for row in SALES
    ]
    assert column_of(connection, low) == expected


@pytest.mark.feature("D062")
def test_ranks_over_windows(connection: Any) -> None:
    ranks = [r["rank"] for r in SALES]

    def of(function: Any) -> list[Any]:
        return column_of(connection, function.over(order_by=s.rank))

    assert of(func.rank()) == [1 + sum(r < rank for r in ranks) for rank in ranks]
    assert of(func.dense_rank()) == [1 + len({r for r in ranks if r < rank}) for rank in ranks]
    expected = [sum(r < rank for r in ranks) / (len(ranks) - 1) for rank in ranks]
    assert [float(v) for v in of(func.percent_rank())] == pytest.approx(expected)
    expected = [sum(r <= rank for r in ranks) / len(ranks) for rank in ranks]
    assert [float(v) for v in of(func.cume_dist())] == pytest.approx(expected)


# Ordered aggregates ----------------------------------------------------------------------------------


@pytest.mark.feature("D063")
@pytest.mark.backends("postgresql")
def test_ordered_aggregates(connection: Any) -> None:
    def value(expression: Any) -> Any:
        return connection.scalar(select(expression))

    by_rank = [r["id"] for r in sorted(SALES, key=lambda r: (-r["rank"], r["id"]))]
    collected = func.array_agg(s.id)
    assert value(collected.aggregate_order_by(s.rank.desc(), s.id)) == by_rank
    assert value(aggregate_order_by(collected, s.rank.desc(), s.id)) == by_rank
    assert value(func.array_agg(postgresql.aggregate_order_by(s.id, s.rank.desc(), s.id))) == by_rank
    joined = func.string_agg(s.team, literal_column("'-'"))
    assert value(joined.aggregate_order_by(s.id.desc())) == "-".join(r["team"] for r in reversed(SALES))
    separated = postgresql.aggregate_order_by(literal_column("'+'"), s.id)
    assert value(func.string_agg(s.team, separated)) == "+".join(r["team"] for r in SALES)
    assert value(func.array_agg(distinct(s.rank)).aggregate_order_by(s.rank.desc())) == [9, 5, 4, 2, 1]
    few = collected.aggregate_order_by(s.id.desc()).filter(s.team == "red")
    assert value(few) == [7, 5, 2, 1]
    assert value(few[1]) == 7
    assert value(collected.aggregate_order_by(s.id.desc())[2]) == 7
    assert value(func.json_agg(s.rank).aggregate_order_by(s.id.desc())) == [r["rank"] for r in SALES][::-1]


@pytest.mark.feature("D063")
@pytest.mark.backends("mariadb")
def test_ordered_group_concat(connection: Any) -> None:
    joined = func.group_concat(s.id).aggregate_order_by(s.rank.desc(), s.id)
    expected = ",".join(str(r["id"]) for r in sorted(SALES, key=lambda r: (-r["rank"], r["id"])))
    assert connection.scalar(select(joined)) == expected
    per_team = select(s.team, func.group_concat(distinct(s.rank)).aggregate_order_by(s.rank)).group_by(s.team)
    assert dict(connection.execute(per_team).all()) == {"red": "1,2,4", "blue": "2,5,9"}


@pytest.mark.feature("D063", "D065")
def test_ordered_strings(connection: Any) -> None:
    ordered = func.aggregate_strings(s.team, ", ").aggregate_order_by(s.rank.desc(), s.id)
    expected = ", ".join(r["team"] for r in sorted(SALES, key=lambda r: (-r["rank"], r["id"])))
    if connection.dialect.name == "sqlite" and connection.dialect.server_version_info < (3, 44):
        # ORDER BY in aggregates came with 3.44: https://www.sqlite.org/releaselog/3_44_0.html
        assert str(ordered.compile(connection)) == (
            "group_concat(sales.team, __[POSTCOMPILE_aggregate_strings_1] ORDER BY sales.rank DESC, sales.id)"
        )
    else:
        assert connection.scalar(select(ordered)) == expected


@pytest.mark.feature("D065")
@pytest.mark.parametrize("separator", [",", "", " - ", "'", '"', "%s", ":x", "\\", "é", "?", "--", "/*"])
def test_joined_strings(connection: Any, separator: str) -> None:
    grouped = select(s.team, func.aggregate_strings(s.team, separator)).group_by(s.team).order_by(s.team)
    for _ in "twice":
        assert [tuple(row) for row in connection.execute(grouped)] == [
            ("blue", separator.join(["blue"] * 4)),
            ("red", separator.join(["red"] * 4)),
        ]
    if connection.dialect.name != "sqlite":  # which takes no separator with DISTINCT
        once = connection.scalar(select(func.aggregate_strings(distinct(s.team), separator)))
        assert once in (f"blue{separator}red", f"red{separator}blue")


# Grouping sets ---------------------------------------------------------------------------------------


def grouped_by(sets: Any) -> list[tuple[Any, ...]]:
    """Return (team, rank, sum of ids) of the groups of each set of columns; None for columns left out."""
    found: list[tuple[Any, ...]] = []
    for names in sets:
        keys = {tuple(row[n] if n in names else None for n in ("team", "rank")) for row in SALES}
        for key in keys:
            members = [
                r
                for r in SALES
                if all(n not in names or r[n] == v for n, v in zip(("team", "rank"), key, strict=True))
            ]
            found.append((*key, ids(members)))
    return sorted(found, key=repr)


@pytest.mark.feature("D064")
@pytest.mark.backends("postgresql")
def test_grouping_sets(connection: Any) -> None:
    def of(grouping: Any) -> list[Any]:
        statement = select(s.team, s.rank, func.sum(s.id)).group_by(grouping)
        return sorted((tuple(row) for row in connection.execute(statement)), key=repr)

    both = ("team", "rank")
    subsets = [*chain.from_iterable(combinations(both, n) for n in range(3))]
    assert of(func.cube(s.team, s.rank)) == grouped_by(subsets)
    assert of(func.rollup(s.team, s.rank)) == grouped_by([both, ("team",), ()])
    assert of(func.rollup(tuple_(s.team, s.rank))) == grouped_by([both, ()])
    assert of(func.grouping_sets(s.team, s.rank)) == grouped_by([("team",), ("rank",)])
    assert of(func.grouping_sets(tuple_(s.team, s.rank), tuple_())) == grouped_by([both, ()])
    nested = func.grouping_sets(func.rollup(s.team), s.rank)
    assert of(nested) == grouped_by([("team",), (), ("rank",)])
    marked = (
        select(s.team, func.grouping(s.team), func.count())
        .group_by(func.rollup(s.team))
        .order_by(func.grouping(s.team), s.team)
    )
    assert [tuple(r) for r in connection.execute(marked)] == [("blue", 0, 4), ("red", 0, 4), (None, 1, 8)]


@pytest.mark.feature("D064")
@pytest.mark.backends("mariadb")
def test_rollup(connection: Any) -> None:
    statement = select(s.team, s.rank, func.sum(s.id)).group_by(func.rollup(s.team, s.rank))
    found = sorted(((a, b, plain(n)) for a, b, n in connection.execute(statement)), key=repr)
    assert found == grouped_by([("team", "rank"), ("team",), ()])
