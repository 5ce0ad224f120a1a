"""
The operators of types: one comparator class per family, attached to the types here.

A comparator stands for an expression and sends operators to the rules of
`relvar.expr.compare`.  A type with operators of its own (or a user's type with
``comparator_factory``) overrides methods.
"""

from __future__ import annotations

import datetime
import decimal
import uuid
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from relvar import exc
from relvar._kernels.nodes import configure_comparisons
from relvar.expr import make
from relvar.expr import operators as op
from relvar.expr.binary import NO_MODIFIERS, BinaryExpression
from relvar.expr.bind import BindParameter
from relvar.expr.coerce import operand
from relvar.expr.compare import RULES, operate, suits
from relvar.expr.element import ClauseElement, comparing
from relvar.expr.grouping import null
from relvar.expr.names import _anonymous_label
from relvar.expr.operate import ColumnOperators
from relvar.expr.operators import OperatorType
from relvar.expr.resolve import clause_element
from relvar.types import (
    ARRAY,
    BOOLEANTYPE,
    INTEGERTYPE,
    JSON,
    Enum,
    Float,
    HasExpressionLookup,
    NullType,
    Numeric,
    TupleType,
    TypeDecorator,
    TypeEngine,
    Unicode,
)
from relvar.types.rules import adapt, type_for_value
from relvar.types.text import Concatenable, Indexable
from relvar.util.immutable import EMPTY_DICT
from relvar.util.warning import warn_deprecated

__all__ = ["Comparator"]

_T = TypeVar("_T")


class Comparator(ColumnOperators, Generic[_T]):
    """
    The operators of an expression, by its type.

    Attributes:
        expr: The expression.
        type: Its type.
    """

    __slots__ = ("expr", "type")

    expr: Any
    type: Any

    def __init__(self, expr: Any) -> None:
        self.expr = expr
        self.type = expr.type

    def __clause_element__(self) -> Any:
        return self.expr

    __hash__ = object.__hash__

    def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
        """
        Return ``expr op other``.
        """
        return operate(self.expr, op, *other, **kwargs)

    def reverse_operate(self, op: OperatorType, other: Any, **kwargs: Any) -> Any:
        """
        Return ``other op expr``.
        """
        return operate(self.expr, op, other, reverse=True, **kwargs)

    def _adapt_expression(self, op: OperatorType, other_comparator: Any) -> tuple[OperatorType, Any]:
        """
        Return the operator to render and the type of ``expr op other``.
        """
        left, right = self.type, other_comparator.type
        if left._isnull and not right._isnull and op.__name__ in _COMMUTATIVE:
            return other_comparator._adapt_expression(op, self)  # type: ignore[no-any-return]  # same signature
        return _adapted(op, left, right)


def _adapted(operator: OperatorType, left: Any, right: Any) -> tuple[OperatorType, Any]:
    name = operator.__name__
    adapted, type_ = adapt(name, left, right)
    return (operator if adapted == name else _BY_NAME[adapted]), type_


def adapt_operator(left: Any, operator: OperatorType, right: Any) -> tuple[OperatorType, Any]:
    """
    Return the operator to render and the type of ``left operator right``, as the comparators say.

    Where none of them says it in its own way, it needs none to be made.
    """
    if _adapts_plainly(left.type) and _adapts_plainly(right.type):
        return _adapted(operator, left.type, right.type)
    return left.comparator._adapt_expression(operator, right.comparator)  # type: ignore[no-any-return]  # as above


def _adapts_plainly(type_: Any) -> bool:
    return getattr(type_.comparator_factory, "_adapt_expression", None) is Comparator._adapt_expression


def operates_plainly(factory: type[Any]) -> bool:
    """
    Tell whether a comparator class leaves every operator as `Comparator` has it.
    """
    own: set[str] = set()
    for base in factory.__mro__:
        if base is Comparator:
            return own.isdisjoint(_OPERATORS)
        own.update(vars(base))
    return False


_OPERATORS = frozenset(
    name
    for base in (*ColumnOperators.__mro__[:-1], Comparator)
    for name, value in vars(base).items()
    if callable(value) and name not in ("__init__", "__hash__", "__init_subclass__", "_adapt_expression")
)

# The functions of these do nothing but ask the left side; the others escape their operand first.
_FORWARDING = frozenset(
    [o for o in RULES if not o.__name__.endswith(("startswith_op", "endswith_op", "contains_op"))]
)

_COMMUTATIVE = frozenset(("add", "mul", "eq", "ne"))
_BY_NAME: dict[str, OperatorType] = {"concat_op": op.concat_op}


