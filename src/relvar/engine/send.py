"""
Hand a prepared statement to the driver, and make a result of what it gives.

Rule 1: whatever the driver raises leaves through `Connection._handle_error`.
Rule 2: an execution context is made only if somebody will look at it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.dialect import context as contexts
from relvar.dialect.interface import BindTyping, CacheStats
from relvar.engine.errors import STARTED
from relvar.engine.plan import Plan
from relvar.expr.options import report_unknown_options, seconds_of
from relvar.rows.cursor import NO_ROWS, CursorResult, buffered_result
from relvar.util.immutable import EMPTY_DICT, immutabledict
from relvar.util.text import repr_params

if TYPE_CHECKING:
    from relvar.engine.base import Connection


def needs_context(dialect: Any) -> bool:
    """
    Tell whether a dialect has hooks that every execution has to call.
    """
    if dialect.bind_typing is BindTyping.SETINPUTSIZES:
        return True
    if any(_looks_at_context(dialect, name) for name in _DRIVER_CALLS):
        return True
    cls = dialect.execution_ctx_cls
    return any(_is_overridden(cls, name) for name in contexts.HOOKS)


def _is_overridden(cls: type, name: str) -> bool:
    """
    Tell whether a class of contexts has a way of its own to do what a hook does.

    A class that says its hooks are native speaks for those it defines itself, not for its subclasses.
    """
    owner = next((each for each in cls.__mro__ if name in vars(each)), None)
    if owner is None or owner in contexts.DefaultExecutionContext.__mro__:
        return False
    return not vars(owner).get("_hooks_are_native", False)


# Without events and hooks the cursor is called directly.
_DRIVER_CALLS = ("do_execute", "do_execute_no_params", "do_executemany")


def _looks_at_context(dialect: Any, name: str) -> bool:
    """
    Tell whether a dialect has a way of its own to call the cursor, one that may look at the context.
    """
    return not getattr(getattr(type(dialect), name), "ignores_context", False)


def merged_options(conn: Connection, statement: Any, options: Mapping[str, Any] | None) -> Mapping[str, Any]:
    merged = immutabledict(statement._execution_options) if statement is not None else EMPTY_DICT
    if conn._execution_options:
        merged = merged.union(conn._execution_options)
    if options:
        if not isinstance(options, Mapping):
            raise exc.ArgumentError(f"Execution options are given as a dictionary, got {options!r}")
        merged = merged.union(options)
        if not conn._strict:
            report_unknown_options(options)
    size = merged.get("yield_per")
    if size:
        merged = immutabledict(merged).union({"stream_results": True, "max_row_buffer": size})
    if conn._strict and merged:
        report_unknown_options(merged, True, conn.dialect.name)
    translate = merged.get("schema_translate_map") if merged else None
    if translate is not None and not isinstance(translate, Mapping):
        raise exc.ArgumentError(f"schema_translate_map is a dictionary of schema names, got {translate!r}")
    return merged


class Note:
    """
    What the log says about how a plan was come by, and of the *rows* whose values one statement has.
    """

    __slots__ = ("hit", "plan", "rows", "started")

    def __init__(self, started: float, hit: CacheStats, plan: Any) -> None:
        self.started: float = started
        self.hit: CacheStats = hit
        self.plan: Any = plan
        self.rows: Sequence[Mapping[str, Any]] = ()

    def text(self) -> str:
        now = time.perf_counter()
        if self.hit is CacheStats.CACHE_HIT:
            return f"cached since {now - self.plan.compiled._gen_time:.4g}s ago"
        if self.hit is CacheStats.CACHE_MISS:
            return f"generated in {now - self.started:.5f}s"
        if self.hit is CacheStats.CACHING_DISABLED:
            return f"caching disabled {now - self.started:.5f}s"
        return f"no key {now - self.started:.5f}s"


def context_if_needed(
    conn: Connection,
    plan: Any,
    statement: Any,
    parameters: Any,
    compiled_parameters: Sequence[Mapping[str, Any]],
    options: Mapping[str, Any],
    many: bool,
    note: Note | None,
) -> Any:
    if not (
        conn._has_events or conn.engine._has_events or conn.dialect._has_events or conn.engine._context_always
    ):
        return None
    return conn.dialect.execution_ctx_cls._of_execution(
        conn,
        plan,
        parameters=parameters,
        compiled_parameters=compiled_parameters,
        invoked_statement=statement,
        execution_options=options,
        many=many,
        cache_hit=note.hit if note is not None else CacheStats.NO_CACHE_KEY,
    )


def _new_cursor(
    conn: Connection, dbapi_connection: Any, options: Mapping[str, Any], context: Any, text: str
) -> Any:
    dialect = conn.dialect
    if context is not None and conn.engine._context_always:
        return context.create_cursor()
    if contexts.wants_server_side(dialect, options, text):
        server_side = dialect._server_side_cursor(dbapi_connection, text)
        if server_side is not None:
            return server_side
    return dbapi_connection.cursor()


def send(
    conn: Connection,
    dbapi_connection: Any,
    plan: Plan,
    text: str,
    parameters: Any,
    many: bool,
    options: Mapping[str, Any],
    context: Any,
    note: Note | None,
) -> Any:
    """
    Hand text and parameters to the driver; gives the cursor.
    """
    dialect = conn.dialect
    cursor = None
    limited = "timeout" in options
    try:
        if limited:
            # one driver asks the server before it makes a cursor
            cursor = _within(conn, dbapi_connection, options, _new_cursor, options, context, text)
        else:
            cursor = _new_cursor(conn, dbapi_connection, options, context, text)
        if context is not None:
            context.cursor = cursor
            context.statement = text
            context.parameters = parameters if many else [parameters]
            if conn.engine._context_always:
                context.pre_exec()
                text = context.statement
                parameters = context.parameters if many else context.parameters[0]
    except BaseException as err:
        conn._handle_error(err, text, parameters, cursor, context or STARTED)
    if dialect.bind_typing is BindTyping.SETINPUTSIZES and not plan.is_text and plan.compiled.is_sql:
        from relvar.engine.inputsizes import set_input_sizes  # few drivers want them

        set_input_sizes(conn, plan, cursor, text, parameters, context)
    has_events = conn._has_events or conn.engine._has_events
    if has_events:
        for listener in conn.dispatch.before_cursor_execute:
            text, parameters = listener(conn, cursor, text, parameters, context, many)
    if conn._echo:
        log_statement(conn, text, parameters, many, note)
    try:
        if limited:
            cursor = _call_within(conn, dbapi_connection, cursor, text, parameters, many, options, context)
        else:
            call_driver(conn, dialect, cursor, text, parameters, many, options, context)
        if has_events:
            conn.dispatch.after_cursor_execute(conn, cursor, text, parameters, context, many)
        if context is not None and conn.engine._context_always:
            context.cursor = cursor
            context.post_exec()
            # one that sends something more has read the rows first
            cursor = context.cursor
            if context.cursor_fetch_strategy is not None:
                cursor = context.cursor_fetch_strategy.over(cursor)
    except BaseException as err:
        conn._handle_error(err, text, parameters, cursor, context or STARTED)
    if conn._echo and conn.engine._should_log_debug():
        from relvar.engine.logged import with_logged_rows  # few programs log rows

        return with_logged_rows(conn, cursor)
    return cursor


def _within(
    conn: Connection, dbapi_connection: Any, options: Mapping[str, Any], call: Any, *args: Any
) -> Any:
    from relvar.engine.deadline import call_within  # as below

    seconds = seconds_of(options["timeout"])
    return call_within(conn, dbapi_connection, seconds, call, conn, dbapi_connection, *args)


def _call_within(
    conn: Connection,
    dbapi_connection: Any,
    cursor: Any,
    text: str,
    parameters: Any,
    many: bool,
    options: Mapping[str, Any],
    context: Any,
) -> Any:
    """
    Call the driver within the option ``timeout``; gives a cursor whose fetches have the same limit.
    """
    from relvar.engine.deadline import execute_within  # few statements have a limit

    seconds = seconds_of(options["timeout"])
    driver_arguments = (conn, conn.dialect, cursor, text, parameters, many, options, context)
    return execute_within(conn, dbapi_connection, cursor, seconds, call_driver, *driver_arguments)


def call_driver(
    conn: Connection,
    dialect: Any,
    cursor: Any,
    text: str,
    parameters: Any,
    many: bool,
    options: Mapping[str, Any],
    context: Any,
) -> None:
    without = not parameters and not many and options.get("no_parameters", False)
    if dialect._has_events:
        dispatch = dialect.dispatch
        arguments: tuple[Any, ...]
        if many:
            listeners, arguments = dispatch.do_executemany, (cursor, text, parameters, context)
        elif without:
            listeners, arguments = dispatch.do_execute_no_params, (cursor, text, context)
        else:
            listeners, arguments = dispatch.do_execute, (cursor, text, parameters, context)
        for listener in listeners:
            if listener(*arguments):
                return
    if many:
        dialect.do_executemany(cursor, text, parameters, context)
    elif without:
        dialect.do_execute_no_params(cursor, text, context)
    else:
        dialect.do_execute(cursor, text, parameters, context)


def log_statement(
    conn: Connection, text: str, parameters: Any, many: bool, note: Note | None, stats: str | None = None
) -> None:
    conn._log("%s", text)
    if stats is None:
        stats = note.text() if note is not None else "raw sql"
    if note is not None and note.rows:
        parameters, many = note.rows, True
    if conn.engine.hide_parameters:
        conn._log("[%s] [SQL parameters hidden due to hide_parameters=True]", stats)
    else:
        conn._log("[%s] %r", stats, repr_params(parameters, batches=10, ismulti=many))


def result_of(
    conn: Connection,
    plan: Plan,
    cursor: Any,
    options: Mapping[str, Any],
    context: Any,
    statement: Any = None,
) -> Any:
    """
    Make the result of an executed cursor.
    """
    if plan.is_crud:
        return _crud_result(conn, plan, cursor, options, context)
    layout = plan.layout_for(cursor, statement, "driver_column_names" in options)
    result: CursorResult[Any] = CursorResult(conn, plan, cursor, layout)
    result._context = context
    result._options = options
    if plan.has_out_parameters:
        result.out_parameters = context.get_out_parameter_values(())
    if layout is NO_ROWS:
        finish_without_rows(conn, result, cursor)
    elif options:
        if options.get("preserve_rowcount"):
            result._rowcount = _counted(conn, cursor, context)
        if options.get("stream_results") or options.get("yield_per"):
            result._stream(options)
    return result


def finish_without_rows(conn: Connection, result: Any, cursor: Any) -> None:
    result._rowcount = _counted(conn, cursor, result._context)
    conn._close_cursor(cursor)


def _counted(conn: Connection, cursor: Any, context: Any) -> Any:
    """
    Return how many rows a statement met, as the dialect's context counts if it has a way of its own.
    """
    if context is not None and conn.engine._context_always:
        return context.rowcount
    return cursor.rowcount


def _crud_result(conn: Connection, plan: Plan, cursor: Any, options: Mapping[str, Any], context: Any) -> Any:
    """
    Make the result of an INSERT, UPDATE or DELETE, taking its facts from the cursor.
    """
    if plan.explicit_returning:
        if cursor.description is None:
            # MariaDB gives no rows, instead of none, where WHERE can never be true
            result: CursorResult[Any] = buffered_result(conn, plan, cursor, plan.layout_without_cursor(), ())
            conn._close_cursor(cursor)
        else:
            result = CursorResult(conn, plan, cursor, plan.layout_for(cursor))
        result._context = context
        result._options = options
        if not conn.dialect.supports_sane_rowcount_returning and not options.get("preserve_rowcount"):
            return result
        result._rowcount = cursor.rowcount if context is None else _counted(conn, cursor, context)
        return result
    if plan.implicit_returning and cursor.description is not None:
        result = implicit_result(conn, plan, cursor, plan.layout_for(cursor), fetch_raw(conn, cursor))
    else:
        result = CursorResult(conn, plan, cursor, NO_ROWS)
        result._soft_closed = True
    result._context = context
    result._options = options
    result._rowcount = cursor.rowcount if context is None else _counted(conn, cursor, context)
    if plan.is_insert and result._implicit_rows is None:
        if context is not None and conn.engine._context_always:
            # contexts of others ask the server
            result._lastrowid = None if context.executemany else context.get_lastrowid()
        else:
            result._lastrowid = conn.dialect._lastrowid(cursor)
    conn._close_cursor(cursor)
    return result


def implicit_result(conn: Connection, plan: Plan, cursor: Any, layout: Any, raw: list[Any]) -> Any:
    """
    Make the result of a statement that brought back more than `returning` asks for.

    With supplemental columns its rows are there to be read; of other ``return_defaults()`` only
    their names are, as if all had been read.
    """
    if plan.compiled.statement._supplemental_returning:
        result: CursorResult[Any] = buffered_result(conn, plan, cursor, layout, raw)
    else:
        result = CursorResult(conn, plan, cursor, layout if plan.returns_defaults else NO_ROWS)
        result._soft_closed = True
    result._implicit_rows = [layout.make_row(_processed(row, layout)) for row in raw]
    return result


def _processed(row: Any, layout: Any) -> Any:
    processors = layout.processors
    if processors is None:
        return tuple(row)
    return tuple([v if p is None else p(v) for p, v in zip(processors, row, strict=True)])


def fetch_raw(conn: Connection, cursor: Any) -> list[Any]:
    try:
        rows = cursor.fetchall()
    except BaseException as err:
        conn._fetch_failed(err, cursor)
    return rows if type(rows) is list else list(rows)


def context_of_result(conn: Connection, result: Any) -> Any:
    """
    Make the context of an execution that ran without one.
    """
    values, statement = result._values, result._statement
    many = type(values) is list
    context = conn.dialect.execution_ctx_cls._of_execution(
        conn,
        result._plan,
        parameters=result._parameters if many else [result._parameters],
        compiled_parameters=values if many else [values or {}],
        invoked_statement=statement,
        execution_options=merged_options(
            conn, statement if hasattr(statement, "_execution_options") else None, result._options
        ),
        cursor=result.cursor,
        many=many,
        cache_hit=CacheStats.CACHE_HIT,
    )
    return context
