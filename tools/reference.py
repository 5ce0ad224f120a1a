"""
Write the pages of docs/reference: an entry for each public name.

Public is what ``tools/face.tsv`` and ``tools/face.toml`` list, and what the faces in ``OWN`` give.  An object
has one entry, under the shortest name that it is imported by; its other names lead there.  docs/conf.py calls
`write` before Sphinx reads the pages, and autodoc fills the entries in: nothing of it is kept.
"""

from __future__ import annotations

import ast
import enum
import inspect
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

from face import NOTHING, Faces, relvar_name

PAGES = Path(__file__).parent.parent / "docs" / "reference"

# Faces that have more than the manifest lists.
OWN = (
    "relvar",
    "relvar.orm",
    "relvar.exc",
    "relvar.ext.asyncio",
    "relvar.ext.routing",
    "relvar.testing",
    "relvar.testing.asyncio",
    "relvar.testing.pytest",
    "relvar.dialects.firebird",
    "relvar.dialects.sybase",
)

# The page of what several modules have: that of the first of these, else of the shortest name.
TOPICS = (
    "relvar.types",
    "relvar.schema",
    "relvar.pool",
    "relvar.exc",
    "relvar.engine",
    "relvar.events",
    "relvar.event",
    "relvar.sql.functions",
    "relvar.orm",
    "relvar.sql.expression",
)

# What the index lists first: what a program, a dialect or a test imports.
MAIN = frozenset(
    """
    relvar relvar.orm relvar.types relvar.schema relvar.engine relvar.pool relvar.exc
    relvar.orm.exc relvar.event relvar.events relvar.inspection relvar.sql relvar.sql.expression
    relvar.sql.functions relvar.sql.operators
    relvar.ext.asyncio relvar.ext.asyncio.exc relvar.ext.associationproxy relvar.ext.automap
    relvar.ext.baked relvar.ext.compiler relvar.ext.declarative relvar.ext.horizontal_shard
    relvar.ext.hybrid relvar.ext.indexable relvar.ext.instrumentation relvar.ext.mutable
    relvar.ext.orderinglist relvar.ext.routing relvar.ext.serializer
    relvar.dialects relvar.dialects.firebird relvar.dialects.mssql relvar.dialects.mysql
    relvar.dialects.oracle relvar.dialects.postgresql relvar.dialects.sqlite
    relvar.dialects.sybase relvar.testing relvar.testing.pytest
    """.split()
)

# The page of names that only a program for SQLAlchemy can import, and that of modules without entries.
STANDING_IN = "sqlalchemy"
ELSEWHERE = "elsewhere"


@dataclass
class Page:
    """
    A module: what has its entry here, and which of its names have theirs elsewhere.
    """

    module: str
    entries: dict[str, Any] = field(default_factory=dict)
    """Full name -> object."""
    aliases: dict[str, str] = field(default_factory=dict)
    """Full name -> that of the entry."""

    @property
    def stem(self) -> str:
        return self.module.replace(".", "-")


