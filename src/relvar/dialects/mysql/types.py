"""
Types of MySQL and MariaDB.
"""

from __future__ import annotations

from typing import Any

from relvar import types as sqltypes
from relvar.dialects.mysql.choices import ENUM, SET
from relvar.dialects.mysql.numbers import (
    BIGINT,
    BIT,
    DECIMAL,
    DOUBLE,
    FLOAT,
    INTEGER,
    MEDIUMINT,
    NUMERIC,
    REAL,
    SMALLINT,
    TINYINT,
)
from relvar.dialects.mysql.strings import (
    CHAR,
    LONGBLOB,
    LONGTEXT,
    MEDIUMBLOB,
    MEDIUMTEXT,
    NCHAR,
    NVARCHAR,
    TEXT,
    TINYBLOB,
    TINYTEXT,
    VARCHAR,
)
from relvar.dialects.mysql.times import DATETIME, TIME, TIMESTAMP, YEAR
from relvar.types import BINARY, BLOB, BOOLEAN, DATE, JSON, UUID, VARBINARY, OperatorClass
from relvar.types.jsonpath import DollarPath
from relvar.types.text import WrittenAsText

__all__ = [
    "BIGINT",
    "BIT",
    "CHAR",
    "DATETIME",
    "DECIMAL",
    "DOUBLE",
    "ENUM",
    "FLOAT",
    "INET4",
    "INET6",
    "INTEGER",
    "LONGBLOB",
    "LONGTEXT",
    "MEDIUMBLOB",
    "MEDIUMINT",
    "MEDIUMTEXT",
    "NCHAR",
    "NUMERIC",
    "NVARCHAR",
    "REAL",
    "SET",
    "SMALLINT",
    "TEXT",
    "TIME",
    "TIMESTAMP",
    "TINYBLOB",
    "TINYINT",
    "TINYTEXT",
    "VARCHAR",
    "YEAR",
]


class INET4(WrittenAsText, sqltypes.TypeEngine[str]):
    """
    An IPv4 address (MariaDB).
    """

    __visit_name__ = "INET4"
    operator_classes: OperatorClass = OperatorClass.BASE | OperatorClass.COMPARISON


class INET6(WrittenAsText, sqltypes.TypeEngine[str]):
    """
    An IPv6 address (MariaDB).
    """

    __visit_name__ = "INET6"
    operator_classes: OperatorClass = OperatorClass.BASE | OperatorClass.COMPARISON


class _MatchType(sqltypes.Float[Any], sqltypes.MatchType):  # type: ignore[misc]  # a number, where others have bool
    """
    What ``MATCH ... AGAINST`` returns: how well the row matches.
    """

    def __init__(self, **kw: Any) -> None:
        # those of a Boolean mean nothing here
        super().__init__()


class JSONIndexType(DollarPath, sqltypes.JSON.JSONIndexType):
    """
    One step: a key or a position.
    """


class JSONPathType(DollarPath, sqltypes.JSON.JSONPathType):
    """
    Several steps.
    """

    _is_path = True


COLSPECS: dict[Any, Any] = {
    sqltypes.Time: TIME,
    sqltypes.Enum: ENUM,
    sqltypes.JSON.JSONIndexType: JSONIndexType,
    sqltypes.JSON.JSONPathType: JSONPathType,
    sqltypes.MatchType: _MatchType,
}
"Generic type -> what MySQL uses for it."

ISCHEMA_NAMES: dict[str, Any] = {
    "bigint": BIGINT,
    "binary": BINARY,
    "bit": BIT,
    "blob": BLOB,
    "boolean": BOOLEAN,
    "char": CHAR,
    "date": DATE,
    "datetime": DATETIME,
    "decimal": DECIMAL,
    "double": DOUBLE,
    "enum": ENUM,
    "fixed": DECIMAL,
    "float": FLOAT,
    "inet4": INET4,
    "inet6": INET6,
    "int": INTEGER,
    "integer": INTEGER,
    "json": JSON,
    "longblob": LONGBLOB,
    "longtext": LONGTEXT,
    "mediumblob": MEDIUMBLOB,
    "mediumint": MEDIUMINT,
    "mediumtext": MEDIUMTEXT,
    "nchar": NCHAR,
    "nvarchar": NVARCHAR,
    "numeric": NUMERIC,
    "set": SET,
    "smallint": SMALLINT,
    "text": TEXT,
    "time": TIME,
    "timestamp": TIMESTAMP,
    "tinyblob": TINYBLOB,
    "tinyint": TINYINT,
    "tinytext": TINYTEXT,
    "uuid": UUID,
    "varbinary": VARBINARY,
    "varchar": VARCHAR,
    "year": YEAR,
}
"Name of a type in the catalogs -> class, for reflection."
