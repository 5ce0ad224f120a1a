"""
SQL text for Oracle Database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relvar import exc
from relvar.compile.compound import COMPOUND_KEYWORDS
from relvar.compile.merge import MergeRules
from relvar.compile.upsert import Conflict
from relvar.dialects.oracle.hierarchy import HierarchyRules
from relvar.dialects.oracle.paging import PagingRules
from relvar.dialects.oracle.types import VARCHAR2
from relvar.expr.bind import outparam
from relvar.expr.label import Label
from relvar.stmt.compound import _CompoundSelectKeyword as CompoundKeyword
from relvar.types.boolean import Boolean
from relvar.types.json import JSON
from relvar.types.numeric import Float, Integer, NumericCommon
from relvar.types.text import String, Text
from relvar.util.immutable import immutabledict
from relvar.util.warning import warn

# functions that are called without parentheses
_WITHOUT_ARGUMENTS = frozenset(
    {"CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "SYSDATE", "UID", "USER"}
)
# the longest VARCHAR2 unless the server was set up for more
_LONGEST_VARCHAR = 4000


class OracleCompiler(HierarchyRules, PagingRules, MergeRules):
    """
    Compile SQL for Oracle Database.
    """

    compound_keywords: Mapping[Any, str] = immutabledict(
        {**COMPOUND_KEYWORDS, CompoundKeyword.EXCEPT: "MINUS"}
    )
    # for names in markers: all other names of parameters can be quoted
    bindname_escape_characters: Mapping[str, str] = immutabledict(
        {
            "%": "P",
            "(": "A",
            ")": "Z",
            ":": "C",
            ".": "C",
            "[": "C",
            "]": "C",
            " ": "C",
            "\\": "C",
            "/": "C",
            "?": "C",
        }
    )

    # -- parameters ------------------------------------------------------

    def bindparam_string(
        self,
        name: str,
        post_compile: bool = False,
        expanding: bool = False,
        escaped_from: str | None = None,
        bindparam_type: Any = None,
        accumulate_bind_names: set[str] | None = None,
        visited_bindparam: list[str] | None = None,
        **kw: Any,
    ) -> str:
        if not post_compile and self.preparer._bindparam_requires_quotes(name):
            escaped_from, name = name, f'"{name}"'
        elif name[0] == "_" or name[0].isdigit():
            escaped_from = escaped_from or name
            name = f"D{self._bind_translate_re.sub(lambda m: self.bindname_escape_characters[m[0]], name)}"
        return super().bindparam_string(
            name,
            post_compile,
            expanding,
            escaped_from,
            bindparam_type,
            accumulate_bind_names,
            visited_bindparam,
            **kw,
        )

    # -- constants, functions --------------------------------------------

    def default_from(self) -> str:
        return " FROM DUAL"

    def visit_true(self, expr: Any, **kw: Any) -> str:
        return "1"

    def visit_false(self, expr: Any, **kw: Any) -> str:
        return "0"

    def visit_empty_set_expr(self, element_types: Sequence[Any], **kw: Any) -> str:
        return "SELECT 1 FROM DUAL WHERE 1!=1"

    def visit_sequence(self, sequence: Any, **kw: Any) -> str:
        return f"{self.preparer.format_sequence(sequence)}.nextval"

    def visit_function(
        self, func: Any, add_to_result_map: Any = None, asfrom: bool = False, **kwargs: Any
    ) -> str:
        text = super().visit_function(func, add_to_result_map, **kwargs)
        # a function in FROM returns a collection, to be read as a table
        return f"TABLE ({text})" if asfrom else text

    def visit_table_valued_column(self, element: Any, **kw: Any) -> str:
        return f"{super().visit_table_valued_column(element, **kw)}.COLUMN_VALUE"

    def function_argspec(self, func: Any, **kwargs: Any) -> str:
        if not func._has_args and func.name.upper() in _WITHOUT_ARGUMENTS:
            return ""
        return super().function_argspec(func, **kwargs)

    def visit_now_func(self, fn: Any, **kw: Any) -> str:
        """
        Render ``CURRENT_TIMESTAMP``.
        """
        return "CURRENT_TIMESTAMP"

    def visit_char_length_func(self, fn: Any, **kw: Any) -> str:
        """
        Render ``LENGTH()``.
        """
        return f"LENGTH{self.function_argspec(fn, **kw)}"

    def visit_pow_func(self, fn: Any, **kw: Any) -> str:
        """
        Render ``POWER()``.
        """
        return f"POWER{self._scalar_argspec(fn, **kw)}"

    def visit_aggregate_strings_func(self, fn: Any, *, use_function_name: str = "LISTAGG", **kw: Any) -> str:
        expr, delimiter = fn.clauses.clauses
        texts = [
            expr._compiler_dispatch(self, **kw),
            # the delimiter must be a constant
            delimiter._compiler_dispatch(self, **{**kw, "literal_execute": True}),
        ]
        return f"{use_function_name}({', '.join(texts)})"

    def visit_cast(self, cast: Any, **kwargs: Any) -> str:
        type_ = cast.typeclause.type.dialect_impl(self.dialect)
        if not isinstance(type_, String) or isinstance(type_, Text):
            return super().visit_cast(cast, **kwargs)
        # a length is required here
        name = self.dialect.type_compiler_instance.process(VARCHAR2(type_.length or _LONGEST_VARCHAR))
        return f"CAST({cast.clause._compiler_dispatch(self, **kwargs)} AS {name})"

    # -- operators -------------------------------------------------------

    def visit_mod_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._call("mod", binary, **kw)

    def visit_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``CONTAINS (a, b)``.
        """
        return self._call("CONTAINS ", binary, **kw)

    def visit_is_distinct_from_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return f"{self._call('DECODE', binary, ', 0, 1', **kw)} = 1"

    def visit_is_not_distinct_from_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return f"{self._call('DECODE', binary, ', 0, 1', **kw)} = 0"

    def visit_bitwise_and_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``BITAND(a, b)``.
        """
        return self._call("BITAND", binary, **kw)

    def visit_bitwise_or_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``BITOR(a, b)``.
        """
        return self._call("BITOR", binary, **kw)

    def visit_bitwise_xor_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``BITXOR(a, b)``.
        """
        return self._call("BITXOR", binary, **kw)

    def visit_bitwise_lshift_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Refuse: there is no such function.
        """
        raise exc.CompileError("Cannot compile bitwise_lshift in oracle")

    def visit_bitwise_rshift_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Refuse: there is no such function.
        """
        raise exc.CompileError("Cannot compile bitwise_rshift in oracle")

    def visit_bitwise_not_op_unary_operator(self, element: Any, operator: Any, **kw: Any) -> str:
        """
        Refuse: there is no such function.
        """
        raise exc.CompileError("Cannot compile bitwise_not in oracle")

    def _call(self, function: str, binary: Any, more: str = "", **kw: Any) -> str:
        """
        Render ``function(left, right)``.
        """
        return f"{function}({self.process(binary.left, **kw)}, {self.process(binary.right, **kw)}{more})"

    def visit_regexp_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._call("REGEXP_LIKE", binary, self._flags(binary), **kw)

    def visit_not_regexp_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return f"NOT {self.visit_regexp_match_op_binary(binary, operator, **kw)}"

    def visit_regexp_replace_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._call("REGEXP_REPLACE", binary, self._flags(binary), **kw)

    def _flags(self, binary: Any) -> str:
        """
        Return the flags of a regular expression as a further argument.
        """
        flags = binary.modifiers.get("flags")
        return "" if flags is None else f", {self.render_literal_value(flags, _STRING)}"

    # -- JSON ------------------------------------------------------------

    def visit_json_getitem_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._json_item(binary, **kw)

    def visit_json_path_getitem_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._json_item(binary, **kw)

    def _json_item(self, binary: Any, _cast_applied: bool = False, **kw: Any) -> str:
        """
        Render ``JSON_QUERY`` for JSON and ``JSON_VALUE`` for plain values.
        """
        left = self.process(binary.left, **kw)
        # the path must be a constant
        path = self.process(binary.right, **{**kw, "literal_execute": True})
        affinity = binary.type._type_affinity
        if affinity is JSON:
            return f"JSON_QUERY({left}, {path})"
        if affinity is Boolean:
            value = f"JSON_VALUE({left}, {path})"
            return f"CASE {value} WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE CAST({value} AS NUMBER(1)) END"
        return f"JSON_VALUE({left}, {path} RETURNING {self._json_value_type(binary.type)} ERROR ON ERROR)"

    @staticmethod
    def _json_value_type(type_: Any) -> str:
        if isinstance(type_, Integer):
            return "INTEGER"
        if isinstance(type_, NumericCommon):
            if isinstance(type_, Float):
                return "FLOAT"
            return f"NUMBER({type_.precision}, {type_.scale})"
        return f"VARCHAR2({_LONGEST_VARCHAR})"

    # -- FROM, WITH, hints -----------------------------------------------

    def get_render_as_alias_suffix(self, alias_name_text: str) -> str:
        return f" {alias_name_text}"

    def get_cte_preamble(self, recursive: bool) -> str:
        # all CTEs may be recursive; there is no word for it
        return "WITH"

    def get_select_hint_text(self, byfroms: Mapping[Any, str]) -> str | None:
        return " ".join(f"/*+ {text} */" for text in byfroms.values())

    # -- MERGE -----------------------------------------------------------

    def _merge_update(self, conflict: Conflict, **kw: Any) -> str:
        key = {column.key for column in conflict.target}
        changed = [column.name for column, _ in conflict.assignments if column.key in key]
        if changed:
            # ORA-38104
            raise exc.CompileError(
                f"Oracle Database can't update {', '.join(changed)}: a row that is there is found by it"
            )
        text = f"WHEN MATCHED THEN UPDATE SET {self._merge_assignments(conflict, **kw)}"
        return text if conflict.where is None else f"{text} WHERE {self.process(conflict.where, **kw)}"

    # -- RETURNING -------------------------------------------------------

    def returning_clause(
        self, stmt: Any, returning_cols: Any, *, populate_result_map: bool, **kw: Any
    ) -> str:
        """
        Render ``RETURNING ... INTO ...``: values come back in parameters.
        """
        self.has_out_parameters = True
        columns: list[str] = []
        parameters: list[str] = []
        for index, (column, entry) in enumerate(self._named_returning(stmt, returning_cols)):
            if self.isupdate and getattr(column, "computed", None) is not None:
                warn(_COMPUTED)
            out = outparam(f"ret_{index}", type_=column.type)
            self._register_bind(out.key, out)
            parameters.append(self.bindparam_string(out.key))
            # there are no labels here
            expression = column.element if isinstance(column, Label) else column
            if self._type_facts(column.type).wraps_columns:
                expression = column.type.dialect_impl(self.dialect).column_expression(expression)
            columns.append(self.process(expression, **kw))
            if populate_result_map:
                name = entry.proxy_name
                self._add_to_result_map(name, name, self._column_objects(column, name, entry), column.type)
        return f"RETURNING {', '.join(columns)} INTO {', '.join(parameters)}"


_STRING = String()
_COMPUTED = (
    "Computed columns don't work with Oracle Database UPDATE statements that use RETURNING; the value of "
    "the column *before* the UPDATE takes place is returned.   It is advised to not use RETURNING with an "
    "Oracle Database computed column.  Consider setting implicit_returning to False on the Table object in "
    "order to avoid implicit RETURNING clauses from being generated for this Table."
)
