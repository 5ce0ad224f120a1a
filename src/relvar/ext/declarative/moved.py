"""
Functions that have moved to ``relvar.orm``; calling them here warns.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar.orm.declarative import bases
from relvar.util.warning import MovedIn20Warning, deprecated

__all__ = ["as_declarative", "declarative_base", "has_inherited_table", "synonym_for"]


@deprecated(
    "2.0",
    "The ``declarative_base()`` function is now available as sqlalchemy.orm.declarative_base().",
    warning=MovedIn20Warning,
)
def declarative_base(*args: Any, **kw: Any) -> Any:
    """
    Return a new base class for declarative mappings.
    """
    return bases.declarative_base(*args, **kw)


@deprecated(
    "2.0",
    "The ``as_declarative()`` function is now available as sqlalchemy.orm.as_declarative()",
    warning=MovedIn20Warning,
)
def as_declarative(*args: Any, **kw: Any) -> Callable[[type[Any]], Any]:
    """
    Return a decorator that makes a class a declarative base.
    """
    return bases.as_declarative(*args, **kw)


@deprecated(
    "2.0",
    "The ``has_inherited_table()`` function is now available as sqlalchemy.orm.has_inherited_table().",
    warning=MovedIn20Warning,
)
def has_inherited_table(*args: Any, **kw: Any) -> bool:
    """
    Tell whether a base of the class has a table.
    """
    return bases.has_inherited_table(*args, **kw)


@deprecated(
    "2.0",
    "The ``synonym_for()`` function is now available as sqlalchemy.orm.synonym_for()",
    warning=MovedIn20Warning,
)
def synonym_for(*args: Any, **kw: Any) -> Callable[[Any], Any]:
    """
    Decorate a property: it becomes a synonym for a mapped attribute.
    """
    return bases.synonym_for(*args, **kw)
