"""
SQLite's DDL and the spelling of its types.
"""

from __future__ import annotations

import re
from typing import Any

from relvar import exc
from relvar import types as sqltypes
from relvar.compile.ddl import DDLCompiler
from relvar.compile.typesql import GenericTypeCompiler
from relvar.dialects.sqlite.types import _StoredAsText

__all__ = ["SQLiteDDLCompiler", "SQLiteTypeCompiler"]


class SQLiteTypeCompiler(GenericTypeCompiler):
    """
    Types as SQLite spells them.

    A date or time in a format of digits only is declared ``..._CHAR``: the name gives the
    column text affinity.
    """

    def visit_large_binary(self, type_: Any, **kw: Any) -> str:
        return self.visit_BLOB(type_, **kw)

    def _date_or_time(self, type_: Any, name: str) -> str:
        as_text = not isinstance(type_, _StoredAsText) or type_.format_is_text_affinity
        return name if as_text else f"{name}_CHAR"

    def visit_DATETIME(self, type_: Any, **kw: Any) -> str:
        return self._date_or_time(type_, "DATETIME")

    def visit_DATE(self, type_: Any, **kw: Any) -> str:
        return self._date_or_time(type_, "DATE")

    def visit_TIME(self, type_: Any, **kw: Any) -> str:
        return self._date_or_time(type_, "TIME")

    def visit_JSON(self, type_: Any, **kw: Any) -> str:
        # SQLite gives a column declared JSON numeric affinity, which leaves documents alone
        return "JSON"

    def visit_JSONB(self, type_: Any, **kw: Any) -> str:
        return "JSONB"


class SQLiteDDLCompiler(DDLCompiler):
    """
    DDL as SQLite has it: all constraints inside CREATE TABLE.
    """

    def get_column_specification(self, column: Any, **kwargs: Any) -> str:
        type_text = self.dialect.type_compiler_instance.process(column.type, type_expression=column)
        text: str = f"{self.preparer.format_column(column)} {type_text}"
        default = self.get_column_default_string(column)
        if default is not None:
            if not isinstance(column.server_default.arg, str) and _is_expression(default):
                default = f"({default})"
            text += f" DEFAULT {default}"
        if not column.nullable:
            text += " NOT NULL"
            text += self._on_conflict(column, "on_conflict_not_null")
        if column.primary_key:
            text += self._inline_primary_key(column)
        if column.computed is not None:
            text += f" {self.process(column.computed)}"
        return text

    def _inline_primary_key(self, column: Any) -> str:
        """
        Return ``PRIMARY KEY AUTOINCREMENT``, which only the column itself can carry.

        Raises:
            CompileError: the key has more columns.
        """
        table = column.table
        if column.autoincrement is True and len(table.primary_key.columns) != 1:
            raise exc.CompileError("SQLite does not support autoincrement for composite primary keys")
        if not self._is_autoincrement(column):
            return ""
        return " PRIMARY KEY" + self._on_conflict(column, "on_conflict_primary_key") + " AUTOINCREMENT"

    def _is_autoincrement(self, column: Any) -> bool:
        return bool(
            column.table.dialect_options["sqlite"]["autoincrement"]
            and len(column.table.primary_key.columns) == 1
            and issubclass(column.type._type_affinity, sqltypes.Integer)
            and not column.foreign_keys
        )

    def _on_conflict(self, item: Any, option: str) -> str:
        value = item.dialect_options["sqlite"].get(option)
        return "" if value is None else f" ON CONFLICT {value}"

    def _on_conflict_of(self, constraint: Any, option: str) -> str:
        """
        Return ``ON CONFLICT`` of a constraint, given there or on its only column.
        """
        text = self._on_conflict(constraint, "on_conflict")
        columns = list(constraint.columns)
        if not text and len(columns) == 1:
            text = self._on_conflict(columns[0], option)
        return text

    def visit_primary_key_constraint(self, constraint: Any, **kw: Any) -> str:
        columns = list(constraint.columns)
        if len(columns) == 1 and self._is_autoincrement(columns[0]):
            # written with the column
            return ""
        text = super().visit_primary_key_constraint(constraint, **kw)
        return text + self._on_conflict_of(constraint, "on_conflict_primary_key")

    def visit_unique_constraint(self, constraint: Any, **kw: Any) -> str:
        text = super().visit_unique_constraint(constraint, **kw)
        return text + self._on_conflict_of(constraint, "on_conflict_unique")

    def visit_check_constraint(self, constraint: Any, **kw: Any) -> str:
        text = super().visit_check_constraint(constraint, **kw)
        return text + self._on_conflict(constraint, "on_conflict")

    def visit_column_check_constraint(self, constraint: Any, **kw: Any) -> str:
        text = super().visit_column_check_constraint(constraint, **kw)
        if constraint.dialect_options["sqlite"].get("on_conflict") is not None:
            raise exc.CompileError("SQLite does not support on conflict clause for column check constraint")
        return text

    def visit_foreign_key_constraint(self, constraint: Any, **kw: Any) -> str:
        local = constraint.elements[0].parent.table
        remote = constraint.elements[0].column.table
        if local.schema != remote.schema:
            # schemas are separate files, which a foreign key cannot cross
            return ""
        return super().visit_foreign_key_constraint(constraint, **kw)

    def define_constraint_remote_table(self, constraint: Any, table: Any, preparer: Any) -> str:
        return preparer.format_table(table, use_schema=False)  # type: ignore[no-any-return]  # text

    def visit_create_view(self, element: Any, **kw: Any) -> str:
        text = super().visit_create_view(element, **kw)
        if element.dialect_options["sqlite"]["if_not_exists"]:
            text = text.replace("VIEW ", "VIEW IF NOT EXISTS ", 1)
        return text

    def visit_create_index(
        self,
        create: Any,
        include_schema: bool = True,
        include_table_schema: bool = False,
        **kw: Any,
    ) -> str:
        text = super().visit_create_index(
            create,
            include_schema=include_schema,
            include_table_schema=include_table_schema,
            **kw,
        )
        where = create.element.dialect_options["sqlite"]["where"]
        return text if where is None else f"{text} WHERE {self._ddl_sql(where)}"

    def post_create_table(self, table: Any) -> str:
        options = table.dialect_options["sqlite"]
        words = []
        if not options["with_rowid"]:
            words.append("\n WITHOUT ROWID")
        if options["strict"]:
            words.append("\n STRICT")
        return ",".join(words)


def _is_expression(default: str) -> bool:
    """
    Tell whether the text of a default is an expression, which SQLite wants in parentheses.

    A constant, a single word as ``CURRENT_TIMESTAMP``, and what begins with quotes or
    parentheses go as they are.
    """
    return default[:1] not in ("'", '"', "(") and _NON_WORD.search(default) is not None


_NON_WORD = re.compile(r"\W")
