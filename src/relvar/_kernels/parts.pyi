from collections.abc import Callable, Iterable
from typing import Any, TypeVar

__all__ = [
    "EXPRESSION",
    "LABEL",
    "NAMED",
    "TABLE",
    "ProxyKey",
    "columns_by_key",
    "configure_parts",
    "early_column",
    "is_whole_in_lists",
    "labeled",
    "proxy",
    "renamed",
    "stands_by",
]

TABLE: int
NAMED: int
EXPRESSION: int
LABEL: int

_F = TypeVar("_F", bound=Callable[..., Any])

class ProxyKey:
    def __get__(self, column: Any, cls: Any) -> Any: ...

def configure_parts(
    named_class: type[Any], label_class: type[Any], anonymous_class: type[Any], no_type: Any, as_operator: Any
) -> None: ...
def is_whole_in_lists(method: _F) -> _F: ...
def stands_by(way: int) -> Callable[[_F], _F]: ...
def proxy(column: Any, selectable: Any, key: Any) -> Any: ...
def early_column(owner: Any, below: Any, key: Any) -> Any: ...
def columns_by_key(
    columns: Iterable[Any], key_of: Callable[[Any], str | None]
) -> tuple[dict[str, Any] | None, dict[str, Any]]: ...
def labeled(element: Any, name: str | None) -> Any: ...
def renamed(cls: type[Any], element: Any, name: str | None) -> Any: ...
