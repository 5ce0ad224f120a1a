"""
SQL text for PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar import exc
from relvar.compile.compiler import SQLCompiler
from relvar.compile.onconflict import ConflictRules
from relvar.dialects.postgresql.named_types import NamedType
from relvar.expr.cast import TypeCoerce
from relvar.expr.column import NamedColumn
from relvar.expr.grouping import Grouping, Null
from relvar.expr.label import Label
from relvar.stmt.scalar import ScalarSelect
from relvar.types.json import JSON
from relvar.types.numeric import Integer
from relvar.types.text import String
from relvar.util.ordered import OrderedSet

_STRING = String()


def _is_item_of_array(element: Any) -> bool:
    """
    Tell whether *element* is ``array[index]`` of a type that is no array.

    What is in brackets behind it would be taken for one more dimension.
    """
    source = getattr(element, "left", None)
    return source is not None and source.type._is_array and not element.type._is_array


class PGCompiler(ConflictRules, SQLCompiler):
    """
    Compile SQL for PostgreSQL.
    """

    def render_bind_cast(self, type_: Any, dbapi_type: Any, sqltext: str) -> str:
        is_text = dbapi_type._type_affinity is String and not isinstance(dbapi_type, NamedType)
        if is_text and dbapi_type.length:
            # VARCHAR(n) would cut values off silently
            dbapi_type = _STRING
        name = self.dialect.type_compiler_instance.process(dbapi_type, identifier_preparer=self.preparer)
        return f"{sqltext}::{name}"

    # -- arrays ----------------------------------------------------------

    def visit_array(self, element: Any, **kw: Any) -> str:
        """
        Render ``ARRAY[...]``.
        """
        if not element.clauses and not element.type.item_type._isnull:
            name = element.type.compile(self.dialect)
            return f"ARRAY[]::{name}"
        return f"ARRAY[{self.visit_clauselist(element, **kw)}]"

    def visit_slice(self, slice_: Any, **kw: Any) -> str:
        """
        Render ``start:stop``; a bound that is not given stays open: with NULL, the result would be NULL.
        """
        start, stop = (
            "" if isinstance(bound, Null) else self.process(bound, **kw)
            for bound in (slice_.start, slice_.stop)
        )
        return f"{start}:{stop}"

    def visit_getitem_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``array[index]``.
        """
        return f"{self._subscripted(binary.left, **kw)}[{self.process(binary.right, **kw)}]"

    def _subscripted(self, element: Any, **kw: Any) -> str:
        """
        Render what stands before ``[``: all but columns, parameters and subscripts need parentheses.

        Without them, ``CAST(...)[1]`` is no SQL, and ``$1::INTEGER[][1]`` is a cast to another type.
        Source: https://www.postgresql.org/docs/current/sql-expressions.html#SQL-EXPRESSIONS-SUBSCRIPTS
        """
        text = self.process(element, **kw)
        while isinstance(element, (Label, TypeCoerce)):
            element = element.element if isinstance(element, Label) else element.clause
        if element._is_bind_parameter:
            return text if "::" not in text else f"({text})"
        if isinstance(element, (NamedColumn, Grouping, ScalarSelect)):
            return text
        if text.endswith("]") and not _is_item_of_array(element):
            return text
        return f"({text})"

    def visit_hstore_getitem_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``hstore[key]``, or ``hstore -> key`` before PostgreSQL 14.
        """
        if self.dialect._supports_jsonb_subscripting:
            return self.visit_getitem_binary(binary, operator, **kw)
        return self.visit_custom_op_binary(binary, operator, **kw)

    # -- JSON ------------------------------------------------------------

    def visit_json_getitem_op_binary(
        self, binary: Any, operator: Any, _cast_applied: bool = False, **kw: Any
    ) -> str:
        return self._json_item(binary, " -> ", " ->> ", _cast_applied, **kw)

    def visit_json_path_getitem_op_binary(
        self, binary: Any, operator: Any, _cast_applied: bool = False, **kw: Any
    ) -> str:
        return self._json_item(binary, " #> ", " #>> ", _cast_applied, **kw)

    def _json_item(self, binary: Any, as_json: str, as_text: str, cast_applied: bool, **kw: Any) -> str:
        if binary.type._type_affinity is JSON:
            # PostgreSQL 14
            is_subscript = as_json == " -> " and getattr(binary.left.type, "_supports_subscripting", False)
            if is_subscript and self.dialect._supports_jsonb_subscripting:
                return f"{self._subscripted(binary.left, **kw)}[{self.process(binary.right, **kw)}]"
            return self._generate_generic_binary(binary, as_json, eager_grouping=True, **kw)
        if not cast_applied:
            return self._cast_json_item(binary, **kw)
        text = self._generate_generic_binary(binary, as_text, **kw)
        return f"({text})" if self._operator_depth else text

    # -- operators -------------------------------------------------------

    def visit_ilike_case_insensitive_operand(self, element: Any, **kw: Any) -> str:
        return element.element._compiler_dispatch(self, **kw)  # type: ignore[no-any-return]  # text

    def visit_ilike_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._like(binary, "ILIKE", **kw)

    def visit_not_ilike_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._like(binary, "NOT ILIKE", **kw)

    def visit_bitwise_xor_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._generate_generic_binary(binary, " # ", **kw)

    def visit_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        config = binary.modifiers.get("postgresql_regconfig")
        left = self.process(binary.left, **kw)
        right = self.process(binary.right, **kw)
        if config:
            return f"{left} @@ plainto_tsquery({self.render_literal_value(config, _STRING)}, {right})"
        return f"{left} @@ plainto_tsquery({right})"

    def _regexp_match(self, base_op: str, binary: Any, kw: dict[str, Any]) -> str:
        flags = binary.modifiers.get("flags")
        if flags is None:
            return self._generate_generic_binary(binary, f" {base_op} ", **kw)
        if flags == "i":
            return self._generate_generic_binary(binary, f" {base_op}* ", **kw)
        return (
            f"{self.process(binary.left, **kw)} {base_op} "
            f"CONCAT('(?', {self.render_literal_value(flags, _STRING)}, ')', "
            f"{self.process(binary.right, **kw)})"
        )

    def visit_regexp_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._regexp_match("~", binary, kw)

    def visit_not_regexp_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._regexp_match("!~", binary, kw)

    def visit_regexp_replace_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        string = self.process(binary.left, **kw)
        pattern_replace = self.process(binary.right, **kw)
        flags = binary.modifiers.get("flags")
        if flags is None:
            return f"REGEXP_REPLACE({string}, {pattern_replace})"
        return f"REGEXP_REPLACE({string}, {pattern_replace}, {self.render_literal_value(flags, _STRING)})"

    # -- functions, literals ---------------------------------------------

    def visit_aggregate_strings_func(
        self, fn: Any, *, use_function_name: str = "string_agg", **kw: Any
    ) -> str:
        return f"{use_function_name}{self.function_argspec(fn, **kw)}"

    def visit_pow_func(self, fn: Any, **kw: Any) -> str:
        """
        Render ``power()``.
        """
        return f"power{self._scalar_argspec(fn, **kw)}"

    def visit_substring_func(self, func: Any, **kw: Any) -> str:
        """
        Render ``SUBSTRING(x FROM a FOR b)``.
        """
        clauses = func.clauses.clauses
        text = f"SUBSTRING({self.process(clauses[0], **kw)} FROM {self.process(clauses[1], **kw)}"
        if len(clauses) > 2:
            text += f" FOR {self.process(clauses[2], **kw)}"
        return f"{text})"

    def visit_sequence(self, sequence: Any, **kw: Any) -> str:
        return f"nextval({self.preparer.quote_literal(self.preparer.format_sequence(sequence))})"

    def render_literal_value(self, value: Any, type_: Any) -> str:
        text = super().render_literal_value(value, type_)
        if self.dialect._backslash_escapes:
            text = text.replace("\\", "\\\\")
        return text

    def visit_aggregate_order_by(self, element: Any, **kw: Any) -> str:
        """
        Render ``x ORDER BY y`` inside of a function.
        """
        return f"{self.process(element.target, **kw)} ORDER BY {self.process(element.order_by, **kw)}"

    def visit_empty_set_expr(self, element_types: Sequence[Any], **kw: Any) -> str:
        # the types matter: NULL alone would be text
        process = self.dialect.type_compiler_instance.process
        casts = ", ".join(
            f"CAST(NULL AS {process(Integer() if type_._isnull else type_)})"
            for type_ in element_types or [Integer()]
        )
        return f"SELECT {casts} WHERE 1!=1"

    # -- clauses ---------------------------------------------------------

    def limit_clause(self, select: Any, **kw: Any) -> str:
        text = ""
        if select._limit_clause is not None:
            text += f" \n LIMIT {self.process(select._limit_clause, **kw)}"
        if select._offset_clause is not None:
            if select._limit_clause is None:
                text += "\n LIMIT ALL"
            text += f" OFFSET {self.process(select._offset_clause, **kw)}"
        return text

    def fetch_clause(
        self,
        select: Any,
        fetch_clause: Any = None,
        require_offset: bool = False,
        use_literal_execute_for_simple_int: bool = False,
        **kw: Any,
    ) -> str:
        # PostgreSQL wants parentheses around anything but a number
        text = ""
        if select._offset_clause is not None:
            text += f"\n OFFSET ({self.process(select._offset_clause, **kw)}) ROWS"
        if select._fetch_clause is not None:
            options = select._fetch_clause_options
            text += (
                f"\n FETCH FIRST ({self.process(select._fetch_clause, **kw)})"
                f"{' PERCENT' if options['percent'] else ''} ROWS "
                f"{'WITH TIES' if options['with_ties'] else 'ONLY'}"
            )
        return text

    def format_from_hint_text(self, sqltext: str, table: Any, hint: str, iscrud: bool) -> str:
        if hint.upper() != "ONLY":
            raise exc.CompileError(f"Unrecognized hint: {hint!r}")
        return f"ONLY {sqltext}"

    def get_select_precolumns(self, select: Any, **kw: Any) -> str:
        if not (select._distinct or select._distinct_on):
            return ""
        if select._distinct_on:
            columns = ", ".join(self.process(column, **kw) for column in select._distinct_on)
            return f"DISTINCT ON ({columns}) "
        return "DISTINCT "

    def visit_postgresql_distinct_on(self, element: Any, **kw: Any) -> str:
        """
        Render the ``ON (...)`` of DISTINCT ON.
        """
        if self.stack[-1]["selectable"]._distinct_on:
            raise exc.CompileError("Cannot mix ``select.ext(distinct_on(...))`` and ``select.distinct(...)``")
        if element._distinct_on:
            columns = ", ".join(self.process(column, **kw) for column in element._distinct_on)
            return f"ON ({columns})"
        return ""

    def for_update_clause(self, select: Any, **kw: Any) -> str:
        lock = select._for_update_arg
        if lock.read:
            text = " FOR KEY SHARE" if lock.key_share else " FOR SHARE"
        else:
            text = " FOR NO KEY UPDATE" if lock.key_share else " FOR UPDATE"
        if lock.of:
            tables: OrderedSet[Any] = OrderedSet()
            for element in lock.of:
                is_column = element._is_keyed_column_element and element.table is not None
                table = element.table if is_column else element
                tables.update(reversed(table._from_objects[1:]) if table._is_join else [table])
            names = ", ".join(self.process(table, ashint=True, use_schema=False, **kw) for table in tables)
            text += f" OF {names}"
        if lock.nowait:
            text += " NOWAIT"
        if lock.skip_locked:
            text += " SKIP LOCKED"
        return text

    def update_from_clause(
        self, update_stmt: Any, from_table: Any, extra_froms: Any, from_hints: Any, **kw: Any
    ) -> str:
        return f"FROM {self._dml_froms(extra_froms, from_hints, **kw)}"

    def delete_extra_from_clause(
        self, delete_stmt: Any, from_table: Any, extra_froms: Any, from_hints: Any, **kw: Any
    ) -> str:
        return f"USING {self._dml_froms(extra_froms, from_hints, **kw)}"
