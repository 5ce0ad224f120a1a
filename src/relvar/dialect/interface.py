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
from relvar.dialect.driver import DriverMethods
from relvar.dialect.reflect import DialectReflection
from relvar.util.concurrency import await_only

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
    def description(self) -> Any:
        """
        Seven values for each column of the rows, the name first; None if the statement gave no rows.
        """

    @property
    def rowcount(self) -> int:
        """
        How many rows the statement changed or gave; -1 where the driver does not know.
        """

    def close(self) -> None:
        """
        End the cursor.
        """

    def execute(self, operation: Any, parameters: Any = None) -> Any:
        """
        Run a statement with the parameters of one row.
        """

    def executemany(self, operation: Any, parameters: Any) -> Any:
        """
        Run a statement once for each set of parameters.
        """

    def fetchone(self) -> Any | None:
        """
        Return the next row, None after the last.
        """

    def fetchmany(self, size: int = ...) -> Sequence[Any]:
        """
        Return up to *size* further rows, ``arraysize`` of them unless given.
        """

    def fetchall(self) -> Sequence[Any]:
        """
        Return the rows that are left.
        """


class DBAPIConnection(Protocol):
    """
    A PEP 249 connection.
    """

    def close(self) -> None:
        """
        End the connection; what is not committed is rolled back.
        """

    def commit(self) -> None:
        """
        Commit the transaction.
        """

    def cursor(self, *args: Any, **kwargs: Any) -> DBAPICursor:
        """
        Return a new cursor.
        """

    def rollback(self) -> None:
        """
        Roll the transaction back.
        """


class DBAPIModule(Protocol):
    """
    A PEP 249 driver module.
    """

    paramstyle: str
    Error: type[Exception]

    def connect(self, *args: Any, **kwargs: Any) -> Any:
        """
        Return a new connection; the arguments are the driver's.
        """

    def __getattr__(self, key: str) -> Any: ...


class DBAPIType(Protocol):
    """
    A type object of a driver, as in ``cursor.description``.
    """


class Dialect(DialectReflection, DriverMethods):
    """
    The behaviour of one kind of database with one driver.

    Third-party dialects derive from `DefaultDialect`, which has the rest.
    """

    CACHE_HIT: ClassVar[CacheStats] = CacheStats.CACHE_HIT
    CACHE_MISS: ClassVar[CacheStats] = CacheStats.CACHE_MISS
    CACHING_DISABLED: ClassVar[CacheStats] = CacheStats.CACHING_DISABLED
    NO_CACHE_KEY: ClassVar[CacheStats] = CacheStats.NO_CACHE_KEY
    NO_DIALECT_SUPPORT: ClassVar[CacheStats] = CacheStats.NO_DIALECT_SUPPORT

    paramstyle: str
    positional: bool
    statement_compiler: Any
    ddl_compiler: Any
    type_compiler_instance: Any
    server_version_info: tuple[Any, ...] | None = None
    default_schema_name: str | None = None
    supports_statement_cache: bool = True
    supports_sane_rowcount: bool = True
    supports_sane_multi_rowcount: bool = True
    bind_typing: BindTyping = BindTyping.NONE
    construct_arguments: Any = None
    reflection_options: tuple[str, ...] = ()
    default_metavalue_token: str = "DEFAULT"

    def initialize(self, connection: Any) -> None:
        """Find out what only a connection can tell."""
        raise NotImplementedError()

    def type_descriptor(self, typeobj: Any) -> Any:
        """Give the dialect's own version of a generic type."""
        raise NotImplementedError()

    def min_year_for_type(self, typeobj: Any) -> int | None:
        """Give the first year a date type can hold, or None."""
        raise NotImplementedError()

    def validate_identifier(self, ident: str) -> None:
        """Refuse a name that is too long."""
        raise NotImplementedError()

    def normalize_name(self, name: str | None) -> str | None:
        """Turn a name as the database reports it into one as programs write it."""
        raise NotImplementedError()

    def denormalize_name(self, name: str | None) -> str | None:
        """Turn a name as programs write it into one as the database has it."""
        raise NotImplementedError()


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

    def create_cursor(self) -> Any:
        """Make the cursor."""
        raise NotImplementedError()

    def pre_exec(self) -> None:
        """Run just before the cursor executes."""
        raise NotImplementedError()

    def post_exec(self) -> None:
        """Run just after the cursor executed."""
        raise NotImplementedError()

    def get_out_parameter_values(self, out_param_names: Any) -> Any:
        """Read OUT parameters."""
        raise NotImplementedError()

    def fetchall_for_returning(self, cursor: Any) -> Any:
        """Read all rows of RETURNING."""
        raise NotImplementedError()

    def handle_dbapi_exception(self, e: BaseException) -> None:
        """See a driver's error before it is wrapped."""
        raise NotImplementedError()

    def lastrow_has_defaults(self) -> bool:
        """Whether the last row got values that only the database knows."""
        raise NotImplementedError()

    def get_rowcount(self) -> int | None:
        """How many rows the statement met."""
        raise NotImplementedError()

    def fire_sequence(self, seq: Any, type_: Any) -> Any:
        """Take the next value of a sequence."""
        raise NotImplementedError()


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
        Return what the awaitable that *fn* makes of the driver's connection gives.

        Raises:
            MissingGreenlet: This is not code that an asyncio engine runs.
        """
        return await_only(fn(self._connection))

    def __repr__(self) -> str:
        return f"<AdaptedConnection {self._connection}>"


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
