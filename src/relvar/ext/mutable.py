"""
Values that tell the object they belong to when they are changed in place.

The ORM sees that an attribute is *set*; it does not see ``user.settings["theme"] = "dark"``.  A mutable value
knows its parents, and tells them::

    settings: Mapped[dict[str, str]] = mapped_column(MutableDict.as_mutable(JSON))

1. A type that was given to `Mutable.as_mutable` carries the class of its values; `Mutable.associate_with`
   does that for all types of a class.
2. When mappers are configured, attributes of such types get listeners: whatever is loaded or set becomes a
   value of that class (`MutableBase.coerce`) and learns its parent.
3. ``changed()`` of a value marks the attribute modified in all parents that still live.

A composite whose class is a `MutableComposite` is linked alike; its ``changed()`` sets the columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableMapping
from typing import Any, SupportsIndex, TypeVar

from relvar._kernels.attributes import set_loaded, values_of
from relvar.orm.mapping import hooks
from relvar.orm.mapping.composite import CompositeProperty, composite_hooks
from relvar.orm.state.access import flag_modified
from relvar.types.base import TypeEngine
from relvar.util.memoized import memoized_property

_T = TypeVar("_T")
_KT = TypeVar("_KT")
_VT = TypeVar("_VT")


class Parents(MutableMapping[Any, str]):
    """
    The states of the objects that hold a value, with the name of the attribute; only those that still live.

    A state is a weak reference to its object and compares like it, so they are kept by ``id()``.
    """

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held: dict[int, tuple[Any, str]] = {}

    def __setitem__(self, state: Any, key: str) -> None:
        self._held[id(state)] = (state, key)

    def __getitem__(self, state: Any) -> str:
        return self._held[id(state)][1]

    def __delitem__(self, state: Any) -> None:
        del self._held[id(state)]

    def __iter__(self) -> Iterator[Any]:
        for mark, (state, _key) in list(self._held.items()):
            if state() is None:
                del self._held[mark]
            else:
                yield state

    def __len__(self) -> int:
        return sum(1 for _state in self)


class MutableBase:
    """
    What mutable values and mutable composites share.
    """

    @memoized_property
    def _parents(self) -> Parents:
        """Who holds this value: state of the object -> name of the attribute."""
        return Parents()

    @classmethod
    def coerce(cls, key: str, value: Any) -> Any | None:
        """
        Return a value of this class for one that is loaded, or set to the attribute *key*.

        Subclasses convert what they can, and leave the rest to this method.

        Raises:
            ValueError: The value is not None and can not be converted.
        """
        if value is None:
            return None
        raise ValueError(f"Attribute '{key}' does not accept objects of type {type(value)}")


class Mutable(MutableBase):
    """
    Base of column values that may change in place; subclasses call ``changed()`` when they do.

    >>> from relvar import JSON
    >>> from relvar.ext.mutable import Mutable
    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column
    >>> class Tags(Mutable, list):
    ...     @classmethod
    ...     def coerce(cls, key, value):
    ...         return cls(value) if type(value) is list else super().coerce(key, value)
    ...     def add(self, tag):
    ...         self.append(tag)
    ...         self.changed()
    >>> class Base(DeclarativeBase): ...
    >>> class Post(Base):
    ...     __tablename__ = "post"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     tags = mapped_column(Tags.as_mutable(JSON))
    >>> type(Post(tags=["new"]).tags).__name__
    'Tags'
    """

    def changed(self) -> None:
        """
        Mark the attribute that holds this value as modified, in each object that does.
        """
        for state, key in self._parents.items():
            flag_modified(state.obj(), key)

    @classmethod
    def associate_with_attribute(cls, attribute: Any) -> None:
        """
        Make the values of one mapped attribute, in its class and below, values of this class.
        """
        mapper = attribute.parent.mapper
        mapper._check_configure()
        for sub in mapper.self_and_descendants:
            _listen(cls, sub, sub.class_manager.impls[attribute.key])

    @classmethod
    def as_mutable(cls, sqltype: TypeEngine[_T] | type[TypeEngine[_T]]) -> TypeEngine[_T]:
        """
        Return a type (made, if a class is given) whose values in mapped attributes will be of this class.

        The marker is on this very object, and on copies of it that mixins and ``with_variant()`` make.

        >>> from relvar import JSON
        >>> MutableDict.as_mutable(JSON)
        JSON()
        """
        made: Any = sqltype() if isinstance(sqltype, type) else sqltype
        made._mutable_value_class = cls
        return made  # type: ignore[no-any-return]  # the given type, or one of its class

    @classmethod
    def associate_with(cls, sqltype: type[TypeEngine[Any]]) -> None:
        """
        Make the values of all attributes of a type (classes mapped from now on) values of this class.
        """
        _by_type.append((sqltype, cls))


_by_type: list[tuple[type[TypeEngine[Any]], type[Mutable]]] = []


def _value_class_of(column: Any) -> type[Mutable] | None:
    type_ = getattr(column, "type", None)
    marked = getattr(type_, "_mutable_value_class", None)
    if marked is not None:
        return marked  # type: ignore[no-any-return]  # set by as_mutable
    return next((cls for kind, cls in reversed(_by_type) if isinstance(type_, kind)), None)


def _column_configured(prop: Any, mapper: Any, impl: Any) -> None:
    if prop._is_column:
        cls = _value_class_of(prop.columns[0])
        if cls is not None:
            _listen(cls, mapper, impl)


hooks.attribute_hooks.append(_column_configured)


def _listen(cls: type[Mutable], mapper: Any, impl: Any) -> None:
    """Give an attribute of one class values of *cls*, however they come."""
    key = impl.key

    def link(state: Any) -> None:
        obj = state.obj()
        value = values_of(obj).get(key)
        if value is None:
            return
        coerced = cls.coerce(key, value)
        if coerced is not value:
            set_loaded(obj, key, coerced)
        if coerced is not None:
            coerced._parents[state] = key

    def loaded(state: Any, context: Any) -> None:
        link(state)

    def refreshed(state: Any, context: Any, attrs: Iterable[str] | None) -> None:
        if attrs is None or key in attrs:
            link(state)

    def set_(state: Any, value: Any, oldvalue: Any, initiator: Any) -> Any:
        if value is oldvalue:
            return value
        if not isinstance(value, cls):
            value = cls.coerce(key, value)
        if value is not None:
            value._parents[state] = key
        if isinstance(oldvalue, cls):
            oldvalue._parents.pop(state, None)
        return value

    impl.listen("set", set_, first=True)
    listeners = mapper.class_manager.listeners
    listeners.add("load", loaded)
    listeners.add("refresh", refreshed)
    listeners.add("refresh_flush", refreshed)
    _keep_links_in_pickles(listeners, key)


# Pickles -----------------------------------------------------------------------------------------------

# under this name a pickled state has its mutable values by attribute
_PICKLED = "ext.mutable.values"


def _keep_links_in_pickles(listeners: Any, key: str) -> None:
    def pickled(state: Any, saved: dict[str, Any]) -> None:
        value = state.dict.get(key)
        if isinstance(value, MutableBase):
            saved.setdefault(_PICKLED, {})[key] = value

    def unpickled(state: Any, saved: dict[str, Any]) -> None:
        value = saved.get(_PICKLED, {}).get(key)
        if value is not None:
            value._parents[state] = key

    listeners.add("pickle", pickled)
    listeners.add("unpickle", unpickled)


# Composites --------------------------------------------------------------------------------------------


class MutableComposite(MutableBase):
    """
    Base of composite values that may change in place; subclasses call ``changed()`` when they do.

    >>> from dataclasses import dataclass
    >>> from relvar.ext.mutable import MutableComposite
    >>> from relvar.orm import DeclarativeBase, Mapped, composite, mapped_column
    >>> @dataclass
    ... class Point(MutableComposite):
    ...     x: int
    ...     y: int
    ...     def __setattr__(self, key, value):
    ...         object.__setattr__(self, key, value)
    ...         self.changed()
    >>> class Base(DeclarativeBase): ...
    >>> class Dot(Base):
    ...     __tablename__ = "dot"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     at: Mapped[Point] = composite(mapped_column("x"), mapped_column("y"))
    >>> dot = Dot(at=Point(1, 2))
    >>> dot.at.x = 5
    >>> dot.x
    5
    """

    def changed(self) -> None:
        """
        Set the columns of each object that holds this value to what it consists of now.
        """
        for state, key in self._parents.items():
            state.mapper.get_property(key).put_parts(state.obj(), self)


def _composite_held(prop: CompositeProperty, state: Any, value: Any, old: Any) -> Any:
    """Link a value object with the object that holds it, and unlink the one before."""
    cls = prop.composite_class
    if not (isinstance(cls, type) and issubclass(cls, MutableComposite)):
        return value
    if value is not None and not isinstance(value, cls):
        value = cls.coerce(prop.key, value)
    if value is not None:
        value._parents[state] = prop.key
    if old is not value and isinstance(old, MutableComposite):
        old._parents.pop(state, None)
    return value


composite_hooks.append(_composite_held)


# Containers --------------------------------------------------------------------------------------------


def _telling(base: type[Any], *names: str) -> Callable[[type[_T]], type[_T]]:
    """Decorate a container class: these methods of *base* change it, and tell so when they succeeded."""

    def one(name: str) -> Callable[..., Any]:
        plain = getattr(base, name)

        def method(self: Any, *args: Any, **kw: Any) -> Any:
            result = plain(self, *args, **kw)
            self.changed()
            return result

        method.__name__ = name
        method.__doc__ = plain.__doc__
        return method

    def decorate(cls: type[_T]) -> type[_T]:
        for name in names:
            made = one(name)
            made.__qualname__ = f"{cls.__qualname__}.{name}"
            setattr(cls, name, made)
        return cls

    return decorate


@_telling(dict, "__setitem__", "__delitem__", "__ior__", "setdefault", "update", "pop", "popitem", "clear")
class MutableDict(Mutable, dict[_KT, _VT]):
    """
    A dict that tells its parents of changes; changes *within* its values it does not see.

    >>> from relvar import JSON
    >>> from relvar.ext.mutable import MutableDict
    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     settings: Mapped[dict[str, str]] = mapped_column(MutableDict.as_mutable(JSON))
    >>> user = User(settings={})
    >>> user.settings["theme"] = "dark"
    >>> user.settings
    {'theme': 'dark'}
    """

    @classmethod
    def coerce(cls, key: str, value: Any) -> MutableDict[_KT, _VT] | None:
        """
        Make a dict one of these.
        """
        if isinstance(value, cls):
            return value
        return cls(value) if isinstance(value, dict) else Mutable.coerce(key, value)

    def __getstate__(self) -> dict[_KT, _VT]:
        return dict(self)

    def __setstate__(self, state: dict[_KT, _VT]) -> None:
        dict.update(self, state)


@_telling(
    list,
    "__setitem__",
    "__delitem__",
    "__iadd__",
    "__imul__",
    "append",
    "extend",
    "insert",
    "pop",
    "remove",
    "clear",
    "sort",
    "reverse",
)
class MutableList(Mutable, list[_T]):
    """
    A list that tells its parents of changes; changes *within* its members it does not see.
    """

    @classmethod
    def coerce(cls, key: str, value: Any) -> MutableList[_T] | None:
        """
        Make a list one of these.
        """
        if isinstance(value, cls):
            return value
        return cls(value) if isinstance(value, list) else Mutable.coerce(key, value)

    def __reduce_ex__(self, proto: SupportsIndex) -> tuple[type[Any], tuple[list[_T]]]:
        return self.__class__, (list(self),)


@_telling(
    set,
    "__ior__",
    "__iand__",
    "__ixor__",
    "__isub__",
    "update",
    "intersection_update",
    "difference_update",
    "symmetric_difference_update",
    "add",
    "remove",
    "discard",
    "pop",
    "clear",
)
class MutableSet(Mutable, set[_T]):
    """
    A set that tells its parents of changes.
    """

    @classmethod
    def coerce(cls, key: str, value: Any) -> MutableSet[_T] | None:
        """
        Make a set one of these.
        """
        if isinstance(value, cls):
            return value
        return cls(value) if isinstance(value, set) else Mutable.coerce(key, value)

    def __reduce_ex__(self, proto: SupportsIndex) -> tuple[type[Any], tuple[list[_T]]]:
        return self.__class__, (list(self),)
