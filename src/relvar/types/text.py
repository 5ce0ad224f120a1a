"""
Character strings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from relvar import exc
from relvar.types.base import LiteralProcessor, TypeEngine, TypeEngineMixin
from relvar.types.operator_class import OperatorClass
from relvar.util.generics import TypeVar, subscriptable

_T = TypeVar("_T", bound=Any, default=Any)


class Concatenable(TypeEngineMixin):
    """
    Marks types whose ``+`` is concatenation.
    """


class Indexable(TypeEngineMixin):
    """
    Marks types whose expressions take ``[...]``.
    """


if TYPE_CHECKING:

    class StringOf(Concatenable, TypeEngine[_T]):
        """
        A string type of other values than `str`, as `Enum` is one to type checkers.
        """

        length: int | None
        collation: str | None
        collation_schema: str | None

else:
    StringOf = subscriptable(Concatenable, TypeEngine)


class String(StringOf[str]):
    """
    The base of all string and character types; ``VARCHAR``.

    Args:
        length: In characters; some databases need one for DDL.
        collation: Column-level collation.
        collation_schema: Schema of the collation.

    Raises:
        ArgumentError: There is a *collation_schema* without *collation*.

    >>> from relvar import String, column
    >>> from relvar.dialects import mysql
    >>> print(String(50, collation="utf8mb4_bin").compile(dialect=mysql.dialect()))
    VARCHAR(50) COLLATE utf8mb4_bin
    >>> print(column("first", String) + column("last", String))
    first || last
    """

    __visit_name__ = "string"
    operator_classes = OperatorClass.STRING

    def __init__(
        self,
        length: int | None = None,
        collation: str | None = None,
        collation_schema: str | None = None,
    ) -> None:
        if collation_schema is not None and collation is None:
            raise exc.ArgumentError(
                "the 'collation_schema' parameter of String requires the 'collation' parameter "
                "to also be present"
            )
        self.length = length
        self.collation = collation
        self.collation_schema = collation_schema

    def _with_collation(self, collation: str) -> Self:
        new = self.copy()
        new.collation = collation
        new.__dict__.pop("_static_cache_key", None)
        return new

    def _resolve_for_literal(self, value: Any) -> TypeEngine[Any]:
        return _STRING if value.isascii() else _UNICODE

    def literal_processor(self, dialect: Any) -> LiteralProcessor | None:
        double_percents = dialect.identifier_preparer._double_percents

        def process(value: Any) -> str:
            value = value.replace("'", "''")
            if double_percents:
                value = value.replace("%", "%%")
            return f"'{value}'"

        return process

    @property
    def python_type(self) -> type[str]:
        return str

    def get_dbapi_type(self, dbapi: Any) -> Any:
        return dbapi.STRING


class Text(String):
    """
    A string of variable length; ``CLOB`` or ``TEXT``.
    """

    __visit_name__ = "text"


class Unicode(String):
    """
    A string that may hold any character, where the database tells apart.
    """

    __visit_name__ = "unicode"


class UnicodeText(Text):
    """
    A string of unbounded length that may hold any character.
    """

    __visit_name__ = "unicode_text"


class TEXT(Text):
    """
    The SQL TEXT type.
    """

    __visit_name__ = "TEXT"


class CLOB(Text):
    """
    The CLOB type.
    """

    __visit_name__ = "CLOB"


class VARCHAR(String):
    """
    The SQL VARCHAR type.
    """

    __visit_name__ = "VARCHAR"


class NVARCHAR(Unicode):
    """
    The SQL NVARCHAR type.
    """

    __visit_name__ = "NVARCHAR"


class CHAR(String):
    """
    The SQL CHAR type.
    """

    __visit_name__ = "CHAR"


class NCHAR(Unicode):
    """
    The SQL NCHAR type.
    """

    __visit_name__ = "NCHAR"


class WrittenAsText(TypeEngineMixin):
    """
    Mixin for types whose literals are quoted; the database takes the type from the context.
    """

    def literal_processor(self, dialect: Any) -> LiteralProcessor | None:
        literal = _STRING.literal_processor(dialect)
        assert literal is not None
        spell = literal
        return lambda value: spell(str(value))


_STRING = String()
_UNICODE = Unicode()
STRINGTYPE = _STRING
