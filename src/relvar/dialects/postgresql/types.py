"""
PostgreSQL's own types.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from relvar import types as sqltypes
from relvar.dialects.postgresql.array import ARRAY
from relvar.dialects.postgresql.bitstring import BIT
from relvar.dialects.postgresql.hstore import HSTORE
from relvar.dialects.postgresql.json import JSON, JSONB, JSONPATH, JSONPathType
from relvar.dialects.postgresql.named_types import DOMAIN, ENUM
from relvar.dialects.postgresql.ranges import (
    DATEMULTIRANGE,
    DATERANGE,
    INT4MULTIRANGE,
    INT4RANGE,
    INT8MULTIRANGE,
    INT8RANGE,
    NUMMULTIRANGE,
    NUMRANGE,
    TSMULTIRANGE,
    TSRANGE,
    TSTZMULTIRANGE,
    TSTZRANGE,
)
from relvar.types import (
    BIGINT,
    BOOLEAN,
    CHAR,
    DATE,
    DOUBLE_PRECISION,
    FLOAT,
    INTEGER,
    NUMERIC,
    REAL,
    SMALLINT,
    TEXT,
    UUID,
    VARCHAR,
    OperatorClass,
)
from relvar.types.emulated import NativeForEmulated
from relvar.types.text import WrittenAsText

__all__ = [
    "BIT",
    "BYTEA",
    "CIDR",
    "CITEXT",
    "COLSPECS",
    "DOMAIN",
    "INET",
    "INTERVAL",
    "ISCHEMA_NAMES",
    "MACADDR",
    "MACADDR8",
    "MONEY",
    "OID",
    "REGCLASS",
    "REGCONFIG",
    "TIME",
    "TIMESTAMP",
    "TSQUERY",
    "TSVECTOR",
]


class BYTEA(sqltypes.LargeBinary):
    """
    Bytes.
    """

    __visit_name__ = "BYTEA"


class _Address(WrittenAsText):
    """
    Base of the address types: whatever they are compared with is an address.
    """

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        return self


class _NetworkAddress(_Address):
    """
    Base of the network address types.

    Values are what the driver makes: objects of `ipaddress`, or strings with the engine's
    ``native_inet_types=False`` and from a driver that knows no others.
    """

    operator_classes: OperatorClass = OperatorClass.BASE | OperatorClass.COMPARISON


class INET(_NetworkAddress, sqltypes.TypeEngine[Any]):
    """
    An address of a host, and perhaps of its network.
    """

    __visit_name__ = "INET"


class CIDR(_NetworkAddress, sqltypes.TypeEngine[Any]):
    """
    An address of a network.
    """

    __visit_name__ = "CIDR"


class MACADDR(_Address, sqltypes.TypeEngine[str]):
    """
    A MAC address.
    """

    __visit_name__ = "MACADDR"
    operator_classes: OperatorClass = OperatorClass.BASE | OperatorClass.COMPARISON


class MACADDR8(_Address, sqltypes.TypeEngine[str]):
    """
    A MAC address of eight bytes.
    """

    __visit_name__ = "MACADDR8"
    operator_classes: OperatorClass = OperatorClass.BASE | OperatorClass.COMPARISON


class MONEY(WrittenAsText, sqltypes.TypeEngine[str]):
    """
    A currency amount; values are strings in the spelling of the server's locale.
    """

    __visit_name__ = "MONEY"

    operator_classes = OperatorClass.NUMERIC


class OID(sqltypes.TypeEngine[int]):
    """
    An object identifier.
    """

    __visit_name__ = "OID"

    operator_classes: OperatorClass = OperatorClass.BASE | OperatorClass.COMPARISON

    literal_processor: Any = sqltypes.Integer.literal_processor


class REGCONFIG(WrittenAsText, sqltypes.TypeEngine[str]):
    """
    A text search configuration.
    """

    __visit_name__ = "REGCONFIG"

    operator_classes: OperatorClass = OperatorClass.BASE | OperatorClass.COMPARISON


class TSQUERY(WrittenAsText, sqltypes.TypeEngine[str]):
    """
    A text search query.
    """

    __visit_name__ = "TSQUERY"

    operator_classes: OperatorClass = OperatorClass.BASE | OperatorClass.COMPARISON


class TSVECTOR(WrittenAsText, sqltypes.TypeEngine[str]):
    """
    A document prepared for text search.
    """

    __visit_name__ = "TSVECTOR"

    operator_classes = OperatorClass.STRING


class REGCLASS(WrittenAsText, sqltypes.TypeEngine[str]):
    """
    A relation by name.
    """

    __visit_name__ = "REGCLASS"

    operator_classes: OperatorClass = OperatorClass.BASE | OperatorClass.COMPARISON


class TIMESTAMP(sqltypes.TIMESTAMP):
    """
    ``TIMESTAMP [(precision)] {WITH | WITHOUT} TIME ZONE``.

    Args:
        precision: Digits of the fraction of the second.
    """

    def __init__(self, timezone: bool = False, precision: int | None = None) -> None:
        super().__init__(timezone=timezone)
        self.precision = precision


class TIME(sqltypes.TIME):
    """
    ``TIME [(precision)] {WITH | WITHOUT} TIME ZONE``.

    Args:
        precision: Digits of the fraction of the second.
    """

    def __init__(self, timezone: bool = False, precision: int | None = None) -> None:
        super().__init__(timezone=timezone)
        self.precision = precision


# The server multiplies the seconds, a float of 53 bits, to get microseconds: from here on, what the float and
# the product are rounded by may be one of them together.
_EXACT_SPAN = dt.timedelta(seconds=2**32)


class INTERVAL(NativeForEmulated, sqltypes._AbstractInterval):
    """
    A span of time.

    Args:
        precision: Digits of the fraction of the second.
        fields: Which fields are kept, as ``"DAY TO SECOND"``.
    """

    __visit_name__ = "INTERVAL"

    native = True

    def __init__(self, precision: int | None = None, fields: str | None = None) -> None:
        self.precision = precision
        self.fields = fields

    @classmethod
    def adapt_emulated_to_native(cls, impl: Any, **kw: Any) -> INTERVAL:
        """
        Return PostgreSQL's type for the generic Interval *impl*.
        """
        return cls(precision=impl.second_precision)

    @property
    def _type_affinity(self) -> type[sqltypes.TypeEngine[Any]]:
        return sqltypes.Interval

    def as_generic(self, allow_nulltype: bool = False) -> sqltypes.Interval:
        """
        Return the generic Interval.
        """
        return sqltypes.Interval(native=True, second_precision=self.precision)

    @property
    def python_type(self) -> type[dt.timedelta]:
        return dt.timedelta

    def literal_processor(self, dialect: Any) -> Callable[[Any], str] | None:
        def process(value: dt.timedelta) -> str:
            if abs(value) < _EXACT_SPAN:
                return f"make_interval(secs=>{value.total_seconds()})"
            rest = value - dt.timedelta(days=value.days)
            return f"make_interval(days=>{value.days}, secs=>{rest.total_seconds()})"

        return process


PGInterval = INTERVAL


PGBit = BIT


class CITEXT(sqltypes.TEXT):
    """
    Text that compares without regard to case (an extension).
    """

    __visit_name__ = "CITEXT"
    _is_made_in_database = True

    def coerce_compared_value(self, op: Any, value: Any) -> sqltypes.TypeEngine[Any]:
        return self


COLSPECS: dict[Any, Any] = {
    sqltypes.ARRAY: ARRAY,
    sqltypes.Interval: INTERVAL,
    sqltypes.Enum: ENUM,
    sqltypes.JSON.JSONPathType: JSONPathType,
    sqltypes.JSON: JSON,
}
"Generic type -> what PostgreSQL uses for it."

ISCHEMA_NAMES: dict[str, Any] = {
    "integer": INTEGER,
    "bigint": BIGINT,
    "smallint": SMALLINT,
    "character varying": VARCHAR,
    "character": CHAR,
    '"char"': sqltypes.String,
    "name": sqltypes.String,
    "text": TEXT,
    "numeric": NUMERIC,
    "float": FLOAT,
    "real": REAL,
    "inet": INET,
    "cidr": CIDR,
    "citext": CITEXT,
    "uuid": UUID,
    "bit": BIT,
    "bit varying": BIT,
    "macaddr": MACADDR,
    "macaddr8": MACADDR8,
    "money": MONEY,
    "oid": OID,
    "regclass": REGCLASS,
    "regconfig": REGCONFIG,
    "double precision": DOUBLE_PRECISION,
    "timestamp": TIMESTAMP,
    "timestamp with time zone": TIMESTAMP,
    "timestamp without time zone": TIMESTAMP,
    "time with time zone": TIME,
    "time without time zone": TIME,
    "date": DATE,
    "time": TIME,
    "bytea": BYTEA,
    "boolean": BOOLEAN,
    "hstore": HSTORE,
    "interval": INTERVAL,
    "json": JSON,
    "jsonb": JSONB,
    "jsonpath": JSONPATH,
    "tsvector": TSVECTOR,
    "tsquery": TSQUERY,
    "int4range": INT4RANGE,
    "int8range": INT8RANGE,
    "numrange": NUMRANGE,
    "daterange": DATERANGE,
    "tsrange": TSRANGE,
    "tstzrange": TSTZRANGE,
    "int4multirange": INT4MULTIRANGE,
    "int8multirange": INT8MULTIRANGE,
    "nummultirange": NUMMULTIRANGE,
    "datemultirange": DATEMULTIRANGE,
    "tsmultirange": TSMULTIRANGE,
    "tstzmultirange": TSTZMULTIRANGE,
}
"Name of a type in the catalogs -> class, for reflection."
