"""
Carry key values from one side of a relationship to the other.

``pairs`` are a relationship's ``(source column, target column)`` tuples, as
attribute names of the two mappers.  Values are taken from loaded attributes and
stored so that the following UPDATE or INSERT sees them as changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar._kernels.attributes import NO_VALUE, mark_modified, probe, remember, set_loaded
from relvar.orm import exc as orm_exc

__all__ = ["KeyPair", "clear", "copy_values", "key_pairs", "populate", "source_modified"]

State = Any


class KeyPair:
    """
    One column of a foreign key and the column it refers to.
    """

    __slots__ = ("source", "source_column", "target", "target_column", "target_is_pk")

    def __init__(
        self,
        source: str,
        source_column: Any,
        target: str,
        target_column: Any,
        target_is_pk: bool,
    ) -> None:
        self.source: str = source
        self.source_column: Any = source_column
        self.target: str = target
        self.target_column: Any = target_column
        self.target_is_pk: bool = target_is_pk


def key_pairs(pairs: Sequence[tuple[Any, Any]], source: Any, target: Any) -> tuple[KeyPair, ...]:
    """
    Translate column pairs into attribute names.

    Raises:
        UnmappedColumnError: one of the columns has no attribute.
    """
    target_pk = set(target.primary_key)
    for mapper in target.iterate_to_root():
        target_pk.update(mapper.local_table.primary_key)
    return tuple(
        KeyPair(
            _attribute_of(source, left),
            left,
            _attribute_of(target, right),
            right,
            right in target_pk,
        )
        for left, right in pairs
    )


def _attribute_of(mapper: Any, column: Any) -> str:
    try:
        key: str = mapper.get_property_by_column(column).key
    except orm_exc.UnmappedColumnError as err:
        raise orm_exc.UnmappedColumnError(
            f"Can't execute sync rule: mapper '{mapper}' does not map column '{column}'.  "
            "Try using an explicit `foreign_keys` collection which does not include "
            "that column"
        ) from err
    return key


def value_of(state: State, key: str) -> Any:
    """
    Return a key value of a state, loading it if it is expired.
    """
    obj = state()
    value = probe(obj, key)
    if value is NO_VALUE:
        value = getattr(obj, key)
    return None if value is NO_VALUE else value


def put(state: State, key: str, value: Any) -> bool:
    """
    Set a column attribute so that the flush sees a change; fire no events.

    Returns:
        False if the value was there.
    """
    obj = state()
    if state.pk is not None:
        before = probe(obj, key)
        if before is not NO_VALUE and before == value and type(before) is type(value):
            return False
        remember(state, key, before)
        if state.expired_keys is not None:
            state.unexpire(key)
    set_loaded(obj, key, value)
    mark_modified(state, obj)
    return True


def populate(source: State, target: State, pairs: Sequence[KeyPair]) -> bool:
    """
    Give *target* the key of *source*.

    Returns:
        False if it had it.
    """
    is_new = False
    for pair in pairs:
        is_new |= put(target, pair.target, value_of(source, pair.source))
    return is_new


def clear(target: State, pairs: Sequence[KeyPair]) -> bool:
    """
    Set the foreign key of *target* to NULL.

    Returns:
        False if it was.

    Raises:
        AssertionError: it is part of the primary key.
    """
    is_new = False
    for pair in pairs:
        if pair.target_is_pk and value_of(target, pair.target) is not None:
            obj = target()
            raise AssertionError(
                f"Dependency rule on column '{pair.source_column}' tried to blank-out "
                f"primary key column '{pair.target_column}' on instance "
                f"'<{type(obj).__name__} at 0x{id(obj):x}>'"
            )
        is_new |= put(target, pair.target, None)
    return is_new


def copy_values(source: State, pairs: Sequence[KeyPair], row: dict[str, Any]) -> None:
    """
    Put key values of *source* into a row of an association table.
    """
    for pair in pairs:
        row[pair.target_column.key] = value_of(source, pair.source)


def source_modified(state: State, pairs: Sequence[KeyPair]) -> bool:
    """
    Tell whether the key that others refer to has another value than before.
    """
    if state.pk is None or not state.old:
        return False
    old = state.old
    return any(
        pair.source in old
        and old[pair.source] is not NO_VALUE
        and old[pair.source] != probe(state(), pair.source)
        for pair in pairs
    )
