"""
What engines, connections, sessions and transactions of asyncio have of the blocking ones.

Type checkers read the stub beside this, which ``tools/derive_faces.py`` writes.
"""

from __future__ import annotations

from relvar.engine.base import Connection, Engine
from relvar.engine.transactions import Transaction
from relvar.ext.asyncio.derive import Attribute, awaited, called
from relvar.ext.asyncio.executing import ConnectionExecution, SessionExecution
from relvar.orm.session.session import Session
from relvar.orm.session.transaction import SessionTransaction

__all__ = ["ConnectionFace", "EngineFace", "SessionFace", "SessionTransactionFace", "TransactionFace"]


class TransactionFace:
    """
    A transaction of a connection.
    """

    __slots__ = ()

    close = awaited(Transaction.close)
    commit = awaited(Transaction.commit)
    rollback = awaited(Transaction.rollback)
    is_active = Attribute(Transaction, "is_active")
    is_valid = Attribute(Transaction, "is_valid")


class ConnectionFace(ConnectionExecution):
    """
    A connection.
    """

    __slots__ = ()

    commit = awaited(Connection.commit)
    rollback = awaited(Connection.rollback)
    in_transaction = called(Connection.in_transaction)
    in_nested_transaction = called(Connection.in_nested_transaction)
    close = awaited(Connection.close)
    invalidate = awaited(Connection.invalidate)
    get_isolation_level = awaited(Connection.get_isolation_level)
    closed = Attribute(Connection, "closed")
    invalidated = Attribute(Connection, "invalidated")
    dialect = Attribute(Connection, "dialect")
    default_isolation_level = Attribute(Connection, "default_isolation_level")
    info = Attribute(Connection, "info")


class EngineFace:
    """
    An engine.
    """

    __slots__ = ()

    dispose = awaited(Engine.dispose)
    clear_compiled_cache = called(Engine.clear_compiled_cache)
    get_execution_options = called(Engine.get_execution_options)
    url = Attribute(Engine, "url")
    pool = Attribute(Engine, "pool")
    dialect = Attribute(Engine, "dialect")
    engine = Attribute(Engine, "engine")
    name = Attribute(Engine, "name")
    driver = Attribute(Engine, "driver")
    echo = Attribute(Engine, "echo")


class SessionTransactionFace:
    """
    A transaction of a session.
    """

    __slots__ = ()

    commit = awaited(SessionTransaction.commit)
    rollback = awaited(SessionTransaction.rollback)
    is_active = Attribute(SessionTransaction, "is_active")


class SessionFace(SessionExecution):
    """
    A session.
    """

    close = awaited(Session.close)
    invalidate = awaited(Session.invalidate)
    reset = awaited(Session.reset)
    commit = awaited(Session.commit)
    rollback = awaited(Session.rollback)
    prepare = awaited(Session.prepare)
    in_transaction = called(Session.in_transaction)
    in_nested_transaction = called(Session.in_nested_transaction)
    is_active = Attribute(Session, "is_active")

    delete = awaited(Session.delete)
    delete_all = awaited(Session.delete_all)
    flush = awaited(Session.flush)
    merge = awaited(Session.merge)
    merge_all = awaited(Session.merge_all)
    refresh = awaited(Session.refresh)
    add = called(Session.add)
    add_all = called(Session.add_all)
    expire = called(Session.expire)
    expire_all = called(Session.expire_all)
    expunge = called(Session.expunge)
    expunge_all = called(Session.expunge_all)
    is_modified = called(Session.is_modified)

    autoflush = Attribute(Session, "autoflush")
    deleted = Attribute(Session, "deleted")
    dirty = Attribute(Session, "dirty")
    execution_options = Attribute(Session, "execution_options")
    identity_map = Attribute(Session, "identity_map")
    info = Attribute(Session, "info")
    lazy_report = Attribute(Session, "lazy_report")
    new = Attribute(Session, "new")
    no_autoflush = Attribute(Session, "no_autoflush")

    identity_key = Session.identity_key
    object_session = Session.object_session
