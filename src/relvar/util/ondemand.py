"""
How faces import: without the cyclic collector, and some of their names only when these are first read.

A face re-exports far more than one program uses.  What few programs use, and no other module needs, is
not imported with the face, but found through the module's ``__getattr__`` (PEP 562).
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["collector_paused", "on_demand"]


class collector_paused:
    """
    Importing many modules with the cyclic collector paused.

    What a module makes lives as long as the process, so looking for garbage in it, a tenth of the time,
    finds none.  It is put among what was looked at often enough: otherwise the first collection afterwards
    would go through all of it.
    """

    def __enter__(self) -> None:
        self.was_enabled: bool = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        if self.was_enabled:
            # a program may keep its own objects frozen, for processes that it forks
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def on_demand(
    package: str, *, modules: Iterable[str] = (), names: Mapping[str, str] | None = None
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """
    Return ``__getattr__``, ``__dir__`` and ``__all__`` for a face; called at its end, when all else is there.

    Type checkers read the same names as imports under ``TYPE_CHECKING``.

    Args:
        package: ``__name__`` of the face.
        modules: Modules of the package that are loaded when they are first read.
        names: Where each further name is from.
    """
    where = dict(names or ())
    below = frozenset(modules)
    face = sys.modules[package]

    def load(name: str) -> Any:
        if name in below:
            return import_module(f"{package}.{name}")
        if name not in where:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(where[name]), name)
        # found directly from now on
        setattr(face, name, value)
        return value

    def known() -> list[str]:
        return sorted({*vars(face), *below, *where})

    public = getattr(face, "__all__", None) or [name for name in vars(face) if not name.startswith("_")]
    return load, known, sorted({*public, *below, *where} - {"TYPE_CHECKING", "collector_paused", "on_demand"})
