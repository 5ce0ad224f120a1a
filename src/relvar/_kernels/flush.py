"""
The loops of a flush that run once per object: read rows out, put keys in, call objects persistent.

A *row* is a tuple of the values an INSERT sends, a *mask* says which columns it has (bit i: column i).

Rule 1: nothing here knows columns or types; callers say by small numbers what a missing value means.
Rule 2: an object that needs more than reading and calling (an SQL expression) gets mask -1, and the caller
does it the long way; no function of the program was called for it.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython

if cython.compiled:
    from cython.cimports.relvar._kernels.attributes import (
        DELETED,
        EXPIRED,
        INSERTED,
        MODIFIED,
        ORPHANED,
        PARTIAL,
        TOKEN,
        WAS_DELETED,
        Before,
        State,
        get_state,
        probe,
        referent,
        store,
    )
else:
    from relvar._kernels.attributes import (
        DELETED,
        EXPIRED,
        INSERTED,
        MODIFIED,
        ORPHANED,
        PARTIAL,
        TOKEN,
        WAS_DELETED,
        State,
        get_state,
        probe,
        referent,
        store,
    )

from relvar._kernels.attributes import NO_VALUE

__all__ = [
    "attach_new",
    "by_manager",
    "detach_deleted",
    "expire_states",
    "insert_rows",
    "make_clean",
    "make_deleted",
    "lacks_value",
    "make_persistent",
    "managers_of",
    "next_version",
    "only_manager",
    "pk_rows",
    "sort_by_key",
    "split_saved",
    "store_values",
    "stored_pk",
    "update_rows",
]

_BITS = cython.declare(list, [1 << index for index in range(64)])

_no_value: object = NO_VALUE

# How a column without a value is treated on INSERT.
INCLUDE_NULL = 0  # NULL is written
OMIT = 1  # left out: primary key, server default, SQL default, types that have None as a value
COMPUTE = 2  # a Python-side default is called

# where a computed value comes from: it is the same each time, or what a function returns
CONSTANT = 0
CALL = 1
CALL_WITH_CONTEXT = 2

_plain_types = frozenset(
    {int, str, float, bool, bytes, Decimal, UUID}
    | {datetime.date, datetime.datetime, datetime.time, datetime.timedelta}
)


@cython.cfunc
def is_plain(value: Any) -> cython.bint:
    """Tell whether a value is none of SQL's expressions."""
    if type(value) is int or type(value) is str or type(value) in _plain_types:
        return True
    return not hasattr(type(value), "__visit_name__") and not hasattr(value, "__clause_element__")


def attach_new(
    obj: Any,
    pending: dict[State, Any],
    session_id: int,
) -> bool:
    """
    Make a transient object pending, and the transient objects behind it, if that is all there is to do.

    Args:
        pending: The session's pending objects, by state.

    Returns:
        Whether it was done; if not, nothing was changed.
    """
    state: State = get_state(obj)
    if state is None or state.pk is not None or state.session_id != 0:
        return False
    keys = state.manager.cascading
    if keys is None:
        return False
    if not keys:
        state.flags &= ~ORPHANED
        state.session_id = session_id
        pending[state] = obj
        return True
    found: dict = {}  # type: ignore[type-arg]  # a C type here
    waiting: list = [obj]  # type: ignore[type-arg]  # a C type here
    while waiting:
        obj = waiting.pop()
        state = get_state(obj)
        if state is None:
            return False
        if state in found:
            continue
        if state.session_id == session_id:
            if state.flags & DELETED:
                # it cannot come along, which is to be said
                return False
            continue
        keys = state.manager.cascading
        if keys is None or state.pk is not None or state.session_id != 0:
            return False
        if state.extra is not None and "pending" in state.extra:
            return False
        found[state] = obj
        behind: list = []  # type: ignore[type-arg]  # a C type here
        for key, cls in keys:
            value = probe(obj, key)
            if value is None or value is _no_value:
                continue
            items: Any = ()
            if isinstance(value, (list, set)):
                items = value
            elif isinstance(value, dict):
                items = value.values()
            else:
                items = (value,)
            for item in items:
                if item is None:
                    continue
                if not isinstance(item, cls):
                    return False
                behind.append(item)
        behind.reverse()
        waiting.extend(behind)
    for reached in found:
        state = reached
        state.flags &= ~ORPHANED
        state.session_id = session_id
    pending.update(found)
    return True


