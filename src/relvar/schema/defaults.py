"""
Where a column's value comes from when a statement gives none.

``default=`` / ``onupdate=`` (`DefaultGenerator`) are evaluated by the client;
``server_default=`` / ``server_onupdate=`` (`FetchedValue`) by the database.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.expr.element import ClauseElement
from relvar.expr.executable import Executable
from relvar.expr.text import TextClause
from relvar.schema.base import Attachable, SchemaEventTarget, SchemaItem
from relvar.util import warn_deprecated
from relvar.util.signature import parameters_of

if TYPE_CHECKING:
    from relvar.schema.column import Column

__all__ = [
    "CallableColumnDefault",
    "ColumnDefault",
    "ColumnElementColumnDefault",
    "DefaultClause",
    "DefaultGenerator",
    "FetchedValue",
    "ScalarElementColumnDefault",
    "SentinelDefault",
]


class DefaultGenerator(Executable, SchemaItem):
    """
    Base of the defaults that the client evaluates, sequences among them.
    """

    __visit_name__ = "default_generator"

    _is_default_generator = True
    is_sequence = False
    is_identity = False
    is_server_default = False
    is_clause_element = False
    is_callable = False
    is_scalar = False
    has_arg = False
    is_sentinel = False
    _is_monotonic_fn = False
    column: Column[Any] | None

    def __init__(self, for_update: bool = False) -> None:
        self.for_update = for_update

    def _set_parent(self, parent: SchemaEventTarget, **kw: Any) -> None:
        self.column = column = parent  # type: ignore[assignment]  # only columns take defaults
        if self.for_update:
            column.onupdate = self  # type: ignore[attr-defined]  # see above
        else:
            column.default = self  # type: ignore[attr-defined]  # see above

    def _copy(self) -> DefaultGenerator:
        raise NotImplementedError

    def _execute_on_connection(self, connection: Any, distilled_params: Any, execution_options: Any) -> Any:
        warn_deprecated(
            "Using the .execute() method to invoke a DefaultGenerator object is deprecated; please use the "
            ".scalar() method.",
            "2.0",
        )
        return self._execute_on_scalar(connection, distilled_params, execution_options)

    def _execute_on_scalar(self, connection: Any, distilled_params: Any, execution_options: Any) -> Any:
        return connection._execute_default(self, distilled_params, execution_options)


class ColumnDefault(DefaultGenerator):
    """
    A plain default of a column: a scalar, a callable or an SQL expression.

    Calling the class returns the subclass that fits the argument.
    """

    arg: Any

    def __new__(cls, arg: Any = None, for_update: bool = False) -> ColumnDefault:
        if cls is not ColumnDefault:
            return object.__new__(cls)
        if isinstance(arg, FetchedValue):
            raise exc.ArgumentError("ColumnDefault may not be a server-side default type.")
        chosen: type[ColumnDefault]
        if callable(arg) and not hasattr(arg, "__clause_element__"):
            chosen = CallableColumnDefault
        elif _is_sql_expression(arg):
            chosen = ColumnElementColumnDefault
        else:
            chosen = ScalarElementColumnDefault
        return object.__new__(chosen)

    def __init__(self, arg: Any, for_update: bool = False) -> None:
        self.for_update = for_update
        self.arg = arg

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.arg!r})"

    def _copy(self) -> ColumnDefault:
        return type(self)(self.arg, self.for_update)


class ScalarElementColumnDefault(ColumnDefault):
    """
    A default that is one fixed Python value.
    """

    is_scalar = True
    has_arg = True


class ColumnElementColumnDefault(ColumnDefault):
    """
    A default that is an SQL expression, rendered inline.
    """

    is_clause_element = True
    has_arg = True

    @property
    def _is_monotonic_fn(self) -> bool:  # type: ignore[override]  # a flag everywhere else
        return bool(getattr(self.arg, "monotonic", False))

    @property
    def _arg_is_typed(self) -> bool:
        """
        Whether the expression knows its own type, so that it needs no cast.
        """
        type_ = getattr(self.arg, "type", None)
        return type_ is not None and not type_._isnull


class CallableColumnDefault(ColumnDefault):
    """
    A default computed by a Python function, called with the execution context.
    """

    is_callable = True
    has_arg = True

    def __init__(self, arg: Callable[..., Any], for_update: bool = False) -> None:
        super().__init__(accept_context(arg), for_update)


class SentinelDefault(ColumnDefault):
    """
    Marks an ``insert_sentinel`` column: the batch counts its own rows.
    """

    is_sentinel = True
    for_update = False

    def __new__(cls) -> SentinelDefault:
        return object.__new__(cls)

    def __init__(self) -> None:
        self.arg: Any = None

    def _copy(self) -> SentinelDefault:
        return type(self)()

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class FetchedValue(Attachable):
    """
    Says that the database fills the column in, in a way the DDL does not show.
    """

    is_server_default = True
    reflected = False
    has_argument = False
    is_clause_element = False
    is_identity = False
    _is_monotonic_fn = False
    column: Column[Any] | None

    def __init__(self, for_update: bool = False) -> None:
        self.for_update = for_update

    def _as_for_update(self, for_update: bool) -> FetchedValue:
        return self if for_update == self.for_update else self._clone(for_update)

    def _copy(self) -> FetchedValue:
        return FetchedValue(self.for_update)

    def _clone(self, for_update: bool) -> FetchedValue:
        made = type(self).__new__(type(self))
        made.__dict__.update(self.__dict__)
        made.__dict__.pop("column", None)
        made.for_update = for_update
        return made

    def _set_parent(self, parent: SchemaEventTarget, **kw: Any) -> None:
        self.column = column = parent  # type: ignore[assignment]  # only columns take defaults
        if self.for_update:
            column.server_onupdate = self  # type: ignore[attr-defined]  # see above
        else:
            column.server_default = self  # type: ignore[attr-defined]  # see above

    def __repr__(self) -> str:
        return f"{type(self).__name__}({'for_update=True' if self.for_update else ''})"


class DefaultClause(FetchedValue):
    """
    The ``DEFAULT`` of a column in its DDL.

    Raises:
        ArgumentError: *arg* is neither text nor an SQL expression.
    """

    has_argument = True

    def __init__(self, arg: Any, for_update: bool = False, _reflected: bool = False) -> None:
        if not isinstance(arg, str) and not _is_sql_expression(arg):
            raise exc.ArgumentError(
                f"Argument 'arg' is expected to be one of type '{str}' or '{ClauseElement}' or "
                f"'{TextClause}', got '{type(arg)}'"
            )
        super().__init__(for_update)
        self.arg = arg
        self.reflected = _reflected

    def _copy(self) -> DefaultClause:
        return DefaultClause(self.arg, self.for_update, self.reflected)

    @property
    def _is_monotonic_fn(self) -> bool:  # type: ignore[override]  # a flag everywhere else
        return bool(getattr(self.arg, "monotonic", False))

    def __repr__(self) -> str:
        return f"DefaultClause({self.arg!r}, for_update={self.for_update!r})"


def accept_context(fn: Callable[..., Any]) -> Callable[[Any], Any]:
    """
    Return *fn* as a function of the execution context, which it may or may not take.

    Raises:
        ArgumentError: *fn* needs more than one positional argument.
    """
    if getattr(fn, "_ignores_context", False):
        # of a column that is copied
        return fn
    parameters = parameters_of(fn)
    if parameters is None:
        # builtins written in C often have no signature: assume that they take nothing
        return _ignore_context(fn)
    if parameters.required > 1:
        raise exc.ArgumentError("ColumnDefault Python function takes zero or one positional arguments")
    return fn if parameters.required else _ignore_context(fn)


def _ignore_context(fn: Callable[..., Any]) -> Callable[[Any], Any]:
    def call(context: Any) -> Any:
        return fn()

    call.__qualname__ = getattr(fn, "__qualname__", type(fn).__qualname__)
    call.__name__ = getattr(fn, "__name__", type(fn).__name__)
    call.__doc__ = getattr(fn, "__doc__", None)
    call._ignores_context = True  # type: ignore[attr-defined]  # tells the engine that it need not make one
    call.__wrapped__ = fn  # type: ignore[attr-defined]  # the usual mark of a wrapper
    return call


def _is_sql_expression(value: Any) -> bool:
    return hasattr(value, "__clause_element__") or bool(getattr(value, "is_clause_element", False))
