"""
Statements: what can be executed, with options for the execution.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeAlias, TypeVar

from relvar import exc
from relvar._kernels.nodes import adding, coercion
from relvar.expr.node import NODES, Field, HasCacheKey
from relvar.expr.options import report_unknown_options
from relvar.util.immutable import EMPTY_DICT, immutabledict

__all__ = [
    "CacheableOptions",
    "Executable",
    "ExecutableStatement",
    "ExecutableOption",
    "Generative",
    "_generative",
]

_S = TypeVar("_S")
_F = TypeVar("_F", bound=Callable[..., Any])


def _generative(fn: _F) -> _F:
    """
    Decorate a method so that it changes, and returns, a copy.
    """

    @functools.wraps(fn)
    def generative(self: Any, *args: Any, **kw: Any) -> Any:
        made = self._clone()
        result = fn(made, *args, **kw)
        return made if result is None else result

    return generative  # type: ignore[return-value]  # same signature


class Generative:
    """
    Something whose methods return changed copies.
    """

    __slots__ = ()

    def _generate(self: _S) -> _S:
        """
        Return a copy that may be changed until somebody else sees it.
        """
        return self._clone()  # type: ignore[attr-defined,no-any-return]  # a node's method


class ExecutableOption(HasCacheKey):
    """
    Base of what ``Executable.options()`` takes.
    """

    __visit_name__ = "executable_option"
    _is_has_cache_key = True
    _is_core = True
    _is_legacy_option = False
    _is_compile_state = False
    _is_criteria_option = False
    _is_strategy_option = False
    _is_executable_option = True

    def _clone(self, **kw: Any) -> Any:
        made = self.__class__.__new__(self.__class__)
        made.__dict__ = self.__dict__.copy()
        made.__dict__.pop("_structure", None)
        return made


class CacheableOptions:
    """
    Base of plain option objects.
    """

    __slots__ = ()


def _is_option_class(cls: type[Any]) -> bool:
    return issubclass(cls, ExecutableOption)


@coercion(_is_option_class)
def _option(given: Any) -> Any:
    """
    Return an option for a statement.
    """
    if not getattr(given, "_is_executable_option", False):
        raise exc.ArgumentError(f"ExecutionOption Core or ORM object expected, got {given!r}.")
    return given


class Executable(Generative):
    """
    Something that can be executed.
    """

    _executable_fields: ClassVar[tuple[Field, ...]] = (Field("_with_options", NODES),)

    supports_execution = True
    is_select = False
    is_from_statement = False
    is_update = False
    is_insert = False
    is_text = False
    is_delete = False
    is_dml = False

    _with_options: tuple[Any, ...] = ()
    _execution_options: Mapping[str, Any] = EMPTY_DICT
    _with_context_options: tuple[Any, ...] = ()
    _compile_options: Any = None
    _params: Mapping[str, Any] | None = None
    _resolved: Any = None

    @adding("_with_options", _option, False)
    def options(self: _S, *options: Any) -> _S:  # type: ignore[empty-body]  # the decorator makes it
        """
        Return a copy with loader options and the like.

        Raises:
            ArgumentError: something that is no option.
        """

    def execution_options(self: _S, **kw: Any) -> _S:
        """
        Return a copy with options for its execution.

        Raises:
            ArgumentError: an option that only a connection can have.
        """
        if "isolation_level" in kw:
            raise exc.ArgumentError(
                "'isolation_level' execution option may only be specified on "
                "Connection.execution_options(), or per-engine using the isolation_level argument to "
                "create_engine()."
            )
        if "compiled_cache" in kw:
            raise exc.ArgumentError(
                "'compiled_cache' execution option may only be specified on "
                "Connection.execution_options(), not per statement."
            )
        report_unknown_options(kw)
        made = self._clone()  # type: ignore[attr-defined]  # a node's method
        made._execution_options = immutabledict({**made._execution_options, **kw})
        return made  # type: ignore[no-any-return]  # a copy

    def get_execution_options(self) -> Mapping[str, Any]:
        """
        Return the options for its execution.
        """
        return self._execution_options

    def _execute_on_connection(self, connection: Any, distilled_params: Any, execution_options: Any) -> Any:
        """
        Execute on a connection: the connection knows how.
        """
        return connection._execute_clauseelement(self, distilled_params, execution_options)

    def _execute_on_scalar(self, connection: Any, distilled_params: Any, execution_options: Any) -> Any:
        return self._execute_on_connection(connection, distilled_params, execution_options).scalar()


ExecutableStatement: TypeAlias = Executable
"SQLAlchemy's other name of it."