class DecoratorComparator(Comparator[_T]):
    """
    Operators of a `TypeDecorator`: it may say which values compare by IS.
    """

    __slots__ = ()

    def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
        if op in _IS_AWARE:
            kwargs["_python_is_types"] = self.expr.type.coerce_to_is_types
        return super().operate(op, *other, **kwargs)

    def reverse_operate(self, op: OperatorType, other: Any, **kwargs: Any) -> Any:
        if op in _IS_AWARE:
            kwargs["_python_is_types"] = self.expr.type.coerce_to_is_types
        return super().reverse_operate(op, other, **kwargs)


_IS_AWARE = frozenset(o for o, (_, more) in RULES.items() if more)


class IndexableComparator(Comparator[_T]):
    """
    Operators of types with ``[]``.
    """

    __slots__ = ()

    def _setup_getitem(self, index: Any) -> tuple[OperatorType, Any, Any]:
        """
        Return operator, right side and result type of ``expr[index]``.
        """
        raise NotImplementedError

    def __getitem__(self, index: Any) -> Any:
        operator, right, result_type = self._setup_getitem(index)
        return self.operate(operator, right, result_type=result_type)


class JSONComparator(IndexableComparator[_T]):
    """
    Operators of JSON: members, paths, and typed access to them.
    """

    __slots__ = ()

    def _setup_getitem(self, index: Any) -> tuple[OperatorType, Any, Any]:
        if isinstance(index, Sequence) and not isinstance(index, str):
            right = self.expr._bind_param(op.json_path_getitem_op, index, type_=JSON.JSONPathType())
            return op.json_path_getitem_op, right, self.type
        if isinstance(index, int) and not isinstance(index, bool):
            index_type: Any = JSON.JSONIntIndexType()
        elif isinstance(index, str):
            index_type = JSON.JSONStrIndexType()
        else:
            index_type = JSON.JSONIndexType()
        right = operand(index, op.json_getitem_op, self.expr, type_=index_type)
        return op.json_getitem_op, right, self.type

    def as_boolean(self) -> Any:
        """
        Return the indexed element as a boolean.
        """
        return self._indexed_as(BOOLEANTYPE, "as_boolean")

    def as_string(self) -> Any:
        """
        Return the indexed element as a string.
        """
        return self._indexed_as(Unicode(), "as_string")

    def as_integer(self) -> Any:
        """
        Return the indexed element as an integer.
        """
        return self._indexed_as(INTEGERTYPE, "as_integer")

    def as_float(self) -> Any:
        """
        Return the indexed element as a float.
        """
        return self._indexed_as(Float(), "as_float")

    def as_numeric(self, precision: int, scale: int, asdecimal: bool = True) -> Any:
        """
        Return the indexed element as a number of fixed precision.
        """
        return self._indexed_as(Numeric(precision, scale, asdecimal=asdecimal), "as_numeric")

    def as_json(self) -> Any:
        """
        Return the indexed element as JSON; which it is anyway.
        """
        return self.expr

    def _indexed_as(self, type_: TypeEngine[Any], attrname: str) -> Any:
        expr = self.expr
        if getattr(expr, "operator", None) not in (op.json_getitem_op, op.json_path_getitem_op):
            raise exc.InvalidRequestError(
                f"The JSON cast operator JSON.{attrname}() only works with a JSON index expression e.g. "
                f"col['q'].{attrname}()"
            )
        made = expr._clone()
        made.type = type_
        return made


class ARRAYComparator(IndexableComparator[_T]):
    """
    Operators of arrays.
    """

    __slots__ = ()

    def _bound_of_slice(self, part: Any) -> Any:
        """
        Return a bound of a slice; a number is a parameter called after a column or label, not a function.
        """
        if part is None:
            return make.Null._instance()
        key = self.expr.key
        if key is None or isinstance(key, _anonymous_label) or not isinstance(part, int):
            return operand(part, op.getitem, None, type_=INTEGERTYPE)
        return make.BindParameter(key, part, type_=INTEGERTYPE, unique=True)

    def _setup_getitem(self, index: Any) -> tuple[OperatorType, Any, Any]:
        array = self.type
        if isinstance(index, slice):
            start, stop, step = index.start, index.stop, index.step
            if array.zero_indexes:
                start = start + 1 if start is not None else start
                stop = stop + 1 if stop is not None else stop
            parts = [self._bound_of_slice(part) for part in (start, stop, step)]
            return op.getitem, make.Slice(*parts), array
        if array.zero_indexes:
            # a number or an expression
            index = index + 1
        if array.dimensions is None or array.dimensions == 1:
            result = array.item_type
        else:
            result = array.adapt(array.__class__, dimensions=array.dimensions - 1)
        index = clause_element(index)
        type_ = INTEGERTYPE if isinstance(index, ClauseElement) else type_for_value(index)
        return op.getitem, operand(index, op.getitem, self.expr, type_=type_), result

    def contains(self, *arg: Any, **kw: Any) -> Any:
        """
        Tell whether the array has the elements of another; only in dialects that can.
        """
        raise NotImplementedError(
            "ARRAY.contains() not implemented for the base ARRAY type; please use the dialect-specific "
            "ARRAY type"
        )

    def any(self, other: Any, operator: OperatorType | None = None) -> Any:
        """
        Return ``other operator ANY (array)``.
        """
        return self._against(other, operator, op.any_op)

    def all(self, other: Any, operator: OperatorType | None = None) -> Any:
        """
        Return ``other operator ALL (array)``.
        """
        return self._against(other, operator, op.all_op)

    def _against(self, other: Any, operator: OperatorType | None, which: OperatorType) -> Any:
        warn_deprecated(
            "The ARRAY.Comparator.any() and ARRAY.Comparator.all() methods for arrays are deprecated for "
            "removal, along with the PG-specific Any() and All() functions. See any_() and all_() "
            "functions for modern use. (deprecated since: 2.1)",
            "2.1",
        )
        operator = operator or op.eq
        aggregate = make.CollectionAggregate._create(which, self.expr)
        if not hasattr(other, "self_group"):
            other = self.expr._bind_param(operator, other, type_=self.type.item_type)
        return operator(other, aggregate)


