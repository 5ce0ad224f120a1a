"""
Conversions give the answers of the standard library, in both modes.
"""

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from relvar._kernels import convert


@given(st.datetimes())
def test_datetimes(value):
    text = value.strftime("%Y-%m-%d %H:%M:%S.%f").rjust(26, "0")
    assert convert.str_to_datetime(text) == value
    assert convert.str_to_datetime(value.isoformat()) == value


@given(st.datetimes(timezones=st.sampled_from([None, dt.UTC])))
def test_the_text_of_datetimes(value):
    expected = value.replace(tzinfo=None).isoformat(" ", "microseconds")
    assert convert.datetime_to_str(value) == expected


def test_the_text_of_other_values():
    class Spelled(dt.datetime):
        def isoformat(self, *args):
            return "spelled"

    assert convert.datetime_to_str(Spelled(2020, 1, 1)) == "spelled"
    assert convert.datetime_to_str(dt.date(2020, 1, 2)) == "2020-01-02 00:00:00.000000"
    with pytest.raises(TypeError, match="only accepts Python datetime and date"):
        convert.datetime_to_str("2020-01-01")


@given(st.dates())
def test_dates(value):
    assert convert.str_to_date(value.isoformat()) == value


@given(st.times())
def test_times(value):
    assert convert.str_to_time(value.isoformat()) == value


@pytest.mark.parametrize(
    "text",
    ["", "x", "2020-13-01 00:00:00", "2020-02-30 00:00:00", "2020-01-01 25:00:00", "2020-01-01 00;00:00"],
)
def test_bad_datetimes_raise_value_error(text):
    with pytest.raises(ValueError):
        convert.str_to_datetime(text)


def test_other_spellings_and_zones_go_to_the_standard_library():
    assert convert.str_to_datetime("2020-01-01 00:00:00+00:00").tzinfo is dt.UTC
    assert convert.str_to_datetime("2020-01-01 01:02:03.123").microsecond == 123000
    assert convert.str_to_datetime("2020-01-01") == dt.datetime(2020, 1, 1)
    with pytest.raises((ValueError, TypeError)):
        convert.str_to_datetime(5)


def test_none_passes_everywhere():
    for function in (
        convert.datetime_to_str,
        convert.str_to_datetime,
        convert.str_to_date,
        convert.str_to_time,
        convert.to_float,
        convert.to_str,
        convert.int_to_boolean,
        convert.json_loads,
        convert.str_to_uuid,
        convert.to_decimal_processor(2),
    ):
        assert function(None) is None


def test_decimals():
    to_decimal = convert.to_decimal_processor(2)
    assert to_decimal(1.555) == Decimal("1.55")
    assert str(to_decimal(2)) == "2.00"
    assert str(convert.to_decimal_processor(10)(1.5)) == "1.5000000000"
    with pytest.raises(TypeError):
        to_decimal("1.5")


@given(
    st.floats()
    | st.integers()
    | st.decimals(-(10**9), 10**9, places=3).map(float)
    | st.integers(-(2**50), 2**50).map(lambda n: n / 2**10),
    st.integers(0, 20),
)
@example(0.125, 2)
@example(-0.375, 2)
@example(2.675, 2)
@example(0.0, 2)
@example(-0.0, 0)
@example(-0.001, 2)
@example(8796093022207.5, 0)
@example(8796093022209.5, 0)
@example(0.5, 0)
@example(1.5, 0)
@example(float("nan"), 2)
@example(float("-inf"), 2)
def test_decimals_of_floats_are_what_formatting_gives(value, scale):
    assert str(convert.to_decimal_processor(scale)(value)) == str(Decimal(f"%.{scale}f" % value))


def test_numbers_too_large_for_a_float():
    with pytest.raises(OverflowError):
        convert.to_decimal_processor(2)(10**400)


def test_booleans():
    assert convert.int_to_boolean(1) is True and convert.int_to_boolean(0) is False
    assert convert.int_to_boolean(7) is True


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    )
)
def test_json(value):
    text = json.dumps(value)
    assert convert.json_loads(text) == value
    assert convert.json_loads(f"  {text}\n") == value
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be"):
        assert convert.json_loads(text.encode(encoding)) == value
    unescaped = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    assert convert.json_loads(unescaped) == json.loads(unescaped)


@pytest.mark.parametrize("text", ["", "{", "1 2", "nope", '{"a": 1} x'])
def test_bad_json_raises(text):
    with pytest.raises(json.JSONDecodeError):
        convert.json_loads(text)


@given(st.uuids())
def test_uuids(value):
    for text in (value.hex, str(value), value.hex.upper()):
        made = convert.str_to_uuid(text)
        assert made == value and hash(made) == hash(value) and str(made) == str(value)
        assert made.is_safe is value.is_safe


@pytest.mark.parametrize("text", ["", "x" * 32, "0" * 31, "é" * 32])
def test_bad_uuids_raise(text):
    with pytest.raises(ValueError):
        convert.str_to_uuid(text)