def insert_rows(
    states: list,  # type: ignore[type-arg]  # C types here, and below
    keys: tuple,  # type: ignore[type-arg]
    when_missing: tuple,  # type: ignore[type-arg]
    eval_none: tuple,  # type: ignore[type-arg]
    makers: tuple,  # type: ignore[type-arg]
    names: tuple,  # type: ignore[type-arg]
    context: Any,
) -> tuple:  # type: ignore[type-arg]
    """
    Read the values of new objects, and make those that have defaults.

    Args:
        keys: Attribute names, one per column.
        when_missing: Per column, what None or no value means: ``INCLUDE_NULL``, ``OMIT`` or ``COMPUTE``.
        eval_none: Per column, whether None is a value like others.
        makers: Per column, where a computed value comes from, ``(CONSTANT, value)``, ``(CALL, function)`` or
            ``(CALL_WITH_CONTEXT, function)``, or None.
        names: Column names, as functions know the values of other columns.
        context: Makes what those functions get, from the values by name of the columns before theirs.

    Returns:
        ``(masks, rows)``, one each per state, with mask -1 and row None where the caller has to do it: no
        default was computed for any row then.
    """
    masks: list = []  # type: ignore[type-arg]  # a C type here
    rows: list = []  # type: ignore[type-arg]  # a C type here
    count: cython.Py_ssize_t = len(keys)
    i: cython.Py_ssize_t
    unmade: list = []  # type: ignore[type-arg]  # a C type here
    previous: object = None
    previous_bits: list = []  # type: ignore[type-arg]  # a C type here
    for state in states:
        obj = referent(state)
        values: list = []  # type: ignore[type-arg]  # a C type here
        left_out: list = []  # type: ignore[type-arg]  # a C type here
        waiting: list = []  # type: ignore[type-arg]  # a C type here
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
                    waiting.append((i, len(values)))
                    values.append(None)
            elif is_plain(value):
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
        if waiting:
            unmade.append((len(rows), values, waiting, left_out))
        masks.append(previous)
        rows.append(tuple(values))
    is_ordered: cython.bint = not unmade or -1 not in masks
    for at, values, waiting, left_out in unmade:
        if is_ordered:
            for i, place in waiting:
                values[place] = _made(makers[i], i, values, names, left_out, context)
            rows[at] = tuple(values)
        else:
            # functions are called in the order of the rows, which the caller keeps
            masks[at] = -1
            rows[at] = None
    return masks, rows


@cython.cfunc
def _made(
    maker: tuple,  # type: ignore[type-arg]  # C types here, and below
    column: cython.Py_ssize_t,
    values: list,  # type: ignore[type-arg]
    names: tuple,  # type: ignore[type-arg]
    left_out: list,  # type: ignore[type-arg]
    context: Any,
) -> Any:
    """Make the value of one column, which a function may derive from those of the columns before it."""
    kind: cython.int = maker[0]
    if kind == CONSTANT:
        return maker[1]
    if kind == CALL:
        return maker[1]()
    present = [name for i, name in enumerate(names[:column]) if i not in left_out]
    return maker[1](context(dict(zip(present, values, strict=False))))


def next_version(version: Any) -> Any:
    """Count the versions of a row: from 1, where it has none yet."""
    return (version or 0) + 1


@cython.cfunc
@cython.inline
def _bit(index: Any) -> Any:
    """
    Return 2 to the power of an index.
    """
    at: cython.Py_ssize_t = index
    return _BITS[at] if at < 64 else 1 << index


if not cython.compiled:
    _bit = (1).__lshift__


