"""
JSON.
"""

from __future__ import annotations

import json as _json
from collections.abc import Callable
from typing import Any, ClassVar

from relvar import util
from relvar._kernels import convert
from relvar.types.base import (
    BindProcessor,
    LiteralProcessor,
    ResultProcessor,
    TypeEngine,
)
from relvar.types.numeric import Integer
from relvar.types.operator_class import OperatorClass
from relvar.types.text import Indexable, String
from relvar.util.generics import TypeVar

JSON_NULL = util.symbol("JSON_NULL", "The JSON value ``null``, as opposed to SQL NULL.")


class _FormatsIndex(TypeEngine[Any]):
    """
    Base of the types of what stands in ``json_column[...]``.
    """

    _integer: ClassVar[TypeEngine[int]] = Integer()
    _string: ClassVar[TypeEngine[str]] = String()

    def bind_processor(self, dialect: Any) -> BindProcessor | None:
        return self._processor(self._integer.bind_processor(dialect), self._string.bind_processor(dialect))

    def literal_processor(self, dialect: Any) -> LiteralProcessor | None:
        return self._processor(
            self._integer.literal_processor(dialect), self._string.literal_processor(dialect)
        )

    def string_bind_processor(self, dialect: Any) -> BindProcessor | None:
        """
        Return what a key is made of for the driver; types of dialects ask.
        """
        return self._string.bind_processor(dialect)

    def string_literal_processor(self, dialect: Any) -> LiteralProcessor | None:
        """
        Return what writes a key into a statement; types of dialects ask.
        """
        return self._string.literal_processor(dialect)

    def _processor(
        self, of_int: Callable[[Any], Any] | None, of_str: Callable[[Any], Any] | None
    ) -> Callable[[Any], Any]:
        def process(value: Any) -> Any:
            if isinstance(value, int):
                return of_int(value) if of_int is not None else value
            if of_str is not None and isinstance(value, str):
                return of_str(value)
            return value

        return process


_T = TypeVar("_T", bound=Any, default=Any)


class JSON(Indexable, TypeEngine[_T]):
    """
    A type for JSON documents.

    Args:
        none_as_null: Store ``None`` as SQL NULL rather than JSON ``null``.

    ``JSON.NULL`` is JSON ``null`` whatever the setting; ``null()`` is SQL
    NULL.

    >>> from relvar import JSON, create_engine, literal, select
    >>> document = literal({"user": {"tags": ["a", "b"]}}, JSON)
    >>> with create_engine("sqlite://").connect() as connection:
    ...     connection.execute(select(document["user"], document[("user", "tags", 1)])).one()
    ({'tags': ['a', 'b']}, 'b')
    """

    none_as_null: bool

    __visit_name__ = "JSON"
    _is_generic = True
    operator_classes = OperatorClass.JSON
    hashable = False

    NULL: ClassVar[util.symbol] = JSON_NULL

    class JSONElementType(_FormatsIndex):
        """
        Common base of index and path types.
        """

    class JSONIndexType(JSONElementType):
        """
        The type of a JSON index, a key or a position.
        """

    class JSONIntIndexType(JSONIndexType):
        """
        The type of a position in a JSON array.
        """

    class JSONStrIndexType(JSONIndexType):
        """
        The type of a key of a JSON object.
        """

    class JSONPathType(JSONElementType):
        """
        The type of a JSON path; databases spell it each their own way.
        """

        __visit_name__ = "json_path"

    _str_impl = String()

    def __init__(self, none_as_null: bool = False) -> None:
        self.none_as_null = none_as_null

    @property
    def should_evaluate_none(self) -> bool:
        return not self.none_as_null

    @should_evaluate_none.setter
    def should_evaluate_none(self, value: bool) -> None:
        self.none_as_null = not value

    def _make_bind_processor(
        self, string_process: Callable[[Any], Any] | None, serializer: Callable[[Any], str]
    ) -> BindProcessor:
        none_as_null = self.none_as_null

        def process(value: Any) -> Any:
            if value is JSON_NULL:
                value = None
            elif value is None:
                if none_as_null:
                    return None
            elif getattr(value, "__visit_name__", None) == "null":
                # SQL's own NULL
                return None
            text = serializer(value)
            return string_process(text) if string_process is not None else text

        return process

    def bind_processor(self, dialect: Any) -> BindProcessor | None:
        serializer = getattr(dialect, "_json_serializer", None) or _json.dumps
        return self._make_bind_processor(self._str_impl.bind_processor(dialect), serializer)

    def literal_processor(self, dialect: Any) -> LiteralProcessor | None:
        serializer = getattr(dialect, "_json_serializer", None) or _json.dumps
        # SQL's NULL is rendered by the compiler, it does not come here
        to_text = self._make_bind_processor(None, serializer)
        string_literal = self._str_impl.literal_processor(dialect)
        assert string_literal is not None
        spell = string_literal

        def process(value: Any) -> str:
            text = to_text(value)
            return "NULL" if text is None else spell(text)

        return process

    def result_processor(self, dialect: Any, coltype: object) -> ResultProcessor | None:
        string_process = self._str_impl.result_processor(dialect, coltype)
        deserializer = getattr(dialect, "_json_deserializer", None)
        if deserializer is None and string_process is None:
            return convert.json_loads
        loads = deserializer or convert.json_loads

        def process(value: Any) -> Any:
            if value is None:
                return None
            if string_process is not None:
                value = string_process(value)
            return loads(value)

        return process
