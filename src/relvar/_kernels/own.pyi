"""
The types of `relvar._kernels.own`, whose source is Cython in Python syntax.
"""

from collections.abc import Callable, Mapping
from typing import Any

def class_attribute(cls: type[Any], name: str, default: Any = None) -> Any: ...
def is_found(obj: Any, name: str, known: Any) -> bool: ...

item_of: Callable[[Mapping[str, Any], str], Any]

def instance_dict(obj: Any) -> dict[str, Any]: ...
def own_dict(obj: Any) -> dict[str, Any]: ...
