"""
Give SQL constructs and types text of your own.

.. code-block:: python

    from relvar.ext.compiler import compiles
    from relvar.sql.expression import ColumnElement

    class timestamp(ColumnElement):
        inherit_cache = True

    @compiles(timestamp)
    def render_timestamp(element, compiler, **kw):
        return "CURRENT_TIMESTAMP"

    @compiles(timestamp, "mysql")
    def render_timestamp_mysql(element, compiler, **kw):
        return "NOW()"

The function gets the element and the compiler and returns text.  It may call
``compiler.process(other, **kw)`` for parts, and the compiler's own method for
the construct (``compiler.visit_insert(element, **kw)``) to change what that gives.

Cases, in this order, for a class and a dialect:
  1. a function for the dialect's name;
  2. a function for no dialect in particular;
  3. what the class did before;
  4. `UnsupportedCompilationError`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from relvar import exc
from relvar.compile.state import FRAME_SELECTABLE
from relvar.types.base import NULLTYPE

__all__ = ["compiles", "deregister"]

_F = TypeVar("_F", bound=Callable[..., str])

_HANDLER = "_compiler_dispatcher"
_DISPATCH = "_compiler_dispatch"


class _Dispatcher:
    """
    The functions of one class, by dialect name.
    """

    def __init__(self, previous: Callable[..., str] | None) -> None:
        self.specs: dict[str, Callable[..., str]] = {}
        self.previous = previous

    def __call__(self, element: Any, compiler: Any, **kw: Any) -> str:
        fn = self.specs.get(compiler.dialect.name) or self.specs.get("default")
        if fn is None:
            return self._before(element, compiler, **kw)
        _say_where(compiler, kw)
        add = kw.get("add_to_result_map")
        if add is None:
            return fn(element, compiler, **kw)
        # the columns of the result are counted: a function that adds none of
        # its own stands for one
        added: list[tuple[Any, ...]] = []
        kw["add_to_result_map"] = lambda *column: added.append(column)
        text = fn(element, compiler, **kw)
        for column in added or [(None, None, (element,), NULLTYPE)]:
            add(*column)
        return text

    def _before(self, element: Any, compiler: Any, **kw: Any) -> str:
        """
        Do what the class did before it had functions.
        """
        cause = None
        if self.previous is not None:
            try:
                return self.previous(element, compiler, **kw)
            except exc.UnsupportedCompilationError as err:
                if err.element_type is not type(element):
                    raise
                cause = err
        raise exc.UnsupportedCompilationError(
            compiler,
            type(element),
            message=f"{type(element)!r} construct has no default compilation handler.",
        ) from cause


def _say_where(compiler: Any, kw: dict[str, Any]) -> None:
    """
    Complete the keywords that tell where in a SELECT an element stands; the compiler itself does without.
    """
    stack = getattr(compiler, "stack", None)
    around = stack[-1].get(FRAME_SELECTABLE) if stack else None
    if around is not None and around.__visit_name__ == "select":
        if kw.setdefault("within_columns_clause", False):
            kw.setdefault("include_table", True)
        else:
            kw.setdefault("from_linter", None)


def compiles(class_: type[Any], *specs: str) -> Callable[[_F], _F]:
    """
    Decorate a function that renders *class_*.

    Args:
        class_: A construct or a type; subclasses are included unless they have their own.
        specs: Names of dialects; none means "all others".

    >>> from relvar import ColumnElement, String
    >>> from relvar.dialects import sqlite
    >>> from relvar.ext.compiler import compiles
    >>> class Greatest(ColumnElement):
    ...     type, inherit_cache = String(), True
    >>> @compiles(Greatest)
    ... def greatest(element, compiler, **kw):
    ...     return "GREATEST(a, b)"
    >>> @compiles(Greatest, "sqlite")
    ... def greatest_sqlite(element, compiler, **kw):
    ...     return "max(a, b)"
    >>> print(Greatest(), "|", Greatest().compile(dialect=sqlite.dialect()))
    GREATEST(a, b) | max(a, b)
    """

    def decorate(fn: _F) -> _F:
        dispatcher = class_.__dict__.get(_HANDLER)
        if dispatcher is None:
            dispatcher = _install(class_)
        for name in specs or ("default",):
            dispatcher.specs[name] = fn
        return fn

    return decorate


def _install(class_: type[Any]) -> _Dispatcher:
    own = class_.__dict__.get(_DISPATCH)
    previous = getattr(class_, _DISPATCH, None)
    dispatcher = _Dispatcher(previous)

    def dispatch(self: Any, visitor: Any, **kw: Any) -> str:
        return dispatcher(self, visitor, **kw)

    type.__setattr__(class_, "_compiler_dispatch_before", own)
    type.__setattr__(class_, _HANDLER, dispatcher)
    type.__setattr__(class_, _DISPATCH, dispatch)
    return dispatcher


def deregister(class_: type[Any]) -> None:
    """
    Remove all functions given for *class_*.
    """
    if _HANDLER in class_.__dict__:
        own = class_.__dict__["_compiler_dispatch_before"]
        if own is None:
            type.__delattr__(class_, _DISPATCH)
        else:
            type.__setattr__(class_, _DISPATCH, own)
        type.__delattr__(class_, _HANDLER)
        type.__delattr__(class_, "_compiler_dispatch_before")
