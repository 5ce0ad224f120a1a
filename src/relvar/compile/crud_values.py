"""
How a column and its value are written into an INSERT or UPDATE.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from relvar.compile.assignment import Assignment, new_assignment
from relvar.compile.crud_wishes import Wishes
from relvar.expr.bind import REQUIRED


class Values(Wishes):
    """
    The work on one statement: values that are given, or that are known to be needed.
    """

    def part(self, expression: Any, value: Any) -> None:
        """
        Assign to a part of a column: ``data['key']``.
        """
        names: set[str] = set()
        target = self.compiler.process(expression, include_table=False, **self.kw)
        if getattr(value, "_is_bind_parameter", False) and value.type._isnull:
            value = value._with_binary_element_type(expression.type)
        text = self.compiler._crud_text(
            value.self_group(), expression, accumulate_bind_names=names, **self.kw
        )
        self.values.append(Assignment(expression, target, text, tuple(names)))

    def _name(self, column: Any) -> str:
        """
        Return what stands before the equals sign: with its table, where several tables can be set.
        """
        compiler = self.compiler
        name: str = compiler.preparer.quote(column.name)
        if self.extra_tables and self.stmt.is_update and compiler.render_table_with_column_in_update_from:
            return f"{self._table_name(column.table)}.{name}"
        return name

    def _table_name(self, table: Any) -> str:
        """
        Return the name of a table in SET: with its schema only if another has the same name.
        """
        compiler = self.compiler
        tables = [part for t in (self.stmt.table, *self.extra_tables) for part in t._from_objects]
        if table._is_table and not any(
            other is not table and getattr(other, "name", None) == table.name for other in tables
        ):
            return compiler.preparer.quote(table.name)  # type: ignore[no-any-return]  # text
        return compiler._column_table_text(table)

    def _given(self, column: Any, key: str, value: Any) -> None:
        compiler, stmt = self.compiler, self.stmt
        self.consumed.add(key)
        name = self._name(column) if self.extra_tables else compiler.preparer.quote(column.name)
        names: Collection[str] = ()
        if value is REQUIRED:
            text = compiler._crud_bind(
                column, key, REQUIRED, required=True, accumulate_bind_names=(names := set()), **self.kw
            )
            if (
                stmt.is_insert
                and self.return_defaults
                and compiler.dialect.insert_null_pk_still_autoincrements
                and column is getattr(stmt.table, "_autoincrement_column", None)
            ):
                self._returning(column)  # it may be NULL, and then the database numbers the row
        elif value._is_bind_parameter:
            if value.type._isnull:
                value = value._with_binary_element_type(column.type)
            self._name_bind(value, f"{key}_m0" if stmt._multi_values else key)
            text = compiler._crud_text(value, column, **self.kw)
            bound = compiler.bind_names.get(value)
            if bound is not None:  # None, if its value was written instead
                names = (bound,)
        elif stmt.is_update:
            # nobody asks for the parameters in it
            text = compiler._crud_text(value.self_group(), column, **self.kw)
            if self.return_defaults and self._wants_default(column):
                self._returning(column)
            else:
                self._fetch_later(column)
        else:
            text = compiler._crud_text(
                value.self_group(), column, accumulate_bind_names=(names := set()), **self.kw
            )
            if column.primary_key and self.need_pks and self.implicit_returning:
                autoincrement = getattr(stmt.table, "_autoincrement_column", None)
                if self.prefers_returning or self.return_defaults or column is not autoincrement:
                    self._returning(column)
            elif self._wants_default(column):
                self._returning(column)
            elif not column.primary_key:
                self._fetch_later(column)
        self.values.append(new_assignment((column, name, text, tuple(names))))

    def _name_bind(self, bindparam: Any, name: str) -> None:
        """
        Call the parameter of a plain value like its column.

        In a CTE it keeps its own name: the statement may have values for the
        same column.
        """
        if bindparam.unique and bindparam._takes_column_name and self.toplevel:
            self.compiler._crud_names[bindparam] = name

    def _prefetch(self, column: Any, insert: bool = True) -> None:
        compiler = self.compiler
        names: set[str] = set()
        text = compiler._crud_bind(
            column, self.key_of(column), None, required=False, accumulate_bind_names=names, **self.kw
        )
        self.values.append(Assignment(column, self._name(column), text, tuple(names)))
        prefetch: Any = compiler.insert_prefetch if insert else compiler.update_prefetch
        prefetch.append(column)

    def _sequence(self, column: Any, sequence: Any) -> None:
        compiler = self.compiler
        text = compiler.process(sequence.next_value(), **self.kw)
        self.values.append(Assignment(column, compiler.preparer.quote(column.name), text, ()))

    def _expression(self, column: Any, expression: Any) -> None:
        compiler = self.compiler
        names: set[str] = set()
        text = compiler.process(expression.self_group(), accumulate_bind_names=names, **self.kw)
        self.values.append(Assignment(column, self._name(column), text, tuple(names)))
