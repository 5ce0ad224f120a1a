"""
Compilers, under the address that older programs use.
"""

from relvar.compile.base import COLLECT_CARTESIAN_PRODUCTS as COLLECT_CARTESIAN_PRODUCTS
from relvar.compile.base import FROM_LINTING as FROM_LINTING
from relvar.compile.base import NO_LINTING as NO_LINTING
from relvar.compile.base import WARN_LINTING as WARN_LINTING
from relvar.compile.base import Compiled as Compiled
from relvar.compile.compiler import SQLCompiler as SQLCompiler
from relvar.compile.compiler import StrSQLCompiler as StrSQLCompiler
