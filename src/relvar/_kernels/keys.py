"""
Turn a statement into a cache key and the list of its bound values' holders.

Every node class lists its structure in ``_fields``.  `structure` walks a node
along these tables and mixes what it sees into a key; values of bind parameters
are never looked at, the bind parameters themselves are collected in the order
met.  Two statements with equal keys compile to equal text, and the values of
one fit, by position, into the compiled form of the other.

Rule 1: equal structure, equal key; the key never depends on a value or an id.
Rule 2: a node whose *identity* matters to the text (an *atom*: an alias, an
    anonymous label, ...) enters the key by its structure, and by the pattern
    in which it repeats: the index of its first occurrence (`statement_key`).
Rule 3: what has ``_key_serial`` (a table, a mapper) is told apart by that
    process-unique number and is not walked.
Rule 4: whatever cannot be described makes the key of all that hold it None.

Compiled, the key is 16 bytes: two 64-bit lanes, each seeded by a per-process
secret.  Interpreted, it is a tuple of all that was mixed, with the same
equalities.  A class's number, a tag with a length, and what a part contributed differ
from each other by their size, so each is one step of the lanes.

The C functions that mix return 0, or -1 with an exception set: asking after each
call whether one is set would cost more than most of them do.

How a class says what it is (all are class attributes):
    ``_fields``       tuple of fields with ``name``; inherited unless overridden
    ``_cacheable``    True, False, or None = "nobody said": not cached, and warned
    ``_key_memo``     keep the structure on the node: in C where it has room (`Keeps`),
                      else under ``_structure``
    ``_is_atom``      see Rule 2
    ``_is_bind``      a bind parameter
    ``_key_serial``   see Rule 3; an instance value of None means "walk me"
    ``_key_columns``  name of the field whose unnamed members are atoms
"""

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython

import enum
import functools
import itertools
import operator
import os
import struct
import sys
import types

if cython.compiled:
    from cython.cimports.cpython.bytes import PyBytes_FromStringAndSize
    from cython.cimports.cpython.dict import PyDict_GetItemWithError, PyDict_Next, PyDict_Size

    # past any __getattr__ of the class: that is for names that are missing
    from cython.cimports.cpython.object import PyObject_GenericGetAttr as _attribute
    from cython.cimports.cpython.ref import Py_INCREF, PyObject
    from cython.cimports.cpython.tuple import PyTuple_GET_ITEM, PyTuple_New, PyTuple_SET_ITEM
    from cython.cimports.cpython.unicode import PyUnicode_AsUTF8AndSize
    from cython.cimports.libc.string import memcpy
    from cython.cimports.relvar._kernels.interned import (
        PyUnicode_CHECK_INTERNED,
        PyUnicode_DATA,
        PyUnicode_GET_LENGTH,
        PyUnicode_IS_COMPACT_ASCII,
    )
    from cython.cimports.relvar._kernels.nodes import BinaryFields, BindFields, Keeps, _values
    from cython.cimports.relvar._kernels.objects import relvar_fetch
else:
    from relvar._kernels.nodes import BinaryFields, BindFields, Keeps
    from relvar._kernels.own import own_dict as _values

    _attribute = getattr

__all__ = [
    "Structure",
    "entities_key",
    "next_serial",
    "on_too_deep",
    "on_unsaid",
    "statement_key",
    "structure",
]

# Not from 1: numbers in names that came by pickle from another process should not meet ours.
_serials = itertools.count((int.from_bytes(os.urandom(4), "little") << 20) + 1)
_tables = cython.declare(dict, {})
_type_structures = cython.declare(dict, {})
_hooks: list = []
_too_deep = cython.declare(object, RecursionError)

if cython.compiled:
    # Small caches before the dictionaries: by address, last one wins.
    _recent_classes = cython.declare(cython.pointer(PyObject)[1024])
    _recent_tables = cython.declare(cython.pointer(PyObject)[1024])
    _recent_values = cython.declare(cython.pointer(PyObject)[256])
    _recent_kept: list = [None] * 256
    _recent_serials = cython.declare(cython.ulonglong[256])
    _recent_types = cython.declare(cython.pointer(PyObject)[256])
    _recent_structures = cython.declare(cython.pointer(PyObject)[256])

_UNSET = cython.declare(object, object())
_KEY_SERIAL = cython.declare(object, sys.intern("_key_serial"))
# On a node that was walked once, in place of its structure.
_MET = cython.declare(object, object())

if not cython.compiled:
    # How a value is mixed, by its class; also mixed in front of the value, so that True, 1 and 1.0 differ.
    # For C they are in keys.pxd.
    NODE = 1
    TEXT = 2
    INTEGER = 3
    BOOLEAN = 4
    FLOAT = 5
    BYTES = 6
    SEQUENCE = 7
    MAPPING = 8
    TYPE = 9
    SERIAL = 10
    OTHER = 11
    SET = 12
    ANONYMOUS = 13
    QUOTED = 14
    NOTHING = 15
    PATTERN = 16
    ANNOTATION = 17
    BY_IDENTITY = 18

