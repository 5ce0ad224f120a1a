"""
The operators: functions that name them, and tables that say how they behave.

An operator is a function of its operands, so ``operators.eq(a, b)`` is
``a == b``.  Precedence, negation, associativity and the like are tables; an
ad-hoc `custom_op` carries its own.
"""

from __future__ import annotations

import operator as _python
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from relvar import exc
from relvar.types.operator_class import OperatorClass
from relvar.util.warning import warn

_T = TypeVar("_T")

OperatorType = Callable[..., Any]

add: OperatorType = _python.add
and_: OperatorType = _python.and_
contains: OperatorType = _python.contains
eq: OperatorType = _python.eq
floordiv: OperatorType = _python.floordiv
ge: OperatorType = _python.ge
getitem: OperatorType = _python.getitem
gt: OperatorType = _python.gt
inv: OperatorType = _python.inv
le: OperatorType = _python.le
lshift: OperatorType = _python.lshift
lt: OperatorType = _python.lt
matmul: OperatorType = _python.matmul
mod: OperatorType = _python.mod
mul: OperatorType = _python.mul
ne: OperatorType = _python.ne
neg: OperatorType = _python.neg
or_: OperatorType = _python.or_
rshift: OperatorType = _python.rshift
sub: OperatorType = _python.sub
truediv: OperatorType = _python.truediv
pow_: OperatorType = _python.pow


def as_() -> Any:
    raise NotImplementedError


def from_() -> Any:
    raise NotImplementedError


def null_op() -> Any:
    raise NotImplementedError


def function_as_comparison_op() -> Any:
    """
    Between the two arguments of a function that compares; it is never written.
    """
    raise NotImplementedError


def comma_op(a: Any, b: Any) -> Any:
    raise NotImplementedError


def filter_op(a: Any, b: Any) -> Any:
    raise NotImplementedError


def exists() -> Any:
    """
    Name EXISTS where operators are compared; nothing calls it.
    """
    raise NotImplementedError


def _asbool(a: Any) -> Any:
    raise NotImplementedError


def is_true(a: Any) -> Any:
    raise NotImplementedError


def is_false(a: Any) -> Any:
    raise NotImplementedError


def is_distinct_from(a: Any, b: Any) -> Any:
    return a.is_distinct_from(b)


def is_not_distinct_from(a: Any, b: Any) -> Any:
    return a.is_not_distinct_from(b)


def is_(a: Any, b: Any) -> Any:
    """
    Return ``a IS b``.
    """
    return a.is_(b)


def is_not(a: Any, b: Any) -> Any:
    return a.is_not(b)


def collate(a: Any, b: Any, collation_schema: str | None = None) -> Any:
    return a.collate(b, collation_schema=collation_schema)


def op(a: Any, opstring: str, b: Any) -> Any:
    return a.op(opstring)(b)


def like_op(a: Any, b: Any, escape: str | None = None) -> Any:
    """
    Return ``a LIKE b``; *escape* is the character that takes the meaning from ``%`` and ``_``.
    """
    return a.like(b, escape=escape)


def not_like_op(a: Any, b: Any, escape: str | None = None) -> Any:
    return a.notlike(b, escape=escape)


def ilike_op(a: Any, b: Any, escape: str | None = None) -> Any:
    """
    Return ``a ILIKE b``, or ``lower(a) LIKE lower(b)`` where the database has no ILIKE.
    """
    return a.ilike(b, escape=escape)


def not_ilike_op(a: Any, b: Any, escape: str | None = None) -> Any:
    return a.not_ilike(b, escape=escape)


def between_op(a: Any, b: Any, c: Any, symmetric: bool = False) -> Any:
    return a.between(b, c, symmetric=symmetric)


def not_between_op(a: Any, b: Any, c: Any, symmetric: bool = False) -> Any:
    return ~a.between(b, c, symmetric=symmetric)


def in_op(a: Any, b: Any) -> Any:
    """
    Return ``a IN b``; *b* is a list of values, a SELECT or a bound parameter that expands.
    """
    return a.in_(b)


def not_in_op(a: Any, b: Any) -> Any:
    """
    Return ``a NOT IN b``, with what `in_op` takes.
    """
    return a.not_in(b)


def distinct_op(a: Any) -> Any:
    return a.distinct()


def any_op(a: Any) -> Any:
    return a.any_()


def all_op(a: Any) -> Any:
    return a.all_()


