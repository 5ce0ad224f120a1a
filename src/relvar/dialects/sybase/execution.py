"""
One execution on SAP ASE or SQL Anywhere: the key that the server made, and values for identity columns.

Source: https://infocenter.sybase.com/help/topic/com.sybase.infocenter.dc36272.1600/doc/html/san1393051026775.html
"""

from __future__ import annotations

import contextlib
from typing import Any

from relvar.dialect.context import DefaultExecutionContext

__all__ = ["AnywhereExecutionContext", "AseExecutionContext"]


class _SybaseExecutionContext(DefaultExecutionContext):
    """
    One execution; the new key is ``@@identity``.
    """

    _lastrowid: int | None = None

    def post_exec(self) -> None:
        """Ask for the new key."""
        compiled = self.compiled
        if self.isinsert and compiled is not None and compiled.postfetch_lastrowid and not self.executemany:
            self._rowcount = self.cursor.rowcount
            self._send("SELECT @@identity AS lastrowid")
            row = self.cursor.fetchone()
            found = row[0] if row else None
            self._lastrowid = None if found is None else int(found)

    def get_lastrowid(self) -> Any:
        """Give the key the database made."""
        return self._lastrowid

    def _send(self, text: str) -> None:
        none: Any = self.dialect.execute_sequence_format() if self.dialect.positional else {}
        self.root_connection._cursor_execute(self.cursor, text, none, self)


class AseExecutionContext(_SybaseExecutionContext):
    """
    One execution on ASE, which takes a value for an identity column only if the session says so.
    """

    _identity_insert: str | None = None

    def pre_exec(self) -> None:
        """Allow values for the identity column; one table of the session may have that at a time."""
        compiled = self.compiled
        if self.isinsert and compiled is not None and compiled._sets_identity:
            self._identity_insert = self.identifier_preparer.format_table(compiled.statement.table)
            self._send(f"SET IDENTITY_INSERT {self._identity_insert} ON")

    def post_exec(self) -> None:
        """No longer allow them; ask for the new key."""
        super().post_exec()
        if self._identity_insert is not None:
            self._rowcount = self.cursor.rowcount
            table, self._identity_insert = self._identity_insert, None
            self._send(f"SET IDENTITY_INSERT {table} OFF")

    def handle_dbapi_exception(self, e: BaseException) -> None:
        """No longer allow them: the session goes on."""
        if self._identity_insert is not None:
            table, self._identity_insert = self._identity_insert, None
            # a lost connection says no again
            with contextlib.suppress(Exception):
                self.cursor.execute(f"SET IDENTITY_INSERT {table} OFF")


class AnywhereExecutionContext(_SybaseExecutionContext):
    """
    One execution on SQL Anywhere.
    """

    def fire_sequence(self, seq: Any, type_: Any) -> Any:
        """Take the next value of a sequence."""
        name = self.identifier_preparer.format_sequence(seq)
        return self._execute_scalar(f"SELECT {name}.NEXTVAL", type_)
