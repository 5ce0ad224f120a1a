"""
Tell the driver the types of the parameters, for dialects with `BindTyping.SETINPUTSIZES`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from relvar.engine.errors import STARTED

if TYPE_CHECKING:
    from relvar.engine.base import Connection
    from relvar.engine.plan import Plan

__all__ = ["set_input_sizes"]


def set_input_sizes(
    conn: Connection,
    plan: Plan,
    cursor: Any,
    text: str,
    parameters: Any,
    context: Any,
    names: Sequence[str] | None = None,
) -> None:
    """
    Call `Dialect.do_set_input_sizes` with name, driver's type and type of each parameter.

    The listeners of ``do_setinputsizes`` see, and may change, one type per bind parameter; the elements of
    an ``IN`` list and the rows of a batch have that of their parameter.

    Args:
        names: The parameters in the order they are sent in, if it is not that of the plan.
    """
    dialect = conn.dialect
    sizes = _wanted(plan, dialect)
    if dialect._has_events:
        dialect.dispatch.do_setinputsizes(sizes, cursor, text, parameters, context)
    by_name = {name: bind for bind, name in plan.compiled.bind_names.items()}
    if names is not None:
        places: Sequence[tuple[str, str]] = [(name, name) for name in names]
    else:
        places = _expanded(plan, context, by_name) if plan.expands else _plain(plan)
    if not places:
        return
    rows = [(key, sizes.get(by_name[name]), by_name[name].type) for key, name in places]
    try:
        dialect.do_set_input_sizes(cursor, rows, context)
    except BaseException as err:
        conn._handle_error(err, None, None, None, context or STARTED)


def _wanted(plan: Plan, dialect: Any) -> dict[Any, Any]:
    """
    Give the driver's type of each bind parameter that has one and is to be told.
    """
    include, exclude = dialect.include_set_input_sizes, dialect.exclude_set_input_sizes
    found: dict[Any, Any] = {}
    for bind in plan.compiled.bind_names:
        dbapi_type = bind.type.dialect_impl(dialect).get_dbapi_type(dialect.loaded_dbapi)
        if (
            dbapi_type is None
            or (exclude and dbapi_type in exclude)
            or (include and dbapi_type not in include)
        ):
            continue
        found[bind] = dbapi_type
    return found


def _plain(plan: Plan) -> Sequence[tuple[str, str]]:
    """
    Give, for each placeholder, what the driver calls it, and the parameter it belongs to.
    """
    order = range(len(plan.names)) if plan.slots is None else plan.slots
    return [(plan.keys[i], plan.names[i]) for i in order]


def _expanded(plan: Plan, context: Any, by_name: dict[str, Any]) -> Sequence[tuple[str, str]]:
    """
    Give the same where lists stand for several placeholders and others for none.
    """
    compiled = plan.compiled
    state = compiled._process_parameters_for_postcompile(context.compiled_parameters[0])
    parents = {element: name for name, elements in state.parameter_expansion.items() for element in elements}
    escaped = compiled.escaped_bind_names
    order = state.positiontup if plan.positional else list(state.parameters)
    places = [(escaped.get(name, name), parents.get(name, name)) for name in order]
    # the database fills some, which the dialect's context brings along
    return [place for place in places if place[1] in by_name and not by_name[place[1]].isoutparam]
