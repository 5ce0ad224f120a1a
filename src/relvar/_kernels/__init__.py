"""
Choose between compiled and interpreted kernels, once, for all of them.

Every kernel is one Python file that Cython can compile to an extension beside
it, and so are some modules of the layers above (see setup.py).  Python prefers
the extension.  ``RELVAR_PURE=1`` makes it take the source.

Rule 1: a kernel imports nothing from relvar but other kernels.
Rule 2: both modes give the same answers; only the time differs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import spec_from_file_location
from types import ModuleType

__all__ = ["is_compiled"]

_PREFIX = __name__.partition(".")[0] + "."


class _SourceFinder(PathFinder):
    """Find relvar's modules in their source form only."""

    @classmethod
    def find_spec(
        cls, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not fullname.startswith(_PREFIX):
            return None
        for folder in path or ():
            source = os.path.join(folder, fullname.rpartition(".")[2] + ".py")
            if os.path.exists(source):
                return spec_from_file_location(fullname, source, loader=SourceFileLoader(fullname, source))
        return None


if os.environ.get("RELVAR_PURE") == "1":
    sys.meta_path.insert(0, _SourceFinder)


def is_compiled() -> bool:
    """
    Tell whether the kernels in use are compiled.

    >>> isinstance(is_compiled(), bool)
    True
    """
    from relvar._kernels import keys

    return not str(keys.__file__).endswith(".py")
