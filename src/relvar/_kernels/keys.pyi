from collections.abc import Callable
from typing import Any

__all__ = [
    "Structure",
    "entities_key",
    "next_serial",
    "on_too_deep",
    "on_unsaid",
    "statement_key",
    "structure",
]

class Structure:
    @property
    def key(self) -> Any: ...
    cacheable: bool
    parts: tuple[Any, ...]
    binds: tuple[Any, ...]
    atoms: tuple[Any, ...]
    final: Any

def next_serial() -> int: ...
def on_too_deep(error: Callable[[], Exception]) -> None: ...
def on_unsaid(hook: Callable[[type[Any]], None]) -> None: ...
def structure(node: Any) -> Structure: ...

entities_key: Callable[[Any], Any]

def statement_key(statement: Any) -> tuple[Any, tuple[Any, ...]]: ...
