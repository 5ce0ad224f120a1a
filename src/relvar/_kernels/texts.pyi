"""
The types of `relvar._kernels.texts`, whose source is Cython in Python syntax.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

__all__ = [
    "AnonymousNames",
    "PlainRules",
    "columns_of_tables",
    "columns_to_set",
    "dispatch_to",
    "own_name",
    "texts_of",
]

class AnonymousNames(dict[str, Any]):
    def __missing__(self, key: str) -> str: ...

class PlainRules:
    def __init__(
        self,
        plain: frozenset[str],
        symbols: Mapping[Any, str],
        methods: Mapping[str, Mapping[Any, str | None]],
        stems: Mapping[str, str],
        anonymous: type[Any],
        binary_class: type[Any],
        grouped: Mapping[tuple[Any, Any], bool],
        quote: Any,
        list_start: str,
    ) -> None: ...

def dispatch_to(name: str) -> Callable[..., Any]: ...
def texts_of(nodes: Iterable[Any], compiler: Any, kw: dict[str, Any], against: Any = None) -> list[str]: ...
def columns_to_set(items: Iterable[tuple[Any, Any]], given: Mapping[str, Any]) -> list[Any]: ...
def own_name(column: Any, compiler: Any) -> tuple[Any, ...] | str | None: ...
def columns_of_tables(
    columns: Iterable[Any], compiler: Any, distinct: bool, bare: bool, entries: list[Any] | None
) -> list[str] | None: ...
