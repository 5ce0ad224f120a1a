"""
Post loads that need no statement of their own: load each attribute now, or leave it empty for good.
"""

from __future__ import annotations

from typing import Any

from relvar._kernels.attributes import NO_VALUE, extras, get_state, probe
from relvar.orm.state.flags import PASSIVE_OFF

__all__ = ["ImmediatePost", "NoLoadPost", "asked_for", "key_of", "wanted"]


def having(prop: Any, todo: list[tuple[Any, Any, bool]]) -> list[tuple[Any, Any, bool]]:
    """
    Return those objects of a post load whose class has the relationship: others may come with the same
    statement.
    """
    parent = prop.parent
    return [item for item in todo if item[0].manager.mapper.isa(parent)]


def asked_for(run: Any, prop: Any, todo: list[tuple[Any, Any, bool]]) -> list[tuple[Any, Any, bool]]:
    """
    Return those objects of a post load that its statement asks for.

    All that a statement of the program gave, so that what options say further down reaches those that have
    the attribute already, too.  Of what comes with a lazy load or a refresh only those that lack it: a loop
    of lazy loads would ask for the same ones each time.
    """
    found = having(prop, todo)
    if run.context.statement is None:
        key = prop.key
        return [item for item in found if item[2] or probe(item[1], key) is NO_VALUE]
    return found


def wanted(prop: Any, todo: list[tuple[Any, Any, bool]]) -> list[tuple[Any, Any]]:
    """
    Return those objects of a post load whose attribute is to be loaded: new, overwritten, or lacking it.
    """
    key = prop.key
    return [(state, obj) for state, obj, fresh in having(prop, todo) if fresh or probe(obj, key) is NO_VALUE]


def key_of(state: Any, obj: Any, names: list[str]) -> Any:
    """Return the value of an attribute, a tuple of several; None if one of them is None."""
    values = []
    for name in names:
        value = probe(obj, name)
        if value is NO_VALUE:
            value = state.manager.impls[name].get(state, obj, PASSIVE_OFF)
        if value is None:
            return None
        values.append(value)
    return values[0] if len(values) == 1 else tuple(values)


class ImmediatePost:
    """
    Read the attribute of each object, which loads it.

    What is to be loaded after the rows of these statements waits until all of them are done.

    Args:
        depth: How many levels further down a self-referential relationship is followed; -1 for all.
    """

    def __init__(self, prop: Any, depth: int = 0) -> None:
        self.prop = prop
        self.depth = depth

    def again(self, followed: Any) -> ImmediatePost:
        """Return what does the same for another statement."""
        return self

    def __call__(self, run: Any, active: Any, todo: list[tuple[Any, Any, bool]]) -> None:
        level = wanted(self.prop, todo)
        depth = self.depth
        session = run.session
        before, session._reading = session._reading, run
        try:
            while level:
                members = self._read(level)
                if not depth:
                    return
                depth -= 1
                level = [(get_state(member), member) for member in members]
        finally:
            session._reading = before

    def _read(self, level: list[tuple[Any, Any]]) -> list[Any]:
        """Read the attribute of all objects of a level; return what it holds."""
        key = self.prop.key
        found: list[Any] = []
        for state, obj in level:
            impl = state.manager.impls.get(key)
            if impl is None:
                continue
            # What is loaded may lead back to the object, which is not to be asked again.
            reading: set[str] = extras(state).setdefault("reading", set())
            if key in reading:
                continue
            reading.add(key)
            try:
                found.extend(impl.members(impl.get(state, obj, PASSIVE_OFF)))
            finally:
                reading.remove(key)
        return found


class NoLoadPost:
    """Leave the attribute empty."""

    def __init__(self, prop: Any) -> None:
        self.prop = prop

    def again(self, followed: Any) -> NoLoadPost:
        """Return what does the same for another statement."""
        return self

    def __call__(self, run: Any, active: Any, todo: list[tuple[Any, Any, bool]]) -> None:
        key = self.prop.key
        for state, obj in wanted(self.prop, todo):
            state.manager.impls[key].set_committed_value(state, obj, [] if self.prop.uselist else None)
