"""
Run a SELECT over entities in a session.

The warm path: key of the statement, plan from the engine's cache, cursor,
result. Planning (`plan`) happens inside the look-up, on a miss.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relvar._kernels.keys import statement_key
from relvar._kernels.loader import Run
from relvar.engine.execute import plan_for, run_result
from relvar.orm.load.draft import BundleDraft, ColumnDraft, EntityDraft, LoadPlan
from relvar.orm.load.plan import plan_select
from relvar.orm.load.result import EntityResult, check_yield_per
from relvar.orm.load.run import LoadContext, connection_of, new_run
from relvar.orm.load.tree import OptionTree
from relvar.rows.layout import Layout
from relvar.util.immutable import EMPTY_DICT

__all__ = ["execute_select", "is_orm_select", "result_layout", "starter"]


def is_orm_select(statement: Any) -> bool:
    """Tell whether a statement is about entities and has to be planned by this layer."""
    return bool(statement._propagate_attrs)


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
    own = statement._execution_options
    options = {**own, **execution_options} if own else execution_options
    if not options or options.get("autoflush", True):
        session._autoflush()
    subject = statement._propagate_attrs.get("plugin_subject")
    connection = connection_of(session, subject, statement, bind_arguments)
    key, binds = statement_key(statement)
    if key is not None:
        key = ("orm", key, options["_no_eagerloads"]) if "_no_eagerloads" in options else ("orm", key)
    plan = plan_for(connection, key, lambda: _build(statement, options), binds=binds, options=options)
    load: LoadPlan = plan.load
    size = options.get("yield_per") if options else None
    if size:
        check_yield_per(load, size)
    source = run_result(connection, plan, binds, params, options)
    if load.layout is None:
        load.layout = result_layout(load, source._layout)
    if load.is_plain:
        source._layout = load.layout
        return source
    items = load.bind(source._layout.processors)
    tree = OptionTree(statement._with_options) if statement._with_options else None
    kept = None if tree is None else tree.propagated
    context = LoadContext(session, connection, statement, binds, options)
    result = EntityResult(load.layout, source, load, items, starter(session, context, kept, options))
    if size:
        result.yield_per(size)
    return result


def _build(statement: Any, options: Mapping[str, Any]) -> tuple[Any, LoadPlan]:
    if "_no_eagerloads" in options:
        statement = statement.execution_options(_no_eagerloads=options["_no_eagerloads"])
    return plan_select(statement)


def starter(session: Any, context: LoadContext, tree: OptionTree | None, options: Mapping[str, Any]) -> Any:
    """Return what makes the run for each batch of rows."""

    def start() -> Run:
        run = new_run(session, context, tree)
        if options:
            run.populate = bool(options.get("populate_existing"))
            run.token = options.get("identity_token")
        return run

    return start


def result_layout(plan: LoadPlan, source: Layout) -> Layout:
    """
    Return the layout of result rows: named as the program named entities and attributes.

    Args:
        source: The layout of the cursor's rows.
    """
    objects: dict[Any, int | None] = {}
    for index, (item, raw) in enumerate(zip(plan.items, plan.objects, strict=True)):
        for thing in _known_as(item, raw):
            objects[thing] = index if objects.get(thing, index) == index else None
    names: dict[str, int | None] = {}
    for index, name in enumerate(plan.keys):
        names[name] = None if name in names else index
    filters = [None if isinstance(item, ColumnDraft) else id for item in plan.items]
    return Layout(
        plan.keys,
        index=names,
        objects=objects,
        processors=source.processors if plan.is_plain else None,
        unique_filters=None if plan.is_plain else filters,
        structures=source.structures,
    )


def _known_as(item: Any, raw: Any) -> list[Any]:
    """Return the objects under which a program may look for an item in a row."""
    if isinstance(item, EntityDraft):
        entity = item.entity
        return [entity, entity.entity, entity.selectable]
    if isinstance(item, BundleDraft):
        bundle = raw._annotations["bundle"]
        return [bundle, bundle.name]
    return [raw]
