"""
Lazy loads that are likely to be a query per object.

A program is read, not run: ``for order in orders: order.items`` is found where ``items`` is a lazy
relationship of a class that the loop is about, or of one class only, and the function around it names no
``Order.items``, as an option that loads it would.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from relvar.cli.check.finding import Finding, of_relationship
from relvar.cli.check.places import Program
from relvar.cli.check.relations import relationships
from relvar.orm import Mapper, RelationshipDirection

__all__ = ["check_loads"]

_LAZY = ("select", True)
_SHOWN = ("__repr__", "__str__", "__format__", "__hash__", "__eq__", "__lt__")
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def check_loads(mappers: Sequence[Mapper[Any]], programs: Iterable[Program]) -> Iterator[Finding]:
    """
    Yield the lazy relationships that are read object by object.
    """
    lazy = [relation for relation in relationships(mappers) if relation.lazy in _LAZY]
    by_name: dict[str, list[Any]] = {}
    for relation in lazy:
        by_name.setdefault(relation.key, []).append(relation)
        yield from _by_other_columns(relation)
    for program in programs:
        yield from _in_methods(program, lazy)
        for scope in _scopes(program.tree):
            yield from _in_loops(program, scope, by_name)


def _by_other_columns(relation: Any) -> Iterator[Finding]:
    """
    A reference whose target cannot be found among the objects that are there.
    """
    if relation.direction is not RelationshipDirection.MANYTOONE or relation.viewonly:
        return
    referred = {remote for _, remote in relation.local_remote_pairs}
    if referred != set(relation.mapper.primary_key):
        names = ", ".join(sorted(column.name for column in referred))
        yield Finding(
            of_relationship(relation),
            "RV403",
            f"it is by {names}, not by the primary key, so that each object asks the database",
            'write lazy="selectin", or refer to the primary key',
        )


def _in_methods(program: Program, lazy: Sequence[Any]) -> Iterator[Finding]:
    """
    What is shown or computed of each object.
    """
    classes = program.classes()
    for relation in lazy:
        node = classes.get(relation.parent.class_.__name__)
        if node is None or relation.parent.class_.__module__ == "builtins":
            continue
        for method in node.body:
            if not isinstance(method, _Function) or not method.args.args or not _is_read_per_object(method):
                continue
            own = method.args.args[0].arg
            for read in ast.walk(method):
                if _is_read(read, own, relation.key):
                    yield Finding(
                        of_relationship(relation),
                        "RV402",
                        f"{method.name} reads it, with a query for each object",
                        'write lazy="selectin", or leave it out there',
                        program.file,
                        getattr(read, "lineno", method.lineno),
                    )
                    break


def _is_read_per_object(method: _Function) -> bool:
    decorators = {getattr(d, "id", getattr(d, "attr", "")) for d in method.decorator_list}
    return method.name in _SHOWN or bool(decorators & {"property", "cached_property"})


def _is_read(node: ast.AST, variable: str, attribute: str) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == attribute
        and isinstance(node.ctx, ast.Load)
        and isinstance(node.value, ast.Name)
        and node.value.id == variable
    )


def _scopes(tree: ast.Module) -> Iterator[ast.AST]:
    """
    Yield the functions of a program, and what stands outside of them.
    """
    functions = [node for node in ast.walk(tree) if isinstance(node, _Function)]
    yield from functions
    yield ast.Module(
        [node for node in tree.body if not isinstance(node, (*_Function.__args__, ast.ClassDef))], []
    )


def _in_loops(program: Program, scope: ast.AST, by_name: dict[str, list[Any]]) -> Iterator[Finding]:
    named = {
        (node.value.id, node.attr)
        for node in ast.walk(scope)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    told = set()
    for variable, source, bodies in _loops(scope):
        for body in bodies:
            for read in ast.walk(body):
                if not isinstance(read, ast.Attribute) or not _is_read(read, variable, read.attr):
                    continue
                relation = _meant(by_name.get(read.attr, ()), source, scope)
                if relation is None or relation in told:
                    continue
                if (relation.parent.class_.__name__, relation.key) in named:
                    continue
                # for item in order.items: item.order
                if isinstance(source, ast.Attribute) and source.attr == relation.back_populates:
                    continue
                told.add(relation)
                name = of_relationship(relation)
                yield Finding(
                    name,
                    "RV401",
                    f"a loop reads it of each {relation.parent.class_.__name__}, with a query each",
                    f"load them together: options(selectinload({name}))",
                    program.file,
                    read.lineno,
                )


def _loops(scope: ast.AST) -> Iterator[tuple[str, ast.expr, list[ast.AST]]]:
    """
    Yield the variable of each loop, what it goes over, and what is done with it.
    """
    for node in ast.walk(scope):
        if isinstance(node, (ast.For, ast.AsyncFor)) and isinstance(node.target, ast.Name):
            yield node.target.id, node.iter, list(node.body)
        elif isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
            parts: list[ast.AST] = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            for number, part in enumerate(node.generators):
                if isinstance(part.target, ast.Name):
                    later: list[ast.AST] = [other.iter for other in node.generators[number + 1 :]]
                    yield part.target.id, part.iter, [*parts, *part.ifs, *later]


def _meant(candidates: Sequence[Any], source: ast.expr, scope: ast.AST) -> Any:
    """
    Return the relationship that is read: of the class that the loop names, else the only one of that name.
    """
    for place in (source, scope):
        names = {node.id for node in ast.walk(place) if isinstance(node, ast.Name)}
        found = [relation for relation in candidates if relation.parent.class_.__name__ in names]
        if len(found) == 1:
            return found[0]
    return candidates[0] if len(candidates) == 1 else None
