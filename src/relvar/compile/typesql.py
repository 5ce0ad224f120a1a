"""
How types are spelled: ``String(32)`` -> ``VARCHAR(32)``.

Methods with lower case names are the generic types; they say which type of SQL stands for
them.  Methods in upper case render that type.  A dialect overrides either.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.util.pattern import pattern

# What may stand in a type's parentheses, or behind its name.
_SIZES = ("length", "precision", "scale", "display_width", "fsp", "fields")
_WORDS = pattern(r"-?\w+(?:\s+\w+)*(?:\s*\(\d+\))?\Z")

__all__ = ["GenericTypeCompiler", "StrSQLTypeCompiler", "TypeCompiler"]


class TypeCompiler:
    """
    Base of the type compilers: ``process(type)`` -> SQL text.
    """

    ensure_kwarg = r"visit_\w+"

    def __init__(self, dialect: Any) -> None:
        self.dialect = dialect

    def __init_subclass__(cls, **kw: Any) -> None:
        super().__init_subclass__(**kw)
        _accept_keywords(cls)

    def process(self, type_: Any, **kw: Any) -> str:
        """
        Return the SQL text of *type_*, of its variant for this dialect if it has one.

        Raises:
            CompileError: See `check_sizes`.
        """
        if type_._variant_mapping and self.dialect.name in type_._variant_mapping:
            type_ = type_._variant_mapping[self.dialect.name]
        check_sizes(type_)
        return type_._compiler_dispatch(self, **kw)  # type: ignore[no-any-return]  # visit methods return text

    def visit_unsupported_compilation(self, element: Any, err: Exception, **kw: Any) -> str:
        """
        Refuse a type this compiler has no method for.

        Raises:
            UnsupportedCompilationError: always.
        """
        raise exc.UnsupportedCompilationError(self, element) from err


def _accept_keywords(cls: type[TypeCompiler]) -> None:
    """
    Let visit methods of old dialects, which take only the type, be called with keywords.
    """
    for name, fn in list(cls.__dict__.items()):
        code = getattr(fn, "__code__", None)
        if name.startswith("visit_") and code is not None and not code.co_flags & _HAS_KEYWORDS:
            setattr(cls, name, _without_keywords(fn))


# inspect.CO_VARKEYWORDS, without importing inspect
_HAS_KEYWORDS = 0x08


def _without_keywords(fn: Any) -> Any:
    def visit(self: Any, type_: Any, **kw: Any) -> Any:
        return fn(self, type_)

    visit.__name__ = fn.__name__
    visit.__doc__ = fn.__doc__
    return visit


class GenericTypeCompiler(TypeCompiler):
    """
    Types as standard SQL spells them.
    """

    # -- types of SQL

    def visit_FLOAT(self, type_: Any, **kw: Any) -> str:
        return "FLOAT"

    def visit_DOUBLE(self, type_: Any, **kw: Any) -> str:
        return "DOUBLE"

    def visit_DOUBLE_PRECISION(self, type_: Any, **kw: Any) -> str:
        return "DOUBLE PRECISION"

    def visit_REAL(self, type_: Any, **kw: Any) -> str:
        return "REAL"

    def visit_NUMERIC(self, type_: Any, **kw: Any) -> str:
        return f"NUMERIC{_precision_and_scale(type_)}"

    def visit_DECIMAL(self, type_: Any, **kw: Any) -> str:
        return f"DECIMAL{_precision_and_scale(type_)}"

    def visit_INTEGER(self, type_: Any, **kw: Any) -> str:
        return "INTEGER"

    def visit_SMALLINT(self, type_: Any, **kw: Any) -> str:
        return "SMALLINT"

    def visit_BIGINT(self, type_: Any, **kw: Any) -> str:
        return "BIGINT"

    def visit_TIMESTAMP(self, type_: Any, **kw: Any) -> str:
        return "TIMESTAMP"

    def visit_DATETIME(self, type_: Any, **kw: Any) -> str:
        return "DATETIME"

    def visit_DATE(self, type_: Any, **kw: Any) -> str:
        return "DATE"

    def visit_TIME(self, type_: Any, **kw: Any) -> str:
        return "TIME"

    def visit_CLOB(self, type_: Any, **kw: Any) -> str:
        return "CLOB"

    def visit_NCLOB(self, type_: Any, **kw: Any) -> str:
        return "NCLOB"

    def _render_string_type(
        self,
        name: str,
        length: int | None,
        collation: str | None,
        collation_schema: Any = None,
        identifier_preparer: Any = None,
        **kw: Any,
    ) -> str:
        """
        Return a string type with its length and collation.
        """
        text = name
        if length:
            text += f"({length})"
        if collation:
            preparer = identifier_preparer or self.dialect.identifier_preparer
            text += f" COLLATE {preparer.format_collation(collation, collation_schema)}"
        return text

    def _string(self, type_: Any, name: str) -> str:
        return self._render_string_type(
            name, type_.length, type_.collation, getattr(type_, "collation_schema", None)
        )

    def visit_CHAR(self, type_: Any, **kw: Any) -> str:
        return self._string(type_, "CHAR")

    def visit_NCHAR(self, type_: Any, **kw: Any) -> str:
        return self._string(type_, "NCHAR")

    def visit_VARCHAR(self, type_: Any, **kw: Any) -> str:
        return self._string(type_, "VARCHAR")

    def visit_NVARCHAR(self, type_: Any, **kw: Any) -> str:
        return self._string(type_, "NVARCHAR")

    def visit_TEXT(self, type_: Any, **kw: Any) -> str:
        return self._string(type_, "TEXT")

    def visit_UUID(self, type_: Any, **kw: Any) -> str:
        return "UUID"

    def visit_BLOB(self, type_: Any, **kw: Any) -> str:
        return "BLOB"

    def visit_BINARY(self, type_: Any, **kw: Any) -> str:
        return f"BINARY{_length(type_)}"

    def visit_VARBINARY(self, type_: Any, **kw: Any) -> str:
        return f"VARBINARY{_length(type_)}"

    def visit_BOOLEAN(self, type_: Any, **kw: Any) -> str:
        return "BOOLEAN"

    # -- generic types

    def visit_uuid(self, type_: Any, **kw: Any) -> str:
        if not type_.native_uuid or not self.dialect.supports_native_uuid:
            return self._render_string_type("CHAR", 32, None)
        return self.visit_UUID(type_, **kw)

    def visit_large_binary(self, type_: Any, **kw: Any) -> str:
        return self.visit_BLOB(type_, **kw)

    def visit_boolean(self, type_: Any, **kw: Any) -> str:
        return self.visit_BOOLEAN(type_, **kw)

    def visit_time(self, type_: Any, **kw: Any) -> str:
        return self.visit_TIME(type_, **kw)

    def visit_datetime(self, type_: Any, **kw: Any) -> str:
        return self.visit_DATETIME(type_, **kw)

    def visit_date(self, type_: Any, **kw: Any) -> str:
        return self.visit_DATE(type_, **kw)

    def visit_big_integer(self, type_: Any, **kw: Any) -> str:
        return self.visit_BIGINT(type_, **kw)

    def visit_small_integer(self, type_: Any, **kw: Any) -> str:
        return self.visit_SMALLINT(type_, **kw)

    def visit_integer(self, type_: Any, **kw: Any) -> str:
        return self.visit_INTEGER(type_, **kw)

    def visit_real(self, type_: Any, **kw: Any) -> str:
        return self.visit_REAL(type_, **kw)

    def visit_float(self, type_: Any, **kw: Any) -> str:
        return self.visit_FLOAT(type_, **kw)

    def visit_double(self, type_: Any, **kw: Any) -> str:
        return self.visit_DOUBLE(type_, **kw)

    def visit_numeric(self, type_: Any, **kw: Any) -> str:
        return self.visit_NUMERIC(type_, **kw)

    def visit_string(self, type_: Any, **kw: Any) -> str:
        return self.visit_VARCHAR(type_, **kw)

    def visit_unicode(self, type_: Any, **kw: Any) -> str:
        return self.visit_VARCHAR(type_, **kw)

    def visit_text(self, type_: Any, **kw: Any) -> str:
        return self.visit_TEXT(type_, **kw)

    def visit_unicode_text(self, type_: Any, **kw: Any) -> str:
        return self.visit_TEXT(type_, **kw)

    def visit_enum(self, type_: Any, **kw: Any) -> str:
        return self.visit_VARCHAR(type_, **kw)

    def visit_null(self, type_: Any, **kw: Any) -> str:
        """
        Refuse a column without a type.

        Raises:
            CompileError: always.
        """
        raise exc.CompileError(
            f"Can't generate DDL for {type_!r}; did you forget to specify a type on this Column?"
        )

    def visit_type_decorator(self, type_: Any, **kw: Any) -> str:
        return self.process(type_.type_engine(self.dialect), **kw)

    def visit_user_defined(self, type_: Any, **kw: Any) -> str:
        return type_.get_col_spec(**kw)  # type: ignore[no-any-return]  # the application's text


class StrSQLTypeCompiler(GenericTypeCompiler):
    """
    Spells any type, for ``str(statement)`` without a dialect.
    """

    def process(self, type_: Any, **kw: Any) -> str:
        if not callable(getattr(type_, "_compiler_dispatch", None)):
            return f"<unknown type {type_!r}>"
        return super().process(type_, **kw)

    def __getattr__(self, key: str) -> Any:
        if key.startswith("visit_"):
            return self._visit_unknown
        raise AttributeError(key)

    def _visit_unknown(self, type_: Any, **kw: Any) -> str:
        return type(type_).__name__

    def visit_unsupported_compilation(self, element: Any, err: Exception, **kw: Any) -> str:
        """
        Show a type that has no spelling at all.
        """
        return repr(element)

    def visit_null(self, type_: Any, **kw: Any) -> str:
        return "NULL"

    def visit_user_defined(self, type_: Any, **kw: Any) -> str:
        try:
            get_col_spec = type_.get_col_spec
        except AttributeError:
            return repr(type_)
        return get_col_spec(**kw)  # type: ignore[no-any-return]  # the application's text


def check_sizes(type_: Any) -> None:
    """
    Refuse a type whose length or the like, which goes into the text, is more than a size.

    Raises:
        CompileError: It is neither a number nor words.
    """
    given = type_.__dict__
    for name in _SIZES:
        if name in given and given[name].__class__ is str and not _WORDS.match(given[name]):
            raise exc.CompileError(
                f"The {name} of a type can be a number, or words as in VARCHAR(max) and INTERVAL DAY TO "
                f"SECOND(3), but not {given[name]!r}"
            )


def split_collation(text: str, type_: Any, dialect: Any) -> tuple[str, str]:
    """
    Return the text of a type in two parts, the second one its ``COLLATE`` with the blank before it.
    """
    impl = type_._unwrapped_dialect_impl(dialect)
    if not getattr(getattr(impl, "item_type", impl), "collation", None):
        # COLLATE is part of a name then
        return text, ""
    name, collate, collation = text.partition(" COLLATE ")
    return name, f"{collate}{collation}"


def _precision_and_scale(type_: Any) -> str:
    if type_.precision is None:
        return ""
    if type_.scale is None:
        return f"({type_.precision})"
    return f"({type_.precision}, {type_.scale})"


def _length(type_: Any) -> str:
    return f"({type_.length})" if type_.length else ""
