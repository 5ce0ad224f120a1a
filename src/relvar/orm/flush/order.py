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
    ordered state by state (`cycles`), with the same tables.
Rule 3: steps form levels; inside a level the order is by action and name, so
    the same flush always emits the same statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from relvar.util.fields import NamedTuple
from relvar.util.topological import CycleError, find_cycles, sort_as_subsets

DELETE = "delete"
POST_UPDATE = "post_update"
POST_UPDATE_DELETE = "post_update_delete"
PROCESS = "process"
PROCESS_DELETE = "process_delete"
SAVE = "save"

KNOWN, LATER = "known", "later"
"""
How a row can do without the row that it refers to, see `cycles`.
"""

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

P_SAVE, P_DELETE = "parent_save", "parent_delete"
C_SAVE, C_DELETE = "child_save", "child_delete"
P_POST, P_POST_DELETE = "parent_post_update", "parent_post_update_delete"
C_POST, C_POST_DELETE = "child_post_update", "child_post_update_delete"

ONE_TO_MANY: tuple[Edge, ...] = (
    (P_SAVE, PROCESS),
    (PROCESS, C_SAVE),
    (PROCESS, C_DELETE),
    (PROCESS_DELETE, C_SAVE),
    (PROCESS_DELETE, C_DELETE),
    (C_SAVE, P_DELETE),
    (C_DELETE, P_DELETE),
)
ONE_TO_MANY_POST: tuple[Edge, ...] = (
    (P_SAVE, PROCESS),
    (C_SAVE, PROCESS),
    (PROCESS, C_POST),
    (C_SAVE, C_POST),
    (C_POST, P_DELETE),
    (C_POST, C_DELETE),
    (PROCESS_DELETE, C_POST),
    (PROCESS_DELETE, C_POST_DELETE),
    (C_POST_DELETE, C_DELETE),
    (C_POST_DELETE, P_DELETE),
)
MANY_TO_ONE: tuple[Edge, ...] = (
    (C_SAVE, PROCESS),
    (PROCESS, P_SAVE),
    (P_SAVE, C_DELETE),
    (P_DELETE, C_DELETE),
)
MANY_TO_ONE_POST: tuple[Edge, ...] = (
    (P_SAVE, PROCESS),
    (C_SAVE, PROCESS),
    (PROCESS, P_POST),
    (P_SAVE, P_POST),
    (P_POST, C_DELETE),
    (PROCESS_DELETE, P_POST_DELETE),
    (P_POST_DELETE, P_DELETE),
    (P_POST_DELETE, C_DELETE),
)
MANY_TO_MANY: tuple[Edge, ...] = (
    (P_SAVE, PROCESS),
    (C_SAVE, PROCESS),
    (PROCESS, C_DELETE),
    # A parent that takes over the row of a deleted one is saved: its old rows
    # of the association table must be gone by then.
    (PROCESS_DELETE, P_SAVE),
    (PROCESS_DELETE, C_SAVE),
    (PROCESS_DELETE, P_DELETE),
    (PROCESS_DELETE, C_DELETE),
)

_ROLE_ACTIONS: Mapping[str, tuple[str, str]] = {
    P_SAVE: ("parent", SAVE),
    P_DELETE: ("parent", DELETE),
    P_POST: ("parent", POST_UPDATE),
    P_POST_DELETE: ("parent", POST_UPDATE_DELETE),
    C_SAVE: ("child", SAVE),
    C_DELETE: ("child", DELETE),
    C_POST: ("child", POST_UPDATE),
    C_POST_DELETE: ("child", POST_UPDATE_DELETE),
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
    feeds_child: bool
    "Whether the child's row has the foreign key."
    target_keys: tuple[str, ...]
    "The attributes of the foreign key; none if it is in a row of its own."


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

    ``steps`` is None when ``cycle`` holds steps; then `cycles.order_rows` finishes
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
