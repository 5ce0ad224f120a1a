"""
Write the stubs of faces: the types of what a face passes on are those of the object behind it.

A face (`relvar.util.proxied`, `relvar.ext.asyncio.derive`) names methods, as in
``commit = awaited(Session.commit)``. Decorators lose overloads, and type checkers need not agree about
attributes without annotations. So each module of faces has a stub beside it, made from the annotations of
what it names:

    python tools/derive_faces.py            write the stubs
    python tools/derive_faces.py --check    say which are not what they should be

Rules:

1. A method has the parameters and overloads of the method it stands for, less those that begin with ``_``.
2. It is a coroutine where its function is one, or one on the way to the method it stands for.
3. What is opened (`Opened`) gives ``AsyncResult`` where the method gives ``Result``, and so on.
4. An attribute has the type of the property, or the annotation in the class, that it stands for.
"""

from __future__ import annotations

import ast
import builtins
import functools
import importlib
import inspect
import re
import sys
import types
import typing
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from relvar.util.proxied import Attribute

SOURCE = Path(__file__).resolve().parent.parent / "src"
MODULES = (
    "relvar.orm.session.face",
    "relvar.ext.asyncio.resultface",
    "relvar.ext.asyncio.faces",
    "relvar.ext.asyncio.scopedface",
)
WIDTH = 110
OPENED = "relvar.ext.asyncio.derive", "Opened"
RESULTS = "relvar.ext.asyncio.result"


