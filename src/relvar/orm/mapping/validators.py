"""
Attribute validators: methods that look at (and may replace) what is set.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from relvar import exc
from relvar.orm.state.flags import NO_KEY, NO_VALUE

__all__ = ["find_validators", "listen_validators", "reconstructor", "validates"]

_F = TypeVar("_F", bound=Callable[..., Any])


def validates(
    *names: str, include_removes: bool = False, include_backrefs: bool = True
) -> Callable[[_F], _F]:
    """
    Decorate a method ``(self, key, value) -> value`` that validates attributes.

    Args:
        names: The attributes.
        include_removes: Call it for removals too, with a fourth argument ``is_remove``.
        include_backrefs: Call it for changes that come from the other side of a relationship too.

    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column, validates
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     email: Mapped[str]
    ...     @validates("email")
    ...     def lower(self, key, value):
    ...         return value.lower()
    >>> User(email="Ann@Example.org").email
    'ann@example.org'
    """

    def mark(fn: _F) -> _F:
        fn.__sa_validators__ = names  # type: ignore[attr-defined]  # marks live on the function
        fn.__sa_validation_opts__ = {  # type: ignore[attr-defined]  # as above
            "include_removes": include_removes,
            "include_backrefs": include_backrefs,
        }
        return fn

    return mark


def reconstructor(fn: _F) -> _F:
    """
    Decorate a method that is called after an object was loaded.

    >>> from relvar import create_engine
    >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, reconstructor
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     @reconstructor
    ...     def loaded(self):
    ...         self.cache = {}
    >>> engine = create_engine("sqlite://")
    >>> Base.metadata.create_all(engine)
    >>> with Session(engine) as session:
    ...     session.add(User(id=1))
    ...     session.commit()
    ...     session.expunge_all()
    ...     session.get(User, 1).cache
    {}
    """
    fn.__sa_reconstructor__ = True  # type: ignore[attr-defined]  # marks live on the function
    return fn


def find_validators(cls: type[Any], mapper: Any) -> dict[str, tuple[Callable[..., Any], dict[str, bool]]]:
    """
    Return the validators of a class by attribute.

    A method of a subclass takes the place of the superclass's method of that name, for the attributes it is
    declared for.

    Raises:
        InvalidRequestError: Methods of two names validate one attribute.
    """
    found: dict[str, tuple[Callable[..., Any], dict[str, bool]]] = {}
    methods: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        for own_name, method in base.__dict__.items():
            names = getattr(method, "__sa_validators__", None) if callable(method) else None
            if names is not None:
                for name in names:
                    if methods.setdefault(name, own_name) != own_name:
                        raise exc.InvalidRequestError(
                            f"A validation function for mapped attribute {name!r} on mapper {mapper} already "
                            f"exists: {methods[name]}() and {own_name}() both validate it."
                        )
                    found[name] = (method, method.__sa_validation_opts__)
    return found


def listen_validators(mapper: Any, key: str, impl: Any) -> None:
    """
    Let the validator of an attribute, if its class has one, hear of changes.
    """
    entry = mapper.validators.get(key)
    if entry is None:
        return
    validator, options = entry
    include_removes = options["include_removes"]
    include_backrefs = options["include_backrefs"]

    def concerns(initiator: Any) -> bool:
        return include_backrefs or initiator is None or initiator.impl is impl

    def on_set(state: Any, value: Any, oldvalue: Any, initiator: Any) -> Any:
        if not concerns(initiator):
            return value
        if include_removes:
            return validator(state.obj(), key, value, False)
        return validator(state.obj(), key, value)

    def on_append(state: Any, value: Any, initiator: Any, key_: Any = NO_KEY, **_kw: Any) -> Any:
        if not concerns(initiator):
            return value
        if include_removes:
            return validator(state.obj(), key, value, False)
        return validator(state.obj(), key, value)

    def on_bulk(state: Any, values: list[Any], initiator: Any, keys: Any = None) -> None:
        if not concerns(initiator):
            return
        obj = state.obj()
        extra = (False,) if include_removes else ()
        values[:] = [validator(obj, key, value, *extra) for value in values]

    def on_remove(state: Any, value: Any, initiator: Any, key_: Any = NO_KEY, **_kw: Any) -> None:
        if concerns(initiator) and value is not NO_VALUE:
            validator(state.obj(), key, value, True)

    if impl.collection:
        # a whole new collection is validated at once, its members not again one by one
        def on_single_append(state: Any, value: Any, initiator: Any, **kw: Any) -> Any:
            if initiator is not None and initiator.op == "BULK_REPLACE" and initiator.impl is impl:
                return value
            return on_append(state, value, initiator, **kw)

        impl.listen("append", on_single_append)
        impl.listen("bulk_replace", on_bulk)
    else:
        impl.listen("set", on_set)
    if include_removes:
        impl.listen("remove", on_remove)
