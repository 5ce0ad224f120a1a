"""
DDL that column types need: CREATE TYPE before the table, DROP TYPE after it, CHECK inside it.

Types do not know tables; they are asked at the events of the table or metadata they came to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import relvar.expr.comparator  # noqa: F401  # gives columns of every type their operators
from relvar import event
from relvar.expr.cast import type_coerce
from relvar.expr.names import NONE_NAME, quoted_name
from relvar.schema.constraint import CheckConstraint
from relvar.types import Boolean, Integer, String
from relvar.types.schematype import SchemaType

__all__ = ["listen_for_type"]


def listen_for_type(target: Any, type_: Any, variants: Mapping[str, Any] | None) -> None:
    """
    Ask *type_* for its DDL whenever *target* (a table or metadata) is created or dropped.

    Args:
        variants: Dialect name -> type, if databases use different ones.
    """
    kind = "table" if getattr(target, "_is_table", False) else "metadata"
    on_create = getattr(type_, f"_on_{kind}_create")
    on_drop = getattr(type_, f"_on_{kind}_drop")

    def before_create(target: Any, bind: Any, **kw: Any) -> None:
        on_create(target, bind, variant_mapping=variants, **kw)

    def after_drop(target: Any, bind: Any, **kw: Any) -> None:
        on_drop(target, bind, variant_mapping=variants, **kw)

    event.listen(target, "before_create", before_create)
    event.listen(target, "after_drop", after_drop)


def attach_check(type_: Any, column: Any, table: Any) -> None:
    """
    Add the CHECK constraint by which *type_* restricts *column*.
    """
    variants = type_._variant_mapping_for_set_table(column)

    def applies(compiler: Any) -> bool:
        return bool(type_._should_create_constraint(compiler, variant_mapping=variants))

    if isinstance(type_, Boolean):
        condition = type_coerce(column, Integer()).in_([0, 1])
    else:
        condition = type_coerce(column, String()).in_(type_.enums)
    constraint = CheckConstraint(
        condition,
        name=NONE_NAME if type_.name is None else type_.name,
        _create_rule=applies,
        _type_bound=True,
    )
    assert constraint.table is table


SchemaType._attach_check = staticmethod(attach_check)
SchemaType._quote_name = quoted_name
