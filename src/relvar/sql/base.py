"""
What statements are made from, under the address that older programs use.
"""

from relvar.compile.compilestate import CompileState as CompileState
from relvar.expr.dialectkw import DialectKWArgs as DialectKWArgs
from relvar.expr.dialectkw import _DialectArgView as _DialectArgView
from relvar.expr.element import _expand_cloned as _expand_cloned
from relvar.expr.executable import CacheableOptions as CacheableOptions
from relvar.expr.executable import Executable as Executable
from relvar.expr.executable import ExecutableOption as ExecutableOption
from relvar.expr.executable import ExecutableStatement as ExecutableStatement
from relvar.expr.executable import Generative as Generative
from relvar.expr.executable import _generative as _generative
from relvar.expr.immutable import Immutable as Immutable
from relvar.expr.names import _NoneName as _NoneName
from relvar.relation.columns import ColumnCollection as ColumnCollection
from relvar.relation.columns import ColumnSet as ColumnSet
from relvar.relation.columns import DedupeColumnCollection as DedupeColumnCollection
from relvar.relation.columns import ReadOnlyColumnCollection as ReadOnlyColumnCollection
from relvar.relation.columns import WriteableColumnCollection as WriteableColumnCollection
from relvar.relation.search import from_objects as _from_objects  # noqa: F401  # a face
from relvar.relation.search import select_iterables as _select_iterables  # noqa: F401  # a face
from relvar.schema.base import SchemaEventTarget as SchemaEventTarget
from relvar.stmt.base import HasSyntaxExtensions as HasSyntaxExtensions
from relvar.stmt.base import SyntaxExtension as SyntaxExtension
