"""
Answer a WHERE clause for objects in memory, without the database.

`Evaluation.compile` turns an expression into a function of an object's state.  It gives the value that the
database would compute, None for NULL, or

- `UNKNOWN`: an attribute is not loaded.  Such an object is expired rather than left wrong;
- `UNSURE`: the database may see it otherwise than Python, see `relvar.orm.session.stored`.

Both spread as NULL does: ``UNSURE AND false`` is false.
"""

from __future__ import annotations

import operator as py
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar._kernels.attributes import NO_VALUE, probe
from relvar.expr import operators
from relvar.orm.exc import UnmappedColumnError
from relvar.orm.session.stored import (
    UNSURE,
    are_surely_different,
    compare,
    is_kept,
    is_null_kept,
    keeper,
)
from relvar.util.immutable import EMPTY_DICT

if TYPE_CHECKING:
    from relvar.util.immutable import immutabledict

__all__ = ["UNKNOWN", "UNSURE", "Evaluation", "OtherRowsError", "UnevaluatableError"]

Evaluator = Callable[[Any], Any]


class UnevaluatableError(exc.InvalidRequestError):
    """
    The expression needs the database.
    """


class OtherRowsError(Exception):
    """
    The expression is about rows of further tables.
    """


class _Unknown:
    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Unknown()

_COMPARISONS = frozenset({py.eq, py.ne, py.lt, py.le, py.gt, py.ge})
_ARITHMETIC = frozenset({py.add, py.sub, py.mul, py.mod, py.truediv})
_LARGEST = 2**63


def _worst(values: tuple[Any, ...]) -> Any:
    """
    Return what an operation on values gives if it gives no value: UNSURE, UNKNOWN or None; else NO_VALUE.
    """
    for mark in (UNSURE, UNKNOWN, None):
        if any(value is mark for value in values):
            return mark
    return NO_VALUE


