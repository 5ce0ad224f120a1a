"""
The dialect of Oracle Database and its compilers, under the address that older programs use.
"""

from relvar.dialects.oracle.compiler import OracleCompiler as OracleCompiler
from relvar.dialects.oracle.ddl import OracleDDLCompiler as OracleDDLCompiler
from relvar.dialects.oracle.ddl import OracleTypeCompiler as OracleTypeCompiler
from relvar.dialects.oracle.dialect import OracleDialect as OracleDialect
from relvar.dialects.oracle.names import RESERVED_WORDS as RESERVED_WORDS
from relvar.dialects.oracle.names import OracleIdentifierPreparer as OracleIdentifierPreparer
from relvar.dialects.oracle.types import COLSPECS as colspecs
from relvar.dialects.oracle.types import ISCHEMA_NAMES as ischema_names

__all__ = [
    "RESERVED_WORDS",
    "OracleCompiler",
    "OracleDDLCompiler",
    "OracleDialect",
    "OracleIdentifierPreparer",
    "OracleTypeCompiler",
    "colspecs",
    "ischema_names",
]
