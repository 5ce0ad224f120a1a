"""
What a function can be besides a value: a comparison of its arguments, a column of its row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.expr import make
from relvar.expr import operators as op
from relvar.expr.element import ColumnElement
from relvar.expr.grouping import Grouping
from relvar.expr.node import NODE, TYPE, VALUE, Field
from relvar.expr.operators import OperatorType
from relvar.types import to_instance
from relvar.util.generics import TypeVar

if TYPE_CHECKING:
    from relvar.types.base import TypeEngine

__all__ = ["FunctionAsBinary", "ScalarFunctionColumn"]

_T = TypeVar("_T", default=Any)


class ScalarFunctionColumn(ColumnElement[_T]):
    """
    ``(function(...)).name``.
    """

    key: str
    name: str

    __visit_name__ = "scalar_function_column"
    _fields = (Field("name", VALUE), Field("type", TYPE), Field("fn", NODE))
    _is_named = True
    is_literal = False
    table: Any = None

    def __init__(self, fn: Any, name: str, type_: Any = None) -> None:
        self.fn = fn
        self.key = self.name = name
        self.type: TypeEngine[_T] = to_instance(type_)

    @property
    def _label_name(self) -> str | None:
        return self.name

    @property
    def _anon_base(self) -> str:
        return self.name

    @property
    def _from_objects(self) -> Sequence[Any]:
        # the function stands in the columns clause: it is no FROM element
        return ()


class FunctionAsBinary(ColumnElement[bool]):
    """
    A function that compares two of its arguments.
    """

    sql_function: Any

    __visit_name__ = "binary"
    _fields = (
        Field("sql_function", NODE),
        Field("left_index", VALUE),
        Field("right_index", VALUE),
        Field("modifiers", VALUE),
    )
    operator: Any = staticmethod(op.function_as_comparison_op)
    negate: Any = None
    modifiers: Any = ()
    _is_implicitly_boolean = True

    def __init__(self, fn: Any, left_index: int, right_index: int) -> None:
        count = len(fn._arguments)
        if not (0 < left_index <= count and 0 < right_index <= count):
            raise exc.ArgumentError(
                f"as_comparison({left_index}, {right_index}): {fn.name}() has {count} argument(s), "
                "which are counted from 1"
            )
        self.sql_function = fn
        self.left_index = left_index
        self.right_index = right_index
        self.type: TypeEngine[bool] = make.boolean_type

    def self_group(self, against: OperatorType | None = None) -> Any:
        return Grouping(self) if op.is_precedent(self.operator, against) else self

    def _negate(self) -> Any:
        return Grouping(self)._negate()

    @property
    def left(self) -> Any:
        """
        The argument that stands on the left; may be set.
        """
        return self.sql_function._arguments[self.left_index - 1]

    @left.setter
    def left(self, value: Any) -> None:
        self._replace(self.left_index - 1, value)

    @property
    def right(self) -> Any:
        """
        The argument that stands on the right; may be set.
        """
        return self.sql_function._arguments[self.right_index - 1]

    @right.setter
    def right(self, value: Any) -> None:
        self._replace(self.right_index - 1, value)

    def _replace(self, index: int, value: Any) -> None:
        arguments = list(self.sql_function._arguments)
        arguments[index] = value
        made = self.sql_function._clone()
        made._arguments = tuple(arguments)
        self.sql_function = made

    @property
    def _from_objects(self) -> Sequence[Any]:
        return self.sql_function._from_objects  # type: ignore[no-any-return]  # a function says so
