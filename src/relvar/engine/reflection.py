"""
Reflection: `Inspector` for engines and connections.
"""

from __future__ import annotations

from relvar.dialect.inspector import Inspector as Inspector
from relvar.dialect.inspector import ObjectKind as ObjectKind
from relvar.dialect.inspector import ObjectScope as ObjectScope
from relvar.dialect.inspector import ReflectionDefaults as ReflectionDefaults
from relvar.dialect.inspector import cache as cache
from relvar.dialect.inspector import flexi_cache as flexi_cache
from relvar.engine.base import Connection, Engine
from relvar.inspection import _inspects


@_inspects(Engine)
def _of_engine(engine: Engine) -> Inspector:
    return Inspector._construct(Inspector._init_engine, engine)


@_inspects(Connection)
def _of_connection(connection: Connection) -> Inspector:
    return Inspector._construct(Inspector._init_connection, connection)
