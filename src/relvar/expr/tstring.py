"""
SQL as a template string (PEP 750): text with elements and values in it.

``tstring()`` takes whatever works like `string.templatelib.Template`, which Python has
from 3.14 on: iterating over it gives texts, and interpolations with a ``value``.
"""

from __future__ import annotations

from typing import Any, NoReturn

from relvar import exc
from relvar.expr import operators as op
from relvar.expr.coerce import operand
from relvar.expr.element import ClauseElement
from relvar.expr.executable import Executable
from relvar.expr.node import NODES, VALUE, Field
from relvar.expr.resolve import clause_element
from relvar.expr.roles import Role
from relvar.expr.text import AbstractTextClause

__all__ = ["TString", "tstring"]


class TStringText(ClauseElement):
    """
    The text between two interpolations.
    """

    __visit_name__ = "tstring_text"
    _fields = (Field("text", VALUE),)

    def __init__(self, text: str) -> None:
        self.text = text


class TString(AbstractTextClause):
    """
    A template string as a statement or a piece of one.

    Attributes:
        parts: Texts and elements, in order.
    """

    __visit_name__ = "tstring"
    _fields = (*Executable._executable_fields, Field("parts", NODES))

    def __init__(self, template: Any) -> None:
        if not hasattr(template, "interpolations") or not hasattr(template, "strings"):
            raise exc.ArgumentError("pep-750 Tstring (e.g. t'...') expected")
        self.parts: tuple[TStringText | ClauseElement, ...] = tuple(
            [TStringText(piece) if isinstance(piece, str) else _part(piece.value) for piece in template]
        )

    def bindparams(self, *binds: Any, **names_to_values: Any) -> NoReturn:
        """
        Refuse: the parameters of a template string are the values in it.
        """
        raise NotImplementedError(
            "TString constructs do not support .bindparams(). Bind parameters are automatically created from "
            "interpolated values."
        )


def _part(value: Any) -> ClauseElement:
    """
    Return an interpolated value as an element: a plain one as a bind parameter.

    Raises:
        ArgumentError: It is a statement that cannot be part of another.
    """
    element = clause_element(value)
    if not isinstance(element, ClauseElement):
        return operand(element)  # type: ignore[no-any-return]  # an element
    if element._is_select_base:
        return element.self_group(op.in_op)  # type: ignore[no-any-return]  # the SELECT in parentheses
    if element._roles & Role.STATEMENT and not (element._roles & (Role.EXPRESSION | Role.TEXT)):
        raise exc.ArgumentError(f"TString interpolatable element expected, got {value!r}.")
    return element


def tstring(template: Any) -> TString:
    """
    Return a template string as SQL: elements in it are rendered, values become bind parameters.

    From Python 3.14 on::

        tstring(t"SELECT {users.c.name} FROM {users} WHERE {users.c.id} = {user_id}")

    Args:
        template: A template string, or an object with its ``strings``, ``interpolations`` and iteration.

    Raises:
        ArgumentError: *template* is no template string, or holds what cannot be part of a statement.
    """
    return TString(template)
