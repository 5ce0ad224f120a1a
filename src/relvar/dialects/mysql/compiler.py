"""
SQL text for MySQL and MariaDB.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relvar import exc
from relvar.compile.compiler import SQLCompiler
from relvar.compile.function import FUNCTION_TEXTS
from relvar.compile.typesql import check_sizes
from relvar.dialects.mysql.onduplicate import DuplicateRules
from relvar.dialects.mysql.strings import CHAR, _StringType
from relvar.types.binary import _Binary
from relvar.types.boolean import Boolean
from relvar.types.decorator import TypeDecorator
from relvar.types.json import JSON
from relvar.types.numeric import Float, Integer, Numeric
from relvar.types.temporal import Date, DateTime, Time
from relvar.types.text import String
from relvar.util.warning import warn

_STRING = String()

# https://dev.mysql.com/doc/refman/8.0/en/select.html: LIMIT needs both numbers
# when there is an offset; this is the largest number of rows there can be.
_NO_LIMIT = "18446744073709551615"

# bits of a FLOAT beyond which a server takes a DOUBLE
_SINGLE = 24


class MySQLCompiler(DuplicateRules, SQLCompiler):
    """
    Compile SQL for MySQL and MariaDB.
    """

    render_table_with_column_in_update_from = True
    extract_map: Mapping[str, str] = {**SQLCompiler.extract_map, "milliseconds": "millisecond"}
    _inner_join = " INNER JOIN "
    # Without parentheses they are taken for columns.
    function_texts: dict[str, str] = {**FUNCTION_TEXTS, "session_user": "SESSION_USER()", "user": "USER()"}

    def default_from(self) -> str:
        """
        Return the FROM clause of a SELECT with WHERE and without FROM.
        """
        if self.stack and getattr(self.stack[-1]["selectable"], "_where_criteria", None):
            return " FROM DUAL"
        return ""

    # -- constants, functions --------------------------------------------

    def visit_true(self, expr: Any, **kw: Any) -> str:
        return "true"

    def visit_false(self, expr: Any, **kw: Any) -> str:
        return "false"

    def visit_random_func(self, fn: Any, **kw: Any) -> str:
        """
        Render ``rand()``.
        """
        return f"rand{self.function_argspec(fn)}"

    def visit_rollup_func(self, fn: Any, **kw: Any) -> str:
        """
        Render ``a, b WITH ROLLUP``.
        """
        clause = ", ".join(element._compiler_dispatch(self, **kw) for element in fn.clauses)
        return f"{clause} WITH ROLLUP"

    def visit_aggregate_strings_func(
        self, fn: Any, *, use_function_name: str = "group_concat", **kw: Any
    ) -> str:
        order_by = kw.pop("_order_by", None)
        expr, delimiter = fn.clauses.clauses
        text = expr._compiler_dispatch(self, **kw)
        if order_by is not None:
            text += f" ORDER BY {order_by._compiler_dispatch(self, **kw)}"
        return f"{use_function_name}({text} SEPARATOR {delimiter._compiler_dispatch(self, **kw)})"

    def visit_aggregateorderby(self, aggregateorderby: Any, **kwargs: Any) -> str:
        function = aggregateorderby.element
        if getattr(function, "name", None) == "aggregate_strings":
            self._function_depth += 1
            text = self.visit_aggregate_strings_func(function, _order_by=aggregateorderby.order_by, **kwargs)
            self._function_depth -= 1
            return text
        return super().visit_aggregateorderby(aggregateorderby, **kwargs)

    def visit_sequence(self, sequence: Any, **kw: Any) -> str:
        return f"nextval({self.preparer.format_sequence(sequence)})"

    def visit_sysdate_func(self, fn: Any, **kw: Any) -> str:
        """
        Render ``SYSDATE()``.
        """
        return "SYSDATE()"

    # -- JSON ------------------------------------------------------------

    def _render_json_extract_from_binary(
        self, binary: Any, operator: Any, _cast_applied: bool = False, **kw: Any
    ) -> str:
        """
        Render ``JSON_EXTRACT``; JSON's null becomes NULL for plain types.
        """
        left, right = self.process(binary.left, **kw), self.process(binary.right, **kw)
        extract = f"JSON_EXTRACT({left}, {right})"
        type_ = binary.type
        affinity = type_._type_affinity
        if affinity is JSON or _cast_applied:
            return extract
        case = f"CASE {extract} WHEN 'null' THEN NULL"
        again = f"JSON_EXTRACT({self.process(binary.left, **kw)}, {self.process(binary.right, **kw)})"
        if affinity is Boolean:
            return f"{case} WHEN true THEN true ELSE false END"
        if affinity is Integer:
            return f"{case} ELSE CAST({again} AS SIGNED INTEGER) END"
        if affinity in (Numeric, Float):
            if affinity is Numeric and type_.scale is not None and type_.precision is not None:
                return f"{case} ELSE CAST({again} AS DECIMAL({type_.precision}, {type_.scale})) END"
            # there is no CAST to a float before MySQL 8.0.17: adding zero does it
            return f"{case} ELSE {again}+0.0000000000000000000000 END"
        if affinity is String:
            return f"{case} ELSE JSON_UNQUOTE({again}) END"
        return extract

    def visit_json_getitem_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._render_json_extract_from_binary(binary, operator, **kw)

    def visit_json_path_getitem_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._render_json_extract_from_binary(binary, operator, **kw)

    # -- operators -------------------------------------------------------

    def visit_concat_op_expression_clauselist(self, clauselist: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``concat(a, b, c)``: ``||`` is OR here.
        """
        return f"concat({', '.join(self.process(element, **kw) for element in clauselist.clauses)})"

    def visit_concat_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``concat(a, b)``.
        """
        return f"concat({self.process(binary.left, **kw)}, {self.process(binary.right, **kw)})"

    def visit_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``MATCH (...) AGAINST (... IN BOOLEAN MODE)``.
        """
        modifiers = dict(binary.modifiers)
        boolean_mode = modifiers.get("mysql_boolean_mode", True)
        return self._match(binary, boolean_mode, False, False, **kw)

    def visit_mysql_match(self, element: Any, **kw: Any) -> str:
        """
        Render ``MATCH (...) AGAINST (...)`` in the mode asked for.

        Raises:
            CompileError: The modes exclude each other.
        """
        modifiers = element.modifiers
        boolean_mode = modifiers.get("mysql_boolean_mode", False)
        natural = modifiers.get("mysql_natural_language", False)
        expansion = modifiers.get("mysql_query_expansion", False)
        if boolean_mode and (natural or expansion):
            flags = ", ".join(
                (
                    f"in_boolean_mode={boolean_mode}",
                    f"in_natural_language_mode={natural}",
                    f"with_query_expansion={expansion}",
                )
            )
            raise exc.CompileError(f"Invalid MySQL match flags: {flags}")
        return self._match(element, boolean_mode, natural, expansion, **kw)

    def _match(self, binary: Any, boolean_mode: bool, natural: bool, expansion: bool, **kw: Any) -> str:
        target = self.process(binary.left, **kw)
        against = self.process(binary.right, **kw)
        if boolean_mode:
            against += " IN BOOLEAN MODE"
        if natural:
            against += " IN NATURAL LANGUAGE MODE"
        if expansion:
            against += " WITH QUERY EXPANSION"
        return f"MATCH ({target}) AGAINST ({against})"

    def visit_is_distinct_from_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return f"NOT ({self.process(binary.left)} <=> {self.process(binary.right)})"

    def visit_is_not_distinct_from_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return f"{self.process(binary.left)} <=> {self.process(binary.right)}"

    def _regexp_match(self, op_string: str, binary: Any, operator: Any, **kw: Any) -> str:
        flags = binary.modifiers.get("flags")
        if flags is None:
            return self._generate_generic_binary(binary, op_string, **kw)
        left, right = self.process(binary.left, **kw), self.process(binary.right, **kw)
        flags_text = self.render_literal_value(flags, _STRING)
        if self.dialect.is_mariadb:
            return f"{left}{op_string}CONCAT('(?', {flags_text}, ')', {right})"
        text = f"REGEXP_LIKE({left}, {right}, {flags_text})"
        return f"NOT {text}" if op_string == " NOT REGEXP " else text

    def visit_regexp_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._regexp_match(" REGEXP ", binary, operator, **kw)

    def visit_not_regexp_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._regexp_match(" NOT REGEXP ", binary, operator, **kw)

    def visit_regexp_replace_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        flags = binary.modifiers.get("flags")
        left = self.process(binary.left, **kw)
        if flags is None:
            return f"REGEXP_REPLACE({left}, {self.process(binary.right, **kw)})"
        flags_text = self.render_literal_value(flags, _STRING)
        if self.dialect.is_mariadb:
            pattern, replacement = binary.right.clauses
            return (
                f"REGEXP_REPLACE({left}, CONCAT('(?', {flags_text}, ')', {self.process(pattern, **kw)}), "
                f"{self.process(replacement, **kw)})"
            )
        return f"REGEXP_REPLACE({left}, {self.process(binary.right, **kw)}, {flags_text})"

    # -- CAST ------------------------------------------------------------

    def visit_typeclause(self, typeclause: Any, type_: Any = None, **kw: Any) -> str:
        """
        Render a type as CAST knows it, or nothing if it does not.
        """
        if type_ is None:
            type_ = typeclause.type.dialect_impl(self.dialect)
        if isinstance(type_, TypeDecorator):
            return self.visit_typeclause(typeclause, type_.impl_instance, **kw)
        return self._cast_type(type_)

    def _cast_type(self, type_: Any) -> str:
        process = self.dialect.type_compiler_instance.process
        if isinstance(type_, Integer):
            return "UNSIGNED INTEGER" if getattr(type_, "unsigned", False) else "SIGNED INTEGER"
        name = type_.__visit_name__
        if name == "TIMESTAMP":
            return "DATETIME"
        if isinstance(type_, (DateTime, Date, Time)) or name in ("DATETIME", "DATE", "TIME"):
            return process(type_)  # type: ignore[no-any-return]  # text
        if isinstance(type_, String) and not getattr(type_, "native_enum", name == "SET"):
            return self._cast_char(type_)
        if isinstance(type_, _Binary):
            return "BINARY"
        if isinstance(type_, JSON):
            return "JSON"
        if isinstance(type_, Float):
            return self._cast_float(type_)
        if isinstance(type_, Numeric):
            return process(type_).replace("NUMERIC", "DECIMAL")  # type: ignore[no-any-return]  # text
        return ""

    def _cast_float(self, type_: Any) -> str:
        """
        Return the type as CAST knows it; MariaDB knows FLOAT without its digits.

        Source: https://mariadb.com/kb/en/cast/
        """
        if not self.dialect._support_float_cast:
            return ""
        text: str = self.dialect.type_compiler_instance.process(type_)
        if self.dialect.is_mariadb and text.startswith("FLOAT("):
            return "DOUBLE" if type_.precision > _SINGLE else "FLOAT"
        return text

    def _cast_char(self, type_: Any) -> str:
        """
        Return CHAR, which is all text that CAST knows, with length and character set.
        """
        if not isinstance(type_, _StringType):
            type_ = CHAR(length=type_.length)
        elif type_.national and type_.__visit_name__ != "CHAR":
            # CAST has a character set, but no national one
            type_ = CHAR(length=type_.length, collation=type_.collation)
        check_sizes(type_)
        text = f"CHAR({type_.length})" if type_.length else "CHAR"
        return self.dialect.type_compiler_instance._extend_string(type_, text)  # type: ignore[no-any-return]  # text

    def visit_cast(self, cast: Any, **kw: Any) -> str:
        type_text = self.process(cast.typeclause)
        if not type_text:
            name = self.dialect.type_compiler_instance.process(cast.typeclause.type)
            warn(f"Datatype {name} does not support CAST on MySQL/MariaDb; the CAST will be skipped.")
            return self.process(cast.clause.self_group(), **kw)
        return f"CAST({self.process(cast.clause, **kw)} AS {type_text})"

    def render_literal_value(self, value: Any, type_: Any) -> str:
        text = super().render_literal_value(value, type_)
        if self.dialect._backslash_escapes:
            text = text.replace("\\", "\\\\")
        return text

    def visit_empty_set_expr(self, element_types: Sequence[Any], **kw: Any) -> str:
        names = [f"_in_{index}" for index, _ in enumerate(element_types)]
        outer = ", ".join(names)
        inner = ", ".join(f"1 AS {name}" for name in names)
        return f"SELECT {outer} FROM (SELECT {inner}) as _empty_set WHERE 1!=1"

    # -- VALUES ----------------------------------------------------------

    @property
    def _values_row(self) -> str:  # type: ignore[override]  # it depends on the server
        return "ROW" if self.dialect._values_are_rows else ""

    def _named_values(self, text: str, name: str, columns: str) -> str:
        """
        Name the columns, in a CTE where a derived table can't have names for them.
        """
        suffix = self.get_render_as_alias_suffix(name)
        if self.dialect._derived_columns_have_names or not text.startswith("("):
            return f"{text}{suffix} ({columns})"
        return f"(WITH {name} ({columns}) AS {text} SELECT * FROM {name}){suffix}"

    # -- SELECT ----------------------------------------------------------

    def get_select_precolumns(self, select: Any, **kw: Any) -> str:
        if isinstance(select._distinct, str):
            return f"{select._distinct.upper()} "
        return super().get_select_precolumns(select, **kw)

    def for_update_clause(self, select: Any, **kw: Any) -> str:
        lock = select._for_update_arg
        text = " FOR UPDATE"
        if lock.read:
            text = " FOR SHARE" if self.dialect.use_mysql_for_share else " LOCK IN SHARE MODE"
        if lock.of and self.dialect.supports_for_update_of:
            tables: dict[Any, None] = {}
            for element in lock.of:
                # text stands for itself
                for table in ([] if element._is_from_clause else element._from_objects) or [element]:
                    tables[table] = None
            names = ", ".join(self.process(table, ashint=True, use_schema=False, **kw) for table in tables)
            text += f" OF {names}"
        if lock.nowait:
            text += " NOWAIT"
        if lock.skip_locked:
            text += " SKIP LOCKED"
        return text

    def limit_clause(self, select: Any, **kw: Any) -> str:
        limit, offset = select._limit_clause, select._offset_clause
        if limit is None and offset is None:
            return ""
        if offset is not None:
            if limit is None:
                return f" \n LIMIT {self.process(offset, **kw)}, {_NO_LIMIT}"
            return f" \n LIMIT {self.process(offset, **kw)}, {self.process(limit, **kw)}"
        return f" \n LIMIT {self.process(limit, **kw)}"

    def get_from_hint_text(self, table: Any, text: str) -> str | None:
        return text

    # -- INSERT, UPDATE, DELETE ------------------------------------------

    def update_tables_clause(self, update_stmt: Any, from_table: Any, extra_froms: Any, **kw: Any) -> str:
        kw["asfrom"] = True
        return ", ".join(t._compiler_dispatch(self, **kw) for t in [from_table, *extra_froms])

    def update_from_clause(
        self, update_stmt: Any, from_table: Any, extra_froms: Any, from_hints: Any, **kw: Any
    ) -> str | None:
        # the other tables stand beside the updated one
        return None

    def _dml_limit(self, statement: Any, **kw: Any) -> str | None:
        limit = statement.dialect_kwargs.get(f"{self.dialect.name}_limit")
        return f"LIMIT {int(limit)}" if limit is not None else None

    def update_post_criteria_clause(self, update_stmt: Any, **kw: Any) -> str | None:
        return _both(self._dml_limit(update_stmt), super().update_post_criteria_clause(update_stmt, **kw))

    def delete_post_criteria_clause(self, delete_stmt: Any, **kw: Any) -> str | None:
        return _both(self._dml_limit(delete_stmt), super().delete_post_criteria_clause(delete_stmt, **kw))

    def visit_mysql_dml_limit_clause(self, element: Any, **kw: Any) -> str:
        """
        Render LIMIT of an UPDATE or DELETE.
        """
        kw["literal_execute"] = True
        return f"LIMIT {self.process(element._limit_clause, **kw)}"

    def delete_table_clause(self, delete_stmt: Any, from_table: Any, extra_froms: Any, **kw: Any) -> str:
        """
        Name what to delete from: without an alias where USING introduces it.
        """
        ashint = bool(extra_froms)
        return from_table._compiler_dispatch(self, asfrom=True, iscrud=True, ashint=ashint, **kw)  # type: ignore[no-any-return]  # text

    def delete_extra_from_clause(
        self, delete_stmt: Any, from_table: Any, extra_froms: Any, from_hints: Any, **kw: Any
    ) -> str:
        return f"USING {self._dml_froms([from_table, *extra_froms], from_hints, **kw)}"


def _both(first: str | None, second: str | None) -> str | None:
    texts = [text for text in (first, second) if text]
    return " ".join(texts) or None
