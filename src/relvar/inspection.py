"""
``inspect()``: from an object to what is known about it.

Each layer registers the classes it can say something about::

    @_inspects(SomeClass)
    def _inspect_it(subject):
        return what_is_known

    class Describing(Inspectable): ...
    _self_inspects(Describing)      # the object is its own description
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, overload

from relvar import exc

if TYPE_CHECKING:
    from relvar.dialect.inspector import Inspector
    from relvar.engine.base import Connection, Engine
    from relvar.expr.element import ClauseElement
    from relvar.orm.mapping.aliased import AliasedClass, AliasedInsp
    from relvar.orm.mapping.mapper import Mapper
    from relvar.orm.state.inspected import InspectionAttr
    from relvar.orm.state.instance import InstanceState

_T = TypeVar("_T", bound=Any)
_O = TypeVar("_O")
_Element = TypeVar("_Element", bound="ClauseElement | InspectionAttr")
_F = TypeVar("_F", bound=Callable[..., Any])
_C = TypeVar("_C", bound=type[Any])

# class -> function, or True where the object describes itself
_registrars: dict[type, Any] = {}


class Inspectable(Generic[_T]):
    """
    Marks classes whose ``inspect()`` gives a ``_T``, for type checkers.
    """

    __slots__ = ()


@overload
def inspect(  # type: ignore[overload-overlap]  # others are mapped objects
    subject: Engine | Connection, raiseerr: bool = True
) -> Inspector: ...
@overload
def inspect(  # type: ignore[overload-overlap]  # others are mapped objects
    subject: AliasedClass[_O], raiseerr: bool = True
) -> AliasedInsp[_O]: ...
@overload
def inspect(  # type: ignore[overload-overlap]  # others are mapped objects
    subject: _Element, raiseerr: bool = True
) -> _Element: ...
@overload
def inspect(  # type: ignore[overload-overlap]  # others are mapped objects
    subject: type[_O], raiseerr: bool = True
) -> Mapper[_O]: ...
@overload
def inspect(subject: _O, raiseerr: Literal[True] = True) -> InstanceState[_O]: ...
@overload
def inspect(subject: _O, raiseerr: bool) -> InstanceState[_O] | None: ...
def inspect(subject: Any, raiseerr: bool = True) -> Any:
    """
    Return the inspection object for *subject*.

    An `Engine` or `Connection` gives an `Inspector`, a mapped class its
    `Mapper`, a mapped instance its `InstanceState`; mappers, aliased classes
    and SQL elements give themselves.

    Args:
        raiseerr: If false, return ``None`` where there is nothing to say.

    Raises:
        NoInspectionAvailable: nothing is known about such an object.

    >>> from relvar import create_engine, inspect, text
    >>> engine = create_engine("sqlite://")
    >>> with engine.begin() as connection:
    ...     _ = connection.execute(text("CREATE TABLE users (id INTEGER PRIMARY KEY)"))
    >>> inspect(engine).get_pk_constraint("users")["constrained_columns"]
    ['id']
    """
    for cls in type(subject).__mro__:
        registered = _registrars.get(cls)
        if registered is None:
            continue
        if registered is True:
            return subject
        found = registered(subject)
        if found is not None:
            return found
    if raiseerr:
        raise exc.NoInspectionAvailable(
            f"No inspection system is available for object of type {type(subject)}"
        )
    return None


def _inspects(*types: type[Any]) -> Callable[[_F], _F]:
    """
    Register a function for instances of *types* and of their subclasses.
    """

    def decorate(fn: _F) -> _F:
        for cls in types:
            if cls in _registrars:
                raise AssertionError(f"Type {cls} is already registered")
            _registrars[cls] = fn
        return fn

    return decorate


def _self_inspects(cls: _C) -> _C:
    """
    Register *cls*: its instances describe themselves.
    """
    if cls in _registrars:
        raise AssertionError(f"Type {cls} is already registered")
    _registrars[cls] = True
    return cls
