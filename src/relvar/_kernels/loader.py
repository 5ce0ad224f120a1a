"""
Turn rows of a driver into objects: the loop that runs once per row and entity.

What to do is fixed when a statement is planned (`Loader`, one per entity of the
plan, shared by all executions); what was seen belongs to one execution
(`Run`, with an `Active` per loader).

For each row and entity there are four cases:

1. the primary key is NULL: no object (the far side of an outer join);
2. the identity map has no such object: make one, fill it;
3. it has one, met for the first time in this run: fill what is missing in it (expired, deferred), or
   everything
   when the run overwrites (``populate_existing``, ``refresh``);
4. it was met before in this run: its columns are done, only its eager collections grow.

Rule 1: the cyclic collector is paused while rows are turned into objects. Everything made here is reachable
from the
result, and its allocations would otherwise start collections that find nothing (measured: half of the time).
Rule 2: a mapped attribute is filled with `store`, never through ``__dict__`` in compiled code.
Rule 3: a loader is never changed after planning; runs of several threads share it.
"""

from __future__ import annotations

import gc
from types import MappingProxyType
from typing import Any

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython

if cython.compiled:
    from cython.cimports.cpython.mem import PyMem_Free, PyMem_Malloc
    from cython.cimports.cpython.object import PyObject
    from cython.cimports.cpython.tuple import PyTuple_GET_ITEM
    from cython.cimports.relvar._kernels.attributes import (
        EXPIRED,
        PARTIAL,
        TOKEN,
        LoadListeners,
        Manager,
        State,
        attach_state,
        forget,
        mark_clean,
        new_instance,
        probe,
        referent,
        store,
        values_of,
    )
    from cython.cimports.relvar._kernels.identity import IdentityMap
else:
    from relvar._kernels.attributes import (
        EXPIRED,
        PARTIAL,
        TOKEN,
        LoadListeners,
        Manager,
        State,
        attach_state,
        forget,
        mark_clean,
        new_instance,
        probe,
        referent,
        store,
        values_of,
    )
    from relvar._kernels.identity import IdentityMap

from relvar._kernels.attributes import NO_VALUE

__all__ = [
    "Active",
    "Connecting",
    "Connects",
    "IN_NO_ROW",
    "Bundled",
    "Column",
    "Joined",
    "LoadContext",
    "Loader",
    "Run",
    "connects",
    "load_entities",
    "load_rows",
    "load_scalars",
    "made_context",
    "made_run",
]

_STATE = cython.declare(str, "_sa_instance_state")

# so few rows cannot make the collector start often: it need not be paused
_FEW = cython.declare(cython.Py_ssize_t, 20)
_missing = cython.declare(object, object())
_NO_OPTIONS = cython.declare(object, MappingProxyType({}))
_no_value = cython.declare(object, NO_VALUE)