def update_rows(
    states: list,  # type: ignore[type-arg]  # C types here, and below
    positions: dict,  # type: ignore[type-arg]
    pk_keys: tuple,  # type: ignore[type-arg]
    on_update: tuple,  # type: ignore[type-arg]
    version: tuple | None,  # type: ignore[type-arg]
) -> tuple:  # type: ignore[type-arg]
    """
    Read what changed in objects, and the keys of their rows.

    Args:
        positions: Attribute name -> index of its column; -1 for one that wants a closer look, as keys do.
        pk_keys: Names of the primary key's attributes, in the order of ``State.pk``.
        on_update: Index and maker (as for `insert_rows`, without context) of the columns that get a new value
            with each UPDATE that says nothing of them.
        version: Attribute, index and, where the version is counted here, generator of the column that has the
            version of a row.

    Returns:
        ``(masks, rows)``, one each per state: which columns changed (0: none), and their values in
        column order followed by the primary key and the version; -1 and None where the caller has to do it.
    """
    masks: list = []  # type: ignore[type-arg]  # a C type here
    rows: list = []  # type: ignore[type-arg]  # a C type here
    state: State
    single: cython.bint = len(pk_keys) == 1
    before_version: object = None
    is_short: cython.bint = single and version is None and not on_update
    is_simple: cython.bint
    last_index: Any = None
    last_mask: Any = None
    for item in states:
        state = item
        found: list = []  # type: ignore[type-arg]  # a C type here
        is_simple = True
        if state.changes is not None:
            obj = referent(state)
            if cython.compiled and type(state.changes) is Before:
                link: Before = state.changes
                while link is not None and is_simple:
                    is_simple = _find_change(obj, link.key, link.value, positions, found)
                    link = link.further
            else:
                for key, before in state.changes.items():
                    if not _find_change(obj, key, before, positions, found):
                        is_simple = False
                        break
            if is_simple and version is not None and found:
                before_version = probe(obj, version[0])
                # to be loaded, or set by the program
                is_simple = before_version is not _no_value and version[0] not in state.changes
        if not is_simple or not found:
            masks.append(0 if is_simple else -1)
            rows.append(None)
            continue
        if is_short and len(found) == 2:
            if found[0] is not last_index:
                last_index = found[0]
                last_mask = _bit(last_index)
            masks.append(last_mask)
            rows.append((found[1], state.pk))
            continue
        mask: object = 0
        i: cython.Py_ssize_t
        for i in range(0, len(found), 2):
            mask |= _bit(found[i])
        for index, maker in on_update:
            if not mask >> index & 1:
                mask |= 1 << index
                found.append(index)
                found.append(maker[1] if maker[0] == CONSTANT else maker[1]())
        if version is not None and version[2] is not None and not mask >> version[1] & 1:
            mask |= 1 << version[1]
            found.append(version[1])
            found.append(version[2](before_version))
        values: list = _in_column_order(found)  # type: ignore[type-arg]  # a C type here
        if single:
            values.append(state.pk)
        else:
            values.extend(state.pk)
        if version is not None:
            values.append(before_version)
        masks.append(mask)
        rows.append(tuple(values))
    return masks, rows


@cython.cfunc
@cython.exceptval(-1)
def _find_change(
    obj: Any,
    key: str,
    before: Any,
    positions: dict,  # type: ignore[type-arg]  # C types here, and below
    found: list,  # type: ignore[type-arg]
) -> cython.bint:
    """
    Add the index and the value of a column that has another value than before.

    Returns:
        False where it wants a closer look.
    """
    index: Any = positions.get(key)
    if index is None:
        return True
    value = probe(obj, key)
    if index < 0 or value is _no_value or not (value is None or is_plain(value)):
        return False
    if before is _no_value or (before is not value and (value == before) is not True):
        found.append(index)
        found.append(value)
    return True


@cython.cfunc
def _in_column_order(found: list) -> list:  # type: ignore[type-arg]  # C types here
    """
    Return the values of a list of indexes, each followed by its value, in the order of the indexes.
    """
    if len(found) == 2:
        return [found[1]]
    if len(found) == 4:
        return [found[1], found[3]] if found[0] < found[2] else [found[3], found[1]]
    return [value for _, value in sorted(zip(found[::2], found[1::2], strict=True), key=_first)]


def _first(pair: Any) -> Any:
    return pair[0]


