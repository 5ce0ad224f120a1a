"""
Rules for SQL that is given as text.
"""

from __future__ import annotations

import re
from typing import Any

from relvar.compile.expand import ExpandRules
from relvar.types.base import NULLTYPE
from relvar.util.pattern import pattern

# A parameter, or "\:": a colon that starts none.
_TEXT_COLON = pattern(r"(?<![:\w\x5c]):(\w++)(?!:)|\x5c(:[\w\$]*)(?![:\w\$])")


class TextRules(ExpandRules):
    """
    Rules for ``text()``, template strings and literal columns.
    """

    def escape_literal_column(self, text: str) -> str:
        """
        Return the text of a literal column, fit for the driver.
        """
        return text.replace("%", "%%") if self.preparer._double_percents else text

    def post_process_text(self, text: str) -> str:
        """
        Return literal SQL, fit for the driver.
        """
        return text.replace("%", "%%") if self.preparer._double_percents else text

    def visit_textclause(self, textclause: Any, add_to_result_map: Any = None, **kw: Any) -> str:
        """
        Render literal SQL with its ``:name`` parameters.
        """
        if not self.stack:
            self.isplaintext = True
            if textclause.supports_execution:
                self._result_columns = []
        if add_to_result_map is not None:
            # the text may name any number of columns: found by position only
            add_to_result_map(None, None, (textclause,), NULLTYPE)
        bindparams = textclause._bindparams

        def place(found: re.Match[str]) -> str:
            name, colon = found.groups()
            if name is None:
                return colon
            if name in bindparams:
                return self.process(bindparams[name], **kw)
            return self.bindparam_string(name)

        return _TEXT_COLON.sub(place, self.post_process_text(textclause.text))

    def visit_verbatim_text(self, element: Any, **kw: Any) -> str:
        """
        Render SQL in which colons mean nothing.
        """
        return self.post_process_text(element.text)

    def visit_tstring(
        self, tstring: Any, add_to_result_map: Any = None, within_tstring: bool = False, **kw: Any
    ) -> str:
        """
        Render a template string: its texts and its interpolated elements.
        """
        if not self.stack:
            self.isplaintext: bool = True
        if add_to_result_map is not None:
            add_to_result_map(None, None, (tstring,), NULLTYPE)
        return "".join(part._compiler_dispatch(self, within_tstring=True, **kw) for part in tstring.parts)

    def visit_tstring_text(self, element: Any, **kw: Any) -> str:
        """
        Render the literal part of a template string.
        """
        return self.post_process_text(element.text)