_secret_text = os.urandom(16)
_seeds = struct.unpack("QQ", _secret_text)
SEED_LO = cython.declare(cython.ulonglong, _seeds[0])
SEED_HI = cython.declare(cython.ulonglong, _seeds[1])
# Odd constants with well spread bits (the golden ratio, and sqrt(3) - 1).
PRIME_LO = cython.declare(cython.ulonglong, 0x9E3779B97F4A7C15)
PRIME_HI = cython.declare(cython.ulonglong, 0xBB67AE8584CAA73B)

# C calls nested without bound would end the process, and a level takes up to a
# kilobyte of its stack: more levels than Python's usual limit only if that was raised.
USUAL_DEPTH = cython.declare(cython.int, 1000)
GREATEST_DEPTH = cython.declare(cython.int, 4000)

# How many values get numbers before those are forgotten that were not met again meanwhile.
# 8 MB at most for values of a hundred bytes: statements that are cached hold far fewer.
GENERATION = cython.declare(cython.Py_ssize_t, 16384)


def next_serial():
    """
    Return a number no other object of this process has got or will get.
    """
    return next(_serials)


@cython.final
@cython.cclass
class _Numbers:
    """
    A number per hashable value, kept for as long as the value is met now and then.

    A value that comes back after it was forgotten gets another number: its statement
    is compiled once more.  No number is given twice, so no key ever fits by mistake.
    """

    young = cython.declare(dict)
    old = cython.declare(dict)

    def __init__(self):
        self.young = {}
        self.old = {}

    @cython.cfunc
    def of(self, value: object) -> object:
        serial = self.young.get(value)
        if serial is None:
            serial = self.old.get(value)
            if serial is None:
                serial = next(_serials)
            if len(self.young) >= GENERATION:
                self.old = self.young
                self.young = {}
            self.young[value] = serial
        return serial


_interned = cython.declare(_Numbers, _Numbers())
_identified = cython.declare(_Numbers, _Numbers())


@cython.final
@cython.freelist(32)
@cython.cclass
class Structure:
    """
    What one node contributes to the key of a statement.

    ``key`` is hashable, or None when the node cannot be cached; ``binds`` and
    ``atoms`` are tuples in traversal order, repetitions included.
    """

    lo: cython.ulonglong
    hi: cython.ulonglong
    collects: cython.bint
    cacheable = cython.declare(cython.bint, visibility="public")
    parts = cython.declare(tuple, visibility="public")
    binds = cython.declare(tuple, visibility="public")
    atoms = cython.declare(tuple, visibility="public")
    final = cython.declare(object, visibility="public")

    @property
    def key(self):
        if not self.cacheable:
            return None
        return _pack(self.lo, self.hi) if cython.compiled else self.parts

    def __reduce__(self):
        raise TypeError("the structure of a node belongs to its process")


@cython.final
@cython.cclass
class _Table:
    """
    How instances of one class are mixed.
    """

    cls = cython.declare(object)
    kind = cython.declare(cython.int)
    serial = cython.declare(cython.ulonglong)
    names = cython.declare(tuple)
    index = cython.declare(dict)
    plain = cython.declare(cython.bint)
    kept_places = cython.declare(object)
    places = cython.declare(cython.p_char)
    addresses = cython.declare(cython.pointer(cython.size_t))
    required = cython.declare(cython.ulonglong)
    named = cython.declare(object)
    defaults = cython.declare(tuple)
    count = cython.declare(cython.Py_ssize_t)
    cacheable = cython.declare(object)
    memo = cython.declare(cython.bint)
    memo_in_c = cython.declare(cython.bint)
    atom = cython.declare(cython.bint)
    bind = cython.declare(cython.bint)
    has_serial = cython.declare(cython.bint)
    own_serial = cython.declare(cython.bint)
    annotated = cython.declare(cython.bint)
    layout = cython.declare(cython.int)
    columns = cython.declare(cython.Py_ssize_t)


@cython.final
@cython.freelist(16)
@cython.cclass
class _Walk:
    """
    The state of one walk: the lanes (or, interpreted, the parts), what was collected.
    """

    lo: cython.ulonglong
    hi: cython.ulonglong
    ok: cython.bint
    depth: cython.int
    binds = cython.declare(list)
    atoms = cython.declare(list)
    parts = cython.declare(list)


@cython.cfunc
def _new_walk() -> _Walk:
    walk: _Walk = _Walk.__new__(_Walk)
    walk.depth = 0
    walk.binds = []
    walk.atoms = []
    _begin(walk)
    return walk


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _begin(walk: _Walk) -> cython.void:
    """
    Begin what a key is made of.
    """
    walk.ok = True
    if cython.compiled:
        walk.lo = SEED_LO
        walk.hi = SEED_HI
    else:
        walk.parts = []


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _mix(walk: _Walk, value: cython.ulonglong) -> cython.void:
    if cython.compiled:
        lo: cython.ulonglong = (walk.lo ^ value) * PRIME_LO
        hi: cython.ulonglong = (walk.hi + value) * PRIME_HI
        walk.lo = lo ^ (lo >> 29)
        walk.hi = hi ^ (hi >> 32)
    else:
        walk.parts.append(value)


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _mix_tagged(walk: _Walk, tag: cython.ulonglong, number: cython.ulonglong) -> cython.void:
    """
    Mix a number below 2^56 with what it means.
    """
    if cython.compiled:
        _mix(walk, (tag << 56) | number)
    else:
        walk.parts.append(tag)
        walk.parts.append(number)


