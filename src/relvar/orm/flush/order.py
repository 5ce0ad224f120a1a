"""
Put the work of a flush in an order that foreign keys allow.

Input are *subjects*: base mappers, whose rows are saved and deleted, and
rules, one per relationship, which copy keys between the two.  Output are
`Step` values.  Nothing here touches a database or an object's attributes, so
orders are tested with plain values.

Rule 1: each direction of a relationship has one table of edges between roles
    (`ONE_TO_MANY` ...).  The tables are all there is to know about order.
Rule 2: subjects are ordered as a whole.  Only where this makes a cycle (a tree
    of nodes, two tables that refer to each other) are the members of the cycle
    ordered state by state, with the same tables.
Rule 3: steps form levels; inside a level the order is by action and name, so
    the same flush always emits the same statements.
Rule 4: states that depend on each other in a circle are ordered without what
    is no need: a key that is stored can be copied before its row is updated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from relvar.exc import CircularDependencyError
from relvar.util.topological import CycleError, find_cycles, sort_as_subsets

DELETE = "delete"
POST_UPDATE = "post_update"
POST_UPDATE_DELETE = "post_update_delete"
PROCESS = "process"
PROCESS_DELETE = "process_delete"
SAVE = "save"

_ACTION_ORDER = {
    DELETE: 0,
    POST_UPDATE: 1,
    POST_UPDATE_DELETE: 2,
    PROCESS: 3,
    PROCESS_DELETE: 4,
    SAVE: 5,
}


class Step(NamedTuple):
    """
    One unit of work: an action on a subject.

    Args:
        action: One of the action names of this module.

        subject: A base mapper (save, delete, post update) or a rule (process).

        states: The states concerned; None means all that the flush holds.
    """

    action: str
    subject: Any
    states: tuple[Any, ...] | None = None

    def __repr__(self) -> str:
        # a rule has a relationship, a mapper a class; the order itself asks for neither
        named = getattr(self.subject, "prop", getattr(self.subject, "class_", self.subject))
        name = named.__name__ if isinstance(named, type) else str(named)
        return " ".join([self.action, name, *(state_text(state) for state in self.states or ())])


def state_text(state: Any) -> str:
    """
    Return how messages name an object, by its state.
    """
    manager = getattr(state, "manager", None)
    return str(state) if manager is None else f"<{manager.class_.__name__} at 0x{id(state()):x}>"


Edge = tuple[str, str]
"Two roles; the first comes before the second."

_P_SAVE, _P_DELETE = "parent_save", "parent_delete"
_C_SAVE, _C_DELETE = "child_save", "child_delete"
_P_POST, _P_POST_DELETE = "parent_post_update", "parent_post_update_delete"
_C_POST, _C_POST_DELETE = "child_post_update", "child_post_update_delete"

ONE_TO_MANY: tuple[Edge, ...] = (
    (_P_SAVE, PROCESS),
    (PROCESS, _C_SAVE),
    (PROCESS, _C_DELETE),
    (PROCESS_DELETE, _C_SAVE),
    (PROCESS_DELETE, _C_DELETE),
    (_C_SAVE, _P_DELETE),
    (_C_DELETE, _P_DELETE),
)
ONE_TO_MANY_POST: tuple[Edge, ...] = (
    (_P_SAVE, PROCESS),
    (_C_SAVE, PROCESS),
    (PROCESS, _C_POST),
    (_C_SAVE, _C_POST),
    (_C_POST, _P_DELETE),
    (_C_POST, _C_DELETE),
    (PROCESS_DELETE, _C_POST),
    (PROCESS_DELETE, _C_POST_DELETE),
    (_C_POST_DELETE, _C_DELETE),
    (_C_POST_DELETE, _P_DELETE),
)
MANY_TO_ONE: tuple[Edge, ...] = (
    (_C_SAVE, PROCESS),
    (PROCESS, _P_SAVE),
    (_P_SAVE, _C_DELETE),
    (_P_DELETE, _C_DELETE),
)
MANY_TO_ONE_POST: tuple[Edge, ...] = (
    (_P_SAVE, PROCESS),
    (_C_SAVE, PROCESS),
    (PROCESS, _P_POST),
    (_P_SAVE, _P_POST),
    (_P_POST, _C_DELETE),
    (PROCESS_DELETE, _P_POST_DELETE),
    (_P_POST_DELETE, _P_DELETE),
    (_P_POST_DELETE, _C_DELETE),
)
MANY_TO_MANY: tuple[Edge, ...] = (
    (_P_SAVE, PROCESS),
    (_C_SAVE, PROCESS),
    (PROCESS, _C_DELETE),
    # A parent that takes over the row of a deleted one is saved: its old rows
    # of the association table must be gone by then.
    (PROCESS_DELETE, _P_SAVE),
    (PROCESS_DELETE, _C_SAVE),
    (PROCESS_DELETE, _P_DELETE),
    (PROCESS_DELETE, _C_DELETE),
)

_ROLE_ACTIONS: Mapping[str, tuple[str, str]] = {
    _P_SAVE: ("parent", SAVE),
    _P_DELETE: ("parent", DELETE),
    _P_POST: ("parent", POST_UPDATE),
    _P_POST_DELETE: ("parent", POST_UPDATE_DELETE),
    _C_SAVE: ("child", SAVE),
    _C_DELETE: ("child", DELETE),
    _C_POST: ("child", POST_UPDATE),
    _C_POST_DELETE: ("child", POST_UPDATE_DELETE),
    PROCESS: ("rule", PROCESS),
    PROCESS_DELETE: ("rule", PROCESS_DELETE),
}


class Rule(Protocol):
    """
    What ordering needs to know of a relationship.
    """

    edges: tuple[Edge, ...]
    parent: Any
    child: Any
    sort_key: str


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

    def is_key_known(self, rule: Any, state: Any) -> bool:
        """
        Tell whether what *rule* copies from *state* is there before *state* is saved.
        """


def role_step(rule: Rule, role: str) -> Step:
    """
    Return the step that *role* means for *rule*.
    """
    side, action = _ROLE_ACTIONS[role]
    if side == "rule":
        return Step(action, rule)
    return Step(action, rule.parent if side == "parent" else rule.child)


def plan_edges(mappers: Iterable[Any], rules: Sequence[Rule]) -> tuple[list[Step], list[tuple[Step, Step]]]:
    """
    Return the steps for whole subjects and the edges between them.
    """
    edges: list[tuple[Step, Step]] = []
    steps: dict[Step, None] = {}
    for mapper in mappers:
        edges.append((Step(SAVE, mapper), Step(DELETE, mapper)))
    for rule in rules:
        for before, after in rule.edges:
            edges.append((role_step(rule, before), role_step(rule, after)))
        steps[Step(PROCESS, rule)] = None
        steps[Step(PROCESS_DELETE, rule)] = None
    for edge in edges:
        steps[edge[0]] = steps[edge[1]] = None
    # The children of a rule may be of a mapper that nothing else names.
    for step in list(steps):
        if step.action in (SAVE, DELETE):
            edge = (Step(SAVE, step.subject), Step(DELETE, step.subject))
            if edge not in edges:
                edges.append(edge)
            steps[edge[0]] = steps[edge[1]] = None
    return sorted(steps, key=_step_key), edges


def _step_key(step: Step) -> tuple[int, str]:
    return _ACTION_ORDER[step.action], subject_key(step.subject)


def subject_key(subject: Any) -> str:
    """
    Return what mappers and rules are sorted by where nothing else orders them.
    """
    key: str | None = getattr(subject, "sort_key", None)
    if key is None:
        key = f"{subject.class_.__module__}.{subject.class_.__name__}"
    return key


class Order(NamedTuple):
    """
    The order of whole subjects, or what is known when there is a cycle.

    ``steps`` is None when ``cycle`` holds steps; then `order_cycle` finishes
    the job for the states of one flush.
    """

    steps: tuple[Step, ...] | None
    nodes: tuple[Step, ...]
    edges: tuple[tuple[Step, Step], ...]
    cycle: frozenset[Step]


def plan_order(mappers: Iterable[Any], rules: Sequence[Rule]) -> Order:
    """
    Order whole subjects.  The answer holds for every flush with the same
    mappers and rules, so callers keep it.

    Cost: O(mappers + edges).
    """
    nodes, edges = plan_edges(mappers, rules)
    try:
        ordered = tuple(step for level in sort_as_subsets(edges, nodes) for step in level)
    except CycleError:
        cycle = frozenset(find_cycles(edges, nodes))
        return Order(None, tuple(nodes), tuple(edges), cycle)
    return Order(ordered, tuple(nodes), tuple(edges), frozenset())


def order_cycle(order: Order, contents: Contents) -> list[Step]:
    """
    Order the states of one flush where whole subjects make a cycle.

    Returns:
        Steps, where those of the cycle carry the states they are about; the
        states of one level and subject share a step.

    Raises:
        CircularDependencyError: the states themselves depend on each other.

    Cost: O(states of the cycle + their related states).
    """
    members: dict[Step, list[Step]] = {}
    for step in order.nodes:
        if step in order.cycle:
            members[step] = _members(step, contents)
    edges: set[tuple[Step, Step]] = set()
    for before, after in order.edges:
        if before in order.cycle and after in order.cycle:
            continue
        for first in members.get(before, (before,)):
            for second in members.get(after, (after,)):
                edges.add((first, second))
    for step in order.nodes:
        if step.action in (PROCESS, PROCESS_DELETE) and _touches(step.subject, order.cycle):
            action = SAVE if step.action == PROCESS else DELETE
            for state in contents.states_of(step.subject.parent, action):
                edges.update(_state_edges(step, state, contents, order.cycle))

    nodes: list[Step] = []
    for step in order.nodes:
        nodes.extend(members.get(step, (step,)))
        if step.action == DELETE and step in members and members[step]:
            # an empty step stands between all that is saved and all that is deleted
            between = Step(SAVE, step.subject, ())
            nodes.append(between)
            edges.update((save, between) for save in members.get(Step(SAVE, step.subject), ()))
            edges.update((between, delete) for delete in members[step])
    known = set(nodes)
    # a row that refers to itself goes with its own reference
    used = [edge for edge in edges if edge[0] in known and edge[1] in known and edge[0] != edge[1]]
    try:
        levels = _levels(used, nodes, contents)
    except CycleError as err:
        raise CircularDependencyError(
            "Circular dependency detected.  Each of these rows needs the key of another, so none can be "
            "written first; post_update=True on one of the relationships writes its key afterwards.",
            err.cycles,
            err.edges,
        ) from err
    return [step for level in levels for step in _join(level)]


def _levels(
    edges: Sequence[tuple[Step, Step]], nodes: Sequence[Step], contents: Contents
) -> list[Sequence[Step]]:
    """
    Sort the steps; see rule 4.
    """
    try:
        return list(sort_as_subsets(edges, nodes))
    except CycleError:
        return list(sort_as_subsets([edge for edge in edges if _is_needed(*edge, contents)], nodes))


def _is_needed(before: Step, after: Step, contents: Contents) -> bool:
    return not (
        before.action == SAVE
        and after.action == PROCESS
        and before.states is not None
        and contents.is_key_known(after.subject, before.states[0])
    )


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


def _touches(rule: Rule, cycle: frozenset[Step]) -> bool:
    """
    Tell whether any step of *rule* is ordered by state.
    """
    return any(role_step(rule, role) in cycle for edge in rule.edges for role in edge)


def _state_edges(
    whole: Step, parent: Any, contents: Contents, cycle: frozenset[Step]
) -> list[tuple[Step, Step]]:
    """
    Return the edges around the processing (*whole*) of one parent state.
    """
    rule: Rule = whole.subject
    process = _one(whole, parent, cycle)
    edges: list[tuple[Step, Step]] = []
    parent_action = SAVE if process.action == PROCESS else DELETE
    here = {
        process.action: process,
        _P_SAVE if parent_action == SAVE else _P_DELETE: _one(
            Step(parent_action, rule.parent), parent, cycle
        ),
        _P_POST: Step(POST_UPDATE, rule.parent),
        _P_POST_DELETE: Step(POST_UPDATE_DELETE, rule.parent),
        _C_POST: Step(POST_UPDATE, rule.child),
        _C_POST_DELETE: Step(POST_UPDATE_DELETE, rule.child),
    }
    for before, after in rule.edges:
        if before in here and after in here:
            edges.append((here[before], here[after]))
    for child in contents.children_of(rule, parent, parent_action):
        action = contents.action_of(child)
        if action is None:
            continue
        role = _C_SAVE if action == SAVE else _C_DELETE
        child_step = _one(Step(action, rule.child), child, cycle)
        for before, after in rule.edges:
            if before == role and after in here:
                edges.append((child_step, here[after]))
            elif after == role and before in here:
                edges.append((here[before], child_step))
    return edges


def _one(step: Step, state: Any, cycle: frozenset[Step]) -> Step:
    """
    Return the step of *state*: its own if *step* was split, else the whole.
    """
    return Step(step.action, step.subject, (state,)) if step in cycle else step


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
