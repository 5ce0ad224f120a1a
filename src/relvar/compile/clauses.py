"""
The clauses of a SELECT, and the hints in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar._kernels.texts import criteria_text, texts_of
from relvar.compile.columns import ColumnsRules
from relvar.util.warning import warn_deprecated


class ClauseRules(ColumnsRules):
    """
    Rules for what stands behind SELECT, one clause each.
    """

    def get_select_precolumns(self, select: Any, **kw: Any) -> str:
        """
        Render what stands between SELECT and the columns, a blank at its end.
        """
        if select._distinct_on:
            warn_deprecated(
                "DISTINCT ON is currently supported only by the PostgreSQL dialect.  Use of DISTINCT ON for "
                "other backends is currently silently ignored, however this usage is deprecated, and will "
                "raise CompileError in a future release for all backends that do not support this syntax.",
                "1.4",
            )
        return "DISTINCT " if select._distinct else ""

    def default_from(self) -> str:
        """
        Return the FROM clause of a SELECT without FROM elements.
        """
        return ""

    def _generate_delimited_and_list(self, clauses: Any, **kw: Any) -> str:
        """
        Render criteria with AND between them; for compilers of other programs.
        """
        return self._where_text(tuple(clauses), **kw)

    def _where_text(self, criteria: Sequence[Any], **kw: Any) -> str:
        """
        Render criteria joined by AND.
        """
        return criteria_text(criteria, self, kw)

    def group_by_clause(self, select: Any, **kw: Any) -> str:
        """
        Render `` GROUP BY ...``.
        """
        text = ", ".join(texts_of(select._group_by_clauses, self, kw))
        return f" GROUP BY {text}" if text else ""

    def order_by_clause(self, select: Any, **kw: Any) -> str:
        """
        Render `` ORDER BY ...``.
        """
        text = ", ".join(texts_of(select._order_by_clauses, self, kw))
        return f" ORDER BY {text}" if text else ""

    def _row_limit_clause(self, select: Any, **kw: Any) -> str:
        if select._fetch_clause is not None:
            return self.fetch_clause(select, **kw)
        return self.limit_clause(select, **kw)

    def fetch_clause(
        self,
        select: Any,
        fetch_clause: Any = None,
        require_offset: bool = False,
        use_literal_execute_for_simple_int: bool = False,
        **kw: Any,
    ) -> str:
        """
        Render ``OFFSET ... FETCH FIRST ...``.

        Args:
            fetch_clause: The number of rows, if not the statement's FETCH.
            require_offset: Write ``OFFSET 0 ROWS`` if there is no offset.
            use_literal_execute_for_simple_int: Render numbers as literals when the statement runs.
        """
        if fetch_clause is None:
            fetch_clause = select._fetch_clause
            options = select._fetch_clause_options
        else:
            options = {"percent": False, "with_ties": False}
        text = ""
        offset = select._offset_clause
        if offset is not None:
            if use_literal_execute_for_simple_int and select._simple_int_clause(offset):
                offset = offset.render_literal_execute()
            text += f"\n OFFSET {self.process(offset, **kw)} ROWS"
        elif require_offset:
            text += "\n OFFSET 0 ROWS"
        if fetch_clause is not None:
            if use_literal_execute_for_simple_int and select._simple_int_clause(fetch_clause):
                fetch_clause = fetch_clause.render_literal_execute()
            text += (
                f"\n FETCH FIRST {self.process(fetch_clause, **kw)}"
                f"{' PERCENT' if options['percent'] else ''} ROWS "
                f"{'WITH TIES' if options['with_ties'] else 'ONLY'}"
            )
        return text

    def limit_clause(self, select: Any, **kw: Any) -> str:
        """
        Render ``LIMIT ... OFFSET ...``.
        """
        text = ""
        if select._limit_clause is not None:
            text += f"\n LIMIT {self.process(select._limit_clause, **kw)}"
        if select._offset_clause is not None:
            if select._limit_clause is None:
                text += "\n LIMIT -1"
            text += f" OFFSET {self.process(select._offset_clause, **kw)}"
        return text

    def for_update_clause(self, select: Any, **kw: Any) -> str:
        """
        Render `` FOR UPDATE``.
        """
        return " FOR UPDATE"

    def _generate_prefixes(self, stmt: Any, prefixes: Any, **kw: Any) -> str:
        """
        Render the words for this dialect, a blank behind each.
        """
        name = self.dialect.name
        return "".join(
            f"{prefix._compiler_dispatch(self, **kw)} "
            for prefix, dialect_name in prefixes
            if dialect_name in (None, "*", name)
        )

    # -- hints -----------------------------------------------------------

    def _setup_select_hints(self, select: Any) -> dict[Any, str]:
        """
        Return the hints for this dialect by FROM element.
        """
        return {
            element: text % {"name": self.process(element, ashint=True)}
            for (element, dialect), text in select._hints.items()
            if dialect in ("*", self.dialect.name)
        }

    def get_select_hint_text(self, byfroms: Any) -> str | None:
        """
        Return the hint behind SELECT, if the database has such.
        """
        return None

    def get_statement_hint_text(self, hint_texts: Sequence[str]) -> str:
        """
        Return the hints at the end of a statement.
        """
        return " ".join(hint_texts)
