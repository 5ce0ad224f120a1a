"""
``INSERT ... ON CONFLICT``: what PostgreSQL and SQLite write alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.compile.state import FRAME_ASFROM, FRAME_CORRELATE, SQLCompiled
from relvar.expr.column import ColumnClause
from relvar.expr.traverse import iterate
from relvar.stmt.onconflict import OnConflictClause, OnConflictDoNothing, OnConflictDoUpdate
from relvar.util.warning import warn

if TYPE_CHECKING:
    from relvar.compile.upsert import Conflict


class ConflictRules(SQLCompiled):
    """
    Rules for the ON CONFLICT clause of an INSERT.
    """

    on_conflict: OnConflictClause | None = None
    "The clause, for who sends many rows."

    _updates_any_conflict = False
    "DO UPDATE may go without a target."

    def _on_conflict_target(self, clause: Any, **kw: Any) -> str:
        """
        Render the constraint, or the columns of a unique index, that the clause is about.
        """
        if clause.constraint_target is not None:
            return f"ON CONSTRAINT {self._constraint_target_text(clause.constraint_target)}"
        if clause.inferred_target_elements is None:
            return ""
        elements = ", ".join(
            self.preparer.quote(element)
            if isinstance(element, str)
            else self.process(element, include_table=False, use_schema=False)
            for element in clause.inferred_target_elements
        )
        text = f"({elements})"
        if clause.inferred_target_whereclause is not None:
            text += f" WHERE {self._conflict_index_where(clause.inferred_target_whereclause, **_literal(kw))}"
        return text

    def _constraint_target_text(self, target: Any) -> str:
        if isinstance(target, str):
            return self.preparer.quote(target)  # type: ignore[no-any-return]  # text
        return self.preparer.format_constraint(target)  # type: ignore[no-any-return]  # text

    def _conflict_index_where(self, criteria: Any, **kw: Any) -> str:
        return self.process(criteria, include_table=False, use_schema=False, **kw)

    def visit_on_conflict_do_nothing(self, on_conflict: Any, **kw: Any) -> str:
        """
        Render ``ON CONFLICT ... DO NOTHING``.
        """
        self.on_conflict = on_conflict
        target = self._on_conflict_target(on_conflict, **kw)
        return f"ON CONFLICT {target} DO NOTHING" if target else "ON CONFLICT DO NOTHING"

    def visit_on_conflict_do_update(self, on_conflict: Any, **kw: Any) -> str:
        """
        Render ``ON CONFLICT ... DO UPDATE SET ...``.
        """
        self.on_conflict = on_conflict
        target = self._on_conflict_target(on_conflict, **kw)
        values = dict(on_conflict.update_values_to_set)
        # the statement that the clause belongs to, were it in a CTE of another
        table = self.stack[-1]["selectable"].table
        self._see_excluded(on_conflict, table)
        assignments: list[str] = []
        for column in table.c:
            if column.key in values:
                value = values.pop(column.key)
            elif column in values:
                value = values.pop(column)
            else:
                continue
            assignments.append(
                self._conflict_assignment(self.preparer.quote(column.name), value, **_literal(kw))
            )
        if values:
            names = ", ".join(f"'{getattr(key, 'key', key)}'" for key in values)
            warn(f"Additional column names not matching any column keys in table '{table.name}': {names}")
            for key, value in values.items():
                name = key if isinstance(key, str) else key.name
                assignments.append(
                    self._conflict_assignment(self.preparer.quote(name), value, **_literal(kw))
                )
        action = ", ".join(assignments)
        if on_conflict.update_whereclause is not None:
            where = self.process(
                on_conflict.update_whereclause, include_table=True, use_schema=False, **_literal(kw)
            )
            action += f" WHERE {where}"
        return f"ON CONFLICT {target} DO UPDATE SET {action}"

    def conflict_clause(self, conflict: Conflict, **kw: Any) -> str:
        if conflict.assignments:
            clause: Any = OnConflictDoUpdate(
                conflict.table,
                index_elements=conflict.target or None,
                index_where=conflict.index_where,
                set_=dict(conflict.assignments),
                where=conflict.where,
                target_required=False,
            )
            if not conflict.target and not self._updates_any_conflict:
                raise exc.CompileError(
                    f"{self.dialect.name} needs to know by which unique key a row is there: "
                    "on_any_conflict() goes with do_nothing() only, else name the key with on_conflict(...)"
                )
        else:
            clause = OnConflictDoNothing(None, conflict.target or None, conflict.index_where)
        return self.process(clause, **kw)

    def _see_excluded(self, on_conflict: Any, table: Any) -> None:
        """
        Let subqueries refer to the row that was not inserted, and if they say so to the one that is there.
        """
        values = [value for _, value in on_conflict.update_values_to_set]
        if on_conflict.update_whereclause is not None:
            values.append(on_conflict.update_whereclause)
        excluded = {
            element.table
            for value in values
            for element in iterate(value)
            if isinstance(element, ColumnClause) and _is_excluded(element.table, table)
        }
        frame = self.stack[-1]
        frame[FRAME_ASFROM] = {*frame[FRAME_ASFROM], *excluded}
        frame[FRAME_CORRELATE] = {*frame[FRAME_CORRELATE], *excluded, table}

    def _conflict_assignment(self, name: str, value: Any, **kw: Any) -> str:
        text = self.process(value.self_group(), is_upsert_set=True, use_schema=False, **kw)
        return f"{name} = {text}"


def _literal(kw: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return what says that values, or those that need no parameter, are written into the text.
    """
    return {name: True for name in ("literal_binds", "render_postcompile") if kw.get(name)}


def _is_excluded(alias: Any, table: Any) -> bool:
    return getattr(alias, "name", None) == "excluded" and getattr(alias, "element", None) is table
