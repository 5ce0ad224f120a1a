"""
Run a statement: key -> plan -> parameters -> cursor -> result.

A `Plan` (see `plan`) is looked up under the statement's key, built on a miss, and
then run with the values of the statement at hand.  Everything here works on a
`Connection` that is open; each function begins its transaction if none is
there, and wraps the driver's errors once, through `Connection._handle_error`.

What the layers above use (the ORM's loading and flushing); *conn* is a Connection::

    plan = plan_for(conn, key, build, binds=binds)
        Look up a plan under *key* (any hashable), or build it.  ``build()`` is called on a
        miss only and returns ``(core_statement, load)``; ``load`` is kept as ``plan.load``.
        *binds* are the bind parameters of the statement that *key* stands for, in key order
        (``statement_key(stmt)`` gives both).  Binds of the core statement that are among them
        take the value of the call; others are constants of the plan.
        Keyword options: ``column_keys=`` (names given per row, for INSERT/UPDATE),
        ``many=`` (compile for executemany), ``options=`` (execution options),
        ``key=None`` (do not cache).

    cursor = run(conn, plan, binds, params=None)
        Execute; returns the driver's cursor with rows waiting (or the facts of a DML).
        ``plan.layout_for(cursor)`` is the `Layout` (``.keys``, ``.processors``, ``.index_of(obj)``).
        The caller fetches and closes it; use ``fetch_all(conn, cursor)``, which wraps errors and closes.

    rows = run_rows(conn, plan, binds, params=None)
        `run` and `fetch_all` in one: raw driver tuples, not processed (``plan.layout.processors``).

    result = run_result(conn, plan, binds, params=None)
        `run`, wrapped as a CursorResult.

    For one prepared DML plan and many parameter rows.  *rows* are tuples in the order of ``plan.names``
    (the names of ``column_keys`` and of bindparams as they stand in the text), values as the program
    has them: bind processors are applied here.  ``plan.names`` never holds a name twice.

    rowcount = run_many(conn, plan, rows)
        executemany, no rows back; -1 if the driver does not know.
    ids = run_each(conn, plan, rows)
        One execute per row: list of ``cursor.lastrowid``.
    counts = run_counted(conn, plan, rows)
        One execute per row: list of ``cursor.rowcount``.
    raw_rows = run_returning(conn, plan, rows)
        INSERT .. RETURNING for many rows (batched where the dialect can): one raw row per
        parameter row, in the same order when the statement says ``sort_by_parameter_order``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar._kernels.binds import bind_parameters
from relvar._kernels.keys import statement_key
from relvar.dialect import context as contexts
from relvar.dialect.interface import CacheStats
from relvar.engine import insertmany
from relvar.engine.errors import STARTED
from relvar.engine.plan import Plan, plan_of
from relvar.expr.executable import Executable
from relvar.expr.function import FunctionElement
from relvar.rows.cursor import NO_ROWS, CursorResult, buffered_result
from relvar.util.immutable import EMPTY_DICT, immutabledict
from relvar.util.text import repr_params
from relvar.util.warning import warn_deprecated

if TYPE_CHECKING:
    from relvar.engine.base import Connection

Rows = Sequence[Mapping[str, Any]]

# Options of a connection that the shortest path does not look at.
PLAIN_OPTIONS = frozenset(
    {
        "compiled_cache",
        "schema_translate_map",
        "stream_results",
        "max_row_buffer",
        "yield_per",
        "no_parameters",
        "insertmanyvalues_page_size",
        "preserve_rowcount",
        "logging_token",
        "driver_column_names",
    }
)

_NO_ROWS_GIVEN: Rows = ()


def needs_context(dialect: Any) -> bool:
    """
    Tell whether a dialect's context class overrides hooks that every execution has to call.
    """
    cls = dialect.execution_ctx_cls
    if getattr(cls, "_hooks_are_native", False):
        return False
    base = contexts.DefaultExecutionContext
    return any(getattr(cls, name, None) is not getattr(base, name, None) for name in contexts.HOOKS)


def distill(parameters: Any) -> Rows:
    """
    Give the caller's parameters as a list of dictionaries, empty if there are none.

    Raises:
        ArgumentError: Neither a dictionary nor a list of them.
    """
    if parameters is None:
        return _NO_ROWS_GIVEN
    if isinstance(parameters, Mapping):
        return (parameters,)
    if isinstance(parameters, (list, tuple)):
        if not parameters:
            warn_deprecated(
                "Empty parameter sequence passed to execute(). This use is deprecated and will raise an exception "
                "in a future SQLAlchemy release",
                "2.1",
            )
        elif not isinstance(parameters[0], Mapping):
            raise exc.ArgumentError("List argument must consist only of dictionaries")
        return parameters
    raise exc.ArgumentError("mapping or list expected for parameters")


# -- statements -------------------------------------------------------------------


def execute(conn: Connection, statement: Any, parameters: Any, options: Mapping[str, Any] | None) -> Any:
    """
    Execute anything that can be executed.

    Raises:
        ObjectNotExecutableError: *statement* cannot.
    """
    rows = _NO_ROWS_GIVEN if parameters is None else distill(parameters)
    kind = KINDS.get(type(statement))
    if kind is None:
        kind = _kind_of(statement)
    if kind == CLAUSE:
        return execute_clause(conn, statement, rows, options)
    if kind == FUNCTION:
        return execute_clause(conn, statement.select(), rows, options)
    return statement._execute_on_connection(conn, rows, options or EMPTY_DICT)


CLAUSE, FUNCTION, OTHER = 1, 2, 3
KINDS: dict[type[Any], int] = {}


def _kind_of(statement: Any) -> int:
    """
    Find out, once per class, how its objects are executed.

    Cases:
        1. A statement (select, insert, text, ...): by plan.
        2. A SQL function: as ``SELECT function``.
        3. Anything with ``_execute_on_connection``: DDL, defaults, classes of other packages.
    """
    cls = type(statement)
    hook = getattr(cls, "_execute_on_connection", None)
    if hook is None or not getattr(statement, "supports_execution", True):
        raise exc.ObjectNotExecutableError(statement)
    kind = CLAUSE if hook is Executable._execute_on_connection else OTHER
    if hook is FunctionElement._execute_on_connection:
        kind = FUNCTION
    KINDS[cls] = kind
    return kind


def execute_clause(conn: Connection, statement: Any, rows: Rows, options: Mapping[str, Any] | None) -> Any:
    """
    Execute a statement by its plan.
    """
    if conn._plain and not options and not conn.engine._has_events and not conn.dialect._has_events:
        own = statement._execution_options
        if not own or PLAIN_OPTIONS.isdisjoint(own):
            return execute_plain(conn, statement, rows)
    return _execute_full(conn, statement, rows, options)


def execute_plain(conn: Connection, statement: Any, rows: Rows) -> Any:
    """
    Execute when nothing listens, logs or is optional.

    The cases of a query that needs nothing computed first are all here, without
    further calls: this is the path that repeats.
    """
    engine = conn.engine
    key, binds = statement_key(statement)
    cache = engine._compiled_cache
    params = None
    if rows:
        names = tuple(rows[0])
        many = len(rows) > 1
        place = (key, names, many)
        if not many:
            params = rows[0]
    else:
        names = None
        many = False
        place = key
    plan = cache.get(place) if key is not None and cache is not None else None
    if plan is None:
        plan = _build(conn, statement, key, binds, names, many, None, cache)
    if many:
        return _run_rows(conn, plan, statement, binds, rows, EMPTY_DICT, None)
    indexes = plan.indexes
    if plan.is_crud or params or (indexes is None and plan.expanding is None):
        return _run_full(conn, plan, statement, binds, params, EMPTY_DICT, None)
    fairy = conn._dbapi_connection
    transaction = conn._transaction
    if (
        fairy is None
        or transaction is None
        or not transaction.is_active
        or conn._trans_context_manager is not None
        or conn._nested_transaction is not None
    ):
        dbapi_connection = conn._ready()
    else:
        dbapi_connection = fairy.dbapi_connection
        if dbapi_connection is None:
            dbapi_connection = conn._ready()
    text = plan.text
    parameters: Any
    try:
        if indexes is not None:
            parameters = bind_parameters(binds, plan.extra, indexes, plan.processors, plan.driver_keys)
            if parameters is None:
                plan.collect(binds, None)
        else:
            prepared = plan.prepare_lists(binds)
            if prepared is None:
                return _run_full(conn, plan, statement, binds, params, EMPTY_DICT, None)
            text, parameters = prepared
    except Exception as err:
        conn._handle_error(err, text, [], None, None)
    cursor = dbapi_connection.cursor()
    try:
        cursor.execute(text, parameters)
    except BaseException as err:
        conn._handle_error(err, text, parameters, cursor, STARTED)
    layout = plan.layout
    if layout is None:
        layout = plan.layout_for(cursor)
    result: CursorResult[Any] = CursorResult(conn, plan, cursor, layout)
    result._statement = statement
    result._parameters = parameters
    if layout is NO_ROWS:
        _finish_without_rows(conn, result, cursor)
    return result


def _merged_options(conn: Connection, statement: Any, options: Mapping[str, Any] | None) -> Mapping[str, Any]:
    merged = immutabledict(statement._execution_options) if statement is not None else EMPTY_DICT
    if conn._execution_options:
        merged = merged.union(conn._execution_options)
    if options:
        merged = merged.union(options)
    return merged


def _execute_full(conn: Connection, statement: Any, rows: Rows, given: Mapping[str, Any] | None) -> Any:
    """
    Execute with events, logging and options.
    """
    options = _merged_options(conn, statement, given)
    has_events = conn._has_events or conn.engine._has_events
    if has_events:
        statement, rows = _before_execute(conn, statement, rows, options)
        options = _merged_options(conn, statement, given)
    started = time.perf_counter()
    key, binds = statement_key(statement)
    many = len(rows) > 1
    names = tuple(rows[0]) if rows else None
    translate = options.get("schema_translate_map")
    cache = options["compiled_cache"] if "compiled_cache" in options else conn.engine._compiled_cache
    if not conn.dialect._supports_statement_cache:
        cache = None
    hit = CacheStats.NO_CACHE_KEY if key is None else CacheStats.CACHING_DISABLED
    plan = None
    if key is not None and cache is not None:
        plan = cache.get(_cache_key(conn, cache, key, names, many, translate))
        hit = CacheStats.CACHE_HIT
    if plan is None:
        if hit is CacheStats.CACHE_HIT:
            hit = CacheStats.CACHE_MISS
        plan = _build(conn, statement, key, binds, names, many, translate, cache)
    note = _Note(started, hit, plan)
    if many:
        result = _run_rows(conn, plan, statement, binds, rows, options, note)
    else:
        result = _run_full(conn, plan, statement, binds, rows[0] if rows else None, options, note)
    if has_events:
        conn.dispatch.after_execute(conn, statement, *_event_parameters(rows), options, result)
    return result


def _event_parameters(rows: Rows) -> tuple[Any, Any]:
    """
    Give parameters as events see them: ``(multiparams, params)``.
    """
    if len(rows) > 1:
        return list(rows), {}
    return [], dict(rows[0]) if rows else {}


def _before_execute(
    conn: Connection, statement: Any, rows: Rows, options: Mapping[str, Any]
) -> tuple[Any, Rows]:
    multi, single = _event_parameters(rows)
    for listener in conn.dispatch.before_execute:
        statement, multi, single = listener(conn, statement, multi, single, options)
    if multi:
        return statement, multi
    return statement, (single,) if single else _NO_ROWS_GIVEN


class _Note:
    """
    What the log says about how a plan was come by.
    """

    __slots__ = ("hit", "plan", "started")

    def __init__(self, started: float, hit: CacheStats, plan: Any) -> None:
        self.started = started
        self.hit = hit
        self.plan = plan

    def text(self) -> str:
        now = time.perf_counter()
        if self.hit is CacheStats.CACHE_HIT:
            return f"cached since {now - self.plan.compiled._gen_time:.4g}s ago"
        if self.hit is CacheStats.CACHE_MISS:
            return f"generated in {now - self.started:.5f}s"
        if self.hit is CacheStats.CACHING_DISABLED:
            return f"caching disabled {now - self.started:.5f}s"
        return f"no key {now - self.started:.5f}s"


def _cache_key(conn: Connection, cache: Any, key: Any, names: Any, many: bool, translate: Any) -> Any:
    if cache is conn.engine._compiled_cache and not translate:
        return key if names is None else (key, names, many)
    # the text of a map that translates "no schema" has more markers
    marks = (None in translate) + 1 if translate else 0
    return (key, names, many, conn.dialect, marks)


def _build(
    conn: Connection,
    statement: Any,
    key: Any,
    binds: Sequence[Any],
    names: tuple[str, ...] | None,
    many: bool,
    translate: Any,
    cache: Any,
) -> Plan:
    """
    Compile a statement, make its plan and keep it.
    """
    dialect = conn.dialect
    compiled = dialect.statement_compiler(
        dialect,
        statement,
        cache_key=None,
        column_keys=sorted(names) if names is not None else [],
        for_executemany=many,
        linting=dialect.compiler_linting | _WARN_LINTING if dialect.compiler_linting else 0,
        schema_translate_map=translate or None,
    )
    plan = plan_of(dialect, compiled, binds)
    compiled._gen_time = time.perf_counter()
    if key is not None and cache is not None and dialect._supports_statement_cache:
        cache[_cache_key(conn, cache, key, names, many, translate)] = plan
    return plan


_WARN_LINTING = 2


# -- one execution -----------------------------------------------------------------


def _text_of(conn: Connection, plan: Plan, named: Any, options: Mapping[str, Any]) -> tuple[str, Any]:
    """
    Give text and driver parameters of a plan whose text depends on the call.
    """
    if not plan.expands:
        text, parameters = plan.text, plan.arrange(plan.processed(named))
    else:
        text, parameters = expand(plan, named)
    if plan.translates:
        text = plan.compiled.preparer._render_schema_translates(
            text, options.get("schema_translate_map") or {}
        )
    return text, parameters


def expand(plan: Plan, named: Mapping[str, Any]) -> tuple[str, Any]:
    """
    Fill in the text of a plan for its values, and make the driver's parameters.
    """
    compiled = plan.compiled
    state = compiled._process_parameters_for_postcompile(named)
    values, processors = state.parameters, state.processors
    if plan.positional:
        order = state.positiontup
        return state.statement, tuple(
            [values[n] if processors.get(n) is None else processors[n](values[n]) for n in order]
        )
    escaped = compiled.escaped_bind_names
    return state.statement, {
        (escaped.get(n, n) if escaped else n): v if processors.get(n) is None else processors[n](v)
        for n, v in values.items()
    }


def _run_full(
    conn: Connection,
    plan: Plan,
    statement: Any,
    binds: Sequence[Any],
    params: Mapping[str, Any] | None,
    options: Mapping[str, Any],
    note: _Note | None,
) -> Any:
    """
    Execute a plan once.
    """
    dbapi_connection = conn._ready()
    try:
        if plan.prefetch:
            params = _with_defaults(conn, plan, params or {}, options)
        named = plan.collect(binds, params)
        text, parameters = _text_of(conn, plan, named, options)
    except Exception as err:
        conn._handle_error(err, plan.text, [dict(params)] if params else [], None, None)
    context = _context_if_needed(conn, plan, statement, parameters, [named], options, False, note)
    cursor = _send(conn, dbapi_connection, plan, text, parameters, False, options, context, note)
    result = _result(conn, plan, cursor, options, context)
    result._statement = statement
    result._parameters = parameters
    result._values = named
    return result


def _context_if_needed(
    conn: Connection,
    plan: Any,
    statement: Any,
    parameters: Any,
    compiled_parameters: list[dict[str, Any]],
    options: Mapping[str, Any],
    many: bool,
    note: _Note | None,
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
    if (
        options.get("stream_results") or dialect.server_side_cursors
    ) and dialect.supports_server_side_cursors:
        server_side = dialect._server_side_cursor(dbapi_connection, text)
        if server_side is not None:
            return server_side
    return dbapi_connection.cursor()


def _send(
    conn: Connection,
    dbapi_connection: Any,
    plan: Plan,
    text: str,
    parameters: Any,
    many: bool,
    options: Mapping[str, Any],
    context: Any,
    note: _Note | None,
) -> Any:
    """
    Hand text and parameters to the driver; gives the cursor.
    """
    dialect = conn.dialect
    cursor = None
    try:
        cursor = _new_cursor(conn, dbapi_connection, options, context, text)
        if context is not None:
            context.cursor = cursor
            context.statement = text
            context.parameters = parameters if many else [parameters]
            if conn.engine._context_always:
                context.pre_exec()
                text = context.statement
                parameters = context.parameters if many else context.parameters[0]
    except Exception as err:
        conn._handle_error(err, text, parameters, cursor, context or STARTED)
    has_events = conn._has_events or conn.engine._has_events
    if has_events:
        for listener in conn.dispatch.before_cursor_execute:
            text, parameters = listener(conn, cursor, text, parameters, context, many)
    if conn._echo:
        _log_statement(conn, text, parameters, many, note)
    try:
        _call_driver(conn, dialect, cursor, text, parameters, many, options, context)
        if has_events:
            conn.dispatch.after_cursor_execute(conn, cursor, text, parameters, context, many)
        if context is not None and conn.engine._context_always:
            context.post_exec()
    except BaseException as err:
        conn._handle_error(err, text, parameters, cursor, context or STARTED)
    return cursor


def _call_driver(
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


def _log_statement(
    conn: Connection, text: str, parameters: Any, many: bool, note: _Note | None, stats: str | None = None
) -> None:
    conn._log("%s", text)
    if stats is None:
        stats = note.text() if note is not None else "raw sql"
    if conn.engine.hide_parameters:
        conn._log("[%s] [SQL parameters hidden due to hide_parameters=True]", stats)
    else:
        conn._log("[%s] %r", stats, repr_params(parameters, batches=10, ismulti=many))


def _result(conn: Connection, plan: Plan, cursor: Any, options: Mapping[str, Any], context: Any) -> Any:
    """
    Make the result of an executed cursor.
    """
    if plan.is_crud:
        return _crud_result(conn, plan, cursor, options, context)
    layout = plan.layout_for(cursor)
    if conn._echo and layout is not NO_ROWS and conn.engine._should_log_debug():
        return _debug_result(conn, plan, cursor, layout)
    result: CursorResult[Any] = CursorResult(conn, plan, cursor, layout)
    result._context = context
    result._options = options
    if layout is NO_ROWS:
        _finish_without_rows(conn, result, cursor)
    elif options:
        if options.get("preserve_rowcount"):
            result._rowcount = cursor.rowcount
        if options.get("stream_results") or options.get("yield_per"):
            result._stream(options)
    return result


def _debug_result(conn: Connection, plan: Plan, cursor: Any, layout: Any) -> Any:
    """
    Read all rows now, logging each.
    """
    conn.engine.logger.debug("Col %r", tuple(column[0] for column in cursor.description))
    rows = fetch_all(conn, cursor)
    for row in rows:
        conn.engine.logger.debug("Row %r", row)
    return buffered_result(conn, plan, cursor, layout, rows)


def _finish_without_rows(conn: Connection, result: Any, cursor: Any) -> None:
    result._rowcount = cursor.rowcount
    conn._close_cursor(cursor)


def _crud_result(conn: Connection, plan: Plan, cursor: Any, options: Mapping[str, Any], context: Any) -> Any:
    """
    Make the result of an INSERT, UPDATE or DELETE, taking its facts from the cursor.
    """
    if plan.explicit_returning:
        result: CursorResult[Any] = CursorResult(conn, plan, cursor, plan.layout_for(cursor))
        result._context = context
        result._options = options
        if not conn.dialect.supports_sane_rowcount_returning and not options.get("preserve_rowcount"):
            return result
        result._rowcount = cursor.rowcount
        return result
    implicit = None
    if plan.implicit_returning and cursor.description is not None:
        layout = plan.layout_for(cursor)
        implicit = [layout.make_row(_processed(row, layout)) for row in _fetch_raw(conn, cursor)]
    result = CursorResult(conn, plan, cursor, NO_ROWS)
    result._context = context
    result._options = options
    result._implicit_rows = implicit
    result._rowcount = cursor.rowcount
    if plan.is_insert and implicit is None:
        if context is not None and conn.engine._context_always:
            result._lastrowid = context.get_lastrowid()
        else:
            result._lastrowid = conn.dialect._lastrowid(cursor)
    conn._close_cursor(cursor)
    return result


def _processed(row: Any, layout: Any) -> Any:
    processors = layout.processors
    if processors is None:
        return tuple(row)
    return tuple([v if p is None else p(v) for p, v in zip(processors, row, strict=True)])


# -- many rows of parameters ---------------------------------------------------------


def _run_rows(
    conn: Connection,
    plan: Plan,
    statement: Any,
    binds: Sequence[Any],
    rows: Rows,
    options: Mapping[str, Any],
    note: _Note | None,
) -> Any:
    """
    Execute a plan for many rows of parameters.

    Cases:
        1. INSERT with RETURNING, and the dialect can batch: see `insertmany`.
        2. Anything else with RETURNING: refused.
        3. executemany.
    """
    dialect = conn.dialect
    dbapi_connection = conn._ready()
    imv = plan.insertmanyvalues
    returning = bool(plan.compiled.effective_returning) if plan.is_crud else False
    try:
        if returning and (imv is None or not dialect.use_insertmanyvalues):
            _refuse_many_returning(plan, dialect)
        if plan.prefetch:
            rows = _rows_with_defaults(conn, plan, rows, options)
        if imv is not None:
            named: Any = _rows_of_batches(plan, binds, rows)
        elif plan.expands:
            raise exc.InvalidRequestError(
                "'literal_execute' or 'expanding' parameters can't be used with executemany()"
            )
        else:
            named, parameters = plan.prepare_rows(binds, rows)
    except Exception as err:
        conn._handle_error(err, plan.text, [dict(row) for row in rows], None, None)
    if imv is not None:
        return insertmany.execute(conn, dbapi_connection, plan, statement, named, options, note)
    text = plan.text
    if plan.translates:
        text = plan.compiled.preparer._render_schema_translates(
            text, options.get("schema_translate_map") or {}
        )
    context = _context_if_needed(conn, plan, statement, parameters, named, options, True, note)
    cursor = _send(conn, dbapi_connection, plan, text, parameters, True, options, context, note)
    result = _result(conn, plan, cursor, options, context)
    result._statement = statement
    result._parameters = parameters
    result._values = named if type(named) is list else list(named)
    return result


def _rows_of_batches(plan: Plan, binds: Sequence[Any], rows: Rows) -> Rows:
    """
    Give the values of each row by name.

    Raises:
        InvalidRequestError: A row lacks a value.
    """
    if plan.sources or any(len(row) < len(plan.names) for row in rows):
        return [plan.collect(binds, row, number) for number, row in enumerate(rows)]
    names = frozenset(plan.names)
    if all(names <= row.keys() for row in rows):
        return rows
    return [plan.collect(binds, row, number) for number, row in enumerate(rows)]


def _refuse_many_returning(plan: Plan, dialect: Any) -> None:
    allowed = (plan.is_update and dialect.update_executemany_returning) or (
        plan.is_delete and dialect.delete_executemany_returning
    )
    if not allowed:
        kind = "INSERT" if plan.is_insert else "UPDATE" if plan.is_update else "DELETE"
        raise exc.InvalidRequestError(
            f"Dialect {dialect.dialect_description} with current server capabilities does not support "
            f"{kind}..RETURNING when executemany is used"
        )


# -- defaults ------------------------------------------------------------------------


def _default_value(conn: Connection, plan: Plan, context: Any, column: Any, default: Any) -> Any:
    if plan.is_insert:
        return context.get_insert_default(column)
    return context.get_update_default(column)


def _with_defaults(
    conn: Connection, plan: Plan, params: Mapping[str, Any], options: Mapping[str, Any]
) -> dict[str, Any]:
    """
    Give the parameters with the defaults that the client computes.
    """
    filled = dict(params)
    context: Any = None
    for name, column, default in plan.prefetch:
        if default.is_scalar:
            filled[name] = default.arg
            continue
        if default.is_callable and getattr(default.arg, "_ignores_context", False):
            filled[name] = default.arg(None)
            continue
        if context is None:
            context = _default_context(conn, plan, [filled], options)
        context.current_parameters = _current(plan, filled)
        filled[name] = _default_value(conn, plan, context, column, default)
    return filled


def _current(plan: Plan, filled: dict[str, Any]) -> dict[str, Any]:
    return filled


def _default_context(
    conn: Connection, plan: Plan, rows: list[dict[str, Any]], options: Mapping[str, Any]
) -> Any:
    return conn.dialect.execution_ctx_cls._of_execution(
        conn, plan, compiled_parameters=rows, execution_options=options, many=len(rows) > 1
    )


def _rows_with_defaults(
    conn: Connection, plan: Plan, rows: Rows, options: Mapping[str, Any]
) -> list[dict[str, Any]]:
    return [_with_defaults(conn, plan, row, options) for row in rows]


def execute_default(conn: Connection, default: Any, options: Mapping[str, Any] | None) -> Any:
    """
    Compute a default, such as the next value of a sequence.
    """
    merged = _merged_options(conn, None, options)
    conn._ready()
    context = conn.dialect.execution_ctx_cls._of_execution(conn, None, execution_options=merged)
    try:
        return context._exec_default(None, default, None)
    except NotImplementedError as err:
        raise exc.InvalidRequestError(
            f"Dialect {conn.dialect.dialect_description} can not execute {default!r}"
        ) from err


# -- DDL, text, control statements ------------------------------------------------------


def execute_ddl(conn: Connection, ddl: Any, options: Mapping[str, Any] | None) -> Any:
    """
    Execute a DDL element.
    """
    merged = _merged_options(conn, ddl, options)
    has_events = conn._has_events or conn.engine._has_events
    if has_events:
        ddl, _ = _before_execute(conn, ddl, _NO_ROWS_GIVEN, merged)
    started = time.perf_counter()
    dialect = conn.dialect
    compiled = ddl.compile(dialect=dialect, schema_translate_map=merged.get("schema_translate_map") or None)
    plan = plan_of(dialect, compiled, ())
    plan.is_ddl, plan.returns_rows = True, False
    text = plan.text
    if plan.translates:
        text = compiled.preparer._render_schema_translates(text, merged["schema_translate_map"])
    parameters = dialect.execute_sequence_format() if dialect.positional else {}
    note = _Note(started, CacheStats.NO_CACHE_KEY, plan)
    dbapi_connection = conn._ready()
    context = _context_if_needed(conn, plan, ddl, parameters, [], merged, False, note)
    cursor = _send(conn, dbapi_connection, plan, text, parameters, False, merged, context, note)
    result = _result(conn, plan, cursor, merged, context)
    result._statement = ddl
    if has_events:
        conn.dispatch.after_execute(conn, ddl, [], {}, merged, result)
    return result


def execute_compiled(conn: Connection, compiled: Any, rows: Rows, options: Mapping[str, Any] | None) -> Any:
    """
    Execute what was compiled beforehand.
    """
    merged = _merged_options(conn, None, options)
    binds = tuple(compiled.bind_names) if compiled.is_sql else ()
    plan = plan_of(conn.dialect, compiled, binds)
    note = _Note(time.perf_counter(), CacheStats.NO_CACHE_KEY, plan)
    if len(rows) > 1:
        return _run_rows(conn, plan, compiled.statement, binds, rows, merged, note)
    return _run_full(conn, plan, compiled.statement, binds, rows[0] if rows else None, merged, note)


def execute_driver_sql(
    conn: Connection, text: str, parameters: Any, options: Mapping[str, Any] | None
) -> Any:
    """
    Execute text with parameters as the driver takes them.
    """
    merged = _merged_options(conn, None, options)
    dialect = conn.dialect
    many, given = _driver_parameters(dialect, parameters)
    plan = Plan(dialect, text)
    dbapi_connection = conn._ready()
    context = _context_if_needed(conn, plan, text, given, [], merged, many, None)
    if context is not None:
        context.compiled = None
    cursor = _send(conn, dbapi_connection, plan, text, given, many, merged, context, None)
    result = _result(conn, plan, cursor, merged, context)
    result._statement = text
    result._parameters = given
    return result


def _driver_parameters(dialect: Any, parameters: Any) -> tuple[bool, Any]:
    """
    Say whether *parameters* are for executemany, and give them in the driver's shape.
    """
    if parameters is None or (isinstance(parameters, (list, tuple)) and not parameters):
        return False, dialect.execute_sequence_format() if dialect.positional else {}
    if isinstance(parameters, list):
        if not isinstance(parameters[0], (list, tuple, dict, Mapping)):
            raise exc.ArgumentError("List argument must consist only of tuples or dictionaries")
        if len(parameters) == 1:
            return False, parameters[0]
        return True, parameters
    if isinstance(parameters, (tuple, Mapping)):
        return False, parameters
    raise exc.ArgumentError("mapping or list expected for parameters")


def execute_control(conn: Connection, text: str) -> None:
    """
    Execute a statement without parameters or rows.
    """
    dialect = conn.dialect
    plan = Plan(dialect, text)
    parameters = dialect.execute_sequence_format() if dialect.positional else {}
    note = _Note(time.perf_counter(), CacheStats.NO_CACHE_KEY, plan)
    dbapi_connection = conn._ready()
    options = conn._execution_options
    context = _context_if_needed(conn, plan, text, parameters, [], options, False, note)
    cursor = _send(conn, dbapi_connection, plan, text, parameters, False, EMPTY_DICT, context, note)
    conn._close_cursor(cursor)


def execute_on_cursor(conn: Connection, cursor: Any, text: str, parameters: Any, context: Any) -> None:
    """
    Execute text on a cursor that is there, as a part of another execution.
    """
    has_events = conn._has_events or conn.engine._has_events
    if has_events:
        for listener in conn.dispatch.before_cursor_execute:
            text, parameters = listener(conn, cursor, text, parameters, context, False)
    if conn._echo:
        _log_statement(conn, text, parameters, False, None)
    try:
        conn.dialect.do_execute(cursor, text, parameters, context)
    except BaseException as err:
        conn._handle_error(err, text, parameters, cursor, context or STARTED)
    if has_events:
        conn.dispatch.after_cursor_execute(conn, cursor, text, parameters, context, False)


def context_of_result(conn: Connection, result: Any) -> Any:
    """
    Make the context of an execution that ran without one.
    """
    values = result._values
    many = type(values) is list
    context = conn.dialect.execution_ctx_cls._of_execution(
        conn,
        result._plan,
        parameters=result._parameters if many else [result._parameters],
        compiled_parameters=values if many else [values or {}],
        invoked_statement=result._statement,
        execution_options=_merged_options(conn, None, result._options),
        cursor=result.cursor,
        many=many,
        cache_hit=CacheStats.CACHE_HIT,
    )
    return context


# -- for the layers above -----------------------------------------------------------------


def plan_for(
    conn: Connection,
    key: Any,
    build: Callable[[], tuple[Any, Any]],
    *,
    binds: Sequence[Any] = (),
    column_keys: Sequence[str] | None = None,
    many: bool = False,
    options: Mapping[str, Any] = EMPTY_DICT,
) -> Plan:
    """
    Look up a plan, or build it (see the module's text).
    """
    translate = options.get("schema_translate_map") or conn._execution_options.get("schema_translate_map")
    cache = options["compiled_cache"] if "compiled_cache" in options else conn.engine._compiled_cache
    names = None if column_keys is None else tuple(column_keys)
    if key is not None and cache is not None:
        found: Plan | None = cache.get(_cache_key(conn, cache, key, names, many, translate))
        if found is not None:
            return found
    statement, load = build()
    plan = _build(conn, statement, key, binds, names, many, translate, None)
    plan.load = load
    if key is not None and cache is not None and conn.dialect._supports_statement_cache:
        cache[_cache_key(conn, cache, key, names, many, translate)] = plan
    return plan


def run(
    conn: Connection,
    plan: Plan,
    binds: Sequence[Any],
    params: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] = EMPTY_DICT,
) -> Any:
    """
    Execute a plan; gives the driver's cursor.
    """
    engine = conn.engine
    if options or params or not conn._plain or engine._has_events or conn.dialect._has_events:
        return _run_slowly(conn, plan, binds, params, options)
    dbapi_connection = conn._ready()
    text = plan.text
    parameters: Any
    try:
        if plan.indexes is not None:
            parameters = bind_parameters(
                binds, plan.extra, plan.indexes, plan.processors, plan.driver_keys
            )
            if parameters is None:
                plan.collect(binds, None)
        else:
            prepared = plan.prepare_lists(binds)
            if prepared is None:
                return _run_slowly(conn, plan, binds, params, options)
            text, parameters = prepared
    except Exception as err:
        conn._handle_error(err, text, [], None, None)
    cursor = dbapi_connection.cursor()
    try:
        cursor.execute(text, parameters)
    except BaseException as err:
        conn._handle_error(err, text, parameters, cursor, STARTED)
    return cursor


def _run_slowly(
    conn: Connection,
    plan: Plan,
    binds: Sequence[Any],
    params: Mapping[str, Any] | None,
    given: Mapping[str, Any],
) -> Any:
    options = _merged_options(conn, None, given)
    dbapi_connection = conn._ready()
    try:
        if plan.prefetch:
            params = _with_defaults(conn, plan, params or {}, options)
        named = plan.collect(binds, params)
        text, parameters = _text_of(conn, plan, named, options)
    except Exception as err:
        conn._handle_error(err, plan.text, [dict(params)] if params else [], None, None)
    note = _Note(time.perf_counter(), CacheStats.CACHE_HIT, plan)
    context = _context_if_needed(
        conn, plan, plan.compiled.statement, parameters, [named], options, False, note
    )
    return _send(conn, dbapi_connection, plan, text, parameters, False, options, context, note)


def fetch_all(conn: Connection, cursor: Any) -> list[Any]:
    """
    Read a cursor to its end and close it.
    """
    rows = _fetch_raw(conn, cursor)
    conn._close_cursor(cursor)
    return rows


def _fetch_raw(conn: Connection, cursor: Any) -> list[Any]:
    try:
        rows = cursor.fetchall()
    except BaseException as err:
        conn._handle_error(err, None, None, cursor, STARTED)
    return rows if type(rows) is list else list(rows)


def run_rows(
    conn: Connection,
    plan: Plan,
    binds: Sequence[Any],
    params: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] = EMPTY_DICT,
) -> list[Any]:
    """
    Execute a plan and give its raw rows.
    """
    cursor = run(conn, plan, binds, params, options)
    if plan.layout is None:
        plan.layout_for(cursor)
    return fetch_all(conn, cursor)


def run_result(
    conn: Connection,
    plan: Plan,
    binds: Sequence[Any],
    params: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] = EMPTY_DICT,
) -> Any:
    """
    Execute a plan and give a CursorResult.
    """
    cursor = run(conn, plan, binds, params, options)
    return _result(conn, plan, cursor, _merged_options(conn, None, options), None)


def run_many(conn: Connection, plan: Plan, rows: Sequence[Sequence[Any]]) -> int:
    """
    Run a DML plan for rows of values by executemany; gives the rowcount.
    """
    if len(rows) == 1:
        return run_counted(conn, plan, rows)[0]
    dbapi_connection = conn._ready()
    parameters = _tuples(conn, plan, rows)
    cursor = _send_values(conn, dbapi_connection, plan, parameters, True)
    count: int = cursor.rowcount
    conn._close_cursor(cursor)
    return count


def run_each(conn: Connection, plan: Plan, rows: Sequence[Sequence[Any]]) -> list[Any]:
    """
    Run an INSERT plan once per row; gives each ``lastrowid``.
    """
    dbapi_connection = conn._ready()
    parameters = _tuples(conn, plan, rows)
    made: list[Any] = []
    if not conn._plain or conn.engine._has_events:
        for one in parameters:
            cursor = _send_values(conn, dbapi_connection, plan, one, False)
            made.append(conn.dialect._lastrowid(cursor))
            conn._close_cursor(cursor)
        return made
    cursor = dbapi_connection.cursor()
    text = plan.text
    execute_one = cursor.execute
    lastrowid = conn.dialect._lastrowid
    native = conn.dialect._lastrowid_is_native
    for one in parameters:
        try:
            execute_one(text, one)
        except BaseException as err:
            conn._handle_error(err, text, one, cursor, STARTED)
        made.append(cursor.lastrowid if native else lastrowid(cursor))
    conn._close_cursor(cursor)
    return made


def run_counted(conn: Connection, plan: Plan, rows: Sequence[Sequence[Any]]) -> list[int]:
    """
    Run a DML plan once per row; gives each ``rowcount``.
    """
    dbapi_connection = conn._ready()
    counts: list[int] = []
    for one in _tuples(conn, plan, rows):
        cursor = _send_values(conn, dbapi_connection, plan, one, False)
        counts.append(cursor.rowcount)
        conn._close_cursor(cursor)
    return counts


def run_returning(conn: Connection, plan: Plan, rows: Sequence[Sequence[Any]]) -> list[Any]:
    """
    Run a DML plan with RETURNING for rows of values; gives one raw row each.
    """
    dbapi_connection = conn._ready()
    if plan.insertmanyvalues is not None and conn.dialect.use_insertmanyvalues:
        named = [dict(zip(plan.names, row, strict=True)) for row in rows]
        return insertmany.execute_raw(conn, dbapi_connection, plan, named)
    returned: list[Any] = []
    for one in _tuples(conn, plan, rows):
        cursor = _send_values(conn, dbapi_connection, plan, one, False)
        if plan.layout is None:
            plan.layout_for(cursor)
        returned.extend(fetch_all(conn, cursor))
    return returned


def _tuples(conn: Connection, plan: Plan, rows: Sequence[Sequence[Any]]) -> list[Any]:
    try:
        return plan.prepare_tuples(rows)
    except Exception as err:
        conn._handle_error(err, plan.text, list(rows), None, None)


def _send_values(conn: Connection, dbapi_connection: Any, plan: Plan, parameters: Any, many: bool) -> Any:
    text = plan.text
    options = conn._execution_options
    if plan.translates:
        text = plan.compiled.preparer._render_schema_translates(
            text, options.get("schema_translate_map") or {}
        )
    note = _Note(time.perf_counter(), CacheStats.CACHE_HIT, plan) if conn._echo else None
    context = _context_if_needed(conn, plan, plan.compiled.statement, parameters, [], options, many, note)
    return _send(conn, dbapi_connection, plan, text, parameters, many, options, context, note)
