"""
Numbers.
"""

from __future__ import annotations

import decimal
from typing import Any, Literal, overload

from relvar._kernels import convert
from relvar.types.base import (
    BindProcessor,
    LiteralProcessor,
    ResultProcessor,
    TypeEngine,
    TypeEngineMixin,
)
from relvar.types.operator_class import OperatorClass
from relvar.util.generics import TypeVar

_N = TypeVar("_N", bound=decimal.Decimal | float, default=decimal.Decimal)
_F = TypeVar("_F", bound=decimal.Decimal | float, default=float)


class HasExpressionLookup(TypeEngineMixin):
    """
    Marks types whose arithmetic has a table in `relvar.types.rules`.
    """


class Integer(HasExpressionLookup, TypeEngine[int]):
    """
    A type for ``int``.

    >>> from relvar import Integer, column
    >>> print(column("a", Integer) / 2, "|", column("a", Integer) // 2)
    a / CAST(:a_1 AS NUMERIC) | a / :a_1
    """

    __visit_name__ = "integer"
    operator_classes = OperatorClass.INTEGER

    def get_dbapi_type(self, dbapi: Any) -> Any:
        return dbapi.NUMBER

    @property
    def python_type(self) -> type[int]:
        return int

    def _resolve_for_literal(self, value: Any) -> TypeEngine[Any]:
        # what does not fit 32 bits is sent as a big integer
        return _BIGINTEGER if value.bit_length() >= 32 else self

    def literal_processor(self, dialect: Any) -> LiteralProcessor | None:
        def process(value: Any) -> str:
            return str(int(value))

        return process


class SmallInteger(Integer):
    """
    A type for smaller ``int`` integers.
    """

    __visit_name__ = "small_integer"


class BigInteger(Integer):
    """
    A type for bigger ``int`` integers.
    """

    __visit_name__ = "big_integer"


_BIGINTEGER = BigInteger()


class NumericCommon(HasExpressionLookup, TypeEngineMixin):
    """
    What `Numeric` and `Float` have in common.
    """

    _default_decimal_return_scale = 10
    operator_classes = OperatorClass.NUMERIC

    precision: int | None
    scale: int | None
    asdecimal: bool
    decimal_return_scale: int | None

    def __init__(
        self,
        *,
        precision: int | None,
        scale: int | None,
        decimal_return_scale: int | None,
        asdecimal: bool,
    ) -> None:
        self.precision = precision
        self.scale = scale
        self.decimal_return_scale = decimal_return_scale
        self.asdecimal = asdecimal

    @property
    def _effective_decimal_return_scale(self) -> int:
        if self.decimal_return_scale is not None:
            return self.decimal_return_scale
        if self.scale is not None:
            return self.scale
        return self._default_decimal_return_scale

    def get_dbapi_type(self, dbapi: Any) -> Any:
        """
        Return the driver's constant for numbers.
        """
        return dbapi.NUMBER

    def literal_processor(self, dialect: Any) -> LiteralProcessor | None:
        """
        Return what writes a number into SQL; what is no number is refused.
        """
        spelled = dialect.non_finite_literals
        keep_exponent = not dialect.exponent_makes_float

        def process(value: Any) -> str:
            # Decimal refuses what is not a number
            number = decimal.Decimal(value if isinstance(value, bool) else str(value))
            if not number.is_finite():
                if spelled is None:
                    return str(value)
                if str(number) not in spelled:
                    raise ValueError(f"{value} cannot be written inline on dialect {dialect.name}")
                return spelled[str(number)]  # type: ignore[no-any-return]  # text
            if isinstance(value, decimal.Decimal) and not keep_exponent:
                return f"{value:f}"
            # of text only the number: there may be blanks, or digits of other scripts
            return str(number if isinstance(value, str) else value)

        return process

    @property
    def python_type(self) -> type[decimal.Decimal | float]:
        """
        ``Decimal``, or ``float`` with ``asdecimal=False``.
        """
        return decimal.Decimal if self.asdecimal else float

    def bind_processor(self, dialect: Any) -> BindProcessor | None:
        """
        Return what makes a value the driver's: a float where it takes no ``Decimal``.
        """
        if dialect.supports_native_decimal:
            return None
        return convert.to_float

    def result_processor(self, dialect: Any, coltype: object) -> ResultProcessor | None:
        """
        Return what makes a ``Decimal``, or float, of the driver's value; None if it is one.
        """
        if self.asdecimal:
            if dialect.supports_native_decimal:
                return None
            return convert.to_decimal_processor(self._effective_decimal_return_scale)
        if dialect.supports_native_decimal:
            return convert.to_float
        return None


