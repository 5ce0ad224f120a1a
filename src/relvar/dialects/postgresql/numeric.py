"""
Numbers, as PostgreSQL drivers return them.

They return ``Decimal`` for ``NUMERIC`` and ``float`` for floating point, whatever
the expression's type says; the type code of the column tells which one came.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar import types as sqltypes
from relvar._kernels import convert
from relvar.types.base import BindProcessor, ResultProcessor

__all__ = ["NUMERIC_COLSPECS", "PGFloat", "PGNumeric"]

# type codes: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat
_FLOATS = frozenset({700, 701, 1021, 1022})
_DECIMALS = frozenset({1700, 1231})
_INTEGERS = frozenset({20, 21, 23, 26, 1005, 1007, 1016})


def _result_processor(
    type_: sqltypes.Numeric[Any] | sqltypes.Float[Any], coltype: object
) -> ResultProcessor | None:
    if coltype in _FLOATS:
        if type_.asdecimal:
            return convert.to_decimal_processor(type_._effective_decimal_return_scale)
        return None
    if coltype is None or coltype in _DECIMALS or coltype in _INTEGERS:
        return None if type_.asdecimal else convert.to_float
    raise exc.InvalidRequestError(f"Unknown PG numeric type: {coltype}")


class PGNumeric(sqltypes.Numeric[Any]):
    """
    ``NUMERIC``; the driver takes numbers of any class.
    """

    def bind_processor(self, dialect: Any) -> BindProcessor | None:
        return None

    def result_processor(self, dialect: Any, coltype: object) -> ResultProcessor | None:
        return _result_processor(self, coltype)


class PGFloat(sqltypes.Float[Any]):
    """
    ``FLOAT``; the driver takes numbers of any class.
    """

    def bind_processor(self, dialect: Any) -> BindProcessor | None:
        return None

    def result_processor(self, dialect: Any, coltype: object) -> ResultProcessor | None:
        return _result_processor(self, coltype)


NUMERIC_COLSPECS: dict[type[Any], type[Any]] = {
    sqltypes.Numeric: PGNumeric,
    sqltypes.Float: PGFloat,
}
