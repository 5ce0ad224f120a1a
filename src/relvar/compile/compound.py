"""
What stands where a SELECT can: UNION and the like, text with columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relvar.compile.select import NO_FRAME, NOT_FOR_SUBQUERIES, SelectRules
from relvar.compile.state import FRAME_ASFROM, FRAME_CORRELATE, FRAME_SELECTABLE
from relvar.stmt.compound import _CompoundSelectKeyword as CompoundKeyword

COMPOUND_KEYWORDS = {
    CompoundKeyword.UNION: "UNION",
    CompoundKeyword.UNION_ALL: "UNION ALL",
    CompoundKeyword.EXCEPT: "EXCEPT",
    CompoundKeyword.EXCEPT_ALL: "EXCEPT ALL",
    CompoundKeyword.INTERSECT: "INTERSECT",
    CompoundKeyword.INTERSECT_ALL: "INTERSECT ALL",
}


class CompoundRules(SelectRules):
    """
    Rules for combined SELECTs.
    """

    compound_keywords: Mapping[Any, str] = COMPOUND_KEYWORDS

    def visit_compound_select(
        self, cs: Any, asfrom: bool = False, compound_index: int | None = None, **kwargs: Any
    ) -> str:
        """
        Render SELECTs joined by UNION or the like.
        """
        cs._check_columns()
        self._enter(cs, compound_index, kwargs, compound=True)
        keyword = self.compound_keywords[cs.keyword]
        text = f" {keyword} ".join(
            [
                select._compiler_dispatch(self, asfrom=asfrom, compound_index=i, **kwargs)
                for i, select in enumerate(cs.selects)
            ]
        )
        for name in (
            "lateral",
            "insert_into",
            "fromhints",
            "from_linter",
            "lateral_from_linter",
            "enclosing_lateral",
        ):
            kwargs.pop(name, None)
        # columns are named without their table: they are the columns of all SELECTs
        named = {**kwargs, "include_table": False}
        if cs._group_by_clauses:
            text += self.group_by_clause(cs, **named)
        if cs._order_by_clauses:
            text += self.order_by_clause(cs, **named)
        if cs._limit_clause is not None or cs._offset_clause is not None or cs._fetch_clause is not None:
            text += self._row_limit_clause(cs, **named)
        if self._written:
            text = self._render_cte_clause() + text
        self.stack.pop()
        return text

    def _enter(
        self, statement: Any, compound_index: int | None, kw: dict[str, Any], compound: bool = False
    ) -> bool:
        """
        Enter a statement that stands where a SELECT can.

        Returns:
            Whether its columns are those of the result.
        """
        for name in NOT_FOR_SUBQUERIES.intersection(kw):
            del kw[name]
        stack = self.stack
        toplevel = not stack
        outer = NO_FRAME if toplevel else stack[-1]
        if toplevel:
            self.is_select = True
            self.compile_state = statement
        populate = toplevel or (compound_index == 0 and outer.get("result_map", False))
        frame = {
            FRAME_CORRELATE: outer[FRAME_CORRELATE],
            FRAME_ASFROM: outer[FRAME_ASFROM],
            FRAME_SELECTABLE: statement,
        }
        if compound:
            frame |= {"result_map": populate, "compound": True, "holds_ctes": True}
        stack.append(frame)
        if statement._independent_ctes:
            self._dispatch_independent_ctes(statement, kw)
        return populate

    def visit_select_statement_grouping(self, grouping: Any, **kwargs: Any) -> str:
        """
        Render ``(SELECT ...)``.
        """
        return f"({grouping.element._compiler_dispatch(self, **kwargs)})"

    def visit_textual_select(
        self, taf: Any, compound_index: int | None = None, asfrom: bool = False, **kw: Any
    ) -> str:
        """
        Render literal SQL whose columns are known.
        """
        if self._enter(taf, compound_index, kw):
            self._ordered_columns = self._textual_ordered_columns = taf.positional
            self._loose_column_name_matching = not taf.positional and bool(taf.column_args)
            for column in taf.column_args:
                self.process(column, within_columns_clause=True, add_to_result_map=self._add_to_result_map)
        text = self.process(taf.element, **kw)
        text = self._render_cte_clause() + text
        self.stack.pop()
        return text