@cython.cfunc
@cython.exceptval(-1)
def _mix_text(walk: _Walk, tag: cython.ulonglong, text: object) -> cython.int:
    if cython.compiled:
        size: cython.Py_ssize_t = 0
        data = cython.declare(cython.p_char)
        if PyUnicode_IS_COMPACT_ASCII(text):
            data = cython.cast(cython.p_char, PyUnicode_DATA(text))
            size = PyUnicode_GET_LENGTH(text)
        else:
            try:
                data = cython.cast(cython.p_char, PyUnicode_AsUTF8AndSize(text, cython.address(size)))
            except UnicodeEncodeError:
                # A lone surrogate has no UTF-8 form.
                _mix(walk, tag)
                _mix_other(walk, text)
                return 0
        _mix_bytes(walk, tag, data, size)
    else:
        walk.parts.append(tag)
        walk.parts.append(str.__str__(text))
    return 0


@cython.cfunc
@cython.exceptval(check=False)
def _mix_bytes(
    walk: _Walk, tag: cython.ulonglong, data: cython.p_char, size: cython.Py_ssize_t
) -> cython.void:
    word: cython.ulonglong = 0
    _mix_tagged(walk, tag, cython.cast(cython.ulonglong, size))
    while size >= 8:
        memcpy(cython.address(word), data, 8)
        _mix(walk, word)
        data += 8
        size -= 8
    if size:
        word = 0
        while size:
            size -= 1
            word = (word << 8) | cython.cast(cython.uchar, data[size])
        _mix(walk, word)


@cython.cfunc
@cython.exceptval(-1)
def _mix_anonymous(walk: _Walk, name: object) -> cython.int:
    """
    Mix an anonymous name without its numbers, which structurally equal names do not share: its ``_key_text``.
    """
    if cython.compiled:
        size: cython.Py_ssize_t = 0
        at: cython.Py_ssize_t = 0
        used: cython.Py_ssize_t = 0
        end: cython.Py_ssize_t
        data = cython.declare(cython.p_char)
        kept = cython.declare(cython.char[256])
        try:
            data = cython.cast(cython.p_char, PyUnicode_AsUTF8AndSize(name, cython.address(size)))
        except UnicodeEncodeError:
            size = 257
        if size <= 256:
            while at < size:
                kept[used] = data[at]
                used += 1
                at += 1
                if data[at - 1] == 37 and at < size and data[at] == 40:  # "%(": a number may follow
                    kept[used] = data[at]
                    used += 1
                    at += 1
                    end = at
                    while end < size and 48 <= data[end] <= 57:  # its digits
                        end += 1
                    if at < end < size and data[end] == 32:  # and the blank behind it
                        at = end + 1
            _mix_bytes(walk, ANONYMOUS, kept, used)
            return 0
    _mix_text(walk, ANONYMOUS, name._key_text)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _mix_other(walk: _Walk, value: object) -> cython.int:
    """
    Mix the number of a hashable value; equal values of one class share it.
    """
    try:
        serial = _interned.of((type(value), value))
    except TypeError:
        walk.ok = False
        return 0
    _mix(walk, serial)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _mix_identity(walk: _Walk, value: object) -> cython.int:
    """
    Mix the number of something that is equal to itself only: a function, a class, an enum's member.
    """
    at: cython.Py_ssize_t = 0
    if cython.compiled:
        at = (cython.cast(cython.size_t, cython.cast(cython.p_void, value)) >> 4) & 255
        if _recent_values[at] == cython.cast(cython.pointer(PyObject), value):
            _mix(walk, _recent_serials[at])
            return 0
    serial = _identified.of(value)
    if cython.compiled:
        # Held as long as it is found here, so that nothing else can get its address.  The finalizer of what
        # goes may ask for a key, too.
        _recent_values[at] = cython.NULL
        _recent_kept[at] = value
        if _recent_kept[at] is value:
            _recent_values[at] = cython.cast(cython.pointer(PyObject), value)
            _recent_serials[at] = serial
    _mix(walk, serial)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _forget_types() -> cython.int:
    index: cython.Py_ssize_t
    if cython.compiled:
        for index in range(256):
            _recent_types[index] = cython.NULL
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _mix_type(walk: _Walk, value: object) -> cython.int:
    """
    Mix a SQL type by its static key, worked out once per type object.
    """
    kept: Structure
    if cython.compiled:
        at: cython.Py_ssize_t = (cython.cast(cython.size_t, cython.cast(cython.p_void, value)) >> 4) & 255
        if _recent_types[at] == cython.cast(cython.pointer(PyObject), value):
            _mix_structure(walk, cython.cast(Structure, cython.cast(object, _recent_structures[at])))
            return 0
        found: cython.pointer(PyObject) = PyDict_GetItemWithError(_type_structures, value)
        if found is not cython.NULL:
            kept = cython.cast(object, found)
            _recent_types[at] = cython.cast(cython.pointer(PyObject), value)
            _recent_structures[at] = found
            _mix_structure(walk, kept)
            return 0
    elif value in _type_structures:
        _mix_structure(walk, _type_structures[value])
        return 0
    static = value._static_cache_key
    inner: _Walk = _new_walk()
    if not isinstance(static, tuple):
        inner.ok = False
    else:
        _mix_value(inner, static)
    kept = _finish(inner, 0, 0)
    if len(_type_structures) > 4096:
        # Types made by the thousand: let those go that are no longer used.
        # What goes with them may ask for a key: nothing that goes is to be found any more by then.
        _forget_types()
        _type_structures.clear()
    # Another thread may have come first, or a part of it: what is kept is not replaced, for its address may
    # be among the recent ones.
    kept = _type_structures.setdefault(value, kept)
    _mix_structure(walk, kept)
    return 0


