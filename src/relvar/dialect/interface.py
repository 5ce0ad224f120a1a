"""
The interface of a dialect, as the engine and third-party dialects see it.

`Dialect` and `ExecutionContext` name what there is; `DefaultDialect` and
`DefaultExecutionContext` implement it for drivers that follow PEP 249.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from relvar import exc
from relvar.util.immutable import immutabledict

if TYPE_CHECKING:
    from relvar.engine.url import URL

ConnectArgsType = tuple[Sequence[str], MutableMapping[str, Any]]
IsolationLevel = str


class BindTyping(enum.Enum):
    """
    How a driver learns the types of parameters.
    """

    NONE = 1
    "It looks at the values."
    SETINPUTSIZES = 2
    "`Dialect.do_set_input_sizes` is called before each execution."
    RENDER_CASTS = 3
    "The text says so, by a cast around each parameter."


class AggregateOrderByStyle(enum.Enum):
    """
    Where an aggregate function's ORDER BY stands.
    """

    NONE = 0
    INLINE = 1
    WITHIN_GROUP = 2


class CacheStats(enum.Enum):
    """
    What the statement cache did for one execution.
    """

    CACHE_HIT = 0
    CACHE_MISS = 1
    CACHING_DISABLED = 2
    NO_CACHE_KEY = 3
    NO_DIALECT_SUPPORT = 4


class ExecuteStyle(enum.Enum):
    """
    Which cursor method runs a statement.
    """

    EXECUTE = 0
    EXECUTEMANY = 1
    INSERTMANYVALUES = 2


class DBAPICursor(Protocol):
    """
    A PEP 249 cursor.
    """

    arraysize: int
    lastrowid: int

    @property
    def description(self) -> Any: ...
    @property
    def rowcount(self) -> int: ...
    def close(self) -> None: ...
    def execute(self, operation: Any, parameters: Any = None) -> Any: ...
    def executemany(self, operation: Any, parameters: Any) -> Any: ...
    def fetchone(self) -> Any | None: ...
    def fetchmany(self, size: int = ...) -> Sequence[Any]: ...
    def fetchall(self) -> Sequence[Any]: ...


class DBAPIConnection(Protocol):
    """
    A PEP 249 connection.
    """

    def close(self) -> None: ...
    def commit(self) -> None: ...
    def cursor(self, *args: Any, **kwargs: Any) -> DBAPICursor: ...
    def rollback(self) -> None: ...


class DBAPIModule(Protocol):
    """
    A PEP 249 driver module.
    """

    paramstyle: str
    Error: type[Exception]

    def connect(self, *args: Any, **kwargs: Any) -> Any: ...
    def __getattr__(self, key: str) -> Any: ...


class DBAPIType(Protocol):
    """
    A type object of a driver, as in ``cursor.description``.
    """


class Dialect:
    """
    The behaviour of one kind of database with one driver.

    Nothing is implemented here; see `DefaultDialect`.
    """

    CACHE_HIT: ClassVar[CacheStats] = CacheStats.CACHE_HIT
    CACHE_MISS: ClassVar[CacheStats] = CacheStats.CACHE_MISS
    CACHING_DISABLED: ClassVar[CacheStats] = CacheStats.CACHING_DISABLED
    NO_CACHE_KEY: ClassVar[CacheStats] = CacheStats.NO_CACHE_KEY
    NO_DIALECT_SUPPORT: ClassVar[CacheStats] = CacheStats.NO_DIALECT_SUPPORT

    name: str
    driver: str
    dbapi: Any
    paramstyle: str
    positional: bool
    identifier_preparer: Any
    statement_compiler: Any
    ddl_compiler: Any
    type_compiler_instance: Any
    server_version_info: tuple[Any, ...] | None
    default_schema_name: str | None

    dispatch: Any
    _has_events = False


class ExecutionContext:
    """
    One execution, as defaults, events and third-party dialects see it.

    Nothing is implemented here; see `DefaultExecutionContext`.
    """

    engine: Any
    connection: Any
    root_connection: Any
    dialect: Dialect
    cursor: Any
    compiled: Any
    statement: str
    parameters: Any
    invoked_statement: Any
    isinsert: bool
    isupdate: bool
    execute_style: ExecuteStyle
    executemany: bool
    execution_options: Mapping[str, Any]


class ExceptionContext:
    """
    An error on its way out, as the ``handle_error`` event sees it.

    Attributes:
        original_exception: What the driver raised.
        sqlalchemy_exception: What will be raised, if it was wrapped.
        chained_exception: What an earlier handler returned.
        is_disconnect: Whether the connection is lost; may be set.
        invalidate_pool_on_disconnect: Whether all pooled connections go too; may be set.
        is_pre_ping: Whether it happened while the pool tested a connection.
    """

    __slots__ = ()

    dialect: Dialect
    connection: Any
    engine: Any
    cursor: Any
    statement: str | None
    parameters: Any
    original_exception: BaseException
    sqlalchemy_exception: exc.StatementError | None
    chained_exception: BaseException | None
    execution_context: ExecutionContext | None
    is_disconnect: bool
    invalidate_pool_on_disconnect: bool
    is_pre_ping: bool


class AdaptedConnection:
    """
    A driver's connection behind a PEP 249 face, as asyncio drivers have it.
    """

    __slots__ = ("_connection",)

    _connection: Any

    @property
    def driver_connection(self) -> Any:
        """The connection of the driver itself."""
        return self._connection

    def run_async(self, fn: Callable[[Any], Any]) -> Any:
        """
        Run the coroutine that *fn* makes of the driver's connection.

        Raises:
            NotImplementedError: The driver is not an asyncio driver.
        """
        raise NotImplementedError()

    def __repr__(self) -> str:
        return f"<AdaptedConnection {self._connection}>"


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


class CreateEnginePlugin:
    """
    Something that takes part in `create_engine`.

    Named by ``plugins=`` or ``?plugin=`` in the URL; found through the
    entry-point group ``sqlalchemy.plugins``.
    """

    def __init__(self, url: URL, kwargs: dict[str, Any]) -> None:
        self.url = url

    def update_url(self, url: URL) -> URL:
        """Return the URL without what is the plugin's."""
        raise NotImplementedError()

    def handle_dialect_kwargs(self, dialect_cls: type[Dialect], dialect_args: dict[str, Any]) -> None:
        """Change the dialect's arguments in place."""

    def handle_pool_kwargs(self, pool_cls: type[Any], pool_args: dict[str, Any]) -> None:
        """Change the pool's arguments in place."""

    def engine_created(self, engine: Any) -> None:
        """See the finished engine."""
