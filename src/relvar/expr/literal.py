"""
Plain values as expressions.
"""

from __future__ import annotations

from typing import Any

from relvar.expr.bind import BindParameter

__all__ = ["literal"]


def literal(value: Any, type_: Any = None, literal_execute: bool = False) -> BindParameter[Any]:
    """
    Return a value as an expression: a bind parameter of its own.

    Args:
        literal_execute: Render the value into the text when the statement runs.

    >>> from relvar import column, literal
    >>> total = literal(100) - column("spent")
    >>> print(total)
    :param_1 - spent
    >>> total.compile().params
    {'param_1': 100}
    """
    return BindParameter(None, value, type_=type_, unique=True, literal_execute=literal_execute)