@cython.cfunc
@cython.inline
@cython.exceptval(-1)
def _mix_structure(walk: _Walk, made: Structure) -> cython.int:
    _mix_child(walk, made)
    if made.collects:
        _collect(walk, made)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _collect(walk: _Walk, made: Structure) -> cython.int:
    for item in made.binds:
        walk.binds.append(item)
    for item in made.atoms:
        walk.atoms.append(item)
    return 0


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _mix_child(walk: _Walk, made: Structure) -> cython.void:
    """
    Mix what a node contributed, apart from the nodes it collected.
    """
    if not made.cacheable:
        walk.ok = False
    elif cython.compiled:
        _mix_lanes(walk, made.lo, made.hi)
    else:
        walk.parts.append(made.parts)


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def _mix_lanes(walk: _Walk, lo: cython.ulonglong, hi: cython.ulonglong) -> cython.void:
    """
    Mix two lanes, each into its own: no tag is like these.
    """
    lo = (walk.lo ^ lo) * PRIME_LO
    hi = (walk.hi + hi) * PRIME_HI
    walk.lo = lo ^ (lo >> 29)
    walk.hi = hi ^ (hi >> 32)


def _check_depth(depth):
    if depth > GREATEST_DEPTH or depth > sys.getrecursionlimit():
        raise RecursionError("nodes nest too deeply for a cache key")


@cython.cfunc
@cython.exceptval(-1)
def _mix_value(walk: _Walk, value: object) -> cython.int:
    """
    Mix anything a field may hold.
    """
    if value is None:
        _mix(walk, NOTHING)
        return 0
    table: _Table = _table_of(type(value))
    kind: cython.int = table.kind
    if kind == NODE:
        if table.memo:
            memo: object = _memo(value, table)
            if memo is None or memo is _MET:
                _descend(walk)
                _mix_new(walk, value, table, memo is _MET)
                walk.depth -= 1
            else:
                _mix_structure(walk, cython.cast(Structure, memo) if cython.compiled else memo)
        else:
            _descend(walk)
            _mix_parts(walk, value, table)
            walk.depth -= 1
    elif kind == TEXT:
        _mix_text(walk, TEXT, value)
    elif kind == SEQUENCE:
        _mix_tagged(walk, SEQUENCE, len(value))
        if type(value) is tuple:
            _mix_tuple(walk, value)
        else:
            for item in value:
                _mix_value(walk, item)
    elif kind == BY_IDENTITY:
        _mix_identity(walk, value)
    elif kind == TYPE:
        _mix_type(walk, value)
    elif kind == SERIAL:
        _mix_serial(walk, value)
    elif kind == ANONYMOUS:
        _mix_anonymous(walk, value)
    elif kind == BOOLEAN:
        _mix_tagged(walk, BOOLEAN, 1 if value else 0)
    elif kind == QUOTED:
        _mix_text(walk, QUOTED, value)
        _mix_value(walk, value.quote)
    elif kind == INTEGER:
        if 0 <= value < 0x7FFFFFFFFFFFFF:
            _mix_tagged(walk, INTEGER, value)
        else:
            _mix_text(walk, OTHER, str(value))
    elif kind == MAPPING:
        _mix_tagged(walk, MAPPING, len(value))
        for name, item in value.items():
            _mix_value(walk, name)
            _mix_value(walk, item)
    elif kind == FLOAT:
        _mix_text(walk, FLOAT, repr(value))
    elif kind == BYTES:
        _mix_text(walk, BYTES, value.hex())
    else:
        _mix(walk, kind)
        _mix_other(walk, frozenset(value) if kind == SET else value)
    return 0


@cython.cfunc
@cython.inline
@cython.exceptval(-1)
def _descend(walk: _Walk) -> cython.int:
    walk.depth += 1
    if walk.depth > USUAL_DEPTH:
        _check_depth(walk.depth)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _mix_tuple(walk: _Walk, items: tuple) -> cython.int:
    index: cython.Py_ssize_t
    if cython.compiled:
        # of those that are not at hand, all are on their way while the first is mixed
        for index in range(1, len(items)):
            relvar_fetch(PyTuple_GET_ITEM(items, index))
    for index in range(len(items)):
        _mix_value(walk, items[index])
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _mix_serial(walk: _Walk, value: object) -> cython.int:
    serial = value._key_serial
    if serial is None:
        walk.ok = False
    else:
        _mix_tagged(walk, SERIAL, serial)
    return 0


@cython.cfunc
@cython.inline
def _memo(node: object, table: _Table) -> object:
    if cython.compiled and table.memo_in_c:
        return cython.cast(Keeps, node).kept
    if table.plain:
        return _values(node).get("_structure")
    return _attribute(node, "_structure")


