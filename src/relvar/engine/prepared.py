# Compiled as it is, see setup.py.
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
        ``known_plan(conn, key)`` only looks up, and gives None on a miss or where options matter.
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
    rowcount = run_listed(conn, plan, rows)
        UPDATE of many rows by statements that each have many; None where the dialect has no such.
        `run_many` does so with an INSERT.
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
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar._kernels.binds import bind_parameters
from relvar._kernels.keys import statement_key
from relvar._kernels.unread import fetch_all
from relvar.dialect.interface import CacheStats
from relvar.engine.defaults import with_defaults
from relvar.engine.errors import STARTED
from relvar.engine.execute import before_execute, build_plan, cache_key, event_parameters, text_of
from relvar.engine.plan import Plan
from relvar.engine.send import Note, context_if_needed, merged_options, result_of, send
from relvar.engine.transactions import EngineBase
from relvar.event import clock
from relvar.rows.cursor import CursorResult
from relvar.util.immutable import EMPTY_DICT
from relvar.util.lru import Recent

if TYPE_CHECKING:
    from relvar.engine.base import Connection


def known_plan(conn: Connection, key: Any) -> Plan | None:
    """
    Look up a plan for an execution without options; None where `plan_for` has to be asked.
    """
    if conn._execution_options:
        return None
    engine: EngineBase = conn.engine
    cache = engine._compiled_cache
    found: Plan | None
    if isinstance(cache, Recent):
        known: Recent = cache
        found = known._value(key)
    else:
        found = None if cache is None else cache.get(key)
    return found


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
    found: Plan | None
    if key is not None and column_keys is None and not many and not options and not conn._execution_options:
        cache = conn.engine._compiled_cache
        if cache is not None:
            found = cache.get(key)
            if found is not None:
                return found
    translate = options.get("schema_translate_map") or conn._execution_options.get("schema_translate_map")
    cache = options["compiled_cache"] if "compiled_cache" in options else conn.engine._compiled_cache
    names = None if column_keys is None else tuple(column_keys)
    if key is not None and cache is not None:
        found = cache.get(cache_key(conn, cache, key, names, many, translate))
        if found is not None:
            return found
    statement, load = build()
    plan = build_plan(conn, statement, key, binds, names, many, translate, None)
    plan.load = load
    if key is not None and cache is not None and conn.dialect._supports_statement_cache:
        cache[cache_key(conn, cache, key, names, many, translate)] = plan
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
    if options or params or (conn._plain_at != clock.ticks and not conn._is_plain()):
        return _run_slowly(conn, plan, binds, params, options)
    dbapi_connection = conn._at_hand()
    if dbapi_connection is None:
        dbapi_connection = conn._ready()
    text = plan.text
    parameters: Any
    try:
        if plan.indexes is not None:
            parameters = bind_parameters(
                tuple(binds), plan.extra, plan.indexes, plan.processors, plan.driver_keys
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
    cursor: Any = None
    try:
        cursor = dbapi_connection.cursor()
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
    options = merged_options(conn, None, given)
    heard = conn._has_events or conn.engine._has_events
    statement = plan.compiled.statement
    rows: Sequence[Mapping[str, Any]] = (params,) if params else ()
    if heard:
        changed, rows = before_execute(conn, statement, rows, options)
        params = rows[0] if rows else None
        if changed is not statement:
            statement = changed
            key, binds = statement_key(statement)
            plan = build_plan(
                conn, statement, key, binds, None, False, options.get("schema_translate_map"), None
            )
    dbapi_connection = conn._ready()
    given_names = tuple(params) if params else None
    try:
        if plan.prefetch:
            params = with_defaults(conn, plan, binds, params or {}, options)
        named = plan.collect(binds, params)
        text, parameters = text_of(conn, plan, named, options)
    except Exception as err:
        conn._handle_error(err, plan.text, [dict(params)] if params else [], None, None)
    # a name that the text does not have may be in loader options: statements that follow take it
    if (
        given_names is not None
        and (left := set(given_names) - plan.taken())
        and (left := left.difference([bind.key for bind in binds]))
    ):
        from relvar.engine.losses import sentence_of  # with the first such mistake

        exc.report_loss(sentence_of(plan, left), conn._strict)
    note = Note(time.perf_counter(), CacheStats.CACHE_HIT, plan)
    context = context_if_needed(conn, plan, statement, parameters, [named], options, False, note)
    cursor = send(conn, dbapi_connection, plan, text, parameters, False, options, context, note)
    if heard:
        _after(conn, plan, statement, rows, cursor, options)
    return cursor


def _after(
    conn: Connection,
    plan: Plan,
    statement: Any,
    rows: Sequence[Mapping[str, Any]],
    cursor: Any,
    options: Mapping[str, Any],
) -> None:
    """
    Tell the listeners of ``after_execute``.
    """
    if conn.dispatch.after_execute:
        result: CursorResult[Any] = CursorResult(conn, plan, cursor, plan.layout_for(cursor))
        conn.dispatch.after_execute(conn, statement, *event_parameters(rows), options, result)


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
    return result_of(conn, plan, cursor, merged_options(conn, None, options), None)


def run_many(conn: Connection, plan: Plan, rows: Sequence[Sequence[Any]]) -> int:
    """
    Run a DML plan for rows of values by executemany; gives the rowcount.
    """
    if len(rows) == 1:
        return run_counted(conn, plan, rows)[0]
    if plan.is_insert and (listed := run_listed(conn, plan, rows)) is not None:
        return listed
    dbapi_connection = conn._ready()
    parameters = _tuples(conn, plan, rows)
    cursor = _send_values(conn, dbapi_connection, plan, parameters, True)
    count: int = cursor.rowcount
    conn._close_cursor(cursor)
    return count


def run_listed(conn: Connection, plan: Plan, rows: Sequence[Sequence[Any]]) -> int | None:
    """
    Run a plan by statements that have the values of many rows each.

    Args:
        rows: Of an UPDATE, no two of them find one row of the database.

    Returns:
        The rowcount; None where the rows have to go by `run_many`: nothing was sent then.
    """
    from relvar.engine.listed import list_writer, listed_statements  # with the first many rows

    writer = list_writer(conn, plan, len(rows))
    if writer is None:
        return None
    dbapi_connection = conn._ready()
    try:
        made = listed_statements(dbapi_connection, writer, rows)
    except Exception as err:
        conn._handle_error(err, plan.text, list(rows), None, None)
    if made is None:
        return None
    count = 0
    for part, text, parameters in made:
        cursor = _send_with_context(conn, dbapi_connection, plan, parameters, False, text, part)[0]
        count += cursor.rowcount
        conn._close_cursor(cursor)
    return count


def run_each(conn: Connection, plan: Plan, rows: Sequence[Sequence[Any]]) -> list[Any]:
    """
    Run an INSERT plan once per row; gives each ``lastrowid``.
    """
    dbapi_connection = conn._ready()
    parameters = _tuples(conn, plan, rows)
    made: list[Any] = []
    if not conn._is_plain():
        for one in parameters:
            cursor, context = _send_with_context(conn, dbapi_connection, plan, one, False)
            has_own_way = context is not None and conn.engine._context_always
            made.append(context.get_lastrowid() if has_own_way else conn.dialect._lastrowid(cursor))
            conn._close_cursor(cursor)
        return made
    if conn.dialect._executes_each:
        return _each_at_once(conn, dbapi_connection, plan.text, parameters)
    lastrowid = _LASTROWID if conn.dialect._lastrowid_is_native else conn.dialect._lastrowid
    return _each_plainly(conn, dbapi_connection, plan.text, parameters, lastrowid)


_LASTROWID, _ROWCOUNT = attrgetter("lastrowid"), attrgetter("rowcount")


def _each_plainly(
    conn: Connection, dbapi_connection: Any, text: str, parameters: list[Any], tell: Callable[[Any], Any]
) -> list[Any]:
    """
    Execute once per row through one cursor, where nobody looks on; gives what *tell* finds in it each time.
    """
    cursor = conn._driver_cursor(dbapi_connection, text)
    execute_one = cursor.execute
    told: list[Any] = []
    for one in parameters:
        try:
            execute_one(text, one)
        except BaseException as err:
            conn._handle_error(err, text, one, cursor, STARTED)
        told.append(tell(cursor))
    conn._close_cursor(cursor)
    return told


def _each_at_once(conn: Connection, dbapi_connection: Any, text: str, parameters: list[Any]) -> list[Any]:
    """
    Do what `run_each` does, where each call of the driver is a trip to another thread: in one.
    """
    cursor = conn._driver_cursor(dbapi_connection, text)
    failed: list[Any] = parameters
    try:
        made, error = cursor.execute_each(text, parameters)
        if error is not None:
            failed = parameters[len(made)]
            raise error
    except BaseException as err:
        conn._handle_error(err, text, failed, cursor, STARTED)
    conn._close_cursor(cursor)
    return list(made)


def run_counted(conn: Connection, plan: Plan, rows: Sequence[Sequence[Any]]) -> list[int]:
    """
    Run a DML plan once per row; gives each ``rowcount``.
    """
    dbapi_connection = conn._ready()
    parameters = _tuples(conn, plan, rows)
    if conn._is_plain():
        return _each_plainly(conn, dbapi_connection, plan.text, parameters, _ROWCOUNT)
    counts: list[int] = []
    for one in parameters:
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
        from relvar.engine import insertmany  # with the first such INSERT

        return insertmany.execute_raw(conn, dbapi_connection, plan, rows)
    returned: list[Any] = []
    dialect = conn.dialect
    # a driver whose executemany() brings rows back itself
    brings = plan.is_insert and dialect.insert_executemany_returning and not dialect.use_insertmanyvalues
    if brings and len(rows) > 1:
        cursor = _send_values(conn, dbapi_connection, plan, _tuples(conn, plan, rows), True)
        if plan.layout is None:
            plan.layout_for(cursor)
        return fetch_all(conn, cursor)
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
    return _send_with_context(conn, dbapi_connection, plan, parameters, many)[0]


def _send_with_context(
    conn: Connection,
    dbapi_connection: Any,
    plan: Plan,
    parameters: Any,
    many: bool,
    text: str = "",
    listed: Sequence[Sequence[Any]] = (),
) -> tuple[Any, Any]:
    """
    Send a plan with values.

    Args:
        text: What is sent in place of the plan's text, with the values of all rows of *listed*.
    """
    text = text or plan.text
    options = conn._execution_options
    if plan.translates:
        text = plan.compiled.preparer._render_schema_translates(
            text, options.get("schema_translate_map") or {}
        )
    note = Note(time.perf_counter(), CacheStats.CACHE_HIT, plan) if conn._echo else None
    statement = plan.compiled.statement
    heard = conn._has_events or conn.engine._has_events
    rows: Sequence[Mapping[str, Any]] = ()
    if heard:
        if listed:
            rows = [dict(zip(plan.names, values, strict=True)) for values in listed]
        else:
            rows = [plan.by_name(one) for one in (parameters if many else [parameters])]
        before_execute(conn, statement, rows, options)
    context = context_if_needed(conn, plan, statement, parameters, rows, options, many, note)
    cursor = send(conn, dbapi_connection, plan, text, parameters, many, options, context, note)
    if heard:
        _after(conn, plan, statement, rows, cursor, options)
    return cursor, context
