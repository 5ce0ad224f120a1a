"""
What each kind of relationship does in a flush.

A `DependencyRule` belongs to one relationship.  It has two chances:

* *presort*, before the order is made: add states that have to be written
  because of this relationship (children let go of, orphans);
* *process*, between saving the two sides: carry the key across, by setting
  foreign key attributes, or as rows of the association table.

Rule 1: only loaded or changed relationships of saved objects are looked at;
    those of deleted objects are loaded, unless ``passive_deletes`` says not to.
Rule 2: a child that moves from one parent to another is cleared by the one and
    filled by the other in any order: a child that was claimed is not cleared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from relvar._kernels.attributes import probe, set_loaded
from relvar.orm import exc as orm_exc
from relvar.orm.flush import order
from relvar.orm.flush.facts import cascading
from relvar.orm.flush.history import has_changes, related_states
from relvar.orm.flush.notice import flush_warning, verify_class
from relvar.orm.flush.sync import KeyPair, clear, copy_values, key_pairs, populate, source_modified
from relvar.orm.mapping import hooks as mapping_hooks

if TYPE_CHECKING:
    from relvar.orm.flush.unit import UOWTransaction

__all__ = [
    "DependencyRule",
    "ManyToManyRule",
    "ManyToOneRule",
    "OneToManyRule",
    "has_rules",
    "rule_of",
    "rules_of",
]

State = Any
Row = dict[str, Any]


class DependencyRule:
    """
    A relationship, seen from the flush.

    ``parent`` and ``child`` are base mappers; ``mapper`` is the one that has
    the relationship.
    """

    # rows of one table may refer to each other by it, also where nothing has loaded the reference
    orders_deletes = False
    edges: tuple[order.Edge, ...] = ()
    pairs: tuple[KeyPair, ...] = ()
    target_keys: tuple[str, ...] = ()
    feeds_child = False

    def __init__(self, prop: Any) -> None:
        self.prop = prop
        self.key: str = prop.key
        self.mapper: Any = prop.parent
        self.parent: Any = prop.parent.base_mapper
        self.child: Any = prop.mapper.base_mapper
        self.sort_key: str = f"{prop.parent.class_.__module__}.{prop.parent.class_.__name__}.{prop.key}"
        self.is_self_referential: bool = self.parent is self.child
        self.cascade: Any = prop.cascade
        self.passive_deletes: Any = prop.passive_deletes
        self.passive_updates: bool = bool(prop.passive_updates)
        self.post_update: bool = bool(prop.post_update)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.prop})"

    @property
    def can_be_late(self) -> bool:
        """
        Tell whether rows can be without the foreign key for a while.
        """
        return all(pair.target_column.nullable and not pair.target_is_pk for pair in self.pairs)

    @property
    def is_checked_late(self) -> bool:
        """
        Tell whether the database looks at the foreign key only at the end of the transaction.
        """
        return all(
            str(key.constraint.initially).upper() == "DEFERRED"
            for pair in self.pairs
            for key in pair.target_column.foreign_keys
        )

    def is_late(self, unit: UOWTransaction, state: State) -> bool:
        """
        Tell whether the foreign key of *state* is written by a statement of its own.
        """
        return self.post_update or (bool(unit.late) and (self, state) in unit.late)

    def blank(self, state: State) -> None:
        """
        Let a new row begin without the foreign key: what it has is of a flush that failed.
        """
        for pair in self.pairs:
            set_loaded(state(), pair.target, None)

    def is_of(self, mapper: Any) -> bool:
        """
        Tell whether objects of a mapper have the relationship.
        """
        return mapper._props.get(self.key) is self.prop

    def is_touched(self, state: State) -> bool:
        """
        Tell whether a saved state changes what the relationship has to write.
        """
        return has_changes(state, self.key)

    def presort_saves(self, unit: UOWTransaction, states: Iterable[State]) -> None:
        """
        Add what has to be written because *states* are saved.
        """

    def presort_deletes(self, unit: UOWTransaction, states: Iterable[State]) -> None:
        """
        Add what has to be written because *states* are deleted.
        """

    def process_saves(self, unit: UOWTransaction, states: Iterable[State]) -> None:
        """
        Carry keys across for saved states.
        """

    def process_deletes(self, unit: UOWTransaction, states: Iterable[State]) -> None:
        """
        Carry keys across for deleted states.
        """

    # -- shared ----------------------------------------------------------

    def _hasparent(self, child: State) -> bool:
        """
        Tell whether a child still has a parent by this relationship.
        """
        impl = self.mapper.class_manager.impls[self.key]
        if not impl.tracks_owners:
            return False
        result: bool = impl.hasparent(child)
        return result

    def _delete_with_cascade(self, unit: UOWTransaction, child: State) -> None:
        unit.register_object(child, isdelete=True, operation="delete", prop=self.prop)
        for other in _delete_cascade(unit, child):
            unit.register_object(other, isdelete=True)

    def _verify(self, child: State) -> None:
        """
        Raise if the other side is of a class the relationship is not for.
        """
        if child is not None and child.manager.mapper is not self.prop.mapper:
            verify_class(self.prop, child.manager.mapper)

    def _in_session(self, unit: UOWTransaction, child: State, operation: str) -> bool:
        """
        Tell whether the other side has a row; warn if it is not to have one.
        """
        if unit.session._contains_state(child):
            return True
        if unit.is_deleted(child):
            return False
        flush_warning(
            unit.session,
            f"Object of type <{child.manager.class_.__name__}> not in session, "
            f"{operation} operation along '{self.prop}' won't proceed",
        )
        return False


def _delete_cascade(unit: UOWTransaction, state: State) -> Iterator[State]:
    """
    Yield what the ``delete`` cascade reaches from an orphan, without what another parent has taken.
    """
    seen = {state}
    queue = [state]
    for current in queue:
        for prop in cascading(current.manager.mapper, "delete"):
            for other in related_states(current, prop, load=not prop.passive_deletes, removed=False):
                if other not in seen and (rule_of(prop), other) not in unit.claimed:
                    seen.add(other)
                    queue.append(other)
                    yield other


class OneToManyRule(DependencyRule):
    """
    The foreign key is in the children's table.
    """

    feeds_child = True

    def __init__(self, prop: Any) -> None:
        super().__init__(prop)
        self.edges: Any = order.ONE_TO_MANY_POST if self.post_update else order.ONE_TO_MANY
        self.pairs: tuple[KeyPair, ...] = key_pairs(prop.synchronize_pairs, prop.parent, prop.mapper)
        self.target_keys: tuple[str, ...] = tuple(pair.target for pair in self.pairs)

    def presort_deletes(self, unit: UOWTransaction, states: Iterable[State]) -> None:
        should_null = not self.cascade.delete and self.passive_deletes != "all"
        for state in states:
            history = unit.history(state, self.prop, load=not self.passive_deletes)
            for child in history.deleted:
                if child is not None and not self._hasparent(child):
                    # ``delete`` is for those that still are in it when the parent is deleted
                    unit.register_object(child, isdelete=self.cascade.delete_orphan)
            if should_null:
                for child in history.unchanged:
                    if child is not None:
                        # what is written afterwards needs no UPDATE of its own before
                        unit.register_object(
                            child, listonly=self.post_update, operation="delete", prop=self.prop
                        )

    def is_touched(self, state: State) -> bool:
        return has_changes(state, self.key) or source_modified(state, self.pairs)

    def presort_saves(self, unit: UOWTransaction, states: Iterable[State]) -> None:
        claimed = unit.claimed
        for state in states:
            pk_changed = source_modified(state, self.pairs)
            if not pk_changed and not has_changes(state, self.key):
                continue
            history = unit.history(state, self.prop, load=pk_changed and not self.passive_updates)
            for child in history.added:
                if child is None:
                    continue
                claimed.add((self, child))
                if self.post_update and child.pk is None:
                    self.blank(child)
                if unit.is_saved(child):
                    continue
                unit.register_object(child, cancel_delete=True, operation="add", prop=self.prop)
            for child in history.deleted:
                if child is None:
                    continue
                if not self.cascade.delete_orphan:
                    unit.register_object(child, operation="delete", prop=self.prop)
                elif not self._hasparent(child):
                    self._delete_with_cascade(unit, child)
            if pk_changed:
                for child in history.unchanged:
                    if child is not None:
                        unit.register_object(
                            child,
                            # rows of the same table are written by the same step anyway
                            listonly=self.passive_updates and not self.prop._is_self_referential,
                            operation="pk change",
                            prop=self.prop,
                        )

    def process_deletes(self, unit: UOWTransaction, states: Iterable[State]) -> None:
        if self.passive_deletes == "all" and not self.post_update and not unit.late:
            return
        should_null = self.post_update or not self.cascade.delete
        for state in states:
            history = unit.history(state, self.prop, load=not self.passive_deletes)
            for child in history.deleted:
                if child is not None and not self._has_other(unit, child):
                    self._let_go(unit, child)
            for child in history.unchanged:
                if (
                    child is not None
                    and (should_null or self.is_late(unit, child))
                    and not self._is_claimed(unit, child)
                ):
                    self._let_go(unit, child)

    def process_saves(self, unit: UOWTransaction, states: Iterable[State]) -> None:
        for state in states:
            pk_changed = source_modified(state, self.pairs)
            if not pk_changed and not has_changes(state, self.key):
                continue
            history = unit.history(state, self.prop)
            for child in history.added:
                self._take(unit, state, child)
            for child in history.deleted:
                if child is not None and not self.cascade.delete_orphan and not self._has_other(unit, child):
                    self._let_go(unit, child)
            if pk_changed:
                for child in history.unchanged:
                    self._take(unit, state, child)

    def _has_other(self, unit: UOWTransaction, child: State) -> bool:
        """
        Tell whether a child that was taken out went to another parent.
        """
        return self._is_claimed(unit, child) or self._hasparent(child)

    def _is_claimed(self, unit: UOWTransaction, child: State) -> bool:
        return (self, child) in unit.claimed

    def _take(self, unit: UOWTransaction, state: State, child: State) -> None:
        if child is None:
            if not self.prop.uselist:
                return
            raise orm_exc.FlushError(f"Can't flush None value found in collection {self.prop}")
        self._verify(child)
        if populate(state, child, self.pairs) and self.is_late(unit, child):
            unit.register_post_update(child, self.target_keys)

    def _let_go(self, unit: UOWTransaction, child: State) -> None:
        is_late = self.is_late(unit, child)
        if unit.is_deleted(child) and not is_late:
            return
        if clear(child, self.pairs) and is_late:
            unit.register_post_update(child, self.target_keys)


class ManyToOneRule(DependencyRule):
    """
    The foreign key is in the table of the object that has the relationship.
    """

    def __init__(self, prop: Any) -> None:
        super().__init__(prop)
        self.orders_deletes: bool = not self.post_update
        self.edges: Any = order.MANY_TO_ONE_POST if self.post_update else order.MANY_TO_ONE
        self.pairs: tuple[KeyPair, ...] = key_pairs(prop.synchronize_pairs, prop.mapper, prop.parent)
        self.target_keys: tuple[str, ...] = tuple(pair.target for pair in self.pairs)

    def refers_to_itself(self, state: State) -> bool:
        """
        Tell whether the row of a state has its own key as foreign key.
        """
        obj = state()
        return all(probe(obj, pair.target) == probe(obj, pair.source) is not None for pair in self.pairs)

    def presort_deletes(self, unit: UOWTransaction, states: Iterable[State]) -> None:
        if not (self.cascade.delete or self.cascade.delete_orphan):
            if self.post_update:
                for state in states:
                    unit.history(state, self.prop, load=not self.passive_deletes)
            return
        for state in states:
            history = unit.history(state, self.prop, load=not self.passive_deletes)
            gone = list(history.deleted) if self.cascade.delete_orphan else []
            if self.cascade.delete:
                gone += history.unchanged
                gone += history.added
            for child in gone:
                if child is not None:
                    self._delete_with_cascade(unit, child)

    def presort_saves(self, unit: UOWTransaction, states: Iterable[State]) -> None:
        if self.post_update:
            for state in states:
                if state.pk is None and any(s is not None for s in unit.history(state, self.prop).added):
                    self.blank(state)
        if not self.cascade.delete_orphan:
            return
        for state in states:
            if not has_changes(state, self.key):
                continue
            for child in unit.history(state, self.prop).deleted:
                if child is not None and not self._hasparent(child):
                    self._delete_with_cascade(unit, child)

    def process_deletes(self, unit: UOWTransaction, states: Iterable[State]) -> None:
        by_rule = self.post_update and not self.cascade.delete_orphan and self.passive_deletes != "all"
        if not by_rule and not unit.late:
            return
        for state in states:
            if not by_rule and not self.is_late(unit, state):
                continue
            if any(unit.history(state, self.prop, load=not self.passive_deletes).sum()):
                if clear(state, self.pairs):
                    unit.register_post_update(state, self.target_keys)

    def process_saves(self, unit: UOWTransaction, states: Iterable[State]) -> None:
        pairs, prop = self.pairs, self.prop
        for state in states:
            if not has_changes(state, self.key):
                continue
            history = unit.history(state, prop)
            is_new = False
            if history.added:
                for child in history.added:
                    if child is None:
                        is_new = clear(state, pairs)
                    else:
                        if self._in_session(unit, child, "add"):
                            self._verify(child)
                            is_new = populate(child, state, pairs)
            elif history.deleted:
                is_new = clear(state, pairs)
            # what has the value by now was written with the row
            if is_new and self.is_late(unit, state):
                unit.register_post_update(state, self.target_keys)


class ManyToManyRule(DependencyRule):
    """
    The keys of both sides are in rows of an association table.
    """

    edges: Any = order.MANY_TO_MANY

    def __init__(self, prop: Any) -> None:
        super().__init__(prop)
        self.secondary: Any = prop.secondary
        self.pairs: tuple[KeyPair, ...] = key_pairs_to_table(prop.synchronize_pairs, prop.parent)
        self.child_pairs: tuple[KeyPair, ...] = key_pairs_to_table(
            prop.secondary_synchronize_pairs, prop.mapper
        )
        self.is_second_side: bool = any(
            f"{other.parent.class_.__module__}.{other.parent.class_.__name__}.{other.key}" < self.sort_key
            for other in prop._reverse_property
        )

    def is_touched(self, state: State) -> bool:
        return has_changes(state, self.key) or (
            not self.passive_updates and source_modified(state, self.pairs)
        )

    def presort_deletes(self, unit: UOWTransaction, states: Iterable[State]) -> None:
        if not self.passive_deletes:
            for state in states:
                unit.history(state, self.prop, load=True)

    def presort_saves(self, unit: UOWTransaction, states: Iterable[State]) -> None:
        for state in states:
            if not self.passive_updates and source_modified(state, self.pairs):
                unit.history(state, self.prop, load=True)
            if not self.cascade.delete_orphan or not has_changes(state, self.key):
                continue
            for child in unit.history(state, self.prop).deleted:
                if child is not None and not self._hasparent(child):
                    self._delete_with_cascade(unit, child)

    def process_deletes(self, unit: UOWTransaction, states: Iterable[State]) -> None:
        for some in unit.session._by_connection(states):
            self._delete_rows(unit, some)

    def _delete_rows(self, unit: UOWTransaction, states: Iterable[State]) -> None:
        rows: list[Row] = []
        for state in states:
            history = unit.history(state, self.prop, load=not self.passive_deletes)
            for child in history.non_added():
                if self._has_row(unit, state, child):
                    # neither side is saved yet
                    rows.append(self._row(state, child, before=True))
        unit.emit_association(self.secondary, self.mapper, deletes=rows, inserts=[])

    def process_saves(self, unit: UOWTransaction, states: Iterable[State]) -> None:
        for some in unit.session._by_connection(states):
            self._save_rows(unit, some)

    def _save_rows(self, unit: UOWTransaction, states: Iterable[State]) -> None:
        deletes: list[Row] = []
        inserts: list[Row] = []
        moved: list[tuple[Row, Row]] = []
        doubtful: list[Row] = []
        for state in states:
            pk_changed = not self.passive_updates and source_modified(state, self.pairs)
            if not pk_changed and not has_changes(state, self.key):
                continue
            history = unit.history(state, self.prop, load=pk_changed)
            for child in history.added:
                if child is None:
                    continue
                self._verify(child)
                # what is deleted by this flush loses its rows, and gets no new ones
                if (
                    not (unit.deletes and unit.is_deleted(child))
                    and self._in_session(unit, child, "add")
                    and self._is_first(unit, state, child)
                ):
                    inserts.append(self._row(state, child))
                    if history.deleted and child in history.deleted:
                        # left and returned, which tells nothing of what it was before
                        doubtful.append(inserts[-1])
            for child in history.deleted:
                if self._has_row(unit, state, child):
                    # unless the database has changed the row along with the key
                    deletes.append(self._row(state, child, before=not self.passive_updates))
            if pk_changed:
                moved += self._moves(unit, state, history.unchanged)
        unit.emit_association(self.secondary, self.mapper, deletes, inserts, moved, doubtful)

    def _moves(self, unit: UOWTransaction, state: State, children: Iterable[State]) -> list[tuple[Row, Row]]:
        """
        Return the rows to change, before and after, as the key of *state* has changed.
        """
        return [
            (self._row(state, child, before=True), self._row(state, child))
            for child in children
            if child is not None and self._is_first(unit, state, child)
        ]

    def _has_row(self, unit: UOWTransaction, state: State, child: State) -> bool:
        """
        Tell whether a row links two objects, and the other side has not deleted it already.
        """
        return (
            child is not None
            and self._in_session(unit, child, "delete")
            and self._is_first(unit, state, child)
        )

    def _is_first(self, unit: UOWTransaction, state: State, child: State) -> bool:
        """
        Tell whether the other side has not written this row already.
        """
        key = (self.secondary, child, state) if self.is_second_side else (self.secondary, state, child)
        if key in unit.association_rows:
            return False
        unit.association_rows[key] = None
        return True

    def _row(self, state: State, child: State, before: bool = False) -> Row:
        """
        Return the row that links two objects.

        Args:
            before: With the keys as of the last flush.
        """
        row: Row = {}
        for one, pairs in ((state, self.pairs), (child, self.child_pairs)):
            copy_values(one, pairs, row)
            if before and one.old:
                row.update({p.target_column.key: one.old[p.source] for p in pairs if p.source in one.old})
        return row


def key_pairs_to_table(pairs: Iterable[tuple[Any, Any]], source: Any) -> tuple[KeyPair, ...]:
    """
    Translate column pairs whose second half is in an association table.
    """
    return tuple(
        KeyPair(source.get_property_by_column(left).key, left, right.key, right, False)
        for left, right in pairs
    )


_KINDS = {
    "ONETOMANY": OneToManyRule,
    "MANYTOONE": ManyToOneRule,
    "MANYTOMANY": ManyToManyRule,
}


def rule_of(prop: Any) -> DependencyRule:
    """
    Return the rule of a relationship, made on first use.
    """
    rule: DependencyRule | None = prop.__dict__.get("_flush_rule")
    if rule is None:
        rule = prop.__dict__["_flush_rule"] = _KINDS[prop.direction.name](prop)
    return rule


def rules_of(mapper: Any) -> tuple[DependencyRule, ...]:
    """
    Return the rules of all relationships of a mapper that write.
    """
    known: tuple[int, tuple[DependencyRule, ...]] | None = mapper.__dict__.get("_flush_rules")
    size = len(mapper._props)
    if known is None or known[0] != size:
        rules = tuple(rule_of(prop) for prop in mapper.relationships if not prop.viewonly)
        known = mapper.__dict__["_flush_rules"] = (size, rules)
    return known[1]


def has_rules(base: Any) -> bool:
    """
    Tell whether relationships have a say in saving objects of a hierarchy.
    """
    known: bool | None = base.__dict__.get("_has_flush_rules")
    if known is None:
        known = any(rules_of(mapper) for mapper in base.self_and_descendants)
        base.__dict__["_has_flush_rules"] = known
    return known


def _forget_rules(prop: Any, impl: Any) -> None:
    prop.parent.base_mapper.__dict__.pop("_has_flush_rules", None)


mapping_hooks.cascade_hooks.append(_forget_rules)
