"""
Answer a WHERE clause for objects in memory, without the database.

`compile_criteria` turns an expression into a function of an object.  Values are
None where the database would say NULL; attributes that are not loaded make the
answer unknown (`UNKNOWN`), which counts as a match, so that such an object is
expired rather than left wrong.
"""

from __future__ import annotations

import operator as py
from collections.abc import Callable
from typing import Any

from relvar import exc
from relvar._kernels.attributes import NO_VALUE, probe
from relvar.expr import operators

__all__ = ["UNKNOWN", "UnevaluatableError", "compile_criteria"]

Evaluator = Callable[[Any], Any]


class UnevaluatableError(exc.InvalidRequestError):
    """
    The expression needs the database.
    """


class _Unknown:
    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Unknown()

_COMPARISONS: dict[Any, Callable[[Any, Any], Any]] = {
    py.lt: py.lt,
    py.le: py.le,
    py.gt: py.gt,
    py.ge: py.ge,
    py.eq: py.eq,
    py.ne: py.ne,
    py.add: py.add,
    py.sub: py.sub,
    py.mul: py.mul,
    py.mod: py.mod,
    py.truediv: py.truediv,
    operators.concat_op: py.add,
}


def compile_criteria(mapper: Any, clause: Any) -> Evaluator:
    """
    Return a function that evaluates *clause* for an object of *mapper*.

    Raises:
        UnevaluatableError: it has something only the database can compute.
    """
    kind = clause.__visit_name__
    compiler = _COMPILERS.get(kind)
    if compiler is None:
        raise UnevaluatableError(f"Cannot evaluate {type(clause).__name__}")
    return compiler(mapper, clause)


def _grouping(mapper: Any, clause: Any) -> Evaluator:
    return compile_criteria(mapper, clause.element)


def _null(mapper: Any, clause: Any) -> Evaluator:
    return lambda obj: None


def _true(mapper: Any, clause: Any) -> Evaluator:
    return lambda obj: True


def _false(mapper: Any, clause: Any) -> Evaluator:
    return lambda obj: False


def _column(mapper: Any, clause: Any) -> Evaluator:
    parent = clause._annotations.get("parentmapper")
    if parent is not None and not (mapper.isa(parent) or parent.isa(mapper)):
        raise UnevaluatableError(f"Can't evaluate criteria against alternate class {parent.class_}")
    try:
        key = mapper.get_property_by_column(clause).key
    except Exception as err:
        raise UnevaluatableError(
            f"Can't evaluate criteria against column {clause}: it is not mapped"
        ) from err

    def read(obj: Any) -> Any:
        value = probe(obj, key)
        return UNKNOWN if value is NO_VALUE else value

    return read


def _bind(mapper: Any, clause: Any) -> Evaluator:
    value = clause.effective_value
    return lambda obj: value


def _clause_list(mapper: Any, clause: Any) -> Evaluator:
    parts = [compile_criteria(mapper, part) for part in clause.clauses]
    if clause.operator is py.and_:
        return lambda obj: _all(obj, parts)
    if clause.operator is py.or_:
        return lambda obj: _any(obj, parts)
    if clause.operator is operators.comma_op:
        return lambda obj: [part(obj) for part in parts]
    raise UnevaluatableError(f"Cannot evaluate clauselist with operator {clause.operator}")


def _all(obj: Any, parts: list[Evaluator]) -> Any:
    result: Any = True
    for part in parts:
        value = part(obj)
        if value is UNKNOWN or value is None:
            result = value
        elif not value:
            return False
    return result


def _any(obj: Any, parts: list[Evaluator]) -> Any:
    result: Any = False
    for part in parts:
        value = part(obj)
        if value is UNKNOWN or value is None:
            result = value
        elif value:
            return True
    return result


def _binary(mapper: Any, clause: Any) -> Evaluator:
    operator = clause.operator
    left = compile_criteria(mapper, clause.left)
    right = compile_criteria(mapper, clause.right)
    if operator in (operators.is_, operators.is_not):
        wanted = operator is operators.is_

        def same(obj: Any) -> Any:
            a, b = left(obj), right(obj)
            return UNKNOWN if a is UNKNOWN or b is UNKNOWN else (a == b) is wanted

        return same
    if operator in (operators.in_op, operators.not_in_op):
        contained = operator is operators.in_op

        def member(obj: Any) -> Any:
            a, b = left(obj), right(obj)
            if a is UNKNOWN or b is UNKNOWN:
                return UNKNOWN
            return None if a is None else (a in b) is contained

        return member
    if operator in (operators.startswith_op, operators.endswith_op):
        method = "startswith" if operator is operators.startswith_op else "endswith"

        def affix(obj: Any) -> Any:
            a, b = left(obj), right(obj)
            if a is UNKNOWN or b is UNKNOWN:
                return UNKNOWN
            return None if a is None or b is None else getattr(a, method)(b)

        return affix
    compute = _COMPARISONS.get(operator) or getattr(operator, "python_impl", None)
    if compute is None:
        name = getattr(operator, "__name__", operator)
        raise UnevaluatableError(f"Cannot evaluate {type(clause).__name__} with operator {name}")

    def apply(obj: Any) -> Any:
        a, b = left(obj), right(obj)
        if a is UNKNOWN or b is UNKNOWN:
            return UNKNOWN
        return None if a is None or b is None else compute(a, b)

    return apply


def _unary(mapper: Any, clause: Any) -> Evaluator:
    if clause.operator is not py.inv:
        raise UnevaluatableError(f"Cannot evaluate {type(clause).__name__} with operator {clause.operator}")
    inner = compile_criteria(mapper, clause.element)

    def negate(obj: Any) -> Any:
        value = inner(obj)
        return value if value is UNKNOWN or value is None else not value

    return negate


_COMPILERS: dict[str, Callable[[Any, Any], Evaluator]] = {
    "grouping": _grouping,
    "null": _null,
    "true": _true,
    "false": _false,
    "column": _column,
    "bindparam": _bind,
    "clauselist": _clause_list,
    "expression_clauselist": _clause_list,
    "binary": _binary,
    "unary": _unary,
}
