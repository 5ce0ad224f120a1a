"""
Add the joins of joined eager loading to a statement.

An `EagerJoin` is one relationship to join; those of its target hang below it.
Where the statement limits rows and a joined collection would multiply them,
the statement itself becomes a subquery and the joins start from that.
"""

from __future__ import annotations

from typing import Any

from relvar.expr import make
from relvar.expr.boolean import and_
from relvar.expr.unary import ordered_expressions
from relvar.orm.load.adapt import Adapter, adapt, adapter_of, columns_in
from relvar.orm.load.joins import alias_between, contains_from, join_conditions, order_of
from relvar.orm.mapping.traverse import replaced

__all__ = ["EagerJoin", "add_parent_columns", "attach_eager_joins", "wrap_for_limit"]


class EagerJoin:
    """
    One relationship to be joined.

    Attributes:
        parent: The entity it starts from.
        target: The alias it leads to.
        inner: INNER JOIN; ``nests`` says whether it may go inside an outer join of its parent.
        children: The joins that start from the target.
    """

    primary: Any
    second: Any

    __slots__ = (
        "children",
        "criteria",
        "inner",
        "nests",
        "parent",
        "primary",
        "prop",
        "second",
        "secondary",
        "target",
    )

    def __init__(
        self, prop: Any, parent: Any, target: Any, *, inner: bool, nests: bool, criteria: list[Any]
    ) -> None:
        self.prop: Any = prop
        self.parent: Any = parent
        self.target: Any = target
        self.inner: bool = inner
        self.nests: bool = nests
        self.children: list[EagerJoin] = []
        self.secondary: Any = alias_between(prop)
        self.primary, self.second = join_conditions(
            prop, adapter_of(parent), adapter_of(target), self.secondary
        )
        self.criteria: list[Any] = criteria

    def order_by(self) -> list[Any]:
        """Return the relationship's own order, over the joined alias."""
        return order_of(self.prop, self.target, self.secondary)

    def attach(self, left: Any, order_by: list[Any], moved: Adapter | None, inside_outer: bool) -> Any:
        """
        Return ``left`` with this join and all below it.

        Args:
            moved: Moves columns of the statement's own entities into the subquery they ended in, if any.
            inside_outer: The parent is itself reached by an outer join.
        """
        order_by.extend(self.order_by())
        inner = self.inner and (self.nests or not inside_outer)
        right = self.target.selectable
        outer = not inner
        nested = [child for child in self.children if outer and child.inner and child.nests]
        primary, second = adapt(self.primary, moved), self.second
        if self.criteria:
            if second is None:
                primary = and_(primary, *self.criteria)
            else:
                second = and_(second, *self.criteria)
        later: list[EagerJoin] = []
        if second is not None and outer:
            right = make.Join(self.secondary, right, second)
        for child in nested:
            right = child.attach_nested(right, order_by, later)
        if second is not None and inner:
            left = make.Join(left, self.secondary, primary)
            primary = second
        left = make.Join(left, right, primary, isouter=outer)
        for child in [*later, *[c for c in self.children if c not in nested]]:
            left = child.attach(left, order_by, None, outer)
        return left

    def attach_nested(self, left: Any, order_by: list[Any], later: list[EagerJoin]) -> Any:
        """
        Return ``left`` with this INNER JOIN, where left is the right side of an outer join; leave outer ones
        for later.
        """
        order_by.extend(self.order_by())
        primary, second = self.primary, self.second
        if second is None:
            left = make.Join(
                left, self.target.selectable, and_(primary, *self.criteria) if self.criteria else primary
            )
        else:
            second = and_(second, *self.criteria) if self.criteria else second
            left = make.Join(make.Join(left, self.secondary, primary), self.target.selectable, second)
        for child in self.children:
            if child.inner and child.nests:
                left = child.attach_nested(left, order_by, later)
            else:
                later.append(child)
        return left


def add_parent_columns(planner: Any) -> None:
    """Select the columns of the statement's own entities that the joins need."""
    joins = planner.eager_joins
    for join in joins:
        targets = {join.target.selectable, join.secondary}
        for column in columns_in([join.primary]):
            table = column.table
            if table is None or table in targets:
                continue
            if any(contains_from(other.parent.selectable, table) for other in joins):
                planner.columns.add(column)


def attach_eager_joins(planner: Any, froms: list[Any], order_by: list[Any]) -> list[Any]:
    """
    Return the FROM list with the joins added, each to the element that has its parent.

    Elements that joins were added to come last, in the order of these.

    Args:
        order_by: Filled with the relationships' own orders.
    """
    rest = list(froms)
    joined: list[Any] = []
    for join in planner.eager_joins:
        selectable = join.parent.selectable
        at = _place_of(selectable, joined)
        if at is None:
            there = _place_of(selectable, rest)
            joined.append(selectable if there is None else rest.pop(there))
            at = -1
        joined[at] = join.attach(joined[at], order_by, None, False)
    return [*rest, *joined]


def _place_of(selectable: Any, froms: list[Any]) -> int | None:
    return next((i for i, item in enumerate(froms) if contains_from(item, selectable)), None)


def wrap_for_limit(planner: Any, core: Any) -> Any:
    """
    Return the statement as a subquery that the eager joins start from.

    The order of the statement is repeated outside; expressions it orders by that are not selected are added
    to the
    subquery's columns.
    """
    columns = planner.columns
    inner_columns = list(columns.primary)
    known = set(inner_columns)
    added: list[Any] = []
    for clause in core._order_by_clauses:
        for expression in ordered_expressions(clause):
            if expression not in known and not _is_label_of(expression, inner_columns):
                known.add(expression)
                added.append(expression)
    core._raw_columns = inner_columns + added
    columns.extra = len(added)
    inner_order = core._order_by_clauses
    subquery = core.subquery()
    outer_columns = list(subquery.c)
    moved = _into(dict(zip(core._raw_columns, outer_columns, strict=True)))
    order_by: list[Any] = [adapt(clause, moved) for clause in inner_order]
    froms: Any = subquery
    for join in planner.eager_joins:
        froms = join.attach(froms, order_by, moved, False)
    outer = make.Select(*outer_columns, *columns.secondary)
    outer._label_style = planner.statement._label_style
    outer._from_obj = (froms,)
    outer._order_by_clauses = tuple(order_by)
    outer._for_update_arg = planner.statement._for_update_arg
    outer._execution_options = planner.statement._execution_options
    return outer


def _into(columns: dict[Any, Any]) -> Adapter:
    """Return what exchanges selected expressions for the subquery's columns."""

    def replace(node: Any) -> Any:
        try:
            return columns.get(node)
        except TypeError:
            return None

    return lambda expression: replaced(expression, replace)


def _is_label_of(expression: Any, columns: list[Any]) -> bool:
    """Tell whether a selected label has this very expression (or the other way round)."""
    element = getattr(expression, "element", None) if expression.__visit_name__ == "label" else None
    return any(
        element is column or (column.__visit_name__ == "label" and column.element is expression)
        for column in columns
    )
