"""
SQL text for Microsoft SQL Server.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relvar import exc
from relvar.dialects.mssql.identity import is_identity
from relvar.dialects.mssql.merge import MSMergeRules
from relvar.expr.column import literal_column
from relvar.expr.function import func
from relvar.expr.label import Label
from relvar.relation.alias import Alias
from relvar.stmt.select import select
from relvar.types.boolean import Boolean
from relvar.types.json import JSON
from relvar.types.numeric import Float, Integer, Numeric
from relvar.types.text import String
from relvar.util.immutable import immutabledict

_ROW_NUMBER = "mssql_rn"
_MS_2025 = (17,)
_STRING = String()


class MSSQLCompiler(MSMergeRules):
    """
    Compile SQL for Microsoft SQL Server.
    """

    returning_precedes_values = True
    extract_map: Mapping[str, str] = immutabledict(
        {
            "doy": "dayofyear",
            "dow": "weekday",
            "milliseconds": "millisecond",
            "microseconds": "microsecond",
        }
    )
    # an IDENTITY column refuses the word DEFAULT
    _defaults_by_column = False
    _dml_alias: tuple[tuple[Any, Any], str] | None = None

    # -- constants, functions --------------------------------------------

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

    def visit_true(self, expr: Any, **kw: Any) -> str:
        return "1"

    def visit_false(self, expr: Any, **kw: Any) -> str:
        return "0"

    def visit_now_func(self, fn: Any, **kw: Any) -> str:
        """
        Render ``CURRENT_TIMESTAMP``.
        """
        return "CURRENT_TIMESTAMP"

    def visit_current_date_func(self, fn: Any, **kw: Any) -> str:
        """
        Render ``GETDATE()``.
        """
        return "GETDATE()"

    def visit_length_func(self, fn: Any, **kw: Any) -> str:
        """
        Render ``LEN()``.
        """
        return f"LEN{self.function_argspec(fn, **kw)}"

    def visit_char_length_func(self, fn: Any, **kw: Any) -> str:
        """
        Render ``LEN()``.
        """
        return f"LEN{self.function_argspec(fn, **kw)}"

    def visit_pow_func(self, fn: Any, **kw: Any) -> str:
        """
        Render ``POWER()``.
        """
        return f"POWER{self._scalar_argspec(fn, **kw)}"

    def visit_aggregate_strings_func(
        self, fn: Any, *, use_function_name: str = "string_agg", **kw: Any
    ) -> str:
        return f"{use_function_name}{self.function_argspec(fn, **kw)}"

    def visit_frame_clause(self, frameclause: Any, **kw: Any) -> str:
        # a frame takes no parameters here
        kw["literal_execute"] = True
        return super().visit_frame_clause(frameclause, **kw)

    def visit_extract(self, extract: Any, **kw: Any) -> str:
        field = self._extract_field(extract)
        return f"DATEPART({field}, {self.process(extract.expr, **kw)})"

    def visit_try_cast(self, element: Any, **kw: Any) -> str:
        """
        Render ``TRY_CAST (x AS type)``.
        """
        return f"TRY_CAST ({self.process(element.clause, **kw)} AS {self.process(element.typeclause, **kw)})"

    def visit_sequence(self, sequence: Any, **kw: Any) -> str:
        return f"NEXT VALUE FOR {self.preparer.format_sequence(sequence)}"

    # -- operators -------------------------------------------------------

    def visit_truediv_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return f"{self.process(binary.left, **kw)} / ({self.process(binary.right, **kw)} + 0.0)"

    def visit_concat_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``a + b``.
        """
        return f"{self.process(binary.left, **kw)} + {self.process(binary.right, **kw)}"

    def visit_concat_op_expression_clauselist(self, clauselist: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``a + b + c``.
        """
        return " + ".join(self.process(element, **kw) for element in clauselist.clauses)

    def visit_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``CONTAINS (a, b)``.
        """
        return f"CONTAINS ({self.process(binary.left, **kw)}, {self.process(binary.right, **kw)})"

    def visit_is_distinct_from_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return (
            f"NOT EXISTS (SELECT {self.process(binary.left)} INTERSECT SELECT {self.process(binary.right)})"
        )

    def visit_is_not_distinct_from_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return f"EXISTS (SELECT {self.process(binary.left)} INTERSECT SELECT {self.process(binary.right)})"

    # Regular expressions since 2025 (17), with the database's compatibility level 170:
    # https://learn.microsoft.com/sql/t-sql/functions/regular-expressions-functions-transact-sql

    def _has_regular_expressions(self) -> bool:
        return (self.dialect.server_version_info or ()) >= _MS_2025

    def _regexp_flags(self, binary: Any, before: str) -> str:
        """
        Return the flags as a further argument, behind those that have to stand *before* it.
        """
        flags = binary.modifiers.get("flags")
        return "" if flags is None else f", {before}{self.render_literal_value(flags, _STRING)}"

    def visit_regexp_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``REGEXP_LIKE(a, b)``, which is a condition.
        """
        if not self._has_regular_expressions():
            return super().visit_regexp_match_op_binary(binary, operator, **kw)
        left, right = self.process(binary.left, **kw), self.process(binary.right, **kw)
        return f"REGEXP_LIKE({left}, {right}{self._regexp_flags(binary, '')})"

    def visit_not_regexp_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``NOT REGEXP_LIKE(a, b)``.
        """
        return f"NOT {self.visit_regexp_match_op_binary(binary, operator, **kw)}"

    def visit_regexp_replace_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``REGEXP_REPLACE(a, b, c)``; flags stand behind where to start and which one: all.
        """
        if not self._has_regular_expressions():
            return super().visit_regexp_replace_op_binary(binary, operator, **kw)
        left, right = self.process(binary.left, **kw), self.process(binary.right, **kw)
        return f"REGEXP_REPLACE({left}, {right}{self._regexp_flags(binary, '1, 0, ')})"

    def visit_json_getitem_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._json_item(binary, **kw)

    def visit_json_path_getitem_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._json_item(binary, **kw)

    def _json_item(self, binary: Any, _cast_applied: bool = False, **kw: Any) -> str:
        """
        Render ``JSON_QUERY`` for JSON and ``JSON_VALUE`` for plain values.
        """
        left, right = self.process(binary.left, **kw), self.process(binary.right, **kw)
        affinity = binary.type._type_affinity
        if affinity is JSON:
            return f"JSON_QUERY({left}, {right})"
        value = f"JSON_VALUE({left}, {right})"
        case = f"CASE {value} WHEN NULL THEN NULL"
        name = self.dialect.type_compiler_instance.process
        if affinity is Boolean:
            return (
                f"{case} WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE CAST({value} AS {name(binary.type)}) END"
            )
        if affinity is Integer:
            return f"{case} ELSE CAST({value} AS {name(binary.type)}) END"
        if affinity in (Numeric, Float):
            type_name = (
                "FLOAT"
                if isinstance(binary.type, Float)
                else (f"NUMERIC({binary.type.precision}, {binary.type.scale})")
            )
            return f"{case} ELSE CAST({value} AS {type_name}) END"
        return f"{case} ELSE {value} END"

    def visit_binary(self, binary: Any, *args: Any, **kwargs: Any) -> str:
        """
        Move a parameter of an equality to the right side: the server wants a column on the left.
        """
        operator = binary.operator
        if (
            operator.__name__ == "eq"
            and binary.left._is_bind_parameter
            and not binary.right._is_bind_parameter
        ):
            made = binary._clone()
            made.left, made.right = binary.right, binary.left
            return super().visit_binary(made, *args, **kwargs)
        return super().visit_binary(binary, *args, **kwargs)

    def visit_empty_set_expr(self, element_types: Sequence[Any], **kw: Any) -> str:
        return "SELECT 1 WHERE 1!=1"

    # -- paging ----------------------------------------------------------
    #
    # Three ways, in this order:
    #   1. TOP n: a plain number of rows, no offset;
    #   2. OFFSET ... FETCH: SQL Server 2012 and later;
    #   3. a SELECT around the SELECT that filters by ROW_NUMBER().

    @staticmethod
    def _use_top(select: Any) -> bool:
        if select._offset_clause is not None:
            return False
        if select._simple_int_clause(select._limit_clause):
            return True
        if not select._simple_int_clause(select._fetch_clause):
            return False
        options = select._fetch_clause_options
        return bool(options["percent"] or options["with_ties"])

    def _check_can_use_fetch_limit(self, select: Any) -> None:
        if not select._order_by_clauses:
            raise exc.CompileError(
                "MSSQL requires an order_by when using an OFFSET or a non-simple LIMIT clause"
            )
        options = select._fetch_clause_options
        if options is not None and (options["percent"] or options["with_ties"]):
            raise exc.CompileError(
                "MSSQL needs TOP to use PERCENT and/or WITH TIES. Only simple fetch without offset can be "
                "used."
            )

    def get_select_precolumns(self, select: Any, **kw: Any) -> str:
        text = super().get_select_precolumns(select, **kw)
        if _has_limit(select) and self._use_top(select):
            kw["literal_execute"] = True
            count = select._fetch_clause if select._fetch_clause is not None else select._limit_clause
            text += f"TOP {self.process(count, **kw)} "
            options = select._fetch_clause_options if select._fetch_clause is not None else None
            if options is not None:
                if options["percent"]:
                    text += "PERCENT "
                if options["with_ties"]:
                    text += "WITH TIES "
        return text

    def limit_clause(self, select: Any, **kw: Any) -> str:
        return self._offset_fetch(select, **kw)

    def fetch_clause(
        self,
        select: Any,
        fetch_clause: Any = None,
        require_offset: bool = False,
        use_literal_execute_for_simple_int: bool = False,
        **kw: Any,
    ) -> str:
        return self._offset_fetch(select, **kw)

    def _offset_fetch(self, select: Any, **kw: Any) -> str:
        if not self.dialect._supports_offset_fetch or self._use_top(select):
            return ""
        self._check_can_use_fetch_limit(select)
        offset = select._offset_clause
        text = f"\n OFFSET {self.process(offset, **kw) if offset is not None else '0'} ROWS"
        count = select._limit_clause if select._limit_clause is not None else select._fetch_clause
        if count is not None:
            text += f"\n FETCH FIRST {self.process(count, **kw)} ROWS ONLY"
        return text

    def translate_select_structure(self, select_stmt: Any, **kwargs: Any) -> Any:
        """
        Return *select_stmt*, or what pages through it by ``ROW_NUMBER()``.
        """
        if (
            not _has_limit(select_stmt)
            or self.dialect._supports_offset_fetch
            or self._use_top(select_stmt)
            or getattr(select_stmt, "_mssql_visit", False)
        ):
            return select_stmt
        self._check_can_use_fetch_limit(select_stmt)
        order_by = [_unwrapped(element) for element in select_stmt._order_by_clauses]
        limit = (
            select_stmt._limit_clause if select_stmt._limit_clause is not None else select_stmt._fetch_clause
        )
        offset = select_stmt._offset_clause
        # its joins must be clear before it has another column
        _ = select_stmt._select_state
        inner = select_stmt.add_columns(
            func.ROW_NUMBER().over(order_by=order_by).label(_ROW_NUMBER)
        ).order_by(None)
        inner._limit_clause = inner._offset_clause = inner._fetch_clause = inner._fetch_clause_options = None
        inner._mssql_visit = True
        numbered = inner.alias()
        row_number = literal_column(_ROW_NUMBER)
        outer = select(*[column for column in numbered.c if column.key != _ROW_NUMBER])
        if offset is not None:
            outer = outer.where(row_number > offset)
            if limit is not None:
                outer = outer.where(row_number <= limit + offset)
        else:
            outer = outer.where(row_number <= limit)
        return outer

    def order_by_clause(self, select: Any, **kw: Any) -> str:
        # ORDER BY in a subquery is an error, but with TOP or OFFSET
        if (
            self.is_subquery()
            and not self._use_top(select)
            and (select._offset_clause is None or not self.dialect._supports_offset_fetch)
        ):
            return ""
        return super().order_by_clause(select, **kw)

    def for_update_clause(self, select: Any, **kw: Any) -> str:
        # locks are hints of the tables here
        return ""

    def get_cte_preamble(self, recursive: bool) -> str:
        # all CTEs may be recursive; there is no word for it
        return "WITH"

    def get_from_hint_text(self, table: Any, text: str) -> str | None:
        return text

    def get_crud_hint_text(self, table: Any, text: str) -> str | None:
        return text

    # -- INSERT, UPDATE, DELETE ------------------------------------------

    def _insert_head(self, stmt: Any, crud: Any, kw: dict[str, Any]) -> str:
        if len(self.stack) == 1:
            self._sets_identity = any(is_identity(assignment.column) for assignment in crud.single)
        return super()._insert_head(stmt, crud, kw)

    def returning_clause(
        self, stmt: Any, returning_cols: Any, *, populate_result_map: bool, **kw: Any
    ) -> str:
        name = "deleted" if stmt.is_delete else "inserted"
        before, plain = self._dml_alias, self._plain_columns
        # also what an alias that is changed stands for
        self._dml_alias = ((stmt.table, getattr(stmt.table, "element", stmt.table)), name)
        self._plain_columns = False
        try:
            text = super().returning_clause(
                stmt, returning_cols, populate_result_map=populate_result_map, **kw
            )
        finally:
            self._dml_alias, self._plain_columns = before, plain
        return f"OUTPUT{text.removeprefix('RETURNING')}"

    def _column_table_text(self, table: Any, ambiguous: Mapping[str, str] | None = None) -> str:
        alias = self._dml_alias
        # a table and what stands for it as an entity have one hash
        if alias is not None and any(hash(table) == hash(each) for each in alias[0]):
            return alias[1]
        return super()._column_table_text(table, ambiguous)

    def _repeats_target(self, table: Any) -> bool:
        # an alias is made behind FROM only: UPDATE a SET ... FROM t AS a
        return isinstance(table, Alias)

    def update_tables_clause(self, update_stmt: Any, from_table: Any, extra_froms: Any, **kw: Any) -> str:
        if self._repeats_target(from_table):
            kw["ashint"] = True
        return super().update_tables_clause(update_stmt, from_table, extra_froms, **kw)

    def update_from_clause(
        self, update_stmt: Any, from_table: Any, extra_froms: Any, from_hints: Any, **kw: Any
    ) -> str:
        return f"FROM {self._dml_froms([from_table, *extra_froms], from_hints, **kw)}"

    def delete_table_clause(self, delete_stmt: Any, from_table: Any, extra_froms: Any, **kw: Any) -> str:
        return from_table._compiler_dispatch(  # type: ignore[no-any-return]  # text
            self,
            asfrom=True,
            iscrud=True,
            ashint=bool(extra_froms) or self._repeats_target(from_table),
            **kw,
        )

    def delete_extra_from_clause(
        self, delete_stmt: Any, from_table: Any, extra_froms: Any, from_hints: Any, **kw: Any
    ) -> str:
        return f"FROM {self._dml_froms([from_table, *extra_froms], from_hints, **kw)}"


def _has_limit(select: Any) -> bool:
    return (
        select._limit_clause is not None
        or select._offset_clause is not None
        or select._fetch_clause is not None
    )


def _unwrapped(element: Any) -> Any:
    """
    Return what an ORDER BY element stands for, without labels.

    Raises:
        CompileError: It is the name of a label.
    """
    visit_name = element.__visit_name__
    if visit_name == "textual_label_reference":
        raise exc.CompileError("ORDER BY with ROW_NUMBER() needs expressions, not names of labels")
    if visit_name == "label_reference":
        return _unwrapped(element.element)
    if visit_name == "unary" and element.modifier is not None:
        made = element._clone()
        made.element = _unwrapped(element.element)
        return made
    if isinstance(element, Label):
        return element.element
    return element