class Loader:
    """
    How one entity of a plan is made from a row.

    Args:
        mapper: Whose objects these are; ``base`` is the mapper that owns the identity.
        pk: ``(index, processor)`` per primary key column.
        columns: ``(key, index, processor)`` per attribute to fill.
        joined: Relationships that the same row brings along.
        posts: What is loaded after the rows, for all objects at once; called as ``post(run, active, todo)``,
            for several runs together unless it has ``is_apart``.
        discriminator: ``(index, processor)`` of the column that tells the subclass, or None.
        polymorphic: Discriminator value -> Loader; a value not listed goes to ``unknown(value, pk)``,
            which raises.
        forgotten: Names of attributes that an overwriting load makes unloaded (lazy relationships).
        is_partial: Not all columns that the class loads by default are here.
        is_beyond: Columns are here that the class does not load by default.
        path: Where in the statement the entity stands, for loader options.
        is_refresh: The row is that of ``Run.refresh``; its primary key is not looked at.
        overwrites: What is loaded is overwritten, always.
        is_special: It is a refresh, or subclasses have identities of their own (concrete inheritance).
        repeats: A subclass's relationships come along, so that each row of an object has to be looked at.
        gathers: Makes the ``Run.cohorts`` that an attribute of the class needs to be loaded for all peers, or
            None.
    """

    mapper: Any
    base: Any
    manager: Manager
    pk: tuple[Any, ...]
    keys: tuple[Any, ...]
    indexes: tuple[Any, ...]
    processors: tuple[Any, ...]
    joined: tuple[Any, ...]
    posts: tuple[Any, ...]
    discriminator: tuple[Any, ...]
    polymorphic: Any
    unknown: Any
    forgotten: tuple[Any, ...]
    is_partial: bool
    is_beyond: bool
    is_refresh: bool
    is_special: bool
    overwrites: bool
    repeats: bool
    gathers: Any
    allow_partial_pks: bool
    path: tuple[Any, ...]
    key_set: frozenset[str]
    pk_index: int
    pk_processor: Any
    count: int
    has_processors: bool

    def __cinit__(self, *args: Any, **kw: Any) -> None:
        if cython.compiled:
            self.slots = cython.NULL

    def __dealloc__(self) -> None:
        if cython.compiled:
            PyMem_Free(self.slots)

    def __init__(
        self,
        mapper: Any,
        base: Any,
        manager: Any,
        pk: tuple[Any, ...],
        columns: Any,
        path: tuple[Any, ...] = (),
    ) -> None:
        self.mapper = mapper
        self.base = base
        self.manager = manager
        self.pk = pk
        self.keys = tuple([column[0] for column in columns])
        self.indexes = tuple([column[1] for column in columns])
        processors = tuple([column[2] for column in columns])
        self.processors = processors
        self.has_processors = any(processor is not None for processor in processors)
        self.key_set = frozenset(self.keys)
        self.count = len(self.keys)
        self.joined = ()
        self.posts = ()
        self.discriminator = None
        self.polymorphic = None
        self.unknown = None
        self.forgotten = ()
        self.is_partial = False
        self.is_beyond = False
        self.is_refresh = False
        self.is_special = False
        self.overwrites = False
        self.repeats = False
        self.gathers = None
        self.allow_partial_pks = True
        self.path = path
        if len(pk) == 1:
            self.pk_index = pk[0][0]
            self.pk_processor = pk[0][1]
        else:
            self.pk_index = -1
            self.pk_processor = None
        if cython.compiled:
            self.slots = cython.cast(cython.p_int, PyMem_Malloc((self.count + 1) * cython.sizeof(cython.int)))
            i: cython.Py_ssize_t
            for i in range(self.count):
                self.slots[i] = self.indexes[i]


@cython.cclass
class Joined:
    """
    One relationship that comes with the row of its parent.

    ``collect(state, obj, values)`` stores a finished collection; None where the attribute is a single object.
    ``many(state)`` is called when a single object turns out to be several.
    """

    key = cython.declare(str, visibility="public")
    loader = cython.declare(Loader, visibility="public")
    collect = cython.declare(object, visibility="public")
    many = cython.declare(object, visibility="public")

    def __init__(self, key: str, loader: Loader, collect: Any, many: Any = None) -> None:
        self.key = key
        self.loader = loader
        self.collect = collect
        self.many = many


@cython.freelist(8)
@cython.cclass
class Run:
    """
    One execution, begun by `made_run`: where objects go and which rules hold.

    Attributes:
        identity_map: Where objects are found by identity; that of the session, if there is one.
        populate: Overwrite what is loaded.
        refresh: The only state to overwrite, or None.
        only: Names to fill in ``refresh``, or None for all.
        token: Identity token of this load, or None.
        tree: Loader options of the statement, kept with each object for its lazy loads, or None.
        on_persistent: ``(session, obj)`` for each object made, or None.
        context: What listeners of ``load`` and ``refresh`` get.
        queue: Post loads that wait, shared with the runs of further statements: what to call, for which run
            -> the run, the loader and the objects.
        cohorts: ``of(path)`` gives the cohort that takes the keys of an entity; None where nobody asks who
            came together.
        given: The values of the statement's bind parameters, in order, for the statements that follow it.
    """

    session: Any
    identity_map: IdentityMap
    session_id: int
    populate: bool
    refresh: State
    refreshed: bool
    only: Any
    token: Any
    tree: Any
    on_persistent: Any
    context: Any
    actives: list[Any]
    queue: dict[Any, Any]
    cohorts: Any
    given: tuple[Any, ...]

    def activate(self, item: Any) -> Any:
        """
        Make the working copy of a loader, and of those below it; columns are returned as they are.
        """
        if isinstance(item, Loader):
            return _activate(self, item, None)
        if isinstance(item, Bundled):
            return Bundled([self.activate(inner) for inner in item.items], item.make)
        return item


