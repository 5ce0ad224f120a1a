"""
``upsert()`` as MERGE, for databases that have no clause for it at INSERT.

The new rows become a source named ``excluded``; a row of the table that is equal in the target's columns
is matched::

    MERGE INTO pages USING (SELECT :address AS address, :title AS title FROM DUAL) excluded
    ON (pages.address = excluded.address)
    WHEN MATCHED THEN UPDATE SET title = excluded.title
    WHEN NOT MATCHED THEN INSERT (address, title, reads) VALUES (excluded.address, excluded.title, :reads)

Rule 1: the source has the columns that are given, and those that expressions read of ``excluded``.
Rule 2: other columns (defaults) are written behind VALUES, where a sequence may stand; unless the rows of the
statement differ in them, or come from a SELECT.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.compile.compiler import SQLCompiler
from relvar.compile.state import FRAME_ASFROM, FRAME_CORRELATE
from relvar.compile.upsert import Conflict, plan_conflict
from relvar.expr.column import ColumnClause
from relvar.expr.traverse import iterate
from relvar.stmt.select import Select

if TYPE_CHECKING:
    from relvar.compile.assignment import Assignment, Crud

__all__ = ["MergeRules"]


class MergeRules(SQLCompiler):
    """
    Rules for an upsert by MERGE; the methods with one underscore are for dialects to override.
    """

    effective_returning: Sequence[Any]

    def visit_upsert(self, upsert_stmt: Any, **kw: Any) -> str:
        """
        Render an upsert as MERGE.

        Raises:
            CompileError: It names no unique key, one that MERGE can't know, or wants rows back.
        """
        kw.pop("asfrom", None)
        stmt = self._core_form(upsert_stmt)
        toplevel = self._push_dml_frame(stmt, ())
        if toplevel:
            self.isinsert = True
        crud = self._crud_params(stmt, (), toplevel, **kw)
        if stmt.select is not None:
            crud = crud._replace(single=self._without_sequences(crud.single))
        if stmt._independent_ctes:
            self._dispatch_independent_ctes(stmt, kw)
        conflict = plan_conflict(stmt, self.column_keys if toplevel else None, self.dialect.name)
        self._check_merge(stmt, conflict)
        frame = self.stack[-1]
        for seen in (FRAME_CORRELATE, FRAME_ASFROM):
            frame[seen] = {*frame[seen], conflict.excluded, stmt.table}
        text = self._merge_text(stmt, crud, conflict, kw)
        if stmt._returning:
            returned = list(stmt._all_returned)
            if toplevel:
                self.effective_returning = returned
            text += f" {self._returning_text(stmt, returned, toplevel)}"
        if self._merge_follows_ctes:
            text = self._render_cte_clause() + text
        self.stack.pop()
        return text + self._merge_end

    def _merge_text(self, stmt: Any, crud: Crud, conflict: Conflict, kw: dict[str, Any]) -> str:
        """
        Render the statement up to what it returns.
        """
        sourced = _sourced(stmt, crud, conflict)
        source = self._merge_source(stmt, crud, sourced, conflict, kw)
        name = self.preparer.quote(conflict.excluded.name)
        condition = " AND ".join(self._merge_equal(column, conflict, **kw) for column in conflict.target)
        text = (
            f"MERGE INTO {self._merge_target(stmt)} USING ({source}){self.get_render_as_alias_suffix(name)} "
        )
        text += f"ON ({condition})"
        if conflict.assignments:
            text += f" {self._merge_update(conflict, **kw)}"
        return f"{text} {self._merge_insert(crud, sourced, name)}"

    _merge_end = ""
    "What ends the statement."

    _merge_returns = False
    "Whether MERGE can return the rows that were inserted or updated."

    _merge_follows_ctes = False
    "WITH stands before MERGE, not before the SELECT that makes the rows."

    def _merge_target(self, stmt: Any) -> str:
        """
        Render the table.
        """
        return self.preparer.format_table(stmt.table)  # type: ignore[no-any-return]  # text

    def _merge_value(self, column: Any, text: str) -> str:
        """
        Render a value of the source; some databases have to be told its type.
        """
        return text

    def _merge_update(self, conflict: Conflict, **kw: Any) -> str:
        """
        Render what happens to a row that is there.
        """
        where = "" if conflict.where is None else f" AND {self.process(conflict.where, **kw)}"
        return f"WHEN MATCHED{where} THEN UPDATE SET {self._merge_assignments(conflict, **kw)}"

    def _merge_assignments(self, conflict: Conflict, **kw: Any) -> str:
        return ", ".join(
            f"{self.preparer.quote(column.name)} = {self.process(value.self_group(), **kw)}"
            for column, value in conflict.assignments
        )

    def _check_merge(self, stmt: Any, conflict: Conflict) -> None:
        name = self.dialect.name
        if not conflict.target:
            raise exc.CompileError(
                f"{name} needs to know by which unique key a row is there: name it with "
                f"on_conflict(...) in place "
                "of on_any_conflict()"
            )
        if conflict.index_where is not None or not all(isinstance(c, ColumnClause) for c in conflict.target):
            raise exc.CompileError(
                f"{name} finds a row that is there by columns: the key of on_conflict() can't be "
                f"an expression, or "
                "a partial index"
            )
        if stmt._returning and not self._merge_returns:
            raise exc.CompileError(
                f"The {name!r} dialect has no RETURNING for MERGE: upsert, then select the rows"
            )

    def _merge_equal(self, column: Any, conflict: Conflict, **kw: Any) -> str:
        return self.process(column == conflict.excluded.c[column.key], **kw)

    # -- the new rows ----------------------------------------------------

    def _merge_source(
        self, stmt: Any, crud: Crud, sourced: Sequence[Assignment], conflict: Conflict, kw: dict[str, Any]
    ) -> str:
        """
        Render the rows as a SELECT.
        """
        if stmt.select is not None:
            inner = self._select_of_insert(stmt).subquery()
            columns = [
                column.label(assignment.column.name)
                for column, assignment in zip(inner.c, sourced, strict=True)
            ]
            self.stack[-1]["holds_ctes"] = True
            text = self.process(Select(*columns), **kw)
            return text if self._merge_follows_ctes else self._render_cte_clause() + text
        at = [crud.single.index(assignment) for assignment in sourced]
        rows = crud.rows or [[assignment.text for assignment in crud.single]]
        missing = [column for column in _read_of_excluded(conflict) if column.key not in _keys(sourced)]
        selects: list[str] = []
        for row in rows:
            values = [
                f"{self._merge_value(crud.single[i].column, row[i])} AS {crud.single[i].name}" for i in at
            ]
            values += [f"NULL AS {self.preparer.quote(column.name)}" for column in missing]
            selects.append(f"SELECT {', '.join(values)}{self.default_from()}")
        return " UNION ALL ".join(selects)

    def _without_sequences(self, assignments: Sequence[Assignment]) -> list[Assignment]:
        """
        Have no sequence in the SELECT, where none may stand: give the assignments, with text for these.
        """
        extra = self._insert_select_extra
        if not extra:
            return list(assignments)
        first = len(assignments) - len(extra)
        written = [
            self.process(value) if getattr(value, "sequence", None) is not None else "" for value in extra
        ]
        self._insert_select_extra = [value for value, text in zip(extra, written, strict=True) if not text]
        return [
            *assignments[:first],
            *(item._replace(text=text) for item, text in zip(assignments[first:], written, strict=True)),
        ]

    def _merge_insert(self, crud: Crud, sourced: Sequence[Assignment], source: str) -> str:
        """
        Render what happens to a new row.
        """
        from_source = _keys(sourced)
        names = [assignment.name for assignment in crud.single]
        values = [
            f"{source}.{assignment.name}" if assignment.column.key in from_source else assignment.text
            for assignment in crud.single
        ]
        return f"WHEN NOT MATCHED THEN INSERT ({', '.join(names)}) VALUES ({', '.join(values)})"


def _keys(assignments: Sequence[Assignment]) -> set[str]:
    return {assignment.column.key for assignment in assignments}


def _sourced(stmt: Any, crud: Crud, conflict: Conflict) -> list[Assignment]:
    """
    Return the assignments whose values are columns of the source.
    """
    if stmt.select is not None:
        return [assignment for assignment in crud.single if not assignment.text]
    wanted = {column.key for column in (*conflict.given, *conflict.target, *_read_of_excluded(conflict))}
    found: list[Assignment] = []
    for number, assignment in enumerate(crud.single):
        differs = any(row[number] != assignment.text for row in crud.rows)
        if differs or assignment.column.key in wanted:
            found.append(assignment)
    return found


def _read_of_excluded(conflict: Conflict) -> list[Any]:
    """
    Return the columns that expressions, or the key, read of the row that was not inserted.
    """
    expressions = [value for _, value in conflict.assignments]
    if conflict.where is not None:
        expressions.append(conflict.where)
    read = [conflict.excluded.c[column.key] for column in conflict.target]
    read += [
        element
        for expression in expressions
        for element in iterate(expression)
        if isinstance(element, ColumnClause)
        and getattr(element.table, "name", None) == conflict.excluded.name
        and getattr(element.table, "element", None) is conflict.table
    ]
    return list({column.key: column for column in read}.values())
