"""
Hold what the ORM knows about one object, and see every change of it.

The object keeps its `State` among its own attributes, under
``_sa_instance_state``; loaded values are plain attributes beside it.  Reading
a loaded value never comes here.  Three things do:

1. a *miss*: `AttributeDescriptor.__get__` (a non-data descriptor, so Python asks the instance first);
2. a *write* or *delete*: `MappedObject.__setattr__`/`__delattr__`, one C slot that mapped classes inherit;
3. a *new object*: `MappedObject.__new__` gives it a state.

Rule 1: no ``obj.__dict__`` in compiled code.  Asking for it makes CPython
build a real dict and give up the object's inline values (169 -> 393 bytes).
Rule 2: a state refers to its object weakly, so it is no part of a cycle; it *is*
a weak reference with more fields, which saves one allocation per object.
Rule 3: an object without an identity (``pk`` is None) remembers no old values: all it holds is new, but for
what ``extra["committed"]`` names, which was given to it as if it had been loaded.
"""

# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
# (names that attributes.pxd declares)

from __future__ import annotations

import operator
from enum import Enum
from typing import Any
from weakref import ReferenceType

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython

if cython.compiled:
    from cython.cimports.cpython.dict import PyDict_GetItemWithError
    from cython.cimports.cpython.object import (
        PyObject,
        PyObject_GenericSetAttr,
        PyTypeObject,
        newfunc,
    )
    from cython.cimports.relvar._kernels.objects import TypeWithInit, relvar_own_dict

__all__ = [
    "AttributeDescriptor",
    "AttributeImpl",
    "ConstructedObject",
    "LoadListeners",
    "LoaderCallableStatus",
    "Manager",
    "MappedObject",
    "State",
    "attach_state",
    "begin",
    "class_element",
    "construct",
    "get_state",
    "keep_elsewhere",
    "mark_modified",
    "new_instance",
    "probe",
    "set_loaded",
    "values_of",
]

if not cython.compiled:
    # bits of State.flags; for C they are in attributes.pxd
    MODIFIED = 1  # has changes that a flush should look at
    EXPIRED = 2  # all attributes are to be loaded again
    DELETED = 4  # DELETE was emitted in the current transaction
    WAS_DELETED = 8  # was deleted and the transaction committed
    ORPHANED = 16  # lost its parent while outside a session
    TOKEN = 32  # extra["identity_token"] takes part in the identity
    PARTIAL = 64  # has fewer column values than its class loads by default: the next row completes it
    INSERTED = 128  # its row was written from it and not read since: columns without a value are NULL


class LoaderCallableStatus(Enum):
    """What a loader may return instead of a value."""

    PASSIVE_NO_RESULT = 0
    PASSIVE_CLASS_MISMATCH = 1
    ATTR_WAS_SET = 2
    ATTR_EMPTY = 3
    NO_VALUE = 4
    NEVER_SET = NO_VALUE
    DONT_SET = 5


NO_VALUE = LoaderCallableStatus.NO_VALUE
ATTR_EMPTY = LoaderCallableStatus.ATTR_EMPTY
ATTR_WAS_SET = LoaderCallableStatus.ATTR_WAS_SET
PASSIVE_NO_RESULT = LoaderCallableStatus.PASSIVE_NO_RESULT

_no_value: object = NO_VALUE

# session id -> weak reference to that session's IdentityMap (see `identity`)
sessions: dict[int, Any] = {}
_sessions: dict[int, Any] = sessions

# What a higher layer asks of a constructor's keyword that is an attribute of the class, but not mapped.
keyword_checks: list[Any] = []

_STATE = "_sa_instance_state"

# Whether there is a class whose objects keep their values elsewhere than in ``__dict__``.
_elsewhere = False

if cython.compiled:
    _probed = cython.NULL


class LoadListeners:
    """
    Who wants to hear that objects of a class are loaded, and loaded again.
    """

    if not cython.compiled:
        __slots__ = ("load", "refresh")

    load: tuple[Any, ...]
    refresh: tuple[Any, ...]


