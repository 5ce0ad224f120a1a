"""
The dialect of MySQL and MariaDB and its compilers, under the address that older programs use.
"""

from relvar.dialects.mysql.compiler import MySQLCompiler as MySQLCompiler
from relvar.dialects.mysql.ddl import MySQLDDLCompiler as MySQLDDLCompiler
from relvar.dialects.mysql.ddl import MySQLTypeCompiler as MySQLTypeCompiler
from relvar.dialects.mysql.dialect import MySQLDialect as MySQLDialect
from relvar.dialects.mysql.dialect import MySQLExecutionContext as MySQLExecutionContext
from relvar.dialects.mysql.names import MariaDBIdentifierPreparer as MariaDBIdentifierPreparer
from relvar.dialects.mysql.names import MySQLIdentifierPreparer as MySQLIdentifierPreparer
from relvar.dialects.mysql.types import BIGINT as MSBigInteger
from relvar.dialects.mysql.types import BIT as MSBit
from relvar.dialects.mysql.types import CHAR as MSChar
from relvar.dialects.mysql.types import COLSPECS as colspecs
from relvar.dialects.mysql.types import DECIMAL as MSDecimal
from relvar.dialects.mysql.types import DOUBLE as MSDouble
from relvar.dialects.mysql.types import ENUM as MSEnum
from relvar.dialects.mysql.types import FLOAT as MSFloat
from relvar.dialects.mysql.types import INTEGER as MSInteger
from relvar.dialects.mysql.types import ISCHEMA_NAMES as ischema_names
from relvar.dialects.mysql.types import LONGBLOB as MSLongBlob
from relvar.dialects.mysql.types import LONGTEXT as MSLongText
from relvar.dialects.mysql.types import MEDIUMBLOB as MSMediumBlob
from relvar.dialects.mysql.types import MEDIUMINT as MSMediumInteger
from relvar.dialects.mysql.types import MEDIUMTEXT as MSMediumText
from relvar.dialects.mysql.types import NCHAR as MSNChar
from relvar.dialects.mysql.types import NUMERIC as MSNumeric
from relvar.dialects.mysql.types import NVARCHAR as MSNVarChar
from relvar.dialects.mysql.types import REAL as MSReal
from relvar.dialects.mysql.types import SET as MSSet
from relvar.dialects.mysql.types import SMALLINT as MSSmallInteger
from relvar.dialects.mysql.types import TEXT as MSText
from relvar.dialects.mysql.types import TIME as MSTime
from relvar.dialects.mysql.types import TIMESTAMP as MSTimeStamp
from relvar.dialects.mysql.types import TINYBLOB as MSTinyBlob
from relvar.dialects.mysql.types import TINYINT as MSTinyInteger
from relvar.dialects.mysql.types import TINYTEXT as MSTinyText
from relvar.dialects.mysql.types import VARCHAR as MSString
from relvar.dialects.mysql.types import YEAR as MSYear
from relvar.types import BINARY as MSBinary
from relvar.types import BLOB as MSBlob
from relvar.types import VARBINARY as MSVarBinary

__all__ = [
    "MSBigInteger",
    "MSBinary",
    "MSBit",
    "MSBlob",
    "MSChar",
    "MSDecimal",
    "MSDouble",
    "MSEnum",
    "MSFloat",
    "MSInteger",
    "MSLongBlob",
    "MSLongText",
    "MSMediumBlob",
    "MSMediumInteger",
    "MSMediumText",
    "MSNChar",
    "MSNVarChar",
    "MSNumeric",
    "MSReal",
    "MSSet",
    "MSSmallInteger",
    "MSString",
    "MSText",
    "MSTime",
    "MSTimeStamp",
    "MSTinyBlob",
    "MSTinyInteger",
    "MSTinyText",
    "MSVarBinary",
    "MSYear",
    "MariaDBIdentifierPreparer",
    "MySQLCompiler",
    "MySQLDDLCompiler",
    "MySQLDialect",
    "MySQLExecutionContext",
    "MySQLIdentifierPreparer",
    "MySQLTypeCompiler",
    "colspecs",
    "ischema_names",
]
