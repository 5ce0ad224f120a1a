"""
What becomes of a column that nobody gives a value for, but that has a default or is a primary key.
"""

from __future__ import annotations

from typing import Any

from relvar.compile.crud_values import Values
from relvar.util.warning import warn


class Defaults(Values):
    """
    The work on one statement: columns without a value.
    """

    def _primary_key(self, column: Any, autoincrement: Any) -> bool:
        """
        Decide how the new key becomes known.

        Returns:
            Whether the driver's "last row id" will be it.
        """
        dialect = self.compiler.dialect
        default = column.default
        returns = self.implicit_returning and (
            self.prefers_returning or self.return_defaults or column is not autoincrement
        )
        if default is not None:
            if default.is_sequence:
                if dialect.supports_sequences and (not default.optional or not dialect.sequences_optional):
                    if returns or self.implicit_returning and self.prefers_returning:
                        self._sequence(column, default)
                        self._returning(column)
                        return False
                    if self.implicit_returning and not dialect.postfetch_lastrowid:
                        self._sequence(column, default)
                        self._returning(column)
                        return False
                    self._prefetch(column)
                    return False
                # the sequence does not exist there: the database numbers rows itself
                if returns:
                    self._returning(column)
                    return False
                return True
            if default.is_clause_element and self.implicit_returning:
                self._expression(column, default.arg)
                self._returning(column)
                return False
            if default.is_sentinel:
                self._sentinel(column)
                return False
            self._prefetch(column)
            return False
        if column is autoincrement or column.server_default is not None:
            if returns:
                self._returning(column)
                return False
            if dialect.preexecute_autoincrement_sequences and not dialect.postfetch_lastrowid:
                self._prefetch(column)
                return False
            return True
        if not column.nullable:
            self._warn_no_key(column)
        return False

    def _warn_no_key(self, column: Any) -> None:
        """
        Warn of a primary key column that will get no value.
        """
        table = self.stmt.table
        hint = ""
        if len(table.primary_key) > 1:
            hint = (
                " Note that as of SQLAlchemy 1.1, 'autoincrement=True' must be indicated explicitly for "
                "composite (e.g. multicolumn) primary keys if AUTO_INCREMENT/SERIAL/IDENTITY behavior is "
                "expected for one of the columns in the primary key. CREATE TABLE statements are impacted "
                "by this change as well on most backends."
            )
        warn(
            f"Column '{table.name}.{column.name}' is marked as a member of the primary key for table "
            f"'{table.name}', but has no Python-side or server-side default generator indicated, nor does it "
            "indicate 'autoincrement=True' or 'nullable=True', and no explicit value is passed.  Primary key "
            f"columns typically may not store NULL.{hint}"
        )

    def _insert_default(self, column: Any) -> None:
        dialect, default = self.compiler.dialect, column.default
        if default.is_sequence:
            if dialect.supports_sequences and (not default.optional or not dialect.sequences_optional):
                self._sequence(column, default)
                if self._wants_default(column):
                    self._returning(column)
                elif not column.primary_key:
                    self._fetch_later(column)
        elif default.is_clause_element:
            self._expression(column, default.arg)
            if self._wants_default(column):
                self._returning(column)
            elif not column.primary_key:
                self._fetch_later(column)
        elif default.is_sentinel:
            self._sentinel(column)
        else:
            self._prefetch(column)

    def _sentinel(self, column: Any) -> None:
        """
        Number the rows of a batch, if they are to be told apart when they come back.
        """
        compiler = self.compiler
        if (
            self.stmt._sort_by_parameter_order
            and compiler.for_executemany
            and compiler.dialect.use_insertmanyvalues
            and (self.stmt._returning or compiler.dialect.insert_executemany_returning)
            and any(column is c for c in self.stmt.table._sentinel_column_characteristics.columns or ())
        ):
            self._prefetch(column)

    def _update_default(self, column: Any) -> None:
        onupdate = column.onupdate
        if onupdate is not None and not onupdate.is_sequence:
            if onupdate.is_clause_element:
                self._expression(column, onupdate.arg)
                if self._wants_default(column):
                    self._returning(column)
                else:
                    self._fetch_later(column)
            else:
                self._prefetch(column, insert=False)
        elif column.server_onupdate is not None:
            if self._wants_default(column):
                self._returning(column)
            else:
                self._fetch_later(column)
        elif self.return_defaults and self.return_columns is not None and column in self.return_columns:
            self._returning(column)
