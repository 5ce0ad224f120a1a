"""
Turn the values of one call into the parameters a driver takes.

A plan holds *slots*, one per driver parameter in text order.  The source of
a slot is an index into the binds of the statement at hand, a name that the
caller's parameters have, or a constant of the plan.

Rule 1: the value of a bind comes from the statement at hand, never from the
statement that was compiled.
Rule 2: a value goes through at most one processor.
"""

from __future__ import annotations

import gc
import operator
from typing import Any

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython

if cython.compiled:
    from cython.cimports.cpython.dict import PyDict_Contains, PyDict_GetItemWithError, PyDict_Size
    from cython.cimports.cpython.object import PyObject
    from cython.cimports.cpython.ref import Py_DECREF, Py_INCREF
    from cython.cimports.cpython.tuple import PyTuple_New, PyTuple_SET_ITEM
    from cython.cimports.relvar._kernels.nodes import BindFields


@cython.final
@cython.freelist(8)
@cython.cclass
class Given:
    """
    Stands in for a bind parameter where only the value of this call is wanted.
    """

    value = cython.declare(object, visibility="readonly")

    def __init__(self, value: Any) -> None:
        self.value = value

    @property
    def required(self) -> bool:
        """
        False: the value is there.
        """
        return False

    @property
    def callable(self) -> None:
        """
        None: nothing has to be asked for the value.
        """
        return None

    @property
    def effective_value(self) -> Any:
        """
        The value.
        """
        return self.value


def given_values(values: Any) -> tuple:  # type: ignore[type-arg]  # a C type here
    """
    Return what stands for bind parameters of these values.
    """
    found: list = []  # type: ignore[type-arg]  # a C type here
    for value in values:
        made: Given = Given.__new__(Given)
        made.value = value
        found.append(made)
    return tuple(found)


@cython.cfunc
@cython.inline
def _value_of(bind: Any) -> object:
    value: object = None
    if cython.compiled and isinstance(bind, BindFields):
        value = cython.cast(BindFields, bind).value
    # of another class, or one that has a property in the place of the field
    return bind.value if value is None else value


if not cython.compiled:
    _value_of = operator.attrgetter("value")  # type: ignore[assignment]  # the same, and no function of Python


def bind_parameters(
    binds: tuple,  # type: ignore[type-arg]  # a C type here
    extra: tuple,  # type: ignore[type-arg]  # a C type here
    indexes: tuple,  # type: ignore[type-arg]  # a C type here
    processors: tuple | None,  # type: ignore[type-arg]  # a C type here
    keys: tuple | None,  # type: ignore[type-arg]  # a C type here
) -> object:
    """
    Make the driver's parameters from the values of the statement's binds.

    Args:
        binds: The `BindParameter` objects of the statement, in key order.
        extra: Further ones, numbered after those.
        indexes: Per slot, which of them.
        processors: Per slot a callable or None; None when no slot has one.
        keys: Per slot, what the driver calls it; None for a positional driver.

    Returns:
        A tuple, or with *keys* a dictionary; None when one of the binds needs
        a value from the caller, who then has to be told which.
    """
    i: cython.Py_ssize_t
    index: cython.Py_ssize_t
    count: cython.Py_ssize_t = len(binds)
    values: Any = []
    if cython.compiled:
        # functions of programs are called before it is filled, and the collector shows it to whoever asks
        values = PyTuple_New(len(indexes))
        for i in range(len(indexes)):
            Py_INCREF(None)
            PyTuple_SET_ITEM(values, i, None)
    for i in range(len(indexes)):
        index = indexes[i]
        bind = binds[index] if index < count else extra[index - count]
        value = _value_of(bind)
        if value is None:
            if bind.required:
                return None
            if bind.callable is not None:
                value = bind.callable()
        if processors is not None:
            process = processors[i]
            if process is not None:
                value = process(value)
        if cython.compiled:
            Py_INCREF(value)
            PyTuple_SET_ITEM(values, i, value)
            Py_DECREF(None)
        else:
            values.append(value)
    if keys is None:
        return tuple(values)
    return dict(zip(keys, values))  # one key per slot; strict costs time here


def expand_parameters(
    binds: tuple,  # type: ignore[type-arg]  # a C type here
    extra: tuple,  # type: ignore[type-arg]  # a C type here
    indexes: tuple,  # type: ignore[type-arg]  # a C type here
    processors: tuple | None,  # type: ignore[type-arg]  # a C type here
    expanding: tuple,  # type: ignore[type-arg]  # a C type here
) -> object:
    """
    Collect the values of a statement in which some binds hold a list each.

    Args:
        expanding: Per slot, whether its bind holds a list; see `bind_parameters` for the rest.

    Returns:
        ``(values, lengths)``: the values flattened in slot order, and the
        length of each list, on which the text depends; None when a bind needs
        a value from the caller.
    """
    i: cython.Py_ssize_t
    index: cython.Py_ssize_t
    count: cython.Py_ssize_t = len(binds)
    values: list = []  # type: ignore[type-arg]  # a C type here
    lengths: list = []  # type: ignore[type-arg]  # a C type here
    for i in range(len(indexes)):
        index = indexes[i]
        bind = binds[index] if index < count else extra[index - count]
        value = _value_of(bind)
        if value is None:
            if bind.callable is not None:
                value = bind.callable()
            elif bind.required:
                return None
        process = None if processors is None else processors[i]
        if expanding[i]:
            if value is None:
                return None
            items = list(value)
            lengths.append(len(items))
            if process is not None:
                items = [process(item) for item in items]
            values.extend(items)
        else:
            values.append(value if process is None else process(value))
    return values, tuple(lengths)


