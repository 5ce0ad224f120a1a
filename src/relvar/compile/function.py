"""
Rules for functions, and for what follows one: windows, filters, orders.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from relvar import exc
from relvar.compile.expression import ExpressionRules
from relvar.expr.names import quoted_name
from relvar.expr.window import OrderedArguments
from relvar.util.pattern import pattern

_EXCLUDE = pattern(r"^(?:CURRENT ROW|GROUP|TIES|NO OTHERS)$", re.I)

# How functions are written that are not written like functions.
FUNCTION_TEXTS = {
    "current_date": "CURRENT_DATE",
    "current_time": "CURRENT_TIME",
    "current_timestamp": "CURRENT_TIMESTAMP",
    "current_user": "CURRENT_USER",
    "localtime": "LOCALTIME",
    "localtimestamp": "LOCALTIMESTAMP",
    "session_user": "SESSION_USER",
    "user": "USER",
    "sysdate": "sysdate",
    "random": "random%(expr)s",
    "coalesce": "coalesce%(expr)s",
    "cube": "CUBE%(expr)s",
    "rollup": "ROLLUP%(expr)s",
    "grouping_sets": "GROUPING SETS%(expr)s",
}


class FunctionRules(ExpressionRules):
    """
    Rules for functions.
    """

    function_texts: Mapping[str, str] = FUNCTION_TEXTS

    def visit_function(self, func: Any, add_to_result_map: Any = None, **kwargs: Any) -> str:
        """
        Render a function call.

        ``visit_<name>_func`` of the compiler takes precedence.
        """
        if add_to_result_map is not None:
            add_to_result_map(func.name, func.name, (func.name,), func.type)
        name = func.name
        self._function_depth += 1
        special = getattr(self, f"visit_{name.lower()}_func", None)
        if special is not None:
            text: str = special(func, **kwargs)
        else:
            template = func._sql_text(self.function_texts)
            if template is None:
                packages = func.packagenames
                if packages:
                    template = (
                        ".".join(self._function_name_part(part) for part in (*packages, name)) + "%(expr)s"
                    )
                else:
                    template = f"{self._function_name_part(name)}%(expr)s"
            if template.endswith("%(expr)s"):
                text = template[:-8] + self.function_argspec(func, **kwargs)
            else:
                text = template
        self._function_depth -= 1
        if func._with_ordinality:
            text += " WITH ORDINALITY"
        return text

    _function_depth = 0
    "In how many functions' arguments the element at hand stands."

    def _function_name_part(self, name: str) -> str:
        preparer = self.preparer
        if isinstance(name, quoted_name):
            return preparer.quote(name)  # type: ignore[no-any-return]  # text
        # Reserved words stay bare: many functions are called like one.
        if preparer._requires_quotes_illegal_chars(name):
            return preparer.quote_identifier(name)  # type: ignore[no-any-return]  # text
        return name

    def function_argspec(self, func: Any, **kwargs: Any) -> str:
        """
        Render the arguments of a function, in parentheses.
        """
        return func.clause_expr._compiler_dispatch(self, **kwargs)  # type: ignore[no-any-return]  # text

    def _scalar_argspec(self, func: Any, **kwargs: Any) -> str:
        """
        Render the arguments of a function that is no aggregate: a DISTINCT among them is warned of.
        """
        depth, self._function_depth = self._function_depth, 0
        text = self.function_argspec(func, **kwargs)
        self._function_depth = depth
        return text

    def visit_next_value_func(self, next_value: Any, **kw: Any) -> str:
        """
        Render the next value of a sequence.
        """
        return self.visit_sequence(next_value.sequence)

    def visit_sequence(self, sequence: Any, **kw: Any) -> str:
        """
        Render the next value of a sequence.

        Raises:
            NotImplementedError: The database has no sequences.
        """
        raise NotImplementedError(f"Dialect '{self.dialect.name}' does not support sequence increments.")

    def visit_scalar_function_column(self, element: Any, **kw: Any) -> str:
        """
        Render ``(function(...)).column``.
        """
        function = self.visit_function(element.fn, **kw)
        return f"({function}).{self.visit_column(element, **kw)}"

    def visit_aggregate_strings_func(
        self, fn: Any, *, use_function_name: str = "string_agg", **kw: Any
    ) -> str:
        """
        Refuse to concatenate strings of several rows: databases differ, and a dialect must say how.
        """
        raise exc.CompileError(f"{self.dialect.name} dialect does not support the aggregate_strings function")

    def visit_aggregate_orderby_inline(self, element: Any, **kw: Any) -> str:
        """
        Render ``... ORDER BY ...``, the arguments of an ordered aggregate function.
        """
        arguments = element.element._compiler_dispatch(self, **kw)
        return f"{arguments} ORDER BY {element.order_by._compiler_dispatch(self, **kw)}"

    def visit_aggregateorderby(self, aggregateorderby: Any, **kwargs: Any) -> str:
        """
        Render an aggregate function whose arguments are ordered.
        """
        style = self.dialect.aggregate_order_by_style.name
        if style == "NONE":
            raise exc.CompileError("this dialect does not support ORDER BY within an aggregate function")
        if style == "WITHIN_GROUP":
            return self.visit_withingroup(aggregateorderby, **kwargs)
        return self.process(OrderedArguments._function_of(aggregateorderby), **kwargs)

    def visit_funcfilter(self, funcfilter: Any, **kwargs: Any) -> str:
        """
        Render ``function(...) FILTER (WHERE ...)``.
        """
        return (
            f"{funcfilter.func._compiler_dispatch(self, **kwargs)} "
            f"FILTER (WHERE {funcfilter.criterion._compiler_dispatch(self, **kwargs)})"
        )

    def visit_withingroup(self, withingroup: Any, **kwargs: Any) -> str:
        """
        Render ``function(...) WITHIN GROUP (ORDER BY ...)``.
        """
        return (
            f"{withingroup.element._compiler_dispatch(self, **kwargs)} "
            f"WITHIN GROUP (ORDER BY {withingroup.order_by._compiler_dispatch(self, **kwargs)})"
        )

    def visit_over(self, over: Any, **kwargs: Any) -> str:
        """
        Render ``function(...) OVER (...)``.
        """
        text = over.element._compiler_dispatch(self, **kwargs)
        # parameters of the frame are numbered before those of the clauses
        bounds = None
        for word, frame in (("RANGE", over.range_), ("ROWS", over.rows), ("GROUPS", over.groups)):
            if frame is not None:
                bounds = f"{word} BETWEEN {self.process(frame, **kwargs)}"
                break
        parts: list[str] = []
        for word, clause in (("PARTITION", over.partition_by), ("ORDER", over.order_by)):
            if clause is not None and len(clause):
                parts.append(f"{word} BY {clause._compiler_dispatch(self, **kwargs)}")
        if bounds is not None:
            parts.append(bounds)
        if over.exclude is not None:
            phrase = self.preparer.validate_sql_phrase(over.exclude, _EXCLUDE)
            parts.append(f"EXCLUDE {phrase}")
        return f"{text} OVER ({' '.join(parts)})"

    def visit_frame_clause(self, frameclause: Any, **kw: Any) -> str:
        """
        Render the bounds of a window's frame.
        """
        lower = self._frame_bound(frameclause.lower_type, frameclause.lower_bind, "PRECEDING", **kw)
        upper = self._frame_bound(frameclause.upper_type, frameclause.upper_bind, "FOLLOWING", **kw)
        return f"{lower} AND {upper}"

    def _frame_bound(self, type_: Any, bind: Any, unbounded: str, **kw: Any) -> str:
        kind = type_.name
        if kind == "UNBOUNDED":
            return f"UNBOUNDED {unbounded}"
        if kind == "CURRENT":
            return "CURRENT ROW"
        return f"{self.process(bind, **kw)} {'PRECEDING' if kind == 'PRECEDING' else 'FOLLOWING'}"