def made_run(
    session: Any, identity_map: IdentityMap, context: Any = None, tree: Any = None, on_persistent: Any = None
) -> Run:
    """
    Return a run; `Run` says what the arguments are.
    """
    run: Run = Run.__new__(Run)
    run.session = session
    run.identity_map = identity_map
    run.session_id = identity_map.session_id
    run.populate = False
    run.refresh = None
    run.refreshed = False
    run.only = None
    run.token = None
    run.tree = tree
    run.on_persistent = on_persistent
    run.context = context
    run.actives = []
    run.queue = None
    run.cohorts = None
    run.given = ()
    return run


@cython.freelist(8)
@cython.cclass
class LoadContext:
    """
    What the runs of one execution share; `made_context` makes it.

    Attributes:
        connection: Where further statements are sent; None until the first one is.
        bind_arguments: What the program said about the choice of the connection.
        execution_options: Those of the execution, which hold for further statements too.
        binds: The bind parameters of the statement that is being loaded, or their values (`Given`).
        statement: That statement, for events.
        site: Where the program sent it, in sessions that tell.
    """

    session: Any
    connection: Any
    statement: Any
    binds: Any
    execution_options: Any
    bind_arguments: Any
    site: Any


def made_context(
    session: Any,
    connection: Any = None,
    statement: Any = None,
    binds: Any = (),
    execution_options: Any = None,
) -> LoadContext:
    """
    Return a context; `LoadContext` says what the arguments are.
    """
    context: LoadContext = LoadContext.__new__(LoadContext)
    context.session = session
    context.connection = connection
    context.statement = statement
    context.binds = binds
    context.execution_options = execution_options if execution_options else _NO_OPTIONS
    context.bind_arguments = None
    context.site = None
    return context


class Connecting:
    """
    How a session gets connections; `relvar.orm.session` derives from it, and loading calls that as C.
    """

    def of(self, session: Any, mapper: Any, clause: Any, bind_arguments: Any, options: Any) -> Any:
        """
        Return the connection, in the session's transaction, for a mapper and statement.

        Args:
            options: Execution options of the call; those of the statement and the session hold as well.
        """
        raise NotImplementedError

    def to_load(self, session: Any, context: LoadContext, mapper: Any, make: Any) -> Any:
        """
        Return the connection for a statement of loading: that of the statement which it follows, unless
        classes have binds of their own.

        Args:
            make: Returns the statement, which `get_bind` of a subclass, or an engine with replicas, may
                want to see.
        """
        raise NotImplementedError


class Connects:
    """
    Who gets connections for loading: ``by``, once `relvar.orm.session` is there.
    """

    by: Connecting


connects = Connects()


@cython.cclass
class _Growing:
    """A joined relationship in one run: what each parent got so far."""

    plan = cython.declare(Joined, visibility="public")
    active: Active
    entries: dict[Any, Any]
    order: list[Any]
    last: State
    last_entry: Any


