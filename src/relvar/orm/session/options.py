# Compiled as it is, see setup.py.
"""
What a session is made with.

Interpreted, each of the fifteen keywords that a program leaves out costs 15 ns for its default.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import TYPE_CHECKING, Any, Literal

from relvar import exc
from relvar._kernels.identity import OPTIONS, Option, SessionFields, new_identity_map
from relvar._kernels.own import class_attribute
from relvar.expr.options import report_unknown_options
from relvar.orm.session import binds as bind_rules
from relvar.orm.session.objects import SessionObjects
from relvar.util.immutable import immutabledict
from relvar.util.symbol import symbol

if TYPE_CHECKING:
    from relvar.orm.session.session import Session

__all__ = ["NO_ARG", "SessionOptions"]

_session_numbers = count(1)
_bind = class_attribute(SessionFields, "bind")

_JOIN_MODES = frozenset({"conditional_savepoint", "rollback_only", "control_fully", "create_savepoint"})
_NO_OPTIONS: immutabledict[str, Any] = immutabledict()
NO_ARG: Any = symbol("NO_ARG")


class ClassEvents:
    """
    The events of a class of sessions, and when it was last found that
    somebody or nobody listens to them.
    """

    __slots__ = ("_heard_at", "_quiet_at", "cls", "dispatch", "has_own_bind", "has_own_options")

    def __init__(self, cls: Any) -> None:
        self.cls: Any = cls
        # whether a subclass names an option in its body
        self.has_own_options: bool = cls is not None and any(
            not isinstance(class_attribute(cls, name), Option) for name in OPTIONS
        )
        # whether it has a property in the place of the field
        self.has_own_bind: bool = cls is not None and class_attribute(cls, "bind") is not _bind
        self.dispatch: Any = None if cls is None else cls.dispatch
        self._heard_at = self._quiet_at = -1


class SessionOptions(SessionObjects):
    """
    The part of `Session` that takes its options.
    """

    if TYPE_CHECKING:
        # what the other part has
        @property
        def info(self) -> dict[Any, Any]: ...

    strict: bool
    "Whether what would be lost is an error, a `LossError`, in this session."
    lazy_loading: str | None
    """
    What happens when an attribute loads itself: None as in SQLAlchemy, ``peers`` for all objects of its
    result at once, ``report`` to have it counted, ``strict`` for an error.
    """
    # of the class that has it in its own right; a new subclass gets its own
    _class_events = ClassEvents(None)

    def __init__(
        self,
        bind: Any = None,
        *,
        autoflush: bool = True,
        future: bool = True,
        expire_on_commit: bool = True,
        autobegin: bool = True,
        twophase: bool = False,
        binds: Mapping[Any, Any] | None = None,
        enable_baked_queries: bool = True,
        info: dict[Any, Any] | None = None,
        query_cls: Any = None,
        autocommit: bool = False,
        join_transaction_mode: str = "conditional_savepoint",
        close_resets_only: Any = NO_ARG,
        execution_options: Mapping[str, Any] = _NO_OPTIONS,
        strict: bool = False,
        lazy_loading: Literal["select", "peers", "report", "strict"] | None = None,
    ) -> None:
        mode: Any = None
        if lazy_loading is not None:
            from relvar.orm.load.lazy_modes import checked  # few programs say it

            mode = checked(lazy_loading)
        if execution_options:
            report_unknown_options(execution_options, strict)
            execution_options = immutabledict(execution_options)
        if autocommit:
            raise exc.ArgumentError("autocommit=True is no longer supported")
        if not future:
            raise exc.ArgumentError("The 'future' parameter passed to Session() may only be set to True.")
        if join_transaction_mode not in _JOIN_MODES:
            raise exc.ArgumentError(f'invalid selection for join_transaction_mode: "{join_transaction_mode}"')
        if isinstance(bind, (str, int)):
            raise exc.ArgumentError(f"Session() is bound to an Engine or a Connection, got {bind!r}")
        known = self._class_events
        if known.cls is not type(self):
            known = type(self)._class_events = ClassEvents(type(self))
        _begin_empty(self, known)
        # in the order of OPTIONS
        options = (
            autoflush,
            autobegin,
            expire_on_commit,
            enable_baked_queries,
            twophase,
            join_transaction_mode,
            execution_options if execution_options else _NO_OPTIONS,
            strict,
            mode,
        )
        _take_options(self, known, bind, options)
        if not autobegin:
            self.identity_map.guard = _require_begun
        if close_resets_only is not NO_ARG:
            self._close_resets_only = close_resets_only
        if query_cls is not None:
            self._query_cls = query_cls
        if info:
            self.info.update(info)
        if binds is not None:
            for key, value in binds.items():
                bind_rules.add_bind(self._binds, key, value)


for _name in OPTIONS:
    setattr(SessionOptions, _name, Option(_name))


def _take_options(session: SessionFields, known: ClassEvents, bind: Any, options: tuple[Any, ...]) -> None:
    """
    Bind a new session, and set its options.
    """
    if known.has_own_bind:
        setattr(session, "bind", bind)  # noqa: B010  # not the field
    else:
        session.bind = bind
    if not known.has_own_options:
        session._given = options
        return
    session._given = None
    for name, value in zip(OPTIONS, options, strict=True):
        # what only relvar has, a class may say for all its sessions
        if value or name not in ("strict", "lazy_loading") or not hasattr(session, name):
            setattr(session, name, value)


def _begin_empty(session: SessionFields, known: ClassEvents) -> None:
    """
    Set the fields of a new session.
    """
    session.hash_key = number = next(_session_numbers)
    session.identity_map = new_identity_map(number, session)
    session._binds = {}
    session._new = {}
    session._deleted = {}
    session._transaction = session._context_transaction = session._nested_transaction = None
    session._flushing = session._autoflushing = session._closed = session._warn_on_events = False
    session._close_resets_only = session._causality = None
    session._events = known.dispatch
    session._quiet_at = known._quiet_at


def _require_begun(session: Session | None) -> None:
    """
    Raise if an object is changed in a session that waits for `begin`.
    """
    if session is not None and not session.autobegin:
        session._autobegin_t()
