"""
Keys of statements: what must share one, what must not.
"""

from __future__ import annotations

from typing import Any

import pytest

from relvar import column, exists, select, table
from relvar._kernels.keys import statement_key

t = table("t", column("a"))


def of_aliases(count: int, twice: int) -> Any:
    """Select from so many aliases, and once more from one of them."""
    aliases = [t.alias() for _ in range(count)]
    return select(*[alias.c.a for alias in aliases], aliases[twice].c.a)


@pytest.mark.parametrize("count", [3, 32, 33, 70])  # an alias and its column are two atoms
def test_which_alias_repeats_is_in_the_key(count: int) -> None:
    keys = {statement_key(of_aliases(count, twice))[0] for twice in (0, 1, count - 1)}
    assert len(keys) == 3
    assert keys == {statement_key(of_aliases(count, twice))[0] for twice in (0, 1, count - 1)}


@pytest.mark.parametrize("name", ["a", "100%", "%(a", "%(5", "%(5 a)s", "ü" * 200, "\ud800"])
def test_numbers_of_anonymous_names_are_not_in_the_key(name: str) -> None:
    def key(name: str) -> Any:
        return statement_key(select(table(name, column("a")).alias().c.a))[0]

    assert key(name) == key(name)
    assert key(name) != key(name + "b")


def test_one_exists_for_all_keeps_statements_apart() -> None:
    def key(value: Any, other: Any) -> Any:
        return statement_key(select(t).where(exists().where(t.c.a == value), exists().where(other)))[0]

    assert key(1, t.c.a > 2) == key(3, t.c.a > 4)
    assert key(1, t.c.a > 2) != key(1, t.c.a < 2)
