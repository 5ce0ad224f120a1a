"""
SQL text for pg8000.

The driver takes ``%s`` and ``%%``, but only outside of quotes, and only where there are parameters
at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from relvar.compile.base import CompilerState, ExpandedState
from relvar.dialects.postgresql.compiler import PGCompiler
from relvar.dialects.postgresql.names import PGIdentifierPreparer

__all__ = ["PGCompiler_pg8000", "PGIdentifierPreparer_pg8000"]

# Stands for a percent sign outside of quotes while the text is made.
_PERCENT = "\x01%\x02"
# What the driver passes on as it is: strings, quoted names, comments, $$ ... $$.
_QUOTED = re.compile(r"""E'(?:[^'\\]|\\.)*'|'(?:[^']|'')*'|"[^"]*"|--[^\n]*|\$\$.*?\$\$""", re.S)


class PGCompiler_pg8000(PGCompiler):  # SQLAlchemy's name
    """
    Compile for a driver that looks for ``%`` outside of quotes only.

    A percent sign there is doubled if the statement has parameters; without any the driver does
    not look at the text.
    """

    @property
    def _percent(self) -> str:
        # expressions in DDL are no statements: they never have parameters
        return _PERCENT if self.state is CompilerState.COMPILING else "%"

    def escape_literal_column(self, text: str) -> str:
        return _outside_quotes(text, "%", self._percent)

    post_process_text = escape_literal_column

    def visit_mod_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return self._generate_generic_binary(binary, f" {self._percent} ", **kw)

    def _complete_text(self) -> None:
        self.string = self.string.replace(_PERCENT, "%%" if self.bind_names else "%")
        super()._complete_text()

    def _process_parameters_for_postcompile(
        self, parameters: Mapping[str, Any], _populate_self: bool = False
    ) -> ExpandedState:
        state = super()._process_parameters_for_postcompile(parameters, _populate_self)
        if state.positiontup:
            return state
        # empty lists and values written inline have left no parameter
        if _populate_self:
            self.string: str = _outside_quotes(self.string, "%%", "%")
        return state._replace(statement=_outside_quotes(state.statement, "%%", "%"))


def _outside_quotes(text: str, old: str, new: str) -> str:
    """
    Return *text* with *old* replaced where no quotes are around it.
    """
    if old not in text:
        return text
    parts: list[str] = []
    end = 0
    for quoted in _QUOTED.finditer(text):
        parts += text[end : quoted.start()].replace(old, new), quoted[0]
        end = quoted.end()
    return "".join(parts) + text[end:].replace(old, new)


class PGIdentifierPreparer_pg8000(PGIdentifierPreparer):  # SQLAlchemy's name
    """
    Quote names for a driver that does not look into quotes.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._double_percents = False
