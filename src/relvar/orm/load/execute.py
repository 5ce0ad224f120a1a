# Compiled as it is, see setup.py.
"""
Run a SELECT over entities in a session.

The warm path: key of the statement, plan from the engine's cache, cursor,
result. Planning (`plan`) happens inside the look-up, on a miss.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relvar._kernels.identity import LAZY_LOADING, given
from relvar._kernels.keys import statement_key
from relvar._kernels.loader import LoadContext
from relvar._kernels.unread import CursorRows
from relvar.engine.prepared import known_plan, plan_for, run, run_result
from relvar.orm.load.draft import LoadPlan
from relvar.orm.load.from_statement import execute_from_statement
from relvar.orm.load.plan import plan_select
from relvar.orm.load.result import EntityResult, check_yield_per, result_layout
from relvar.orm.load.run import given_by, note_site
from relvar.orm.load.tree import option_tree
from relvar.rows.layout import Layout
from relvar.util.immutable import EMPTY_DICT

__all__ = ["execute_select"]


def execute_select(
    session: Any,
    statement: Any,
    params: Any = None,
    execution_options: Mapping[str, Any] = EMPTY_DICT,
    bind_arguments: Mapping[str, Any] | None = None,
) -> Any:
    """
    Run an ORM SELECT and return its result.

    Options of the execution that matter here: ``populate_existing``, ``yield_per``, ``autoflush``,
    ``identity_token``.
    """
    if statement.is_from_statement:
        return execute_from_statement(session, statement, params, execution_options, bind_arguments)
    own = statement._execution_options
    options: Mapping[str, Any] = {**own, **execution_options} if own else execution_options
    if not options or options.get("autoflush", True):
        if session._new or session._deleted or session.identity_map.modified:
            session._autoflush()
    subject = statement._propagate_attrs.get("plugin_subject")
    connection = session._connection_for(subject, statement, bind_arguments, options)
    if not statement._is_select_statement:
        # a UNION of entities' selects gives plain rows
        return connection.execute(statement, params, execution_options=execution_options)
    running: Mapping[str, Any]
    if own and connection._execution_options:
        # the connection has the last word about a statement's own
        running = {**own, **connection._execution_options, **execution_options}
    else:
        running = options
    return _result(session, connection, statement, params, options, running)


def _result(
    session: Any, connection: Any, statement: Any, params: Any, options: Mapping[str, Any], running: Any
) -> Any:
    """
    Return the result of a SELECT on a connection.

    Args:
        options: Those that say how the statement is planned.
        running: Those that it is run with.
    """
    key, binds = statement_key(statement)
    if key is not None:
        key = ("orm", key, options["_no_eagerloads"]) if "_no_eagerloads" in options else ("orm", key)
    plan = None if options or key is None else known_plan(connection, key)
    if plan is None:
        plan = _planned(connection, key, statement, options, tuple(binds))
    load: LoadPlan = plan.load
    size = options.get("yield_per") if options else None
    if size:
        check_yield_per(load, size)
    columns = statement._raw_columns
    layout = load.layout_of(columns)
    source: Any
    if running or load.is_plain or layout is None or connection._echo:
        source = run_result(connection, plan, binds, params, running)
        found: Layout = source._layout
    else:
        source = CursorRows(connection, run(connection, plan, binds, params))
        found = plan.layout  # type: ignore[assignment]  # made by the first execution at the latest
    if layout is None:
        layout = result_layout(load, found, columns)
        load.keep_layout(layout, columns)
    if load.is_plain:
        source._layout = layout
        return source
    told = statement._with_options
    tree = option_tree(told).propagated if told else None
    context = LoadContext(session, connection, statement, given_by(binds, params), running)
    if given(session, LAZY_LOADING) is not None:
        note_site(context)
    items = load._bound
    if items is None:
        items = load.bind(found.processors)
    result = EntityResult(layout, source, load, items, context, tree)
    if size:
        result.yield_per(size)
    return result


def _planned(
    connection: Any, key: Any, statement: Any, options: Mapping[str, Any], binds: tuple[Any, ...]
) -> Any:
    """
    Plan a statement that the engine does not have, or not with these options.
    """
    return plan_for(connection, key, lambda: _build(statement, options, binds), binds=binds, options=options)


def _build(statement: Any, options: Mapping[str, Any], binds: tuple[Any, ...]) -> tuple[Any, LoadPlan]:
    if "_no_eagerloads" in options:
        statement = statement.execution_options(_no_eagerloads=options["_no_eagerloads"])
    return plan_select(statement, binds=binds)
