"""
The types of `relvar._kernels.sealed`, whose source is Cython in Python syntax.
"""

from typing import Any

__all__ = ["Sealed"]

class Sealed(type):
    def __init__(cls, *arguments: Any, **keywords: Any) -> None: ...
    def __setattr__(cls, name: str, value: Any) -> None: ...
    def __delattr__(cls, name: str) -> None: ...
