"""
The types of `relvar._kernels.texts`, whose source is Cython in Python syntax.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

__all__ = [
    "AnonymousNames",
    "PlainRules",
    "configure_texts",
    "criteria_text",
    "dispatch_to",
    "final_name",
    "texts_of",
    "with_placeholders",
]

class AnonymousNames(dict[str, Any]):
    def __missing__(self, key: str) -> str: ...

class PlainRules:
    def __init__(
        self,
        plain: frozenset[str],
        symbols: Mapping[Any, str],
        patterns: Mapping[Any, str],
        methods: Mapping[str, Mapping[Any, str | None]],
        stems: Mapping[str, str],
        anonymous: type[Any],
        template: type[Any],
        binary_class: type[Any],
        grouped: Mapping[tuple[Any, Any], bool],
        quote: Any,
        list_start: str,
    ) -> None: ...

def configure_texts(
    grouping_class: type[Any],
    element_class: type[Any],
    constants: frozenset[type[Any]],
    criteria_that_count: Callable[[Sequence[Any]], Sequence[Any]],
    condition: Any,
    and_operator: Any,
) -> None: ...
def dispatch_to(name: str) -> Callable[..., Any]: ...
def texts_of(nodes: Iterable[Any], compiler: Any, kw: dict[str, Any], against: Any = None) -> list[str]: ...
def criteria_text(criteria: Sequence[Any], compiler: Any, kw: dict[str, Any]) -> str: ...
def final_name(name: Any, compiler: Any, kind: str) -> str: ...
def with_placeholders(
    text: str,
    start: str,
    end: str,
    template: str,
    order: list[str],
    list_start: str | None = None,
    lists_in: Callable[[str], list[str]] | None = None,
) -> str: ...
