"""
SQL text for Firebird.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from relvar import exc
from relvar.compile.compiler import SQLCompiler
from relvar.compile.compound import COMPOUND_KEYWORDS
from relvar.compile.typesql import split_collation
from relvar.dialects.firebird.batches import BatchRules
from relvar.dialects.firebird.casting import LONGEST_TEXT
from relvar.dialects.firebird.merge import FBMergeRules
from relvar.dialects.firebird.paging import PagingRules
from relvar.stmt.compound import CompoundSelect
from relvar.stmt.compound import _CompoundSelectKeyword as CompoundKeyword
from relvar.types.numeric import Float
from relvar.types.text import String, Text
from relvar.util.immutable import immutabledict

_DIRECTION = re.compile(r"(.*?)((?: ASC| DESC)?(?: NULLS (?:FIRST|LAST))?)", re.DOTALL)


class FBCompiler(FBMergeRules, BatchRules, PagingRules):
    """
    Compile SQL for Firebird.
    """

    compound_keywords: Mapping[Any, str] = immutabledict(
        {
            kind: word
            for kind, word in COMPOUND_KEYWORDS.items()
            if kind in (CompoundKeyword.UNION, CompoundKeyword.UNION_ALL)
        }
    )

    # -- constants, functions --------------------------------------------

    def default_from(self) -> str:
        return " FROM rdb$database"

    def visit_true(self, expr: Any, **kw: Any) -> str:
        return "true" if self.dialect.supports_native_boolean else "1"

    def visit_false(self, expr: Any, **kw: Any) -> str:
        return "false" if self.dialect.supports_native_boolean else "0"

    def visit_empty_set_expr(self, element_types: Sequence[Any], **kw: Any) -> str:
        ones = ", ".join("1" for _ in element_types or [None])
        return f"SELECT {ones} FROM rdb$database WHERE 1!=1"

    def visit_sequence(self, sequence: Any, **kw: Any) -> str:
        return f"NEXT VALUE FOR {self.preparer.format_sequence(sequence)}"

    def visit_now_func(self, fn: Any, **kw: Any) -> str:
        """
        Render the time without a zone: since Firebird 4 CURRENT_TIMESTAMP has one.
        """
        return "LOCALTIMESTAMP" if self.dialect._has_version_4 else "CURRENT_TIMESTAMP"

    def visit_length_func(self, fn: Any, **kw: Any) -> str:
        """
        Render ``CHAR_LENGTH()``.
        """
        return f"CHAR_LENGTH{self.function_argspec(fn, **kw)}"

    def visit_random_func(self, fn: Any, **kw: Any) -> str:
        """
        Render ``RAND()``.
        """
        return "RAND()"

    def visit_pow_func(self, fn: Any, **kw: Any) -> str:
        """
        Render ``POWER()``.
        """
        return f"POWER{self._scalar_argspec(fn, **kw)}"

    def visit_greatest_func(self, fn: Any, **kw: Any) -> str:
        """
        Render ``MAXVALUE()``.
        """
        return f"MAXVALUE{self.function_argspec(fn, **kw)}"

    def visit_least_func(self, fn: Any, **kw: Any) -> str:
        """
        Render ``MINVALUE()``.
        """
        return f"MINVALUE{self.function_argspec(fn, **kw)}"

    def visit_concat_func(self, fn: Any, **kw: Any) -> str:
        """
        Render ``a || b``.
        """
        return " || ".join(self.process(clause, **kw) for clause in fn.clauses.clauses)

    def visit_substring_func(self, fn: Any, **kw: Any) -> str:
        """
        Render ``SUBSTRING(text FROM start FOR length)``.
        """
        text, start, *length = [self.process(clause, **kw) for clause in fn.clauses.clauses]
        return f"SUBSTRING({text} FROM {start}{f' FOR {length[0]}' if length else ''})"

    visit_substr_func = visit_substring_func

    def visit_aggregate_strings_func(self, fn: Any, *, use_function_name: str = "LIST", **kw: Any) -> str:
        return f"{use_function_name}{self.function_argspec(fn, **kw)}"

    extract_map: Mapping[str, str] = immutabledict(
        {**SQLCompiler.extract_map, "dow": "WEEKDAY", "doy": "YEARDAY", "milliseconds": "MILLISECOND"}
    )

    def visit_extract(self, extract: Any, **kwargs: Any) -> str:
        if extract.field == "epoch":
            value = self.process(extract.expr, **kwargs)
            return f"DATEDIFF(SECOND FROM TIMESTAMP '1970-01-01 00:00:00' TO {value})"
        return super().visit_extract(extract, **kwargs)

    def visit_cast(self, cast: Any, **kwargs: Any) -> str:
        clause = cast.clause
        value = (
            self._inferred(clause, **kwargs) if clause._is_bind_parameter else self.process(clause, **kwargs)
        )
        type_text = self.process(cast.typeclause, **kwargs)
        type_text, collation = split_collation(type_text, cast.typeclause.type, self.dialect)
        return f"CAST({value} AS {type_text}){collation}"

    def visit_typeclause(self, typeclause: Any, **kw: Any) -> str:
        impl = typeclause.type._unwrapped_dialect_impl(self.dialect)
        if isinstance(impl, String) and not isinstance(impl, Text) and not impl.length:
            # only a column has to have a length
            return f"VARCHAR({LONGEST_TEXT})"
        return super().visit_typeclause(typeclause, **kw)

    # -- operators -------------------------------------------------------

    def _call(self, function: str, binary: Any, **kw: Any) -> str:
        """
        Render ``function(left, right)``.
        """
        kw.pop("eager_grouping", None)
        return f"{function}({self.process(binary.left, **kw)}, {self.process(binary.right, **kw)})"

    def visit_truediv_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        # an exact number divided has as many digits behind the point as both have together
        kw.pop("eager_grouping", None)
        divisor = "DECFLOAT(34)" if self.dialect._has_version_4 else "DOUBLE PRECISION"
        if issubclass(binary.right.type._type_affinity, Float):
            return f"{self.process(binary.left, **kw)} / {self.process(binary.right, **kw)}"
        return f"{self.process(binary.left, **kw)} / CAST({self.process(binary.right, **kw)} AS {divisor})"

    def visit_mod_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._call("MOD", binary, **kw)

    def visit_bitwise_and_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``BIN_AND()``.
        """
        return self._call("BIN_AND", binary, **kw)

    def visit_bitwise_or_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``BIN_OR()``.
        """
        return self._call("BIN_OR", binary, **kw)

    def visit_bitwise_xor_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``BIN_XOR()``.
        """
        return self._call("BIN_XOR", binary, **kw)

    def visit_bitwise_lshift_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``BIN_SHL()``.
        """
        return self._call("BIN_SHL", binary, **kw)

    def visit_bitwise_rshift_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``BIN_SHR()``.
        """
        return self._call("BIN_SHR", binary, **kw)

    def visit_bitwise_not_op_unary_operator(self, element: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``BIN_NOT()``.
        """
        return f"BIN_NOT({self.process(element.element, **kw)})"

    # -- statements ------------------------------------------------------

    def visit_compound_select(self, cs: Any, *args: Any, **kwargs: Any) -> str:
        if cs.keyword not in self.compound_keywords:
            raise exc.CompileError(
                f"Firebird has no {COMPOUND_KEYWORDS[cs.keyword]}: use exists() or ~exists() with a "
                "correlated "
                "SELECT, which compares column by column"
            )
        return super().visit_compound_select(cs, *args, **kwargs)

    def order_by_clause(self, select: Any, **kw: Any) -> str:
        if not isinstance(select, CompoundSelect):
            return super().order_by_clause(select, **kw)
        # the rows of a UNION are ordered by numbers of columns only
        names = [self.preparer.quote(column.name) for column in select.selects[0].selected_columns]
        texts = []
        for clause in select._order_by_clauses:
            text = self.process(clause, **kw)
            name, direction = _DIRECTION.fullmatch(text).groups()  # type: ignore[union-attr]  # matches anything
            if name in names:
                name = str(names.index(name) + 1)
            elif not name.isdigit():
                raise exc.CompileError(
                    f"Firebird orders a UNION by its columns only, not by {name}: order a SELECT from the "
                    "UNION's subquery()"
                )
            texts.append(name + direction)
        return f" ORDER BY {', '.join(texts)}" if texts else ""

    def update_from_clause(self, *args: Any, **kw: Any) -> str | None:
        raise exc.CompileError(
            "Firebird's UPDATE has no FROM: set the values to scalar subqueries, with exists() in where()"
        )

    def delete_extra_from_clause(self, *args: Any, **kw: Any) -> str:
        raise exc.CompileError("Firebird's DELETE has one table: use exists() or in_() in where()")
