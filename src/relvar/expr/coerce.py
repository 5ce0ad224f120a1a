"""
Take what a caller gave for a place in a statement, or say what would have been right.

One function per place: for values, columns and conditions here, for what has rows in `coerce_rows`.
Each has its fast exit first: what is used most is already an element with the right role.
Everything else goes three steps:

1. ``__clause_element__()`` (ORM attributes, hybrids, ...) and the inspection of
   classes and aliases lead to an element;
2. an element that can become one of the role does (a SELECT a scalar subquery);
3. a plain value becomes a bind parameter, where values may stand.
"""

from __future__ import annotations

from numbers import Number
from typing import Any

from relvar import exc
from relvar._kernels.nodes import coercion, plain_bind
from relvar.expr import make
from relvar.expr import operators as op
from relvar.expr.element import ClauseElement, ColumnElement
from relvar.expr.resolve import (
    advice_for_select,
    as_scalar,
    clause_element,
    constant_of,
    fail,
    fail_for_expression,
    is_no_value,
    made_by,
    no_text,
)
from relvar.expr.roles import Role
from relvar.types import INTEGERTYPE, TypeEngine
from relvar.util.pattern import pattern
from relvar.util.text import ellipses_string
from relvar.util.warning import warn

__all__ = [
    "columns_clause_item",
    "in_list",
    "operand",
    "order_by_item",
    "where_criterion",
]

_PLAIN_VALUES = frozenset((str, int, float, bool, bytes))
"Classes of values that stand for nothing else: nobody has to be asked."

_INTEGER_LIKE = pattern(r"^\w\S*$")


def operand(given: Any, operator: Any = None, expr: Any = None, type_: Any = None) -> Any:
    """
    Return a value or expression as an element; plain values as bind parameters.

    Args:
        operator: What it is an operand of.
        expr: The other operand: a value takes its type from it.
        type_: The type of a value, if there is no other operand to ask.
    """
    if expr is not None and type_ is None:
        # the short way, for values the other side's type takes as they are
        bind = plain_bind(expr, given)
        if bind is not None:
            return bind
    elif expr is None and type(given) in _PLAIN_VALUES:
        if type_ is None:
            return make.plain_parameter(given)
        return make.BindParameter(None, given, type_=type_, unique=True)
    element = given if isinstance(given, ColumnElement) else clause_element(given)
    if isinstance(element, ColumnElement):
        if expr is not None and element.type._isnull and not expr.type._isnull:
            # a bind parameter of no type takes the other side's
            return element._with_binary_element_type(expr.type)
        return element
    expected = _OPERAND_EXPECTED if expr is not None else _EXPRESSION_EXPECTED
    expression = _expression_of(given, element, expected)
    if expression is not None:
        return expression
    if expr is not None:
        return expr._bind_param(operator, element, type_=type_)
    if element is None and not (type_ is not None and type_.should_evaluate_none):
        return make.Null._instance()
    return make.BindParameter(None, element, type_=type_, unique=True)


_EXPRESSION_EXPECTED = "SQL expression element"
_OPERAND_EXPECTED = "SQL expression element or literal value"


def _expression_of(given: Any, element: Any, expected: str) -> Any:
    """
    Return the expression that is given; None for a value.

    Args:
        given: What the program gave.
        element: The element that it stands for, or itself.
        expected: What the error says for anything else.
    """
    if isinstance(element, ClauseElement):
        if isinstance(element, ColumnElement) or element._is_text_clause:
            return element
        scalar = as_scalar(element)
        if scalar is not None:
            return scalar
        if element._roles & Role.EXPRESSION:
            return element
        fail_for_expression(expected, given, element)
    if element is not given or is_no_value(element):
        fail(expected, given, element)
    return None


def function_argument(given: Any, name: str, type_: Any = None) -> Any:
    """
    Return an argument of a function; values become bind parameters named like the function.
    """
    if isinstance(given, ColumnElement):
        return given
    element = clause_element(given)
    expression = _expression_of(given, element, _EXPRESSION_EXPECTED)
    if expression is not None:
        return expression
    if element is None:
        return make.Null._instance()
    made = make.BindParameter(None, element, type_=type_, unique=True)
    made._orig_key = name
    return made


def _is_column_class(cls: type[Any]) -> bool:
    return issubclass(cls, ColumnElement)


def _is_selected_class(cls: type[Any]) -> bool:
    return issubclass(cls, ColumnElement) or (issubclass(cls, ClauseElement) and cls._is_from_clause is True)


def _is_condition_class(cls: type[Any]) -> bool:
    return issubclass(cls, ColumnElement) and cls._is_join_target is False


def _is_unlabelled_class(cls: type[Any]) -> bool:
    return issubclass(cls, ColumnElement) and cls._order_by_label_element is None