class TupleComparator(Comparator[_T]):
    """
    Operators of row values.
    """

    __slots__ = ()


_STOCK: tuple[type[Any], ...] = (
    Comparator,
    IndexableComparator,
    JSONComparator,
    ARRAYComparator,
    TupleComparator,
)


def plain_value_classes(type_class: Any, operator: OperatorType | None) -> frozenset[type[Any]] | None:
    """
    Return the Python classes whose values need nothing but a bind parameter of the type itself.

    None for types with operators of their own, and those that the operator (or, when it is None, one of
    the six comparisons) does not suit.
    """
    factory = type_class.comparator_factory
    if operator is None:
        if factory not in _STOCK or not (suits(type_class, op.eq) and suits(type_class, op.lt)):
            return None
    elif not isinstance(factory, type) or not (operates_plainly(factory) and suits(type_class, operator)):
        return None
    if (
        type_class.coerce_compared_value is not TypeEngine.coerce_compared_value
        or "_type_affinity" in type_class.__dict__
        or not _is_plainly_made(type_class)
    ):
        return frozenset()
    own = type_class()._type_affinity
    return frozenset(
        python_type
        for python_type, sample in _SAMPLES.items()
        if type_for_value(sample)._type_affinity is own
    )


def adapted_by_class(operator: OperatorType, left: Any, right: Any) -> tuple[OperatorType, int, Any] | None:
    """
    Return what comes out of an operator between two types, if all types of their classes have the same.

    Returns:
        The operator to render, and the result's type: the left one (0), the right one (1) or another (2).
    """
    for type_ in (left, right):
        # what it is may differ from one to the other, as may the length of an Enum's texts
        if isinstance(type_, (TypeDecorator, Enum)) or not _adapts_plainly(type_):
            return None
    adapted, type_ = _adapted(operator, left, right)
    return adapted, 0 if type_ is left else 1 if type_ is right else 2, type_


def _is_plainly_made(type_class: Any) -> bool:
    """
    Whether a type is made without arguments; the constructors of programs' own types refuse in any way.
    """
    try:
        type_class()
    except Exception:
        return False
    return True


_SAMPLES: dict[type[Any], Any] = {
    int: 1,
    str: "",
    float: 1.0,
    bytes: b"",
    decimal.Decimal: decimal.Decimal(1),
    datetime.date: datetime.date(2000, 1, 1),
    datetime.datetime: datetime.datetime(2000, 1, 1),
    datetime.time: datetime.time(0),
    uuid.UUID: uuid.UUID(int=0),
}


def _attach() -> None:
    """
    Give every family of types its comparator.
    """
    for cls, comparator in (
        (TypeEngine, Comparator),
        (TypeDecorator, DecoratorComparator),
        (Indexable, IndexableComparator),
        (Concatenable, Comparator),
        (HasExpressionLookup, Comparator),
        (JSON, JSONComparator),
        (ARRAY, ARRAYComparator),
        (TupleType, TupleComparator),
        (NullType, Comparator),
    ):
        comparator.__name__ = "Comparator"  # which messages show
        cls.Comparator = comparator  # type: ignore[union-attr]  # declared on TypeEngine
        if cls is not TypeDecorator:
            cls.comparator_factory = comparator  # type: ignore[union-attr]  # declared on TypeEngine


_attach()

make.register(
    boolean_type=BOOLEANTYPE,
    type_of_value=type_for_value,
    operates_plainly=operates_plainly,
    adapt_operator=adapt_operator,
    apply_operator=operate,
    forwarding_operators=_FORWARDING,
)
configure_comparisons(
    BinaryExpression,
    BindParameter,
    BOOLEANTYPE,
    null(),
    (op.is_, op.is_not),
    NO_MODIFIERS,
    EMPTY_DICT,
    comparing,
    plain_value_classes,
    adapted_by_class,
)
