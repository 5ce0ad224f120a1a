"""Numbers: decimals keep their digits, floats are floats, division means what it says."""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from relvar import REAL, Double, Float, Integer, Numeric, cast, literal, literal_column, select, testing
from relvar.testing import config, eq_, fixtures, in_, is_instance_of, requires
from relvar.testing.schema import Column, Table
from relvar.testing.suite.round_trips import _LiteralRoundTripFixture


class NumericTest(_LiteralRoundTripFixture, fixtures.TestBase):
    """Numeric and Float, to Decimal and to float."""

    __backend__ = True

    @config.fixture()
    def do_numeric_test(self, metadata: Any, connection: Any) -> Any:
        """
        A function that stores *input_* in a column of a type and expects to read *output*.

        ``filter_`` is applied to what is read and to what is expected; ``check_scale`` compares
        the digits as well: ``1.50`` is not ``1.5``.
        """

        def check(
            type_: Any,
            input_: Iterable[Any],
            output: Iterable[Any],
            filter_: Callable[[Any], Any] | None = None,
            check_scale: bool = False,
        ) -> None:
            t = Table(
                "numbers",
                metadata,
                Column("id", Integer, primary_key=True, autoincrement=False),
                Column("x", type_),
            )
            t.create(connection)
            connection.execute(t.insert(), [{"id": n, "x": value} for n, value in enumerate(input_)])
            found = connection.scalars(select(t.c.x).order_by(t.c.id)).all()
            expected = set(output)
            kinds = {type(value) for value in expected}
            for value in found:
                in_(type(value), kinds)
            if filter_ is not None:
                found, expected = [filter_(n) for n in found], {filter_(n) for n in expected}
            eq_(set(found), expected)
            if check_scale:
                eq_({str(n) for n in found}, {str(n) for n in expected})

        return check

    def test_render_literal_numeric(self, literal_round_trip: Any) -> None:
        literal_round_trip(Numeric(precision=8, scale=4), [15.7563, Decimal("15.7563")], [Decimal("15.7563")])

    def test_render_literal_numeric_asfloat(self, literal_round_trip: Any) -> None:
        literal_round_trip(
            Numeric(precision=8, scale=4, asdecimal=False), [15.7563, Decimal("15.7563")], [15.7563]
        )

    def test_render_literal_float(self, literal_round_trip: Any) -> None:
        literal_round_trip(
            Float(), [Decimal("15.7563"), 15.7563], [15.7563], filter_=_rounded, support_whereclause=False
        )

    @requires.precision_generic_float_type
    def test_float_custom_scale(self, do_numeric_test: Any) -> None:
        do_numeric_test(
            Float(None, decimal_return_scale=7, asdecimal=True),
            [15.7563827, Decimal("15.7563827")],
            [Decimal("15.7563827")],
            check_scale=True,
        )

    def test_numeric_as_decimal(self, do_numeric_test: Any) -> None:
        do_numeric_test(Numeric(precision=8, scale=4), [15.7563, Decimal("15.7563")], [Decimal("15.7563")])

    def test_numeric_as_float(self, do_numeric_test: Any) -> None:
        do_numeric_test(
            Numeric(precision=8, scale=4, asdecimal=False), [15.7563, Decimal("15.7563")], [15.7563]
        )

    @requires.infinity_floats
    def test_infinity_floats(self, do_numeric_test: Any) -> None:
        do_numeric_test(Float(None), [math.inf, -math.inf], [math.inf, -math.inf])

    @requires.fetch_null_from_numeric
    def test_numeric_null_as_decimal(self, do_numeric_test: Any) -> None:
        do_numeric_test(Numeric(precision=8, scale=4), [None], [None])

    @requires.fetch_null_from_numeric
    def test_numeric_null_as_float(self, do_numeric_test: Any) -> None:
        do_numeric_test(Numeric(precision=8, scale=4, asdecimal=False), [None], [None])

    @requires.floats_to_four_decimals
    def test_float_as_decimal(self, do_numeric_test: Any) -> None:
        do_numeric_test(
            Float(asdecimal=True),
            [15.756, Decimal("15.756"), None],
            [Decimal("15.756"), None],
            filter_=lambda n: None if n is None else round(n, 4),
        )

    def test_float_as_float(self, do_numeric_test: Any) -> None:
        do_numeric_test(Float(), [15.756, Decimal("15.756"), -0.5], [15.756, -0.5], filter_=_rounded)

    @requires.literal_float_coercion
    def test_float_coerce_round_trip(self, connection: Any) -> None:
        expr = 15.7563
        eq_(connection.scalar(select(literal(expr))), expr)

    @testing.requires.implicit_decimal_binds
    def test_decimal_coerce_round_trip(self, connection: Any) -> None:
        expr = Decimal("15.7563")
        eq_(connection.scalar(select(literal(expr))), expr)

    def test_decimal_coerce_round_trip_w_cast(self, connection: Any) -> None:
        expr = Decimal("15.7563")
        eq_(connection.scalar(select(cast(expr, Numeric(10, 4)))), expr)

    @requires.precision_numerics_general
    def test_precision_decimal(self, do_numeric_test: Any) -> None:
        numbers = {Decimal(text) for text in ("54.234246451650", "0.004354", "900.0", "-0.000000000001")}
        do_numeric_test(Numeric(precision=18, scale=12), numbers, numbers)

    @requires.precision_numerics_enotation_large
    def test_enotation_decimal_large(self, do_numeric_test: Any) -> None:
        numbers = {Decimal(text) for text in ("4E+8", "5748E+15", "1.521E+15", "00000000000000.1E+12")}
        do_numeric_test(Numeric(precision=25, scale=2), numbers, numbers)

    @requires.precision_numerics_enotation_small
    def test_enotation_decimal(self, do_numeric_test: Any) -> None:
        texts = ("1E-2", "1E-3", "1E-4", "1E-5", "0.01E-6", "0.01E-8", "696E-12")
        numbers = {Decimal(text) for text in texts}
        do_numeric_test(Numeric(precision=18, scale=14), numbers, numbers)

    @requires.precision_numerics_many_significant_digits
    def test_many_significant_digits(self, do_numeric_test: Any) -> None:
        texts = ("31943874831932418390.01", "319438950232418390.273596", "-87673.594069654243")
        numbers = {Decimal(text) for text in texts}
        do_numeric_test(Numeric(precision=38, scale=12), numbers, numbers)

    @requires.precision_numerics_retains_significant_digits
    def test_numeric_no_decimal(self, do_numeric_test: Any) -> None:
        """Zeros after the point come back."""
        number = Decimal("1.000")
        do_numeric_test(Numeric(precision=5, scale=3), [number], [number], check_scale=True)

    @testing.combinations(Float, Double, REAL, argnames="cls_")
    def test_float_is_not_numeric(self, connection: Any, cls_: Any) -> None:
        """A type of floats gives floats, even where the driver has a Decimal, and is no Numeric."""
        assert not issubclass(cls_, Numeric)
        found = connection.scalar(select(literal_column("1.5", cls_())))
        is_instance_of(found, float)
        eq_(found, 1.5)