class Numeric(NumericCommon, TypeEngine[_N]):
    """
    A type for exact numbers, ``NUMERIC`` or ``DECIMAL``; ``Decimal`` in Python.

    Args:
        precision: Number of digits in all.
        scale: Number of digits behind the point.
        decimal_return_scale: Digits kept when the driver returns floats.
        asdecimal: Return ``Decimal`` rather than ``float``.

    >>> from relvar import Numeric, cast, create_engine, select
    >>> with create_engine("sqlite://").connect() as connection:
    ...     connection.scalar(select(cast("1.50", Numeric(10, 2))))
    Decimal('1.50')
    """

    __visit_name__ = "numeric"

    @overload
    def __init__(
        self: Numeric[decimal.Decimal],
        precision: int | None = ...,
        scale: int | None = ...,
        decimal_return_scale: int | None = ...,
        asdecimal: Literal[True] = ...,
    ) -> None: ...

    @overload
    def __init__(
        self: Numeric[float],
        precision: int | None = ...,
        scale: int | None = ...,
        decimal_return_scale: int | None = ...,
        *,
        asdecimal: Literal[False],
    ) -> None: ...

    @overload
    def __init__(
        self,
        precision: int | None = ...,
        scale: int | None = ...,
        decimal_return_scale: int | None = ...,
        asdecimal: bool = ...,
    ) -> None: ...

    def __init__(
        self,
        precision: int | None = None,
        scale: int | None = None,
        decimal_return_scale: int | None = None,
        asdecimal: bool = True,
    ) -> None:
        super().__init__(
            precision=precision,
            scale=scale,
            decimal_return_scale=decimal_return_scale,
            asdecimal=asdecimal,
        )

    @property
    def _type_affinity(self) -> type[Numeric[Any]]:
        return Numeric


class Float(NumericCommon, TypeEngine[_F]):
    """
    A type for floating point numbers, ``FLOAT`` or ``REAL``.

    Args:
        precision: Numeric precision, where the database has one.
        asdecimal: Return ``Decimal`` rather than ``float``.
        decimal_return_scale: Digits kept when converting to ``Decimal``.

    >>> from relvar import Float, cast, create_engine, select
    >>> with create_engine("sqlite://").connect() as connection:
    ...     connection.scalar(select(cast("1.5", Float)))
    1.5
    """

    __visit_name__ = "float"

    scale: int | None = None

    @overload
    def __init__(
        self: Float[float],
        precision: int | None = ...,
        asdecimal: Literal[False] = ...,
        decimal_return_scale: int | None = ...,
    ) -> None: ...

    @overload
    def __init__(
        self: Float[decimal.Decimal],
        precision: int | None = ...,
        *,
        asdecimal: Literal[True],
        decimal_return_scale: int | None = ...,
    ) -> None: ...

    @overload
    def __init__(
        self,
        precision: int | None = ...,
        asdecimal: bool = ...,
        decimal_return_scale: int | None = ...,
    ) -> None: ...

    def __init__(
        self,
        precision: int | None = None,
        asdecimal: bool = False,
        decimal_return_scale: int | None = None,
    ) -> None:
        super().__init__(
            precision=precision,
            scale=None,
            decimal_return_scale=decimal_return_scale,
            asdecimal=asdecimal,
        )

    @property
    def _type_affinity(self) -> type[Float[Any]]:
        return Float

    def result_processor(self, dialect: Any, coltype: object) -> ResultProcessor | None:
        # drivers give floats for these, whatever they give for exact numbers
        if self.asdecimal:
            return convert.to_decimal_processor(self._effective_decimal_return_scale)
        return convert.to_float if dialect.supports_native_decimal else None


class Double(Float[_F]):
    """
    A type for double precision floating point numbers.
    """

    __visit_name__ = "double"


class REAL(Float[_F]):
    """
    The SQL REAL type.
    """

    __visit_name__ = "REAL"


class FLOAT(Float[_F]):
    """
    The SQL FLOAT type.
    """

    __visit_name__ = "FLOAT"


class DOUBLE(Double[_F]):
    """
    The SQL DOUBLE type.
    """

    __visit_name__ = "DOUBLE"


class DOUBLE_PRECISION(Double[_F]):
    """
    The SQL DOUBLE PRECISION type.
    """

    __visit_name__ = "DOUBLE_PRECISION"


class NUMERIC(Numeric[_N]):
    """
    The SQL NUMERIC type.
    """

    __visit_name__ = "NUMERIC"


class DECIMAL(Numeric[_N]):
    """
    The SQL DECIMAL type.
    """

    __visit_name__ = "DECIMAL"


class INTEGER(Integer):
    """
    The SQL INT or INTEGER type.
    """

    __visit_name__ = "INTEGER"


INT = INTEGER


class SMALLINT(SmallInteger):
    """
    The SQL SMALLINT type.
    """

    __visit_name__ = "SMALLINT"


class BIGINT(BigInteger):
    """
    The SQL BIGINT type.
    """

    __visit_name__ = "BIGINT"
