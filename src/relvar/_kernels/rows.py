"""
Turn what a driver returns into rows: the loops that run once per row, and the row that is alone.

A row class is a subclass of ``tuple`` without fields of its own, so a row is
one allocation, and reading it costs what reading a tuple costs.  The loops run
with the cyclic collector paused: every row is an object the collector would
count, none of them can be part of a cycle yet.

Rule 1: a raw row may be any sequence; an exact tuple is the fast case.
Rule 2: *processors* holds one callable or None per column, or is None when no
column needs one.
"""

from __future__ import annotations

import gc
import sys
from typing import Any

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython

if cython.compiled:
    from cython.cimports.cpython.object import PyTypeObject  # type: ignore[import-not-found]  # Cython only
    from cython.cimports.cpython.ref import Py_INCREF  # type: ignore[import-not-found]  # Cython only
    from cython.cimports.cpython.tuple import (  # type: ignore[import-not-found]  # Cython only
        PyTuple_GET_ITEM,
        PyTuple_GET_SIZE,
        PyTuple_SET_ITEM,
    )

# Rows asked for at a time: few enough that the driver's tuples stay in the
# processor's cache and in the tuple free list (measured 5-10 % over fetchall).
CHUNK = 64

_new: Any = tuple.__new__

# From 3.14 on a tuple keeps its hash, which only tuple's own constructor sets up.
FILLABLE = cython.declare(cython.bint, sys.version_info < (3, 14))


@cython.cfunc
@cython.inline
def _make(cls: object, raw: tuple, processors: tuple | None) -> object:  # type: ignore[type-arg]  # a C type here
    """Make one row of *cls* from an exact tuple."""
    if cython.compiled and FILLABLE:
        i: cython.Py_ssize_t
        count: cython.Py_ssize_t = PyTuple_GET_SIZE(raw)
        row = alloc_row(cython.cast(cython.pointer(PyTypeObject), cls), count)  # type: ignore[name-defined]  # noqa: F821  # in rows.pxd
        if processors is None:
            for i in range(count):
                value = cython.cast(object, PyTuple_GET_ITEM(raw, i))
                Py_INCREF(value)
                PyTuple_SET_ITEM(row, i, value)
        else:
            for i in range(count):
                value = cython.cast(object, PyTuple_GET_ITEM(raw, i))
                process = cython.cast(object, PyTuple_GET_ITEM(processors, i))
                if process is not None:
                    value = process(value)
                Py_INCREF(value)
                PyTuple_SET_ITEM(row, i, value)
        return row
    if processors is None:
        return _new(cls, raw)
    return _new(cls, [value if p is None else p(value) for p, value in zip(processors, raw, strict=True)])


def make_row(cls: object, raw: Any, processors: tuple | None) -> Any:  # type: ignore[type-arg]  # a C type here
    """
    Make one row of *cls*.
    """
    return _make(cls, raw if type(raw) is tuple else tuple(raw), processors)


def make_rows(cls: object, raw_rows: Any, processors: tuple | None) -> list:  # type: ignore[type-arg]  # a C type here
    """
    Make a list of rows of *cls* from a sequence of raw rows.
    """
    paused = gc.isenabled()
    if paused:
        gc.disable()
    try:
        rows: list = []  # type: ignore[type-arg]  # a C type here
        for raw in raw_rows:
            rows.append(_make(cls, raw if type(raw) is tuple else tuple(raw), processors))
        return rows
    finally:
        if paused:
            gc.enable()


def make_rows_at(
    cls: object, raw_rows: Any, positions: tuple, processors: tuple | None  # type: ignore[type-arg]  # C types here
) -> list:  # type: ignore[type-arg]  # a C type here
    """
    Make rows from some columns only.

    Args:
        positions: The columns to keep, in the order to keep them.
        processors: One per *kept* column.
    """
    paused = gc.isenabled()
    if paused:
        gc.disable()
    try:
        rows: list = []  # type: ignore[type-arg]  # a C type here
        for raw in raw_rows:
            rows.append(_make(cls, tuple([raw[i] for i in positions]), processors))
        return rows
    finally:
        if paused:
            gc.enable()


def make_values(raw_rows: Any, index: cython.Py_ssize_t, processor: Any) -> list:  # type: ignore[type-arg]  # a C type here
    """
    Take one column of each raw row.
    """
    values: list = []  # type: ignore[type-arg]  # a C type here
    if processor is None:
        for raw in raw_rows:
            values.append(raw[index])
    else:
        for raw in raw_rows:
            values.append(processor(raw[index]))
    return values


def fetch_rows(cursor: Any, cls: object, processors: tuple | None, chunk: cython.Py_ssize_t) -> list:  # type: ignore[type-arg]  # C types here
    """
    Read *cursor* to its end as rows of *cls*.

    Args:
        chunk:
            Rows to ask for at a time; 0 asks for all at once, which is right
            for drivers that hold the whole result already.
    """
    paused = gc.isenabled()
    if paused:
        gc.disable()
    try:
        rows: list = []  # type: ignore[type-arg]  # a C type here
        if chunk == 0:
            for raw in cursor.fetchall():
                rows.append(_make(cls, raw if type(raw) is tuple else tuple(raw), processors))
            return rows
        fetchmany = cursor.fetchmany
        while True:
            part = fetchmany(chunk)
            for raw in part:
                rows.append(_make(cls, raw if type(raw) is tuple else tuple(raw), processors))
            if len(part) < chunk:
                return rows
    finally:
        if paused:
            gc.enable()


