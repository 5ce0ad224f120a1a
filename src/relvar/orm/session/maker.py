"""
Make sessions: `sessionmaker`, and `scoped_session` for one per thread or scope.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Generic, TypeVar, cast

from relvar import exc
from relvar.orm.session.session import Session, _SessionClassMethods
from relvar.util.registry import ScopedRegistry, ThreadLocalRegistry
from relvar.util.warning import warn

__all__ = ["QueryPropertyDescriptor", "scoped_session", "sessionmaker"]

_S = TypeVar("_S", bound=Session)


class sessionmaker(_SessionClassMethods, Generic[_S]):
    """
    A configurable `Session` factory.

    ::

        Session = sessionmaker(bind=engine)
        with Session.begin() as session:
            session.add(obj)
    """

    class_: type[_S]

    def __init__(
        self,
        bind: Any = None,
        *,
        class_: type[_S] = cast("type[Any]", Session),
        autoflush: bool = True,
        expire_on_commit: bool = True,
        info: dict[Any, Any] | None = None,
        **kw: Any,
    ) -> None:
        kw["bind"] = bind
        kw["autoflush"] = autoflush
        kw["expire_on_commit"] = expire_on_commit
        if info is not None:
            kw["info"] = info
        self.kw = kw
        # A class of its own, so that events of this factory stay with it.
        self.class_ = type(class_.__name__, (class_,), {})

    def begin(self) -> AbstractContextManager[_S]:
        """
        Make a session in a context manager that commits at the end of the
        block, or rolls back, and closes.
        """
        return self._begin()

    @contextmanager
    def _begin(self) -> Iterator[_S]:
        session = self()
        with session, session.begin():
            yield session

    def __call__(self, **local_kw: Any) -> _S:
        """
        Make a session; keyword arguments override the factory's.
        """
        kw = self.kw
        if local_kw:
            merged = {**kw, **local_kw}
            if "info" in kw and "info" in local_kw:
                merged["info"] = {**kw["info"], **local_kw["info"]}
            kw = merged
        return self.class_(**kw)

    def configure(self, **new_kw: Any) -> None:
        """
        Change arguments for sessions to come.
        """
        self.kw.update(new_kw)

    def __repr__(self) -> str:
        arguments = ", ".join(f"{k}={v!r}" for k, v in self.kw.items())
        return f"{type(self).__name__}(class_={self.class_.__name__!r}, {arguments})"


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


class scoped_session(Generic[_S]):
    """
    One session per scope, behind a face that has all methods of `Session`.

    The scope is the thread, or what *scopefunc* returns a token for.
    """

    _support_async = False
    session_factory: sessionmaker[_S]
    registry: ScopedRegistry[_S]

    def __init__(
        self, session_factory: sessionmaker[_S], scopefunc: Callable[[], Any] | None = None
    ) -> None:
        self.session_factory = session_factory
        if scopefunc is not None:
            self.registry = ScopedRegistry(session_factory, scopefunc)
        else:
            self.registry = ThreadLocalRegistry(session_factory)

    @property
    def _proxied(self) -> _S:
        return self.registry()

    def __call__(self, **kw: Any) -> _S:
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
        if not self._support_async and session._is_asyncio:
            warn(
                "Using `scoped_session` with asyncio is deprecated and will raise an error "
                "in a future version. Please use `async_scoped_session` instead."
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

    def __contains__(self, instance: object) -> bool:
        return instance in self.registry()

    def __iter__(self) -> Iterator[object]:
        return iter(self.registry())


def _forward_method(name: str) -> Any:
    source = getattr(Session, name)

    def method(self: Any, *args: Any, **kw: Any) -> Any:
        return getattr(self.registry(), name)(*args, **kw)

    method.__name__ = name
    method.__qualname__ = f"scoped_session.{name}"
    method.__doc__ = source.__doc__
    method.__wrapped__ = source  # type: ignore[attr-defined]  # gives the face its signature
    return method


def _forward_attribute(name: str) -> Any:
    def read(self: Any) -> Any:
        return getattr(self.registry(), name)

    def write(self: Any, value: Any) -> None:
        setattr(self.registry(), name, value)

    return property(read, write, doc=f"``{name}`` of the current session.")


_METHODS = """
    add add_all begin begin_nested close reset commit connection delete delete_all execute
    expire expire_all expunge expunge_all flush get get_one get_bind is_modified
    bulk_save_objects bulk_insert_mappings bulk_update_mappings merge merge_all query refresh
    rollback scalar scalars invalidate in_transaction in_nested_transaction
""".split()
_ATTRIBUTES = """
    bind binds dirty deleted new identity_map is_active autoflush no_autoflush info
    execution_options
""".split()

for _name in _METHODS:
    setattr(scoped_session, _name, _forward_method(_name))
for _name in _ATTRIBUTES:
    setattr(scoped_session, _name, _forward_attribute(_name))
for _name in ("close_all", "object_session", "identity_key"):
    if hasattr(Session, _name):
        setattr(scoped_session, _name, getattr(Session, _name))
