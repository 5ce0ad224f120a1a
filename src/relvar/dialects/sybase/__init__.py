"""
SAP ASE (once Sybase) and SQL Anywhere: types and the default dialects.

``sybase://`` is ASE, ``sqlany://`` is SQL Anywhere.
"""

from relvar.dialects.sybase.drivers.pyodbc import dialect as dialect
from relvar.dialects.sybase.drivers.sqlanydb import dialect as sqlany_dialect
from relvar.dialects.sybase.types import BIGDATETIME as BIGDATETIME
from relvar.dialects.sybase.types import BIGTIME as BIGTIME
from relvar.dialects.sybase.types import BIT as BIT
from relvar.dialects.sybase.types import IMAGE as IMAGE
from relvar.dialects.sybase.types import LONG_BINARY as LONG_BINARY
from relvar.dialects.sybase.types import LONG_NVARCHAR as LONG_NVARCHAR
from relvar.dialects.sybase.types import LONG_VARCHAR as LONG_VARCHAR
from relvar.dialects.sybase.types import MONEY as MONEY
from relvar.dialects.sybase.types import SMALLDATETIME as SMALLDATETIME
from relvar.dialects.sybase.types import SMALLMONEY as SMALLMONEY
from relvar.dialects.sybase.types import TINYINT as TINYINT
from relvar.dialects.sybase.types import UNICHAR as UNICHAR
from relvar.dialects.sybase.types import UNIQUEIDENTIFIER as UNIQUEIDENTIFIER
from relvar.dialects.sybase.types import UNITEXT as UNITEXT
from relvar.dialects.sybase.types import UNIVARCHAR as UNIVARCHAR
from relvar.dialects.sybase.types import UNSIGNED_BIGINT as UNSIGNED_BIGINT
from relvar.dialects.sybase.types import UNSIGNED_INT as UNSIGNED_INT
from relvar.dialects.sybase.types import UNSIGNED_SMALLINT as UNSIGNED_SMALLINT
from relvar.dialects.sybase.types import XML as XML
from relvar.types import BIGINT as BIGINT
from relvar.types import BINARY as BINARY
from relvar.types import CHAR as CHAR
from relvar.types import DATE as DATE
from relvar.types import DATETIME as DATETIME
from relvar.types import DECIMAL as DECIMAL
from relvar.types import DOUBLE as DOUBLE
from relvar.types import DOUBLE_PRECISION as DOUBLE_PRECISION
from relvar.types import FLOAT as FLOAT
from relvar.types import INTEGER as INTEGER
from relvar.types import NCHAR as NCHAR
from relvar.types import NUMERIC as NUMERIC
from relvar.types import NVARCHAR as NVARCHAR
from relvar.types import REAL as REAL
from relvar.types import SMALLINT as SMALLINT
from relvar.types import TEXT as TEXT
from relvar.types import TIME as TIME
from relvar.types import TIMESTAMP as TIMESTAMP
from relvar.types import VARBINARY as VARBINARY
from relvar.types import VARCHAR as VARCHAR

__all__ = [
    "BIGDATETIME",
    "BIGINT",
    "BIGTIME",
    "BINARY",
    "BIT",
    "CHAR",
    "DATE",
    "DATETIME",
    "DECIMAL",
    "DOUBLE",
    "DOUBLE_PRECISION",
    "FLOAT",
    "IMAGE",
    "INTEGER",
    "LONG_BINARY",
    "LONG_NVARCHAR",
    "LONG_VARCHAR",
    "MONEY",
    "NCHAR",
    "NUMERIC",
    "NVARCHAR",
    "REAL",
    "SMALLDATETIME",
    "SMALLINT",
    "SMALLMONEY",
    "TEXT",
    "TIME",
    "TIMESTAMP",
    "TINYINT",
    "UNICHAR",
    "UNIQUEIDENTIFIER",
    "UNITEXT",
    "UNIVARCHAR",
    "UNSIGNED_BIGINT",
    "UNSIGNED_INT",
    "UNSIGNED_SMALLINT",
    "VARBINARY",
    "VARCHAR",
    "XML",
    "dialect",
    "sqlany_dialect",
]
