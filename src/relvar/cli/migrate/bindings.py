"""
What the names of a file mean: modules of SQLAlchemy, or something of the file's own.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

__all__ = ["Bindings", "annotations_of", "is_theirs"]


def is_theirs(module: str | None) -> bool:
    """
    Tell a module of SQLAlchemy's by its name.

    >>> is_theirs("sqlalchemy.orm"), is_theirs("sqlalchemy_utils"), is_theirs(None)
    (True, False, False)
    """
    return module is not None and module.partition(".")[0] == "sqlalchemy"


class Bindings:
    """
    Which modules the names of a file stand for.

    Attributes:
        modules: Name -> the module of SQLAlchemy's that it was imported for.
        own: Names that the file gives to something else, somewhere.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.modules: dict[str, str] = {}
        self.own: set[str] = set()
        for node in ast.walk(tree):
            self._read(node)

    def _read(self, node: ast.AST) -> None:
        match node:
            case ast.Import():
                for alias in node.names:
                    self._import(alias)
            case ast.ImportFrom():
                for alias in node.names:
                    name = alias.asname or alias.name
                    if is_theirs(node.module) and not node.level:
                        self.modules[name] = f"{node.module}.{alias.name}"
                    else:
                        self.own.add(name)
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                self.own.add(name)
            case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                self.own.add(name)
            case ast.ClassDef(name=name):
                self.own.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                self.own.add(name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                self.own.update(names)

    def _import(self, alias: ast.alias) -> None:
        if not is_theirs(alias.name):
            self.own.add(alias.asname or alias.name.partition(".")[0])
        elif alias.asname:
            self.modules[alias.asname] = alias.name
        else:
            self.modules["sqlalchemy"] = "sqlalchemy"

    @property
    def is_plain(self) -> bool:
        """
        Tell whether ``sqlalchemy`` means only the module, so that it can be called ``relvar``.
        """
        return not self.own & {"sqlalchemy", "relvar"}


def annotations_of(tree: ast.Module) -> Iterator[tuple[ast.Constant, str]]:
    """
    Yield the strings that are types, with their text: in annotations, and the first argument of ``cast()``.
    """
    for node in ast.walk(tree):
        found: Any = None
        match node:
            case ast.AnnAssign(annotation=found) | ast.arg(annotation=found):
                pass
            case ast.FunctionDef(returns=found) | ast.AsyncFunctionDef(returns=found):
                pass
            case ast.Call(func=ast.Name(id="cast") | ast.Attribute(attr="cast"), args=[found, _]):
                pass
        if isinstance(found, ast.AST):
            yield from _strings(found)


def _strings(node: ast.AST) -> Iterator[tuple[ast.Constant, str]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node, node.value
    elif isinstance(node, ast.Subscript) and "Literal" in ast.dump(node.value):
        return
    else:
        for child in ast.iter_child_nodes(node):
            yield from _strings(child)
