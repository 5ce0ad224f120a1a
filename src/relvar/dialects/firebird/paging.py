"""
Paging and locking of a SELECT.

Three ways to page, by what there is:
  1. ``OFFSET ... ROWS FETCH FIRST ... ROWS ONLY``: Firebird 3 and later, for plain numbers;
  2. ``ROWS first TO last``, counted from 1: for expressions, and UNION in Firebird 2.5;
  3. ``SELECT FIRST (n) SKIP (m)``: Firebird 2.5.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.dialects.firebird.casting import CastRules
from relvar.stmt.compound import CompoundSelect


class PagingRules(CastRules):
    """
    Rules for LIMIT, OFFSET, FETCH and FOR UPDATE.
    """

    def get_select_precolumns(self, select: Any, **kw: Any) -> str:
        text = ""
        if not self.dialect._supports_offset_fetch:
            limit = select._limit_clause if select._fetch_clause is None else select._fetch_clause
            if limit is not None:
                text += f"FIRST ({self._inferred(limit, **kw)}) "
            if select._offset_clause is not None:
                text += f"SKIP ({self._inferred(select._offset_clause, **kw)}) "
        return text + super().get_select_precolumns(select, **kw)

    def _row_limit_clause(self, select: Any, **kw: Any) -> str:
        limit, offset = select._limit_clause, select._offset_clause
        if select._fetch_clause is not None:
            options = select._fetch_clause_options
            if options["percent"] or options["with_ties"]:
                raise exc.CompileError(
                    "Firebird has no FETCH ... PERCENT or WITH TIES; fetch() takes a number of rows here, or "
                    "compare func.rank().over(...) of a subquery"
                )
            limit = select._fetch_clause
        if not self.dialect._supports_offset_fetch:
            # of a SELECT they stand in front of its columns
            return self._rows_clause(limit, offset, **kw) if isinstance(select, CompoundSelect) else ""
        if all(clause is None or clause._is_bind_parameter for clause in (limit, offset)):
            text = ""
            if offset is not None:
                text += f"\n OFFSET {self._inferred(offset, **kw)} ROWS"
            if limit is not None:
                text += f"\n FETCH FIRST {self._inferred(limit, **kw)} ROWS ONLY"
            return text
        return self._rows_clause(limit, offset, **kw)

    def _rows_clause(self, limit: Any, offset: Any, **kw: Any) -> str:
        """
        Render ``ROWS first TO last``.
        """
        if offset is None:
            return f"\n ROWS {self._count(limit, **kw)}"
        last = "9223372036854775807" if limit is None else f"{self._count(offset, **kw)} + "
        if limit is not None:
            last += self._count(limit, **kw)
        return f"\n ROWS {self._count(offset, **kw)} + 1 TO {last}"

    def _count(self, clause: Any, **kw: Any) -> str:
        text = self.process(clause, **kw)
        return text if clause._is_bind_parameter or text.startswith("(") else f"({text})"

    # -- FOR UPDATE ------------------------------------------------------

    def for_update_clause(self, select: Any, **kw: Any) -> str:
        if self.is_subquery():
            # only the outermost SELECT can lock
            return ""
        lock = select._for_update_arg
        if lock.nowait:
            raise exc.CompileError(
                "Firebird has no NOWAIT: a whole transaction waits for locks or does not; use "
                "execution_options(firebird_lock_timeout=0)"
            )
        text = " FOR UPDATE WITH LOCK"
        if lock.skip_locked:
            if not self.dialect._has_version_5:
                raise exc.CompileError("SKIP LOCKED needs Firebird 5 or later")
            text += " SKIP LOCKED"
        return text
