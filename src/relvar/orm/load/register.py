"""
Give the layers below what loading does for them.

Importing this module is what makes attributes of objects load themselves.
"""

from __future__ import annotations

from typing import Any

from relvar.expr import make
from relvar.orm.load.describe import column_descriptions, entity_description, returning_descriptions
from relvar.orm.load.from_statement import from_statement
from relvar.orm.load.lazy import LazyLoader
from relvar.orm.load.plan import core_select, entity_columns
from relvar.orm.load.refresh import load_columns
from relvar.orm.mapping import hooks as mapping_hooks
from relvar.orm.state import hooks as state_hooks

__all__ = ["give_loader"]


def give_loader(prop: Any, mapper: Any, impl: Any) -> None:
    """Let a relationship's attribute load itself when it is read."""
    if hasattr(prop, "direction") and prop.lazy != "write_only":
        impl.loader = LazyLoader(prop)


def _first_bundle(prop: Any, parts: Any, entity: Any) -> Any:
    from relvar.orm.load.bundle import CompositeBundle  # takes the place of this function

    return CompositeBundle(prop, parts, entity)


def _core_dml(statement: Any, dialect: Any) -> Any:
    from relvar.orm.load.core_dml import core_dml  # with the first INSERT, UPDATE or DELETE

    return core_dml(statement, dialect)


def _write_only_attribute(prop: Any, mapper: Any, **kw: Any) -> Any:
    from relvar.orm.load.writeonly import unloaded_collection  # write-only relationships only

    return unloaded_collection(prop, mapper, **kw)


mapping_hooks.make_bundle[0] = _first_bundle
mapping_hooks.attribute_hooks.append(give_loader)
mapping_hooks.custom_impl_hooks["write_only"] = _write_only_attribute
state_hooks.load_hook[0] = load_columns
make.register(
    orm_core_dml=_core_dml,
    orm_core_select=core_select,
    orm_entity_columns=entity_columns,
    orm_from_statement=from_statement,
    orm_column_descriptions=column_descriptions,
    orm_entity_description=entity_description,
    orm_returning_descriptions=returning_descriptions,
)
