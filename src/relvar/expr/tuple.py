"""
Row values: ``(a, b)``.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar._kernels.froms import froms_in
from relvar.expr import make
from relvar.expr.bind import BindParameter
from relvar.expr.coerce import operand
from relvar.expr.element import ClauseElement, ColumnElement
from relvar.expr.grouping import ClauseList
from relvar.expr.node import NODES, TYPE, Field
from relvar.expr.operators import OperatorType
from relvar.types import TupleType, to_instance

__all__ = ["Tuple", "tuple_"]


class Tuple(ClauseList, ColumnElement[tuple[Any, ...]]):
    """
    ``(a, b, ...)``.
    """

    __visit_name__ = "tuple"
    _fields = (Field("clauses", NODES), Field("type", TYPE))
    _roles = ColumnElement._roles
    _never_grouped = True

    def __init__(self, *clauses: Any, types: Any = None) -> None:
        if types is None:
            made = [operand(c) for c in clauses]
        else:
            if len(types) != len(clauses):
                raise exc.ArgumentError(f"Wrong number of elements for {len(types)}-tuple: {clauses!r} ")
            made = [
                operand(c, type_=to_instance(t)) if t is not None else operand(c)
                for t, c in zip(types, clauses)
            ]
        self.type: TupleType = TupleType(*[arg.type for arg in made])
        super().__init__(*made)

    @property
    def _select_iterable(self) -> Any:
        return (self,)

    _from_objects: Any = froms_in("clauses")

    def _bind_param(
        self, operator: OperatorType | None, obj: Any, type_: Any = None, expanding: bool = False
    ) -> Any:
        if expanding:
            if obj and not hasattr(obj[0], "__iter__"):
                raise TypeError(
                    f"{obj[0]!r} is no row: IN of a tuple takes rows of {len(self.clauses)} values"
                )
            return BindParameter(
                None,
                value=obj,
                _compared_to_operator=operator,
                unique=True,
                expanding=True,
                type_=type_ if type_ is not None else self._type_of_rows(operator, obj),
                _compared_to_type=self.type,
            )
        return Tuple(
            *[
                item
                if isinstance(item, ClauseElement)
                else BindParameter(
                    None,
                    item,
                    _compared_to_operator=operator,
                    _compared_to_type=compared_to,
                    unique=True,
                    type_=type_,
                )
                for item, compared_to in zip(obj, self._types())
            ]
        )

    def _type_of_rows(self, operator: OperatorType | None, rows: Any) -> Any:
        """
        Return the type of rows that are compared with: members of each column decide, as they do alone.
        """
        types = [
            type_ if value is None else type_.coerce_compared_value(operator, value)
            for type_, value in zip(
                self._types(),
                (next((v for v in column if v is not None), None) for column in zip(*rows)),
            )
        ]
        return TupleType(*types) if types else self.type

    def _types(self) -> Any:
        return self.type.types

    def self_group(self, against: OperatorType | None = None) -> Any:
        # The tuple has parentheses of its own.
        return self


def tuple_(*clauses: Any, types: Any = None) -> Tuple:
    """
    Return a row value, to compare with others or with a list of them.

    >>> from relvar import column, tuple_
    >>> pair = tuple_(column("a"), column("b"))
    >>> print(pair > (1, 2))
    (a, b) > (:param_1, :param_2)
    >>> print(pair.in_([(1, 2), (3, 4)]).compile(compile_kwargs={"literal_binds": True}))
    (a, b) IN ((1, 2), (3, 4))
    """
    return Tuple(*clauses, types=types)


make.register(Tuple=Tuple)
