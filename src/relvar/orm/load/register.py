"""
Give the layers below what loading does for them.

Importing this module is what makes attributes of objects load themselves.
"""

from __future__ import annotations

from typing import Any

from relvar.expr import make
from relvar.orm.load.from_statement import FromStatement
from relvar.orm.load.lazy import LazyLoader
from relvar.orm.load.plan import core_select
from relvar.orm.load.refresh import load_columns
from relvar.orm.mapping import hooks as mapping_hooks
from relvar.orm.state import hooks as state_hooks

__all__ = ["give_loader"]


def give_loader(prop: Any, mapper: Any, impl: Any) -> None:
    """Let a relationship's attribute load itself when it is read."""
    if hasattr(prop, "direction") and prop.lazy not in ("write_only", "dynamic"):
        impl.loader = LazyLoader(prop)


mapping_hooks.attribute_hooks.append(give_loader)
state_hooks.load_hook[0] = load_columns
make.register(FromStatement=FromStatement, core_select=core_select)
