"""
All columns of the table of an INSERT or UPDATE.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from relvar import exc
from relvar._kernels.clauses import columns_to_set
from relvar.compile.assignment import Assignment
from relvar.compile.crud_defaults import Defaults
from relvar.expr.bind import REQUIRED
from relvar.expr.column import NamedColumn


class Plan(Defaults):
    """
    The work on one statement: its columns, one after the other.
    """

    def _ordered(self) -> Iterable[Any]:
        stmt = self.stmt
        ordered = getattr(stmt, "_ordered_values", None)
        columns: list[Any] = stmt.table.columns._all_columns
        if not ordered:
            return columns
        first = []
        for key, _ in ordered:
            column = key if key in columns else stmt.table.c.get(key if isinstance(key, str) else key.key)
            if column is not None:
                first.append(column)
        return first + [column for column in columns if column not in first]

    def columns(self, parameters: Mapping[str, Any]) -> None:
        """
        Decide about every column of the table.
        """
        if self.stmt.is_insert:
            self._columns_of_insert(parameters)
        else:
            self._columns_of_update(parameters)
        for column in self.supplemental:
            self._returning(column)

    def _columns_of_insert(self, parameters: Mapping[str, Any]) -> None:
        stmt, compiler = self.stmt, self.compiler
        autoincrement = getattr(stmt.table, "_autoincrement_column", None)
        lastrowid = False
        supplemental = set(self.supplemental)
        for column in self._ordered():
            key = column.key
            if key in parameters and key not in self.consumed:
                self._given(column, key, parameters[key])
            elif column.primary_key and self.need_pks and not self._is_select():
                lastrowid |= self._primary_key(column, autoincrement)
            elif column.default is not None:
                self._insert_default(column)
            elif column.server_default is not None:
                if self._wants_default(column):
                    self._returning(column)
                elif not column.primary_key:
                    self._fetch_later(column)
            elif self._wants_default(column) and not column._omit_from_statements:
                self._returning(column)
            elif column.primary_key and column is not autoincrement and not column.nullable:
                self._warn_no_key(column)
            if supplemental and column in supplemental:
                self._returning(column)
        if self.toplevel:
            pk_given = autoincrement is not None and self.key_of(autoincrement) in parameters
            if pk_given:
                lastrowid = self._lastrowid_of_given(autoincrement, parameters)
            compiler.postfetch_lastrowid = bool(
                self.postfetch_lastrowid and lastrowid and not compiler.implicit_returning_has_pk()  # type: ignore[attr-defined]  # see DML rules
            )
            compiler.inline = compiler.inline or (
                compiler.for_executemany and bool(compiler.implicit_returning)
            )

    def _columns_of_update(self, parameters: Mapping[str, Any]) -> None:
        """
        Find those that are set, and those that change whenever a row does.
        """
        stmt = self.stmt
        if stmt._return_defaults or stmt._ordered_values or self.extra_tables:
            self._each_column_of_update(parameters)
        else:
            # all others stay as they are
            for column in columns_to_set(stmt.table.columns.items(), parameters):
                key = column.key
                if key in parameters:
                    self._given(column, key, parameters[key])
                else:
                    self._update_default(column)
        if self.toplevel:
            self.compiler.inline = self.compiler.for_executemany

    def _each_column_of_update(self, parameters: Mapping[str, Any]) -> None:
        supplemental = set(self.supplemental)
        done = {assignment.column for assignment in self.values} if self.stmt.table._is_join else ()
        for column in self._ordered():
            if column in done:
                continue
            key = self.key_of(column)
            if key in parameters and key not in self.consumed:
                self._given(column, key, parameters[key])
            else:
                self._update_default(column)
            if column in supplemental:
                self._returning(column)

    def _is_select(self) -> bool:
        return getattr(self.stmt, "select", None) is not None

    def _lastrowid_of_given(self, column: Any, parameters: Mapping[str, Any]) -> bool:
        """
        Tell whether the database may number the row although a key is given.
        """
        value = parameters[self.key_of(column)]
        if value is REQUIRED or getattr(value, "_is_bind_parameter", False):
            return bool(self.compiler.dialect.insert_null_pk_still_autoincrements)
        return True

    def default_metavalue(self) -> bool:
        """
        Let one column stand for a row of defaults, where rows are sent in batches.

        Returns:
            Whether none can: the row has to be ``DEFAULT VALUES``.
        """
        compiler, dialect = self.compiler, self.compiler.dialect
        column = next(iter([*self.stmt.table.primary_key, *self.stmt.table.columns]), None)
        token = dialect.default_metavalue_token
        is_null = token == "NULL"  # which only a column that numbers rows takes for its default
        if (
            column is None
            or not dialect.supports_default_metavalue
            or not compiler._defaults_by_column
            or (is_null and column is not getattr(self.stmt.table, "_autoincrement_column", None))
        ):
            return bool(dialect.supports_default_values)
        self.values.append(Assignment(column, compiler.preparer.quote(column.name), token, ()))
        return False

    def check_consumed(self, given: Mapping[Any, Any]) -> None:
        """
        Refuse values of the statement that no column took.
        """
        names = {
            key if isinstance(key, str) else self.key_of(key)
            for key in given
            if isinstance(key, (str, NamedColumn))
        }
        left = [name for name in names if name not in self.consumed]
        if left and not self._is_select():
            raise exc.CompileError(
                f"Unconsumed column names: {', '.join(sorted(str(name) for name in left))}"
            )
