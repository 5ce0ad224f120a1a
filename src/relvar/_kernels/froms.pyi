"""
The types of `relvar._kernels.froms`, whose source is Cython in Python syntax.
"""

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any, NoReturn

__all__ = [
    "configure_joins",
    "from_objects",
    "froms_in",
    "given_and_needed",
    "hidden_in",
    "identities",
    "is_among",
    "joined_on",
    "mentioned_columns",
    "without",
]

def froms_in(*names: str, follow: bool = True, itself: bool = False) -> Any: ...
def hidden_in(*names: str) -> Any: ...
def from_objects(elements: Iterable[Any]) -> list[Any]: ...
def identities(elements: Iterable[Any]) -> set[int]: ...
def is_among(element: Any, found: set[int]) -> bool: ...
def without(elements: Iterable[Any], found: set[int]) -> list[Any]: ...
def mentioned_columns(
    nodes: Iterable[Any], known: Container[Any], opaque: Container[str], list_operator: Any
) -> list[Any]: ...
def configure_joins(
    join_class: type[Any],
    binary_class: type[Any],
    grouped: Mapping[tuple[Any, Any], bool],
    condition: Any,
    is_own_group: Callable[[type[Any]], bool],
    refuse_itself: Callable[[], NoReturn],
) -> None: ...
def joined_on(
    left: Any, right: Any, comparison: Any, first: Any, second: Any, isouter: bool, full: bool
) -> Any: ...
def given_and_needed(statement: Any, state: Any) -> tuple[tuple[Any, ...], list[Any]]: ...
