"""
``declared_attr``: attributes of mixins and abstract classes that are made for each class that has them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload
from weakref import WeakKeyDictionary

from relvar.orm.mapping.interfaces import Mapped
from relvar.util.warning import warn

__all__ = ["declared_attr", "declared_attr_directive"]

_T = TypeVar("_T")

if TYPE_CHECKING:
    from relvar.orm.mapping.attribute import InstrumentedAttribute


class _Sub:
    """``declared_attr.cascading``: the decorator with an option."""

    def __init__(self, target: Any, **options: Any) -> None:
        self.target = target
        self.options = options

    def __call__(self, fn: Any) -> Any:
        return self.target(fn, **self.options)

    @property
    def directive(self) -> _Sub:
        return _Sub(declared_attr_directive, **self.options)

    @property
    def cascading(self) -> _Sub:
        return _Sub(self.target, **{**self.options, "cascading": True})


class _Option:
    """The attribute of the decorator class that gives a `_Sub`."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, obj: Any, owner: Any) -> Any:
        return getattr(_Sub(owner if owner is not None else type(obj)), self.name)


# class being scanned -> {declared_attr -> what it returned}; only while a class is being scanned
_made: WeakKeyDictionary[type[Any], dict[Any, Any]] = WeakKeyDictionary()


class _DeclaredBase(Generic[_T]):
    fget: Callable[[Any], _T]

    def __init__(self, fn: Callable[[Any], _T], cascading: bool = False, quiet: bool = False) -> None:
        # a classmethod below it makes no difference: the function gets the class either way
        self.fget = fn.__func__ if isinstance(fn, classmethod) else fn
        self._cascading = cascading
        self._quiet = quiet
        self.__doc__ = self.fget.__doc__

    def __get__(self, instance: Any, owner: Any) -> Any:
        cls = owner if owner is not None else type(instance)
        cache = _made.get(cls)
        if cache is None:
            manager = cls.__dict__.get("_sa_class_manager")
            name = self.fget.__name__
            if manager is None and not (name.startswith("__") and name.endswith("__")) and not self._quiet:
                if getattr(cls, "__mapper__", None) is None:
                    warn(
                        f"Unmanaged access of declarative attribute {name} from non-mapped class "
                        f"{cls.__name__}"
                    )
            return self.fget(cls)
        if self not in cache:
            cache[self] = self.fget(cls)
        return cache[self]

    if not TYPE_CHECKING:  # below, with types
        directive = _Option("directive")
        cascading = _Option("cascading")


class declared_attr(_DeclaredBase[_T], Mapped[_T]):
    """
    Decorate a method that makes an attribute for each class that inherits it.

    ``declared_attr.directive`` is for names such as ``__tablename__``;
    ``declared_attr.cascading`` makes it anew for each subclass.

    >>> from relvar.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
    >>> class Named:
    ...     @declared_attr.directive
    ...     def __tablename__(cls):
    ...         return cls.__name__.lower()
    >>> class Base(DeclarativeBase): ...
    >>> class User(Named, Base):
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    >>> User.__table__.name
    'user'
    """

    if TYPE_CHECKING:
        directive: ClassVar[_Directive]
        cascading: ClassVar[_Cascading]

        @overload
        def __init__(
            self, fn: Callable[[Any], Mapped[_T]], cascading: bool = False, quiet: bool = False
        ) -> None: ...

        @overload
        def __init__(self, fn: Callable[[Any], _T], cascading: bool = False, quiet: bool = False) -> None: ...

        def __init__(self, fn: Any, cascading: bool = False, quiet: bool = False) -> None: ...

        @overload
        def __get__(self, instance: None, owner: Any) -> InstrumentedAttribute[_T]: ...

        @overload
        def __get__(self, instance: object, owner: Any) -> _T: ...

        def __get__(self, instance: object, owner: Any) -> Any: ...

    __hash__ = object.__hash__
    __eq__: Any = object.__eq__
    __ne__: Any = object.__ne__


class declared_attr_directive(_DeclaredBase[_T]):
    """
    What ``declared_attr.directive`` makes: not an attribute but a setting of the class.
    """

    if TYPE_CHECKING:

        def __get__(self, instance: Any, owner: Any) -> _T: ...


if TYPE_CHECKING:

    class _Directive:
        """
        ``declared_attr.directive``, by types.
        """

        def __call__(self, fn: Callable[[Any], _T]) -> declared_attr_directive[_T]: ...

    class _Cascading:
        """
        ``declared_attr.cascading``, by types.
        """

        directive: _Directive

        @overload
        def __call__(self, fn: Callable[[Any], Mapped[_T]]) -> declared_attr[_T]: ...

        @overload
        def __call__(self, fn: Callable[[Any], _T]) -> declared_attr[_T]: ...

        def __call__(self, fn: Any) -> Any: ...


def is_declared(value: Any) -> bool:
    """
    Tell whether a class attribute is a ``declared_attr`` of either kind.
    """
    return isinstance(value, _DeclaredBase)


def begin_scan(cls: type[Any]) -> None:
    """
    Make ``declared_attr`` functions run once per class from here on.
    """
    _made[cls] = {}


def end_scan(cls: type[Any]) -> None:
    """
    Forget what was made while a class was scanned.
    """
    _made.pop(cls, None)
