"""
Rules for operators; LIKE and its kin are in `pattern`.

An operator is rendered by the first of these that there is:
  1. ``visit_<operator>_binary`` (``_unary_operator``, ``_unary_modifier``,
     ``_expression_clauselist``) of the compiler;
  2. for an ad-hoc operator, its own text;
  3. the symbol in `relvar.expr.operators.SYMBOLS`.
"""

from __future__ import annotations

from itertools import product
from typing import Any, ClassVar

from relvar import exc
from relvar.compile.function import FunctionRules
from relvar.expr import operators as op
from relvar.expr.bind import BindParameter
from relvar.expr.cast import Cast
from relvar.types.numeric import Integer, Numeric, NumericCommon
from relvar.util.warning import warn


class OperationRules(FunctionRules):
    """
    Rules for unary and binary operators.
    """

    _method_names: ClassVar[dict[str, dict[Any, str | None]]] = {}
    _binary_names: ClassVar[dict[Any, str | None]] = {}

    @classmethod
    def _init_compiler_cls(cls) -> None:
        super()._init_compiler_cls()
        cls._method_names = {
            "binary": {},
            "unary_operator": {},
            "unary_modifier": {},
            "expression_clauselist": {},
        }
        cls._binary_names = cls._method_names["binary"]

    def _operator_method(self, operator: Any, kind: str) -> Any:
        """
        Return the compiler's method for an operator, or None.
        """
        names = self._method_names[kind]
        key = operator if operator.__class__ is not op.custom_op else (op.custom_op, operator.visit_name)
        try:
            name = names[key]
        except KeyError:
            name = names[key] = self._find_operator_method(operator, kind)
        return None if name is None else getattr(self, name)

    def _find_operator_method(self, operator: Any, kind: str) -> str | None:
        given = getattr(operator, "visit_name", None)
        own = f"{given}_op" if given else operator.__name__
        for name in (f"visit_{own}_{kind}", f"visit_custom_op_{kind}"):
            if hasattr(self, name):
                return name
            if not isinstance(operator, op.custom_op):
                break
        return None

    def _operator_text(self, operator: Any) -> str:
        """
        Return an operator's symbol.

        Raises:
            UnsupportedCompilationError: It has none.
        """
        try:
            return op.SYMBOLS[operator]
        except KeyError as err:
            raise exc.UnsupportedCompilationError(self, operator) from err

    # -- unary -----------------------------------------------------------

    def visit_unary(
        self,
        unary: Any,
        add_to_result_map: Any = None,
        result_map_targets: tuple[Any, ...] = (),
        **kw: Any,
    ) -> str:
        """
        Render an operator before, or a modifier behind an element.
        """
        if add_to_result_map is not None:
            # the column in it is found in the result by itself as well
            kw["add_to_result_map"] = add_to_result_map
            kw["result_map_targets"] = (*result_map_targets, unary)
        operator = unary.operator
        if operator is op.distinct_op and not self._function_depth:
            warn(
                "Column-expression-level unary distinct() should not be used outside of an aggregate "
                "function. For general 'SELECT DISTINCT' support use select().distinct()."
            )
        if operator is not None:
            if unary.modifier is not None:
                raise exc.CompileError(
                    "Unary expression does not support operator and modifier simultaneously"
                )
            method = self._operator_method(operator, "unary_operator")
            if method is not None:
                return method(unary, operator, **kw)  # type: ignore[no-any-return]  # text
            text = unary.element._compiler_dispatch(self, **kw)
            if (operator is op.neg or operator is op.bitwise_not_op) and text.startswith("-"):
                # the negative number of a literal: "--" would begin a comment, and "~-" is another
                # operator to PostgreSQL
                text = f" {text}"
            return f"{self._operator_text(operator)}{text}"
        if unary.modifier is not None:
            method = self._operator_method(unary.modifier, "unary_modifier")
            if method is not None:
                return method(unary, unary.modifier, **kw)  # type: ignore[no-any-return]  # text
            return f"{unary.element._compiler_dispatch(self, **kw)}{self._operator_text(unary.modifier)}"
        raise exc.CompileError("Unary expression has no operator or modifier")

    def visit_is_true_unary_operator(self, element: Any, operator: Any, **kw: Any) -> str:
        """
        Render an element as a condition.
        """
        if self._is_implicitly_boolean(element):
            return self.process(element.element, **kw)
        return f"{self.process(element.element, **kw)} = 1"

    def visit_is_false_unary_operator(self, element: Any, operator: Any, **kw: Any) -> str:
        """
        Render an element as a condition, negated.
        """
        if self._is_implicitly_boolean(element):
            return f"NOT {self.process(element.element, **kw)}"
        return f"{self.process(element.element, **kw)} = 0"

    def _is_implicitly_boolean(self, element: Any) -> bool:
        return element._is_implicitly_boolean or self.dialect.supports_native_boolean  # type: ignore[no-any-return]  # bool

    def visit_distinct_op_unary_operator(self, element: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``DISTINCT x``.
        """
        return f"DISTINCT {element.element._compiler_dispatch(self, **kw)}"

    def visit_custom_op_unary_operator(self, element: Any, operator: Any, **kw: Any) -> str:
        """
        Render an ad-hoc operator before an element.
        """
        text = self.escape_literal_column(operator.opstring)
        return f"{text} {element.element._compiler_dispatch(self, **kw)}"

    def visit_custom_op_unary_modifier(self, element: Any, operator: Any, **kw: Any) -> str:
        """
        Render an ad-hoc operator behind an element.
        """
        text = self.escape_literal_column(operator.opstring)
        return f"{element.element._compiler_dispatch(self, **kw)} {text}"

    # -- binary ----------------------------------------------------------

    def visit_binary(
        self,
        binary: Any,
        override_operator: Any = None,
        eager_grouping: bool = False,
        from_linter: Any = None,
        lateral_from_linter: Any = None,
        **kw: Any,
    ) -> str:
        """
        Render ``left operator right``.
        """
        if from_linter is not None:
            if op.is_comparison(binary.operator):
                edges = product(binary.left._from_objects, binary.right._from_objects)
                if lateral_from_linter is not None:
                    lateral = kw["enclosing_lateral"]
                    for start, end in edges:
                        if start is not end:
                            lateral_from_linter.edges.update([(start, lateral), (end, lateral)])
                else:
                    from_linter.edges.update(edges)
            kw["from_linter"] = from_linter
            if lateral_from_linter is not None:
                kw["lateral_from_linter"] = lateral_from_linter
        left, right = binary.left, binary.right
        if self.ansi_bind_rules and isinstance(left, BindParameter) and isinstance(right, BindParameter):
            kw["literal_execute"] = True
        operator = override_operator or binary.operator
        try:
            name = self._binary_names[operator]
        except KeyError:
            method = self._operator_method(operator, "binary")
        else:
            method = None if name is None else getattr(self, name)
        if method is not None:
            return method(binary, operator, **kw)  # type: ignore[no-any-return]  # text
        return self._generate_generic_binary(binary, self._operator_text(operator), **kw)

    def _generate_generic_binary(
        self, binary: Any, opstring: str, eager_grouping: bool = False, **kw: Any
    ) -> str:
        """
        Render both sides with *opstring*, blanks included, between them.
        """
        if "literal_binds" in kw and binary.operator is not op.mod:
            kw["_binary_op"] = "is_" if binary.operator in (op.is_, op.is_not) else "other"
        nested = self._operator_depth
        self._operator_depth = nested + 1
        left = binary.left._compiler_dispatch(self, **kw)
        # a rule of a program's own that returns no text is an error, not the word None
        text = left + opstring + binary.right._compiler_dispatch(self, **kw)
        self._operator_depth = nested
        return f"({text})" if eager_grouping and nested else text

    def _cast_json_item(self, binary: Any, **kw: Any) -> str:
        """
        Render an item of a JSON value as its type, a CAST around what takes it out.

        Both go through their own rules, which a program may have replaced.
        """
        return self.process(Cast(binary, binary.type), _cast_applied=True, **kw)

    def visit_custom_op_binary(self, element: Any, operator: Any, **kw: Any) -> str:
        """
        Render an ad-hoc operator.
        """
        if operator.eager_grouping:
            kw["eager_grouping"] = True
        return self._generate_generic_binary(
            element, f" {self.escape_literal_column(operator.opstring)} ", **kw
        )

    def visit_function_as_comparison_op_binary(self, element: Any, operator: Any, **kw: Any) -> str:
        """
        Render the function that compares.
        """
        return self.process(element.sql_function, **kw)

    def visit_mod_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``a % b``.
        """
        return self._generate_generic_binary(
            binary, " %% " if self.preparer._double_percents else " % ", **kw
        )

    def visit_truediv_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render a division whose result has a fraction.
        """
        left = self.process(binary.left, **kw)
        right = self.process(binary.right, **kw)
        if not self.dialect.div_is_floordiv:
            return f"{left} / {right}"
        type_ = binary.right.type
        if not issubclass(type_._type_affinity, NumericCommon):
            type_ = Numeric()
        kw.pop("eager_grouping", None)
        name = self.dialect.type_compiler_instance.process(type_)
        return f"{left} / CAST({right} AS {name})"

    def visit_floordiv_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render a division without a fraction.
        """
        left = self.process(binary.left, **kw)
        right = self.process(binary.right, **kw)
        if (
            self.dialect.div_is_floordiv
            and issubclass(binary.right.type._type_affinity, Integer)
            and issubclass(binary.left.type._type_affinity, Integer)
        ):
            return f"{left} / {right}"
        return f"FLOOR({left} / {right})"

    def visit_not_in_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``(x NOT IN (...))``; the parentheses keep ``OR (1 = 1)`` of an empty list inside.
        """
        return f"({self._generate_generic_binary(binary, self._operator_text(operator), **kw)})"

    def visit_not_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``NOT x MATCH y``.
        """
        return f"NOT {self.visit_binary(binary, override_operator=op.match_op, **kw)}"

    def visit_between_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``x BETWEEN a AND b``.
        """
        symmetric = binary.modifiers.get("symmetric", False)
        return self._generate_generic_binary(
            binary, " BETWEEN SYMMETRIC " if symmetric else " BETWEEN ", **kw
        )

    def visit_not_between_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``x NOT BETWEEN a AND b``.
        """
        symmetric = binary.modifiers.get("symmetric", False)
        return self._generate_generic_binary(
            binary, " NOT BETWEEN SYMMETRIC " if symmetric else " NOT BETWEEN ", **kw
        )
