"""
Values that are another column's as well: `from_dml_column`.

The value is written as a marker first, because the other column's text may not
be known yet; `Copies` puts the text in when all columns are decided.

Cases for the column that is asked for:
  1. the statement sets it: its value, in INSERT and UPDATE;
  2. an UPDATE leaves it alone: the column itself;
  3. an INSERT has no value for it: an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from relvar import exc
from relvar.compile.assignment import Assignment
from relvar.compile.marks import COPIED


class Copies:
    """
    The columns whose values one statement uses again.

    Args:
        wanted: What asks for a column, by the column's key.
    """

    def __init__(self, compiler: Any, stmt: Any, wanted: Mapping[str, Any]) -> None:
        self.compiler = compiler
        self.stmt = stmt
        self.wanted = wanted

    def fill(self, values: Sequence[Assignment], rows: Sequence[list[str]]) -> list[Assignment]:
        """
        Return *values* with the copies in place, and put them into *rows* as well.

        Raises:
            CompileError: A column gets no value, or its value needs itself.
        """
        first = {value.column.key: value for value in values}
        filled: list[Assignment] = []
        for value in values:
            names = set(value.names)
            text = self._filled(value.text, first, (), names)
            filled.append(value._replace(text=text, names=tuple(names)))
        for row in rows:
            known = {value.column.key: value._replace(text=text) for value, text in zip(values, row)}
            row[:] = [self._filled(text, known, (), set()) for text in row]
        return filled

    def _filled(
        self, text: str, known: Mapping[str, Assignment], within: tuple[str, ...], names: set[str]
    ) -> str:
        def value(found: re.Match[str]) -> str:
            key = found.group(1)
            if key in within:
                raise exc.CompileError(f"The value of column {key!r} refers to itself")
            other = known.get(key)
            if other is not None:
                names.update(other.names)
                return self._filled(other.text, known, (*within, key), names)
            if self.stmt.is_insert:
                raise exc.CompileError(f"Can't resolve referenced column name in INSERT statement: {key!r}")
            return self.compiler.process(self.wanted[key].column)  # type: ignore[no-any-return]  # text

        return COPIED.sub(value, text)
