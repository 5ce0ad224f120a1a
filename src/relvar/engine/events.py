"""
The events of engines, connections and dialects.

``event.listen(engine, "before_cursor_execute", fn)`` works for an engine, a
connection, or the class `Engine` for all engines; dialect events also take the
engine in place of its dialect.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar import exc
from relvar.dialect.interface import Dialect
from relvar.engine.base import Connection, Engine
from relvar.event import EventKey, Events, _legacy_signature
from relvar.event.registry import lock


def _note_silence(target: Any) -> None:
    """Let executions take the short way again where nobody listens any more."""
    with lock:
        if not target.dispatch._any():
            target._has_events = False
            if isinstance(target, (Engine, Dialect)):
                # from now on as its class says, which may be listened on later
                vars(target).pop("_has_events", None)


class ConnectionEvents(Events):
    """
    What happens on a connection: executions and transactions.
    """

    _target_class_doc = "SomeEngine"
    _dispatch_target = Engine

    @classmethod
    def _accept_with(cls, target: Any, identifier: str) -> Any | None:
        if isinstance(target, Connection):
            target._own_dispatch()
            return target
        if isinstance(target, type) and issubclass(target, Connection):
            return Engine
        return super()._accept_with(target, identifier)

    @classmethod
    def _listen(cls, event_key: EventKey, *, retval: bool = False, named: bool = False, **kw: Any) -> None:
        target, name = event_key.dispatch_target, event_key.identifier
        if not retval:
            wrap = _KEEPS_ARGUMENTS.get(name)
            if wrap is not None:
                fn = cls._event(name).adapted(event_key._listen_fn, named)
                event_key, named = event_key.with_wrapper(wrap(fn)), False
        elif name not in _KEEPS_ARGUMENTS:
            raise exc.ArgumentError(
                "Only the 'before_execute', 'before_cursor_execute' and 'handle_error' engine event "
                "listeners accept "
                "the 'retval=True' argument."
            )
        with lock:
            target._has_events = True
            super()._listen(event_key, named=named, **kw)

    @classmethod
    def _remove(cls, event_key: EventKey) -> None:
        super()._remove(event_key)
        _note_silence(event_key.dispatch_target)

    @_legacy_signature("1.4", ["conn", "clauseelement", "multiparams", "params"])
    def before_execute(
        self, conn: Any, clauseelement: Any, multiparams: Any, params: Any, execution_options: Any
    ) -> Any:
        """Called before a statement is compiled; with ``retval=True`` returns new ones of the first three."""

    @_legacy_signature("1.4", ["conn", "clauseelement", "multiparams", "params", "result"])
    def after_execute(
        self,
        conn: Any,
        clauseelement: Any,
        multiparams: Any,
        params: Any,
        execution_options: Any,
        result: Any,
    ) -> None:
        """Called after a statement ran."""

    def before_cursor_execute(
        self, conn: Any, cursor: Any, statement: Any, parameters: Any, context: Any, executemany: Any
    ) -> Any:
        """Called before the driver runs; with ``retval=True`` returns text and parameters, changed."""

    def after_cursor_execute(
        self, conn: Any, cursor: Any, statement: Any, parameters: Any, context: Any, executemany: Any
    ) -> None:
        """Called after the driver ran."""

    @_legacy_signature("2.0", ["conn", "branch"], lambda conn: (conn, False))
    def engine_connect(self, conn: Any) -> None:
        """Called when a Connection is made."""

    def set_connection_execution_options(self, conn: Any, opts: Any) -> None:
        """Called before options are set on a connection; may change them in place."""

    def set_engine_execution_options(self, engine: Any, opts: Any) -> None:
        """Called before options are set on an engine; may change them in place."""

    def engine_disposed(self, engine: Any) -> None:
        """Called after an engine's pool was disposed."""

    def begin(self, conn: Any) -> None:
        """Called before a transaction begins."""

    def rollback(self, conn: Any) -> None:
        """Called before a transaction is rolled back."""

    def commit(self, conn: Any) -> None:
        """Called before a transaction is committed."""

    def savepoint(self, conn: Any, name: Any) -> None:
        """Called before a savepoint is made."""

    def rollback_savepoint(self, conn: Any, name: Any, context: Any) -> None:
        """Called before a savepoint is rolled back."""

    def release_savepoint(self, conn: Any, name: Any, context: Any) -> None:
        """Called before a savepoint is released."""

    def begin_twophase(self, conn: Any, xid: Any) -> None:
        """Called before a two-phase transaction begins."""

    def prepare_twophase(self, conn: Any, xid: Any) -> None:
        """Called before a two-phase transaction is prepared."""

    def rollback_twophase(self, conn: Any, xid: Any, is_prepared: Any) -> None:
        """Called before a two-phase transaction is rolled back."""

    def commit_twophase(self, conn: Any, xid: Any, is_prepared: Any) -> None:
        """Called before a two-phase transaction is committed."""


def _keep_execute(fn: Callable[..., Any]) -> Callable[..., Any]:
    def before_execute(
        conn: Any, clauseelement: Any, multiparams: Any, params: Any, execution_options: Any
    ) -> tuple[Any, Any, Any]:
        fn(conn, clauseelement, multiparams, params, execution_options)
        return clauseelement, multiparams, params

    return before_execute


def _keep_cursor_execute(fn: Callable[..., Any]) -> Callable[..., Any]:
    def before_cursor_execute(
        conn: Any, cursor: Any, statement: Any, parameters: Any, context: Any, executemany: Any
    ) -> tuple[Any, Any]:
        fn(conn, cursor, statement, parameters, context, executemany)
        return statement, parameters

    return before_cursor_execute


_KEEPS_ARGUMENTS = {"before_execute": _keep_execute, "before_cursor_execute": _keep_cursor_execute}


class DialectEvents(Events):
    """
    What a dialect does with its driver.
    """

    _target_class_doc = "SomeEngine"
    _dispatch_target = Dialect

    @classmethod
    def _accept_with(cls, target: Any, identifier: str) -> Any | None:
        if isinstance(target, Engine):
            return target.dialect
        if isinstance(target, type) and issubclass(target, Engine):
            return Dialect
        if isinstance(target, Dialect) or (isinstance(target, type) and issubclass(target, Dialect)):
            return target
        return None

    @classmethod
    def _listen(cls, event_key: EventKey, *, retval: bool = False, **kw: Any) -> None:
        with lock:
            event_key.dispatch_target._has_events = True
            super()._listen(event_key, **kw)

    @classmethod
    def _remove(cls, event_key: EventKey) -> None:
        super()._remove(event_key)
        _note_silence(event_key.dispatch_target)

    def do_connect(self, dialect: Any, conn_rec: Any, cargs: Any, cparams: Any) -> Any:
        """Called before connecting; may change the arguments in place, or return a connection."""

    def do_executemany(self, cursor: Any, statement: Any, parameters: Any, context: Any) -> Any:
        """Called in place of ``cursor.executemany``; True says that it was done."""

    def do_execute_no_params(self, cursor: Any, statement: Any, context: Any) -> Any:
        """Called in place of ``cursor.execute`` without parameters; True says that it was done."""

    def do_execute(self, cursor: Any, statement: Any, parameters: Any, context: Any) -> Any:
        """Called in place of ``cursor.execute``; True says that it was done."""

    def do_setinputsizes(
        self, inputsizes: Any, cursor: Any, statement: Any, parameters: Any, context: Any
    ) -> None:
        """Called before input sizes are set; may change them in place."""

    def handle_error(self, exception_context: Any) -> Any:
        """Called with each error of the driver; may return or raise what to raise instead."""
