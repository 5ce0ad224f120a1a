"""
SQL as a template string (PEP 750): text with elements and values in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar.expr import make
from relvar.expr.coerce import clause_element, operand
from relvar.expr.element import ClauseElement
from relvar.expr.executable import Executable
from relvar.expr.node import NODES, VALUE, Field
from relvar.expr.roles import Role
from relvar.types.base import NULLTYPE, TypeEngine

__all__ = ["TString", "tstring"]


class TStringText(ClauseElement):
    """
    The text between two interpolations.
    """

    __visit_name__ = "tstring_text"
    _fields = (Field("text", VALUE),)

    def __init__(self, text: str) -> None:
        self.text = text


class TString(Executable, ClauseElement):
    """
    A template string as a statement or a piece of one.

    Attributes:
        parts: Texts and elements, in order.
    """

    __visit_name__ = "tstring"
    _fields = (*Executable._executable_fields, Field("parts", NODES))
    _roles = (
        Role.TEXT
        | Role.WHERE
        | Role.ORDER_BY
        | Role.COLUMNS_CLAUSE
        | Role.FROM
        | Role.EXPRESSION
        | Role.STATEMENT
        | Role.SELECT
    )
    _is_text_clause = True
    _is_textual = True
    is_text = True
    _allow_label_resolve = False
    _label_name: Any = None
    _proxy_key: Any = None
    _tq_label: Any = None
    key: Any = None

    def __init__(self, template: Any) -> None:
        parts: list[Any] = []
        for piece in template:
            if isinstance(piece, str):
                parts.append(TStringText(piece))
            else:
                value = clause_element(piece.value)
                parts.append(value if isinstance(value, ClauseElement) else operand(value))
        self.parts = tuple(parts)

    @property
    def type(self) -> TypeEngine[Any]:
        return NULLTYPE

    @property
    def _select_iterable(self) -> Sequence[Any]:
        return (self,)

    def columns(self, *cols: Any, **types: Any) -> Any:
        """
        Return the text as a SELECT with these columns.
        """
        listed = [*cols, *[make.ColumnClause(name, type_) for name, type_ in types.items()]]
        return make.TextualSelect(self, listed, positional=bool(cols) and not types)


def tstring(template: Any) -> TString:
    """
    Return a template string as SQL: elements in it are rendered, values become bind parameters.
    """
    return TString(template)


make.register(TString=TString)
