"""
The loops of a flush that run once per object: read rows out, put keys in, call objects persistent.

A *row* is a tuple of the values an INSERT sends, a *mask* says which columns it has (bit i: column i).

Rule 1: nothing here knows columns or types; callers say by small numbers what a missing value means.
Rule 2: an object that needs more than reading (a default to compute, an SQL expression) gets mask -1, and the
caller does it the long way.
"""

from __future__ import annotations

from typing import Any

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython

if cython.compiled:
    from cython.cimports.relvar._kernels.attributes import State, probe, store
else:
    from relvar._kernels.attributes import State, probe, store

from relvar._kernels.attributes import MODIFIED, NO_VALUE

__all__ = ["expire_states", "insert_rows", "make_persistent", "store_values", "stored_pk"]

_no_value: object = NO_VALUE

# what a missing value means, see `relvar.orm.flush.facts`
INCLUDE_NULL = 0
OMIT = 1

_plain_types = frozenset({int, str, float, bool, bytes})


def insert_rows(states: list, keys: tuple, when_missing: tuple, eval_none: tuple) -> tuple:  # type: ignore[type-arg]  # C types here
    """
    Read the values of new objects.

    Args:
        keys: Attribute names, one per column.
        when_missing: Per column, what None or no value means: ``INCLUDE_NULL``, ``OMIT``, or anything else for "ask the caller".
        eval_none: Per column, whether None is a value like others.

    Returns:
        ``(masks, rows)``, one each per state, with mask -1 and row None where the caller has to do it.
    """
    masks: list = []  # type: ignore[type-arg]  # a C type here
    rows: list = []  # type: ignore[type-arg]  # a C type here
    count: cython.Py_ssize_t = len(keys)
    i: cython.Py_ssize_t
    previous: object = None
    previous_bits: list = []  # type: ignore[type-arg]  # a C type here
    for state in states:
        obj = state()
        values: list = []  # type: ignore[type-arg]  # a C type here
        left_out: list = []  # type: ignore[type-arg]  # a C type here
        usable: cython.bint = True
        for i in range(count):
            value = probe(obj, keys[i])
            if value is None or value is _no_value:
                if value is None and eval_none[i]:
                    values.append(None)
                elif when_missing[i] == INCLUDE_NULL:
                    values.append(None)
                elif when_missing[i] == OMIT:
                    left_out.append(i)
                else:
                    usable = False
                    break
            elif type(value) in _plain_types or not hasattr(type(value), "__visit_name__") and not hasattr(
                value, "__clause_element__"
            ):
                values.append(value)
            else:
                usable = False
                break
        if not usable:
            masks.append(-1)
            rows.append(None)
            continue
        if previous is None or left_out != previous_bits:
            mask = (1 << count) - 1
            for bit in left_out:
                mask &= ~(1 << bit)
            previous = mask
            previous_bits = left_out
        masks.append(previous)
        rows.append(tuple(values))
    return masks, rows


def store_values(states: list, key: str, values: list) -> int:  # type: ignore[type-arg]  # C types here
    """Put one value into each object, as loaded from the database."""
    i: cython.Py_ssize_t
    state: State
    for i in range(len(states)):
        state = states[i]
        obj = state()
        store(state.manager, obj, key, values[i])
    return 0


def stored_pk(state: State, keys: tuple) -> Any:  # type: ignore[type-arg]  # a C type here
    """Read the primary key of an object from its attributes: bare, or a tuple if composite."""
    obj = state()
    if len(keys) == 1:
        return probe(obj, keys[0])
    return tuple([probe(obj, key) for key in keys])


def make_persistent(states: list, keys: tuple, table: dict, pending: dict, fresh: dict) -> list:  # type: ignore[type-arg]  # C types here
    """
    Give inserted objects their identity and their place in the identity map.

    Args:
        keys: Attribute names of the primary key.
        table: Identities of the base mapper.
        pending: The session's pending objects; these are taken out.
        fresh: Objects that became persistent in this transaction; these are put in.

    Returns:
        States for which that is not simple (no key, key taken, extra facts); nothing was done to them.
    """
    left: list = []  # type: ignore[type-arg]  # a C type here
    state: State
    single: cython.bint = len(keys) == 1
    for item in states:
        state = item
        if not single or state.extra is not None:
            left.append(state)
            continue
        pk = probe(state(), keys[0])
        if pk is None or pk is _no_value or pk in table:
            left.append(state)
            continue
        pending.pop(state, None)
        state.flags &= ~MODIFIED
        state.old = None
        state.pk = pk
        table[pk] = state
        fresh[state] = True
    return left


def expire_states(states: list) -> int:  # type: ignore[type-arg]  # a C type here
    """Forget the values of all these objects that are still there."""
    state: State
    for item in states:
        state = item
        obj = state()
        if obj is not None:
            state.expire_all(obj)
    return 0
