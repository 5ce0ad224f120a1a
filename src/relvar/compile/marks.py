"""
Marks: what stands in the text of a statement for what is known later only.

Each mark holds a number that nobody outside of this process knows, so that no name and no
value in the text can be taken for a mark, whatever it looks like.  `shown` takes the numbers
out: people read ``__[POSTCOMPILE_id_1]`` and ``__[SCHEMA_other]``.

==================  =======================================================  ==================
what is known late  mark                                                     who fills it in
==================  =======================================================  ==================
order of positions  `POSITION_START` name `POSITION_END`                     `bind`, at the end
values of a list    ``__[POSTCOMPILE_name]``                                 `expand`, per call
schema names        ``__[SCHEMA_name]``                                      `names`, per call
another's value     `copied_value`                                           `copied`
==================  =======================================================  ==================
"""

from __future__ import annotations

import os
import re

from relvar.util.pattern import pattern

_SECRET = os.urandom(8).hex()

POSITION_START, POSITION_END = f"\x01{_SECRET}:", f":{_SECRET}\x02"

# Word characters only: third-party compilers look for ``__[POSTCOMPILE_\w+]``.
_MARK = f"{_SECRET}_"
# A schema name inside of a string literal.
_MARK_IN_LITERAL = f"{_SECRET}q_"

# name, and what stands before and behind each element
_LIST = rf"__\[POSTCOMPILE_{_MARK}([^\]]*?)(?:~~{_MARK}(.*?)~~REPL{_MARK}~~(.*?)~~{_MARK})?\]"
LIST = pattern(_LIST, re.S)
POSITION = pattern(f"{POSITION_START}(.*?){POSITION_END}", re.S)
POSITION_OR_LIST = pattern(f"{POSITION_START}(.*?){POSITION_END}|{_LIST}", re.S)
SCHEMA = pattern(rf"__\[SCHEMA_({_MARK}|{_MARK_IN_LITERAL})([^\]]+)\]")
COPIED = pattern(f"__BINDMARKER_{_MARK}~~(.+?)~~{_MARK}", re.S)


LIST_START = f"__[POSTCOMPILE_{_MARK}"
WRAPPED = f"~~REPL{_MARK}~~"


def lists_in(text: str) -> list[str]:
    """
    Return the names of lists in a text without `WRAPPED` ones, in their order.
    """
    return [part.partition("]")[0] for part in text.split(LIST_START)[1:]]


def list_mark(name: str) -> str:
    """
    Return what stands for the list, or literal, *name*.
    """
    return f"__[POSTCOMPILE_{_MARK}{name}]"


def wrapped_list_mark(name: str, before: str, after: str) -> str:
    """
    Return the same for a list whose elements each stand between *before* and *after*.
    """
    return f"__[POSTCOMPILE_{_MARK}{name}~~{_MARK}{before}~~REPL{_MARK}~~{after}~~{_MARK}]"


def schema_mark(name: str) -> str:
    """
    Return what stands for the schema that *name* will be translated to.
    """
    return f"__[SCHEMA_{_MARK}{name}]"


def in_literal(names: str) -> str:
    """
    Return qualified names as they go into a string literal, without its quotes.
    """
    return names.replace("'", "''").replace(f"__[SCHEMA_{_MARK}", f"__[SCHEMA_{_MARK_IN_LITERAL}")


def is_in_literal(mark: str) -> bool:
    """
    Tell whether the first group of `SCHEMA` is that of a mark in a string literal.
    """
    return mark == _MARK_IN_LITERAL


def copied_value(key: str) -> str:
    """
    Return what stands for the value of the column *key* in its own statement.
    """
    return f"__BINDMARKER_{_MARK}~~{key}~~{_MARK}"


def shown(text: str) -> str:
    """
    Return *text* for people.
    """
    if POSITION_START in text:
        # around the elements of a list, whose places are not known yet
        text = POSITION.sub(r"%(\1)s", text)
    return text.replace(_MARK, "").replace(_MARK_IN_LITERAL, "")