@cython.cfunc
@cython.exceptval(-1)
def _keep(node: object, table: _Table, memo: object) -> cython.int:
    if cython.compiled and table.memo_in_c:
        cython.cast(Keeps, node).kept = memo
    elif table.plain:
        _values(node)["_structure"] = memo
    else:
        node._structure = memo
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _mix_new(walk: _Walk, node: object, table: _Table, met: cython.bint) -> cython.int:
    """
    Mix a node whose structure is not kept: it has lanes of its own, and what it holds is collected once.

    A FROM element keeps it at once, as its columns lead to it.  Others keep it when they are met again: most
    are of one statement.
    """
    ok: cython.bint = walk.ok
    if cython.compiled:
        lo: cython.ulonglong = walk.lo
        hi: cython.ulonglong = walk.hi
    else:
        parts = walk.parts
    if met or table.atom:
        _structure(walk, node, table)
    else:
        _begin(walk)
        _mix_parts(walk, node, table)
        _keep(node, table, _MET)
    cacheable: cython.bint = walk.ok
    if cython.compiled:
        own_lo: cython.ulonglong = walk.lo
        own_hi: cython.ulonglong = walk.hi
        walk.lo = lo
        walk.hi = hi
    else:
        own_parts = walk.parts
        walk.parts = parts
    walk.ok = ok and cacheable
    if cacheable:
        if cython.compiled:
            _mix_lanes(walk, own_lo, own_hi)
        else:
            walk.parts.append(tuple(own_parts))
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _mix_parts(walk: _Walk, node: object, table: _Table) -> cython.int:
    """
    Mix the fields of a node, and collect it if it is a bind parameter or an atom.
    """
    if table.bind:
        walk.binds.append(node)
    if _mix_fields(walk, node, table) == 0 and table.atom:
        walk.atoms.append(node)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _mix_fields(walk: _Walk, node: object, table: _Table) -> cython.int:
    """
    Mix class, annotations and those fields that differ from the class's own defaults; 1: its number instead.
    """
    index: cython.Py_ssize_t
    _mix(walk, table.serial)
    if table.cacheable is not True:
        walk.ok = False
        if table.cacheable is None:
            for hook in _hooks:
                hook(table.cls)
    if table.annotated:
        annotations = _attribute(node, "_annotations")
        if annotations:
            _mix_annotations(walk, annotations)
    if table.layout == 1:
        _mix_binary(walk, cython.cast(BinaryFields, node))
        return 0
    if table.layout == 2:
        _mix_bind(walk, cython.cast(BindFields, node))
        return 0
    if table.has_serial and not table.own_serial:
        serial = _attribute(node, "_key_serial")
        if serial is not None:
            _mix_tagged(walk, SERIAL, serial)
            return 1
    if table.plain:
        found: cython.int = _mix_own_fields(walk, _values(node), table)
        if found != 2:
            return found
    for index in range(table.count):
        default = table.defaults[index]
        # worked out by the class, or missing, which is told as of any attribute
        value = _attribute(node, table.names[index])
        if value is not default:
            _mix_field(walk, index, value, table)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _mix_binary(walk: _Walk, node: BinaryFields) -> cython.int:
    if cython.compiled:
        relvar_fetch(cython.cast(cython.pointer(PyObject), node.right))
    _mix_value(walk, node.left)
    _mix_value(walk, node.right)
    _mix_value(walk, node.operator)
    _mix_type(walk, node.type)
    if node.modifiers:
        _mix_value(walk, node.modifiers)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _mix_bind(walk: _Walk, node: BindFields) -> cython.int:
    _mix_type(walk, node.type)
    _mix(walk, (node._modes << 1) | node.unique)
    _mix_value(walk, node._orig_key)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _mix_field(walk: _Walk, index: cython.Py_ssize_t, value: object, table: _Table) -> cython.int:
    # Cleared is the same as never set.
    if type(value) is tuple:
        if len(cython.cast(tuple, value)) == 0:
            return 0
    elif type(value) is list:
        if len(cython.cast(list, value)) == 0:
            return 0
    _mix(walk, 256 + index)
    _mix_value(walk, value)
    if index == table.columns:
        for item in value:
            named = _table_of(type(item)).named
            if not (_attribute(item, "_is_named") if named is not True and named is not False else named):
                walk.atoms.append(item)
    return 0


@cython.cfunc
@cython.inline
@cython.exceptval(-2)
def _index_of(table: _Table, name: object) -> cython.Py_ssize_t:
    """
    Return which field has a name, -1 if none has: names are interned, mostly, and found by address.
    """
    if PyUnicode_CHECK_INTERNED(name):
        address: cython.size_t = cython.cast(cython.size_t, cython.cast(cython.p_void, name))
        at: cython.size_t = (address >> 4) & 127
        while table.places[at] != 0:
            if table.addresses[table.places[at] - 1] == address:
                return table.places[at] - 1
            at = (at + 1) & 127
        return -1
    number: cython.pointer(PyObject) = PyDict_GetItemWithError(table.index, name)
    return -1 if number is cython.NULL else cython.cast(object, number)


def _places(names):
    """
    Return for each place that a name's address leads to: 0, or which name is there (from 1), or near by.
    """
    places = bytearray(128)
    for number, name in enumerate(names, 1):
        at = (id(name) >> 4) & 127
        while places[at]:
            at = (at + 1) & 127
        places[at] = number
    return bytes(places)


