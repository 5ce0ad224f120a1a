"""
Read the programs that the classes are written in.
"""

from __future__ import annotations

import ast
import inspect
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from types import ModuleType

from relvar.cli.check.finding import Finding

__all__ = ["Program", "located", "programs_of"]


@dataclass
class Program:
    """
    A file and its tree.
    """

    file: str
    tree: ast.Module

    def classes(self) -> dict[str, ast.ClassDef]:
        """
        Return its classes by name.
        """
        return {node.name: node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef)}


def programs_of(modules: Iterable[ModuleType]) -> list[Program]:
    """
    Return the programs of modules, as far as they are files.
    """
    found: dict[str, Program] = {}
    for module in modules:
        try:
            file = inspect.getsourcefile(module)
            source = inspect.getsource(module)
        except (OSError, TypeError):
            continue
        if file is not None and file not in found:
            short = os.path.relpath(file)
            found[file] = Program(file if short.startswith("..") else short, ast.parse(source))
    return list(found.values())


def located(findings: Iterable[Finding], programs: Iterable[Program]) -> list[Finding]:
    """
    Return findings with file and line of their attributes, sorted by place.
    """
    places: dict[str, tuple[str, int]] = {}
    for program in programs:
        for name, node in program.classes().items():
            places.setdefault(name, (program.file, node.lineno))
            for statement in node.body:
                for target in _targets(statement):
                    places.setdefault(f"{name}.{target}", (program.file, statement.lineno))
    made = []
    for finding in findings:
        place = places.get(finding.where) or places.get(finding.where.partition(".")[0])
        if finding.file is None and place is not None:
            finding = replace(finding, file=place[0], line=place[1])
        made.append(finding)
    return sorted(made, key=lambda f: (f.file or "", f.line or 0, f.where, f.code, f.text))


def _targets(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return [statement.target.id]
    if isinstance(statement, ast.Assign):
        return [target.id for target in statement.targets if isinstance(target, ast.Name)]
    return []
