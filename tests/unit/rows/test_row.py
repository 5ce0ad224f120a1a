"""A row is a tuple that knows its columns."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relvar import exc
from relvar.rows import Layout, Row, result_tuple

VALUES = st.lists(st.one_of(st.none(), st.integers(), st.text(), st.booleans()), min_size=1, max_size=6).map(
    tuple
)


def make(values: tuple[Any, ...]) -> Row[Any]:
    return Layout([f"c{i}" for i in range(len(values))]).make_row(values)


@given(VALUES, VALUES)
def test_row_behaves_as_its_tuple(values: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    row = make(values)
    assert row == values and tuple(row) == values and list(row) == list(values)
    assert hash(row) == hash(values)
    assert len(row) == len(values)
    assert (row == other) is (values == other)
    assert row[0] == values[0] and row[-1] == values[-1] and row[1:3] == values[1:3]
    assert (values[0] in row) and row.index(values[0]) == values.index(values[0])
    assert row.count(values[0]) == values.count(values[0])
    assert repr(row) == repr(values) == str(row)
    assert [getattr(row, name) for name in row._fields] == list(values)


@given(VALUES)
def test_row_survives_pickle_and_copy(values: tuple[Any, ...]) -> None:
    row = make(values)
    for again in (pickle.loads(pickle.dumps(row)), copy.copy(row), copy.deepcopy(row)):
        assert again == row and again._fields == row._fields and again.c0 == row.c0


def test_row_is_a_sequence_and_a_row() -> None:
    row = make((1, 2))
    assert isinstance(row, Sequence) and isinstance(row, Row)
    assert row < (1, 3) and row <= (1, 2) and row > (0,) and row != (2, 1)


def test_mapping() -> None:
    row = Layout(["a", "b"]).make_row((1, 2))
    mapping = row._mapping
    assert isinstance(mapping, Mapping)
    assert mapping["a"] == 1 and dict(mapping) == row._asdict() == {"a": 1, "b": 2}
    assert list(mapping) == list(mapping.keys()) == ["a", "b"]
    assert list(mapping.values()) == [1, 2] and list(mapping.items()) == [("a", 1), ("b", 2)]
    assert "a" in mapping and "x" not in mapping and len(mapping) == 2
    assert mapping == {"a": 1, "b": 2} and repr(mapping) == "{'a': 1, 'b': 2}"
    assert pickle.loads(pickle.dumps(mapping)) == mapping
    with pytest.raises(exc.NoSuchColumnError, match="Could not locate column in row for column 'x'"):
        mapping["x"]
    with pytest.raises(KeyError):
        mapping["x"]
    with pytest.raises(TypeError, match="does not support item assignment"):
        mapping["a"] = 5  # type: ignore[index]


def test_column_names_win_over_tuple_methods_but_not_over_ours() -> None:
    row = Layout(["count", "index", "_mapping", "with space"]).make_row((1, 2, 3, 4))
    assert row.count == 1 and row.index == 2
    assert row._mapping["_mapping"] == 3
    assert getattr(row, "with space") == 4


def test_row_cannot_be_changed() -> None:
    row = make((1, 2))
    with pytest.raises(AttributeError):
        row.c0 = 5
    with pytest.raises(TypeError):
        row[0] = 5  # type: ignore[index]
    with pytest.raises(AttributeError, match="Could not locate column in row for column 'nope'"):
        row.nope


def test_shared_name_is_ambiguous() -> None:
    row = Layout(["a", "a"], index={"a": None}).make_row((1, 2))
    for read in (lambda: row.a, lambda: row._mapping["a"]):
        with pytest.raises(exc.InvalidRequestError, match="Ambiguous column name 'a'"):
            read()
    assert row == (1, 2) and "a" in row._mapping


@pytest.mark.parametrize("read", [Row._tuple, lambda row: row._t, Row.tuple, lambda row: row.t])
def test_older_names_of_the_tuple(read: Any) -> None:
    row = make((1, 2))
    with pytest.warns(exc.SADeprecationWarning):
        assert read(row) == (1, 2)


def test_result_tuple() -> None:
    made = result_tuple(["x", "y"])((1, 2))
    assert made == (1, 2) and made.y == 2