class Evaluation:
    """
    One statement's way of computing in Python.

    Args:
        entity: What the statement changes: a mapper or an alias.
        table: The table or alias that is changed.
        params: Values for bind parameters, of this execution.
    """

    def __init__(
        self, entity: Any, table: Any, dialect: Any, params: Mapping[str, Any] | None = None
    ) -> None:
        self.entity = entity
        self.mapper: Any = entity.mapper
        self.table = table
        self.dialect = dialect
        self.params: Mapping[str, Any] | immutabledict[Any, Any] = params or EMPTY_DICT

    def compile(self, clause: Any) -> Evaluator:
        """
        Return a function that evaluates *clause* for the state of an object.

        Raises:
            UnevaluatableError: It has something only the database can compute.
            OtherRowsError: It is about rows of further tables.
        """
        compiler = _COMPILERS.get(clause.__visit_name__)
        if compiler is None:
            raise UnevaluatableError(f"Cannot evaluate {type(clause).__name__}")
        return compiler(self, clause)

    def key_of(self, column: Any) -> str:
        """
        Return the attribute that stands for a column.

        Raises:
            UnevaluatableError: It is none of the entity's.
            OtherRowsError: It is in a table that the entity inherits.
        """
        if getattr(column, "table", None) is None:
            raise UnevaluatableError(f"Cannot evaluate column: {column}")
        owner = column._annotations.get("parententity")
        if owner is self.entity and (owner.is_aliased_class or len(self.mapper.tables) == 1):
            key: str | None = column._annotations.get("proxy_key")
            if key is not None:
                return key
        if owner is not None and owner is not self.entity:
            if owner.is_aliased_class or self.entity.is_aliased_class:
                raise UnevaluatableError(
                    f"Cannot evaluate expression: No column {column} is configured on mapper {self.mapper}..."
                )
            if not (self.mapper.isa(owner) or owner.isa(self.mapper)):
                raise UnevaluatableError(f"Can't evaluate criteria against alternate class {owner.class_}")
        if not self.table.c.contains_column(column._deannotate()):
            if self.entity.is_aliased_class or column._deannotate().table not in self.mapper.tables:
                raise UnevaluatableError(f"Cannot evaluate column: {column}")
            raise OtherRowsError
        try:
            return str(self.mapper.get_property_by_column(column).key)
        except UnmappedColumnError as err:
            # the statement is about a table, and only its criteria about this class
            raise UnevaluatableError(f"Cannot evaluate column: {column}") from err

    # -- leaves ---------------------------------------------------------------------

    def grouping(self, clause: Any) -> Evaluator:
        return self.compile(clause.element)

    def null(self, _clause: Any) -> Evaluator:
        return lambda state: None

    def true(self, _clause: Any) -> Evaluator:
        return lambda state: True

    def false(self, _clause: Any) -> Evaluator:
        return lambda state: False

    def column(self, clause: Any) -> Evaluator:
        key, keeps = self.key_of(clause), keeper(clause.type, self.dialect)

        def read(state: Any) -> Any:
            value = _stored_value(state, key)
            return value if value is UNKNOWN or keeps(value) else UNSURE

        return read

    def bind(self, clause: Any) -> Evaluator:
        value = self.value_of(clause)
        if clause.expanding and value is not None:
            item_types = getattr(clause.type, "types", None)
            members = [self._sure(item, item_types or clause.type) for item in value]
            return lambda state: members
        sure = self._sure(value, clause.type)
        return lambda state: sure

    def value_of(self, bind: Any) -> Any:
        """
        Return the value of a bind parameter in this execution.

        Raises:
            UnevaluatableError: It has none.
        """
        if bind.key in self.params:
            return self.params[bind.key]
        if bind.required:
            raise UnevaluatableError(f"Cannot evaluate the parameter {bind.key!r} without its value")
        return bind.effective_value

    def _sure(self, value: Any, type_: Any) -> Any:
        """Return a value of the program, or UNSURE; of a tuple's value a list."""
        if isinstance(type_, (list, tuple)):
            return [self._sure(item, item_type) for item, item_type in zip(value, type_)]
        return value if is_kept(value, type_, self.dialect) else UNSURE

    def tuple(self, clause: Any) -> Evaluator:
        parts = [self.compile(part) for part in clause.clauses]
        return lambda state: [part(state) for part in parts]

    # -- operators ------------------------------------------------------------------

    def clause_list(self, clause: Any) -> Evaluator:
        if clause.operator is operators.comma_op:
            return self.tuple(clause)
        if clause.operator not in (py.and_, py.or_):
            raise UnevaluatableError(f"Cannot evaluate clauselist with operator {clause.operator}")
        parts = [self.compile(part) for part in clause.clauses]
        decides = clause.operator is py.or_

        def connect(state: Any) -> Any:
            values = tuple([_truth(part(state)) for part in parts])
            if any(value is decides for value in values):
                return decides
            worst = _worst(values)
            return (not decides) if worst is NO_VALUE else worst

        return connect

    def unary(self, clause: Any) -> Evaluator:
        if clause.operator is not py.inv:
            raise UnevaluatableError(
                f"Cannot evaluate {type(clause).__name__} with operator {clause.operator}"
            )
        inner = self.compile(clause.element)

        def negate(state: Any) -> Any:
            value = _truth(inner(state))
            return (not value) if isinstance(value, bool) else value

        return negate

    def binary(self, clause: Any) -> Evaluator:
        operator = clause.operator
        if operator in (operators.is_, operators.is_not):
            return self._identity(clause, operator is operators.is_)
        left, right = self.compile(clause.left), self.compile(clause.right)
        name = self.dialect.name
        compute: Callable[[Any, Any], Any]
        if operator in _COMPARISONS:
            compute = _comparing(operator, name)
        elif operator in (operators.in_op, operators.not_in_op):
            wanted = operator is operators.in_op
            return lambda state: _negated(_member(left(state), right(state), name), wanted)
        elif operator in (operators.startswith_op, operators.endswith_op):
            if clause.modifiers.get("escape") is not None:
                raise UnevaluatableError("Cannot evaluate LIKE with ESCAPE")
            method = "startswith" if operator is operators.startswith_op else "endswith"
            compute = lambda a, b: _has_affix(method, a, b, name)  # noqa: E731
        elif operator is operators.concat_op or operator in _ARITHMETIC:
            _check_kinds(clause)
            compute = lambda a, b: _computed(operator, a, b)  # noqa: E731
        elif getattr(operator, "python_impl", None) is not None:
            compute = operator.python_impl
        elif isinstance(operator, operators.custom_op):
            raise UnevaluatableError(
                f"Custom operator {operator.opstring!r} can't be evaluated in Python unless it specifies a "
                "callable using `.python_impl`."
            )
        else:
            described = getattr(operator, "__name__", operator)
            raise UnevaluatableError(f"Cannot evaluate {type(clause).__name__} with operator {described}")

        def apply(state: Any) -> Any:
            a, b = left(state), right(state)
            if a is None or b is None or a is UNSURE or b is UNSURE or a is UNKNOWN or b is UNKNOWN:
                return _worst((a, b))
            return compute(a, b)

        return apply

    def _identity(self, clause: Any, wanted: bool) -> Evaluator:
        """``IS NULL`` holds or not whatever the value is; ``IS true`` compares."""
        if clause.right.__visit_name__ == "null" and clause.left.__visit_name__ == "column":
            key, is_sure = self.key_of(clause.left), is_null_kept(clause.left.type)

            def is_null(state: Any) -> Any:
                value = _stored_value(state, key) if is_sure else UNSURE
                return value if value is UNKNOWN or value is UNSURE else (value is None) is wanted

            return is_null
        left, right = self.compile(clause.left), self.compile(clause.right)

        def same(state: Any) -> Any:
            a, b = left(state), right(state)
            if a is UNSURE or b is UNSURE or a is UNKNOWN or b is UNKNOWN:
                return _worst((a, b))
            found = a is b if a is None or b is None else _compared(py.eq, a, b, self.dialect.name)
            return _negated(found, wanted)

        return same


