"""
Types of SAP ASE and SQL Anywhere.

Source: ASE 15.7, Reference Manual: Building Blocks, datatypes;
SQL Anywhere 16, SQL Reference: SQL data types.
"""

from __future__ import annotations

from typing import Any

from relvar import types as sqltypes
from relvar.types import (
    BIGINT,
    BINARY,
    CHAR,
    DATE,
    DATETIME,
    DECIMAL,
    DOUBLE,
    DOUBLE_PRECISION,
    FLOAT,
    INTEGER,
    NCHAR,
    NUMERIC,
    NVARCHAR,
    REAL,
    SMALLINT,
    TEXT,
    TIME,
    TIMESTAMP,
    VARBINARY,
    VARCHAR,
)

__all__ = [
    "ANYWHERE_NAMES",
    "ASE_NAMES",
    "BIGDATETIME",
    "BIGTIME",
    "BIT",
    "IMAGE",
    "LONG_BINARY",
    "LONG_NVARCHAR",
    "LONG_VARCHAR",
    "MONEY",
    "SMALLDATETIME",
    "SMALLMONEY",
    "TINYINT",
    "UNICHAR",
    "UNIQUEIDENTIFIER",
    "UNITEXT",
    "UNIVARCHAR",
    "UNSIGNED_BIGINT",
    "UNSIGNED_INT",
    "UNSIGNED_SMALLINT",
    "XML",
]


class BIT(sqltypes.TypeEngine[bool]):
    """
    0 or 1; never NULL on ASE.
    """

    __visit_name__ = "BIT"
    operator_classes = sqltypes.OperatorClass.ANY


class TINYINT(sqltypes.Integer):
    """
    0 to 255.
    """

    __visit_name__ = "TINYINT"


class UNSIGNED_SMALLINT(sqltypes.SmallInteger):
    """
    0 to 65535.
    """

    __visit_name__ = "UNSIGNED_SMALLINT"


class UNSIGNED_INT(sqltypes.Integer):
    """
    0 to 4294967295.
    """

    __visit_name__ = "UNSIGNED_INT"


class UNSIGNED_BIGINT(sqltypes.BigInteger):
    """
    0 to 2 ** 64 - 1.
    """

    __visit_name__ = "UNSIGNED_BIGINT"


class MONEY(sqltypes.TypeEngine[Any]):
    """
    An amount with four digits behind the point.
    """

    __visit_name__ = "MONEY"
    operator_classes = sqltypes.OperatorClass.NUMERIC


class SMALLMONEY(sqltypes.TypeEngine[Any]):
    """
    A smaller amount with four digits behind the point.
    """

    __visit_name__ = "SMALLMONEY"
    operator_classes = sqltypes.OperatorClass.NUMERIC


class UNICHAR(sqltypes.Unicode):
    """
    Text in UTF-16, filled up with blanks; ASE.
    """

    __visit_name__ = "UNICHAR"


class UNIVARCHAR(sqltypes.Unicode):
    """
    Text in UTF-16; ASE.
    """

    __visit_name__ = "UNIVARCHAR"


class UNITEXT(sqltypes.UnicodeText):
    """
    Long text in UTF-16; ASE.
    """

    __visit_name__ = "UNITEXT"


class IMAGE(sqltypes.LargeBinary):
    """
    Long bytes; ASE.
    """

    __visit_name__ = "IMAGE"


class SMALLDATETIME(sqltypes.DateTime):
    """
    Date and time, to the minute.
    """

    __visit_name__ = "SMALLDATETIME"


class BIGDATETIME(sqltypes.DateTime):
    """
    Date and time, to the microsecond; ASE 15.5 and later.
    """

    __visit_name__ = "BIGDATETIME"


class BIGTIME(sqltypes.Time):
    """
    Time of day, to the microsecond; ASE 15.5 and later.
    """

    __visit_name__ = "BIGTIME"


class LONG_VARCHAR(sqltypes.Text):
    """
    Long text; SQL Anywhere.
    """

    __visit_name__ = "LONG_VARCHAR"


class LONG_NVARCHAR(sqltypes.UnicodeText):
    """
    Long text in the national character set; SQL Anywhere.
    """

    __visit_name__ = "LONG_NVARCHAR"


class LONG_BINARY(sqltypes.LargeBinary):
    """
    Long bytes; SQL Anywhere.
    """

    __visit_name__ = "LONG_BINARY"


class UNIQUEIDENTIFIER(sqltypes.TypeEngine[Any]):
    """
    A UUID; SQL Anywhere.
    """

    __visit_name__ = "UNIQUEIDENTIFIER"
    operator_classes = sqltypes.OperatorClass.ANY


class XML(sqltypes.Text):
    """
    XML; SQL Anywhere.
    """

    __visit_name__ = "XML"


ASE_NAMES: dict[str, Any] = {
    "bigint": BIGINT,
    "bigdatetime": BIGDATETIME,
    "bigtime": BIGTIME,
    "binary": BINARY,
    "bit": BIT,
    "char": CHAR,
    "date": DATE,
    "datetime": DATETIME,
    "decimal": DECIMAL,
    "double precision": DOUBLE_PRECISION,
    "float": FLOAT,
    "image": IMAGE,
    "int": INTEGER,
    "money": MONEY,
    "nchar": NCHAR,
    "numeric": NUMERIC,
    "nvarchar": NVARCHAR,
    "real": REAL,
    "smalldatetime": SMALLDATETIME,
    "smallint": SMALLINT,
    "smallmoney": SMALLMONEY,
    "sysname": VARCHAR,
    "text": TEXT,
    "time": TIME,
    "timestamp": VARBINARY,
    "tinyint": TINYINT,
    "ubigint": UNSIGNED_BIGINT,
    "uint": UNSIGNED_INT,
    "unichar": UNICHAR,
    "unitext": UNITEXT,
    "univarchar": UNIVARCHAR,
    "usmallint": UNSIGNED_SMALLINT,
    "varbinary": VARBINARY,
    "varchar": VARCHAR,
}
"Name of a type in systypes -> class."

ANYWHERE_NAMES: dict[str, Any] = {
    "bigint": BIGINT,
    "binary": BINARY,
    "bit": BIT,
    "char": CHAR,
    "date": DATE,
    "decimal": DECIMAL,
    "double": DOUBLE,
    "float": FLOAT,
    "integer": INTEGER,
    "long binary": LONG_BINARY,
    "long nvarchar": LONG_NVARCHAR,
    "long varchar": LONG_VARCHAR,
    "nchar": NCHAR,
    "numeric": NUMERIC,
    "nvarchar": NVARCHAR,
    "smallint": SMALLINT,
    "time": TIME,
    "timestamp": TIMESTAMP,
    "timestamp with time zone": TIMESTAMP,
    "tinyint": TINYINT,
    "uniqueidentifier": UNIQUEIDENTIFIER,
    "unsigned bigint": UNSIGNED_BIGINT,
    "unsigned int": UNSIGNED_INT,
    "unsigned smallint": UNSIGNED_SMALLINT,
    "varbinary": VARBINARY,
    "varchar": VARCHAR,
    "xml": XML,
}
"Name of a type in SYSDOMAIN -> class."