def _escaped(method: str, a: Any, b: Any, escape: str | None, autoescape: bool, negated: bool = False) -> Any:
    """
    Call a LIKE-style method; with *autoescape* the pattern's own wildcards lose their meaning.

    Raises:
        ArgumentError: With *escape*, or a NUL character, they would keep it.
    """
    if autoescape:
        if autoescape is not True:
            warn("The autoescape parameter is now a simple boolean True/False")
        if escape is None:
            escape = "/"
        if not isinstance(b, str):
            raise TypeError("String value expected when autoescape=True")
        # letters: the pattern may be changed to lower case
        ignores_case = method.startswith("i")
        if len(escape) != 1 or escape in "%_" or (ignores_case and escape.lower() != escape.upper()):
            raise exc.ArgumentError(
                f"{method}() with autoescape needs one character as escape that is neither '%' nor '_'"
                f"{', nor a letter' if ignores_case else ''}; got {escape!r}"
            )
        if "\0" in b:
            raise exc.ArgumentError(
                f"{method}() with autoescape can't look for NUL characters: some databases end patterns there"
            )
        b = b.replace(escape, escape + escape).replace("%", escape + "%").replace("_", escape + "_")
    made = getattr(a, method)(b, escape=escape)
    return ~made if negated else made


def startswith_op(a: Any, b: Any, escape: str | None = None, autoescape: bool = False) -> Any:
    """
    Return ``a LIKE b || '%'``; *autoescape* takes the meaning from ``%`` and ``_`` in *b*.
    """
    return _escaped("startswith", a, b, escape, autoescape)


def not_startswith_op(a: Any, b: Any, escape: str | None = None, autoescape: bool = False) -> Any:
    return _escaped("startswith", a, b, escape, autoescape, True)


def istartswith_op(a: Any, b: Any, escape: str | None = None, autoescape: bool = False) -> Any:
    return _escaped("istartswith", a, b, escape, autoescape)


def not_istartswith_op(a: Any, b: Any, escape: str | None = None, autoescape: bool = False) -> Any:
    return _escaped("istartswith", a, b, escape, autoescape, True)


def endswith_op(a: Any, b: Any, escape: str | None = None, autoescape: bool = False) -> Any:
    """
    Return ``a LIKE '%' || b``; *autoescape* takes the meaning from ``%`` and ``_`` in *b*.
    """
    return _escaped("endswith", a, b, escape, autoescape)


def not_endswith_op(a: Any, b: Any, escape: str | None = None, autoescape: bool = False) -> Any:
    return _escaped("endswith", a, b, escape, autoescape, True)


def iendswith_op(a: Any, b: Any, escape: str | None = None, autoescape: bool = False) -> Any:
    return _escaped("iendswith", a, b, escape, autoescape)


def not_iendswith_op(a: Any, b: Any, escape: str | None = None, autoescape: bool = False) -> Any:
    return _escaped("iendswith", a, b, escape, autoescape, True)


def contains_op(a: Any, b: Any, escape: str | None = None, autoescape: bool = False) -> Any:
    return _escaped("contains", a, b, escape, autoescape)


def not_contains_op(a: Any, b: Any, escape: str | None = None, autoescape: bool = False) -> Any:
    return _escaped("contains", a, b, escape, autoescape, True)


def icontains_op(a: Any, b: Any, escape: str | None = None, autoescape: bool = False) -> Any:
    return _escaped("icontains", a, b, escape, autoescape)


def not_icontains_op(a: Any, b: Any, escape: str | None = None, autoescape: bool = False) -> Any:
    return _escaped("icontains", a, b, escape, autoescape, True)


def match_op(a: Any, b: Any, **kw: Any) -> Any:
    return a.match(b, **kw)


def not_match_op(a: Any, b: Any, **kw: Any) -> Any:
    return ~a.match(b, **kw)


def regexp_match_op(a: Any, b: Any, flags: str | None = None) -> Any:
    return a.regexp_match(b, flags=flags)


def not_regexp_match_op(a: Any, b: Any, flags: str | None = None) -> Any:
    return ~a.regexp_match(b, flags=flags)


def regexp_replace_op(a: Any, b: Any, replacement: Any, flags: str | None = None) -> Any:
    return a.regexp_replace(b, replacement=replacement, flags=flags)


def concat_op(a: Any, b: Any) -> Any:
    try:
        concat = a.concat
    except AttributeError:
        return b._rconcat(a)
    return concat(b)


def desc_op(a: Any) -> Any:
    """
    Return ``a DESC``, for ORDER BY.
    """
    return a.desc()


def asc_op(a: Any) -> Any:
    """
    Return ``a ASC``, for ORDER BY.
    """
    return a.asc()


def nulls_first_op(a: Any) -> Any:
    return a.nulls_first()


def nulls_last_op(a: Any) -> Any:
    return a.nulls_last()


