# Compiled as it is, see setup.py.
"""
Run a SELECT over entities in a session.

The warm path: key of the statement, plan from the engine's cache, cursor,
result. Planning (`plan`) happens inside the look-up, on a miss.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relvar._kernels.keys import statement_key
from relvar._kernels.unread import CursorRows
from relvar.engine.prepared import known_plan, plan_for, run, run_result
from relvar.orm.load.draft import LoadPlan
from relvar.orm.load.from_statement import execute_from_statement
from relvar.orm.load.plan import plan_select
from relvar.orm.load.result import EntityResult, check_yield_per, result_layout
from relvar.orm.load.run import LoadContext, given_by, note_site
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
    key, binds = statement_key(statement)
    if key is not None:
        key = ("orm", key, options["_no_eagerloads"]) if "_no_eagerloads" in options else ("orm", key)
    plan = None if options or key is None else known_plan(connection, key)
    if plan is None:
        given = tuple(binds)
        plan = plan_for(
            connection, key, lambda: _build(statement, options, given), binds=given, options=options
        )
    load: LoadPlan = plan.load
    size = options.get("yield_per") if options else None
    if size:
        check_yield_per(load, size)
    source: Any
    layout = load.layout_of(statement._raw_columns)
    if own and connection._execution_options:
        # the connection has the last word about a statement's own
        options = {**own, **connection._execution_options, **execution_options}
    if options or load.is_plain or layout is None or connection._echo:
        source = run_result(connection, plan, binds, params, options)
        found: Layout = source._layout
    else:
        source = CursorRows(connection, run(connection, plan, binds, params))
        found = plan.layout  # type: ignore[assignment]  # made by the first execution at the latest
    if layout is None:
        layout = result_layout(load, found, statement._raw_columns)
        load.keep_layout(layout, statement._raw_columns)
    if load.is_plain:
        source._layout = layout
        return source
    tree = None
    if statement._with_options:
        tree = option_tree(statement._with_options).propagated
    context = LoadContext(session, connection, statement, given_by(binds, params), options)
    if session.lazy_loading is not None:
        note_site(context)
    result = EntityResult(layout, source, load, load._bound or load.bind(found.processors), context, tree)
    if size:
        result.yield_per(size)
    return result


def _build(statement: Any, options: Mapping[str, Any], binds: tuple[Any, ...]) -> tuple[Any, LoadPlan]:
    if "_no_eagerloads" in options:
        statement = statement.execution_options(_no_eagerloads=options["_no_eagerloads"])
    return plan_select(statement, binds=binds)
