"""
Order the rows of a flush one by one, where whole tables depend on each other.

A tree of nodes in one table, or two tables that refer to each other, have no order as tables, but their rows
nearly always have one.  Where rows refer to each other in a circle (A to B and B to A, a row to itself), some
reference of the circle has a *way out*, which the flush itself knows (`Contents.way_out`):

`KNOWN`
    the key is there before its row is written, and the database takes it (a row that refers to itself, a
    constraint that is checked at the end): the two rows need no order;
`LATER`
    the foreign key can be NULL for a while: it is written by an UPDATE after both rows (before both are
    deleted), as ``post_update=True`` has it for all rows.

Rule 1: only where there is a circle is a way out taken, so all other flushes have the order they always had.
Rule 2: `KNOWN` ways are taken before `LATER` ones, which cost a statement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Protocol

from relvar.exc import CircularDependencyError
from relvar.orm.flush.order import (
    C_DELETE,
    C_POST,
    C_POST_DELETE,
    C_SAVE,
    DELETE,
    KNOWN,
    LATER,
    P_DELETE,
    P_POST,
    P_POST_DELETE,
    P_SAVE,
    POST_UPDATE,
    POST_UPDATE_DELETE,
    PROCESS,
    PROCESS_DELETE,
    SAVE,
    Order,
    Rule,
    Step,
    role_step,
)
from relvar.util.fields import NamedTuple
from relvar.util.topological import CycleError, components, sort_as_subsets

__all__ = ["Contents", "RowOrder", "order_rows"]

StepEdge = tuple[Step, Step]


class Link(NamedTuple):
    """
    One row that has the key of another one.

    Args:
        source: The state whose key it is; its row is saved first and deleted last.
        dependent: The state whose row has the foreign key.
        keys: The attributes of the foreign key; two relationships that write the same are one link.
    """

    source: Any
    dependent: Any
    keys: tuple[str, ...]


Ways = dict[Link, str]


class Contents(Protocol):
    """
    What ordering needs to know of a flush, asked only for cycles.
    """

    def states_of(self, mapper: Any, action: str) -> Iterable[Any]:
        """
        Return the states of *mapper* that are saved, or deleted.
        """

    def children_of(self, rule: Any, state: Any, action: str) -> Iterable[Any]:
        """
        Return the states that *rule* connects *state* with.
        """

    def action_of(self, state: Any) -> str | None:
        """
        Return what happens to *state*: save, delete or None.
        """

    def way_out(self, rule: Any, source: Any, dependent: Any, action: str) -> str | None:
        """
        Return how *dependent* can do without the row of *source*: `KNOWN`, `LATER` or not at all.
        """


class RowOrder(NamedTuple):
    """
    The steps of a flush, and the foreign keys that are written by an UPDATE of their own.

    Args:
        late: Pairs of a rule and the state with the foreign key.
    """

    steps: list[Step]
    late: list[tuple[Any, Any]]


def order_rows(order: Order, contents: Contents) -> RowOrder:
    """
    Order the states of one flush where whole subjects make a cycle.

    Returns:
        Steps, where those of the cycle carry the states they are about; the
        states of one level and subject share a step.

    Raises:
        CircularDependencyError: the states themselves depend on each other, and no way leads out.

    Cost: O(states of the cycle + their related states), once more for each way out that lies behind another.
    """
    members: dict[Step, list[Step]] = {}
    for step in order.nodes:
        if step in order.cycle:
            members[step] = _members(step, contents)
    whole: set[StepEdge] = set()
    for before, after in order.edges:
        if before in order.cycle and after in order.cycle:
            continue
        for first in members.get(before, (before,)):
            for second in members.get(after, (after,)):
                whole.add((first, second))
    nodes: dict[Step, None] = {}
    for step in order.nodes:
        nodes.update(dict.fromkeys(members.get(step, (step,))))
        if step.action == DELETE and members.get(step):
            # an empty step stands between all that is saved and all that is deleted
            between = Step(SAVE, step.subject, ())
            nodes[between] = None
            whole.update((save, between) for save in members.get(Step(SAVE, step.subject), ()))
            whole.update((between, delete) for delete in members[step])

    ways: Ways = {}
    while True:
        edges = {*whole, *_edges_by_state(order, contents, ways)}
        for edge in edges if ways else ():
            for step in edge:
                if step.action in (POST_UPDATE, POST_UPDATE_DELETE):
                    nodes.setdefault(step)
        used = [edge for edge in edges if edge[0] in nodes and edge[1] in nodes]
        try:
            levels = list(sort_as_subsets(used, nodes))
        except CycleError as err:
            found = _ways_out(order, contents, ways, used, nodes)
            if not found:
                raise CircularDependencyError(
                    "Circular dependency detected.  Each of these rows needs the key of another, so none can "
                    "be written first: the keys can be neither NULL for a while nor checked at the end of "
                    "the transaction.",
                    err.cycles,
                    err.edges,
                ) from err
            ways.update(found)
        else:
            steps = [step for level in levels for step in _join(level)]
            return RowOrder(steps, _late(order, contents, ways))


def _members(step: Step, contents: Contents) -> list[Step]:
    """
    Split *step* into one step per state.
    """
    subject = step.subject
    if step.action in (PROCESS, PROCESS_DELETE):
        action = SAVE if step.action == PROCESS else DELETE
        states = contents.states_of(subject.parent, action)
    elif step.action in (POST_UPDATE, POST_UPDATE_DELETE):
        return [step]
    else:
        states = contents.states_of(subject, step.action)
    return [Step(step.action, subject, (state,)) for state in states]


def _processes(order: Order, contents: Contents) -> Iterator[tuple[Step, Any, str]]:
    """
    Yield each rule's step that is ordered by state, with each of its states and what happens to these.
    """
    for step in order.nodes:
        if step.action in (PROCESS, PROCESS_DELETE) and _touches(step.subject, order.cycle):
            action = SAVE if step.action == PROCESS else DELETE
            for state in contents.states_of(step.subject.parent, action):
                yield step, state, action


def _touches(rule: Rule, cycle: frozenset[Step]) -> bool:
    """
    Tell whether any step of *rule* is ordered by state.
    """
    return any(role_step(rule, role) in cycle for edge in rule.edges for role in edge)


def _edges_by_state(order: Order, contents: Contents, ways: Ways) -> Iterator[StepEdge]:
    """
    Yield the edges around the processing of each state.
    """
    for whole, state, action in _processes(order, contents):
        yield from _state_edges(whole, state, action, contents, order.cycle, ways)


def _link(rule: Rule, parent: Any, child: Any) -> Link:
    source, dependent = (parent, child) if rule.feeds_child else (child, parent)
    return Link(source, dependent, rule.target_keys)


def _state_edges(
    whole: Step, parent: Any, action: str, contents: Contents, cycle: frozenset[Step], ways: Ways
) -> list[StepEdge]:
    """
    Return the edges around the processing (*whole*) of one parent state.

    Args:
        ways: Links that do not order the two rows any more.
    """
    rule: Rule = whole.subject
    process = _one(whole, parent, cycle)
    is_save = action == SAVE
    parent_step = _one(Step(action, rule.parent), parent, cycle)
    here = {
        process.action: process,
        P_SAVE if is_save else P_DELETE: parent_step,
        P_POST: Step(POST_UPDATE, rule.parent),
        P_POST_DELETE: Step(POST_UPDATE_DELETE, rule.parent),
        C_POST: Step(POST_UPDATE, rule.child),
        C_POST_DELETE: Step(POST_UPDATE_DELETE, rule.child),
    }
    edges = [(here[before], here[after]) for before, after in rule.edges if before in here and after in here]
    for child in contents.children_of(rule, parent, action):
        child_action = contents.action_of(child)
        if child_action is None:
            continue
        role = C_SAVE if child_action == SAVE else C_DELETE
        child_step = _one(Step(child_action, rule.child), child, cycle)
        way = ways.get(_link(rule, parent, child)) if ways and child_action == action else None
        if way is not None:
            _go_round(edges, rule, is_save, way, process, parent_step, child_step)
            continue
        for before, after in rule.edges:
            if before == role and after in here:
                edges.append((child_step, here[after]))
            elif after == role and before in here:
                edges.append((here[before], child_step))
        if ways and is_save and rule.feeds_child:
            # also where the parent's key is copied before its row is there
            edges.append((parent_step, child_step))
    return edges


def _go_round(
    edges: list[StepEdge], rule: Rule, is_save: bool, way: str, process: Step, parent: Step, child: Step
) -> None:
    """
    Order the steps around a link by its way out.
    """
    source, dependent = (parent, child) if rule.feeds_child else (child, parent)
    if way == LATER:
        post = Step(POST_UPDATE if is_save else POST_UPDATE_DELETE, dependent.subject)
        edges.append((process, post))
        if is_save:
            edges += [(source, process), (dependent, post)]
            if not rule.feeds_child and (process, parent) in edges:
                edges.remove((process, parent))
        else:
            edges += [(post, source), (post, dependent)]
    elif is_save:
        # the key is copied before either row is written
        if rule.feeds_child:
            edges.append((process, child))
            if (parent, process) in edges:
                edges.remove((parent, process))


def _one(step: Step, state: Any, cycle: frozenset[Step]) -> Step:
    """
    Return the step of *state*: its own if *step* was split, else the whole.
    """
    return Step(step.action, step.subject, (state,)) if step in cycle else step


def _ways_out(
    order: Order, contents: Contents, ways: Ways, edges: Collection[StepEdge], nodes: Collection[Step]
) -> Ways:
    """
    Return ways out of the circles there still are: all that cost nothing, else one for each circle.
    """
    circle_of = {step: i for i, circle in enumerate(components(edges, nodes)) for step in circle}
    known: Ways = {}
    later: dict[int, Link] = {}
    for link, rule, action, steps in _links(order, contents):
        circle = circle_of.get(steps[0])
        if link in ways or circle is None or circle_of.get(steps[1]) != circle:
            continue
        way = contents.way_out(rule, link.source, link.dependent, action)
        if way == KNOWN:
            known[link] = way
        elif way == LATER:
            later.setdefault(circle, link)
    return known or dict.fromkeys(later.values(), LATER)


def _links(order: Order, contents: Contents) -> Iterator[tuple[Link, Rule, str, tuple[Step, Step]]]:
    """
    Yield each link between two rows that are both saved or both deleted, with the steps that do that.
    """
    for whole, parent, action in _processes(order, contents):
        rule: Rule = whole.subject
        if rule.target_keys:
            first = _one(Step(action, rule.parent), parent, order.cycle)
            for child in contents.children_of(rule, parent, action):
                if contents.action_of(child) == action:
                    second = _one(Step(action, rule.child), child, order.cycle)
                    yield _link(rule, parent, child), rule, action, (first, second)


def _late(order: Order, contents: Contents, ways: Ways) -> list[tuple[Any, Any]]:
    """
    Return the rules and states whose foreign keys have a statement of their own.
    """
    return [
        (rule, link.dependent)
        for link, rule, _, _ in (_links(order, contents) if ways else ())
        if ways.get(link) == LATER
    ]


def _join(level: Sequence[Step]) -> list[Step]:
    """
    Put the states of one action and subject into one step.

    >>> _join([Step("save", "a", (1,)), Step("save", "a", (2,))])
    [save a 1 2]
    """
    joined: dict[tuple[str, Any], list[Any] | None] = {}
    for step in level:
        key = (step.action, step.subject)
        if step.states is None:
            joined[key] = None
            continue
        states = joined.setdefault(key, [])
        if states is not None:
            states.extend(step.states)
    return [
        Step(action, subject, None if states is None else tuple(states))
        for (action, subject), states in joined.items()
    ]
