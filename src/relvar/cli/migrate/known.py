"""
What relvar has of SQLAlchemy's names, and where.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from relvar import __version__
from relvar.compat import places

__all__ = ["has_module", "lacking", "place_of"]

_ABSENT = object()


@cache
def _load(module: str) -> Any:
    """
    Return relvar's module at the place of SQLAlchemy's; None if there is none, a text if it needs a package.
    """
    name = places.relvar_name(module)
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        is_ours = error.name is not None and (error.name == name or name.startswith(f"{error.name}."))
        return None if is_ours else str(error)
    except ImportError as error:
        return str(error)


def has_module(module: str) -> bool:
    """
    Tell whether relvar has a module at the place of one of SQLAlchemy's.

    >>> has_module("sqlalchemy.orm"), has_module("sqlalchemy.engine.cursor")
    (True, False)
    """
    return _load(module) is not None


def place_of(module: str, name: str) -> str | None:
    """
    Return the module of relvar that has a name of SQLAlchemy's module under the same name; None if none has.

    >>> place_of("sqlalchemy.orm", "Session"), place_of("sqlalchemy.engine.cursor", "CursorResult")
    ('relvar.orm', 'relvar.rows.cursor')
    >>> place_of("sqlalchemy", "nonsense")
    """
    found = _load(module)
    if isinstance(found, str) or _get(module, found, name) is not _ABSENT:
        return places.relvar_name(module)
    home, _, its_name = places.elsewhere(module).get(name, "").partition(":")
    return home if home and its_name == name else None


def _get(module: str, found: Any, name: str) -> Any:
    if isinstance(found, ModuleType) and hasattr(found, name):
        return getattr(found, name)
    submodule = _load(f"{module}.{name}")
    return _ABSENT if submodule is None else submodule


def lacking(module: str, names: Sequence[str]) -> str | None:
    """
    Say what relvar has not of ``module.name.name``, or has at another place; None if all is there.

    >>> lacking("sqlalchemy", ["orm", "Session", "get"])
    >>> lacking("sqlalchemy", ["orm", "Sessions"])
    'relvar has no orm.Sessions'
    >>> lacking("sqlalchemy.engine.cursor", ["CursorResult"])
    'relvar has engine.cursor.CursorResult elsewhere: relvar.rows.cursor.CursorResult'
    >>> lacking("sqlalchemy", ["engine", "cursor"])
    'relvar has no module engine.cursor'
    """
    found = _load(module)
    if found is None and not names:
        return f"relvar has no module {_short(module)}"
    for name in names:
        if isinstance(found, str) or not (found is None or isinstance(found, ModuleType)):
            return None
        if name == "__version__" and module == "sqlalchemy":
            return f"__version__ is relvar's own, {__version__}; its API is that of {places.API_LEVEL}"
        value = _get(module, found, name)
        if value is _ABSENT and not _is_inner(module, name):
            place = places.elsewhere(module).get(name)
            if place is None:
                return f"relvar has no {_short(f'{module}.{name}')}"
            return f"relvar has {_short(f'{module}.{name}')} elsewhere: {place.replace(':', '.')}"
        module, found = f"{module}.{name}", None if value is _ABSENT else value
    return f"relvar has no module {_short(module)}" if found is None else None


def _is_inner(module: str, name: str) -> bool:
    """
    Tell whether names in it are known: relvar has no module ``engine.cursor``, but what is in it.
    """
    return bool(places.elsewhere(f"{module}.{name}"))


def _short(name: str) -> str:
    return name.removeprefix("sqlalchemy").lstrip(".") or "itself"
