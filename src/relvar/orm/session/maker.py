"""
Make sessions with the same arguments each time: `sessionmaker`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Generic, TypeVar, cast, overload

from relvar.orm.session.session import Session, _SessionClassMethods

__all__ = ["SessionFactory", "sessionmaker"]

_F = TypeVar("_F")
_S = TypeVar("_S", bound=Session)
_T = TypeVar("_T")


class SessionFactory(Generic[_F]):
    """
    Makes sessions of a class, blocking or not, with arguments that can be changed.
    """

    class_: type[_F]
    kw: dict[str, Any]

    def _keep(
        self,
        bind: Any,
        autoflush: bool,
        expire_on_commit: bool,
        info: dict[Any, Any] | None,
        kw: dict[str, Any],
    ) -> None:
        kw["bind"] = bind
        kw["autoflush"] = autoflush
        kw["expire_on_commit"] = expire_on_commit
        if info is not None:
            kw["info"] = info
        self.kw = kw

    def __call__(self, **local_kw: Any) -> _F:
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


class sessionmaker(_SessionClassMethods, SessionFactory[_S]):
    """
    A configurable `Session` factory: call it, or use its `begin` for a transaction.

    Args:
        bind: An `Engine` or `Connection`.
        class_: What it makes, a subclass of `Session`.
        kw: The arguments of each session, which a call can override and `configure` change.

    >>> from relvar import create_engine
    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     name: Mapped[str]
    >>> engine = create_engine("sqlite://")
    >>> Base.metadata.create_all(engine)
    >>> NewSession = sessionmaker(engine)
    >>> with NewSession.begin() as session:
    ...     session.add(User(id=1, name="ann"))
    >>> with NewSession() as session:
    ...     session.get(User, 1).name
    'ann'
    """

    class_: type[_S]

    @overload
    def __init__(
        self,
        bind: Any = ...,
        *,
        class_: type[_S],
        autoflush: bool = ...,
        expire_on_commit: bool = ...,
        info: dict[Any, Any] | None = ...,
        **kw: Any,
    ) -> None: ...

    @overload
    def __init__(
        self: sessionmaker[Session],
        bind: Any = ...,
        *,
        autoflush: bool = ...,
        expire_on_commit: bool = ...,
        info: dict[Any, Any] | None = ...,
        **kw: Any,
    ) -> None: ...

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
        self._keep(bind, autoflush, expire_on_commit, info, kw)
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

    def run(
        self,
        fn: Callable[[_S], _T],
        *,
        attempts: int = 10,
        deadline: float | None = None,
        backoff: float = 0.02,
        max_backoff: float = 2.0,
        idempotent: bool = False,
    ) -> _T:
        """
        Run a function in a transaction of a new session, again with another one if it fails by a conflict.

        Objects that the function returns are detached; ``expire_on_commit=False`` lets them keep values.
        Else it is as `Engine.run`.

        >>> from relvar import create_engine, text
        >>> from relvar.orm import Session, sessionmaker
        >>> NewSession = sessionmaker(create_engine("sqlite://"))
        >>> NewSession.run(lambda session: session.scalar(text("SELECT 1 + 1")), deadline=5)
        2
        """
        from relvar.engine.retry import Retry  # for programs that use it
        from relvar.orm.session.run import run_in_new_sessions

        policy = Retry(
            attempts=attempts,
            deadline=deadline,
            backoff=backoff,
            max_backoff=max_backoff,
            idempotent=idempotent,
        )
        return run_in_new_sessions(self, self.kw.get("bind"), self, fn, policy)
