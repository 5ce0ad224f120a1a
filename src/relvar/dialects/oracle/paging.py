"""
Paging and locking of a SELECT.

Two ways to page:
  1. ``OFFSET ... FETCH``: Oracle Database 12c and later;
  2. ``ROWNUM`` before that.  It counts rows before they are ordered, so the SELECT becomes a FROM
     element of one that counts; and as a row beyond the first is only counted when all before it
     were kept, leaving rows out takes another SELECT around that one.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.dialects.oracle.oldjoins import OldJoinRules
from relvar.expr.column import literal_column
from relvar.stmt.base import ForUpdateArg
from relvar.stmt.select import select

_ROWNUM = literal_column("ROWNUM")
_ROW_NUMBER = literal_column("ora_rn")


class PagingRules(OldJoinRules):
    """
    Rules for LIMIT, OFFSET, FETCH and FOR UPDATE.
    """

    def _row_limit_clause(self, select: Any, **kw: Any) -> str:
        if select._fetch_clause is None and not self.dialect._supports_offset_fetch:
            raise exc.CompileError(
                "LIMIT or OFFSET of a UNION or the like needs Oracle Database 12c or later; put it into a "
                "SELECT: select(statement.subquery()).limit(...)"
            )
        return self.fetch_clause(
            select,
            fetch_clause=select._limit_clause if select._fetch_clause is None else None,
            use_literal_execute_for_simple_int=True,
            **kw,
        )

    def fetch_clause(
        self,
        select: Any,
        fetch_clause: Any = None,
        require_offset: bool = False,
        use_literal_execute_for_simple_int: bool = False,
        **kw: Any,
    ) -> str:
        if fetch_clause is None and select._fetch_clause is None:
            # OFFSET alone
            return f"\n OFFSET {self.process(self._inline(select._offset_clause, select), **kw)} ROWS"
        text = super().fetch_clause(
            select, fetch_clause, require_offset, use_literal_execute_for_simple_int, **kw
        )
        if select.dialect_options["oracle"]["fetch_approximate"]:
            text = text.replace("\n FETCH FIRST", "\n FETCH APPROX FIRST")
        return text

    @staticmethod
    def _inline(clause: Any, statement: Any) -> Any:
        """
        Return a plain number as one that is rendered into the text when the statement runs.
        """
        return clause.render_literal_execute() if statement._simple_int_clause(clause) else clause

    def translate_select_structure(self, select_stmt: Any, **kwargs: Any) -> Any:
        """
        Return *select_stmt*, or what joins as Oracle 8 does, or what pages through it by ``ROWNUM``.
        """
        if not self.dialect.use_ansi:
            select_stmt = self._without_join_words(select_stmt)
        limit, offset = select_stmt._limit_clause, select_stmt._offset_clause
        if (
            self.dialect._supports_offset_fetch
            or select_stmt._fetch_clause is not None
            or (limit is None and offset is None)
        ):
            return select_stmt
        lock = select_stmt._for_update_arg
        inner = select_stmt._clone()
        inner._limit_clause = inner._offset_clause = inner._for_update_arg = None
        shown = list(inner.selected_columns)
        # locked columns must come through to the outermost SELECT
        locked = _locked_columns(lock)
        hidden = [column for column in locked if not any(column.shares_lineage(other) for other in shown)]
        within = inner.add_columns(*hidden).alias() if hidden else inner.alias()
        columns = list(within.c)
        count = len(columns) - len(hidden)
        paged = select(*columns[:count])
        if limit is not None:
            limit = self._inline(limit, select_stmt)
            if self.dialect.optimize_limits and select_stmt._simple_int_clause(limit):
                paged = paged.prefix_with(f"/*+ FIRST_ROWS({self.process(limit, **kwargs)}) */")
        if offset is not None:
            offset = self._inline(offset, select_stmt)
            paged = paged.add_columns(_ROWNUM.label("ora_rn"), *columns[count:])
        if limit is not None:
            paged = paged.where(_ROWNUM <= (limit if offset is None else limit + offset))
        if offset is not None:
            within = paged.alias()
            outer_columns = list(within.c)
            paged = select(*outer_columns[:count]).where(_ROW_NUMBER > offset)
        if lock is not None:
            paged._for_update_arg = made = ForUpdateArg(nowait=lock.nowait, skip_locked=lock.skip_locked)
            made.of = [within.corresponding_column(column) for column in locked]
        return paged

    # -- FOR UPDATE ------------------------------------------------------

    def for_update_clause(self, select: Any, **kw: Any) -> str:
        if self.is_subquery():
            # only the outermost SELECT can lock
            return ""
        lock = select._for_update_arg
        text = " FOR UPDATE"
        if lock.of:
            text += f" OF {', '.join(self.process(column, **kw) for column in _locked_columns(lock))}"
        if lock.nowait:
            text += " NOWAIT"
        if lock.skip_locked:
            text += " SKIP LOCKED"
        return text


def _locked_columns(lock: Any) -> list[Any]:
    """
    Return the columns of FOR UPDATE OF; a table stands for its primary key, or its first column.
    """
    columns: list[Any] = []
    for element in (lock.of if lock is not None else None) or ():
        if element._is_from_clause:
            columns.extend(list(element.primary_key) or list(element.c)[:1])
        else:
            columns.append(element)
    return columns