@cython.cfunc
@cython.exceptval(-1)
def _mix_own_fields(walk: _Walk, values: dict, table: _Table) -> cython.int:
    """
    Mix the fields an instance has itself, in the order of the table.

    1: it has a number, which was mixed instead.  2: a field has to be looked for elsewhere.
    """
    index: cython.Py_ssize_t
    if cython.compiled:
        position: cython.Py_ssize_t = 0
        count: cython.Py_ssize_t = 0
        slot: cython.Py_ssize_t
        order = cython.declare(cython.char[16])
        fields = cython.declare(cython.pointer(PyObject)[16])
        name: cython.pointer(PyObject) = cython.NULL
        held: cython.pointer(PyObject) = cython.NULL
        one: cython.ulonglong = 1
        mask: cython.ulonglong = 0
        if table.count <= 6 and 4 * table.count <= 3 * PyDict_Size(values):
            # as few are looked up in less time than all are gone through
            if table.own_serial:
                held = PyDict_GetItemWithError(values, _KEY_SERIAL)
                if held is not cython.NULL and held != cython.cast(cython.pointer(PyObject), None):
                    _mix_tagged(walk, SERIAL, cython.cast(object, held))
                    return 1
            for index in range(table.count):
                held = PyDict_GetItemWithError(values, table.names[index])
                if held is not cython.NULL:
                    relvar_fetch(held)
                elif table.required >> index & 1:
                    return 2
                fields[index] = held
            for index in range(table.count):
                if fields[index] is not cython.NULL and fields[index] != PyTuple_GET_ITEM(
                    table.defaults, index
                ):
                    _mix_field(walk, index, cython.cast(object, fields[index]), table)
            return 0
        while PyDict_Next(values, cython.address(position), cython.address(name), cython.address(held)):
            index = _index_of(table, cython.cast(object, name))
            if index < 0:
                continue
            if index == table.count:
                if held != cython.cast(cython.pointer(PyObject), None):
                    _mix_tagged(walk, SERIAL, cython.cast(object, held))
                    return 1
                continue
            mask |= one << index
            if count < 16:
                slot = count
                while slot > 0 and order[slot - 1] > index:
                    order[slot] = order[slot - 1]
                    fields[slot] = fields[slot - 1]
                    slot -= 1
                order[slot] = cython.cast(cython.char, index)
                fields[slot] = held
                relvar_fetch(held)
            count += 1
        if table.required & ~mask:
            return 2
        if count <= 16:
            # The dictionary holds them: nodes do not change.
            for slot in range(count):
                index = order[slot]
                if fields[slot] != PyTuple_GET_ITEM(table.defaults, index):
                    _mix_field(walk, index, cython.cast(object, fields[slot]), table)
            return 0
        for index in range(table.count):
            if mask >> index & 1:
                held = PyDict_GetItemWithError(values, table.names[index])
                if held is not cython.NULL:
                    value = cython.cast(object, held)
                    if value is not table.defaults[index]:
                        _mix_field(walk, index, value, table)
        return 0
    if table.own_serial:
        serial = values.get("_key_serial")
        if serial is not None:
            _mix_tagged(walk, SERIAL, serial)
            return 1
    for index in range(table.count):
        if table.required >> index & 1 and table.names[index] not in values:
            return 2
    for index in range(table.count):
        value = values.get(table.names[index], _UNSET)
        if value is not _UNSET and value is not table.defaults[index]:
            _mix_field(walk, index, value, table)
    return 0


@cython.cfunc
@cython.exceptval(-1)
def _mix_annotations(walk: _Walk, annotations: object) -> cython.int:
    """
    Mix annotations whose value says who it is; the rest does not reach the text.
    """
    for name, value in annotations.items():
        if value is None:
            continue
        table: _Table = _table_of(type(value))
        if table.kind == SERIAL or table.kind == NODE or table.kind == TEXT or table.kind == BOOLEAN:
            _mix_text(walk, ANNOTATION, name)
            _mix_value(walk, value)
        elif name == "parententity":
            # Whose column it is decides on criteria: better no key than that of another entity.
            walk.ok = False
    return 0


def on_unsaid(hook):
    """
    Have *hook* called with each node class that says nothing about caching.
    """
    _hooks.append(hook)


def on_too_deep(error):
    """
    Have *error* called for what to raise when a statement nests too deeply to be walked.
    """
    global _too_deep
    _too_deep = error


@cython.cfunc
@cython.inline
def _table_of(cls: object) -> _Table:
    if cython.compiled:
        # Classes are about a kilobyte apart.
        address: cython.size_t = cython.cast(cython.size_t, cython.cast(cython.p_void, cls))
        at: cython.Py_ssize_t = ((address >> 4) ^ (address >> 10)) & 1023
        if _recent_classes[at] == cython.cast(cython.pointer(PyObject), cls):
            return cython.cast(_Table, cython.cast(object, _recent_tables[at]))
        return _known_table(cls, at)
    table = _tables.get(cls)
    return _make_table(cls) if table is None else table


if cython.compiled:

    @cython.cfunc
    def _known_table(cls: object, at: cython.Py_ssize_t) -> _Table:
        found: cython.pointer(PyObject) = PyDict_GetItemWithError(_tables, cls)
        if found is cython.NULL:
            return _make_table(cls)
        # Kept for ever by the dictionary, so the pointers stay good.
        _recent_classes[at] = cython.cast(cython.pointer(PyObject), cls)
        _recent_tables[at] = found
        return cython.cast(_Table, cython.cast(object, found))