class Manager:
    """
    What attribute access has to know about a mapped class; the ORM's ``ClassManager`` derives from it.

    ``impls``: attribute name -> `AttributeImpl`; ``prepared``: mappers are configured, else `prepare` runs
    first; ``plain_new``: ``object.__new__`` makes instances; ``plain_set``: the class has no
    ``__setattr__`` of its own; ``expirable``: names that `State.expire` forgets, the
    first ``loaded_count`` of which each row of the class brings; ``cascading``: ``(name,
    class)`` of the relationships that bring other objects along, or None as long as nobody asked;
    ``deletes_alone``: it was asked, and nothing is deleted along with an object;
    ``on_new``: called as ``(state, obj)`` for each object made by calling the class; ``discriminator``:
    the attribute that says of which class a row is, or None, and ``identity`` what it says of this one's;
    ``is_kept``: an object that is there answers for its row, so ``get()`` need not look; ``values_of``:
    called as ``(obj)`` for the dictionary of an object's values, None where it is ``__dict__``; ``by_pk``:
    the statement that loads one object by its key, or None as long as nobody asked.
    """

    if not cython.compiled:
        __slots__ = (
            "__dict__",
            "__weakref__",
            "base",
            "by_pk",
            "cascading",
            "class_",
            "deletes_alone",
            "discriminator",
            "expirable",
            "expirable_set",
            "identity",
            "impls",
            "is_kept",
            "listeners",
            "loaded_count",
            "mapper",
            "on_new",
            "plain_new",
            "plain_set",
            "prepared",
            "state_class",
            "values_of",
        )

    class_: Any
    impls: dict[str, Any]
    mapper: Any
    base: Any
    is_kept: bool
    prepared: bool
    plain_new: bool
    plain_set: bool
    state_class: Any
    expirable: tuple[str, ...]
    expirable_set: frozenset[str]
    loaded_count: int
    deletes_alone: bool
    on_new: Any
    discriminator: str | None
    identity: Any
    values_of: Any
    by_pk: Any
    listeners: LoadListeners | None

    def __init__(self, class_: Any) -> None:
        self.class_ = class_
        self.impls = {}
        self.mapper = None
        self.base = None
        self.is_kept = False
        self.prepared = False
        self.plain_new = True
        self.plain_set = True
        self.state_class = State
        self.expirable = ()
        self.expirable_set = frozenset()
        self.loaded_count = 0
        self.cascading = None
        self.deletes_alone = False
        self.by_pk = None
        self.on_new = None
        self.discriminator = None
        self.identity = None
        self.values_of = None
        self.listeners = None

    def prepare(self) -> None:
        """Configure the mappers that this class belongs to."""
        self.prepared = True


class Changes:
    """
    The objects of one session that a flush has to look at; the `IdentityMap` of the session derives from it.

    ``modified``: states with unflushed changes, with their objects, which must live until then; ``guard``:
    called with the session before an object is entered, and may raise; ``owner``: a weak reference to the
    session.
    """

    modified: dict[State, Any]
    guard: Any
    owner: Any


class AttributeImpl:
    """
    How one attribute of one class is read, written and compared; subclasses are in ``orm.state``.

    ``plain``: a write needs nothing but the old value remembered (no events, no validators, no other side).
    ``active_history``: the old value is loaded before it is overwritten.
    ``loader``: ``(state, passive) -> value`` for a value that is not there.
    """

    if not cython.compiled:
        __slots__ = ("__dict__", "__weakref__", "active_history", "key", "loader", "plain")

    key: str
    plain: bool
    active_history: bool
    loader: Any

    def __init__(self, key: str) -> None:
        self.key = key
        self.plain = False
        self.active_history = False
        self.loader = None

    def get(self, state: State, obj: Any) -> Any:
        """Return a value that is not there yet."""
        raise NotImplementedError(self.key)

    def set(self, state: State, obj: Any, value: Any) -> None:
        """Store a value and tell whoever listens."""
        raise NotImplementedError(self.key)

    def delete(self, state: State, obj: Any) -> None:
        """Remove the value and tell whoever listens."""
        raise NotImplementedError(self.key)

    def old_value(self, state: State, obj: Any) -> Any:
        """Return the value to remember for an attribute with active history that is not loaded."""
        return NO_VALUE


