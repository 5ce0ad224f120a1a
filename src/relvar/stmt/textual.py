"""
A text with columns: usable where a SELECT is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar.expr import make
from relvar.expr.executable import Executable
from relvar.expr.node import NODE, NODES, VALUE, Field, memoized
from relvar.relation.columns import WriteableColumnCollection
from relvar.relation.cte import HasCTE
from relvar.stmt.base import SelectBase
from relvar.stmt.labels import LABEL_STYLE_NONE, SelectLabelStyle

__all__ = ["TextAsFrom", "TextualSelect"]


class TextualSelect(SelectBase):
    """
    A text of which the columns are known.

    Attributes:
        element: The text.
        column_args: The columns.
        positional: The columns are those of the text, in order.
    """

    __visit_name__ = "textual_select"
    _fields = (
        Field("element", NODE),
        Field("column_args", NODES),
        Field("positional", VALUE),
        *HasCTE._cte_fields,
        *Executable._executable_fields,
    )
    _label_style = LABEL_STYLE_NONE
    _is_textual = True
    is_text = True
    is_select = True

    def __init__(self, text: Any, columns: Sequence[Any], positional: bool = False) -> None:
        self.element = text
        self.column_args: list[Any] = [_labeled(c) for c in columns]
        self.positional = positional

    @memoized
    def selected_columns(self) -> Any:
        made = WriteableColumnCollection()
        made._populate_separate_keys([(c.key, c) for c in self.column_args])
        return made.as_readonly()

    @property
    def _all_selected_columns(self) -> Sequence[Any]:
        return self.column_args

    def set_label_style(self, style: SelectLabelStyle) -> TextualSelect:
        return self

    def _ensure_disambiguated_names(self) -> TextualSelect:
        return self

    @property
    def _from_objects(self) -> Sequence[Any]:
        return (self,)

    def bindparams(self, *binds: Any, **bind_as_values: Any) -> TextualSelect:
        """
        Return a copy with values or types for the text's bind parameters.
        """
        made = self._clone()
        made.element = self.element.bindparams(*binds, **bind_as_values)
        return made

    def _generate_fromclause_column_proxies(
        self,
        fromclause: Any,
        columns: Any,
        primary_key: Any,
        foreign_keys: Any,
        proxy_compound_columns: Sequence[Any] | None = None,
    ) -> None:
        compound = proxy_compound_columns or [None] * len(self.column_args)
        columns._populate_separate_keys(
            [
                c._make_proxy(
                    fromclause,
                    primary_key=primary_key,
                    foreign_keys=foreign_keys,
                    compound_select_cols=extra,
                )
                for c, extra in zip(self.column_args, compound)
            ]
        )

    def self_group(self, against: Any = None) -> Any:
        # in a UNION and the like, the text is up to whoever wrote it
        if against is None or getattr(against, "_is_compound_keyword", False):
            return self
        return make.SelectStatementGrouping(self)


def _labeled(column: Any) -> Any:
    return column if getattr(column, "name", None) is not None else column.label(None)


TextAsFrom = TextualSelect
