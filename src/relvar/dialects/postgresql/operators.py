"""
Operators that only PostgreSQL has.

Source: https://www.postgresql.org/docs/current/functions.html (arrays, JSON, hstore, ranges).
"""

from __future__ import annotations

from typing import Any

from relvar.expr.operators import PRECEDENCE, custom_op, eq, json_getitem_op
from relvar.types import OperatorClass

_GETITEM = PRECEDENCE[json_getitem_op]
_EQ = PRECEDENCE[eq]


def _comparison(opstring: str) -> custom_op[Any]:
    return custom_op(
        opstring,
        precedence=_EQ,
        natural_self_precedent=True,
        eager_grouping=True,
        is_comparison=True,
        operator_class=OperatorClass.BASE,
    )


def _plain(opstring: str, visit_name: str | None = None) -> custom_op[Any]:
    return custom_op(
        opstring,
        precedence=_GETITEM,
        natural_self_precedent=True,
        eager_grouping=True,
        operator_class=OperatorClass.BASE,
        visit_name=visit_name,
    )


# JSON and hstore
ASTEXT = _plain("->>")
JSONPATH_ASTEXT = _plain("#>>")
HAS_KEY = _comparison("?")
HAS_ALL = _comparison("?&")
HAS_ANY = _comparison("?|")
HSTORE_GETITEM = _plain("->", visit_name="hstore_getitem")
DELETE_PATH = _plain("#-")
PATH_EXISTS = _comparison("@?")
PATH_MATCH = _comparison("@@")

# arrays, JSON, hstore, ranges
CONTAINS = _comparison("@>")
CONTAINED_BY = _comparison("<@")
OVERLAP: custom_op[Any] = custom_op(
    "&&", precedence=_EQ, is_comparison=True, operator_class=OperatorClass.BASE
)

# ranges
STRICTLY_LEFT_OF = _comparison("<<")
STRICTLY_RIGHT_OF = _comparison(">>")
NOT_EXTEND_RIGHT_OF = _comparison("&<")
NOT_EXTEND_LEFT_OF = _comparison("&>")
ADJACENT_TO = _comparison("-|-")
