"""
The types of `relvar._kernels.texts`, whose source is Cython in Python syntax.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

__all__ = ["PlainRules", "columns_of_tables", "dispatch_to", "texts_of"]

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
    ) -> None: ...

def dispatch_to(name: str) -> Callable[..., Any]: ...
def texts_of(nodes: Iterable[Any], compiler: Any, kw: dict[str, Any], against: Any = None) -> list[str]: ...
def columns_of_tables(
    columns: Iterable[Any], compiler: Any, distinct: bool, bare: bool, entries: list[Any] | None
) -> list[str] | None: ...
