"""
What the reflection methods of dialects share: kinds of objects, kept answers, empty answers.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, TypeVar

from relvar.util.signature import parameters_of

__all__ = ["ObjectKind", "ObjectScope", "ReflectionDefaults", "cache", "flexi_cache"]

_F = TypeVar("_F", bound=Callable[..., Any])


class ObjectKind(enum.Flag):
    """
    Which kinds of object a question is about.
    """

    TABLE = enum.auto()
    VIEW = enum.auto()
    MATERIALIZED_VIEW = enum.auto()
    ANY_VIEW = VIEW | MATERIALIZED_VIEW
    ANY = TABLE | VIEW | MATERIALIZED_VIEW


class ObjectScope(enum.Flag):
    """
    Whether a question is about lasting or temporary objects.
    """

    DEFAULT = enum.auto()
    TEMPORARY = enum.auto()
    ANY = DEFAULT | TEMPORARY


class ReflectionDefaults:
    """
    What is answered for a table that has nothing of a kind.
    """

    @classmethod
    def columns(cls) -> list[Any]:
        """
        Return no columns.
        """
        return []

    @classmethod
    def pk_constraint(cls) -> dict[str, Any]:
        """
        Return a primary key without a name and columns.
        """
        return {"name": None, "constrained_columns": []}

    @classmethod
    def foreign_keys(cls) -> list[Any]:
        """
        Return no foreign keys.
        """
        return []

    @classmethod
    def indexes(cls) -> list[Any]:
        """
        Return no indexes.
        """
        return []

    @classmethod
    def unique_constraints(cls) -> list[Any]:
        """
        Return no unique constraints.
        """
        return []

    @classmethod
    def check_constraints(cls) -> list[Any]:
        """
        Return no check constraints.
        """
        return []

    @classmethod
    def table_options(cls) -> dict[str, Any]:
        """
        Return no options.
        """
        return {}

    @classmethod
    def table_comment(cls) -> dict[str, Any]:
        """
        Return a comment whose text is None.
        """
        return {"text": None}


_NOT_IN_KEY = frozenset(("info_cache", "unreflectable"))


def _hashable(value: Any) -> Any:
    if isinstance(value, (list, set, tuple)):
        return tuple(value)
    return value


def cache(fn: _F) -> _F:
    """
    Decorate a reflection method of a dialect: keep its answers in ``info_cache``.
    """
    name = fn.__name__
    # an argument is the same, given by position or by name; None is what is not given
    known = parameters_of(fn)
    _, connection, *names = (
        known.positional if known and len(known.positional) > 1 else ("self", "connection")
    )

    def cached(self: Any, *given: Any, **kw: Any) -> Any:
        con, *args = given or (kw.pop(connection),)
        answers = kw.get("info_cache")
        if answers is None:
            return fn(self, con, *args, **kw)
        by_name = {**dict(zip(names, args)), **kw}
        key = (
            name,
            *sorted((k, _hashable(v)) for k, v in by_name.items() if v is not None and k not in _NOT_IN_KEY),
        )
        try:
            return answers[key]
        except KeyError:
            pass
        except TypeError:
            # an argument that cannot be hashed: ask each time
            return fn(self, con, *args, **kw)
        answer = answers[key] = fn(self, con, *args, **kw)
        return answer

    cached.__name__ = name
    cached.__doc__ = fn.__doc__
    cached.__wrapped__ = fn  # type: ignore[attr-defined]  # the usual mark of a wrapper
    return cached  # type: ignore[return-value]  # same signature


def flexi_cache(*traverse_args: Any) -> Callable[[_F], _F]:
    """
    Return `cache` for methods whose arguments are not all strings.

    Args:
        traverse_args: Pairs (argument name, kind), for documentation of the key.
    """
    return cache
