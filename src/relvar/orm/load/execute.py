# Compiled as it is, see setup.py.
"""
Run a SELECT over entities in a session.

The warm path: what the statement says about its execution, its key, plan from the engine's cache, cursor,
result. Planning (`plan`) happens inside the look-up, on a miss.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relvar._kernels.identity import LAZY_LOADING, given
from relvar._kernels.keys import entities_key, statement_key
from relvar._kernels.loader import connects, made_context
from relvar._kernels.own import class_attribute, instance_dict, item_of
from relvar._kernels.unread import CursorRows
from relvar.engine.prepared import known_plan, plan_for, run, run_result
from relvar.expr.element import ClauseElement
from relvar.orm.load.draft import LoadPlan
from relvar.orm.load.plan import plan_select
from relvar.orm.load.result import check_yield_per, entity_result, result_layout
from relvar.orm.load.run import given_by, note_site
from relvar.orm.load.tree import option_tree
from relvar.rows.layout import Layout
from relvar.util.immutable import EMPTY_DICT

__all__ = ["Told", "execute_select", "told_by"]


class Told:
    """
    What a statement says about its execution: its attributes of these names, read together.

    Read one by one, each is looked for in the statement's class first.
    """

    __slots__ = (
        "can_run",
        "columns",
        "execution_options",
        "in_dict",
        "is_dml",
        "is_from_statement",
        "is_select",
        "options",
        "params",
        "propagated",
        "resolved",
        "resolves",
    )

    can_run: bool
    columns: Any
    execution_options: Mapping[str, Any]
    # of a class: whether its statements have these attributes in their dictionary, or as the class has them
    in_dict: bool
    is_dml: bool
    is_from_statement: bool
    is_select: bool
    options: tuple[Any, ...]
    params: Mapping[str, Any] | None
    propagated: Mapping[str, Any]
    resolved: Any
    # of a class: whether its statements stand for others
    resolves: bool


_NAMES = (
    "_execution_options", "_is_select_statement", "_params", "_propagate_attrs", "_raw_columns", "_resolved",
    "_with_options", "is_dml", "is_from_statement", "supports_execution",
)  # fmt: skip

_by_class: dict[Any, Told] = {}


def told_by(statement: Any) -> Told:
    """
    Return what anything that was given to be executed says about that.
    """
    known = _by_class.get(type(statement))
    if known is None:
        known = _by_class[type(statement)] = _told_by_class(type(statement))
    if not known.in_dict:
        return _read(statement, isinstance(statement, ClauseElement) and statement.supports_execution)
    own = instance_dict(statement)
    told = Told.__new__(Told)
    told.can_run = known.can_run
    told.is_dml = known.is_dml
    told.is_from_statement = known.is_from_statement
    told.is_select = known.is_select
    told.execution_options = own.get("_execution_options", known.execution_options)
    told.options = own.get("_with_options", known.options)
    told.params = own.get("_params", known.params)
    told.propagated = own.get("_propagate_attrs", known.propagated)
    told.resolved = own.get("_resolved", known.resolved) if known.resolves else known.resolved
    told.columns = own.get("_raw_columns", known.columns)
    return told


def _told_by_class(cls: Any) -> Told:
    """
    Return what the class of statements says for all of them.
    """
    own = [class_attribute(cls, name) for name in _NAMES]
    if not issubclass(cls, ClauseElement) or any(hasattr(value, "__get__") for value in own):
        return _read(cls, False)
    told = _read(cls, cls.supports_execution)
    told.in_dict = told.can_run
    told.resolves = any(field.name == "_resolved" for field in cls._fields)
    return told


def _read(statement: Any, can_run: bool) -> Told:
    """
    Return what a statement, or a class of statements, says; classes of other packages may have less to say.
    """
    told = Told()
    told.in_dict = False
    told.can_run = can_run
    if can_run:
        told.is_dml = statement.is_dml
        told.is_from_statement = getattr(statement, "is_from_statement", False)
        told.is_select = statement._is_select_statement
        told.execution_options = getattr(statement, "_execution_options", EMPTY_DICT)
        told.options = getattr(statement, "_with_options", ())
        told.params = getattr(statement, "_params", None)
        told.propagated = statement._propagate_attrs
        told.resolved = getattr(statement, "_resolved", None)
        told.columns = getattr(statement, "_raw_columns", None)
    return told


def execute_select(
    session: Any,
    statement: Any,
    told: Told,
    params: Any,
    execution_options: Mapping[str, Any],
    bind_arguments: Mapping[str, Any] | None,
) -> Any:
    """
    Run an ORM SELECT and return its result.

    Options of the execution that matter here: ``populate_existing``, ``yield_per``, ``autoflush``,
    ``identity_token``.

    Args:
        told: What the statement says about its execution.
    """
    own = told.execution_options
    options: Mapping[str, Any] = {**own, **execution_options} if own else execution_options
    if not options or options.get("autoflush", True):
        if session._new or session._deleted or session.identity_map.modified:
            session._autoflush()
    subject = item_of(told.propagated, "plugin_subject")
    connection = connects.by.of(session, subject, statement, bind_arguments, options)
    if not told.is_select:
        # a UNION of entities' selects gives plain rows
        return connection.execute(statement, params, execution_options=execution_options)
    running: Mapping[str, Any]
    if own and connection._execution_options:
        # the connection has the last word about a statement's own
        running = {**own, **connection._execution_options, **execution_options}
    else:
        running = options
    return _result(session, connection, statement, told, params, options, running)


def _result(
    session: Any,
    connection: Any,
    statement: Any,
    told: Told,
    params: Any,
    options: Mapping[str, Any],
    running: Any,
) -> Any:
    """
    Return the result of a SELECT on a connection.

    Args:
        options: Those that say how the statement is planned.
        running: Those that it is run with.
    """
    key, binds = statement_key(statement)
    if key is not None:
        key = entities_key(key)
        if options and "_no_eagerloads" in options:
            key = (key, options["_no_eagerloads"])
    plan = None if options or key is None else known_plan(connection, key)
    if plan is None:
        plan = _planned(connection, key, statement, options, tuple(binds))
    load: LoadPlan = plan.load
    size = options.get("yield_per") if options else None
    if size:
        check_yield_per(load, size)
    columns = told.columns
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
    tree = option_tree(told.options).propagated if told.options else None
    context = made_context(session, connection, statement, given_by(binds, params), running)
    if given(session, LAZY_LOADING) is not None:
        note_site(context)
    items = load._bound
    if items is None:
        items = load.bind(found.processors)
    result = entity_result(layout, source, load, items, context, tree)
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
