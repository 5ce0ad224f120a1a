from collections.abc import Callable, Iterable
from typing import Any, TypeVar

__all__ = [
    "EXPRESSION",
    "LABEL",
    "NAMED",
    "TABLE",
    "ProxyKey",
    "add_own_columns",
    "annotated_copy",
    "anonymous_name",
    "columns_by_key",
    "configure_parts",
    "copy_around",
    "early_column",
    "in_parentheses",
    "is_whole_in_lists",
    "labeled",
    "new_case",
    "own_column",
    "proxy",
    "renamed",
    "stands_by",
    "take_arguments",
]

TABLE: int
NAMED: int
EXPRESSION: int
LABEL: int

_N = TypeVar("_N")
_F = TypeVar("_F", bound=Callable[..., Any])

class ProxyKey:
    def __get__(self, column: Any, cls: Any) -> Any: ...

def configure_parts(
    named_class: type[Any],
    label_class: type[Any],
    grouping_class: type[Any],
    anonymous_class: type[Any],
    no_type: Any,
    as_operator: Any,
    comma: Any,
) -> None: ...
def is_whole_in_lists(method: _F) -> _F: ...
def stands_by(way: int) -> Callable[[_F], _F]: ...
def proxy(column: Any, selectable: Any, key: Any) -> Any: ...
def early_column(owner: Any, below: Any, key: Any) -> Any: ...
def own_column(owner: Any, column: Any) -> Any: ...
def add_own_columns(owner: Any, columns: Iterable[Any], found: dict[Any, Any]) -> None: ...
def columns_by_key(
    columns: Iterable[Any], key_of: Callable[[Any], str | None]
) -> tuple[dict[str, Any] | None, dict[str, Any]]: ...
def labeled(element: Any, name: str | None) -> Any: ...
def take_arguments(
    function: Any, given: Iterable[Any], name: str, argument: Callable[[Any, str], Any]
) -> None: ...
def in_parentheses(element: Any) -> Any: ...
def new_case(
    cls: type[Any], whens: Iterable[tuple[Any, Any]], else_: Any, expression: Callable[[Any], Any]
) -> Any: ...
def copy_around(node: _N, name: str, part: Any) -> _N: ...
def anonymous_name(base: str) -> Any: ...
def annotated_copy(cls: type[Any], source: Any, element: Any, annotations: Any) -> Any: ...
def renamed(cls: type[Any], element: Any, name: str | None) -> Any: ...
