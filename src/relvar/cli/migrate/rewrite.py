"""
Decide what becomes of one file.

Rule 1: imports of ``sqlalchemy`` name relvar's modules; names that relvar keeps elsewhere are imported from
there, if all of one import are.
Rule 2: after ``import sqlalchemy``, the name becomes ``relvar`` wherever it is used, in annotations that are
text too; in a file that gives either name another meaning, ``import relvar as sqlalchemy`` leaves uses alone.
Rule 3: comments and other strings stay. Where a string names a module to import, that is reported.
Rule 4: what relvar lacks is reported, and rewritten all the same.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from relvar.cli.migrate.bindings import Bindings, annotations_of, is_theirs
from relvar.cli.migrate.known import has_module, lacking, place_of
from relvar.cli.migrate.source import Source

__all__ = ["Problem", "Rewritten", "rewrite"]

_FROM = re.compile(rb"from(?:\s|\\)+(sqlalchemy(?:\s*\.\s*\w+)*)")
_STRING = re.compile(rb"""[rRuU]?('''|\"""|'|")(.*)\1""", re.DOTALL)
_IMPORTERS = {"import_module", "__import__", "importorskip", "find_spec", "patch"}


class Problem(NamedTuple):
    """
    What a reader has to look at.
    """

    line: int
    text: str


@dataclass(frozen=True)
class Rewritten:
    """
    A file after the rewriting, and what to look at in it.
    """

    content: bytes
    problems: list[Problem]


def rewrite(content: bytes) -> Rewritten:
    r"""
    Return a file that imports relvar where it imported SQLAlchemy.

    >>> rewrite(b"import sqlalchemy.orm\nx = sqlalchemy.orm.Session\n").content
    b'import relvar.orm\nx = relvar.orm.Session\n'
    >>> rewrite(b"from sqlalchemy import select, nonsense\n").problems
    [Problem(line=1, text='relvar has no nonsense')]

    Raises:
        SyntaxError: It is not Python.
    """
    if b"sqlalchemy" not in content:
        return Rewritten(content, [])
    file = _File(Source(content))
    file.run()
    return Rewritten(file.source.changed(), sorted(set(file.problems)))


class _File:
    """
    One file on its way.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.bindings = Bindings(source.tree)
        self.problems: list[Problem] = []
        # the name by which uses are to be changed, if they are
        self.renames = "sqlalchemy" in self.bindings.modules and self.bindings.is_plain

    def run(self) -> None:
        for node in ast.walk(self.source.tree):
            match node:
                case ast.Import():
                    for alias in node.names:
                        if is_theirs(alias.name):
                            self._import(alias)
                case ast.ImportFrom(level=0) if is_theirs(node.module):
                    self._import_from(node)
                case ast.Attribute():
                    self._check_chain(node)
                case ast.Name(id="sqlalchemy") if self.renames:
                    self._rename(node.lineno, self.source.start(node))
                case ast.Call(args=[ast.Constant(value=str(text)), *_]) if is_theirs(text):
                    self._check_call(node, text)
        if self.renames:
            for node, text in annotations_of(self.source.tree):
                self._rename_in_string(node, text)

    def _report(self, line: int, text: str | None) -> None:
        if text is not None:
            self.problems.append(Problem(line, text))

    def _import(self, alias: ast.alias) -> None:
        """
        ``import sqlalchemy.x``, ``import sqlalchemy.x as y``.
        """
        self._report(alias.lineno, None if has_module(alias.name) else lacking(alias.name, []))
        start = self.source.start(alias)
        if alias.asname or self.renames:
            self.source.replace(start, start + len("sqlalchemy"), "relvar")
            return
        name = "relvar" + alias.name.removeprefix("sqlalchemy")
        modules = [] if name == "relvar" else [name]
        self.source.replace(start, self.source.end(alias), ", ".join([*modules, "relvar as sqlalchemy"]))

    def _import_from(self, node: ast.ImportFrom) -> None:
        """
        ``from sqlalchemy.x import y``.
        """
        module = node.module or ""
        found = _FROM.match(self.source.bytes, self.source.start(node))
        if found is None:
            self._report(node.lineno, "the import could not be read: change it by hand")
            return
        start, end = found.span(1)
        homes = {place_of(module, alias.name) for alias in node.names if alias.name != "*"}
        home = homes.pop() if len(homes) == 1 else None
        if home is not None and not has_module(module):
            self.source.replace(start, end, home)
            return
        self.source.replace(start, start + len("sqlalchemy"), "relvar")
        for alias in node.names:
            names = [] if alias.name == "*" else [alias.name]
            self._report(alias.lineno, lacking(module, names))

    def _check_chain(self, node: ast.Attribute) -> None:
        """
        ``sqlalchemy.orm.Session``: does relvar have it?
        """
        names: list[str] = []
        value: ast.expr = node
        while isinstance(value, ast.Attribute):
            names.insert(0, value.attr)
            value = value.value
        if isinstance(value, ast.Name) and value.id not in self.bindings.own:
            module = self.bindings.modules.get(value.id)
            # what was imported and is not there has been reported
            if module is not None and has_module(module):
                self._report(node.lineno, lacking(module, names))

    def _check_call(self, node: ast.Call, text: str) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in _IMPORTERS:
            self._report(node.lineno, f"{name}() names {text!r} in a string: change it by hand")

    def _rename(self, line: int, start: int) -> None:
        end = start + len("sqlalchemy")
        if self.source.bytes[start:end] == b"sqlalchemy":
            self.source.replace(start, end, "relvar")
        else:
            # inside of an f-string, of which older Pythons do not tell the columns
            self._report(line, "a use of sqlalchemy could not be found in its line: change it by hand")

    def _rename_in_string(self, node: ast.Constant, text: str) -> None:
        """
        An annotation that is text.
        """
        start = self.source.start(node)
        found = _STRING.fullmatch(self.source.bytes, start, self.source.end(node))
        if "sqlalchemy" not in text:
            return
        if found is None or found.group(2) != text.encode():
            self._report(node.lineno, "an annotation is text in pieces: change it by hand")
            return
        for name in _names_in(text):
            if name.lineno == 1:
                self._rename(node.lineno, found.start(2) + name.col_offset)


def _names_in(text: str) -> Iterator[ast.Name]:
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == "sqlalchemy":
            yield node
