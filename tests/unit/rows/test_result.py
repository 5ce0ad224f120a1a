"""Results of every kind read their rows alike."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import exc
from relvar.rows import (
    ChunkedIteratorResult,
    IteratorResult,
    Layout,
    MergedResult,
    Result,
    ScalarResult,
    SimpleResultMetaData,
)

ROWS = [(1, "a"), (2, "b"), (2, "b"), (3, "c")]


def iterated() -> Result[Any]:
    return IteratorResult(SimpleResultMetaData(["n", "s"]), iter(ROWS))


def chunked() -> Result[Any]:
    def chunks(size: int | None) -> Any:
        step = size or 3
        for at in range(0, len(ROWS), step):
            yield ROWS[at : at + step]

    return ChunkedIteratorResult(SimpleResultMetaData(["n", "s"]), chunks)


def frozen() -> Result[Any]:
    return iterated().freeze()()


def merged() -> Result[Any]:
    layout = SimpleResultMetaData(["n", "s"])
    return MergedResult(layout, [IteratorResult(layout, ROWS[:2]), IteratorResult(layout, ROWS[2:])])


@pytest.fixture(params=[iterated, chunked, frozen, merged])
def result(request: pytest.FixtureRequest) -> Any:
    return request.param()


def test_all_then_nothing(result: Any) -> None:
    assert result.all() == ROWS
    assert not result.closed
    assert (
        result.all() == [] and result.fetchone() is None and result.fetchmany(2) == [] and list(result) == []
    )


def test_piecewise(result: Any) -> None:
    assert result.fetchone() == ROWS[0]
    assert next(result) == ROWS[1]
    assert result.fetchmany(1) == ROWS[2:3]
    assert result.fetchall() == ROWS[3:]


def test_iteration_can_stop_half_way(result: Any) -> None:
    for row in result:
        assert row == ROWS[0]
        break
    assert result.fetchone() == ROWS[1]
    assert result.all() == ROWS[2:]


def test_closing(result: Any) -> None:
    assert result.first() == ROWS[0]
    assert result.closed
    for read in (result.all, result.first, result.one, result.fetchone, result.scalar, lambda: next(result)):
        with pytest.raises(exc.ResourceClosedError, match="This result object is closed"):
            read()


def test_context_manager(result: Any) -> None:
    with result as same:
        assert same is result and same.fetchone() == ROWS[0]
    assert result.closed


def test_one(result: Any) -> None:
    with pytest.raises(
        exc.MultipleResultsFound, match="Multiple rows were found when exactly one was required"
    ):
        result.one()
    assert result.closed


def test_one_or_none(result: Any) -> None:
    with pytest.raises(exc.MultipleResultsFound, match="when one or none was required"):
        result.one_or_none()


def test_no_rows() -> None:
    def empty() -> Result[Any]:
        return IteratorResult(Layout(["n"]), ())

    assert empty().all() == [] and empty().first() is None and empty().one_or_none() is None
    assert empty().scalar() is None and empty().scalar_one_or_none() is None
    for read in (empty().one, empty().scalar_one, empty().scalars().one, empty().mappings().one):
        with pytest.raises(exc.NoResultFound, match="No row was found when one was required"):
            read()


def test_scalars(result: Any) -> None:
    scalars = result.scalars("s")
    assert isinstance(scalars, ScalarResult)
    assert scalars.fetchmany(2) == ["a", "b"]
    assert scalars.all() == ["b", "c"]
    assert scalars.all() == []


def test_unknown_column(result: Any) -> None:
    with pytest.raises(exc.NoSuchColumnError):
        result.scalars("x")
    with pytest.raises(exc.NoSuchColumnError):
        result.columns("x")
    with pytest.raises(IndexError):
        result.columns(7)


def test_mappings(result: Any) -> None:
    mappings = result.mappings()
    assert list(mappings.keys()) == ["n", "s"]
    assert mappings.fetchone() == {"n": 1, "s": "a"}
    assert mappings.columns("s").all() == [{"s": "b"}, {"s": "b"}, {"s": "c"}]


def test_columns(result: Any) -> None:
    assert result.columns("s", 0) is result
    assert result.fetchone() == ("a", 1) and list(result.keys()) == ["s", "n"]
    assert result.columns(1).all() == [(2,), (2,), (3,)]


def test_unique(result: Any) -> None:
    assert result.unique().all() == [(1, "a"), (2, "b"), (3, "c")]


def test_unique_with_strategy_and_pieces(result: Any) -> None:
    result.unique(lambda row: row[0] % 2)
    assert result.fetchmany(1) == [(1, "a")]
    assert result.fetchone() == (2, "b")
    assert result.fetchone() is None


def test_unique_scalars_and_one() -> None:
    layout = Layout(["n"])
    assert IteratorResult(layout, [(1,), (1,)]).unique().one() == (1,)
    assert IteratorResult(layout, [(1,), (1,)]).unique().scalars().one() == 1
    assert IteratorResult(layout, [(1,), (1,), (2,)]).scalars().unique().all() == [1, 2]
    assert IteratorResult(layout, [(1,), (1,)]).unique().mappings().all() == [{"n": 1}]


def test_unique_uses_the_layouts_own_identity() -> None:
    layout = SimpleResultMetaData(["x"], _unique_filters=[id])
    one, other = [1], [1]
    result: Result[Any] = IteratorResult(layout, [(one,), (other,), (one,)])
    assert result.unique().scalars().all() == [one, other]


def test_partitions(result: Any) -> None:
    assert [len(part) for part in result.partitions(3)] == [3, 1]
    assert not result.closed


def test_yield_per_sets_the_size_of_partitions(result: Any) -> None:
    assert [len(part) for part in result.yield_per(2).partitions()] == [2, 2]


def test_freeze() -> None:
    frozen_result = iterated().freeze()
    assert frozen_result().all() == frozen_result().all() == ROWS
    assert frozen_result().scalars().all() == [1, 2, 2, 3]
    assert frozen_result.with_new_rows([(9, "z")])().all() == [(9, "z")]


def test_merge() -> None:
    merged_result = iterated().merge(iterated(), iterated())
    assert merged_result.all() == ROWS * 3


def test_bare_values() -> None:
    def scalars() -> Result[Any]:
        return IteratorResult(Layout(["x"]), iter([1, 2]), _source_supports_scalars=True)

    assert scalars().all() == [(1,), (2,)]
    assert scalars().scalars().all() == [1, 2]
    assert scalars().first() == (1,) and scalars().scalar() == 1
    assert scalars().freeze()().scalars().all() == [1, 2]
    assert scalars().merge(scalars()).scalars().all() == [1, 2, 1, 2]


def test_keys_view() -> None:
    keys = iterated().keys()
    assert list(keys) == ["n", "s"] and len(keys) == 2 and "n" in keys and "x" not in keys
    assert repr(keys) == "RMKeyView(['n', 's'])"


def test_processors_run_once_per_value() -> None:
    seen: list[Any] = []

    def process(value: Any) -> Any:
        seen.append(value)
        return -value

    result: Result[Any] = IteratorResult(Layout(["a", "b"], processors=[process, None]), [(1, 2), (3, 4)])
    frozen_result = result.freeze()
    assert frozen_result().all() == [(-1, 2), (-3, 4)]
    assert frozen_result().columns("a").all() == [(-1,), (-3,)]
    assert seen == [1, 3]
