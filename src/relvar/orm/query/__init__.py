"""
The legacy ``Query``: the interface of old programs, over ``select()``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from relvar.orm.mapping import hooks as mapping_hooks
from relvar.orm.state import hooks
from relvar.util.ondemand import on_demand


def _first_query(entities: Sequence[Any], session: Any = None, **kw: Any) -> Any:
    from relvar.orm.query.query import Query  # takes the place of this function

    return Query(entities, session, **kw)


def _dynamic_attribute(prop: Any, mapper: Any, **kw: Any) -> Any:
    from relvar.orm.load.writeonly import unloaded_collection
    from relvar.orm.query.dynamic import appender_class  # dynamic relationships only

    return unloaded_collection(prop, mapper, face=appender_class(prop.query_class), **kw)


hooks.query_hook[0] = _first_query
mapping_hooks.custom_impl_hooks["dynamic"] = _dynamic_attribute

if TYPE_CHECKING:
    from relvar.orm.query.query import Query as Query
else:
    __all__ = ["Query"]
    __getattr__, __dir__, __all__ = on_demand(__name__, names={"Query": "relvar.orm.query.query"})