if cython.compiled:
    # More old values than these are looked up in a dictionary.
    _LONGEST_CHAIN = cython.declare(cython.int, 8)

    # Said here and not where its fields are: Cython takes no notice of it there.
    @cython.no_gc
    @cython.cclass
    class Before:
        def has(self, key):
            link = self
            while link is not None:
                if link.key is key or link.key == key:
                    return True
                link = link.further
            return False

        def __contains__(self, key: object) -> bool:
            return self.has(key)

        def items(self) -> list[Any]:
            found: list = []  # type: ignore[type-arg]  # a C type here
            link = self
            while link is not None:
                found.append((link.key, link.value))
                link = link.further
            found.reverse()
            return found


class State(ReferenceType):  # type: ignore[type-arg]  # Cython knows no generic bases
    """
    Be the weak reference to a mapped object, with all that the ORM keeps per object.

    ``pk`` is the bare primary key value (a tuple when composite), None without identity.
    ``old``: attribute -> value before its first change since the last flush (`NO_VALUE`: was not loaded);
    compiled, this dictionary is made when somebody asks for it: ``changes``, by which kernels look at them,
    may be a chain of a few plain values, which takes no work of the cyclic collector.
    ``expired_keys``: names to load again, shared between states while all names are expired.
    ``extra``: what few states have (identity token, pending changes of unloaded collections, per-state
    loaders).
    ``peers``: those that came in the same result, by their keys; None where nobody asks.
    """

    if not cython.compiled:
        __slots__ = (
            "expired_keys",
            "extra",
            "flags",
            "load_options",
            "manager",
            "old",
            "peers",
            "pk",
            "session_id",
        )

        def __new__(cls, obj: Any) -> State:
            made = ReferenceType.__new__(cls, obj)
            made.manager = None  # type: ignore[assignment]  # set at once by attach_state
            made.pk = made.load_options = made.old = made.expired_keys = made.extra = made.peers = None
            made.session_id = made.flags = 0
            return made

    manager: Manager
    pk: Any
    load_options: Any
    peers: Any
    expired_keys: Any
    extra: dict[str, Any] | None
    session_id: int
    flags: int

    def __init__(self, obj: Any) -> None:
        pass

    def __hash__(self) -> int:
        if cython.compiled:
            # what id() is, without a Python number
            return cython.cast(cython.Py_hash_t, cython.cast(cython.p_void, self)) >> 4
        return id(self) >> 4

    if cython.compiled:

        def __richcmp__(self, other: object, op: cython.int) -> object:
            if op == 2:
                return self is other
            if op == 3:
                return self is not other
            return NotImplemented

    else:
        __eq__ = object.__eq__
        __ne__ = object.__ne__

    if cython.compiled:

        @property
        def old(self) -> dict[str, Any] | None:
            return old_values(self)

        @old.setter
        def old(self, values: dict[str, Any] | None) -> None:
            self.changes = values
            if values is not None:
                track(self)

    @property
    def map_key(self) -> Any:
        """The key in the identity map: the bare primary key, or with its token where there is one."""
        if self.flags & TOKEN and self.extra is not None:
            return (_STATE, self.pk, self.extra["identity_token"])
        return self.pk

    def forget_old(self, key: str) -> None:
        """Take the current value of one attribute as the committed one."""
        if self.changes is not None and key in self.changes:
            del self.old[key]
        if self.expired_keys is not None:
            self.unexpire(key)

    def unexpire(self, key: str) -> None:
        """Note that an expired attribute has a value again."""
        keys = self.expired_keys
        if keys is not None and key in keys:
            if not isinstance(keys, set):
                keys = set(keys)
            keys.discard(key)
            self.expired_keys = keys if keys else None

    def expire_all(self, obj: Any) -> None:
        """
        Forget all values and changes; the next read loads them again.

        Cost: one dictionary delete per loaded attribute; the set of expired names is shared by all states of
            the class.
        """
        manager = self.manager
        if cython.compiled and manager.plain_set and not _elsewhere:
            forget_plain(self, manager, obj)
        else:
            for name in manager.expirable:
                forget(obj, name)
        mark_clean(self)
        self.expired_keys = manager.expirable_set
        self.flags = (self.flags | EXPIRED) & ~INSERTED
        extra = self.extra
        if extra is not None:
            extra.pop("pending", None)


