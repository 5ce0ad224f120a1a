"""
HSTORE: text keys with text values (an extension of PostgreSQL).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from relvar import types as sqltypes
from relvar.dialects.postgresql.array import ARRAY
from relvar.dialects.postgresql.operators import (
    CONTAINED_BY,
    CONTAINS,
    HAS_ALL,
    HAS_ANY,
    HAS_KEY,
    HSTORE_GETITEM,
)
from relvar.expr.cast import cast
from relvar.expr.coerce import operand
from relvar.expr.comparator import IndexableComparator
from relvar.expr.function import GenericFunction
from relvar.types import BOOLEANTYPE, OperatorClass, Text
from relvar.types.text import Concatenable, Indexable

__all__ = ["HSTORE", "hstore"]


class _Comparator(IndexableComparator[Any]):
    """
    The operators of hstore.
    """

    __slots__ = ()

    def has_key(self, other: Any) -> Any:
        """
        Tell whether there is this key.
        """
        return self.operate(HAS_KEY, other, result_type=BOOLEANTYPE)

    def has_all(self, other: Any) -> Any:
        """
        Tell whether there are all these keys.
        """
        return self.operate(HAS_ALL, other, result_type=BOOLEANTYPE)

    def has_any(self, other: Any) -> Any:
        """
        Tell whether there is one of these keys.
        """
        return self.operate(HAS_ANY, other, result_type=BOOLEANTYPE)

    def contains(self, other: Any, **kwargs: Any) -> Any:
        """
        Tell whether all pairs of *other* are here.
        """
        return self.operate(CONTAINS, other, result_type=BOOLEANTYPE)

    def contained_by(self, other: Any) -> Any:
        """
        Tell whether all pairs are in *other*.
        """
        return self.operate(CONTAINED_BY, other, result_type=BOOLEANTYPE)

    def _setup_getitem(self, index: Any) -> tuple[Any, Any, Any]:
        return HSTORE_GETITEM, operand(index, HSTORE_GETITEM, self.expr, type_=Text()), self.type.text_type

    def defined(self, key: Any) -> Any:
        """
        Tell whether the key has a value that is not NULL.
        """
        return _HStoreDefinedFunction(self.expr, key)

    def delete(self, key: Any) -> Any:
        """
        Return the hstore without a key, keys or pairs.
        """
        if isinstance(key, dict):
            key = cast(key, HSTORE())
        return _HStoreDeleteFunction(self.expr, key)

    def slice(self, array: Any) -> Any:
        """
        Return only the pairs of these keys.
        """
        return _HStoreSliceFunction(self.expr, array)

    def keys(self) -> Any:
        """
        Return the keys as an array.
        """
        return _HStoreKeysFunction(self.expr)

    def vals(self) -> Any:
        """
        Return the values as an array.
        """
        return _HStoreValsFunction(self.expr)

    def array(self) -> Any:
        """
        Return keys and values, in turn, as an array.
        """
        return _HStoreArrayFunction(self.expr)

    def matrix(self) -> Any:
        """
        Return pairs as a two-dimensional array.
        """
        return _HStoreMatrixFunction(self.expr)


_Comparator.__name__ = "Comparator"  # which messages show


class HSTORE(Indexable, Concatenable, sqltypes.TypeEngine[dict[str, str | None]]):
    """
    The type ``hstore``; values are dictionaries of strings.

    Args:
        text_type: The type of its values.
    """

    __visit_name__ = "HSTORE"
    _is_made_in_database = True

    hashable = False
    text_type: sqltypes.TypeEngine[str] = Text()
    operator_classes: OperatorClass = (
        OperatorClass.BASE
        | OperatorClass.EQUALITY
        | OperatorClass.INDEXABLE
        | OperatorClass.CONTAINS
        | OperatorClass.CONCATENABLE
    )

    Comparator = _Comparator
    comparator_factory = _Comparator

    def __init__(self, text_type: sqltypes.TypeEngine[str] | None = None) -> None:
        if text_type is not None:
            self.text_type = text_type

    def bind_processor(self, dialect: Any) -> Callable[[Any], Any] | None:
        if getattr(dialect, "_has_native_hstore", False):
            return None

        def process(value: Any) -> Any:
            return _serialize(value) if isinstance(value, dict) else value

        return process

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], Any] | None:
        if getattr(dialect, "_has_native_hstore", False):
            return None

        def process(value: Any) -> Any:
            # a driver that knows the type has made the dictionary already
            return _parse(value) if isinstance(value, str) else value

        return process

    def literal_processor(self, dialect: Any) -> Callable[[Any], str] | None:
        string = sqltypes.STRINGTYPE.literal_processor(dialect)
        assert string is not None
        spell = string
        return lambda value: f"{spell(_serialize(value))}::HSTORE"


class hstore(GenericFunction[Any]):  # as SQL writes it
    """
    ``hstore(...)``: of a key and a value, or of arrays of them.
    """

    type: HSTORE = HSTORE()
    name: str = "hstore"
    inherit_cache: bool = True


class _HStoreDefinedFunction(GenericFunction[Any]):
    type = BOOLEANTYPE
    name = "defined"
    inherit_cache = True
    _register = False


class _HStoreDeleteFunction(GenericFunction[Any]):
    type = HSTORE()
    name = "delete"
    inherit_cache = True
    _register = False


class _HStoreSliceFunction(GenericFunction[Any]):
    type = HSTORE()
    name = "slice"
    inherit_cache = True
    _register = False


class _HStoreKeysFunction(GenericFunction[Any]):
    type = ARRAY(Text())
    name = "akeys"
    inherit_cache = True
    _register = False


class _HStoreValsFunction(GenericFunction[Any]):
    type = ARRAY(Text())
    name = "avals"
    inherit_cache = True
    _register = False


class _HStoreArrayFunction(GenericFunction[Any]):
    type = ARRAY(Text())
    name = "hstore_to_array"
    inherit_cache = True
    _register = False


class _HStoreMatrixFunction(GenericFunction[Any]):
    type = ARRAY(Text())
    name = "hstore_to_matrix"
    inherit_cache = True
    _register = False


_PAIR = re.compile(
    r"""(?:"(?P<key>(?:\\.|[^"])*)")[ ]*=>[ ]*(?:(?P<null>NULL)|"(?P<value>(?:\\.|[^"])*)")""",
    re.X | re.I,
)


def _parse(text: str) -> dict[str, str | None]:
    """
    Return the dictionary that ``"a"=>"1", "b"=>NULL`` spells.

    >>> _parse('"a"=>"1", "b"=>NULL')
    {'a': '1', 'b': None}
    """
    return {
        _unescape(match["key"]): None if match["null"] else _unescape(match["value"])
        for match in _PAIR.finditer(text)
    }


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _serialize(values: dict[str, Any]) -> str:
    """
    Return *values* in hstore's spelling.

    Raises:
        ValueError: a key or value is no string.
    """

    def spell(value: Any, position: str) -> str:
        if position == "value" and value is None:
            return "NULL"
        if not isinstance(value, str):
            raise ValueError(f"{value!r} in {position} position is not a string.")
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'

    return ", ".join(f"{spell(k, 'key')}=>{spell(v, 'value')}" for k, v in values.items())
