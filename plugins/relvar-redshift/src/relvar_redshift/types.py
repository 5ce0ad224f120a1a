"""
Redshift's own types.

Source: https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html
"""

from __future__ import annotations

from typing import Any

from relvar import func
from relvar import types as sqltypes
from relvar.dialects.postgresql import INTERVAL
from relvar.dialects.postgresql.types import ISCHEMA_NAMES as POSTGRESQL_NAMES
from relvar.dialects.postgresql.types import TIME, TIMESTAMP

__all__ = ["GEOGRAPHY", "GEOMETRY", "HLLSKETCH", "SUPER", "TIMESTAMPTZ", "TIMETZ", "VARBYTE"]


class SUPER(sqltypes.JSON):
    """
    Anything that JSON can say; a Python value is sent through ``JSON_PARSE()``.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_SUPER_type.html
    """

    __visit_name__ = "SUPER"

    def bind_expression(self, bindvalue: Any) -> Any:
        """Have the server parse the text: without, it would be one string."""
        return func.json_parse(bindvalue, type_=self)


class GEOMETRY(sqltypes.TEXT):
    """
    Shapes on a plane; drivers give hexadecimal EWKB.
    """

    __visit_name__ = "GEOMETRY"


class GEOGRAPHY(sqltypes.TEXT):
    """
    Shapes on the earth; drivers give hexadecimal EWKB.
    """

    __visit_name__ = "GEOGRAPHY"


class HLLSKETCH(sqltypes.TEXT):
    """
    A sketch that counts distinct values; drivers give JSON or Base64.
    """

    __visit_name__ = "HLLSKETCH"


class VARBYTE(sqltypes.LargeBinary):
    """
    Bytes, as many as *length* (64,000 if it is not given).
    """

    __visit_name__ = "VARBYTE"


class TIMESTAMPTZ(sqltypes.TIMESTAMP):
    """
    A moment, as Redshift spells it.
    """

    __visit_name__ = "TIMESTAMPTZ"

    def __init__(self, timezone: bool = True) -> None:
        super().__init__(timezone=timezone)


class TIMETZ(sqltypes.TIME):
    """
    A time of day with its offset, as Redshift spells it.
    """

    __visit_name__ = "TIMETZ"

    def __init__(self, timezone: bool = True) -> None:
        super().__init__(timezone=timezone)


ISCHEMA_NAMES: dict[str, Any] = {
    **POSTGRESQL_NAMES,
    "super": SUPER,
    "geometry": GEOMETRY,
    "geography": GEOGRAPHY,
    "hllsketch": HLLSKETCH,
    "varbyte": VARBYTE,
    "binary varying": VARBYTE,
    "timestamp with time zone": TIMESTAMP,
    "time with time zone": TIME,
    "interval": INTERVAL,
}
"Name of a type in the catalogs -> class, for reflection."
