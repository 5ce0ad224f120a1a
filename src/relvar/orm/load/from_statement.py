"""
Entities from a statement that the program wrote itself: text, a UNION, DML with RETURNING.

Nothing is added to such a statement.  Which of its columns feeds which
attribute is found by the columns themselves where the statement knows them, else by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relvar import exc
from relvar._kernels.keys import statement_key
from relvar._kernels.loader import connects, made_context
from relvar.engine.prepared import plan_for, run_result
from relvar.expr import coerce_rows, make
from relvar.expr.element import ClauseElement
from relvar.expr.executable import Executable
from relvar.expr.node import NODE, NODES, Field
from relvar.orm.load.columns import Columns
from relvar.orm.load.describe import column_descriptions
from relvar.orm.load.draft import LoadPlan
from relvar.orm.load.items import SelectedEntity, read_items
from relvar.orm.load.plan import Planner
from relvar.orm.load.result import EntityResult, result_layout
from relvar.orm.load.run import given_by, note_site
from relvar.orm.load.tree import NO_OPTIONS, OptionTree, option_tree
from relvar.rows.layout import Layout
from relvar.util.immutable import EMPTY_DICT

__all__ = [
    "FromStatement",
    "entities_of_result",
    "execute_from_statement",
    "from_statement",
    "returned_columns",
]


class FromStatement(Executable, ClauseElement):
    """
    What ``select(User).from_statement(statement)`` gives: entities, and the statement they come from.
    """

    __visit_name__ = "orm_from_statement"

    _fields = (Field("_raw_columns", NODES), Field("element", NODE), Field("_with_options", NODES))

    is_from_statement = True
    is_select = True
    _with_options: tuple[Any, ...] = ()

    def __init__(self, entities: Sequence[Any], statement: Any) -> None:
        self._raw_columns = list(entities)
        self.element = statement
        subject = next((raw._propagate_attrs for raw in entities if raw._propagate_attrs), None)
        if subject is not None:
            self._propagate_attrs = subject

    @property
    def column_descriptions(self) -> list[dict[str, Any]]:
        """Say what each element of a row is."""
        return column_descriptions(self)


def from_statement(raw_columns: Sequence[Any], statement: Any, selected: Any) -> FromStatement:
    """
    Return what takes the columns of a SELECT from another statement; ``selected`` is that SELECT.
    """
    made = FromStatement(raw_columns, coerce_rows.statement(statement))
    made._with_options = selected._with_options
    made._execution_options = selected._execution_options
    made._params = selected._params
    return made


class FoundColumns(Columns):
    """Columns that are there already: the place of each is looked up in the cursor's layout."""

    __slots__ = ("layout",)

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self.layout: Layout = layout
        self.primary: list[Any] = [None] * len(layout.keys)

    def add(self, column: Any, secondary: bool = False) -> Any:
        """Return the place of a column, or None."""
        for name in _names(column):
            index = self.layout._find(name)
            if index is not None and index >= 0:
                return index
        return None

    def append(self, column: Any, *, secondary: bool = False) -> int:
        """
        Return the place of a column that the program named.

        Raises:
            NoSuchColumnError: The statement does not give it.
        """
        place = self.add(column)
        if place is None:
            raise exc.NoSuchColumnError(f"Could not locate column in row for column '{column}'")
        found: int = place
        return found


def _names(column: Any) -> list[Any]:
    """Return under what a column may be known to a result: itself, its names."""
    table = getattr(column, "table", None)
    name = getattr(column, "name", None)
    names: list[Any] = [column]
    if table is not None and name is not None and getattr(table, "name", None):
        names.append(f"{table.name}_{name}")
    if name is not None:
        names.append(str(name))
    return names


class FromPlan:
    """
    The load plans of a statement whose columns are known only when it has run.
    """

    __slots__ = ("_plans", "binds", "raw_columns", "tree")

    def __init__(self, raw_columns: Sequence[Any], tree: OptionTree, binds: Sequence[Any]) -> None:
        self.raw_columns: tuple[Any, ...] = tuple(raw_columns)
        self.tree: OptionTree = tree
        self.binds: tuple[Any, ...] = tuple(binds)
        self._plans: list[tuple[Layout, LoadPlan]] = []

    def plan(self, layout: Layout) -> LoadPlan:
        """Return the plan for rows of this layout."""
        for known, plan in self._plans:
            if known is layout:
                return plan
        plan = _plan_for_layout(self.raw_columns, self.tree, self.binds, layout)
        self._plans.append((layout, plan))
        return plan


