"""
Hand unique values over from row to row.

A unique value is a seat: a row can take it when the row that had it is gone.  A flush writes UPDATEs in the
order of keys, then INSERTs, then DELETEs; where that would have a row take a seat that is still held,

1. an UPDATE waits for the UPDATE that leaves its seat: such rows go one after another, `Handover.in_turn`;
2. a row that is deleted goes first, if nothing else in the flush refers to it: `Handover.first`;
3. else, and where rows wait for each other, the holder steps aside: an UPDATE before all others moves it to
   NULL, or to a value that no row has (`Unique.step_aside`).

Rule 1: a flush in which nobody takes the seat of another row runs as if this module were not there.
Rule 2: which seat a row leaves is what the database has.  Where the program has not loaded that, one SELECT
    per table asks, but only if two rows or more could be concerned.
Rule 3: where no holder can step aside, the order stays as it was, and the database says what is wrong.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from relvar._kernels.attributes import NO_VALUE, probe
from relvar.engine.prepared import run_many
from relvar.expr import make
from relvar.orm.flush.changes import identity_values, is_expression
from relvar.orm.flush.dependency import ManyToOneRule
from relvar.orm.flush.facts import TableFacts, facts_of
from relvar.orm.flush.statements import prepare_update
from relvar.orm.flush.unique import Unique
from relvar.util.fields import NamedTuple

if TYPE_CHECKING:
    from relvar.orm.flush.unit import UOWTransaction

__all__ = ["Handover", "plan_handover", "step_aside"]

State = Any
Seat = tuple[Any, ...]
Known = Mapping[State, Mapping[str, Any]]
"Values that the database was asked for."


class Handover(NamedTuple):
    """
    How the rows of a step make room for each other.

    Args:
        aside: Holders that have to step aside, with the constraint whose seat they hold.
        first: Rows to delete before anything else.
        in_turn: Rows to update one after another, after all others.
    """

    aside: list[tuple[State, TableFacts, Unique]]
    first: list[State]
    in_turn: list[State]


class Contest:
    """
    The rows of a step that leave or take seats of one constraint.

    Args:
        movers: Rows updated now.
        entrants: Rows inserted now.
        leavers: Rows deleted or updated by later steps.
    """

    __slots__ = ("entrants", "leavers", "movers", "table", "unique")

    def __init__(self, table: TableFacts, unique: Unique) -> None:
        self.table: TableFacts = table
        self.unique: Unique = unique
        self.movers: list[State] = []
        self.entrants: list[State] = []
        self.leavers: list[State] = []

    def is_open(self) -> bool:
        """
        Tell whether a row may take the seat of another one.
        """
        if self.leavers:
            return bool(self.movers or self.entrants)
        return len(self.movers) > 1


def plan_handover(
    unit: UOWTransaction,
    connection: Any,
    base: Any,
    entrants: Collection[State],
    movers: Collection[State],
) -> Handover | None:
    """
    Find out who has to make room for whom; None if nobody has to.

    Args:
        entrants: States whose rows are inserted, or take over another one.
        movers: States whose rows are updated.
    """
    now = {*entrants, *movers}
    later = [s for s in unit.saves[base] if s.pk is not None and s not in now and s not in unit.written]
    deleted = [s for s in unit.deletes[base] if s not in unit.written and s not in unit.listed]
    contests: dict[Any, Contest] = {}
    _enter(contests, "movers", movers, touched=True)
    _enter(contests, "leavers", later, touched=True)
    _enter(contests, "leavers", deleted)
    _enter(contests, "entrants", entrants)
    dialect = connection.dialect
    contested = [c for c in contests.values() if c.is_open() and not c.unique.is_deferred(dialect)]
    if not contested:
        return None
    known = _ask(connection, contested)
    waits: dict[State, list[tuple[State, Contest]]] = {}
    blocked: list[tuple[State, Contest]] = []
    for contest in contested:
        unique = contest.unique
        holders = {_seat(unique, s, known, before=True): s for s in (*contest.movers, *contest.leavers)}
        holders.pop(None, None)
        if not holders:
            continue
        leavers = set(contest.leavers)
        for taker in (*contest.movers, *contest.entrants):
            seat = _seat(unique, taker, known)
            holder = holders.get(seat)
            if holder is None or holder is taker:
                continue
            if holder in leavers:
                blocked.append((holder, contest))
            elif taker.pk is not None:
                waits.setdefault(taker, []).append((holder, contest))
            # else: INSERTs follow UPDATEs
    if not waits and not blocked:
        return None
    alone = _alone(unit, base, [holder for holder, _ in blocked])
    plan = Handover([], list(alone), [])
    for holder, contest in blocked:
        if holder not in alone:
            plan.aside.append((holder, contest.table, contest.unique))
    if waits:
        _take_turns(plan, waits, movers, dialect)
    return plan


def _enter(contests: dict[Any, Contest], role: str, states: Iterable[State], touched: bool = False) -> None:
    """
    Note who takes part for which constraint.

    Args:
        touched: Only those that have changed one of its columns.
    """
    for state in states:
        old = state.old
        if touched and not old:
            continue
        for table in facts_of(state.manager.mapper).tables:
            for unique in table.uniques:
                if touched and unique.keys.isdisjoint(old):
                    continue
                contest = contests.get(unique.constraint)
                if contest is None:
                    contest = contests[unique.constraint] = Contest(table, unique)
                getattr(contest, role).append(state)


def _seat(unique: Unique, state: State, known: Known, before: bool = False) -> Seat | None:
    """
    Return the values that a row has, or had *before* the flush; None if they are nobody's: not known, NULL.
    """
    obj, old = state(), state.old
    asked = known.get(state, {})
    found = []
    for column in unique.columns:
        key = column.key
        value = old[key] if before and old and key in old else probe(obj, key)
        if value is NO_VALUE:
            value = asked.get(key, NO_VALUE)
        if value is NO_VALUE or (value is None and not unique.nulls_conflict):
            return None
        if type(value) is str:
            # a collation may take these for equal; if it does not, waiting does no harm
            value = value.casefold().rstrip()
        elif is_expression(value):
            return None
        found.append(value)
    seat = tuple(found)
    try:
        hash(seat)
    except TypeError:
        return None
    return seat


def _ask(connection: Any, contests: Iterable[Contest]) -> Known:
    """
    Load the seats that rows hold where the program has not loaded them.
    """
    wanted: dict[Any, tuple[TableFacts, dict[State, None], dict[str, None]]] = {}
    for contest in contests:
        for state in (*contest.movers, *contest.leavers):
            obj, old = state(), state.old
            if any(
                (old[key] if old and key in old else probe(obj, key)) is NO_VALUE
                for key in contest.unique.keys
            ):
                table, states, keys = wanted.setdefault(contest.table.table, (contest.table, {}, {}))
                states[state] = None
                keys.update(dict.fromkeys(c.key for c in contest.unique.columns))
    known: dict[State, dict[str, Any]] = {}
    for table, states, keys in wanted.values():
        by_identity = {identity_values(table, state): state for state in states}
        pk = [column.column for column in table.pk]
        stmt = make.Select(*pk, *[table.by_key[key].column for key in keys])
        identities = list(by_identity)
        for start in range(0, len(identities), 200):
            one_of = [
                make.and_(*[c == v for c, v in zip(pk, identity, strict=True)])
                for identity in identities[start : start + 200]
            ]
            for row in connection.execute(stmt.where(make.or_(*one_of))):
                state = by_identity.get(tuple(row[: len(pk)]))
                if state is not None:
                    known.setdefault(state, {}).update(zip(keys, row[len(pk) :], strict=True))
    return known


def _alone(unit: UOWTransaction, base: Any, deleted: Sequence[State]) -> dict[State, None]:
    """
    Return those of *deleted* to which no relationship of the flush leads, so that they can go first.
    """
    found = {s: None for s in deleted if unit.is_deleted(s)}
    for rule in unit.rules if found else ():
        if not isinstance(rule, ManyToOneRule):
            if rule.parent is base:
                for state in list(found):
                    if rule.is_of(state.manager.mapper) and any(unit.history(state, rule.prop).sum()):
                        del found[state]
        elif rule.child is base:
            for table in (unit.saves, unit.deletes):
                for other in table.get(rule.parent, ()):
                    if rule.is_of(other.manager.mapper):
                        for state in unit.history(other, rule.prop).sum():
                            found.pop(state, None)
    return found


def _take_turns(
    plan: Handover, waits: Mapping[State, list[tuple[State, Contest]]], movers: Iterable[State], dialect: Any
) -> None:
    """
    Order the rows that wait for each other; where they go round in a circle, one of them steps aside.
    """
    takers: dict[State, list[tuple[State, Contest]]] = {}
    missing: dict[State, int] = {}
    for taker, holders in waits.items():
        missing[taker] = len(holders)
        for holder, contest in holders:
            takers.setdefault(holder, []).append((taker, contest))
    waiting = {state: None for state in movers if state in missing or state in takers}
    free = deque([state for state in waiting if not missing.get(state)])

    def leave(state: State, seat_of: Contest | None = None) -> None:
        for taker, contest in takers.get(state, ()):
            if seat_of is None or contest is seat_of:
                missing[taker] -= 1
                if not missing[taker] and taker in waiting:
                    free.append(taker)
        takers[state] = [
            pair for pair in takers.get(state, ()) if seat_of is not None and pair[1] is not seat_of
        ]

    while waiting:
        while free:
            state = free.popleft()
            del waiting[state]
            plan.in_turn.append(state)
            leave(state)
        if waiting:
            for holder, contest in _circle(waits, waiting, plan.aside):
                if can_step_aside(holder, contest.unique, dialect):
                    plan.aside.append((holder, contest.table, contest.unique))
                    leave(holder, contest)
                    break
            else:
                plan.in_turn.extend(waiting)
                return


def _circle(
    waits: Mapping[State, list[tuple[State, Contest]]],
    waiting: Mapping[State, None],
    aside: Sequence[tuple[State, TableFacts, Unique]],
) -> list[tuple[State, Contest]]:
    """
    Return holders that wait for each other, with the seats that others wait for.
    """
    gone = {(state, unique) for state, _, unique in aside}
    state = next(iter(waiting))
    path: dict[State, tuple[State, Contest]] = {}
    while state not in path:
        path[state] = next(
            (holder, contest)
            for holder, contest in waits[state]
            if holder in waiting and (holder, contest.unique) not in gone
        )
        state = path[state][0]
    members = list(path)
    return [path[s] for s in members[members.index(state) :]]


def _settable(state: State, unique: Unique) -> frozenset[str] | None:
    """
    Return the attributes of a holder that may be set for a while: what is written again, or deleted.
    """
    return None if state.old is None else unique.keys & state.old.keys()


def can_step_aside(state: State, unique: Unique, dialect: Any) -> bool:
    """
    Tell whether a row that is updated can step aside.
    """
    mapper = state.manager.mapper
    if mapper.version_id_col is not None and not mapper.version_id_generator:
        # the database would count another version
        return False
    return unique.step_aside(_settable(state, unique), dialect) is not None


def step_aside(unit: UOWTransaction, connection: Any, plan: Handover) -> None:
    """
    Move the rows of ``plan.aside`` to values that nobody else has.
    """
    rows: dict[tuple[Any, str], tuple[TableFacts, list[tuple[Any, ...]]]] = {}
    for state, table, unique in dict.fromkeys(plan.aside):
        keys = None if unit.is_deleted(state) else _settable(state, unique)
        found = unique.step_aside(keys, connection.dialect)
        if found is not None:
            column, value = found
            batch = rows.setdefault((table.table, column.name), (table, []))[1]
            batch.append((value, *identity_values(table, state)))
    for (_, name), (table, values) in rows.items():
        prepared = prepare_update(connection, table, (name,), table.find[: len(table.pk)])
        run_many(connection, prepared.plan, prepared.arrange(connection, values))
