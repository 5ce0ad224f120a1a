"""
CASE.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, overload

from relvar import exc
from relvar._kernels.froms import froms_in
from relvar._kernels.parts import new_case
from relvar.expr import make
from relvar.expr.coerce import operand, where_criterion
from relvar.expr.element import ColumnElement
from relvar.expr.node import NODE, PAIRS, TYPE, Field
from relvar.types.base import NULLTYPE
from relvar.util.generics import TypeVar

if TYPE_CHECKING:
    from relvar.expr.typed import Condition, Operand, TypedOperators
    from relvar.types.base import TypeEngine

__all__ = ["Case", "case"]

_T = TypeVar("_T", default=Any)


class Case(ColumnElement[_T]):
    """
    ``CASE WHEN condition THEN result ... ELSE result END``.

    Attributes:
        value: What the conditions are compared with, or None.
        whens: ``(condition, result)`` pairs.
        else_: The result if no condition holds, or None.
    """

    __visit_name__ = "case"
    _fields = (Field("value", NODE), Field("whens", PAIRS), Field("else_", NODE), Field("type", TYPE))

    value: Any
    whens: Sequence[tuple[Any, Any]]
    else_: Any

    def __init__(self, *whens: Any, value: Any = None, else_: Any = None) -> None:
        made = []
        for when, result in _pairs(whens):
            condition = operand(when) if value is not None or when is not None else where_criterion(None)
            made.append((condition.self_group(), operand(result)))
        self.value = None if value is None else operand(value)
        self.whens = made
        self.else_ = None if else_ is None else operand(else_)
        self.type: TypeEngine[_T] = NULLTYPE
        for _, result in reversed(((None, self.else_), *made)):
            if result is not None and not result.type._isnull:
                self.type = result.type
                break
        for part in (self.value, *chain.from_iterable(made), self.else_):
            if part is not None and part._propagate_attrs:
                self._propagate_attrs = part._propagate_attrs
                break

    _from_objects: Any = froms_in("value", "whens", "else_")


def _pairs(whens: tuple[Any, ...]) -> Iterable[Sequence[Any]]:
    """
    Return pairs of condition and result: given as such, or as one dictionary.
    """
    if len(whens) == 1 and not isinstance(whens[0], tuple) and isinstance(whens[0], Mapping):
        return whens[0].items()
    if len(whens) == 1 and isinstance(whens[0], list):
        raise exc.ArgumentError(
            'The "whens" argument to case(), when referring to a sequence of items, is now passed as a '
            "series of positional elements, rather than as a list. "
        )
    for pair in whens:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise exc.ArgumentError(f"case() takes pairs (condition, result) or one dictionary, got {pair!r}")
    return whens


@overload
def case(
    *whens: tuple[Condition, TypedOperators[_T]], value: None = None, else_: TypedOperators[_T] | None = None
) -> Case[_T]: ...
@overload
def case(
    *whens: tuple[Condition, Operand[_T]], value: None = None, else_: Operand[_T] | None = None
) -> Case[_T]: ...
@overload
def case(
    *whens: Mapping[Any, Operand[_T]] | tuple[Any, Operand[_T]], value: Any, else_: Operand[_T] | None = None
) -> Case[_T]: ...
@overload
def case(*whens: Any, value: Any = None, else_: Any = None) -> Case[Any]: ...
def case(*whens: Any, value: Any = None, else_: Any = None) -> Case[Any]:
    """
    Return a CASE expression.

    Args:
        whens: ``(condition, result)`` pairs; with *value*, one dictionary of
            values and results will do.
        value: Compare this with the first of each pair.
        else_: The result if no condition holds.

    >>> from relvar import case, column
    >>> age = column("age")
    >>> print(case((age < 18, "child"), else_="adult").compile(compile_kwargs={"literal_binds": True}))
    CASE WHEN (age < 18) THEN 'child' ELSE 'adult' END
    >>> print(case({1: "one"}, value=age).compile(compile_kwargs={"literal_binds": True}))
    CASE age WHEN 1 THEN 'one' END
    """
    made: Case[Any] | None = None if value is not None else new_case(Case, whens, else_, operand)
    return Case(*whens, value=value, else_=else_) if made is None else made


make.register(Case=Case)
