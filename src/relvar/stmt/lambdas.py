"""
Statements given as functions: ``lambda_stmt(lambda: select(...))``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from relvar.expr import coerce_rows
from relvar.expr.closure import Built, Tracking, built_by
from relvar.expr.element import ClauseElement
from relvar.expr.executable import Executable
from relvar.expr.node import NODE, Field
from relvar.expr.roles import Role

__all__ = ["LambdaElement", "LinkedLambdaElement", "StatementLambdaElement", "lambda_stmt"]


class LambdaElement(ClauseElement):
    """
    What a function made.
    """

    __visit_name__ = "lambda_element"
    _fields = (Field("_resolved", NODE),)

    _resolved: Any

    def __init__(self, fn: Any, tracking: Tracking, built: Built) -> None:
        self.fn = fn
        self.tracker_key: Any = built.key
        self._tracking = tracking
        self._built = built
        self._resolved = built.current()
        self._propagate_attrs = self._resolved._propagate_attrs

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.fn.__code__!r})"


class StatementLambdaElement(Executable, LambdaElement):
    """
    The statement a function made; ``+ function`` goes on building.
    """

    inherit_cache: bool = True
    _roles = Role.STATEMENT | Role.SELECT

    def __add__(self, other: Callable[[Any], Any]) -> StatementLambdaElement:
        return self.add_criteria(other)

    def add_criteria(
        self,
        other: Callable[[Any], Any],
        enable_tracking: bool = True,
        track_on: Iterable[Any] | None = None,
        track_closure_variables: bool = True,
        track_bound_values: bool = True,
    ) -> StatementLambdaElement:
        """
        Return the statement that *other* makes of this one.

        The options are those of `lambda_stmt`, for this function.
        """
        tracking = Tracking(
            enable_tracking, track_closure_variables, track_bound_values, on=_tuple_of(track_on)
        )
        mine = self._built
        built = built_by(other, tracking, (mine.element,), mine.key, coerce_rows.statement)
        built = Built(built.key, built.element, {**mine.values, **built.values})
        return LinkedLambdaElement(other, tracking, built)

    def spoil(self) -> StatementLambdaElement:
        """
        Return the statement in a form that calls further functions each time, so that these may be anything.
        """
        return NullLambdaStatement(self._resolved)

    def options(self, *options: Any) -> NullLambdaStatement:
        """
        Return the statement with loader options and the like.
        """
        return NullLambdaStatement(self._resolved.options(*options))

    def execution_options(self, **kw: Any) -> NullLambdaStatement:
        """
        Return the statement with options for its execution.
        """
        return NullLambdaStatement(self._resolved.execution_options(**kw))

    def get_execution_options(self) -> Mapping[str, Any]:
        """
        Return the options for its execution.
        """
        return self._resolved.get_execution_options()  # type: ignore[no-any-return]  # a mapping

    def __getattr__(self, name: str) -> Any:
        # what the statement has: ``subquery()``, ``is_select``, ``selected_columns``
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._resolved, name)

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


class LinkedLambdaElement(StatementLambdaElement):
    """
    A statement that was made of another by a function.
    """

    inherit_cache: bool = True


class NullLambdaStatement(StatementLambdaElement):
    """
    A statement of which nothing is remembered.
    """

    inherit_cache: bool = True

    def __init__(self, statement: Any) -> None:
        self._resolved = statement
        self._built = Built(None, statement, {})
        self._propagate_attrs = statement._propagate_attrs

    def add_criteria(self, other: Callable[[Any], Any], *args: Any, **kw: Any) -> NullLambdaStatement:
        """
        Return the statement that *other* makes of this one.
        """
        return NullLambdaStatement(other(self._resolved))

    def __repr__(self) -> str:
        return f"NullLambdaStatement({self._resolved!r})"


def lambda_stmt(
    lmb: Callable[[], Any],
    enable_tracking: bool = True,
    track_closure_variables: bool = True,
    track_on: Iterable[Any] | None = None,
    global_track_bound_values: bool = True,
    track_bound_values: bool = True,
    lambda_cache: Any = None,
) -> StatementLambdaElement:
    """
    Return the statement that a function makes.

    The function is called once; after that only its variables are looked at.  Plain values among
    them are bind parameters of the statement, so the function must not decide by them.

    Args:
        lmb: The function.
        enable_tracking: Look at variables at all; if not, the first result is used for ever.
        track_closure_variables: SQL elements among the variables may change.
        track_on: What to look at in place of the variables.
        global_track_bound_values: Plain values among global names may change.
        track_bound_values: Plain values may change.
        lambda_cache: A dictionary to keep the results in.

    Raises:
        ArgumentError: It does not return a statement.
        InvalidRequestError: It depends on a variable in a way that cannot be seen in the statement.

    >>> from relvar import column, lambda_stmt, select
    >>> def more_than(least):
    ...     statement = lambda_stmt(lambda: select(column("a")))
    ...     return statement + (lambda s: s.where(column("a") > least))
    >>> print(more_than(5))
    SELECT a
    WHERE a > :least_1
    >>> more_than(6).compile().params
    {'least_1': 6}
    """
    tracking = Tracking(
        enable_tracking,
        track_closure_variables,
        track_bound_values,
        global_track_bound_values,
        _tuple_of(track_on),
    )
    built = built_by(lmb, tracking, check=coerce_rows.statement, cache=lambda_cache)
    return StatementLambdaElement(lmb, tracking, built)


def _tuple_of(elements: Iterable[Any] | None) -> tuple[Any, ...] | None:
    return None if elements is None else tuple(elements)
