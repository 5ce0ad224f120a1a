"""
The types of `relvar._kernels.lists`, whose source is Cython in Python syntax.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

__all__ = ["columns_of_tables", "columns_with_names", "configure_lists", "keys_of_columns"]

def configure_lists(
    label_class: type[Any],
    new_entry: Callable[[tuple[Any, ...]], Any],
    key_of: Callable[[Any, bool], str | None],
) -> None: ...
def keys_of_columns(
    columns: Iterable[Any], qualified: bool, distinct: bool, key_of: Callable[[Any, bool], str | None]
) -> list[str | None]: ...
def columns_of_tables(
    columns: Sequence[Any], compiler: Any, distinct: bool, bare: bool, entries: list[Any] | None
) -> list[str] | None: ...
def columns_with_names(
    columns: Iterable[Any], compiler: Any, distinct: bool, populate: bool, asfrom: bool
) -> list[str] | None: ...
