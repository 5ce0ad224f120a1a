"""
What happens to an error on its way out of the engine.

Rule 1: an error of the driver is wrapped in our class of the same name; an error
while parameters were made is wrapped in StatementError; anything else passes.
Rule 2: when the connection is lost, it is invalidated, and the pool's other
connections with it, before the error goes on.
Rule 3: listeners of ``handle_error`` see it after it was wrapped and may replace it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NoReturn

from relvar import exc
from relvar.dialect.interface import ExceptionContext

if TYPE_CHECKING:
    from relvar.dialect.interface import Dialect, ExecutionContext
    from relvar.engine.base import Connection
    from relvar.exc import StatementError


class ErrorContext(ExceptionContext):
    """
    The error as ``handle_error`` listeners see it.
    """

    __slots__ = (
        "chained_exception",
        "connection",
        "cursor",
        "dialect",
        "engine",
        "execution_context",
        "invalidate_pool_on_disconnect",
        "is_disconnect",
        "is_pre_ping",
        "original_exception",
        "parameters",
        "sqlalchemy_exception",
        "statement",
    )

    def __init__(
        self,
        exception: BaseException,
        wrapped: exc.StatementError | None,
        engine: Any,
        dialect: Any,
        connection: Any,
        cursor: Any,
        statement: str | None,
        parameters: Any,
        context: Any,
        is_disconnect: bool,
        invalidate_pool_on_disconnect: bool,
        is_pre_ping: bool,
    ) -> None:
        self.original_exception: Any = exception
        self.sqlalchemy_exception: StatementError | None = wrapped
        self.chained_exception: None = None
        self.engine: Any = engine
        self.dialect: Dialect = dialect
        self.connection: Any = connection
        self.cursor: Any = cursor
        self.statement: str | None = statement
        self.parameters: Any = parameters
        self.execution_context: ExecutionContext | None = context
        self.is_disconnect: bool = is_disconnect
        self.invalidate_pool_on_disconnect: bool = invalidate_pool_on_disconnect
        self.is_pre_ping: bool = is_pre_ping


def _ask_listeners(dialect: Any, context: ErrorContext) -> BaseException | None:
    """
    Show the error to the listeners; gives what to raise instead, if they say so.
    """
    replacement: BaseException | None = None
    for listener in dialect.dispatch.handle_error:
        try:
            given = listener(context)
            if given is not None:
                context.chained_exception = replacement = given
        except Exception as raised:
            return raised
    return replacement


def handle_error(
    connection: Connection,
    err: BaseException,
    statement: str | None,
    parameters: Any,
    cursor: Any,
    context: Any,
) -> NoReturn:
    """
    Wrap *err*, deal with a lost connection, and raise.

    Args:
        statement: The SQL text, if one was being executed.
        cursor: To be closed, unless the connection is lost.
        context: The execution, if the driver has been called already; errors
            before that are wrapped whatever they are.
    """
    dialect = connection.dialect
    dbapi_error = dialect.loaded_dbapi.Error
    is_exit = not isinstance(err, Exception)
    overdue = connection._overdue
    if overdue is not None:
        connection._overdue = None
    lost = is_exit and not connection.closed
    of_driver = isinstance(err, dbapi_error)
    if of_driver and not connection.closed and not connection.invalidated:
        lost = bool(dialect.is_disconnect(err, connection._dbapi_connection.dbapi_connection, cursor))
    if overdue is not None and overdue.severed:
        lost = True
    kind = None if is_exit else _kind_of_failure(dialect, err, lost, overdue, context)
    if connection._reentrant_error:
        raise _wrapped(connection, err, statement, parameters, lost, dbapi_error, kind) from err
    connection._reentrant_error = True
    try:
        should_wrap = of_driver or kind or (statement is not None and context is None and not is_exit)
        wrapped = (
            _wrapped(connection, err, statement, parameters, lost, dbapi_error, kind) if should_wrap else None
        )
        if wrapped is not None and overdue is not None and overdue.severed:
            wrapped.add_note(overdue.account())
        replacement: BaseException | None = None
        invalidate_pool = not is_exit
        if dialect._has_events and not connection._execution_options.get("skip_user_error_events", False):
            shown = ErrorContext(
                err,
                wrapped if isinstance(wrapped, exc.StatementError) else None,
                connection.engine,
                dialect,
                connection,
                cursor,
                statement,
                parameters,
                _execution(context),
                lost,
                invalidate_pool,
                False,
            )
            replacement = _ask_listeners(dialect, shown)
            if lost != shown.is_disconnect:
                lost = shown.is_disconnect
                if isinstance(wrapped, exc.StatementError):
                    wrapped.connection_invalidated = lost
            invalidate_pool = shown.invalidate_pool_on_disconnect
        if cursor is not None and not lost:
            connection._close_cursor(cursor)
        execution = _execution(context)
        if execution is not None:
            execution.handle_dbapi_exception(err)
        if lost:
            _drop(connection, err, invalidate_pool)
        if replacement is not None:
            raise replacement.with_traceback(err.__traceback__) from err
        if wrapped is not None and wrapped is not err:
            raise wrapped.with_traceback(err.__traceback__) from err
        raise err
    finally:
        connection._reentrant_error = False


# Stands for "the driver has been called" where no context object was made; and for "to commit".
STARTED: Any = object()
COMMITTING: Any = object()


def _execution(context: Any) -> Any:
    return None if context is STARTED or context is COMMITTING else context


def _kind_of_failure(
    dialect: Any, err: BaseException, lost: bool, overdue: Any, context: Any
) -> type[exc.DBAPIError] | None:
    """
    Give the class for an error that is relvar's own, not named after the driver's; else None.

    Cases:
        1. The connection was lost when COMMIT may have been sent: nobody knows what came of it.
        2. A limit stopped the call, or cut it off.
    """
    if context is COMMITTING and lost and not dialect._is_unsent(err):
        return exc.CommitUnknown
    if overdue is not None and overdue.explains(err, lost):
        return exc.StatementTimeout
    return None


def _wrapped(
    connection: Connection,
    err: BaseException,
    statement: str | None,
    parameters: Any,
    lost: bool,
    dbapi_error: type[Exception],
    kind: type[exc.DBAPIError] | None,
) -> BaseException:
    wrapped: BaseException
    if kind is not None:
        wrapped = kind(
            statement,
            parameters,
            err,
            hide_parameters=connection.engine.hide_parameters,
            connection_invalidated=lost,
            ismulti=type(parameters) is list and len(parameters) > 0,
        )
    else:
        wrapped = exc.DBAPIError.instance(
            statement,
            parameters,
            err,
            dbapi_error,
            hide_parameters=connection.engine.hide_parameters,
            connection_invalidated=lost,
            dialect=connection.dialect,
            ismulti=type(parameters) is list and len(parameters) > 0,
        )
    if isinstance(wrapped, exc.DBAPIError):
        wrapped._dialect = connection.dialect
    return wrapped


def _drop(connection: Connection, err: BaseException, invalidate_pool: bool) -> None:
    """
    Invalidate the connection, and if asked all the pool has.
    """
    if connection._invalidated or connection.closed:
        return
    fairy = connection._dbapi_connection
    if invalidate_pool:
        connection.engine.pool._invalidate(fairy, err)
    connection.invalidate(err)


def handle_connect_error(
    err: BaseException, dialect: Any, engine: Any = None, is_pre_ping: bool = False
) -> None:
    """
    Raise the wrapped form of an error that happened while connecting.
    """
    lost = bool(dialect.is_disconnect(err, None, None))
    wrapped = exc.DBAPIError.instance(
        None,
        None,
        err,
        dialect.loaded_dbapi.Error,
        hide_parameters=engine.hide_parameters if engine is not None else False,
        connection_invalidated=lost,
        dialect=dialect,
    )
    if isinstance(wrapped, exc.DBAPIError):
        wrapped._dialect = dialect
        wrapped._while_connecting = True
    replacement: BaseException | None = None
    if dialect._has_events:
        shown = ErrorContext(
            err,
            wrapped if isinstance(wrapped, exc.StatementError) else None,
            engine,
            dialect,
            None,
            None,
            None,
            None,
            None,
            lost,
            True,
            is_pre_ping,
        )
        replacement = _ask_listeners(dialect, shown)
        if isinstance(wrapped, exc.StatementError):
            wrapped.connection_invalidated = shown.is_disconnect
    if replacement is not None:
        raise replacement.with_traceback(err.__traceback__) from err
    raise wrapped.with_traceback(sys.exc_info()[2]) from err
