"""
Microsoft SQL Server: types and the default dialect.
"""

from relvar.dialects.mssql.drivers.pyodbc import dialect as dialect
from relvar.dialects.mssql.types import BIT as BIT
from relvar.dialects.mssql.types import DATE as DATE
from relvar.dialects.mssql.types import DATETIME2 as DATETIME2
from relvar.dialects.mssql.types import DATETIMEOFFSET as DATETIMEOFFSET
from relvar.dialects.mssql.types import DOUBLE_PRECISION as DOUBLE_PRECISION
from relvar.dialects.mssql.types import IMAGE as IMAGE
from relvar.dialects.mssql.types import JSON as JSON
from relvar.dialects.mssql.types import MONEY as MONEY
from relvar.dialects.mssql.types import NTEXT as NTEXT
from relvar.dialects.mssql.types import REAL as REAL
from relvar.dialects.mssql.types import ROWVERSION as ROWVERSION
from relvar.dialects.mssql.types import SMALLDATETIME as SMALLDATETIME
from relvar.dialects.mssql.types import SMALLMONEY as SMALLMONEY
from relvar.dialects.mssql.types import SQL_VARIANT as SQL_VARIANT
from relvar.dialects.mssql.types import TIME as TIME
from relvar.dialects.mssql.types import TIMESTAMP as TIMESTAMP
from relvar.dialects.mssql.types import TINYINT as TINYINT
from relvar.dialects.mssql.types import UNIQUEIDENTIFIER as UNIQUEIDENTIFIER
from relvar.dialects.mssql.types import VARBINARY as VARBINARY
from relvar.dialects.mssql.types import XML as XML
from relvar.expr.cast import try_cast as try_cast
from relvar.types import BIGINT as BIGINT
from relvar.types import BINARY as BINARY
from relvar.types import CHAR as CHAR
from relvar.types import DATETIME as DATETIME
from relvar.types import DECIMAL as DECIMAL
from relvar.types import FLOAT as FLOAT
from relvar.types import INTEGER as INTEGER
from relvar.types import NCHAR as NCHAR
from relvar.types import NUMERIC as NUMERIC
from relvar.types import NVARCHAR as NVARCHAR
from relvar.types import SMALLINT as SMALLINT
from relvar.types import TEXT as TEXT
from relvar.types import VARCHAR as VARCHAR

__all__ = [
    "BIGINT",
    "BINARY",
    "BIT",
    "CHAR",
    "DATE",
    "DATETIME",
    "DATETIME2",
    "DATETIMEOFFSET",
    "DECIMAL",
    "DOUBLE_PRECISION",
    "FLOAT",
    "IMAGE",
    "INTEGER",
    "JSON",
    "MONEY",
    "NCHAR",
    "NTEXT",
    "NUMERIC",
    "NVARCHAR",
    "REAL",
    "ROWVERSION",
    "SMALLDATETIME",
    "SMALLINT",
    "SMALLMONEY",
    "SQL_VARIANT",
    "TEXT",
    "TIME",
    "TIMESTAMP",
    "TINYINT",
    "UNIQUEIDENTIFIER",
    "VARBINARY",
    "VARCHAR",
    "XML",
    "dialect",
    "try_cast",
]
