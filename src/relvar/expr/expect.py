"""
Take an argument for a role given by its class.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar import exc
from relvar.expr import coerce, rolenames

__all__ = ["expect"]

_BY_ROLE: dict[Any, Callable[[Any], Any]] = {
    rolenames.ExpressionElementRole: coerce.operand,
    rolenames.BinaryElementRole: coerce.operand,
    rolenames.ColumnArgumentRole: coerce.operand,
    rolenames.LabeledColumnExprRole: coerce.operand,
    rolenames.ColumnsClauseRole: coerce.columns_clause_item,
    rolenames.TypedColumnsClauseRole: coerce.columns_clause_item,
    rolenames.WhereHavingRole: coerce.where_criterion,
    rolenames.OnClauseRole: coerce.on_clause,
    rolenames.OrderByRole: coerce.order_by_item,
    rolenames.ByOfRole: coerce.by_of_item,
    rolenames.FromClauseRole: coerce.from_item,
    rolenames.StrictFromClauseRole: coerce.from_item,
    rolenames.JoinTargetRole: coerce.join_target,
    rolenames.DMLTableRole: coerce.dml_table,
    rolenames.StatementRole: coerce.statement,
    rolenames.SelectStatementRole: coerce.select_statement,
    rolenames.CompoundElementRole: coerce.compound_element,
    rolenames.ReturnsRowsRole: coerce.returns_rows,
    rolenames.DDLExpressionRole: coerce.operand,
}


def expect(role: Any, element: Any, **kw: Any) -> Any:
    """
    Return *element* as what stands in the place *role* names.

    Raises:
        ArgumentError: it cannot stand there.
    """
    take = _BY_ROLE.get(role)
    if take is None:
        raise exc.ArgumentError(f"{role!r} is no role of an argument")
    return take(element)