@coercion(_is_selected_class)
def columns_clause_item(given: Any) -> Any:
    """
    Return an item of a SELECT or RETURNING list.
    """
    element: Any = given if isinstance(given, ClauseElement) else clause_element(given)
    if isinstance(element, ClauseElement):
        if element._is_from_clause or isinstance(element, ColumnElement) or element._is_text_clause:
            return element
        if element._roles & Role.COLUMNS_CLAUSE:
            return element
        advice, code = advice_for_select(element)
        fail(_COLUMNS_EXPECTED, given, element, advice, code)
    if element is not given:
        fail(_COLUMNS_EXPECTED, given, element)
    if given is None or given is True or given is False:
        return constant_of(given)
    if isinstance(given, str):
        if given == "*":
            return make.ColumnClause("*", is_literal=True)
        column = "column" if _INTEGER_LIKE.match(given) else "literal_column"
        short = ellipses_string(given)
        raise exc.ArgumentError(
            f"Textual column expression {short!r} should be explicitly declared with "
            f"text({short!r}), or use {column}({short!r}) for more specificity"
        )
    if isinstance(given, Number):
        return make.ColumnClause(str(given), is_literal=True)
    advice = None
    if isinstance(given, list):
        advice = f"Did you mean to say select({', '.join(repr(item) for item in given)})?"
    made = made_by(given)
    if made is not None:
        return columns_clause_item(made)
    fail(_COLUMNS_EXPECTED, given, element, advice)


_COLUMNS_EXPECTED = "Column expression, FROM clause, or other columns clause element"


@coercion(_is_column_class)
def where_criterion(given: Any) -> Any:
    """
    Return a condition of WHERE, HAVING, AND, OR.
    """
    if isinstance(given, ColumnElement):
        return given
    element = clause_element(given)
    if isinstance(element, ClauseElement):
        if isinstance(element, ColumnElement) or element._is_text_clause:
            return element
        scalar = as_scalar(element)
        if scalar is not None:
            return scalar
        if element._roles & Role.WHERE:
            return element
        fail(_WHERE_EXPECTED, given, element)
    constant = constant_of(element)
    if constant is not None:
        return constant
    if isinstance(element, str) and element is given:
        no_text(element)
    made = made_by(given)
    if made is not None:
        return where_criterion(made)
    fail(_WHERE_EXPECTED, given, element)


_WHERE_EXPECTED = "SQL expression for WHERE/HAVING role"


@coercion(_is_condition_class)
def on_clause(given: Any) -> Any:
    """
    Return the condition of a join; an ORM relationship attribute as it is.
    """
    if getattr(given, "_is_join_target", False):
        return getattr(given, "_join_attribute", given)
    if isinstance(given, ColumnElement):
        return given
    element = clause_element(given)
    if isinstance(element, ClauseElement):
        if isinstance(element, ColumnElement) or element._is_text_clause or element._roles & Role.WHERE:
            return element
        scalar = as_scalar(element)
        if scalar is not None:
            return scalar
    made = made_by(given)
    if made is not None:
        return on_clause(made)
    fail("ON clause, typically a SQL expression or ORM relationship attribute", given, element)


@coercion(_is_unlabelled_class)
def order_by_item(given: Any) -> Any:
    """
    Return an item of ORDER BY; a string names a label or column.
    """
    element = by_of_item(given, "ORDER BY")
    if isinstance(element, ColumnElement) and element._order_by_label_element is not None:
        return make.LabelReference(element)
    return element


@coercion(_is_column_class)
def group_by_item(given: Any) -> Any:
    """
    Return an item of GROUP BY: a label stands for its expression, a FROM element for its columns.
    """
    if not isinstance(given, ColumnElement):
        element = clause_element(given)
        if getattr(element, "_is_from_clause", False):
            return make.ClauseList._construct_raw(op.comma_op, tuple(element.c))
    return by_of_item(given, "GROUP BY")


def by_of_item(given: Any, place: str = "GROUP BY / OF / etc.") -> Any:
    """
    Return an element that is ordered by or distinguished by; a string names a label or column.
    """
    if isinstance(given, ClauseElement):
        element: Any = given
    else:
        element = clause_element(given)
    if isinstance(element, ClauseElement):
        if isinstance(element, ColumnElement) or element._is_text_clause or element._roles & Role.ORDER_BY:
            return element
        scalar = as_scalar(element)
        if scalar is not None:
            return scalar
        fail(f"{place} expression", given, element)
    if isinstance(element, str) and element is given:
        return make.TextualLabelReference(element)
    if element is None or isinstance(element, bool):
        return constant_of(element)
    made = made_by(given)
    if made is not None:
        return by_of_item(made, place)
    fail(f"{place} expression", given, element)


def ddl_constraint_column(given: Any) -> Any:
    """
    Return a column (or its name) or expression of a unique constraint or index.
    """
    if isinstance(given, str):
        return given
    element = given if isinstance(given, ClauseElement) else clause_element(given)
    if isinstance(element, ClauseElement):
        return element
    fail("String column name or column expression for DDL constraint", given, element)


def dml_column(given: Any) -> Any:
    """
    Return the column (or its name) that a VALUES or SET is about.
    """
    if isinstance(given, str):
        return given
    element = given if isinstance(given, ClauseElement) else clause_element(given)
    if isinstance(element, ColumnElement):
        return element
    fail("SET/VALUES column expression or string key", given, element)


