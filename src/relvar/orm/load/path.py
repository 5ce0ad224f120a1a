"""
Say where in the graph of entities a loader option applies.

A path starts at a root entity of the statement and takes one step per
attribute.  Options hold paths as tuples of steps; planning walks them as a
tree (``tree.py``), one level per entity, so no path is ever compared whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from relvar.util.fields import NamedTuple

__all__ = ["COLUMNS", "RELATIONSHIPS", "Element", "Step", "entity_name", "entity_serial"]

RELATIONSHIPS = "relationship:*"
COLUMNS = "column:*"


def entity_serial(entity: Any) -> Any:
    """
    Return a hashable stand-in for an entity inside a statement key.

    Mappers bring a process-unique serial.  An alias is an atom of the
    statement: it enters the key as a node (see ``Load._nodes``), here it only
    says which mapper it stands for.
    """
    if entity is None:
        return None
    return entity.mapper._key_serial, bool(entity.is_aliased_class)


def entity_name(entity: Any) -> str:
    """Return the name of a class, or what an alias of one says of itself."""
    return str(entity) if entity.is_aliased_class else str(entity.class_.__name__)


class Step(NamedTuple):
    """
    One attribute on a path.

    ``key`` is the attribute's name, or ``RELATIONSHIPS`` / ``COLUMNS`` for all
    of them.  ``target`` is the entity that ``of_type()`` or ``alias=`` names,
    ``None`` for the relationship's own.
    """

    key: str
    parent: Any
    prop: Any = None
    target: Any = None
    criteria: tuple[Any, ...] = ()

    @property
    def is_wildcard(self) -> bool:
        return self.prop is None

    @property
    def entity(self) -> Any:
        """The entity that the step leads to."""
        return self.target if self.target is not None else self.prop.entity

    def static_key(self) -> tuple[Any, ...]:
        return self.key, entity_serial(self.parent), entity_serial(self.target), len(self.criteria)

    def nodes(self) -> Iterator[Any]:
        """Yield what must enter the statement's key as a node: aliases and criteria."""
        for entity in (self.parent, self.target):
            if entity is not None and entity.is_aliased_class:
                yield entity.selectable
        yield from self.criteria

    def __str__(self) -> str:
        if self.is_wildcard:
            return "*"
        return f"{entity_name(self.parent)}.{self.key}"


class Element(NamedTuple):
    """
    One setting of an option: at the end of ``path``, load like this.

    An empty path speaks about the root entity itself (``strategy`` is then
    ``"polymorphic"``).  A ``strategy`` of ``None`` leaves the strategy alone
    and only leads on to what is set below (``defaultload``).
    """

    path: tuple[Step, ...]
    strategy: str | None
    name: str
    opts: tuple[tuple[str, Any], ...] = ()
    nodes: tuple[Any, ...] = ()

    def static_key(self) -> tuple[Any, ...]:
        opts = tuple((key, entity_key(value)) for key, value in self.opts)
        return self.strategy, self.name, opts, tuple([step.static_key() for step in self.path])

    def with_opt(self, name: str, value: Any) -> Element:
        """Return the element with one argument changed."""
        opts = dict(self.opts)
        opts[name] = value
        return Element(self.path, self.strategy, self.name, tuple(opts.items()), self.nodes)

    def describe(self) -> str:
        """Name the setting as in ``joinedload(User.addresses)``."""
        return f"{self.name}({' -> '.join(str(step) for step in self.path)})"


def entity_key(value: Any) -> Any:
    """Turn an option's argument into something hashable that outlives the process's ``id()`` reuse."""
    if isinstance(value, tuple):
        return tuple(entity_key(item) for item in value)
    serial = getattr(value, "_key_serial", None)
    return value if serial is None else ("mapper", serial)
