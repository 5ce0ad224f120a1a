"""
What happened to a session's objects since a transaction or savepoint began.
"""

from __future__ import annotations

from typing import Any

__all__ = ["Snapshot"]

State = Any
"An `InstanceState`."


class Snapshot:
    """
    What happened to objects since a boundary began.

    The sets hold states, not objects, so that unused objects may go away; the
    sets are swept of those each time they have doubled.
    """

    sweep_at: int

    __slots__ = ("deleted", "dirty", "key_switches", "new", "sweep_at")

    def __init__(self) -> None:
        self.new: dict[State, bool] = {}
        self.deleted: dict[State, bool] = {}
        self.dirty: dict[State, bool] = {}
        self.key_switches: dict[State, tuple[Any, Any]] = {}
        self.sweep_at = 10_000

    def sweep(self) -> None:
        """
        Forget states whose objects are gone, once there are many.
        """
        for name in ("new", "dirty"):
            states = getattr(self, name)
            if len(states) > self.sweep_at:
                alive = {s: True for s in states if s.obj() is not None}
                setattr(self, name, alive)
                self.sweep_at = max(10_000, 2 * len(alive))

    def merge_into(self, outer: Snapshot) -> None:
        """
        Hand everything to the boundary outside, as a savepoint commits.
        """
        outer.new.update(self.new)
        outer.dirty.update(self.dirty)
        outer.deleted.update(self.deleted)
        for state, (old, new) in self.key_switches.items():
            known = outer.key_switches.get(state)
            outer.key_switches[state] = (known[0] if known else old, new)
