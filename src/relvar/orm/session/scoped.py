"""
One session per thread or scope: `scoped_session`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from relvar import exc
from relvar.orm.session.face import SessionFace
from relvar.orm.session.maker import SessionFactory, sessionmaker
from relvar.orm.session.session import Session
from relvar.util.generics import subscriptable
from relvar.util.proxied import called
from relvar.util.registry import ScopedRegistry, ThreadLocalRegistry
from relvar.util.warning import warn, warn_deprecated

if TYPE_CHECKING:
    # what types `query`, of a session too
    from relvar.orm.query.typed import MakesQueries
else:
    MakesQueries = subscriptable()

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


class scoped_session(SessionFace, MakesQueries, ScopedFace[_S]):
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
    registry: ScopedRegistry[_S]

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

    if not TYPE_CHECKING:
        query = called(Session.query)
