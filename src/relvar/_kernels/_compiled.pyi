"""What the shared object with all compiled modules offers the import system."""

from importlib.machinery import ModuleSpec
from types import ModuleType

names: frozenset[str]
"The full names of the modules in it."
trained: bool
"Whether it is laid out by what ran often in tools/train.py."

def create_module(spec: ModuleSpec, /) -> ModuleType:
    """Make the module that an import specification names, not yet run."""

def exec_module(module: ModuleType, /) -> None:
    """Run a module that create_module() made."""
