"""
``upsert()`` on SQL Server: MERGE.

Source: https://learn.microsoft.com/sql/t-sql/statements/merge-transact-sql
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.compile.merge import MergeRules
from relvar.dialects.mssql.identity import is_identity

if TYPE_CHECKING:
    from relvar.compile.assignment import Assignment, Crud
    from relvar.compile.upsert import Conflict

__all__ = ["MSMergeRules"]


class MSMergeRules(MergeRules):
    """
    Rules for an upsert.
    """

    _merge_returns = True
    _merge_follows_ctes = True
    # MERGE is the one statement that must end so
    _merge_end = ";"

    # whether an INSERT or MERGE gives a value for a column that the server numbers
    _sets_identity = False

    def visit_upsert(self, upsert_stmt: Any, **kw: Any) -> str:
        """
        Render an upsert.
        """
        text = super().visit_upsert(upsert_stmt, **kw)
        # nobody is told one new key of rows some of which were there
        self.postfetch_lastrowid = False
        return text

    def _merge_target(self, stmt: Any) -> str:
        # else two transactions may both find that a row is not there
        return f"{super()._merge_target(stmt)} WITH (HOLDLOCK)"

    def _merge_value(self, column: Any, text: str) -> str:
        # a parameter in a list of columns has no type but what the driver thinks of its value
        type_name = self.dialect.type_compiler_instance.process(column.type, type_expression=column)
        return text if column.type._isnull else f"CAST({text} AS {type_name})"

    def _merge_update(self, conflict: Conflict, **kw: Any) -> str:
        numbered = [column.name for column, _ in conflict.assignments if is_identity(column)]
        if numbered:
            raise exc.CompileError(
                f"SQL Server can't update {', '.join(numbered)}, an IDENTITY column: name the other columns "
                "in update()"
            )
        return super()._merge_update(conflict, **kw)

    def _merge_insert(self, crud: Crud, sourced: Sequence[Assignment], source: str) -> str:
        for assignment in crud.single:
            default = getattr(assignment.column, "default", None)
            if assignment not in sourced and default is not None and default.is_sequence:
                raise exc.CompileError(
                    f"SQL Server has no NEXT VALUE FOR in MERGE: give a value for {assignment.column.name}, "
                    f"or make the sequence its server default: server_default={default.name!r}.next_value()"
                )
        if len(self.stack) == 1:
            self._sets_identity = any(is_identity(assignment.column) for assignment in crud.single)
        return super()._merge_insert(crud, sourced, source)
