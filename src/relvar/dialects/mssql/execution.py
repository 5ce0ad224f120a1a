"""
One execution on SQL Server: what is sent before and after a statement.

1. A value for an IDENTITY column is refused unless ``SET IDENTITY_INSERT table ON`` was sent; one table
   per session may have it, so it is set off as soon as the INSERT is over.
2. The key that the server made comes back with OUTPUT. Where that is not wanted, as tables with triggers
   refuse OUTPUT (``implicit_returning=False``), it is asked for: in the same batch where the driver prepares
   statements, as the scope of a prepared statement ends with it.

Source: https://learn.microsoft.com/sql/t-sql/statements/set-identity-insert-transact-sql,
https://learn.microsoft.com/sql/t-sql/functions/scope-identity-transact-sql
"""

from __future__ import annotations

import contextlib
from typing import Any

from relvar.dialect.context import DefaultExecutionContext

__all__ = ["MSExecutionContext"]


class MSExecutionContext(DefaultExecutionContext):
    """
    One execution on SQL Server.
    """

    dialect: Any
    cursor: Any
    statement: Any
    _identity_insert: str | None = None
    _asks_for_identity = False
    _is_identity_embedded = False
    _lastrowid: int | None = None

    def pre_exec(self) -> None:
        """Allow values for an IDENTITY column; ask for the new key."""
        compiled = self.compiled
        if not self.isinsert or compiled is None:
            return
        if compiled._sets_identity:
            table = self._translated(self.identifier_preparer.format_table(compiled.statement.table))
            self._send(f"SET IDENTITY_INSERT {table} ON")
            self._identity_insert = table
        elif compiled.postfetch_lastrowid and not self.executemany:
            dialect = self.dialect
            self._asks_for_identity = True
            self._is_identity_embedded = (
                dialect.scope_identity_must_be_embedded
                and dialect.use_scope_identity
                and bool(self.parameters and self.parameters[0])
            )
            if self._is_identity_embedded:
                self.statement += "; select scope_identity()"

    def post_exec(self) -> None:
        """Read the new key; no longer allow values for an IDENTITY column."""
        if self._asks_for_identity:
            self._rowcount = self.cursor.rowcount
            self._lastrowid = self._read_identity()
        if self._identity_insert is not None:
            self._rowcount = self.cursor.rowcount
            cursor = self.cursor
            if cursor.description is not None:
                self.cursor = _Read(cursor)
            table, self._identity_insert = self._identity_insert, None
            self._send(f"SET IDENTITY_INSERT {table} OFF", cursor)

    def _read_identity(self) -> int | None:
        cursor = self.cursor
        if self._is_identity_embedded:
            # triggers may have results of their own, before it
            while cursor.description is None and cursor.nextset():
                pass
        else:
            function = "scope_identity()" if self.dialect.use_scope_identity else "@@identity"
            self._send(f"SELECT {function} AS lastrowid")
        rows = cursor.fetchall()
        found = rows[0][0] if rows else None
        return None if found is None else int(found)

    def handle_dbapi_exception(self, e: BaseException) -> None:
        """Set IDENTITY_INSERT off after a failed INSERT: the session goes on."""
        if self._identity_insert is not None:
            table, self._identity_insert = self._identity_insert, None
            # a lost connection, or a transaction that is over, says no again
            with contextlib.suppress(Exception):
                self.cursor.execute(f"SET IDENTITY_INSERT {table} OFF")

    def get_lastrowid(self) -> Any:
        """Give the key the database made."""
        return self._lastrowid

    def fire_sequence(self, seq: Any, type_: Any) -> Any:
        """Take the next value of a sequence."""
        return self._execute_scalar(
            f"SELECT NEXT VALUE FOR {self.identifier_preparer.format_sequence(seq)}", type_
        )

    def _translated(self, text: str) -> str:
        translate = self.execution_options.get("schema_translate_map")
        if translate:
            text = self.identifier_preparer._render_schema_translates(text, translate)
        return text

    def _send(self, text: str, cursor: Any = None) -> None:
        none: Any = self.dialect.execute_sequence_format() if self.dialect.positional else {}
        self.root_connection._cursor_execute(self.cursor if cursor is None else cursor, text, none, self)


class _Read:
    """
    A cursor whose rows have been read, so that something else can be sent on it.
    """

    arraysize = 1

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self._rows: list[Any] = list(cursor.fetchall())
        self.description = cursor.description
        self.rowcount = cursor.rowcount

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        count = self.arraysize if size is None else size
        rows, self._rows = self._rows[:count], self._rows[count:]
        return rows

    def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    def close(self) -> None:
        self._cursor.close()