@cython.freelist(8)
@cython.cclass
class Active:
    """
    A loader in one run.

    ``todo``: ``(state, obj)`` of what the ``posts`` have to look at.
    ``above``: The working loader of the superclass, whose posts concern objects of this class as well.
    """

    loader = cython.declare(Loader, visibility="public")
    table = cython.declare(dict, visibility="public")
    todo = cython.declare(list, visibility="public")
    joined: list[Any]
    touched: set[Any]
    tracks: cython.bint
    mark: Any
    children: dict[Any, Any]
    on_load: Any
    on_refresh: Any
    above: Any
    peers: Any
    keys: list[Any]
    merged: dict[Any, Any]


@cython.cfunc
def _activate(run: Run, loader: Loader, above: Any) -> Active:
    active: Active = Active.__new__(Active)
    parent: Active
    active.loader = loader
    active.joined = None  # type: ignore[assignment]  # a C field may be empty
    active.children = None  # type: ignore[assignment]  # as above
    listeners: LoadListeners | None = loader.manager.listeners
    active.on_load = None if listeners is None or not listeners.load else listeners.load
    active.on_refresh = None if listeners is None or not listeners.refresh else listeners.refresh
    if above is None:
        active.table = run.identity_map.table(loader.base)
        active.touched = None  # type: ignore[assignment]  # as above
        run.actives.append(active)
    else:
        parent = above
        # a class with a table of its own (concrete inheritance) has primary keys of its own
        is_apart: cython.bint = loader.base is not parent.loader.base
        active.table = run.identity_map.table(loader.base) if is_apart else parent.table
        active.touched = parent.touched
        if loader.posts:
            run.actives.append(active)
    active.todo = []
    active.above = above
    if above is not None:
        active.peers = parent.peers
        active.keys = parent.keys
    else:
        if run.cohorts is None and loader.gathers is not None:
            run.cohorts = loader.gathers(run.context)
        active.peers = None
        active.keys = None  # type: ignore[assignment]  # as above
        if run.cohorts is not None:
            active.peers = run.cohorts.of(loader.path)
            active.keys = active.peers.keys
    active.mark = None if run.tree is None else (run.tree, loader.path)
    active.merged = None  # type: ignore[assignment]  # as above
    if loader.joined:
        active.joined = []
        for plan in loader.joined:
            growing: _Growing = _Growing.__new__(_Growing)
            growing.plan = plan
            growing.active = _active_of(run, growing.plan.loader)
            growing.entries = {}
            growing.order = []
            growing.last = None
            growing.last_entry = None
            active.joined.append(growing)
    active.tracks = bool(loader.joined) or loader.repeats or bool(loader.posts)
    active.tracks = active.tracks or run.populate or loader.overwrites or run.refresh is not None
    if above is not None:
        active.tracks = active.tracks or parent.tracks
    if active.tracks and active.touched is None:
        active.touched = set()
    if loader.discriminator is not None:
        active.children = {}
    return active


@cython.cfunc
def _active_of(run: Run, loader: Loader) -> Active:
    """
    Return the working loader of a joined relationship: one for objects of all subclasses, so that what is
    loaded afterwards is loaded for all at once.
    """
    known: Active
    for item in run.actives:
        known = item
        if known.loader is loader:
            return known
    return _activate(run, loader, None)  # type: ignore[no-any-return]  # an Active


@cython.cfunc
def _child(run: Run, active: Active, row: tuple[Any, ...], pk: Any) -> Active:
    """Return the working loader of the subclass that the row belongs to."""
    loader: Loader = active.loader
    found: Any = row[loader.discriminator[0]]
    processor = loader.discriminator[1]
    if processor is not None:
        found = processor(found)
    child = active.children.get(found, _missing)
    if child is _missing:
        sub = loader.polymorphic.get(found, _missing)
        if sub is _missing:
            sub = loader.unknown(found, pk)
        if sub is loader:
            child = active
        else:
            child = _activate(run, sub, active)
        active.children[found] = child
    return child  # type: ignore[no-any-return]  # an Active