def json_getitem_op(a: Any, b: Any) -> Any:
    """
    Return the item of a JSON value under a key or index.
    """
    raise NotImplementedError


def json_path_getitem_op(a: Any, b: Any) -> Any:
    raise NotImplementedError


def bitwise_xor_op(a: Any, b: Any) -> Any:
    return a.bitwise_xor(b)


def bitwise_or_op(a: Any, b: Any) -> Any:
    return a.bitwise_or(b)


def bitwise_and_op(a: Any, b: Any) -> Any:
    return a.bitwise_and(b)


def bitwise_not_op(a: Any) -> Any:
    return a.bitwise_not()


def bitwise_lshift_op(a: Any, b: Any) -> Any:
    return a.bitwise_lshift(b)


def bitwise_rshift_op(a: Any, b: Any) -> Any:
    return a.bitwise_rshift(b)


# Older names of the same functions.
istrue = is_true
isfalse = is_false
isnot = is_not
isnot_distinct_from = is_not_distinct_from
notlike_op = not_like_op
notilike_op = not_ilike_op
notbetween_op = not_between_op
notin_op = not_in_op
notstartswith_op = not_startswith_op
notendswith_op = not_endswith_op
notcontains_op = not_contains_op
notmatch_op = not_match_op
nullsfirst_op = nulls_first_op
nullslast_op = nulls_last_op


class custom_op(Generic[_T]):
    """
    An operator made from its text, as by ``column.op("->>")``.

    Attributes are as given to `Operators.op`.
    """

    __name__ = "custom_op"

    __slots__ = (
        "eager_grouping",
        "is_comparison",
        "natural_self_precedent",
        "operator_class",
        "opstring",
        "precedence",
        "python_impl",
        "return_type",
        "visit_name",
    )

    def __init__(
        self,
        opstring: str,
        *,
        precedence: int = 0,
        is_comparison: bool = False,
        return_type: Any = None,
        natural_self_precedent: bool = False,
        eager_grouping: bool = False,
        python_impl: Callable[..., Any] | None = None,
        operator_class: OperatorClass = OperatorClass.BASE,
        visit_name: str | None = None,
    ) -> None:
        self.opstring: str = opstring
        self.precedence: int = precedence
        self.is_comparison: bool = is_comparison
        self.natural_self_precedent: bool = natural_self_precedent
        self.eager_grouping: bool = eager_grouping
        if isinstance(return_type, type):
            return_type = return_type()
        self.return_type: Any = return_type
        self.python_impl: Any = python_impl
        self.operator_class: OperatorClass = operator_class
        self.visit_name: str | None = visit_name

    def _identity(self) -> tuple[Any, ...]:
        return (
            self.opstring,
            self.precedence,
            self.is_comparison,
            self.natural_self_precedent,
            self.eager_grouping,
            self.visit_name,
            self.return_type._static_cache_key if self.return_type is not None else None,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, custom_op) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def __repr__(self) -> str:
        return f"custom_op({self.opstring!r})"

    def __call__(self, left: Any, right: Any, *other: Any, **kwargs: Any) -> Any:
        if hasattr(left, "operate"):
            return left.operate(self, right, *other, **kwargs)
        if self.python_impl is not None:
            return self.python_impl(left, right, *other, **kwargs)
        raise exc.InvalidRequestError(
            f"Custom operator {self.opstring!r} can't be used with plain Python objects "
            "unless it includes the 'python_impl' parameter."
        )


SMALLEST = -100
LARGEST = 100

PRECEDENCE: dict[Any, int] = {
    **dict.fromkeys(
        (
            from_,
            function_as_comparison_op,
            any_op,
            all_op,
            getitem,
            json_getitem_op,
            json_path_getitem_op,
            pow_,
        ),
        15,
    ),
    **dict.fromkeys((mul, truediv, floordiv, mod, neg, bitwise_not_op), 8),
    **dict.fromkeys(
        (
            add,
            sub,
            bitwise_xor_op,
            bitwise_or_op,
            bitwise_and_op,
            bitwise_lshift_op,
            bitwise_rshift_op,
            null_op,
        ),
        7,
    ),
    filter_op: 6,
    **dict.fromkeys(
        (
            concat_op,
            match_op,
            not_match_op,
            regexp_match_op,
            not_regexp_match_op,
            regexp_replace_op,
            ilike_op,
            not_ilike_op,
            like_op,
            not_like_op,
            in_op,
            not_in_op,
            is_,
            is_not,
            eq,
            ne,
            is_distinct_from,
            is_not_distinct_from,
            gt,
            lt,
            ge,
            le,
            between_op,
            not_between_op,
            distinct_op,
            inv,
            is_true,
            is_false,
        ),
        5,
    ),
    collate: 4,
    **dict.fromkeys((and_, desc_op, asc_op), 3),
    or_: 2,
    exists: 0,
    comma_op: -1,
    as_: -1,
    _asbool: -10,
}

