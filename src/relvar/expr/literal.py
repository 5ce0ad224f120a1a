"""
Plain values as expressions.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.expr.bind import BindParameter
from relvar.types.visitable import Visitable

__all__ = ["literal"]


_PLAIN = frozenset((str, int, float, bool, bytes, type(None)))


def literal(value: Any, type_: Any = None, literal_execute: bool = False) -> BindParameter[Any]:
    """
    Return a value as an expression: a bind parameter of its own.

    Args:
        literal_execute: Render the value into the text when the statement runs.

    Raises:
        ArgumentError: *value* is a part of SQL, and no value.

    >>> from relvar import column, literal
    >>> total = literal(100) - column("spent")
    >>> print(total)
    :param_1 - spent
    >>> total.compile().params
    {'param_1': 100}
    """
    if type(value) not in _PLAIN and (
        hasattr(value, "__clause_element__")
        or (isinstance(value, Visitable) and not isinstance(value, BindParameter))
    ):
        raise exc.ArgumentError(f"Literal Python value expected, got {value!r}.")
    return BindParameter(None, value, type_=type_, unique=True, literal_execute=literal_execute)