def process_values(values: Any, processors: tuple | None) -> Any:  # type: ignore[type-arg]  # a C type here
    """
    Apply bind processors to one row of values.
    """
    if processors is None:
        return values
    # one processor per value; zip(strict=True) would cost time here
    return [value if p is None else p(value) for p, value in zip(processors, values)]


def processed_rows(rows: Any, slots: tuple | None, processors: tuple | None) -> list:  # type: ignore[type-arg]  # C types here
    """
    Make driver tuples from rows of values.

    Args:
        slots: Per slot, which value of a row; None if there is one each.
    """
    made: list = []  # type: ignore[type-arg]  # a C type here
    at: list = []  # type: ignore[type-arg]  # a C type here
    if processors is not None:
        at = [(i, process) for i, process in enumerate(processors) if process is not None]
    for row in rows:
        values: list = list(row) if slots is None else [row[i] for i in slots]  # type: ignore[type-arg]  # a C type here
        for i, process in at:
            values[i] = process(values[i])
        made.append(tuple(values))
    return made


def positional_rows(rows: Any, names: tuple, processors: tuple | None) -> list:  # type: ignore[type-arg]  # C types here
    """
    Make driver tuples from parameter dictionaries that each have all *names*.

    Raises:
        KeyError: A row lacks a name; its ``args`` are the name and the row's index.
    """
    result: list = []  # type: ignore[type-arg]  # a C type here
    number: cython.Py_ssize_t = 0
    for row in rows:
        try:
            values = [row[name] for name in names]
        except KeyError as err:
            raise KeyError(err.args[0], number) from None
        if processors is not None:
            values = [value if p is None else p(value) for p, value in zip(processors, values)]  # as above
        result.append(tuple(values))
        number += 1
    return result


def alike_rows(rows: list, keys: tuple, count: cython.Py_ssize_t, nulls: cython.bint) -> list:  # type: ignore[type-arg]  # C types here
    """
    Make tuples of dictionaries as long as they are alike, in one pass with the cyclic collector paused.

    Args:
        keys: What each tuple is made of.
        count: How many keys each dictionary has.
        nulls: Whether a value may be None.

    Returns:
        As many tuples as there are rows before the first that differs: not a plain dictionary,
        other keys, a None.
    """
    result: list = []  # type: ignore[type-arg]  # a C type here
    paused = gc.isenabled()
    if paused:
        gc.disable()
    try:
        for row in rows:
            if type(row) is not dict or len(row) != count:
                break
            made = _picked(row, keys, nulls)
            if made is None:
                break
            result.append(made)
    finally:
        if paused:
            gc.enable()
    return result


@cython.cfunc
def _picked(row: dict, keys: tuple, nulls: cython.bint) -> object:  # type: ignore[type-arg]  # C types here
    """Make a tuple of some of a dictionary's values; None if one is missing, or is None and must not be."""
    if cython.compiled:
        i: cython.Py_ssize_t
        size: cython.Py_ssize_t = len(keys)
        made: tuple = PyTuple_New(size)  # type: ignore[type-arg]  # a C type here
        for i in range(size):
            held: cython.pointer(PyObject) = PyDict_GetItemWithError(row, keys[i])  # type: ignore[valid-type]  # Cython's
            if held == cython.NULL:
                return None
            value = cython.cast(object, held)
            if value is None and not nulls:
                return None
            Py_INCREF(value)
            PyTuple_SET_ITEM(made, i, value)
        return made
    try:
        values = tuple([row[key] for key in keys])
    except KeyError:
        return None
    if not nulls:
        for value in values:
            if value is None:
                return None
    return values


def named_rows(rows: Any, names: tuple, keys: tuple, processors: tuple | None) -> list:  # type: ignore[type-arg]  # C types here
    """
    Make driver dictionaries from parameter dictionaries that each have all *names*.

    Args:
        keys: What the driver calls each of *names* in the text.
    """
    result: list = []  # type: ignore[type-arg]  # a C type here
    number: cython.Py_ssize_t = 0
    for row in rows:
        try:
            values = [row[name] for name in names]
        except KeyError as err:
            raise KeyError(err.args[0], number) from None
        if processors is not None:
            values = [value if p is None else p(value) for p, value in zip(processors, values)]  # as above
        result.append(dict(zip(keys, values)))  # as above
        number += 1
    return result


def are_of_length(rows: Any, length: cython.Py_ssize_t) -> bool:
    """
    Tell whether all rows have as many names.
    """
    for row in rows:
        if cython.compiled and type(row) is dict:
            if PyDict_Size(row) != length:
                return False
        elif len(row) != length:
            return False
    return True


def have_names(rows: Any, names: tuple) -> bool:  # type: ignore[type-arg]  # a C type here
    """
    Tell whether each row has all names.
    """
    for row in rows:
        for name in names:
            if cython.compiled and type(row) is dict:
                if not PyDict_Contains(row, name):
                    return False
            elif name not in row.keys():  # what is no mapping has none
                return False
    return True


def flatten_rows(rows: Any, names: tuple, processors: tuple | None) -> list:  # type: ignore[type-arg]  # C types here
    """
    Put the values of many parameter dictionaries in one list, row after row.

    Raises:
        KeyError: A row lacks a name.
    """
    values: list = []  # type: ignore[type-arg]  # a C type here
    i: cython.Py_ssize_t
    count: cython.Py_ssize_t = len(names)
    for row in rows:
        for i in range(count):
            value = row[names[i]]
            if processors is not None:
                process = processors[i]
                if process is not None:
                    value = process(value)
            values.append(value)
    return values
