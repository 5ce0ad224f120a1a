"""
Lay out calls as a formatter would, and collect what a module imports.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["Imports", "call", "listed", "quoted", "sql_text"]

WIDTH = 88


class Imports:
    """
    What the written module imports, gathered while it is written.

    >>> imports = Imports()
    >>> imports.name("relvar", "String"), imports.module("datetime", "date")
    ('String', 'datetime.date')
    >>> print(imports.render())
    import datetime
    <BLANKLINE>
    from relvar import String
    """

    def __init__(self) -> None:
        self._names: dict[str, set[str]] = {}
        self._modules: set[str] = set()

    def name(self, module: str, name: str) -> str:
        """
        Import a name from a module; return it.
        """
        self._names.setdefault(module, set()).add(name)
        return name

    def module(self, module: str, name: str) -> str:
        """
        Import a module; return the name in it.
        """
        self._modules.add(module)
        return f"{module}.{name}"

    def names(self) -> set[str]:
        """
        Return all names that the imports bind.
        """
        return self._modules.union(*self._names.values())

    def render(self) -> str:
        """
        Return the lines: modules, then names of the standard library, then relvar's.
        """
        standard = [f"import {module}" for module in sorted(self._modules)]
        standard += [self._from(module) for module in sorted(self._names) if not module.startswith("relvar")]
        ours = [self._from(module) for module in sorted(self._names) if module.startswith("relvar")]
        return "\n\n".join("\n".join(group) for group in (standard, ours) if group)

    def _from(self, module: str) -> str:
        names = sorted(self._names[module], key=_isort_key)
        return call(f"from {module} import ", names, parens="()", when_long=True)


def _isort_key(name: str) -> tuple[int, str]:
    """
    Sort constants, then classes, then functions.
    """
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2, name)


def call(
    before: str,
    arguments: Sequence[str],
    indent: str = "",
    after: str = "",
    parens: str = "()",
    when_long: bool = False,
) -> str:
    """
    Return a call on one line if it fits, else with a line per argument.

    Args:
        before: What stands before the parentheses, and on the line of which they open.
        after: What stands behind them.
        when_long: Parentheses are needed for several lines only.

    >>> print(call("f", ["a", "b"]), call("from x import ", ["y"], when_long=True))
    f(a, b) from x import y
    >>> print(call("name = f", ["a" * 50, "b" * 50]))
    name = f(
        aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,
        bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,
    )
    """
    inner = ", ".join(arguments)
    line = f"{before}{inner}{after}" if when_long else f"{before}{parens[0]}{inner}{parens[1]}{after}"
    if "\n" not in line and len(indent) + len(line) <= WIDTH or not arguments:
        return line
    deeper = indent + "    "
    if not when_long and "\n" not in inner and len(deeper) + len(inner) <= WIDTH:
        return f"{before}{parens[0]}\n{deeper}{inner}\n{indent}{parens[1]}{after}"
    lines = "".join(f"{deeper}{argument},\n" for argument in arguments)
    return f"{before}{parens[0]}\n{lines}{indent}{parens[1]}{after}"


def listed(names: Sequence[str]) -> list[str]:
    """
    Return texts as arguments.
    """
    return [quoted(name) for name in names]


def quoted(text: str) -> str:
    """
    Return a string as a literal with double quotes where that is simple.

    >>> print(quoted("a"), quoted('say "a"'), quoted("it's"), quoted("a\\\\b"))
    "a" 'say "a"' "it's" "a\\\\b"
    """
    made = repr(str(text))
    if made.startswith("'") and text.count('"') <= text.count("'"):
        return '"' + made[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
    return made


def sql_text(sql: str) -> str:
    r"""
    Return SQL as a literal for ``text()``: a colon before a word is no parameter.

    >>> print(sql_text("a <> ':b'"), sql_text("'x'::text"))
    "a <> '\\:b'" "'x'::text"
    """
    return quoted(re.sub(r"(?<!:):(?=\w)", r"\\:", sql))
