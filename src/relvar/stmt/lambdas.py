"""
Statements given as functions.

``lambda_stmt(lambda: select(...))`` calls the function at once: building a
statement and its key takes less time than finding out whether the function's
closure has changed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar.expr.element import ClauseElement
from relvar.expr.executable import Executable
from relvar.expr.node import NODE, Field
from relvar.expr.roles import Role

__all__ = ["LambdaElement", "StatementLambdaElement", "lambda_stmt"]


class LambdaElement(ClauseElement):
    """
    What a function made.
    """

    __visit_name__ = "lambda_element"
    _fields = (Field("_resolved", NODE),)

    _resolved: Any

    def __init__(self, fn: Callable[..., Any], *args: Any) -> None:
        self.fn = fn
        self._resolved = fn(*args)
        self._propagate_attrs = self._resolved._propagate_attrs


class StatementLambdaElement(Executable, LambdaElement):
    """
    The statement a function made; ``+ function`` goes on building.
    """

    inherit_cache = True
    _roles = Role.STATEMENT | Role.SELECT

    def __add__(self, other: Callable[[Any], Any]) -> StatementLambdaElement:
        return self.add_criteria(other)

    def add_criteria(self, other: Callable[[Any], Any], **kw: Any) -> StatementLambdaElement:
        """
        Return the statement that *other* makes of this one.
        """
        return StatementLambdaElement(other, self._resolved)

    def spoil(self) -> StatementLambdaElement:
        """
        Return the statement itself: nothing of the function was remembered.
        """
        return self

    @property
    def is_select(self) -> bool:  # type: ignore[override]  # the statement's
        return bool(self._resolved.is_select)

    @property
    def is_update(self) -> bool:  # type: ignore[override]  # the statement's
        return bool(self._resolved.is_update)

    @property
    def is_insert(self) -> bool:  # type: ignore[override]  # the statement's
        return bool(self._resolved.is_insert)

    @property
    def is_delete(self) -> bool:  # type: ignore[override]  # the statement's
        return bool(self._resolved.is_delete)

    @property
    def is_dml(self) -> bool:  # type: ignore[override]  # the statement's
        return bool(self._resolved.is_dml)

    def __clause_element__(self) -> Any:
        return self._resolved

    def _execute_on_connection(self, connection: Any, distilled_params: Any, execution_options: Any) -> Any:
        return self._resolved._execute_on_connection(connection, distilled_params, execution_options)


def lambda_stmt(
    lmb: Callable[[], Any],
    enable_tracking: bool = True,
    track_closure_variables: bool = True,
    track_on: Any = None,
    global_track_bound_values: bool = True,
    track_bound_values: bool = True,
    lambda_cache: Any = None,
) -> StatementLambdaElement:
    """
    Return the statement that a function makes.

    The options say how far a function's result may be remembered; nothing is.

    >>> from relvar import column, lambda_stmt, select
    >>> statement = lambda_stmt(lambda: select(column("a")))
    >>> statement += lambda s: s.where(column("a") > 5)
    >>> print(statement)
    SELECT a
    WHERE a > :a_1
    """
    return StatementLambdaElement(lmb)
