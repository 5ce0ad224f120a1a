"""
Take an argument for a role given by its class.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar import exc
from relvar.expr import coerce, coerce_rows, make, resolve
from relvar.expr import rolenames as roles
from relvar.expr.bind import literal
from relvar.expr.element import ClauseElement, ColumnElement
from relvar.expr.roles import Role

__all__ = ["expect"]


def _taking(
    role: Any, accepts: Callable[[Any], bool], otherwise: Callable[[Any], Any] | None = None
) -> Callable[[Any], Any]:
    """
    Return what takes elements that a test accepts, and what *otherwise* makes of plain values.
    """

    def take(given: Any) -> Any:
        element = resolve.clause_element(given)
        if isinstance(element, ClauseElement):
            if accepts(element):
                return element
        elif element is given and otherwise is not None:
            made = otherwise(given)
            if made is not None:
                return made
        resolve.fail(role._role_name, given, element)

    return take


def _is_column(element: Any) -> bool:
    return isinstance(element, ColumnElement)


def _is_labeled(element: Any) -> bool:
    return bool(element._roles & Role.LABELED)


def _is_ddl_expression(element: Any) -> bool:
    return isinstance(element, ColumnElement) or element._is_text_clause


def _labeled(given: Any) -> Any:
    """
    Return a column or label; another expression under an anonymous label.
    """
    element = coerce.operand(given)
    return element if element._roles & Role.LABELED else element.label(None)


def _key(given: Any) -> Any:
    return given if isinstance(given, str) else None


_BY_ROLE: dict[Any, Callable[..., Any]] = {
    roles.ExpressionElementRole: coerce.operand,
    roles.BinaryElementRole: coerce.operand,
    roles.LabeledColumnExprRole: _labeled,
    roles.ColumnArgumentRole: coerce.column_expression,
    roles.ColumnArgumentOrKeyRole: _taking(roles.ColumnArgumentOrKeyRole, _is_column, _key),
    roles.StrAsPlainColumnRole: _taking(
        roles.StrAsPlainColumnRole,
        _is_labeled,
        lambda given: make.ColumnClause(given) if isinstance(given, str) else None,
    ),
    roles.ColumnsClauseRole: coerce.columns_clause_item,
    roles.TypedColumnsClauseRole: coerce.columns_clause_item,
    roles.WhereHavingRole: coerce.where_criterion,
    roles.OnClauseRole: coerce.on_clause,
    roles.OrderByRole: coerce.order_by_item,
    roles.GroupByRole: coerce.group_by_item,
    roles.ByOfRole: coerce.by_of_item,
    roles.LimitOffsetRole: coerce.offset_or_limit_clause,
    roles.InElementRole: coerce.in_list,
    roles.FromClauseRole: coerce_rows.from_item,
    roles.StrictFromClauseRole: coerce_rows.from_item,
    roles.AnonymizedFromClauseRole: coerce_rows.from_item,
    roles.JoinTargetRole: coerce_rows.join_target,
    roles.DMLTableRole: coerce_rows.dml_table,
    roles.DMLColumnRole: coerce.dml_column,
    roles.DMLSelectRole: coerce_rows.select_statement,
    roles.StatementRole: coerce_rows.statement,
    roles.SelectStatementRole: _taking(
        roles.SelectStatementRole,
        lambda element: element._is_select_base or element._is_text_clause,
        lambda given: resolve.no_text(given) if isinstance(given, str) else None,
    ),
    roles.CompoundElementRole: coerce_rows.compound_element,
    roles.ReturnsRowsRole: coerce_rows.returns_rows,
    roles.HasCTERole: coerce_rows.cte_statement,
    roles.IsCTERole: _taking(roles.IsCTERole, lambda element: bool(element._roles & Role.CTE)),
    roles.ConstExprRole: _taking(
        roles.ConstExprRole, lambda element: element._is_singleton_constant, resolve.constant_of
    ),
    roles.LiteralValueRole: _taking(
        roles.LiteralValueRole,
        lambda element: element._is_bind_parameter,
        literal,
    ),
    roles.DDLExpressionRole: _taking(
        roles.DDLExpressionRole,
        _is_ddl_expression,
        lambda given: make.TextClause(given) if isinstance(given, str) else resolve.constant_of(given),
    ),
    roles.DDLConstraintColumnRole: _taking(roles.DDLConstraintColumnRole, _is_ddl_expression, _key),
    roles.DDLReferredColumnRole: _taking(roles.DDLReferredColumnRole, _is_ddl_expression, _key),
}


def expect(
    role: Any,
    element: Any,
    *,
    apply_propagate_attrs: Any = None,
    argname: str | None = None,
    post_inspect: bool = False,
    disable_inspection: bool = False,
    **kw: Any,
) -> Any:
    """
    Return *element* as what stands in the place *role* names.

    Args:
        role: One of the classes of `relvar.sql.roles`.
        apply_propagate_attrs: A statement that takes over what an ORM element says of itself.
        argname: What messages call the argument.
        post_inspect, disable_inspection: Accepted; inspection is the elements' own business.
        kw: What the role needs besides: ``expr`` and ``operator`` for an operand.

    Raises:
        ArgumentError: it cannot stand there.

    >>> from relvar import column
    >>> from relvar.sql import coercions, roles
    >>> print(coercions.expect(roles.ExpressionElementRole, column("x") + 1))
    x + :x_1
    """
    take = _BY_ROLE.get(role)
    if take is None:
        raise exc.ArgumentError(f"{role!r} is no role of an argument")
    known = {name: kw[name] for name in ("expr", "operator", "type_", "name") if name in kw}
    try:
        made = take(element, **known)
    except exc.ArgumentError as error:
        if argname is None:
            raise
        message = str(error.args[0]).replace(
            " expected, got ", f" expected for argument {argname!r}; got ", 1
        )
        raise exc.ArgumentError(message, code=error.code) from None
    if apply_propagate_attrs is not None and not apply_propagate_attrs._propagate_attrs:
        attrs = getattr(made, "_propagate_attrs", None)
        if attrs:
            apply_propagate_attrs._propagate_attrs = attrs
    return made
