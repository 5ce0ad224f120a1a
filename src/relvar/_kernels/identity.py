"""
Find the one object that stands for a row within a session.

``tables``: base mapper -> {bare primary key -> `State`}.  A state is a weak
reference, so the map keeps no object alive; an entry whose object died stays
until it is replaced or swept.

Rule 1: an entry counts only while its object lives.
Rule 2: a table is swept when it has grown to twice what was alive after the last sweep: constant time per
entry.
Rule 3: states with unflushed changes are in ``modified`` with their object, the only strong references.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import Any
from weakref import ref

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython

if cython.compiled:
    from cython.cimports.cpython.object import PyObject_TypeCheck, PyTypeObject
    from cython.cimports.cpython.weakref import PyWeakref_NewRef
    from cython.cimports.relvar._kernels.attributes import (
        DELETED,
        EXPIRED,
        MODIFIED,
        TOKEN,
        Changes,
        Manager,
        State,
        _sessions,
        get_state,
        referent,
    )
    from cython.cimports.relvar._kernels.own import is_found
else:
    from relvar._kernels.attributes import (
        DELETED,
        EXPIRED,
        MODIFIED,
        TOKEN,
        Changes,
        Manager,
        State,
        get_state,
        referent,
    )
    from relvar._kernels.attributes import sessions as _sessions

from relvar._kernels.attributes import sessions

__all__ = [
    "IdentityMap",
    "OPTIONS",
    "Option",
    "SessionFields",
    "bind_of",
    "find_identity_map",
    "given",
    "is_clean",
    "mark_deleted",
    "new_identity_map",
    "sessions",
]

_FIRST_SWEEP = 512


def find_identity_map(session_id: int) -> IdentityMap | None:
    """Return the identity map of a session that is still there."""
    reference = sessions.get(session_id)
    return None if reference is None else reference()


def _token_key(pk: Any, token: Any) -> Any:
    # same form as State.map_key
    return pk if token is None else ("_sa_instance_state", pk, token)


@cython.cfunc
@cython.inline
def _ref(thing: Any) -> Any:
    """Return a weak reference."""
    return PyWeakref_NewRef(thing, None) if cython.compiled else ref(thing)


class IdentityMap(Changes):
    """
    The objects of one session by identity.

    Public protocol: a mapping from identity keys ``(class, (pk, ...), token)`` to objects.
    """

    tables: dict[Any, dict[Any, State]]
    # when tables are swept again; of those that grew
    limits: dict[Any, int] | None
    session_id: int

    def __init__(self, session_id: int = 0, owner: Any = None) -> None:
        _begin_map(self, session_id, owner)

    # a session that was dropped, closed or not; when the interpreter ends, names of modules become None
    def __dealloc__(self) -> None:
        if self.session_id and _sessions is not None:
            _sessions.pop(self.session_id, None)

    if not cython.compiled:
        __del__ = __dealloc__

    def table(self, mapper: Any) -> dict[Any, State]:
        """
        Return the states of one base mapper by bare primary key.

        Each statement that loads asks for it, so dead states of those before are swept here.
        """
        found = self.tables.get(mapper)
        if found is None:
            found = self.tables[mapper] = {}
        elif len(found) > _FIRST_SWEEP:
            self.tidy(mapper)
        return found

    def get_by_key(self, mapper: Any, map_key: Any) -> Any:
        """Return the object of a base mapper with this key (see `State.map_key`), or None."""
        table = self.tables.get(mapper)
        if table is None:
            return None
        state = table.get(map_key)
        return None if state is None else referent(state)

    def get_by_pk(self, mapper: Any, pk: Any, token: Any = None) -> Any:
        """Return the object of a base mapper with this primary key (a tuple when composite), or None."""
        return self.get_by_key(mapper, _token_key(pk, token))

    def get_loaded(self, class_: Any, pk: Any) -> Any:
        """
        Return the object of a class with this bare primary key if it is there and not expired; else None.

        For ``Session.get``: anything but a plain hit is left to the caller, an unhashable key included.
        """
        manager: Manager | None = getattr(class_, "_sa_class_manager", None)
        if manager is None or not manager.is_kept:
            return None
        table: dict[Any, State] | None = self.tables.get(manager.base)
        if table is None:
            return None
        try:
            state: State | None = table.get(pk)
        except TypeError:
            return None
        if state is None or state.flags & EXPIRED:
            return None
        obj = referent(state)
        if cython.compiled and isinstance(class_, type):
            # without asking the metaclass, as isinstance() does for an object of a subclass
            if PyObject_TypeCheck(obj, cython.cast(cython.pointer(PyTypeObject), class_)):
                return obj
        return obj if isinstance(obj, class_) else None

    def add(self, state: State) -> Any:
        """
        Enter a state that has a primary key.

        Returns:
            None, or the state of another living object that has this identity; then nothing is changed.
        """
        mapper = state.manager.base
        table = self.table(mapper)
        key = state.map_key
        known = table.get(key)
        if known is not None and known is not state and known() is not None:
            return known
        table[key] = state
        if state.flags & MODIFIED:
            obj = state()
            if obj is not None:
                self.modified[state] = obj
        return None

    def replace(self, state: State) -> Any:
        """Enter a state in place of the one with the same identity, which is returned if it was another."""
        table = self.table(state.manager.base)
        key = state.map_key
        known = table.get(key)
        table[key] = state
        if known is state or known is None:
            return None
        self.modified.pop(known, None)
        return known

    def discard(self, state: State) -> None:
        """Take a state out, if it is the one in the map."""
        table = self.tables.get(state.manager.base)
        if table is not None:
            key = state.map_key
            if table.get(key) is state:
                del table[key]
        self.modified.pop(state, None)

    safe_discard = discard

    def tidy(self, mapper: Any) -> int:
        """Sweep dead states of one base mapper when the table may be half dead."""
        table = self.tables.get(mapper)
        if table is None or len(table) <= _FIRST_SWEEP:
            return 0
        limits = self.limits
        if limits is None:
            limits = self.limits = {}
        if len(table) <= limits.get(mapper, _FIRST_SWEEP):
            return 0
        dead = [key for key, state in table.items() if state() is None]
        for key in dead:
            del table[key]
        limits[mapper] = max(_FIRST_SWEEP, 2 * len(table))
        return len(dead)

    def all_states(self) -> list[State]:
        """Return the states of all living objects."""
        found: list[State] = []
        table: dict[Any, State]
        for table in self.tables.values():
            for state in table.values():
                if (referent(state) if cython.compiled else state()) is not None:
                    found.append(state)
        return found

    def clear(self) -> Any:
        """Forget everything; the states themselves are not touched."""
        self.tables.clear()
        self.modified.clear()
        self.limits = None

    def contains_state(self, state: State) -> bool:
        """Tell whether this very state is in the map."""
        table = self.tables.get(state.manager.base)
        return table is not None and table.get(state.map_key) is state

    def check_modified(self) -> bool:
        """Tell whether any object has unflushed changes."""
        return bool(self.modified)

    # -- the public mapping ---------------------------------------------------

    def fast_get_state(self, key: Any) -> State | None:
        """Return the state with this identity key, its object alive or not."""
        manager = getattr(key[0], "_sa_class_manager", None)
        table = None if manager is None else self.tables.get(manager.base)
        if table is None:
            return None
        pk = key[1]
        token = key[2] if len(key) > 2 else None
        return table.get(_token_key(pk[0] if len(pk) == 1 else tuple(pk), token))

    def get(self, key: Any, default: Any = None) -> Any:
        """Return the object with this identity key."""
        state = self.fast_get_state(key)
        obj = None if state is None else state()
        return default if obj is None else obj

    def __getitem__(self, key: Any) -> Any:
        obj = self.get(key)
        if obj is None:
            raise KeyError(key)
        return obj

    def __contains__(self, key: Any) -> bool:
        """
        Tell whether there is an object of this identity key.
        """
        return self.get(key) is not None

    has_key = __contains__

    def __len__(self) -> int:
        return len(self.all_states())

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Any]:
        return iter(self.keys())

    def keys(self) -> list[Any]:
        """Return the identity keys of all living objects."""
        return [_identity_key(state) for state in self.all_states()]

    def values(self) -> list[Any]:
        """Return all living objects."""
        found = [state() for table in self.tables.values() for state in table.values()]
        return [obj for obj in found if obj is not None]

    def items(self) -> list[tuple[Any, Any]]:
        """Return identity keys with their objects."""
        return [(_identity_key(state), obj) for state in self.all_states() if (obj := state()) is not None]


@cython.cfunc
def _begin_map(identity_map: IdentityMap, session_id: int, owner: Any) -> Any:
    identity_map.tables = {}
    identity_map.modified = {}
    identity_map.limits = None
    identity_map.session_id = session_id
    identity_map.guard = None
    identity_map.owner = _ref(owner) if owner is not None else None
    if session_id:
        _sessions[session_id] = _ref(identity_map)


def new_identity_map(session_id: cython.int, owner: Any) -> IdentityMap:
    """Return ``IdentityMap(session_id, owner)``, less the way through its type."""
    made: IdentityMap = IdentityMap.__new__(IdentityMap)
    _begin_map(made, session_id, owner)
    return made


def _identity_key(state: State) -> tuple[Any, ...]:
    pk = state.pk
    token = state.extra["identity_token"] if state.flags & TOKEN and state.extra is not None else None
    base = state.manager.base
    return (base.class_, pk if isinstance(pk, tuple) and len(base.primary_key) > 1 else (pk,), token)


if not cython.compiled:
    # places in SessionFields._given; for C they are in identity.pxd
    AUTOFLUSH = 0
    AUTOBEGIN = 1
    EXPIRE_ON_COMMIT = 2
    TWOPHASE = 4
    JOIN_TRANSACTION_MODE = 5
    EXECUTION_OPTIONS = 6
    STRICT = 7
    LAZY_LOADING = 8

# The options in ``SessionFields._given``, by place.
OPTIONS = (
    "autoflush",
    "autobegin",
    "expire_on_commit",
    "enable_baked_queries",
    "twophase",
    "join_transaction_mode",
    "execution_options",
    "strict",
    "lazy_loading",
)

_unset = cython.declare(object, object())


class SessionFields:
    """
    The fields of a session that loading and flushing look at for each object or statement; the base of
    `relvar.orm.Session`, which sets them.  Programs make properties of ``bind`` in classes of their own, see
    `bind_of`.

    ``_given``: its options, see `OPTIONS`.  A subclass may have their names in its body, for properties say:
    then it is None, and they are in the dictionary of the session.
    """

    bind: Any
    identity_map: IdentityMap
    hash_key: int
    _binds: dict[Any, Any]
    _new: dict[State, Any]
    _deleted: dict[State, Any]
    _transaction: Any
    _context_transaction: Any
    _nested_transaction: Any
    _events: Any
    _quiet_at: int
    _flushing: bool
    _autoflushing: bool
    _closed: bool
    _warn_on_events: bool
    _close_resets_only: Any
    _causality: Any
    _given: tuple[Any, ...] | None

    # programs ask for it by this name
    def _is_clean(self) -> bool:
        return is_clean(self)


def is_clean(session: SessionFields) -> bool:
    """Tell whether a session has nothing to write."""
    return not (session.identity_map.modified or session._deleted or session._new)


def mark_deleted(session: SessionFields, obj: Any) -> bool:
    """
    Note that an object is to be deleted, if that is all there is to do.

    Returns:
        Whether it was done; if not, nothing was changed.
    """
    if session._warn_on_events:
        return False
    state = get_state(obj)
    if state is None or state.session_id != session.hash_key or state.pk is None:
        return False
    if state.flags & DELETED or not state.manager.deletes_alone:
        return False
    if session._transaction is None or session._context_transaction is not None:
        whole: Any = session  # a session, which begins its transactions
        whole._autobegin_t()
    session._deleted[state] = obj
    return True


# in C, the descriptor of the field
_bind = cython.declare(object, SessionFields.__dict__.get("bind"))


def bind_of(session: SessionFields) -> Any:
    """Return what a session is bound to: its field, if its class has nothing else of that name."""
    if cython.compiled and is_found(session, "bind", _bind):
        return session.bind
    whole: object = session
    return whole.bind  # type: ignore[attr-defined]  # a session's


if not cython.compiled:
    # the same, without a call of Python in between
    bind_of = attrgetter("bind")


def given(session: SessionFields, place: cython.Py_ssize_t) -> Any:
    """Return what a session was given for an option, see `OPTIONS`."""
    options = session._given
    if options is None:
        return getattr(session, OPTIONS[place])
    return options[place]


class Option:
    """
    An option of a session, which programs read and set: the attribute of its class.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.place = OPTIONS.index(name)

    def __get__(self, session: Any, owner: Any) -> Any:
        if session is None:
            return self
        fields: SessionFields = session
        if fields._given is None:
            value = session.__dict__.get(self.name, _unset)
        else:
            value = fields._given[self.place]
        if value is _unset:
            raise AttributeError(self.name)
        return value

    def __set__(self, session: Any, value: Any) -> None:
        fields: SessionFields = session
        if fields._given is None:
            session.__dict__[self.name] = value
            return
        options = list(fields._given)
        options[self.place] = value
        fields._given = tuple(options)

    def __delete__(self, session: Any) -> None:
        # who replaces it for a while sets it again
        self.__set__(session, _unset)
