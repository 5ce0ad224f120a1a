# Compiled as it is, see setup.py.
"""
Run a statement: key -> plan -> parameters -> cursor -> result.

A `Plan` (see `plan`) is looked up under the statement's key, built on a miss, and
then run with the values of the statement at hand.  Everything here works on a
`Connection` that is open; each function begins its transaction if none is
there.  What the layers above use is in `prepared`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar._kernels.binds import are_of_length, bind_parameters, have_names
from relvar._kernels.keys import statement_key
from relvar._kernels.lend import new_of
from relvar._kernels.own import class_attribute, instance_dict
from relvar._kernels.rows import CursorReading, begin_reading
from relvar.dialect.interface import CacheStats
from relvar.engine.defaults import rows_with_defaults, with_defaults
from relvar.engine.errors import STARTED
from relvar.engine.plan import Plan
from relvar.engine.planning import plan_of
from relvar.engine.send import (
    Note,
    context_if_needed,
    finish_without_rows,
    log_statement,
    merged_options,
    result_of,
    send,
)
from relvar.engine.transactions import PLAIN_OPTIONS
from relvar.event import clock
from relvar.expr.executable import Executable
from relvar.expr.function import FunctionElement
from relvar.rows.cursor import NO_ROWS, CursorResult
from relvar.util.immutable import EMPTY_DICT
from relvar.util.lru import Recent
from relvar.util.warning import warn_deprecated

if TYPE_CHECKING:
    from relvar.engine.base import Connection

Rows = Sequence[Mapping[str, Any]]

_NO_ROWS_GIVEN: Rows = ()


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
                "Empty parameter sequence passed to execute(). This use is deprecated and will raise an "
                "exception in a future SQLAlchemy release",
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
    way = _ways.get(type(statement))
    if way is None:
        way = _ways[type(statement)] = _way_of(statement)
    if way.in_dict:
        own = instance_dict(statement)
        if (
            not options
            and (conn._plain_at == clock.ticks or conn._is_plain())
            and own.get("_params", way.params) is None
        ):
            given = own.get("_execution_options", way.options)
            if not given or (not conn._strict and PLAIN_OPTIONS.isdisjoint(given)):
                return execute_plain(conn, statement, rows)
    if way.is_clause:
        return execute_clause(conn, statement, rows, options)
    if way.is_function:
        return execute_clause(conn, statement.select(), rows, options)
    return statement._execute_on_connection(conn, rows, options or EMPTY_DICT)


def execute_method(
    self: Connection,
    statement: Any,
    parameters: Any = None,
    *,
    execution_options: Mapping[str, Any] | None = None,
) -> Any:
    """
    Execute a statement.

    Args:
        parameters: A dictionary, or a list of them to run the statement for each.
        execution_options: For this execution only.

    Raises:
        ObjectNotExecutableError: Not a statement.
        DBAPIError: What the driver raised, wrapped.

    >>> from relvar import create_engine, text
    >>> with create_engine("sqlite://").connect() as connection:
    ...     connection.execute(text("SELECT :a || '!'"), {"a": "hello"}).all()
    [('hello!',)]
    """
    return execute(self, statement, parameters, execution_options)


# `Connection` has it as a method, and its overloads: C passes less on the way than a function of Python.
execute_method.__module__ = "relvar.engine.base"
execute_method.__name__ = "execute"
execute_method.__qualname__ = "Connection.execute"
# as text: Cython knows no such annotation
execute_method.__annotations__["return"] = "CursorResult[*tuple[Any, ...]]"


class Way:
    """
    How the objects of a class are executed.

    Cases:
        1. A statement (select, insert, text, ...): by plan.
        2. A SQL function: as ``SELECT function``.
        3. Anything with ``_execute_on_connection``: DDL, defaults, classes of other packages.

    ``in_dict``: of the first, whether an instance has its parameters and options in its dictionary, or else
    as the class has them.
    """

    __slots__ = ("in_dict", "is_clause", "is_function", "options", "params")

    in_dict: bool
    is_clause: bool
    is_function: bool
    options: Any
    params: Any


_ways: dict[type[Any], Way] = {}


def _way_of(statement: Any) -> Way:
    """
    Find out, once per class, how its objects are executed.
    """
    cls = type(statement)
    hook = getattr(cls, "_execute_on_connection", None)
    if hook is None or not getattr(statement, "supports_execution", True):
        raise exc.ObjectNotExecutableError(statement)
    way = Way()
    way.is_clause = hook is Executable._execute_on_connection
    way.is_function = hook is FunctionElement._execute_on_connection
    way.params = class_attribute(cls, "_params")
    way.options = class_attribute(cls, "_execution_options")
    way.in_dict = way.is_clause and not hasattr(way.params, "__get__") and not hasattr(way.options, "__get__")
    return way


def execute_clause(conn: Connection, statement: Any, rows: Rows, options: Mapping[str, Any] | None) -> Any:
    """
    Execute a statement by its plan.
    """
    if statement._params is not None:
        rows = [{**statement._params, **row} for row in rows or (EMPTY_DICT,)]
    if not options and (conn._plain_at == clock.ticks or conn._is_plain()):
        own = statement._execution_options
        if not own or (not conn._strict and PLAIN_OPTIONS.isdisjoint(own)):
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
    plan: Plan | None = None
    if key is not None and cache is not None:
        if isinstance(cache, Recent):
            known: Recent = cache
            plan = known._value(place)
        else:
            plan = cache.get(place)
    if plan is None:
        plan = build_plan(conn, statement, key, binds, names, many, None, cache)
    if many:
        return _run_rows(conn, plan, statement, binds, rows, EMPTY_DICT, None)
    indexes = plan.indexes
    if plan.is_crud or params or (indexes is None and plan.expanding is None):
        return _run_full(conn, plan, statement, binds, params, EMPTY_DICT, None)
    dbapi_connection = conn._at_hand()
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
            text, parameters = plan.prepare_lists(binds) or (text, None)
    except Exception as err:
        conn._handle_error(err, text, (), None, None)
    if parameters is None:
        return _run_full(conn, plan, statement, binds, params, EMPTY_DICT, None)
    cursor: Any = None
    try:
        cursor = dbapi_connection.cursor()
        cursor.execute(text, parameters)
    except BaseException as err:
        conn._handle_error(err, text, parameters, cursor, STARTED)
    layout = plan.layout
    if layout is None:
        layout = plan.layout_for(cursor, statement)
    result: CursorResult[Any] | None = new_of(CursorResult, CursorReading)
    if result is None:
        result = CursorResult(conn, plan, cursor, layout)
    else:
        begin_reading(result, conn, plan, cursor, layout)
    result._statement = statement
    result._parameters = parameters
    if layout is NO_ROWS:
        finish_without_rows(conn, result, cursor)
    return result


def _execute_full(conn: Connection, statement: Any, rows: Rows, given: Mapping[str, Any] | None) -> Any:
    """
    Execute with events, logging and options.
    """
    options = merged_options(conn, statement, given)
    has_events = conn._has_events or conn.engine._has_events
    if has_events:
        statement, rows = before_execute(conn, statement, rows, options)
        options = merged_options(conn, statement, given)
    started = time.perf_counter()
    key, binds = statement_key(statement)
    many = len(rows) > 1
    names = tuple(rows[0]) if rows else None
    translate = options.get("schema_translate_map")
    cache = options["compiled_cache"] if "compiled_cache" in options else conn.engine._compiled_cache
    if not conn.dialect._supports_statement_cache:
        cache = None
    hit = CacheStats.CACHING_DISABLED if cache is None else CacheStats.NO_CACHE_KEY
    plan = None
    if key is not None and cache is not None:
        plan = cache.get(cache_key(conn, cache, key, names, many, translate))
        hit = CacheStats.CACHE_HIT
    if plan is None:
        if hit is CacheStats.CACHE_HIT:
            hit = CacheStats.CACHE_MISS
        plan = build_plan(conn, statement, key, binds, names, many, translate, cache)
    note = Note(started, hit, plan)
    if many:
        result = _run_rows(conn, plan, statement, binds, rows, options, note)
    else:
        result = _run_full(conn, plan, statement, binds, rows[0] if rows else None, options, note)
    if has_events:
        conn.dispatch.after_execute(conn, statement, *event_parameters(rows), options, result)
    return result


def event_parameters(rows: Rows) -> tuple[Any, Any]:
    """
    Give parameters as events see them: ``(multiparams, params)``.
    """
    if len(rows) > 1:
        return list(rows), {}
    return [], dict(rows[0]) if rows else {}


def before_execute(
    conn: Connection, statement: Any, rows: Rows, options: Mapping[str, Any]
) -> tuple[Any, Rows]:
    """
    Let the listeners see statement and parameters; gives what they made of them.
    """
    multi, single = event_parameters(rows)
    for listener in conn.dispatch.before_execute:
        statement, multi, single = listener(conn, statement, multi, single, options)
    if multi:
        return statement, multi
    return statement, (single,) if single else _NO_ROWS_GIVEN


def cache_key(conn: Connection, cache: Any, key: Any, names: Any, many: bool, translate: Any) -> Any:
    if cache is conn.engine._compiled_cache and not translate:
        return key if names is None and not many else (key, names, many)
    # the text of a map that translates "no schema" has more markers
    marks = (None in translate) + 1 if translate else 0
    return (key, names, many, conn.dialect, marks)


def build_plan(
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
    left = compiled._unused_values if names is None else {*names, *compiled._unused_values} - plan.taken()
    if left:
        from relvar.engine.losses import sentence_of  # with the first such mistake

        plan.unused = sentence_of(plan, left)
    if key is not None and cache is not None and dialect._supports_statement_cache:
        cache[cache_key(conn, cache, key, names, many, translate)] = plan
    return plan


_WARN_LINTING = 2


# -- one execution -----------------------------------------------------------------


def text_of(conn: Connection, plan: Plan, named: Any, options: Mapping[str, Any]) -> tuple[str, Any]:
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
    note: Note | None,
) -> Any:
    """
    Execute a plan once.
    """
    if plan.unused is not None:
        exc.report_loss(plan.unused, conn._strict)
    dbapi_connection = conn._ready(options)
    try:
        known = with_defaults(conn, plan, binds, params or {}, options) if plan.prefetch else params
        named = plan.collect(binds, known)
        text, parameters = text_of(conn, plan, named, options)
    except Exception as err:
        conn._handle_error(err, plan.text, [dict(params)] if params else (), None, None)
    context = context_if_needed(conn, plan, statement, parameters, [named], options, False, note)
    cursor = send(conn, dbapi_connection, plan, text, parameters, False, options, context, note)
    result = result_of(conn, plan, cursor, options, context, statement)
    result._statement = statement
    result._parameters = parameters
    result._values = named
    return result


# -- many rows of parameters ---------------------------------------------------------


def _run_rows(
    conn: Connection,
    plan: Plan,
    statement: Any,
    binds: Sequence[Any],
    rows: Rows,
    options: Mapping[str, Any],
    note: Note | None,
) -> Any:
    """
    Execute a plan for many rows of parameters.

    Cases:
        1. INSERT with RETURNING, and the dialect can batch: see `insertmany`.
        2. Anything else with RETURNING: refused.
        3. INSERT that can have many rows in a statement: see `listed`.
        4. executemany.
    """
    dialect = conn.dialect
    dbapi_connection = conn._ready(options)
    imv = plan.insertmanyvalues
    returning = bool(plan.compiled.effective_returning) if plan.is_crud else False
    listed = None
    given = rows
    try:
        if returning and (imv is None or not dialect.insert_executemany_returning):
            _refuse_many_returning(plan, dialect)
        if plan.prefetch:
            rows = rows_with_defaults(conn, plan, binds, rows, options)
        if plan.expands:
            raise exc.InvalidRequestError(
                "'literal_execute' or 'expanding' parameters can't be used with executemany()"
            )
        if imv is not None:
            named: Any = _rows_of_batches(plan, binds, rows)
        elif plan.is_insert and (listed := _listed(conn, dbapi_connection, plan, binds, rows, options)):
            named, sent = listed
        else:
            named, parameters = plan.prepare_rows(binds, rows)
    except Exception as err:
        for number, row in enumerate(given):
            if not isinstance(row, Mapping):
                raise exc.ArgumentError(
                    f"Each parameter set is a dictionary; set {number} is {type(row).__name__!r}"
                ) from None
        conn._handle_error(err, plan.text, [dict(row) for row in given], None, None)
    # all rows have the first one's names now: only the length of a row can tell of more
    if plan.unused is not None or plan.sources or not are_of_length(given, len(given[0])):
        from relvar.engine.losses import report_unused_of_rows  # with the first rows that differ

        report_unused_of_rows(conn, plan, given)
    if imv is not None:
        from relvar.engine import insertmany  # with the first such INSERT

        return insertmany.execute(conn, dbapi_connection, plan, statement, named, options, note)
    many = listed is None
    if many:
        sent = [((), plan.text, parameters)]
    count = 0
    for part, text, parameters in sent:
        if plan.translates:
            text = plan.compiled.preparer._render_schema_translates(
                text, options.get("schema_translate_map") or {}
            )
        if conn._echo and note is not None:
            note.rows = [dict(zip(plan.names, row, strict=True)) for row in part]
        context = context_if_needed(conn, plan, statement, parameters, named, options, many, note)
        cursor = send(conn, dbapi_connection, plan, text, parameters, many, options, context, note)
        result = result_of(conn, plan, cursor, options, context, statement)
        count += result._rowcount
    result._rowcount = count
    result._statement = statement
    result._parameters = parameters
    result._values = named if type(named) is list else list(named)
    return result


def _listed(
    conn: Connection,
    dbapi_connection: Any,
    plan: Plan,
    binds: Sequence[Any],
    rows: Rows,
    options: Mapping[str, Any],
) -> tuple[Rows, list[tuple[Sequence[Sequence[Any]], str, Any]]] | None:
    """
    Give the values of each row by name, and rows, text and parameters of statements that have many rows each.

    None, if each row has a statement: also with a limit of time, which is for one.
    """
    from relvar.engine.listed import list_writer, listed_statements  # with the first many rows

    if "timeout" in options or (writer := list_writer(conn, plan, len(rows))) is None:
        return None
    named = _rows_of_batches(plan, binds, rows)
    values = [[row[name] for name in plan.names] for row in named]
    made = listed_statements(dbapi_connection, writer, values)
    return None if made is None else (named, made)


def _rows_of_batches(plan: Plan, binds: Sequence[Any], rows: Rows) -> Rows:
    """
    Give the values of each row by name.

    Raises:
        InvalidRequestError: A row lacks a value.
    """
    count = len(plan.names)
    is_short = len(rows[0]) < count or (
        not are_of_length(rows, len(rows[0])) and any(len(row) < count for row in rows)
    )
    if plan.sources or is_short:
        return [plan.collect(binds, row, number) for number, row in enumerate(rows)]
    if have_names(rows, plan.names):
        return rows
    return [plan.collect(binds, row, number) for number, row in enumerate(rows)]


def _refuse_many_returning(plan: Plan, dialect: Any) -> None:
    allowed = (
        (plan.is_update and dialect.update_executemany_returning)
        or (plan.is_delete and dialect.delete_executemany_returning)
        # by the driver's executemany() itself
        or (plan.is_insert and dialect.insert_executemany_returning and not dialect.use_insertmanyvalues)
    )
    if not allowed:
        kind = "INSERT" if plan.is_insert else "UPDATE" if plan.is_update else "DELETE"
        raise exc.InvalidRequestError(
            f"Dialect {dialect.dialect_description} with current server capabilities does not support "
            f"{kind}..RETURNING when executemany is used"
        )


# -- DDL, text, control statements ------------------------------------------------------


def execute_ddl(conn: Connection, ddl: Any, options: Mapping[str, Any] | None) -> Any:
    """
    Execute a DDL element.
    """
    merged = merged_options(conn, ddl, options)
    has_events = conn._has_events or conn.engine._has_events
    if has_events:
        ddl, _ = before_execute(conn, ddl, _NO_ROWS_GIVEN, merged)
    started = time.perf_counter()
    dialect = conn.dialect
    compiled = ddl.compile(dialect=dialect, schema_translate_map=merged.get("schema_translate_map") or None)
    plan = plan_of(dialect, compiled, ())
    plan.is_ddl, plan.returns_rows = True, False
    text = plan.text
    if plan.translates:
        text = compiled.preparer._render_schema_translates(text, merged["schema_translate_map"])
    parameters = dialect.execute_sequence_format() if dialect.positional else {}
    note = Note(started, CacheStats.NO_CACHE_KEY, plan)
    dbapi_connection = conn._ready(merged)
    context = context_if_needed(conn, plan, ddl, parameters, [], merged, False, note)
    cursor = send(conn, dbapi_connection, plan, text, parameters, False, merged, context, note)
    result = result_of(conn, plan, cursor, merged, context)
    result._statement = ddl
    if has_events:
        conn.dispatch.after_execute(conn, ddl, [], {}, merged, result)
    return result


def execute_driver_sql(
    conn: Connection, text: str, parameters: Any, options: Mapping[str, Any] | None
) -> Any:
    """
    Execute text with parameters as the driver takes them.
    """
    if not isinstance(text, str):
        raise exc.ArgumentError(
            f"exec_driver_sql() takes text, got {type(text).__name__}; execute() takes statements"
        )
    merged = merged_options(conn, None, options)
    dialect = conn.dialect
    many, given = _driver_parameters(dialect, parameters)
    plan = Plan(dialect, text)
    dbapi_connection = conn._ready(merged)
    context = context_if_needed(conn, plan, text, given, [], merged, many, None)
    if context is not None:
        context.compiled = None
    cursor = send(conn, dbapi_connection, plan, text, given, many, merged, context, None)
    result = result_of(conn, plan, cursor, merged, context)
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
    raise exc.ArgumentError("mapping or sequence expected for parameters")


def execute_on_cursor(conn: Connection, cursor: Any, text: str, parameters: Any, context: Any) -> None:
    """
    Execute text on a cursor that is there, as a part of another execution.
    """
    has_events = conn._has_events or conn.engine._has_events
    if has_events:
        for listener in conn.dispatch.before_cursor_execute:
            text, parameters = listener(conn, cursor, text, parameters, context, False)
    if conn._echo:
        log_statement(conn, text, parameters, False, None)
    try:
        if "timeout" in conn._execution_options:
            conn._call_within(
                lambda _: conn.dialect.do_execute(cursor, text, parameters, context),
                conn._dbapi_connection.dbapi_connection,
                can_cancel=True,
            )
        else:
            conn.dialect.do_execute(cursor, text, parameters, context)
    except BaseException as err:
        conn._handle_error(err, text, parameters, cursor, context or STARTED)
    if has_events:
        conn.dispatch.after_cursor_execute(conn, cursor, text, parameters, context, False)
