from collections.abc import Callable
from typing import Any, TypeVar

__all__ = [
    "BinaryFields",
    "BindFields",
    "Compares",
    "configure_comparisons",
    "copy_node",
    "new_binary",
    "plain_bind",
    "plain_comparison",
    "plain_in",
    "plain_is_null",
]

class BinaryFields:
    left: Any
    right: Any
    operator: Any
    negate: Any
    type: Any
    modifiers: Any
    def _fields_in_c(self) -> tuple[Any, ...]: ...
    def _take_fields(self, values: tuple[Any, ...]) -> None: ...

class BindFields:
    value: Any
    type: Any
    unique: bool
    _modes: int
    _orig_key: str
    def _fields_in_c(self) -> tuple[Any, ...]: ...
    def _take_fields(self, values: tuple[Any, ...]) -> None: ...

class Compares:
    def __eq__(self, other: Any) -> Any: ...
    def __ne__(self, other: Any) -> Any: ...
    def __lt__(self, other: Any) -> Any: ...
    def __le__(self, other: Any) -> Any: ...
    def __gt__(self, other: Any) -> Any: ...
    def __ge__(self, other: Any) -> Any: ...
    def __hash__(self) -> int: ...

def configure_comparisons(
    binary_class: type[Any],
    bind_class: type[Any],
    boolean_type: Any,
    null: Any,
    null_operators: tuple[Any, Any],
    no_modifiers: Any,
    describe: Callable[[Any], tuple[bool, str | None, bool] | None],
    plain_values: Callable[[Any, Any], frozenset[Any] | None],
) -> None: ...

_N = TypeVar("_N")

def new_binary(left: Any, right: Any, operator: Any, type_: Any, negate: Any, modifiers: Any) -> Any: ...
def plain_bind(element: Any, value: Any) -> Any: ...
def plain_comparison(element: Any, other: Any, operator: Any, negate: Any, modifiers: Any) -> Any: ...
def plain_is_null(element: Any, operator: Any, negate: Any) -> Any: ...
def plain_in(element: Any, values: Any, operator: Any, negate: Any) -> Any: ...
def copy_node(node: _N) -> _N: ...