if not cython.compiled:
    # what `old` says, without a chain
    State.changes = State.old


class AttributeDescriptor:
    """
    Answer for an attribute that has no value in the instance; stands in the class under the attribute's name.

    ``_known_expression``: what it is in a statement, where it was asked for and stays the same; else None.
    """

    if not cython.compiled:
        __slots__ = ("__dict__", "__weakref__", "impl", "key")

        _known_expression = None

    key: str
    impl: Any

    # Comparing a plain column is what statements do most: straight to its expression.

    def __eq__(self, other: Any) -> Any:
        direct = self._known_expression
        return direct == other if direct is not None else self._compare(operator.eq, other)

    def __ne__(self, other: Any) -> Any:
        direct = self._known_expression
        return direct != other if direct is not None else self._compare(operator.ne, other)

    def __lt__(self, other: Any) -> Any:
        direct = self._known_expression
        return direct < other if direct is not None else self._compare(operator.lt, other)

    def __le__(self, other: Any) -> Any:
        direct = self._known_expression
        return direct <= other if direct is not None else self._compare(operator.le, other)

    def __gt__(self, other: Any) -> Any:
        direct = self._known_expression
        return direct > other if direct is not None else self._compare(operator.gt, other)

    def __ge__(self, other: Any) -> Any:
        direct = self._known_expression
        return direct >= other if direct is not None else self._compare(operator.ge, other)

    def __hash__(self) -> int:
        return object.__hash__(self)

    def _compare(self, operation: Any, other: Any) -> Any:
        """Compare with something, where the expression is not known."""
        raise NotImplementedError(self.key)

    def __get__(self, obj: Any, owner: Any) -> Any:
        if obj is None:
            return self
        if cython.compiled:
            if cython.cast(cython.pointer(PyObject), obj) == _probed:
                return _no_value
        state = get_state(obj)
        impl = self.impl
        if state is None or impl is None:
            return self.missing(obj)
        # a plain column of an object that is in no database: None, and nothing stored
        if state.pk is None and impl.plain and state.expired_keys is None:
            return None
        return impl.get(state, obj)

    def missing(self, obj: Any) -> Any:
        """Return the value of an object that has no state, or raise."""
        raise AttributeError(f"{type(obj).__name__!r} object has no attribute {_STATE!r}")


class DataDescriptor(AttributeDescriptor):
    """
    Do what `AttributeDescriptor` and `MappedObject.__setattr__` do, for a class that has its own
    ``__setattr__``.

    Python then asks the descriptor first, for reads as well, so such classes are slower.
    """

    if not cython.compiled:
        __slots__ = ()

    def __get__(self, obj: Any, owner: Any) -> Any:
        if obj is None:
            return self
        value = values_of(obj).get(self.key, _no_value)
        if value is not _no_value:
            return value
        return AttributeDescriptor.__get__(self, obj, owner)

    def __set__(self, obj: Any, value: Any) -> None:
        state = get_state(obj)
        if state is None:
            self.missing(obj)
        else:
            self.impl.set(state, obj, value)

    def __delete__(self, obj: Any) -> None:
        state = get_state(obj)
        if state is None:
            self.missing(obj)
        else:
            self.impl.delete(state, obj)


if not cython.compiled:
    # the object of a weak reference, or None; for C it is in attributes.pxd
    referent = ReferenceType.__call__


def get_state(obj: Any) -> State | None:
    """Return the state of a mapped object; None for any other object."""
    if cython.compiled:
        held = attribute_or(obj, _STATE, None)
        return held if isinstance(held, State) else None
    found = getattr(obj, _STATE, None)
    return found if isinstance(found, State) else None


def class_element(cls: Any) -> Any:
    """Return what a mapped class stands for in a statement, once that was found out; until then None."""
    found: Any = getattr(cls, "_sa_class_manager", None)
    if not isinstance(found, Manager):
        return None
    manager: Manager = found
    if manager.class_ is not cls:
        return None
    mapper: Any = manager.mapper
    if mapper is None:
        return None
    known: dict[str, Any] = relvar_own_dict(mapper) if cython.compiled else mapper.__dict__
    if known["registry"]._new_mappers:
        return None
    return known.get("_annotated_selectable")