@cython.cfunc
def _composite(loader: Loader, row: tuple[Any, ...]) -> Any:
    """Read a primary key of several columns; None if it names no row."""
    values: list[Any] = []
    nulls: cython.int = 0
    for index, processor in loader.pk:
        value = row[index]
        if processor is not None:
            value = processor(value)
        if value is None:
            nulls += 1
        values.append(value)
    if nulls and (nulls == len(values) or not loader.allow_partial_pks):
        return None
    return tuple(values)


@cython.cfunc
@cython.inline
def _fill(loader: Loader, obj: Any, row: tuple[Any, ...]) -> cython.int:
    """Store all columns of a loader in an object."""
    manager: Manager = loader.manager
    if cython.compiled:
        i: cython.Py_ssize_t
        keys: tuple[Any, ...] = loader.keys
        processors: tuple[Any, ...] = loader.processors
        if loader.has_processors:
            for i in range(loader.count):
                value = cython.cast(object, PyTuple_GET_ITEM(row, loader.slots[i]))
                processor = cython.cast(object, PyTuple_GET_ITEM(processors, i))
                if processor is not None:
                    value = processor(value)
                store(manager, obj, cython.cast(str, PyTuple_GET_ITEM(keys, i)), value)
        else:
            for i in range(loader.count):
                value = cython.cast(object, PyTuple_GET_ITEM(row, loader.slots[i]))
                store(manager, obj, cython.cast(str, PyTuple_GET_ITEM(keys, i)), value)
    elif loader.has_processors:
        values = obj.__dict__ if manager.plain_set else values_of(obj)
        for key, index, processor in zip(loader.keys, loader.indexes, loader.processors):
            values[key] = row[index] if processor is None else processor(row[index])
    else:
        values = obj.__dict__ if manager.plain_set else values_of(obj)
        for key, index in zip(loader.keys, loader.indexes):
            values[key] = row[index]
    return 0


@cython.cfunc
def _value(loader: Loader, row: tuple[Any, ...], i: cython.Py_ssize_t) -> Any:
    value = row[loader.indexes[i]]
    processor = loader.processors[i]
    return value if processor is None else processor(value)


@cython.cfunc
def _fill_some(loader: Loader, state: State, obj: Any, row: tuple[Any, ...], only: Any) -> list[Any]:
    """
    Store those columns of a loader that an object lacks.

    Args:
        only: Overwrite just these names, lacking or not; None for what is lacking.
    """
    i: cython.Py_ssize_t
    done: list[Any] = []
    for i in range(loader.count):
        key: str = loader.keys[i]
        if only is not None:
            if key not in only:
                continue
            if state.changes is not None and key in state.changes:
                del state.old[key]
        elif probe(obj, key) is not _no_value or (state.changes is not None and key in state.changes):
            continue
        store(loader.manager, obj, key, _value(loader, row, i))
        done.append(key)
    _unexpire(loader, state, done)
    return done


@cython.cfunc
def _unexpire(loader: Loader, state: State, done: Any) -> cython.void:
    """Note that names have values again."""
    expired = state.expired_keys
    if expired is not None and done:
        if done is loader.keys and expired <= loader.key_set:
            state.expired_keys = None
        else:
            left = frozenset(expired).difference(done)
            state.expired_keys = left if left else None
    if state.expired_keys is None or not (state.expired_keys & loader.key_set):
        state.flags &= ~EXPIRED


@cython.cfunc
def _make(run: Run, active: Active, row: tuple[Any, ...], pk: Any, key: Any) -> Any:
    """Make the object of a row, and give it its place in the identity map."""
    loader: Loader = active.loader
    manager: Manager = loader.manager
    obj = new_instance(manager)
    state: State = attach_state(obj, manager)
    state.pk = pk
    state.session_id = run.session_id
    state.load_options = active.mark
    if run.token is not None:
        state.flags |= TOKEN
        state.extra = {"identity_token": run.token}
    if loader.is_partial:
        state.flags |= PARTIAL
    if active.peers is not None:
        state.peers = active.peers
        active.keys.append(key)
    active.table[key] = state
    _fill(loader, obj, row)
    return obj


