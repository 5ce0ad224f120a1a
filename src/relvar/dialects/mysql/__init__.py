"""
MySQL and MariaDB: types, ``insert`` with ON DUPLICATE KEY UPDATE, and the default dialects.
"""

from relvar.dialects.mysql import types
from relvar.dialects.mysql.dml import Insert as Insert
from relvar.dialects.mysql.dml import insert as insert
from relvar.dialects.mysql.dml import limit as limit
from relvar.dialects.mysql.drivers.mysqldb import dialect as dialect
from relvar.dialects.mysql.drivers.mysqldb import mariadb_dialect as mariadb_dialect
from relvar.dialects.mysql.expression import match as match
from relvar.dialects.mysql.types import BIGINT as BIGINT
from relvar.dialects.mysql.types import BIT as BIT
from relvar.dialects.mysql.types import CHAR as CHAR
from relvar.dialects.mysql.types import DATETIME as DATETIME
from relvar.dialects.mysql.types import DECIMAL as DECIMAL
from relvar.dialects.mysql.types import DOUBLE as DOUBLE
from relvar.dialects.mysql.types import ENUM as ENUM
from relvar.dialects.mysql.types import FLOAT as FLOAT
from relvar.dialects.mysql.types import INET4 as INET4
from relvar.dialects.mysql.types import INET6 as INET6
from relvar.dialects.mysql.types import INTEGER as INTEGER
from relvar.dialects.mysql.types import LONGBLOB as LONGBLOB
from relvar.dialects.mysql.types import LONGTEXT as LONGTEXT
from relvar.dialects.mysql.types import MEDIUMBLOB as MEDIUMBLOB
from relvar.dialects.mysql.types import MEDIUMINT as MEDIUMINT
from relvar.dialects.mysql.types import MEDIUMTEXT as MEDIUMTEXT
from relvar.dialects.mysql.types import NCHAR as NCHAR
from relvar.dialects.mysql.types import NUMERIC as NUMERIC
from relvar.dialects.mysql.types import NVARCHAR as NVARCHAR
from relvar.dialects.mysql.types import REAL as REAL
from relvar.dialects.mysql.types import SET as SET
from relvar.dialects.mysql.types import SMALLINT as SMALLINT
from relvar.dialects.mysql.types import TEXT as TEXT
from relvar.dialects.mysql.types import TIME as TIME
from relvar.dialects.mysql.types import TIMESTAMP as TIMESTAMP
from relvar.dialects.mysql.types import TINYBLOB as TINYBLOB
from relvar.dialects.mysql.types import TINYINT as TINYINT
from relvar.dialects.mysql.types import TINYTEXT as TINYTEXT
from relvar.dialects.mysql.types import VARCHAR as VARCHAR
from relvar.dialects.mysql.types import YEAR as YEAR
from relvar.types import BINARY as BINARY
from relvar.types import BLOB as BLOB
from relvar.types import BOOLEAN as BOOLEAN
from relvar.types import DATE as DATE
from relvar.types import JSON as JSON
from relvar.types import VARBINARY as VARBINARY

__all__ = [
    "BINARY",
    "BLOB",
    "BOOLEAN",
    "DATE",
    "Insert",
    "JSON",
    "VARBINARY",
    "dialect",
    "insert",
    "limit",
    "mariadb_dialect",
    "match",
]
__all__ += types.__all__