class Reference:
    """
    The pages, by module.
    """

    def __init__(self) -> None:
        self.faces = Faces()
        self.names: dict[str, Any] = {}
        for module, name, _, home in self.faces.rows:
            self._add_listed(module, name, home)
        for module in OWN:
            for name, found in own_names(import_module(module)):
                self.names.setdefault(f"{module}.{name}", found)
        self.classes = {found for found in self.names.values() if inspect.isclass(found)}
        self.pages: dict[str, Page] = {}
        self._place()

    def name_of(self, module: str, name: str) -> str:
        """
        Return what a row of the manifest is looked up by: relvar's name if that is one, else SQLAlchemy's.
        """
        full = f"{relvar_name(module)}.{name}"
        hidden = any(part.startswith("_") for part in full.split("."))
        return f"{module}.{name}" if hidden or at(f"{relvar_name(module)}:{name}") is NOTHING else full

    def _add_listed(self, module: str, name: str, home: str) -> None:
        if name.startswith("__"):
            return
        place = self.faces.elsewhere[module].get(name, f"{relvar_name(module)}:{name}")
        found = at(place if ":" in place else relvar_name(place))
        if found is not NOTHING:
            self.names[self.name_of(module, name)] = found
        elif home in self.faces.elsewhere or ":" not in place:
            self.names[f"{module}.{name}"] = "a module that is there while relvar stands in"

    def _place(self) -> None:
        """
        Give each object one entry, and each other name of it a line that leads there.
        """
        same: dict[object, list[str]] = defaultdict(list)
        for full, found in self.names.items():
            same[id(found) if has_one_home(found) else full].append(full)
        for names in same.values():
            found = self.names[names[0]]
            if isinstance(found, ModuleType):
                entry = found.__name__
                self._page(entry)
            else:
                entry = min(names, key=shortest)
                if not entry.startswith("relvar"):
                    entry = own_place(found) or entry
                self._page(parent(min(names, key=topical))).entries[entry] = found
            for full in names:
                if full != entry:
                    self._page(parent(full)).aliases[full] = entry

    def _page(self, module: str) -> Page:
        if not module.startswith("relvar"):
            module = STANDING_IN
        return self.pages.setdefault(module, Page(module))

    def text(self, page: Page) -> str:
        """
        Return a page as reStructuredText.
        """
        if page.module == STANDING_IN:
            title, about = "Names of SQLAlchemy alone", STANDING_IN_ABOUT
        else:
            title, about = page.module, self._about(page.module)
        parts = [*heading(title, "="), about]
        for full in sorted(page.entries, key=str.lower):
            parts.append(self._entry(full, page.entries[full]))
        if page.aliases:
            parts.extend([*heading("Names of other pages", "-"), leads(page.aliases)])
        return "\n".join(parts) + "\n"

    def elsewhere(self) -> str:
        """
        Return the page of the modules that have no page.
        """
        parts = [*heading("Further paths", "="), ELSEWHERE_ABOUT]
        for module, page in sorted(self.pages.items()):
            if not page.entries:
                is_index = "   :no-index:\n" if self.is_name(module) else ""
                parts.extend([*heading(module, "-"), f".. py:module:: {module}\n{is_index}"])
                parts.extend([".. py:currentmodule:: None\n", leads(page.aliases)])
        return "\n".join(parts) + "\n"

    @cached_property
    def visited(self) -> dict[str, str]:
        """
        What visitors call a class -> its entry, of those that say so themselves the shortest.
        """
        entries = {full: found for page in self.pages.values() for full, found in page.entries.items()}
        named: dict[str, str] = {}
        for full in sorted(entries, key=shortest):
            name = vars(entries[full]).get("__visit_name__") if inspect.isclass(entries[full]) else None
            if name:
                named.setdefault(name, full)
        return named

    def said_of_visitor(self, method: str) -> str:
        """
        Return the line about a method of a compiler: its name says what it renders. Empty for other names.
        """
        name = method.removeprefix("visit_")
        if name == method:
            return ""
        if name in self.visited:
            return f"Return the SQL of a `{self.visited[name]}`."
        operator = re.fullmatch("(.+?)(?:_op)?_(binary|unary)", name)
        if operator:
            sides = {"binary": "between two values", "unary": "of one value"}[operator[2]]
            return f"Return the SQL of the operator ``{operator[1]}`` {sides}."
        return f"Return the SQL of what has ``{name}`` as its ``__visit_name__``."

    def is_name(self, module: str) -> bool:
        """
        Whether something else has the name of the module, such as the class ``array``.
        """
        return not isinstance(self.names.get(module), ModuleType | None)

    def _about(self, module: str) -> str:
        """
        Return the module's docstring, with the module as an entry unless a class has the same name.
        """
        options = "   :no-members:\n"
        if self.is_name(module):
            options += "   :no-index:\n"
        return f".. automodule:: {module}\n{options}\n.. py:currentmodule:: None\n"

    def _entry(self, full: str, found: Any) -> str:
        if not full.startswith("relvar"):
            return f".. py:data:: {full}\n"
        if inspect.isclass(found):
            names = sorted(set(self._members(found)))
            listed = f"   :members: {', '.join(names)}\n" if names else ""
            return f".. autoclass:: {full}\n{listed}{background(found)}"
        if inspect.isroutine(found):
            return f".. autofunction:: {full}\n"
        return f".. py:data:: {full}\n\n   {said_of_data(found)}\n"

    def _members(self, cls: type) -> Iterator[str]:
        """
        Yield the members that have no other entry: those of the class itself, and of its bases without one.
        """
        if issubclass(cls, enum.Enum):
            yield from cls.__members__
        told = {base for entry in cls.__mro__[1:] if entry in self.classes for base in entry.__mro__}
        for base in cls.__mro__:
            if base not in told and base.__module__.startswith("relvar"):
                yield from (name for name in vars(base) if is_told(cls, base, name))
        if cls.__module__.startswith("relvar"):
            yield from attributes(cls.__module__).get(cls.__qualname__, ())


INDEX_ABOUT = """\
Every public name, with what it takes, returns and raises.  A name that several modules have stands once,
under the shortest way to import it; the others lead there.  Members that a class has from another one with an
entry stand with that one.
"""

FURTHER_ABOUT = """\
Parts of dialects and of the machinery, for those who extend relvar or read what a program written for
SQLAlchemy imports.
"""

ELSEWHERE_ABOUT = """\
Modules in which programs written for SQLAlchemy look for names that have their entries on other pages.
"""

STANDING_IN_ABOUT = """\
Inner names of SQLAlchemy that programs import, and that lead to something of relvar while relvar
:doc:`stands in </standing-in>`.  A program for relvar has no use for them.
"""


def at(place: str) -> Any:
    """
    Return what is at ``module:name``, or the module.
    """
    return Faces._at(place)


def own_names(face: ModuleType) -> Iterator[tuple[str, Any]]:
    """
    Yield the public names of a face, with what they are: classes and functions of relvar.
    """
    for name in getattr(face, "__all__", None) or dir(face):
        found = getattr(face, name)
        if not name.startswith("_") and (inspect.isclass(found) or inspect.isroutine(found)):
            if (getattr(found, "__module__", None) or "").startswith("relvar"):
                yield name, found


