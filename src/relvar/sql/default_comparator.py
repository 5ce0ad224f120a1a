"""
What operators make, under the address that older programs use.

``operator_lookup[operator.__name__]`` is ``(function, keywords)``; ``function(expr, operator, *others,
**keywords)`` is what the operator makes when no type has a say.
"""

from collections.abc import Callable, Mapping
from typing import Any

from relvar.expr.compare import RULES, operate
from relvar.expr.operators import custom_op
from relvar.util.immutable import EMPTY_DICT, immutabledict

operator_lookup: Mapping[str, tuple[Callable[..., Any], Mapping[str, Any]]] = immutabledict(
    {operator.__name__: (operate, EMPTY_DICT) for operator in (*RULES, custom_op)}
)