def pk_rows(states: list, pk_keys: tuple, version_key: Any) -> Any:  # type: ignore[type-arg]  # C types here
    """
    Return the primary key of each object's row as a tuple, and its version if that has an attribute.

    None if some of them was changed and not written, or is not loaded.
    """
    rows: list = []  # type: ignore[type-arg]  # a C type here
    state: State
    single: cython.bint = len(pk_keys) == 1
    for item in states:
        state = item
        pk = state.pk
        if pk is None:
            return None
        for key in pk_keys:
            if _was_changed(state, key) if cython.compiled else state.changes and key in state.changes:
                return None
        if version_key is None:
            rows.append((pk,) if single else pk)
            continue
        version = probe(referent(state), version_key)
        if version is _no_value or (state.changes is not None and version_key in state.changes):
            return None
        rows.append((pk, version) if single else (*pk, version))
    return rows


def lacks_value(states: list, key: str, unset: cython.bint) -> bool:  # type: ignore[type-arg]  # a C type here
    """
    Tell whether an attribute of one of these objects is None.

    Args:
        unset: That it has no value counts as well.
    """
    state: State
    for item in states:
        state = item
        value = probe(referent(state), key)
        if value is None or (unset and value is _no_value):
            return True
    return False


def managers_of(states: list) -> list:  # type: ignore[type-arg]  # C types here
    """Return the managers of the classes that these objects are of."""
    found: dict = {}  # type: ignore[type-arg]  # a C type here
    last: object = None
    state: State
    for item in states:
        state = item
        if state.manager is not last:
            last = state.manager
            found[last] = None
    return list(found)


def only_manager(states: dict) -> Any:  # type: ignore[type-arg]  # a C type here
    """Return the manager of the class that all these objects are of; None if they are of several, or none."""
    found: object = None
    state: State
    for item in states:
        state = item
        if found is None:
            found = state.manager
        elif state.manager is not found:
            return None
    return found


def by_manager(states: list) -> dict:  # type: ignore[type-arg]  # C types here
    """Group objects by the manager of their class, in the order in which they come."""
    found: dict = {}  # type: ignore[type-arg]  # a C type here
    members: list = []  # type: ignore[type-arg]  # a C type here
    last: object = None
    state: State
    for item in states:
        state = item
        if state.manager is not last:
            last = state.manager
            known = found.get(last)
            members = [] if known is None else known
            found[last] = members
        members.append(state)
    return found


def split_saved(states: Any) -> tuple:  # type: ignore[type-arg]  # C types here
    """
    Tell objects that have no row yet from those that have one.

    Returns:
        Those without, those with, and of those without the ones whose values are expired.
    """
    pending: list = []  # type: ignore[type-arg]  # C types here, and below
    persistent: list = []  # type: ignore[type-arg]
    expired: list = []  # type: ignore[type-arg]
    state: State
    for item in states:
        state = item
        if state.pk is not None:
            persistent.append(state)
            continue
        pending.append(state)
        if state.flags & EXPIRED:
            expired.append(state)
    return pending, persistent, expired


def sort_by_key(states: list) -> int:  # type: ignore[type-arg]  # a C type here
    """Sort objects by their primary keys; they stay as they are where keys do not compare."""
    before: object = None
    state: State
    try:
        for item in states:
            state = item
            if before is not None and state.pk < before:
                states.sort(key=_pk)
                break
            before = state.pk
    except TypeError:
        pass
    return 0


def _pk(state: State) -> Any:
    return state.pk


def store_values(states: list, key: str, values: list) -> int:  # type: ignore[type-arg]  # C types here
    """Put one value into each object, as loaded from the database."""
    i: cython.Py_ssize_t
    state: State
    for i in range(len(states)):
        state = states[i]
        obj = referent(state)
        store(state.manager, obj, key, values[i])
    return 0


