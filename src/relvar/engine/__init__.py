"""
Engines, connections, transactions, results.
"""

from typing import TYPE_CHECKING

from relvar.compile.base import Compiled as Compiled
from relvar.compile.typesql import TypeCompiler as TypeCompiler
from relvar.dialect.interface import AdaptedConnection as AdaptedConnection
from relvar.dialect.interface import BindTyping as BindTyping
from relvar.dialect.interface import ConnectArgsType as ConnectArgsType
from relvar.dialect.interface import CreateEnginePlugin as CreateEnginePlugin
from relvar.dialect.interface import Dialect as Dialect
from relvar.dialect.interface import ExceptionContext as ExceptionContext
from relvar.dialect.interface import ExecutionContext as ExecutionContext
from relvar.engine import inspecting as _inspecting
from relvar.engine.base import Connection as Connection
from relvar.engine.base import ConnectionEventsTarget as ConnectionEventsTarget
from relvar.engine.base import Engine as Engine
from relvar.engine.base import connection_memoize as connection_memoize
from relvar.engine.create import create_engine as create_engine
from relvar.engine.create import create_pool_from_url as create_pool_from_url
from relvar.engine.create import engine_from_config as engine_from_config
from relvar.engine.transactions import NestedTransaction as NestedTransaction
from relvar.engine.transactions import RootTransaction as RootTransaction
from relvar.engine.transactions import Transaction as Transaction
from relvar.engine.transactions import TwoPhaseTransaction as TwoPhaseTransaction
from relvar.engine.url import URL as URL
from relvar.engine.url import make_url as make_url
from relvar.expr.options import register_execution_options as register_execution_options
from relvar.rows import ChunkedIteratorResult as ChunkedIteratorResult
from relvar.rows import CursorResult as CursorResult
from relvar.rows import FilterResult as FilterResult
from relvar.rows import FrozenResult as FrozenResult
from relvar.rows import IteratorResult as IteratorResult
from relvar.rows import MappingResult as MappingResult
from relvar.rows import MergedResult as MergedResult
from relvar.rows import Result as Result
from relvar.rows import Row as Row
from relvar.rows import RowMapping as RowMapping
from relvar.rows import ScalarResult as ScalarResult
from relvar.rows import TupleResult as TupleResult
from relvar.rows import result_tuple as result_tuple
from relvar.util.ondemand import on_demand

if TYPE_CHECKING:
    from relvar.engine.mock import create_mock_engine as create_mock_engine
    from relvar.engine.reflection import Inspector as Inspector
    from relvar.engine.reflection import ObjectKind as ObjectKind
    from relvar.engine.reflection import ObjectScope as ObjectScope
else:
    __getattr__, __dir__, __all__ = on_demand(
        __name__,
        names={
            "create_mock_engine": "relvar.engine.mock",
            "Inspector": "relvar.engine.reflection",
            "ObjectKind": "relvar.engine.reflection",
            "ObjectScope": "relvar.engine.reflection",
        },
    )
