"""
What becomes of ``expression operator other``: one rule per family of operators.

`operate` looks the operator up in a table.  A rule gets the expression, the
operator, what is on the other side as the caller gave it, and whether the
sides are exchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from relvar import exc
from relvar._kernels.nodes import new_binary
from relvar.expr import make
from relvar.expr import operators as op
from relvar.expr.binary import BinaryExpression
from relvar.expr.boolean import and_, or_
from relvar.expr.coerce import in_list, operand
from relvar.expr.grouping import (
    CollationClause,
    ExpressionClauseList,
    False_,
    Null,
    True_,
    false,
    null,
    true,
)
from relvar.expr.operators import OperatorType, custom_op
from relvar.expr.unary import CollectionAggregate, UnaryExpression
from relvar.types import BOOLEANTYPE, MATCHTYPE, NULLTYPE
from relvar.types.operator_class import OperatorClass
from relvar.util.warning import warn_deprecated

__all__ = ["RULES", "operate", "suits", "warn_unsuited"]


def _constant(obj: Any) -> Any:
    if obj is None:
        return null()
    if obj is True:
        return true()
    if obj is False:
        return false()
    return obj


def _compare(
    expr: Any,
    operator: OperatorType,
    obj: Any,
    *,
    negate: OperatorType | None = None,
    reverse: bool = False,
    _any_all: bool = False,
    _python_is_types: Any = None,
    result_type: Any = None,
    **modifiers: Any,
) -> Any:
    """
    A comparison; NULL, TRUE and FALSE have words of their own.
    """
    if result_type is None:
        result_type = BOOLEANTYPE
    if (obj is None or obj is True or obj is False) and (
        _python_is_types is not None and not isinstance(obj, _python_is_types)
    ):
        # The type says that this is a value like others.
        obj = expr._bind_param(operator, obj)
    if obj is None or obj is True or obj is False or isinstance(obj, (Null, True_, False_)):
        # Numbered as in the docs: 1. =, != with true/false stay; 2. so does IS
        # DISTINCT FROM; 3. =, IS and their opposites become IS; 4. no others.
        if operator in (op.eq, op.ne) and not (obj is None or isinstance(obj, Null)):
            return BinaryExpression(
                expr, _constant(obj), operator, type_=result_type, negate=negate, modifiers=modifiers
            )
        if operator in (op.is_distinct_from, op.is_not_distinct_from):
            return BinaryExpression(
                expr, _constant(obj), operator, type_=result_type, negate=negate, modifiers=modifiers
            )
        if _any_all:
            obj = _constant(obj)
        elif operator in (op.eq, op.is_):
            return BinaryExpression(expr, _constant(obj), op.is_, type_=result_type, negate=op.is_not)
        elif operator in (op.ne, op.is_not):
            return BinaryExpression(expr, _constant(obj), op.is_not, type_=result_type, negate=op.is_)
        else:
            raise exc.ArgumentError(
                "Only '=', '!=', 'is_()', 'is_not()', 'is_distinct_from()', 'is_not_distinct_from()' "
                "operators can be used with None/True/False"
            )
    else:
        obj = operand(obj, operator, expr)
        if obj._is_collection_aggregate or expr._is_collection_aggregate:
            # "not any" is not "any not".
            negate = None
    if reverse:
        return new_binary(obj, expr, operator, result_type, negate, modifiers)
    return new_binary(expr, obj, operator, result_type, negate, modifiers)


def _binary(
    expr: Any,
    operator: OperatorType,
    obj: Any,
    *,
    reverse: bool = False,
    result_type: Any = None,
    _python_is_types: Any = None,
    **kw: Any,
) -> Any:
    """
    Arithmetic, concatenation and the like: the types of both sides make the result's.
    """
    obj = operand(obj, operator, expr)
    left, right = (obj, expr) if reverse else (expr, obj)
    if result_type is None:
        operator, result_type = make.adapt_operator(left, operator, right)
    return BinaryExpression._construct_for_op(left, right, operator, type_=result_type, modifiers=kw)


def _conjunction(expr: Any, operator: OperatorType, other: Any, **kw: Any) -> Any:
    if operator is op.and_:
        return and_(expr, other)
    return or_(expr, other)


def _custom(
    expr: Any, operator: Any, obj: Any, *, reverse: bool = False, result_type: Any = None, **kw: Any
) -> Any:
    if result_type is None:
        result_type = operator.return_type
        if result_type is None and operator.is_comparison:
            result_type = BOOLEANTYPE
    return _binary(expr, operator, obj, reverse=reverse, result_type=result_type, **kw)


def _in(expr: Any, operator: OperatorType, other: Any, *, negate: OperatorType, **kw: Any) -> Any:
    right = in_list(other, operator, expr)
    return _compare(expr, operator, right, negate=negate, **kw)


def _between(expr: Any, operator: OperatorType, cleft: Any, cright: Any, *, negate: Any, **kw: Any) -> Any:
    bounds = ExpressionClauseList._construct_for_list(
        op.and_,
        NULLTYPE,
        operand(cleft, op.and_, expr),
        operand(cright, op.and_, expr),
        group=False,
    )
    modifiers = {key: value for key, value in kw.items() if key == "symmetric" and value}
    return BinaryExpression(expr, bounds, operator, negate=negate, modifiers=modifiers or None)


def _inv(expr: Any, operator: OperatorType, **kw: Any) -> Any:
    return expr._negate()


def _neg(expr: Any, operator: OperatorType, **kw: Any) -> Any:
    return UnaryExpression(expr, operator=op.neg, type_=expr.type)


def _bitwise_not(expr: Any, operator: OperatorType, **kw: Any) -> Any:
    return UnaryExpression(expr, operator=op.bitwise_not_op, type_=expr.type)


def _modifier(expr: Any, operator: OperatorType, **kw: Any) -> Any:
    element = make.order_by_label(expr)
    return UnaryExpression(element, modifier=operator)


def _distinct(expr: Any, operator: OperatorType, **kw: Any) -> Any:
    return UnaryExpression(expr, operator=op.distinct_op, type_=expr.type)


def _any_all(expr: Any, operator: OperatorType, **kw: Any) -> Any:
    return CollectionAggregate._create(operator, expr)


def _collate(expr: Any, operator: OperatorType, collation: Any, **kw: Any) -> Any:
    if not isinstance(collation, str):
        raise exc.ArgumentError(f"collate() takes the name of a collation, got {collation!r}")
    return CollationClause._create_collation_expression(expr, collation, **kw)


def _match(expr: Any, operator: OperatorType, other: Any, **kw: Any) -> Any:
    negate = op.not_match_op if operator is op.match_op else op.match_op
    return _compare(
        expr,
        operator,
        operand(other, operator, expr),
        result_type=MATCHTYPE,
        negate=negate,
        **kw,
    )


def _regexp_match(expr: Any, operator: OperatorType, pattern: Any, *, flags: Any = None, **kw: Any) -> Any:
    return BinaryExpression(
        expr,
        operand(pattern, operator, expr),
        operator,
        negate=op.NEGATION[operator],
        modifiers={"flags": flags},
    )


def _regexp_replace(
    expr: Any, operator: OperatorType, pattern: Any, *, replacement: Any, flags: Any = None, **kw: Any
) -> Any:
    parts = ExpressionClauseList._construct_for_list(
        op.comma_op,
        NULLTYPE,
        operand(pattern, op.comma_op, expr),
        operand(replacement, op.comma_op, expr),
        group=False,
    )
    return BinaryExpression(
        expr,
        parts,
        operator,
        modifiers={"flags": flags},
    )


def _getitem(expr: Any, operator: OperatorType, other: Any, **kw: Any) -> Any:
    if getattr(expr.type, "_is_indexable", False) or hasattr(expr.comparator, "_setup_getitem"):
        return _binary(expr, operator, other, **kw)
    _unsupported(expr, operator, **kw)


def _pow(expr: Any, operator: OperatorType, other: Any, *, reverse: bool = False, **kw: Any) -> Any:
    if reverse:
        return make.func.pow(other, expr)
    return make.func.pow(expr, other)


def _unsupported(expr: Any, operator: Any, *arg: Any, **kw: Any) -> NoReturn:
    raise NotImplementedError(
        f"Operator '{getattr(operator, '__name__', operator)}' is not supported on this expression"
    )


Rule = tuple[Callable[..., Any], dict[str, Any]]

RULES: dict[Any, Rule] = {
    op.and_: (_conjunction, {}),
    op.or_: (_conjunction, {}),
    op.inv: (_inv, {}),
    op.neg: (_neg, {}),
    op.bitwise_not_op: (_bitwise_not, {}),
    op.in_op: (_in, {"negate": op.not_in_op}),
    op.not_in_op: (_in, {"negate": op.in_op}),
    op.between_op: (_between, {"negate": op.not_between_op}),
    op.not_between_op: (_between, {"negate": op.between_op}),
    op.match_op: (_match, {}),
    op.not_match_op: (_match, {}),
    op.regexp_match_op: (_regexp_match, {}),
    op.not_regexp_match_op: (_regexp_match, {}),
    op.regexp_replace_op: (_regexp_replace, {}),
    op.collate: (_collate, {}),
    op.getitem: (_getitem, {}),
    op.pow_: (_pow, {}),
    op.distinct_op: (_distinct, {}),
    op.any_op: (_any_all, {}),
    op.all_op: (_any_all, {}),
    op.contains: (_unsupported, {}),
    op.lshift: (_unsupported, {}),
    op.rshift: (_unsupported, {}),
    op.matmul: (_unsupported, {}),
}
_operator: OperatorType
for _operator in (op.desc_op, op.asc_op, op.nulls_first_op, op.nulls_last_op):
    RULES[_operator] = (_modifier, {})
for _operator in (
    op.eq,
    op.ne,
    op.lt,
    op.le,
    op.gt,
    op.ge,
    op.is_,
    op.is_not,
    op.is_distinct_from,
    op.is_not_distinct_from,
    op.like_op,
    op.not_like_op,
    op.ilike_op,
    op.not_ilike_op,
    op.startswith_op,
    op.not_startswith_op,
    op.endswith_op,
    op.not_endswith_op,
    op.contains_op,
    op.not_contains_op,
    op.istartswith_op,
    op.not_istartswith_op,
    op.iendswith_op,
    op.not_iendswith_op,
    op.icontains_op,
    op.not_icontains_op,
):
    RULES[_operator] = (_compare, {"negate": op.NEGATION[_operator]})
for _operator in (
    op.add,
    op.sub,
    op.mul,
    op.truediv,
    op.floordiv,
    op.mod,
    op.concat_op,
    op.json_getitem_op,
    op.json_path_getitem_op,
    op.bitwise_xor_op,
    op.bitwise_or_op,
    op.bitwise_and_op,
    op.bitwise_lshift_op,
    op.bitwise_rshift_op,
):
    RULES[_operator] = (_binary, {})


_NEEDED: dict[Any, OperatorClass] = {
    op.add: OperatorClass.MATH
    | OperatorClass.CONCATENABLE
    | OperatorClass.DATE_ARITHEMETIC
    | OperatorClass.BITWISE,
    op.sub: OperatorClass.MATH | OperatorClass.DATE_ARITHEMETIC,
    op.concat_op: OperatorClass.CONCATENABLE | OperatorClass.BITWISE,
    op.inv: OperatorClass.BOOLEAN_ALGEBRA | OperatorClass.BITWISE,
    op.getitem: OperatorClass.INDEXABLE,
    op.contains: OperatorClass.CONTAINS,
    **dict.fromkeys((op.and_, op.or_), OperatorClass.BOOLEAN_ALGEBRA),
    **dict.fromkeys(
        (op.eq, op.ne, op.in_op, op.not_in_op, op.distinct_op, op.any_op, op.all_op), OperatorClass.EQUALITY
    ),
    **dict.fromkeys(
        (
            *(op.lt, op.le, op.gt, op.ge, op.between_op, op.not_between_op),
            *(op.desc_op, op.asc_op, op.nulls_first_op, op.nulls_last_op),
        ),
        OperatorClass.ORDERING,
    ),
    **dict.fromkeys((op.is_, op.is_not, op.is_distinct_from, op.is_not_distinct_from), OperatorClass.BASE),
    **dict.fromkeys(
        (op.mul, op.truediv, op.floordiv, op.mod, op.neg, op.pow_, op.matmul), OperatorClass.MATH
    ),
    **dict.fromkeys((op.json_getitem_op, op.json_path_getitem_op), OperatorClass.JSON_GETITEM),
    **dict.fromkeys((op.lshift, op.rshift), OperatorClass.BITWISE),
    **dict.fromkeys([o for o in RULES if o.__name__.startswith("bitwise_")], OperatorClass.BITWISE),
    **dict.fromkeys([o for o in RULES if "contains_op" in o.__name__], OperatorClass.CONTAINS),
    **dict.fromkeys(
        [o for o in RULES if o.__name__.endswith(("like_op", "startswith_op", "endswith_op", "match_op"))],
        OperatorClass.STRING_MATCH,
    ),
    **dict.fromkeys((op.collate, op.regexp_replace_op), OperatorClass.STRING_MATCH),
}
"Operator -> the families a type must be in one of."

_suits: dict[Any, dict[type[Any], bool]] = {operator: {} for operator in RULES}
"Operator -> class of a type -> whether it is in one of the operator's families."


def suits(type_: Any, operator: OperatorType) -> bool:
    """
    Tell whether a type declares a family of operators that this one is in.
    """
    needed = _NEEDED.get(operator)
    return needed is None or bool(type_.operator_classes & needed)


def warn_unsuited(type_: Any, operator: Any) -> None:
    """
    Warn of an operator of a type that does not declare it.
    """
    if type_.operator_classes is OperatorClass.UNSPECIFIED:
        warn_deprecated(
            f"Type object {type(type_)!r} does not refer to an OperatorClass in its operator_classes "
            "attribute. This attribute will be required in a future release.",
            "2.1",
        )
        return
    if isinstance(operator, custom_op):
        named = f"custom operator {operator.opstring!r}"
    else:
        named = f"operator {operator.__name__!r}"
    warn_deprecated(
        f"Type object {type(type_)!r} does not include {named} in its operator "
        "classes.  Using built-in operators (not including custom or overridden operators) outside of a "
        "type's stated operator classes is deprecated and will raise InvalidRequestError in a future "
        "release",
        "2.1",
    )


def operate(expr: Any, operator: OperatorType, *other: Any, reverse: bool = False, **kw: Any) -> Any:
    """
    Return what *operator* makes of *expr* and the other operands.

    Raises:
        NotImplementedError: the operator does not suit the expression.
        ArgumentError: neither does the other operand.
    """
    found = RULES.get(operator)
    if found is None:
        if not isinstance(operator, custom_op):
            _unsupported(expr, operator)
        if not expr.type.operator_classes & operator.operator_class:
            warn_unsuited(expr.type, operator)
        return _custom(expr, operator, *other, reverse=reverse, **kw)
    known = _suits[operator]
    suited = known.get(type(expr.type))
    if suited is None:
        suited = known[type(expr.type)] = suits(expr.type, operator)
    if not suited:
        warn_unsuited(expr.type, operator)
    rule, more = found
    if kw:
        given = {
            key: value for key, value in kw.items() if value is not None and not (more and value is False)
        }
        kw = {**more, **given} if given and more else given or more
    else:
        kw = more
    if reverse:
        return rule(expr, operator, *other, reverse=True, **kw)
    return rule(expr, operator, *other, **kw)
