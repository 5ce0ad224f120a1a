"""
``INSERT ... ON DUPLICATE KEY UPDATE``, and how it says what ``relvar.upsert`` means.

The clause differs from what an upsert promises in three ways:
  1. it fires for any unique key: refused, if another key than the target may be equal;
  2. it has no condition: each value becomes ``CASE WHEN condition THEN value ELSE column END``;
  3. it assigns one column after the other, and later values see earlier assignments:
     columns are set in an order in which every value is computed from the row that was
     there; if there is none, that is refused.
Rows are left alone by setting a key column to itself: ``INSERT IGNORE`` would hide
other errors as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from relvar import exc
from relvar.compile.compiler import SQLCompiler
from relvar.compile.state import FRAME_ASFROM, FRAME_CORRELATE
from relvar.compile.upsert import Conflict
from relvar.dialects.mysql.dml import OnDuplicateClause
from relvar.expr.case import case
from relvar.expr.column import ColumnClause
from relvar.expr.traverse import iterate
from relvar.stmt.select import Select
from relvar.stmt.upsert import Upsert
from relvar.util.warning import warn


class DuplicateRules(SQLCompiler):
    """
    Rules for ON DUPLICATE KEY UPDATE.
    """

    _inserted: tuple[Any, str, str, int] | None = None
    """
    The aliases that stand for the row not inserted; how their columns are written, and how in
    subqueries: where the stack of statements is higher than the number says.
    """

    def visit_column(self, column: Any, *args: Any, **kwargs: Any) -> str:
        inserted = self._inserted
        if inserted is not None and column.table in inserted[0]:
            _, text, text_within, height = inserted
            text = text if len(self.stack) == height else text_within
            return text.format(self.preparer.quote(column.name))
        return super().visit_column(column, *args, **kwargs)

    # only ON DUPLICATE KEY UPDATE is different, and says so (`_plain_columns`)
    visit_column._is_plain = True  # type: ignore[attr-defined]  # a mark for `_init_compiler_cls`

    def visit_on_duplicate_key_update(self, on_duplicate: Any, **kw: Any) -> str:
        """
        Render ``ON DUPLICATE KEY UPDATE ...``.
        """
        statement = self.current_executable
        alias_new_row = self.dialect._requires_alias_for_on_duplicate_key and statement.select is None
        values = dict(on_duplicate.update)
        by_key = {key if isinstance(key, str) else key.key: value for key, value in values.items()}
        if on_duplicate._parameter_ordering:
            ordered = [key for key in on_duplicate._parameter_ordering if key in statement.table.c]
            columns = [statement.table.c[key] for key in ordered]
            columns += [c for c in statement.table.c if c.key not in set(ordered)]
        else:
            columns = list(statement.table.c)
        self._plain_columns = False
        if alias_new_row:
            text = text_within = self.preparer.quote("new") + ".{}"
        else:
            # rows of a SELECT can't be given an alias: https://dev.mysql.com/doc/refman/8.4/en/insert-on-duplicate.html
            text = text_within = "VALUES({})"
            if self.dialect.is_mariadb:
                # VALUES begins a table of values there: https://mariadb.com/kb/en/values-value/
                # and a bare name would be one of the subquery's own columns
                table = self._column_table_text(statement.table).replace("{", "{{").replace("}", "}}")
                text_within = f"VALUE({table}.{{}})"
        aliases = _inserted_aliases(on_duplicate)
        self._inserted = (aliases, text, text_within, len(self.stack))
        frame = self.stack[-1]
        for seen in (FRAME_CORRELATE, FRAME_ASFROM):
            frame[seen] = {*frame[seen], *aliases}
        assignments: list[str] = []
        for column in columns:
            if column.key not in by_key:
                continue
            value = by_key.pop(column.key)
            if value._is_bind_parameter:
                text = self.process(value, is_upsert_set=True, **kw)
            else:
                text = self.process(value.self_group(), use_schema=False, **kw)
            assignments.append(f"{self.preparer.quote(column.name)} = {text}")
        self._inserted = None
        self._plain_columns = True
        if by_key:
            names = ", ".join(f"'{key}'" for key in by_key)
            warn(
                "Additional column names not matching any column keys in table "
                f"'{statement.table.name}': {names}"
            )
        if alias_new_row:
            return f"AS {self.preparer.quote('new')} ON DUPLICATE KEY UPDATE {', '.join(assignments)}"
        return f"ON DUPLICATE KEY UPDATE {', '.join(assignments)}"

    def _select_of_insert(self, stmt: Any) -> Any:
        select = super()._select_of_insert(stmt)
        if isinstance(stmt, Upsert) and any(element is stmt.table for element in iterate(select)):
            # else the table's name would mean the row that was selected as well as the one that is there
            return Select(select.subquery())
        return select

    def conflict_clause(self, conflict: Conflict, **kw: Any) -> str:
        statement = self.stack[-1]["selectable"]
        _check_target(conflict, self.dialect.name)
        if statement._returning and (conflict.where is not None or not conflict.assignments):
            raise exc.CompileError(
                f"{self.dialect.name} returns rows that an upsert leaves alone as well: RETURNING goes with "
                "update() without where() only; else select the rows afterwards"
            )
        pairs = [*conflict.assignments]
        if not pairs:
            column = _some_column(conflict)
            pairs = [(column, column)]
        if conflict.where is not None:
            pairs = [(column, case((conflict.where, value), else_=column)) for column, value in pairs]
        ordered = [
            (column.key, value) for column, value in _in_order(conflict.table, pairs, self.dialect.name)
        ]
        return self.process(OnDuplicateClause(conflict.table, conflict.excluded, ordered), **kw)


def _some_column(conflict: Conflict) -> Any:
    columns = [c for c in conflict.target if isinstance(c, ColumnClause)]
    return next(iter([*columns, *conflict.table.primary_key, *conflict.table.c]))


def _inserted_aliases(on_duplicate: OnDuplicateClause) -> set[Any]:
    """
    Return what stands for the row not inserted: each copy of an INSERT has an alias of its own.

    ``insert(t).values(...).on_duplicate_key_update(a=stmt.inserted.a)`` may have any of them.
    """
    alias = on_duplicate.inserted_alias
    found = {alias}
    for _, value in on_duplicate.update:
        for element in iterate(value):
            table = getattr(element, "table", None)
            if (
                getattr(table, "name", None) == alias.name
                and getattr(table, "element", None) is alias.element
            ):
                found.add(table)
    return found


# -- 1. the target -----------------------------------------------------------


def _check_target(conflict: Conflict, dialect: str) -> None:
    """
    Refuse an upsert that could hit rows by another key than the one it names.
    """
    if not conflict.target:
        return
    target = {*map(hash, conflict.target)}
    keys = list(_unique_keys(conflict.table))
    table = conflict.table.name
    if not any({*map(hash, columns)} == target for _, columns in keys):
        names = ", ".join(str(getattr(c, "name", c)) for c in conflict.target)
        raise exc.CompileError(
            f"{table} has no unique key ({names}) that relvar knows of, so {dialect} would insert every row "
            "again: add the constraint or unique index to the Table"
        )
    for name, columns in keys:
        if not target <= {*map(hash, columns)} and not any(_stays_unequal(c, conflict) for c in columns):
            raise exc.CompileError(
                f"{dialect} can't choose by which unique key a row is there: a row that is equal in {name} "
                "would be updated too. Give no value for that key, or take what comes with on_any_conflict()"
            )


def _unique_keys(table: Any) -> Iterator[tuple[str, Sequence[Any]]]:
    """
    Yield the unique keys of a table: how to call them, and their columns or expressions.
    """
    if len(table.primary_key):
        yield "the primary key", list(table.primary_key)
    for constraint in getattr(table, "constraints", ()):
        if constraint.__visit_name__ == "unique_constraint":
            yield _key_name(constraint.name, constraint.columns), list(constraint.columns)
    for index in getattr(table, "indexes", ()):
        if index.unique:
            yield _key_name(index.name, index.expressions), list(index.expressions)


def _key_name(name: Any, columns: Any) -> str:
    return repr(str(name)) if name else f"({', '.join(str(getattr(c, 'name', c)) for c in columns)})"


def _stays_unequal(column: Any, conflict: Conflict) -> bool:
    """
    Tell whether a new row can't be equal to another in *column*: it gets a new number, or NULL.
    """
    if not isinstance(column, ColumnClause) or any(column is c for c in conflict.given):
        return False
    if column is getattr(conflict.table, "_autoincrement_column", None):
        return True
    return bool(column.nullable and column.default is None and column.server_default is None)


# -- 3. the order ------------------------------------------------------------


def _in_order(table: Any, pairs: Sequence[tuple[Any, Any]], dialect: str) -> list[tuple[Any, Any]]:
    """
    Return the assignments so that none reads a column that one before it has changed.

    Raises:
        CompileError: There is no such order.
    """
    left = [(column, value, _read(table, value) - {column.key}) for column, value in pairs]
    ordered: list[tuple[Any, Any]] = []
    while left:
        still_read = {key for _, _, read in left for key in read}
        ready = [item for item in left if item[0].key not in still_read]
        if not ready:
            names = ", ".join(column.name for column, _, _ in left)
            raise exc.CompileError(
                f"{dialect} assigns one column after the other, so {names} can't all be computed from the "
                "values that were there; update fewer of them at once"
            )
        # what no other value reads may change now
        ordered += [(column, value) for column, value, _ in ready]
        left = [item for item in left if item[0].key in still_read]
    return ordered


def _read(table: Any, value: Any) -> set[str]:
    """
    Return the keys of the table's columns that *value* reads.
    """
    return {
        element.key
        for element in iterate(value)
        if isinstance(element, ColumnClause)
        and element.table is not None
        and hash(element.table) == hash(table)
    }
