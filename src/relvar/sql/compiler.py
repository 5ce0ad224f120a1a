"""
Compilers, under the address that older programs use.
"""

from relvar.compile.base import COLLECT_CARTESIAN_PRODUCTS as COLLECT_CARTESIAN_PRODUCTS
from relvar.compile.base import FROM_LINTING as FROM_LINTING
from relvar.compile.base import NO_LINTING as NO_LINTING
from relvar.compile.base import RM_NAME as RM_NAME
from relvar.compile.base import RM_OBJECTS as RM_OBJECTS
from relvar.compile.base import RM_RENDERED_NAME as RM_RENDERED_NAME
from relvar.compile.base import RM_TYPE as RM_TYPE
from relvar.compile.base import WARN_LINTING as WARN_LINTING
from relvar.compile.base import Compiled as Compiled
from relvar.compile.base import CompilerState as CompilerState
from relvar.compile.base import ExpandedState as ExpandedState
from relvar.compile.base import Linting as Linting
from relvar.compile.base import ResultColumnsEntry as ResultColumnsEntry
from relvar.compile.compiler import OPERATORS as OPERATORS
from relvar.compile.compiler import SQLCompiler as SQLCompiler
from relvar.compile.compiler import StrSQLCompiler as StrSQLCompiler
from relvar.compile.compound import COMPOUND_KEYWORDS as COMPOUND_KEYWORDS
from relvar.compile.ddl import DDLCompiler as DDLCompiler
from relvar.compile.insertmany import InsertmanyvaluesSentinelOpts as InsertmanyvaluesSentinelOpts
from relvar.compile.linter import FromLinter as FromLinter
from relvar.compile.names import ILLEGAL_INITIAL_CHARACTERS as ILLEGAL_INITIAL_CHARACTERS
from relvar.compile.names import LEGAL_CHARACTERS as LEGAL_CHARACTERS
from relvar.compile.names import LEGAL_CHARACTERS_PLUS_SPACE as LEGAL_CHARACTERS_PLUS_SPACE
from relvar.compile.names import RESERVED_WORDS as RESERVED_WORDS
from relvar.compile.names import IdentifierPreparer as IdentifierPreparer
from relvar.compile.state import BIND_TEMPLATES as BIND_TEMPLATES
from relvar.compile.typesql import GenericTypeCompiler as GenericTypeCompiler
from relvar.compile.typesql import StrSQLTypeCompiler as StrSQLTypeCompiler
from relvar.compile.typesql import TypeCompiler as TypeCompiler
from relvar.dialect.interface import AggregateOrderByStyle as AggregateOrderByStyle
