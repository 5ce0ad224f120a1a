"""
``INSERT INTO ... SELECT``: which column of the SELECT goes where.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.compile.assignment import Assignment
from relvar.expr.bind import BindParameter

if TYPE_CHECKING:
    from relvar.compile.crud_plan import Plan


def pair_with_select(plan: Plan) -> None:
    """
    Pair the SELECT's columns with the names; add defaults as columns of the SELECT.
    """
    stmt, compiler = plan.stmt, plan.compiler
    columns = [
        stmt.table.c[name] if isinstance(name, str) else stmt.table.c[name.key] for name in stmt._select_names
    ]
    for column in columns:
        plan.consumed.add(plan.key_of(column))
        plan.values.append(Assignment(column, compiler.preparer.quote(column.name), "", ()))
    if not stmt.include_insert_from_select_defaults:
        return
    given = set(columns)
    extra: list[tuple[Any, Any]] = []
    for column in stmt.table.columns:
        if column in given or column.default is None or column._insert_sentinel:
            continue
        default = column.default
        if default.is_sequence:
            dialect = compiler.dialect
            if dialect.supports_sequences and not (default.optional and dialect.sequences_optional):
                extra.append((column, default.next_value()))
        elif default.is_clause_element:
            extra.append((column, default.arg.self_group()))
        elif not default.is_sentinel:
            bindparam: BindParameter[Any] = BindParameter(
                plan.key_of(column), None, type_=column.type, required=False, _is_crud=True
            )
            extra.append((column, bindparam))
            compiler.insert_prefetch.append(column)
    if extra:
        if not stmt.select._is_select_statement:
            names = ", ".join(repr(column.key) for column, _ in extra)
            raise exc.CompileError(
                "Can't extend statement for INSERT..FROM SELECT to include additional default-holding "
                f"column(s) {names}.  Convert the selectable to a subquery() first, or pass "
                "include_defaults=False to Insert.from_select() to skip these columns."
            )
        for column, _ in extra:
            plan.values.append(Assignment(column, compiler.preparer.quote(column.name), "", ()))
        compiler._insert_select_extra = [value for _, value in extra]  # type: ignore[attr-defined]  # see DML rules