def keep_elsewhere() -> None:
    """Note that from now on there are classes whose managers have a `Manager.values_of`."""
    global _elsewhere
    _elsewhere = True


def values_of(obj: Any) -> dict[str, Any]:
    """Return the dictionary of an object's values: its ``__dict__``, if its class does not say otherwise."""
    if _elsewhere:
        state = get_state(obj)
        if state is not None and state.manager.values_of is not None:
            held: dict[str, Any] = state.manager.values_of(obj)
            return held
    found: dict[str, Any] = obj.__dict__
    return found


def probe(obj: Any, name: str) -> Any:
    """
    Return a mapped attribute's value if it is loaded, else `NO_VALUE`; load nothing.
    """
    if _elsewhere:
        state = get_state(obj)
        if state is not None and state.manager.values_of is not None:
            return state.manager.values_of(obj).get(name, _no_value)
    if cython.compiled:
        global _probed
        outer = _probed
        _probed = cython.cast(cython.pointer(PyObject), obj)
        try:
            return attribute_or(obj, name, _no_value)
        finally:
            _probed = outer
    return obj.__dict__.get(name, NO_VALUE)


def store(manager: Manager, obj: Any, name: str, value: Any) -> int:
    """Put a value into the instance itself."""
    if cython.compiled:
        if manager.plain_set:
            PyObject_GenericSetAttr(obj, name, value)
            return 0
    values = values_of(obj) if _elsewhere else obj.__dict__
    values[name] = value
    return 0


def set_loaded(obj: Any, name: str, value: Any) -> int:
    """Store a value as it came from the database: no history, no events."""
    state = get_state(obj)
    if state is None:
        raise AttributeError(f"{type(obj).__name__!r} object has no attribute {_STATE!r}")
    store(state.manager, obj, name, value)
    return 0


def forget(obj: Any, name: str) -> bool:
    """Remove a value without history or events; tell whether there was one."""
    if cython.compiled:
        state = get_state(obj)
        if state is not None and state.manager.plain_set:
            if probe(obj, name) is _no_value:
                return False
            generic_delete(obj, name, cython.NULL)
            return True
    values = values_of(obj) if _elsewhere else obj.__dict__
    return values.pop(name, NO_VALUE) is not NO_VALUE


if cython.compiled:

    @cython.cfunc
    @cython.exceptval(-1)
    def forget_plain(state: State, manager: Manager, obj: object) -> cython.int:
        """
        Remove all values of an object that keeps them itself.

        An object that was loaded whole has all columns, so asking first would be done for nothing.
        """
        names: tuple = manager.expirable  # type: ignore[type-arg]  # a C type here
        i: cython.Py_ssize_t = 0
        if state.expired_keys is None and state.load_options is None and not state.flags & INSERTED:
            while i < manager.loaded_count:
                try:
                    while i < manager.loaded_count:
                        generic_delete(obj, names[i], cython.NULL)
                        i += 1
                except AttributeError:
                    i += 1
        while i < len(names):
            if probe(obj, names[i]) is not _no_value:
                generic_delete(obj, names[i], cython.NULL)
            i += 1
        return 0

    @cython.cfunc
    def _object_new(cls: object) -> object:
        # object's own tp_new: Cython's would lose CPython's inline values
        return cython.cast(cython.pointer(PyTypeObject), object).tp_new(
            cython.cast(type, cls), cython.cast(cython.pointer(PyObject), ()), cython.NULL
        )


def attach_state(obj: Any, manager: Manager) -> State:
    """Give an object a new state: transient, unmodified, in no session."""
    cls: Any = manager.state_class
    state: State
    if cython.compiled:
        args = (obj,)
        state = cython.cast(cython.pointer(PyTypeObject), cls).tp_new(
            cython.cast(type, cls), cython.cast(cython.pointer(PyObject), args), cython.NULL
        )
    else:
        state = cls.__new__(cls, obj)
    state.manager = manager
    if cython.compiled:
        # a state without old values refers to nothing that could refer back: no work for the cyclic collector
        PyObject_GC_UnTrack(cython.cast(cython.pointer(PyObject), state))
        PyObject_GenericSetAttr(obj, _STATE, state)
    elif manager.values_of is not None:
        object.__setattr__(obj, _STATE, state)
    else:
        obj.__dict__[_STATE] = state
    return state


