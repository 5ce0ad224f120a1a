"""
What a caller gave: the element it stands for, or the error that says what would have been right.

The functions of `coerce` and `coerce_rows` are made of these.
"""

from __future__ import annotations

from types import FunctionType
from typing import Any, NoReturn

from relvar import exc, inspection
from relvar.expr import make
from relvar.expr.element import ClauseElement
from relvar.types.visitable import Visitable
from relvar.util.text import ellipses_string
from relvar.util.warning import warn

_PLAIN = (str, int, float, bytes, list, tuple, dict, type(None))


def clause_element(given: Any) -> Any:
    """
    Return the element *given* stands for; *given* itself if it stands for none.
    """
    if isinstance(given, type):
        # A mapped class, mostly: ask for what stands behind it first.
        entity: Any = inspection.inspect(given, raiseerr=False)
        if entity is not None and hasattr(entity, "__clause_element__"):
            return entity.__clause_element__()
    element = given
    seen = 0
    while not isinstance(element, ClauseElement):
        resolve = getattr(element, "__clause_element__", None)
        if resolve is None:
            if isinstance(element, _PLAIN):
                return element
            inspected: Any = inspection.inspect(element, raiseerr=False)
            resolve = getattr(inspected, "__clause_element__", None)
            if resolve is None:
                return element
        element = resolve()
        seen += 1
        if seen > 20:
            break
    return element


def made_by(given: Any) -> Any:
    """
    Return the element that a function makes, None if *given* is no function.
    """
    if not isinstance(given, FunctionType):
        return None
    from relvar.expr.closure import built_by  # it makes elements, which need this module

    return built_by(given).current()


def fail(
    expected: str, given: Any, element: Any, advice: str | None = None, code: str | None = None
) -> NoReturn:
    """
    Raise the error that says what was expected, what came, and what would be right.
    """
    if element is not given and not isinstance(given, (str, int, type)):
        got = f"{element!r} object resolved from {given!r} object"
    else:
        got = repr(given)
    message = f"{expected} expected, got {got}."
    if advice:
        message += f" {advice}"
    raise exc.ArgumentError(message, code=code)


def advice_for_select(element: Any) -> tuple[str | None, str | None]:
    """
    Return what to do with a SELECT where a FROM element or column is wanted, and the error's code.
    """
    if getattr(element, "_is_select_base", False):
        return (
            f"To create a FROM clause from a {type(element)!r} object, use the .subquery() method.",
            "89ve",
        )
    return None, None


def fail_for_from(expected: str, given: Any, element: Any) -> NoReturn:
    advice, code = advice_for_select(element)
    fail(expected, given, element, advice, code)


def fail_for_expression(expected: str, given: Any, element: Any) -> NoReturn:
    advice = None
    if element._is_values:
        advice = "To create a column expression from a VALUES clause, use the .scalar_values() method."
    elif element is given and element._is_from_clause and not element._is_subquery:
        advice = (
            "To create a column expression from a FROM clause row as a whole, use the .table_valued() method."
        )
    fail(expected, given, element, advice)


def no_text(element: str, kind: str = "SQL") -> NoReturn:
    """
    Refuse a string where SQL is wanted: it must say that it is SQL.
    """
    short = ellipses_string(element)
    raise exc.ArgumentError(
        f"Textual {kind} expression {short!r} should be explicitly declared as text({short!r})"
    )


def constant_of(value: Any) -> Any:
    """
    Return NULL, TRUE or FALSE for None, True or False; None for all else.
    """
    if value is None:
        return make.Null._instance()
    if value is True:
        return make.TrueConstant()
    if value is False:
        return make.FalseConstant()
    return None


def as_scalar(element: Any) -> Any:
    """
    Return what stands for *element* among values, or None if it cannot.
    """
    if element._is_select_base:
        _warn_scalar()
        return element.scalar_subquery()
    if element._is_subquery and element.element._is_select_base:
        _warn_scalar()
        return element.element.scalar_subquery()
    return None


def _warn_scalar() -> None:
    warn(
        "implicitly coercing SELECT object to scalar subquery; please use the .scalar_subquery() method "
        "to produce a scalar subquery."
    )


def is_no_value(given: Any) -> bool:
    """
    Tell whether something is known to be no value: an index, a constraint.
    """
    return isinstance(given, Visitable) and not getattr(given, "_sqla_type", False)


make.register(clause_element=clause_element)
