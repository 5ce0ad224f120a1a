"""
Rules for operators that compare text with a pattern: LIKE and its kin, regular expressions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.compile.operation import OperationRules
from relvar.expr import operators as op
from relvar.expr.binary import BinaryExpression
from relvar.expr.column import ColumnClause
from relvar.expr.compare import suits, warn_unsuited
from relvar.expr.element import ColumnElement
from relvar.types.text import String

if TYPE_CHECKING:
    from relvar.types.base import TypeEngine

_STRING = String()
_PERCENT: Any = ColumnClause("'%'", _STRING, is_literal=True)


class CaseInsensitive(ColumnElement[Any]):
    """
    An operand of ``ilike()`` on databases without ILIKE.
    """

    __visit_name__ = "ilike_case_insensitive_operand"
    inherit_cache: bool = False

    def __init__(self, element: Any) -> None:
        self.element = element
        self.type: TypeEngine[Any] = element.type

    @property
    def _from_objects(self) -> Any:
        return self.element._from_objects

    def self_group(self, against: Any = None) -> Any:
        return self


def _concatenated(left: Any, right: Any) -> Any:
    """
    Return ``left || right``, whatever their types.
    """
    return BinaryExpression._construct_for_op(left, right, op.concat_op, type_=_STRING)


class PatternRules(OperationRules):
    """
    Rules for patterns.
    """

    def _with_pattern(self, binary: Any, before: bool, after: bool, insensitive: bool) -> Any:
        """
        Return a copy of *binary* with wildcards around its right side.
        """
        made = binary._clone()
        right = binary.right
        if (before or insensitive) and right.type._isnull:
            # beside the wildcard a value of no type is a string
            right = right._with_binary_element_type(_STRING)
        elif not (before or insensitive or suits(right.type, op.concat_op)):
            # the first of what is joined here, which decides
            warn_unsuited(right.type, op.concat_op)
        if insensitive:
            made.left = CaseInsensitive(binary.left)
            right = CaseInsensitive(right)
        pattern = _concatenated(_PERCENT, right) if before else _concatenated(right, _PERCENT)
        if before and after:
            pattern = _concatenated(pattern, _PERCENT)
        made.right = pattern
        return made

    def visit_like_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``x LIKE y [ESCAPE c]``.
        """
        return self._like(binary, "LIKE", **kw)

    def visit_not_like_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``x NOT LIKE y [ESCAPE c]``.
        """
        return self._like(binary, "NOT LIKE", **kw)

    def _like(self, binary: Any, word: str, **kw: Any) -> str:
        escape = binary.modifiers.get("escape", None)
        left = binary.left._compiler_dispatch(self, **kw)
        text = f"{left} {word} {binary.right._compiler_dispatch(self, **kw)}"
        if escape is not None:
            text += f" ESCAPE {self.render_literal_value(escape, _STRING)}"
        return text

    def visit_ilike_case_insensitive_operand(self, element: Any, **kw: Any) -> str:
        """
        Render an operand of a comparison that ignores case.
        """
        return f"lower({element.element._compiler_dispatch(self, **kw)})"

    def visit_ilike_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``lower(x) LIKE lower(y)``.
        """
        return self.visit_like_op_binary(self._insensitive(binary), operator, **kw)

    def visit_not_ilike_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``lower(x) NOT LIKE lower(y)``.
        """
        return self.visit_not_like_op_binary(self._insensitive(binary), operator, **kw)

    @staticmethod
    def _insensitive(binary: Any) -> Any:
        if binary.operator not in (op.ilike_op, op.not_ilike_op):
            return binary
        made = binary._clone()
        made.left = CaseInsensitive(binary.left)
        made.right = CaseInsensitive(binary.right)
        return made

    def visit_contains_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``x LIKE '%' || y || '%'``.
        """
        return self.visit_like_op_binary(self._with_pattern(binary, True, True, False), operator, **kw)

    def visit_not_contains_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``x NOT LIKE '%' || y || '%'``.
        """
        return self.visit_not_like_op_binary(self._with_pattern(binary, True, True, False), operator, **kw)

    def visit_startswith_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``x LIKE y || '%'``.
        """
        return self.visit_like_op_binary(self._with_pattern(binary, False, True, False), operator, **kw)

    def visit_not_startswith_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``x NOT LIKE y || '%'``.
        """
        return self.visit_not_like_op_binary(self._with_pattern(binary, False, True, False), operator, **kw)

    def visit_endswith_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``x LIKE '%' || y``.
        """
        return self.visit_like_op_binary(self._with_pattern(binary, True, False, False), operator, **kw)

    def visit_not_endswith_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``x NOT LIKE '%' || y``.
        """
        return self.visit_not_like_op_binary(self._with_pattern(binary, True, False, False), operator, **kw)

    def visit_icontains_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``contains()``, ignoring case.
        """
        return self.visit_ilike_op_binary(self._with_pattern(binary, True, True, True), operator, **kw)

    def visit_not_icontains_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``~contains()``, ignoring case.
        """
        return self.visit_not_ilike_op_binary(self._with_pattern(binary, True, True, True), operator, **kw)

    def visit_istartswith_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``startswith()``, ignoring case.
        """
        return self.visit_ilike_op_binary(self._with_pattern(binary, False, True, True), operator, **kw)

    def visit_not_istartswith_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``~startswith()``, ignoring case.
        """
        return self.visit_not_ilike_op_binary(self._with_pattern(binary, False, True, True), operator, **kw)

    def visit_iendswith_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``endswith()``, ignoring case.
        """
        return self.visit_ilike_op_binary(self._with_pattern(binary, True, False, True), operator, **kw)

    def visit_not_iendswith_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Render ``~endswith()``, ignoring case.
        """
        return self.visit_not_ilike_op_binary(self._with_pattern(binary, True, False, True), operator, **kw)

    def visit_regexp_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Refuse; dialects with regular expressions override it.
        """
        raise exc.CompileError(f"{self.dialect.name} dialect does not support regular expressions")

    def visit_not_regexp_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Refuse; dialects with regular expressions override it.
        """
        raise exc.CompileError(f"{self.dialect.name} dialect does not support regular expressions")

    def visit_regexp_replace_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        """
        Refuse; dialects with regular expressions override it.
        """
        raise exc.CompileError(
            f"{self.dialect.name} dialect does not support regular expression replacements"
        )
