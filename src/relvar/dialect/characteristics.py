"""
What an execution option may change on a DBAPI connection, and how it is changed back.
"""

from __future__ import annotations

from typing import Any, ClassVar

from relvar.util.immutable import immutabledict


class ConnectionCharacteristic:
    """
    Something about a DBAPI connection that an execution option changes for a while.

    Attributes:
        transactional: Whether a running transaction forbids the change.
    """

    __slots__ = ()

    transactional: ClassVar[bool] = False

    def set_characteristic(self, dialect: Any, dbapi_conn: Any, value: Any) -> None:
        """Change it on a DBAPI connection."""
        raise NotImplementedError

    def reset_characteristic(self, dialect: Any, dbapi_conn: Any) -> None:
        """Change it back to the engine's default."""
        raise NotImplementedError

    def get_characteristic(self, dialect: Any, dbapi_conn: Any) -> Any:
        """Read it from a DBAPI connection."""
        raise NotImplementedError

    def set_connection_characteristic(self, dialect: Any, conn: Any, dbapi_conn: Any, value: Any) -> None:
        """Change it on a `Connection`."""
        self.set_characteristic(dialect, dbapi_conn, value)

    def get_connection_characteristic(self, dialect: Any, conn: Any, dbapi_conn: Any) -> Any:
        """Read it from a `Connection`."""
        return self.get_characteristic(dialect, dbapi_conn)


class IsolationLevelCharacteristic(ConnectionCharacteristic):
    """
    The isolation level.
    """

    transactional: ClassVar[bool] = True

    def reset_characteristic(self, dialect: Any, dbapi_conn: Any) -> None:
        """Go back to the default level."""
        dialect.reset_isolation_level(dbapi_conn)

    def set_characteristic(self, dialect: Any, dbapi_conn: Any, value: Any) -> None:
        """Set the level; raises ArgumentError for one the database does not have."""
        dialect._assert_and_set_isolation_level(dbapi_conn, value)

    def get_characteristic(self, dialect: Any, dbapi_conn: Any) -> Any:
        """Read the level."""
        return dialect.get_isolation_level(dbapi_conn)


class LoggingTokenCharacteristic(ConnectionCharacteristic):
    """
    The token that log lines of a connection carry.
    """

    def set_characteristic(self, dialect: Any, dbapi_conn: Any, value: Any) -> None:
        """Do nothing: the token belongs to the `Connection`."""

    def reset_characteristic(self, dialect: Any, dbapi_conn: Any) -> None:
        """Do nothing: the token belongs to the `Connection`."""

    def set_connection_characteristic(self, dialect: Any, conn: Any, dbapi_conn: Any, value: Any) -> None:
        """Set the token."""
        conn._set_logging_token(value)

    def get_characteristic(self, dialect: Any, dbapi_conn: Any) -> Any:
        """Refuse: a DBAPI connection has no token."""
        raise NotImplementedError()

    def get_connection_characteristic(self, dialect: Any, conn: Any, dbapi_conn: Any) -> Any:
        """Read the token."""
        return conn._logging_token


CONNECTION_CHARACTERISTICS: immutabledict[str, ConnectionCharacteristic] = immutabledict(
    {
        "isolation_level": IsolationLevelCharacteristic(),
        "logging_token": LoggingTokenCharacteristic(),
    }
)
