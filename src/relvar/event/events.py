"""
Define a family of events.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any, ClassVar, TypeVar

from relvar import util
from relvar.event.dispatch import ClassEvent, Dispatch, dispatcher
from relvar.event.registry import EventKey
from relvar.util.signature import parameters_of

_F = TypeVar("_F", bound=Callable[..., Any])

# event name -> families that have it, in order of definition
families: dict[str, list[type[Events]]] = {}


class EventTarget:
    """
    Base of classes whose objects can be listened on.
    """

    __slots__ = ()

    dispatch: Any


class _LegacySignature:
    """
    An older argument list of an event, still accepted from listeners.
    """

    def __init__(
        self, since: str, argnames: list[str], converter: Callable[..., tuple[Any, ...]] | None
    ) -> None:
        self.since = since
        self.argnames = argnames
        self.converter = converter

    def wrap(self, event: ClassEvent, fn: Callable[..., Any]) -> Callable[..., Any] | None:
        """
        Return *fn* behind a conversion, if it has this older signature.
        """
        parameters = parameters_of(fn)
        if parameters is None or parameters.takes_args:
            return None
        has_kw = parameters.takes_keywords
        wants_kw = self.argnames[-1:] == ["**kw"]
        names = self.argnames[:-1] if wants_kw else self.argnames
        if has_kw != wants_kw or not parameters.required <= len(names) <= len(parameters.positional):
            return None
        if has_kw == event.has_kw and (
            parameters.required <= len(event.argnames) <= len(parameters.positional)
        ):
            return None  # takes what the event gives now
        message = (
            f'The argument signature for the "{event.signature_text.partition(":")[0]}" event listener '
            f"has changed as of version {self.since}, and conversion for the old argument signature "
            f"will be removed in a future release.  The new signature is "
            f'"{event.signature_text.partition(":")[2]}"'
        )
        since = self.since
        converter = self.converter
        current = event.argnames

        def converted(*args: Any, **kw: Any) -> Any:
            util.warn_deprecated(message, version=since)
            if converter is not None:
                args = converter(*args)
            else:
                given = dict(zip(current, args))
                args = tuple(given[name] for name in names)
            return fn(*args, **kw)

        return converted


def _legacy_signature(
    since: str,
    argnames: list[str],
    converter: Callable[..., tuple[Any, ...]] | None = None,
) -> Callable[[_F], _F]:
    """
    Decorate an event method: listeners with *argnames* are accepted too.

    Args:
        converter: Makes the old arguments from the new ones; by default they
            are picked by name.
    """

    def decorate(fn: _F) -> _F:
        signatures = fn.__dict__.setdefault("_legacy_signatures", [])
        signatures.append(_LegacySignature(since, argnames, converter))
        return fn

    return decorate


class Events:
    """
    Base of event families: each public method is an event.

    ::

        class PumpEvents(Events):
            _target_class_doc = "SomePump"
            _dispatch_target = Pump        # gets the ``dispatch`` attribute

            def started(self, pump, pressure):
                '''Called when a pump was started.'''

        pump.dispatch.started(pump, 5)     # runs the listeners

    Override ``_accept_with`` to take other targets than objects and
    subclasses of ``_dispatch_target`` (a mapped class for its mapper, say), and
    ``_listen`` to wrap functions.  The class can be defined in a higher
    layer than its target.
    """

    _target_class_doc: ClassVar[str] = ""
    _dispatch_target: ClassVar[type[Any] | None] = None
    _events_by_name: ClassVar[dict[str, ClassEvent]] = {}

    dispatch: ClassVar[Any] = None

    def __init_subclass__(cls, **kw: Any) -> None:
        super().__init_subclass__(**kw)
        found = dict(cls._events_by_name)
        for name, method in list(cls.__dict__.items()):
            if name.startswith("_") or name == "dispatch" or not isinstance(method, FunctionType):
                continue
            found[name] = _class_event(cls, name, method)
            families.setdefault(name, []).append(cls)
        cls._events_by_name = found
        target = cls.__dict__.get("_dispatch_target")
        if target is not None:
            descriptor = dispatcher(cls)
            target.dispatch = descriptor
            cls.dispatch = descriptor.__get__(None, target)

    @classmethod
    def _event(cls, name: str) -> ClassEvent:
        return cls._events_by_name[name]

    @classmethod
    def _accept_with(cls, target: Any, identifier: str) -> Any | None:
        """
        Return the object to listen on for *target*, ``None`` if not ours.
        """
        found = getattr(target, "dispatch", None)
        if isinstance(found, Dispatch) and issubclass(found._events, cls):
            return target
        return None

    @classmethod
    def _listen(
        cls,
        event_key: EventKey,
        *,
        propagate: bool = False,
        insert: bool = False,
        named: bool = False,
        asyncio: bool = False,
    ) -> None:
        event_key.base_listen(propagate=propagate, insert=insert, named=named, asyncio=asyncio)

    @classmethod
    def _remove(cls, event_key: EventKey) -> None:
        event_key.remove()

    @classmethod
    def _clear(cls) -> None:
        """
        Take all listeners off the classes of this family.
        """
        for event in cls._events_by_name.values():
            event.clear()


def _class_event(cls: type[Events], name: str, method: FunctionType) -> ClassEvent:
    parameters = parameters_of(method)
    assert parameters is not None  # those of a plain function are known
    argnames = parameters.positional[1:] + parameters.keyword_only
    has_kw = parameters.takes_keywords
    shown = ", ".join([*argnames, *(["**kw"] if has_kw else [])])
    return ClassEvent(
        name,
        argnames,
        has_kw,
        list(getattr(method, "_legacy_signatures", ())),
        f"{cls.__name__}.{name}:def {name}({shown})",
    )