def _stored_value(state: Any, key: str) -> Any:
    """
    Return what the database has for an attribute, as far as the object knows.
    """
    old = state.old
    value = old[key] if old and key in old else probe(state(), key)
    return UNKNOWN if value is NO_VALUE else value


def _truth(value: Any) -> Any:
    return value if value is None or value is UNKNOWN or isinstance(value, bool) else UNSURE


def _negated(value: Any, wanted: bool) -> Any:
    return (value is wanted) if isinstance(value, bool) else value


def _comparing(operator: Any, name: str) -> Callable[[Any, Any], Any]:
    def compute(left: Any, right: Any) -> Any:
        if type(left) is int and type(right) is int:
            return operator(left, right)
        return _compared(operator, left, right, name)

    return compute


def _compared(operator: Any, left: Any, right: Any, name: str) -> Any:
    if not isinstance(left, list):
        return compare(operator, left, right, name)
    if operator not in (py.eq, py.ne) or not isinstance(right, list) or len(left) != len(right):
        return UNSURE
    return _negated(_equal_rows(left, right, name), operator is py.eq)


def _equal(left: Any, right: Any, name: str) -> Any:
    if isinstance(left, list):
        return _equal_rows(left, right, name)
    worst = _worst((left, right))
    return compare(py.eq, left, right, name) if worst is NO_VALUE else worst


def _equal_rows(left: list[Any], right: list[Any], name: str) -> Any:
    """Return ``(a, b) = (c, d)``, which is false if one pair differs, though another is NULL."""
    found = tuple([_equal(a, b, name) for a, b in zip(left, right)])
    if False in found:
        return False
    worst = _worst(found)
    return True if worst is NO_VALUE else worst


def _member(value: Any, members: Any, name: str) -> Any:
    """Return ``value IN (members)``: NULL if it is not found, but one of them is NULL."""
    if not isinstance(members, list):
        return UNSURE
    found = tuple([_equal(value, member, name) for member in members])
    if True in found:
        return True
    worst = _worst(found)
    return False if worst is NO_VALUE else worst


def _has_affix(method: str, value: Any, affix: Any, name: str) -> Any:
    """Return ``value LIKE affix || '%'``, where blanks and signs in the affix may mean something."""
    if type(value) is not str or type(affix) is not str or "\\" in affix:
        return UNSURE
    if getattr(value, method)(affix):
        return True
    if "%" in affix or "_" in affix:
        return UNSURE
    if name == "postgresql":
        return False
    part = value[: len(affix)] if method == "startswith" else value[max(len(value) - len(affix), 0) :]
    return False if are_surely_different(part, affix) else UNSURE


def _check_kinds(clause: Any) -> None:
    """
    Refuse to compute with values of two kinds.
    """
    left, right = clause.left.type, clause.right.type
    if left._type_affinity is not right._type_affinity:
        name = getattr(clause.operator, "__name__", clause.operator)
        raise UnevaluatableError(f'Cannot evaluate math operator "{name}" for datatypes {left}, {right}')


def _computed(operator: Any, left: Any, right: Any) -> Any:
    """Return a sum, difference, product, remainder or concatenation of what is exact everywhere."""
    if type(left) is str and type(right) is str and operator in (py.add, operators.concat_op):
        return left + right
    if type(left) is not int or type(right) is not int or operator is py.truediv:
        return UNSURE
    if operator is py.mod and (left < 0 or right <= 0):
        return UNSURE
    found = operator(left, right)
    return found if -_LARGEST <= found < _LARGEST else UNSURE


_COMPILERS: dict[str, Callable[[Evaluation, Any], Evaluator]] = {
    "grouping": Evaluation.grouping,
    "null": Evaluation.null,
    "true": Evaluation.true,
    "false": Evaluation.false,
    "column": Evaluation.column,
    "bindparam": Evaluation.bind,
    "tuple": Evaluation.tuple,
    "clauselist": Evaluation.clause_list,
    "expression_clauselist": Evaluation.clause_list,
    "binary": Evaluation.binary,
    "unary": Evaluation.unary,
}
