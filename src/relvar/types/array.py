"""
Arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from relvar.types.base import (
    BindProcessor,
    LiteralProcessor,
    ResultProcessor,
    TypeEngine,
    to_instance,
)
from relvar.types.operator_class import OperatorClass
from relvar.types.schematype import SchemaEventTarget
from relvar.types.text import Concatenable, Indexable
from relvar.util.generics import TypeVar

_T = TypeVar("_T", bound=Any, default=Any)


class ARRAY(SchemaEventTarget, Indexable, Concatenable, TypeEngine[Sequence[_T]]):
    """
    A type for arrays of one item type.

    Args:
        item_type: Of the items; arrays of more dimensions name the innermost.
        as_tuple: Return tuples rather than lists.
        dimensions: A fixed number of dimensions, which spares looking.
        zero_indexes: Indexes of expressions start at 0, not at 1.
    """

    __visit_name__ = "ARRAY"
    _is_generic = True
    _is_array = True
    operator_classes = OperatorClass.ARRAY

    zero_indexes: bool = False

    def __init__(
        self,
        item_type: type[TypeEngine[_T]] | TypeEngine[_T],
        as_tuple: bool = False,
        dimensions: int | None = None,
        zero_indexes: bool = False,
    ) -> None:
        if isinstance(item_type, ARRAY):
            raise ValueError(
                "Do not nest ARRAY types; ARRAY(basetype) handles multi-dimensional arrays of basetype"
            )
        self.item_type: TypeEngine[Any] = to_instance(item_type)
        self.as_tuple = as_tuple
        self.dimensions = dimensions
        self.zero_indexes = zero_indexes

    @property
    def hashable(self) -> bool:  # type: ignore[override]  # follows as_tuple
        return self.as_tuple

    @property
    def python_type(self) -> type[Any]:
        return list

    def compare_values(self, x: Any, y: Any) -> bool:
        return x == y  # type: ignore[no-any-return]  # as the values say

    def _set_parent(self, parent: Any, **kw: Any) -> None:
        if isinstance(self.item_type, SchemaEventTarget):
            self.item_type._set_parent(parent, **kw)

    def _set_parent_with_dispatch(self, parent: Any, **kw: Any) -> None:
        super()._set_parent_with_dispatch(parent, **kw)
        if isinstance(self.item_type, SchemaEventTarget):
            self.item_type._set_parent_with_dispatch(parent, **kw)

    def bind_processor(self, dialect: Any) -> BindProcessor | None:
        item = self.item_type.dialect_impl(dialect).bind_processor(dialect)
        return self._items_processor(item, list)

    def result_processor(self, dialect: Any, coltype: object) -> ResultProcessor | None:
        item = self.item_type.dialect_impl(dialect).result_processor(dialect, coltype)
        if item is None and not self.as_tuple:
            return None
        return self._items_processor(item, tuple if self.as_tuple else list)

    def _items_processor(
        self, item: Callable[[Any], Any] | None, collection: type[Any]
    ) -> Callable[[Any], Any] | None:
        if item is None and collection is list:
            return None
        dimensions = self.dimensions

        def process(value: Any) -> Any:
            if value is None:
                return None
            return convert_items(value, item, dimensions, collection)

        return process

    def literal_processor(self, dialect: Any) -> LiteralProcessor | None:
        item = self.item_type.dialect_impl(dialect).literal_processor(dialect)
        if item is None:
            return None

        def process(value: Any) -> str:
            texts = convert_items(value, item, self.dimensions, list)
            return _bracketed(texts)

        return process


def convert_items(value: Any, item: Callable[[Any], Any] | None, dim: int | None, collection: Any) -> Any:
    """
    Convert the items of nested lists; *dim* levels, or as deep as lists go.
    """
    if value is None:
        return None
    innermost = dim == 1 or (
        dim is None and not (value and isinstance(next(iter(value), None), (list, tuple)))
    )
    if innermost:
        return collection(value if item is None else [item(v) for v in value])
    below = None if dim is None else dim - 1
    return collection([convert_items(v, item, below, collection) for v in value])


def _bracketed(texts: Any) -> str:
    if isinstance(texts, list):
        return f"[{', '.join(_bracketed(text) for text in texts)}]"
    return cast(str, texts)
