"""
What ``inspect(engine)`` and ``inspect(connection)`` give.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relvar.engine.base import Connection, Engine
from relvar.inspection import _inspects

if TYPE_CHECKING:
    from relvar.dialect.inspector import Inspector


@_inspects(Engine)
def _of_engine(engine: Engine) -> Inspector:
    from relvar.dialect.inspector import Inspector  # with all of reflection, which few programs use

    return Inspector._construct(Inspector._init_engine, engine)


@_inspects(Connection)
def _of_connection(connection: Connection) -> Inspector:
    from relvar.dialect.inspector import Inspector  # as above

    return Inspector._construct(Inspector._init_connection, connection)
