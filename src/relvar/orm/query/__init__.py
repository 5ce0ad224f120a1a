"""
The legacy ``Query``: the interface of old programs, over ``select()``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from relvar.orm.state import hooks
from relvar.util.ondemand import on_demand


def _first_query(entities: Sequence[Any], session: Any = None, **kw: Any) -> Any:
    from relvar.orm.query.query import Query  # takes the place of this function

    return Query(entities, session, **kw)


hooks.query_hook[0] = _first_query

if TYPE_CHECKING:
    from relvar.orm.query.query import Query as Query
else:
    __getattr__, __dir__, __all__ = on_demand(__name__, names={"Query": "relvar.orm.query.query"})
