"""
Types of composite things: tuples and table-valued expressions.
"""

from __future__ import annotations

from typing import Any, Self

from relvar.types.base import NULLTYPE, TypeEngine, to_instance
from relvar.types.operator_class import OperatorClass


class TupleType(TypeEngine[tuple[Any, ...]]):
    """
    The type of a ``tuple_()``: the types of its parts.
    """

    _is_tuple_type = True
    operator_classes = OperatorClass.TUPLE

    types: list[TypeEngine[Any]]

    def __init__(self, *types: Any) -> None:
        self._fully_typed = NULLTYPE not in types
        self.types = [to_instance(item) for item in types]

    def __str__(self) -> str:
        return repr(self)  # nothing to compile: no column has this type

    def __repr__(self) -> str:
        return f"TupleType({', '.join(repr(t) for t in self.types)})"

    @property
    def _static_cache_key(self) -> tuple[Any, ...] | None:
        keys = [item._static_cache_key for item in self.types]
        if None in keys:
            return None
        return (type(self), *keys)

    def _resolve_values_to_types(self, value: Any) -> TupleType:
        """
        Return this type with the types that are missing taken from *value*.
        """
        if self._fully_typed:
            return self
        return TupleType(
            *[
                item.coerce_compared_value(None, part) if item._isnull else item
                for item, part in zip(self.types, value)
            ]
        )

    def copy(self, **kw: Any) -> Self:
        """
        Return a type of the same parts.
        """
        return type(self)(*self.types)

    def bind_processor(self, dialect: Any) -> Any:
        raise NotImplementedError(
            "Binding a tuple as one value is not supported; its parts are bound one by one"
        )


class TableValueType(TypeEngine[Any]):
    """
    The type of a table-valued expression: its columns.
    """

    _is_table_value = True
    operator_classes: OperatorClass = OperatorClass.BASE | OperatorClass.COMPARISON

    def __init__(self, *elements: Any) -> None:
        self._elements = list(elements)

    @property
    def _static_cache_key(self) -> tuple[Any, ...] | None:
        parts: list[Any] = []
        for element in self._elements:
            inner = element.type._static_cache_key
            if inner is None:
                return None
            parts.append((element.name, inner))
        return (type(self), *parts)
