"""
Make collection classes tell their adapter what happens to them.

A collection class must know three *roles*: add a member (``appender``), remove one (``remover``), list all
(``iterator``).  Subclasses of list, set and dict know them already; other classes name theirs with
`collection`. Instrumenting a class wraps its mutators, once; a collection without an adapter behaves as its
plain class.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from relvar import exc
from relvar.orm.state.adapter import duck_type
from relvar.orm.state.mutators import MUTATORS

__all__ = ["collection", "instrument_collection_class", "prepare_factory"]

_F = TypeVar("_F", bound=Callable[..., Any])

# what a builtin's methods do in terms of roles
_BUILTIN_ROLES: dict[type, dict[str, str]] = {
    list: {"appender": "append", "remover": "remove", "iterator": "__iter__"},
    set: {"appender": "add", "remover": "remove", "iterator": "__iter__"},
    dict: {"iterator": "values"},
}


class collection:
    """
    Decorators for the methods of collection classes.

    ``appender``, ``remover``, ``iterator`` and ``converter`` name the method of a role; ``adds``,
    ``replaces``, ``removes`` and ``removes_return`` make other methods tell of a change;
    ``internally_instrumented`` leaves a method alone.
    """

    @staticmethod
    def appender(fn: _F) -> _F:
        """
        Tag the method that adds one member.
        """
        fn._sa_instrument_role = "appender"  # type: ignore[attr-defined]  # marks live on the function
        return fn

    @staticmethod
    def remover(fn: _F) -> _F:
        """
        Tag the method that removes one member.
        """
        fn._sa_instrument_role = "remover"  # type: ignore[attr-defined]  # marks live on the function
        return fn

    @staticmethod
    def iterator(fn: _F) -> _F:
        """
        Tag the method that returns an iterator over all members.
        """
        fn._sa_instrument_role = "iterator"  # type: ignore[attr-defined]  # marks live on the function
        return fn

    @staticmethod
    def converter(fn: _F) -> _F:
        """
        Tag the method that takes what is assigned to the attribute and returns its members.
        """
        fn._sa_instrument_role = "converter"  # type: ignore[attr-defined]  # marks live on the function
        return fn

    @staticmethod
    def internally_instrumented(fn: _F) -> _F:
        """
        Tag a method that tells of its changes itself.
        """
        fn._sa_instrumented = True  # type: ignore[attr-defined]  # marks live on the function
        return fn

    @staticmethod
    def adds(arg: int | str) -> Callable[[_F], _F]:
        """
        Mark a method that adds the member given in one of its arguments.
        """

        def mark(fn: _F) -> _F:
            fn._sa_instrument_before = ("fire_append_event", arg)  # type: ignore[attr-defined]  # as above
            return fn

        return mark

    @staticmethod
    def replaces(arg: int | str) -> Callable[[_F], _F]:
        """
        Mark a method that adds the member in an argument and returns the member that it replaced, if any.
        """

        def mark(fn: _F) -> _F:
            fn._sa_instrument_before = ("fire_append_event", arg)  # type: ignore[attr-defined]  # as above
            fn._sa_instrument_after = "fire_remove_event"  # type: ignore[attr-defined]  # as above
            return fn

        return mark

    @staticmethod
    def removes(arg: int | str) -> Callable[[_F], _F]:
        """
        Mark a method that removes the member given in one of its arguments.
        """

        def mark(fn: _F) -> _F:
            fn._sa_instrument_before = ("fire_remove_event", arg)  # type: ignore[attr-defined]  # as above
            return fn

        return mark

    @staticmethod
    def removes_return() -> Callable[[_F], _F]:
        """
        Mark a method that removes a member and returns it.
        """

        def mark(fn: _F) -> _F:
            fn._sa_instrument_after = "fire_remove_event"  # type: ignore[attr-defined]  # as above
            return fn

        return mark


def prepare_factory(factory: Any) -> Callable[[], Any]:
    """
    Return a callable that makes instrumented collections, from a class or any callable that makes
    collections.

    Raises:
        ArgumentError: What it makes cannot serve as a collection.
    """
    if factory in _INSTRUMENTED_BUILTINS:
        return _INSTRUMENTED_BUILTINS[factory]
    cls = factory if isinstance(factory, type) else type(factory())
    if cls in _INSTRUMENTED_BUILTINS:
        wanted = _INSTRUMENTED_BUILTINS[cls]
        return lambda: wanted(factory())
    if "_sa_instrumented_class" not in cls.__dict__:
        instrument_collection_class(cls)
    return factory  # type: ignore[no-any-return]  # a class or callable by now


_INSTRUMENTED_BUILTINS: dict[Any, type] = {}


def register_builtin(builtin: type, instrumented: type) -> None:
    """
    Say which class stands in for a builtin that is given as collection class.
    """
    _INSTRUMENTED_BUILTINS[builtin] = instrumented


def instrument_collection_class(cls: type) -> None:
    """
    Wrap the mutators of a class and note its roles.

    Raises:
        ArgumentError: It is a builtin, or has no way to add, remove or list members.
    """
    roles, decorated = _find_roles(cls)
    kind = duck_type(cls)
    if cls.__module__ == "builtins":
        _require_roles(cls, _BUILTIN_ROLES.get(kind, {}) if kind is not None else {})
        raise exc.ArgumentError("Can not instrument a built-in type. Use a subclass, even a trivial one.")
    if kind in _BUILTIN_ROLES:
        for role, name in _BUILTIN_ROLES[kind].items():
            roles.setdefault(role, name)
        _wrap_builtin_mutators(cls, kind, roles, decorated)
    _require_roles(cls, roles)
    for name, (before, after) in decorated.items():
        _wrap_marked(cls, name, before, after)
    for role in ("appender", "remover"):
        method = getattr(cls, roles[role])
        if not _tells(method) and roles[role] not in decorated:
            before = ("fire_append_event" if role == "appender" else "fire_remove_event", 1)
            _wrap_marked(cls, roles[role], before, None)
    for role, name in roles.items():
        setattr(cls, f"_sa_{role}", getattr(cls, name))
    cls._sa_instrumented_class = True  # type: ignore[attr-defined]  # marks live on the class
    if not hasattr(cls, "_sa_adapter"):
        cls._sa_adapter = None  # type: ignore[attr-defined]  # read by the mutators


def _tells(method: Any) -> bool:
    return bool(getattr(method, "_sa_instrumented", False))


def _find_roles(cls: type) -> tuple[dict[str, str], dict[str, tuple[Any, Any]]]:
    roles: dict[str, str] = {}
    marked: dict[str, tuple[Any, Any]] = {}
    for parent in cls.__mro__:
        for name, method in vars(parent).items():
            if not callable(method):
                continue
            role = getattr(method, "_sa_instrument_role", None)
            if role is not None:
                roles.setdefault(role, name)
            before = getattr(method, "_sa_instrument_before", None)
            after = getattr(method, "_sa_instrument_after", None)
            if (before or after) and name not in marked:
                marked[name] = (before, after)
    return roles, marked


def _require_roles(cls: type, roles: dict[str, str]) -> None:
    for role, what in (
        ("appender", "appender"),
        ("remover", "remover"),
        ("iterator", "iterator"),
    ):
        name = roles.get(role)
        if name is None or not hasattr(cls, name):
            article = "an" if what[0] in "aeiou" else "a"
            raise exc.ArgumentError(
                f"Type {cls.__name__} must elect {article} {what} method to be a collection class"
            )


def _wrap_builtin_mutators(cls: type, kind: type, roles: dict[str, str], marked: dict[str, Any]) -> None:
    for name, decorate in MUTATORS[kind].items():
        method = getattr(cls, name, None)
        if (
            method is None
            or name in marked
            or name in roles.values()
            and _is_own_role(cls, kind, name, roles)
        ):
            continue
        if _tells(method):
            continue
        setattr(cls, name, decorate(method))


def _is_own_role(cls: type, kind: type, name: str, roles: dict[str, str]) -> bool:
    # a role method that the user tagged on a name which the builtin does not use for that role
    return name not in _BUILTIN_ROLES[kind].values() and name not in MUTATORS[kind]


def _wrap_marked(cls: type, name: str, before: tuple[str, int | str] | None, after: str | None) -> None:
    method = getattr(cls, name)
    if _tells(method):
        return
    position: int | None = None
    argument: str | None = None
    if before is not None:
        import inspect  # only collections with marked methods need it

        names = list(inspect.signature(method).parameters)
        if isinstance(before[1], int):
            position = before[1]
            if len(names) <= position:
                raise exc.ArgumentError("Missing argument " + str(before[1]))
            argument = names[position]
        else:
            argument = before[1]
            position = names.index(argument) if argument in names else None
    event = before[0] if before is not None else None

    def wrapper(self: Any, *args: Any, **kw: Any) -> Any:
        initiator = kw.pop("_sa_initiator", None)
        adapter = self._sa_adapter
        if adapter is None or initiator is False:
            return method(self, *args, **kw)
        if event is not None:
            if position is not None and len(args) >= position:
                value = args[position - 1]
            elif argument in kw:
                value = kw[argument]
            else:
                raise exc.ArgumentError("Missing argument " + str(argument))
            changed = getattr(adapter, event)(value, initiator)
            if event == "fire_append_event" and changed is not value:
                if position is not None and len(args) >= position:
                    args = (*args[: position - 1], changed, *args[position:])
                else:
                    kw[argument] = changed  # type: ignore[index]  # a str here: it was found in kw
        if after is not None:
            # which member leaves is known afterwards only, and the content before has to be remembered now
            adapter.fire_pre_remove_event(initiator)
        result = method(self, *args, **kw)
        if after is not None and result is not None:
            getattr(adapter, after)(result, initiator)
        return result

    wrapper.__name__ = name
    wrapper.__doc__ = method.__doc__
    wrapper._sa_instrumented = True  # type: ignore[attr-defined]  # marks live on the function
    for mark in ("_sa_instrument_role",):
        if hasattr(method, mark):
            setattr(wrapper, mark, getattr(method, mark))
    setattr(cls, name, wrapper)
