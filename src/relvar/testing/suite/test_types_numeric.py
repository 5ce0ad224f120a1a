"""Numbers: decimals keep their digits, floats are floats, division means what it says."""

from __future__ import annotations

import decimal
import math
from typing import Any

from relvar import Float, Integer, Numeric, cast, literal, literal_column, select
from relvar.testing import eq_, fixtures, is_instance_of, requires
from relvar.testing.schema import Column, Table


class NumericTest(fixtures.TestBase):
    """Numeric and Float, to Decimal and to float."""

    __backend__ = True

    def _check(self, connection: Any, metadata: Any, type_: Any, values: Any, expected: Any) -> None:
        t = Table(
            "numbers",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("x", type_),
        )
        t.create(connection)
        connection.execute(t.insert(), [{"id": n, "x": value} for n, value in enumerate(values)])
        found = connection.scalars(select(t.c.x).order_by(t.c.id)).all()
        eq_(found, list(expected))
        eq_([type(value) for value in found], [type(value) for value in expected])

    def test_numeric_as_decimal(self, connection: Any, metadata: Any) -> None:
        value = decimal.Decimal("15.7563")
        self._check(connection, metadata, Numeric(precision=8, scale=4), [value, None], [value, None])

    def test_numeric_as_float(self, connection: Any, metadata: Any) -> None:
        type_: Any = Numeric(precision=8, scale=4, asdecimal=False)
        self._check(connection, metadata, type_, [15.7563, decimal.Decimal("15.7563")], [15.7563, 15.7563])

    def test_float_as_float(self, connection: Any, metadata: Any) -> None:
        self._check(connection, metadata, Float(precision=53), [15.7563, None, -0.5], [15.7563, None, -0.5])

    def test_float_as_decimal(self, connection: Any, metadata: Any) -> None:
        expected = [decimal.Decimal("15.7563000000")]
        self._check(connection, metadata, Float(precision=53, asdecimal=True), [15.7563], expected)

    @requires.precision_numerics_general
    def test_precision_decimal(self, connection: Any, metadata: Any) -> None:
        values = [decimal.Decimal(text) for text in ("54.234246451650", "0.004354000000", "900.000000000000")]
        self._check(connection, metadata, Numeric(precision=18, scale=12), values, values)

    @requires.precision_numerics_enotation_large
    def test_enotation_decimal_large(self, connection: Any, metadata: Any) -> None:
        values = [decimal.Decimal("4E+8"), decimal.Decimal("5748E+15"), decimal.Decimal("1.521E+15")]
        self._check(connection, metadata, Numeric(precision=25, scale=2), values, values)

    @requires.precision_numerics_enotation_small
    def test_enotation_decimal(self, connection: Any, metadata: Any) -> None:
        values = [decimal.Decimal("1E-2"), decimal.Decimal("1E-3"), decimal.Decimal("0.01E-6")]
        self._check(connection, metadata, Numeric(precision=18, scale=14), values, values)

    @requires.precision_numerics_many_significant_digits
    def test_many_significant_digits(self, connection: Any, metadata: Any) -> None:
        values = [decimal.Decimal("31943874831932418390.01"), decimal.Decimal("-87673.594069654243")]
        self._check(connection, metadata, Numeric(precision=38, scale=12), values, values)

    @requires.infinity_floats
    def test_infinity_floats(self, connection: Any, metadata: Any) -> None:
        self._check(connection, metadata, Float(), [math.inf, -math.inf], [math.inf, -math.inf])

    @requires.implicit_decimal_binds
    def test_decimal_coerce_round_trip_w_cast(self, connection: Any) -> None:
        value = decimal.Decimal("15.7563")
        eq_(connection.scalar(select(cast(value, Numeric(10, 4)))), value)

    @requires.fetch_null_from_numeric
    def test_null_sum(self, connection: Any) -> None:
        eq_(connection.scalar(select(cast(None, Numeric(10, 2)))), None)


class TrueDivTest(fixtures.TestBase):
    """``/`` gives fractions, ``//`` whole numbers, on every database."""

    __backend__ = True

    def test_truediv_integer(self, connection: Any) -> None:
        for left, right, expected in ((15, 10, 1.5), (-15, 10, -1.5)):
            eq_(
                float(
                    connection.scalar(
                        select(literal_column(str(left), Integer) / literal_column(str(right), Integer))
                    )
                ),
                expected,
            )

    def test_truediv_integer_bound(self, connection: Any) -> None:
        eq_(float(connection.scalar(select(literal(15) / literal(10)))), 1.5)

    def test_floordiv_integer(self, connection: Any) -> None:
        for left, right, expected in ((15, 10, 1), (-15, 5, -3)):
            found = connection.scalar(
                select(literal_column(str(left), Integer) // literal_column(str(right), Integer))
            )
            eq_(int(found), expected)

    def test_floordiv_integer_bound(self, connection: Any) -> None:
        eq_(int(connection.scalar(select(literal(15) // literal(10)))), 1)

    def test_truediv_float(self, connection: Any) -> None:
        found = connection.scalar(select(literal_column("8.0", Float()) / literal_column("5.0", Float())))
        is_instance_of(found, (float, decimal.Decimal))
        eq_(round(float(found), 5), 1.6)
