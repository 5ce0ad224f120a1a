"""
Assert how many statements a piece of code sends.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from types import TracebackType
from typing import Any, NamedTuple

from relvar import event, exc
from relvar.engine.base import Connection, Engine

__all__ = ["Queries", "SentStatement", "assert_queries"]

# what begins and ends savepoints is no query
_SAVEPOINTS = re.compile(r"\s*(?:SAVEPOINT|RELEASE|ROLLBACK TO|SAVE TRANSACTION|ROLLBACK TRANSACTION)\b")


class SentStatement(NamedTuple):
    """
    A statement as the driver got it.
    """

    text: str
    parameters: Any

    def __str__(self) -> str:
        return " ".join(self.text.split()) + (f"  {self.parameters!r}" if self.parameters else "")


class Queries:
    """
    What `assert_queries` returns: a block that counts statements, for ``with`` or ``async with``.
    """

    def __init__(self, count: int | None, on: Any, at_most: int | None) -> None:
        if (count is None) == (at_most is None):
            raise TypeError("assert_queries() takes how many statements are expected, or at_most=, not both")
        self._count = count
        self._at_most = at_most
        self._on = _plain(on)
        self._connections: list[Any] | None = None
        self._around = ExitStack()
        self.statements: list[SentStatement] = []

    def __enter__(self) -> Queries:
        target = self._on
        if _is_session(target):
            self._connections = []
            transaction = getattr(target, "_transaction", None)
            while transaction is not None:
                self._connections.extend(link.connection for link in transaction._links)
                transaction = transaction._parent
            self._listen(target, "after_begin", self._note_connection)
            target = Engine
        self._listen(target, "before_cursor_execute", self._note)
        return self

    def __exit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._around.close()
        if type_ is None:
            self._check()

    async def __aenter__(self) -> Queries:
        return self.__enter__()

    async def __aexit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.__exit__(type_, value, traceback)

    def __len__(self) -> int:
        return len(self.statements)

    def _listen(self, target: Any, name: str, fn: Any) -> None:
        event.listen(target, name, fn)
        self._around.callback(event.remove, target, name, fn)

    def _note_connection(self, session: Any, transaction: Any, connection: Any) -> None:
        assert self._connections is not None, "heard of sessions only"
        self._connections.append(connection)

    def _note(
        self, conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
    ) -> None:
        if self._connections is not None and not any(conn is known for known in self._connections):
            return
        if not _SAVEPOINTS.match(statement):
            shown = () if conn.engine.hide_parameters else parameters
            self.statements.append(SentStatement(statement, shown))

    def _check(self) -> None:
        sent = len(self.statements)
        if sent == self._count or (self._at_most is not None and sent <= self._at_most):
            return
        wanted = self._count if self._count is not None else f"at most {self._at_most}"
        listed = "".join(f"\n  {n}. {each}" for n, each in enumerate(self.statements, 1))
        raise AssertionError(f"{_statements(sent)} sent, expected {wanted}{':' if sent else ''}{listed}")


def assert_queries(count: int | None = None, on: Any = None, *, at_most: int | None = None) -> Queries:
    """
    Assert how many statements are sent in a block; those around savepoints are not counted.

    Args:
        count: How many, exactly.
        on: Whose: an engine, a connection or a session, or one of asyncio; all there are if left out.
        at_most: How many, or fewer, instead of *count*.

    Returns:
        A block for ``with`` or ``async with``; its ``statements`` are what was sent so far.

    Raises:
        AssertionError: There were more or fewer; the message lists them.

    >>> from relvar import create_engine, text
    >>> from relvar.testing import assert_queries
    >>> engine = create_engine("sqlite://")
    >>> with engine.connect() as connection, assert_queries(1, engine):
    ...     for number in (1, 2):
    ...         _ = connection.execute(text("SELECT :number"), {"number": number})
    Traceback (most recent call last):
        ...
    AssertionError: 2 statements were sent, expected 1:
      1. SELECT ?  (1,)
      2. SELECT ?  (2,)
    """
    return Queries(count, on, at_most)


def _statements(count: int) -> str:
    return f"{count} statement was" if count == 1 else f"{count} statements were"


def _is_session(target: Any) -> bool:
    return hasattr(target, "after_begin") or hasattr(target, "_transaction") and hasattr(target, "flush")


def _plain(on: Any) -> Any:
    """Return what listeners are for: the blocking object behind one of asyncio, the session in a registry."""
    if on is None:
        return Engine
    for name in ("sync_engine", "sync_connection", "sync_session"):
        if getattr(on, name, None) is not None and not isinstance(on, (Engine, Connection)):
            on = getattr(on, name)
    if hasattr(on, "registry") and callable(on):
        return _plain(on())
    if not (isinstance(on, (Engine, Connection)) or _is_session(on)):
        raise exc.ArgumentError(
            f"assert_queries() counts for an engine, a connection or a session, got {on!r}"
        )
    return on
