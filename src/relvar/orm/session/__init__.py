"""
Sessions: units of work over mapped objects.
"""

from __future__ import annotations

from relvar.orm.session.events import SessionEvents as SessionEvents
from relvar.orm.session.execute_state import ORMExecuteState as ORMExecuteState
from relvar.orm.session.instances import close_all_sessions as close_all_sessions
from relvar.orm.session.instances import make_transient as make_transient
from relvar.orm.session.instances import make_transient_to_detached as make_transient_to_detached
from relvar.orm.session.instances import object_session as object_session
from relvar.orm.session.instances import was_deleted as was_deleted
from relvar.orm.session.maker import sessionmaker as sessionmaker
from relvar.orm.session.session import Session as Session
from relvar.orm.session.transaction import SessionTransaction as SessionTransaction
from relvar.orm.session.transaction import SessionTransactionOrigin as SessionTransactionOrigin

__all__ = [
    "ORMExecuteState",
    "Session",
    "SessionEvents",
    "SessionTransaction",
    "SessionTransactionOrigin",
    "close_all_sessions",
    "make_transient",
    "make_transient_to_detached",
    "object_session",
    "sessionmaker",
    "was_deleted",
]
