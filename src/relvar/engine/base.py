"""
Engine and Connection.

An `Engine` is a pool and a dialect; it connects when asked, not before.  A
`Connection` has one DBAPI connection out of the pool, and at most one
transaction on it, begun by the first statement.

Rule 1: every driver error passes through `Connection._handle_error`, once.
Rule 2: whether anything listens or logs is a flag; the path without both makes
no object but the cursor's result.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple, overload

from relvar import exc
from relvar.engine import execute as run
from relvar.engine.defaults import execute_default
from relvar.engine.send import context_of_result, needs_context
from relvar.engine.transacting import TransactingConnection
from relvar.engine.transactions import (
    EngineBase,
    NestedTransaction,
    RootTransaction,
    Transaction,
    TwoPhaseTransaction,
)
from relvar.event import EventTarget
from relvar.expr.options import report_unknown_options
from relvar.rows.result import Result, ScalarResult
from relvar.util.immutable import EMPTY_DICT, immutabledict
from relvar.util.log import DEBUG as _DEBUG
from relvar.util.log import INFO as _INFO
from relvar.util.log import enabled, instance_logger, say
from relvar.util.lru import LRUCache

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from relvar.dialect.default import DefaultDialect
    from relvar.engine.url import URL
    from relvar.pool import Pool, PoolProxiedConnection
    from relvar.rows.cursor import CursorResult
    from relvar.stmt.typed import Statement, TypedReturnsRows

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")
_NO_OPTIONS: Mapping[str, Any] = EMPTY_DICT


class ConnectionEventsTarget(EventTarget):
    """
    What `ConnectionEvents` are listened to on: the base of connections and engines.
    """


class Connection(TransactingConnection, ConnectionEventsTarget):
    """
    A connection to the database, begun transaction included.

    Made by `Engine.connect`.

    >>> from relvar import create_engine, text
    >>> with create_engine("sqlite://").connect() as connection:
    ...     _ = connection.execute(text("CREATE TABLE users (name VARCHAR)"))
    ...     names = [{"name": "ann"}, {"name": "bob"}]
    ...     _ = connection.execute(text("INSERT INTO users VALUES (:name)"), names)
    ...     connection.commit()
    ...     connection.scalars(text("SELECT name FROM users")).all()
    ['ann', 'bob']
    """

    dialect: DefaultDialect

    @property
    def dispatch(self) -> Any:
        """The events of this connection: its own if there are any, else the engine's."""
        return self._events()

    def _own_dispatch(self) -> None:
        """Have listeners of this connection alone, besides the engine's."""
        if self._dispatch is None:
            dispatch = self.engine.dispatch
            self._dispatch = dispatch._join(dispatch)

    # -- state -----------------------------------------------------------------

    @property
    def is_strict(self) -> bool:
        """Whether what would be lost is an error; of its engine or the session that uses it."""
        return self._strict

    @property
    def closed(self) -> bool:
        """Whether the connection was given back."""
        return self._dbapi_connection is None and not self._invalidated

    @property
    def invalidated(self) -> bool:
        """Whether the DBAPI connection was lost or thrown away."""
        connection = self._dbapi_connection
        return self._invalidated or (connection is not None and not connection.is_valid)

    @property
    def _still_open_and_dbapi_connection_is_valid(self) -> bool:
        connection = self._dbapi_connection
        return connection is not None and not self._invalidated and bool(connection.is_valid)

    @property
    def connection(self) -> PoolProxiedConnection:
        """
        The pooled DBAPI connection.

        Raises:
            ResourceClosedError: This connection is closed.
            PendingRollbackError: It was lost, and a transaction is still open.
        """
        return self._loan()  # type: ignore[no-any-return]  # as declared

    @property
    def info(self) -> dict[Any, Any]:
        """A dictionary that lives as long as the DBAPI connection."""
        return self.connection.info

    @property
    def default_isolation_level(self) -> str | None:
        """The isolation level a new connection had."""
        level: str | None = self.dialect.default_isolation_level
        return level

    def get_isolation_level(self) -> str:
        """Ask the database for the isolation level at hand."""
        dbapi_connection = self.connection.dbapi_connection
        try:
            level: str = self.dialect.get_isolation_level(dbapi_connection)
        except BaseException as err:
            self._handle_error(err, None, None, None, None)
        return level

    def schema_for_object(self, obj: Any) -> str | None:
        """Give the schema of a table or the like, translated as the options say."""
        name: str | None = obj.schema
        translate = self._execution_options.get("schema_translate_map")
        if translate and name in translate and getattr(obj, "_use_schema_map", True):
            return translate[name]  # type: ignore[no-any-return]  # a name
        return name

    def get_execution_options(self) -> Mapping[str, Any]:
        """Give the options that every execution starts with."""
        return self._execution_options

    def execution_options(self, **opt: Any) -> Self:
        """
        Set options for everything this connection executes from now on.

        Raises:
            ArgumentError: An isolation level that does not exist.
            InvalidRequestError: The isolation level, within a transaction.
        """
        if self._has_events or self.engine._has_events:
            self.dispatch.set_connection_execution_options(self, opt)
        report_unknown_options(opt, self._strict, self.dialect.name)
        self._execution_options = immutabledict(self._execution_options).union(opt)
        self.dialect.set_connection_execution_options(self, opt)
        self._plain_at = -1
        return self

    @contextlib.contextmanager
    def _options_for(self, statement: Any, options: Mapping[str, Any]) -> Iterator[Self]:
        """
        Execute prepared statements with the options of the statement they are made of, and of one call.
        """
        before = self._execution_options
        own = {} if statement is None else statement._execution_options
        self._execution_options = immutabledict({**own, **before, **options})
        self._plain_at = -1
        try:
            yield self
        finally:
            self._execution_options = before
            self._plain_at = -1

    def _set_logging_token(self, token: str | None) -> None:
        self._logging_token = token

    # -- giving back --------------------------------------------------------------

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def detach(self) -> None:
        """Keep the DBAPI connection out of the pool from now on; closing closes it."""
        if self.closed:
            raise exc.ResourceClosedError("This Connection is closed")
        if self._dbapi_connection is None:
            raise exc.InvalidRequestError("Can't detach an invalidated Connection")
        self._dbapi_connection.detach()

    def invalidate(self, exception: BaseException | None = None) -> None:
        """
        Throw the DBAPI connection away; the next use takes another one.

        Raises:
            ResourceClosedError: This connection is closed.
        """
        if self._invalidated:
            return
        if self.closed:
            raise exc.ResourceClosedError("This Connection is closed")
        connection = self._dbapi_connection
        try:
            if connection is not None and connection.is_valid:
                connection.invalidate(exception)
        finally:
            # also where closing is interrupted, or a task cancelled once more
            self._dbapi_connection = None
            self._invalidated = True

    # -- executing ------------------------------------------------------------------

    @overload
    def execute(
        self,
        statement: TypedReturnsRows[*_Ts],
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> CursorResult[*_Ts]: ...

    @overload
    def execute(
        self,
        statement: Statement,
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> CursorResult[*tuple[Any, ...]]: ...

    if TYPE_CHECKING:

        def execute(
            self,
            statement: Any,
            parameters: Any = None,
            *,
            execution_options: Mapping[str, Any] | None = None,
        ) -> CursorResult[*tuple[Any, ...]]: ...

    else:
        execute = run.execute_method

    @overload
    def scalar(
        self,
        statement: TypedReturnsRows[_T, *tuple[Any, ...]],
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> _T | None: ...

    @overload
    def scalar(
        self,
        statement: Statement,
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Any: ...

    def scalar(
        self,
        statement: Any,
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Any:
        """
        Execute a statement, and give the first column of the first row, or None.

        >>> from relvar import create_engine, text
        >>> with create_engine("sqlite://").connect() as connection:
        ...     connection.scalar(text("SELECT 1 + 1"))
        2
        """
        default = getattr(statement, "_execute_on_scalar", None)
        if default is not None and getattr(statement, "_is_default_generator", False):
            return default(self, run.distill(parameters), execution_options or _NO_OPTIONS)
        return run.execute(self, statement, parameters, execution_options).scalar()

    @overload
    def scalars(
        self,
        statement: TypedReturnsRows[_T, *tuple[Any, ...]],
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> ScalarResult[_T]: ...

    @overload
    def scalars(
        self,
        statement: Statement,
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> ScalarResult[Any]: ...

    def scalars(
        self,
        statement: Any,
        parameters: Any = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> ScalarResult[Any]:
        """
        Execute a statement, and read the first column of its rows.

        >>> from relvar import create_engine, text
        >>> with create_engine("sqlite://").connect() as connection:
        ...     connection.scalars(text("VALUES (1), (2)")).all()
        [1, 2]
        """
        result: CursorResult[*tuple[Any, ...]] = run.execute(self, statement, parameters, execution_options)
        return result.scalars()

    def exec_driver_sql(
        self,
        statement: str,
        parameters: Any = None,
        execution_options: Mapping[str, Any] | None = None,
    ) -> CursorResult[*tuple[Any, ...]]:
        """
        Execute text as it is, with parameters as the driver takes them.

        Args:
            parameters: A tuple or dictionary, or a list of them for executemany.
        """
        result: CursorResult[*tuple[Any, ...]] = run.execute_driver_sql(
            self, statement, parameters, execution_options
        )
        return result

    # What DDL elements and defaults call through ``_execute_on_connection``.

    def _execute_ddl(self, ddl: Any, distilled_parameters: Any, execution_options: Any) -> Any:
        return run.execute_ddl(self, ddl, execution_options)

    def _execute_default(self, default: Any, distilled_parameters: Any, execution_options: Any) -> Any:
        return execute_default(self, default, execution_options)

    def _execute_clauseelement(self, elem: Any, distilled_parameters: Any, execution_options: Any) -> Any:
        return run.execute_clause(self, elem, distilled_parameters, execution_options)

    def _execute_function(self, func: Any, distilled_parameters: Any, execution_options: Any) -> Any:
        return run.execute_clause(self, func.select(), distilled_parameters, execution_options)

    def _cursor_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Run text on a given cursor, as part of another execution."""
        run.execute_on_cursor(self, cursor, statement, parameters, context)

    def _context_of_result(self, result: Any) -> Any:
        return context_of_result(self, result)

    # -- logging -------------------------------------------------------------------------

    def _log_debug(self, message: str, *args: Any) -> None:
        if self._logging_token:
            message = f"[{self._logging_token}] {message}"
        say(self.engine.logger, _DEBUG, message, *args)

    # -- other ---------------------------------------------------------------------------

    def _run_ddl_visitor(self, visitorcallable: Any, element: Any, **kwargs: Any) -> None:
        """Create or drop schema items, by a visitor that executes DDL."""
        visitorcallable(self.dialect, self, **kwargs).traverse_single(element)

    @property
    def should_close_with_result(self) -> bool:
        """Always False: connections are closed by who opened them."""
        return False


class Engine(EngineBase, ConnectionEventsTarget):
    """
    A pool and a dialect: where connections come from.

    Made by `create_engine`; connects to nothing until asked.

    >>> from relvar import create_engine, text
    >>> engine = create_engine("sqlite://")
    >>> with engine.begin() as connection:
    ...     connection.scalar(text("SELECT 1"))
    1
    >>> engine.dialect.name, engine.url.drivername
    ('sqlite', 'sqlite')
    """

    url: URL
    pool: Pool
    dialect: DefaultDialect
    dispatch: Any
    _connection_cls: type[Connection] = Connection
    _has_events = False
    logging_name: str | None = None
    # pool events listened for on an engine are its pool's
    _stands_for_its_pool = True
    _schema_translate_map = None
    _option_root: Engine

    def __init__(
        self,
        pool: Any,
        dialect: DefaultDialect,
        url: URL,
        logging_name: str | None = None,
        echo: Any = None,
        query_cache_size: int = 500,
        execution_options: Mapping[str, Any] | None = None,
        hide_parameters: bool = False,
    ) -> None:
        self.pool = pool
        self.url = url
        self.dialect = dialect
        self.logging_name = logging_name
        self._echo_flag = echo
        self.hide_parameters = hide_parameters
        self._compiled_cache: Any = (
            LRUCache(query_cache_size, size_alert=self._lru_size_alert) if query_cache_size else None
        )
        self._set_logger(echo)
        self._execution_options: Mapping[str, Any] = EMPTY_DICT
        self._plain_at = -1
        self._has_replicas = False
        self._option_root = self
        self._context_always = needs_context(dialect)
        if execution_options:
            self.update_execution_options(**execution_options)

    def _lru_size_alert(self, cache: Any) -> None:
        if self._should_log_info():
            say(
                self.logger,
                _INFO,
                "Compiled cache size pruning from %d items to %d.  Increase cache size to reduce the "
                "frequency of "
                "pruning.",
                len(cache),
                cache.capacity,
            )

    def _should_log_info(self) -> bool:
        return enabled(self.logger, _INFO)

    def _should_log_debug(self) -> bool:
        return enabled(self.logger, _DEBUG)

    @property
    def echo(self) -> Any:
        """Whether statements are logged: True, False or "debug"; may be set."""
        return self._echo_flag

    @echo.setter
    def echo(self, value: Any) -> None:
        self._echo_flag = value
        self._set_logger(value)

    def _set_logger(self, echo: Any) -> None:
        self.logger: Any = instance_logger("engine", "Engine", self.logging_name, echo)
        self._log_levels = getattr(self.logger, "_cache", {})

    @property
    def engine(self) -> Engine:
        """The engine itself."""
        return self

    @property
    def name(self) -> str:
        """The name of the dialect."""
        return self.dialect.name

    @property
    def driver(self) -> str:
        """The name of the driver."""
        return self.dialect.driver

    def __repr__(self) -> str:
        return f"Engine({self.url!r})"

    def clear_compiled_cache(self) -> None:
        """Forget all compiled statements."""
        if self._compiled_cache is not None:
            self._compiled_cache.clear()

    def update_execution_options(self, **opt: Any) -> None:
        """Set options that every connection starts with."""
        if self._has_events:
            self.dispatch.set_engine_execution_options(self, opt)
        report_unknown_options(opt, self.dialect.strict, self.dialect.name)
        self._execution_options = immutabledict(self._execution_options).union(opt)
        self._plain_at = -1
        self.dialect.set_engine_execution_options(self, opt)

    def execution_options(self, **opt: Any) -> Engine:
        """Give an engine with other options that shares the pool."""
        return OptionEngine(self, opt)

    def get_execution_options(self) -> Mapping[str, Any]:
        """Give the options that every connection starts with."""
        return self._execution_options

    def dispose(self, close: bool = True) -> None:
        """
        Close the pooled connections and start with a new pool.

        Args:
            close: False leaves them to the parent process, after a fork.
        """
        if close:
            self.pool.dispose()
        self.pool = self.pool.recreate()
        if self._has_events:
            self.dispatch.engine_disposed(self)

    @contextlib.contextmanager
    def begin(self) -> Iterator[Connection]:
        """
        Take a connection and begin a transaction, which ends with the block.

        >>> from relvar import create_engine, text
        >>> engine = create_engine("sqlite://")
        >>> with engine.begin() as connection:
        ...     _ = connection.execute(text("CREATE TABLE kept (id INTEGER)"))
        >>> with engine.connect() as connection:
        ...     connection.scalar(text("SELECT count(*) FROM kept"))
        0
        """
        with self.connect() as connection, connection.begin():
            yield connection

    def run(
        self,
        fn: Callable[[Connection], _T],
        *,
        attempts: int = 10,
        deadline: float | None = None,
        backoff: float = 0.02,
        max_backoff: float = 2.0,
        idempotent: bool = False,
    ) -> _T:
        """
        Run a function in a transaction, again if that fails by a conflict, and give what it returns.

        It is committed when the function returns, rolled back when it raises. Deadlocks, failures to
        serialize and locks waited for in vain are tried again, and connections lost before COMMIT was sent.
        On SQLite it begins with ``BEGIN IMMEDIATE``, unless the engine has another ``sqlite_begin``.

        Args:
            fn: Gets the connection; may run several times, and must not end the transaction.
            attempts: How often it is run at most.
            deadline: Seconds after which no try is begun any more.
            backoff: Seconds waited at most after the first failure; twice as many after each further one.
            max_backoff: Seconds waited at most after any failure.
            idempotent: Whether it does no harm to run the function after a commit whose answer was lost.

        Raises:
            CommitUnknown: The connection was lost before the answer to COMMIT came.
            InvalidRequestError: The function ends the transaction, returns rows not read, or calls `run` of
                this engine.

        >>> from relvar import create_engine, text
        >>> engine = create_engine("sqlite://")
        >>> engine.run(lambda connection: connection.scalar(text("SELECT 1 + 1")), deadline=5)
        2
        """
        from relvar.engine.retry import Retry, run_in_connection  # for programs that use it

        policy = Retry(
            attempts=attempts,
            deadline=deadline,
            backoff=backoff,
            max_backoff=max_backoff,
            idempotent=idempotent,
        )
        return run_in_connection(self, fn, policy)

    def raw_connection(self) -> PoolProxiedConnection:
        """Take a DBAPI connection out of the pool."""
        return self.pool.connect()

    def _run_ddl_visitor(self, visitorcallable: Any, element: Any, **kwargs: Any) -> None:
        with self.begin() as connection:
            connection._run_ddl_visitor(visitorcallable, element, **kwargs)


class OptionEngine(Engine):
    """
    An engine with options of its own on another engine's pool.
    """

    def __init__(self, proxied: Engine, execution_options: Mapping[str, Any]) -> None:
        self._proxied = proxied
        self.url: URL = proxied.url
        self.dialect: DefaultDialect = proxied.dialect
        self.logging_name: str | None = proxied.logging_name
        self._echo_flag = proxied._echo_flag
        self.hide_parameters: bool = proxied.hide_parameters
        self._compiled_cache = proxied._compiled_cache
        self._has_replicas = False
        self.logger: Any = proxied.logger
        self._log_levels = proxied._log_levels
        self._context_always = proxied._context_always
        self._option_root = proxied._option_root
        self._own_events = False
        self.dispatch: Any = self.dispatch._join(proxied.dispatch)
        self._execution_options = proxied._execution_options
        self.update_execution_options(**execution_options)

    @property
    def pool(self) -> Any:
        """The pool of the engine this one stands on."""
        return self._proxied.pool

    @pool.setter
    def pool(self, pool: Any) -> None:
        self._proxied.pool = pool

    @property
    def _connection_cls(self) -> type[Connection]:  # type: ignore[override]  # as the engine it stands on says
        return self._proxied._connection_cls

    @property
    def _has_events(self) -> bool:
        return self._proxied._has_events or self._own_events

    @_has_events.setter
    def _has_events(self, value: bool) -> None:
        self._own_events = value


@overload
def connection_memoize(key: str) -> Callable[[Callable[[Any, Any], _T]], Callable[[Any, Any], _T]]: ...
@overload
def connection_memoize(key: str, *_none: Any) -> Any: ...
def connection_memoize(key: str, *_none: Any) -> Any:
    """
    Have a function of ``(self, connection)`` remember its answer in ``connection.info``.
    """

    def decorate(fn: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        def decorated(self: Any, connection: Any) -> Any:
            info = connection.info
            try:
                return info[key]
            except KeyError:
                info[key] = value = fn(self, connection)
                return value

        return decorated

    return decorate


_Rows = Sequence[Mapping[str, Any]]
__all__ = [
    "Connection",
    "ConnectionEventsTarget",
    "Engine",
    "NestedTransaction",
    "OptionEngine",
    "Result",
    "RootTransaction",
    "Transaction",
    "TwoPhaseTransaction",
    "connection_memoize",
]
