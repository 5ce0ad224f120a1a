"""
Make the plan of a compiled statement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from relvar import exc
from relvar.engine.plan import Plan


def plan_of(dialect: Any, compiled: Any, binds: Sequence[Any], load: Any = None) -> Plan:
    """
    Make the plan of a compiled statement.

    Args:
        binds: The binds of the statement the plan will be looked up for.
    """
    translates = bool(compiled.schema_translate_map)
    plan = Plan(dialect, compiled._marked_string if translates else compiled.string)
    plan.compiled = compiled
    plan.load = load
    plan.translates = translates
    if compiled.is_ddl:
        plan.is_ddl, plan.is_text, plan.returns_rows = True, False, False
        return plan
    _set_facts(plan, compiled)
    _set_slots(plan, compiled, binds)
    return plan


def _set_facts(plan: Plan, compiled: Any) -> None:
    plan.is_text = bool(compiled.isplaintext)
    plan.is_insert = bool(compiled.isinsert)
    plan.is_update = bool(compiled.isupdate)
    plan.is_delete = bool(compiled.isdelete)
    plan.is_crud = plan.keeps_rowcount = plan.is_insert or plan.is_update or plan.is_delete
    plan.implicit_returning = compiled.implicit_returning or None
    plan.explicit_returning = bool(compiled.effective_returning) and not compiled.implicit_returning
    plan.returns_rows = not plan.is_crud or plan.explicit_returning
    plan.returns_defaults = plan.is_crud and bool(compiled.statement._return_defaults)
    plan.insertmanyvalues = compiled._insertmanyvalues
    plan.has_out_parameters = compiled.has_out_parameters
    plan.expands = bool(compiled.post_compile_params or compiled.literal_execute_params)


def _set_slots(plan: Plan, compiled: Any, binds: Sequence[Any]) -> None:
    # two parameters may share a name
    order = list(compiled.positiontup if plan.positional else dict.fromkeys(compiled.bind_names.values()))
    if plan.has_out_parameters:
        # the database fills these; the dialect's context brings them along
        filled = {name for bind, name in compiled.bind_names.items() if bind.isoutparam}
        order = [name for name in order if name not in filled]
    # parameters around the elements of a list have no place before the list is known
    around = compiled.bind_names.values() if plan.expands else ()
    names = list(dict.fromkeys((*order, *around)))
    places = {name: i for i, name in enumerate(names)}
    plan.names = tuple(names)
    if len(order) != len(names):
        plan.slots = tuple(places[name] for name in order)
    escaped = compiled.escaped_bind_names
    plan.keys = tuple(escaped.get(name, name) for name in names) if escaped else plan.names
    plan.driver_keys = None if plan.positional else plan.keys
    processors = _checked_processors(plan, compiled, names)
    if processors:
        plan.processors = tuple(processors.get(name) for name in order)
        if not any(plan.processors):
            plan.processors = None
    plan.binds_count = len(binds)
    at: dict[Any, int] = {}
    for i, bind in enumerate(binds):
        at.setdefault(bind, i)
    sources: dict[str, int] = {}
    extra: list[Any] = []
    computed = (*compiled.insert_prefetch, *compiled.update_prefetch)
    prefetched = {plan.parameter_name(column) for column in computed}
    given = set(compiled.column_keys or ())
    for name in names:
        bind = compiled.binds[name]
        index = at.get(bind)
        copied = bind
        while index is None and copied._is_clone_of is not None:
            # the compiler gave the parameter a type: its value is the statement's
            copied = copied._is_clone_of
            index = at.get(copied)
        if index is not None:
            sources[name] = index
        elif name not in prefetched and not bind.required and bind.key not in given:
            sources[name] = len(binds) + len(extra)
            extra.append(bind)
    plan.sources = sources
    plan.extra = tuple(extra)
    indexes = tuple(sources.get(name, -1) for name in order)
    # a required parameter comes with the execution, even if its bind has a value
    is_required = any(compiled.binds[name].required for name in names)
    is_complete = -1 not in indexes and not computed and not plan.translates and not is_required
    plan.indexes = indexes if is_complete and not plan.expands else None
    if is_complete and plan.expands:
        plan.expanding = _lists_of(plan, compiled, order, indexes)
    # which of both a column needs depends on the statement that sets it, which may be in a CTE
    plan.prefetch = (
        *((plan.parameter_name(c), c, c.default, False) for c in compiled.insert_prefetch),
        *((plan.parameter_name(c), c, c.onupdate, True) for c in compiled.update_prefetch),
    )


def _checked_processors(plan: Plan, compiled: Any, names: Sequence[str]) -> Mapping[str, Any]:
    """
    Give the bind processors by name, with a look at values that their columns may not hold.
    """
    processors: Mapping[str, Any] = compiled._bind_processors
    dialect = plan.dialect
    stores = plan.is_insert or plan.is_update
    if not stores and not dialect.strict and dialect.name not in ("sqlite", "mysql", "mariadb"):
        # the others keep the meaning of a value, or refuse it
        return processors
    from relvar.types.losses import checked  # with the first plan

    stored: dict[str, Any] = {}
    if stores:
        stored = {plan.parameter_name(column): column for column in compiled.statement.table.c}
    found: dict[str, Any] = {}
    for name in names:
        type_ = compiled.binds[name].type
        process = processors.get(name)
        tell = _teller(stored.get(name), name, type_, dialect.strict)
        looking = checked(type_, dialect, process, name in stored, tell)
        if looking is not process:
            found[name] = looking
    return {**processors, **found} if found else processors


# How often a plan warns of a column, which may get a hundred thousand rows.
_MAX_TOLD = 10


def _teller(column: Any, name: str, type_: Any, strict: bool) -> Callable[[str], None]:
    told = 0

    def tell(lost: str) -> None:
        nonlocal told
        told += 1
        if strict or told <= _MAX_TOLD:
            where = f"The parameter {name!r} of type {type_!r}" if column is None else str(column)
            exc.report_loss(f"{where} can't hold the value as it is: {lost}.", strict)

    return tell


def _lists_of(
    plan: Plan, compiled: Any, order: Sequence[str], indexes: tuple[int, ...]
) -> tuple[tuple[int, ...], tuple[bool, ...]] | None:
    """
    Say which slots hold lists, if the text depends on nothing but their lengths.
    """
    if compiled.literal_execute_params or compiled._numeric_binds:
        return None
    if len(plan.names) > len(set(order)):
        # parameters that stand once more around each element
        return None
    for bind in compiled.post_compile_params:
        # values of these may be rows, which have a length of their own
        if bind.type._isnull or getattr(bind.type, "_is_tuple_type", False):
            return None
    return indexes, tuple(compiled.binds[name] in compiled.post_compile_params for name in order)