@cython.cfunc
def _refill(run: Run, active: Active, state: State, obj: Any, row: tuple[Any, ...]) -> Any:
    """
    Fill an object that was there before, on its first row of this run.

    Returns:
        True if everything was overwritten, else None.
    """
    loader: Loader = active.loader
    done: Any
    if run.refresh is state:
        run.refreshed = True
        if run.only is None:
            _fill(loader, obj, row)
            mark_clean(state)
            _unexpire(loader, state, loader.keys)
            if active.on_refresh is not None:
                for fn in active.on_refresh:
                    fn(state, run.context, None)
            return None
        else:
            done = _fill_some(loader, state, obj, row, run.only)
    elif run.populate or loader.overwrites:
        for name in loader.forgotten:
            forget(obj, name)
        _fill(loader, obj, row)
        mark_clean(state)
        done = loader.keys
        _unexpire(loader, state, done)
        state.load_options = active.mark
        if active.on_refresh is not None:
            for fn in active.on_refresh:
                fn(state, run.context, None)
        return True
    elif state.expired_keys is None and not (state.flags & PARTIAL) and not loader.is_beyond:
        return None
    else:
        if state.expired_keys is not None and active.mark is not None:
            state.load_options = active.mark
        done = _fill_some(loader, state, obj, row, None)
        if not loader.is_partial:
            state.flags &= ~PARTIAL
    if done and active.on_refresh is not None:
        for fn in active.on_refresh:
            fn(state, run.context, done)
    return None


@cython.cfunc
def _announce(run: Run, active: Active, state: State, obj: Any) -> cython.int:
    """Tell listeners of a new object."""
    if active.on_load is not None:
        for fn in active.on_load:
            fn(state, run.context)
    if run.on_persistent is not None:
        run.on_persistent(run.session, obj)
    return 0


@cython.cfunc
def _load(run: Run, active: Active, row: tuple[Any, ...]) -> Any:
    """Return the object that a row holds for one entity, or None."""
    loader: Loader = active.loader
    pk: Any
    if loader.is_special:
        if loader.is_refresh:
            return _load_refresh(run, active, row)
        # concrete inheritance: which class it is says what the primary key means
        pk = _composite(loader, row)
        if pk is None:
            return None
        below: Active = _child(run, active, row, pk)
        if below is not active:
            return _load(run, below, row)
    if loader.pk_index >= 0:
        if cython.compiled:
            pk = cython.cast(object, PyTuple_GET_ITEM(row, loader.pk_index))
        else:
            pk = row[loader.pk_index]
        if pk is None:
            return None
        if loader.pk_processor is not None:
            pk = loader.pk_processor(pk)
    else:
        pk = _composite(loader, row)
        if pk is None:
            return None
    key: Any = pk if run.token is None else (_STATE, pk, run.token)
    found: Any = active.table.get(key)
    obj: Any = None
    state: State
    if found is not None:
        state = found
        obj = referent(state)
    first: cython.bint = True
    fresh: cython.bint = False
    if obj is None:
        if active.children is not None:
            active = _child(run, active, row, pk)
        obj = _make(run, active, row, pk, key)
        if active.tracks or active.on_load is not None or run.on_persistent is not None:
            state = active.table[key]
            fresh = True
            if active.tracks:
                active.touched.add(state)
            _announce(run, active, state, obj)
    else:
        if active.peers is not None and state.peers is not active.peers:
            state.peers = active.peers
            active.keys.append(key)
        if active.mark is not None and state.load_options is not active.mark:
            _take_options(active, state)
        if active.tracks:
            first = state not in active.touched
            if first:
                active.touched.add(state)
        if active.children is not None and (first or active.loader.repeats):
            active = _child(run, active, row, pk)
        if first and _refill(run, active, state, obj, row) is not None:
            fresh = True
    if active.joined is not None:
        _load_joined(run, active, state, obj, row, first, fresh)
    if first and active.tracks:
        _note(active, (state, obj, fresh))
    return obj


