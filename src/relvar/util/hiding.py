"""
What a database says about an error, without the data in it: for ``hide_parameters``.

Servers repeat values in their messages: ``Key (email)=(x) already exists``, ``Duplicate entry 'x' for key``.

Rule 1: what is in quotes is taken for data, unless the word before it says that it is a name.
Rule 2: only the first line is kept: PostgreSQL's DETAIL, CONTEXT and LINE show rows and statements.
Rule 3: the driver's error is changed in place, so that no part of a traceback says more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from relvar.util.moved import module_of

__all__ = ["hide_data", "without_data"]

_HIDDEN = "***"

# ``constraint "users_pkey"``, ``for column 'name'``
_NAMED = (
    r"\b(?:aggregate|column|constraint|database|domain|encoding|extension|for key|foreign key|function|index"
    r"|key|operator|parameter|procedure|relation|role|schema|sequence|table|trigger|type|user|view)\s+"
)
# in the ways of several languages; backticks are around names
_QUOTED = rf"(?i)({_NAMED})?('(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.|\"\")*\"|«[^»]*»|[„“][^“”]*[“”])"

# attributes of drivers' errors that hold the message, or more of it
_MESSAGES = ("msg", "_full_msg", "errmsg", "message")
_DETAILS = ("detail", "hint", "query", "internal_query", "where", "pgerror")


def without_data(message: str, values: Iterable[str] = ()) -> str:
    """
    Return an error message of a database without the data in it.

    Args:
        values: What must not be in it, wherever it stands.

    >>> without_data("Duplicate entry 'ann@x.org' for key 'users.email'")
    "Duplicate entry *** for key 'users.email'"
    """
    message = message.partition("\n")[0]
    message = re.sub(_QUOTED, lambda m: m.group() if m.group(1) else _HIDDEN, message)
    # SQL Server: "The duplicate key value is (x)."
    message = re.sub(r"(?i)\bvalue is \(.*\)", f"value is ({_HIDDEN})", message)
    for value in sorted(values, key=len, reverse=True):
        message = message.replace(value, _HIDDEN)
    return message


def hide_data(error: BaseException, parameters: Any) -> None:
    """
    Take the data out of what an error says, in place.

    Its codes, and what a program has to ask for by name (psycopg's ``diag``), stay.
    """
    values = {text for text in _texts_of(parameters) if len(text) > 2}
    seen = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        found.args = tuple([_hidden(argument, values) for argument in found.args])
        for name in (*_MESSAGES, *_DETAILS):
            held = getattr(found, name, None)
            if isinstance(held, str):
                try:
                    setattr(found, name, without_data(held, values) if name in _MESSAGES else None)
                except (AttributeError, TypeError):
                    # read only; then what it shows is made of the arguments
                    continue
        found = _inner(found)


def _inner(error: BaseException) -> BaseException | None:
    """
    Return the error that a driver, or an adapter of it, made this one of.
    """
    made_of = getattr(error, "orig", None) or error.__cause__
    if made_of is None and error.__context__ is not None:
        package = module_of(error).partition(".")[0]
        # anything else is what the program was dealing with when it executed
        made_of = error.__context__ if module_of(error.__context__).startswith(package) else None
    return made_of


def _hidden(argument: Any, values: set[str]) -> Any:
    if isinstance(argument, str):
        return without_data(argument, values)
    if isinstance(argument, bytes):
        return without_data(argument.decode("utf-8", "replace"), values).encode()
    if isinstance(argument, Mapping):
        # pg8000: the fields of PostgreSQL's message by their letters
        return {key: without_data(str(argument[key]), values) for key in ("S", "C", "M") if key in argument}
    if isinstance(argument, tuple):
        return tuple([_hidden(part, values) for part in argument])
    return argument


def _texts_of(parameters: Any) -> Iterator[str]:
    """
    Yield the text of each value in parameters, which are one set or many.
    """
    if isinstance(parameters, Mapping):
        parameters = parameters.values()
    elif not isinstance(parameters, (list, tuple)):
        if parameters is not None:
            yield str(parameters)
        return
    for value in parameters:
        yield from _texts_of(value)
