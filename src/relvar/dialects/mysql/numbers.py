"""
Numbers of MySQL and MariaDB, which may be UNSIGNED and ZEROFILL; bits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar import exc
from relvar import types as sqltypes
from relvar.types import OperatorClass
from relvar.util.reprs import GenericRepr, repr_of


class _NumericOptions:
    """
    ``UNSIGNED`` and ``ZEROFILL``.
    """

    unsigned: bool
    zerofill: bool

    def _take_options(self, unsigned: bool, zerofill: bool) -> None:
        self.unsigned = unsigned
        self.zerofill = zerofill


class _FloatType(_NumericOptions, sqltypes.Float[Any]):
    """
    Base of the approximate numbers, which may be given a precision and a scale.

    Raises:
        ArgumentError: only one of precision and scale was given where both are needed.
    """

    def __init__(
        self,
        precision: int | None = None,
        scale: int | None = None,
        asdecimal: bool = True,
        unsigned: bool = False,
        zerofill: bool = False,
        **kw: Any,
    ) -> None:
        if isinstance(self, (REAL, DOUBLE)) and (precision is None) != (scale is None):
            raise exc.ArgumentError("You must specify both precision and scale or omit both altogether.")
        super().__init__(precision=precision, asdecimal=asdecimal, **kw)
        self.scale = scale
        self._take_options(unsigned, zerofill)

    def repr_struct(self) -> GenericRepr:
        return repr_of(self, precision=None, scale=None, asdecimal=False, unsigned=False, zerofill=False)


class _FixedNumber(_NumericOptions, sqltypes.Numeric[Any]):
    """
    Base of the exact numbers.
    """

    def __init__(
        self,
        precision: int | None = None,
        scale: int | None = None,
        asdecimal: bool = True,
        unsigned: bool = False,
        zerofill: bool = False,
        **kw: Any,
    ) -> None:
        super().__init__(precision=precision, scale=scale, asdecimal=asdecimal, **kw)
        self._take_options(unsigned, zerofill)

    def repr_struct(self) -> GenericRepr:
        return repr_of(self, unsigned=False, zerofill=False, precision=None, scale=None, asdecimal=True)


class NUMERIC(_FixedNumber, sqltypes.NUMERIC[Any]):
    """
    A fixed number.
    """

    __visit_name__ = "NUMERIC"


class DECIMAL(_FixedNumber, sqltypes.DECIMAL[Any]):
    """
    A fixed number.
    """

    __visit_name__ = "DECIMAL"


class DOUBLE(_FloatType, sqltypes.DOUBLE[Any]):
    """
    A number of double precision.
    """

    __visit_name__ = "DOUBLE"


class REAL(_FloatType, sqltypes.REAL[Any]):
    """
    A number of double precision.
    """

    __visit_name__ = "REAL"


class FLOAT(_FloatType, sqltypes.FLOAT[Any]):
    """
    A number of single precision.
    """

    __visit_name__ = "FLOAT"

    def __init__(
        self,
        precision: int | None = None,
        scale: int | None = None,
        asdecimal: bool = False,
        unsigned: bool = False,
        zerofill: bool = False,
        **kw: Any,
    ) -> None:
        super().__init__(
            precision=precision,
            scale=scale,
            asdecimal=asdecimal,
            unsigned=unsigned,
            zerofill=zerofill,
            **kw,
        )

    def bind_processor(self, dialect: Any) -> None:
        return None


class _IntegerType(_NumericOptions, sqltypes.Integer):
    """
    Base of the integers, which may be given a display width.
    """

    def __init__(
        self,
        display_width: int | None = None,
        unsigned: bool = False,
        zerofill: bool = False,
        **kw: Any,
    ) -> None:
        super().__init__(**kw)
        self.display_width = display_width
        self._take_options(unsigned, zerofill)

    def repr_struct(self) -> GenericRepr:
        return repr_of(self, display_width=None, unsigned=False, zerofill=False)


class INTEGER(_IntegerType, sqltypes.INTEGER):
    """
    An integer of 4 bytes.
    """

    __visit_name__ = "INTEGER"


class BIGINT(_IntegerType, sqltypes.BIGINT):
    """
    An integer of 8 bytes.
    """

    __visit_name__ = "BIGINT"


class MEDIUMINT(_IntegerType):
    """
    An integer of 3 bytes.
    """

    __visit_name__ = "MEDIUMINT"


class TINYINT(_IntegerType):
    """
    An integer of 1 byte.
    """

    __visit_name__ = "TINYINT"


class SMALLINT(_IntegerType, sqltypes.SMALLINT):
    """
    An integer of 2 bytes.
    """

    __visit_name__ = "SMALLINT"


class BIT(sqltypes.TypeEngine[Any]):
    """
    Up to 64 bits; values are integers.

    Args:
        length: How many bits.
    """

    __visit_name__ = "BIT"

    operator_classes: OperatorClass = OperatorClass.BASE | OperatorClass.COMPARISON | OperatorClass.BITWISE

    literal_processor: Any = sqltypes.Integer.literal_processor

    def __init__(self, length: int | None = None) -> None:
        self.length = length

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], Any] | None:
        if dialect.supports_native_bit:
            return None

        def to_int(value: Any) -> Any:
            return value if value is None or isinstance(value, int) else int.from_bytes(value, "big")

        return to_int