@cython.cfunc
def _take_options(active: Active, state: State) -> cython.int:
    """
    Let an object that was there before keep the options of this execution, besides what it has.

    Of several ways that lead to it within one execution the shortest counts.
    """
    known: Any = state.load_options
    if known is None:
        state.load_options = active.mark
    elif known[0].source is active.mark[0].source:
        if known[0] is active.mark[0] and len(known[1]) > len(active.mark[1]):
            state.load_options = active.mark
    elif known[0].roots is active.mark[0].roots and known[1] == active.mark[1]:
        # the same options, of another statement
        state.load_options = active.mark
    else:
        if active.merged is None:
            active.merged = {}
        entry: Any = active.merged.get(id(known))
        if entry is None:
            # it holds on to what its key is the address of
            entry = (known, known[0].with_later(known[1], active.mark, active.loader.mapper))
            active.merged[id(known)] = entry
        state.load_options = entry[1]
    return 0


@cython.cfunc
def _note(active: Active, item: tuple[Any, ...]) -> cython.int:
    """Leave an object to the post loads of its class and of the superclass that the statement is about."""
    if active.loader.posts:
        active.todo.append(item)
    if active.above is not None:
        _note(active.above, item)
    return 0


@cython.cfunc
def _load_refresh(run: Run, active: Active, row: tuple[Any, ...]) -> Any:
    """Fill the one object that a refresh is about."""
    state: State = run.refresh
    obj: Any = state()
    if obj is None:
        return None
    first: cython.bint = state not in active.touched
    if first:
        active.touched.add(state)
        _refill(run, active, state, obj, row)
    if active.joined is not None:
        _load_joined(run, active, state, obj, row, first, False)
    if first and active.loader.posts:
        active.todo.append((state, obj, False))
    return obj


@cython.cfunc
def _wants(run: Run, state: State, obj: Any, key: str, fresh: cython.bint) -> cython.bint:
    """Tell whether a run should fill a relationship of an object."""
    if fresh:
        return True
    if run.refresh is state and (run.only is None or key in run.only):
        return True
    return probe(obj, key) is _no_value


@cython.cfunc
def _load_joined(
    run: Run,
    active: Active,
    state: State,
    obj: Any,
    row: tuple[Any, ...],
    first: cython.bint,
    fresh: cython.bint,
) -> cython.int:
    """Follow the relationships that come with the row of their parent."""
    growing: _Growing
    child: Any
    entry: Any
    for item in active.joined:
        growing = item
        child = _load(run, growing.active, row)
        if first:
            entry = None
            if _wants(run, state, obj, growing.plan.key, fresh):
                if growing.plan.collect is not None:
                    entry = {}
                    growing.order.append((state, obj, entry))
                else:
                    entry = [child]
                    store(state.manager, obj, growing.plan.key, child)
                    if state.expired_keys is not None:
                        state.unexpire(growing.plan.key)
            growing.entries[state] = entry
            growing.last = state
            growing.last_entry = entry
        elif growing.last is state:
            entry = growing.last_entry
        else:
            entry = growing.entries.get(state)
            growing.last = state
            growing.last_entry = entry
        if entry is None or child is None:
            continue
        if growing.plan.collect is not None:
            cython.cast(dict, entry)[id(child)] = child
        elif entry[0] is not child and growing.plan.many is not None:
            # the first row's object stays, as with every other way of loading
            growing.plan.many(state)
    return 0


@cython.cfunc
def _finish(run: Run) -> cython.int:
    """Store the collections that grew over several rows."""
    active: Active
    for item in run.actives:
        active = item
        if active.joined is not None:
            _finish_joined(active)
        if active.children is not None:
            for child in active.children.values():
                if child is active:
                    continue
                if cython.cast(Active, child).joined is not None:
                    _finish_joined(child)
    return 0


@cython.cfunc
def _finish_joined(active: Active) -> cython.int:
    growing: _Growing
    for item in active.joined:
        growing = item
        if growing.order:
            collect = growing.plan.collect
            for state, obj, entry in growing.order:
                collect(state, obj, list(entry.values()))
            growing.order = []
    return 0


