"""
SQLite in every style of parameters, so that each of them is executed.

Its driver takes ``?``, ``:name``, and numbers, which are names to it.
"""

from __future__ import annotations

from typing import Any

from relvar import create_engine, event

STYLES = ("qmark", "named", "numeric", "numeric_dollar")


def styled_engine(style: str) -> Any:
    """
    Return an engine on a new SQLite database in memory.

    Args:
        style: One of `STYLES`.
    """
    engine = create_engine("sqlite://", paramstyle=style)
    if style.startswith("numeric"):
        event.listen(engine, "before_cursor_execute", _name_numbers, retval=True)
    return engine


def _name_numbers(
    conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
) -> tuple[str, Any]:
    if context.compiled is None:
        return statement, parameters  # text for the driver
    if isinstance(parameters, list):
        return statement, [_by_number(one) for one in parameters]
    return statement, _by_number(parameters)


def _by_number(parameters: Any) -> dict[str, Any]:
    return {str(number): value for number, value in enumerate(parameters, 1)}
