"""
Reflection: `Inspector` for engines and connections.
"""

from __future__ import annotations

from relvar.dialect.answers import ObjectKind as ObjectKind
from relvar.dialect.answers import ObjectScope as ObjectScope
from relvar.dialect.answers import ReflectionDefaults as ReflectionDefaults
from relvar.dialect.answers import cache as cache
from relvar.dialect.answers import flexi_cache as flexi_cache
from relvar.dialect.inspector import Inspector as Inspector
from relvar.engine.base import Connection, Engine
from relvar.inspection import _inspects


@_inspects(Engine)
def _of_engine(engine: Engine) -> Inspector:
    return Inspector._construct(Inspector._init_engine, engine)


@_inspects(Connection)
def _of_connection(connection: Connection) -> Inspector:
    return Inspector._construct(Inspector._init_connection, connection)
