"""
SQL text for SAP ASE and SQL Anywhere.

Paging:
  * ASE: ``TOP n`` (12.5.3 and later); ``ROWS LIMIT n OFFSET m`` behind ORDER BY where the dialect's
    `rows_limit` says that the server has it; else an offset is refused.
  * SQL Anywhere: ``TOP n START AT m``, which counts from 1.

Source: https://infocenter.sybase.com/help/topic/com.sybase.help.doc.ase_docs_12.5.3.newfeatures1253_rev/html/newfeatures1253_rev/newfeatures1253_rev11.htm,
https://dcx.sap.com/sa160/en/dbusage/first-order-formatting.html,
https://github.com/gordthompson/sqlalchemy-sybase/issues/6 (ROWS LIMIT: accepted by 16, refused by 15.7)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from relvar import exc
from relvar.compile.compiler import SQLCompiler
from relvar.compile.compound import COMPOUND_KEYWORDS
from relvar.compile.merge import MergeRules
from relvar.dialects.sybase.identity import is_identity
from relvar.stmt.compound import _CompoundSelectKeyword as CompoundKeyword
from relvar.util.immutable import immutabledict

__all__ = ["AnywhereCompiler", "AseCompiler"]

_ONLY_OF_ANYWHERE = frozenset(
    {
        CompoundKeyword.EXCEPT,
        CompoundKeyword.EXCEPT_ALL,
        CompoundKeyword.INTERSECT,
        CompoundKeyword.INTERSECT_ALL,
    }
)


class _SybaseCompiler(SQLCompiler):
    """
    What both write alike.
    """

    extract_map: Mapping[str, str] = immutabledict(
        {"doy": "dayofyear", "dow": "weekday", "milliseconds": "millisecond"}
    )
    # an identity column refuses the word DEFAULT
    _defaults_by_column = False

    def returning_clause(
        self, stmt: Any, returning_cols: Any, *, populate_result_map: bool, **kw: Any
    ) -> NoReturn:
        """
        Refuse: neither has RETURNING.
        """
        raise exc.CompileError(
            f"{self.dialect.name} has no RETURNING: leave out returning(), take new keys from "
            "result.inserted_primary_key, and read other values with a select()"
        )

    def get_from_hint_text(self, table: Any, text: str) -> str | None:
        # behind the table: (INDEX ix) on ASE, WITH (NOLOCK) on both
        return text

    def visit_true(self, expr: Any, **kw: Any) -> str:
        return "1"

    def visit_false(self, expr: Any, **kw: Any) -> str:
        return "0"

    def visit_now_func(self, fn: Any, **kw: Any) -> str:
        """
        Render ``GETDATE()``.
        """
        return "GETDATE()"

    def visit_pow_func(self, fn: Any, **kw: Any) -> str:
        """
        Render ``POWER()``.
        """
        return f"POWER{self._scalar_argspec(fn, **kw)}"

    def visit_extract(self, extract: Any, **kw: Any) -> str:
        field = self.extract_map.get(extract.field, extract.field)
        return f"DATEPART({field}, {self.process(extract.expr, **kw)})"

    def visit_is__binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``x = 1`` where IS takes no number.
        """
        return self._compared(binary, "=", "IS", **kw)

    def visit_is_not_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``x != 1`` where IS NOT takes no number.
        """
        return self._compared(binary, "!=", "IS NOT", **kw)

    def _compared(self, binary: Any, with_number: str, with_null: str, **kw: Any) -> str:
        is_number = binary.right.__visit_name__ in ("true", "false")
        left, right = self.process(binary.left, **kw), self.process(binary.right, **kw)
        return f"{left} {with_number if is_number else with_null} {right}"

    def for_update_clause(self, select: Any, **kw: Any) -> str:
        lock = select._for_update_arg
        if lock.nowait or lock.skip_locked:
            raise exc.CompileError(
                f"{self.dialect.name} has no NOWAIT and no SKIP LOCKED: leave that out of with_for_update()"
            )
        text = " FOR UPDATE"
        if lock.of:
            names = [self.process(column, **kw) for column in lock.of if not column._is_from_clause]
            if names:
                text += f" OF {', '.join(names)}"
        return text

    def visit_empty_set_expr(self, element_types: Any, **kw: Any) -> str:
        return "SELECT 1 WHERE 1!=1"

    @staticmethod
    def _count(select: Any) -> Any:
        """
        Return how many rows a SELECT wants.

        Raises:
            CompileError: It wants some percent of them, or those equal to the last.
        """
        if select._fetch_clause is None:
            return select._limit_clause
        options = select._fetch_clause_options
        if options["percent"] or options["with_ties"]:
            raise exc.CompileError(
                "FETCH with PERCENT or WITH TIES is not to be had here: give a number of rows"
            )
        return select._fetch_clause

    def _literal(self, clause: Any, select: Any, **kw: Any) -> str:
        if select._simple_int_clause(clause):
            clause = clause.render_literal_execute()
        return self.process(clause, **kw)

    def limit_clause(self, select: Any, **kw: Any) -> str:
        return ""

    def fetch_clause(
        self,
        select: Any,
        fetch_clause: Any = None,
        require_offset: bool = False,
        use_literal_execute_for_simple_int: bool = False,
        **kw: Any,
    ) -> str:
        return self.limit_clause(select, **kw)


class AseCompiler(_SybaseCompiler):
    """
    Compile SQL for SAP ASE.
    """

    def visit_savepoint(self, savepoint_stmt: Any, **kw: Any) -> str:
        """
        Render ``SAVE TRANSACTION name``.
        """
        return f"SAVE TRANSACTION {self.preparer.format_savepoint(savepoint_stmt)}"

    def visit_rollback_to_savepoint(self, savepoint_stmt: Any, **kw: Any) -> str:
        """
        Render ``ROLLBACK TRANSACTION name``.
        """
        return f"ROLLBACK TRANSACTION {self.preparer.format_savepoint(savepoint_stmt)}"

    # -- what there is not -----------------------------------------------

    def visit_cte(self, cte: Any, *args: Any, **kw: Any) -> Any:
        raise exc.CompileError(f"ASE has no WITH: make {cte.name} a subquery(), or a view")

    def visit_compound_select(self, cs: Any, *args: Any, **kw: Any) -> str:
        if cs.keyword in _ONLY_OF_ANYWHERE:
            word = COMPOUND_KEYWORDS[cs.keyword]
            raise exc.CompileError(f"ASE has no {word}: use [NOT] EXISTS with a correlated subquery")
        return super().visit_compound_select(cs, *args, **kw)

    def visit_join(self, join: Any, asfrom: bool = False, from_linter: Any = None, **kwargs: Any) -> str:
        if join.full:
            raise exc.CompileError("ASE has no FULL JOIN: combine two outer joins with union()")
        return super().visit_join(join, asfrom=asfrom, from_linter=from_linter, **kwargs)

    # -- INSERT ----------------------------------------------------------

    _sets_identity = False
    "A value is given for the identity column, which the session has to allow."

    def _insert_head(self, stmt: Any, crud: Any, kw: dict[str, Any]) -> str:
        if len(self.stack) == 1:
            self._sets_identity = any(is_identity(assignment.column) for assignment in crud.single)
        text = super()._insert_head(stmt, crud, kw)
        # a row of defaults has empty values, and no list of columns
        return text if crud.single else text.removesuffix(" ()")

    # -- paging ----------------------------------------------------------

    def get_select_precolumns(self, select: Any, **kw: Any) -> str:
        text = super().get_select_precolumns(select, **kw)
        count = self._count(select)
        if count is not None and not self._uses_rows(select):
            if self.is_subquery() and not self.dialect.rows_limit:
                raise exc.CompileError(
                    "ASE takes TOP in the outermost SELECT only: page there, or run two statements"
                )
            text += f"TOP {self._literal(count, select, **kw)} "
        return text

    def _uses_rows(self, select: Any) -> bool:
        """
        Tell whether a SELECT pages by ROWS.
        """
        if self.dialect.rows_limit:
            return True
        if select._offset_clause is not None:
            raise exc.CompileError(
                "ASE has no offset for rows before ROWS LIMIT (create_engine(rows_limit=True) "
                "says that the server has "
                "it): ask for rows after the last key seen, where(t.c.id > last).limit(n)"
            )
        return False

    def limit_clause(self, select: Any, **kw: Any) -> str:
        if not self._uses_rows(select):
            if select._is_select_statement:
                return ""
            raise exc.CompileError("ASE can't limit a UNION: make it a subquery(), and limit that")
        count, offset = self._count(select), select._offset_clause
        text = "\n ROWS"
        if count is not None:
            text += f" LIMIT {self._literal(count, select, **kw)}"
        if offset is not None:
            text += f" OFFSET {self._literal(offset, select, **kw)}"
        return text


class AnywhereCompiler(_SybaseCompiler, MergeRules):
    """
    Compile SQL for SQL Anywhere.
    """

    def visit_mod_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        # % begins a comment, if the option percent_as_comment says so
        return f"MOD({self.process(binary.left, **kw)}, {self.process(binary.right, **kw)})"

    def visit_sequence(self, sequence: Any, **kw: Any) -> str:
        return f"{self.preparer.format_sequence(sequence)}.NEXTVAL"

    def visit_aggregate_strings_func(self, fn: Any, *, use_function_name: str = "LIST", **kw: Any) -> str:
        return f"{use_function_name}{self.function_argspec(fn, **kw)}"

    def get_cte_preamble(self, recursive: bool) -> str:
        return "WITH RECURSIVE" if recursive else "WITH"

    def default_from(self) -> str:
        return ""

    # -- paging ----------------------------------------------------------

    def get_select_precolumns(self, select: Any, **kw: Any) -> str:
        text = super().get_select_precolumns(select, **kw)
        count, offset = self._count(select), select._offset_clause
        if count is None and offset is None:
            return text
        text += f"TOP {'ALL' if count is None else self._literal(count, select, **kw)} "
        if offset is not None:
            text += f"START AT ({self._literal(offset, select, **kw)} + 1) "
        return text

    def limit_clause(self, select: Any, **kw: Any) -> str:
        if not select._is_select_statement:
            raise exc.CompileError("SQL Anywhere can't limit a UNION: make it a subquery(), and limit that")
        return ""