def stored_pk(state: State, keys: tuple) -> Any:  # type: ignore[type-arg]  # a C type here
    """Read the primary key of an object from its attributes: bare, or a tuple if composite."""
    obj = referent(state)
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
        States for which that is not simple (no key, or part of it, key taken); nothing was done to them.
    """
    left: list = []  # type: ignore[type-arg]  # a C type here
    state: State
    single: cython.bint = len(keys) == 1
    for item in states:
        state = item
        pk = None if state.flags & TOKEN else _whole_key(referent(state), keys, single)
        if pk is None or pk in table:
            left.append(state)
            continue
        pending.pop(state, None)
        state.flags = (state.flags & ~MODIFIED) | INSERTED | PARTIAL
        state.changes = None
        state.pk = pk
        table[pk] = state
        if state.extra is not None:
            state.extra.pop("committed", None)
            state.extra.pop("pending", None)
        fresh[state] = True
    return left


@cython.cfunc
def _whole_key(obj: Any, keys: tuple, single: cython.bint) -> Any:  # type: ignore[type-arg]  # a C type here
    """Read the primary key of an object: bare, or a tuple if composite; None if a part is missing."""
    if single:
        pk = probe(obj, keys[0])
        return None if pk is _no_value else pk
    parts: list = []  # type: ignore[type-arg]  # a C type here
    for key in keys:
        part = probe(obj, key)
        if part is None or part is _no_value:
            return None
        parts.append(part)
    return tuple(parts)


if cython.compiled:

    @cython.cfunc
    @cython.inline
    def _was_changed(state: State, key: object) -> cython.bint:
        """
        Tell whether an attribute has another value than at the last flush, or had one meanwhile.
        """
        if state.changes is None:
            return False
        if type(state.changes) is Before:
            chain: Before = state.changes
            return chain.has(key)
        return key in state.changes


def make_clean(states: list, pk_keys: tuple, modified: dict, dirty: Any) -> list:  # type: ignore[type-arg]  # C types here
    """
    Take the values of updated objects as committed.

    Args:
        modified: The session's changed objects; these are taken out.
        dirty: Objects that were changed in this savepoint; these are put in. None where there is none.

    Returns:
        States whose key may have changed; nothing else was done to them.
    """
    left: list = []  # type: ignore[type-arg]  # a C type here
    state: State
    for item in states:
        state = item
        simple: cython.bint = True
        for key in pk_keys:
            if _was_changed(state, key) if cython.compiled else state.changes and key in state.changes:
                simple = False
        if not simple:
            left.append(state)
            continue
        if state.extra is not None:
            state.extra.pop("pending", None)
        state.changes = None
        if state.flags & MODIFIED:
            state.flags &= ~MODIFIED
            modified.pop(state, None)
    if dirty is not None:
        dirty.update(dict.fromkeys(states, True))
    return left


def make_deleted(states: dict, table: dict, modified: dict, marked: dict, gone: dict) -> int:  # type: ignore[type-arg]  # C types here
    """
    Note that the rows of objects were deleted.

    Args:
        table: Identities of the base mapper; these are taken out.
        modified: The session's changed objects; these are taken out.
        marked: The session's objects to delete; these are taken out.
        gone: Objects that were deleted in this transaction; these are put in.
    """
    state: State
    for item in states:
        state = item
        marked.pop(state, None)
        if state.flags & MODIFIED:
            modified.pop(state, None)
        key = state.map_key if state.flags & TOKEN else state.pk
        if table.get(key) is state:
            del table[key]
        state.changes = None
        state.flags = (state.flags & ~MODIFIED) | DELETED
    gone.update(dict.fromkeys(states, True))
    return 0


def detach_deleted(states: list, session_id: int, modified: dict) -> int:  # type: ignore[type-arg]  # C types here
    """
    Cut objects off their session whose deletion was committed.

    Args:
        states: Those that were deleted; one that is in another session by now, or was brought back, stays.
        modified: The session's changed objects; these are taken out.
    """
    state: State
    for item in states:
        state = item
        if state.session_id == session_id and state.flags & DELETED:
            if state.flags & MODIFIED:
                modified.pop(state, None)
            state.session_id = 0
            state.flags = (state.flags & ~DELETED) | WAS_DELETED
    return 0


def expire_states(states: list) -> int:  # type: ignore[type-arg]  # a C type here
    """
    Forget the values of all these objects that are still there.

    Together, so that also who owns whom is to be read again.
    """
    state: State
    for item in states:
        state = item
        obj = referent(state)
        if obj is not None:
            state.expire_all(obj)
            if state.extra is not None:
                state.extra.pop("parents", None)
    return 0
