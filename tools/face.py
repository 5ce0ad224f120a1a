"""
Work out where relvar has what SQLAlchemy's modules have, and write it to ``src/relvar/compat/_names.py``.

``tools/face.tsv`` says which names programs use, module by module, and of which module each class says to be
(``class.__module__``), as observed.  ``tools/face.toml`` says where relvar keeps what is not found by these
rules; it may have further names:

1. a name is found in relvar's module at the same place;
2. else it is the object that another row of the same class or function finds.

Usage: ``python tools/face.py [--check | --lacking]``; the check is part of ``make lint``.
"""

from __future__ import annotations

import sys
import tomllib
import warnings
from collections import defaultdict
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

TOOLS = Path(__file__).parent
TARGET = TOOLS.parent / "src" / "relvar" / "compat" / "_names.py"
HEAD = '''# Written by tools/face.py from tools/face.tsv and tools/face.toml: change those.
"""
Which names SQLAlchemy's modules have that relvar keeps elsewhere, and which modules classes are to name.
"""

'''

Row = tuple[str, str, str, str]  # module, name, kind, home ("module:name" of what it is)
NOTHING = object()


def rows() -> list[Row]:
    lines = (TOOLS / "face.tsv").read_text().splitlines()[1:]
    return [(module, name, kind, home) for module, name, kind, home in (line.split("\t") for line in lines)]


def relvar_name(module: str) -> str:
    return "relvar" + module.removeprefix("sqlalchemy")


def module_at(name: str) -> ModuleType | None:
    try:
        return import_module(name)
    except ModuleNotFoundError:
        return None


class Faces:
    """
    What the manifest gives: tables, and what relvar lacks.
    """

    def __init__(self) -> None:
        self.places: dict[str, str] = tomllib.loads((TOOLS / "face.toml").read_text())
        listed = rows()
        more = {tuple(name.rsplit(".", 1)) for name in self.places} - {row[:2] for row in listed}
        self.rows: list[Row] = [*listed, *((module, name, "other", "") for module, name in sorted(more))]
        self.elsewhere: dict[str, dict[str, str]] = defaultdict(dict)
        self.homes: dict[str, dict[str, str]] = defaultdict(dict)
        self.lacking: list[str] = []
        self.found: dict[str, tuple[Any, str]] = {}
        self._find()
        # modules last: one is there if anything in it is
        for row in sorted(self.rows, key=lambda row: row[2] == "module"):
            self._add(row)

    def _find(self) -> None:
        """
        Find the object of each home, with the place of it.
        """
        for module, name, _, home in self.rows:
            place = self.places.get(f"{module}.{name}") or f"{relvar_name(module)}:{name}"
            found = self._at(place)
            if home and found is not NOTHING:
                self.found.setdefault(home, (found, place))

    @staticmethod
    def _at(place: str) -> Any:
        module, _, name = place.partition(":")
        found: Any = module_at(module)
        for part in name.split(".") if name else ():
            found = getattr(found, part, NOTHING)
        return NOTHING if found is None and not name else found

    def _add(self, row: Row) -> None:
        module, name, kind, home = row
        if kind == "module" and home.startswith("sqlalchemy."):
            self._add_module(module, name, home)
            return
        place = self.places.get(f"{module}.{name}", "")
        found = self._at(place or f"{relvar_name(module)}:{name}")
        if found is NOTHING and home in self.found:
            found, place = self.found[home]
        if found is NOTHING:
            self.lacking.append(f"{module}.{name}")
            return
        if place:
            self.elsewhere[module][name] = place
        if isinstance(found, type) and kind == "class":
            self._say(found, *home.split(":"), module)

    def _add_module(self, module: str, name: str, home: str) -> None:
        if home not in self.elsewhere and module_at(relvar_name(home)) is None:
            self.lacking.append(home)
        elif home != f"{module}.{name}":
            self.elsewhere[module][name] = home

    def _say(self, cls: type, home: str, name: str, module: str) -> None:
        """
        Let a class say its home, where it is found by its own name: that is what a pickle writes.  If another
        class is found there, it says the module of the row.
        """
        place = cls.__module__
        if not place.startswith("relvar.") or getattr(module_at(place), cls.__name__, None) is not cls:
            return
        said = self.homes[place].get(cls.__name__)
        if said is not None and name != cls.__name__:
            return
        if getattr(module_at(relvar_name(home)), cls.__name__, cls) is not cls:
            home = module
        self.homes[place][cls.__name__] = home
        if getattr(module_at(relvar_name(home)), cls.__name__, NOTHING) is not cls:
            self.elsewhere[home][cls.__name__] = f"{place}:{cls.__name__}"

    def text(self) -> str:
        """
        Return the module with the tables.
        """
        lines = [HEAD, "ELSEWHERE: dict[str, dict[str, str]] = {\n"]
        for module, names in sorted(self.elsewhere.items()):
            lines.append(f'    "{module}": {{')
            lines.extend(f'\n        "{name}": "{place}",' for name, place in sorted(names.items()))
            lines.append("\n    },\n" if names else "},\n")
        lines.append('}\n"""Module -> name -> where relvar has it: a module, or ``module:name``."""\n\n')
        lines.append("HOMES: dict[str, dict[str, str]] = {\n")
        for module, homes in sorted(self.homes.items()):
            lines.append(f'    "{module}": {{\n')
            names_of = defaultdict(list)
            for name, home in sorted(homes.items()):
                names_of[home].append(name)
            for home, names in sorted(names_of.items()):
                lines.extend(_worded(home, sorted(names)))
            lines.append("    },\n")
        lines.append(
            '}\n"""Module of relvar -> module of SQLAlchemy -> the classes that are to name it."""\n'
        )
        return "".join(lines)


def _worded(home: str, names: list[str]) -> list[str]:
    one = f'        "{home}": "{" ".join(names)}",\n'
    if len(one) <= 111:
        return [one]
    lines, line = [f'        "{home}": (\n'], ""
    for name in names:
        if len(line) + len(name) > 90:
            lines.append(f'            "{line}"\n')
            line = ""
        line += name + " "
    return [*lines, f'            "{line.rstrip()}"\n', "        ),\n"]


def main(option: str = "") -> int:
    warnings.simplefilter("ignore")
    faces = Faces()
    if option == "--lacking":
        print("\n".join(faces.lacking))
        return 0
    text = faces.text()
    if option != "--check":
        TARGET.write_text(text)
        print(f"{len(faces.rows)} names, {len(faces.lacking)} of which relvar lacks (--lacking lists them)")
        return 0
    if TARGET.read_text() != text:
        print(f"{TARGET} is not what tools/face.py writes: run it")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
