"""
The event classes.
"""

from relvar.engine.events import ConnectionEvents as ConnectionEvents
from relvar.engine.events import DialectEvents as DialectEvents
from relvar.pool.events import PoolEvents as PoolEvents
from relvar.pool.reset import PoolResetState as PoolResetState
from relvar.schema.base import SchemaEventTarget as SchemaEventTarget
from relvar.schema.events import DDLEvents as DDLEvents