_PLAIN = {
    str: 2,
    int: 3,
    bool: 4,
    float: 5,
    bytes: 6,
    tuple: 7,
    list: 7,
    dict: 8,
    set: 12,
    frozenset: 12,
}


_IDENTITIES = (types.FunctionType, types.BuiltinFunctionType)


def _make_table(cls):
    table: _Table = _Table.__new__(_Table)
    table.cls = cls
    table.serial = next(_serials)
    table.count = 0
    table.memo = table.memo_in_c = table.atom = table.bind = table.annotated = False
    table.has_serial = table.own_serial = False
    table.columns = -1
    table.cacheable = True
    table.names = table.defaults = ()
    table.index = {}
    table.layout = 0
    table.plain = False
    table.required = 0
    table.named = getattr(cls, "_is_named", None)
    if cls in _PLAIN:
        table.kind = _PLAIN[cls]
    elif hasattr(cls, "_fields") and hasattr(cls, "_cacheable"):
        table.kind = NODE
        names = tuple([sys.intern(field.name) for field in cls._fields])
        table.names = names
        table.index = {name: index for index, name in enumerate(names)}
        table.defaults = tuple([_default(cls, name) for name in names])
        # Nothing in the class comes between a field's name and the instance's dictionary.
        table.plain = (
            cls.__dictoffset__ != 0
            and len(names) < 63
            and not any(_is_computed(_in_class(cls, name)) for name in names)
        )
        if len(names) <= 10:
            # of a node with many fields few need be set
            for index, default in enumerate(table.defaults):
                if default is _UNSET:
                    table.required |= 1 << index
        table.count = len(names)
        table.cacheable = cls._cacheable
        table.memo = cls._key_memo
        table.memo_in_c = cython.compiled and issubclass(cls, Keeps)
        table.atom = cls._is_atom
        table.bind = cls._is_bind
        table.has_serial = hasattr(cls, "_key_serial")
        table.own_serial = table.has_serial and table.plain and _default(cls, "_key_serial") is None
        table.annotated = getattr(cls, "_is_annotated", False)
        table.layout = _layout(cls)
        table.columns = table.index.get(cls._key_columns, -1)
        if table.plain:
            _place_names(table)
    elif hasattr(cls, "_key_serial"):
        table.kind = SERIAL
    elif hasattr(cls, "_static_cache_key"):
        table.kind = TYPE
    elif issubclass(cls, str) and hasattr(cls, "_key_text"):
        table.kind = ANONYMOUS
    elif issubclass(cls, str) and hasattr(cls, "quote"):
        table.kind = QUOTED
    elif issubclass(cls, dict):
        table.kind = MAPPING
    elif issubclass(cls, tuple) and cls.__eq__ is tuple.__eq__:
        table.kind = SEQUENCE
    elif cls in _IDENTITIES or issubclass(cls, (type, enum.Enum)):
        table.kind = BY_IDENTITY
    else:
        table.kind = OTHER
    # Another thread may have come first: its table stays, for its address may be among the recent ones.
    return _tables.setdefault(cls, table)


def _place_names(table: _Table):
    """
    Let the names of fields, and that of the number if instances have it, be found by their addresses.
    """
    names = table.names
    if table.own_serial:
        table.index["_key_serial"] = table.count
        names = (*names, _KEY_SERIAL)
    if cython.compiled:
        places: bytes = _places(names)
        addresses: bytes = struct.pack(f"{len(names)}N", *[id(name) for name in names])
        # the table holds what it points to
        table.kept_places = names, places, addresses
        table.places = places
        table.addresses = cython.cast(cython.pointer(cython.size_t), cython.cast(cython.p_char, addresses))


def _layout(cls):
    """
    Tell whether the fields of a class are just those laid out here: 1 binary, 2 bind.
    """
    names = [field.name for field in cls._fields]
    if issubclass(cls, BinaryFields) and names == ["left", "right", "operator", "type", "modifiers"]:
        return 1
    if issubclass(cls, BindFields) and names == ["type", "unique", "_orig_key", "_modes"]:
        return 2
    return 0


def _in_class(cls, name):
    """
    Return what stands in a class or in one above it under a name; a sentinel for nothing.
    """
    for base in cls.__mro__:
        if name in base.__dict__:
            return base.__dict__[name]
    return _UNSET


def _is_computed(value):
    return hasattr(type(value), "__get__") and not isinstance(value, type)


def _default(cls, name):
    """
    Return the class's value of a field, or a sentinel when only instances have it.
    """
    value = _in_class(cls, name)
    return _UNSET if _is_computed(value) else value


@cython.cfunc
def _since(items: list, first: cython.Py_ssize_t) -> tuple:
    """
    Return what a list has got from the item *first* on.
    """
    if cython.compiled:
        index: cython.Py_ssize_t
        count: cython.Py_ssize_t = len(items) - first
        if count == 0:
            return ()
        made: tuple = PyTuple_New(count)
        for index in range(count):
            item = items[first + index]
            Py_INCREF(item)
            PyTuple_SET_ITEM(made, index, item)
        return made
    return tuple(items[first:])


