"""Ranges and strings of bits as Python values, against sets of integers and numbers."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relvar import exc, literal
from relvar.dialects.postgresql import (
    BIT,
    DATERANGE,
    INT4RANGE,
    INT8MULTIRANGE,
    INT8RANGE,
    NUMRANGE,
    TSRANGE,
    TSTZRANGE,
    BitString,
    MultiRange,
    Range,
)
from relvar.types import NullType

# -- ranges --------------------------------------------------------------------------

# far enough beyond the bounds that an infinite end reaches over all of them
WORLD = range(-3, 13)
BOUNDS = st.sampled_from(["[)", "[]", "()", "(]"])


@st.composite
def ranges(draw: Any) -> Range[int]:
    lower = draw(st.none() | st.integers(0, 8))
    upper = draw(st.none() | st.integers(0, 8))
    return Range(lower, upper, bounds=draw(BOUNDS), empty=draw(st.sampled_from([False] * 7 + [True])))


def values(of: Range[int]) -> set[int]:
    """The integers of a range, one by one, from its definition."""
    if of.empty:
        return set()
    low = -10 if of.lower is None else of.lower + (of.bounds[0] == "(")
    high = 20 if of.upper is None else of.upper - (of.bounds[1] == ")")
    return set(range(low, high + 1))


def is_one_piece(numbers: set[int]) -> bool:
    return not numbers or numbers == set(range(min(numbers), max(numbers) + 1))


@given(ranges(), ranges())
def test_questions(a: Range[int], b: Range[int]) -> None:
    x, y = values(a), values(b)
    both = bool(x and y)
    assert a.is_empty == a.isempty == (not x) == (not a)
    assert (a == b) == (x == y)
    assert a != b or hash(a) == hash(b)
    assert a.contains(b) == (b in a) == b.contained_by(a) == (y <= x)
    assert a.overlaps(b) == bool(x & y)
    assert a.strictly_left_of(b) == b.strictly_right_of(a) == (both and max(x) < min(y))
    assert a.not_extend_left_of(b) == (both and min(x) >= min(y))
    assert a.not_extend_right_of(b) == (both and max(x) <= max(y))
    assert a.adjacent_to(b) == (both and (max(x) + 1 == min(y) or max(y) + 1 == min(x)))
    for number in WORLD:
        assert (number in a) == a.contains(number) == (number in x)


@given(ranges(), ranges())
def test_arithmetic(a: Range[int], b: Range[int]) -> None:
    x, y = values(a), values(b)
    assert values(a * b) == values(a.intersection(b)) == x & y
    if is_one_piece(x | y):
        assert values(a + b) == values(a.union(b)) == x | y
    else:
        with pytest.raises(ValueError, match="non-overlapping and non-adjacent ranges"):
            a.union(b)
    if is_one_piece(x - y):
        assert values(a - b) == values(a.difference(b)) == x - y
    else:
        with pytest.raises(ValueError, match="strictly inner range"):
            a.difference(b)


def test_parts_and_text() -> None:
    plain, infinite, nothing = Range(1, 5), Range[int](None, None), Range[int](empty=True)
    assert (plain.lower_inc, plain.upper_inc, plain.lower_inf, plain.upper_inf) == (True, False, False, False)
    assert (infinite.lower_inf, infinite.upper_inf, nothing.lower_inf) == (True, True, False)
    assert repr(plain) == "Range(lower=1, upper=5, bounds='[)', empty=False)"
    assert [str(r) for r in (plain, infinite, nothing, Range(None, 3, bounds="(]"))] == [
        "[1,5)",
        "[,)",
        "empty",
        "(,3]",
    ]
    assert pickle.loads(pickle.dumps(plain)) == copy.deepcopy(plain) == plain
    with pytest.raises(AttributeError):
        plain.lower = 2  # type: ignore[misc]  # frozen, which is what is tested
    with pytest.raises(ValueError, match="bounds must be one of"):
        Range(1, 2, bounds="x")  # type: ignore[arg-type]  # refused
    with pytest.raises(TypeError):
        plain.contains("x")
    assert plain != 5


def test_numbers_and_times_are_not_discrete() -> None:
    assert Range(1.0, 2.0, bounds="()").is_empty is False
    assert Range(1.0, 2.0) != Range(1.0, 1.0, bounds="[]")
    assert 1.5 in Range(1, 2) and 2 not in Range(1, 2)
    noon = dt.datetime(2024, 5, 17, 12)
    assert Range(noon, noon).is_empty and not Range(noon, noon, bounds="[]").is_empty
    day = dt.date(2024, 5, 17)
    assert Range(day, day, bounds="[]") == Range(day, day + dt.timedelta(1))
    assert Range(day, dt.date.max, bounds="[]").contains(dt.date.max)


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        (Range(1, 5), INT4RANGE),
        (Range(None, 2**40), INT8RANGE),
        (Range(1.5, None), NUMRANGE),
        (Range(dt.date(2024, 5, 17), None), DATERANGE),
        (Range(dt.datetime(2024, 5, 17), None), TSRANGE),
        (Range(dt.datetime(2024, 5, 17, tzinfo=dt.UTC), None), TSTZRANGE),
        (Range("a", "b"), NullType),
        (Range(), NullType),
        (MultiRange([Range(1, 2), Range(2**40, None)]), INT8MULTIRANGE),
        (MultiRange([Range()]), NullType),
    ],
)
def test_type_of_a_plain_range(value: Any, type_: Any) -> None:
    assert type(literal(value).type) is type_


# -- bits ----------------------------------------------------------------------------

bits = st.text("01", max_size=20)


@given(bits, st.integers(0, 25))
def test_bits_are_a_number_of_fixed_length(text: str, shift: int) -> None:
    value = BitString(text)
    number, size = int(text or "0", 2), len(text)
    assert value == text and hash(value) == hash(text) and type(str(value)) is str
    assert int(value) == number and value.bit_length == size
    assert value.octet_length == -(-size // 8)
    assert BitString.from_int(number, size) == text
    assert BitString.from_bytes(value.to_bytes(), size) == text
    assert bytes(value) == number.to_bytes(value.octet_length, "big")
    mask = (1 << size) - 1
    assert ~value == BitString.from_int(~number & mask, size)
    assert value << shift == BitString.from_int(number << shift & mask, size)
    assert value >> shift == BitString.from_int(number >> shift, size)
    assert pickle.loads(pickle.dumps(value)) == value
    for index, bit in enumerate(text):
        assert value.get_bit(index) == value[index] == bit
        assert value.has_bit(index) == (bit == "1")
        assert value.set_bit(index, 1).set_bit(index, bit) == value  # type: ignore[arg-type]  # "0" or "1"


@given(st.integers(0, 2**12 - 1), st.integers(0, 2**12 - 1))
def test_bits_combine(a: int, b: int) -> None:
    x, y = BitString.from_int(a, 12), BitString.from_int(b, 12)
    assert (int(x & y), int(x | y), int(x ^ y)) == (a & b, a | b, a ^ b)
    assert str(x) & y == x & str(y) == x & y
    assert int(x + y) == (a << 12) | b and "1" + x == "1" + str(x)
    assert all(type(v) is BitString for v in (x & y, x + y, x[2:5], x.strip(), x.zfill(15), x.split("1")[0]))


def test_string_methods_give_bits() -> None:
    value = BitString("0011010")
    assert (value.lstrip(), value.rstrip(), value.strip()) == ("11010", "001101", "1101")
    assert value.replace("0", "1") == "1111111" and value.split("1") == ["00", "", "0", "0"]
    assert (value.removeprefix("00"), value.removesuffix("10")) == ("11010", "00110")
    assert repr(value) == 'BitString("0011010")'


@pytest.mark.parametrize(
    "make",
    [
        lambda: BitString("2"),
        lambda: BitString("10 1"),
        lambda: BitString.from_int(5, 2),
        lambda: BitString.from_int(-1, 2),
        lambda: BitString.from_bytes(b"\xff", 4),
        lambda: BitString("1") & BitString("11"),
        lambda: BitString("1") + "x",
        lambda: BitString("1").replace("1", "x"),
    ],
)
def test_what_is_not_bits(make: Any) -> None:
    with pytest.raises(ValueError):
        make()


def test_what_is_no_string() -> None:
    with pytest.raises(TypeError, match="Can only concatenate str"):
        BitString("1") + 1  # type: ignore[operator]  # refused
    with pytest.raises(TypeError):
        BitString("1") & 1  # type: ignore[operator]  # refused
    with pytest.raises(IndexError, match="BitString index out of range"):
        BitString("1").set_bit(1, 1)
    with pytest.raises(OverflowError):
        BitString("1" * 9).to_bytes(1)


def test_bits_compile_to_bits() -> None:
    from relvar import column
    from relvar.dialects import postgresql

    c = column("c", BIT(4))
    for expression, text in {
        c & "0011": "c & %(c_1)s::BIT(4)",
        c | "0011": "c | %(c_1)s::BIT(4)",
        ~c: "~c",
        c << 2: "c << %(c_1)s::INTEGER",
        c >> 2: "c >> %(c_1)s::INTEGER",
        c.bitwise_xor("0011"): "c # %(c_1)s::BIT(4)",
    }.items():
        assert str(expression.compile(dialect=postgresql.dialect())) == text
        assert expression.type is c.type
    with pytest.raises(exc.CompileError):
        literal("abc", BIT(4)).compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
