"""
Compute the defaults that the client computes before an INSERT or UPDATE.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from relvar.engine.plan import Plan
from relvar.engine.send import merged_options

if TYPE_CHECKING:
    from relvar.engine.base import Connection


def with_defaults(
    conn: Connection,
    plan: Plan,
    binds: Sequence[Any],
    params: Mapping[str, Any],
    options: Mapping[str, Any],
    number: int = 0,
) -> dict[str, Any]:
    """
    Give the parameters with the defaults that the client computes.

    Args:
        number: Which row of several this is; it is the value of an ``insert_sentinel`` column.

    A default function that takes the context sees all values of the row: the
    caller's, the statement's own, and the defaults computed before it.
    """
    filled = dict(params)
    context: Any = None
    for name, column, default, is_update in plan.prefetch:
        if default is not None:
            if default.is_scalar:
                filled[name] = default.arg
                continue
            if default.is_callable and getattr(default.arg, "_ignores_context", False):
                filled[name] = default.arg(None)
                continue
            if default.is_sentinel:
                filled[name] = number
                continue
        if context is None:
            context = conn.dialect.execution_ctx_cls._of_execution(
                conn, plan, compiled_parameters=[filled], execution_options=options
            )
        unknown = dict.fromkeys([each for each, *_ in plan.prefetch])
        context.current_parameters = {**plan.known(binds), **unknown, **filled}
        context.current_column = column
        if is_update:
            filled[name] = context.get_update_default(column)
        else:
            filled[name] = context.get_insert_default(column)
    return filled


def rows_with_defaults(
    conn: Connection,
    plan: Plan,
    binds: Sequence[Any],
    rows: Sequence[Mapping[str, Any]],
    options: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """
    Give each row of parameters with the defaults that the client computes.
    """
    makers = plain_makers(plan)
    if makers is not None:
        constants, calls = makers
        filled = []
        for row in rows:
            known = {**row, **constants}
            for name, call in calls:
                known[name] = call()
            filled.append(known)
        return filled
    return [with_defaults(conn, plan, binds, row, options, number) for number, row in enumerate(rows)]


def plain_makers(plan: Plan) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]] | None:
    """
    Give the defaults of a plan's rows, if none of them depends on its row or on the connection.

    Returns:
        Those that are the same for each row, and the functions of the others, by name of the parameter.
    """
    constants: dict[str, Any] = {}
    calls: list[tuple[str, Callable[[], Any]]] = []
    for name, _, default, _ in plan.prefetch:
        if default is not None and default.is_scalar:
            constants[name] = default.arg
        elif default is not None and default.is_callable and getattr(default.arg, "_ignores_context", False):
            calls.append((name, default.arg.__wrapped__))
        else:
            return None
    return constants, calls


def execute_default(conn: Connection, default: Any, options: Mapping[str, Any] | None) -> Any:
    """
    Compute a default, such as the next value of a sequence.
    """
    merged = merged_options(conn, None, options)
    conn._ready()
    context = conn.dialect.execution_ctx_cls._of_execution(conn, None, execution_options=merged)
    return context._exec_default(None, default, None)