@functools.cache
def names_of(module: str) -> dict[str, tuple[str, str]]:
    """Return where each global name of a module is from: (module, name)."""
    place = SOURCE.joinpath(*module.split("."))  # what is imported may be compiled
    source = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    tree = ast.parse(source.read_text())
    found: dict[str, tuple[str, str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            for each in node.names:
                found.setdefault(each.asname or each.name, (node.module, each.name))
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.ClassDef):
            found[node.name] = (module, node.name)
        for target in targets:
            if isinstance(target, ast.Name):
                found[target.id] = (module, target.id)
    return found


def chain(entry: Any) -> Iterator[Any]:
    """Yield a function of a face, and what it stands for, to the one that is written by hand."""
    while True:
        yield entry
        # a function that was updated from another one has its marks too
        behind = getattr(entry, "__wrapped__", None) or getattr(entry, "stands_for", None)
        if behind is None:
            return
        entry = behind


def declaration(
    start: str, parameters: list[str], returned: str, remark: str = "", remarked: str = ""
) -> Iterator[str]:
    """
    Yield the lines of a function in a stub, as ruff formats them.

    Args:
        start: What comes before the parentheses.
        remark: A comment, at the end of the first line.
        remarked: The parameter that it is about, if that has a line of its own.
    """
    line = f"{start}({', '.join(parameters)}) -> {returned}: ..."
    if len(line) <= WIDTH:
        yield line + remark
        return
    indent = start[: len(start) - len(start.lstrip())]
    yield f"{start}(" + remark * (not remarked)
    whole = f"{indent}    {', '.join(parameters)}"
    if len(whole) <= WIDTH and not remarked:
        yield whole
    else:
        yield from (f"{indent}    {each}," + remark * (each == remarked) for each in parameters)
    yield f"{indent}) -> {returned}: ..."


def with_star(annotation: str) -> str:
    """Return an annotation as one writes it: ``Row[*_Ts]``; Python and compiled modules have others."""
    return re.sub(r"\bUnpack\[(_Ts|tuple\[Any, \.\.\.\])\]", r"*\1", annotation.replace(",]", "]"))


class Stub:
    """
    The stub of one module, while it is written.
    """

    def __init__(self, module: str) -> None:
        self.module = module
        self.imports: dict[str, set[str]] = {}
        self.variables: dict[str, str] = {}  # of types, by name: how they are made

    def use(self, annotation: str, module: str) -> str:
        """Import what an annotation of *module* names, and return the annotation."""
        annotation = with_star(annotation)
        for node in ast.walk(ast.parse(annotation, mode="eval")):
            if isinstance(node, ast.Name) and not hasattr(builtins, node.id):
                self.need(*names_of(module)[node.id])
        return annotation

    def need(self, module: str, name: str) -> None:
        """Import a name; a variable of types is made again."""
        found = getattr(sys.modules.get(module), name, None)  # of a stub alone there is none
        if isinstance(found, typing.TypeVar | typing.TypeVarTuple):
            kind = type(found).__name__
            self.need("typing", kind)
            bound = getattr(found, "__bound__", None)
            made = f'{name} = {kind}("{name}"{f", bound={bound.__name__}" if bound else ""})'
            if self.variables.setdefault(name, made) != made:
                raise LookupError(f"two variables of types are called {name}: {made}, {self.variables[name]}")
        elif module != self.module:
            self.imports.setdefault(module, set()).add(name)

    # -- methods ------------------------------------------------------------------------

    def method(self, face: str, name: str, entry: Any) -> Iterator[str]:
        """Yield the lines of a method."""
        functions = [getattr(each, "__func__", each) for each in chain(entry)]
        origin = functions[-1]
        is_async = any(inspect.iscoroutinefunction(each) for each in functions)
        is_opened = any(
            str(each.__annotations__.get("return", "")).startswith("Opened[") for each in functions
        )
        overloads = typing.get_overloads(origin)
        for each in overloads or [origin]:
            if overloads:
                self.need("typing", "overload")
                yield "    @overload"
            if isinstance(entry, types.MethodType):
                yield "    @classmethod"
            returned = self.returned(each, is_opened)
            start = f"    {'async ' * is_async}def {name}"
            yield from declaration(start, list(self.parameters(face, each, origin)), returned)

    def returned(self, function: Callable[..., Any], is_opened: bool) -> str:
        """Return what a method is said to give."""
        given: str = function.__annotations__["return"]
        if not is_opened:
            return self.use(given, function.__module__)
        kind, _, of_what = with_star(given).partition("[")
        self.use("tuple[" + of_what, function.__module__)
        of_asyncio = "Async" + kind.removeprefix("Cursor")
        self.need(*OPENED)
        self.need(RESULTS, of_asyncio)
        return f"Opened[{of_asyncio}[{of_what}]"

    def parameters(self, face: str, function: Callable[..., Any], origin: Any) -> Iterator[str]:
        """Yield the parameters of a method, and the signs between them."""
        kind: Any = None
        of_class = origin.__qualname__.partition(".")[0]
        for index, each in enumerate(inspect.signature(function).parameters.values()):
            if index and each.name.startswith("_"):
                continue
            if kind is each.POSITIONAL_ONLY and each.kind is not kind:
                yield "/"
            if each.kind is each.KEYWORD_ONLY and kind not in (each.KEYWORD_ONLY, each.VAR_POSITIONAL):
                yield "*"
            kind = each.kind
            text = {each.VAR_POSITIONAL: "*", each.VAR_KEYWORD: "**"}.get(kind, "") + each.name
            if each.annotation is not each.empty:
                annotation: str = each.annotation
                if not index:  # which results have the method: of this class, here
                    of_what = annotation.removeprefix(of_class)
                    self.use("tuple" + of_what, function.__module__)
                    annotation = face + of_what
                else:
                    annotation = self.use(annotation, function.__module__)
                text += f": {annotation}"
            if each.default is not each.empty:
                is_plain = each.default is None or isinstance(each.default, (bool, int, str))
                text += f" = {each.default!r}" if is_plain else " = ..."
            yield text.replace("'", '"')
        if kind is inspect.Parameter.POSITIONAL_ONLY:
            yield "/"

    # -- attributes ---------------------------------------------------------------------

    def attribute(self, name: str, entry: Any) -> str:
        """Return the line of an attribute."""
        owner, name_there = entry.owner, entry.name
        found = inspect.getattr_static(owner, name_there, None)
        if isinstance(found, Attribute):
            return self.attribute(name, found)
        self.need("relvar.util.proxied", "Attribute")
        getter: Any = getattr(found, "fget", None)  # of a property, memoized or not
        if getter is not None:
            return f"    {name}: Attribute[{self.use(getter.__annotations__['return'], getter.__module__)}]"
        for each in owner.__mro__:
            annotation = each.__dict__.get("__annotations__", {}).get(name_there)
            if annotation is not None:
                return f"    {name}: Attribute[{self.use(annotation, each.__module__)}]"
        raise LookupError(f"{owner.__name__}.{name_there} has no annotation in the class")

    # -- the whole ------------------------------------------------------------------------

    def face(self, cls: type[Any]) -> str:
        """Return a class."""
        generic = [repr(each) for each in getattr(cls, "__orig_bases__", ()) if "Generic[" in repr(each)]
        bases = (
            f"({self.use(generic[0].replace('typing.', '').replace('~', ''), self.module)})"
            if generic
            else ""
        )
        lines: list[str] = []
        entries: dict[str, Any] = {}
        for each in reversed(cls.__mro__):
            entries |= {name: getattr(each, name) for name in vars(each) if not name.startswith("_")}
        for name, entry in entries.items():
            if isinstance(entry, Attribute):
                lines.append(self.attribute(name, entry))
            elif len(list(chain(entry))) > 1 or isinstance(entry, types.MethodType):
                lines.extend(self.method(cls.__name__, name, entry))
        return f"class {cls.__name__}{bases}:\n" + "\n".join(lines) + "\n"

    def text(self) -> str:
        """Return the stub."""
        module = importlib.import_module(self.module)
        faces = [each for each in vars(module).values() if getattr(each, "__module__", "") == self.module]
        classes = "\n".join(self.face(each) for each in faces if isinstance(each, type))
        public = ", ".join(f'"{name}"' for name in module.__all__)
        head = f'"""\nThe types of `{self.module}`, written by tools/derive_faces.py.\n"""\n'
        variables = "".join(f"{made}\n" for _, made in sorted(self.variables.items()))
        return f"{head}\n{self.import_lines()}\n__all__ = [{public}]\n\n{variables}\n{classes}"

    def import_lines(self) -> str:
        """Return the imports in the order that ruff wants."""
        groups: tuple[list[str], list[str]] = ([], [])
        for module, names in sorted(self.imports.items()):
            groups[module.startswith("relvar")].append(import_of(module, sorted(names, key=rank)))
        return "\n".join("".join(group) for group in groups if group)


def rank(name: str) -> tuple[bool, str]:
    """Sort classes before functions."""
    return name[0].islower(), name


def import_of(module: str, names: list[str]) -> str:
    """Return one import, on one line where that is long enough."""
    line = f"from {module} import {', '.join(names)}\n"
    if len(line) <= WIDTH + 1:
        return line
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")\n"


def stubs(modules: Iterable[str] = MODULES) -> Iterator[tuple[Path, str]]:
    """Yield where each stub is and what it has to say."""
    for module in modules:
        yield SOURCE / (module.replace(".", "/") + ".pyi"), Stub(module).text()


def main(arguments: list[str]) -> int:
    """Write, or check; return 1 if a stub is not what it should be."""
    wrong = 0
    for path, text in stubs():
        if "--check" not in arguments:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            print(f"{path} is not what tools/derive_faces.py makes of the classes behind it: run that")
            wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
