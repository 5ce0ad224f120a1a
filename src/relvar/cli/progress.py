"""
Show how far long work is, at a terminal only.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TypeVar

import click

__all__ = ["counted"]

_T = TypeVar("_T")


def counted(items: Sequence[_T], what: str) -> Iterator[_T]:
    """
    Yield *items*, with a bar on stderr if that is a terminal.
    """
    if not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(items, label=what, file=sys.stderr) as bar:
        yield from bar
