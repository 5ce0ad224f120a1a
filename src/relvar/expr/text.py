"""
Pieces of SQL as text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from relvar import exc
from relvar.expr import make
from relvar.expr import operators as op
from relvar.expr.bind import BindParameter
from relvar.expr.element import ClauseElement
from relvar.expr.executable import Executable
from relvar.expr.grouping import Grouping
from relvar.expr.node import DICT, VALUE, Field, memoized
from relvar.expr.operators import OperatorType
from relvar.expr.roles import Role
from relvar.types.base import NULLTYPE, TypeEngine
from relvar.util.pattern import pattern

if TYPE_CHECKING:
    from relvar.stmt.textual import TextualSelect

__all__ = ["AbstractTextClause", "TextClause", "VerbatimText", "text"]

_BIND_NAME = pattern(r"(?<![:\w\x5c]):(\w++)(?!:)", re.UNICODE)
"A colon before a word; not ``::casts`` nor ``\\:escaped`` colons."


class AbstractTextClause(Executable, ClauseElement):
    """
    Base of SQL as text, whatever its parameters are written like.
    """

    _fields = Executable._executable_fields
    _roles = (
        Role.TEXT
        | Role.WHERE
        | Role.ORDER_BY
        | Role.COLUMNS_CLAUSE
        | Role.FROM
        | Role.EXPRESSION
        | Role.STATEMENT
        | Role.SELECT
        | Role.IN_ELEMENT
    )
    _is_text_clause = True
    _is_textual = True
    is_text = True
    _is_returns_rows = False
    _key_memo = True
    _hide_froms: Sequence[Any] = ()

    _render_label_in_columns_clause = False
    _omit_from_statements = False
    _is_collection_aggregate = False
    primary_key = False
    foreign_keys: Any = ()
    key: Any = None
    _label: Any = None
    _allow_label_resolve = False
    _wraps: Any = None
    _is_named_by_attribute = False
    _label_name: Any = None
    _anon_base = "anon"
    _proxy_key: Any = None
    _tq_label: Any = None

    @property
    def type(self) -> TypeEngine[Any]:
        """
        `NullType`: what text gives is not known.
        """
        return NULLTYPE

    @memoized
    def comparator(self) -> Any:
        """
        What operators make of text, an expression of unknown type.
        """
        return self.type.comparator_factory(self)

    def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
        """
        Return the text with an operator.
        """
        return op(self.comparator, *other, **kwargs)

    @property
    def _select_iterable(self) -> Sequence[Any]:
        return (self,)

    def columns(self, *cols: Any, **types: Any) -> TextualSelect:
        """
        Return the text as a SELECT with these columns, by position, and types, by name.

        >>> from relvar import DateTime, Integer, create_engine, text
        >>> statement = text("SELECT 1 AS id, '2026-01-02 00:00:00' AS at").columns(id=Integer, at=DateTime)
        >>> with create_engine("sqlite://").connect() as connection:
        ...     connection.execute(statement).one()
        (1, datetime.datetime(2026, 1, 2, 0, 0))
        """
        positional = [
            make.ColumnClause(column.key, types.pop(column.key))
            if getattr(column, "key", None) in types
            else make.operand(column)
            for column in cols
        ]
        keyed = [make.ColumnClause(name, type_) for name, type_ in types.items()]
        return make.TextualSelect(self, positional + keyed, positional=bool(positional) and not keyed)  # type: ignore[no-any-return]  # as declared

    def self_group(self, against: OperatorType | None = None) -> Any:
        if against is op.in_op:
            return Grouping(self)
        return self

    def label(self, name: str | None) -> NoReturn:
        """
        Refuse: text is no expression that could have a name.
        """
        raise NotImplementedError("text() cannot be labelled; literal_column() can")

    def __and__(self, other: Any) -> Any:
        return make.and_(self, other)

    def _bind_param(
        self, operator: OperatorType | None, obj: Any, type_: Any = None, expanding: bool = False
    ) -> BindParameter[Any]:
        return BindParameter(
            None,
            obj,
            _compared_to_operator=operator,
            type_=type_,
            _compared_to_type=self.type,
            unique=True,
            expanding=expanding,
        )


class TextClause(AbstractTextClause):
    """
    SQL as text, with ``:name`` for bind parameters.
    """

    __visit_name__ = "textclause"
    _fields = (*Executable._executable_fields, Field("text", VALUE), Field("_bindparams", DICT))
    text: str
    _bindparams: Mapping[str, BindParameter[Any]]

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError(f"text() takes SQL as text, got {text!r}")
        binds: dict[str, BindParameter[Any]] = {}

        def found(match: re.Match[str]) -> str:
            binds[match[1]] = BindParameter(match[1])
            return f":{match[1]}"

        self.text = _BIND_NAME.sub(found, text)
        self._bindparams = binds

    def bindparams(self, *binds: BindParameter[Any], **names_to_values: Any) -> TextClause:
        """
        Return a copy with values or types for its bind parameters.

        Raises:
            ArgumentError: the text has no parameter of that name.

        >>> from relvar import text
        >>> statement = text("SELECT * FROM users WHERE id = :id").bindparams(id=5)
        >>> statement.compile().params
        {'id': 5}
        """
        made = self._clone()
        params = dict(self._bindparams)
        for bind in binds:
            if bind._orig_key not in params:
                raise exc.ArgumentError(
                    f"This text() construct doesn't define a bound parameter named {bind._orig_key!r}"
                )
            params[bind._orig_key] = bind
        for key, value in names_to_values.items():
            if key not in params:
                raise exc.ArgumentError(
                    f"This text() construct doesn't define a bound parameter named {key!r}"
                )
            params[key] = params[key]._with_value(value, maintain_key=True, required=False)
        made._bindparams = params
        return made


class VerbatimText(TextClause):
    """
    SQL that a database told: it has no parameters, a colon in it is a colon.

    >>> from relvar.expr.text import VerbatimText, text
    >>> print(VerbatimText("a <> ':b'"), "|", VerbatimText("a <> ':b'").text)
    a <> ':b' | a <> ':b'
    """

    __visit_name__ = "verbatim_text"

    def __init__(self, text: str) -> None:
        self.text = text
        self._bindparams = {}


def text(text: str) -> TextClause:
    """
    Return a piece of SQL; ``:name`` in it is a bind parameter.

    >>> from relvar import create_engine, text
    >>> with create_engine("sqlite://").connect() as connection:
    ...     connection.execute(text("SELECT :a + :b"), {"a": 1, "b": 2}).scalar()
    3
    """
    return TextClause(text)


make.register(TextClause=TextClause)