def finish(run: Run) -> Any:
    """
    Do what is left after the last row: store grown collections, then run the post loads.

    A post load may run statements of its own, whose post loads wait until those of this level are done:
    each level of the graph is loaded as a whole, also where several statements gave parts of it.
    """
    _finish(run)
    active: Active
    waits: cython.bint = False
    for item in run.actives:
        active = item
        if active.todo:
            waits = True
            break
    if not waits:
        return
    outermost: cython.bint = run.queue is None
    if outermost:
        run.queue = {}
    queue: dict[Any, Any] = run.queue
    for item in run.actives:
        active = item
        if active.todo:
            todo = active.todo
            active.todo = []
            for post in active.loader.posts:
                apart = getattr(post, "is_apart", False)
                key = (post, id(run) if apart else (id(run.tree), run.populate, run.token))
                waiting = queue.get(key)
                if waiting is None:
                    queue[key] = (post, run, active, [todo])
                else:
                    waiting[3].append(todo)
    if outermost:
        try:
            while queue:
                post, owner, active, parts = queue.pop(next(iter(queue)))
                post(owner, active, parts[0] if len(parts) == 1 else [one for part in parts for one in part])
        finally:
            run.queue = None


def load_scalars(rows: Any, active: Active, run: Run) -> list[Any]:
    """Return the object of each row, for a plan of one entity."""
    made: list[Any] = []
    paused = gc.isenabled()
    if paused:
        gc.disable()
    try:
        for row in rows:
            made.append(_load(run, active, row if type(row) is tuple else tuple(row)))
        _finish(run)
    finally:
        if paused:
            gc.enable()
    return made


def load_entities(rows: list[Any], loader: Loader, run: Run) -> list[Any]:
    """Return the object of each row, for a plan of one entity; its post loads are done."""
    active: Active = _activate(run, loader, None)
    made: list[Any]
    if len(rows) > _FEW:
        made = load_scalars(rows, active, run)
    else:
        made = []
        for row in rows:
            made.append(_load(run, active, row if type(row) is tuple else tuple(row)))
    finish(run)
    return made


# The place of a column that no row has.
IN_NO_ROW = -1


@cython.cclass
class Column:
    """A plain column among the entities of a plan; one ``IN_NO_ROW`` is the identity token."""

    index = cython.declare(cython.Py_ssize_t, visibility="public")
    processor = cython.declare(object, visibility="public")

    def __init__(self, index: int, processor: Any) -> None:
        self.index = index
        self.processor = processor


@cython.cclass
class Bundled:
    """Several items of a plan that the program sees as one; ``make(values)`` builds what it sees."""

    items = cython.declare(tuple, visibility="public")
    make = cython.declare(object, visibility="public")

    def __init__(self, items: Any, make: Any) -> None:
        self.items = tuple(items)
        self.make = make


@cython.cfunc
def _item(run: Run, item: Any, row: tuple[Any, ...]) -> Any:
    if isinstance(item, Active):
        return _load(run, item, row)
    if isinstance(item, Column):
        column: Column = item
        if column.index < 0:
            return run.token
        value = row[column.index]
        return value if column.processor is None else column.processor(value)
    bundled: Bundled = item
    return bundled.make([_item(run, inner, row) for inner in bundled.items])


def load_rows(rows: Any, items: Any, run: Run) -> list[Any]:
    """Return a tuple per row, for a plan of several items (`Active`, `Column`, `Bundled`)."""
    made: list[Any] = []
    parts: tuple[Any, ...] = tuple(items)
    paused = gc.isenabled()
    if paused:
        gc.disable()
    try:
        for raw in rows:
            row: tuple[Any, ...] = raw if type(raw) is tuple else tuple(raw)
            made.append(tuple([_item(run, item, row) for item in parts]))
        _finish(run)
    finally:
        if paused:
            gc.enable()
    return made
