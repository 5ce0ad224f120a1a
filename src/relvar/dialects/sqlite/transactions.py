"""
How transactions begin, and what each new connection is told: the options that only relvar has.

It is imported for engines that have one of them.

The driver begins a transaction by itself, and late: before the first INSERT, UPDATE or DELETE.  SELECT and
DDL before that run outside of it.  With ``sqlite_begin`` the dialect begins it instead, at once.  The
attribute ``isolation_level`` of the driver's connection holds the word; None means AUTOCOMMIT anyway.

Source: https://docs.python.org/3/library/sqlite3.html#transaction-control
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from relvar import exc
from relvar.util.text import did_you_mean
from relvar.util.warning import warn

__all__ = ["ConnectionSetup", "begin_word"]

# option -> word of BEGIN; the driver's own way has none
BEGIN_WORDS = {"driver": "", "deferred": "DEFERRED", "immediate": "IMMEDIATE", "exclusive": "EXCLUSIVE"}
# seconds that a connection of sqlite_concurrent waits for others
CONCURRENT_TIMEOUT = 30.0
_CONCURRENT_PRAGMAS: Mapping[str, Any] = {"foreign_keys": True}
_PRAGMA_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)?", re.A)
# seconds between tries
_PAUSE = 0.01


def begin_word(option: Any) -> str:
    """
    Return the word of BEGIN for an option.

    Raises:
        ArgumentError: there is no such option.
    """
    try:
        return BEGIN_WORDS[option]
    except (KeyError, TypeError):
        names = ", ".join(repr(name) for name in BEGIN_WORDS)
        raise exc.ArgumentError(f"sqlite_begin can't be {option!r}; it is one of {names}") from None


class ConnectionSetup:
    """
    What an engine was told about its connections.

    Args:
        begin: ``sqlite_begin``: "driver", "deferred", "immediate" or "exclusive"; None if not given.
        pragmas: ``sqlite_pragmas``: PRAGMA -> value, set on each new connection in that order.
        concurrent: ``sqlite_concurrent``: many threads and processes write to one file.

    Raises:
        ArgumentError: a value that SQLite can't have.
    """

    begin_word: str

    def __init__(
        self, begin: str | None = None, pragmas: Mapping[str, Any] | None = None, concurrent: bool = False
    ) -> None:
        self.is_begin_given: bool = begin is not None
        self.begin_word = begin_word(begin or ("immediate" if concurrent else "driver"))
        self.timeout: float | None = CONCURRENT_TIMEOUT if concurrent else None
        if pragmas is not None and not isinstance(pragmas, Mapping):
            raise exc.ArgumentError(
                f"sqlite_pragmas is a mapping such as {{'foreign_keys': True}}, not {pragmas!r}"
            )
        self.pragmas: dict[str, Any] = {**(_CONCURRENT_PRAGMAS if concurrent else {}), **(pragmas or {})}
        self._statements = [_pragma(name, value) for name, value in self.pragmas.items()]
        self._wants_log = concurrent and "journal_mode" not in self.pragmas
        self._are_names_checked = not self.pragmas

    def read_only(self) -> None:
        """
        Begin as readers do, unless told otherwise: IMMEDIATE wants to write.
        """
        if not self.is_begin_given and self.begin_word:
            self.begin_word = BEGIN_WORDS["deferred"]

    def apply(self, dbapi_connection: Any, operational_error: type[Exception]) -> None:
        """
        Tell a new connection.

        Raises:
            ArgumentError: SQLite has no such PRAGMA; or the driver was told to begin transactions itself.
        """
        mode = getattr(dbapi_connection, "autocommit", _LEGACY)
        if self.begin_word:
            if mode != _LEGACY:
                raise exc.ArgumentError(
                    f"sqlite_begin and the driver's autocommit={mode!r} are two ways to begin transactions: "
                    "give only one of them"
                )
            dbapi_connection.isolation_level = self.begin_word
        if not self._statements and not self._wants_log:
            return
        # within a transaction, which some drivers would begin for it, a PRAGMA fails or does nothing
        word = dbapi_connection.isolation_level
        dbapi_connection.isolation_level = None
        if mode is False:
            dbapi_connection.autocommit = True
        cursor = dbapi_connection.cursor()
        try:
            if not self._are_names_checked:
                self._check_names(cursor)
            if self._wants_log:
                _keep_log(cursor, operational_error)
            for statement in self._statements:
                _run_when_free(cursor, statement, operational_error)
        finally:
            cursor.close()
            dbapi_connection.isolation_level = word
            if mode is False:
                dbapi_connection.autocommit = mode

    def _check_names(self, cursor: Any) -> None:
        """
        Refuse names that SQLite would pass over in silence.
        """
        known = {row[0] for row in cursor.execute("PRAGMA pragma_list")}
        for name in self.pragmas:
            bare = name.rpartition(".")[2].lower()
            # some builds have no such list
            if known and bare not in known:
                raise exc.ArgumentError(f"This SQLite has no PRAGMA {name!r}{did_you_mean(bare, known)}")
        self._are_names_checked = True

    def begin(self, dbapi_connection: Any) -> None:
        """
        Begin a transaction, unless there is one or the connection is in autocommit mode.
        """
        word = dbapi_connection.isolation_level
        if word is not None and not dbapi_connection.in_transaction:
            dbapi_connection.execute(f"BEGIN {word}")


_LEGACY = -1


def _pragma(name: Any, value: Any) -> str:
    """
    Return the statement that sets a PRAGMA.

    Raises:
        ArgumentError: name or value can't be those of a PRAGMA.
    """
    if not isinstance(name, str) or not _PRAGMA_NAME.fullmatch(name):
        raise exc.ArgumentError(f"sqlite_pragmas: {name!r} is not the name of a PRAGMA")
    if isinstance(value, bool):
        return f"PRAGMA {name} = {'ON' if value else 'OFF'}"
    if isinstance(value, int):
        return f"PRAGMA {name} = {value:d}"
    if isinstance(value, str) and "\0" not in value:
        doubled = value.replace("'", "''")
        return f"PRAGMA {name} = '{doubled}'"
    raise exc.ArgumentError(f"sqlite_pragmas: {name} can't be {value!r}; give a string, a number or a bool")


def _keep_log(cursor: Any, operational_error: type[Exception]) -> None:
    """
    Have a write-ahead log kept; warn if the database can't have one.
    """
    try:
        ((mode,),) = _run_when_free(cursor, "PRAGMA journal_mode = wal", operational_error)
    except operational_error as err:
        if "readonly" not in str(err):
            raise
        return
    # a database in memory has no journal
    if mode not in ("wal", "memory", "off"):
        warn(
            f"sqlite_concurrent: SQLite can't keep a write-ahead log for this database, its journal mode is "
            f"{mode!r}; readers and a writer will wait for each other"
        )


def _run_when_free(cursor: Any, statement: str, operational_error: type[Exception]) -> list[Any]:
    """
    Run a PRAGMA; while others hold the database, again, as long as the connection waits for anything.

    Changing to WAL fails at once if another connection is about to do the same: both would wait for
    each other.
    """
    deadline: float | None = None
    while True:
        try:
            return list(cursor.execute(statement))
        except operational_error as err:
            if "locked" not in str(err):
                raise
            if deadline is None:
                (milliseconds,) = cursor.execute("PRAGMA busy_timeout").fetchone()
                deadline = time.monotonic() + milliseconds / 1000
            if time.monotonic() >= deadline:
                raise
            time.sleep(_PAUSE)
