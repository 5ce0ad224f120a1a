"""
JSON and JSONB.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar

from relvar import types as sqltypes
from relvar.dialects.postgresql.array import ARRAY
from relvar.dialects.postgresql.array import array as array_literal
from relvar.dialects.postgresql.operators import (
    ASTEXT,
    CONTAINED_BY,
    CONTAINS,
    DELETE_PATH,
    HAS_ALL,
    HAS_ANY,
    HAS_KEY,
    JSONPATH_ASTEXT,
    PATH_EXISTS,
    PATH_MATCH,
)
from relvar.expr.cast import cast
from relvar.expr.comparator import JSONComparator
from relvar.types import BOOLEANTYPE, TEXT, OperatorClass
from relvar.util.generics import TypeVar

__all__ = ["JSON", "JSONB", "JSONPATH", "JSONPathType"]

_Process = Callable[[Any], Any]


def cast_literal(literal: Callable[[Any], str], spelled: str) -> Callable[[Any], str]:
    """
    Return *literal* with a cast, for types whose spelling alone would be taken for text.
    """

    def process(value: Any) -> str:
        return f"{literal(value)}::{spelled}"

    return process


# What an array's text takes for an element as it is.
_PLAIN = re.compile(r'(?!null\Z)[^\s{},"\\](?:[^{},"\\]*[^\s{},"\\])?', re.I)


def _step(step: str) -> str:
    """
    Return one step of a path, as it stands in the text of an array.

    Source: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
    """
    if _PLAIN.fullmatch(step):
        return step
    escaped = step.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_T = TypeVar("_T", bound=Any, default=Any)


class JSONPathType(sqltypes.JSON.JSONPathType):
    """
    A path as PostgreSQL writes it: ``{a, 1}``.
    """

    def _path_processor(self, string: _Process | None) -> _Process:
        def process(value: Any) -> Any:
            if value is None:
                return None
            if isinstance(value, str):
                return value if string is None else string(value)
            text = "{" + ", ".join([_step(str(step)) for step in value]) + "}"
            return text if string is None else string(text)

        return process

    def bind_processor(self, dialect: Any) -> _Process | None:
        return self._path_processor(sqltypes.STRINGTYPE.bind_processor(dialect))

    def literal_processor(self, dialect: Any) -> _Process | None:
        return self._path_processor(sqltypes.STRINGTYPE.literal_processor(dialect))


class JSONPATH(JSONPathType):
    """
    The type ``jsonpath``.
    """

    __visit_name__ = "JSONPATH"


class _JSONComparator(JSONComparator[Any]):
    """
    The operators of PostgreSQL's JSON.
    """

    __slots__ = ()

    @property
    def astext(self) -> Any:
        """
        The indexed element as text: ``->>`` in place of ``->``.
        """
        expr = self.expr
        is_path = isinstance(expr.right.type, sqltypes.JSON.JSONPathType)
        operator = JSONPATH_ASTEXT if is_path else ASTEXT
        return expr.left.operate(operator, expr.right, result_type=self.type.astext_type)


_JSONComparator.__name__ = "Comparator"  # which messages show


class JSON(sqltypes.JSON[_T]):
    """
    The type ``json``.

    Args:
        none_as_null: Store None as SQL NULL.
        astext_type: The type of ``astext``.
    """

    render_bind_cast = True
    astext_type: sqltypes.TypeEngine[str] = sqltypes.Text()

    Comparator = _JSONComparator
    comparator_factory = _JSONComparator

    def __init__(
        self, none_as_null: bool = False, astext_type: sqltypes.TypeEngine[str] | None = None
    ) -> None:
        super().__init__(none_as_null=none_as_null)
        if astext_type is not None:
            self.astext_type = astext_type

    def literal_processor(self, dialect: Any) -> _Process | None:
        literal = super().literal_processor(dialect)
        assert literal is not None
        return cast_literal(literal, self.__visit_name__)


class _JSONBComparator(_JSONComparator):
    """
    The operators that JSONB has besides.
    """

    __slots__ = ()

    def has_key(self, other: Any) -> Any:
        """
        Tell whether there is this key; *other* may be a column.
        """
        return self.operate(HAS_KEY, other, result_type=BOOLEANTYPE)

    def has_all(self, other: Any) -> Any:
        """
        Tell whether there are all these keys.
        """
        return self.operate(HAS_ALL, _keys(other), result_type=BOOLEANTYPE)

    def has_any(self, other: Any) -> Any:
        """
        Tell whether there is one of these keys.
        """
        return self.operate(HAS_ANY, _keys(other), result_type=BOOLEANTYPE)

    def contains(self, other: Any, **kwargs: Any) -> Any:
        """
        Tell whether the document contains *other*.
        """
        return self.operate(CONTAINS, other, result_type=BOOLEANTYPE)

    def contained_by(self, other: Any) -> Any:
        """
        Tell whether *other* contains the document.
        """
        return self.operate(CONTAINED_BY, other, result_type=BOOLEANTYPE)

    def delete_path(self, array: Any) -> Any:
        """
        Return the document without what is at the path, a list of steps.
        """
        path = array if isinstance(array, array_literal) else array_literal(list(array))
        return self.operate(DELETE_PATH, cast(path, ARRAY(TEXT)), result_type=JSONB())

    def path_exists(self, other: Any) -> Any:
        """
        Tell whether the JSONPath finds something.
        """
        return self.operate(PATH_EXISTS, other, result_type=BOOLEANTYPE)

    def path_match(self, other: Any) -> Any:
        """
        Return what the JSONPath predicate says.
        """
        return self.operate(PATH_MATCH, other, result_type=BOOLEANTYPE)


_JSONBComparator.__name__ = "Comparator"  # which messages show


def _keys(given: Any) -> Any:
    """
    Return keys in a list as the array that the server asks for: a parameter would be a document.
    """
    return array_literal(given) if isinstance(given, (list, tuple)) else given


class JSONB(JSON[_T]):
    """
    The type ``jsonb``.
    """

    __visit_name__ = "JSONB"
    operator_classes: OperatorClass = OperatorClass.JSON | OperatorClass.CONCATENABLE

    _supports_subscripting = True

    Comparator: ClassVar[Any] = _JSONBComparator
    comparator_factory: Any = _JSONBComparator

    def coerce_compared_value(self, op: Any, value: Any) -> sqltypes.TypeEngine[Any]:
        if op in (PATH_MATCH, PATH_EXISTS):
            return JSONPATH()
        if op is HAS_KEY and isinstance(value, str):
            return sqltypes.STRINGTYPE
        return super().coerce_compared_value(op, value)
