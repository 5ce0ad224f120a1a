"""
Rows of real results are tuples, whatever the columns are called and whatever is in them.
"""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relvar import Integer, LargeBinary, String, create_engine, literal, null, select

quickly = settings(max_examples=50, deadline=None)
engine = create_engine("sqlite://")

scalars = st.one_of(
    st.none(),
    st.integers(-(2**62), 2**62),
    st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
    st.binary(max_size=8),
)
names = st.one_of(
    st.from_regex(r"\A[a-z_][a-z0-9_]{0,5}\Z"),
    st.sampled_from(
        ["count", "index", "keys", "class", "_fields", "_mapping", "t", "a b", "é", "%s", '"', "X"]
    ),
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6),
)
columns = st.lists(st.tuples(names, scalars), min_size=1, max_size=6, unique_by=lambda pair: pair[0])


def element(name: str, value: Any) -> Any:
    if value is None:
        return null().label(name)
    kind = {int: Integer, str: String, bytes: LargeBinary}[type(value)]
    return literal(value, kind()).label(name)


def fetch(*parts: list[tuple[str, Any]]) -> list[Any]:
    with engine.connect() as conn:
        return [conn.execute(select(*[element(*pair) for pair in part])).one() for part in parts]


@quickly
@given(columns)
def test_a_row_is_its_tuple(part: list[tuple[str, Any]]) -> None:
    (row,) = fetch(part)
    values = tuple(value for _, value in part)
    assert isinstance(row, tuple) and row == values and values == row and hash(row) == hash(values)
    assert not row != values and len(row) == len(values) and list(row) == list(values)
    assert [row[i] for i in range(len(row))] == list(values) and row[-1] == values[-1]
    assert row[1:] == values[1:] and type(row[1:]) is tuple and row[::-1] == values[::-1]
    assert row + (1,) == values + (1,) and row * 2 == values * 2
    first, *rest = row
    assert (first, *rest) == values
    assert repr(row) == repr(values) and f"{row}" == str(values)
    assert all(value in row for value in values)
    for value in values if not {"count", "index"} & set(row._fields) else ():
        assert (
            value in row
            and row.index(value) == values.index(value)
            and row.count(value) == values.count(value)
        )
    with pytest.raises(IndexError):
        row[len(values)]
    with pytest.raises((TypeError, AttributeError)):
        row[0] = 1


@quickly
@given(columns)
def test_a_row_knows_its_names(part: list[tuple[str, Any]]) -> None:
    (row,) = fetch(part)
    assert row._fields == tuple(name for name, _ in part)
    assert row._asdict() == dict(part) == dict(row._mapping)
    assert list(row._mapping.items()) == part and len(row._mapping) == len(part)
    for name, value in part:
        assert row._mapping[name] == value and name in row._mapping
        if name.isidentifier() and not name.startswith("_") and name not in ("count", "index", "t", "tuple"):
            assert getattr(row, name) == value
        with pytest.raises((AttributeError, TypeError)):
            setattr(row, name, 1)
    assert "no such name" not in row._mapping


@quickly
@given(columns)
def test_a_row_survives_copies(part: list[tuple[str, Any]]) -> None:
    (row,) = fetch(part)
    for made in (pickle.loads(pickle.dumps(row)), copy.copy(row), copy.deepcopy(row)):
        assert made == row and made._fields == row._fields and dict(made._mapping) == dict(row._mapping)


@quickly
@given(columns, columns)
def test_rows_compare_as_tuples(one: list[tuple[str, Any]], other: list[tuple[str, Any]]) -> None:
    a, b = fetch(one, other)
    left, right = tuple(a), tuple(b)
    assert (a == b) is (left == right) and (a != b) is (left != right)

    def outcome(function: Any) -> Any:
        try:
            return function()
        except TypeError:
            return TypeError

    assert outcome(lambda: a < b) == outcome(lambda: left < right)
    assert outcome(lambda: a >= b) == outcome(lambda: left >= right)
    assert outcome(lambda: a < right) == outcome(lambda: left < right)
    assert {a: 1, b: 2} == {left: 1, right: 2}


@quickly
@given(columns)
def test_views_of_a_result_agree(part: list[tuple[str, Any]]) -> None:
    statement = select(*[element(*pair) for pair in part])
    values = tuple(value for _, value in part)
    with engine.connect() as conn:
        assert conn.execute(statement).all() == [values]
        assert conn.execute(statement).mappings().one() == dict(part)
        assert conn.scalars(statement).all() == [values[0]]
        assert list(conn.execute(statement).keys()) == [name for name, _ in part]
        for i, (name, value) in enumerate(part):
            assert conn.execute(statement).columns(i).one() == (value,)
            assert conn.execute(statement).scalars(i).one() == value
            assert conn.execute(statement).columns(name).one() == (value,)
