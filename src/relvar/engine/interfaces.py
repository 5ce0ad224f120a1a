"""
The public names of the engine's and dialects' interfaces.
"""

from relvar.dialect.interface import AdaptedConnection as AdaptedConnection
from relvar.dialect.interface import BindTyping as BindTyping
from relvar.dialect.interface import CacheStats as CacheStats
from relvar.dialect.interface import ConnectArgsType as ConnectArgsType
from relvar.dialect.interface import CreateEnginePlugin as CreateEnginePlugin
from relvar.dialect.interface import DBAPIConnection as DBAPIConnection
from relvar.dialect.interface import DBAPICursor as DBAPICursor
from relvar.dialect.interface import DBAPIModule as DBAPIModule
from relvar.dialect.interface import DBAPIType as DBAPIType
from relvar.dialect.interface import Dialect as Dialect
from relvar.dialect.interface import ExceptionContext as ExceptionContext
from relvar.dialect.interface import ExecuteStyle as ExecuteStyle
from relvar.dialect.interface import ExecutionContext as ExecutionContext
from relvar.dialect.interface import IsolationLevel as IsolationLevel
from relvar.dialect.reflected import ReflectedCheckConstraint as ReflectedCheckConstraint
from relvar.dialect.reflected import ReflectedColumn as ReflectedColumn
from relvar.dialect.reflected import ReflectedComputed as ReflectedComputed
from relvar.dialect.reflected import ReflectedConstraint as ReflectedConstraint
from relvar.dialect.reflected import ReflectedForeignKeyConstraint as ReflectedForeignKeyConstraint
from relvar.dialect.reflected import ReflectedIdentity as ReflectedIdentity
from relvar.dialect.reflected import ReflectedIndex as ReflectedIndex
from relvar.dialect.reflected import ReflectedPrimaryKeyConstraint as ReflectedPrimaryKeyConstraint
from relvar.dialect.reflected import ReflectedTableComment as ReflectedTableComment
from relvar.dialect.reflected import ReflectedUniqueConstraint as ReflectedUniqueConstraint
from relvar.engine.base import ConnectionEventsTarget as ConnectionEventsTarget
