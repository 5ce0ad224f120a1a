"""
Values that stand in the text themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relvar import exc
from relvar.compile.bindname import BindNames
from relvar.util.immutable import EMPTY_DICT
from relvar.util.text import trunc
from relvar.util.warning import warn_limited


class LiteralRules(BindNames):
    """
    Rules for parameters that are rendered as literals.
    """

    def render_literal_bindparam(
        self,
        bindparam: Any,
        render_literal_value: Any = exc,
        bind_expression_template: str | None = None,
        **kw: Any,
    ) -> str:
        """
        Render a parameter's value as a literal.

        Args:
            render_literal_value: The value, if not the parameter's own.

        Raises:
            CompileError: There is no value, or none that can be rendered.
        """
        given: Mapping[str, Any] = getattr(self.statement, "_params", None) or EMPTY_DICT
        name = self._truncate_bindparam(bindparam) if given and not bindparam.unique else None
        if render_literal_value is not exc:
            value = render_literal_value
        elif name is not None and name in given:
            value = given[name]
        else:
            if (
                bindparam.value is None
                and bindparam.callable is None
                and not bindparam.type.should_evaluate_none
            ):
                op = kw.get("_binary_op")
                if op == "other":
                    warn_limited(
                        "Bound parameter '%s' rendering literal NULL in a SQL expression; comparisons to "
                        "NULL should not use operators outside of 'is' or 'is not'",
                        (bindparam.key,),
                    )
                return self.process(self._null, **kw)
            value = bindparam.effective_value
        if bindparam.expanding:
            return self._render_literal_elements(bindparam, value, bind_expression_template)
        return self.render_literal_value(value, bindparam.type)

    def _render_literal_elements(self, bindparam: Any, values: Any, template: str | None) -> str:
        raise NotImplementedError

    @property
    def _null(self) -> Any:
        raise NotImplementedError

    def render_literal_value(self, value: Any, type_: Any) -> str:
        """
        Render *value* as a literal of *type_*.

        Raises:
            CompileError: The type has no way to do so, or refuses the value.
        """
        if value is None and not type_.should_evaluate_none:
            return self.process(self._null)
        processor = type_._cached_literal_processor(self.dialect)
        if processor is None:
            raise exc.CompileError(
                f'No literal value renderer is available for literal value "{trunc(value, 300)}" '
                f"with datatype {type_}"
            )
        try:
            text: str = processor(value)
            if "\0" in text and self.dialect.nul_ends_statement:
                raise ValueError("a statement ends at a NUL character; use a parameter")
            return text
        except Exception as err:
            raise exc.CompileError(
                f'Could not render literal value "{trunc(value, 300)}" with datatype {type_}; '
                "see parent stack trace for more detail."
            ) from err
