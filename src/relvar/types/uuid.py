"""
UUIDs.
"""

from __future__ import annotations

from typing import Any, Literal, overload
from uuid import UUID as _python_UUID

from relvar._kernels import convert
from relvar.types.base import BindProcessor, LiteralProcessor, ResultProcessor, TypeEngine
from relvar.types.emulated import Emulated, NativeForEmulated
from relvar.types.operator_class import OperatorClass
from relvar.util.generics import TypeVar

_UUID_RETURN = TypeVar("_UUID_RETURN", str, _python_UUID, default=_python_UUID)


class Uuid(Emulated, TypeEngine[_UUID_RETURN]):
    """
    A type for UUIDs; the database's own, or ``CHAR(32)`` with hex digits.

    Args:
        as_uuid: Values are ``uuid.UUID``; strings if false.
        native_uuid: Use the database's own type, if it has one.

    >>> from relvar import Uuid
    >>> from relvar.dialects import postgresql, sqlite
    >>> print(Uuid().compile(dialect=postgresql.dialect()), Uuid().compile(dialect=sqlite.dialect()))
    UUID CHAR(32)
    """

    __visit_name__ = "uuid"
    operator_classes: OperatorClass = OperatorClass.BASE | OperatorClass.COMPARISON

    length: int | None = None
    collation: str | None = None
    collation_schema: str | None = None

    @overload
    def __init__(self: Uuid[_python_UUID], as_uuid: Literal[True] = ..., native_uuid: bool = ...) -> None: ...

    @overload
    def __init__(self: Uuid[str], as_uuid: Literal[False], native_uuid: bool = ...) -> None: ...

    @overload
    def __init__(self, as_uuid: bool = ..., native_uuid: bool = ...) -> None: ...

    def __init__(self, as_uuid: bool = True, native_uuid: bool = True) -> None:
        self.as_uuid = as_uuid
        self.native_uuid = native_uuid

    @property
    def python_type(self) -> type[Any]:
        return _python_UUID if self.as_uuid else str

    @property
    def native(self) -> bool:  # type: ignore[override]  # read-only here
        """
        Whether it is the database's own UUID, where there is one.
        """
        return self.native_uuid

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """
        Return this type for strings too.
        """
        if isinstance(value, str):
            return self
        return super().coerce_compared_value(op, value)

    def _is_character_based(self, dialect: Any) -> bool:
        return not dialect.supports_native_uuid or not self.native_uuid

    def bind_processor(self, dialect: Any) -> BindProcessor | None:
        if not self._is_character_based(dialect):
            return None
        return _to_hex if self.as_uuid else _without_dashes

    def result_processor(self, dialect: Any, coltype: object) -> ResultProcessor | None:
        if self._is_character_based(dialect):
            return convert.str_to_uuid if self.as_uuid else _dashed
        return None if self.as_uuid else _to_text

    def literal_processor(self, dialect: Any) -> LiteralProcessor | None:
        if self._is_character_based(dialect):
            if self.as_uuid:
                return _literal_hex
            return _literal_without_dashes
        return _literal_uuid if self.as_uuid else _literal_without_dashes


def _to_hex(value: Any) -> Any:
    try:
        return None if value is None else value.hex
    except AttributeError:
        raise TypeError("Uuid takes uuid.UUID objects; for text, make it Uuid(as_uuid=False)") from None


def _without_dashes(value: Any) -> Any:
    return None if value is None else value.replace("-", "")


def _dashed(value: Any) -> Any:
    return None if value is None else str(_python_UUID(value))


def _to_text(value: Any) -> Any:
    return None if value is None else str(value)


def _literal_hex(value: Any) -> str:
    return _literal_without_dashes(value.hex)


def _literal_without_dashes(value: Any) -> str:
    text = value.replace("-", "").replace("'", "''")
    return f"'{text}'"


def _literal_uuid(value: Any) -> str:
    text = str(value).replace("'", "''")
    return f"'{text}'"


class UUID(Uuid[_UUID_RETURN], NativeForEmulated):
    """
    The SQL UUID type, native only.
    """

    __visit_name__ = "UUID"

    @overload
    def __init__(self: UUID[_python_UUID], as_uuid: Literal[True] = ...) -> None: ...

    @overload
    def __init__(self: UUID[str], as_uuid: Literal[False]) -> None: ...

    @overload
    def __init__(self, as_uuid: bool = ...) -> None: ...

    def __init__(self, as_uuid: bool = True) -> None:
        self.as_uuid = as_uuid
        self.native_uuid = True

    @classmethod
    def adapt_emulated_to_native(cls, impl: Any, **kw: Any) -> Any:
        """
        Return the native type for the `Uuid` *impl*.
        """
        kw.setdefault("as_uuid", impl.as_uuid)
        return cls(**kw)

    @property
    def _generic_type_affinity(self) -> type[TypeEngine[Any]]:
        return Uuid
