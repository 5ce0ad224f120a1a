"""
The dialect of Firebird and its compilers, under the address that older programs use.
"""

from relvar.dialects.firebird.compiler import FBCompiler as FBCompiler
from relvar.dialects.firebird.ddl import FBDDLCompiler as FBDDLCompiler
from relvar.dialects.firebird.ddl import FBTypeCompiler as FBTypeCompiler
from relvar.dialects.firebird.dialect import FBDialect as FBDialect
from relvar.dialects.firebird.dialect import FBExecutionContext as FBExecutionContext
from relvar.dialects.firebird.names import FBIdentifierPreparer as FBIdentifierPreparer
from relvar.dialects.firebird.reflection import FBInspector as FBInspector
from relvar.dialects.firebird.types import COLSPECS as colspecs

__all__ = [
    "FBCompiler",
    "FBDDLCompiler",
    "FBDialect",
    "FBExecutionContext",
    "FBIdentifierPreparer",
    "FBInspector",
    "FBTypeCompiler",
    "colspecs",
]
