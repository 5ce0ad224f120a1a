"""
How the driver is to give what it reads: numbers, long text and bytes, text that is not well encoded.

Source: https://python-oracledb.readthedocs.io/en/latest/user_guide/sql_execution.html#changing-fetched-data-types-with-output-type-handlers
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["column_variables"]

# A NUMBER as text has 40 digits at most, sign, point and exponent; the driver's examples allow for 255.
_NUMBER_TEXT = 255
# The scale of a NUMBER without precision, and of FLOAT.
_NO_SCALE = -127


def _number(text: Any) -> Any:
    """
    Return a number as what it is: whole, or not.
    """
    return int(text) if text.lstrip("-").isdigit() else decimal.Decimal(text)


def column_variables(
    dbapi: Any, coerce_to_decimal: bool, auto_convert_lobs: bool, decoding: Mapping[str, Any]
) -> Callable[[Any, Any, Any, Any, Any], Any]:
    """
    Make what gives, for a column about to be read, a variable to read it into; or None: the driver's own.

    Args:
        coerce_to_decimal: Numbers that are not whole become Decimals, not floats.
        auto_convert_lobs: LOBs are read at once, as text and bytes.
        decoding: What a variable of text is told of text that can't be decoded.

    Returns:
        A function of the cursor, and the column's type, size, precision and scale.
    """
    texts = {
        dbapi.DB_TYPE_VARCHAR,
        dbapi.DB_TYPE_CHAR,
        dbapi.DB_TYPE_NVARCHAR,
        dbapi.DB_TYPE_NCHAR,
        dbapi.DB_TYPE_LONG,
    }
    lobs = {
        dbapi.DB_TYPE_CLOB: dbapi.DB_TYPE_LONG,
        # cx_Oracle has no type for long national text
        dbapi.DB_TYPE_NCLOB: getattr(dbapi, "DB_TYPE_LONG_NVARCHAR", dbapi.DB_TYPE_LONG),
        dbapi.DB_TYPE_BLOB: dbapi.DB_TYPE_LONG_RAW,
    }

    def number_variable(cursor: Any, precision: Any, scale: Any) -> Any:
        """
        Cases:
          1. whole numbers of a certain length: as the driver gives them, int;
          2. FLOAT: a float;
          3. digits behind the point: Decimals;
          4. nothing known of it, as for NUMBER and most expressions: by the value.
        """
        size = cursor.arraysize
        if precision and scale == 0:
            return None
        if precision and scale == _NO_SCALE:
            return cursor.var(dbapi.DB_TYPE_BINARY_DOUBLE, arraysize=size)
        if precision:
            return cursor.var(decimal.Decimal, arraysize=size)
        return cursor.var(dbapi.DB_TYPE_VARCHAR, _NUMBER_TEXT, arraysize=size, outconverter=_number)

    def variable(cursor: Any, type_: Any, size: Any, precision: Any, scale: Any) -> Any:
        if type_ == dbapi.DB_TYPE_NUMBER:
            return number_variable(cursor, precision, scale) if coerce_to_decimal else None
        if auto_convert_lobs and type_ in lobs:
            of_text = decoding if type_ != dbapi.DB_TYPE_BLOB else {}
            return cursor.var(lobs[type_], arraysize=cursor.arraysize, **of_text)
        if decoding and type_ in texts:
            return cursor.var(type_, size or 0, arraysize=cursor.arraysize, **decoding)
        return None

    return variable
