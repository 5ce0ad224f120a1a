"""
Import the module that a command is to read, and find the tables and classes in it.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from relvar import MetaData, Table
from relvar.orm import Mapper, registry

__all__ = ["load", "mappers_of", "metadata_of"]


def load(target: str) -> ModuleType:
    """
    Import a module by its name (``shop.models``) or file (``shop/models.py``).

    Raises:
        ClickException: There is none, or it does not import; the text has the module's own error.
    """
    is_file = target.endswith(".py") or os.sep in target
    name, place = _of_file(Path(target)) if is_file else (target, Path.cwd())
    if str(place) not in sys.path:
        sys.path.insert(0, str(place))
    importlib.invalidate_caches()
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            raise click.ClickException(
                f"there is no module {error.name!r}, looked for from {place}"
            ) from error
        raise click.ClickException(_own_error(target, error)) from error
    except (Exception, SystemExit) as error:
        raise click.ClickException(_own_error(target, error)) from error


def _of_file(path: Path) -> tuple[str, Path]:
    """
    Return the name of a file's module, and the folder from which it is imported.
    """
    if not path.is_file():
        raise click.ClickException(f"there is no file {path}")
    path = path.resolve()
    parts = [] if path.stem == "__init__" else [path.stem]
    folder = path.parent
    while (folder / "__init__.py").exists():
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts), folder


def _own_error(target: str, error: BaseException) -> str:
    """
    Say what a module's import raised, and in which of its lines.
    """
    text = f"{target} does not import: {type(error).__name__}: {error}"
    if isinstance(error, SyntaxError):
        return text  # which says the line itself
    ours = str(Path(__file__).parent.parent)
    lines = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith((ours, "<frozen")) and frame.filename != importlib.__file__
    ]
    return f"{text} ({lines[-1].filename}, line {lines[-1].lineno})" if lines else text


def metadata_of(module: ModuleType) -> list[MetaData]:
    """
    Return the collections of tables that a module shows: by name, by a table, by a mapped class.

    Raises:
        ClickException: It shows none with a table.
    """
    found: dict[int, MetaData] = {}
    for value in vars(module).values():
        metadata = value if isinstance(value, MetaData) else getattr(value, "metadata", None)
        is_source = isinstance(value, (MetaData, Table, registry)) or _is_declarative(value)
        if is_source and isinstance(metadata, MetaData) and metadata.tables:
            found.setdefault(id(metadata), metadata)
    if not found:
        raise click.ClickException(_nothing(module, "tables"))
    return list(found.values())


def mappers_of(module: ModuleType) -> list[Mapper[Any]]:
    """
    Return the mappers of the classes that a module shows, and of those mapped with them, by class name.

    Raises:
        ClickException: It shows no mapped class.
    """
    mappers: dict[int, Mapper[Any]] = {}
    for value in vars(module).values():
        mapping = value if isinstance(value, registry) else getattr(value, "registry", None)
        if isinstance(mapping, registry) and (isinstance(value, registry) or _is_declarative(value)):
            mappers |= {id(mapper): mapper for mapper in mapping.mappers}
        elif isinstance(value, type) and isinstance(getattr(value, "__mapper__", None), Mapper):
            mapper = value.__dict__.get("__mapper__")
            if mapper is not None:
                mappers |= {id(other): other for other in mapper.registry.mappers}
    if not mappers:
        raise click.ClickException(_nothing(module, "mapped classes"))
    return sorted(mappers.values(), key=lambda m: (m.class_.__module__, m.class_.__qualname__))


def _is_declarative(value: object) -> bool:
    return isinstance(value, type) and isinstance(getattr(value, "registry", None), registry)


def _nothing(module: ModuleType, what: str) -> str:
    """
    Say that a module has nothing to read, and why that may be.
    """
    text = f"{module.__name__} has no {what}"
    uses = any(
        str(getattr(value, "__module__", "")).partition(".")[0] == "sqlalchemy"
        for value in vars(module).values()
    )
    if uses and "relvar" not in vars(module):
        text += "; it uses SQLAlchemy: relvar --as-sqlalchemy reads it, relvar migrate-imports moves it over"
    return text