NEGATION: dict[Any, Any] = {}
for _one, _other in (
    (eq, ne),
    (lt, ge),
    (gt, le),
    (is_, is_not),
    (is_distinct_from, is_not_distinct_from),
    (like_op, not_like_op),
    (ilike_op, not_ilike_op),
    (in_op, not_in_op),
    (between_op, not_between_op),
    (match_op, not_match_op),
    (regexp_match_op, not_regexp_match_op),
    (startswith_op, not_startswith_op),
    (endswith_op, not_endswith_op),
    (contains_op, not_contains_op),
    (istartswith_op, not_istartswith_op),
    (iendswith_op, not_iendswith_op),
    (icontains_op, not_icontains_op),
):
    NEGATION[_one] = _other
    NEGATION[_other] = _one

SYMBOLS: dict[Any, str] = {
    and_: " AND ",
    or_: " OR ",
    add: " + ",
    mul: " * ",
    sub: " - ",
    mod: " % ",
    neg: "-",
    lt: " < ",
    le: " <= ",
    ne: " != ",
    gt: " > ",
    ge: " >= ",
    eq: " = ",
    is_distinct_from: " IS DISTINCT FROM ",
    is_not_distinct_from: " IS NOT DISTINCT FROM ",
    concat_op: " || ",
    match_op: " MATCH ",
    not_match_op: " NOT MATCH ",
    in_op: " IN ",
    not_in_op: " NOT IN ",
    comma_op: ", ",
    from_: " FROM ",
    as_: " AS ",
    is_: " IS ",
    is_not: " IS NOT ",
    collate: " COLLATE ",
    exists: "EXISTS ",
    distinct_op: "DISTINCT ",
    inv: "NOT ",
    any_op: "ANY ",
    all_op: "ALL ",
    desc_op: " DESC",
    asc_op: " ASC",
    nulls_first_op: " NULLS FIRST",
    nulls_last_op: " NULLS LAST",
    bitwise_xor_op: " ^ ",
    bitwise_or_op: " | ",
    bitwise_and_op: " & ",
    bitwise_not_op: "~",
    bitwise_lshift_op: " << ",
    bitwise_rshift_op: " >> ",
}

_commutative = frozenset((eq, ne, add, mul))
_associative = frozenset((concat_op, add, mul, and_, or_))
_natural_self_precedent = _associative | frozenset((getitem, json_getitem_op, json_path_getitem_op))
_comparison = frozenset((*NEGATION, function_as_comparison_op))
_booleans = frozenset((inv, is_true, is_false, and_, or_))
_order_by_modifiers = frozenset((asc_op, desc_op, nulls_first_op, nulls_last_op))
_mirrored = {gt: lt, ge: le, lt: gt, le: ge}


def is_comparison(op: OperatorType) -> bool:
    """
    Tell whether the operator compares its operands.
    """
    return op in _comparison or (isinstance(op, custom_op) and op.is_comparison)


def is_commutative(op: OperatorType) -> bool:
    return op in _commutative


def is_associative(op: OperatorType) -> bool:
    return op in _associative


def is_boolean(op: OperatorType) -> bool:
    return is_comparison(op) or op in _booleans


def is_order_by_modifier(op: OperatorType | None) -> bool:
    return op in _order_by_modifiers


is_ordering_modifier = is_order_by_modifier


def is_natural_self_precedent(op: OperatorType) -> bool:
    """
    Tell whether ``a op b op c`` needs no parentheses.
    """
    return op in _natural_self_precedent or (isinstance(op, custom_op) and op.natural_self_precedent)


def mirror(op: OperatorType) -> OperatorType:
    """
    Return the operator that says the same with its operands exchanged.
    """
    return _mirrored.get(op, op)


_AROUND: dict[Any, int] = {**PRECEDENCE, any_op: LARGEST, all_op: LARGEST}
"Of what stands around an operation: ANY and ALL put any in parentheses, ad-hoc ones too."


def is_precedent(operator: OperatorType, against: OperatorType | None) -> bool:
    """
    Tell whether an *operator* expression needs parentheses inside an *against* expression.
    """
    if operator is against and is_natural_self_precedent(operator):
        return False
    own = PRECEDENCE.get(operator)
    if own is None:
        own = getattr(operator, "precedence", SMALLEST)
    other = _AROUND.get(against)
    if other is None:
        other = getattr(against, "precedence", LARGEST)
    return own <= other
