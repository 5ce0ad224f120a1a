"""
ENUM and SET of MySQL and MariaDB.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar import exc
from relvar import types as sqltypes
from relvar.dialects.mysql.strings import STRING_OPTIONS, _StringType
from relvar.expr.cast import type_coerce
from relvar.types.emulated import NativeForEmulated
from relvar.util import GenericRepr


class ENUM(NativeForEmulated, sqltypes.Enum, _StringType):
    """
    One of several strings.

    Args:
        enums: The strings, or one Python enum class.
        strict: Refuse other values on the way to the database.
        charset, collation, ascii, unicode, binary: As for other strings.
    """

    __visit_name__ = "ENUM"

    native_enum = True

    def __init__(self, *enums: Any, **kw: Any) -> None:
        kw.pop("strict", None)
        options = {name: kw.pop(name) for name in STRING_OPTIONS if name in kw}
        kw.pop("native_enum", None)
        self._enum_init(enums, kw)
        length = self.length
        _StringType.__init__(self, length=length, **options)

    @classmethod
    def adapt_emulated_to_native(cls, impl: Any, **kw: Any) -> ENUM:
        """
        Return the native type for the generic Enum *impl*.
        """
        kw = impl._make_enum_kw(kw)
        kw.pop("native_enum", None)
        return cls(*impl._enums_argument, **kw)

    def _object_value_for_elem(self, elem: Any) -> Any:
        # what a server that is not strict stores instead of a value that it does not know
        if elem == "" and elem not in self._object_lookup:
            return elem
        return super()._object_value_for_elem(elem)

    def _options(self) -> dict[str, Any]:
        return {name: value for name in STRING_OPTIONS if (value := getattr(self, name))}

    def adapt(self, cls: Any, **kw: Any) -> Any:
        if issubclass(cls, ENUM):
            kw.setdefault("_create_events", False)
            kw.setdefault("_adapted_from", self)
            return cls.adapt_emulated_to_native(self, **{**self._options(), **kw})
        return sqltypes.Enum.adapt(self, cls, **kw)

    def copy(self, **kw: Any) -> Any:
        kw = self._make_enum_kw({**self._options(), **kw})
        kw.setdefault("_create_events", True)
        made = type(self)(*self._enums_argument, **kw)
        made._variant_mapping = self._variant_mapping
        return made

    def repr_struct(self) -> GenericRepr:
        return GenericRepr(self, [*STRING_OPTIONS.items()])


class SET(_StringType):
    """
    Any number of several strings; values are Python sets.

    Args:
        values: The strings.
        retrieve_as_bitwise: Fetch the number that the set is stored as, which also tells an
            empty string from an empty set.

    Raises:
        ArgumentError: an empty string among *values* without *retrieve_as_bitwise*.
    """

    __visit_name__ = "SET"

    def __init__(self, *values: str, **kw: Any) -> None:
        self.retrieve_as_bitwise: Any = kw.pop("retrieve_as_bitwise", False)
        self.values: tuple[str, ...] = tuple(values)
        if not self.retrieve_as_bitwise and "" in values:
            raise exc.ArgumentError(
                "Can't use the blank value '' in a SET without setting retrieve_as_bitwise=True"
            )
        if self.retrieve_as_bitwise:
            self._bitmap: dict[Any, Any] = {
                value: 1 << position for position, value in enumerate(self.values)
            }
            self._bitmap.update({1 << p: value for p, value in enumerate(self.values)})
        kw.setdefault("length", max((len(value) for value in values), default=0))
        super().__init__(**kw)

    @property
    def _static_cache_key(self) -> tuple[Any, ...]:
        return (type(self), self.values, self.retrieve_as_bitwise, self.charset, self.collation)

    def column_expression(self, colexpr: Any) -> Any:
        if not self.retrieve_as_bitwise:
            return colexpr
        return type_coerce(type_coerce(colexpr, sqltypes.Integer()) + 0, self)

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], Any] | None:
        if self.retrieve_as_bitwise:

            def from_number(value: Any) -> Any:
                if value is None:
                    return None
                return {text for bit, text in self._numbers() if int(value) & bit}

            return from_number

        def from_text(value: Any) -> Any:
            if isinstance(value, str):
                found = set(value.split(","))
                found.discard("")
                return found
            return value

        return from_text

    def _numbers(self) -> list[tuple[int, str]]:
        return [(1 << position, value) for position, value in enumerate(self.values)]

    def bind_processor(self, dialect: Any) -> Callable[[Any], Any] | None:
        if self.retrieve_as_bitwise:

            def to_number(value: Any) -> Any:
                # the server reads text as it writes it: members with commas between them
                if value is None or isinstance(value, (int, str)):
                    return value
                number = 0
                for text in value:
                    if text not in self._bitmap:
                        members = ", ".join(map(repr, self.values))
                        raise LookupError(f"{text!r} is not among the members of the SET: {members}")
                    number |= self._bitmap[text]
                return number

            return to_number

        def to_text(value: Any) -> Any:
            if value is None or isinstance(value, (int, str)):
                return value
            # in the order of the type, as the server writes it: it compares the text
            known = [text for text in self.values if text in value]
            return ",".join(known + [text for text in value if text not in known])

        return to_text

    def literal_processor(self, dialect: Any) -> Callable[[Any], str] | None:
        to_driver = self.bind_processor(dialect)
        string = super().literal_processor(dialect)
        assert to_driver is not None and string is not None
        convert, spell = to_driver, string

        def process(value: Any) -> str:
            sent = convert(value)
            return str(sent) if isinstance(sent, int) else spell(sent)

        return process

    def adapt(self, cls: Any, **kw: Any) -> Any:
        if not issubclass(cls, SET):
            return super().adapt(cls, **kw)
        kw["retrieve_as_bitwise"] = self.retrieve_as_bitwise
        return cls(
            *self.values,
            **{name: getattr(self, name) for name in STRING_OPTIONS},
            **kw,
        )

    def copy(self, **kw: Any) -> Any:
        made = self.adapt(type(self))
        made._variant_mapping = self._variant_mapping
        return made

    def repr_struct(self) -> GenericRepr:
        return GenericRepr(self, [*STRING_OPTIONS.items(), ("retrieve_as_bitwise", False)])