def begin(state: State, obj: Any) -> int:
    """Do what a class asks for with each object made by calling it: refuse it, set its discriminator."""
    manager = state.manager
    if manager.on_new is not None:
        manager.on_new(state, obj)
    if manager.discriminator is not None:
        write(obj, manager.discriminator, manager.identity)
    return 0


def new_instance(manager: Manager) -> Any:
    """Return an instance without running ``__init__`` and without a state."""
    if cython.compiled:
        if manager.plain_new:
            return _object_new(manager.class_)
    elif manager.plain_new:
        return object.__new__(manager.class_)
    cls: Any = manager.class_
    return cls.__new__(cls)


def announce_names(manager: Manager, names: list[str]) -> None:
    """
    Let the interpreter know the names that instances will have, before there are any.

    CPython keeps one table of names for a class, which takes new ones only while few instances were made; an
    instance that has further ones gets a dict of its own (3.11: 1,000 bytes an object instead of 650, and 2.5
    us to load it instead of 1.95).
    """
    obj = new_instance(manager)
    for name in names:
        if cython.compiled:
            PyObject_GenericSetAttr(obj, name, None)
        else:
            object.__setattr__(obj, name, None)


def track(state: State) -> int:
    """Let the cyclic collector see a state that now refers to other objects."""
    if cython.compiled:
        seen = cython.cast(cython.pointer(PyObject), state)
        if not PyObject_GC_IsTracked(seen):
            PyObject_GC_Track(seen)
    return 0


def old_values(state: State) -> dict[str, Any] | None:
    """Return the values of attributes from before their change as a dictionary; None without any."""
    if cython.compiled:
        if type(state.changes) is Before:
            state.changes = dict(cython.cast(Before, state.changes).items())
            track(state)
        return state.changes
    return state.old


def keep_old(state: State, key: str, value: Any) -> int:
    """Keep the value of an attribute from before its first change."""
    if cython.compiled:
        further: Before = None
        count: cython.int = 0
        if type(state.changes) is Before:
            further = state.changes
            count = further.count
        if (state.changes is None or count > 0) and count < _LONGEST_CHAIN and not PyObject_IS_GC(value):
            link: Before = Before.__new__(Before)
            link.key = key
            link.value = value
            link.further = further
            link.count = count + 1
            state.changes = link
            return 0
        old_values(state)
        track(state)
    if state.changes is None:
        state.changes = {key: value}
    else:
        state.changes[key] = value
    return 0


def extras(state: State) -> dict[str, Any]:
    """Return the dictionary of a state's rare facts, made when first asked for."""
    if state.extra is None:
        state.extra = {}
        track(state)
    return state.extra


def mark_modified(state: State, obj: Any) -> int:
    """
    Note that a flush has to look at the object; its session holds it strongly until then.

    A deleted object has no row any more to be changed.
    """
    if not state.flags & MODIFIED:
        if state.session_id != 0 and state.pk is not None and not state.flags & DELETED:
            reference = _sessions.get(state.session_id)
            if reference is not None:
                identity_map: Changes | None = referent(reference)
                if identity_map is not None:
                    if identity_map.guard is not None:
                        identity_map.guard(identity_map.owner())
                    identity_map.modified[state] = obj
        state.flags |= MODIFIED
    return 0


def remembers(state: State, key: str) -> bool:
    """Tell whether a change of an attribute is one of a value that is known to be no change itself."""
    if state.pk is not None:
        return True
    return state.extra is not None and key in state.extra.get("committed", ())


def remember(state: State, key: str, value: Any) -> int:
    """Keep an attribute's value from before its first change."""
    if state.pk is None:
        if not remembers(state, key):
            return 0
        state.extra["committed"].discard(key)
    if state.changes is None or key not in state.changes:
        keep_old(state, key, value)
    return 0


