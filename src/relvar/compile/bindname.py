"""
The names of parameters, fit for the database and for one statement.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from relvar.compile.state import SQLCompiled
from relvar.expr.names import _truncated_label
from relvar.util.pattern import pattern

# What makes a base name fit for a parameter; as in `_anonymous_label`.
_STEM = pattern(r"[%\(\) \$:.\[\]]+")
_stems: dict[str, str] = {}
_NO_WORD = pattern(r"\W")


def free_name(name: str, taken: Collection[str]) -> str:
    """
    Return *name*, with a number if it is among *taken*.

    >>> free_name("a", ["b"]), free_name("a", ["a", "a__1"])
    ('a', 'a__2')
    """
    found, number = name, 0
    while found in taken:
        number += 1
        found = f"{name}__{number}"
    return found


class BindNames(SQLCompiled):
    """
    Rules for the names of parameters.
    """

    def _truncate_bindparam(self, bindparam: Any) -> str:
        """
        Return the name of a parameter, fit for the dialect.
        """
        known = self.bind_names.get(bindparam)
        if known is not None:
            return known
        if self._crud_names:
            given = self._crud_names.get(bindparam)
            if given is not None:
                return given
        if bindparam.unique and "key" not in bindparam.__dict__:
            # nobody asked for the parameter's key so far: number its name
            # without making one
            return self._numbered_name(bindparam._orig_key)
        name = bindparam.key
        if isinstance(name, _truncated_label):
            return self._truncated_identifier("bindparam", name)
        return name  # type: ignore[no-any-return]  # keys are text

    def _numbered_name(self, base: str) -> str:
        stem = _stems.get(base)
        if stem is None:
            stem = _STEM.sub("_", base).strip("_")
            if not isinstance(base, _truncated_label) and len(_stems) < 10000:
                _stems[str(base)] = stem
        names = self.anon_map
        number = names.get(stem, 1)
        names[stem] = number + 1
        name = f"{stem}_{number}"
        if len(name) > self.label_length - 6:
            counter = self._truncated_counters.get("bindparam", 1)
            self._truncated_counters["bindparam"] = counter + 1
            name = f"{name[: max(self.label_length - 6, 0)]}_{counter:x}"
        return name

    def _fit_bind_name(self, name: str) -> str:
        """
        Return *name* as placeholders can have it, and as no other parameter of the statement is named.
        """
        escaped = self.escaped_bind_names
        known = escaped.get(name)
        if known is not None:
            return known
        fit = self._bind_translate_re.sub(lambda m: self.bindname_escape_characters[m.group(0)], name)
        if self._strict_bind_names:
            fit = _NO_WORD.sub("_", fit)
        if not fit and not self.positional:
            fit = "_"
        if fit != name or escaped:
            fit = free_name(fit, (self.binds.keys() - {name}) | set(escaped.values()))
        return fit
