"""
Bytes, and pickled objects kept in them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar.types.base import (
    BindProcessor,
    LiteralProcessor,
    ResultProcessor,
    TypeEngine,
    to_instance,
)
from relvar.types.decorator import TypeDecorator
from relvar.types.operator_class import OperatorClass

# pickle.HIGHEST_PROTOCOL, since Python 3.8
_HIGHEST_PROTOCOL = 5


def _to_bytes(value: Any) -> Any:
    return None if value is None else bytes(value)


class _Binary(TypeEngine[bytes]):
    """
    Base of binary types.
    """

    operator_classes = OperatorClass.BINARY

    length: int | None

    def __init__(self, length: int | None = None) -> None:
        self.length = length

    @property
    def python_type(self) -> type[bytes]:
        return bytes

    @property
    def _generic_type_affinity(self) -> type[TypeEngine[Any]]:
        return LargeBinary

    def literal_processor(self, dialect: Any) -> LiteralProcessor | None:
        template = dialect.binary_literal_template
        if template is None:
            return _text_literal(dialect._legacy_binary_type_literal_encoding)

        def process(value: Any) -> str:
            return template.format(bytes(value).hex())  # type: ignore[no-any-return]  # text

        return process

    def bind_processor(self, dialect: Any) -> BindProcessor | None:
        if dialect.dbapi is None:
            return None
        binary = dialect.dbapi.Binary

        def process(value: Any) -> Any:
            try:
                return None if value is None else binary(value)
            except TypeError as err:
                if isinstance(value, str):
                    raise TypeError("LargeBinary takes bytes, got text; encode it first") from None
                raise err

        return process

    def result_processor(self, dialect: Any, coltype: object) -> ResultProcessor | None:
        if getattr(dialect, "returns_native_bytes", False):
            return None
        return _to_bytes

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """
        Return this type for strings too: it is they who get converted.
        """
        if isinstance(value, str):
            return self
        return super().coerce_compared_value(op, value)

    def get_dbapi_type(self, dbapi: Any) -> Any:
        return dbapi.BINARY


def _text_literal(encoding: str) -> LiteralProcessor:
    def process(value: Any) -> str:
        text = value.decode(encoding).replace("'", "''")
        return f"'{text}'"

    return process


class LargeBinary(_Binary):
    r"""
    A type for large binary data; ``BLOB`` or ``BYTEA``.

    Args:
        length: For databases whose DDL takes one.

    >>> from relvar import LargeBinary, create_engine, literal, select
    >>> with create_engine("sqlite://").connect() as connection:
    ...     connection.scalar(select(literal(b"\x00\xff", LargeBinary)))
    b'\x00\xff'
    """

    __visit_name__ = "large_binary"

    def __init__(self, length: int | None = None) -> None:
        super().__init__(length=length)


class BLOB(LargeBinary):
    """
    The SQL BLOB type.
    """

    __visit_name__ = "BLOB"


class BINARY(_Binary):
    """
    The SQL BINARY type.
    """

    __visit_name__ = "BINARY"


class VARBINARY(_Binary):
    """
    The SQL VARBINARY type.
    """

    __visit_name__ = "VARBINARY"


class PickleType(TypeDecorator[object]):
    """
    Holds Python objects, pickled.

    Args:
        protocol: Of the pickles.
        pickler: Any object with ``dumps(obj, protocol)`` and ``loads``.
        comparator: ``comparator(x, y)`` tells whether two values are equal.
        impl: A binary type to use instead of `LargeBinary`.

    Loading a pickle runs what is in it: only for data that nobody else can write.

    >>> from relvar import PickleType, create_engine, literal, select
    >>> with create_engine("sqlite://").connect() as connection:
    ...     connection.scalar(select(literal({1, 2}, PickleType)))
    {1, 2}
    """

    impl: Any = LargeBinary
    cache_ok: bool = True

    def __init__(
        self,
        protocol: int = _HIGHEST_PROTOCOL,
        pickler: Any = None,
        comparator: Callable[[Any, Any], bool] | None = None,
        impl: Any = None,
    ) -> None:
        self.protocol = protocol
        if pickler is None:
            import pickle as pickler  # only such columns need it
        self.pickler = pickler
        self.comparator = comparator
        super().__init__()
        if impl is not None:
            # copied, so that the type handed in stays as it is
            self.impl = to_instance(impl).copy()

    def __reduce__(self) -> Any:
        return PickleType, (self.protocol, None, self.comparator)

    def bind_processor(self, dialect: Any) -> BindProcessor | None:
        impl_processor = self.impl_instance.bind_processor(dialect)
        dumps = self.pickler.dumps
        protocol = self.protocol

        def process(value: Any) -> Any:
            if value is not None:
                value = dumps(value, protocol)
            return impl_processor(value) if impl_processor is not None else value

        return process

    def literal_processor(self, dialect: Any) -> LiteralProcessor | None:
        impl_processor = self.impl_instance.literal_processor(dialect)
        if impl_processor is None:
            return None
        inner, dumps, protocol = impl_processor, self.pickler.dumps, self.protocol

        def process(value: Any) -> str:
            return inner(dumps(value, protocol))

        return process

    def result_processor(self, dialect: Any, coltype: object) -> ResultProcessor | None:
        impl_processor = self.impl_instance.result_processor(dialect, coltype)
        loads = self.pickler.loads

        def process(value: Any) -> Any:
            if impl_processor is not None:
                value = impl_processor(value)
            return None if value is None else loads(value)

        return process

    def compare_values(self, x: Any, y: Any) -> bool:
        if self.comparator is not None:
            return self.comparator(x, y)
        return x == y  # type: ignore[no-any-return]  # as the values say
