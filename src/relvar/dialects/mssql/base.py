"""
The dialect of Microsoft SQL Server and its compilers, under the address that older programs use.
"""

from relvar.dialects.mssql.compiler import MSSQLCompiler as MSSQLCompiler
from relvar.dialects.mssql.ddl import MSDDLCompiler as MSDDLCompiler
from relvar.dialects.mssql.dialect import MSDialect as MSDialect
from relvar.dialects.mssql.execution import MSExecutionContext as MSExecutionContext
from relvar.dialects.mssql.names import MSIdentifierPreparer as MSIdentifierPreparer
from relvar.dialects.mssql.types import BIT as MSBit
from relvar.dialects.mssql.types import COLSPECS as colspecs
from relvar.dialects.mssql.types import DATETIME2 as MSDateTime2
from relvar.dialects.mssql.types import DATETIMEOFFSET as MSDateTimeOffset
from relvar.dialects.mssql.types import IMAGE as MSImage
from relvar.dialects.mssql.types import ISCHEMA_NAMES as ischema_names
from relvar.dialects.mssql.types import MONEY as MSMoney
from relvar.dialects.mssql.types import NTEXT as MSNText
from relvar.dialects.mssql.types import REAL as MSReal
from relvar.dialects.mssql.types import SMALLDATETIME as MSSmallDateTime
from relvar.dialects.mssql.types import SMALLMONEY as MSSmallMoney
from relvar.dialects.mssql.types import SQL_VARIANT as MSVariant
from relvar.dialects.mssql.types import TIME as MSTime
from relvar.dialects.mssql.types import TINYINT as MSTinyInteger
from relvar.dialects.mssql.types import UNIQUEIDENTIFIER as MSUniqueIdentifier
from relvar.dialects.mssql.types import VARBINARY as MSVarBinary
from relvar.dialects.mssql.typesql import MSTypeCompiler as MSTypeCompiler
from relvar.types import BINARY as MSBinary
from relvar.types import CHAR as MSChar
from relvar.types import NCHAR as MSNChar
from relvar.types import NVARCHAR as MSNVarchar
from relvar.types import TEXT as MSText
from relvar.types import VARCHAR as MSString

__all__ = [
    "MSBinary",
    "MSBit",
    "MSChar",
    "MSDDLCompiler",
    "MSDateTime2",
    "MSDateTimeOffset",
    "MSDialect",
    "MSExecutionContext",
    "MSIdentifierPreparer",
    "MSImage",
    "MSMoney",
    "MSNChar",
    "MSNText",
    "MSNVarchar",
    "MSReal",
    "MSSQLCompiler",
    "MSSmallDateTime",
    "MSSmallMoney",
    "MSString",
    "MSText",
    "MSTime",
    "MSTinyInteger",
    "MSTypeCompiler",
    "MSUniqueIdentifier",
    "MSVarBinary",
    "MSVariant",
    "colspecs",
    "ischema_names",
]
