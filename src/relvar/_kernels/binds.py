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

from typing import Any

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython


def bind_values(binds: Any, indexes: tuple, processors: tuple | None) -> list | None:  # type: ignore[type-arg]  # C types here
    """
    Take the value of each slot from the statement's binds alone.

    Args:
        binds: The `BindParameter` objects of the statement, in key order.
        indexes: Per slot, which bind.
        processors: Per slot a callable or None; None when no slot has one.

    Returns:
        The values in slot order, or None when one of the binds needs a value
        from the caller and so the slow way has to tell what is missing.
    """
    values: list = []  # type: ignore[type-arg]  # a C type here
    i: cython.Py_ssize_t
    for i in range(len(indexes)):
        bind = binds[indexes[i]]
        value = bind.value
        if value is None:
            if bind.required:
                return None
            if bind.callable is not None:
                value = bind.callable()
        if processors is not None:
            process = processors[i]
            if process is not None:
                value = process(value)
        values.append(value)
    return values


def process_values(values: Any, processors: tuple | None) -> Any:  # type: ignore[type-arg]  # a C type here
    """
    Apply bind processors to one row of values.
    """
    if processors is None:
        return values
    return [value if p is None else p(value) for p, value in zip(processors, values)]  # noqa: B905  # one processor per value; strict costs time here


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
            values = [value if p is None else p(value) for p, value in zip(processors, values)]  # noqa: B905  # as above
        result.append(tuple(values))
        number += 1
    return result


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
            values = [value if p is None else p(value) for p, value in zip(processors, values)]  # noqa: B905  # as above
        result.append(dict(zip(keys, values)))  # noqa: B905  # as above
        number += 1
    return result