def _plan_for_layout(
    raw_columns: Sequence[Any], tree: OptionTree, binds: tuple[Any, ...], layout: Layout
) -> LoadPlan:
    items = read_items(raw_columns)
    if tree.options:
        tree.check([item.entity for item in items if isinstance(item, SelectedEntity)])
    planner = Planner(make.Select(), tree, binds=binds)
    planner.eager = False
    planner.columns = FoundColumns(layout)
    drafts = [planner.plan_item(item, (), None) for item in items]
    plan = LoadPlan(drafts, [item.key for item in items], planner.columns)
    plan.is_plain = False
    plan.needs_unique = planner.needs_unique
    plan.buffers = planner.buffers
    plan.layout = result_layout(plan, layout, raw_columns)
    return plan


def execute_from_statement(
    session: Any,
    statement: FromStatement,
    params: Any = None,
    execution_options: Mapping[str, Any] = EMPTY_DICT,
    bind_arguments: Mapping[str, Any] | None = None,
) -> Any:
    """Run a `FromStatement` and return its result."""
    options = {**statement.element._execution_options, **statement._execution_options, **execution_options}
    if options.get("autoflush", True):
        session._autoflush()
    subject = statement._propagate_attrs.get("plugin_subject")
    connection = connects.by.of(session, subject, statement, bind_arguments, options)
    key, binds = statement_key(statement)
    tree = option_tree(statement._with_options) if statement._with_options else NO_OPTIONS

    def build() -> tuple[Any, FromPlan]:
        element = _with_criteria(statement.element, tree)
        if getattr(element, "_returning", None):
            element = element._clone()
            element._returning = returned_columns(element._returning, statement._with_options)
        return element, FromPlan(statement._raw_columns, tree, binds)

    plan = plan_for(
        connection, None if key is None else ("orm from", key), build, binds=binds, options=options
    )
    source = run_result(connection, plan, binds, params, options)
    given = given_by(binds, params)
    return _result(session, connection, source, plan.load, statement, given, options, tree)


def _with_criteria(element: Any, tree: OptionTree) -> Any:
    """
    Return a statement that was given with the conditions on all of its entities.

    They belong into a SELECT and sets of them; what an UPDATE changes it says itself.
    """
    if not tree.criteria or not getattr(element, "_is_select_base", False):
        return element
    made = element._clone()
    made._with_options = (*element._with_options, *tree.criteria)
    return made


def returned_columns(returning: Sequence[Any], with_options: Sequence[Any]) -> tuple[Any, ...]:
    """
    Return what RETURNING has to give for entities: the columns that a SELECT of them would load.
    """
    tree = option_tree(with_options) if with_options else NO_OPTIONS
    made: list[Any] = []
    for raw, item in zip(returning, read_items(returning), strict=True):
        if isinstance(item, SelectedEntity) and _loads_less(item.entity, tree):
            planner = Planner(make.Select(), tree)
            planner.eager = False
            planner.plan_item(item, (), None)
            wanted = {column._deannotate() for column in planner.columns.primary}
            made += [column for column in raw._select_iterable if column._deannotate() in wanted]
        else:
            made.append(raw)
    return tuple(made)


def _loads_less(entity: Any, tree: OptionTree) -> bool:
    """Tell whether a SELECT of an entity may leave columns of its table out."""
    mapper = entity.mapper
    if entity.is_aliased_class or len(mapper.tables) > 1:
        return False
    return bool(tree.options) or any(prop.deferred for prop in mapper.column_attrs)


def entities_of_result(
    session: Any,
    connection: Any,
    source: Any,
    raw_columns: Sequence[Any],
    *,
    with_options: Sequence[Any] = (),
    execution_options: Mapping[str, Any] = EMPTY_DICT,
) -> Any:
    """
    Return a result of entities that stands on a cursor's result (of DML with RETURNING, say).

    Args:
        source: The cursor's result.
        raw_columns: What the rows are to become, as in ``Select._raw_columns``.
    """
    tree = option_tree(with_options) if with_options else NO_OPTIONS
    # the options that loaded objects keep are all that further statements take values from
    kept = tree.propagated
    plan = FromPlan(raw_columns, tree, () if kept is None else kept.binds)
    return _result(session, connection, source, plan, None, (), execution_options, tree)


def _result(
    session: Any,
    connection: Any,
    source: Any,
    plans: FromPlan,
    statement: Any,
    binds: Sequence[Any],
    options: Mapping[str, Any],
    tree: OptionTree,
) -> EntityResult:
    load = plans.plan(source._layout)
    context = made_context(session, connection, statement, binds, options)
    if session.lazy_loading is not None:
        note_site(context)
    result = EntityResult(
        load.layout, source, load, load.bind(source._layout.processors), context, tree.propagated
    )
    if options.get("yield_per"):
        result.yield_per(options["yield_per"])
    return result
