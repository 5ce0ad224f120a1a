"""
The types of `relvar._kernels.texts`, whose source is Cython in Python syntax.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

__all__ = [
    "AnonymousNames",
    "PlainRules",
    "assignments_by_name",
    "columns_of_tables",
    "columns_to_set",
    "columns_with_names",
    "configure_texts",
    "criteria_text",
    "dispatch_to",
    "final_name",
    "keys_of_columns",
    "texts_of",
    "texts_of_froms",
    "update_text",
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
    label_class: type[Any],
    grouping_class: type[Any],
    element_class: type[Any],
    constants: frozenset[type[Any]],
    criteria_that_count: Callable[[Sequence[Any]], Sequence[Any]],
    condition: Any,
    and_operator: Any,
    new_entry: Callable[[tuple[Any, ...]], Any],
    new_assignment: Callable[[tuple[Any, ...]], Any],
    key_of: Callable[[Any, bool], str | None],
) -> None: ...
def dispatch_to(name: str) -> Callable[..., Any]: ...
def texts_of(nodes: Iterable[Any], compiler: Any, kw: dict[str, Any], against: Any = None) -> list[str]: ...
def criteria_text(criteria: Sequence[Any], compiler: Any, kw: dict[str, Any]) -> str: ...
def final_name(name: Any, compiler: Any, kind: str) -> str: ...
def keys_of_columns(
    columns: Iterable[Any], qualified: bool, distinct: bool, key_of: Callable[[Any, bool], str | None]
) -> list[str | None]: ...
def columns_of_tables(
    columns: Iterable[Any], compiler: Any, distinct: bool, bare: bool, entries: list[Any] | None
) -> list[str] | None: ...
def columns_with_names(
    columns: Iterable[Any], compiler: Any, distinct: bool, populate: bool, asfrom: bool
) -> list[str] | None: ...
def texts_of_froms(froms: Iterable[Any], compiler: Any) -> list[str]: ...
def columns_to_set(items: Iterable[tuple[Any, Any]], given: Mapping[str, Any]) -> list[Any]: ...
def assignments_by_name(stmt: Any, compiler: Any, toplevel: bool) -> list[Any] | None: ...
def update_text(stmt: Any, compiler: Any) -> str | None: ...
def with_placeholders(text: str, start: str, end: str, template: str, order: list[str]) -> str: ...
