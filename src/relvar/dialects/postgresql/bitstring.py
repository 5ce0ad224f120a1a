"""
Strings of bits: the type ``BIT`` and its values.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Self, SupportsIndex

from relvar import types as sqltypes
from relvar.expr.comparator import Comparator
from relvar.types import OperatorClass

__all__ = ["BIT", "BitString"]


class BitString(str):
    """
    A string of the characters 0 and 1, with the operators of bits.

    Bits are numbered from the left, as in PostgreSQL's ``get_bit()``.

    Raises:
        ValueError: there are other characters in it.

    >>> BitString("0011") | BitString("0101"), BitString.from_int(5, 4), int(BitString("0101"))
    (BitString("0111"), BitString("0101"), 5)
    """

    __slots__ = ()

    def __new__(cls, _value: str, _check: bool = True) -> Self:
        if not isinstance(_value, BitString) and _check and not set(_value) <= {"0", "1"}:
            raise ValueError("BitString must only contain '0' and '1' chars")
        return super().__new__(cls, _value)

    # ------------------------------------------------------- numbers and bytes

    @classmethod
    def from_int(cls, value: int, length: int) -> Self:
        """
        Return the *length* lowest bits of a number.

        Raises:
            ValueError: it is negative or has more bits.
        """
        if value < 0:
            raise ValueError("value must be non-negative")
        text = f"{value:0{length}b}" if length > 0 else ""
        if len(text) > length or (value and not text):
            raise ValueError(f"Cannot encode {value} as a BitString of length {length}")
        return cls(text)

    @classmethod
    def from_bytes(cls, value: bytes, length: int = -1) -> Self:
        """
        Return the bits of *value*, filled up with 0 on the left or shortened by 0 there.

        Args:
            length: 8 bits for each byte by default.

        Raises:
            ValueError: it has more bits.
        """
        if length < 0:
            length = 8 * len(value)
        number = int.from_bytes(value, "big")
        if number.bit_length() > length:
            raise ValueError(f"Cannot encode {value!r} as a BitString of length {length}")
        return cls.from_int(number, length)

    def __int__(self) -> int:
        return int(self, 2) if self else 0

    def to_bytes(self, length: int = -1) -> bytes:
        """
        Return the bits as bytes.

        Args:
            length: As many as are needed by default.

        Raises:
            OverflowError: they do not fit.
        """
        return int(self).to_bytes(self.octet_length if length < 0 else length, "big")

    def __bytes__(self) -> bytes:
        return self.to_bytes()

    @property
    def bit_length(self) -> int:
        """
        The number of bits.
        """
        return len(self)

    @property
    def octet_length(self) -> int:
        """
        The number of bytes that hold them.
        """
        return (len(self) + 7) // 8

    # -------------------------------------------------------------------- bits

    def get_bit(self, index: int) -> Literal["0", "1"]:
        """
        Return the bit at *index* as a character.
        """
        return str.__getitem__(self, index)  # type: ignore[return-value]  # there are only two

    def has_bit(self, index: int) -> bool:
        """
        Tell whether the bit at *index* is set.
        """
        return self.get_bit(index) == "1"

    def set_bit(self, index: int, value: bool | int | Literal["0", "1"]) -> Self:
        """
        Return a copy with the bit at *index* set to *value*.

        Raises:
            IndexError: there is no such bit.
        """
        if not 0 <= index < len(self):
            raise IndexError("BitString index out of range")
        bit = "1" if value not in (0, "0") else "0"
        return self._made(f"{self[:index]}{bit}{self[index + 1 :]}")

    def _made(self, text: str) -> Self:
        return type(self)(text, False)

    def _with(self, other: Any) -> tuple[int, int]:
        bits = other if isinstance(other, BitString) else BitString(other)
        if len(bits) != len(self):
            raise ValueError("Operands must be the same length")
        return int(self), int(bits)

    def __and__(self, other: str) -> Self:
        if not isinstance(other, str):
            return NotImplemented
        left, right = self._with(other)
        return self.from_int(left & right, len(self))

    def __or__(self, other: str) -> Self:
        if not isinstance(other, str):
            return NotImplemented
        left, right = self._with(other)
        return self.from_int(left | right, len(self))

    def __xor__(self, other: str) -> Self:
        if not isinstance(other, str):
            return NotImplemented
        left, right = self._with(other)
        return self.from_int(left ^ right, len(self))

    __rand__ = __and__
    __ror__ = __or__
    __rxor__ = __xor__

    def __invert__(self) -> Self:
        return self._made(self.translate({48: "1", 49: "0"}))

    def __lshift__(self, amount: int) -> Self:
        kept = str.__getitem__(self, slice(max(amount, 0), None))
        return self._made(kept.ljust(len(self), "0"))

    def __rshift__(self, amount: int) -> Self:
        kept = str.__getitem__(self, slice(None, max(len(self) - max(amount, 0), 0)))
        return self._made(kept.rjust(len(self), "0"))

    # ----------------------------------------------------------------- strings

    def __add__(self, other: str) -> Self:
        if not isinstance(other, str):
            raise TypeError(f"Can only concatenate str (not '{type(other).__name__}') to BitString")
        return type(self)(str(self) + other)

    def __radd__(self, other: str) -> Self:
        if not isinstance(other, str):
            raise TypeError(f"Can only concatenate str (not '{type(other).__name__}') to BitString")
        return type(self)(other + str(self))

    def __getitem__(self, key: SupportsIndex | slice) -> Self:
        return self._made(str.__getitem__(self, key))

    def lstrip(self, char: str | None = None) -> Self:
        """
        Return it without leading zeros, or other bits.
        """
        return self._made(str.lstrip(self, "0" if char is None else char))

    def rstrip(self, char: str | None = "0") -> Self:
        """
        Return it without trailing zeros, or other bits.
        """
        return self._made(str.rstrip(self, char))

    def strip(self, char: str | None = "0") -> Self:
        """
        Return it without zeros at its ends, or other bits.
        """
        return self._made(str.strip(self, char))

    def removeprefix(self, prefix: str, /) -> Self:
        """
        Return it without *prefix*.
        """
        return self._made(str.removeprefix(self, prefix))

    def removesuffix(self, suffix: str, /) -> Self:
        """
        Return it without *suffix*.
        """
        return self._made(str.removesuffix(self, suffix))

    def replace(self, old: str, new: str, count: SupportsIndex = -1, /) -> Self:
        """
        Return it with *new* in place of *old*.
        """
        return type(self)(str.replace(self, old, new, count))

    def split(  # type: ignore[override]  # of bits, not of any strings
        self, sep: str | None = None, maxsplit: SupportsIndex = -1
    ) -> list[Self]:
        """
        Return the parts between *sep*.
        """
        return [self._made(part) for part in str.split(self, sep, maxsplit)]

    def zfill(self, width: SupportsIndex) -> Self:
        """
        Return it filled up with zeros on the left.
        """
        return self._made(str.zfill(self, width))

    def __str__(self) -> str:
        return str.__str__(self)

    def __repr__(self) -> str:
        return f'BitString("{self!s}")'


class _BitComparator(Comparator[Any]):
    """
    Operators of bits: Python's are those of bits, not of truth.
    """

    __slots__ = ()

    def __and__(self, other: Any) -> Any:
        return self.bitwise_and(other)

    def __or__(self, other: Any) -> Any:
        return self.bitwise_or(other)

    def __invert__(self) -> Any:
        return self.bitwise_not()

    def __lshift__(self, other: Any) -> Any:
        return self.bitwise_lshift(other)

    def __rshift__(self, other: Any) -> Any:
        return self.bitwise_rshift(other)


_BitComparator.__name__ = "comparator_factory"  # which messages show


class BIT(sqltypes.TypeEngine[str]):
    """
    ``BIT(n)`` or ``BIT VARYING(n)``; values are strings of 0 and 1, `BitString` when fetched.

    Args:
        length: How many bits; 1 when not given, unless *varying*.
        varying: Up to *length* bits.
    """

    __visit_name__ = "BIT"

    render_bind_cast = True
    operator_classes: OperatorClass = OperatorClass.BASE | OperatorClass.BITWISE | OperatorClass.COMPARISON

    Comparator = _BitComparator
    comparator_factory = _BitComparator

    def __init__(self, length: int | None = None, varying: bool = False) -> None:
        if varying:
            self.length = length
        else:
            self.length = length or 1
        self.varying = varying

    @property
    def python_type(self) -> type[BitString]:
        return BitString

    def coerce_compared_value(self, op: Any, value: Any) -> sqltypes.TypeEngine[Any]:
        return self if isinstance(value, str) else super().coerce_compared_value(op, value)

    def bind_processor(self, dialect: Any) -> Callable[[Any], Any] | None:
        def process(value: Any) -> Any:
            # drivers look at the class, and know only strings
            return str(value) if isinstance(value, BitString) else value

        return process

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], Any] | None:
        def process(value: Any) -> Any:
            return None if value is None else BitString(value)

        return process

    def literal_processor(self, dialect: Any) -> Callable[[Any], str] | None:
        def process(value: Any) -> str:
            return f"B'{BitString(value)}'"

        return process
