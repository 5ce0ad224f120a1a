# Compiled as it is, see setup.py.
"""
One flush: which states are saved and which are deleted.

A `UOWTransaction` is filled in two rounds.  First the session names what it
holds: pending, changed and deleted objects.  Then each relationship rule looks
at those and adds what else has to be written (children to let go of, orphans to
delete), until nothing is added.  After that it only answers questions.

Rule 1: a state is saved or deleted, never both; deletion wins, except for a
    deleted object whose row a new one takes over (`take_over_row`).
Rule 2: states that are only *listed* take part in the order but are not written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from relvar._kernels.attributes import DELETED, NO_VALUE, probe
from relvar.orm.flush.association import emit_association_rows
from relvar.orm.flush.dependency import ManyToOneRule, has_rules, rules_of
from relvar.orm.flush.history import has_changes, relation_history
from relvar.orm.flush.notice import flush_warning
from relvar.orm.flush.order import DELETE, KNOWN, LATER, SAVE
from relvar.orm.flush.sync import source_modified
from relvar.orm.state.history import History

if TYPE_CHECKING:
    from relvar.orm.flush.dependency import DependencyRule

__all__ = ["UOWTransaction"]

State = Any


class UOWTransaction:
    """
    The contents of one flush; events see it as ``flush_context``.
    """

    __slots__ = (
        "__dict__",
        "_changed",
        "_histories",
        "association_rows",
        "claimed",
        "deletes",
        "late",
        "listed",
        "post_updates",
        "rules",
        "saves",
        "session",
        "taken_over",
        "to_load",
        "versioned",
        "written",
    )

    def __init__(self, session: Any) -> None:
        self.session: Any = session
        self.saves: dict[Any, dict[State, Any]] = {}
        self.deletes: dict[Any, dict[State, Any]] = {}
        self.listed: set[State] = set()
        # rules and states whose foreign keys are written by an UPDATE of their own, see `cycles`
        self.late: set[tuple[Any, State]] = set()
        self.rules: list[DependencyRule] = []
        self.post_updates: dict[Any, dict[State, dict[str, None]]] = {}
        self.claimed: set[tuple[Any, State]] = set()
        self.association_rows: dict[tuple[Any, Any, Any], None] = {}
        self._histories: dict[tuple[State, Any, bool], History] = {}
        self.taken_over: dict[State, State] = {}
        self.to_load: dict[State, set[str]] = {}
        # whose version this flush has written
        self.versioned: set[State] = set()
        # whose rows are done; only of tables with unique columns
        self.written: set[State] = set()
        self._changed = True

    # -- filling ---------------------------------------------------------

    @property
    def states(self) -> dict[State, tuple[bool, bool]]:
        """
        Every state of the flush: ``(is deleted, is only listed)``.
        """
        found: dict[State, tuple[bool, bool]] = {}
        for table, is_delete in ((self.saves, False), (self.deletes, True)):
            for states in table.values():
                for state in states:
                    found[state] = (is_delete, state in self.listed)
        return found

    def expire_written(self, states: Iterable[State], keys: Sequence[str]) -> None:
        """
        Forget attributes that the database computed in this flush: they are loaded when they are read next,
        with ``eager_defaults=True`` at the end of the flush.
        """
        for state in states:
            if state() is None:
                continue
            state.expire(list(keys))
            if state.manager.mapper.eager_defaults is True:
                self.to_load.setdefault(state, set()).update(keys)

    def has_work(self) -> bool:
        """
        Tell whether there is anything to write.
        """
        for table in (self.saves, self.deletes):
            for states in table.values():
                if states:
                    return True
        return False

    def saves_of(self, base: Any) -> dict[State, Any]:
        """
        Return the states of a base mapper that are saved, to be added to.
        """
        saves = self.saves.get(base)
        if saves is None:
            saves = self.saves[base] = {}
            self.deletes[base] = {}
        return saves

    def save_all(self, base: Any, states: dict[State, Any]) -> None:
        """
        Add the states of a base mapper that are saved.

        As a copy of what holds them, which is made quicker than another dictionary.
        """
        saves = self.saves_of(base)
        if saves:
            saves.update(states)
        else:
            self.saves[base] = states.copy()

    def register_object(
        self,
        state: State,
        isdelete: bool = False,
        listonly: bool = False,
        cancel_delete: bool = False,
        operation: str | None = None,
        prop: Any = None,
    ) -> bool:
        """
        Add a state to the flush.

        Args:
            listonly: Only take part in the order.

            cancel_delete: Save it although it was to be deleted.

        Returns:
            False if the state is not in the session; a relationship that
            led there is then skipped, with a warning.
        """
        base = state.manager.mapper.base_mapper
        saves = self.saves_of(base)
        deletes = self.deletes[base]
        if state in saves:
            if isdelete and not listonly:
                del saves[state]
                deletes[state] = None
                self.listed.discard(state)
                self._changed = True
            elif not listonly and not isdelete and state in self.listed:
                self.listed.discard(state)
                self._changed = True
            return True
        if state in deletes:
            if cancel_delete:
                del deletes[state]
                saves[state] = None
                self._changed = True
            elif isdelete and not listonly:
                self.listed.discard(state)
            return True
        if not self.session._contains_state(state):
            if not state.flags & DELETED and operation is not None:
                flush_warning(
                    self.session,
                    f"Object of type <{state.manager.class_.__name__}> not in session, "
                    f"{operation} operation along '{prop}' will not proceed",
                )
            return False
        (deletes if isdelete else saves)[state] = None
        if listonly:
            self.listed.add(state)
        self._changed = True
        return True

    def take_over_row(self, state: State) -> None:
        """
        Cancel the DELETE of a state whose row a new object takes over.
        """
        self.listed.add(state)

    def remove_state_actions(self, state: State) -> None:
        """
        Leave a state out of the flush, save for its place in the order.
        """
        self.listed.add(state)

    def register_post_update(self, state: State, keys: Iterable[str]) -> None:
        """
        Note columns that an UPDATE after all INSERTs has to set; not of an object that gets no row.
        """
        if state.pk is None and not self.is_saved(state):
            return
        by_state = self.post_updates.setdefault(state.manager.mapper.base_mapper, {})
        by_state.setdefault(state, {}).update(dict.fromkeys(keys))

    def emit_association(
        self,
        secondary: Any,
        mapper: Any,
        deletes: list[dict[str, Any]],
        inserts: list[dict[str, Any]],
        moved: Sequence[tuple[dict[str, Any], dict[str, Any]]] = (),
        doubtful: Sequence[dict[str, Any]] = (),
    ) -> None:
        """
        Write rows of an association table.
        """
        emit_association_rows(self, secondary, mapper, deletes, inserts, moved, doubtful)

    # -- asking ----------------------------------------------------------

    def is_saved(self, state: State) -> bool:
        """
        Tell whether this flush writes the state, and not only lists it.
        """
        saves = self.saves.get(state.manager.mapper.base_mapper)
        return saves is not None and state in saves and state not in self.listed

    def is_deleted(self, state: State) -> bool:
        """
        Tell whether this flush deletes the state.
        """
        deletes = self.deletes.get(state.manager.mapper.base_mapper)
        return deletes is not None and state in deletes

    def was_already_deleted(self, state: State) -> bool:
        """
        Tell whether an earlier flush of the transaction deleted the state.
        """
        return bool(state.flags & DELETED)

    def history(self, state: State, prop: Any, load: bool = False) -> History:
        """
        Return the history of a relationship, computed once per flush.
        """
        known = self._histories.get((state, prop, True))
        if known is None and not load:
            known = self._histories.get((state, prop, False))
        if known is None:
            known = self._histories[(state, prop, load)] = relation_history(state, prop, load)
        return known

    # -- the relationships' round ----------------------------------------

    def expand(self) -> None:
        """
        Let every rule add what it needs, until nothing is added.
        """
        for base in self.saves:
            if has_rules(base):
                break
        else:
            self._changed = False
            return
        done: dict[tuple[Any, bool], set[State]] = {}
        rules: dict[Any, None] = {}
        while self._changed:
            self._changed = False
            for base in list(self.saves):
                self._expand_mapper(base, done, rules)
        self.rules = [rule for rule in rules if self._is_active(rule)]

    def _expand_mapper(
        self, base: Any, done: dict[tuple[Any, bool], set[State]], rules: dict[Any, None]
    ) -> None:
        if not has_rules(base):
            return
        from_mappers: dict[Any, tuple[list[State], list[State]]] = {}
        for side, states in ((0, self.saves[base]), (1, self.deletes[base])):
            for state in states:
                mapper = state.manager.mapper
                found = from_mappers.get(mapper)
                if found is None:
                    found = from_mappers[mapper] = ([], [])
                found[side].append(state)
        for mapper, (saves, deletes) in from_mappers.items():
            for rule in rules_of(mapper):
                rules[rule] = None
                for is_delete, states_now in ((False, saves), (True, deletes)):
                    if not states_now:
                        continue
                    seen = done.setdefault((rule, is_delete), set())
                    fresh = [s for s in states_now if s not in seen]
                    if not fresh:
                        continue
                    seen.update(fresh)
                    if is_delete:
                        rule.presort_deletes(self, fresh)
                    else:
                        rule.presort_saves(self, fresh)

    def _is_active(self, rule: DependencyRule) -> bool:
        """
        Tell whether a relationship has a say in the order of this flush.
        """
        if not rule.is_self_referential and rule.child in self.saves:
            return True
        if rule.is_self_referential and isinstance(rule, ManyToOneRule) and rule.orders_deletes:
            deleted = self.deletes.get(rule.parent, ())
            if len(deleted) > 1 or any(rule.refers_to_itself(s) for s in deleted):
                return True
        return any(
            rule.is_touched(s) for s in self.saves.get(rule.parent, ()) if rule.is_of(s.manager.mapper)
        ) or any(
            rule.is_of(s.manager.mapper) and (self.history(s, rule.prop) or has_changes(s, rule.key))
            for s in self.deletes.get(rule.parent, ())
        )

    # -- what `order` asks for cycles --------------------------------------

    def states_of(self, mapper: Any, action: str) -> Iterable[State]:
        """
        Return the states of a base mapper that are saved, or deleted.
        """
        return list((self.saves if action == SAVE else self.deletes).get(mapper, ()))

    def children_of(self, rule: Any, state: State, action: str) -> Iterable[State]:
        """
        Return the states that a relationship connects *state* with.
        """
        if not rule.is_of(state.manager.mapper):
            return ()
        load = action == DELETE and rule.orders_deletes and not rule.passive_deletes
        return [s for s in self.history(state, rule.prop, load).sum() if s is not None]

    def action_of(self, state: State) -> str | None:
        """
        Return what happens to a state: save, delete or None.
        """
        base = state.manager.mapper.base_mapper
        if state in self.saves.get(base, ()):
            return SAVE
        return DELETE if state in self.deletes.get(base, ()) else None

    def way_out(self, rule: Any, source: State, dependent: State, action: str) -> str | None:
        """
        Return how a row can do without the one that it refers to, see `cycles`.
        """
        if rule.post_update:
            return None
        any_time = source is dependent or rule.is_checked_late
        if action == DELETE:
            dialect = self.session._connection_for_flush(rule.parent).dialect
            is_known = rule.is_checked_late or (
                source is dependent and dialect.deletes_rows_that_refer_to_themselves
            )
        elif any_time or (source.pk is not None and not source_modified(source, rule.pairs)):
            is_known = all(probe(source(), pair.source) not in (None, NO_VALUE) for pair in rule.pairs)
        else:
            is_known = False
        if is_known:
            return KNOWN
        return LATER if rule.can_be_late else None