def has_one_home(found: Any) -> bool:
    """
    Whether a name is of this object, and not of a value that others may have too.
    """
    is_kind = inspect.isclass(found) or inspect.isroutine(found) or isinstance(found, ModuleType)
    return is_kind or type(found).__module__.startswith("relvar")


@cache
def attributes(module: str) -> dict[str, list[str]]:
    """
    Return the attributes with a string below them, by the names of the classes of a module.
    """
    loaded = Path(str(sys.modules[module].__file__))
    if loaded.suffix != ".py":
        # of a compiled module that is the shared object of all
        loaded = (
            Path(str(sys.modules["relvar"].__file__))
            .parent.parent.joinpath(*module.split("."))
            .with_suffix(".py")
        )
    classes = [node for node in ast.parse(loaded.read_text()).body if isinstance(node, ast.ClassDef)]
    return {
        node.name: [
            one.target.id
            for one, following in pairwise(node.body)
            if isinstance(one, ast.AnnAssign)
            and isinstance(one.target, ast.Name)
            and not one.target.id.startswith("_")
            and isinstance(following, ast.Expr)
        ]
        for node in classes
    }


def is_told(cls: type, base: type, name: str) -> bool:
    """
    Whether what a class has from a base has an entry under the class: what is called, or computed when read.
    """
    member = vars(base)[name]
    is_kind = inspect.isroutine(member) or isinstance(member, (property, classmethod, staticmethod))
    return is_kind and not name.startswith("_") and inspect.getattr_static(cls, name) is member


def background(cls: type) -> str:
    """
    Return the line that leads from an error to the page of its code.
    """
    code = vars(cls).get("code") if issubclass(cls, Exception) else None
    return f"\n   :doc:`What to do </errors/{code}>`\n" if isinstance(code, str) else ""


def own_place(found: Any) -> str:
    """
    Return the name under which relvar has a class or function, empty if it cannot be said.
    """
    module, name = getattr(found, "__module__", None), getattr(found, "__qualname__", "")
    return f"{module}.{name}" if module and name and at(f"{module}:{name}") is found else ""


def said_of_data(found: Any) -> str:
    """
    Return the line about an entry that has no docstring of its own.
    """
    kind = type(found)
    if isinstance(found, enum.Enum):
        return f"A value of ``{kind.__qualname__}``. {inspect.getdoc(kind) or ''}".splitlines()[0]
    if isinstance(found, (str, int, bool)):
        return f"``{found!r}``"
    if kind.__module__.startswith("relvar"):
        return f"An instance of ``{kind.__qualname__}``. {inspect.getdoc(kind) or ''}".splitlines()[0]
    if kind.__module__ in ("typing", "types"):
        return "A name for annotations."
    return f"A ``{kind.__name__}``."


def parent(full: str) -> str:
    return full.rpartition(".")[0]


def shortest(full: str) -> tuple[object, ...]:
    return not full.startswith("relvar"), full.count("."), rank(full), full


def topical(full: str) -> tuple[object, ...]:
    return not full.startswith("relvar"), rank(full), full.count("."), full


def rank(full: str) -> int:
    module = parent(full)
    return TOPICS.index(module) if module in TOPICS else len(TOPICS)


def heading(title: str, mark: str) -> list[str]:
    return [title, mark * len(title), ""]


def leads(aliases: dict[str, str]) -> str:
    """
    Return names with the links to their entries; each is an anchor, and in the index of Sphinx.
    """
    anchors = [f".. py:data:: {full}\n   :no-typesetting:\n" for full in sorted(aliases)]
    return "\n".join([*anchors, *(f"- :py:obj:`{full} <{aliases[full]}>`" for full in sorted(aliases)), ""])


def index(modules: Iterable[str]) -> str:
    """
    Return the page that leads to the others: modules that programs import, and those that few need.
    """
    parts = [*heading("Reference", "="), INDEX_ABOUT]
    further = sorted(set(modules) - MAIN)
    for title, about, listed in (
        ("What programs import", "", sorted(MAIN)),
        ("Further modules", FURTHER_ABOUT, [*further, ELSEWHERE]),
    ):
        stems = [f"   {module.replace('.', '-')}" for module in listed]
        parts.extend([*heading(title, "-"), about, ".. toctree::", "   :maxdepth: 1", "", *stems, ""])
    return "\n".join(parts)


def texts(reference: Reference | None = None) -> dict[str, str]:
    """
    Return the pages by the names of their files.
    """
    reference = reference or Reference()
    pages = [page for page in reference.pages.values() if page.entries]
    return {
        **{f"{page.stem}.rst": reference.text(page) for page in pages},
        f"{ELSEWHERE}.rst": reference.elsewhere(),
        "index.rst": index(page.module for page in pages),
    }


def write(reference: Reference, target: Path = PAGES) -> None:
    """
    Write the pages, and leave alone those that are there as they would be written.
    """
    written = texts(reference)
    target.mkdir(exist_ok=True)
    for stale in target.glob("*.rst"):
        if stale.name not in written:
            stale.unlink()
    for name, text in written.items():
        page = target / name
        if not page.exists() or page.read_text() != text:
            page.write_text(text)
