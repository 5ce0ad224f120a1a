"""
Values that travel in asyncpg's own way, and the casts that tell the server their types.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar import types as sqltypes
from relvar.dialects.postgresql.array import parse_array
from relvar.dialects.postgresql.bitstring import BIT, BitString
from relvar.dialects.postgresql.casting import CAST_COLSPECS, CastInterval
from relvar.dialects.postgresql.dialect import PGDialect
from relvar.dialects.postgresql.json import JSONPathType
from relvar.dialects.postgresql.named_types import DOMAIN, ENUM
from relvar.dialects.postgresql.numeric import PGFloat, PGNumeric
from relvar.dialects.postgresql.types import BYTEA, CIDR, INET, OID, REGCLASS

__all__ = ["COLSPECS"]

_Process = Callable[[Any], Any]


class AsyncpgBoolean(sqltypes.Boolean):
    render_bind_cast = True


class AsyncpgByteA(BYTEA):
    render_bind_cast = True


class AsyncpgNumeric(PGNumeric):
    render_bind_cast = True


class AsyncpgFloat(PGFloat):
    render_bind_cast = True


class AsyncPgEnum(ENUM):
    render_bind_cast = True


# Where many rows are sent as VALUES, only a cast tells the driver that a parameter is no text.


class AsyncpgDomain(DOMAIN):
    render_bind_cast = True


class AsyncpgINET(INET):
    render_bind_cast = True


class AsyncpgCIDR(CIDR):
    render_bind_cast = True


class AsyncpgOID(OID):
    render_bind_cast = True


class AsyncpgREGCLASS(REGCLASS):
    render_bind_cast = True


class AsyncpgJSONPathType(JSONPathType):
    """
    A path of JSON: the driver wants the list, not its text.
    """

    def bind_processor(self, dialect: Any) -> _Process:
        def process(value: Any) -> Any:
            if isinstance(value, str):
                return parse_array(value)
            return value if value is None else [str(step) for step in value]

        return process


class AsyncpgBit(BIT):
    """
    Bits: the driver has a class for them.
    """

    def bind_processor(self, dialect: Any) -> _Process:
        of_driver = dialect.loaded_dbapi.driver.BitString

        def process(value: Any) -> Any:
            return of_driver(str(value)) if isinstance(value, str) else value

        return process

    def result_processor(self, dialect: Any, coltype: object) -> _Process:
        def process(value: Any) -> Any:
            return value if value is None else BitString(value.as_string().replace(" ", ""))

        return process


COLSPECS = {  # read-only by convention
    **PGDialect.colspecs,
    **CAST_COLSPECS,
    sqltypes.Boolean: AsyncpgBoolean,
    sqltypes.LargeBinary: AsyncpgByteA,
    sqltypes.Numeric: AsyncpgNumeric,
    sqltypes.Float: AsyncpgFloat,
    sqltypes.Interval: CastInterval,
    sqltypes.Enum: AsyncPgEnum,
    sqltypes.JSON.JSONPathType: AsyncpgJSONPathType,
    BIT: AsyncpgBit,
    DOMAIN: AsyncpgDomain,
    INET: AsyncpgINET,
    CIDR: AsyncpgCIDR,
    OID: AsyncpgOID,
    REGCLASS: AsyncpgREGCLASS,
}
"Generic type -> what this driver uses for it."