def cut_rows(raw_rows: Any, width: cython.Py_ssize_t) -> list:  # type: ignore[type-arg]  # a C type here
    """
    Keep the first *width* columns of each raw row.
    """
    rows: list = []  # type: ignore[type-arg]  # a C type here
    for raw in raw_rows:
        rows.append(raw[:width])
    return rows


def begin_reading(reading: CursorReading, connection: Any, plan: Any, cursor: Any, layout: Any) -> None:
    """
    Set the fields of a new result.
    """
    reading._layout = layout
    reading.connection = connection
    reading.cursor = cursor
    reading._plan = plan
    reading._soft_closed = reading._hard_closed = not layout.has_rows
    reading._statement = reading._parameters = None
    reading._positions = reading._pending = reading._unique = reading._rowcount = None
    reading._buffer_size = 0


class CursorReading:
    """
    The rows of a driver's cursor; its fields are those of a `CursorResult`, the class derived from it.
    """

    _layout: Any
    connection: Any
    cursor: Any
    _plan: Any
    _statement: Any
    _parameters: Any
    _soft_closed: bool
    _hard_closed: bool
    _positions: Any
    _pending: Any
    _unique: Any
    _rowcount: Any
    _buffer_size: int

    def __init__(self, connection: Any, plan: Any, cursor: Any, layout: Any) -> None:
        begin_reading(self, connection, plan, cursor, layout)

    def _fail(self, err: BaseException) -> Any:
        """
        Say what becomes of an error of the driver; see the derived class.
        """
        raise NotImplementedError

    def _refuse_number(self, needed: bool, are_several: bool) -> Any:
        """
        Raise for another number of rows than was asked for; see the derived class.
        """
        raise NotImplementedError

    def _is_touched(self) -> bool:
        """Tell whether reading is not simply reading the cursor from its start."""
        return (
            self._soft_closed
            or self._pending is not None
            or self._positions is not None
            or self._unique is not None
        )

    def __iter__(self) -> Any:
        return _each_row(self)

    def __next__(self) -> Any:
        row = self.fetchone()
        if row is None:
            raise StopIteration
        return row

    def fetchone(self) -> Any:
        """Give the next row, or None."""
        if self._is_touched() or self._buffer_size:
            return super().fetchone()  # type: ignore[misc]  # a result's
        raw: Any = None
        try:
            raw = self.cursor.fetchone()
        except BaseException as err:
            self._fail(err)
        if raw is None:
            self._soft_close()
            return None
        return self._row(raw)

    def _row(self, raw: Any) -> Any:
        """Make the row of a raw one that is read whole."""
        layout = self._layout
        return _make(
            layout._row_class or layout.row_class,
            raw if type(raw) is tuple else tuple(raw),
            layout.processors,
        )

    def one(self) -> Any:
        """Give the only row, and close: `Result.one`, in one call."""
        return _only_row(self, True, True)

    def _only(self, needed: bool, single: bool) -> Any:
        """Read the one row there should be, and close."""
        return _only_row(self, needed, single)

    def _soft_close(self, hard: Any = False) -> None:
        _close(self, hard)


def _close(result: CursorReading, hard: bool) -> None:
    """
    Close a result and its cursor; *hard*: for good, reading it any further is an error.
    """
    if not result._soft_closed:
        result._soft_closed = True
        result._pending = None
        cursor = result.cursor
        if result._rowcount is None and result._plan is not None and result._plan.keeps_rowcount:
            result._rowcount = cursor.rowcount
        try:
            cursor.close()
        except BaseException as err:
            result.connection._close_failed(err)
    if hard:
        result._hard_closed = True


def _only_row(result: CursorReading, needed: bool, single: bool) -> Any:
    """
    Read the one row there should be, and close.
    """
    if result._is_touched():
        return super(CursorReading, result)._only(needed, single)  # type: ignore[misc]  # a result's
    raw: Any = None
    second: Any = None
    try:
        cursor = result.cursor
        raw = cursor.fetchone()
        if single and raw is not None:
            second = cursor.fetchone()
    except BaseException as err:
        result._fail(err)
    _close(result, True)
    if raw is None:
        return result._refuse_number(needed, False) if needed else None
    if second is not None:
        result._refuse_number(needed, True)
    return result._row(raw)


def _each_row(result: CursorReading) -> Any:
    """Give the rows of a result one by one; what is asked of it half way (`unique`) counts at once."""
    while True:
        pending = result._ahead()  # type: ignore[attr-defined]  # a result's
        if pending is None:
            return
        for raw in pending:
            if result._hard_closed:
                result._raise_hard_closed()  # type: ignore[attr-defined]  # a result's
            if result._positions is None and result._unique is None:
                yield result._row(raw)
            else:
                item = result._item(raw)  # type: ignore[attr-defined]  # a result's
                if result._unique is None or result._only_new((item,)):  # type: ignore[attr-defined]  # a result's
                    yield item