def column_expression(given: Any) -> Any:
    """
    Return a column.
    """
    element = given if isinstance(given, ClauseElement) else clause_element(given)
    if isinstance(element, ColumnElement):
        return element
    fail("Column expression", given, element)


def dml_value(given: Any, type_: Any = None) -> Any:
    """
    Return a value of VALUES or SET.
    """
    if given is None or type(given) in _PLAIN_VALUES:
        return make.crud_parameter(given, type_)
    if isinstance(given, ColumnElement):
        return given
    element = clause_element(given)
    expression = _expression_of(given, element, _EXPRESSION_EXPECTED)
    if expression is not None:
        return expression
    return make.crud_parameter(element, type_)


def limit_value(given: Any, name: str, type_: Any) -> Any:
    """
    Return the number of LIMIT, OFFSET or FETCH; None stays None.

    Raises:
        ArgumentError: an element that is no expression.
        ValueError: a string that is no number.
    """
    if given is None:
        return None
    element = given if isinstance(given, ClauseElement) else clause_element(given)
    if isinstance(element, ClauseElement):
        if isinstance(element, ColumnElement):
            return element
    if isinstance(element, ClauseElement) or element is not given or is_no_value(element):
        fail("LIMIT / OFFSET expression", given, element)
    try:
        number = int(element)
    except (TypeError, ValueError) as err:
        raise type(err)(f"LIMIT, OFFSET and FETCH take a number or an expression, got {element!r}") from None
    return make.OffsetLimitParam(None, number, type_=type_, unique=True)


def offset_or_limit_clause(element: Any, name: str | None = None, type_: Any = None) -> Any:
    """
    Return the number of a LIMIT or OFFSET, for clauses of other programs.

    Args:
        name: What the bind parameter is named after.
        type_: Its type; integer by default.
    """
    made = limit_value(element, name or "", INTEGERTYPE if type_ is None else type_)
    if name is not None and made is not None and made._is_bind_parameter:
        made._orig_key = name
    return made


def in_list(given: Any, operator: Any, expr: Any) -> Any:
    """
    Return the right side of IN: an expanding bind parameter, a list of expressions, or a SELECT.
    """
    if isinstance(given, (list, tuple, set, frozenset)):
        return _in_values(given, given, operator, expr)
    element = given if isinstance(given, ClauseElement) else clause_element(given)
    if isinstance(element, ClauseElement):
        return _in_element(element, given, operator)
    if not isinstance(element, (str, bytes, bytearray)) and hasattr(element, "__iter__") and element is given:
        return _in_values(list(element), given, operator, expr)
    fail(_IN_EXPECTED, given, element)


_IN_EXPECTED = "IN expression list, SELECT construct, or bound parameter object"


def _in_values(values: Any, given: Any, operator: Any, expr: Any) -> Any:
    resolved: list[Any] | None = None
    for index, value in enumerate(values):
        kind = value.__class__
        if kind is int or kind is str or value is None:
            if resolved is not None:
                resolved.append(value)
            continue
        element = clause_element(value) if not isinstance(value, (tuple, list)) else value
        if isinstance(element, ClauseElement):
            if not isinstance(element, ColumnElement):
                fail(_IN_EXPECTED, given, given)
            if resolved is None:
                resolved = list(values)[:index]
        elif isinstance(element, TypeEngine):
            fail(_IN_EXPECTED, given, given)
        if resolved is not None:
            resolved.append(element)
    if resolved is not None:
        clauses = [
            item.self_group(against=op.comma_op)
            if isinstance(item, ClauseElement)
            else expr._bind_param(operator, item)
            for item in resolved
        ]
        return make.ClauseList._construct_raw(op.comma_op, clauses).self_group(against=operator)
    return expr._bind_param(operator, list(values), expanding=True)


def _in_element(element: Any, given: Any, operator: Any) -> Any:
    if element._is_bind_parameter:
        made = element._clone(maintain_key=True)
        made.expanding = True
        made.expand_op = operator
        return made
    if element._is_select_base:
        return element.scalar_subquery()
    if element._is_text_clause:
        return element.self_group(against=operator)
    if element._is_clause_list:
        if getattr(element, "_is_collection_aggregate", False):
            return element
        return element.self_group(against=operator)
    if element._is_values:
        return element.scalar_values()
    if element._is_from_clause or isinstance(element, ColumnElement) and element._roles & Role.FROM:
        _warn_in(element)
        return make.select(element).scalar_subquery()
    if element._roles & Role.IN_ELEMENT:
        return element.self_group(against=operator)
    fail(_IN_EXPECTED, given, element)


def _warn_in(element: Any) -> None:
    warn(
        f"Coercing {type(element).__name__} object into a select() for use in IN(); please pass a "
        "select() construct explicitly"
    )


def list_item(given: Any) -> Any:
    """
    Return a member of a plain list of expressions.
    """
    if isinstance(given, ClauseElement):
        return given
    return operand(given)


make.register(operand=operand, order_by_label=by_of_item, coerce_list_item=list_item)