@cython.cfunc
def _finish(walk: _Walk, binds: cython.Py_ssize_t, atoms: cython.Py_ssize_t) -> Structure:
    """
    Return what was walked since *binds* and *atoms* were as many as that.
    """
    made: Structure = Structure.__new__(Structure)
    made.binds = _since(walk.binds, binds)
    made.atoms = _since(walk.atoms, atoms)
    made.final = None
    made.collects = len(made.binds) != 0 or len(made.atoms) != 0
    made.cacheable = walk.ok
    made.parts = None
    if cython.compiled:
        made.lo = walk.lo
        made.hi = walk.hi
    else:
        made.parts = tuple(walk.parts)
    return made


@cython.cfunc
def _pack(lo: cython.ulonglong, hi: cython.ulonglong) -> object:
    """
    Return the two lanes as bytes, stirred once more.
    """
    if cython.compiled:
        lanes = cython.declare(cython.ulonglong[2])
        lo = (lo ^ (hi >> 31)) * PRIME_HI
        hi = (hi ^ (lo >> 31)) * PRIME_LO
        lanes[0] = lo ^ (lo >> 32)
        lanes[1] = hi ^ (hi >> 29)
        return PyBytes_FromStringAndSize(cython.cast(cython.p_char, cython.address(lanes[0])), 16)


@cython.cfunc
def _structure(walk: _Walk, node: object, table: _Table) -> Structure:
    """
    Return the structure of a node, which is kept if its class says so; the walk's lanes begin anew with it.
    """
    binds: cython.Py_ssize_t = len(walk.binds)
    atoms: cython.Py_ssize_t = len(walk.atoms)
    _begin(walk)
    _mix_parts(walk, node, table)
    made: Structure = _finish(walk, binds, atoms)
    if table.memo:
        _keep(node, table, made)
    return made


def structure(node):
    """
    Return the `Structure` of a node, from the node itself if it keeps one.
    """
    table: _Table = _table_of(type(node))
    walk: _Walk
    if table.kind != NODE:
        walk = _new_walk()
        _mix_value(walk, node)
        return _finish(walk, 0, 0)
    if table.memo:
        memo = _memo(node, table)
        if memo is not None and memo is not _MET:
            return memo
    walk = _new_walk()
    return _structure(walk, node, table)


@cython.cfunc
def _repeats(items: tuple) -> cython.bint:
    """
    Tell whether an object occurs twice.
    """
    size: cython.Py_ssize_t = len(items)
    if size < 2:
        return False
    if cython.compiled and size <= 12:
        i: cython.Py_ssize_t
        j: cython.Py_ssize_t
        for i in range(1, size):
            for j in range(i):
                if PyTuple_GET_ITEM(items, j) == PyTuple_GET_ITEM(items, i):
                    return True
        return False
    return len({id(item) for item in items}) != size


@cython.cfunc
@cython.exceptval(-1)
def _mix_pattern(walk: _Walk, items: tuple) -> cython.int:
    """
    Mix for each of the objects where it occurs first.
    """
    size: cython.Py_ssize_t = len(items)
    _mix_tagged(walk, PATTERN, size)
    if cython.compiled and size <= 64:
        i: cython.Py_ssize_t
        j: cython.Py_ssize_t
        word: cython.ulonglong = 0
        for i in range(size):
            j = 0
            while PyTuple_GET_ITEM(items, j) != PyTuple_GET_ITEM(items, i):
                j += 1
            word = (word << 8) | j
            if i & 7 == 7:
                _mix(walk, word)
                word = 0
        _mix(walk, word)
        return 0
    first: dict = {}
    for index, item in enumerate(items):
        _mix(walk, first.setdefault(id(item), index))
    return 0


def statement_key(statement):
    """
    Return the cache key of a statement and its bind parameters.

    Raises:
        CompileError: Its parts nest too deeply.

    Returns:
        ``(key, binds)``: *key* is None if the statement cannot be cached;
        *binds* are the `BindParameter` objects in traversal order, also then.

    Cost: one walk over the nodes made for this statement; columns, tables and
    subqueries that were seen before contribute what they kept.
    """
    made: Structure
    try:
        made = structure(statement)
    except RecursionError:
        raise _too_deep() from None
    if not made.cacheable:
        return None, made.binds
    if made.final is None:
        again: cython.bint = _repeats(made.atoms)
        again_binds: cython.bint = _repeats(made.binds)
        if not again and not again_binds:
            made.final = _pack(made.lo, made.hi) if cython.compiled else made.parts
        else:
            walk: _Walk = _new_walk()
            _mix_child(walk, made)
            if again:
                _mix_pattern(walk, made.atoms)
            if again_binds:
                _mix(walk, PATTERN)
                _mix_pattern(walk, made.binds)
            made.final = _pack(walk.lo, walk.hi) if cython.compiled else tuple(walk.parts)
    return made.final, made.binds


if cython.compiled:

    def entities_key(key):
        """
        Return the key under which the plan for loading a statement's entities is kept: that of the statement
        itself is for its rows, as a connection gives them.
        """
        made: bytes = PyBytes_FromStringAndSize(cython.cast(bytes, key), 16)
        first: cython.p_char = made
        first[0] = first[0] ^ 1
        return made

else:
    entities_key = functools.partial(operator.concat, ("orm",))
