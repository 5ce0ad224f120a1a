"""
The events of a pool.
"""

from __future__ import annotations

from typing import Any

from relvar.event import Events, _legacy_signature
from relvar.pool.base import Pool
from relvar.pool.reset import PoolResetState


class PoolEvents(Events):
    """
    Events of connections in a pool.

    The target is a pool or a class of pools; an engine stands for its pool,
    the engine class for all pools.
    """

    _target_class_doc = "SomeEngineOrPool"
    _dispatch_target = Pool

    @classmethod
    def _accept_with(cls, target: Any, identifier: str) -> Any | None:
        accepted = super()._accept_with(target, identifier)
        if accepted is not None:
            return accepted
        # engines are of a higher layer; they are known by this mark
        if getattr(target, "_stands_for_its_pool", False):
            return Pool if isinstance(target, type) else target.pool
        return None

    def connect(self, dbapi_connection: Any, connection_record: Any) -> None:
        """
        A new driver connection was made.
        """

    def first_connect(self, dbapi_connection: Any, connection_record: Any) -> None:
        """
        The pool's first driver connection was made; comes before ``connect``.
        """

    def checkout(self, dbapi_connection: Any, connection_record: Any, connection_proxy: Any) -> None:
        """
        A connection is taken out of the pool.

        Raise `DisconnectionError` to have it replaced.
        """

    def checkin(self, dbapi_connection: Any, connection_record: Any) -> None:
        """
        A connection returns to the pool; ``None`` if it was invalidated.
        """

    @_legacy_signature("2.0", ["dbapi_connection", "connection_record"])
    def reset(self, dbapi_connection: Any, connection_record: Any, reset_state: PoolResetState) -> None:
        """
        Before the pool resets a connection (``reset_on_return``).
        """

    def invalidate(self, dbapi_connection: Any, connection_record: Any, exception: Any) -> None:
        """
        A connection is thrown away; *exception* says why, if known.
        """

    def soft_invalidate(self, dbapi_connection: Any, connection_record: Any, exception: Any) -> None:
        """
        A connection will be replaced when it is used next.
        """

    def close(self, dbapi_connection: Any, connection_record: Any) -> None:
        """
        Before a connection of the pool is closed.
        """

    def detach(self, dbapi_connection: Any, connection_record: Any) -> None:
        """
        A connection was taken from the pool for good.
        """

    def close_detached(self, dbapi_connection: Any) -> None:
        """
        Before a detached connection is closed.
        """