def mark_clean(state: State) -> int:
    """Take all current values as committed."""
    if state.changes is not None:
        state.changes = None
        if cython.compiled and state.extra is None:
            PyObject_GC_UnTrack(cython.cast(cython.pointer(PyObject), state))
    if state.flags & MODIFIED:
        state.flags &= ~MODIFIED
        if state.session_id != 0:
            reference = _sessions.get(state.session_id)
            if reference is not None:
                identity_map: Changes | None = referent(reference)
                if identity_map is not None:
                    identity_map.modified.pop(state, None)
    return 0


def write_plain(state: State, impl: AttributeImpl, obj: Any, name: str, value: Any) -> int:
    """Store a changed value of an attribute that nobody else has to hear about."""
    if state.pk is not None:
        if state.changes is None or name not in state.changes:
            previous = probe(obj, name)
            if previous is _no_value and impl.active_history:
                previous = impl.old_value(state, obj)
            keep_old(state, name, previous)
        if state.expired_keys is not None:
            state.unexpire(name)
    elif state.extra is not None and "committed" in state.extra:
        remember(state, name, probe(obj, name))
    if not state.flags & MODIFIED:
        mark_modified(state, obj)
    if cython.compiled or _elsewhere:
        store(state.manager, obj, name, value)
    else:
        # the same, without a call of Python
        obj.__dict__[name] = value
    return 0


def write(obj: Any, name: str, value: Any) -> int:
    """Do what ``obj.name = value`` means for a mapped object."""
    # interpreted, the function would be one call more
    state: State | None = get_state(obj) if cython.compiled else getattr(obj, _STATE, None)
    if state is not None and (cython.compiled or isinstance(state, State)):
        if cython.compiled:
            found = PyDict_GetItemWithError(state.manager.impls, name)
            if found is not cython.NULL:
                impl = cython.cast(AttributeImpl, found)
                if impl.plain:
                    return write_plain(state, impl, obj, name, value)
                impl.set(state, obj, value)
                return 0
        else:
            impl = state.manager.impls.get(name)
            if impl is not None:
                if impl.plain:
                    return write_plain(state, impl, obj, name, value)
                impl.set(state, obj, value)
                return 0
    if cython.compiled:
        PyObject_GenericSetAttr(obj, name, value)
    else:
        object.__setattr__(obj, name, value)
    return 0


def erase(obj: Any, name: str) -> int:
    """Do what ``del obj.name`` means for a mapped object."""
    state = get_state(obj)
    if state is not None:
        impl = state.manager.impls.get(name)
        if impl is not None:
            impl.delete(state, obj)
            return 0
    if cython.compiled:
        generic_delete(obj, name, cython.NULL)
        return 0
    object.__delattr__(obj, name)
    return 0


def construct(obj: Any, values: dict[str, Any]) -> int:
    """
    Set attributes of a new object from keyword arguments.

    Raises:
        TypeError: A name is no attribute of the class.
    """
    state = get_state(obj)
    if state is None or not state.manager.plain_set:
        return _construct_slowly(obj, values)
    impls = state.manager.impls
    is_noted: cython.bint = False
    for name, value in values.items():
        impl: AttributeImpl | None = impls.get(name)
        if impl is None:
            _require_attribute(obj, name)
            setattr(obj, name, value)
        elif impl.plain:
            if state.pk is None:
                # nothing to remember, see Rule 3; names that were put together are not found by their address
                if cython.compiled:
                    PyObject_GenericSetAttr(obj, impl.key, value)
                else:
                    obj.__dict__[name] = value
                if not is_noted:
                    state.flags |= MODIFIED
                    is_noted = True
            else:
                write_plain(state, impl, obj, name, value)
        else:
            impl.set(state, obj, value)
    return 0


def _construct_slowly(obj: Any, values: dict[str, Any]) -> int:
    for name, value in values.items():
        _require_attribute(obj, name)
        setattr(obj, name, value)
    return 0


def _require_attribute(obj: Any, name: str) -> None:
    cls = type(obj)
    # "__class__" and the like are attributes of every class, and never data
    if not hasattr(cls, name) or (name.startswith("__") and name.endswith("__")):
        raise TypeError(f"{name!r} is an invalid keyword argument for {cls.__name__}")
    for check in keyword_checks:
        check(cls, name)


