"""
What SQLAlchemy's modules are called, and where relvar has what is in them.

`_names` is generated from a manifest (tools/face.tsv); this is how it is read.

Rule 1: a module of SQLAlchemy shows all that relvar's module at the same place has.
Rule 2: names that relvar keeps elsewhere, and modules that it has not, are in the tables.
Rule 3: beside the modules in the tables, those of relvar's packages for programs are there.
"""

from __future__ import annotations

import importlib.util
from importlib import import_module
from typing import Any

from relvar.compat import _names

API_LEVEL = "2.1.9"
"""The version of SQLAlchemy whose API relvar has."""

_PACKAGES = frozenset(
    (
        "connectors dialects engine event events exc ext inspection orm pool schema sql testing types util"
    ).split()
)


def relvar_name(module: str) -> str:
    """
    Return what relvar calls the module at the place of one of SQLAlchemy's.

    >>> relvar_name("sqlalchemy.orm")
    'relvar.orm'
    """
    return "relvar" + module.removeprefix("sqlalchemy")


def is_module(module: str) -> bool:
    """
    Tell whether relvar shows a module of SQLAlchemy's, without importing it.
    """
    if module == "sqlalchemy" or module in _names.ELSEWHERE:
        return True
    return module.split(".")[1] in _PACKAGES and _is_found(relvar_name(module))


def _is_found(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # of its parent
        return False


def target_of(module: str) -> Any:
    """
    Return relvar's module at the same place, ``None`` if it has none.
    """
    name = relvar_name(module)
    return import_module(name) if module == "sqlalchemy" or _is_found(name) else None


def elsewhere(module: str) -> dict[str, str]:
    """
    Return where relvar has the names of a module that it keeps at another place: ``"module:name"``, or a
    module's name.
    """
    return _names.ELSEWHERE.get(module, {})


def homes_in(module: str) -> dict[str, str]:
    """
    Return which module of SQLAlchemy each class of a module of relvar is to say it is of.
    """
    return {name: home for home, names in _names.HOMES.get(module, {}).items() for name in names.split()}
