"""
SQL text for SQLite.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relvar import exc
from relvar.compile.compiler import SQLCompiler
from relvar.compile.onconflict import ConflictRules
from relvar.expr.bind import BindParameter
from relvar.expr.grouping import true
from relvar.stmt.compound import CompoundSelect
from relvar.stmt.select import Select
from relvar.types.json import JSON
from relvar.util.immutable import immutabledict


class SQLiteCompiler(ConflictRules, SQLCompiler):
    """
    Compile SQL for SQLite.
    """

    _updates_any_conflict = True
    extract_map: Mapping[str, str] = immutabledict(
        {
            "month": "%m",
            "day": "%d",
            "year": "%Y",
            "second": "%S",
            "hour": "%H",
            "doy": "%j",
            "minute": "%M",
            "epoch": "%s",
            "dow": "%w",
            "week": "%W",
        }
    )

    # -- constants, functions --------------------------------------------

    def visit_true(self, expr: Any, **kw: Any) -> str:
        return "1"

    def visit_false(self, expr: Any, **kw: Any) -> str:
        return "0"

    def visit_now_func(self, fn: Any, **kw: Any) -> str:
        return "CURRENT_TIMESTAMP"

    def visit_localtimestamp_func(self, fn: Any, **kw: Any) -> str:
        return "DATETIME(CURRENT_TIMESTAMP, 'localtime')"

    def visit_char_length_func(self, fn: Any, **kw: Any) -> str:
        return f"length{self._scalar_argspec(fn)}"

    def visit_aggregate_strings_func(
        self, fn: Any, *, use_function_name: str = "group_concat", **kw: Any
    ) -> str:
        return f"{use_function_name}{self.function_argspec(fn, **kw)}"

    def visit_cast(self, cast: Any, **kwargs: Any) -> str:
        if self.dialect.supports_cast:
            return super().visit_cast(cast, **kwargs)
        return self.process(cast.clause, **kwargs)

    def visit_extract(self, extract: Any, **kwargs: Any) -> str:
        """
        Render ``strftime()``; SQLite has no EXTRACT.

        Raises:
            CompileError: There is no format for the field.
        """
        try:
            template = self.extract_map[extract.field]
        except KeyError as err:
            raise exc.CompileError(f"{extract.field} is not a valid extract argument.") from err
        return f"CAST(STRFTIME('{template}', {self.process(extract.expr, **kwargs)}) AS INTEGER)"

    # -- operators -------------------------------------------------------

    def visit_truediv_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return f"{self.process(binary.left, **kw)} / ({self.process(binary.right, **kw)} + 0.0)"

    def visit_is_distinct_from_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return f"{self.process(binary.left)} IS NOT {self.process(binary.right)}"

    def visit_is_not_distinct_from_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return f"{self.process(binary.left)} IS {self.process(binary.right)}"

    def visit_regexp_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._generate_generic_binary(binary, " REGEXP ", **kw)

    def visit_not_regexp_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._generate_generic_binary(binary, " NOT REGEXP ", **kw)

    def visit_bitwise_xor_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        # SQLite has no such operator.  "-" binds tighter than "|" and "&": both sides need parentheses.
        kw.pop("eager_grouping", None)
        either = self._generate_generic_binary(binary, " | ", **kw)
        both = self._generate_generic_binary(binary, " & ", **kw)
        return f"(({either}) - ({both}))"

    def _json_extract(self, binary: Any, cast_applied: bool, **kw: Any) -> str:
        is_json = binary.type._type_affinity is JSON
        if not (is_json or cast_applied):
            return self._cast_json_item(binary, **kw)
        text = f"JSON_EXTRACT({self.process(binary.left, **kw)}, {self.process(binary.right, **kw)})"
        return f"JSON_QUOTE({text})" if is_json else text

    def visit_json_getitem_op_binary(
        self, binary: Any, operator: Any, _cast_applied: bool = False, **kw: Any
    ) -> str:
        return self._json_extract(binary, _cast_applied, **kw)

    def visit_json_path_getitem_op_binary(
        self, binary: Any, operator: Any, _cast_applied: bool = False, **kw: Any
    ) -> str:
        return self._json_extract(binary, _cast_applied, **kw)

    # -- empty sets ------------------------------------------------------

    def visit_empty_set_op_expr(self, type_: Any, expand_op: Any, **kw: Any) -> str:
        # no "(NULL) AND (1 != 1)" here: SQLite takes a SELECT in any IN
        return self.visit_empty_set_expr(type_)

    def visit_empty_set_expr(self, element_types: Sequence[Any], **kw: Any) -> str:
        ones = ", ".join("1" for _ in element_types or [None])
        return f"SELECT {ones} FROM (SELECT {ones}) WHERE 1!=1"

    # -- clauses ---------------------------------------------------------

    def limit_clause(self, select: Any, **kw: Any) -> str:
        limit, offset = select._limit_clause, select._offset_clause
        text = ""
        if limit is not None:
            text += f"\n LIMIT {self.process(limit, **kw)}"
        if offset is not None:
            if limit is None:
                text += f"\n LIMIT {self.process(_literal(-1), **kw)}"
            text += f" OFFSET {self.process(offset, **kw)}"
        else:
            text += f" OFFSET {self.process(_literal(0), **kw)}"
        return text

    def for_update_clause(self, select: Any, **kw: Any) -> str:
        # SQLite locks the whole database
        return ""

    def update_from_clause(
        self, update_stmt: Any, from_table: Any, extra_froms: Any, from_hints: Any, **kw: Any
    ) -> str:
        return f"FROM {self._dml_froms(extra_froms, from_hints, **kw)}"

    # SQLite takes no table name here, except for aliases of FROM elements
    _returning_names_tables = False

    def _select_of_insert(self, stmt: Any) -> Any:
        select = super()._select_of_insert(stmt)
        if stmt._post_values_clause is None:
            return select
        # without a WHERE, the ON of ON CONFLICT would belong to a join:
        # https://www.sqlite.org/lang_upsert.html#parsing_ambiguity
        if isinstance(select, CompoundSelect):
            return Select(select.subquery()).where(true())
        if isinstance(select, Select) and not select._where_criteria and select.get_final_froms():
            return select.where(true())
        return select

    def _constraint_target_text(self, target: Any) -> str:
        raise exc.CompileError(
            f"SQLite has no ON CONFLICT ON CONSTRAINT {target}; name the columns of the constraint: "
            "index_elements=[...]"
        )

    def _conflict_index_where(self, criteria: Any, **kw: Any) -> str:
        # a partial index is matched by its condition's text, so no parameters here
        return super()._conflict_index_where(criteria, literal_execute=True, **kw)


def _literal(value: int) -> Any:
    return BindParameter(None, value, unique=True)