def default_constructor(self: Any, **kwargs: Any) -> None:
    """
    Set attributes from keyword arguments.

    Only names that are attributes of the class are taken; these can be, for
    example, mapped columns or relationships.
    """
    construct(self, kwargs)


default_constructor.__name__ = "__init__"


class MappedObject:
    """
    See writes to mapped attributes and give new objects a state.

    Has no fields, so it neither costs memory nor the inline values of a subclass.
    """

    if not cython.compiled:

        def __new__(cls, *_args: Any, **_kwargs: Any) -> Any:
            obj = object.__new__(cls)
            if (_args or _kwargs) and cls.__init__ is object.__init__:
                raise TypeError(f"{cls.__name__}() takes no arguments")
            manager = getattr(cls, "_sa_class_manager", None)
            if manager is not None:
                if not manager.prepared:
                    manager.prepare()
                begin(attach_state(obj, manager), obj)
            return obj

    def __setattr__(self, name: str, value: Any) -> None:
        write(self, name, value)

    def __delattr__(self, name: str) -> None:
        erase(self, name)


class ConstructedObject(MappedObject):
    """A `MappedObject` with the default constructor, as one C loop."""

    def __init__(self, **kwargs: Any) -> None:
        """
        Set attributes from keyword arguments; only names that are attributes of the class are taken.
        """
        construct(self, kwargs)


def adopt_class(cls: Any) -> None:
    """
    Make instances of a subclass of `MappedObject` get their state, whatever its first base is.

    CPython takes ``tp_new`` from the first base when no base has fields, so a mix-in before the declarative
    base would bring ``object``'s.
    """
    if cython.compiled:
        made_by = cython.cast(cython.pointer(PyTypeObject), cls).tp_new
        if made_by == cython.cast(cython.pointer(PyTypeObject), object).tp_new:
            cython.cast(cython.pointer(PyTypeObject), cls).tp_new = cython.cast(newfunc, _mapped_new)
        given = cython.cast(cython.pointer(TypeWithInit), cls)
        if given.tp_init == cython.cast(cython.pointer(TypeWithInit), ConstructedObject).tp_init:
            given.tp_init = cython.cast(cython.p_void, _constructed_init)


if cython.compiled:

    @cython.cfunc
    def _mapped_new(cls: object, args: cython.pointer(PyObject), kwargs: cython.pointer(PyObject)) -> object:  # type: ignore[valid-type]  # C types
        given = cython.cast(cython.pointer(TypeWithInit), cls)
        if given.tp_init == cython.cast(cython.pointer(TypeWithInit), object).tp_init:
            # as object.__new__ would, whose check a class with its own __new__ escapes
            if (args != cython.NULL and len(cython.cast(tuple, args)) > 0) or kwargs != cython.NULL:
                raise TypeError(f"{getattr(cls, '__name__', cls)}() takes no arguments")
        obj = _object_new(cls)
        manager: Manager | None = getattr(cls, "_sa_class_manager", None)
        if manager is not None:
            if not manager.prepared:
                manager.prepare()
            begin(attach_state(obj, manager), obj)
        return obj

    @cython.cfunc
    @cython.exceptval(-1)
    def _constructed_init(
        obj: object,
        args: cython.pointer(PyObject),  # type: ignore[valid-type]  # a C type here
        kwargs: cython.pointer(PyObject),  # type: ignore[valid-type]  # a C type here
    ) -> cython.int:
        # What `ConstructedObject.__init__` does, which by Cython takes the dictionary of keywords apart and
        # makes another.
        if len(cython.cast(tuple, args)) > 0:
            given = len(cython.cast(tuple, args)) + 1
            raise TypeError(f"__init__() takes 1 positional argument but {given} were given")
        if kwargs != cython.NULL:
            construct(obj, cython.cast(dict, kwargs))
        return 0

    # both classes, and so every subclass, make instances through this slot
    cython.cast(cython.pointer(PyTypeObject), MappedObject).tp_new = cython.cast(newfunc, _mapped_new)
    cython.cast(cython.pointer(PyTypeObject), ConstructedObject).tp_new = cython.cast(newfunc, _mapped_new)
