"""
A column and its value in the text of an INSERT or UPDATE.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from relvar.util.fields import NamedTuple


class Assignment(NamedTuple):
    """
    One column and its value in the text.

    Attributes:
        column: The column.
        name: Its name in the text, quoted.
        text: Its value in the text.
        names: The parameters in *text*.
    """

    column: Any
    name: str
    text: str
    names: Sequence[str]


new_assignment: Callable[[tuple[Any, ...]], Assignment] = partial(tuple.__new__, Assignment)
"""
Make an assignment of its four fields, without the function of Python that its class goes through.
"""


class Crud(NamedTuple):
    """
    What `relvar.compile.crud` found.

    Attributes:
        single: The assignments, or those of the first row.
        rows: For several rows, the texts of each row's values.
        is_default: No column at all: the row consists of defaults.
    """

    single: list[Assignment]
    rows: list[list[str]]
    is_default: bool
