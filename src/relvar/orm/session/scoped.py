"""
One session per thread or scope: `scoped_session`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from relvar import exc
from relvar._kernels.identity import IdentityMap
from relvar.engine.base import Connection, Engine
from relvar.orm.session.maker import SessionFactory, sessionmaker
from relvar.orm.session.session import Session
from relvar.util.generics import subscriptable
from relvar.util.ordered import IdentitySet
from relvar.util.proxied import Attribute, called
from relvar.util.registry import ScopedRegistry, ThreadLocalRegistry
from relvar.util.warning import warn, warn_deprecated

if TYPE_CHECKING:
    # overloads do not pass through `called`
    from relvar.orm.session.execute import SessionExecution as _Executing
else:
    _Executing = subscriptable()

__all__ = ["QueryPropertyDescriptor", "ScopedFace", "scoped_session"]


class _Contents(Protocol):
    def __contains__(self, instance: object) -> bool: ...
    def __iter__(self) -> Iterator[object]: ...


_F = TypeVar("_F", bound=_Contents)
_S = TypeVar("_S", bound=Session)


class QueryPropertyDescriptor:
    """
    What `scoped_session.query_property` returns: a query against the class it
    is read from.
    """

    def __init__(self, registry: scoped_session[Any], query_cls: Any) -> None:
        self._registry = registry
        self._query_cls = query_cls

    def __get__(self, instance: Any, owner: type[Any]) -> Any:
        if self._query_cls is not None:
            return self._query_cls(owner, session=self._registry.registry())
        return self._registry.registry().query(owner)


class ScopedFace(Generic[_F]):
    """
    What the session of a scope, blocking or not, is found by.
    """

    _support_async = False
    session_factory: SessionFactory[_F]
    registry: ScopedRegistry[_F]

    @property
    def _proxied(self) -> _F:
        return self.registry()

    def __call__(self, **kw: Any) -> _F:
        """
        Return the current session, made if there is none.

        Raises:
            InvalidRequestError: arguments are given and there is one already.
        """
        if kw:
            if self.registry.has():
                raise exc.InvalidRequestError(
                    "Scoped session is already present; no new arguments may be specified."
                )
            session = self.session_factory(**kw)
            self.registry.set(session)
        else:
            session = self.registry()
        if not self._support_async and getattr(session, "_is_asyncio", False):
            warn_deprecated(
                "Using `scoped_session` with asyncio is deprecated and will raise an error "
                "in a future version. Please use `async_scoped_session` instead.",
                "1.4.23",
            )
        return session

    def configure(self, **kwargs: Any) -> None:
        """
        Reconfigure the factory; warns when a session is there already.
        """
        if self.registry.has():
            warn(
                "At least one scoped session is already present.  configure() can not "
                "affect sessions that have already been created."
            )
        self.session_factory.configure(**kwargs)

    def __contains__(self, instance: object) -> bool:
        return instance in self.registry()

    def __iter__(self) -> Iterator[object]:
        return iter(self.registry())


class scoped_session(_Executing, ScopedFace[_S]):
    """
    One session per scope, behind a face that has all methods of `Session`.

    The scope is the thread, or what *scopefunc* returns a token for.

    >>> from relvar import create_engine
    >>> from relvar.orm import scoped_session, sessionmaker
    >>> current = scoped_session(sessionmaker(create_engine("sqlite://")))
    >>> current() is current()
    True
    >>> first = current()
    >>> current.remove()
    >>> current() is first
    False
    """

    session_factory: sessionmaker[_S]

    def __init__(self, session_factory: sessionmaker[_S], scopefunc: Callable[[], Any] | None = None) -> None:
        self.session_factory = session_factory
        if scopefunc is not None:
            self.registry = ScopedRegistry(session_factory, scopefunc)
        else:
            self.registry = ThreadLocalRegistry(session_factory)

    def remove(self) -> None:
        """
        Close the current session, if any, and forget it.
        """
        if self.registry.has():
            self.registry().close()
        self.registry.clear()

    def query_property(self, query_cls: Any = None) -> QueryPropertyDescriptor:
        """
        Return a class property that makes a query against its class.
        """
        return QueryPropertyDescriptor(self, query_cls)

    # -- the current session's own methods and attributes, passed on --------

    add = called(Session.add)
    add_all = called(Session.add_all)
    begin = called(Session.begin)
    begin_nested = called(Session.begin_nested)
    bulk_insert_mappings = called(Session.bulk_insert_mappings)
    bulk_save_objects = called(Session.bulk_save_objects)
    bulk_update_mappings = called(Session.bulk_update_mappings)
    close = called(Session.close)
    commit = called(Session.commit)
    connection = called(Session.connection)
    delete = called(Session.delete)
    delete_all = called(Session.delete_all)
    expire = called(Session.expire)
    expire_all = called(Session.expire_all)
    expunge = called(Session.expunge)
    expunge_all = called(Session.expunge_all)
    flush = called(Session.flush)
    invalidate = called(Session.invalidate)
    is_modified = called(Session.is_modified)
    merge = called(Session.merge)
    merge_all = called(Session.merge_all)
    refresh = called(Session.refresh)
    reset = called(Session.reset)
    rollback = called(Session.rollback)
    if not TYPE_CHECKING:
        execute = called(Session.execute)
        get = called(Session.get)
        get_bind = called(Session.get_bind)
        get_one = called(Session.get_one)
        query = called(Session.query)
        scalar = called(Session.scalar)
        scalars = called(Session.scalars)

    autoflush = Attribute[bool](Session, "autoflush")
    bind = Attribute[Engine | Connection | None](Session, "bind")
    binds = Attribute[dict[Any, Any]](Session, "binds")
    deleted = Attribute[IdentitySet](Session, "deleted")
    dirty = Attribute[IdentitySet](Session, "dirty")
    execution_options = Attribute[Mapping[str, Any]](Session, "execution_options")
    identity_map = Attribute[IdentityMap](Session, "identity_map")
    info = Attribute[dict[Any, Any]](Session, "info")
    is_active = Attribute[bool](Session, "is_active")
    new = Attribute[IdentitySet](Session, "new")
    no_autoflush = Attribute[AbstractContextManager[Session]](Session, "no_autoflush")

    identity_key = Session.identity_key
    object_session = Session.object_session