def _rounded(number: float) -> float:
    return round(number, 5)


_OVER_TWO_KINDS = {"argnames": "left, right, expected"}


class TrueDivTest(fixtures.TestBase):
    """``/`` gives fractions, ``//`` whole numbers, on every database."""

    __backend__ = True

    def _divide(self, connection: Any, expr: Any) -> Any:
        found = connection.scalar(select(expr))
        is_instance_of(found, (int, float, decimal.Decimal))
        return found

    @testing.combinations(("15", "10", 1.5), ("-15", "10", -1.5), ("1", "4", 0.25), **_OVER_TWO_KINDS)
    def test_truediv_integer(self, connection: Any, left: str, right: str, expected: float) -> None:
        expr = literal_column(left, Integer()) / literal_column(right, Integer())
        eq_(float(self._divide(connection, expr)), expected)

    @testing.combinations(("15", "10", 1), ("-15", "5", -3), ("9", "10", 0), **_OVER_TWO_KINDS)
    def test_floordiv_integer(self, connection: Any, left: str, right: str, expected: int) -> None:
        expr = literal_column(left, Integer()) // literal_column(right, Integer())
        eq_(self._divide(connection, expr), expected)

    @testing.combinations(("5.52", "2.4", "2.3"), ("-5.52", "2.4", "-2.3"), **_OVER_TWO_KINDS)
    def test_truediv_numeric(self, connection: Any, left: str, right: str, expected: str) -> None:
        expr = literal_column(left, Numeric(10, 2)) / literal_column(right, Numeric(10, 2))
        eq_(round(Decimal(str(self._divide(connection, expr))), 6), Decimal(expected))

    @testing.combinations(("5.52", "2.4", 2.3), ("-8.0", "5.0", -1.6), **_OVER_TWO_KINDS)
    def test_truediv_float(self, connection: Any, left: str, right: str, expected: float) -> None:
        expr = literal_column(left, Float()) / literal_column(right, Float())
        eq_(round(float(self._divide(connection, expr)), 6), expected)

    @testing.combinations(("5.52", "2.4", "2"), ("8.9", "3.0", "2"), **_OVER_TWO_KINDS)
    def test_floordiv_numeric(self, connection: Any, left: str, right: str, expected: str) -> None:
        expr = literal_column(left, Numeric(10, 2)) // literal_column(right, Numeric(10, 2))
        eq_(Decimal(str(self._divide(connection, expr))), Decimal(expected))

    def test_truediv_integer_bound(self, connection: Any) -> None:
        eq_(float(self._divide(connection, literal(4) / literal(3) * 3)), 4.0)

    def test_floordiv_integer_bound(self, connection: Any) -> None:
        eq_(self._divide(connection, literal(4) // literal(3)), 1)

    @testing.combinations(
        (6, 4, Integer, 1.5),
        (Decimal("6.0"), Decimal("4.0"), Numeric(10, 2), 1.5),
        (6.0, 4.0, Float, 1.5),
        argnames="left, right, type_, expected",
    )
    @testing.variation("wrap_divisor", [True, False])
    def test_truediv_divisor(
        self, connection: Any, wrap_divisor: Any, left: Any, right: Any, type_: Any, expected: float
    ) -> None:
        """What is divided by may be an expression, and stays in its parentheses."""
        divisor: Any = literal(right, type_)
        if wrap_divisor:
            divisor = divisor + literal(0, type_) if type_ is Integer else divisor * literal(1, type_)
        eq_(float(self._divide(connection, literal(left, type_) / divisor)), expected)
