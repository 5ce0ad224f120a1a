"""
How the asyncio face is made: its classes name the methods of the blocking ones.

`Proxy` stands for one blocking object.  In the class body of its face

* ``commit = awaited(Connection.commit)`` is a coroutine function that runs the
  blocking method in a greenlet, with the same parameters;
* ``in_transaction = called(Connection.in_transaction)`` calls it as it is, for
  methods that never do I/O;
* ``closed = Attribute(Connection, "closed")`` reads, and sets, an attribute;
* ``@like(Connection.execute)`` is written over a method that does more.

Type checkers see the signatures of the blocking methods, in stubs that ``tools/derive_faces.py`` writes.
"""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine, Generator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, Generic, NoReturn, ParamSpec, Protocol, TypeVar
from weakref import WeakValueDictionary

from relvar.ext.asyncio.exc import AsyncContextAlreadyStarted, AsyncContextNotStarted
from relvar.util.concurrency import greenlet_spawn
from relvar.util.proxied import Attribute as Attribute
from relvar.util.proxied import called as called
from relvar.util.proxied import summary

if TYPE_CHECKING:
    from typing import Self

__all__ = ["Attribute", "Opened", "Proxy", "Startable", "awaited", "called", "like"]

_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)
_P = ParamSpec("_P")
_F = TypeVar("_F", bound=Callable[..., Any])


def awaited(
    method: Callable[Concatenate[Any, _P], _T],
) -> Callable[Concatenate[Any, _P], Coroutine[Any, Any, _T]]:
    """
    Make a coroutine method that runs *method* of the proxied object in a greenlet.
    """
    name = method.__name__

    async def run(self: Any, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        bound: Callable[..., _T] = getattr(self._proxied, name)
        return await greenlet_spawn(lambda: bound(*args, **kwargs))

    functools.update_wrapper(run, method)
    run.__doc__ = summary(method)
    return run


def like(method: Any) -> Callable[[_F], _F]:
    """
    Say of a method that is written out which blocking one it stands for: type checkers see the types of that.
    """

    def mark(function: _F) -> _F:
        function.stands_for = method  # type: ignore[attr-defined]  # read by tools/derive_faces.py
        return function

    return mark


class Proxy(Generic[_T]):
    """
    Stands for one blocking object.

    Two proxies of the same object are equal.
    """

    __slots__ = ("__weakref__",)

    # id of the proxied object -> its first proxy.  A proxy holds what it stands for, so while it lives
    # no other object has that id.
    _proxies: WeakValueDictionary[int, Any] = WeakValueDictionary()

    @property
    def _proxied(self) -> _T:
        """The blocking object."""
        raise NotImplementedError

    def _assign_proxied(self, target: _T) -> _T:
        """Note that this proxy stands for *target*."""
        self._proxies.setdefault(id(target), self)
        return target

    @classmethod
    def _retrieve_proxy_for_target(
        cls, target: _T | None, regenerate: bool = True, **additional_kw: Any
    ) -> Self | None:
        """
        Give the proxy of *target*.

        Args:
            regenerate: Make one if there is none.
        """
        if target is None:
            return None
        proxy: Self | None = cls._proxies.get(id(target))
        if proxy is not None or not regenerate:
            return proxy
        return cls._regenerate_proxy_for_target(target, **additional_kw)

    @classmethod
    def _regenerate_proxy_for_target(cls, target: _T, **additional_kw: Any) -> Self:
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self._proxied == other._proxied

    def __hash__(self) -> int:
        return hash(self._proxied)


class Startable(ABC, Awaitable[_T_co]):
    """
    What is started by ``await``, or by ``async with`` until the end of the block.
    """

    __slots__ = ()

    @abstractmethod
    async def start(self, is_ctxmanager: bool = False) -> _T_co:
        """Start, giving the object to work with."""

    def __await__(self) -> Generator[Any, Any, _T_co]:
        return self.start().__await__()

    async def __aenter__(self) -> _T_co:
        return await self.start(is_ctxmanager=True)

    @abstractmethod
    async def __aexit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> bool | None: ...

    def _raise_for_not_started(self) -> NoReturn:
        raise AsyncContextNotStarted(
            f"{type(self).__name__} context has not been started and object has not been awaited."
        )


class Closeable(Protocol):
    """
    What `Opened` closes.
    """

    async def close(self) -> None: ...


_C = TypeVar("_C", bound=Closeable, covariant=True)


class Opened(Startable[_C]):
    """
    What *opening* gives: awaited, it is the caller's to close; by ``async with`` it is closed with the block.
    """

    __slots__ = ("_opened", "_opening")

    def __init__(self, opening: Callable[[], Awaitable[_C]]) -> None:
        self._opening: Callable[[], Awaitable[_C]] | None = opening

    async def start(self, is_ctxmanager: bool = False) -> _C:
        """
        Open.

        Raises:
            AsyncContextAlreadyStarted: It was opened before; doing it again would execute once more.
        """
        opening, self._opening = self._opening, None
        if opening is None:
            raise AsyncContextAlreadyStarted(
                "This stream has been started already. Execute the statement again for another one."
            )
        self._opened = await opening()
        return self._opened

    async def __aexit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._opened.close()
