"""
The types of `relvar._kernels.own`, whose source is Cython in Python syntax.
"""

from typing import Any

def own_dict(obj: Any) -> dict[str, Any]: ...
