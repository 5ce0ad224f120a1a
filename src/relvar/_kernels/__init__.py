"""
Choose between compiled and interpreted kernels, once, for all of them.

Every kernel is one Python file that Cython can compile, and so are some modules
of the layers above (see setup.py).  All that is compiled is in one shared object,
``_compiled``, from which the modules are taken if it is there.  ``RELVAR_PURE=1``
makes Python take the sources.

Rule 1: a kernel imports nothing from relvar but other kernels.
Rule 2: both modes give the same answers; only the time differs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.machinery import ExtensionFileLoader, ModuleSpec
from types import ModuleType

__all__ = ["is_compiled"]


def _take_compiled() -> None:
    """Have Python take relvar's compiled modules from the shared object, if it was built."""
    try:
        import relvar._kernels._compiled as shared
    except ModuleNotFoundError:
        return

    class Loader(ExtensionFileLoader):
        """Make and run one module of the shared object."""

        def create_module(self, spec: ModuleSpec) -> ModuleType:
            return shared.create_module(spec)

        def exec_module(self, module: ModuleType) -> None:
            shared.exec_module(module)

    file = str(shared.__file__)

    class Finder:
        """Find the modules of the shared object, by their names."""

        @staticmethod
        def find_spec(
            fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
        ) -> ModuleSpec | None:
            if fullname not in shared.names:
                return None
            spec = ModuleSpec(fullname, Loader(fullname, file), origin=file)
            spec.has_location = True
            return spec

    sys.meta_path.insert(0, Finder)


if os.environ.get("RELVAR_PURE") != "1":
    _take_compiled()


def is_compiled() -> bool:
    """
    Tell whether the kernels in use are compiled.

    >>> isinstance(is_compiled(), bool)
    True
    """
    from relvar._kernels import keys

    return not str(keys.__file__).endswith(".py")
