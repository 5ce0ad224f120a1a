"""
Parameters made from dictionaries: `relvar._kernels.binds`.
"""

from __future__ import annotations

import gc
from collections import OrderedDict
from typing import Any

import pytest

from relvar._kernels.binds import alike_rows, processed_rows

KEYS = ("a", "b")


def test_alike_rows_become_tuples_in_the_order_of_the_keys() -> None:
    rows = [{"b": 2, "a": 1}, {"a": 3, "b": 4}]
    assert alike_rows(rows, KEYS, 2, False) == [(1, 2), (3, 4)]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"a": 1}, id="a key less"),
        pytest.param({"a": 1, "b": 2, "c": 3}, id="a key more"),
        pytest.param({"a": 1, "c": 2}, id="another key"),
        pytest.param({"a": 1, "b": None}, id="a None"),
        pytest.param(OrderedDict(a=1, b=2), id="no exact dictionary"),
    ],
)
def test_the_first_row_that_differs_ends_it(other: Any) -> None:
    alike = {"a": 1, "b": 2}
    assert alike_rows([alike, other, alike], KEYS, 2, False) == [(1, 2)]
    assert gc.isenabled()


def test_nulls_can_be_allowed() -> None:
    assert alike_rows([{"a": None, "b": 2}], KEYS, 2, True) == [(None, 2)]


def test_rows_are_put_in_the_order_of_slots_and_processed() -> None:
    rows = [(1, "a"), [2, "b"]]
    assert processed_rows(rows, None, None) == [(1, "a"), (2, "b")]
    assert processed_rows(rows, (1, 0, 1), None) == [("a", 1, "a"), ("b", 2, "b")]
    assert processed_rows(rows, (1, 0), (str.upper, None)) == [("A", 1), ("B", 2)]
    assert rows == [(1, "a"), [2, "b"]]


def test_the_collector_stays_off_if_it_was() -> None:
    gc.disable()
    try:
        alike_rows([{"a": 1, "b": 2}], KEYS, 2, False)
        assert not gc.isenabled()
    finally:
        gc.enable()
